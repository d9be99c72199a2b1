"""Reads of groups as their reader may see them: lists, a group's sessions, who has a place, who waits, who came."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.base.alphabet import alphabetical
from portal.base.database import db
from portal.interventions.cohorts.models import (
    Cohort,
    CohortAttendance,
    CohortEnrolment,
    CohortKind,
    CohortLeader,
    CohortSession,
    EnrolmentState,
    Presence,
    SessionState,
)
from portal.interventions.target_groups.models import Membership, TargetGroup
from portal.interventions.target_groups.queries import covering, standing
from portal.loop.citizens.models import Citizen, CitizenStatus
from portal.loop.citizens.queries import citizens_found, citizens_seen_by
from portal.shared.accounts.models import User
from portal.web.permissions import GRANTS, Action, Scope
from portal.web.searching import found

NOW, AHEAD, OVER, ALL = "now", "ahead", "over", "all"
"""Of the filter that asks when a group meets."""


# --- Kinds and groups ----------------------------------------------------------------------------------------


def kinds_for(municipality_id: int | None) -> list[CohortKind]:
    """Those that came with the portal, and the municipality's own."""
    own = sa.or_(CohortKind.municipality_id.is_(None), CohortKind.municipality_id == municipality_id)
    statement = sa.select(CohortKind).where(own).order_by(CohortKind.id)
    return list(db.session.scalars(statement.options(selectinload(CohortKind.themes))))


def visible_cohorts(user: User) -> sa.Select[Cohort]:
    """The municipality's."""
    statement = sa.select(Cohort)
    if user.scope_of(Action.READ_EFFORTS) is not Scope.MUNICIPALITY:
        return statement.where(sa.false())
    return statement.where(Cohort.municipality_id == user.municipality_id)


def led_cohorts(user: User, on: date) -> sa.Select[Cohort]:
    """Whose names and attendance the user may see: the municipality's, or those she leads on the day."""
    statement = sa.select(Cohort)
    if user.scope_of(Action.LEAD_COHORT) is not Scope.MUNICIPALITY:
        return statement.where(sa.false())
    statement = statement.where(Cohort.municipality_id == user.municipality_id)
    if user.may(Action.RECORD_EFFORTS):
        return statement
    grant = CohortLeader
    return statement.where(
        sa.exists().where(
            grant.cohort_id == Cohort.id,
            grant.user_id == user.id,
            grant.ended_at.is_(None),
            grant.from_on <= on,
            grant.until_on >= on,
        )
    )


def led_by(user: User, on: date) -> list[Cohort]:
    """By name."""
    return list(db.session.scalars(led_cohorts(user, on).order_by(alphabetical(Cohort.name), Cohort.id)))


def cohort_for(user: User, cohort_id: int) -> Cohort:
    """Raises NoResultFound for another municipality's."""
    statement = visible_cohorts(user).where(Cohort.id == cohort_id)
    return db.session.scalars(statement.options(*_WHOLE)).one()


def led_cohort(user: User, cohort_id: int, on: date) -> Cohort:
    """Raises NoResultFound where she does not lead it on the day."""
    statement = led_cohorts(user, on).where(Cohort.id == cohort_id)
    return db.session.scalars(statement.options(*_WHOLE)).one()


_WHOLE = (
    joinedload(Cohort.kind),
    joinedload(Cohort.group),
    joinedload(Cohort.lead),
    selectinload(Cohort.times),
    selectinload(Cohort.themes),
)


def cohort_list(user: User, on: date, *, words: str = "", kind: str = "", when: str = "") -> sa.Select[Any]:
    """Rows of Cohort with `placed` and `waiting`, people on the day."""
    statement = (
        visible_cohorts(user)
        .join(Cohort.kind)
        .options(contains_eager(Cohort.kind), joinedload(Cohort.lead))
        .add_columns(
            _people(on, EnrolmentState.PLACED).label("placed"),
            _people(on, EnrolmentState.WAITING).label("waiting"),
        )
    )
    if words:
        statement = statement.where(found(words, Cohort.name, Cohort.place, Cohort.partner, CohortKind.name))
    if kind.isascii() and kind.isdigit() and len(kind) < 10:
        statement = statement.where(Cohort.kind_id == int(kind))
    if when == OVER:
        return statement.where(Cohort.last_on < on)
    if when == AHEAD:
        return statement.where(Cohort.first_on > on)
    return statement if when == ALL else statement.where(Cohort.last_on >= on)


