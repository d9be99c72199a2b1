"""once a year employers say who still may sign in for them

Whoever is there has been confirmed by nobody since she came: where that is a year ago, the first review begins at once.
"""

import sqlalchemy as sa
from alembic import op

revision = "035"
down_revision = "034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contact_persons", sa.Column("confirmed_at", sa.DateTime(), nullable=True))
    op.execute("UPDATE contact_persons SET confirmed_at = added_at")
    with op.batch_alter_table(
        "contact_persons", schema=None, table_kwargs={"sqlite_autoincrement": True}
    ) as batch_op:
        batch_op.alter_column("confirmed_at", existing_type=sa.DateTime(), nullable=False)
    op.create_table(
        "access_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_access_reviews_employer_id_employers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_reviews")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_access_reviews_employer_id", "access_reviews", ["employer_id"])
    op.create_index(
        "uq_access_reviews_open",
        "access_reviews",
        ["employer_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("access_reviews")
    with op.batch_alter_table(
        "contact_persons", schema=None, table_kwargs={"sqlite_autoincrement": True}
    ) as batch_op:
        batch_op.drop_column("confirmed_at")
