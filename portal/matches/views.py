"""Pages of matches: the suggestions of one opening, of one card, and what nearly fits."""

from typing import Final

import sqlalchemy as sa
from flask import Blueprint, Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal import clock
from portal.audit import services as audit
from portal.cards.queries import card_for
from portal.htmx import render_page
from portal.listing import Listing, Sorts, all_rows, csv_response, fill, read_listing, wants_csv
from portal.matches import queries, sentences
from portal.matches.models import Match, MatchStatus
from portal.openings.queries import opening_for
from portal.permissions import Action, requires

bp = Blueprint("matches", __name__, url_prefix="/matches")

SORTS: Final = Sorts(
    {"score": [Match.sure, Match.possible, Match.id], "newest": [Match.suggested_at, Match.id]},
    default="score",
    descending=True,
)
_CSV_COLUMNS: Final = [
    (_l("Åbning"), lambda match: match.opening.title),
    (_l("Virksomhed"), lambda match: match.opening.employer.name),
    (_l("Kort"), lambda match: match.card.number),
    (_l("Mindst"), lambda match: round(match.sure)),
    (_l("Højst"), lambda match: round(match.possible)),
    (_l("Status"), lambda match: match.status.label),
    (_l("Hvorfor"), lambda match: " ".join(sentences.first_reasons(match.result))),
    (_l("Spørgsmål"), lambda match: sentences.question(match.result)),
    (_l("Foreslået"), lambda match: match.suggested_at),
]


@bp.get("/opening/<int:opening_id>")
@requires(Action.READ_MATCHES)
def for_opening(opening_id: int) -> Response:
    opening = opening_for(current_user, opening_id)
    listing = read_listing(SORTS, filters=("status",))
    statement = _of_status(queries.matches_of_opening(current_user, opening.id), listing)
    audit.look(
        "matches-listed",
        subject=opening,
        by=current_user,
        at=clock.now(),
        citizen_id=None,
        purpose=_("Forslag til en åbning"),
    )
    if wants_csv():
        return csv_response("forslag", _CSV_COLUMNS, all_rows(listing, statement, SORTS))
    return render_page(
        "matches/for_opening.html",
        fragment="match_list",
        opening=opening,
        listing=fill(listing, statement, SORTS),
        elsewhere=queries.open_elsewhere(opening.id, current_user.municipality_id),
        sentences=sentences,
        statuses=MatchStatus.choices(),
    )


@bp.get("/card/<int:card_id>")
@requires(Action.READ_MATCHES)
def for_card(card_id: int) -> Response:
    card = card_for(current_user, card_id)
    listing = read_listing(SORTS, filters=("status",))
    statement = _of_status(queries.matches_of_card(current_user, card.id), listing)
    audit.look(
        "matches-listed",
        subject=card,
        by=current_user,
        at=clock.now(),
        citizen_id=card.citizen_id,
        purpose=_("Forslag til et kort"),
    )
    if wants_csv():
        return csv_response("forslag", _CSV_COLUMNS, all_rows(listing, statement, SORTS))
    return render_page(
        "matches/for_card.html",
        fragment="match_list",
        card=card,
        listing=fill(listing, statement, SORTS),
        sentences=sentences,
        statuses=MatchStatus.choices(),
    )


@bp.get("/opening/<int:opening_id>/near-misses")
@requires(Action.READ_MATCHES)
def near_misses(opening_id: int) -> Response:
    """Cards that exactly one hard condition keeps out: worked out for the reader, never stored."""
    opening = opening_for(current_user, opening_id)
    found = queries.near_misses(current_user, opening, on=clock.today())
    audit.look(
        "matches-listed",
        subject=opening,
        by=current_user,
        at=clock.now(),
        citizen_id=None,
        purpose=_("Næsten-forslag til en åbning"),
    )
    return render_page(
        "matches/near_misses.html",
        fragment="near_miss_list",
        opening=opening,
        found=found,
        sentences=sentences,
    )


def _of_status(statement: sa.Select[Match], listing: Listing) -> sa.Select[Match]:
    """The status filtered by; what waits, when nothing is chosen. An unknown one finds nothing."""
    wanted = listing.filters["status"] or MatchStatus.OPEN.value
    known = wanted in set(MatchStatus)
    return statement.where(Match.status == MatchStatus(wanted) if known else sa.false())
