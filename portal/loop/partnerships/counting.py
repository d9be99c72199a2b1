"""The written rule for when a partnership counts as lasting cooperation, for any day (docs/rules.md#partnership).

On the day: an agreement in force; the employer in one of the three trades; an opening published or a placement started
in the months before; a named consultant. An employer counts once.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, selectinload

from portal.base.clock import danish_day, danish_midnight
from portal.base.database import db
from portal.base.terms import TRADES_OF_THE_PLAN, Industry, LabelledEnum, PlacementForm
from portal.loop.employers.models import Employer
from portal.loop.openings.models import Opening, OpeningPublication
from portal.loop.partnerships.models import Partnership, PartnershipConsultant
from portal.loop.placements.models import Placement
from portal.shared.accounts.models import User
from portal.shared.rules import checks
from portal.shared.rules import queries as rules

ACTIVE_MONTHS = "partnership-active-months"
"""Key of the rule: how many months back an opening or a placement keeps a partnership active."""


class EventKind(LabelledEnum):
    OPENING = "opening", _l("Åbning slået op")
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


class Event(NamedTuple):
    """One thing that keeps a partnership active. `record_id` is the opening's or the placement's key."""

    kind: EventKind
    at: datetime
    """Naive UTC, as stored: a municipality's years hold thousands, of which a page shows a handful.

    A placement counts from its first day, whenever that was noted: as of the day's beginning.
    """
    record_id: int
    title: str
    form: PlacementForm
    is_ours: bool
    """Whether the record is this municipality's own; a neighbour's shared opening may not be open to it later."""

    @property
    def on(self) -> date:
        """The day in Denmark."""
        return danish_day(self.at.replace(tzinfo=UTC))


@dataclass(frozen=True)
class PartnershipStanding:
    """One employer's partnership on one day: which conditions hold, and the events since `since` that it rests on."""

    partnership: Partnership
    on: date
    since: date
    trade: Industry | None
    """The employer's own on the day; None before it came."""
    holds: dict[PartnershipCondition, bool]
    events: tuple[Event, ...]
    consultants: tuple[User, ...]

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


def standing_of(partnership: Partnership, day: date) -> PartnershipStanding:
    """How one agreement stands on the day, also when the employer has signed another since."""
    since = _window_starts(partnership.municipality_id, [day])[day]
    events = _events(partnership.municipality_id, {partnership.employer_id}, since, day)
    return _standing(partnership, day, since, events)


def standing_on_days(municipality_id: int, days: Iterable[date]) -> dict[date, list[PartnershipStanding]]:
    """The standings of several days with the same few statements as for one."""
    wanted = sorted(set(days))
    if not wanted:
        return {}
    since = _window_starts(municipality_id, wanted)
    partnerships = _signed_by(municipality_id, wanted[-1])
    employer_ids = {partnership.employer_id for partnership in partnerships}
    events = _events(municipality_id, employer_ids, min(since.values()), wanted[-1])
    return {
        day: [
            _standing(partnership, day, since[day], events)
            for partnership in _one_per_employer(partnerships, day)
        ]
        for day in wanted
    }


def _standing(
    partnership: Partnership, day: date, since: date, events: dict[int, list[Event]]
) -> PartnershipStanding:
    first, after = _midnight(since), _midnight(day + timedelta(days=1))
    behind = tuple(event for event in events[partnership.employer_id] if first <= event.at < after)
    consultants = tuple(
        named.user for named in partnership.consultants if _covers(named.from_on, named.until_on, day)
    )
    trade = partnership.employer.trade_on(day)
    holds = {
        PartnershipCondition.AGREEMENT: _covers(partnership.signed_on, partnership.ends_on, day),
        PartnershipCondition.TRADE: trade in TRADES_OF_THE_PLAN,
        PartnershipCondition.ACTIVE: bool(behind),
        PartnershipCondition.CONSULTANT: bool(consultants),
    }
    return PartnershipStanding(partnership, day, since, trade, holds, behind, consultants)


