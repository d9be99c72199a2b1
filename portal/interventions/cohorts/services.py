"""Commands of groups: make one from a kind, change it, move or cancel a session, let somebody lead it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from portal.base.clock import danish_day
from portal.base.database import check_version, db
from portal.base.errors import DomainError
from portal.base.events import office_closings
from portal.interventions.cohorts import queries
from portal.interventions.cohorts.models import (
    Cohort,
    CohortKind,
    CohortLeader,
    CohortSession,
    CohortTheme,
    CohortTime,
    EnrolmentState,
    SessionState,
)
from portal.interventions.cohorts.times import Meeting, MeetingTime, meetings, most_at_once
from portal.interventions.target_groups.names import check_neutral
from portal.interventions.target_groups.services import EndsBeforeItBegins
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit


class CohortNameTaken(DomainError):
    message = _l("Kommunen har allerede et hold med det navn.")


class TimesBackwards(DomainError):
    message = _l("Mødegangen slutter, før den begynder.")


class TimeTwice(DomainError):
    message = _l("Det samme tidspunkt står to gange.")


class ThemeTwice(DomainError):
    message = _l("Det samme tema står to gange.")


class CohortTooLong(DomainError):
    message = _l("Et hold kan højst vare to år. Del det i flere.")


class SessionThere(DomainError):
    message = _l("Holdet mødes allerede på det tidspunkt.")


class SessionWasHeld(DomainError):
    message = _l("Mødegangen er holdt. Den kan ikke flyttes eller aflyses.")


class FewerThanPlaced(DomainError):
    message = _l("Der er flere på holdet end det antal pladser.")


class SilenceAhead(DomainError):
    message = _l("Pålægget om tavshedspligt skal være givet, før holdlederen ser navnene.")


class LeadTooLong(DomainError):
    message = _l("Holdlederen kan højst se navnene til en måned efter holdets sidste dag.")


MOST_DAYS = 731
DAYS_TO_TYPE = 31
"""After a group's last day, in which its leader may still write who came."""


@dataclass(frozen=True)
class ThemeDetails:
    """What is talked about, and who teaches it."""

    name: str
    teacher: str = ""


@dataclass(frozen=True)
class CohortDetails:
    """What the form asks of a group."""

    name: str
    capacity: int
    first_on: date
    last_on: date
    purpose: str = ""
    group_id: int | None = None
    lead_id: int | None = None
    place: str = ""
    partner: str = ""
    times: Sequence[MeetingTime] = ()
    themes: Sequence[ThemeDetails] = field(default=())

    @property
    def columns(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if name not in ("times", "themes")}


@dataclass(frozen=True)
class SessionDetails:
    """When a session is and what it is about."""

    on_day: date
    begins_at: time
    ends_at: time
    theme_id: int | None = None
    teacher: str = ""


@dataclass(frozen=True)
class LeadDetails:
    """The days in which a group leader sees the names, and when she was told of her duty of confidentiality."""

    from_on: date
    until_on: date
    silence_on: date


def hold(cohort: Cohort) -> None:
    """Whoever gives places of the same group waits here, and then reads what the other wrote."""
    db.session.refresh(cohort, with_for_update={"of": Cohort})


def hold_session(session: CohortSession) -> None:
    """Whoever writes of the same group waits here, and then reads the session as it has become."""
    hold(session.cohort)
    db.session.refresh(session)


def create_cohort(kind: CohortKind, details: CohortDetails, *, by: User, at: datetime) -> Cohort:
    """With its sessions.

    Raises CohortNameTaken, NotNeutral, EndsBeforeItBegins, CohortTooLong, TimesBackwards, TimeTwice, ThemeTwice.
    """
    _check(details)
    cohort = Cohort(
        municipality_id=by.municipality_id,
        kind_id=kind.id,
        created_at=at,
        created_by_id=by.id,
        **details.columns,
    )
    _store(cohort)
    phrases = {theme.name: theme.phrase for theme in kind.themes}
    _write_themes(cohort, details.themes, phrases)
    _write_times(cohort, details.times)
    _plan_sessions(cohort, since=details.first_on)
    audit.record("cohort-created", subject=cohort, by=by, at=at)
    return cohort


