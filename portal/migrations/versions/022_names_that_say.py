"""columns named after what they hold: why unpaid, and what keeps a mail from going twice"""

import sqlalchemy as sa
from alembic import op

revision = "022"
down_revision = "021"
branch_labels = None
depends_on = None

RENAMED = (("reviews", "rung_reason", "unpaid_reason"), ("outbox", "once", "dedupe_key"))


def upgrade() -> None:
    for table, old, new in RENAMED:
        op.execute(sa.text(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}"))


def downgrade() -> None:
    for table, old, new in RENAMED:
        op.execute(sa.text(f"ALTER TABLE {table} RENAME COLUMN {new} TO {old}"))
