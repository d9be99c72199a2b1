"""The written rule for when a partnership counts as lasting cooperation, for any day (docs/rules.md#partnership).

On the day: an agreement in force; the employer in one of the three trades; an opening published or a placement started
in the months before; a named consultant. An employer counts once.

Every fact has the day it holds for and the moment it was written, so a day is counted as it is known now, or with
`known_at` as it was known then. Rows are read, not objects: a municipality's years hold thousands of events.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.alphabet import alphabet_key
from portal.base.clock import danish_day, danish_midnight
from portal.base.database import db
from portal.base.terms import TRADES_OF_THE_PLAN, Industry, LabelledEnum, PlacementForm
from portal.loop.employers.models import Employer, EmployerTrade
from portal.loop.openings.models import Opening, OpeningPublication, OpeningSharing
from portal.loop.partnerships.models import Partnership, PartnershipConsultant
from portal.loop.placements.models import Placement, PlacementTrace
from portal.shared.accounts.models import User
from portal.shared.rules import checks
from portal.shared.rules import queries as rules

ACTIVE_MONTHS = "partnership-active-months"
"""Key of the rule: how many months back an opening or a placement keeps a partnership active."""


class EventKind(LabelledEnum):
    OPENING = "opening", _l("Åbning slået op")
    SHARED = "shared", _l("Åbning delt med nabokommuner")
    PLACEMENT = "placement", _l("Forløb startet")


class PartnershipCondition(LabelledEnum):
    """The four that must all hold on the day."""

    AGREEMENT = "agreement", _l("Aftalen gælder")
    TRADE = "trade", _l("Virksomheden hører til et af de tre fag")
    ACTIVE = "active", _l("En åbning eller et forløb i perioden")
    CONSULTANT = "consultant", _l("En navngiven konsulent")


class StandingKind(LabelledEnum):
    COUNTS = "counts", _l("Tæller nu")
    NEARLY = "nearly", _l("Tæller næsten")
    NO_LONGER = "no_longer", _l("Gælder ikke længere")


class SignedAgreement(NamedTuple):
    """One agreement with its employer, as its row says. Moments here and below are naive UTC, as stored."""

    id: int
    employer_id: int
    employer_name: str
    cvr: str
    signed_on: date
    ends_on: date | None
    recorded_at: datetime
    end_recorded_at: datetime | None

    def as_known(self, moment: datetime | None) -> "SignedAgreement":
        """Without an end that nobody had written by then."""
        if moment is None or self.end_recorded_at is None or self.end_recorded_at <= moment:
            return self
        return self._replace(ends_on=None, end_recorded_at=None)


class KnownTrade(NamedTuple):
    """The employer's trade from a day on."""

    employer_id: int
    industry: Industry
    from_on: date
    recorded_at: datetime
    replaced_at: datetime | None


class NamedConsultant(NamedTuple):
    """Who looks after an agreement in a time."""

    partnership_id: int
    name: str
    from_on: date
    until_on: date | None
    recorded_at: datetime
    replaced_at: datetime | None


class Event(NamedTuple):
    """One thing that keeps a partnership active. `record_id` is the opening's or the placement's key."""

    at: datetime
    """A placement counts from its first day, whenever that was noted: as of the day's beginning."""
    kind: EventKind
    record_id: int
    """0: a placement of somebody who is erased."""
    recorded_at: datetime
    post: str | None
    """What the opening is called; None when the placement is erased with whoever had it."""
    form: PlacementForm
    is_ours: bool
    """Whether the record is this municipality's own; a neighbour's shared opening may not be open to it later."""
    replaced_at: datetime | None
    """When another day turned out to be a placement's first."""

    @property
    def on(self) -> date:
        """The day in Denmark."""
        return danish_day(self.at.replace(tzinfo=UTC))

    @property
    def title(self) -> str:
        return self.post or str(self.form.label)


