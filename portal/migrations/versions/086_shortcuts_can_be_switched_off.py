"""a person may switch single keys off"""

import sqlalchemy as sa
from alembic import op

revision = "086"
down_revision = "085"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # No batch: it would write the table's checks in another order, and 032 edits them as they stand.
    op.add_column("users", sa.Column("has_shortcuts", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    op.drop_column("users", "has_shortcuts")
