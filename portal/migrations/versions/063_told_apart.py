"""told apart: citizens who look like one and are two, with who said so"""

import sqlalchemy as sa
from alembic import op

revision = "063"
down_revision = "062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "told_apart",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=False),
        sa.Column("told_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("citizen_id < other_id", name=op.f("ck_told_apart_smaller_first")),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_told_apart_citizen_id_citizens")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["citizens.id"], name=op.f("fk_told_apart_other_id_citizens")),
        sa.ForeignKeyConstraint(["told_by_id"], ["users.id"], name=op.f("fk_told_apart_told_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told_apart")),
        sa.UniqueConstraint("citizen_id", "other_id", name=op.f("uq_told_apart_citizen_id_other_id")),
    )
    op.create_index("ix_told_apart_other_id", "told_apart", ["other_id"])


def downgrade() -> None:
    op.drop_table("told_apart")
