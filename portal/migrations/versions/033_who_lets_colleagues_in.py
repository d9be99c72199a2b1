"""colleagues are let in by colleagues: since when a contact person is there, who was asked, and who was phoned

Since when each contact person has been there was not kept: she is taken to have come with her employer.
"""

import sqlalchemy as sa
from alembic import op

revision = "033"
down_revision = "032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contact_persons", sa.Column("added_at", sa.DateTime(), nullable=True))
    op.execute(
        "UPDATE contact_persons SET added_at = "
        "(SELECT approved_at FROM employers WHERE employers.id = contact_persons.employer_id)"
    )
    with op.batch_alter_table(
        "contact_persons", schema=None, recreate="auto", table_kwargs={"sqlite_autoincrement": True}
    ) as batch_op:
        batch_op.alter_column("added_at", existing_type=sa.DateTime(), nullable=False)
    op.add_column("employer_registrations", sa.Column("asked_at", sa.DateTime(), nullable=True))
    op.add_column("employer_registrations", sa.Column("spoke_with", sa.String(length=120), nullable=True))
    op.add_column("employer_registrations", sa.Column("called_number", sa.String(length=20), nullable=True))
    op.add_column("employer_registrations", sa.Column("number_from", sa.String(length=120), nullable=True))
    # Not in a batch: that would make the table anew, and 014 could no longer take its column back
    moment = sa.DateTime().compile(dialect=op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE employer_registrations ADD COLUMN called_at {moment} "
        "CONSTRAINT ck_employer_registrations_a_call_is_told_whole CHECK "
        "((called_at IS NULL) = (spoke_with IS NULL) AND (called_at IS NULL) = (called_number IS NULL))"
    )


def downgrade() -> None:
    for name in ("called_at", "number_from", "called_number", "spoke_with", "asked_at"):
        op.drop_column("employer_registrations", name)
    with op.batch_alter_table("contact_persons", schema=None) as batch_op:
        batch_op.drop_column("added_at")
