"""The last seat, the last place, who came to one session: of several at once one wins, the others are told."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db
from portal.interventions.cohorts.models import CohortAttendance, CohortEnrolment
from portal.interventions.cohorts.queries import attendance_at
from portal.interventions.courses.models import CourseSeat, SeatStatus
from portal.shared.accounts.models import User
from tests import factories
from tests.client import PortalClient
from tests.factories import TODAY
from tests.support import courses

pytestmark = pytest.mark.both_engines

RIVALS = 6


def at_once(app: Flask, user: User, act: Callable[[PortalClient, int], int]) -> Counter[int]:
    clients, ready = [PortalClient(app, user) for _ in range(RIVALS)], Barrier(RIVALS)

    def one(client: PortalClient, number: int) -> int:
        ready.wait()
        return act(client, number)

    with ThreadPoolExecutor(RIVALS) as together:
        answers = Counter(together.map(one, clients, range(RIVALS)))
    db.session.expire_all()
    return answers


def test_the_last_place_in_a_group_and_the_last_seat_on_a_run_are_given_once(app: Flask, karin: User) -> None:
    people = [factories.make_citizen().id for _ in range(RIVALS)]
    cohort_id, run_id = factories.make_cohort(capacity=1).id, courses.make_run(seats=1).id
    place = {"state": "placed", "reason": "network", "from_on": "20-11-2026"}

    placed = at_once(
        app,
        karin,
        lambda client, number: (
            client.post(f"/cohorts/{cohort_id}/enrol", {**place, "citizens": people[number]}).status_code
        ),
    )
    seated = at_once(
        app,
        karin,
        lambda client, number: (
            client.post(
                f"/courses/runs/{run_id}/add", {"what": "book", "citizens": people[number]}
            ).status_code
        ),
    )

    assert placed == {303: 1, 409: RIVALS - 1}
    assert db.session.query(CohortEnrolment).count() == 1
    assert seated == {303: RIVALS}  # the others stand as wishing
    booked = db.session.query(CourseSeat).filter(CourseSeat.status == SeatStatus.BOOKED)
    assert booked.count() == 1


def test_of_two_who_write_the_attendance_the_second_is_told(app: Flask, karin: User) -> None:
    cohort = factories.make_cohort()
    session = factories.make_cohort_session(cohort, on_day=TODAY)
    amira = factories.make_citizen()
    enrolment = factories.make_enrolment(cohort, amira)
    url = f"/cohorts/{cohort.id}/sessions/{session.id}/attendance"
    told = ("present", "away")

    def write(client: PortalClient, number: int) -> int:
        data = {"lines-0-enrolment_id": enrolment.id, "lines-0-presence": told[number % 2], "version": "1"}
        return client.post(url, data).status_code

    assert at_once(app, karin, write) == {303: 1, 409: RIVALS - 1}
    assert list(attendance_at(session.id)) == [amira.id]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CohortAttendance)) == 1
