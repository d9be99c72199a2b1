"""Commands about one person beside her groups: hours at the language school, and the team's one goal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.typed_numbers import Unit
from portal.interventions.cohorts.models import (
    CohortEnrolment,
    EnrolmentState,
    HoursSource,
    LanguageHours,
    TeamGoal,
)
from portal.interventions.target_groups.queries import standing
from portal.interventions.target_groups.situations import AlreadyReplaced
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit

HOURS_OF_A_MONTH = Unit(
    _l("timer om måneden"),
    r"(?:timers?|time|tim|t)\b\.?\s*(?:(?:om|i|pr\.?|per|/)\s*m(?:d|dr|ån|åned(?:en)?)\b\.?|månedligt?)?",
)
"""Not those of a week, which are a quarter as many."""

MONTHS_BACK = 36
"""So far back hours may be typed."""


class MoreThanPlanned(DomainError):
    message = _l("Der er flere fremmødte timer end planlagte.")


class MonthAhead(DomainError):
    message = _l("Måneden er ikke begyndt endnu.")


@dataclass(frozen=True)
class HoursDetails:
    """Hours of a month, known by its first day."""

    month_on: date
    planned: int
    attended: int


@dataclass(frozen=True)
class TeamGoalDetails:
    """What all work towards, what was done last and what comes next."""

    sentence: str
    last_step: str = ""
    next_step: str = ""


@dataclass(frozen=True)
class Absence:
    """Hours away out of hours planned."""

    planned: int
    attended: int

    @property
    def share(self) -> int | None:
        """Percent; None where nothing was planned."""
        return round(100 * (self.planned - self.attended) / self.planned) if self.planned else None


def _hold(citizen_id: int) -> None:
    db.session.execute(sa.select(Citizen.id).where(Citizen.id == citizen_id).with_for_update())


# --- Hours at the language school ------------------------------------------------------------------------------


def hours_of(citizen_id: int) -> list[LanguageHours]:
    """Those that stand, the latest month first."""
    statement = sa.select(LanguageHours).where(
        LanguageHours.citizen_id == citizen_id, standing(LanguageHours)
    )
    return list(db.session.scalars(statement.order_by(LanguageHours.month_on.desc())))


def write_hours(
    citizen_id: int,
    details: HoursDetails,
    *,
    source: HoursSource = HoursSource.CONSULTANT,
    by: User | None,
    at: datetime,
) -> LanguageHours:
    """Of a month that stands already: instead of it. Raises MoreThanPlanned, MonthAhead."""
    if details.attended > details.planned:
        raise MoreThanPlanned
    if details.month_on > danish_day(at):
        raise MonthAhead
    _hold(citizen_id)
    there = next((one for one in hours_of(citizen_id) if one.month_on == details.month_on), None)
    if there is not None:
        if (there.planned, there.attended) == (details.planned, details.attended):
            return there
        there.replaced_at = at
        db.session.flush()
    made = LanguageHours(
        citizen_id=citizen_id,
        source=source,
        recorded_at=at,
        recorded_by_id=by.id if by else None,
        **vars(details),
    )
    db.session.add(made)
    db.session.flush()
    audit.record("language-hours-written", subject=made, by=by, at=at, citizen_id=citizen_id)
    return made


def before_and_after(
    hours: Sequence[LanguageHours], enrolments: Sequence[CohortEnrolment]
) -> tuple[Absence, Absence] | None:
    """Absence of the months before the one in which she first came on a group, and from it on; None: on none."""
    days = [one.from_on for one in enrolments if one.state is EnrolmentState.PLACED]
    if not days:
        return None
    first = min(days).replace(day=1)
    return (
        _sum([one for one in hours if one.month_on < first]),
        _sum([one for one in hours if one.month_on >= first]),
    )


def _sum(hours: Sequence[LanguageHours]) -> Absence:
    return Absence(sum(one.planned for one in hours), sum(one.attended for one in hours))


def months_to_type(today: date) -> list[date]:
    first = today.replace(day=1)
    return [first - relativedelta(months=back) for back in range(MONTHS_BACK)]


# --- The team's goal ------------------------------------------------------------------------------------------


def goal_of(citizen_id: int) -> TeamGoal | None:
    statement = sa.select(TeamGoal).where(TeamGoal.citizen_id == citizen_id, standing(TeamGoal))
    return db.session.scalars(statement.options(joinedload(TeamGoal.recorded_by))).one_or_none()


def write_goal(
    citizen_id: int, details: TeamGoalDetails, *, seen_id: int | None, by: User, at: datetime
) -> TeamGoal:
    """Instead of the one that was seen. Raises AlreadyReplaced when a colleague wrote in between."""
    _hold(citizen_id)
    there = goal_of(citizen_id)
    if (there.id if there else None) != seen_id:
        raise AlreadyReplaced
    if there is not None:
        there.replaced_at = at
        db.session.flush()
    made = TeamGoal(citizen_id=citizen_id, recorded_at=at, recorded_by_id=by.id, **vars(details))
    db.session.add(made)
    db.session.flush()
    audit.record("team-goal-written", subject=made, by=by, at=at, citizen_id=citizen_id)
    return made
