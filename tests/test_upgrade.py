"""A database that version 0.2.0 itself wrote, brought to this one: nobody is lost, and everybody can go on working.

`tests/upgrades/README.md` says how the dumps were made.
"""

import gzip
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from portal.application import MIGRATIONS, create_app
from portal.base import clock
from portal.base.database import db
from portal.demo.accounts import DEMO_PASSWORD
from portal.shared.audit.commands import seal_all
from portal.shared.audit.verifying import verify
from portal.workspaces.home.queries import schema_state
from portal.workspaces.imports import reference
from portal.workspaces.operation import dumps
from tests.client import PortalClient
from tests.support.databases import SETTINGS
from tests.support.old_schema import ON_BOTH_ENGINES, old_database
from tests.test_schema import fresh_database, shape

__all__ = ["old_database"]

pytestmark = [pytest.mark.slow, ON_BOTH_ENGINES]

WROTE = Path(__file__).parent / "upgrades" / "0.2.0"
COUNTED = json.loads((WROTE / "rows.json").read_text())
"""How many rows each table held, as 0.2.0 counted them."""
LOADED_ANEW = {"alembic_version", "skills", "job_titles", "skill_relations", "translations", "rules"}
"""What `load-reference` brings, and more of it since."""
DEMO_ACCOUNTS = (
    "konsulent@demo.dk",
    "leder@demo.dk",
    "virksomhed@demo.dk",
    "borger@demo.dk",
    "admin@demo.dk",
)
"""One of each role that there was."""
MOVED = {"employer_registrations": "unconfirmed_registrations"}
"""Those that waited are asked by mail first (migration 028)."""


@pytest.fixture
def brought_forward(old_database: str) -> Iterator[Flask]:
    """As docs/operations.md says: load, `flask db upgrade`, `flask load-reference`."""
    load(old_database)
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": old_database})
    with app.app_context():
        upgrade(directory=MIGRATIONS)
        reference.load(clock.now)
        yield app
        db.session.remove()
        db.engine.dispose()


def load(address: str) -> None:
    if address.startswith("sqlite"):
        with closing(sqlite3.connect(str(sa.make_url(address).database))) as connection:
            connection.executescript(gzip.decompress((WROTE / "sqlite.sql.gz").read_bytes()).decode())
        return
    dumps.load(WROTE / "postgresql.dump", address)


def test_a_municipality_goes_on_where_it_was(brought_forward: Flask) -> None:
    current, wanted = schema_state()
    assert current == wanted
    with fresh_database() as fresh:
        db.metadata.create_all(fresh)
        assert _comparable(shape(db.engine)) == _comparable(shape(fresh))

    rows = dumps.row_counts()
    for table, place in MOVED.items():
        rows[table] += rows[place]
    kept = {table: count for table, count in COUNTED.items() if table in rows and table not in LOADED_ANEW}
    assert {table: rows[table] for table in kept if rows[table] < kept[table]} == {}
    assert rows["citizens"] == COUNTED["citizens"] > 0

    seal_all()
    assert verify().whole

    assert reference.load(clock.now).words.kept == []
    for email in DEMO_ACCOUNTS:
        browser = PortalClient(brought_forward)
        signed_in = browser.post("/login", {"email": email, "password": DEMO_PASSWORD})
        assert signed_in.status_code == 303, email
        assert browser.get("/").status_code == 200, email


def _comparable(shapes: dict[str, Any]) -> dict[str, Any]:
    """A CHECK by its words: PostgreSQL writes the casts around them otherwise once it has read them from a dump."""
    return {
        table: {
            **parts,
            "checks": {
                name: re.findall(r"'[^']*'|\w+", _uncast(text)) for name, text in parts["checks"].items()
            },
        }
        for table, parts in shapes.items()
    }


def _uncast(text: str) -> str:
    return re.sub(r"::(character varying|text|bpchar)(\(\d+\))?(\[\])?", "", text)
