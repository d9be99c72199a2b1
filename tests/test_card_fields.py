"""One description per field of the card: every page, paper and file derives from it, and none forgets a field."""

import ast
import csv
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from portal import matching
from portal.base.terms import (
    DanishCourse,
    DanishExam,
    Industry,
    Language,
    PartOfDay,
    Shift,
    Transport,
    Weekday,
)
from portal.loop.cards.fields import (
    CARD_FIELDS,
    EDITED,
    MATCHED,
    CardField,
    Layout,
    PageLine,
    PaperLine,
    SharedField,
)
from portal.loop.cards.forms import UNBOUND, CardForm, unbound_fields
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.paper import card_data
from portal.loop.cards.queries import card_input, card_on_paper
from portal.loop.cards.services import CardDetails
from portal.loop.cards.value_kinds import Shifts, ValueKind, WeekGrid
from portal.loop.cards.versions import changes, snapshot
from portal.loop.matches.answering import asked_fields
from portal.shared.skills.translations import PhraseKind, translated
from portal.web.rooms import rooms
from portal.workspaces.consents.shared import shared_card
from portal.workspaces.imports.kinds import CARD_COLUMNS, COLUMNS, PARSERS
from portal.workspaces.imports.models import ImportKind
from portal.workspaces.mine.europass import profile
from portal.workspaces.mine.everything import everything_about
from tests.factories import NOW, TODAY, make_card, make_consent, make_employer

ROOT = Path(__file__).parents[1]
PORTAL = ROOT / "portal"
EXAMPLE = ROOT / "docs" / "examples" / "kort.csv"

OF_THE_ROW = {
    "id",
    "citizen_id",
    "municipality_id",
    "number",
    "created_at",
    "updated_at",
    "shown_to_her_at",
    "counts_from_at",
    "version",
}
"""Columns that say nothing of what she can or wants."""

FILLED_IN = {
    "goal": "Zarifa vil bage",
    "next_step": "Otte uger på prøve",
    "wishes": [Industry.PLEJE.value],
    "danish_speaking": 0,
    "danish_reading": 2,
    "danish_course": DanishCourse.DU2,
    "danish_module": 4,
    "danish_exam": DanishExam.PD2,
    "hours_min": 12.5,
    "hours_max": 29.0,
    "week": {Weekday.MONDAY.value: [PartOfDay.DAY.value]},
    "shifts_yes": [Shift.EVENING.value],
    "shifts_no": [Shift.NIGHT.value],
    "postcode": "3390",
    "range_km": 17,
    "transport": [Transport.BICYCLE.value],
    "is_active": True,
}
"""A card with an answer in every field; a new field needs one here."""


@pytest.fixture
def card(app) -> CompetenceCard:
    return make_card(**FILLED_IN)


def texts(value: object) -> str:
    """Every text in data for a document."""
    if isinstance(value, dict):
        return " ".join(texts(one) for one in value.values())
    if isinstance(value, list | tuple):
        return " ".join(texts(one) for one in value)
    return str(value)


def by_column() -> list[CardField]:
    return list(CARD_FIELDS.values())


@pytest.mark.parametrize("trait", [one.name for one in fields(CardField)])
def test_a_field_that_leaves_a_trait_out_is_none(trait):
    traits = {one.name: getattr(CARD_FIELDS["goal"], one.name) for one in fields(CardField)}
    traits.pop(trait)

    with pytest.raises(TypeError, match=trait):
        CardField(**traits)


def test_every_column_of_the_card_is_described_and_filled_in_here():
    columns = {column.name for column in CompetenceCard.__table__.columns} - OF_THE_ROW

    assert set(CARD_FIELDS) == columns == set(FILLED_IN)


def test_every_kind_has_its_field_in_forms_and_its_cell_in_files():
    kinds = set(ValueKind.__subclasses__())

    assert set(UNBOUND) == set(PARSERS) == kinds - {WeekGrid, Shifts}
    assert {type(field.kind) for field in by_column()} == kinds


# --- The form -----------------------------------------------------------------------------------------------


