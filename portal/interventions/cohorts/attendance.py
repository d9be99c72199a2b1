"""The command that writes who came to a session: all of them in one go, by whoever leads the group."""

from collections.abc import Collection, Mapping
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.clock import danish_day
from portal.base.database import check_version, db
from portal.base.errors import DomainError
from portal.interventions.cohorts import queries
from portal.interventions.cohorts.models import (
    CohortAttendance,
    CohortEnrolment,
    CohortSession,
    Presence,
    SessionState,
)
from portal.interventions.cohorts.services import hold_session, settle
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit


class SessionAhead(DomainError):
    message = _l("Mødegangen har ikke været endnu. Fremmødet kan skrives fra dagen.")


class SessionCancelled(DomainError):
    message = _l("Mødegangen er aflyst. Lederen af holdet kan tage den op igen.")


class NobodyTold(DomainError):
    message = _l("Vælg for mindst én.")


class NotOnTheList(DomainError):
    """The message says which numbers nobody on the list has."""

    def __init__(self, numbers: Collection[int]) -> None:
        told = ", ".join(str(number) for number in sorted(numbers))
        super().__init__(_("Ingen på listen har nummer %(numbers)s.", numbers=told))


def record_attendance(
    session: CohortSession,
    told: Mapping[int, Presence],
    *,
    seen_version: int | None,
    by: User,
    at: datetime,
) -> int:
    """What is told of those who were expected, by citizen; the session was held. How many rows are new.

    Where nobody has a place, as in a campaign for whoever comes, it was held and nothing more.

    Raises StaleVersion when somebody wrote in between, SessionAhead, SessionCancelled, NobodyTold.
    """
    hold_session(session)
    check_version(session, seen_version)
    if session.is_cancelled:
        raise SessionCancelled
    if session.on_day > danish_day(at):
        raise SessionAhead
    expected = {one.citizen_id for one in queries.expected_at(session)}
    wanted = {citizen: presence for citizen, presence in told.items() if citizen in expected}
    if expected and not wanted:
        raise NobodyTold
    written = _write(session, wanted, by=by, at=at)
    if session.is_planned:
        settle(session, SessionState.HELD, by=by, at=at)
    elif written:
        session.version += 1
        db.session.flush()
    audit.record("cohort-attendance-written", subject=session.cohort, by=by, at=at)
    return written


def _write(session: CohortSession, wanted: Mapping[int, Presence], *, by: User, at: datetime) -> int:
    there = queries.attendance_at(session.id)
    changed = {
        citizen: presence
        for citizen, presence in wanted.items()
        if citizen not in there or there[citizen].presence is not presence
    }
    for citizen in changed.keys() & there.keys():
        there[citizen].replaced_at = at
    db.session.flush()
    db.session.add_all(
        CohortAttendance(
            session_id=session.id,
            citizen_id=citizen,
            presence=presence,
            recorded_at=at,
            recorded_by_id=by.id,
        )
        for citizen, presence in sorted(changed.items())
    )
    db.session.flush()
    return len(changed)


def by_numbers(
    expected: Collection[CohortEnrolment], agreed: Collection[int], away: Collection[int]
) -> dict[int, Presence]:
    """From a printed list: all others came. Raises NotOnTheList."""
    numbers = {one.number for one in expected}
    unknown = (set(agreed) | set(away)) - numbers
    if unknown:
        raise NotOnTheList(unknown)
    told = dict.fromkeys(away, Presence.AWAY) | dict.fromkeys(agreed, Presence.AGREED)
    return {one.citizen_id: told.get(one.number, Presence.PRESENT) for one in expected}
