"""placements: when one was called off before its start, so that what was planned on a past day can be told

As far as the log reaches; of an older one it is taken to have been called off when it was planned.
"""

import sqlalchemy as sa
from alembic import op

revision = "054"
down_revision = "053"
branch_labels = None
depends_on = None

_placements = sa.table(
    "placements",
    sa.column("id", sa.Integer),
    sa.column("status", sa.String),
    sa.column("planned_at", sa.DateTime),
    sa.column("cancelled_at", sa.DateTime),
)
_log = sa.table(
    "audit_entries",
    sa.column("at", sa.DateTime),
    sa.column("action", sa.String),
    sa.column("subject_type", sa.String),
    sa.column("subject_id", sa.Integer),
)


def upgrade() -> None:
    op.add_column("placements", sa.Column("cancelled_at", sa.DateTime(), nullable=True))
    noted = (
        sa.select(sa.func.max(_log.c.at))
        .where(
            _log.c.action == "placement-cancelled",
            _log.c.subject_type == "placements",
            _log.c.subject_id == _placements.c.id,
        )
        .scalar_subquery()
    )
    called_off = sa.update(_placements).where(_placements.c.status == "cancelled")
    op.execute(called_off.values(cancelled_at=sa.func.coalesce(noted, _placements.c.planned_at)))


def downgrade() -> None:
    op.drop_column("placements", "cancelled_at")
