"""What one reader is shown of the three parties' expectations, wherever a page has them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from portal.base import clock
from portal.base.terms import Party
from portal.loop.placements.expectations import (
    OWN_PARTY,
    Aspect,
    comparison,
    is_written_for,
    may_still_write,
    missing_expectations,
    readable_to,
    stated_by,
    writable_by,
)
from portal.loop.placements.models import Expectation, Placement
from portal.loop.placements.settling import Gap, gap_of, in_words, passable_from, wordless
from portal.shared.accounts.models import User
from portal.shared.rules.book import RuleBook
from portal.web.permissions import Action


@dataclass(frozen=True)
class ExpectationsShown:
    """As far as the reader may see; `stated` tells who has written, without a word of it."""

    own: Party
    parties: Sequence[Party]
    aspects: Sequence[Aspect]
    stated: Sequence[Expectation]
    missing: Sequence[Party]
    readable: Collection[Party]
    may_write: Collection[Party]
    is_blind: bool
    """Whether anything that may still be written or read is closed to the reader."""

    def is_written_for(self, said: Expectation) -> bool:
        return is_written_for(said)

    def is_hidden(self, party: Party) -> bool:
        """Whether the party has written what the reader may not read yet."""
        return party not in self.missing and party not in self.readable


@dataclass(frozen=True)
class SettlementShown:
    """What the three settled on, and what the reader may do about it now."""

    words: Sequence[tuple[object, str]]
    gap: Gap | None
    is_shown: bool
    is_open: bool
    manages: bool
    waits_for_words: bool
    """Whether they say other amounts than when it was written: nobody can say yes to that."""
    may_pass_from: date | None
    """From when the start may pass unsettled; None: nothing is missing."""


def settlement_for(user: User, placement: Placement, book: RuleBook | None = None) -> SettlementShown:
    """Shown once all three may read each other's words. `book`: the rules, where they are in hand."""
    settlement, gap, today = placement.settlement, gap_of(placement), clock.today()
    is_open = may_still_write(placement)
    return SettlementShown(
        words=in_words(settlement) if settlement else [],
        gap=gap,
        is_shown=bool(
            settlement or placement.is_unsettled or (is_open and not missing_expectations(placement))
        ),
        is_open=is_open,
        manages=user.may(Action.MANAGE_PLACEMENTS),
        waits_for_words=bool(settlement and is_open and wordless(settlement)),
        may_pass_from=passable_from(placement, on=today, book=book) if gap and is_open else None,
    )


def expectations_for(user: User, placement: Placement, *, name_open: bool) -> ExpectationsShown:
    """`name_open`: the reader may know whom it is about, else she reads and writes nothing."""
    own = OWN_PARTY[user.scope]
    readable = readable_to(own, placement) if name_open else frozenset()
    may_write = writable_by(own, placement) if name_open and user.may(Action.STATE_EXPECTATION) else ()
    return ExpectationsShown(
        own=own,
        parties=list(Party),
        aspects=comparison(placement, own) if name_open else [],
        stated=placement.expectations,
        missing=missing_expectations(placement),
        readable=readable,
        may_write=[party for party in Party if party in may_write],
        is_blind=may_still_write(placement) and readable != stated_by(placement),
    )
