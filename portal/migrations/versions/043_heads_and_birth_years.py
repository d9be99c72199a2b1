"""how many people work at a workplace, beside its full-time persons, and a birth year where the day is not known"""

from alembic import op

revision = "043"
down_revision = "042"
branch_labels = None
depends_on = None

STAFFED = ("workplaces", "employer_registrations")


def upgrade() -> None:
    # As plain SQL that both databases know: batch mode would rebuild the tables without their triggers
    for table in STAFFED:
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN heads INTEGER "
            f"CONSTRAINT ck_{table}_heads_cover_staff CHECK (heads >= full_time_staff)"
        )
    op.execute(
        "ALTER TABLE citizens ADD COLUMN birth_year INTEGER "
        "CONSTRAINT ck_citizens_birth_year_range CHECK (birth_year BETWEEN 1900 AND 2100) "
        "CONSTRAINT ck_citizens_one_birth CHECK (born_on IS NULL OR birth_year IS NULL)"
    )


def downgrade() -> None:
    """The years that stood without a day are lost: no day can be made of them."""
    op.drop_column("citizens", "birth_year")
    for table in STAFFED:
        op.drop_column(table, "heads")
