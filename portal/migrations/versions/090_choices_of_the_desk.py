"""whose work a consultant's front page shows"""

import sqlalchemy as sa
from alembic import op

revision = "090"
down_revision = "089"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_choices",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("shows_everybody", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_desk_choices_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_desk_choices")),
    )


def downgrade() -> None:
    op.drop_table("desk_choices")
