"""administrators belong to a municipality, one role above them runs the portal, and a log line has a municipality

An administrator without a municipality gets the only one there is; where there are several nobody can know which was
hers, so she becomes one who runs the portal and sees no persons: a municipality's administrator is made anew. Users of
employers get the municipality that looks after their employer. Lines of the log get that of the citizen they are about,
else that of the actor: what a record's own municipality was is not looked up for the past. A line that is sealed
already stays as it is.
"""

import sqlalchemy as sa
from alembic import op

revision = "032"
down_revision = "031"
branch_labels = None
depends_on = None

ROLES = "'employer', 'citizen', 'consultant', 'leader', 'admin'"
HOME_OF_STAFF = "role IN ('employer', 'citizen', 'admin') OR municipality_id IS NOT NULL"
NEW_HOME_OF_STAFF = "role IN ('employer', 'citizen', 'operator') OR municipality_id IS NOT NULL"
HOME_OF_EITHER = "role IN ('employer', 'citizen', 'admin', 'operator') OR municipality_id IS NOT NULL"
"""While the roles change."""
OPERATORS = "role <> 'operator' OR municipality_id IS NULL"
LINES_HOME = """
    UPDATE audit_entries SET municipality_id = COALESCE(
        (SELECT citizens.municipality_id FROM citizens WHERE citizens.id = audit_entries.citizen_id),
        (SELECT users.municipality_id FROM users WHERE users.id = audit_entries.actor_id)
    )
    WHERE NOT EXISTS (SELECT 1 FROM audit_seals WHERE audit_seals.entry_id = audit_entries.id)
"""


def upgrade() -> None:
    _change_checks({ROLES: f"{ROLES}, 'operator'", HOME_OF_STAFF: HOME_OF_EITHER})
    op.execute(
        "UPDATE users SET municipality_id = (SELECT min(id) FROM municipalities) "
        "WHERE role = 'admin' AND municipality_id IS NULL AND (SELECT count(*) FROM municipalities) = 1"
    )
    op.execute("UPDATE users SET role = 'operator' WHERE role = 'admin' AND municipality_id IS NULL")
    op.execute(
        "UPDATE users SET municipality_id = (SELECT employers.municipality_id FROM contact_persons "
        "JOIN employers ON employers.id = contact_persons.employer_id WHERE contact_persons.user_id = users.id) "
        "WHERE role = 'employer'"
    )
    _change_checks({HOME_OF_EITHER: NEW_HOME_OF_STAFF}, added={"operator_has_no_municipality": OPERATORS})
    op.execute("ALTER TABLE audit_entries ADD COLUMN municipality_id INTEGER")
    op.create_index("ix_audit_entries_municipality", "audit_entries", ["municipality_id", "at"])
    _write_in_the_log(LINES_HOME)


def downgrade() -> None:
    """Who runs the portal becomes an administrator again, who then could see everybody."""
    op.drop_index("ix_audit_entries_municipality", "audit_entries")
    op.execute("ALTER TABLE audit_entries DROP COLUMN municipality_id")
    _change_checks({NEW_HOME_OF_STAFF: HOME_OF_EITHER}, removed={"operator_has_no_municipality": OPERATORS})
    op.execute("UPDATE users SET role = 'admin' WHERE role = 'operator'")
    _change_checks({f"{ROLES}, 'operator'": ROLES, HOME_OF_EITHER: HOME_OF_STAFF})


def _write_in_the_log(statement: str) -> None:
    """The database refuses to change a line; this adds to all of them what none had."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute("ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_append_only")
        op.execute(statement)
        op.execute("ALTER TABLE audit_entries ENABLE TRIGGER audit_entries_append_only")
        return
    connection = op.get_bind()
    guard = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE name = 'audit_entries_no_update'"
    ).scalar_one()
    op.execute("DROP TRIGGER audit_entries_no_update")
    op.execute(statement)
    connection.exec_driver_sql(guard)


def _change_checks(
    changed: dict[str, str], *, added: dict[str, str] | None = None, removed: dict[str, str] | None = None
) -> None:
    """Other CHECKs on users, and leave the table where it is: rebuilt it would lose what refers to it; as in 014."""
    names = {ROLES: "role", f"{ROLES}, 'operator'": "role"}
    if op.get_bind().dialect.name != "sqlite":
        for name in removed or {}:
            op.drop_constraint(op.f(f"ck_users_{name}"), "users", type_="check")
        for before, after in changed.items():
            name = op.f(f"ck_users_{names.get(before, 'staff_has_municipality')}")
            op.drop_constraint(name, "users", type_="check")
            condition = f"role IN ({after})" if before in names else after
            op.create_check_constraint(name, "users", sa.text(condition))
        for name, condition in (added or {}).items():
            op.create_check_constraint(op.f(f"ck_users_{name}"), "users", sa.text(condition))
        return
    first = "CONSTRAINT ck_users_email_lower_case CHECK"
    edits = [(f"({before})", f"({after})") for before, after in changed.items()]
    edits += [
        (first, f"CONSTRAINT ck_users_{name} CHECK ({text}), {first}") for name, text in (added or {}).items()
    ]
    edits += [
        (f"CONSTRAINT ck_users_{name} CHECK ({text}), {first}", first)
        for name, text in (removed or {}).items()
    ]
    _edit_stored_text(edits)


def _edit_stored_text(edits: list[tuple[str, str]]) -> None:
    connection = op.get_bind()
    number = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    for before, after in edits:
        found = connection.exec_driver_sql(
            "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
            "WHERE type = 'table' AND name = 'users' AND instr(sql, ?)",
            (before, after, before),
        )
        if found.rowcount != 1:
            raise RuntimeError(f"the CHECK on users is not as it was made: {before}")
    connection.exec_driver_sql(f"PRAGMA schema_version={number + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")
