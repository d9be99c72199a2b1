"""Commands of placements: plan, agree, start; each move guarded, so that a second one is refused.

A placement ends with its last assessment sheet (`loop.assessments`).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from portal.base import events
from portal.base.clock import danish_day, danish_midnight
from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.terms import PlacementForm
from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.models import Citizen
from portal.loop.employers import services as employers
from portal.loop.openings import services as openings
from portal.loop.placements import follow_ups
from portal.loop.placements.agreed import Agreed
from portal.loop.placements.findings import (
    PlacementTerms,
    findings_of_going_on,
    findings_of_plan,
    of_young,
    standing_at_start,
)
from portal.loop.placements.models import (
    Outcome,
    Placement,
    PlacementGrounds,
    PlacementStatus,
    PlacementTrace,
)
from portal.loop.placements.settling import require_settled
from portal.loop.placements.steps import WrongStep, change_status
from portal.loop.reviews.models import Review
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.rules.findings import Finding, as_rows, require_override
from portal.shared.rules.law.case import NO_GROUNDS, Grounds


class PlacementNotAllowed(DomainError):
    """The consultant, the citizen and the employer have not all said yes."""

    message = _l("Forløbet kan først planlægges, når konsulenten, borgeren og virksomheden alle har sagt ja.")


class AlreadyPlanned(DomainError):
    message = _l("Der er allerede planlagt et forløb ud fra dette forslag.")


class PeriodBackwards(DomainError):
    message = _l("Slutdatoen ligger før startdatoen.")


class FormerNotEnded(DomainError):
    message = _l(
        "Afslut først forløbet før det med den fælles vurdering, og vælg “Fortsætter i et nyt forløb her”. Det skal "
        "slutte, før dette begynder."
    )


class NotBegunYet(DomainError):
    message = _l("Den første dag kan ikke ligge efter i dag, når forløbet er begyndt.")


class CitizenWithdrew(DomainError):
    message = _l(
        "Borgeren har trukket sit ja tilbage. Forløbet kan ikke starte; aflys det, så pladsen bliver fri."
    )


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
    continues: Placement | None = None,
    by: User,
    at: datetime,
) -> Placement:
    """Plan what all three said yes to; takes one place of the opening, or that of the one which it continues.

    `young`: the answers about work under 18, by the names of YoungWork.

    Raises PlacementNotAllowed, AlreadyPlanned, PeriodBackwards, StopsStand when a rule stops it without
    `stop_reason`, StopIsFinal, and NoPlaceLeft when a rival was faster. Source: docs/rules.md#capacity, #checks
    """
    # One answer after the other: an answer that is being taken back at this moment allows nothing
    db.session.refresh(review, ["citizen_answer", "employer_answer"], with_for_update=True)
    if not review.allows_placement:
        raise PlacementNotAllowed
    if ends_on < starts_on:
        raise PeriodBackwards
    opening = review.match.opening
    answers = dict(young or {})
    terms = PlacementTerms(form, hours_per_week, starts_on, ends_on, long_reason, grounds, *of_young(answers))
    if continues is None:
        found = findings_of_plan(opening, review.match.card, terms, on=danish_day(at))
    else:
        found = findings_of_going_on(continues, terms, on=danish_day(at))
    placement = Placement(
        review_id=review.id,
        continues_id=continues.id if continues else None,
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
    if continues is None:
        openings.take_place(opening.id, at=at)
    occupy(placement)
    audit.record("placement-planned", subject=placement, by=by, at=at, citizen_id=placement.card.citizen_id)
    db.session.flush()
    events.placement_planned.send(placement, at=at)
    return placement


def cancel_placement(placement: Placement, *, by: User, at: datetime) -> None:
    """Call it off before the start: the place is free again. Raises WrongStep."""
    change_status(placement, PlacementStatus.CANCELLED, cancelled_at=at)
    follow_ups.close_open(placement, at=at)
    if not placement.is_continuation:
        openings.free_place(placement.opening_id, at=at)
    if placement.form.traits.counts_in_ratio:
        employers.release_place(placement.id)
    audit.record("placement-cancelled", subject=placement, by=by, at=at, citizen_id=placement.card.citizen_id)
    events.placement_cancelled.send(placement, at=at)


def start_placement(
    placement: Placement,
    *,
    first_day: date | None = None,
    stop_reason: str = "",
    unsettled_reason: str = "",
    by: User,
    at: datetime,
) -> None:
    """Note that it has begun, on the agreed first day unless the consultant says another.

    Noted before the agreed day without saying which, it begins on the day it is noted. Follow-ups that were agreed
    for the days before the first one are called off.

    `unsettled_reason`: why it begins although the three have not settled; heard after the days of a rule.

    Raises ExpectationsMissing, NotSettled, CitizenWithdrew or WrongStep; StopsStand when a rule stops it that nobody
    has passed, or its papers are not ready, without `stop_reason`; StopIsFinal; TalkBeforeFirstDay.
    Source: docs/rules.md#expectations, #checks, #vitas
    """
    today = danish_day(at)
    gap = require_settled(placement, reason=unsettled_reason, on=today)
    if not placement.review.allows_placement:
        raise CitizenWithdrew
    starts_on = first_day or min(placement.starts_on, today)
    _require_first_day(placement, starts_on, today=today)
    if placement.status is not PlacementStatus.PLANNED:
        raise WrongStep(placement.status)
    _require_former_ended(placement, starts_on)
    found, standing = standing_at_start(placement, starts_on, on=today)
    require_override(standing, reason=stop_reason)
    keep_passed(placement, found, reason=stop_reason if standing else "")
    placement.unsettled_reason = unsettled_reason.strip() if gap else ""
    moved = starts_on != placement.starts_on
    change_status(placement, PlacementStatus.RUNNING, started_at=at, starts_on=starts_on)
    leave_trace(placement, at=at)
    if moved:
        _follow_first_day(placement, by=by, at=at)
    audit.record(
        "placement-started",
        subject=placement,
        by=by,
        at=at,
        citizen_id=placement.card.citizen_id,
        change=passed_in_words(standing),
    )
    events.placement_started.send(placement, by=by, at=at)


def _require_first_day(placement: Placement, first: date, *, today: date) -> None:
    """Raises NotBegunYet, PeriodBackwards, TalkBeforeFirstDay."""
    if first > today:
        raise NotBegunYet
    if first > placement.ends_on:
        raise PeriodBackwards
    follow_ups.require_none_held_before(placement, first)


def _follow_first_day(placement: Placement, *, by: User, at: datetime) -> None:
    """It began on another day than was agreed: the place of the ratio is held from then on, and no talk is before."""
    occupy(placement)
    for talk in follow_ups.outside(placement, placement.starts_on, placement.ends_on):
        follow_ups.cancel_follow_up(talk, by=by, at=at)


def _require_former_ended(placement: Placement, starts_on: date) -> None:
    """Nobody is in two forms of one thread at a time. Raises FormerNotEnded."""
    if placement.continues_id is None:
        return
    former = db.session.get_one(Placement, placement.continues_id)
    if former.ended_on is None or former.ended_on >= starts_on:
        raise FormerNotEnded


def leave_trace(placement: Placement, *, at: datetime) -> None:
    """What is counted of it from now on, whatever becomes of the person."""
    db.session.add(
        PlacementTrace(
            placement_id=placement.id,
            employer_id=placement.employer_id,
            municipality_id=placement.municipality_id,
            form=placement.form,
            industry=placement.opening.industry,
            starts_on=placement.starts_on,
            recorded_at=at,
        )
    )


def end_placement(placement: Placement, *, outcome: Outcome, ended_on: date, at: datetime) -> None:
    """Note how and when it ended, on the placement and in its trace; asked by the sheet that ends it.

    Raises WrongStep.
    """
    change_status(placement, PlacementStatus.ENDED, ended_on=ended_on, outcome=outcome)
    follow_ups.close_open(placement, at=at)
    db.session.execute(
        sa.update(PlacementTrace)
        .where(PlacementTrace.placement_id == placement.id, PlacementTrace.replaced_at.is_(None))
        .values(ended_on=ended_on, outcome=outcome, end_recorded_at=at)
    )


def forget_whose(citizen: Citizen, *, at: datetime, **_more: Any) -> None:
    """Nothing leads from what stays of her placements to her: neither the number nor the moments, which the log has.

    The beginning of the Danish day stands for a moment, so that a past day is recounted as before.
    """
    hers = sa.select(Placement.id).join(Placement.card).where(CompetenceCard.citizen_id == citizen.id)
    gone = PlacementTrace.placement_id.not_in(sa.select(Placement.id))  # whoever hears of it first
    traces = sa.select(PlacementTrace).where(sa.or_(PlacementTrace.placement_id.in_(hers), gone))
    for trace in db.session.scalars(traces):
        trace.placement_id = None
        trace.recorded_at = danish_midnight(danish_day(trace.recorded_at))
        if trace.replaced_at is not None:
            trace.replaced_at = danish_midnight(danish_day(trace.replaced_at))
        if trace.end_recorded_at is not None:
            trace.end_recorded_at = danish_midnight(danish_day(trace.end_recorded_at))
    db.session.flush()


def keep_passed(placement: Placement, found: Sequence[Finding], *, reason: str) -> None:
    """Keep what the rules said and why its stops were passed, so that nobody is asked about them again."""
    placement.findings = as_rows(found)
    placement.later_reason = "\n".join(filter(None, (placement.later_reason, reason.strip())))


def passed_in_words(stops: Sequence[Finding]) -> str | None:
    """For the log, which outlives the reason: which rules were passed, not whose words said why."""
    rules = ", ".join(dict.fromkeys(one.rule for one in stops))
    return _("Stop passeret med begrundelse: %(rules)s", rules=rules) if rules else None


def _add_once(placement: Placement) -> None:
    """A review becomes one placement: the constraint decides between two who plan at once."""
    try:
        with db.session.begin_nested():
            db.session.add(placement)
    except IntegrityError as error:
        raise AlreadyPlanned from error


def occupy(placement: Placement) -> None:
    """A place of the ratio on its days, with the hours of each, in place of what it held; not for who is outside it.

    Also on the days of a pause: the agreement stands, and she comes back to the place. Somebody else on it meanwhile
    would make them too many on that day. Source: docs/rules.md#changes
    """
    is_outside = placement.grounds is not None and placement.grounds.is_outside_ratio
    if is_outside or not placement.form.traits.counts_in_ratio:
        return
    employers.release_place(placement.id)
    for first, last, hours in Agreed.of(placement).stretches():
        employers.occupy_place(
            placement.opening.workplace_id,
            placement_id=placement.id,
            form=placement.form,
            hours_per_week=hours,
            starts_on=first,
            ends_on=last,
        )
