"""talks after somebody was hired"""

import sqlalchemy as sa
from alembic import op

revision = "078"
down_revision = "077"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_talks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("planned_at", sa.DateTime(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column(
            "still_there",
            sa.Enum(
                "yes",
                "no",
                "unknown",
                name="stillthere",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("hours_per_week", sa.Double(), nullable=True),
        sa.Column(
            "next_step",
            sa.Enum(
                "goes_on",
                "more_hours",
                "education",
                "mentor",
                "other_job",
                "new_placement",
                "call_again",
                "no_help",
                name="afterhired",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "held_on IS NULL OR cancelled_at IS NULL", name=op.f("ck_job_talks_held_or_cancelled")
        ),
        sa.CheckConstraint(
            "hours_per_week > 0 AND hours_per_week <= 168", name=op.f("ck_job_talks_hours_range")
        ),
        sa.CheckConstraint("left_on IS NULL OR still_there = 'no'", name=op.f("ck_job_talks_left_when_gone")),
        sa.CheckConstraint("months > 0", name=op.f("ck_job_talks_months_later")),
        sa.CheckConstraint(
            "(held_on IS NULL) = (next_step IS NULL)", name=op.f("ck_job_talks_next_when_held")
        ),
        sa.CheckConstraint(
            "(held_on IS NULL) = (recorded_at IS NULL)", name=op.f("ck_job_talks_recorded_when_held")
        ),
        sa.CheckConstraint(
            "(held_on IS NULL) = (still_there IS NULL)", name=op.f("ck_job_talks_said_when_held")
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_job_talks_citizen_id_citizens")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_job_talks_placement_id_placements")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_job_talks_recorded_by_id_users")
        ),
        sa.UniqueConstraint("placement_id", "months", name=op.f("uq_job_talks_placement_id_months")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_talks")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_job_talks_citizen", "job_talks", ["citizen_id", "due_on"])
    op.create_index("ix_job_talks_due_on", "job_talks", ["due_on"])


def downgrade() -> None:
    op.drop_table("job_talks")
