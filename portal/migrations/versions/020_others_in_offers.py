"""people in nytteindsats and others at a workplace whom the portal did not place: typed in, counted in the ratio"""

from alembic import op

revision = "020"
down_revision = "019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE workplaces ADD COLUMN other_places NUMERIC(8, 2) DEFAULT 0 NOT NULL "
        "CONSTRAINT ck_workplaces_other_places_not_negative CHECK (other_places >= 0)"
    )


def downgrade() -> None:
    op.drop_column("workplaces", "other_places")
