"""Commands of the yearly count and of the yes of parents."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.recorded_days import require_no_later
from portal.interventions.young import queries
from portal.interventions.young.models import (
    ParentsYes,
    ParentsYesVia,
    YoungPlace,
    YoungPlaceKind,
    YoungTally,
)
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit


class AlreadyCounted(DomainError):
    message = _l("Stedet er allerede talt det år. Ret tallene i listen.")


class AnotherYear(DomainError):
    message = _l("En rettelse skal være af samme år.")


class TallyCorrected(DomainError):
    message = _l("Tallene er rettet af en anden. Åbn listen igen.")


class NobodyCounted(DomainError):
    message = _l("Skriv mindst én ung.")


class NoParentNeeded(DomainError):
    message = _l("Borgeren er fyldt 18 år, så der skal ikke noget ja til.")


class ParentsYesStands(DomainError):
    message = _l("Ja'et er noteret.")


@dataclass(frozen=True)
class TallyNumbers:
    """What the form asks: numbers of nobody."""

    counted_on: date
    has_job: int
    wants_job: int
    wants_none: int
    unknown: int

    @property
    def total(self) -> int:
        return self.has_job + self.wants_job + self.wants_none + self.unknown


def place_named(municipality_id: int, kind: YoungPlaceKind, name: str) -> YoungPlace:
    """The place of that name, made where there is none."""
    wanted = name.strip()
    known = db.session.scalar(
        sa.select(YoungPlace).where(
            YoungPlace.municipality_id == municipality_id,
            YoungPlace.kind == kind,
            sa.func.lower(YoungPlace.name) == wanted.lower(),
        )
    )
    if known is not None:
        return known
    made = YoungPlace(municipality_id=municipality_id, kind=kind, name=wanted)
    db.session.add(made)
    db.session.flush()
    return made


def count_young(place: YoungPlace, numbers: TallyNumbers, *, by: User, at: datetime) -> YoungTally:
    """Raises AlreadyCounted, NobodyCounted, RecordedAhead."""
    _check(numbers, at)
    if queries.standing_tally(place.id, numbers.counted_on.year) is not None:
        raise AlreadyCounted
    return _written(place, numbers, "young-counted", by=by, at=at)


def correct_count(tally: YoungTally, numbers: TallyNumbers, *, by: User, at: datetime) -> YoungTally:
    """Another row takes its place. Raises TallyCorrected, AnotherYear, NobodyCounted, RecordedAhead."""
    _check(numbers, at)
    if numbers.counted_on.year != tally.year:
        raise AnotherYear
    db.session.refresh(tally, with_for_update={"of": YoungTally})
    if tally.replaced_at is not None:
        raise TallyCorrected
    tally.replaced_at = at
    db.session.flush()
    return _written(tally.place, numbers, "young-count-corrected", by=by, at=at)


def _check(numbers: TallyNumbers, at: datetime) -> None:
    require_no_later(numbers.counted_on, danish_day(at))
    if not numbers.total:
        raise NobodyCounted


def _written(place: YoungPlace, numbers: TallyNumbers, action: str, *, by: User, at: datetime) -> YoungTally:
    tally = YoungTally(
        place=place,
        year=numbers.counted_on.year,
        recorded_at=at,
        recorded_by_id=by.id,
        **asdict(numbers),
    )
    db.session.add(tally)
    audit.record(action, subject=tally, by=by, at=at)
    db.session.flush()
    return tally


# --- A parent's yes --------------------------------------------------------------------------------------------


def note_parents_yes(
    citizen: Citizen, *, said_on: date, via: ParentsYesVia, by: User, at: datetime
) -> ParentsYes:
    """Raises NoParentNeeded, ParentsYesStands, RecordedAhead."""
    today = danish_day(at)
    require_no_later(said_on, today)
    if not queries.is_under_age(citizen, today):
        raise NoParentNeeded
    db.session.execute(sa.select(Citizen.id).where(Citizen.id == citizen.id).with_for_update())
    if queries.parents_yes_of(citizen.id) is not None:
        raise ParentsYesStands
    given = ParentsYes(citizen_id=citizen.id, said_on=said_on, via=via, recorded_at=at, recorded_by_id=by.id)
    db.session.add(given)
    audit.record("parents-yes-noted", subject=given, by=by, at=at, citizen_id=citizen.id)
    db.session.flush()
    return given


def withdraw_parents_yes(citizen: Citizen, *, by: User, at: datetime) -> None:
    """From now on no employer is shown the card: what lets one see it ends."""
    given = queries.parents_yes_of(citizen.id)
    if given is None:
        return
    given.withdrawn_by_id, given.withdrawn_at = by.id, at
    db.session.flush()
    audit.record("parents-yes-withdrawn", subject=given, by=by, at=at, citizen_id=citizen.id)
    if queries.is_under_age(citizen, danish_day(at)):
        events.showing_ended.send(citizen, by=by, at=at)