def edit_cohort(
    cohort: Cohort, details: CohortDetails, *, seen_version: int | None, by: User, at: datetime
) -> None:
    """Sessions from today on follow the new times, but for those that somebody moved or held.

    Raises StaleVersion when somebody saved in between, FewerThanPlaced, and as `create_cohort`.
    """
    hold(cohort)
    check_version(cohort, seen_version)
    _check(details)
    if details.capacity < placed_at_once(cohort):
        raise FewerThanPlaced
    phrases = {theme.name: theme.phrase for theme in cohort.kind.themes}
    phrases |= {theme.name: theme.phrase for theme in cohort.themes}
    before = _plan_of(cohort)
    for name, value in details.columns.items():
        setattr(cohort, name, value)
    cohort.version += 1
    _store(cohort)
    _write_themes(cohort, details.themes, phrases)
    _write_times(cohort, details.times)
    if _plan_of(cohort) == before:  # else a session that was moved would come back at its old time
        _spread_themes(cohort)
    else:
        _plan_sessions(cohort, since=danish_day(at))
    audit.record("cohort-edited", subject=cohort, by=by, at=at)


def placed_at_once(cohort: Cohort) -> int:
    """How many have a place on one day, at most."""
    stays = [
        (one.from_on, one.until_on)
        for one in queries.enrolments(cohort.id)
        if one.state is EnrolmentState.PLACED
    ]
    return max((most_at_once(since, since, stays) for since, _until in stays), default=0)


def _plan_of(cohort: Cohort) -> tuple[object, ...]:
    """What its sessions follow from."""
    times = sorted((one.weekday, one.begins_at, one.ends_at) for one in cohort.times)
    return cohort.first_on, cohort.last_on, times


def _store(cohort: Cohort) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(cohort)
    except IntegrityError as error:
        raise CohortNameTaken from error


def _check(details: CohortDetails) -> None:
    check_neutral(details.name)
    if details.last_on < details.first_on:
        raise EndsBeforeItBegins
    if (details.last_on - details.first_on).days > MOST_DAYS:
        raise CohortTooLong
    if any(one.ends_at <= one.begins_at for one in details.times):
        raise TimesBackwards
    if len({(one.weekday, one.begins_at) for one in details.times}) < len(details.times):
        raise TimeTwice
    if len({one.name.casefold() for one in details.themes}) < len(details.themes):
        raise ThemeTwice


def _write_times(cohort: Cohort, times: Sequence[MeetingTime]) -> None:
    wanted = {(one.weekday, one.begins_at): one for one in times}
    for there in list(cohort.times):
        found = wanted.pop((there.weekday, there.begins_at), None)
        if found is None:
            cohort.times.remove(there)
        else:
            there.ends_at = found.ends_at
    db.session.flush()
    cohort.times.extend(CohortTime(**vars(one)) for one in wanted.values())
    db.session.flush()


def _write_themes(cohort: Cohort, themes: Sequence[ThemeDetails], phrases: dict[str, str | None]) -> None:
    """In their order. One that a held session was about stays, last."""
    there = {theme.name: theme for theme in cohort.themes}
    wanted = {theme.name for theme in themes}
    told = {one.theme_id for one in queries.sessions_of(cohort.id) if not one.is_planned}
    gone = [theme for name, theme in there.items() if name not in wanted]
    for theme in gone:
        if theme.id in told:
            theme.position = len(themes) + 1
            continue
        free = sa.update(CohortSession).where(CohortSession.theme_id == theme.id).values(theme_id=None)
        db.session.execute(free)
        cohort.themes.remove(theme)
    for position, details in enumerate(themes, start=1):
        kept = there.get(details.name)
        if kept is None:
            kept = CohortTheme(name=details.name, phrase=phrases.get(details.name))
            cohort.themes.append(kept)
        kept.position, kept.teacher = position, details.teacher
    db.session.flush()
    db.session.refresh(cohort, ["themes"])


# --- Sessions ------------------------------------------------------------------------------------------------


def _plan_sessions(cohort: Cohort, *, since: date) -> None:
    """From the day on: those that the weekly times give, and no planned one that they no longer do."""
    times = [MeetingTime(one.weekday, one.begins_at, one.ends_at) for one in cohort.times]
    wanted = {
        (one.on_day, one.begins_at): one
        for one in meetings(max(cohort.first_on, since), cohort.last_on, times, office_closings())
    }
    for session in queries.sessions_of(cohort.id):
        found = wanted.pop((session.on_day, session.begins_at), None)
        if session.on_day < since or not session.is_planned or session.by_hand:
            continue
        if found is None:
            db.session.delete(session)
        else:
            session.ends_at = found.ends_at
    db.session.flush()
    db.session.add_all(_session(cohort, meeting) for meeting in wanted.values())
    db.session.flush()
    _spread_themes(cohort)


