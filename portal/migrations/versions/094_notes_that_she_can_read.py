"""short dated notes about a citizen, for her to read"""

import sqlalchemy as sa
from alembic import op

revision = "094"
down_revision = "093"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "citizen_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(), nullable=True),
        sa.Column("struck_at", sa.DateTime(), nullable=True),
        sa.Column("struck_by_id", sa.Integer(), nullable=True),
        sa.Column("struck_because", sa.String(length=200), server_default="", nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_citizen_notes_says_something")),
        sa.CheckConstraint(
            "(struck_at IS NULL) = (struck_by_id IS NULL)", name=op.f("ck_citizen_notes_struck_by_somebody")
        ),
        sa.CheckConstraint(
            "(struck_at IS NULL) = (struck_because = '')", name=op.f("ck_citizen_notes_struck_for_a_reason")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{other}.id"], name=op.f(f"fk_citizen_notes_{column}_{other}")
            )
            for column, other in (
                ("citizen_id", "citizens"),
                ("written_by_id", "users"),
                ("struck_by_id", "users"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizen_notes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_citizen_notes_citizen", "citizen_notes", ["citizen_id", "said_on"])


def downgrade() -> None:
    op.drop_table("citizen_notes")
