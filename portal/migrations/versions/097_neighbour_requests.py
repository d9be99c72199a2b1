"""requests of municipalities to be neighbours, until they are answered"""

import sqlalchemy as sa
from alembic import op

revision = "097"
down_revision = "096"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "neighbour_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=False),
        sa.Column("asked_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("asker_id <> asked_id", name=op.f("ck_neighbour_requests_two_municipalities")),
        sa.ForeignKeyConstraint(
            ["asker_id"], ["municipalities.id"], name=op.f("fk_neighbour_requests_asker_id_municipalities")
        ),
        sa.ForeignKeyConstraint(
            ["asked_id"], ["municipalities.id"], name=op.f("fk_neighbour_requests_asked_id_municipalities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbour_requests")),
        sa.UniqueConstraint("asker_id", "asked_id", name=op.f("uq_neighbour_requests_asker_id_asked_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_neighbour_requests_asked_id"), "neighbour_requests", ["asked_id"])


def downgrade() -> None:
    op.drop_table("neighbour_requests")
