"""What the database itself refuses."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.loop.placements.models import Outcome, PlacementStatus
from tests.factories import TODAY, make_placement


@pytest.mark.parametrize(
    "values",
    [
        {"ends_on": TODAY - timedelta(days=1)},
        {"hours_per_week": 0},
        {"hours_per_week": 168.5},
        {"status": PlacementStatus.ENDED},
        {"status": PlacementStatus.ENDED, "ended_on": TODAY},
        {"outcome": Outcome.HIRED},
    ],
)
def test_a_placement_that_cannot_be_is_refused(app: Flask, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        make_placement(**values)
