"""A workplace is reminded once of a sheet that waits, and not of one it has answered."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.loop.placements.models import PlacementStatus
from portal.shared.outbox.models import Mail
from portal.workspaces.answers.sheet_reminders import remind_of_sheets
from tests import factories
from tests.factories import NOW, TODAY


def reminded(days: int) -> int:
    with transaction():
        return remind_of_sheets(NOW + timedelta(days=days))


@pytest.fixture
def placement(karin):
    return factories.make_placement(status=PlacementStatus.RUNNING, starts_on=TODAY - timedelta(days=20))


def test_after_five_working_days_once_with_the_link(placement):
    factories.make_sheet(placement, opened_at=NOW)

    assert [reminded(days) for days in (0, 6, 7, 8, 14)] == [0, 0, 1, 0, 0]
    mail = db.session.scalars(sa.select(Mail)).one()
    assert "vurderingsark" in mail.subject
    assert mail.links["open"]["endpoint"] == "assessments.workplace"


def test_who_has_answered_is_left_alone(placement):
    factories.make_sheet(placement, opened_at=NOW, answered_at=NOW)

    assert reminded(14) == 0


def test_nobody_is_reminded_of_what_is_over(karin):
    over = factories.make_placement(
        status=PlacementStatus.ENDED,
        outcome="completed",
        ended_on=TODAY,
        starts_on=TODAY - timedelta(days=20),
    )
    factories.make_sheet(over, opened_at=NOW)

    assert reminded(14) == 0
