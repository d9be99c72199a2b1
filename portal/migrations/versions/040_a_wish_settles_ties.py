"""a wish settles ties: which suggestions are what the citizen wishes for, and how far up a list that moves them"""

import sqlalchemy as sa
from alembic import op

revision = "040"
down_revision = "039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("matches", sa.Column("wished", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("matches", sa.Column("lift", sa.Double(), server_default="0", nullable=False))
    # As plain SQL that both databases know: batch mode would rebuild the table without its triggers
    number = sa.Double().compile(op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE matcher_weights ADD COLUMN wish {number} DEFAULT 0 NOT NULL "
        "CONSTRAINT ck_matcher_weights_wish_range CHECK (wish BETWEEN 0.0 AND 0.05)"
    )


def downgrade() -> None:
    op.drop_column("matcher_weights", "wish")
    for name in ("lift", "wished"):
        op.drop_column("matches", name)
