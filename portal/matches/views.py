"""Pages of matches: the suggestions of one opening, of one card, and what nearly fits."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa
from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal import clock
from portal.audit import services as audit
from portal.cards.queries import card_for
from portal.cards.services import ConditionOfOpening
from portal.database import transaction
from portal.errors import DomainError, StaleVersion
from portal.htmx import render_page
from portal.listing import Listing, Sorts, all_rows, clean_text, csv_response, fill, read_listing, wants_csv
from portal.matches import answering, queries, sentences
from portal.matches.forms import TASK, AnswerForm, answer_form, asked_of
from portal.matches.models import GivenAnswer, Match, MatchStatus
from portal.matching import Suggestion
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


@dataclass(frozen=True)
class Shown:
    """A suggestion as a page shows it: read once, with the form of its question and the last answer."""

    match: Match
    found: Suggestion
    form: AnswerForm | None
    last: GivenAnswer | None
    problem: str | None = None

    @property
    def may_edit_opening(self) -> bool:
        """A neighbour's opening is not the reader's to change."""
        return bool(self.match.opening.municipality_id == current_user.municipality_id)


def shown(matches: Iterable[Match]) -> list[Shown]:
    """What pages need beside the matches themselves, in one statement for all of them."""
    listed = list(matches)
    last = queries.last_answers([match.id for match in listed])
    return [_shown(match, last.get(match.id)) for match in listed]


def _shown(match: Match, last: GivenAnswer | None) -> Shown:
    found = sentences.read(match.result)
    askable = match.awaits_review and found.question and not sentences.on_opening(found)
    form = answer_form(match, asked_of(found.question)) if askable and found.question else None
    return Shown(match, found, form, last)


@bp.get("/opening/<int:opening_id>")
@requires(Action.READ_MATCHES)
def for_opening(opening_id: int) -> Response:
    opening = opening_for(current_user, opening_id)
    listing = read_listing(SORTS, filters=("status",))
    statement = _of_status(queries.matches_of_opening(current_user, opening.id), listing)
    _look_at_list(opening, _("Forslag til en åbning"))
    if wants_csv():
        return csv_response("forslag", _CSV_COLUMNS, all_rows(listing, statement, SORTS))
    return render_page(
        "matches/for_opening.html",
        fragment="match_list",
        opening=opening,
        listing=fill(listing, statement, SORTS),
        shown=shown(listing.items),
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
    _look_at_list(card, _("Forslag til et kort"), citizen_id=card.citizen_id)
    if wants_csv():
        return csv_response("forslag", _CSV_COLUMNS, all_rows(listing, statement, SORTS))
    return render_page(
        "matches/for_card.html",
        fragment="match_list",
        card=card,
        listing=fill(listing, statement, SORTS),
        shown=shown(listing.items),
        sentences=sentences,
        statuses=MatchStatus.choices(),
    )


@bp.get("/opening/<int:opening_id>/best")
@requires(Action.READ_MATCHES)
def best_for_opening(opening_id: int) -> Response:
    """The first few, which the opening's page takes in."""
    opening = opening_for(current_user, opening_id)
    _look_at_list(opening, _("Forslag til en åbning"))
    return _best_page(
        queries.matches_of_opening(current_user, opening.id),
        side="card",
        title=_("De bedste forslag til %(title)s", title=opening.title),
        trail=[
            (_("Åbninger"), url_for("openings.index")),
            (opening.title, url_for("openings.detail", opening_id=opening.id)),
            (_("De bedste forslag"), None),
        ],
        url_all=url_for("matches.for_opening", opening_id=opening.id),
        url_near=url_for("matches.near_misses", opening_id=opening.id),
    )


@bp.get("/card/<int:card_id>/best")
@requires(Action.READ_MATCHES)
def best_for_card(card_id: int) -> Response:
    """The first few, which the card's page takes in."""
    card = card_for(current_user, card_id)
    _look_at_list(card, _("Forslag til et kort"), citizen_id=card.citizen_id)
    return _best_page(
        queries.matches_of_card(current_user, card.id),
        side="opening",
        title=_("De bedste forslag til kort %(number)s", number=card.number),
        trail=[
            (_("Borgere"), url_for("citizens.index")),
            (_("Kort %(number)s", number=card.number), url_for("cards.detail", card_id=card.id)),
            (_("De bedste forslag"), None),
        ],
        url_all=url_for("matches.for_card", card_id=card.id),
        url_near=None,
    )


def _best_page(statement: sa.Select[Match], **context: Any) -> Response:
    waiting = statement.where(Match.status == MatchStatus.OPEN)
    return render_page(
        "matches/best.html",
        fragment="best_matches",
        shown=shown(queries.best(waiting)),
        total=queries.how_many(waiting),
        sentences=sentences,
        **context,
    )


