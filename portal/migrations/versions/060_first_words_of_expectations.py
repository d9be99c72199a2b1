"""the words that somebody wrote before she could read the others' stay when she changes them"""

import sqlalchemy as sa
from alembic import op

revision = "060"
down_revision = "059"
branch_labels = None
depends_on = None

LENGTHS = {"first_purpose": 500, "first_time_frame": 300, "first_development": 500}


def upgrade() -> None:
    for name, length in LENGTHS.items():
        op.add_column(
            "expectations", sa.Column(name, sa.String(length=length), server_default="", nullable=False)
        )
    op.add_column("expectations", sa.Column("changed_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("expectations", schema=None) as batch_op:
        for name in ("changed_at", *reversed(LENGTHS)):
            batch_op.drop_column(name)
