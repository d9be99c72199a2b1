"""merged citizens: who became one with whom, by whom and why; under which number she stood before"""

import sqlalchemy as sa
from alembic import op

revision = "066"
down_revision = "065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "merged_citizens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("old_id", sa.Integer(), nullable=False),
        sa.Column("old_card_id", sa.Integer(), nullable=True),
        sa.Column("old_card_number", sa.String(length=20), nullable=True),
        sa.Column("case_key", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("merged_at", sa.DateTime(), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_merged_citizens_citizen_id_citizens")
        ),
        sa.ForeignKeyConstraint(
            ["merged_by_id"], ["users.id"], name=op.f("fk_merged_citizens_merged_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merged_citizens")),
        sa.UniqueConstraint("old_id", name=op.f("uq_merged_citizens_old_id")),
        sa.UniqueConstraint("old_card_id", name=op.f("uq_merged_citizens_old_card_id")),
    )
    op.create_index("ix_merged_citizens_citizen_id", "merged_citizens", ["citizen_id"])


def downgrade() -> None:
    op.drop_table("merged_citizens")
