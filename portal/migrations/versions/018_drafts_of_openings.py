"""drafts of openings: what has been answered so far, step by step"""

import sqlalchemy as sa
from alembic import op

revision = "018"
down_revision = "017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opening_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_opening_drafts_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_drafts")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_opening_drafts_user_id", "opening_drafts", ["user_id"])


def downgrade() -> None:
    op.drop_table("opening_drafts")
