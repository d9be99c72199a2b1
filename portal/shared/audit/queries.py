"""Reads of the audit table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from portal.base.clock import danish_midnight
from portal.base.database import MAX_ID, db
from portal.shared.audit.models import AuditEntry, AuditPerson
from portal.web.listing import Listing
from portal.web.permissions import Action, Scope, roles_with

CITIZENS = "citizens"
IN_DANISH = {"borger": CITIZENS, "borgere": CITIZENS}
"""What a log's reader writes before a number for the lines about that citizen, and the lists she stood on."""

LONGEST_LIST = 10_000
"""Lines that can be paged through; older ones are found by date. Keeps the page as fast with a million lines."""

OF_THE_PORTAL = ("municipalities", "rules", "users")
"""What the system does something with that is no municipality's; users there are operators, and ones unknown."""

_REQUEST_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SUBJECT = re.compile(r"(?:(?P<type>[a-z_]+)\s*)?(?P<id>[0-9]{1,10})?")


@dataclass(frozen=True)
class LogFilter:
    """Which lines are wanted; empty is no demand."""

    words: str = ""
    action: str = ""
    kind: str = ""
    role: str = ""
    subject: str = ""
    from_on: date | None = None
    until_on: date | None = None


def entries_seen_by(user: Any) -> sa.Select[tuple[AuditEntry]]:
    """Those of her municipality. Whoever runs the portal sees what was done with the portal itself, and no person's."""
    statement = sa.select(AuditEntry)
    scope = user.scope_of(Action.READ_AUDIT)
    if scope is Scope.INSTALLATION:
        own = AuditEntry.actor_role.in_(roles_with(Scope.INSTALLATION))
        system = sa.and_(
            AuditEntry.actor_role.is_(None),
            AuditEntry.municipality_id.is_(None),
            AuditEntry.subject_type.in_(OF_THE_PORTAL),
        )
        return statement.where(own | system, AuditEntry.citizen_id.is_(None))
    if scope is Scope.MUNICIPALITY:
        return statement.where(AuditEntry.municipality_id == user.municipality_id)
    return statement.where(sa.false())


def entries(user: Any, wanted: LogFilter) -> sa.Select[tuple[AuditEntry]]:
    """Lines for the list of whoever reads the log. Every filter narrows by an index, because the log only grows."""
    statement = entries_seen_by(user)
    if wanted.action:
        statement = statement.where(AuditEntry.action == wanted.action)
    if wanted.kind:
        statement = statement.where(AuditEntry.is_look == (wanted.kind == "look"))
    if wanted.role:
        system = AuditEntry.actor_role.is_(None)
        statement = statement.where(
            system if wanted.role == "system" else AuditEntry.actor_role == wanted.role
        )
    if wanted.subject:
        statement = statement.where(AuditEntry.subject_type == wanted.subject)
    if wanted.from_on:
        statement = statement.where(AuditEntry.at >= danish_midnight(wanted.from_on))
    if wanted.until_on:
        statement = statement.where(AuditEntry.at < danish_midnight(wanted.until_on + timedelta(days=1)))
    return statement.where(_searched(wanted.words)) if wanted.words else statement


def _searched(words: str) -> sa.ColumnElement[bool]:
    """A request id, the number of a record, or the number of a record of one table ("placements 12").

    "borger 12" finds all about that citizen.
    """
    text = words.strip().lower()
    if _REQUEST_ID.fullmatch(text):
        return AuditEntry.request_id == text
    found = _SUBJECT.fullmatch(text)
    number = int(found["id"]) if found and found["id"] else None
    if found is None or (number is not None and number > MAX_ID):
        return sa.false()
    types = [IN_DANISH.get(found["type"], found["type"])] if found["type"] else list(db.metadata.tables)
    named = AuditEntry.subject_type.in_(types)
    if number is None:
        return named
    found_itself = named & (AuditEntry.subject_id == number)
    return found_itself | _about(number) if types == [CITIZENS] else found_itself


def _about(citizen_id: int) -> sa.ColumnElement[bool]:
    """Whatever concerns a citizen, and every list she stood on."""
    listed = sa.select(AuditPerson.entry_id).where(AuditPerson.citizen_id == citizen_id)
    return (AuditEntry.citizen_id == citizen_id) | AuditEntry.id.in_(listed)


def entry_for(user: Any, entry_id: int) -> AuditEntry:
    """Raises NoResultFound for a line that she may not read."""
    statement: sa.Select[Any] = entries_seen_by(user).where(AuditEntry.id == entry_id)
    found: AuditEntry = db.session.scalars(statement).one()
    return found


def people_of(entry: AuditEntry) -> sa.Select[tuple[AuditPerson]]:
    """Everybody whom the line is about, by number."""
    return sa.select(AuditPerson).where(AuditPerson.entry_id == entry.id)


def how_many_people(lines: Sequence[AuditEntry]) -> dict[int, int]:
    """By line how many it names beside the one it is about."""
    ids = [line.id for line in lines]
    if not ids:
        return {}
    between = AuditPerson.entry_id.between(min(ids), max(ids))
    counted = sa.select(AuditPerson.entry_id, sa.func.count()).where(between).group_by(AuditPerson.entry_id)
    return dict(db.session.execute(counted).all())


def fill_page(listing: Listing, statement: sa.Select[tuple[AuditEntry]]) -> None:
    """One page of lines: the keys are found in an index first, so that skipped lines are never read."""
    keys = statement.with_only_columns(AuditEntry.id)
    counted = sa.select(sa.func.count()).select_from(keys.limit(LONGEST_LIST).subquery())
    listing.total = db.session.scalar(counted) or 0
    listing.page = min(listing.page, listing.pages)
    order = (AuditEntry.at.desc(), AuditEntry.id.desc())
    if not listing.descending:
        order = (AuditEntry.at.asc(), AuditEntry.id.asc())
    window = keys.order_by(*order).limit(listing.per_page).offset((listing.page - 1) * listing.per_page)
    lines = sa.select(AuditEntry).where(AuditEntry.id.in_(window.scalar_subquery())).order_by(*order)
    listing.items = db.session.scalars(lines).all()
