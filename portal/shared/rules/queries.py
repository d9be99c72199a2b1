"""Reads of rules, always for a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa

from portal.base.alphabet import alphabetical
from portal.base.database import db
from portal.shared.accounts.models import Municipality, User
from portal.shared.rules.book import DatedNumber, Numbers, Owner, RuleBook
from portal.shared.rules.certainty import Certainty
from portal.shared.rules.meanings import keys_meaning
from portal.shared.rules.models import Rule, RuleStanding
from portal.shared.rules.strictness import Stricter, stricter
from portal.shared.rules.units import in_words
from portal.web.searching import found

THE_LAW: Final = Rule.municipality_id.is_(None)
"""Rows that are every municipality's."""
HOLDS: Final = Rule.standing == RuleStanding.HOLDS
"""Rows that count on their days."""
WAITING: Final = Rule.standing == RuleStanding.WAITING
"""Rows that the portal shipped and nobody has answered."""
NOT_READ: Final = sa.and_(HOLDS, THE_LAW, Rule.certainty != Certainty.READ)
"""Rows of the law that were not read in full where they are said to stand."""


def in_force(day: date) -> sa.ColumnElement[bool]:
    """Whether a rule applies on the day."""
    return sa.and_(HOLDS, Rule.valid_from <= day, sa.or_(Rule.valid_to.is_(None), Rule.valid_to >= day))


def value_on(key: str, day: date, municipality_id: int | None) -> Decimal:
    """What holds in the municipality; None: the law alone. Raises RuleMissing."""
    return numbers_on((key,), day, municipality_id)[key]


def numbers_on(keys: Iterable[str], day: date, municipality_id: int | None) -> Numbers:
    """Several numbers in one statement, none in none; what is asked for and missing raises RuleMissing."""
    wanted = tuple(keys)
    book = _book(Rule.key.in_(wanted), in_force(day)) if wanted else RuleBook(())
    return book.on(day, municipality_id)


def in_force_in_words(keys: Iterable[str], day: date, municipality_id: int | None) -> dict[str, str]:
    """Those of the numbers that hold in the municipality, each with its unit: "90 dage"."""
    numbers = numbers_on(keys, day, municipality_id)
    return {key: numbers.in_words(key) for key in keys if key in numbers}


def rule_book(*keys: str) -> RuleBook:
    """All numbers of the keys, or of all keys, past and to come and whosever they are, in one statement."""
    return _book(*([Rule.key.in_(keys)] if keys else []))


def _book(*conditions: sa.ColumnElement[bool]) -> RuleBook:
    columns = (
        Rule.key,
        Rule.value,
        Rule.valid_from,
        Rule.valid_to,
        Rule.reference,
        Rule.certainty,
        Rule.unit,
        Rule.words,
        Rule.took_over,
        Rule.took_until,
        Rule.goes_on,
    )
    statement = (
        sa.select(*columns, Municipality.id.label("owner_id"), Municipality.name)
        .outerjoin(Municipality, Rule.municipality_id == Municipality.id)
        .where(HOLDS, *conditions)
        .order_by(Rule.key, Rule.valid_from, Rule.id)
    )
    return RuleBook(tuple(_dated(row) for row in db.session.execute(statement)))


def _dated(row: Any) -> DatedNumber:
    return DatedNumber(
        row.key,
        row.value,
        row.valid_from,
        row.valid_to,
        row.reference,
        row.certainty,
        row.unit,
        Owner(row.owner_id, row.name) if row.owner_id is not None else None,
        row.words,
        row.took_over,
        row.took_until,
        row.goes_on,
    )


@dataclass(frozen=True)
class HoldingRule:
    """A rule with the number that holds in a municipality, in words."""

    title: str
    in_words: str
    reference: str


def rules_in_force(prefix: str, day: date, municipality_id: int) -> list[HoldingRule]:
    """What holds in the municipality of the keys that begin so, by title. Two statements."""
    statement = (
        sa.select(Rule)
        .where(Rule.key.startswith(prefix), THE_LAW, in_force(day))
        .order_by(alphabetical(Rule.title))
    )
    found = list(db.session.scalars(statement))
    numbers = numbers_on([rule.key for rule in found], day, municipality_id)
    return [
        HoldingRule(rule.title, in_words(numbers[rule.key], rule.unit), numbers.reference(rule.key))
        for rule in found
    ]


