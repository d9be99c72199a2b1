"""Reads of rules, always for a day."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from portal.base.database import db
from portal.shared.rules.book import DatedNumber, RuleBook, RuleMissing
from portal.shared.rules.models import Certainty, Rule
from portal.web.listing import contains


def in_force(day: date) -> sa.ColumnElement[bool]:
    """Whether a rule applies on the day."""
    return sa.and_(Rule.valid_from <= day, sa.or_(Rule.valid_to.is_(None), Rule.valid_to >= day))


def value_on(key: str, day: date) -> Decimal:
    """Raises RuleMissing."""
    return values_on((key,), day)[key]


def values_on(keys: Iterable[str], day: date) -> dict[str, Decimal]:
    """Several numbers in one statement. Raises RuleMissing."""
    wanted = tuple(keys)
    found = standing_values_on(wanted, day)
    for key in wanted:
        if key not in found:
            raise RuleMissing(key)
    return found


def standing_values_on(keys: tuple[str, ...], day: date) -> dict[str, Decimal]:
    """Those of the numbers that stand on the day, in one statement; a missing one is left out."""
    statement = (
        sa.select(Rule.key, Rule.value).where(Rule.key.in_(keys), in_force(day)).order_by(Rule.valid_from)
    )
    return {row.key: row.value for row in db.session.execute(statement)}


def stated_on(keys: Iterable[str], day: date) -> dict[str, tuple[Decimal, str]]:
    """Value and unit of those that stand on the day."""
    statement = sa.select(Rule.key, Rule.value, Rule.unit).where(Rule.key.in_(tuple(keys)), in_force(day))
    return {row.key: (row.value, row.unit) for row in db.session.execute(statement)}


def rule_book() -> RuleBook:
    """All numbers, past and to come, in one statement."""
    columns = (Rule.key, Rule.value, Rule.valid_from, Rule.valid_to, Rule.reference, Rule.certainty)
    statement = sa.select(*columns).order_by(Rule.key, Rule.valid_from)
    return RuleBook(
        tuple(
            DatedNumber(
                row.key,
                row.value,
                row.valid_from,
                row.valid_to,
                row.reference,
                row.certainty is not Certainty.UNVERIFIED,
            )
            for row in db.session.execute(statement)
        )
    )


def rule_for(rule_id: int) -> Rule:
    """Raises NoResultFound."""
    return db.session.scalars(sa.select(Rule).where(Rule.id == rule_id)).one()


def history(key: str) -> list[Rule]:
    """All numbers of a key, the newest first."""
    statement = sa.select(Rule).where(Rule.key == key).order_by(Rule.valid_from.desc())
    return list(db.session.scalars(statement))


def rules(*, words: str = "", state: str = "", today: date) -> sa.Select[Rule]:
    """The list of rules. `state`: "now", "past" or "later"; else all."""
    statement = sa.select(Rule).order_by(Rule.title, Rule.valid_from)
    if words:
        columns = (Rule.title, Rule.reference, Rule.source, Rule.key)
        statement = statement.where(sa.or_(*(contains(column, words) for column in columns)))
    conditions = {"now": in_force(today), "past": Rule.valid_to < today, "later": Rule.valid_from > today}
    return statement.where(conditions[state]) if state in conditions else statement
