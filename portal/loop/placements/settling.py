"""What the three settle on before the start: written by the consultant, confirmed by each, and asked for at the start.

Whatever changes the words or what they rest on takes the confirmations away. Source: docs/rules.md#expectations
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError, StaleVersion
from portal.base.recorded_days import require_between
from portal.base.terms import Party
from portal.loop.placements.amounts import differ
from portal.loop.placements.expectations import (
    TITLES,
    ExpectationsMissing,
    ExpectationsStand,
    may_still_write,
    missing_expectations,
)
from portal.loop.placements.models import ASPECTS, Placement
from portal.loop.placements.settled import ConfirmedHow, Settlement, SettlementConfirmation
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.audit.services import Actor
from portal.shared.rules.book import RuleBook
from portal.shared.rules.queries import rule_book
from portal.web.presentation import da_date

WAITING_DAYS = "settlement-waiting-days"
"""Key of the rule: days after the plan until a start may pass unsettled."""


class SettledWordsMissing(DomainError):
    """The three don't say the same of `aspects`, and no words say what they go by."""

    def __init__(self, aspects: Collection[str]) -> None:
        self.aspects = tuple(aspects)
        names = ", ".join(str(TITLES[name]).lower() for name in aspects)
        super().__init__(
            _("Skriv, hvad I er enige om: %(names)s. Her siger de tre ikke det samme.", names=names)
        )


class NothingSettledYet(DomainError):
    message = _l("Konsulenten har ikke skrevet endnu, hvad I er enige om.")


class SaidBeforeWords(DomainError):
    """Nobody has said yes to words that were not written yet."""

    def __init__(self, first: date) -> None:
        super().__init__(
            _("Ingen har sagt ja før %(day)s: først da blev ordene skrevet, som de står.", day=da_date(first))
        )


class NotSettled(DomainError):
    """Not all three have said yes to the same words."""

    def __init__(self, parties: Sequence[Party]) -> None:
        names = ", ".join(str(party.label) for party in parties)
        super().__init__(
            _("Forløbet kan ikke starte endnu. Afstemningen mangler et ja fra: %(names)s.", names=names)
        )


@dataclass(frozen=True)
class Gap:
    """What is missing of a settlement before the start."""

    missing: tuple[Party, ...]
    """Who has not said what she expects."""
    unconfirmed: tuple[Party, ...]
    """Who has not said yes to the settled words."""

    @property
    def refusal(self) -> DomainError:
        return ExpectationsMissing(self.missing) if self.missing else NotSettled(self.unconfirmed)


def gap_of(placement: Placement) -> Gap | None:
    """None: settled, or planned before that was asked for and all three have said what they expect."""
    missing = missing_expectations(placement)
    settlement = placement.settlement
    unconfirmed = tuple(settlement.unconfirmed if settlement else Party) if placement.asks_settlement else ()
    return Gap(missing, unconfirmed) if missing or unconfirmed else None


def passable_from(placement: Placement, *, on: date, book: RuleBook | None = None) -> date:
    """The first day on which it may begin unsettled, with a reason. `book`: the rules, where they are in hand."""
    book = book or rule_book(WAITING_DAYS)
    days = book.on(on, placement.municipality_id).whole(WAITING_DAYS)
    return danish_day(placement.planned_at) + timedelta(days=days)


def may_begin(placement: Placement, *, on: date, book: RuleBook | None = None) -> bool:
    """Whether nothing is missing of the settlement, or what is may be passed with a reason."""
    return gap_of(placement) is None or passable_from(placement, on=on, book=book) <= on


def require_settled(placement: Placement, *, reason: str, on: date) -> Gap | None:
    """What a start with a reason passes; None: nothing. Raises ExpectationsMissing or NotSettled.

    Whoever takes a yes back at the same moment comes before or after, not between.
    """
    _hold(placement)
    gap = gap_of(placement)
    if gap is not None and not (reason.strip() and passable_from(placement, on=on) <= on):
        raise gap.refusal
    return gap


def differing_amounts(placement: Placement) -> list[str]:
    """The aspects on which the three name different amounts: they need settled words whatever anybody marks."""
    return [name for name in ASPECTS if differ([getattr(said, name) for said in placement.expectations])]


def wordless(settlement: Settlement) -> list[str]:
    """The aspects on which the three name different amounts since it was written, and no words say what they go by."""
    return [name for name in differing_amounts(settlement.placement) if not settlement.words[name]]


