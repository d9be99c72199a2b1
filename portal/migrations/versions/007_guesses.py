"""guesses: what unsure words may mean, and how much that may count"""

import sqlalchemy as sa
from alembic import op

revision = "007"
down_revision = "006"
branch_labels = None
depends_on = None

TABLES = ("opening_tasks", "skill_evidence", "certificates")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("guesses", sa.JSON(), server_default="[]", nullable=False))
    # As plain SQL that both databases know: batch mode would rebuild the table without its triggers
    number = sa.Double().compile(op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE matcher_weights ADD COLUMN guess_at_most {number} DEFAULT 0.9 NOT NULL "
        "CONSTRAINT ck_matcher_weights_guess_at_most_range CHECK (guess_at_most BETWEEN 0.0 AND 0.99)"
    )


def downgrade() -> None:
    op.drop_column("matcher_weights", "guess_at_most")
    for table in reversed(TABLES):
        op.drop_column(table, "guesses")
