"""What becomes of a person's rows of groups: two who were one, an erasure, and years without help."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from portal.base.database import db, transaction
from portal.interventions.cohorts import language
from portal.interventions.cohorts.forgetting import TABLES, forget_cohorts
from portal.interventions.cohorts.models import (
    Cohort,
    CohortAttendance,
    CohortEnrolment,
    CohortSession,
    LanguageHours,
    Presence,
)
from portal.interventions.target_groups.queries import standing
from portal.loop.citizens.models import Citizen, CitizenStatus
from portal.loop.citizens.services import erase_citizen
from portal.shared.accounts.models import User
from portal.workspaces.merging import services as merging
from tests.factories import NOW, make_citizen, make_cohort, make_cohort_session, make_enrolment


def known(person: Citizen, attended: int, by: User) -> None:
    """On a group, at its session, with hours of a month and a goal."""
    cohort = make_cohort(f"Hold {person.id}")
    took_part(person, cohort, attended, by)


def took_part(person: Citizen, cohort: Cohort, attended: int, by: User) -> None:
    make_enrolment(cohort, person, number=person.id)
    there = sa.select(CohortSession.id).where(CohortSession.cohort_id == cohort.id)
    session = db.session.scalar(there) or make_cohort_session(cohort).id
    with transaction():
        db.session.add(
            CohortAttendance(
                session_id=session, citizen_id=person.id, presence=Presence.PRESENT, recorded_at=NOW
            )
        )
        hours = language.HoursDetails(date(2026, 10, 1), 40, attended)
        language.write_hours(person.id, hours, by=by, at=NOW)
        goal = language.TeamGoalDetails("Praktik i et køkken")
        language.write_goal(person.id, goal, seen_id=None, by=by, at=NOW)


@pytest.mark.both_engines
def test_of_two_who_are_one_the_kept_ones_place_hours_and_goal_stand(app: Flask, karin: User) -> None:
    kept, gone = make_citizen("Amira"), make_citizen("Amira")
    cohort = make_cohort()
    took_part(kept, cohort, 30, karin)
    took_part(gone, cohort, 10, karin)

    with transaction():
        merging.merge(kept, gone, merging.Choice(frozenset(), "Samme person"), by=karin, at=NOW)

    for table in TABLES:
        rows = db.session.scalars(sa.select(table).where(standing(table))).all()
        assert [row.citizen_id for row in rows] == [kept.id], table.__tablename__
    hours = db.session.scalars(sa.select(LanguageHours).where(standing(LanguageHours))).one()
    assert hours.attended == 30


@pytest.mark.one_engine
def test_an_erasure_leaves_nothing_of_her_on_a_group(app: Flask, karin: User) -> None:
    amira = make_citizen("Amira")
    known(amira, 30, karin)

    with transaction():
        erase_citizen(amira, journal=current_app.config["JOURNAL"], by=karin, at=NOW)

    assert [db.session.scalar(sa.select(sa.func.count()).select_from(table)) for table in TABLES] == [0] * 4


@pytest.mark.one_engine
def test_who_was_not_helped_for_years_is_forgotten_and_who_is_helped_is_not(app: Flask, karin: User) -> None:
    amira, selam = make_citizen("Amira"), make_citizen("Selam")
    known(amira, 30, karin)
    known(selam, 30, karin)
    with transaction():
        amira.status, amira.passive_since = CitizenStatus.PASSIVE, NOW - timedelta(days=5 * 366)
        db.session.flush()
        forget_cohorts(NOW, {})

    assert db.session.scalars(sa.select(CohortEnrolment.citizen_id)).all() == [selam.id]
