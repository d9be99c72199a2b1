"""Where a citizen's rows are, found by the foreign keys: a new table is among them without being named.

From `citizens` along every key that points to it, and on. What is stored about her and what goes when she is erased
are the same rows.
"""

from collections.abc import Iterable
from functools import cache

import sqlalchemy as sa

from portal.base.database import db
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User


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


def citizens_behind(table_name: str | None, keys: Iterable[int]) -> set[int]:
    """The citizens that rows of a table are about: whoever is shown such a row has seen them.

    Of users, those who sign in as citizens; nobody for a table that is not about citizens.
    """
    wanted = set(keys)
    if not wanted:
        return set()
    if table_name == User.__tablename__:
        statement = sa.select(Citizen.id).where(Citizen.user_id.in_(wanted))
        return set(db.session.scalars(statement))
    owners = _owners().get(table_name or "")
    if owners is None:
        return set()
    return set(db.session.scalars(sa.select(owners.c.citizen_id).where(owners.c.id.in_(wanted))))


@cache
def _owners() -> dict[str, sa.Subquery]:
    """By table: the key of each row and the citizen it leads to."""
    found: dict[str, sa.Subquery] = {}
    for table in tables_about_a_citizen():
        if table.name == Citizen.__tablename__:
            found[table.name] = sa.select(table.c.id, table.c.id.label("citizen_id")).subquery()
            continue
        if "id" not in table.c:
            continue
        ways = [
            sa.select(table.c.id, above.c.citizen_id).join(above, key.parent == above.c.id)
            for key in sorted(table.foreign_keys, key=lambda one: one.parent.name)
            if (above := found.get(key.column.table.name)) is not None
        ]
        found[table.name] = sa.union_all(*ways).subquery()
    return found
