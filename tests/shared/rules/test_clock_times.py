"""When a week's work begins and ends, its pauses and its loads, read from what an employer wrote.

What is read decides R12 (domain.md 11: hours, rest, days off together, pause, kilos)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.base.terms import Weekday
from portal.shared.rules.clock_times import Working, WorkingWeek, kilos_in, working_week

MON, TUE, WED, THU, FRI, SAT, SUN = Weekday
WORKDAYS = (MON, TUE, WED, THU, FRI)


def same(day: Working, *days: Weekday) -> dict[Weekday, Working]:
    return dict.fromkeys(days, day)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("onsdag 15-17, søndag 9-15", {WED: Working(15, 17, 2), SUN: Working(9, 15, 6)}),
        ("ons. 15-17 og søn. 9-15", {WED: Working(15, 17, 2), SUN: Working(9, 15, 6)}),
        ("onsdage 15–17 samt søndage 9–15", {WED: Working(15, 17, 2), SUN: Working(9, 15, 6)}),
        ("Onsdag: 15-17\nSøndag: 9-15", {WED: Working(15, 17, 2), SUN: Working(9, 15, 6)}),
        ("Mandag:8-12", {MON: Working(8, 12, 4)}),
        ("man-tors kl. 8-13", same(Working(8, 13, 5), MON, TUE, WED, THU)),
        ("ma-fr 8-12", same(Working(8, 12, 4), *WORKDAYS)),
        ("man-ons-fre 8-12", same(Working(8, 12, 4), MON, WED, FRI)),
        ("man, ons og fre 8-12", same(Working(8, 12, 4), MON, WED, FRI)),
        ("mandag til fredag 7.30-13.30", same(Working(7.5, 13.5, 6), *WORKDAYS)),
        ("mandag til og med onsdag kl. 8-12", same(Working(8, 12, 4), MON, TUE, WED)),
        ("fredag-mandag 10-14", same(Working(10, 14, 4), MON, FRI, SAT, SUN)),
        ("hverdage 8-12 og lørdag 9-14", same(Working(8, 12, 4), *WORKDAYS) | {SAT: Working(9, 14, 5)}),
        ("8-12 på hverdage, lørdag 9-14", same(Working(8, 12, 4), *WORKDAYS) | {SAT: Working(9, 14, 5)}),
        ("kl. 8-12 mandag og 9-14 lørdag", {MON: Working(8, 12, 4), SAT: Working(9, 14, 5)}),
        ("mandag 8-12, 9-14 i weekenden", {MON: Working(8, 12, 4)} | same(Working(9, 14, 5), SAT, SUN)),
        ("kl. 15.30-18 mandag, onsdag og fredag", same(Working(15.5, 18, 2.5), MON, WED, FRI)),
        ("alle dage 16-20", same(Working(16, 20, 4), *Weekday)),
        ("alle dage undtagen mandag 16-20", same(Working(16, 20, 4), TUE, WED, THU, FRI, SAT, SUN)),
        ("mandag-fredag 8-12, ikke onsdag", same(Working(8, 12, 4), MON, TUE, THU, FRI)),
        ("hverdage 8-12, lørdag og søndag lukket", same(Working(8, 12, 4), *WORKDAYS)),
        ("hverdage 8-12, dog onsdag 10-14", same(Working(8, 12, 4), MON, TUE, THU, FRI) | {WED: Working(10, 14, 4)}),
        ("hverdage 8-12, fredag 8-11", same(Working(8, 12, 4), MON, TUE, WED, THU) | {FRI: Working(8, 11, 3)}),
        ("hverdage 8-12, onsdag også 14-16", same(Working(8, 12, 4), MON, TUE, THU, FRI) | {WED: Working(8, 16, 6)}),
        ("tirsdag og torsdag 15-17", same(Working(15, 17, 2), TUE, THU)),
        ("lørdag/søndag 9-15", same(Working(9, 15, 6), SAT, SUN)),
        ("weekender 9-15", same(Working(9, 15, 6), SAT, SUN)),
        ("hver anden weekend 8-16", same(Working(8, 16, 8), SAT, SUN)),
        ("fredag kl. 22-06", {FRI: Working(22, 6, 8)}),
        ("mandag 8-12 og 14-16", {MON: Working(8, 16, 6)}),
        ("hverdage 15-17, i skoleferien 9-15", same(Working(9, 17, 6), *WORKDAYS)),  # never both on one day
        ("mandag og onsdag efter aftale", {}),
    ],
)  # fmt: skip
def test_the_days_that_the_words_name(text: str, days: dict[Weekday, Working]) -> None:
    week = working_week(text)

    assert (dict(week.days), week.any_day) == (days, None)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("8-13", Working(8, 13, 5)),
        ("7.30-13.30", Working(7.5, 13.5, 6)),
        ("kl. 14 til 18", Working(14, 18, 4)),
        ("Kl. 14:00 – kl. 18:15", Working(14, 18.25, 4.25)),
        ("klokken 14 til klokken 18", Working(14, 18, 4)),
        ("mellem 8 og 14", Working(8, 14, 6)),
        ("møder kl. 7 og har fri kl. 15", Working(7, 15, 8)),
        ("man møder kl. 8-13", Working(8, 13, 5)),  # "man" is not Monday
        ("i uge 27-32 kl. 8-12", Working(8, 12, 4)),
        ("8-12 og igen 14-16", Working(8, 16, 6)),
        ("8-14, også 12-16", Working(8, 16, 8)),
        ("kl. 8-14 eller 14-20", Working(8, 20, 6)),
        ("22-6", Working(22, 6, 8)),
        ("17-24", Working(17, 24, 7)),
        ("8-8", Working(8, 8, 24)),
        ("0800-1300", Working(8, 13, 5)),
        ("8-14, pause 11-11.30", Working(8, 14, 6)),
        ("8-12 og efter frokost 13-16", Working(8, 16, 7)),
        ("", None),
        ("efter aftale", None),
        ("fra kl. 14", None),
        ("2-3 timer", None),
        ("15-20 timer om ugen", None),
        ("3-4 dage om ugen", None),
        ("8-10 personer", None),
        ("13-17 år", None),
        ("den 3-5 maj", None),
        ("12-10-2026", None),
        ("47 78 40 00", None),
        ("25-30", None),
        ("kasser på 8-12 kg", None),
    ],
)
def test_clock_times_without_a_day_hold_for_any(text: str, day: Working | None) -> None:
    week = working_week(text)

    assert (week.any_day, dict(week.days)) == (day, {})


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("8-14.30 med 30 min pause", 30),
        ("8-15, 30 minutters frokostpause", 30),
        ("kl. 9-16.30 inkl. ½ times pause", 30),
        ("9-16 med en halv times frokost", 30),
        ("9-16 (1/2 time til frokost)", 30),
        ("8-15 med et kvarters pause", 15),
        ("8-15 med 2 x 15 min. pause", 15),  # the longest in one piece
        ("8-15, pause 45 min", 45),
        ("8-15. Pausen er på 20 minutter.", 20),
        ("8-20 med halvanden times pause", 90),
        ("8-14, pause 11-11.30", 30),
        ("8-15 uden pause", 0),
        ("8-15 med pause", None),
        ("8-15", None),
        ("frokost 11-14", None),  # when lunch is served
        ("pause efter 3 timer", None),
    ],
)
def test_the_pause_that_the_words_say(text: str, minutes: int | None) -> None:
    assert working_week(text).pause_minutes == minutes


@pytest.mark.parametrize(
    ("text", "ticked", "rest"),
    [
        ("hverdage 8-16", (), 16),
        ("torsdag 17-23 og fredag 7-12", (), 8),
        ("søndag 8-22, mandag 6-12", (), 8),  # from the end of the week to its beginning
        ("fredag 22-06, lørdag 14-20", (), 8),
        ("onsdag 15-17", (), 166),
        ("8-20", (MON, WED), 36),
        ("8-20", (), 12),  # nobody says that two days are not in a row
        ("onsdag 15-17", (MON, WED), 166),  # Monday's hours are not known
        ("efter aftale", (MON, TUE), None),
        ("", (), None),
    ],
)
def test_the_shortest_rest_in_the_week(text: str, ticked: tuple[Weekday, ...], rest: float | None) -> None:
    assert working_week(text).rest_hours(ticked) == rest


@pytest.mark.parametrize(
    ("text", "ticked", "free", "together"),
    [
        ("hverdage 8-16", (), 2, 2),
        ("mandag-lørdag 8-12", (), 1, 1),
        ("tirsdag-lørdag 8-12", (), 2, 2),  # Sunday and Monday
        ("8-12", (MON, WED, FRI, SUN), 3, 1),
        ("onsdag 15-17, søndag 9-15", (), 5, 3),
        ("søndag 9-15", WORKDAYS, 1, 1),  # the words name a day that is not ticked
        ("alle dage 16-20", (), 0, 0),
        ("", (MON,), 6, 6),
        ("8-12", (), None, None),
    ],
)
def test_days_off(text: str, ticked: tuple[Weekday, ...], free: int | None, together: int | None) -> None:
    week = working_week(text)

    assert (week.free_days(ticked), week.free_days_together(ticked)) == (free, together)


def test_hours_and_clock_of_some_of_the_days() -> None:
    week = working_week("onsdag 15-17, søndag 9-15")

    assert week.working_days([MON]) == {MON, WED, SUN}
    assert (week.clock([WED]), week.clock([]), week.clock([MON])) == ((15, 17), (9, 17), None)
    assert working_week("fredag 22-06").clock([FRI]) == (22, 30)


@pytest.mark.parametrize(
    ("text", "kilos"),
    [
        ("Flytte kasser på 18 kg", 18),
        ("op til 25 kilo", 25),
        ("sække på 12,5 kg", 12.5),
        ("sække på 12.5 kg", 12.5),
        ("18-20 kg", 20),
        ("25-kilos sække", 25),
        ("ti kilo", 10),
        ("paller på 1.200 kg", 1200),
        ("Vi bager 40 kg brød. Du bærer poser på 5 kg.", 5),
        ("Afveje 2 kg mel", 2),
        ("tunge løft", None),
        ("5 kilometer herfra", None),
        ("køre 20 km", None),
        ("", None),
    ],
)
def test_the_kilos_that_the_words_say(text: str, kilos: float | None) -> None:
    assert kilos_in(text) == kilos


WORDS = st.lists(
    st.sampled_from(
        ["mandag", "man", "ons", "søndag", "hverdage", "weekend", "alle dage", "-", "til", "og", ",", "undtagen",
         "lukket", "dog", "8-12", "kl. 22-06", "7.30-13.30", "eller", "pause", "30 min", "½ time", "18 kg", "ferie",
         "fri", "24-24"]
    ),
    max_size=12,
).map(" ".join)  # fmt: skip
SIGNS = st.text(alphabet="0123456789.:-– kltilogfra½mandg,", max_size=40)


@given(st.one_of(WORDS, SIGNS), st.sets(st.sampled_from(list(Weekday))))
def test_any_words_give_a_week_of_the_clock(text: str, ticked: set[Weekday]) -> None:
    week = working_week(text)

    for day in [*week.days.values(), *([week.any_day] if week.any_day else [])]:
        assert 0 <= day.begins < 25
        assert 0 <= day.ends < 25
        assert 0 < day.hours <= 24
    rest, free, together = week.rest_hours(ticked), week.free_days(ticked), week.free_days_together(ticked)
    assert rest is None or 0 <= rest < 7 * 24
    assert free is None or (0 <= together <= free < 7 and (free == 0) == (together == 0))
    assert week.pause_minutes is None or 0 <= week.pause_minutes <= 24 * 60


@given(
    st.dictionaries(
        st.sampled_from(list(Weekday)), st.tuples(st.integers(0, 11), st.integers(12, 23)), min_size=1
    )
)
def test_a_week_written_day_by_day_is_read_back(hours: dict[Weekday, tuple[int, int]]) -> None:
    names = dict(
        zip(Weekday, ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"], strict=True)
    )
    text = ", ".join(f"{names[day]} {begins}-{ends}" for day, (begins, ends) in hours.items())

    week = working_week(text)

    assert week.days == {day: Working(begins, ends, ends - begins) for day, (begins, ends) in hours.items()}
    assert week.rest_hours(()) == min(_rests(hours))


def _rests(hours: dict[Weekday, tuple[int, int]]) -> list[int]:
    """From each day to the next work, hour by hour of two weeks."""
    days = list(Weekday)
    begins = sorted(days.index(day) * 24 + hours[day][0] + week * 168 for day in hours for week in (0, 1))
    return [
        min(b for b in begins if b >= end) - end
        for day in hours
        if (end := days.index(day) * 24 + hours[day][1])
    ]


def test_an_empty_week_knows_nothing() -> None:
    week = WorkingWeek()

    assert (week.on(MON), week.rest_hours([]), week.free_days([])) == (None, None, None)
