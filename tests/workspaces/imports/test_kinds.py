"""How cells are understood, and what is said about those that are not."""

from datetime import date
from decimal import Decimal

import pytest

from portal.base.terms import DANISH_SPEAKING_LEVELS, Industry, PlacementForm
from portal.workspaces.imports import cells
from portal.workspaces.imports.kinds import COLUMNS, Checked, check, shown
from portal.workspaces.imports.models import ImportKind
from portal.workspaces.imports.reader import UnreadableFile, read_table

CARD_HEADINGS = "Sagsnummer;Fornavn;Efternavn;Ønsker;Timer;Færdigheder;Postnummer"


def cards(*lines: str) -> Checked:
    return check(ImportKind.CARDS, read_table("\n".join((CARD_HEADINGS, *lines)).encode()))


@pytest.mark.parametrize(
    ("parse", "cell", "value"),
    [
        (cells.cvr, "DK 13 74 81 36", "13748136"),
        (cells.p_number, "1 012 345 678", "1012345678"),
        (cells.postcode, "3300 Frederiksværk", "3300"),
        (cells.postcode, "DK-3300", "3300"),
        (cells.email, "Bo@Firma.example", "bo@firma.example"),
        (cells.phone, "+45 47112233", "47 11 22 33"),
        (cells.number(0, 10_000), "1.234,5", Decimal("1234.5")),
        (cells.number(0, 100), "14.5", Decimal("14.5")),
        (cells.number(0, 100), "1,005", Decimal("1.00")),
        (cells.whole_number(1, 99), "3,0", 3),
        (cells.hours, "12,5", 12.5),
        (cells.hours_span, "15-25", (15.0, 25.0)),
        (cells.hours_span, "15 til 25", (15.0, 25.0)),
        (cells.hours_span, "37", (None, 37.0)),
        (cells.hours_span, "30-40", (30.0, 40.0)),
        (cells.hours_span, "fra 15,5 til 25 timer om ugen", (15.5, 25.0)),
        (cells.hours_span, "mellem 15 og 25 t.", (15.0, 25.0)),
        (cells.hours_span, "op til 25 timer", (None, 25.0)),
        (cells.hours_span, "Højst 18½", (None, 18.5)),
        (cells.birth_year, "f. 1968", 1968),
        (cells.birth_year, "ca. １９６８", 1968),
        (cells.p_number, "P-nr. 1000 000 108", "1000000108"),
        (cells.p_number, "P-nummer: １０００００0108", "1000000108"),
        (cells.cvr, "CVR-nr. 13 74 81 36", "13748136"),
        (cells.cvr, "cvr.nr.: DK13748136", "13748136"),
        (cells.cvr, "(13748136)", "13748136"),
        (cells.cvr, "13/74/81/36", "13748136"),
        (cells.cvr, "CVR no 13748136;", "13748136"),
        (cells.p_number, "p.nr. 1000000108", "1000000108"),
        (cells.p_number, "P1000000108", "1000000108"),
        (cells.p_number, "P-enhed 1000-000-108", "1000000108"),
        (cells.p_number, "Produktionsnummer: 1000000108", "1000000108"),
        (cells.p_number, "1012345678", "1012345678"),  # a day of birth, as P-numbers may be
        (cells.phone, "20123456;", "20 12 34 56"),
        (cells.postcode, "2100 Ø", "2100"),
        (cells.postcode, "Postnr. 3300.", "3300"),
        (cells.postcode, "1620 København V 2", "1620"),
        (cells.yes_no, "Ja.", True),
        (cells.case_reference, "26/10431", "26/10431"),
        (cells.case_reference, "15.02.01-G01-12-26", "15.02.01-G01-12-26"),
        (cells.case_reference, "MARS-12", "MARS-12"),
        (cells.birth, "24-12-1968", date(1968, 12, 24)),
        (cells.birth, "24-12-68", date(1968, 12, 24)),
        (cells.birth, "1968", 1968),
        (cells.month, "10-2026", date(2026, 10, 1)),
        (cells.month, "2026-10", date(2026, 10, 1)),
        (cells.month, "oktober 2026", date(2026, 10, 1)),
        (cells.month, "okt. 2026", date(2026, 10, 1)),
        (cells.month, "31-10-2026", date(2026, 10, 1)),
        (cells.birth, "Ukendt", None),
        (cells.birth_year, "ved ikke", None),
        (cells.day, "24. december 2026", date(2026, 12, 24)),
        (cells.day, "24-12-2026", date(2026, 12, 24)),
        (cells.day, "24.12.26", date(2026, 12, 24)),
        (cells.day, "2026-12-24", date(2026, 12, 24)),
        (cells.yes_no, "Ja", True),
        (cells.yes_no, "nej", False),
        (cells.one_of(PlacementForm), "virksomhedspraktik", PlacementForm.PRAKTIK),
        (
            cells.several_of(Industry),
            "Rengøring; Pleje og omsorg|rengøring",
            (Industry.RENGOERING, Industry.PLEJE),
        ),
        (cells.level(DANISH_SPEAKING_LEVELS), "3", 3),
        (cells.level(DANISH_SPEAKING_LEVELS), "Kan tale om opgaverne", 3),
        (cells.levelled(0, 4, None), "gulvvask:3|opvask: 2;gulvvask:1", (("gulvvask", 3), ("opvask", 2))),
        (cells.levelled(1, 4, 2), "gulvvask", (("gulvvask", 2),)),
        (cells.labels, "a;b|c", ("a", "b", "c")),
    ],
)
def test_cells_are_understood(parse, cell, value):
    assert parse(cell) == value


