"""placement_changes: what was agreed anew, and follow-ups that are moved or called off

A follow-up of a placement that is over is called off with it, from now on at its end and here for those of before.
"""

from datetime import datetime, time

import sqlalchemy as sa
from alembic import op

revision = "058"
down_revision = "057"
branch_labels = None
depends_on = None

_placements = sa.table(
    "placements",
    sa.column("id", sa.Integer),
    sa.column("status", sa.String),
    sa.column("planned_at", sa.DateTime),
    sa.column("cancelled_at", sa.DateTime),
    sa.column("ended_on", sa.Date),
)
_talks = sa.table(
    "follow_ups",
    sa.column("placement_id", sa.Integer),
    sa.column("held_on", sa.Date),
    sa.column("cancelled_at", sa.DateTime),
    sa.column("version", sa.Integer),
)


def upgrade() -> None:
    op.add_column("follow_ups", sa.Column("cancelled_at", sa.DateTime(), nullable=True))
    op.add_column("follow_ups", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    _call_off_what_is_over(op.get_bind())
    op.create_table(
        "placement_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "follow_up_moved",
                "follow_up_cancelled",
                name="changekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("stop_reason", sa.String(length=500), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)",
            name=op.f("ck_placement_changes_withdrawn_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["users.id"], name=op.f("fk_placement_changes_made_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_placement_changes_placement_id_placements")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["users.id"], name=op.f("fk_placement_changes_withdrawn_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_placement_changes_placement_id", "placement_changes", ["placement_id"])


def _call_off_what_is_over(connection: sa.Connection) -> None:
    over = sa.select(_placements).where(_placements.c.status.in_(["ended", "cancelled"]))
    for placement in connection.execute(over).all():
        ended = datetime.combine(placement.ended_on, time()) if placement.ended_on else None
        connection.execute(
            sa.update(_talks)
            .where(_talks.c.placement_id == placement.id, _talks.c.held_on.is_(None))
            .values(cancelled_at=ended or placement.cancelled_at or placement.planned_at, version=2)
        )


def downgrade() -> None:
    op.drop_table("placement_changes")
    op.drop_column("follow_ups", "version")
    op.drop_column("follow_ups", "cancelled_at")
