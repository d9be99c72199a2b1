"""openings: when one was taken back, so that a promise that was broken before stays broken

As far as the log reaches; of an older one nobody knows.
"""

import sqlalchemy as sa
from alembic import op

revision = "052"
down_revision = "051"
branch_labels = None
depends_on = None

_openings = sa.table("openings", sa.column("id", sa.Integer), sa.column("withdrawn_at", sa.DateTime))
_log = sa.table(
    "audit_entries",
    sa.column("at", sa.DateTime),
    sa.column("action", sa.String),
    sa.column("subject_type", sa.String),
    sa.column("subject_id", sa.Integer),
)


def upgrade() -> None:
    op.add_column("openings", sa.Column("withdrawn_at", sa.DateTime(), nullable=True))
    noted = sa.select(_log.c.subject_id, sa.func.max(_log.c.at)).where(
        _log.c.action == "opening-withdrawn", _log.c.subject_type == "openings"
    )
    connection = op.get_bind()
    for opening_id, at in connection.execute(noted.group_by(_log.c.subject_id)).all():
        connection.execute(_openings.update().where(_openings.c.id == opening_id).values(withdrawn_at=at))


def downgrade() -> None:
    op.drop_column("openings", "withdrawn_at")
