"""mentors, and what is agreed with them"""

import sqlalchemy as sa
from alembic import op

revision = "076"
down_revision = "075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mentors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "employer",
                "municipality",
                "corps",
                name="mentororigin",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("languages", sa.String(length=200), server_default="", nullable=False),
        sa.Column("hours_per_week", sa.Double(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("is_shared", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("pledged_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("archived_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "archived_at IS NULL OR (email IS NULL AND phone IS NULL)",
            name=op.f("ck_mentors_archived_unreached"),
        ),
        sa.CheckConstraint(
            "(origin = 'employer') = (employer_id IS NOT NULL)", name=op.f("ck_mentors_employer_of_origin")
        ),
        sa.CheckConstraint(
            "hours_per_week > 0 AND hours_per_week <= 168", name=op.f("ck_mentors_hours_range")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_mentors_created_by_id_users")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_mentors_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_mentors_municipality_id_municipalities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentors")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_mentors_employer_id", "mentors", ["employer_id"])
    op.create_index("ix_mentors_municipality", "mentors", ["municipality_id", "archived_at"])
    op.create_table(
        "mentor_agreements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("agreed", sa.String(length=500), nullable=False),
        sa.Column("hours_per_week", sa.Double(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("citizen_agreed_on", sa.Date(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(), nullable=True),
        sa.Column("declined_at", sa.DateTime(), nullable=True),
        sa.Column(
            "answered_via",
            sa.Enum(
                "link",
                "paper",
                "phone",
                "meeting",
                name="mentoryesvia",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("answer_recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column(
            "end_reason",
            sa.Enum(
                "done",
                "in_work",
                "in_education",
                "other_mentor",
                "by_citizen",
                "by_mentor",
                "other",
                name="mentorend",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(agreed_at IS NULL AND declined_at IS NULL) = (answered_via IS NULL)",
            name=op.f("ck_mentor_agreements_answered_somehow"),
        ),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (ended_at IS NULL)", name=op.f("ck_mentor_agreements_end_is_recorded")
        ),
        sa.CheckConstraint(
            "ended_on IS NULL OR agreed_at IS NOT NULL", name=op.f("ck_mentor_agreements_end_of_an_agreement")
        ),
        sa.CheckConstraint(
            "ended_on BETWEEN from_on AND until_on", name=op.f("ck_mentor_agreements_end_within")
        ),
        sa.CheckConstraint(
            "hours_per_week > 0 AND hours_per_week <= 168", name=op.f("ck_mentor_agreements_hours_range")
        ),
        sa.CheckConstraint(
            "agreed_at IS NULL OR declined_at IS NULL", name=op.f("ck_mentor_agreements_one_answer")
        ),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_mentor_agreements_period")),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (end_reason IS NULL)", name=op.f("ck_mentor_agreements_reason_of_an_end")
        ),
        sa.ForeignKeyConstraint(
            ["answer_recorded_by_id"],
            ["users.id"],
            name=op.f("fk_mentor_agreements_answer_recorded_by_id_users"),
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_mentor_agreements_citizen_id_citizens")
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["mentors.id"], name=op.f("fk_mentor_agreements_mentor_id_mentors")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_mentor_agreements_placement_id_placements")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["users.id"], name=op.f("fk_mentor_agreements_proposed_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_agreements")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_mentor_agreements_citizen", "mentor_agreements", ["citizen_id", "from_on"])
    op.create_index("ix_mentor_agreements_mentor", "mentor_agreements", ["mentor_id", "until_on"])
    op.create_index("ix_mentor_agreements_placement_id", "mentor_agreements", ["placement_id"])


def downgrade() -> None:
    op.drop_table("mentor_agreements")
    op.drop_table("mentors")
