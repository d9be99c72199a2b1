"""Reads of citizens, scoped to the reader: another municipality's citizen does not exist."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.orm import joinedload

from portal.base import events
from portal.base.database import danish_day, db
from portal.base.folding import case_key, number_key, phone_key
from portal.base.terms import Language
from portal.loop.citizens import merging
from portal.loop.citizens.models import Citizen, CitizenStatus, FirstTalk
from portal.shared.accounts.models import AccessToken, TokenPurpose, User
from portal.shared.audit.models import AuditEntry, AuditPerson
from portal.shared.rules.checks import Born
from portal.web.permissions import Action, Scope
from portal.web.searching import found, found_in
from portal.web.whose import Whose, users_meant

_CARD_NUMBER = re.compile(r"[kK](\s*[-\u2010-\u2015\u2212]\s*[0-9]*|\s*[0-9]+)")
_SAID_OF_HER_NUMBERS: Final = re.compile(
    r"\b(?:(?:sags?|kort|tlf|telefon|mobil)[ -]?(?:nr|nummer)?|nr|nummer)[.:]*\s*(?=[K#+]?-?\d)",
    re.IGNORECASE,
)
"""What people write before a number: "sagsnr. 26/10431", "tlf. 20 12 34 56", "kort K-1012"."""


def full_name(citizen: Any) -> sa.ColumnElement[str]:
    """The name as `Citizen.name` writes it, of the table or an alias of it."""
    return sa.func.trim(citizen.first_name + " " + citizen.last_name)


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


def seen_among(user: User, citizen_ids: Iterable[int]) -> set[int]:
    """Of these the ones that the user may see."""
    wanted = set(citizen_ids)
    if not wanted:
        return set()
    seen = citizens_seen_by(user).where(Citizen.id.in_(wanted)).with_only_columns(Citizen.id)
    return set(db.session.scalars(seen))


def first_talk_of(citizen: Citizen) -> FirstTalk | None:
    """What stands of the first conversation, where one was written down."""
    statement = sa.select(FirstTalk).where(
        FirstTalk.citizen_id == citizen.id, FirstTalk.replaced_at.is_(None)
    )
    return db.session.scalar(statement.options(joinedload(FirstTalk.recorded_by)))


def municipality_of(citizen_id: int) -> int | None:
    return db.session.scalar(sa.select(Citizen.municipality_id).where(Citizen.id == citizen_id))


def language_of(user: User) -> Language | None:
    """The language of the citizen who signs in as this user; None: Danish, as for all others."""
    if user.scope is not Scope.CITIZEN:
        return None
    # Hardly a page of hers is without her: what is at hand isn't asked for.
    at_hand = (one for one in db.session.identity_map.values() if isinstance(one, Citizen))
    for citizen in at_hand:
        if not sa.inspect(citizen).expired and citizen.user_id == user.id:
            return citizen.language
    return db.session.scalar(sa.select(Citizen.language).where(Citizen.user_id == user.id))


def citizen_of(user: User) -> Citizen:
    """The citizen who signs in as this user. Raises NoResultFound."""
    return db.session.scalars(sa.select(Citizen).where(Citizen.user_id == user.id)).one()


def citizen_list(
    user: User,
    *,
    words: str = "",
    status: str = "",
    consultant: str = "",
    card: str = "",
    on: date | None = None,
) -> CitizenRows:
    """Citizens with their card numbers. `consultant` is one of Whose, "none" or an id.

    `on`: the day by which one's own are also those of colleagues who are away.

    `card` is "with", "without", or "untalked": without a card, and nobody wrote down that they were talked with.
    """
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
    if card == "untalked":
        talked = sa.exists().where(FirstTalk.citizen_id == Citizen.id, FirstTalk.replaced_at.is_(None))
        statement = statement.where(cards.c.id.is_(None), ~talked)
    return statement.where(*_with_consultant(user, consultant, on))


def citizens_found(words: str, card_number: Any) -> sa.ColumnElement[bool]:
    """A card number as it is typed, or parts of the name, the case reference and the phone in any order.

    `card_number` is the column of the cards that the statement has joined.
    """
    words = _SAID_OF_HER_NUMBERS.sub("", words)
    if _CARD_NUMBER.fullmatch(words):
        begins: sa.ColumnElement[bool] = card_number.startswith(f"K-{number_key(words)[1:]}")
        return begins
    ways = [found_in(words, Citizen.searched)]
    if phone := phone_key(words):
        ways += [Citizen.phone_key == phone, card_number == f"K-{phone}"]
    return sa.or_(*ways)


def _with_consultant(user: User, consultant: str, on: date | None) -> list[sa.ColumnElement[bool]]:
    if on is not None and consultant in set(Whose):
        owners = users_meant(user, consultant, on)
        return [] if owners is None else [Citizen.consultant_id.in_(sorted(owners))]
    if consultant == "none":
        return [Citizen.consultant_id.is_(None)]
    if consultant.isascii() and consultant.isdigit() and len(consultant) < 10:
        return [Citizen.consultant_id == int(consultant)]
    return []


def card_of(citizen: Citizen) -> Row[Any, Any, Any] | None:
    """Id, number and next step of the citizen's card."""
    cards = events.cards_by_citizen()
    return db.session.execute(
        sa.select(cards.c.id, cards.c.number, cards.c.next_step).where(cards.c.citizen_id == citizen.id)
    ).first()


def holder_of_case(municipality_id: int, case_reference: str, *, but: int | None = None) -> int | None:
    """Whose the case number is in the municipality, however it is written."""
    same = sa.or_(
        Citizen.case_key == case_key(case_reference),
        Citizen.case_reference == case_reference.strip(),
        Citizen.id.in_(merging.by_old_case(case_reference)),
    )
    statement = sa.select(Citizen.id).where(Citizen.municipality_id == municipality_id, same)
    if but is not None:
        statement = statement.where(Citizen.id != but)
    return db.session.scalar(statement.order_by(Citizen.id).limit(1))


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
    numbers = sa.union_all(sa.select(sa.literal(citizen.id)), merging.old_numbers(citizen.id))
    one = _looks().where(AuditEntry.citizen_id.in_(numbers))
    listed = (
        _looks()
        .join(AuditPerson, AuditPerson.entry_id == AuditEntry.id)
        .where(AuditPerson.citizen_id.in_(numbers))
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
        looks = looks.where(found(words, unit, purpose))
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
    """As `born_of`, of several in one statement; in none where they are at hand."""
    wanted = set(citizen_ids)
    loaded: list[Any] = [one for one in db.session.identity_map.values() if isinstance(one, Citizen)]
    born = {one.id: one.born for one in loaded if not sa.inspect(one).expired and one.id in wanted}
    if missing := wanted - born.keys():
        statement = sa.select(Citizen).where(Citizen.id.in_(missing))
        born |= {citizen.id: citizen.born for citizen in db.session.scalars(statement)}
    return born
