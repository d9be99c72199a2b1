"""What is forgotten of people whom the municipality has not helped for long: places, attendance, hours, goals.

Figures that are frozen stay what they are. Source: docs/rules.md#situations
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from portal.interventions.cohorts.models import CohortAttendance, CohortEnrolment, LanguageHours, TeamGoal
from portal.interventions.target_groups.forgetting import forget_of_the_long_passive

TABLES: Final[tuple[Any, ...]] = (CohortAttendance, CohortEnrolment, LanguageHours, TeamGoal)


def forget_cohorts(at: datetime, _settings: Mapping[str, Any]) -> Mapping[str, int]:
    """What groups held of them."""
    return forget_of_the_long_passive(TABLES, at)
