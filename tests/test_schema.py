"""The schema that migrations build is the one the models describe, down to CHECKs and enum members."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import downgrade, upgrade

from portal.application import MIGRATIONS, create_app
from portal.base.database import db
from portal.lexicon import fold
from tests.support.databases import SETTINGS

pytestmark = pytest.mark.slow


CHECKS = Path(__file__).parent / "checks.txt"
"""Every CHECK of the database, a line for each; a new one is added by hand."""


def shape(engine: sa.Engine) -> dict[str, dict[str, object]]:
    """What a database says of itself, comparable between two ways of making it."""
    inspector = sa.inspect(engine)
    return {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"])
                for column in inspector.get_columns(table)
            },
            "checks": {check["name"]: check["sqltext"] for check in inspector.get_check_constraints(table)},
            "uniques": {
                (unique["name"], tuple(unique["column_names"]))
                for unique in inspector.get_unique_constraints(table)
            },
            "keys": {
                (tuple(key["constrained_columns"]), key["referred_table"])
                for key in inspector.get_foreign_keys(table)
            },
            "indexes": {
                (index["name"], tuple(index["column_names"])) for index in inspector.get_indexes(table)
            },
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def test_migrations_build_what_the_models_describe(app: Flask) -> None:
    migrated = shape(db.engine)

    with fresh_database() as fresh:
        db.metadata.create_all(fresh)
        described = shape(fresh)

    assert migrated == described


def test_no_check_is_lost(app: Flask) -> None:
    """Models and migrations can lose a CHECK together; the list is kept by hand, as the role table is."""
    checks = {
        f"{table.name}: {check.name}"
        for table in db.metadata.sorted_tables
        for check in table.constraints
        if isinstance(check, sa.CheckConstraint)
    }

    assert checks == set(CHECKS.read_text(encoding="utf-8").splitlines())


@contextmanager
def fresh_database() -> Iterator[sa.Engine]:
    """An empty one of the same engine; on PostgreSQL a second schema, which others would find in the database."""
    if db.engine.dialect.name == "sqlite":
        yield sa.create_engine("sqlite://")
        return
    with db.engine.begin() as connection:
        connection.execute(sa.text("CREATE SCHEMA described"))
    fresh = sa.create_engine(db.engine.url, connect_args={"options": "-c search_path=described"})
    try:
        yield fresh
    finally:
        fresh.dispose()
        with db.engine.begin() as connection:
            connection.execute(sa.text("DROP SCHEMA described CASCADE"))


def test_migrations_go_back_and_forth(tmp_path: Path) -> None:
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/there-and-back.sqlite"})
    with app.app_context():
        upgrade(directory=MIGRATIONS)
        there = shape(db.engine)
        downgrade(directory=MIGRATIONS, revision="base")
        assert shape(db.engine) == {}
        upgrade(directory=MIGRATIONS)
        assert shape(db.engine) == there
        db.engine.dispose()


def test_no_migration_loses_the_promise_that_an_id_is_never_given_twice(tmp_path: Path) -> None:
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/ids.sqlite"})
    promised = {
        table.name
        for table in db.metadata.tables.values()
        if table.dialect_options["sqlite"]["autoincrement"]
    }

    with app.app_context():
        upgrade(directory=MIGRATIONS)
        tables = db.session.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")).all()
        db.session.remove()
        db.engine.dispose()

    assert {name for name, sql in tables if "AUTOINCREMENT" in sql} == promised
    assert "competence_cards" in promised


def test_migrations_import_nothing_from_the_portal() -> None:
    for file in Path(MIGRATIONS).rglob("*.py"):
        assert "portal" not in [line.split()[1].split(".")[0] for line in _imports(file)], file


def _imports(file: Path) -> list[str]:
    return [line for line in file.read_text().splitlines() if line.startswith(("import ", "from "))]


@pytest.mark.parametrize("change", ["UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"])
def test_the_database_refuses_to_change_the_audit(app: Flask, change: str) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO audit_entries (at, action, is_look, subject_type) "
            "VALUES ('2026-01-01 00:00:00', 'x', false, 'users')"
        )

    with pytest.raises(sa.exc.DBAPIError, match="never changed or deleted"), db.engine.begin() as connection:
        connection.exec_driver_sql(change)


def test_an_upgrade_forgets_links_that_lay_in_clear(tmp_path: Path) -> None:
    """Mails that wait get links that name the mail; what older forms led to is let go."""
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'older.sqlite'}"})
    stop = {"endpoint": "outbox.stop", "purpose": "stop-mail", "about": ["bo@firma.example", "message"]}
    with app.app_context():
        upgrade(directory=MIGRATIONS, revision="028")
        with db.engine.begin() as connection:
            connection.execute(
                sa.text(
                    "INSERT INTO submissions (form_id, at, location) VALUES ('a', :at, '/mails/stop/WyJ.x')"
                ),
                {"at": "2026-11-28 08:00:00"},
            )
            connection.execute(
                sa.text(
                    "INSERT INTO outbox (id, kind, recipient, sender_name, subject, text, links, created_at, state,"
                    " due_at, attempts, error) VALUES (7, 'message', 'bo@firma.example', 'x', 'x', 'x', :links, :at,"
                    " 'waiting', :at, 0, '')"
                ),
                {"at": "2026-11-28 08:00:00", "links": json.dumps({"stop": stop})},
            )
        upgrade(directory=MIGRATIONS)
        with db.engine.begin() as connection:
            [location] = connection.execute(sa.text("SELECT location FROM submissions")).scalars()
            [links] = connection.execute(sa.text("SELECT links FROM outbox")).scalars()
        db.engine.dispose()

    assert location == "/"
    assert json.loads(links) == {"stop": {**stop, "about": [7, "message"]}}


def test_what_came_with_the_portal_is_told_from_what_a_curator_gave(tmp_path: Path) -> None:
    """Also where she has renamed the skill, and where she has moved one of its wordings."""
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'older.sqlite'}"})
    with app.app_context():
        upgrade(directory=MIGRATIONS, revision="037")
        with db.engine.begin() as connection:
            for skill_id, name in ((1, "grøntarbejde"), (2, "sølvpudsning")):
                connection.exec_driver_sql(
                    "INSERT INTO skills (id, name, folded, english, area, category, ladder, version) "
                    "VALUES (?, ?, ?, 'x', 'koekken', 'faglig', 'arbejde', 1)",
                    (skill_id, name, fold(name)),
                )
            for skill_id, label in (
                (1, "skære og klargøre grøntsager"),
                (1, "snitte grønt"),
                (1, "rive rødder"),
                (2, "skrælle kartofler"),
            ):
                connection.exec_driver_sql(
                    "INSERT INTO skill_synonyms (skill_id, label, folded) VALUES (?, ?, ?)",
                    (skill_id, label, fold(label)),
                )
        upgrade(directory=MIGRATIONS)
        with db.engine.begin() as connection:
            skills = connection.exec_driver_sql("SELECT name, shipped_as FROM skills ORDER BY id").all()
            shipped = connection.exec_driver_sql("SELECT label FROM skill_synonyms WHERE is_shipped").all()
        db.engine.dispose()

    assert skills == [("grøntarbejde", "skære og klargøre grøntsager"), ("sølvpudsning", None)]
    assert {row.label for row in shipped} == {"skære og klargøre grøntsager", "snitte grønt"}