def _session(cohort: Cohort, meeting: Meeting) -> CohortSession:
    return CohortSession(cohort_id=cohort.id, **vars(meeting))


def _spread_themes(cohort: Cohort) -> None:
    """Planned sessions without a theme get the themes in their order, each about as often as the others."""
    sessions = [one for one in queries.sessions_of(cohort.id) if not one.is_cancelled]
    themes = cohort.themes
    for place, session in enumerate(sessions):
        if session.is_planned and session.theme_id is None and themes:
            session.theme_id = themes[place * len(themes) // len(sessions)].id
    db.session.flush()


def change_session(
    session: CohortSession,
    details: SessionDetails,
    *,
    seen_version: int | None,
    by: User,
    at: datetime,
) -> None:
    """Another day, time, theme or teacher. Of one that was held only theme and teacher.

    Raises StaleVersion, SessionThere, SessionWasHeld, TimesBackwards.
    """
    hold_session(session)
    check_version(session, seen_version)
    if details.ends_at <= details.begins_at:
        raise TimesBackwards
    moves = (session.on_day, session.begins_at, session.ends_at) != (
        details.on_day,
        details.begins_at,
        details.ends_at,
    )
    if moves and session.state is SessionState.HELD:
        raise SessionWasHeld
    if moves:
        session.by_hand = True
    try:
        with db.session.begin_nested():
            for name, value in vars(details).items():
                setattr(session, name, value)
            session.version += 1
    except IntegrityError as error:
        raise SessionThere from error
    audit.record("cohort-session-changed", subject=session.cohort, by=by, at=at)


def add_session(cohort: Cohort, details: SessionDetails, *, by: User, at: datetime) -> CohortSession:
    """One besides the weekly times. Raises SessionThere, TimesBackwards."""
    if details.ends_at <= details.begins_at:
        raise TimesBackwards
    session = CohortSession(cohort_id=cohort.id, by_hand=True, **vars(details))
    try:
        with db.session.begin_nested():
            db.session.add(session)
    except IntegrityError as error:
        raise SessionThere from error
    audit.record("cohort-session-added", subject=cohort, by=by, at=at)
    return session


def cancel_session(session: CohortSession, *, by: User, at: datetime) -> None:
    """It does not take place. Raises SessionWasHeld."""
    hold_session(session)
    if session.state is SessionState.HELD:
        raise SessionWasHeld
    if session.is_cancelled:
        return
    settle(session, SessionState.CANCELLED, by=by, at=at)
    audit.record("cohort-session-cancelled", subject=session.cohort, by=by, at=at)


def reopen_session(session: CohortSession, *, by: User, at: datetime) -> None:
    """It takes place after all."""
    hold_session(session)
    if not session.is_cancelled:
        return
    session.state, session.settled_at, session.settled_by_id = SessionState.PLANNED, None, None
    session.version += 1
    db.session.flush()
    audit.record("cohort-session-reopened", subject=session.cohort, by=by, at=at)


def settle(session: CohortSession, state: SessionState, *, by: User, at: datetime) -> None:
    session.state, session.settled_at, session.settled_by_id = state, at, by.id
    session.version += 1
    db.session.flush()


# --- Who leads it --------------------------------------------------------------------------------------------


def let_lead(cohort: Cohort, leader: User, details: LeadDetails, *, by: User, at: datetime) -> CohortLeader:
    """She sees its names and attendance in these days. Raises EndsBeforeItBegins, LeadTooLong, SilenceAhead."""
    if details.until_on < details.from_on:
        raise EndsBeforeItBegins
    if details.until_on > cohort.last_on + timedelta(days=DAYS_TO_TYPE):
        raise LeadTooLong
    if details.silence_on > min(details.from_on, danish_day(at)):
        raise SilenceAhead
    grant = CohortLeader(
        cohort_id=cohort.id, user_id=leader.id, granted_at=at, granted_by_id=by.id, **vars(details)
    )
    db.session.add(grant)
    db.session.flush()
    audit.record("cohort-leader-let-in", subject=grant, by=by, at=at)
    return grant


def end_lead(grant: CohortLeader, *, by: User, at: datetime) -> None:
    """From now on she sees nothing of it."""
    if grant.ended_at is None:
        grant.ended_at = at
        db.session.flush()
        audit.record("cohort-leader-ended", subject=grant, by=by, at=at)