def test_the_form_asks_every_field_but_those_said_to_be_never_asked(client_for, karin, card):
    page = client_for(karin).get(f"/cards/{card.id}/edit").page

    names = {one["name"] for one in page.select("form [name]")}
    asked = {name for field in EDITED for name in unbound_fields(field)}
    assert asked < names
    assert {field.column for field in by_column() if field.form is Layout.NEVER} == {"is_active"}
    assert {one.name for one in fields(CardDetails)} == {field.column for field in EDITED} | {"languages"}


def test_what_the_form_shows_is_what_it_saves(app, card):
    with app.test_request_context("/"):
        shown = CardForm(obj=card).show(card).details()

    for field in EDITED:
        assert field.kind.stored(getattr(shown, field.column)) == getattr(card, field.column), field.column


# --- The history --------------------------------------------------------------------------------------------


def test_the_history_tells_every_field_in_words(card):
    told = {change.what: change.after for change in changes({}, snapshot(card))}

    for field in by_column():
        words = field.kind.in_words(FILLED_IN[field.column])
        assert words
        assert told[str(field.title)] == words, field.column


def test_the_history_tells_that_somebody_has_no_danish_yet_from_that_nobody_knows(app):
    before, after = snapshot(make_card(danish_speaking=None)), snapshot(make_card(danish_speaking=0))

    told = {change.what: (change.before, change.after) for change in changes(before, after)}

    assert told["Taler dansk"] == ("", "Intet dansk endnu")


# --- Who sees it --------------------------------------------------------------------------------------------


def test_an_employer_sees_a_field_by_the_consent_that_opens_it_and_by_no_other(card):
    employer = make_employer()
    for opened in SharedField:
        consent = make_consent(card, employer, fields=[opened.value])
        shown = shared_card(consent, today=TODAY)
        rows = [(label, words) for _title, lines in shown.facts for label, words in lines]
        rows += [("goal", shown.goal), ("next_step", shown.next_step)]
        seen = {words for _label, words in rows if words}
        expected = {
            field.kind.shared(FILLED_IN[field.column]) for field in by_column() if field.opened_by is opened
        }
        assert seen == expected, opened


def test_what_opens_each_field_is_what_was_agreed():
    """Written by hand: a field that moves to another consent shows an employer what nobody was asked about."""
    assert {field.column: field.opened_by for field in by_column()} == {
        "goal": SharedField.GOAL,
        "next_step": SharedField.NEXT_STEP,
        "wishes": None,
        "danish_speaking": SharedField.DANISH,
        "danish_reading": SharedField.DANISH,
        "danish_course": SharedField.DANISH,
        "danish_module": SharedField.DANISH,
        "danish_exam": SharedField.DANISH,
        "hours_min": SharedField.HOURS,
        "hours_max": SharedField.HOURS,
        "week": SharedField.HOURS,
        "shifts_yes": SharedField.HOURS,
        "shifts_no": SharedField.HOURS,
        "postcode": SharedField.RANGE,
        "range_km": SharedField.RANGE,
        "transport": SharedField.RANGE,
        "is_active": None,
    }


# --- The page and the paper ---------------------------------------------------------------------------------


def test_the_page_shows_every_field(client_for, karin, card):
    page = client_for(karin).get(f"/cards/{card.id}").page

    facts = {one.dt.get_text(strip=True): one.dd.get_text(strip=True) for one in page.select(".fact")}
    template = (PORTAL / "templates" / "cards" / "detail.html").read_text()
    for field in by_column():
        if isinstance(field.page, PageLine):
            assert facts[str(field.page.title or shared_title(field))] != "Ikke oplyst", field.column
        else:
            assert field.page is Layout.OWN_PLACE
            assert f"card.{field.column}" in template, field.column


def shared_title(field: CardField) -> str:
    """Of the line's first field."""
    return str(next(one for one in by_column() if one.page is field.page).short_title)


