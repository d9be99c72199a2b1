"""grounds of placements: what an offer rests on, and the hours instead of a rounded share of a place held

Two persons of 18.7 hours are more than one of 37, which two shares of 0.50 hid. The hours are the placement's; a place
whose placement is gone keeps its share of the week that was full then.
"""

import sqlalchemy as sa
from alembic import op

revision = "045"
down_revision = "044"
branch_labels = None
depends_on = None

FULL_WEEK = 37
"""As the rule was when the shares were written."""

_places = sa.table(
    "occupied_places",
    sa.column("placement_id", sa.Integer),
    sa.column("full_time_share", sa.Numeric(4, 2)),
    sa.column("hours_per_week", sa.Double),
)
_placements = sa.table("placements", sa.column("id", sa.Integer), sa.column("hours_per_week", sa.Double))


def upgrade() -> None:
    op.create_table(
        "placement_grounds",
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(40), nullable=True),
        sa.Column("readiness", sa.String(40), nullable=True),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("is_within_course", sa.Boolean(), nullable=False),
        sa.Column("is_outside_ratio", sa.Boolean(), nullable=False),
        sa.Column("young", sa.JSON(), nullable=False),
        sa.Column("stated_at", sa.DateTime(), nullable=False),
        sa.Column("stated_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("act IN ('lab', 'integration', 'ukraine')", name=op.f("ck_placement_grounds_act")),
        sa.CheckConstraint(
            "readiness IN ('job_ready', 'other')", name=op.f("ck_placement_grounds_readiness")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_placement_grounds_placement_id_placements")
        ),
        sa.ForeignKeyConstraint(
            ["stated_by_id"], ["users.id"], name=op.f("fk_placement_grounds_stated_by_id_users")
        ),
        sa.PrimaryKeyConstraint("placement_id", name=op.f("pk_placement_grounds")),
    )
    _hours_instead_of_shares()


def _hours_instead_of_shares() -> None:
    op.add_column("occupied_places", sa.Column("hours_per_week", sa.Double(), nullable=True))
    agreed = sa.select(_placements.c.hours_per_week).where(_placements.c.id == _places.c.placement_id)
    op.execute(
        _places.update().values(
            hours_per_week=sa.func.coalesce(agreed.scalar_subquery(), _places.c.full_time_share * FULL_WEEK)
        )
    )
    with op.batch_alter_table("occupied_places") as batch_op:
        batch_op.alter_column("hours_per_week", nullable=False)
        batch_op.drop_column("full_time_share")
        batch_op.create_check_constraint(
            op.f("ck_occupied_places_hours_range"), "hours_per_week > 0 AND hours_per_week <= 168"
        )


def downgrade() -> None:
    op.add_column("occupied_places", sa.Column("full_time_share", sa.Numeric(4, 2), nullable=True))
    share = sa.case((_places.c.hours_per_week >= FULL_WEEK, 1.0), else_=_places.c.hours_per_week / FULL_WEEK)
    op.execute(_places.update().values(full_time_share=share))
    with op.batch_alter_table("occupied_places") as batch_op:
        batch_op.drop_constraint(op.f("ck_occupied_places_hours_range"), type_="check")
        batch_op.alter_column("full_time_share", nullable=False)
        batch_op.drop_column("hours_per_week")
    op.drop_table("placement_grounds")
