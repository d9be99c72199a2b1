"""Goals for tests, with as little said as possible."""

from datetime import date
from typing import Any

from portal.base.database import transaction
from portal.base.terms import Measure, PeriodKind
from portal.ledger.goals import services
from portal.ledger.goals.measures import spec_of
from portal.ledger.goals.models import Goal
from tests.factories import NOW, municipality


def details(measure: Measure, year: int = 2026, target: int = 3, **said: Any) -> services.GoalDetails:
    """A goal of a year; what looks at one day is counted on the year's last."""
    how = spec_of(measure).counted
    is_standing = how is not None and how.is_standing
    return services.GoalDetails(
        **{
            "measure": measure,
            "period": PeriodKind.DAY if is_standing else PeriodKind.YEAR,
            "first_on": date(year, 1, 1),
            "last_on": date(year, 12, 31),
            "target": target,
            "sentence": f"Vi lover {measure.value}",
            "source": "Planen, afsnit 2",
            **said,
        }
    )


def set_goal(
    measure: Measure, year: int = 2026, target: int = 3, *, place: str = "Halsnæs", **said: Any
) -> Goal:
    with transaction():
        wanted = details(measure, year, target, **said)
        return services.set_goal(municipality(place).id, wanted, by=None, at=NOW)
