"""the number of an employer that was merged is never another's

PostgreSQL never gives one twice. On SQLite the table stays where it is: only the words of its key change, as in 024.
"""

from alembic import op

revision = "098"
down_revision = "097"
branch_labels = None
depends_on = None

ONCE, AGAIN = "PRIMARY KEY (id AUTOINCREMENT)", "PRIMARY KEY (id)"


def upgrade() -> None:
    _say(AGAIN, ONCE)


def downgrade() -> None:
    _say(ONCE, AGAIN)


def _say(old: str, new: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    number = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    changed = connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
        "WHERE type = 'table' AND name = 'employers' AND instr(sql, ?)",
        (old, new, old),
    )
    if changed.rowcount != 1:
        raise RuntimeError("the key of employers is not as it was made")
    connection.exec_driver_sql(f"PRAGMA schema_version={number + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")
