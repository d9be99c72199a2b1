"""how many hours a week may be agreed is the rules' to say; the columns hold what a week has"""

import sqlalchemy as sa
from alembic import op

revision = "023"
down_revision = "022"
branch_labels = None
depends_on = None

TABLES = ("openings", "placements")
BEFORE, AFTER = (f"hours_per_week > 0 AND hours_per_week <= {most}" for most in (37, 168))


def upgrade() -> None:
    for table in TABLES:
        _allow(table, BEFORE, AFTER)


def downgrade() -> None:
    for table in TABLES:
        hours = sa.table(table, sa.column("hours_per_week"))
        op.execute(sa.update(hours).where(hours.c.hours_per_week > 37).values(hours_per_week=37))
        _allow(table, AFTER, BEFORE)


def _allow(table: str, before: str, after: str) -> None:
    """Change the CHECK and leave the table where it is; as in 014, SQLite's stored text is edited."""
    name = op.f(f"ck_{table}_hours_range")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, sa.text(after))
        return
    connection = op.get_bind()
    number = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    changed = connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ? AND instr(sql, ?)",
        (before, after, table, before),
    )
    if changed.rowcount != 1:
        raise RuntimeError(f"the CHECK on {table}.hours_per_week is not as it was made")
    connection.exec_driver_sql(f"PRAGMA schema_version={number + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")
