"""which last day a renewal by link took the place of: the link takes back its own renewal alone

Renewals before this cannot be taken back by a link.
"""

import sqlalchemy as sa
from alembic import op

revision = "068"
down_revision = "067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("opening_publications", sa.Column("renews_expired_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("opening_publications", schema=None) as batch_op:
        batch_op.drop_column("renews_expired_on")
