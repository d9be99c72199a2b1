"""Commands of rules: put a dated number of the law or of one municipality, and load the reference data."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.rules.models import Certainty, Rule
from portal.shared.rules.queries import THE_LAW, law_on
from portal.shared.rules.strictness import Stricter, reference_rows, shipped_words, stricter
from portal.shared.rules.units import WORDS, YES_OR_NO, in_words, lines_of
from portal.web.presentation import da_date


class RulesOverlap(DomainError):
    message = _l("Der gælder allerede et tal for den regel på de dage.")


class RuleInForce(DomainError):
    """What has been the rule on some day stays as it was; a new number is put from a later day."""

    message = _l("Tallet gælder allerede og kan ikke rettes. Skriv et nyt tal, der gælder fra en dato.")


class RuleBeginsTooEarly(DomainError):
    message = _l("Et tal, der rettes, må først gælde fra i morgen og efter det tal, det afløser.")


class NoOwnRule(DomainError):
    message = _l("Reglen er ens i alle kommuner. Kommunen kan ikke fastsætte sit eget tal for den.")


class OwnRuleBeginsTooEarly(DomainError):
    message = _l("Kommunens eget tal kan tidligst gælde fra i dag.")


class OwnRuleIsNotStricter(DomainError):
    """A municipality may ask more than the law, never less. `day`: the law's number of that day is the measure."""

    def __init__(self, law: Rule, day: date) -> None:
        said = {"number": in_words(law.value, law.unit), "day": da_date(day)}
        if law.unit == YES_OR_NO:
            words = _l("Loven siger %(number)s den %(day)s. Kommunen kan ikke være strengere.", **said)
        elif stricter(law.key) is Stricter.HIGHER:
            words = _l(
                "Kommunen må kun være strengere end loven, som siger %(number)s den %(day)s. Skriv et højere tal.",
                **said,
            )
        else:
            words = _l(
                "Kommunen må kun være strengere end loven, som siger %(number)s den %(day)s. Skriv et lavere tal.",
                **said,
            )
        super().__init__(words)


class OwnRuleEndsWrongly(DomainError):
    message = _l("Vælg en sidste dag fra i dag, ikke senere end den dag, reglen allerede slutter.")


@dataclass(frozen=True)
class RuleDetails:
    """One number with its period, its legal reference and who checked it when."""

    key: str
    title: str
    value: Decimal
    unit: str
    valid_from: date
    valid_to: date | None
    reference: str
    source: str
    checked_by: str
    checked_on: date
    certainty: Certainty = Certainty.READ
    municipality_id: int | None = None
    """Whose own row it is; None: the law's."""
    words: str = ""
    """The lines of a list, whose number is how many there are."""


def put_rule(details: RuleDetails, *, by: User | None, at: datetime) -> Rule:
    """Put a number in force; the owner's that stood open until now ends the day before.

    Raises RulesOverlap; for a municipality's own row also what `refuse_laxer` raises.
    """
    if details.municipality_id is not None:
        refuse_laxer(details.key, details.value, details.valid_from)
        if details.valid_from < danish_day(at):
            raise OwnRuleBeginsTooEarly
    _end_predecessor(details)
    _refuse_overlap(details)
    rule = Rule(**vars(details))
    _add(rule)
    audit.record("rule-put", subject=rule, by=by, at=at)
    return rule


def refuse_laxer(key: str, value: Decimal, valid_from: date) -> None:
    """A municipality's own number is stricter than the law's on its first day; should the law become so, it holds.

    Raises NoOwnRule where the number is the law's alone, and OwnRuleIsNotStricter. Source: docs/rules.md#own-rows
    """
    law = law_on(key, valid_from)
    refuse_what_is_the_laws_alone(key)
    if law is None:
        raise NoOwnRule
    if not stricter(key).is_stricter(value, than=law.value):
        raise OwnRuleIsNotStricter(law, valid_from)


def refuse_what_is_the_laws_alone(key: str) -> None:
    """Raises NoOwnRule."""
    if stricter(key) is Stricter.NOWHERE:
        raise NoOwnRule


def _add(rule: Rule) -> None:
    """Of two who put a number from one day the constraint lets one. Raises RulesOverlap."""
    try:
        with db.session.begin_nested():
            db.session.add(rule)
    except IntegrityError as error:
        raise RulesOverlap from error


