"""A planned placement held against the rules of the law. Source: docs/rules.md#checks"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.base import events
from portal.base.database import db
from portal.base.terms import PlacementForm
from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.queries import born_of
from portal.loop.employers.models import OccupiedPlace
from portal.loop.employers.queries import places_held
from portal.loop.openings.findings import case_of, with_conditions_of
from portal.loop.openings.models import Opening
from portal.loop.placements.agreed import DAY, Agreed
from portal.loop.placements.models import Placement, PlacementStatus
from portal.shared.rules.book import RuleBook
from portal.shared.rules.checks import Born
from portal.shared.rules.clock_times import working_week
from portal.shared.rules.findings import Finding, Verdict, matter_of, stops
from portal.shared.rules.law.case import (
    NO_GROUNDS,
    NOTHING_SAID,
    Case,
    Grounds,
    PersonInLaw,
    Premises,
    Readiness,
    Stay,
    YoungWork,
)
from portal.shared.rules.law.forms import assess
from portal.shared.rules.queries import rule_book
from portal.shared.rules.school_weeks import school_free_weeks

UNASKED = Grounds(readiness=Readiness.OTHER)
"""What is assumed where nobody was asked: a placement planned before the group was, and a plan that is still empty."""


@dataclass(frozen=True)
class PlacementTerms:
    """What is agreed about a placement."""

    form: PlacementForm
    hours_per_week: float
    starts_on: date
    ends_on: date
    long_reason: str = ""
    grounds: Grounds = NO_GROUNDS
    young: YoungWork = NOTHING_SAID
    working_times: str = ""
    """Where they are others than those of the opening."""
    later_hours: tuple[tuple[date, float], ...] = ()
    """The hours from a later day on."""
    tasks: str = ""
    """What is done beside, or instead of, what the opening says."""


def findings_of_plan(
    opening: Opening, card: CompetenceCard, terms: PlacementTerms, *, on: date
) -> list[Finding]:
    """What the rules say before it is planned. Raises RuleMissing."""
    held = places_held([opening.workplace_id], since=min(on, terms.starts_on)).get(opening.workplace_id, [])
    others = _others_of([card.id]).get(card.id, [])
    person = person_of(born_of(card.citizen_id), opening.employer_id, others, terms)
    return assess(_case(opening, card.municipality_id, held, terms, person, on=on), rule_book())


def findings_of_going_on(placement: Placement, terms: PlacementTerms, *, on: date) -> list[Finding]:
    """What the rules say of the form it would go on in; the one before it lasts until the day before.

    Raises RuleMissing.
    """
    opening, card = placement.opening, placement.card
    held = places_held([opening.workplace_id], since=min(on, terms.starts_on)).get(opening.workplace_id, [])
    rest = [one for one in _others_of([card.id]).get(card.id, []) if one.id != placement.id]
    person = person_of(born_of(card.citizen_id), opening.employer_id, rest, terms)
    last = max(min(placement.ends_on, terms.starts_on - DAY), placement.starts_on)
    person = _with_stay(person, placement, Stay(placement.starts_on, last))
    theirs = [place for place in held if place.placement_id != placement.id]
    return assess(_case(opening, card.municipality_id, theirs, terms, person, on=on), rule_book())


def _with_stay(person: PersonInLaw, placement: Placement, stay: Stay) -> PersonInLaw:
    """What she has used already counts in what may come."""
    if not placement.form.traits.is_paid:
        person = replace(person, praktik_here=(*person.praktik_here, stay))
    if placement.grounds is not None and placement.grounds.is_within_course:
        person = replace(person, course_praktik=(*person.course_praktik, stay))
    return person


def standing_at_start(
    placement: Placement, starts_on: date, *, on: date, book: RuleBook | None = None
) -> tuple[list[Finding], list[Finding]]:
    """Everything that is said before it begins on the day, and the stops of it that nobody has passed.

    `book`: all the rules, where they are in hand. Raises RuleMissing. Rules may have changed since the plan, and other
    rooms may have something to wait for. Before the agreed day it lasts longer than what a stop was passed for.
    """
    case, book = case_of_start(placement, starts_on, on=on), book or rule_book()
    found = [*assess(case, book), *events.hindrances_of_start(placement, case, book)]
    lasts_longer = starts_on < placement.starts_on
    return found, stops(found if lasts_longer else not_passed(placement, found))


def case_of_start(placement: Placement, starts_on: date, *, on: date) -> Case:
    """What they are held against; opening, workplace, employer, card and citizen are loaded."""
    since = min(on, starts_on)
    held = places_held([placement.opening.workplace_id], since=since).get(placement.opening.workplace_id, [])
    others = _others_of([placement.card_id]).get(placement.card_id, [])
    terms = replace(_terms_of(placement), starts_on=starts_on)
    return _case_of(placement, held, others, on=on, terms=terms)


def findings_of_change(
    placement: Placement, agreed: Agreed, *, on: date
) -> tuple[list[Finding], list[Finding]]:
    """Everything that is said if this is agreed instead, and the stops of it that nobody has passed yet.

    A stop that was passed for what is agreed now is asked about again as soon as it says something else, or is said of
    more days, whether its words tell how many or not: a reason for thirteen weeks is none for fourteen. Raises
    RuleMissing.
    """
    held = places_held([placement.opening.workplace_id], since=min(on, agreed.starts_on))
    others = _others_of([placement.card_id]).get(placement.card_id, [])
    book = rule_book()

    def said_of(terms: Agreed) -> list[Finding]:
        theirs = held.get(placement.opening.workplace_id, [])
        return assess(_case_of(placement, theirs, others, on=on, terms=_terms_of(placement, terms)), book)

    found, now = said_of(agreed), Agreed.of(placement)
    if agreed.reaches_beyond(now):
        return found, stops(found)
    stands = said_of(now)
    asked = {_exactly(one) for one in not_passed(placement, stands)}
    passed = {_exactly(one) for one in stands if _exactly(one) not in asked}
    return found, [one for one in stops(found) if one.is_final or _exactly(one) not in passed]


def _exactly(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.verdict.value, str(finding.sentence)


class Passable(Protocol):
    """A record that keeps what the rules said of it, and why a stop among that was passed."""

    @property
    def findings(self) -> Any: ...

    @property
    def has_reason(self) -> bool: ...


def not_passed(record: Passable, findings: Sequence[Finding]) -> list[Finding]:
    """Without the stops that a consultant passed with a reason when it was planned, begun or declared ready.

    A reason passes what it was given for: another stop of the same rule stands, and a final one always.
    """
    stopped = {
        matter_of(row["rule"], row["sentence"]) for row in record.findings if row["verdict"] == Verdict.STOP
    }
    passed = stopped if record.has_reason else set()
    return [one for one in findings if not (one.can_be_passed and one.matter in passed)]


def cases(placements: Sequence[Placement], *, on: date) -> dict[int, Case]:
    """Placement id -> what the rules are held against; opening, workplace, employer, card and citizen are loaded."""
    since = min([on, *(placement.starts_on for placement in placements)])
    held = places_held([placement.opening.workplace_id for placement in placements], since=since)
    others = _others_of([placement.card_id for placement in placements])
    return {
        placement.id: _case_of(
            placement,
            held.get(placement.opening.workplace_id, []),
            others.get(placement.card_id, []),
            on=on,
        )
        for placement in placements
    }


def _terms_of(placement: Placement, agreed: Agreed | None = None) -> PlacementTerms:
    """By what is agreed now, or would be."""
    terms = agreed or Agreed.of(placement)
    young, working_times = of_young(placement.grounds.young) if placement.grounds else (NOTHING_SAID, "")
    return PlacementTerms(
        placement.form,
        terms.hours_per_week,
        terms.starts_on,
        terms.ends_on,
        terms.long_reason,
        placement.grounds.in_law if placement.grounds else UNASKED,
        young,
        working_times,
        terms.later_hours,
        terms.tasks,
    )


def _case_of(
    placement: Placement,
    held: Iterable[OccupiedPlace],
    others: Iterable[Placement],
    *,
    on: date,
    terms: PlacementTerms | None = None,
) -> Case:
    terms = terms or _terms_of(placement)
    rest = [one for one in others if one.id != placement.id]
    theirs = [place for place in held if place.placement_id != placement.id]
    person = person_of(placement.card.citizen.born, placement.employer_id, rest, terms)
    return _case(placement.opening, placement.municipality_id, theirs, terms, person, on=on)


def _case(
    opening: Opening,
    municipality_id: int,
    held: Sequence[OccupiedPlace],
    terms: PlacementTerms,
    person: PersonInLaw,
    *,
    on: date,
) -> Case:
    """Whoever places somebody answers for it: at a neighbour's employer its own rules hold, not the neighbour's."""
    case = replace(
        case_of(opening, held, on=on),
        municipality_id=municipality_id,
        form=terms.form,
        hours_per_week=terms.hours_per_week,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        reason=terms.long_reason,
        person=person,
        young=terms.young,
        later_hours=terms.later_hours,
        is_plan=True,
    )
    if terms.tasks:
        case = replace(case, words=(*case.words, *terms.tasks.splitlines()))
    if terms.working_times:
        times = working_week(terms.working_times)
        case = replace(case, times=times, weekdays=frozenset() if times.days else case.weekdays)
    return with_conditions_of(opening, case)


def person_of(
    born: Born | None, employer_id: int, others: Iterable[Placement], terms: PlacementTerms
) -> PersonInLaw:
    """`others` are her further placements, wherever they are and whenever they begin."""
    theirs = list(others)
    here = [one for one in theirs if one.employer_id == employer_id]
    praktik = [one for one in here if not one.form.traits.is_paid]
    course = [one for one in theirs if one.grounds is not None and one.grounds.is_within_course]
    meanwhile = [one for one in here if one.starts_on <= terms.ends_on and _last_day(one) >= terms.starts_on]
    return PersonInLaw(
        born,
        praktik_here=tuple(_stay(one) for one in praktik),
        course_praktik=tuple(_stay(one) for one in course),
        paid_tasks=_tasks(one for one in meanwhile if one.form.traits.is_paid),
        unpaid_tasks=_tasks(one for one in meanwhile if not one.form.traits.is_paid),
        grounds=terms.grounds,
    )


def _stay(placement: Placement) -> Stay:
    return Stay(placement.starts_on, _last_day(placement))


def _last_day(placement: Placement) -> date:
    return max(placement.ended_on or placement.ends_on, placement.starts_on)


def _tasks(placements: Iterable[Placement]) -> Mapping[int, str]:
    return {
        task.skill_id: task.text
        for one in placements
        for task in one.opening.tasks
        if task.skill_id is not None
    }


def _others_of(card_ids: Iterable[int]) -> dict[int, list[Placement]]:
    """Card id -> its placements, but those called off."""
    statement = (
        sa.select(Placement)
        .where(Placement.card_id.in_(set(card_ids)), Placement.status != PlacementStatus.CANCELLED)
        .options(joinedload(Placement.opening).joinedload(Opening.tasks), joinedload(Placement.grounds))
        .order_by(Placement.starts_on, Placement.id)
    )
    found: dict[int, list[Placement]] = {}
    for placement in db.session.scalars(statement).unique():
        found.setdefault(placement.card_id, []).append(placement)
    return found


def of_young(answers: Mapping[str, Any]) -> tuple[YoungWork, str]:
    """The stored answers as the rules read them, and the working times among them."""
    known = dict(answers)
    working_times = known.pop("working_times", "")
    weeks = school_free_weeks(known.pop("free_weeks", ""))
    premises = known.pop("premises", None)
    young = YoungWork(free_weeks=weeks, premises=Premises(premises) if premises else None, **known)
    return young, working_times
