"""two employers that are one"""

import sqlalchemy as sa
from alembic import op

revision = "096"
down_revision = "095"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "merged_employers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("old_id", sa.Integer(), nullable=False),
        sa.Column("old_cvr", sa.String(length=8), nullable=False),
        sa.Column("old_name", sa.String(length=120), nullable=False),
        sa.Column("old_industry", sa.String(length=40), nullable=False),
        sa.Column("old_since", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("merged_at", sa.DateTime(), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_merged_employers_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(
            ["merged_by_id"], ["users.id"], name=op.f("fk_merged_employers_merged_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merged_employers")),
        sa.UniqueConstraint("old_id", name=op.f("uq_merged_employers_old_id")),
    )
    with op.batch_alter_table("merged_employers") as table:
        table.create_index(op.f("ix_merged_employers_employer_id"), ["employer_id"])


def downgrade() -> None:
    op.drop_table("merged_employers")