def _look_at_list(subject: Any, purpose: str, *, citizen_id: int | None = None) -> None:
    audit.look(
        "matches-listed",
        subject=subject,
        by=current_user,
        at=clock.now(),
        citizen_id=citizen_id,
        purpose=purpose,
    )


@bp.get("/opening/<int:opening_id>/near-misses")
@requires(Action.READ_MATCHES)
def near_misses(opening_id: int) -> Response:
    """Cards that exactly one hard condition keeps out: worked out for the reader, never stored."""
    opening = opening_for(current_user, opening_id)
    found = queries.near_misses(current_user, opening, on=clock.today())
    _look_at_list(opening, _("Næsten-forslag til en åbning"))
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


# --- One suggestion and its question -------------------------------------------------------------------------


@bp.get("/<int:match_id>")
@requires(Action.READ_MATCHES)
def suggestion(match_id: int) -> Response:
    """One suggestion with its question; lists put the same part in their rows."""
    return _suggestion_page(queries.match_for(current_user, match_id))


def _suggestion_page(
    match: Match, *, form: AnswerForm | None = None, problem: DomainError | None = None, status: int = 200
) -> Response:
    audit.look(
        "match-read",
        subject=match,
        by=current_user,
        at=clock.now(),
        citizen_id=match.card.citizen_id,
        purpose=_("Spørgsmål til et forslag"),
    )
    [one] = shown([match])
    if form is not None:
        one = replace(one, form=form)
    response = render_page(
        "matches/suggestion.html",
        fragment="suggestion",
        status=status,
        one=replace(one, problem=str(problem.message) if problem else None),
        sentences=sentences,
        on=_whose_page(),
    )
    if status != 200:  # the review's page puts a good answer elsewhere: in place of all of it
        response.headers["HX-Retarget"] = f"#suggestion-{match.id}"
    return response


@bp.post("/<int:match_id>/answer")
@requires(Action.ANSWER_QUESTION)
def answer(match_id: int) -> Any:
    match = queries.match_for(current_user, match_id)
    asked = clean_text(request.form.get(f"answer-{match.id}-asked"))
    try:
        form = answer_form(match, asked, sent=True)
    except KeyError:
        return _suggestion_page(match, status=422)
    if not form.validate():
        return _suggestion_page(match, form=form, status=422)
    was = sentences.interval(match.sure, match.possible)
    try:
        with transaction():
            given = _give(match, asked, form)
    except StaleVersion as stale:
        form.version.raw_data, form.version.data = None, match.card.version
        return _suggestion_page(match, form=form, problem=stale, status=409)
    except (answering.QuestionGone, ConditionOfOpening) as refused:
        return _suggestion_page(match, problem=refused, status=409)
    flash(_what_it_did(given, was), "success")
    return _back(match_id)


def _give(match: Match, asked: str, form: AnswerForm) -> GivenAnswer:
    kind, _colon, key = asked.partition(":")
    seen, at = form.version.data, clock.now()
    if kind == TASK:
        return answering.answer_task(
            match, int(key), **form.said(), seen_version=seen, by=current_user, at=at
        )
    return answering.answer_condition(match, key, form.said(), seen_version=seen, by=current_user, at=at)


def _what_it_did(given: GivenAnswer, was: str) -> str:
    match = given.match
    if match.awaits_review:
        now = sentences.interval(match.sure, match.possible)
        return _("Svaret er på kortet. Før %(was)s, nu %(now)s.", was=was, now=now)
    return _("Svaret er på kortet. Passer ikke længere: %(why)s.", why=_why_closed(given))


def _why_closed(given: GivenAnswer) -> str:
    closed_because = given.match.closed_because
    return sentences.why_closed(given.condition, given.subject, given.after, closed_because)


@bp.post("/<int:match_id>/take-back")
@requires(Action.ANSWER_QUESTION)
def take_back(match_id: int) -> Any:
    match = queries.match_for(current_user, match_id)
    with transaction():
        answering.take_back(match, by=current_user, at=clock.now())
    flash(_("Svaret er fortrudt. Kortet siger det samme som før."), "success")
    return _back(match_id)


def _whose_page() -> str:
    return "review" if request.args.get("on") == "review" else ""


def _back(match_id: int) -> Any:
    """The review's page shows all that follows from an answer; elsewhere only the suggestion changes."""
    endpoint = "reviews.detail" if _whose_page() else "matches.suggestion"
    return redirect(url_for(endpoint, match_id=match_id), 303)
