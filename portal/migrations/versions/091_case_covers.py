"""who looks after whose cases"""

import sqlalchemy as sa
from alembic import op

revision = "091"
down_revision = "090"
branch_labels = None
depends_on = None

USERS = ("away_id", "stand_in_id", "made_by_id", "ended_by_id")


def upgrade() -> None:
    op.create_table(
        "case_covers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("away_id", sa.Integer(), nullable=False),
        sa.Column("stand_in_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name=op.f("ck_case_covers_period")),
        sa.CheckConstraint("away_id <> stand_in_id", name=op.f("ck_case_covers_somebody_else")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_case_covers_ended_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipalities.id"],
            name=op.f("fk_case_covers_municipality_id_municipalities"),
        ),
        *(
            sa.ForeignKeyConstraint([column], ["users.id"], name=op.f(f"fk_case_covers_{column}_users"))
            for column in USERS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_covers")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_case_covers_municipality", "case_covers", ["municipality_id", "until_on"])


def downgrade() -> None:
    op.drop_table("case_covers")
