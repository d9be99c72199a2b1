"""what a rule took over from, so that it goes on when the rule is taken back, and which rows the portal shipped

Until now a row went on wherever another began the day after its last day; rows that have begun stay as they are.
"""

from datetime import date, timedelta
from itertools import pairwise

import sqlalchemy as sa
from alembic import op

revision = "044"
down_revision = "043"
branch_labels = None
depends_on = None

_rules = sa.table(
    "rules",
    sa.column("id", sa.Integer),
    sa.column("key", sa.String),
    sa.column("municipality_id", sa.Integer),
    sa.column("valid_from", sa.Date),
    sa.column("valid_to", sa.Date),
    sa.column("checked_by", sa.String),
    sa.column("shipped_from", sa.Date),
    sa.column("took_over", sa.Boolean),
    sa.column("took_until", sa.Date),
)


def upgrade() -> None:
    op.add_column("rules", sa.Column("took_over", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("rules", sa.Column("took_until", sa.Date(), nullable=True))
    shipped = _rules.c.municipality_id.is_(None) & (_rules.c.checked_by == "Projektet")
    op.execute(_rules.update().where(shipped).values(shipped_from=_rules.c.valid_from))
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(_rules).order_by(_rules.c.key, _rules.c.municipality_id, _rules.c.valid_from)
    ).all()
    for before, row in pairwise(rows):
        same_line = (before.key, before.municipality_id) == (row.key, row.municipality_id)
        if same_line and before.valid_to == row.valid_from - timedelta(days=1):
            _note(connection, row.id, row.valid_to)


def _note(connection: sa.Connection, rule_id: int, until: date | None) -> None:
    """The row before went on until the last day of the one that took over."""
    connection.execute(_rules.update().where(_rules.c.id == rule_id).values(took_over=True, took_until=until))


def downgrade() -> None:
    for name in ("took_until", "took_over"):
        op.drop_column("rules", name)
