"""what would help most those without a good match"""

import sqlalchemy as sa
from alembic import op

revision = "008"
down_revision = "007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outlooks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=True),
        sa.Column("card_id", sa.Integer(), nullable=True),
        sa.Column("condition", sa.String(length=40), nullable=False),
        sa.Column("before", sa.Double(), nullable=True),
        sa.Column("after", sa.Double(), nullable=True),
        sa.Column("asked", sa.String(length=40), nullable=True),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("worked_out_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("(opening_id IS NULL) <> (card_id IS NULL)", name=op.f("ck_outlooks_of_one_side")),
        sa.CheckConstraint(
            "found >= 1 AND good BETWEEN 0 AND found", name=op.f("ck_outlooks_good_among_found")
        ),
        sa.ForeignKeyConstraint(
            ["card_id"], ["competence_cards.id"], name=op.f("fk_outlooks_card_id_competence_cards")
        ),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["openings.id"], name=op.f("fk_outlooks_opening_id_openings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outlooks")),
        sa.UniqueConstraint("card_id", name=op.f("uq_outlooks_card_id")),
        sa.UniqueConstraint("opening_id", name=op.f("uq_outlooks_opening_id")),
    )
    op.create_index(
        "ix_matches_decided", "matches", ["municipality_id", "status", "renewed_at", "card_id", "opening_id"]
    )


def downgrade() -> None:
    op.drop_index("ix_matches_decided", "matches")
    op.drop_table("outlooks")