@pytest.mark.one_engine
@pytest.mark.parametrize("field", by_column(), ids=lambda field: field.column)
def test_the_paper_changes_with_every_field_but_those_said_to_be_never_printed(field, card):
    nothing = None if getattr(CompetenceCard, field.column).nullable else type(FILLED_IN[field.column])()
    full = printed(card)

    card.__dict__.update({field.column: nothing})

    assert (printed(card) == full) is (field.paper is Layout.NEVER)


def printed(card: CompetenceCard) -> str:
    return texts(card_data(card_on_paper(card, url="https://kort.example.dk/1", printed_on=TODAY)))


def test_what_is_printed_or_on_her_page_has_its_heading_in_every_language(app):
    for field in by_column():
        for line in (field.page, field.paper):
            if isinstance(line, PageLine | PaperLine) and line.phrase:
                for language in Language:
                    assert translated(PhraseKind.HEADING, line.phrase, language), (line.phrase, language)


# --- The matcher --------------------------------------------------------------------------------------------


def test_the_matcher_reads_each_of_its_fields_from_one_of_the_card(card):
    of_other_tables = {
        "skills",
        "wished",
        "wished_industries",
    }  # with wished work, the trades of it are wished for
    names = {one.name for one in fields(matching.Card)} - {"id", "version"} - of_other_tables

    seen = card_input(card, on=TODAY)

    assert sorted(field.matched.name for field in MATCHED) == sorted(names)
    assert all(getattr(seen, name) not in (None, frozenset()) for name in names)


def test_the_answer_to_each_condition_is_said_in_words():
    asked = {field.matched.condition for field in MATCHED} - {None}

    assert asked == {"industry", "distance", "hours", "danish_speaking", "danish_reading"}
    assert asked_fields("distance") == ("postcode", "range_km")
    for field in MATCHED:
        assert field.answer_in_words(FILLED_IN[field.column]), field.column


# --- Files --------------------------------------------------------------------------------------------------


def test_the_example_file_has_a_column_and_the_example_of_every_field_that_is_read():
    heading, first, *_others = csv.reader(EXAMPLE.read_text(encoding="utf-8-sig").splitlines(), delimiter=";")

    assert heading == [column.heading for column in COLUMNS[ImportKind.CARDS]]
    shown = dict(zip(heading, first, strict=True))
    assert {column.heading: column.example for column in CARD_COLUMNS} == {
        column.heading: shown[column.heading] for column in CARD_COLUMNS
    }


def test_the_export_names_every_field_and_tells_it_in_words(card):
    row = everything_about(card.citizen, NOW).tables["competence_cards"][0]

    for field in by_column():
        assert str(rooms().personal["competence_cards"].columns[field.column]) == str(field.title)
        assert field.kind.in_words(row[field.column]), field.column


def test_europass_has_the_notes_it_is_said_to_have(card):
    notes = texts(profile(everything_about(card.citizen, NOW))["additionalNote"])

    told = {field.column for field in by_column() if field.kind.in_words(FILLED_IN[field.column]) in notes}
    assert told == {field.column for field in by_column() if field.in_europass}


# --- One place ----------------------------------------------------------------------------------------------


def literals(path: Path) -> Iterator[str]:
    """The texts of a file under portal/: literals of Python, and what templates hand to gettext."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        yield from re.findall(r"""_\(\s*["']([^"']*)["']""", source)
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_no_label_of_a_field_stands_in_a_second_file():
    labels = {str(field.label) for field in by_column()} | {str(field.title) for field in by_column()}
    labels |= {str(field.under_heading) for field in by_column() if field.under_heading}
    home = PORTAL / "loop" / "cards" / "fields.py"
    skills = PORTAL / "shared" / "skills"
    translated = {skills / "phrases.py", skills / "sentences.py"}  # the msgids of the citizens' languages
    files = {path for ending in ("*.py", "*.html") for path in PORTAL.rglob(ending)} - {home, *translated}

    again = {
        (str(path.relative_to(PORTAL)), text)
        for path in files
        for text in literals(path)
        if text.rstrip(":") in labels
    }

    assert again == set()