def _people(on: date, state: EnrolmentState) -> sa.ScalarSelect[int]:
    """How many have a place, or wait, on the day; of a group that is over or ahead on its own nearest day."""
    one = CohortEnrolment.__table__.alias()
    day = sa.case((Cohort.last_on < on, Cohort.last_on), (Cohort.first_on > on, Cohort.first_on), else_=on)
    return (
        sa.select(sa.func.count(sa.distinct(one.c.citizen_id)))
        .where(
            one.c.cohort_id == Cohort.id,
            one.c.state == state,
            one.c.replaced_at.is_(None),
            sa.or_(one.c.from_on <= day, one.c.state == EnrolmentState.WAITING),
            sa.or_(one.c.until_on.is_(None), one.c.until_on >= day),
        )
        .correlate(Cohort)
        .scalar_subquery()
    )


def own_groups(user: User) -> list[TargetGroup]:
    """The target groups that a group of the municipality may propose from."""
    statement = sa.select(TargetGroup).where(
        TargetGroup.municipality_id == user.municipality_id, TargetGroup.archived_at.is_(None)
    )
    return list(db.session.scalars(statement.order_by(alphabetical(TargetGroup.name), TargetGroup.id)))


def those_who_lead(municipality_id: int | None, *, only_by_grant: bool = False) -> list[User]:
    """Who may lead a group in the municipality, by name; with `only_by_grant` those who see none without one."""
    roles = GRANTS[Action.LEAD_COHORT]
    if only_by_grant:
        roles -= GRANTS[Action.RECORD_EFFORTS]
    statement = sa.select(User).where(
        User.role.in_(roles), User.municipality_id == municipality_id, User.disabled_at.is_(None)
    )
    return list(db.session.scalars(statement.order_by(alphabetical(User.name), User.id)))


# --- Sessions ------------------------------------------------------------------------------------------------


def sessions_of(cohort_id: int) -> list[CohortSession]:
    statement = sa.select(CohortSession).where(CohortSession.cohort_id == cohort_id)
    ordered = statement.order_by(CohortSession.on_day, CohortSession.begins_at, CohortSession.id)
    return list(db.session.scalars(ordered.options(joinedload(CohortSession.theme))))


def session_of(cohort: Cohort, session_id: int) -> CohortSession:
    """Raises NoResultFound for another group's."""
    statement = sa.select(CohortSession).where(
        CohortSession.id == session_id, CohortSession.cohort_id == cohort.id
    )
    return db.session.scalars(statement.options(joinedload(CohortSession.theme))).one()


def next_sessions(cohort_ids: Sequence[int], on: date) -> dict[int, CohortSession]:
    """By group the next session that is not called off."""
    statement = (
        sa.select(CohortSession)
        .where(
            CohortSession.cohort_id.in_(cohort_ids),
            CohortSession.on_day >= on,
            CohortSession.state == SessionState.PLANNED,
        )
        .order_by(CohortSession.on_day.desc(), CohortSession.begins_at.desc())
        .options(joinedload(CohortSession.theme))
    )
    return {one.cohort_id: one for one in db.session.scalars(statement)}


# --- Who is on it --------------------------------------------------------------------------------------------


def enrolments(cohort_id: int) -> list[CohortEnrolment]:
    """Those that stand, with or without a place, in the order of the list."""
    statement = (
        sa.select(CohortEnrolment)
        .where(CohortEnrolment.cohort_id == cohort_id, standing(CohortEnrolment))
        .options(joinedload(CohortEnrolment.citizen))
        .order_by(CohortEnrolment.number, CohortEnrolment.from_on, CohortEnrolment.id)
    )
    return list(db.session.scalars(statement))


