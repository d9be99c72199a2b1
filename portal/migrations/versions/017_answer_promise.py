"""openings: until when the firm was promised an answer, and when it came"""

import sqlalchemy as sa
from alembic import op

revision = "017"
down_revision = "016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Openings that are up already were promised nothing."""
    op.add_column("openings", sa.Column("answer_due_at", sa.DateTime(), nullable=True))
    op.add_column("openings", sa.Column("answered_at", sa.DateTime(), nullable=True))
    op.create_index("ix_openings_promise", "openings", ["municipality_id", "answered_at", "answer_due_at"])


def downgrade() -> None:
    op.drop_index("ix_openings_promise", table_name="openings")
    op.drop_column("openings", "answered_at")
    op.drop_column("openings", "answer_due_at")