@dataclass(frozen=True)
class PartnershipStanding:
    """One employer's partnership on one day: which conditions hold, and the events since `since` that it rests on."""

    partnership: SignedAgreement
    on: date
    since: date
    trade: Industry | None
    """The employer's own on the day; None before it came."""
    trade_since: date | None
    holds: dict[PartnershipCondition, bool]
    events: tuple[Event, ...]
    consultants: tuple[NamedConsultant, ...]

    @property
    def counts(self) -> bool:
        return all(self.holds.values())

    @property
    def missing(self) -> list[PartnershipCondition]:
        return [condition for condition, holds in self.holds.items() if not holds]

    @property
    def kind(self) -> StandingKind:
        if self.counts:
            return StandingKind.COUNTS
        return StandingKind.NEARLY if self.holds[PartnershipCondition.AGREEMENT] else StandingKind.NO_LONGER


def standing_on(municipality_id: int, day: date) -> list[PartnershipStanding]:
    """Every employer that had signed by the day, with which of the four conditions hold; by name."""
    return standing_on_days(municipality_id, [day])[day]


def standing_on_days(
    municipality_id: int, days: Iterable[date], *, known_at: datetime | None = None
) -> dict[date, list[PartnershipStanding]]:
    """The standings of several days with the same few statements as for one; as known now, or at a moment."""
    wanted = sorted(set(days))
    if not wanted:
        return {}
    return _read(municipality_id, wanted).standings(wanted, known_at)


def standing_now_and_then(
    partnership: Partnership, day: date, known_at: datetime
) -> tuple[PartnershipStanding, PartnershipStanding | None]:
    """How one agreement stands on the day, also when the employer has signed another since: as is known now, and as
    it was at the moment. None: it was not written yet."""
    facts = _read(partnership.municipality_id, [day], of=partnership)
    now = facts.standing_of(partnership.id, day, None)
    if now.partnership.recorded_at > _stored_moment(known_at):
        return now, None
    return now, facts.standing_of(partnership.id, day, known_at)


def _covers(first: date, last: date | None, day: date) -> bool:
    return first <= day and (last is None or day <= last)


def _is_known(row: Any, moment: datetime | None) -> bool:
    """Whether the row stood at the moment; without one, whether it stands."""
    if moment is None:
        return row.replaced_at is None
    return bool(row.recorded_at <= moment and (row.replaced_at is None or row.replaced_at > moment))


@dataclass(frozen=True)
class _Facts:
    """All that the days are counted by, whenever it was written."""

    since: dict[date, date]
    agreements: Sequence[SignedAgreement]
    """The oldest signature first."""
    trades: dict[int, list[KnownTrade]]
    namings: dict[int, list[NamedConsultant]]
    events: dict[int, list[Event]]

    def standings(
        self, days: Sequence[date], known_at: datetime | None
    ) -> dict[date, list[PartnershipStanding]]:
        moment = _stored_moment(known_at)
        known = [
            one.as_known(moment) for one in self.agreements if moment is None or one.recorded_at <= moment
        ]
        return {
            day: [self._standing(one, day, moment) for one in _one_per_employer(known, day)] for day in days
        }

    def standing_of(self, key: int, day: date, known_at: datetime | None) -> PartnershipStanding:
        moment = _stored_moment(known_at)
        one = next(one for one in self.agreements if one.id == key)
        return self._standing(one.as_known(moment), day, moment)

    def _standing(self, one: SignedAgreement, day: date, moment: datetime | None) -> PartnershipStanding:
        since = self.since[day]
        first, after = _midnight(since), _midnight(day + timedelta(days=1))
        behind = tuple(
            event
            for event in self.events.get(one.employer_id, ())
            if first <= event.at < after and _is_known(event, moment)
        )
        consultants = tuple(
            named
            for named in self.namings.get(one.id, ())
            if _covers(named.from_on, named.until_on, day) and _is_known(named, moment)
        )
        trade = self._trade(one.employer_id, day, moment)
        industry, trade_since = (trade.industry, trade.from_on) if trade else (None, None)
        holds = {
            PartnershipCondition.AGREEMENT: _covers(one.signed_on, one.ends_on, day),
            PartnershipCondition.TRADE: industry in TRADES_OF_THE_PLAN,
            PartnershipCondition.ACTIVE: bool(behind),
            PartnershipCondition.CONSULTANT: bool(consultants),
        }
        return PartnershipStanding(one, day, since, industry, trade_since, holds, behind, consultants)

    def _trade(self, employer_id: int, day: date, moment: datetime | None) -> KnownTrade | None:
        known = (trade for trade in self.trades.get(employer_id, ()) if trade.from_on <= day)
        return max(
            (trade for trade in known if _is_known(trade, moment)), key=lambda one: one.from_on, default=None
        )


