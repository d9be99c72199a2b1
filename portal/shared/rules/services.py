"""Commands of rules: put a dated number, and load the reference data."""

import csv
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.database import db
from portal.base.errors import DomainError
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.rules.models import Certainty, Rule

REFERENCE_FILE = Path(__file__).parent / "data" / "rules.csv"


class RulesOverlap(DomainError):
    message = _l("Der gælder allerede et tal for den regel på de dage.")


class RuleInForce(DomainError):
    """What has been the rule on some day stays as it was; a new number is put from a later day."""

    message = _l("Tallet gælder allerede og kan ikke rettes. Skriv et nyt tal, der gælder fra en dato.")


class RuleBeginsTooEarly(DomainError):
    message = _l("Et tal, der rettes, må først gælde fra i morgen og efter det tal, det afløser.")


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


def put_rule(details: RuleDetails, *, by: User | None, at: datetime) -> Rule:
    """Put a number in force; the one that stood open until now ends the day before.

    Raises RulesOverlap.
    """
    _end_predecessor(details)
    _refuse_overlap(details)
    rule = Rule(**vars(details))
    db.session.add(rule)
    audit.record("rule-put", subject=rule, by=by, at=at)
    return rule


def _end_predecessor(details: RuleDetails) -> None:
    standing = db.session.scalar(sa.select(Rule).where(Rule.key == details.key, Rule.valid_to.is_(None)))
    if standing is not None and standing.valid_from < details.valid_from:
        standing.valid_to = details.valid_from - timedelta(days=1)
        db.session.flush()


def _refuse_overlap(details: RuleDetails) -> None:
    same_days = sa.select(Rule.id).where(
        Rule.key == details.key, sa.or_(Rule.valid_to.is_(None), Rule.valid_to >= details.valid_from)
    )
    if details.valid_to is not None:
        same_days = same_days.where(Rule.valid_from <= details.valid_to)
    if db.session.scalars(same_days.limit(1)).first() is not None:
        raise RulesOverlap


def correct_rule(rule: Rule, details: RuleDetails, *, by: User, at: datetime, today: date) -> None:
    """Change a number that has not come into force. Raises RuleInForce, RuleBeginsTooEarly."""
    if rule.valid_from <= today:
        raise RuleInForce
    before = _before(rule)
    if details.valid_from <= max(today, before.valid_from if before else today):
        raise RuleBeginsTooEarly
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


def _before(rule: Rule) -> Rule | None:
    """The number that the rule takes over from."""
    day_before = rule.valid_from - timedelta(days=1)
    return db.session.scalar(sa.select(Rule).where(Rule.key == rule.key, Rule.valid_to == day_before))


def load_reference_rules(at: datetime) -> int:
    """Put the rules that the portal comes with; returns how many were new.

    A rule that is there already stays as it is: the municipality may have corrected it.
    """
    known = {(key, day) for key, day in db.session.execute(sa.select(Rule.key, Rule.valid_from))}
    new = [details for details in reference_rules() if (details.key, details.valid_from) not in known]
    for details in new:
        put_rule(details, by=None, at=at)
    return len(new)


def reference_rules() -> list[RuleDetails]:
    """The rows of the reference file, in its order."""
    with REFERENCE_FILE.open(encoding="utf-8", newline="") as file:
        return [_details(row) for row in csv.DictReader(file)]


def _details(row: dict[str, str]) -> RuleDetails:
    return RuleDetails(
        key=row["key"],
        title=row["title"],
        value=Decimal(row["value"]),
        unit=row["unit"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        reference=row["reference"],
        source=row["source"],
        checked_by=row["checked_by"],
        checked_on=date.fromisoformat(row["checked_on"]),
        certainty=Certainty(row["certainty"]),
    )