@pytest.mark.parametrize(
    ("parse", "cell"),
    [
        (cells.cvr, "12345678"),
        (cells.cvr, "00000000"),
        (cells.p_number, "123"),
        (cells.p_number, "0101901234"),
        (cells.month, "10-0000"),
        (cells.month, "13-2026"),
        (cells.month, "sommer 2026"),
        (cells.p_number, "3112991234"),
        (cells.p_number, "101090-1234"),
        (cells.cvr, "SE 13748136"),
        (cells.phone, "20123456, 30123456"),
        (cells.phone, "20123456;30123456"),
        (cells.phone, "20 12 34 56 ext. 12"),
        (cells.postcode, "9999x"),
        (cells.postcode, "0001"),
        (cells.postcode, "33001"),
        (cells.email, "bo"),
        (cells.phone, "12"),
        (cells.number(0, 100), "mange"),
        (cells.number(0, 100), "NaN"),
        (cells.number(0, 100), "101"),
        (cells.whole_number(1, 99), "2,5"),
        (cells.hours, "0"),
        (cells.hours_span, "25-15"),
        (cells.hours_span, "169"),
        (cells.birth, "24-12-20"),
        (cells.birth, "24-12"),
        (cells.day, "24-12"),
        (cells.birth, "68"),
        (cells.birth_year, "24-12-1968"),
        (cells.birth_year, "1899"),
        (cells.birth_year, "86"),
        (cells.hours_span, "-25"),
        (cells.hours_span, "25-"),
        (cells.hours_span, "mindst 20"),
        (cells.hours_span, "1-2-3"),
        (cells.case_reference, "12-mar"),
        (cells.case_reference, "mar-26"),
        (cells.case_reference, "12. marts 2026"),
        (cells.case_reference, "12-03-2026 00:00"),
        (cells.day, "31-02-2026"),
        (cells.day, "24-12-1066"),
        (cells.yes_no, "måske"),
        (cells.one_of(Industry), "rumfart"),
        (cells.level(DANISH_SPEAKING_LEVELS), "5"),
        (cells.levelled(0, 4, None), "gulvvask"),
        (cells.levelled(0, 4, None), "gulvvask:9"),
        (cells.levelled(0, 4, None), ":3"),
        (cells.text(10), "for lang en tekst"),
        (cells.text(100), "nul\x00tegn"),
        (cells.text(100), "010180-1234"),
    ],
)
def test_cells_that_make_no_sense_say_why(parse, cell):
    with pytest.raises(cells.CellError) as refusal:
        parse(cell)

    assert str(refusal.value)


