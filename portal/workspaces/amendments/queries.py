"""Whom a changed number touches: placements and openings whose verdict is another under the new book."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal.base.database import db
from portal.base.terms import PlacementForm
from portal.loop.cards.models import CompetenceCard
from portal.loop.openings import findings as opening_findings
from portal.loop.openings.models import CAN_EXPIRE, Opening
from portal.loop.placements import findings as placement_findings
from portal.loop.placements.models import Placement
from portal.loop.placements.queries import OPEN
from portal.shared.accounts.models import Municipality
from portal.shared.rules.book import DatedNumber, Owner, RuleBook
from portal.shared.rules.findings import Finding, Verdict
from portal.shared.rules.law.case import Case
from portal.shared.rules.law.forms import assess
from portal.shared.rules.models import Rule
from portal.shared.rules.queries import rule_book
from portal.shared.rules.services import RuleDetails


@dataclass(frozen=True)
class Touched:
    """A placement or an opening with what the rules say otherwise than before."""

    subject: Placement | Opening
    opening: Opening
    new: tuple[Finding, ...]
    """Findings that are new or have another verdict."""
    old: tuple[Finding, ...]


class TouchedKind(NamedTuple):
    """What touched ones have in common, said without any of them: nothing in it leads to a person or a workplace."""

    municipality: str
    form: PlacementForm
    old: tuple[Verdict, ...]
    new: tuple[Verdict, ...]


@dataclass(frozen=True)
class Effect:
    """All that a change touches."""

    placements: list[Touched]
    openings: list[Touched]

    @property
    def is_nothing(self) -> bool:
        return not self.placements and not self.openings


def kinds_of(touched: Iterable[Touched]) -> list[tuple[TouchedKind, int]]:
    """How many there are of each kind, municipality by municipality: what somebody reads who sees no persons."""
    names = {one.id: one.name for one in db.session.scalars(sa.select(Municipality))}
    counted = Counter(
        TouchedKind(
            names[one.subject.municipality_id],
            one.subject.form,
            tuple(finding.verdict for finding in one.old),
            tuple(finding.verdict for finding in one.new),
        )
        for one in touched
    )
    return sorted(counted.items())


def effect_of(details: RuleDetails, *, replacing: Rule | None, today: date) -> Effect:
    """Those who start on the number's first day or later, in the municipality whose own it is, or in all.

    `replacing`: the row that is corrected.
    """
    before = rule_book()
    base = before.without(_dated(replacing)) if replacing else before
    after = base.with_number(_dated(details))
    since = min(details.valid_from, replacing.valid_from) if replacing else details.valid_from
    placements = _open_placements(since, details.municipality_id)
    openings = _open_openings(since, today, details.municipality_id)
    return Effect(
        _touched(placements, placement_findings.cases(placements, on=today), before, after),
        _touched(openings, opening_findings.cases(openings, on=today), before, after),
    )


def _dated(rule: RuleDetails | Rule) -> DatedNumber:
    owner = db.session.get_one(Municipality, rule.municipality_id) if rule.municipality_id else None
    return DatedNumber(
        rule.key,
        rule.value,
        rule.valid_from,
        rule.valid_to,
        rule.reference,
        unit=rule.unit,
        owner=Owner(owner.id, owner.name) if owner else None,
    )


def _open_placements(since: date, municipality_id: int | None) -> Sequence[Placement]:
    opening = joinedload(Placement.opening)
    statement = (
        sa.select(Placement)
        .where(Placement.status.in_(OPEN), Placement.starts_on >= since)
        .options(
            opening.joinedload(Opening.employer),
            opening.joinedload(Opening.workplace),
            opening.selectinload(Opening.tasks),
            opening.selectinload(Opening.conditions),
            joinedload(Placement.card).joinedload(CompetenceCard.citizen),
        )
        .order_by(Placement.starts_on, Placement.id)
    )
    if municipality_id is not None:
        statement = statement.where(Placement.municipality_id == municipality_id)
    return db.session.scalars(statement).unique().all()


def _open_openings(since: date, today: date, municipality_id: int | None) -> Sequence[Opening]:
    """An opening whose period has begun is for somebody who starts today at the earliest."""
    statement = (
        sa.select(Opening)
        .where(Opening.status.in_(CAN_EXPIRE), Opening.expires_on >= today)
        .options(
            joinedload(Opening.employer),
            joinedload(Opening.workplace),
            selectinload(Opening.tasks),
            selectinload(Opening.conditions),
        )
        .order_by(Opening.starts_on, Opening.id)
    )
    if since > today:
        statement = statement.where(Opening.starts_on >= since)
    if municipality_id is not None:
        statement = statement.where(Opening.municipality_id == municipality_id)
    return db.session.scalars(statement).all()


def _touched(
    subjects: Iterable[Placement] | Iterable[Opening],
    cases: Mapping[int, Case],
    before: RuleBook,
    after: RuleBook,
) -> list[Touched]:
    found = []
    for subject in subjects:
        old, new = assess(cases[subject.id], before), assess(cases[subject.id], after)
        if _verdicts(old) != _verdicts(new):
            opening = subject.opening if isinstance(subject, Placement) else subject
            found.append(Touched(subject, opening, _only_in(new, old), _only_in(old, new)))
    return found


def _verdicts(findings: Iterable[Finding]) -> tuple[tuple[str, Verdict], ...]:
    return tuple((finding.rule, finding.verdict) for finding in findings)


def _only_in(these: Iterable[Finding], those: Iterable[Finding]) -> tuple[Finding, ...]:
    known = set(_verdicts(those))
    return tuple(one for one in these if (one.rule, one.verdict) not in known)
