"""The law's rows before municipalities had rows of their own (migration 031), and back again."""

from datetime import date

import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from portal.application import MIGRATIONS
from portal.base.database import db
from tests.support.old_schema import ON_BOTH_ENGINES, carried_over, old_database, put  # noqa: F401

pytestmark = ON_BOTH_ENGINES

FIRST = {"id": 1, "key": "praktik-weeks", "value": 13, "unit": "uger", "certainty": "partly"}
ROWS = {
    "municipalities": [{"id": 1, "name": "Halsnæs"}],
    "rules": [FIRST | {"valid_from": date(2018, 1, 1), "valid_to": None}],
}


def test_what_is_there_is_the_laws_and_stays_when_own_rows_go(old_database: str) -> None:  # noqa: F811
    with carried_over(old_database, ROWS, from_="030", to="031") as connection:
        owner = connection.execute(sa.text("SELECT municipality_id FROM rules")).all()
        own = {"id": 2, "value": 10, "municipality_id": 1, "valid_from": date(2018, 1, 1)}
        put(connection, "rules", FIRST | own)
        connection.commit()
        downgrade(directory=MIGRATIONS, revision="030")
        with db.engine.connect() as after:
            left = after.execute(sa.text("SELECT id, certainty FROM rules")).all()
        upgrade(directory=MIGRATIONS, revision="031")

    assert [tuple(row) for row in owner] == [(None,)]
    assert [tuple(row) for row in left] == [(1, "partly")]