def _one_per_employer(agreements: Sequence[SignedAgreement], day: date) -> list[SignedAgreement]:
    """The employer's agreement that matters on the day: one in force, else the latest signed."""
    chosen: dict[int, SignedAgreement] = {}
    for one in agreements:  # oldest signature first
        known = chosen.get(one.employer_id)
        in_force = _covers(one.signed_on, one.ends_on, day)
        if one.signed_on <= day and (
            known is None or in_force or not _covers(known.signed_on, known.ends_on, day)
        ):
            chosen[one.employer_id] = one
    return sorted(chosen.values(), key=lambda one: (alphabet_key(one.employer_name), one.id))


def _read(municipality_id: int, days: Sequence[date], *, of: Partnership | None = None) -> _Facts:
    """In five statements; `of`: of one agreement alone. Raises RuleMissing."""
    since = _window_starts(municipality_id, days)
    which = Partnership.municipality_id == municipality_id
    chosen = which if of is None else sa.and_(which, Partnership.id == of.id)
    employers = sa.select(Partnership.employer_id).where(chosen)
    return _Facts(
        since,
        [SignedAgreement(*row) for row in db.session.execute(_agreements(chosen))],
        _by(KnownTrade, _trades(employers), lambda trade: trade.employer_id),
        _by(NamedConsultant, _namings(chosen), lambda named: named.partnership_id),
        _events(municipality_id, employers, min(since.values()), max(days)),
    )


def _by(row_of: Any, statement: sa.Select[Any], owner: Callable[[Any], int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in map(row_of._make, db.session.execute(statement)):
        found[owner(row)].append(row)
    return found


def _window_starts(municipality_id: int, days: Sequence[date]) -> dict[date, date]:
    """The first day that still counts as recent, for each day, by the municipality's rule of it. Raises RuleMissing."""
    book = rules.rule_book(ACTIVE_MONTHS)
    return {
        day: checks.months_before(day, book.on(day, municipality_id).whole(ACTIVE_MONTHS)) for day in days
    }


def _agreements(chosen: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Partnership.id,
            Partnership.employer_id,
            Employer.name,
            Employer.cvr,
            Partnership.signed_on,
            Partnership.ends_on,
            _stored(Partnership.created_at),
            _stored(Partnership.end_recorded_at),
        )
        .join(Partnership.employer)
        .where(chosen)
        .order_by(Partnership.signed_on, Partnership.id)
    )


def _trades(employers: sa.Select[Any]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            EmployerTrade.employer_id,
            EmployerTrade.industry,
            EmployerTrade.from_on,
            _stored(EmployerTrade.recorded_at),
            _stored(EmployerTrade.replaced_at),
        )
        .where(EmployerTrade.employer_id.in_(employers))
        .order_by(EmployerTrade.from_on, EmployerTrade.id)
    )


def _namings(chosen: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            PartnershipConsultant.partnership_id,
            User.name,
            PartnershipConsultant.from_on,
            PartnershipConsultant.until_on,
            _stored(PartnershipConsultant.recorded_at),
            _stored(PartnershipConsultant.replaced_at),
        )
        .join(PartnershipConsultant.user)
        .join(PartnershipConsultant.partnership)
        .where(chosen)
        .order_by(PartnershipConsultant.from_on, PartnershipConsultant.id)
    )


