"""What holds of every room: it stands on lower ones, says all about itself, and one more costs one line."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask, current_app, render_template_string
from pypdf import PdfReader

from portal.application import ROOMS, create_app
from portal.base import clock
from portal.base.database import db, transaction
from portal.base.terms import Party
from portal.loop.citizens import services as citizens
from portal.loop.citizens.models import Citizen
from portal.loop.matches.rematch import rematch
from portal.shared.accounts.models import User
from portal.shared.outbox.worker import Worker
from portal.web.permissions import GRANTS, Action, Role, Scope, requires
from portal.web.rooms import NUMBER, Grant, MenuLink, PersonalTable, Room, rooms
from portal.workspaces.mine.export import as_json, as_pdf
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW
from tests.support.databases import SETTINGS, Stage
from tests.test_roles import full_stage

ROOT = Path(__file__).parent.parent
CODE = sorted(
    file
    for file in (ROOT / "portal").glob("*/**/*.py")
    if not {"migrations", "demo"} & set(file.relative_to(ROOT).parts)
)
SQL = re.compile(r"\b(SELECT|FROM|JOIN|UPDATE|DELETE|INSERT|LOCK TABLE)\b")
NAMING_CALLS = {"table", "text", "literal_column", "exec_driver_sql", "ForeignKey", "TableClause"}


KEYS_UPWARD = {"portal.shared.outbox.models": {"municipalities"}}
"""Accounts send mails and so stand above them; whose mail it is, the database keeps true."""


def floors() -> dict[str, tuple[int, int]]:
    """How high a room stands, as the import contracts say: the shelf, and the line on the shelf; 0 is the top."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    lines = {
        contract["containers"][0]: [re.split(r"\s*[|:]\s*", line) for line in contract["layers"]]
        for contract in contracts
        if contract["type"] == "layers"
    }
    found: dict[str, tuple[int, int]] = {}
    for height, shelves in enumerate(lines["portal"]):
        for shelf in shelves:
            found[f"portal.{shelf}"] = (height, 0)
            for line, names in enumerate(lines.get(f"portal.{shelf}", [])):
                found |= {f"portal.{shelf}.{name}": (height, line) for name in names}
    return found


FLOORS = floors()


def room_of(module: str) -> str:
    """The room a module stands in, or the shelf when it has no rooms."""
    parts = module.split(".")
    return next(name for name in (".".join(parts[:3]), ".".join(parts[:2])) if name in FLOORS)


OWNERS = {
    mapper.local_table.name: room_of(mapper.class_.__module__)  # type: ignore[attr-defined]
    for mapper in db.Model.registry.mappers
}


def upward_names(source: str, room: str) -> set[str]:
    """Tables of rooms that this one may not import, named in its SQL, its shadow tables or its foreign keys."""
    spoken = " ".join(_sql(ast.parse(source)))
    return {
        table
        for table, owner in OWNERS.items()
        if re.search(rf"\b{table}\b", spoken) and owner != room and FLOORS[owner] <= FLOORS[room]
    }