def _covers(first: date, last: date | None, day: date) -> bool:
    return first <= day and (last is None or day <= last)


def _one_per_employer(partnerships: Sequence[Partnership], day: date) -> list[Partnership]:
    """The employer's agreement that matters on the day: one in force, else the latest signed."""
    chosen: dict[int, Partnership] = {}
    for partnership in partnerships:  # oldest signature first
        known = chosen.get(partnership.employer_id)
        in_force = _covers(partnership.signed_on, partnership.ends_on, day)
        if partnership.signed_on <= day and (
            known is None or in_force or not _covers(known.signed_on, known.ends_on, day)
        ):
            chosen[partnership.employer_id] = partnership
    return sorted(chosen.values(), key=lambda partnership: (partnership.employer.name, partnership.id))


def _window_starts(municipality_id: int, days: Sequence[date]) -> dict[date, date]:
    """The first day that still counts as recent, for each day, by the municipality's rule of it. Raises RuleMissing."""
    book = rules.rule_book(ACTIVE_MONTHS)
    return {
        day: checks.months_before(day, book.on(day, municipality_id).whole(ACTIVE_MONTHS)) for day in days
    }


def _signed_by(municipality_id: int, day: date) -> Sequence[Partnership]:
    statement = (
        sa.select(Partnership)
        .join(Partnership.employer)
        .where(Partnership.municipality_id == municipality_id, Partnership.signed_on <= day)
        .options(
            contains_eager(Partnership.employer).selectinload(Employer.trades),
            selectinload(Partnership.consultants)
            .joinedload(PartnershipConsultant.user)
            .joinedload(User.municipality),
        )
        .order_by(Partnership.signed_on, Partnership.id)
    )
    return db.session.scalars(statement).all()


def _events(municipality_id: int, employer_ids: set[int], first: date, last: date) -> dict[int, list[Event]]:
    """What the employers did with this municipality in the period, the newest first."""
    found: dict[int, list[Event]] = defaultdict(list)
    from_at, before_at = _midnight(first), _midnight(last + timedelta(days=1))
    own_opening = Opening.municipality_id == municipality_id
    openings = (
        sa.select(
            Opening.employer_id,
            _stored(OpeningPublication.at),
            Opening.id,
            Opening.title,
            Opening.form,
            own_opening,
        )
        .join(OpeningPublication, OpeningPublication.opening_id == Opening.id)
        .where(
            Opening.employer_id.in_(employer_ids),
            sa.or_(own_opening, Opening.visible_to_neighbours),
            _stored(OpeningPublication.at) >= from_at,
            _stored(OpeningPublication.at) < before_at,
        )
    )
    placements = (
        sa.select(
            Placement.employer_id,
            Placement.starts_on,
            Placement.id,
            Opening.title,
            Placement.form,
            sa.true(),
        )
        .join(Opening, Placement.opening_id == Opening.id)
        .where(
            Placement.employer_id.in_(employer_ids),
            Placement.municipality_id == municipality_id,
            Placement.started_at.is_not(None),
            Placement.starts_on.between(first, last),
        )
    )
    for kind, statement in ((EventKind.OPENING, openings), (EventKind.PLACEMENT, placements)):
        rows: Any = db.session.execute(statement)
        for employer_id, at, *rest in rows:
            moment = at if kind is EventKind.OPENING else _midnight(at)
            found[employer_id].append(Event(kind, moment, *rest))
    for events in found.values():
        events.sort(key=lambda event: (event.at, event.kind, event.record_id), reverse=True)
    return found


@lru_cache(maxsize=512)
def _midnight(day: date) -> datetime:
    """The beginning of the day in Denmark, as moments are stored."""
    return danish_midnight(day).astimezone(UTC).replace(tzinfo=None)


def _stored(column: Any) -> sa.ColumnElement[datetime]:
    """A moment as the database holds it, without its zone."""
    return sa.type_coerce(column, sa.DateTime())
