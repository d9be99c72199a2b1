"""What became of the pairs of neighbours from before agreements had days (migration 034)."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from portal.application import MIGRATIONS
from portal.base.database import db
from tests.support.old_schema import ON_BOTH_ENGINES, carried_over, old_database  # noqa: F401

pytestmark = ON_BOTH_ENGINES

PLACES = [
    {"id": 1, "name": "Halsnæs", "records_since_on": date(2024, 1, 1)},
    {"id": 2, "name": "Fredensborg", "records_since_on": date(2025, 3, 1)},
    {"id": 3, "name": "Gribskov", "records_since_on": date(2023, 1, 1)},
]
BOTH_WAYS = [(1, 2), (2, 1), (3, 1), (1, 3)]
ROWS: dict[str, Any] = {
    "municipalities": PLACES,
    "neighbours": [{"municipality_id": here, "neighbour_id": there} for here, there in BOTH_WAYS],
}


def test_each_pair_becomes_one_agreement_since_both_were_there(old_database: str) -> None:  # noqa: F811
    with carried_over(old_database, ROWS, from_="033", to="034") as connection:
        found = connection.execute(
            sa.text(
                "SELECT first_id, second_id, starts_on, closed_from FROM neighbour_agreements ORDER BY 1, 2"
            )
        ).all()

    said = [(row[0], row[1], str(row[2]), row[3]) for row in found]
    assert said == [(1, 2, "2025-03-01", None), (1, 3, "2024-01-01", None)]


def test_back_again_what_stands_goes_both_ways_and_what_ended_is_gone(old_database: str) -> None:  # noqa: F811
    with carried_over(old_database, ROWS, from_="033", to="034") as connection:
        connection.execute(
            sa.text("UPDATE neighbour_agreements SET closed_from = '2026-01-01' WHERE second_id = 3")
        )
        connection.commit()
        downgrade(directory=MIGRATIONS, revision="033")
        with db.engine.connect() as after:
            rows = after.execute(
                sa.text("SELECT municipality_id, neighbour_id FROM neighbours ORDER BY 1")
            ).all()
        upgrade(directory=MIGRATIONS, revision="034")

    assert [tuple(row) for row in rows] == [(1, 2), (2, 1)]