def readable_by(user: User) -> sa.ColumnElement[bool]:
    """The law's rows and her own municipality's; what another decided, and who did, is its own to tell."""
    return sa.or_(THE_LAW, own_of(user))


def own_of(user: User) -> sa.ColumnElement[bool]:
    """Her municipality's own rows; nobody's for somebody without one."""
    return sa.and_(Rule.municipality_id.is_not(None), Rule.municipality_id == user.municipality_id)


def rule_for(user: User, rule_id: int) -> Rule:
    """Raises NoResultFound for another municipality's own."""
    return db.session.scalars(sa.select(Rule).where(Rule.id == rule_id, readable_by(user))).one()


def law_row(rule_id: int) -> Rule:
    """A row of the law. Raises NoResultFound for a municipality's own."""
    return db.session.scalars(sa.select(Rule).where(Rule.id == rule_id, THE_LAW)).one()


def law_on(key: str, day: date) -> Rule | None:
    """The law's number of a day; None: it has none."""
    return row_on(key, day, None)


def row_on(key: str, day: date, municipality_id: int | None) -> Rule | None:
    """The number of a day that is the law's, or one municipality's own; None: there is none."""
    whose = Rule.municipality_id.is_not_distinct_from(municipality_id)
    statement = sa.select(Rule).where(Rule.key == key, whose, in_force(day))
    return db.session.scalars(statement.order_by(Rule.valid_from.desc()).limit(1)).first()


def latest_of_the_law(key: str) -> Rule | None:
    """Its number that holds or comes last: what another is put beside, or after."""
    statement = (
        sa.select(Rule).where(Rule.key == key, THE_LAW, HOLDS).order_by(Rule.valid_from.desc()).limit(1)
    )
    return db.session.scalars(statement).first()


def own_row(user: User, rule_id: int) -> Rule:
    """A row of her municipality's own. Raises NoResultFound for the law's and another's."""
    return db.session.scalars(sa.select(Rule).where(Rule.id == rule_id, own_of(user))).one()


def history(user: User, key: str) -> list[Rule]:
    """All numbers of a key that she reads, the newest first, the law's before a municipality's own."""
    statement = (
        sa.select(Rule)
        .where(Rule.key == key, readable_by(user))
        .order_by(Rule.valid_from.desc(), Rule.municipality_id.is_not(None), Rule.id)
    )
    return list(db.session.scalars(statement))


@dataclass(frozen=True)
class OwnHolds:
    """A municipality's own number, and whose it is with what the law says."""

    number: str
    words: str


def own_that_holds(user: User, rule: Rule, day: date) -> OwnHolds | None:
    """Her municipality's own rule, where it is the one that holds on the day."""
    numbers = numbers_on((rule.key,), day, user.municipality_id)
    words = numbers.own_words(rule.key)
    return OwnHolds(in_words(numbers[rule.key], rule.unit), words) if words else None


def waiting_count() -> int:
    """How many rows wait for an answer."""
    return db.session.scalar(sa.select(sa.func.count(Rule.id)).where(WAITING)) or 0


def leaves_room(law: Rule | None) -> bool:
    """Whether a municipality can be stricter at all: nothing is stricter than a yes."""
    if law is None or stricter(law.key) is Stricter.NOWHERE:
        return False
    return not (law.is_yes_or_no and law.value)


def rules(user: User, *, words: str = "", state: str = "", today: date) -> sa.Select[Rule]:
    """The list of rules that she reads. `state`: one of the words below; else all."""
    statement = sa.select(Rule).where(readable_by(user)).order_by(alphabetical(Rule.title), Rule.valid_from)
    if words:
        columns = (Rule.title, Rule.reference, Rule.source, Rule.key, Rule.words)
        meant = Rule.key.in_(keys_meaning(words))
        statement = statement.where(sa.or_(meant, found(words, *columns)))
    conditions = {
        "now": in_force(today),
        "past": sa.and_(HOLDS, Rule.valid_to < today),
        "later": sa.and_(HOLDS, Rule.valid_from > today),
        "own": ~THE_LAW,
        "waiting": WAITING,
        "unread": sa.and_(NOT_READ, sa.or_(Rule.valid_to.is_(None), Rule.valid_to >= today)),
        "set-aside": Rule.standing.in_((RuleStanding.REFUSED, RuleStanding.REPLACED)),
    }
    return statement.where(conditions[state]) if state in conditions else statement
