"""A step on a course or in a group goes where her seat or her place goes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.interventions.courses.models import CourseSeat, SeatStatus
from portal.interventions.pathways.following import move_steps
from portal.interventions.pathways.models import JourneyStep
from portal.shared.accounts.models import User
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_citizen, make_cohort, make_enrolment, make_journey
from tests.support.courses import make_seat

ClientFor = Callable[[User | None], PortalClient]


def state_of(step: JourneyStep) -> str:
    db.session.expire_all()
    return db.session.get_one(JourneyStep, step.id).state.value


def move(seat: CourseSeat, **values: object) -> None:
    with transaction():
        standing = db.session.merge(seat)
        for name, value in values.items():
            setattr(standing, name, value)
    with transaction():
        move_steps(NOW)


@pytest.mark.both_engines
def test_a_seat_carries_the_step_until_it_is_passed(client_for: ClientFor, karin: User) -> None:
    amira = make_citizen()
    journey, seat = make_journey(amira), make_seat(amira)
    course, consultant = journey.steps[0], client_for(karin)
    url = f"/journeys/{journey.id}/steps/{course.id}"
    assert consultant.post(f"{url}/follow", {"follow-carrier": "seat-9999"}).status_code == 422

    assert consultant.post(f"{url}/follow", {"follow-carrier": f"seat-{seat.id}"}).status_code == 303
    assert state_of(course) == "waiting", "the course has not begun"
    assert "Hygiejne i køkkenet" in consultant.get(f"/journeys/{journey.id}").words

    move(seat, status=SeatStatus.ATTENDING, attending_from=TODAY)
    assert state_of(course) == "under_way"
    move(seat, status=SeatStatus.PASSED, passed_on=TODAY, ended_recorded_at=NOW)
    assert state_of(course) == "reached"


def test_a_seat_that_is_given_up_lets_the_step_wait_again(client_for: ClientFor, karin: User) -> None:
    amira = make_citizen()
    journey, seat = make_journey(amira), make_seat(amira, status=SeatStatus.ATTENDING, attending_from=TODAY)
    course = journey.steps[0]
    url = f"/journeys/{journey.id}/steps/{course.id}"
    client_for(karin).post(f"{url}/follow", {"follow-carrier": f"seat-{seat.id}"})
    assert state_of(course) == "under_way"

    move(seat, status=SeatStatus.STOPPED, stopped_on=TODAY, ended_recorded_at=NOW)
    assert state_of(course) == "waiting"
    with transaction():
        db.session.execute(sa.delete(CourseSeat))
    assert state_of(course) == "waiting", "a seat that is forgotten takes nothing of her way along"


def test_a_place_in_a_group_carries_the_step(client_for: ClientFor, karin: User) -> None:
    amira = make_citizen()
    journey = make_journey(amira)
    enrolment = make_enrolment(
        make_cohort(), amira, from_on=TODAY - timedelta(days=60), until_on=TODAY - timedelta(days=5)
    )
    step = journey.steps[0]
    url = f"/journeys/{journey.id}/steps/{step.id}"
    assert "Barselscafé" in client_for(karin).get(url).words
    client_for(karin).post(f"{url}/follow", {"follow-carrier": f"place-{enrolment.id}"})
    assert state_of(step) == "reached"


@pytest.mark.one_engine
def test_a_place_that_is_ended_by_its_form_reaches_the_step(client_for: ClientFor, karin: User) -> None:
    amira, cohort = make_citizen(), make_cohort()
    journey, enrolment = make_journey(amira), make_enrolment(cohort, amira)
    step, consultant = journey.steps[0], client_for(karin)
    url = f"/journeys/{journey.id}/steps/{step.id}"
    consultant.post(f"{url}/follow", {"follow-carrier": f"place-{enrolment.id}"})
    assert state_of(step) == "under_way"

    ended = {"state": "placed", "reason": "network", "from_on": "19-10-2026", "until_on": "17-11-2026"}
    place = f"/cohorts/{cohort.id}/places/{enrolment.id}"
    assert consultant.post(place, ended).status_code == 303
    with transaction():
        move_steps(NOW)

    assert state_of(step) == "reached"


@pytest.mark.one_engine
def test_nothing_is_written_ahead_or_on_a_way_that_is_over(client_for: ClientFor, karin: User) -> None:
    amira = make_citizen()
    journey, seat = make_journey(amira), make_seat(amira)
    consultant, way = client_for(karin), f"/journeys/{journey.id}"
    course = journey.steps[0]
    step = f"{way}/steps/{course.id}"

    assert consultant.post(f"{step}/begin", {"begin-on": "18-11-2027"}).status_code == 409
    assert consultant.post(f"{step}/begin", {"begin-on": "18-11-2026"}).status_code == 303
    assert consultant.post(f"{step}/reach", {"reach-on": "18-11-2027"}).status_code == 409
    end = {"reason": "stopped", "until_on": "18-11-2027"}
    assert consultant.post(f"{way}/end", end).status_code == 409
    assert consultant.post(f"{way}/end", {**end, "until_on": "18-11-2026"}).status_code == 303

    assert consultant.post(f"{step}/follow", {"follow-carrier": f"seat-{seat.id}"}).status_code == 409
    db.session.expire_all()
    assert db.session.get_one(JourneyStep, course.id).course_seat_id is None
