"""Where a citizen's rows are, found by the foreign keys: a new table is among them without being named.

From `citizens` along every key that points to it, and on. What is stored about her and what goes when she is erased
are the same rows.
"""

import sqlalchemy as sa

from portal.base.database import db
from portal.loop.citizens.models import Citizen


def tables_about_a_citizen() -> tuple[sa.Table, ...]:
    """`citizens` and all that points to it, over any number of steps, each after what it points to."""
    found = {Citizen.__tablename__}
    tables: list[sa.Table] = [db.metadata.tables[Citizen.__tablename__]]
    for table in db.metadata.sorted_tables:
        if table.name not in found and any(key.column.table.name in found for key in table.foreign_keys):
            found.add(table.name)
            tables.append(table)
    return tuple(tables)


def rows_about(citizen_id: int) -> dict[sa.Table, sa.ColumnElement[bool]]:
    """Each of those tables with what holds of her rows in it, in the same order."""
    about: dict[sa.Table, sa.ColumnElement[bool]] = {}
    for table in tables_about_a_citizen():
        ways = [
            key.parent.in_(sa.select(key.column).where(about[key.column.table]))
            for key in sorted(table.foreign_keys, key=lambda one: one.parent.name)
            if key.column.table in about
        ]
        about[table] = sa.or_(*ways) if ways else table.c.id == citizen_id
    return about
