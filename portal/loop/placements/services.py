"""Commands of placements: plan, agree, start, follow up; each move guarded, so that a second one is refused.

A placement ends with its last assessment sheet (`loop.assessments`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from portal.base import events
from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.terms import Party, PlacementForm
from portal.loop.employers import services as employers
from portal.loop.openings import services as openings
from portal.loop.placements.findings import (
    PlacementTerms,
    findings_of_plan,
    of_young,
    standing_at_start,
)
from portal.loop.placements.models import (
    Expectation,
    FollowUp,
    Placement,
    PlacementGrounds,
    PlacementStatus,
)
from portal.loop.reviews.models import Review
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.rules.findings import Finding, as_rows, require_override
from portal.shared.rules.law.case import NO_GROUNDS, Grounds

ALLOWED_MOVES: dict[PlacementStatus, frozenset[PlacementStatus]] = {
    PlacementStatus.PLANNED: frozenset({PlacementStatus.RUNNING, PlacementStatus.CANCELLED}),
    PlacementStatus.RUNNING: frozenset({PlacementStatus.ENDED}),
    PlacementStatus.ENDED: frozenset(),
    PlacementStatus.CANCELLED: frozenset(),
}


class PlacementNotAllowed(DomainError):
    """The consultant, the citizen and the employer have not all said yes."""

    message = _l("Forløbet kan først planlægges, når konsulenten, borgeren og virksomheden alle har sagt ja.")


class AlreadyPlanned(DomainError):
    message = _l("Der er allerede planlagt et forløb ud fra dette forslag.")


class PeriodBackwards(DomainError):
    message = _l("Slutdatoen ligger før startdatoen.")


class NotBegunYet(DomainError):
    message = _l("Den første dag kan ikke ligge efter i dag, når forløbet er begyndt.")


class ExpectationsMissing(DomainError):
    """Not all three parties have said what they expect; `parties` are those who have not."""

    def __init__(self, parties: Iterable[Party]) -> None:
        self.parties = tuple(parties)
        names = ", ".join(str(party.label) for party in self.parties)
        super().__init__(
            _("Forløbet kan ikke starte endnu. Der mangler forventninger fra: %(names)s.", names=names)
        )


class CitizenWithdrew(DomainError):
    message = _l(
        "Borgeren har trukket sit ja tilbage. Forløbet kan ikke starte; aflys det, så pladsen bliver fri."
    )


class PersonNotShown(DomainError):
    """The employer may no longer know who it is, so it says nothing about her either."""

    message = _l(
        "Virksomheden kan ikke længere se, hvem forløbet handler om. Ring til kommunen, hvis det er en fejl."
    )


class ExpectationsStand(DomainError):
    message = _l(
        "Forløbet er begyndt. Forventningerne står, som de blev aftalt; brug en opfølgning til ændringer."
    )


class WrongStep(DomainError):
    """The placement is not where this command starts from."""

    def __init__(self, status: PlacementStatus) -> None:
        super().__init__(
            _("Det passer ikke med, hvor forløbet er nu: %(status)s.", status=str(status.label).lower())
        )


class FollowUpAlreadyHeld(DomainError):
    message = _l("Opfølgningen er allerede noteret.")


def plan_placement(  # noqa: PLR0913 - what the three parties agreed on, each its own field of the form
    review: Review,
    *,
    form: PlacementForm,
    hours_per_week: float,
    starts_on: date,
    ends_on: date,
    long_reason: str = "",
    stop_reason: str = "",
    grounds: Grounds = NO_GROUNDS,
    young: Mapping[str, Any] | None = None,
    by: User,
    at: datetime,
) -> Placement:
    """Plan what all three said yes to; takes one place of the opening.

    `young`: the answers about work under 18, by the names of YoungWork.

    Raises PlacementNotAllowed, AlreadyPlanned, PeriodBackwards, StopsStand when a rule stops it without
    `stop_reason`, StopIsFinal, and NoPlaceLeft when a rival was faster. Source: docs/rules.md#capacity, #checks
    """
    if not review.allows_placement:
        raise PlacementNotAllowed
    if ends_on < starts_on:
        raise PeriodBackwards
    opening = review.match.opening
    answers = dict(young or {})
    terms = PlacementTerms(form, hours_per_week, starts_on, ends_on, long_reason, grounds, *of_young(answers))
    found = findings_of_plan(opening, review.match.card, terms, on=danish_day(at))
    placement = Placement(
        review_id=review.id,
        opening_id=opening.id,
        card_id=review.match.card_id,
        employer_id=opening.employer_id,
        municipality_id=review.match.municipality_id,
        form=form,
        hours_per_week=hours_per_week,
        starts_on=starts_on,
        ends_on=ends_on,
        long_reason=long_reason.strip(),
        findings=as_rows(found),
        stop_reason=stop_reason.strip(),
        planned_at=at,
        planned_by_id=by.id,
    )
    _add_once(placement)
    placement.grounds = PlacementGrounds(**vars(grounds), young=answers, stated_at=at, stated_by_id=by.id)
    require_override(found, reason=stop_reason)
    openings.take_place(opening.id, at=at)
    _occupy(placement)
    audit.record("placement-planned", subject=placement, by=by, at=at, citizen_id=placement.card.citizen_id)
    db.session.flush()
    events.placement_planned.send(placement, at=at)
    return placement


def cancel_placement(placement: Placement, *, by: User, at: datetime) -> None:
    """Call it off before the start: the place is free again. Raises WrongStep."""
    change_status(placement, PlacementStatus.CANCELLED)
    openings.free_place(placement.opening_id, at=at)
    if placement.form.traits.counts_in_ratio:
        employers.release_place(placement.id)
    audit.record("placement-cancelled", subject=placement, by=by, at=at, citizen_id=placement.card.citizen_id)
    events.placement_cancelled.send(placement, at=at)


def state_expectation(  # noqa: PLR0913 - the three things the plan asks of each party
    placement: Placement,
    *,
    party: Party,
    purpose: str,
    time_frame: str,
    development: str,
    by: User,
    at: datetime,
) -> Expectation:
    """Write down, or before the start change, what one party expects. Raises ExpectationsStand after the start.

    Source: docs/rules.md#expectations
    """
    if placement.status is not PlacementStatus.PLANNED:
        raise ExpectationsStand
    words = {"purpose": purpose, "time_frame": time_frame, "development": development}
    expectation = next((said for said in placement.expectations if said.party is party), None)
    if expectation is None:
        expectation = Expectation(party=party, stated_at=at, recorded_by_id=by.id, **words)
        placement.expectations.append(expectation)
    else:
        expectation.purpose, expectation.time_frame, expectation.development = words.values()
        expectation.stated_at, expectation.recorded_by_id = at, by.id
    audit.record("expectation-stated", subject=placement, by=by, at=at, citizen_id=placement.card.citizen_id)
    return expectation


def missing_expectations(placement: Placement) -> tuple[Party, ...]:
    """Who has not yet said what she expects, in the order of the form."""
    stated = {expectation.party for expectation in placement.expectations}
    return tuple(party for party in Party if party not in stated)


def start_placement(
    placement: Placement, *, first_day: date | None = None, stop_reason: str = "", by: User, at: datetime
) -> None:
    """Note that it has begun, on the agreed first day unless the consultant says another.

    Noted before the agreed day without saying which, it begins on the day it is noted.

    Raises ExpectationsMissing, CitizenWithdrew or WrongStep; StopsStand when a rule stops it that nobody has passed,
    or its papers are not ready, without `stop_reason`; StopIsFinal. Source: docs/rules.md#expectations, #checks, #vitas
    """
    today = danish_day(at)
    missing = missing_expectations(placement)
    if missing:
        raise ExpectationsMissing(missing)
    if not placement.review.allows_placement:
        raise CitizenWithdrew
    starts_on = first_day or min(placement.starts_on, today)
    if starts_on > today:
        raise NotBegunYet
    if starts_on > placement.ends_on:
        raise PeriodBackwards
    if placement.status is not PlacementStatus.PLANNED:
        raise WrongStep(placement.status)
    found, standing = standing_at_start(placement, starts_on, on=today)
    require_override(standing, reason=stop_reason)
    keep_passed(placement, found, reason=stop_reason if standing else "")
    moved = starts_on != placement.starts_on
    change_status(placement, PlacementStatus.RUNNING, started_at=at, starts_on=starts_on)
    if moved and placement.form.traits.counts_in_ratio:
        employers.release_place(placement.id)
        _occupy(placement)
    audit.record(
        "placement-started",
        subject=placement,
        by=by,
        at=at,
        citizen_id=placement.card.citizen_id,
        change=passed_in_words(standing),
    )


def keep_passed(placement: Placement, found: Sequence[Finding], *, reason: str) -> None:
    """Keep what the rules said and why its stops were passed, so that nobody is asked about them again."""
    placement.findings = as_rows(found)
    placement.later_reason = "\n".join(filter(None, (placement.later_reason, reason.strip())))


def passed_in_words(stops: Sequence[Finding]) -> str | None:
    """For the log, which outlives the reason: which rules were passed, not whose words said why."""
    rules = ", ".join(dict.fromkeys(one.rule for one in stops))
    return _("Stop passeret med begrundelse: %(rules)s", rules=rules) if rules else None


def add_follow_up(placement: Placement, *, due_on: date, by: User, at: datetime) -> FollowUp:
    """Agree a day to hear how it goes. Raises WrongStep when the placement is over."""
    if placement.status not in (PlacementStatus.PLANNED, PlacementStatus.RUNNING):
        raise WrongStep(placement.status)
    follow_up = FollowUp(due_on=due_on)
    placement.follow_ups.append(follow_up)
    audit.record("follow-up-agreed", subject=placement, by=by, at=at, citizen_id=placement.card.citizen_id)
    return follow_up


def hold_follow_up(follow_up: FollowUp, *, held_on: date, note: str, by: User, at: datetime) -> None:
    """Note that the talk took place and what was said. Raises FollowUpAlreadyHeld."""
    if follow_up.held_on is not None:
        raise FollowUpAlreadyHeld
    follow_up.held_on, follow_up.note = held_on, note.strip()
    placement = follow_up.placement
    audit.record("follow-up-held", subject=placement, by=by, at=at, citizen_id=placement.card.citizen_id)


def _add_once(placement: Placement) -> None:
    """A review becomes one placement: the constraint decides between two who plan at once."""
    try:
        with db.session.begin_nested():
            db.session.add(placement)
    except IntegrityError as error:
        raise AlreadyPlanned from error


def _occupy(placement: Placement) -> None:
    """A place of the ratio, but for who is outside it."""
    is_outside = placement.grounds is not None and placement.grounds.is_outside_ratio
    if is_outside or not placement.form.traits.counts_in_ratio:
        return
    employers.occupy_place(
        placement.opening.workplace_id,
        placement_id=placement.id,
        form=placement.form,
        hours_per_week=placement.hours_per_week,
        starts_on=placement.starts_on,
        ends_on=placement.ends_on,
    )


def change_status(placement: Placement, to: PlacementStatus, **values: Any) -> None:
    """Change the status where it still allows that, in one UPDATE: of two at once, one is told. Raises WrongStep."""
    sources = [status for status, targets in ALLOWED_MOVES.items() if to in targets]
    statement = (
        sa.update(Placement)
        .where(Placement.id == placement.id, Placement.status.in_(sources))
        .values(status=to, version=Placement.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    db.session.flush()
    moved = db.session.scalar(statement.returning(Placement.id)) is not None
    db.session.refresh(placement)
    if not moved:
        raise WrongStep(placement.status)
