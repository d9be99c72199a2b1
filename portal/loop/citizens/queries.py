"""Reads of citizens, scoped to the reader: another municipality's citizen does not exist."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.orm import joinedload

from portal.base import events
from portal.base.database import danish_day, db
from portal.loop.citizens.models import Citizen, CitizenStatus
from portal.shared.accounts.models import AccessToken, TokenPurpose, User
from portal.shared.audit.models import AuditEntry, AuditPerson
from portal.shared.rules.checks import Born
from portal.web.listing import contains
from portal.web.permissions import Action, Scope

_CARD_NUMBER = re.compile(r"[kK](-[0-9]*|[0-9]+)")

CitizenRows = sa.Select[Any]
"""Rows of `Citizen` and `card_number`."""


def citizens_seen_by(user: User) -> sa.Select[Citizen]:
    """A consultant sees her municipality's citizens, a citizen herself, all others nobody."""
    statement = sa.select(Citizen)
    scope = user.scope_of(Action.READ_CITIZENS, Action.READ_OWN_PAGE)
    if scope is Scope.MUNICIPALITY:
        return statement.where(Citizen.municipality_id == user.municipality_id)
    if scope is Scope.CITIZEN:
        return statement.where(Citizen.user_id == user.id)
    return statement.where(sa.false())


def citizen_for(user: User, citizen_id: int) -> Citizen:
    """Raises NoResultFound for a citizen the user may not see."""
    statement = citizens_seen_by(user).where(Citizen.id == citizen_id)
    return db.session.scalars(
        statement.options(joinedload(Citizen.consultant), joinedload(Citizen.user))
    ).one()


def municipality_of(citizen_id: int) -> int | None:
    return db.session.scalar(sa.select(Citizen.municipality_id).where(Citizen.id == citizen_id))


def citizen_of(user: User) -> Citizen:
    """The citizen who signs in as this user. Raises NoResultFound."""
    return db.session.scalars(sa.select(Citizen).where(Citizen.user_id == user.id)).one()


def citizen_list(
    user: User, *, words: str = "", status: str = "", consultant: str = "", card: str = ""
) -> CitizenRows:
    """Citizens with their card numbers. `consultant` is "mine", "none" or an id; `card` is "with" or "without"."""
    cards = events.cards_by_citizen()
    statement = (
        citizens_seen_by(user)
        .outerjoin(cards, cards.c.citizen_id == Citizen.id)
        .add_columns(cards.c.number.label("card_number"))
        .options(joinedload(Citizen.consultant))
    )
    if words:
        statement = statement.where(citizens_found(words, cards.c.number))
    known = next((member for member in CitizenStatus if member.value == status), None)
    if known is not None:
        statement = statement.where(Citizen.status == known)
    if card in ("with", "without"):
        statement = statement.where((cards.c.id.is_(None)) == (card == "without"))
    return statement.where(*_with_consultant(user, consultant))


def citizens_found(words: str, card_number: Any) -> sa.ColumnElement[bool]:
    """A card number as it is typed, or a part of the name or the case reference.

    `card_number` is the column of the cards that the statement has joined.
    """
    if _CARD_NUMBER.fullmatch(words):
        found: sa.ColumnElement[bool] = card_number.startswith(f"K-{words[1:].lstrip('-')}")
        return found
    return contains(Citizen.first_name + " " + Citizen.last_name + " " + Citizen.case_reference, words)


def _with_consultant(user: User, consultant: str) -> list[sa.ColumnElement[bool]]:
    if consultant == "mine":
        return [Citizen.consultant_id == user.id]
    if consultant == "none":
        return [Citizen.consultant_id.is_(None)]
    if consultant.isascii() and consultant.isdigit() and len(consultant) < 10:
        return [Citizen.consultant_id == int(consultant)]
    return []


def card_of(citizen: Citizen) -> Row[Any, Any] | None:
    """Id and number of the citizen's card, for a link."""
    cards = events.cards_by_citizen()
    return db.session.execute(
        sa.select(cards.c.id, cards.c.number).where(cards.c.citizen_id == citizen.id)
    ).first()


def case_reference_taken(municipality_id: int, case_reference: str, *, but: int | None = None) -> bool:
    statement = sa.select(Citizen.id).where(
        Citizen.municipality_id == municipality_id, Citizen.case_reference == case_reference
    )
    if but is not None:
        statement = statement.where(Citizen.id != but)
    return db.session.scalar(statement) is not None


def login_code_of(citizen: Citizen, *, at: datetime) -> AccessToken | None:
    """The paper code that works now; its secret is stored nowhere."""
    statement = (
        sa.select(AccessToken)
        .where(
            AccessToken.user_id == citizen.user_id,
            AccessToken.purpose == TokenPurpose.LOGIN_CODE,
            AccessToken.withdrawn_at.is_(None),
            AccessToken.used_at.is_(None),
            AccessToken.expires_at > at,
        )
        .order_by(AccessToken.id.desc())
    )
    return db.session.scalars(statement).first()


def looks_at(citizen: Citizen, *, words: str = "") -> sa.Select[Any]:
    """Who looked at her, a row for each day, unit and reason: `day`, `latest`, `times`, `unit`, `purpose`, `by_link`.

    Never which employee (EU Court C-579/21). A list that she stood on counts as a page about her. Her own looks are
    left out; another citizen's, who had a link, are not.
    """
    one = _looks().where(AuditEntry.citizen_id == citizen.id)
    listed = (
        _looks()
        .join(AuditPerson, AuditPerson.entry_id == AuditEntry.id)
        .where(AuditPerson.citizen_id == citizen.id)
    )
    if citizen.user_id is not None:
        stranger = AuditEntry.actor_id.is_(None) | (AuditEntry.actor_id != citizen.user_id)
        one, listed = one.where(stranger), listed.where(stranger)
    column = sa.union_all(one, listed).subquery().c
    looks = sa.select(
        danish_day(column.at).label("day"), column.at, column.unit, column.purpose, column.by_link
    )
    if words:
        unit, purpose = sa.func.coalesce(column.unit, ""), sa.func.coalesce(column.purpose, "")
        looks = looks.where(contains(unit + " " + purpose, words))
    by = looks.subquery().c
    kind = (by.day, by.unit, by.purpose, by.by_link)
    return sa.select(*kind, sa.func.max(by.at).label("latest"), sa.func.count().label("times")).group_by(
        *kind
    )


LOOK_ORDER: Final[tuple[sa.ColumnElement[Any], ...]] = tuple(
    sa.column(name) for name in ("day", "latest", "unit", "purpose", "by_link")
)
"""Of the rows of `looks_at`, the first first."""


def _looks() -> sa.Select[Any]:
    columns: tuple[Any, ...] = (
        AuditEntry.at,
        AuditEntry.actor_unit.label("unit"),
        AuditEntry.purpose,
        AuditEntry.by_link,
    )
    return sa.select(*columns).where(AuditEntry.is_look)


def born_of(citizen_id: int) -> Born | None:
    """When she was born, as far as the municipality knows: for the age limits of law and nothing else."""
    citizen = db.session.get(Citizen, citizen_id)
    return citizen.born if citizen is not None else None


def births(citizen_ids: Iterable[int]) -> dict[int, Born | None]:
    """As `born_of`, of several in one statement."""
    statement = sa.select(Citizen).where(Citizen.id.in_(set(citizen_ids)))
    return {citizen.id: citizen.born for citizen in db.session.scalars(statement)}
