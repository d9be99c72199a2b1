"""Days as Danes write them are read, and what is no day, or two, is said."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.base.typed import NotRead
from portal.base.typed_days import EARLIEST, LATEST, DayKind, read_birth, read_day, written_day

TODAY = date(2026, 11, 30)
DAY = date(2026, 12, 14)
KINDS = st.sampled_from(DayKind)
DAYS = st.dates(EARLIEST, LATEST)


@pytest.mark.parametrize(
    "typed",
    [
        "14-12-26",
        "14-12-2026",
        "14/12 2026",
        "14/12-26",
        "14/12 -26",
        "14.12.2026",
        "14.12.26",
        "14. 12. 2026",
        "14 12 2026",
        "14.12.",
        "14.12",
        "14/12",
        "14/12.",
        "d. 14/12",
        "14. december",
        "den 14. dec",
        "Den 14. DEC.",
        "14 dec. 2026",
        "14.dec.26",
        "14-dec-26",
        "14. dec. '26",
        "mandag den 14. december 2026",
        "Mandag d. 14. december",
        "man. 14/12",
        "ma. 14/12",
        "14-Dec-26",
        "2026-12-14",
        "2026/12/14",
        "2026-12-14 00:00:00",
        "14-12-2026 00:00",
        "14122026",
        "20261214",
        "１４-１２-２０２６",
        "14.\u00a012.\u202f2026",
        "14\u201112\u20132026",
        "\u200b14-12-2026\ufeff",
        "  14-12-2026.  ",
        "٢٠٢٦-١٢-١٤",
    ],
)
def test_days_are_read_as_danes_write_them(typed: str) -> None:
    assert read_day(typed, DayKind.COMING, TODAY) == DAY


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31-02-2027", "Den 31. februar findes ikke."),
        ("31. februar", "Den 31. februar findes ikke."),
        ("31/4", "Den 31. april findes ikke."),
        ("29-02-2027", "Den 29. februar 2027 findes ikke."),
        ("32. december", "Den 32. december findes ikke."),
        ("0.1.2027", "Den 0. januar findes ikke."),
        ("12/24/2026", "ingen måned 24"),
        ("tirsdag den 14. december 2026", "er en mandag, ikke en tirsdag"),
        ("2026", "Skriv også dag og måned"),
        ("december 2026", "Skriv også dagen"),
        ("12-2026", "Skriv også dagen"),
        ("1412", "“1412”. Skriv den som 14-12-2026."),
        ("14", "Skriv også måneden"),
        ("den 14.", "Skriv også måneden"),
        ("14.11.", "Mener du 14. november 2026 eller 2027?"),
        ("14-12-98", "året med fire cifre"),
        ("14-12-1826", "langt væk"),
        ("14-12-0000", "langt væk"),
        ("14-12-026", "“14-12-026”. Skriv den som 14-12-2026."),
        ("141226", "Skriv den som 14-12-2026."),
        ("14.-18. december", "Skriv den som 14-12-2026."),
        ("14-12-2026 kl. 9", "Skriv den som 14-12-2026."),
        ("14. decemberr", "Skriv den som 14-12-2026."),
        ("i morgen", "“i morgen”"),
        ("14¹2-2026", "Skriv den som"),
        ("010290-1234", "ikke et CPR-nummer"),
        ("9" * 400, "…”"),
    ],
)
def test_what_is_no_day_is_said(typed: str, said: str) -> None:
    with pytest.raises(NotRead) as refusal:
        read_day(typed, DayKind.COMING, TODAY)
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    ("kind", "typed", "day"),
    [
        (DayKind.COMING, "30.11.", TODAY),
        (DayKind.COMING, "1.3.", date(2027, 3, 1)),
        (DayKind.COMING, "29.2.", date(2028, 2, 29)),
        (DayKind.COMING, "1-1-46", date(2046, 1, 1)),
        (DayKind.COMING, "14-Oct-27", date(2027, 10, 14)),
        (DayKind.COMING, "1. May 2027", date(2027, 5, 1)),
        (DayKind.COMING, "to 3. dec.", date(2026, 12, 3)),
        (DayKind.PAST, "30.11.", TODAY),
        (DayKind.PAST, "14.11.", date(2026, 11, 14)),
        (DayKind.PAST, "1.3.", date(2026, 3, 1)),
        (DayKind.PAST, "29.2.", date(2024, 2, 29)),
        (DayKind.PAST, "14-12-26", DAY),
        (DayKind.BORN, "14-12-86", date(1986, 12, 14)),
        (DayKind.BORN, "14-12-27", date(1927, 12, 14)),
        (DayKind.BORN, "14-12-13", date(2013, 12, 14)),
    ],
)
def test_what_is_left_out_follows_from_what_the_field_is_for(kind: DayKind, typed: str, day: date) -> None:
    assert read_day(typed, kind, TODAY) == day


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (DayKind.PAST, "14.12."),
        (DayKind.EITHER, "14.12."),
        (DayKind.BORN, "14. december"),
        (DayKind.BORN, "14-12-20"),
    ],
)
def test_what_could_be_two_years_is_asked_for(kind: DayKind, typed: str) -> None:
    with pytest.raises(NotRead, match="året"):
        read_day(typed, kind, TODAY)


@pytest.mark.parametrize(
    ("typed", "born"),
    [
        ("1968", 1968),
        ("14-12-68", date(1968, 12, 14)),
        (" 1968. ", 1968),
        ("ca. 1968", 1968),
        ("f. 1968", 1968),
        ("født i 1968", 1968),
        ("f. 14/12 1968", date(1968, 12, 14)),
        ("24. december 1968", date(1968, 12, 24)),
        ("født: 1968", 1968),
        ("fødselsår 1968", 1968),
        ("årgang 1968", 1968),
        ("årg. '68", 1968),
        ("'68", 1968),
        ("1968?", 1968),
        ("1968 (ca.)", 1968),
        ("01-01-1968 (skønnet)", date(1968, 1, 1)),
        ("født den 14. december 1968", date(1968, 12, 14)),
    ],
)
def test_of_a_birth_the_year_alone_will_do(typed: str, born: date | int) -> None:
    assert read_birth(typed, TODAY) == born


@pytest.mark.parametrize("typed", ["1868", "68", "19680", "2199", "12-1968"])
def test_half_a_birth_is_refused(typed: str) -> None:
    with pytest.raises(NotRead):
        read_birth(typed, TODAY)


@pytest.mark.parametrize(
    "typed",
    [
        "12-1968",
        "68",
        "141268",
        "14/12",
        "for længe siden",
        "35 år",
        "00-00-1968",
        "31121868",
        "14. xyz 1968",
    ],
)
def test_the_example_beside_a_birth_is_no_day_to_come(typed: str) -> None:
    with pytest.raises(NotRead, match="14-12-1968"):
        read_birth(typed, TODAY)


def _read(typed: str, kind: DayKind, today: date = TODAY) -> date | str:
    """The day, or the reason why not."""
    try:
        return read_day(typed, kind, today)
    except NotRead as reason:
        return str(reason)


@given(DAYS, KINDS)
def test_a_day_is_read_as_it_is_shown(day: date, kind: DayKind) -> None:
    for text in (written_day(day), day.isoformat(), f"{day.day}/{day.month} {day.year}"):
        assert read_day(text, kind, TODAY) == day


@given(DAYS, st.sampled_from([DayKind.COMING, DayKind.PAST]), DAYS)
def test_a_day_without_its_year_lies_on_the_fields_side(day: date, kind: DayKind, today: date) -> None:
    found = _read(f"{day.day}.{day.month}.", kind, today)
    if isinstance(found, str):
        assert "året" in found or "langt væk" in found
        return
    assert (found.day, found.month) == (day.day, day.month)
    away = found - today if kind is DayKind.COMING else today - found
    assert timedelta() <= away <= timedelta(days=8 * 366)


@given(
    st.text(max_size=30)
    | st.from_regex(r"[0-9]{1,4}[-./ ]{1,2}[0-9]{1,2}[-./ ]{1,2}[0-9]{1,4}", fullmatch=True),
    KINDS,
)
def test_anything_is_a_day_or_a_sentence(typed: str, kind: DayKind) -> None:
    found = _read(typed, kind)
    assert found.endswith((".", "?")) if isinstance(found, str) else EARLIEST <= found <= LATEST
