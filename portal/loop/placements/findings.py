"""A planned placement held against the rules of the law. Source: docs/rules.md#checks"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from portal.base.database import db
from portal.base.terms import PlacementForm
from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import OccupiedPlace
from portal.loop.employers.queries import places_held
from portal.loop.openings.findings import case_of
from portal.loop.openings.models import Opening
from portal.loop.placements.models import Placement, PlacementStatus
from portal.shared.rules.checks import weeks_between
from portal.shared.rules.findings import Finding, Verdict, matter_of
from portal.shared.rules.law.case import Case, PersonInLaw
from portal.shared.rules.law.forms import assess
from portal.shared.rules.queries import rule_book


@dataclass(frozen=True)
class PlacementTerms:
    """What is agreed about a placement."""

    form: PlacementForm
    hours_per_week: float
    starts_on: date
    ends_on: date
    long_reason: str = ""


def findings_of_plan(
    opening: Opening, card: CompetenceCard, terms: PlacementTerms, *, on: date
) -> list[Finding]:
    """What the rules say before it is planned. Raises RuleMissing."""
    held = places_held([opening.workplace_id], since=on).get(opening.workplace_id, [])
    born_on = db.session.scalar(sa.select(Citizen.born_on).where(Citizen.id == card.citizen_id))
    others = _others_at(opening.employer_id, [card.id]).get(card.id, [])
    case = _case(opening, card.municipality_id, held, terms, person_of(born_on, others, terms), on=on)
    return assess(case, rule_book())


def findings_of_start(placement: Placement, starts_on: date, *, on: date) -> list[Finding]:
    """What the rules say of a placement that begins on another day than was planned. Raises RuleMissing."""
    held = places_held([placement.opening.workplace_id], since=on).get(placement.opening.workplace_id, [])
    others = _others_at(placement.employer_id, [placement.card_id]).get(placement.card_id, [])
    terms = replace(_terms_of(placement), starts_on=starts_on)
    return assess(_case_of(placement, held, others, on=on, terms=terms), rule_book())


def not_passed(placement: Placement, findings: Sequence[Finding]) -> list[Finding]:
    """Without the stops that a consultant passed with a reason when it was planned or begun.

    A reason passes what it was given for: another stop of the same rule stands, and a final one always.
    """
    stopped = {
        matter_of(row["rule"], row["sentence"])
        for row in placement.findings
        if row["verdict"] == Verdict.STOP
    }
    passed = stopped if placement.stop_reason else set()
    return [one for one in findings if not (one.can_be_passed and one.matter in passed)]


def cases(placements: Sequence[Placement], *, on: date) -> dict[int, Case]:
    """Placement id -> what the rules are held against; opening, workplace, employer, card and citizen are loaded."""
    held = places_held([placement.opening.workplace_id for placement in placements], since=on)
    others = _others_at(None, [placement.card_id for placement in placements])
    return {
        placement.id: _case_of(
            placement,
            held.get(placement.opening.workplace_id, []),
            [one for one in others.get(placement.card_id, []) if one.employer_id == placement.employer_id],
            on=on,
        )
        for placement in placements
    }


def _terms_of(placement: Placement) -> PlacementTerms:
    return PlacementTerms(
        placement.form,
        placement.hours_per_week,
        placement.starts_on,
        placement.ends_on,
        placement.long_reason,
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
    person = person_of(placement.card.citizen.born_on, rest, terms)
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
    return replace(
        case_of(opening, held, on=on),
        municipality_id=municipality_id,
        form=terms.form,
        hours_per_week=terms.hours_per_week,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        reason=terms.long_reason,
        person=person,
        is_plan=True,
    )


def person_of(born_on: date | None, others: Iterable[Placement], terms: PlacementTerms) -> PersonInLaw:
    """`others` are her further placements at the same employer."""
    return PersonInLaw(born_on, _earlier_weeks(others, terms), _paid_tasks(others, terms))


def _earlier_weeks(others: Iterable[Placement], terms: PlacementTerms) -> int:
    before = [one for one in others if not one.form.traits.is_paid and one.starts_on < terms.starts_on]
    return sum(weeks_between(one.starts_on, one.ended_on or one.ends_on) for one in before)


def _paid_tasks(others: Iterable[Placement], terms: PlacementTerms) -> Mapping[int, str]:
    """What she is paid for there on some day of the period."""
    return {
        task.skill_id: task.text
        for one in others
        if one.form.traits.is_paid
        and one.starts_on <= terms.ends_on
        and (one.ended_on or one.ends_on) >= terms.starts_on
        for task in one.opening.tasks
        if task.skill_id is not None
    }


def _others_at(employer_id: int | None, card_ids: Iterable[int]) -> dict[int, list[Placement]]:
    """Card id -> its placements, at one employer or at all, but those called off."""
    statement = (
        sa.select(Placement)
        .where(Placement.card_id.in_(set(card_ids)), Placement.status != PlacementStatus.CANCELLED)
        .options(selectinload(Placement.opening).selectinload(Opening.tasks))
        .order_by(Placement.starts_on, Placement.id)
    )
    if employer_id is not None:
        statement = statement.where(Placement.employer_id == employer_id)
    found: dict[int, list[Placement]] = {}
    for placement in db.session.scalars(statement):
        found.setdefault(placement.card_id, []).append(placement)
    return found