def _sql(tree: ast.AST) -> list[str]:
    found = []
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in NAMING_CALLS:
                found += [arg.value for arg in ast.walk(node) if _is_text(arg)]
        elif _is_text(node) and id(node) not in prose and SQL.search(node.value):  # type: ignore[attr-defined]
            found.append(node.value)  # type: ignore[attr-defined]
    return found


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@pytest.mark.parametrize("file", CODE, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_room_names_no_table_of_a_room_above_it(file: Path) -> None:
    """import-linter sees imports only; what a room must know from above it asks a provider of base/events.py."""
    module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
    named = upward_names(file.read_text("utf-8"), room_of(module))

    assert named == KEYS_UPWARD.get(module, set())


@pytest.mark.parametrize(
    "source",
    [
        '_placements = sa.table("placements", sa.column("review_id"))',
        'rows = sa.text("select 1 from placements")',
        'query = "SELECT review_id FROM placements WHERE status = 1"',
        'placement_id = mapped_column(sa.ForeignKey("placements.id"))',
    ],
)
def test_a_shadow_of_an_upper_rooms_table_is_found(source: str) -> None:
    assert upward_names(source, "portal.loop.reviews") == {"placements"}
    assert upward_names(source, "portal.loop.assessments") == set()


# --- Whose rows ----------------------------------------------------------------------------------------------

GRANTED = [(grant.rows.__name__, grant) for room in ROOMS for grant in room.grants]


@pytest.fixture
def halsnaes(sqlite_stage: Stage) -> Iterator[dict[str, User]]:
    """One person of each role, and all that can happen between them; the same next door among strangers."""
    sqlite_stage.reset()
    with sqlite_stage.app.app_context():
        people = full_stage()[0].people
        rematch(people["consultant"].municipality_id, now=lambda: NOW)
        yield people
        db.session.remove()


def test_a_role_gets_rows_of_its_own_and_none_where_it_may_do_nothing(halsnaes: dict[str, User]) -> None:
    """Behind the guard at the door: a query that is asked by somebody else answers with nothing."""
    seen = {}
    for name, grant in GRANTED:
        allowed = {role for action in grant.actions for role in GRANTS[action]}
        for role in Role:
            rows = db.session.scalars(grant.rows(halsnaes[role.value]).limit(1)).all()
            seen[name, role.value] = (bool(rows), role in allowed)

    assert {key: got for key, (got, _allowed) in seen.items() if got} == {
        key: allowed for key, (_got, allowed) in seen.items() if allowed
    }


# --- One more room -------------------------------------------------------------------------------------------

walks = Blueprint("walks", __name__, url_prefix="/walks")


@walks.get("/")
@requires(Action.READ_OWN_PAGE)
def index() -> str:
    title, content = (
        "{% block title %}Gåture{% endblock %}",
        "{% block content %}<h1>Gåture</h1>{% endblock %}",
    )
    return render_template_string("{% extends 'base.html' %}" + title + content)


def walks_table() -> sa.Table:
    return sa.Table(
        "walks",
        db.metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("citizen_id", sa.ForeignKey("citizens.id"), nullable=False),
        sa.Column("suggested_on", sa.Date, nullable=False),
    )


def walks_of(user: User) -> sa.Select[Any]:
    table = db.metadata.tables["walks"]
    if user.scope_of(Action.READ_OWN_PAGE) is not Scope.CITIZEN:
        return sa.select(table).where(sa.false())
    return sa.select(table).join(Citizen, Citizen.id == table.c.citizen_id).where(Citizen.user_id == user.id)


def suggest_walks(at: datetime) -> int:
    ids = db.session.scalars(sa.select(Citizen.id)).all()
    rows = [{"citizen_id": one, "suggested_on": at.date()} for one in ids]
    db.session.execute(sa.insert(db.metadata.tables["walks"]), rows)
    return len(rows)


WALKS = Room(
    pages=(walks,),
    menu=(MenuLink("Gåture", "walks.index", 65),),  # type: ignore[arg-type]
    chores=(suggest_walks,),
    grants=(Grant(walks_of, (Action.READ_OWN_PAGE,)),),
    personal=(
        PersonalTable(
            "walks",
            "Mine gåture",  # type: ignore[arg-type]
            {**NUMBER, "citizen_id": "Borger", "suggested_on": "Dag"},  # type: ignore[dict-item]
        ),
    ),
)


@pytest.fixture
def larger_portal(sqlite_stage: Stage, frozen_clock: None) -> Iterator[Flask]:
    """The portal with the room of walks: one more line in the list."""
    sqlite_stage.reset()
    table = walks_table()
    try:
        url = sqlite_stage.app.config["SQLALCHEMY_DATABASE_URI"]
        app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": url}, rooms=(*ROOMS, WALKS))
        with app.app_context():
            table.create(db.engine)
            yield app
            db.session.remove()
            db.engine.dispose()
    finally:
        db.metadata.remove(table)
        sqlite_stage.reset()


def test_a_new_room_is_a_room_and_one_line(larger_portal: Flask) -> None:
    """Its page, its place in the menu, its chore and its rows in all that is stored about Amira and in her erasure."""
    amira = factories.make_citizen("Amira", with_login=True)
    assert amira.user is not None
    karin = factories.user("karin@kommune.example")

    page = PortalClient(larger_portal, amira.user).get("/walks/").page
    labels = [link.get_text(strip=True) for link in page.select("nav[aria-label] a")]
    assert labels.index("Gåture") + 1 == labels.index("Mine forløb")
    assert PortalClient(larger_portal, karin).get("/walks/").status_code == 403

    Worker(larger_portal, rooms().chores).work_off()
    assert len(db.session.execute(walks_of(amira.user)).all()) == 1
    assert db.session.execute(walks_of(karin)).all() == []

    assert (
        json.loads(as_json(amira, NOW, Party.CITIZEN))["tables"]["walks"][0]["suggested_on"]
        == NOW.date().isoformat()
    )
    assert "Mine gåture" in " ".join(
        page.extract_text() for page in PdfReader(BytesIO(as_pdf(amira, NOW, Party.CITIZEN))).pages
    )

    with transaction():
        citizens.erase_citizen(
            db.session.merge(amira), journal=current_app.config["JOURNAL"], by=None, at=clock.now()
        )
    assert db.session.scalar(sa.select(sa.func.count()).select_from(db.metadata.tables["walks"])) == 0


def test_every_room_of_the_portal_is_in_the_list() -> None:
    """A `room.py` that the list of application.py forgets would be dead."""
    files = {file for file in CODE if file.name == "room.py"}

    assert len(files) + 1 == len(ROOMS)  # and erasure, which is one file