def numbers_given(cohort_id: int) -> dict[int, int]:
    """By citizen her number on the group's printed list, also of those who are on it no more."""
    statement = (
        sa.select(CohortEnrolment.citizen_id, sa.func.max(CohortEnrolment.number))
        .where(CohortEnrolment.cohort_id == cohort_id)
        .group_by(CohortEnrolment.citizen_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def enrolment_for(user: User, cohort_id: int, enrolment_id: int) -> CohortEnrolment:
    """Raises NoResultFound for another municipality's, or for a row that was replaced."""
    statement = (
        sa.select(CohortEnrolment)
        .join(CohortEnrolment.cohort)
        .where(
            CohortEnrolment.id == enrolment_id,
            CohortEnrolment.cohort_id == cohort_id,
            standing(CohortEnrolment),
            Cohort.id.in_(visible_cohorts(user).with_only_columns(Cohort.id)),
        )
        .options(contains_eager(CohortEnrolment.cohort), joinedload(CohortEnrolment.citizen))
    )
    return db.session.scalars(statement).one()


def enrolments_of(citizen_id: int) -> list[CohortEnrolment]:
    """A citizen's, those that stand, the latest first."""
    statement = (
        sa.select(CohortEnrolment)
        .where(CohortEnrolment.citizen_id == citizen_id, standing(CohortEnrolment))
        .options(joinedload(CohortEnrolment.cohort).joinedload(Cohort.kind))
        .order_by(CohortEnrolment.from_on.desc(), CohortEnrolment.id.desc())
    )
    return list(db.session.scalars(statement))


def expected_at(session: CohortSession) -> list[CohortEnrolment]:
    """Who has a place on the day of the session, in the order of the list."""
    return [
        one
        for one in enrolments(session.cohort_id)
        if one.state is EnrolmentState.PLACED
        and one.from_on <= session.on_day
        and (one.until_on is None or one.until_on >= session.on_day)
    ]


def attendance_without_place(cohort_id: int, citizen_id: int) -> list[CohortAttendance]:
    """What stands of a citizen at sessions of the group on whose day she has no place, by day."""
    place = CohortEnrolment.__table__.alias()
    had_place = sa.exists().where(
        place.c.cohort_id == cohort_id,
        place.c.citizen_id == citizen_id,
        place.c.replaced_at.is_(None),
        place.c.state == EnrolmentState.PLACED,
        place.c.from_on <= CohortSession.on_day,
        sa.or_(place.c.until_on.is_(None), place.c.until_on >= CohortSession.on_day),
    )
    statement = (
        sa.select(CohortAttendance)
        .join(CohortAttendance.session)
        .where(
            CohortSession.cohort_id == cohort_id,
            CohortAttendance.citizen_id == citizen_id,
            standing(CohortAttendance),
            ~had_place,
        )
        .options(contains_eager(CohortAttendance.session))
        .order_by(CohortSession.on_day, CohortSession.id)
    )
    return list(db.session.scalars(statement))


def attendance_at(session_id: int) -> dict[int, CohortAttendance]:
    """By citizen, as it stands."""
    statement = sa.select(CohortAttendance).where(
        CohortAttendance.session_id == session_id, standing(CohortAttendance)
    )
    return {
        one.citizen_id: one for one in db.session.scalars(statement.order_by(CohortAttendance.citizen_id))
    }


def presence_counts(cohort_id: int) -> dict[int, dict[Presence, int]]:
    """By session how many came, were away by agreement, and stayed away."""
    statement = (
        sa.select(CohortAttendance.session_id, CohortAttendance.presence, sa.func.count())
        .join(CohortAttendance.session)
        .where(CohortSession.cohort_id == cohort_id, standing(CohortAttendance))
        .group_by(CohortAttendance.session_id, CohortAttendance.presence)
    )
    counts: dict[int, dict[Presence, int]] = defaultdict(dict)
    for session_id, presence, count in db.session.execute(statement):
        counts[session_id][presence] = count
    return counts


def presence_by_person(cohort_id: int) -> dict[int, dict[Presence, int]]:
    """By citizen, in the group's sessions."""
    statement = (
        sa.select(CohortAttendance.citizen_id, CohortAttendance.presence, sa.func.count())
        .join(CohortAttendance.session)
        .where(CohortSession.cohort_id == cohort_id, standing(CohortAttendance))
        .group_by(CohortAttendance.citizen_id, CohortAttendance.presence)
    )
    counts: dict[int, dict[Presence, int]] = defaultdict(dict)
    for citizen_id, presence, count in db.session.execute(statement):
        counts[citizen_id][presence] = count
    return counts


def presence_of(citizen_id: int) -> dict[int, dict[Presence, int]]:
    """By group, of one citizen."""
    statement = (
        sa.select(CohortSession.cohort_id, CohortAttendance.presence, sa.func.count())
        .join(CohortAttendance.session)
        .where(CohortAttendance.citizen_id == citizen_id, standing(CohortAttendance))
        .group_by(CohortSession.cohort_id, CohortAttendance.presence)
    )
    counts: dict[int, dict[Presence, int]] = defaultdict(dict)
    for cohort_id, presence, count in db.session.execute(statement):
        counts[cohort_id][presence] = count
    return counts


def share_present(counts: dict[Presence, int]) -> int | None:
    """Percent of the sessions that something was written of; None of none."""
    whole = sum(counts.values())
    return round(100 * counts.get(Presence.PRESENT, 0) / whole) if whole else None


def candidate_list(
    user: User, cohort: Cohort, on: date, *, words: str = "", everybody: bool = False
) -> sa.Select[Any]:
    """Rows of Citizen, active and not on the group: the members of its target group, if it has one."""
    one = CohortEnrolment.__table__.alias()
    on_it = sa.exists().where(
        one.c.cohort_id == cohort.id,
        one.c.citizen_id == Citizen.id,
        one.c.replaced_at.is_(None),
        sa.or_(one.c.until_on.is_(None), one.c.until_on >= on),
    )
    statement = citizens_seen_by(user).where(Citizen.status == CitizenStatus.ACTIVE, ~on_it)
    if words:
        statement = statement.where(citizens_found(words, sa.literal("")))
    if cohort.group_id is None or everybody:
        return statement
    return statement.where(
        sa.exists().where(
            Membership.citizen_id == Citizen.id,
            Membership.group_id == cohort.group_id,
            standing(Membership),
            covering(Membership, on),
        )
    )


# --- Who leads it --------------------------------------------------------------------------------------------


def leaders_of(cohort_id: int) -> list[CohortLeader]:
    statement = (
        sa.select(CohortLeader)
        .where(CohortLeader.cohort_id == cohort_id)
        .options(joinedload(CohortLeader.user), joinedload(CohortLeader.granted_by))
        .order_by(CohortLeader.from_on.desc(), CohortLeader.id.desc())
    )
    return list(db.session.scalars(statement))


def leader_of(cohort: Cohort, grant_id: int) -> CohortLeader:
    """Raises NoResultFound for another group's."""
    statement = sa.select(CohortLeader).where(
        CohortLeader.id == grant_id, CohortLeader.cohort_id == cohort.id
    )
    return db.session.scalars(statement).one()


# --- One person ----------------------------------------------------------------------------------------------


def sessions_ahead_of(citizen_id: int, on: date) -> list[CohortSession]:
    """Sessions from the day on, within her places, also those that were called off."""
    place = CohortEnrolment
    statement = (
        sa.select(CohortSession)
        .join(place, place.cohort_id == CohortSession.cohort_id)
        .where(
            place.citizen_id == citizen_id,
            place.state == EnrolmentState.PLACED,
            standing(place),
            CohortSession.on_day >= on,
            CohortSession.on_day >= place.from_on,
            sa.or_(place.until_on.is_(None), CohortSession.on_day <= place.until_on),
        )
        .options(joinedload(CohortSession.cohort), joinedload(CohortSession.theme))
        .order_by(CohortSession.on_day, CohortSession.begins_at, CohortSession.id)
    )
    return list(db.session.scalars(statement).unique())
