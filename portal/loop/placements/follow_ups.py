"""Commands of follow-ups: agree a day, move it, call it off, note what was said."""

from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.clock import danish_day
from portal.base.database import check_version, db
from portal.base.errors import DomainError, StaleVersion
from portal.base.recorded_days import require_between
from portal.loop.placements.models import (
    ChangeKind,
    FollowUp,
    Placement,
    PlacementChange,
    PlacementStatus,
)
from portal.loop.placements.steps import WrongStep
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.web.presentation import da_date

AFTER_CARE: Final = timedelta(weeks=4)
"""So long after the last day somebody may still be asked how it goes, whether she was hired or stopped."""


class FollowUpAlreadyHeld(DomainError):
    message = _l("Opfølgningen er allerede noteret.")


class FollowUpCalledOff(DomainError):
    message = _l("Opfølgningen er aflyst.")


class FollowUpOutside(DomainError):
    """It lies before the placement, or too long after it."""

    def __init__(self, first: date, last: date) -> None:
        super().__init__(
            _(
                "Opfølgningen skal ligge mellem %(first)s og %(last)s.",
                first=da_date(first),
                last=da_date(last),
            )
        )


class HeldBeforeStart(DomainError):
    def __init__(self, first: date) -> None:
        super().__init__(_("Forløbet begynder først den %(day)s.", day=da_date(first)))


class TalkBeforeFirstDay(DomainError):
    """A talk was held before the day that is said to be the first."""

    def __init__(self, held_on: date) -> None:
        super().__init__(_("Der er allerede holdt en opfølgning den %(day)s.", day=da_date(held_on)))


def days_for(placement: Placement) -> tuple[date, date]:
    """The first and the last day on which a follow-up of it may lie."""
    return placement.starts_on, (placement.ended_on or placement.ends_on) + AFTER_CARE


def require_day(due_on: date, first: date, last: date) -> None:
    """Raises FollowUpOutside."""
    if not first <= due_on <= last:
        raise FollowUpOutside(first, last)


def outside(placement: Placement, first: date, last: date) -> list[FollowUp]:
    """Its open follow-ups that would lie outside if it lasted so: they are called off with that."""
    return [
        talk
        for talk in placement.follow_ups
        if talk.is_open and not first <= talk.due_on <= last + AFTER_CARE
    ]


def require_none_held_before(placement: Placement, first: date) -> None:
    """Raises TalkBeforeFirstDay."""
    held = [talk.held_on for talk in placement.follow_ups if talk.held_on is not None]
    if held and min(held) < first:
        raise TalkBeforeFirstDay(min(held))


def add_follow_up(placement: Placement, *, due_on: date, by: User, at: datetime) -> FollowUp:
    """Agree a day to hear how it goes. Raises WrongStep when the placement is over, FollowUpOutside."""
    if placement.status not in (PlacementStatus.PLANNED, PlacementStatus.RUNNING):
        raise WrongStep(placement.status)
    require_day(due_on, *days_for(placement))
    follow_up = FollowUp(due_on=due_on)
    placement.follow_ups.append(follow_up)
    audit.record("follow-up-agreed", subject=placement, by=by, at=at, citizen_id=placement.card.citizen_id)
    return follow_up


def hold_follow_up(follow_up: FollowUp, *, held_on: date, note: str, by: User, at: datetime) -> None:
    """Note that the talk took place and what was said.

    Raises FollowUpAlreadyHeld, FollowUpCalledOff, HeldBeforeStart, RecordedAhead.
    """
    _require_open(follow_up)
    placement = follow_up.placement
    first = placement.starts_on
    require_between(held_on, since=first, today=danish_day(at), too_early=HeldBeforeStart(first))
    _save(follow_up, follow_up.version, held_on=held_on, note=note.strip())
    audit.record("follow-up-held", subject=placement, by=by, at=at, citizen_id=placement.card.citizen_id)