def _events(
    municipality_id: int, employers: sa.Select[Any], first: date, last: date
) -> dict[int, list[Event]]:
    """What the employers did with this municipality in the period, the newest first: one statement."""
    period = _midnight(first), _midnight(last + timedelta(days=1))
    statement = sa.union_all(
        _publications(municipality_id, employers, *period),
        _begun_sharings(municipality_id, employers, *period),
        _begun_placements(municipality_id, employers, first, last),
    )
    kinds = {kind.value: kind for kind in EventKind}
    found: dict[int, list[Event]] = defaultdict(list)
    for employer_id, at, starts_on, kind, key, recorded_at, *rest in db.session.execute(statement).all():
        moment = at or _midnight(starts_on)
        found[employer_id].append(Event(moment, kinds[kind], key, recorded_at or moment, *rest))
    for events in found.values():
        events.sort(key=_NEWEST, reverse=True)
    return found


_NEWEST = itemgetter(0, 1, 2)
"""Of an event: when, and what, so that the order is always the same."""


def _publications(
    municipality_id: int, employers: sa.Select[Any], from_at: datetime, before_at: datetime
) -> sa.Select[*tuple[Any, ...]]:
    """Each time an opening was put up: our own, and a neighbour's that was shared at that moment."""
    at, is_ours = _stored(OpeningPublication.at), Opening.municipality_id == municipality_id
    was_shared = sa.exists().where(
        OpeningSharing.opening_id == Opening.id,
        _stored(OpeningSharing.from_at) <= at,
        sa.or_(OpeningSharing.until_at.is_(None), _stored(OpeningSharing.until_at) > at),
    )
    return (
        _of_openings(EventKind.OPENING, at, is_ours)
        .join(OpeningPublication, OpeningPublication.opening_id == Opening.id)
        .where(Opening.employer_id.in_(employers), sa.or_(is_ours, was_shared), at >= from_at, at < before_at)
    )


def _begun_sharings(
    municipality_id: int, employers: sa.Select[Any], from_at: datetime, before_at: datetime
) -> sa.Select[*tuple[Any, ...]]:
    """Each time a neighbour's opening that was up already was shared: for us it came then."""
    at = _stored(OpeningSharing.from_at)
    return (
        _of_openings(EventKind.SHARED, at, sa.false())
        .join(OpeningSharing, OpeningSharing.opening_id == Opening.id)
        .where(
            Opening.employer_id.in_(employers),
            Opening.municipality_id != municipality_id,
            OpeningSharing.while_up,
            at >= from_at,
            at < before_at,
        )
    )


def _of_openings(
    kind: EventKind, at: sa.ColumnElement[datetime], is_ours: sa.ColumnElement[bool]
) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(
        Opening.employer_id,
        at,
        sa.cast(sa.null(), sa.Date()),
        sa.literal(kind.value),
        Opening.id,
        sa.cast(sa.null(), sa.DateTime()),
        Opening.title,
        Opening.form,
        is_ours,
        sa.cast(sa.null(), sa.DateTime()),
    )


def _begun_placements(
    municipality_id: int, employers: sa.Select[Any], first: date, last: date
) -> sa.Select[*tuple[Any, ...]]:
    """From what stays of placements, so that erasing somebody takes none away."""
    return (
        sa.select(
            PlacementTrace.employer_id,
            sa.cast(sa.null(), sa.DateTime()),
            PlacementTrace.starts_on,
            sa.literal(EventKind.PLACEMENT.value),
            sa.func.coalesce(PlacementTrace.placement_id, 0),
            _stored(PlacementTrace.recorded_at),
            Opening.title,
            PlacementTrace.form,
            sa.true(),
            _stored(PlacementTrace.replaced_at),
        )
        .outerjoin(Placement, Placement.id == PlacementTrace.placement_id)
        .outerjoin(Opening, Opening.id == Placement.opening_id)
        .where(
            PlacementTrace.municipality_id == municipality_id,
            PlacementTrace.employer_id.in_(employers),
            PlacementTrace.starts_on.between(first, last),
        )
    )


@lru_cache(maxsize=512)
def _midnight(day: date) -> datetime:
    """The beginning of the day in Denmark, as moments are stored."""
    return danish_midnight(day).astimezone(UTC).replace(tzinfo=None)


def _stored_moment(moment: Any) -> Any:
    """As the database holds it, without its zone."""
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)


def _stored(column: Any) -> sa.ColumnElement[datetime]:
    """A moment as the database holds it, without its zone."""
    return sa.type_coerce(column, sa.DateTime())