def write_settlement(
    placement: Placement,
    *,
    words: Mapping[str, str],
    differing: Collection[str],
    seen: int,
    by: User,
    at: datetime,
) -> Settlement:
    """Write what the three go by: words for each aspect that differs. For the consultant it is said with that.

    `seen`: the version the writer saw, 0 for none. The same again changes nothing.
    Raises ExpectationsStand, ExpectationsMissing, StaleVersion, SettledWordsMissing.
    """
    _lock(placement)
    if missing := missing_expectations(placement):
        raise ExpectationsMissing(missing)
    settlement = placement.settlement
    if seen != (settlement.version if settlement else 0):
        raise StaleVersion
    marked: list[str] = [name for name in ASPECTS if name in {*differing, *differing_amounts(placement)}]
    if unsaid := [name for name in marked if not words[name]]:
        raise SettledWordsMissing(unsaid)
    if settlement is None:
        settlement = Settlement(placement=placement, version=0)
        db.session.add(settlement)
    elif (settlement.words, settlement.differing) == (dict(words), marked):
        return settlement
    settlement.purpose, settlement.time_frame, settlement.development = (words[name] for name in ASPECTS)
    settlement.differing, settlement.version = marked, settlement.version + 1
    settlement.written_at, settlement.written_by_id = at, by.id
    settlement.confirmations.clear()
    _record("settlement-written", placement, by=by, at=at)
    given = SettlementConfirmation(party=Party.CONSULTANT, how=ConfirmedHow.PAGE, said_on=danish_day(at))
    _add(settlement, given, by=by, at=at)
    return settlement


def confirm(  # noqa: PLR0913 - who, how, which words, and what is recorded of it
    placement: Placement,
    party: Party,
    *,
    how: ConfirmedHow,
    seen: int,
    said_by: str = "",
    said_on: date | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """One party says yes to the words she saw; once is enough.

    Raises ExpectationsStand, NothingSettledYet, StaleVersion; SaidBeforeWords, RecordedAhead.
    """
    _lock(placement)
    settlement = placement.settlement
    if settlement is None or wordless(settlement):
        raise NothingSettledYet
    if seen != settlement.version:
        raise StaleVersion
    if settlement.of(party) is None:
        day, first = said_on or danish_day(at), danish_day(settlement.written_at)
        require_between(day, since=first, today=danish_day(at), too_early=SaidBeforeWords(first))
        given = SettlementConfirmation(party=party, how=how, said_by=said_by.strip(), said_on=day)
        _add(settlement, given, by=by, at=at)


def take_back(placement: Placement, party: Party, *, by: Actor, at: datetime) -> None:
    """A yes that was given or recorded by mistake. Raises ExpectationsStand."""
    _lock(placement)
    given = placement.settlement.of(party) if placement.settlement else None
    if placement.settlement is not None and given is not None:
        placement.settlement.confirmations.remove(given)
        _record("settlement-taken-back", placement, by=by, at=at)


def in_words(settlement: Settlement) -> list[tuple[object, str]]:
    """Each aspect with what the three go by."""
    missing = wordless(settlement) if may_still_write(settlement.placement) else ()
    return [
        (TITLES[name], _("Mangler") if name in missing else words or _("De tre siger det samme."))
        for name, words in settlement.words.items()
    ]


def before_start(placement: Placement) -> dict[str, tuple[object, str]]:
    """What the end is held against: each aspect as it was settled, else as each of them expected it, with its title.

    {} where nobody said anything.
    """
    if placement.settlement is not None:
        return dict(zip(ASPECTS, in_words(placement.settlement), strict=True))
    said = placement.expectations
    return {
        name: (TITLES[name], " · ".join(f"{one.party.label}: {one.words[name]}" for one in said))
        for name in (ASPECTS if said else ())
    }


def _add(settlement: Settlement, given: SettlementConfirmation, *, by: Actor, at: datetime) -> None:
    given.recorded_at, given.recorded_by_id = at, by.id
    settlement.confirmations.append(given)
    _record("settlement-confirmed", settlement.placement, by=by, at=at)


def _lock(placement: Placement) -> None:
    """Hold the placement, to write. Raises ExpectationsStand once it has begun or is off."""
    _hold(placement)
    if not may_still_write(placement):
        raise ExpectationsStand


def _hold(placement: Placement) -> None:
    """Of two at once one comes after, and reads what the other wrote."""
    db.session.refresh(placement, ["status", "expectations", "settlement"], with_for_update={"of": Placement})
    if placement.settlement is not None:
        db.session.refresh(placement.settlement)


def _record(action: str, placement: Placement, *, by: Actor, at: datetime) -> None:
    db.session.flush()
    audit.record(action, subject=placement, by=by, at=at, citizen_id=placement.card.citizen_id)
