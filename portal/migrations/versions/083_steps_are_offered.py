"""employers offer to take a step of a package"""

import sqlalchemy as sa
from alembic import op

revision = "083"
down_revision = "082"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "step_offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("package_step_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("offered_at", sa.DateTime(), nullable=False),
        sa.Column("offered_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_step_offers_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(
            ["package_step_id"],
            ["package_steps.id"],
            name=op.f("fk_step_offers_package_step_id_package_steps"),
        ),
        sa.ForeignKeyConstraint(
            ["offered_by_id"], ["users.id"], name=op.f("fk_step_offers_offered_by_id_users")
        ),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_step_offers_period")),
        sa.CheckConstraint("places > 0", name=op.f("ck_step_offers_places_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_offers")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_step_offers_employer", "step_offers", ["employer_id"])
    standing = sa.text("withdrawn_at IS NULL")
    op.create_index(
        "uq_step_offers_one_standing",
        "step_offers",
        ["package_step_id", "employer_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def downgrade() -> None:
    op.drop_table("step_offers")
