"""a municipality switches on the efforts that it uses"""

import sqlalchemy as sa
from alembic import op

revision = "075"
down_revision = "074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("municipalities") as table:
        table.add_column(sa.Column("efforts", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("municipalities") as table:
        table.drop_column("efforts")
