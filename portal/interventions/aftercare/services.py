"""Commands of the talks after somebody was hired: planned by the end of a placement, held, closed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from flask_babel import lazy_gettext as _l

from portal.base.clock import danish_day
from portal.base.database import check_version, db
from portal.base.errors import DomainError
from portal.base.recorded_days import require_between
from portal.base.terms import Effort
from portal.interventions.aftercare import queries
from portal.interventions.aftercare.models import AfterHired, JobTalk, StillThere
from portal.interventions.target_groups import situations
from portal.loop.placements.models import Outcome, Placement
from portal.loop.reviews.models import Review
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit

MONTHS: Final = (1, 3, 6)
"""When somebody is talked with after she was hired. Source: S2, efterværn; no law."""


class BeforeTheJob(DomainError):
    message = _l("Dagen ligger før ansættelsen.")


class TalkCancelled(DomainError):
    message = _l("Samtalen er aflyst.")


@dataclass(frozen=True)
class TalkDetails:
    """What the form asks of a talk that was held."""

    held_on: date
    still_there: StillThere
    next_step: AfterHired
    hours_per_week: float | None = None
    left_on: date | None = None


def note_ended(placement: Placement, *, at: datetime, **_more: Any) -> None:
    """Plan the talks where it led to a job and the municipality follows up."""
    citizen = placement.card.citizen
    if placement.outcome is not Outcome.HIRED or placement.ended_on is None:
        return
    if not citizen.municipality.uses(Effort.AFTERCARE):
        return
    for months in MONTHS:
        db.session.add(
            JobTalk(
                placement_id=placement.id,
                citizen_id=citizen.id,
                months=months,
                due_on=placement.ended_on + relativedelta(months=months),
                planned_at=at,
            )
        )
    db.session.flush()


def hold_talk(talk: JobTalk, details: TalkDetails, *, seen_version: int, by: User, at: datetime) -> bool:
    """Write down what she said, or correct it; whether a period in work was ended by that.

    Raises StaleVersion, TalkCancelled, BeforeTheJob, RecordedAhead, and what ending a period may raise.
    """
    db.session.refresh(talk, with_for_update={"of": JobTalk})
    check_version(talk, seen_version)
    if talk.cancelled_at is not None:
        raise TalkCancelled
    ended_on, today = talk.placement.ended_on, danish_day(at)
    since = ended_on or danish_day(talk.planned_at)
    for day in (details.held_on, details.left_on):
        if day is not None:
            require_between(day, since=since, today=today, too_early=BeforeTheJob())
    gone, author = details.still_there is StillThere.NO, by.id
    if talk.still_there is StillThere.NO:
        _reopen_cancelled_by(talk)
    talk.held_on, talk.still_there, talk.next_step = details.held_on, details.still_there, details.next_step
    talk.hours_per_week = None if gone else details.hours_per_week
    talk.left_on = details.left_on if gone else None
    talk.recorded_at, talk.recorded_by_id = at, author
    talk.version += 1
    db.session.flush()
    audit.record("job-talk-held", subject=talk, by=by, at=at, citizen_id=talk.citizen_id)
    if not gone:
        return False
    _cancel(JobTalk.placement_id == talk.placement_id, at=at)
    return details.left_on is not None and _end_job(talk, details.left_on, by=by, at=at)


def _end_job(talk: JobTalk, left_on: date, *, by: User, at: datetime) -> bool:
    spell = queries.job_of(talk)
    if spell is None or spell.from_on > left_on:
        return False
    known = situations.details_of(spell)
    ended = situations.SpellDetails(known.kind, known.from_on, left_on, known.hours_per_week)
    situations.correct_spell(spell, ended, by=by, at=at)
    return True


def note_withdrawn(review: Review, *, at: datetime, **_more: Any) -> None:
    """She took her yes to the place back."""
    of_it = sa.select(Placement.id).where(Placement.review_id == review.id)
    _cancel(JobTalk.placement_id.in_(of_it), at=at)


def _reopen_cancelled_by(talk: JobTalk) -> None:
    """What it had cancelled, before it is corrected: somebody who has the job after all is talked with."""
    cancelled = sa.select(JobTalk).where(
        JobTalk.placement_id == talk.placement_id, JobTalk.cancelled_at == talk.recorded_at
    )
    for other in db.session.scalars(cancelled).all():
        other.cancelled_at = None
        other.version += 1
    db.session.flush()


def _cancel(which: sa.ColumnElement[bool], *, at: datetime) -> None:
    """Those that nobody has held."""
    for talk in db.session.scalars(sa.select(JobTalk).where(which, *queries.OPEN)).all():
        talk.cancelled_at = at
        talk.version += 1
    db.session.flush()
