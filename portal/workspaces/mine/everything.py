"""All that is stored about one citizen: her rows (citizens/footprint.py), her login, and the log's lines about her.

Employees are never named: a row says only that it was the municipality, or the employer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final

import sqlalchemy as sa

from portal.base.database import db
from portal.base.taking_back import open_until
from portal.base.terms import Party
from portal.interventions.target_groups.models import LadderStep, TargetGroup
from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.footprint import rows_about, tables_about_a_citizen
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import LOOK_ORDER, looks_at
from portal.loop.employers.models import Employer
from portal.loop.openings.models import Opening
from portal.shared.accounts.models import AccessToken, Municipality, User, UserSession
from portal.shared.skills.models import JobTitle, Skill
from portal.web.permissions import Role, Scope, roles_with
from portal.web.rooms import rooms

Row = dict[str, Any]

OMITTED: Final[Mapping[str, str]] = {
    "folded": "the same text once more, made comparable",
    "case_key": "the same number once more, made comparable",
    "name_key": "the same name once more, made comparable",
    "phone_key": "the same number once more, made comparable",
    "searched": "the same words once more, made comparable",
    "sort_name": "the same name once more, in the order of lists",
    "other_id": "names another citizen",
    "secret_hash": "opens something",
    "password_hash": "opens something",
    "answered_by": "names an employee of the workplace",
    "representative_name": "names an employee of the workplace",
    "said_by": "may name an employee of the workplace",
}
"""Columns that are left out wherever they stand, and why."""

LOOKS: Final = "audit_entries"

_NAMES: Final[Mapping[str, Any]] = {
    "municipalities": Municipality.name,
    "employers": Employer.name,
    "openings": Opening.title,
    "skills": Skill.name,
    "job_titles": JobTitle.name,
    "target_groups": TargetGroup.name,
    "ladder_steps": LadderStep.name,
}
"""What is said instead of a key into a table that is not about her."""

_OF_HER_LOGIN: Final = (UserSession, AccessToken)


@dataclass(frozen=True)
class Everything:
    """Tables with their rows, in the order in which they came to be; empty tables are there too."""

    citizen: Citizen
    at: datetime
    tables: Mapping[str, list[Row]]


def everything_about(citizen: Citizen, at: datetime, *, reader: Party = Party.CITIZEN) -> Everything:
    """`reader`: who takes it out; what the three write unseen is not read in a file before it may be read at all."""
    raw = _raw_rows(citizen, reader, at)
    speaks = _Names(citizen, raw)
    tables = {
        table.name: [speaks.row(table, row) for row in raw[table.name]] for table in tables_about_a_citizen()
    }
    return Everything(citizen, at, {**tables, **_login(citizen), LOOKS: _looks(citizen)})


def _raw_rows(citizen: Citizen, reader: Party, at: datetime) -> dict[str, list[Row]]:
    """One statement for each table."""
    raw: dict[str, list[Row]] = {}
    for table, hers in rows_about(citizen.id).items():
        words = rooms().personal.get(table.name)
        shown = words.shown(reader) if words and words.shown else sa.true()
        statement = sa.select(table).where(hers, shown).order_by(*table.primary_key.columns)
        raw[table.name] = [dict(row) for row in db.session.execute(statement).mappings()]
        passing = words.passing if words else {}
        for row in raw[table.name]:
            row.update({name: None for name, since in passing.items() if open_until(row[since], at) is None})
    return raw


class _Names:
    """Says whom and what the keys in her rows point to."""

    def __init__(self, citizen: Citizen, raw: Mapping[str, list[Row]]) -> None:
        self._own_user = citizen.user_id
        self._wanted: dict[str, set[int]] = {name: set() for name in (*_NAMES, User.__tablename__)}
        for table in tables_about_a_citizen():
            for column, target in _keys_out(table):
                if target in self._wanted:
                    self._wanted[target] |= {row[column] for row in raw[table.name] if row[column]}
        self._known = {name: self._look_up(name) for name in _NAMES}
        self._roles = self._look_up_roles()

    def _look_up(self, name: str) -> dict[int, str]:
        column = _NAMES[name]
        statement = sa.select(column.class_.id, column).where(column.class_.id.in_(self._wanted[name]))
        return {row[0]: row[1] for row in db.session.execute(statement)}

    def _look_up_roles(self) -> dict[int, Role]:
        statement = sa.select(User.id, User.role).where(User.id.in_(self._wanted[User.__tablename__]))
        return {row[0]: row[1] for row in db.session.execute(statement)}

    def row(self, table: sa.Table, row: Row) -> Row:
        targets = dict(_keys_out(table))
        return {
            column.name: self._value(row[column.name], targets.get(column.name), column.name)
            for column in table.columns
            if column.name not in OMITTED
        }

    def _value(self, value: Any, target: str | None, column: str) -> Any:
        if value is None:
            return None
        if target == User.__tablename__ or column == "by_id":
            return self._who(value)
        if target is not None and target in _NAMES:
            return self._known[target].get(value, "")
        return plain(value)

    def _who(self, user_id: int) -> str:
        if user_id == self._own_user:
            return "citizen"
        return "employer" if self._roles.get(user_id) in roles_with(Scope.EMPLOYER) else "municipality"


def _keys_out(table: sa.Table) -> Iterable[tuple[str, str]]:
    """Columns that point to another table, with its name."""
    return [(key.parent.name, key.column.table.name) for key in table.foreign_keys]


def plain(value: Any) -> Any:
    """As JSON takes it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value


def _login(citizen: Citizen) -> dict[str, list[Row]]:
    """How she signs in, without what opens the door."""
    found: dict[str, list[Row]] = {}
    user = citizen.user
    found[User.__tablename__] = (
        [{"name": user.name, "email": user.email, "created_at": plain(user.created_at)}] if user else []
    )
    for model in _OF_HER_LOGIN:
        table: Any = model.__table__
        columns = [one for one in table.columns if one.name not in OMITTED and not one.name.endswith("_id")]
        statement = sa.select(*columns).where(table.c.user_id == citizen.user_id).order_by(table.c.id)
        rows = db.session.execute(statement).mappings().all() if citizen.user_id else []
        found[table.name] = [{name: plain(value) for name, value in row.items()} for row in rows]
    return found


def _looks(citizen: Citizen) -> list[Row]:
    """Which unit looked, when and why; never which employee."""
    rows = db.session.execute(looks_at(citizen).order_by(*LOOK_ORDER))
    return [
        {
            "day": plain(row.day),
            "times": row.times,
            "at": plain(row.latest),
            "unit": row.unit,
            "by_link": row.by_link,
            "purpose": row.purpose,
        }
        for row in rows
    ]


def card_row(everything: Everything) -> Row | None:
    """Her card's own row, if she has one."""
    rows = everything.tables[CompetenceCard.__tablename__]
    return rows[0] if rows else None
