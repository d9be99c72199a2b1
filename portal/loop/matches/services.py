"""Renewal: compare again, store the best of either side, close what no longer qualifies. Decided matches stay."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import gettext as _

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.queries import card_input, card_inputs
from portal.loop.employers.models import EmployerStatus
from portal.loop.matches import queries, storing
from portal.loop.matches.models import ClosedReason, Match, MatchStatus
from portal.loop.matches.storing import Pair, ScoringBasis
from portal.loop.matches.weights import InForce, all_in_force
from portal.loop.openings.models import Opening
from portal.loop.openings.queries import may_be_suggested, opening_input, opening_inputs
from portal.matching import Suggestion, rank
from portal.shared.audit import services as audit
from portal.shared.neighbours.queries import neighbour_ids, shared_between
from portal.shared.skills.queries import relations, vocabulary_version

TOP: Final = 20
"""Suggestions kept per opening and per card: more than a consultant reads. A decided pair takes nobody's place."""


class MatchNotOpen(DomainError):
    """A decision came to a match that is closed or decided."""

    def __init__(self, match: Match) -> None:
        super().__init__(_("Forslaget venter ikke længere på svar: %(why)s.", why=_why_not_open(match)))


def _why_not_open(match: Match) -> str:
    return match.closed_because or str(match.status.label)


def renew_for_opening(opening: Opening, *, at: datetime) -> None:
    """Compare the opening with every card worth it. Closes all open suggestions when it takes nobody now."""
    if not may_be_suggested(opening, on=danish_day(at)):
        close_open_matches(opening_id=opening.id, reason=why_closed(opening), at=at)
        return
    rows = storing.stored(Match.opening_id == opening.id)
    weights = all_in_force(_homes_of_candidates(opening, danish_day(at)))
    found = {home: _fitting_cards(opening, home, terms, at) for home, terms in weights.items()}
    undecided = [one for fits in found.values() for one in _undecided(fits, rows)]
    partners = {suggestion.card_id: suggestion for suggestion in undecided}
    kept = {one.card_id for one in heapq.nsmallest(TOP, undecided, key=best_first)}
    kept |= _in_their_top(Match.card_id, Match.opening_id, opening.id, partners)
    vocabulary = vocabulary_version()
    for home, terms in weights.items():
        _bring_in_line(
            {pair: row for pair, row in rows.items() if row.municipality_id == home},
            [one for one in found[home] if one.card_id in kept],
            found[home],
            ScoringBasis(home, vocabulary, terms.id),
            at=at,
        )
    _close_strays(rows, weights, at)
    audit.record("matches-renewed", subject=opening, by=None, at=at)


def renew_for_card(card: CompetenceCard, *, at: datetime) -> None:
    """Compare the card with every opening worth it. Closes all open suggestions while it is passive."""
    if not card.is_active:
        close_open_matches(card_id=card.id, reason=ClosedReason.CARD_PASSIVE, at=at)
        return
    home, day = card.municipality_id, danish_day(at)
    rows = storing.stored(Match.card_id == card.id)
    terms = all_in_force([home])[home]
    openings = opening_inputs(queries.candidate_openings(card, on=day))
    ranking = rank(openings, [card_input(card, on=day)], 1, relations(), terms.weights)
    found = _worth_showing(ranking.by_opening.values())
    partners = {suggestion.opening_id: suggestion for suggestion in _undecided(found, rows)}
    kept = {one.opening_id for one in heapq.nsmallest(TOP, partners.values(), key=best_first)}
    kept |= _in_their_top(Match.opening_id, Match.card_id, card.id, partners)
    _bring_in_line(
        rows,
        [partners[opening_id] for opening_id in kept],
        found,
        ScoringBasis(home, vocabulary_version(), terms.id),
        at=at,
    )
    audit.record("matches-renewed", subject=card, by=None, at=at, citizen_id=card.citizen_id)


def close_open_matches(
    *, opening_id: int | None = None, card_id: int | None = None, reason: ClosedReason, at: datetime
) -> int:
    """Close what is open for the opening, the card, or the pair; returns how many. Decided ones stay."""
    which = []
    if opening_id is not None:
        which.append(Match.opening_id == opening_id)
    if card_id is not None:
        which.append(Match.card_id == card_id)
    if not which:
        raise ValueError("name the opening, the card, or both")
    closed = storing.close_where(sa.and_(*which), reason, at)
    storing.expire_loaded_matches()
    if closed:
        _record_closing(opening_id, card_id, at)
    return closed


def mark_decided(match: Match, *, at: datetime) -> None:
    """Take the match out of the queue for good. Raises MatchNotOpen when somebody or something was faster."""
    statement = (
        sa.update(Match)
        .where(Match.id == match.id, Match.status == MatchStatus.OPEN)
        .values(status=MatchStatus.DECIDED, renewed_at=at)
    )
    result: Any = db.session.execute(statement)
    if result.rowcount != 1:
        raise MatchNotOpen(match)


