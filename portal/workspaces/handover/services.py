"""Commands of handing over: to a colleague, and back."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.interventions.cohorts.models import Cohort
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.workspaces.handover import queries
from portal.workspaces.handover.models import CaseCover
from portal.workspaces.tasks.models import DeskTask


class AlreadyCovered(DomainError):
    message = _l("Sagerne er allerede overdraget i nogle af de dage. Tag dem tilbage først.")


class GivenForGood(DomainError):
    message = _l("Sagerne er givet videre for altid. Overdrag dem den anden vej i stedet.")


@dataclass(frozen=True)
class CoverDetails:
    """Whose cases, to whom, and for which days; `until_on` None: for good."""

    away: User
    stand_in: User
    from_on: date
    until_on: date | None


def hand_over(details: CoverDetails, *, by: User, at: datetime) -> CaseCover:
    """Raises AlreadyCovered."""
    db.session.scalars(sa.select(User.id).where(User.id == details.away.id).with_for_update()).all()
    if queries.is_covered_between(details.away.id, details.from_on, details.until_on):
        raise AlreadyCovered
    cover = CaseCover(
        municipality_id=by.municipality_id,
        away=details.away,
        stand_in=details.stand_in,
        from_on=details.from_on,
        until_on=details.until_on,
        made_at=at,
        made_by_id=by.id,
    )
    db.session.add(cover)
    db.session.flush()
    if details.until_on is None:
        _give(details, by=by, at=at)
    audit.record(
        "cases-given" if details.until_on is None else "cases-handed-over", subject=cover, by=by, at=at
    )
    return cover


def _give(details: CoverDetails, *, by: User, at: datetime) -> None:
    """Her citizens, open tasks and groups become the other's, each with its line in the log."""
    hers = queries.hers(details.away.id, danish_day(at))
    for citizen in db.session.scalars(sa.select(Citizen).where(Citizen.id.in_(hers["citizens"]))).all():
        citizen.consultant_id = details.stand_in.id
        citizen.version += 1
        audit.record("citizen-given", subject=citizen, by=by, at=at, citizen_id=citizen.id)
    for task in db.session.scalars(sa.select(DeskTask).where(DeskTask.id.in_(hers["tasks"]))).all():
        task.owner_id = details.stand_in.id
        task.version += 1
    for cohort in db.session.scalars(sa.select(Cohort).where(Cohort.id.in_(hers["cohorts"]))).all():
        cohort.lead_id = details.stand_in.id
        cohort.version += 1
    db.session.flush()


def take_back(cover: CaseCover, *, by: User, at: datetime) -> None:
    """Before the last day. Raises GivenForGood."""
    db.session.refresh(cover, with_for_update={"of": CaseCover})
    if cover.is_for_good:
        raise GivenForGood
    if cover.ended_at is None:
        cover.ended_at, cover.ended_by_id = at, by.id
        audit.record("cases-taken-back", subject=cover, by=by, at=at)
