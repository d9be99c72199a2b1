"""for decisions already made: their place on the opening's list, and the conditions as they stood

The place is as the list stands now: what has been closed since is not counted.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "005"
down_revision = "004"
branch_labels = None
depends_on = None

PLACE = """
UPDATE reviews SET place = (
    SELECT 1 + count(*) FROM matches better JOIN matches decided ON decided.id = reviews.match_id
    WHERE better.opening_id = decided.opening_id
      AND better.municipality_id = decided.municipality_id
      AND better.status IN ('open', 'decided')
      AND (better.sure, better.possible, better.id) > (decided.sure, decided.possible, decided.id)
)
"""
CHUNK = 500


def upgrade() -> None:
    connection = op.get_bind()
    connection.execute(sa.text(PLACE))
    conditions = sa.table("review_conditions", sa.column("review_id"), sa.column("name"), sa.column("met"))
    last = 0
    while rows := connection.execute(
        sa.text(
            "SELECT reviews.id, matches.result FROM reviews JOIN matches ON matches.id = reviews.match_id "
            "WHERE reviews.id > :last ORDER BY reviews.id LIMIT :chunk"
        ),
        {"last": last, "chunk": CHUNK},
    ).all():
        last = rows[-1].id
        found = [
            {"review_id": row.id, "name": one["name"], "met": one["met"]}
            for row in rows
            for one in _read(row.result)["conditions"]
        ]
        if found:
            connection.execute(sa.insert(conditions), found)


def _read(result: str | dict) -> dict:
    """PostgreSQL's driver has read the JSON already."""
    return json.loads(result) if isinstance(result, str) else result


def downgrade() -> None:
    op.execute("DELETE FROM review_conditions")
    op.execute("UPDATE reviews SET place = NULL")
