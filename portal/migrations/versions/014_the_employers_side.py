"""the employer's side: paused openings, working days, conditions; sector, representative, colleagues
and recommendations of firms; what the business register said"""

import sqlalchemy as sa
from alembic import op

revision = "014"
down_revision = "013"
branch_labels = None
depends_on = None

BEFORE = "'draft', 'published', 'filled', 'expired', 'withdrawn'"
AFTER = "'draft', 'published', 'paused', 'filled', 'expired', 'withdrawn'"

SECTOR = "sector VARCHAR(40) CONSTRAINT ck_{table}_sector CHECK (sector IN ('private', 'public'))"
REPRESENTATIVE = (
    "representative_name VARCHAR(120) DEFAULT '' NOT NULL",
    "representative_email VARCHAR(254) DEFAULT '' NOT NULL",
    "representative_phone VARCHAR(20) DEFAULT '' NOT NULL",
)
COLUMNS = {
    "openings": (
        "weekdays JSON DEFAULT '[]' NOT NULL",
        "working_times VARCHAR(120) DEFAULT '' NOT NULL",
    ),
    "workplaces": ("staff_stated_by VARCHAR(120) DEFAULT '' NOT NULL", *REPRESENTATIVE),
    "employers": (
        SECTOR.format(table="employers"),
        "wants_publicity BOOLEAN DEFAULT false NOT NULL",
        "referred_by_id INTEGER CONSTRAINT fk_employers_referred_by_id_employers REFERENCES employers (id) "
        "CONSTRAINT ck_employers_not_referred_by_itself CHECK (referred_by_id <> id)",
    ),
    "employer_registrations": (
        SECTOR.format(table="employer_registrations"),
        *REPRESENTATIVE,
        "referred_by_id INTEGER CONSTRAINT fk_employer_registrations_referred_by_id_employers "
        "REFERENCES employers (id)",
    ),
}
"""Plain SQL that both databases know: rebuilding a table, as batch mode would, loses its AUTOINCREMENT."""


def upgrade() -> None:
    _allow(BEFORE, AFTER)
    for table, columns in COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    op.create_index("ix_employers_referred_by_id", "employers", ["referred_by_id"])

    op.create_table(
        "register_answers",
        sa.Column("cvr", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("units", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("cvr", name=op.f("pk_register_answers")),
    )
    op.create_table(
        "employer_invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "accepted_at IS NULL OR withdrawn_at IS NULL",
            name=op.f("ck_employer_invitations_accepted_or_withdrawn"),
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_employer_invitations_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["users.id"], name=op.f("fk_employer_invitations_invited_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer_invitations")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_employer_invitations_employer_id", "employer_invitations", ["employer_id"])
    op.create_table(
        "opening_conditions",
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["openings.id"], name=op.f("fk_opening_conditions_opening_id_openings")
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["skills.id"], name=op.f("fk_opening_conditions_skill_id_skills")
        ),
        sa.PrimaryKeyConstraint("opening_id", "skill_id", name=op.f("pk_opening_conditions")),
    )
    op.create_index("ix_opening_conditions_skill_id", "opening_conditions", ["skill_id"])


def downgrade() -> None:
    for table in (
        "opening_conditions",
        "employer_invitations",
        "register_answers",
    ):
        op.drop_table(table)
    op.drop_index("ix_employers_referred_by_id", table_name="employers")
    for table, columns in COLUMNS.items():
        for column in reversed(columns):
            op.drop_column(table, column.split(" ", 1)[0])
    op.execute("UPDATE openings SET status = 'published' WHERE status = 'paused'")
    _allow(AFTER, BEFORE)


def _allow(before: str, after: str) -> None:
    """Change the words that openings.status may be, and leave the table where it is."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_openings_openingstatus"), "openings", type_="check")
        op.create_check_constraint(
            op.f("ck_openings_openingstatus"), "openings", sa.text(f"status IN ({after})")
        )
        return
    # SQLite has no ALTER for a CHECK; editing the stored text is its own way where no row changes
    # (https://www.sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes")
    connection = op.get_bind()
    number = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    changed = connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
        "WHERE type = 'table' AND name = 'openings' AND instr(sql, ?)",
        (before, after, before),
    )
    if changed.rowcount != 1:
        raise RuntimeError("the CHECK on openings.status is not as it was made")
    connection.exec_driver_sql(f"PRAGMA schema_version={number + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")
