"""an erasure is of both who became one: a backup from before that has the other still"""

import sqlalchemy as sa
from alembic import op

revision = "074"
down_revision = "073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("merged_citizens") as table:
        table.add_column(sa.Column("old_created_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("merged_citizens") as table:
        table.drop_column("old_created_at")
