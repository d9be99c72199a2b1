"""When openings were taken back, as far as the log told it before it was written on the opening."""

from datetime import datetime

import sqlalchemy as sa
from flask_migrate import downgrade

from portal.application import MIGRATIONS
from portal.base.database import db
from tests.support.old_schema import ON_BOTH_ENGINES, carried_over, old_database  # noqa: F401

pytestmark = ON_BOTH_ENGINES

FIRST, AT = datetime(2026, 5, 4, 8, 0), datetime(2026, 5, 6, 12, 30)
OPENING = {"employer_id": 1, "workplace_id": 1, "published_at": FIRST, "industry": "pleje", "form": "praktik"}
BEFORE = {
    "employers": [{"id": 1, "cvr": "24256790", "industry": "pleje", "status": "active", "approved_at": FIRST}],
    "workplaces": [{"id": 1, "employer_id": 1, "p_number": "1012345678", "full_time_staff": 2}],
    "openings": [
        {"id": 1, "status": "withdrawn", **OPENING},
        {"id": 2, "status": "withdrawn", **OPENING},
        {"id": 3, "status": "published", **OPENING},
    ],
    "audit_entries": [
        {"at": FIRST, "action": "opening-published", "subject_type": "openings", "subject_id": 1},
        {"at": AT, "action": "opening-withdrawn", "subject_type": "openings", "subject_id": 1},
        {"at": AT, "action": "opening-withdrawn", "subject_type": "somethings", "subject_id": 3},
    ],
}  # fmt: skip


def test_the_log_tells_when_and_of_older_ones_nobody_knows(old_database: str) -> None:  # noqa: F811
    with carried_over(old_database, BEFORE, from_="051", to="052") as connection:
        rows = connection.execute(
            sa.select(sa.column("id"), sa.column("withdrawn_at", sa.DateTime()))
            .select_from(sa.table("openings"))
            .order_by(sa.column("id"))
        ).all()

    assert [tuple(row) for row in rows] == [(1, AT), (2, None), (3, None)]


def test_it_goes_back(old_database: str) -> None:  # noqa: F811
    with carried_over(old_database, BEFORE, from_="051", to="052") as connection:
        connection.close()
        downgrade(directory=MIGRATIONS, revision="051")
        with db.engine.connect() as there:
            columns = {column["name"] for column in sa.inspect(there).get_columns("openings")}

    assert "withdrawn_at" not in columns
