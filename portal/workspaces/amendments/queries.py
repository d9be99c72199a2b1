"""Whom a changed number touches: placements and openings whose verdict is another under the new book."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal.base.database import db
from portal.base.terms import PlacementForm
from portal.loop.cards.models import CompetenceCard
from portal.loop.openings import findings as opening_findings
from portal.loop.openings.models import CAN_EXPIRE, Opening
from portal.loop.placements import findings as placement_findings
from portal.loop.placements.models import Placement, PlacementStatus
from portal.loop.placements.queries import OPEN
from portal.shared.accounts.models import Municipality
from portal.shared.rules.book import DatedNumber, Owner, RuleBook
from portal.shared.rules.findings import Finding, Verdict
from portal.shared.rules.law.forms import assess
from portal.shared.rules.law.posting import DANISH_USE, NO_CPR
from portal.shared.rules.models import Rule
from portal.shared.rules.queries import rule_book
from portal.shared.rules.services import RuleDetails
from portal.shared.rules.wording import LIST_KEYS, NEUTRAL

Judged = TypeVar("Judged", Placement, Opening)

OF_WORDS = frozenset((NEUTRAL, NO_CPR, DANISH_USE, *LIST_KEYS))
"""The rules that speak of an opening's words."""


@dataclass(frozen=True)
class Touched:
    """A placement or an opening with what the rules say otherwise than before."""

    subject: Placement | Opening
    opening: Opening
    new: tuple[Finding, ...]
    """Findings that are new or have another verdict."""
    old: tuple[Finding, ...]
    since: date
    """The first day on which the number matters to it."""


class TouchedKind(NamedTuple):
    """What touched ones have in common, said without any of them: nothing in it leads to a person or a workplace."""

    municipality: str
    form: PlacementForm
    since: date
    """The month from which they are touched, by its first day: a day of few would lead to one of them."""
    old: tuple[Verdict, ...]
    new: tuple[Verdict, ...]

    @property
    def keeps_its_verdict(self) -> bool:
        """Only the sentence or its day becomes another."""
        return self.old == self.new


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
            one.since.replace(day=1),
            tuple(finding.verdict for finding in one.old),
            tuple(finding.verdict for finding in one.new),
        )
        for one in touched
    )
    return sorted(counted.items())


def effect_of(details: RuleDetails, *, replacing: Rule | None, today: date) -> Effect:
    """Those whose period has a day of the number's, in the municipality whose own it is, or in all.

    `replacing`: the row that is corrected. For days that are gone also those that have ended.
    """
    before = rule_book()
    base = before.without(_dated(replacing)) if replacing else before
    after = base.with_number(_dated(details))
    days = Days.of(details, replacing)
    placements = _placements(days, details.municipality_id, today)
    openings = _open_openings(days, today, details.municipality_id)
    of_placements = placement_findings.cases(placements, on=today)
    of_openings = opening_findings.cases(openings, on=today)
    read_on = max(today, days.first)

    def says(opening: Opening, book: RuleBook) -> list[Finding]:
        """Its words keep somebody away as long as it is up, so they are judged on the first such day."""
        if details.key not in OF_WORDS or opening.expires_on is None or opening.expires_on < read_on:
            return assess(of_openings[opening.id], book)
        return opening_findings.findings_of(opening, of_openings[opening.id], book, on=read_on)

    return Effect(
        _touched(placements, lambda one, book: assess(of_placements[one.id], book), before, after, days),
        _touched(openings, says, before, after, days),
    )


@dataclass(frozen=True)
class Days:
    """The days on which another number may hold than before."""

    first: date
    last: date

    @classmethod
    def of(cls, *rows: RuleDetails | Rule | None) -> "Days":
        known = [row for row in rows if row is not None]
        return cls(min(row.valid_from for row in known), max(row.valid_to or date.max for row in known))


def _dated(rule: RuleDetails | Rule) -> DatedNumber:
    owner = db.session.get_one(Municipality, rule.municipality_id) if rule.municipality_id else None
    return DatedNumber(
        rule.key,
        rule.value,
        rule.valid_from,
        rule.valid_to,
        rule.reference,
        rule.certainty,
        unit=rule.unit,
        words=rule.words,
        owner=Owner(owner.id, owner.name) if owner else None,
    )


def _placements(days: Days, municipality_id: int | None, today: date) -> Sequence[Placement]:
    opening = joinedload(Placement.opening)
    judged = OPEN if days.first >= today else (*OPEN, PlacementStatus.ENDED)
    last_day = sa.func.coalesce(Placement.ended_on, Placement.ends_on)
    statement = (
        sa.select(Placement)
        .where(Placement.status.in_(judged), Placement.starts_on <= days.last, last_day >= days.first)
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


def _open_openings(days: Days, today: date, municipality_id: int | None) -> Sequence[Opening]:
    """An opening whose period has begun is for somebody who starts today at the earliest."""
    statement = (
        sa.select(Opening)
        .where(
            Opening.status.in_(CAN_EXPIRE),
            Opening.expires_on >= today,
            Opening.starts_on <= days.last,
            sa.or_(Opening.ends_on.is_(None), Opening.ends_on >= days.first),
        )
        .options(
            joinedload(Opening.employer),
            joinedload(Opening.workplace),
            selectinload(Opening.tasks),
            selectinload(Opening.conditions),
        )
        .order_by(Opening.starts_on, Opening.id)
    )
    if days.last < today:
        return []
    if municipality_id is not None:
        statement = statement.where(Opening.municipality_id == municipality_id)
    return db.session.scalars(statement).all()


def _touched(
    subjects: Iterable[Judged],
    says: Callable[[Judged, RuleBook], list[Finding]],
    before: RuleBook,
    after: RuleBook,
    days: Days,
) -> list[Touched]:
    found = []
    for subject in subjects:
        old, new = says(subject, before), says(subject, after)
        if _verdicts(old) != _verdicts(new):
            opening = subject.opening if isinstance(subject, Placement) else subject
            only_new, only_old = _only_in(new, old), _only_in(old, new)
            said = [one.since or subject.starts_on for one in only_new or only_old]
            since = max(days.first, subject.starts_on, min(said, default=days.first))
            found.append(Touched(subject, opening, only_new, only_old, since))
    return sorted(found, key=lambda one: one.since)


def _verdicts(findings: Iterable[Finding]) -> tuple[tuple[str, Verdict, date | None], ...]:
    return tuple(map(_verdict_of, findings))


def _verdict_of(finding: Finding) -> tuple[str, Verdict, date | None]:
    """With the day it is said from, for a stop that comes later is another; what is in order is so on no day."""
    return finding.rule, finding.verdict, None if finding.is_ok else finding.since


def _only_in(these: Iterable[Finding], those: Iterable[Finding]) -> tuple[Finding, ...]:
    known = set(_verdicts(those))
    return tuple(one for one in these if _verdict_of(one) not in known)
