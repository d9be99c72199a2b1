"""Commands that change a placement: its days, hours and tasks, pauses; and what follows from a change.

Each is one guarded UPDATE, held against the law on every day, and kept with what stood before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError, StaleVersion
from portal.base.terms import PlacementForm
from portal.loop.placements import follow_ups, services
from portal.loop.placements.agreed import DAY, Agreed
from portal.loop.placements.expectations import ask_anew
from portal.loop.placements.findings import findings_of_change
from portal.loop.placements.models import (
    ChangeKind,
    Placement,
    PlacementChange,
    PlacementStatus,
    PlacementTrace,
)
from portal.loop.placements.steps import WrongStep
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.rules.findings import Finding, as_rows, require_override
from portal.web.presentation import da_date


class NothingChanged(DomainError):
    message = _l("Der er ikke ændret noget.")


class EndsInThePast(DomainError):
    message = _l(
        "Sidste dag kan ikke ligge før i dag. Er forløbet slut, så afslut det med den fælles vurdering."
    )


class WorkedDaysUnsaid(DomainError):
    """The law counts the days from the first one: those before it are not taken away without a word."""

    message = _l(
        "Skriv, hvorfor første dag er en anden. Forløbet er begyndt, og dagene før den tæller ikke længere med i loven."
    )


class GoesOnTooEarly(DomainError):
    def __init__(self, first: date) -> None:
        super().__init__(_("Vælg en dag efter %(day)s, hvor dette forløb begyndte.", day=da_date(first)))


class AlreadyInForce(DomainError):
    message = _l("Ændringen gælder allerede. Skriv en ny ændring i stedet.")


class GoesOn(DomainError):
    message = _l("Forløbet går videre i et andet. Aflys det, hvis det ikke skal være sådan.")


class NotTheLastChange(DomainError):
    message = _l("Der er ændret noget siden. Tag den seneste ændring tilbage først.")


@dataclass(frozen=True)
class Wish:
    """What is asked for: what is to be agreed, from which day it is so, and why."""

    kind: ChangeKind
    agreed: Agreed
    from_on: date
    reason: str = ""
    stop_reason: str = ""
    """Why a stop of the rules may be passed."""
    takes_talks_along: bool = False
    """Whether open follow-ups move as many days as the first day does."""


def change_placement(
    placement: Placement, wish: Wish, *, seen_version: int, by: User, at: datetime
) -> PlacementChange:
    """Put it in force. The opening's place stays taken; the ratio, follow-ups and what is counted go along.

    Raises WrongStep when it is over, NothingChanged, PeriodBackwards, NotBegunYet, EndsInThePast, TalkBeforeFirstDay,
    WorkedDaysUnsaid, StaleVersion; StopsStand when a rule stops it without `stop_reason`, StopIsFinal.
    Source: docs/rules.md#changes
    """
    old, new = Agreed.of(placement), wish.agreed.within_its_days()
    _require_possible(placement, old, new, today=danish_day(at))
    has_begun = placement.status is PlacementStatus.RUNNING
    if has_begun and new.starts_on > old.starts_on and not wish.reason.strip():
        raise WorkedDaysUnsaid
    return _put_in_force(placement, replace(wish, agreed=new), seen_version, by=by, at=at)


def extend_to_its_end(
    placement: Placement, ends_on: date, *, stop_reason: str, by: User, at: datetime
) -> PlacementChange:
    """It lasted longer than was agreed: an extension that nobody had written, of which the law is asked as of any.

    Raises StaleVersion; StopsStand when a rule stops it without `stop_reason`, StopIsFinal.
    Source: docs/rules.md#changes
    """
    old = Agreed.of(placement)
    wish = Wish(
        ChangeKind.EXTENDED, replace(old, ends_on=ends_on), old.ends_on + DAY, stop_reason=stop_reason
    )
    return _put_in_force(placement, wish, placement.version, by=by, at=at)


def _put_in_force(
    placement: Placement, wish: Wish, seen_version: int, *, by: User, at: datetime
) -> PlacementChange:
    """Hold it against the law on every day, keep it with what stood before, and tell of it."""
    old, new = Agreed.of(placement), wish.agreed
    found, standing = findings_of_change(placement, new, on=danish_day(at))
    require_override(standing, reason=wish.stop_reason)
    _save(placement, new, seen_version)
    if standing:
        services.keep_passed(placement, found, reason=wish.stop_reason)
    change = _keep(placement, wish, old, new, found, by=by, at=at)
    _follow(placement, old, wish.takes_talks_along, by=by, at=at)
    audit.record(
        "placement-changed",
        subject=placement,
        by=by,
        at=at,
        citizen_id=placement.card.citizen_id,
        change=services.passed_in_words(standing),
    )
    events.placement_changed.send(placement, change=change, by=by, at=at)
    return change


def withdraw_change(change: PlacementChange, *, by: User, at: datetime) -> None:
    """Take back what is not in force yet; what stood before is agreed again, if the law still allows that.

    Raises WrongStep, AlreadyInForce, NotTheLastChange, StaleVersion, StopsStand, StopIsFinal.
    """
    placement, today = change.placement, danish_day(at)
    if change.withdrawn_at is not None or last_of_terms(placement) is not change:
        raise NotTheLastChange
    if change.kind is ChangeKind.CONTINUED:
        raise GoesOn
    if change.from_on <= today:
        raise AlreadyInForce
    old = Agreed.of(placement)
    new = old.restored(change.before)
    _require_possible(placement, old, new, today=today)
    found, standing = findings_of_change(placement, new, on=today)
    require_override(standing, reason="")
    _save(placement, new, placement.version)
    change.withdrawn_at, change.withdrawn_by_id = at, by.id
    wish = Wish(ChangeKind.WITHDRAWN, new, change.from_on)
    undone = _keep(placement, wish, old, new, found, by=by, at=at)
    _follow(placement, old, False, by=by, at=at)
    audit.record(
        "placement-change-withdrawn", subject=placement, by=by, at=at, citizen_id=placement.card.citizen_id
    )
    events.placement_changed.send(placement, change=undone, by=by, at=at)


def last_of_terms(placement: Placement) -> PlacementChange | None:
    """The latest change that stands, but for follow-ups; it alone can be taken back."""
    standing = (
        one
        for one in placement.changes
        if one.is_of_terms and one.kind is not ChangeKind.WITHDRAWN and one.withdrawn_at is None
    )
    return max(standing, key=lambda one: one.id, default=None)


def can_be_withdrawn(placement: Placement, today: date) -> PlacementChange | None:
    """The change that a consultant may still take back today, if there is one."""
    last = last_of_terms(placement)
    is_open = placement.status in (PlacementStatus.PLANNED, PlacementStatus.RUNNING)
    if last is None or last.kind is ChangeKind.CONTINUED:
        return None
    return last if is_open and last.from_on > today else None


def make_room_for(
    placement: Placement, form: PlacementForm, starts_on: date, *, by: User, at: datetime
) -> None:
    """It goes on in another form on the day, so it lasts until the day before at most. Nobody is told yet.

    Raises WrongStep unless it is running, GoesOnTooEarly, EndsInThePast, StaleVersion.
    """
    if placement.status is not PlacementStatus.RUNNING:
        raise WrongStep(placement.status)
    if starts_on <= placement.starts_on:
        raise GoesOnTooEarly(placement.starts_on)
    old = Agreed.of(placement)
    new = replace(old, ends_on=min(old.ends_on, starts_on - DAY)).within_its_days()
    if new.ends_on != old.ends_on and starts_on < danish_day(
        at
    ):  # days that were worked stay in the law's count
        raise EndsInThePast
    _save(placement, new, placement.version)
    wish = Wish(ChangeKind.CONTINUED, new, starts_on)
    change = _keep(placement, wish, old, new, (), by=by, at=at)
    change.after = {**change.after, "form": form.value}
    _follow(placement, old, False, by=by, at=at)


def _require_possible(placement: Placement, old: Agreed, new: Agreed, *, today: date) -> None:
    if placement.status not in (PlacementStatus.PLANNED, PlacementStatus.RUNNING):
        raise WrongStep(placement.status)
    if new == old:
        raise NothingChanged
    if new.ends_on < new.starts_on:
        raise services.PeriodBackwards
    if new.ends_on != old.ends_on and new.ends_on < today:
        raise EndsInThePast
    if placement.status is PlacementStatus.RUNNING and new.starts_on > today:
        raise services.NotBegunYet
    follow_ups.require_none_held_before(placement, new.starts_on)


def _save(placement: Placement, new: Agreed, seen_version: int) -> None:
    """One guarded UPDATE: of two who change it at once, one is told. Raises StaleVersion."""
    db.session.flush()
    open_ones = (PlacementStatus.PLANNED, PlacementStatus.RUNNING)
    statement = (
        sa.update(Placement)
        .where(
            Placement.id == placement.id, Placement.version == seen_version, Placement.status.in_(open_ones)
        )
        .values(version=Placement.version + 1, **new.columns())
        .execution_options(synchronize_session=False)
    )
    saved = db.session.scalar(statement.returning(Placement.id)) is not None
    db.session.refresh(placement)
    if not saved:
        raise StaleVersion


def _keep(  # noqa: PLR0913 - what a line of the history is made of
    placement: Placement,
    wish: Wish,
    old: Agreed,
    new: Agreed,
    found: Sequence[Finding],
    *,
    by: User,
    at: datetime,
) -> PlacementChange:
    change = PlacementChange(
        kind=wish.kind,
        from_on=wish.from_on,
        before=old.beside(new),
        after=new.beside(old),
        reason=wish.reason.strip(),
        stop_reason=wish.stop_reason.strip(),
        findings=as_rows(found),
        made_at=at,
        made_by_id=by.id,
    )
    placement.changes.append(change)
    db.session.flush()
    return change


def _follow(placement: Placement, old: Agreed, takes_talks_along: bool, *, by: User, at: datetime) -> None:
    """What goes along: the place of the ratio, before it begins the yes of the three, what is counted, the talks."""
    services.occupy(placement)
    if placement.status is PlacementStatus.PLANNED:
        ask_anew(placement)
    if placement.started_at is not None and placement.starts_on != old.starts_on:
        _count_from_another_day(placement, at=at)
    if takes_talks_along:
        _move_talks(placement, placement.starts_on - old.starts_on, by=by, at=at)
    for talk in follow_ups.outside(placement, placement.starts_on, placement.ends_on):
        follow_ups.call_off(talk, by=by, at=at)
    db.session.flush()


def _count_from_another_day(placement: Placement, *, at: datetime) -> None:
    """What was counted of it until now stands as it was known; another row takes its place."""
    db.session.execute(
        sa.update(PlacementTrace)
        .where(PlacementTrace.placement_id == placement.id, PlacementTrace.replaced_at.is_(None))
        .values(replaced_at=at)
    )
    services.leave_trace(placement, at=at)


def _move_talks(placement: Placement, by_days: timedelta, *, by: User, at: datetime) -> None:
    for talk in [one for one in placement.follow_ups if one.is_open]:
        due_on = talk.due_on + by_days
        first, last = follow_ups.days_for(placement)
        if by_days and first <= due_on <= last:
            follow_ups.move(talk, due_on=due_on, seen_version=talk.version, by=by, at=at)
