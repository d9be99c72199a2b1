"""tasks of the consultants"""

import sqlalchemy as sa
from alembic import op

revision = "089"
down_revision = "088"
branch_labels = None
depends_on = None

KEYS = (
    ("municipality_id", "municipalities"),
    ("owner_id", "users"),
    ("citizen_id", "citizens"),
    ("employer_id", "employers"),
    ("placement_id", "placements"),
    ("made_by_id", "users"),
    ("done_by_id", "users"),
)


def upgrade() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=True),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN citizen_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN employer_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN placement_id IS NULL THEN 0 ELSE 1 END) <= 1",
            name=op.f("ck_tasks_about_one"),
        ),
        sa.CheckConstraint(
            "(done_at IS NULL) = (done_by_id IS NULL)", name=op.f("ck_tasks_done_by_somebody")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_tasks_{column}_{table}"))
            for column, table in KEYS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tasks_owner", "tasks", ["owner_id", "done_at", "due_on"])
    op.create_index("ix_tasks_municipality", "tasks", ["municipality_id", "done_at", "due_on"])
    for column in ("citizen_id", "employer_id", "placement_id"):
        op.create_index(op.f(f"ix_tasks_{column}"), "tasks", [column])


def downgrade() -> None:
    op.drop_table("tasks")
