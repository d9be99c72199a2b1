"""What other rooms' pages show of a way: each reader her own part of it."""

from collections.abc import Mapping
from typing import Any, Final

from portal.base import clock
from portal.base.events import WayStep
from portal.base.terms import Effort
from portal.interventions.pathways import offers, ways
from portal.interventions.pathways.models import JourneyStep, StepKind, StepState
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import Employer
from portal.loop.matches.models import Match
from portal.loop.placements.models import Placement
from portal.web.permissions import Action, Scope

Shown = Mapping[str, Any]


def beside_citizen(citizen: Citizen, reader: Any) -> Shown | None:
    """Her way for the consultant, and those that are over."""
    if not reader.may(Action.RECORD_EFFORTS):
        return None
    journey = ways.journey_of(citizen.id)
    seen = ways.seen_of([citizen.id]).get(citizen.id, {}) if journey else {}
    return {
        "citizen_id": citizen.id,
        "journey": journey,
        "rungs": ways.rungs_of(journey, seen) if journey else [],
        "past": ways.past_journeys_of(citizen.id),
    }


def beside_placement(placement: Placement, reader: Any) -> Shown | None:
    """For the consultant the next step of her way; for the employer the step it carries, and never the rest."""
    step = ways.step_of_placement(placement.id)
    if reader.may(Action.RECORD_EFFORTS):
        journey = ways.journey_of(placement.card.citizen_id)
        if journey is None and step is None:
            return None
        upcoming = journey.next if journey else None
        seen = ways.seen_of([placement.card.citizen_id]).get(placement.card.citizen_id, {})
        return {
            "placement_id": placement.id,
            "step": step,
            "levels": ways.asked_of(step, seen) if step else [],
            "journey": journey,
            "upcoming": upcoming,
            "finding": ways.finding_before(upcoming, seen) if upcoming else None,
        }
    if step is None or reader.scope is not Scope.EMPLOYER:
        return None
    return {"step": step, "levels": ways.asked_of(step, {}), "journey": None}


STATES: Final = {
    StepState.WAITING: ("page", "step_waiting"),
    StepState.UNDER_WAY: ("page", "step_under_way"),
    StepState.REACHED: ("page", "step_reached"),
    StepState.SKIPPED: ("page", "step_skipped"),
}
KINDS: Final = {StepKind.COURSE: ("page", "step_course"), StepKind.GROUP: ("page", "step_group")}
"""The phrases of her page; a step in a form of cooperation is called as the form is."""


def hers(citizen: Citizen, _reader: Any) -> Shown | None:
    """Her own way, for her."""
    journey = ways.journey_of(citizen.id)
    if journey is None:
        return None
    seen = ways.seen_of([citizen.id]).get(citizen.id, {})
    return {
        "journey": journey,
        "rungs": ways.rungs_of(journey, seen),
        "states": STATES,
        "kinds": KINDS,
    }


def beside_employer(employer: Employer, reader: Any) -> Shown | None:
    """The steps that it takes; whoever may offers another or withdraws one."""
    records, answers = reader.may(Action.RECORD_EFFORTS), reader.may(Action.ANSWER_AS_EMPLOYER)
    if not (records or answers or reader.may(Action.READ_EFFORTS)):
        return None
    today = clock.today()
    return {
        "employer": employer,
        "offers": [one for one in offers.offers_of_employer(employer.id) if one.stands_on(today)],
        "records": records,
        "answers": answers,
    }


def beside_match(match: Match, reader: Any) -> Shown | None:
    """Why the opening fits her way: the step she could take there. It says nothing of the score."""
    if not reader.may(Action.RECORD_EFFORTS):
        return None
    journey = ways.journey_of(match.card.citizen_id)
    if journey is None:
        return None
    open_steps = [
        step for step in (journey.now, journey.next) if step is not None and step.placement_id is None
    ]
    for step in dict.fromkeys(open_steps):
        taught = _taught_by(match, step)
        offered = _is_offered(match, step)
        if step.kind.placement_form is match.opening.form and (taught or offered):
            return {"journey": journey, "step": step, "taught": taught, "offered": offered}
    return None


def _taught_by(match: Match, step: JourneyStep) -> list[str]:
    """What of the step's skills is among the opening's tasks."""
    asked = {task.skill_id for task in match.opening.tasks if task.skill_id is not None}
    return [one.skill.name for one in step.skills if one.skill_id in asked]


def _is_offered(match: Match, step: JourneyStep) -> bool:
    standing = offers.offers_of_steps([step.package_step_id], clock.today())
    return any(one.employer_id == match.opening.employer_id for one in standing)


def way_of(citizen_id: int) -> tuple[WayStep, ...]:
    """Answers `events.way_of`: for her own paper, where the municipality uses packages."""
    journey = ways.journey_of(citizen_id)
    if journey is None or not journey.citizen.municipality.uses(Effort.PATHWAYS):
        return ()
    return tuple(
        WayStep(number, step.name, str(step.state.label), STATES[step.state])
        for number, step in enumerate(journey.steps, start=1)
    )
