"""Renewal: compare again, store the best of either side, close what no longer qualifies. Decided matches stay."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.dialects import postgresql, sqlite

from portal.audit import services as audit
from portal.cards.models import CompetenceCard
from portal.cards.queries import card_input, card_inputs
from portal.clock import DANISH_TIME
from portal.config import DEFAULTS
from portal.database import db
from portal.employers.models import EmployerStatus
from portal.errors import DomainError
from portal.matches import queries
from portal.matches.models import ClosedReason, Match, MatchStatus
from portal.matching import Suggestion, rank
from portal.openings.models import Opening
from portal.openings.queries import may_be_suggested, opening_input, opening_inputs
from portal.skills.queries import vocabulary_version

TOP: Final[int] = DEFAULTS["SUGGESTIONS_PER_OPENING"]
"""Suggestions kept per opening and per card."""

_TABLE: Final = Match.__table__


class MatchNotOpen(DomainError):
    """A decision came to a match that is closed or decided."""

    def __init__(self, match: Match) -> None:
        super().__init__(_("Forslaget venter ikke længere på svar: %(why)s.", why=_why_not_open(match)))


def _why_not_open(match: Match) -> str:
    return match.closed_because or str(match.status.label)


def renew_for_opening(opening: Opening, *, at: datetime) -> None:
    """Compare the opening with every card worth it. Closes all open suggestions when it takes nobody now."""
    day = _day(at)
    if not may_be_suggested(opening, on=day):
        passive = opening.employer.status is EmployerStatus.PASSIVE
        reason = ClosedReason.EMPLOYER_PASSIVE if passive else ClosedReason.OPENING_CLOSED
        close_open_matches(opening_id=opening.id, reason=reason, at=at)
        return
    cards = card_inputs(queries.candidate_cards(opening), on=day)
    ranking = rank([opening_input(opening)], cards, top=TOP)
    found = _worth_showing(ranking.by_card.values())
    partners = {suggestion.card_id: suggestion for suggestion in found}
    best = {suggestion.card_id for suggestion in ranking.by_opening[opening.id]} & partners.keys()
    kept = best | _in_their_top(Match.card_id, partners, Match.opening_id != opening.id)
    _store([partners[card_id] for card_id in kept], found, Match.opening_id == opening.id, at=at)
    audit.record("matches-renewed", subject=opening, by=None, at=at)


def renew_for_card(card: CompetenceCard, *, at: datetime) -> None:
    """Compare the card with every opening worth it. Closes all open suggestions while it is passive."""
    if not card.is_active:
        close_open_matches(card_id=card.id, reason=ClosedReason.CARD_PASSIVE, at=at)
        return
    day = _day(at)
    openings = opening_inputs(queries.candidate_openings(card, on=day))
    ranking = rank(openings, [card_input(card, on=day)], top=TOP)
    found = _worth_showing(ranking.by_opening.values())
    partners = {suggestion.opening_id: suggestion for suggestion in found}
    best = {suggestion.opening_id for suggestion in ranking.by_card[card.id]} & partners.keys()
    kept = best | _in_their_top(Match.opening_id, partners, Match.card_id != card.id)
    _store([partners[opening_id] for opening_id in kept], found, Match.card_id == card.id, at=at)
    audit.record("matches-renewed", subject=card, by=None, at=at, citizen_id=card.citizen_id)


def close_open_matches(
    *, opening_id: int | None = None, card_id: int | None = None, reason: ClosedReason, at: datetime
) -> int:
    """Close what is open for the opening, the card, or the pair; returns how many. Decided ones stay."""
    if opening_id is None and card_id is None:
        raise ValueError("name the opening, the card, or both")
    statement = sa.update(_TABLE).where(_TABLE.c.status == MatchStatus.OPEN)
    if opening_id is not None:
        statement = statement.where(_TABLE.c.opening_id == opening_id)
    if card_id is not None:
        statement = statement.where(_TABLE.c.card_id == card_id)
    result: Any = db.session.execute(statement.values(**_closed(reason, at)))
    _forget_loaded()
    if result.rowcount:
        _record_closing(opening_id, card_id, at)
    return int(result.rowcount)


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


def _day(at: datetime) -> date:
    return at.astimezone(DANISH_TIME).date()


def _worth_showing(rankings: Iterable[tuple[Suggestion, ...]]) -> list[Suggestion]:
    """Pairs of which at least one thing is known to fit; the rest is no suggestion, only a lack of knowledge."""
    return [suggestion for ranking in rankings for suggestion in ranking if suggestion.sure]


def _in_their_top(
    their_side: Any, partners: Mapping[int, Suggestion], elsewhere: sa.ColumnElement[bool]
) -> set[int]:
    """The partners for whom this pair is among their own best, measured against what is stored for them."""
    rivals: dict[int, list[tuple[float, float]]] = defaultdict(list)
    open_elsewhere = sa.and_(their_side.in_(partners), Match.status == MatchStatus.OPEN, elsewhere)
    full = sa.select(their_side).where(open_elsewhere).group_by(their_side).having(sa.func.count() >= TOP)
    statement = sa.select(their_side, Match.sure, Match.possible).where(
        their_side.in_(db.session.scalars(full).all()), Match.status == MatchStatus.OPEN, elsewhere
    )
    for partner, sure, possible in db.session.execute(statement):
        rivals[partner].append((sure, possible))
    return {
        partner
        for partner, one in partners.items()
        if sum(rival > (one.sure or 0, one.possible or 0) for rival in rivals[partner]) < TOP
    }


# --- Storing: whole sets at once, because one change touches up to hundreds of rows ---------------------------


def _store(
    kept: Collection[Suggestion], found: Collection[Suggestion], side: sa.ColumnElement[bool], *, at: datetime
) -> None:
    """Make the stored matches of one side equal to `kept`; `found` tells outranked pairs from unfit ones."""
    vocabulary = vocabulary_version()
    stored = {(row.opening_id, row.card_id): row for row in db.session.execute(_stored(side))}
    fresh, changed = [], []
    for suggestion in kept:
        values = _values(suggestion, vocabulary, at)
        row = stored.pop((suggestion.opening_id, suggestion.card_id), None)
        if row is None:
            fresh.append(suggestion)
        elif row.status is MatchStatus.CLOSED or (row.status is MatchStatus.OPEN and _differs(row, values)):
            changed.append({"match_id": row.id, **values})
    _insert(fresh, vocabulary, at)
    if changed:
        db.session.execute(_RENEW, changed)
    _close_left_over([row for row in stored.values() if row.status is MatchStatus.OPEN], found, at)
    _forget_loaded()


_COMPARED: Final = (
    "sure", "possible", "opening_version", "card_version", "vocabulary_version", "matcher_version",
)  # fmt: skip
_RENEW: Final = (
    sa.update(_TABLE)
    .where(_TABLE.c.id == sa.bindparam("match_id"), _TABLE.c.status != MatchStatus.DECIDED)
    .values(
        {name: sa.bindparam(name) for name in (*_COMPARED, "result", "renewed_at", "status", "closed_reason")}
    )
)


def _stored(side: sa.ColumnElement[bool]) -> sa.Select[Any]:
    columns = [_TABLE.c[name] for name in ("id", "opening_id", "card_id", "status", *_COMPARED)]
    return sa.select(*columns).where(side)


def _differs(row: Any, values: Mapping[str, Any]) -> bool:
    return any(getattr(row, name) != values[name] for name in _COMPARED)


def _values(suggestion: Suggestion, vocabulary: int, at: datetime) -> dict[str, Any]:
    return {
        "sure": suggestion.sure,
        "possible": suggestion.possible,
        "result": suggestion.to_dict(),
        "opening_version": suggestion.opening_version,
        "card_version": suggestion.card_version,
        "vocabulary_version": vocabulary,
        "matcher_version": suggestion.version,
        "renewed_at": at,
        "status": MatchStatus.OPEN,
        "closed_reason": None,
    }


def _insert(fresh: list[Suggestion], vocabulary: int, at: datetime) -> None:
    if not fresh:
        return
    cards = CompetenceCard.__table__
    wanted = {suggestion.card_id for suggestion in fresh}
    homes: dict[int, int] = dict(
        db.session.execute(sa.select(cards.c.id, cards.c.municipality_id).where(cards.c.id.in_(wanted))).all()
    )
    rows = [
        {
            "opening_id": suggestion.opening_id,
            "card_id": suggestion.card_id,
            "municipality_id": homes[suggestion.card_id],
            "suggested_at": at,
            **_values(suggestion, vocabulary, at),
        }
        for suggestion in fresh
    ]
    # The other side of the pair may be renewed at this very moment: whoever is first stores it
    dialect: Any = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    db.session.execute(dialect.insert(_TABLE).on_conflict_do_nothing(), rows)


def _close_left_over(rows: list[Any], found: Collection[Suggestion], at: datetime) -> None:
    fitting = {(suggestion.opening_id, suggestion.card_id) for suggestion in found}
    by_reason: dict[ClosedReason, list[int]] = defaultdict(list)
    for row in rows:
        outranked = (row.opening_id, row.card_id) in fitting
        by_reason[ClosedReason.BETTER_FOUND if outranked else ClosedReason.NO_LONGER_FITS].append(row.id)
    for reason, ids in by_reason.items():
        still_open = sa.and_(_TABLE.c.id.in_(ids), _TABLE.c.status == MatchStatus.OPEN)
        db.session.execute(sa.update(_TABLE).where(still_open).values(**_closed(reason, at)))


def _closed(reason: ClosedReason, at: datetime) -> dict[str, Any]:
    return {"status": MatchStatus.CLOSED, "closed_reason": reason.value, "renewed_at": at}


def _record_closing(opening_id: int | None, card_id: int | None, at: datetime) -> None:
    card = db.session.get(CompetenceCard, card_id) if card_id is not None else None
    subject = card or db.session.get(Opening, opening_id)
    audit.record(
        "matches-closed", subject=subject, by=None, at=at, citizen_id=card.citizen_id if card else None
    )


def _forget_loaded() -> None:
    """The statements above go past the session: what it holds of matches is read again when used."""
    for record in list(db.session.identity_map.values()):
        if isinstance(record, Match):
            db.session.expire(record)