def test_a_bad_row_is_reported_with_line_column_and_reason():
    checked = cards("1/1;Nadia;Sayed;rumfart;169;;3300", "1/2;Saba;Haile;;;;3300")

    assert [(error.line, error.heading) for error in checked.errors] == [(2, "Ønsker"), (2, "Timer")]
    assert all(error.reason for error in checked.errors)
    assert [understood.line for understood in checked.rows] == [3]


def test_an_empty_needed_cell_is_an_error_and_an_empty_other_is_not_known():
    checked = cards(";Nadia;Sayed;;;;", "1/2;Saba;Haile;;;;")

    assert [(error.line, error.heading) for error in checked.errors] == [(2, "Sagsnummer")]
    row = checked.rows[0].row
    assert (row.case_reference, row.first_name, row.last_name, row.skills) == ("1/2", "Saba", "Haile", ())
    assert row.facts == {
        "goal": "", "wishes": (), "danish_speaking": None, "danish_reading": None, "hours": (None, None),
        "postcode": None, "range_km": None,
    }  # fmt: skip


def test_a_cpr_number_is_refused_anywhere():
    checked = cards("010180-1234;Nadia;Sayed;;;;", "1/2;Saba 010180 1234;Haile;;;;")

    assert [error.heading for error in checked.errors] == ["Sagsnummer", "Fornavn"]


def test_two_rows_about_the_same_are_an_error():
    checked = cards("1/1;Nadia;Sayed;;;;", "1/1;Nadja;Sayed;;;;")

    assert [(error.line, error.heading) for error in checked.errors] == [(3, "")]


def test_more_cells_than_headings_is_an_error():
    assert [error.line for error in cards("1/1;Nadia;Sayed;;;;3300;hov").errors] == [2]


def test_unknown_headings_are_reported_and_order_is_free():
    table = read_table("Efternavn;Skostørrelse;SAGSNR;fornavn\nSayed;38;1/1;Nadia\n".encode())

    checked = check(ImportKind.CARDS, table)

    assert checked.unknown_headings == ("Skostørrelse",)
    assert checked.rows[0].row.case_reference == "1/1"


def test_the_words_of_the_pages_are_headings_too():
    table = read_table(
        "Sagsnummer;Fornavn;Efternavn;Taler dansk;Kan rejse højst (km)\n1/1;Nadia;Sayed;2;15\n".encode()
    )

    checked = check(ImportKind.CARDS, table)

    assert checked.unknown_headings == ()
    row = checked.rows[0].row
    assert (row["danish_speaking"], row["range_km"]) == (2, 15)


@pytest.mark.parametrize("kind", list(ImportKind))
def test_no_word_names_two_columns(kind):
    names = [name for column in COLUMNS[kind] for name in column.names]

    assert len(names) == len(set(names))


def test_missing_needed_headings_refuse_the_file():
    with pytest.raises(UnreadableFile) as refusal:
        check(ImportKind.CARDS, read_table(b"Fornavn\nNadia\n"))

    assert "Sagsnummer" in str(refusal.value.message)


def test_a_heading_and_its_alias_cannot_both_stand():
    with pytest.raises(UnreadableFile):
        check(ImportKind.CARDS, read_table(b"Sagsnummer;Sagsnr;Fornavn;Efternavn\n1;2;a;b\n"))


def test_a_row_is_shown_as_it_was_understood():
    checked = cards("1/1;Nadia;Sayed;rengøring;15-25;gulvvask:3;3300")

    values = dict(shown(ImportKind.CARDS, checked.rows[0].row))

    assert values["Timer"] == "15–25"
    assert values["Ønsker"] == "Rengøring"
    assert values["Færdigheder"] == "gulvvask (3)"
    assert values["Dansk mundtligt"] == ""


@pytest.mark.parametrize(
    "word", ["#REF!", "#N/A", "#I/T", "#NAVN?", "#name?", "#VÆRDI!", "#DIV/0!", "#DIVISION/0!", "########"]
)
def test_what_a_spreadsheet_shows_for_a_value_it_lacks_is_no_text(word):
    [error] = cards(f"26/1;{word};Bæk;;;;").errors

    assert (error.line, error.heading) == (2, "Fornavn")
    assert word in error.reason
