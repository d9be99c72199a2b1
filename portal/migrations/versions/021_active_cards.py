"""an index of the active cards of a municipality, oldest first: the forgotten are counted on every front page"""

from alembic import op

revision = "021"
down_revision = "020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_competence_cards_active", "competence_cards", ["municipality_id", "is_active", "created_at"]
    )


def downgrade() -> None:
    op.drop_index("ix_competence_cards_active", "competence_cards")
