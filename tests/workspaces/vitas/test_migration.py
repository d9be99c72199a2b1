"""Sheets as they stood before 048: ticks, and reasons of placements; and back again."""

import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from portal.application import MIGRATIONS
from portal.base.database import db
from tests.support.old_schema import AT, ON_BOTH_ENGINES, carried_over, old_database  # noqa: F401

pytestmark = ON_BOTH_ENGINES

SHEET = {"id": 1, "placement_id": 1, "written_at": AT, "ready_at": None, "ready_by_id": None}
ROWS = {
    "vitas_sheets": [
        SHEET | {"confirmed": ["not_last_employer", "not_owned_by_family"], "ready_at": AT, "ready_by_id": 7},
        SHEET | {"id": 2, "placement_id": 2, "confirmed": []},
    ],
}
_sheets = sa.table(
    "vitas_sheets",
    sa.column("id", sa.Integer),
    sa.column("answers", sa.JSON),
    sa.column("confirmed", sa.JSON),
    sa.column("findings", sa.JSON),
    sa.column("stop_reason", sa.Text),
    sa.column("ready_by_id", sa.Integer),
)


def _rows(connection: sa.Connection, *names: str) -> list[tuple[object, ...]]:
    found = connection.execute(sa.select(*(_sheets.c[name] for name in names)).order_by(_sheets.c.id))
    return [tuple(row) for row in found]


def test_what_was_ticked_is_answered_with_yes_and_the_rest_is_not_answered(old_database: str) -> None:  # noqa: F811
    with carried_over(old_database, ROWS, from_="047", to="048") as connection:
        carried = _rows(connection, "answers", "findings", "stop_reason", "ready_by_id")
        replies = {"benefits": "not_needed", "not_last_employer": "no", "igu_first": "yes"}
        connection.execute(_sheets.update().where(_sheets.c.id == 2).values(answers=replies))
        connection.commit()
        downgrade(directory=MIGRATIONS, revision="047")
        with db.engine.connect() as after:
            back = _rows(after, "confirmed", "ready_by_id")
        upgrade(directory=MIGRATIONS, revision="048")

    yes = {"not_last_employer": "yes", "not_owned_by_family": "yes"}
    assert carried == [(yes, [], "", 7), ({}, [], "", None)]
    assert back == [(["not_last_employer", "not_owned_by_family"], 7), (["benefits", "igu_first"], None)]
