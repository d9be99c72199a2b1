"""Commands of rules: put a dated number, and load the reference data."""

import csv
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.accounts.models import User
from portal.audit import services as audit
from portal.database import db
from portal.errors import DomainError
from portal.rules.models import Certainty, Rule

REFERENCE_FILE = Path(__file__).parent / "data" / "rules.csv"


class RulesOverlap(DomainError):
    message = _l("Der gælder allerede et tal for den regel på de dage.")


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
