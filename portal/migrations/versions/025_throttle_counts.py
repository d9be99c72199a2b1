"""throttle counts: tries are counted by kind and key with a growing pause, in place of one row for each failed login

What the old table held is a quarter of an hour of failed logins: it is let go.
"""

import sqlalchemy as sa
from alembic import op

revision = "025"
down_revision = "024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("login_failures")
    op.create_table(
        "throttle_counts",
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_throttle_counts_tries_not_negative")),
        sa.PrimaryKeyConstraint("kind", "key_hash", name=op.f("pk_throttle_counts")),
    )
    op.create_index(op.f("ix_throttle_counts_last_at"), "throttle_counts", ["last_at"])


def downgrade() -> None:
    op.drop_table("throttle_counts")
    op.create_table(
        "login_failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_hash", sa.String(64), nullable=False),
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_failures")),
    )
    for column in ("account_hash", "address_hash", "at"):
        op.create_index(op.f(f"ix_login_failures_{column}"), "login_failures", [column])
