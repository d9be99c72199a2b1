"""spells: an index with all that goals ask of those that stand, so that thousands of people are counted at once"""

import sqlalchemy as sa
from alembic import op

revision = "055"
down_revision = "054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    standing = sa.text("replaced_at IS NULL")
    op.create_index(
        "ix_spells_standing",
        "spells",
        ["citizen_id", "from_on", "until_on", "kind", "hours_per_week", "form"],
        sqlite_where=standing,
        postgresql_where=standing,
    )


def downgrade() -> None:
    op.drop_index("ix_spells_standing", "spells")
