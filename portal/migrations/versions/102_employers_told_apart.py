"""two employers that look like one and are two"""

import sqlalchemy as sa
from alembic import op

revision = "102"
down_revision = "101"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "employers_told_apart",
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=False),
        sa.Column("told_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("employer_id < other_id", name=op.f("ck_employers_told_apart_smaller_first")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_employers_told_apart_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["employers.id"], name=op.f("fk_employers_told_apart_other_id_employers")
        ),
        sa.ForeignKeyConstraint(
            ["told_by_id"], ["users.id"], name=op.f("fk_employers_told_apart_told_by_id_users")
        ),
        sa.PrimaryKeyConstraint("employer_id", "other_id", name=op.f("pk_employers_told_apart")),
    )
    op.create_index(op.f("ix_employers_told_apart_other_id"), "employers_told_apart", ["other_id"])


def downgrade() -> None:
    op.drop_table("employers_told_apart")
