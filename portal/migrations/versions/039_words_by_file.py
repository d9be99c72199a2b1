"""words by file: the installation brings its vocabulary in on the page of imports, and belongs to no municipality"""

import sqlalchemy as sa
from alembic import op

revision = "039"
down_revision = "038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("import_files", schema=None) as batch_op:
        batch_op.alter_column("municipality_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    """Files that wait for a yes wait an hour; the installation's are sent again."""
    op.execute("DELETE FROM import_files WHERE municipality_id IS NULL")
    with op.batch_alter_table("import_files", schema=None) as batch_op:
        batch_op.alter_column("municipality_id", existing_type=sa.Integer(), nullable=False)