def _end_predecessor(details: RuleDetails) -> None:
    standing = db.session.scalar(sa.select(Rule).where(_one_line(details), Rule.valid_to.is_(None)))
    if standing is not None and standing.valid_from < details.valid_from:
        standing.valid_to = details.valid_from - timedelta(days=1)
        db.session.flush()


def _one_line(rule: RuleDetails | Rule) -> sa.ColumnElement[bool]:
    """Rows of the same rule and the same owner: one takes over from the other."""
    return sa.and_(Rule.key == rule.key, Rule.municipality_id.is_not_distinct_from(rule.municipality_id))


def _refuse_overlap(details: RuleDetails, *, but: Collection[int] = ()) -> None:
    if details.valid_to is not None and details.valid_to < details.valid_from:
        raise RulesOverlap
    same_days = sa.select(Rule.id).where(
        _one_line(details),
        Rule.id.not_in(but),
        sa.or_(Rule.valid_to.is_(None), Rule.valid_to >= details.valid_from),
    )
    if details.valid_to is not None:
        same_days = same_days.where(Rule.valid_from <= details.valid_to)
    if db.session.scalars(same_days.limit(1)).first() is not None:
        raise RulesOverlap


def correct_rule(rule: Rule, details: RuleDetails, *, by: User, at: datetime, today: date) -> None:
    """Change a number that has not come into force.

    Raises RuleInForce, RuleBeginsTooEarly, RulesOverlap; for a municipality's own row also what `refuse_laxer` raises.
    """
    if rule.valid_from <= today:
        raise RuleInForce
    if not rule.is_own:
        details = replace(details, valid_to=rule.valid_to)  # the number after it stays where it is
    before = _before(rule)
    if details.valid_from <= max(today, before.valid_from if before else today):
        raise RuleBeginsTooEarly
    if rule.is_own:
        refuse_laxer(details.key, details.value, details.valid_from)
    _refuse_overlap(details, but=[one.id for one in (rule, before) if one is not None])
    if before is not None:
        before.valid_to = details.valid_from - timedelta(days=1)
    for name, value in vars(details).items():
        setattr(rule, name, value)
    audit.record("rule-corrected", subject=rule, by=by, at=at)


def withdraw_rule(rule: Rule, *, by: User, at: datetime, today: date) -> None:
    """Take back a number that has not come into force; the one before goes on. Raises RuleInForce."""
    if rule.valid_from <= today:
        raise RuleInForce
    before = _before(rule)
    resumed_until = rule.valid_to
    audit.record("rule-withdrawn", subject=rule, by=by, at=at)
    db.session.delete(rule)
    db.session.flush()  # two rows of a key may not stand open at once
    if before is not None:
        before.valid_to = resumed_until


def end_own_rule(rule: Rule, last_day: date, *, by: User, at: datetime, today: date) -> None:
    """Let a municipality's own row end; from the day after the law alone holds again. Raises OwnRuleEndsWrongly."""
    latest = rule.valid_to or date.max
    if not max(today, rule.valid_from) <= last_day <= latest:
        raise OwnRuleEndsWrongly
    rule.valid_to = last_day
    audit.record("rule-ended", subject=rule, by=by, at=at)


def _before(rule: Rule) -> Rule | None:
    """The number that the rule takes over from."""
    day_before = rule.valid_from - timedelta(days=1)
    return db.session.scalar(sa.select(Rule).where(_one_line(rule), Rule.valid_to == day_before))


def load_reference_rules(at: datetime) -> int:
    """Put the rules that the portal comes with; returns how many were new.

    A rule that is there already stays as it is: the municipality may have corrected it.
    """
    known = {
        (key, day) for key, day in db.session.execute(sa.select(Rule.key, Rule.valid_from).where(THE_LAW))
    }
    new = [details for details in reference_rules() if (details.key, details.valid_from) not in known]
    for details in new:
        put_rule(details, by=None, at=at)
    return len(new)


def reference_rules() -> list[RuleDetails]:
    """The rows of the reference file, in its order."""
    return [_details(row) for row in reference_rows()]


def _details(row: dict[str, str]) -> RuleDetails:
    words = shipped_words(row["key"], row["valid_from"]) if row["unit"] == WORDS else ""
    return RuleDetails(
        key=row["key"],
        title=row["title"],
        value=Decimal(len(lines_of(words)) if row["unit"] == WORDS else row["value"]),
        unit=row["unit"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        reference=row["reference"],
        source=row["source"],
        checked_by=row["checked_by"],
        checked_on=date.fromisoformat(row["checked_on"]),
        certainty=Certainty(row["certainty"]),
        words=words,
    )