def move_follow_up(
    follow_up: FollowUp, *, due_on: date, seen_version: int, reason: str = "", by: User, at: datetime
) -> None:
    """Another day is agreed, and the employer is told; the old one stays in the history.

    Raises FollowUpAlreadyHeld, FollowUpCalledOff, FollowUpOutside, StaleVersion.
    """
    _tell(
        move(follow_up, due_on=due_on, seen_version=seen_version, reason=reason, by=by, at=at), by=by, at=at
    )


def move(
    follow_up: FollowUp, *, due_on: date, seen_version: int, reason: str = "", by: User, at: datetime
) -> PlacementChange | None:
    """The same, of which nobody is told: it goes along with something else."""
    _require_open(follow_up)
    require_day(due_on, *days_for(follow_up.placement))
    before = follow_up.due_on
    if due_on == before:
        check_version(follow_up, seen_version)
        return None
    _save(follow_up, seen_version, due_on=due_on)
    _record("follow-up-moved", follow_up, by=by, at=at)
    return _keep(follow_up, ChangeKind.FOLLOW_UP_MOVED, before, due_on, reason=reason, by=by, at=at)


def cancel_follow_up(follow_up: FollowUp, *, by: User, at: datetime) -> None:
    """There will be no talk on that day; the employer is told. Raises FollowUpAlreadyHeld, FollowUpCalledOff."""
    _tell(call_off(follow_up, by=by, at=at), by=by, at=at)


def call_off(follow_up: FollowUp, *, by: User, at: datetime) -> PlacementChange:
    """The same, of which nobody is told: it goes along with something else."""
    _require_open(follow_up)
    _save(follow_up, follow_up.version, cancelled_at=at)
    _record("follow-up-cancelled", follow_up, by=by, at=at)
    return _keep(follow_up, ChangeKind.FOLLOW_UP_CANCELLED, follow_up.due_on, None, by=by, at=at)


def _tell(change: PlacementChange | None, *, by: User, at: datetime) -> None:
    if change is not None:
        events.placement_changed.send(change.placement, change=change, by=by, at=at)


def close_open(placement: Placement, *, at: datetime) -> None:
    """It is over or called off: no talk of it is to come, but one that was agreed for the time after it."""
    for follow_up in placement.follow_ups:
        if follow_up.is_open and not _is_after_care(follow_up, placement):
            _save(follow_up, follow_up.version, cancelled_at=at)


def _is_after_care(follow_up: FollowUp, placement: Placement) -> bool:
    if placement.ended_on is None:
        return False
    last = max(placement.ended_on, placement.ends_on)
    return last < follow_up.due_on <= placement.ended_on + AFTER_CARE


def _require_open(follow_up: FollowUp) -> None:
    if follow_up.held_on is not None:
        raise FollowUpAlreadyHeld
    if follow_up.cancelled_at is not None:
        raise FollowUpCalledOff


def _save(follow_up: FollowUp, seen_version: int, **values: object) -> None:
    """One guarded UPDATE: of two who move it at once, one is told. Raises StaleVersion."""
    db.session.flush()
    statement = (
        sa.update(FollowUp)
        .where(FollowUp.id == follow_up.id, FollowUp.version == seen_version)
        .values(version=FollowUp.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    saved = db.session.scalar(statement.returning(FollowUp.id)) is not None
    db.session.refresh(follow_up)
    if not saved:
        raise StaleVersion


def _keep(  # noqa: PLR0913 - what a line of the history is made of
    follow_up: FollowUp,
    kind: ChangeKind,
    before: date,
    after: date | None,
    *,
    reason: str = "",
    by: User,
    at: datetime,
) -> PlacementChange:
    change = PlacementChange(
        kind=kind,
        from_on=after or before,
        before={"due_on": before.isoformat()},
        after={"due_on": after.isoformat()} if after else {},
        reason=reason.strip(),
        made_at=at,
        made_by_id=by.id,
    )
    follow_up.placement.changes.append(change)
    db.session.flush()
    return change


def _record(action: str, follow_up: FollowUp, *, by: User, at: datetime) -> None:
    placement = follow_up.placement
    audit.record(action, subject=placement, by=by, at=at, citizen_id=placement.card.citizen_id)