def mark_undecided(match: Match, *, at: datetime) -> None:
    """Put the match back in the queue; closed, when the opening or the card has been closed meanwhile."""
    match.status, match.renewed_at = MatchStatus.OPEN, at
    db.session.flush()
    if not may_be_suggested(match.opening, on=danish_day(at)):
        close_open_matches(opening_id=match.opening_id, reason=why_closed(match.opening), at=at)
    elif not match.card.is_active:
        close_open_matches(card_id=match.card_id, reason=ClosedReason.CARD_PASSIVE, at=at)
    db.session.refresh(match, ["status", "closed_reason"])


def why_closed(opening: Opening) -> ClosedReason:
    """Why an opening that takes no suggestions takes none."""
    passive = opening.employer.status is EmployerStatus.PASSIVE
    return ClosedReason.EMPLOYER_PASSIVE if passive else ClosedReason.OPENING_CLOSED


def best_first(one: storing.Found) -> tuple[float, float, int, int]:
    """The matcher's order: by sure, then possible, then id of whichever side varies."""
    return -(one.sure or 0), -(one.possible or 0), one.opening_id, one.card_id


def _homes_of_candidates(opening: Opening, on: date) -> list[int]:
    """Municipalities whose cards the opening is compared with."""
    homes = [opening.municipality_id]
    if opening.visible_to_neighbours:
        homes += db.session.scalars(neighbour_ids(opening.municipality_id, on=on)).all()
    return homes


def _fitting_cards(opening: Opening, home: int, terms: InForce, at: datetime) -> list[Suggestion]:
    """All of a municipality's cards that fit the opening at all, by that municipality's weights."""
    candidates = queries.candidate_cards(opening, on=danish_day(at)).where(
        CompetenceCard.municipality_id == home
    )
    cards = card_inputs(candidates, on=danish_day(at))
    ranking = rank([opening_input(opening)], cards, 1, relations(), terms.weights)
    return _worth_showing(ranking.by_card.values())


def _worth_showing(rankings: Iterable[tuple[Suggestion, ...]]) -> list[Suggestion]:
    """Pairs of which at least one thing is known to fit; the rest is no suggestion, only a lack of knowledge."""
    return [suggestion for ranking in rankings for suggestion in ranking if suggestion.sure]


def _undecided(found: Iterable[Suggestion], rows: Mapping[Pair, Any]) -> Iterator[Suggestion]:
    decided = {pair for pair, row in rows.items() if row.status is MatchStatus.DECIDED}
    return (one for one in found if (one.opening_id, one.card_id) not in decided)


def _in_their_top(theirs: Any, ours: Any, our_id: int, partners: Mapping[int, Suggestion]) -> set[int]:
    """The partners for whom this pair is among their own best, measured against what is stored for them."""
    rivals: dict[int, list[tuple[float, float, int]]] = defaultdict(list)
    open_elsewhere = sa.and_(theirs.in_(partners), Match.status == MatchStatus.OPEN, ours != our_id)
    full = sa.select(theirs).where(open_elsewhere).group_by(theirs).having(sa.func.count() >= TOP)
    statement = sa.select(theirs, Match.sure, Match.possible, ours).where(
        theirs.in_(db.session.scalars(full).all()), Match.status == MatchStatus.OPEN, ours != our_id
    )
    for partner, sure, possible, rival in db.session.execute(statement):
        rivals[partner].append((-sure, -possible, rival))
    return {
        partner
        for partner, one in partners.items()
        if sum(rival < (-(one.sure or 0), -(one.possible or 0), our_id) for rival in rivals[partner]) < TOP
    }


def _bring_in_line(
    rows: Mapping[Pair, Any],
    kept: Iterable[Suggestion],
    found: Iterable[Suggestion],
    basis: ScoringBasis,
    *,
    at: datetime,
) -> None:
    fitting = {(suggestion.opening_id, suggestion.card_id) for suggestion in found}

    def why_not(pair: Pair) -> ClosedReason:
        return ClosedReason.BETTER_FOUND if pair in fitting else ClosedReason.NO_LONGER_FITS

    storing.reconcile(rows, kept, basis, explain=lambda one: one, why_not=why_not, at=at)
    storing.expire_loaded_matches()


def _close_strays(rows: Mapping[Pair, Any], homes: Iterable[int], at: datetime) -> None:
    """Suggestions of municipalities that no longer see the opening."""
    stray = [row.id for row in rows.values() if row.municipality_id not in homes]
    if stray:
        storing.close_where(Match.id.in_(stray), ClosedReason.NO_LONGER_FITS, at)


def close_unshared(at: datetime) -> int:
    """Close what is open between municipalities that are no neighbours on the day; returns how many.

    The end of an agreement and its day are two: run it as often as you like.
    """
    foreign = (
        sa.select(Match.id)
        .join(Match.opening)
        .where(
            Match.status == MatchStatus.OPEN,
            Match.municipality_id != Opening.municipality_id,
            ~shared_between(Match.municipality_id, Opening.municipality_id, on=danish_day(at)),
        )
    )
    closed = storing.close_where(Match.id.in_(foreign), ClosedReason.NOT_SHARED, at)
    storing.expire_loaded_matches()
    return closed


def _record_closing(opening_id: int | None, card_id: int | None, at: datetime) -> None:
    card = db.session.get(CompetenceCard, card_id) if card_id is not None else None
    subject = card or db.session.get(Opening, opening_id)
    audit.record(
        "matches-closed", subject=subject, by=None, at=at, citizen_id=card.citizen_id if card else None
    )
