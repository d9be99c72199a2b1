"""the law as dated rules: how sure a number is, what a decision and a plan passed and why, looks at wording,
and the sheet that is ready for VITAS"""

import sqlalchemy as sa
from alembic import op

revision = "016"
down_revision = "015"
branch_labels = None
depends_on = None

COLUMNS = {
    "rules": (
        "certainty VARCHAR(40) DEFAULT 'read' NOT NULL CONSTRAINT ck_rules_certainty "
        "CHECK (certainty IN ('read', 'partly', 'unverified'))",
    ),
    "reviews": (
        "stop_reason VARCHAR(500) DEFAULT '' NOT NULL",
        "rung_reason VARCHAR(300) DEFAULT '' NOT NULL",
        "findings JSON DEFAULT '[]' NOT NULL",
    ),
    "placements": (
        "stop_reason VARCHAR(500) DEFAULT '' NOT NULL",
        "findings JSON DEFAULT '[]' NOT NULL",
    ),
}
"""Plain SQL that both databases know: rebuilding a table, as batch mode would, loses its AUTOINCREMENT."""

NOT_VERIFIED = "UPDATE rules SET certainty = 'unverified' WHERE key = 'full-time-hours'"


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    op.execute(NOT_VERIFIED)
    op.create_table(
        "wording_looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("words_digest", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("looked_at", sa.DateTime(), nullable=False),
        sa.Column("looked_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["looked_by_id"], ["users.id"], name=op.f("fk_wording_looks_looked_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["openings.id"], name=op.f("fk_wording_looks_opening_id_openings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_looks")),
        sa.UniqueConstraint(
            "opening_id", "words_digest", name=op.f("uq_wording_looks_opening_id_words_digest")
        ),
    )
    op.create_table(
        "vitas_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "hiring",
                "training",
                "trial",
                name="praktikpurpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("working_times", sa.String(length=120), nullable=False),
        sa.Column("remarks", sa.String(length=1000), nullable=False),
        sa.Column("monthly_wage_dkk", sa.Integer(), nullable=True),
        sa.Column("staff_last_month", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("staff_average", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("school_weeks", sa.Integer(), nullable=True),
        sa.Column("representative_name", sa.String(length=120), nullable=False),
        sa.Column("representative_stated_on", sa.Date(), nullable=True),
        sa.Column("confirmed", sa.JSON(), nullable=False),
        sa.Column("case_number", sa.String(length=40), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("ready_at", sa.DateTime(), nullable=True),
        sa.Column("ready_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "representative_stated_on IS NULL OR representative_name <> ''",
            name=op.f("ck_vitas_sheets_statement_has_a_name"),
        ),
        sa.CheckConstraint(
            "(ready_at IS NULL) = (ready_by_id IS NULL)", name=op.f("ck_vitas_sheets_ready_by_somebody")
        ),
        sa.CheckConstraint("monthly_wage_dkk >= 0", name=op.f("ck_vitas_sheets_wage_not_negative")),
        sa.CheckConstraint("school_weeks >= 0", name=op.f("ck_vitas_sheets_school_weeks_not_negative")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_vitas_sheets_placement_id_placements")
        ),
        sa.ForeignKeyConstraint(
            ["ready_by_id"], ["users.id"], name=op.f("fk_vitas_sheets_ready_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["users.id"], name=op.f("fk_vitas_sheets_written_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vitas_sheets")),
        sa.UniqueConstraint("placement_id", name=op.f("uq_vitas_sheets_placement_id")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("vitas_sheets")
    op.drop_table("wording_looks")
    for table, columns in COLUMNS.items():
        for column in reversed(columns):
            op.drop_column(table, column.split(" ", 1)[0])
