"""contacts with employers and prospects, and what comes next"""

import sqlalchemy as sa
from alembic import op

revision = "087"
down_revision = "086"
branch_labels = None
depends_on = None

KINDS = ("call", "visit", "mail", "note")
PEOPLE = ("next_done_by_id", "written_by_id", "struck_by_id")


def upgrade() -> None:
    _create_prospects()
    op.create_table(
        "employer_contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("prospect_id", sa.Integer(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="contactkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("spoke_with", sa.String(length=120), server_default="", nullable=False),
        sa.Column("words", sa.String(length=500), server_default="", nullable=False),
        sa.Column("next_step", sa.String(length=200), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("next_done_at", sa.DateTime(), nullable=True),
        sa.Column("next_done_by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("earlier_of_id", sa.Integer(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(), nullable=True),
        sa.Column("struck_at", sa.DateTime(), nullable=True),
        sa.Column("struck_by_id", sa.Integer(), nullable=True),
        sa.Column("strike_reason", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(next_step IS NULL) = (next_on IS NULL)", name=op.f("ck_employer_contacts_step_has_a_day")
        ),
        sa.CheckConstraint(
            "next_done_at IS NULL OR next_step IS NOT NULL", name=op.f("ck_employer_contacts_done_of_a_step")
        ),
        sa.CheckConstraint(
            "(next_done_at IS NULL) = (next_done_by_id IS NULL)",
            name=op.f("ck_employer_contacts_done_by_somebody"),
        ),
        sa.CheckConstraint(
            "(struck_at IS NULL) = (strike_reason IS NULL) AND (struck_at IS NULL) = (struck_by_id IS NULL)",
            name=op.f("ck_employer_contacts_struck_with_a_reason"),
        ),
        sa.CheckConstraint(
            "(earlier_of_id IS NULL) = (replaced_at IS NULL)",
            name=op.f("ck_employer_contacts_replaced_follows_earlier"),
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_employer_contacts_employer_id_employers")
        ),
        sa.CheckConstraint(
            "(employer_id IS NULL) <> (prospect_id IS NULL)", name=op.f("ck_employer_contacts_of_one_company")
        ),
        sa.ForeignKeyConstraint(
            ["prospect_id"],
            ["employer_prospects.id"],
            name=op.f("fk_employer_contacts_prospect_id_employer_prospects"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipalities.id"],
            name=op.f("fk_employer_contacts_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["earlier_of_id"],
            ["employer_contacts.id"],
            name=op.f("fk_employer_contacts_earlier_of_id_employer_contacts"),
        ),
        *(
            sa.ForeignKeyConstraint([column], ["users.id"], name=op.f(f"fk_employer_contacts_{column}_users"))
            for column in PEOPLE
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer_contacts")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("employer_contacts") as table:
        table.create_index("ix_employer_contacts_employer", ["employer_id", "happened_on"])
        table.create_index(op.f("ix_employer_contacts_municipality_id"), ["municipality_id"])
        table.create_index(op.f("ix_employer_contacts_next_on"), ["next_on"])
        table.create_index(op.f("ix_employer_contacts_prospect_id"), ["prospect_id"])
        table.create_index(op.f("ix_employer_contacts_written_by_id"), ["written_by_id"])
        table.create_index(op.f("ix_employer_contacts_earlier_of_id"), ["earlier_of_id"])


def _create_prospects() -> None:
    op.create_table(
        "employer_prospects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("cvr", sa.String(length=8), nullable=True),
        sa.Column("line_of_work", sa.String(length=80), server_default="", nullable=False),
        sa.Column("phone", sa.String(length=20), server_default="", nullable=False),
        sa.Column("contact_name", sa.String(length=120), server_default="", nullable=False),
        sa.Column("contact_email", sa.String(length=254), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("joined_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("length(cvr) = 8", name=op.f("ck_employer_prospects_cvr_length")),
        sa.CheckConstraint(
            "(employer_id IS NULL) = (joined_at IS NULL)",
            name=op.f("ck_employer_prospects_joined_with_a_moment"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipalities.id"],
            name=op.f("fk_employer_prospects_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_employer_prospects_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_employer_prospects_employer_id_employers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer_prospects")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("employer_prospects") as table:
        table.create_index(op.f("ix_employer_prospects_employer_id"), ["employer_id"])
        table.create_index(
            "uq_employer_prospects_open",
            ["municipality_id", "cvr"],
            unique=True,
            sqlite_where=sa.text("employer_id IS NULL"),
            postgresql_where=sa.text("employer_id IS NULL"),
        )


def downgrade() -> None:
    op.drop_table("employer_contacts")
    op.drop_table("employer_prospects")
