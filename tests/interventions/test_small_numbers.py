"""A leader works no small number out from one that is told beside it."""

import pytest
from flask import Flask

from portal.base.database import db, transaction
from portal.interventions.courses.models import SeatStatus
from portal.interventions.pathways.models import JourneyStep, StepState
from portal.interventions.target_groups.members import masked_parts
from portal.shared.accounts.models import User
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY
from tests.support import courses

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    ("whole", "parts", "told"),
    [
        (6, [5], ["ikke vist"]),
        (6, [2], ["ikke vist"]),
        (10, [5], ["5"]),
        (5, [5, 0], ["5", "0"]),
        (4, [3, 0], ["under 5", "0"]),
        (12, [6, 5], ["ikke vist", "ikke vist"]),
    ],
)
def test_parts_of_a_whole(app: Flask, whole: int, parts: list[int], told: list[str]) -> None:
    with app.test_request_context():
        assert masked_parts(whole, parts) == told


def test_who_has_not_passed_a_run_or_waits_for_a_step_cannot_be_worked_out(app: Flask, mette: User) -> None:
    run, package = courses.make_run(seats=12), factories.make_package()
    for number in range(6):
        amira = factories.make_citizen()
        passed = {"status": SeatStatus.PASSED, "passed_on": TODAY, "ended_recorded_at": NOW} if number else {}
        courses.make_seat(amira, run, **passed)
        journey = factories.make_journey(amira, package)
        if number:
            with transaction():
                step = db.session.get_one(JourneyStep, journey.steps[0].id)
                step.state, step.began_on = StepState.UNDER_WAY, TODAY
    mettes = PortalClient(app, mette)

    assert "Bestået ikke vist" in mettes.get(f"/courses/runs/{run.id}").words
    assert "Borgere på trinnet nu: ikke vist" in mettes.get(f"/pathways/{package.id}").words
