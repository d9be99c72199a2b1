"""Amira comes home from leave: a group, a course, a package whose praktik has a mentor, a job: the figures move by her.

Absence from the language school, packages, mentors, the share in work: each figure is her line to Karin, and a number
without her to Mette.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.base.database import db
from portal.base.terms import GoalUnit, Measure, PeriodKind, PlacementForm
from portal.interventions.cohorts.models import Cohort, CohortEnrolment
from portal.interventions.courses.models import CourseSeat
from portal.interventions.mentoring.models import MentorAgreement
from portal.interventions.pathways.models import Journey
from portal.interventions.target_groups.models import SpellProposal
from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.models import Citizen
from portal.loop.placements.models import Placement
from portal.loop.reviews.models import Answer
from portal.shared.accounts.models import User
from tests import factories
from tests.client import PortalClient, PortalResponse
from tests.factories import NOW, TODAY
from tests.support.courses import make_course, make_run
from tests.support.questions import counted

ClientFor = Callable[[User | None], PortalClient]
DISHES, VEGETABLES = "opvask", "skære og klargøre grøntsager"
COURSE_BEGINS = TODAY + timedelta(days=10)
COURSE_ENDS = TODAY + timedelta(days=20)
PRAKTIK_ENDS = TODAY + timedelta(days=60)
YEAR = {"first": date(2026, 9, 1), "on": PRAKTIK_ENDS}


def done(answer: PortalResponse) -> PortalResponse:
    assert answer.status_code in (200, 204, 303), answer.words[:2000]
    return answer


def share(measure: Measure, **asked: Any) -> tuple[int, int]:
    found = counted(measure, **{**YEAR, **asked})
    return found.amount, found.out_of or 0


@dataclass
class Way:
    """Who is on it, and what they sit at."""

    karin: PortalClient
    tine: PortalClient
    mette: PortalClient
    amira: Citizen
    card: CompetenceCard

    def is_on_the_group(self, cohort: Cohort) -> None:
        hours = f"/cohorts/citizens/{self.amira.id}/hours"
        done(self.karin.post(hours, {"month": "2026-09-01", "planned": "40", "attended": "16"}))
        assert share(Measure.SCHOOL_ABSENCE) == (24, 40)
        place = {
            "citizens": [str(self.amira.id)],
            "state": "placed",
            "reason": "network",
            "from_on": "01-11-2026",
        }
        done(self.karin.post(f"/cohorts/{cohort.id}/enrol", place))
        assert share(Measure.GROUP_PLACES, terms={"sort": "maternity_cafe"})[0] == 1

    def is_ticked(self, cohort: Cohort, session_id: int) -> None:
        path = f"/cohorts/{cohort.id}/sessions/{session_id}/attendance"
        page = done(self.tine.get(path)).page
        sent = {
            str(field["name"]): str(field.get("value", ""))
            for field in page.select("main form input[type=hidden][name]")
            if field["name"] not in ("csrf_token", "form_id")
        }
        done(self.tine.post(path, {**sent, "lines-0-presence": "present"}))

    def goes_on_to_a_course(self, cohort: Cohort) -> None:
        done(
            self.karin.post(
                f"/cohorts/citizens/{self.amira.id}/hours",
                {"month": "2026-11-01", "planned": "40", "attended": "38"},
            )
        )
        assert share(Measure.SCHOOL_ABSENCE) == (26, 80), "a month with less absence"
        enrolment = db.session.scalars(sa.select(CohortEnrolment)).one()
        ended = {
            "state": "placed",
            "reason": "network",
            "from_on": "01-11-2026",
            "until_on": TODAY.isoformat(),
            "exit": "other_offer",
        }
        done(self.karin.post(f"/cohorts/{cohort.id}/places/{enrolment.id}", ended))

    def passes(self, run_id: int) -> None:
        seat = db.session.scalars(sa.select(CourseSeat)).one()
        done(self.karin.post(f"/courses/seats/{seat.id}/begin", {"begin-on": COURSE_BEGINS.isoformat()}))
        done(self.karin.post(f"/courses/seats/{seat.id}/pass", {"pass-on": COURSE_ENDS.isoformat()}))
        assert share(Measure.COURSE_PLACES)[0] == 1

    def is_on_step_two(self, placement: Placement) -> Journey:
        package = factories.make_package()
        begin = {"package_id": str(package.id), "from_on": COURSE_BEGINS.isoformat()}
        done(self.karin.post(f"/journeys/begin/{self.amira.id}", begin))
        journey = db.session.scalars(sa.select(Journey)).one()
        course, praktik, _hours = journey.steps
        step = f"/journeys/{journey.id}/steps"
        done(self.karin.post(f"{step}/{course.id}/begin", {"begin-on": COURSE_BEGINS.isoformat()}))
        done(self.karin.post(f"{step}/{course.id}/reach", {"reach-on": COURSE_ENDS.isoformat()}))
        seen = {"carry-placement_id": str(placement.id), "carry-passed": "seen_on_course"}
        done(self.karin.post(f"{step}/{praktik.id}/carry", seen))
        assert share(Measure.JOB_PACKAGES)[0] == 1
        return journey

    def has_a_mentor(self, placement: Placement) -> None:
        mentor = factories.make_mentor("Sahra Farah")
        agreed = {
            "placement_id": str(placement.id),
            "agreed": "At finde rundt i kantinen",
            "hours_per_week": "2",
            "from_on": placement.starts_on.isoformat(),
            "until_on": PRAKTIK_ENDS.isoformat(),
            "citizen_agreed_on": COURSE_ENDS.isoformat(),
        }
        done(self.karin.post(f"/mentors/{mentor.id}/for/{self.amira.id}", agreed))
        assert share(Measure.MENTOR_COURSES)[0] == 0, "the mentor has not said yes"
        agreement = db.session.scalars(sa.select(MentorAgreement)).one()
        done(self.karin.post(f"/mentors/agreements/{agreement.id}/answer", {"said": "yes", "via": "phone"}))
        assert share(Measure.MENTOR_COURSES)[0] == 1

    def is_hired(self, placement: Placement) -> None:
        sheet = done(self.karin.post(f"/assessments/placement/{placement.id}/open/end")).location
        closing = {
            "outcome": "hired",
            "assessed_on": PRAKTIK_ENDS.isoformat(),
            "alone_because": "De sagde ja ved bordet.",
        }
        done(self.karin.post(f"{sheet}/close", closing))
        proposal = db.session.scalars(sa.select(SpellProposal)).one()
        name = f"proposal{proposal.id}"
        confirmed = {
            f"{name}-from_on": (PRAKTIK_ENDS + timedelta(days=1)).isoformat(),
            f"{name}-hours_per_week": "30",
        }
        done(
            self.karin.post(f"/citizens/{self.amira.id}/situation/proposals/{proposal.id}/confirm", confirmed)
        )


@pytest.mark.both_engines
def test_from_leave_to_a_job_and_each_figure_moves_by_her(
    client_for: ClientFor, karin: User, mette: User
) -> None:
    amira = factories.make_citizen("Amira", with_login=True)
    card = factories.make_card(amira, skills={VEGETABLES: 2})
    group = factories.make_target_group()
    factories.make_membership(group, amira)
    cohort = factories.make_cohort()
    session = factories.make_cohort_session(cohort)
    tine = factories.make_group_leader(cohort.id)
    run = make_run(make_course(skills={DISHES: 2}), first_day=COURSE_BEGINS, last_day=COURSE_ENDS)
    goals = {
        measure: factories.make_goal(
            measure=measure,
            unit=unit,
            period=period,
            target=5,
            first_on=YEAR["first"],
            last_on=PRAKTIK_ENDS + timedelta(days=40),
            group_id=group.id if measure is Measure.IN_WORK else None,
        ).id
        for measure, unit, period in [
            (Measure.SCHOOL_ABSENCE, GoalUnit.PERCENT, PeriodKind.PROJECT),
            (Measure.JOB_PACKAGES, GoalUnit.COUNT, PeriodKind.PROJECT),
            (Measure.MENTOR_COURSES, GoalUnit.COUNT, PeriodKind.PROJECT),
            (Measure.IN_WORK, GoalUnit.PERCENT, PeriodKind.DAY),
        ]
    }

    def way() -> Way:
        return Way(*(client_for(one) for one in (karin, tine, mette)), amira, card)

    now = way()
    now.is_on_the_group(cohort)
    now.is_ticked(cohort, session.id)
    done(now.karin.post(f"/courses/runs/{run.id}/offer/{amira.id}", {"what": "book"}))
    hers = client_for(amira.user).get("/mine/efforts").words
    assert all(word in hers for word in ("Barselscafé", "Hygiejne i køkkenet"))

    with time_machine.travel(NOW + timedelta(days=21), tick=False):
        later = way()
        later.goes_on_to_a_course(cohort)
        later.passes(run.id)
        both = {"citizen_answer": Answer.YES, "employer_answer": Answer.YES}
        review = factories.make_review(factories.make_match(None, card), **both)
        placement = factories.make_placement(
            review, form=PlacementForm.PRAKTIK, starts_on=TODAY + timedelta(days=21), ends_on=PRAKTIK_ENDS
        )
        factories.make_settlement(placement)
        factories.make_ready_sheet(placement)
        journey = later.is_on_step_two(placement)
        later.has_a_mentor(placement)
        done(later.karin.post(f"/placements/{placement.id}/start"))
        assert share(Measure.IN_WORK, group=group, on=TODAY + timedelta(days=21))[0] == 0

    with time_machine.travel(NOW + timedelta(days=62), tick=False):
        at_last = way()
        at_last.is_hired(placement)
        day_after = PRAKTIK_ENDS + timedelta(days=1)
        assert share(Measure.IN_WORK, group=group, first=day_after, on=day_after) == (1, 1)
        steps = at_last.karin.get(f"/journeys/{journey.id}").words
        assert "Nået" in steps
        assert "1 måned" in at_last.karin.get(f"/efforts/placements/{placement.id}").words
        for measure, goal_id in goals.items():
            opened = done(at_last.karin.get(f"/goals/{goal_id}")).words
            told = done(at_last.mette.get(f"/goals/{goal_id}")).words
            assert card.number in opened, measure
            assert card.number not in told, measure
            assert "Amira" not in opened + told, measure
