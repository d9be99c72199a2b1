"""Every table says what it holds of people, and docs/privacy.md says the same."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db
from portal.config import DEFAULTS
from portal.loop.citizens.footprint import tables_about_a_citizen
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, HoldsNobody, Kept, LegalBasis, People
from portal.web.rooms import rooms
from tests.factories import TODAY
from tools import privacy
from tools.privacy import undeclared


@pytest.fixture
def declared(app: Flask) -> tuple[list[Holding], list[HoldsNobody]]:
    return list(rooms().holds), list(rooms().nobody)


def test_every_table_is_declared_once_with_every_column_that_holds_somebody(declared):
    holdings, nobody = declared

    found = undeclared(db.metadata, holdings, nobody)

    assert found.tables == [], (
        "declare them in the room's `room.py`: holds=(Holding(...)) or nobody=(HoldsNobody(...))"
    )
    assert found.twice == []
    assert found.columns == []
    assert found.unknown == []


@pytest.mark.parametrize(
    ("columns", "said", "missing"),
    [
        ([sa.Column("email", sa.String)], {}, {"tables": ["new"]}),
        ([sa.Column("contact_email", sa.String)], {"new": ("id",)}, {"columns": ["new.contact_email"]}),
        ([sa.Column("noted_by_id", sa.Integer)], {"new": ("id",)}, {"columns": ["new.noted_by_id"]}),
        ([sa.Column("who", sa.ForeignKey("users.id"))], {"new": ("id",)}, {"columns": ["new.who"]}),
        ([sa.Column("who", sa.ForeignKey("users.id"))], {"new": ALL_COLUMNS}, {}),
        ([sa.Column("colour", sa.String)], {"new": ("colour", "gone")}, {"unknown": ["new.gone"]}),
        ([], {"new": ALL_COLUMNS, "old": ALL_COLUMNS}, {"unknown": ["old"]}),
    ],
)
def test_what_nobody_declared_is_found(columns, said, missing):
    metadata = sa.MetaData()
    sa.Table("users", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table("new", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)
    holding = Holding("new", People.CITIZENS, "", {**said, "users": ALL_COLUMNS}, "", LegalBasis.TASK, "", ())  # type: ignore[arg-type]

    found = undeclared(metadata, [holding], [])

    assert {name: value for name, value in vars(found).items() if value} == missing


def test_a_table_cannot_say_that_it_holds_nobody_when_it_does():
    metadata = sa.MetaData()
    sa.Table("new", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("phone", sa.String))

    assert undeclared(metadata, [], [HoldsNobody(("new",), "")]).columns == ["new.phone"]  # type: ignore[arg-type]


def test_a_table_about_a_citizen_is_hers_as_a_whole_and_goes_with_her(declared):
    about = {table.name for table in tables_about_a_citizen()}
    with_her = {table for holding in declared[0] if WITH_HER in holding.kept for table in holding.tables}
    whole = {
        table
        for holding in declared[0]
        for table, columns in holding.tables.items()
        if columns == ALL_COLUMNS
    }

    assert with_her == about
    assert about <= whole


def test_each_holding_has_a_key_a_deadline_and_words_of_its_own(declared):
    keys = [holding.key for holding in declared[0]]

    assert len(keys) == len(set(keys))
    for holding in declared[0]:
        assert holding.kept, holding.key
        assert all(re.fullmatch(r".+[.]", str(words)) for words in (holding.purpose, holding.seen_by)), (
            holding.key
        )


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (Kept("I %(time)s.", rule="r"), "I 2,5 måneder."),  # type: ignore[arg-type]
        (Kept("I %(time)s.", rule="missing"), "I 0 dage."),  # type: ignore[arg-type]
        (Kept("I %(time)s.", setting="KEEP_MAILS"), "I 180 dage."),  # type: ignore[arg-type]
        (Kept("Så længe."), "Så længe."),  # type: ignore[arg-type]
    ],
)
def test_a_deadline_is_said_with_its_time(app, kept, said):
    assert kept.said({"r": "2,5 måneder"}, DEFAULTS) == said


def test_the_document_is_what_the_declarations_say(app):
    """Run `python -m tools.privacy` after a change."""
    written = privacy.written(app.extensions["rooms"], privacy.reference_values(TODAY), DEFAULTS)

    assert privacy.FILE.read_text(encoding="utf-8") == written


def test_the_document_names_every_table(app):
    document = privacy.FILE.read_text(encoding="utf-8")

    assert [name for name in db.metadata.tables if f"`{name}`" not in document] == []
