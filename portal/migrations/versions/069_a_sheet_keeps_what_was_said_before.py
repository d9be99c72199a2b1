"""what the workplace had said of a placement before its last answer by link, so that the answer can be taken back

Answers before this cannot be taken back; they can be corrected as ever.
"""

import sqlalchemy as sa
from alembic import op

revision = "069"
down_revision = "068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("assessments", sa.Column("answer_before", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table(
        "assessments", schema=None, table_kwargs={"sqlite_autoincrement": True}
    ) as batch_op:
        batch_op.drop_column("answer_before")
