"""the audit names each person of a list, who looked by a link, and is chained; no way around its refusals is left"""

import sqlalchemy as sa
from alembic import op

revision = "026"
down_revision = "025"
branch_labels = None
depends_on = None

REFUSAL = "audit lines are never changed or deleted"
LEAST = "6 months"
"""No month younger than this can be closed, whatever the rules of the portal say."""

TABLES = ("audit_entries", "audit_people", "audit_seals", "audit_closed_months")

TWICE = {
    "audit_entries": "SELECT 1 FROM audit_entries WHERE id = NEW.id",
    "audit_people": "SELECT 1 FROM audit_people WHERE entry_id = NEW.entry_id AND citizen_id = NEW.citizen_id",
    "audit_seals": (
        "SELECT 1 FROM audit_seals WHERE seq = NEW.seq OR entry_id = NEW.entry_id "
        "UNION ALL SELECT 1 FROM audit_closed_months WHERE last_seq >= NEW.seq"
    ),
    "audit_closed_months": (
        "SELECT 1 FROM audit_closed_months "
        "WHERE id = NEW.id OR first_on >= NEW.first_on OR last_seq >= NEW.last_seq"
    ),
}
"""What stands in the way of a new row: INSERT OR REPLACE and its kin would silently take the place of an old one."""

_BY_ENTRY = (
    "SELECT 1 FROM audit_seals "
    "WHERE entry_id = {entry} AND seq <= (SELECT max(last_seq) FROM audit_closed_months)"
)
CLOSED = {
    "audit_entries": _BY_ENTRY.format(entry="OLD.id"),
    "audit_people": _BY_ENTRY.format(entry="OLD.entry_id"),
    "audit_seals": "SELECT 1 FROM audit_closed_months WHERE last_seq >= OLD.seq",
    "audit_closed_months": "SELECT 1 WHERE 1 = 0",
}
"""What lets a row go: it belongs to a closed month."""

CLOSES_WHAT_STANDS = (
    "SELECT 1 FROM audit_seals WHERE seq = NEW.last_seq AND hash = NEW.last_hash AND NEW.until <= {six_months_ago} "
    "AND NOT EXISTS (SELECT 1 FROM audit_seals JOIN audit_entries ON audit_entries.id = audit_seals.entry_id "
    "WHERE audit_seals.seq <= NEW.last_seq AND audit_entries.at >= NEW.until)"
)
"""A month is closed at a sealed line, long after it, and holds nothing younger."""


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.add_column(
        "audit_entries", sa.Column("by_link", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_table(
        "audit_people",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["audit_entries.id"], name=op.f("fk_audit_people_entry_id_audit_entries")
        ),
        sa.PrimaryKeyConstraint("entry_id", "citizen_id", name=op.f("pk_audit_people")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_audit_people_citizen", "audit_people", ["citizen_id", "entry_id"])
    op.create_table(
        "audit_seals",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=True),
        sa.Column("mac", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_seals_entry_id")),
        sa.CheckConstraint("(mac IS NULL) = (key_id IS NULL)", name=op.f("ck_audit_seals_mac_names_its_key")),
        sa.CheckConstraint("seq > 0", name=op.f("ck_audit_seals_seq_begins_at_one")),
    )
    op.create_table(
        "audit_closed_months",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.String(64), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=True),
        sa.Column("mac", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_closed_months")),
        sa.UniqueConstraint("first_on", name=op.f("uq_audit_closed_months_first_on")),
        sa.UniqueConstraint("last_seq", name=op.f("uq_audit_closed_months_last_seq")),
        sa.CheckConstraint(
            "(mac IS NULL) = (key_id IS NULL)", name=op.f("ck_audit_closed_months_mac_names_its_key")
        ),
        sa.CheckConstraint("lines > 0", name=op.f("ck_audit_closed_months_lines_were_there")),
    )
    if sqlite:
        _guard_sqlite()
    else:
        _guard_postgresql()


def _guard_sqlite() -> None:
    op.execute("DROP TRIGGER audit_entries_no_update")
    op.execute("DROP TRIGGER audit_entries_no_delete")
    for table in TABLES:
        _refuse(f"{table}_no_update", f"UPDATE ON {table}")
        _refuse(f"{table}_no_delete", f"DELETE ON {table}", f"NOT EXISTS ({CLOSED[table]})")
        _refuse(f"{table}_no_second", f"INSERT ON {table}", f"EXISTS ({TWICE[table]})")
    stands = CLOSES_WHAT_STANDS.format(six_months_ago=f"datetime('now', '-{LEAST}')")
    _refuse("audit_closed_months_stand", "INSERT ON audit_closed_months", f"NOT EXISTS ({stands})")


def _refuse(name: str, event: str, when: str | None = None) -> None:
    condition = f"WHEN {when} " if when else ""
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} {condition}BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END")


def _guard_postgresql() -> None:
    """Its INSERT never takes an old row's place but by UPDATE, which is refused."""
    op.execute("DROP TRIGGER audit_entries_append_only ON audit_entries")
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
        )
        _check_rows(table, "DELETE", f"NOT EXISTS ({CLOSED[table]})", "OLD")
    for table in ("audit_seals", "audit_closed_months"):
        _check_rows(table, "INSERT", f"EXISTS ({TWICE[table]})", "NEW", name="second")
    stands = CLOSES_WHAT_STANDS.format(six_months_ago=f"now() AT TIME ZONE 'utc' - interval '{LEAST}'")
    _check_rows("audit_closed_months", "INSERT", f"NOT EXISTS ({stands})", "NEW", name="stand")


def _check_rows(table: str, event: str, when: str, row: str, *, name: str = "delete") -> None:
    op.execute(
        f"CREATE FUNCTION {table}_no_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {when} THEN RAISE EXCEPTION '{REFUSAL}'; END IF; RETURN {row}; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_{name} BEFORE {event} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_no_{name}()"
    )


def downgrade() -> None:
    """The chain, and whom lists were about, are lost."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in ("audit_people", "audit_seals", "audit_closed_months"):
        op.drop_table(table)
    if sqlite:
        for what in ("update", "delete", "second"):
            op.execute(f"DROP TRIGGER audit_entries_no_{what}")
        op.execute("ALTER TABLE audit_entries DROP COLUMN by_link")
        for verb in ("UPDATE", "DELETE"):
            _refuse(f"audit_entries_no_{verb.lower()}", f"{verb} ON audit_entries")
        return
    op.execute("DROP TRIGGER audit_entries_append_only ON audit_entries")
    op.execute("DROP TRIGGER audit_entries_no_delete ON audit_entries")
    for table in TABLES:
        op.execute(f"DROP FUNCTION {table}_no_delete()")
    for name in ("audit_seals_no_second", "audit_closed_months_no_second", "audit_closed_months_no_stand"):
        op.execute(f"DROP FUNCTION {name}()")
    op.drop_column("audit_entries", "by_link")
    op.execute(
        "CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
    )
