"""Pages of matches: the suggestions of one opening, of one card, and what nearly fits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa
from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock, events
from portal.base.alphabet import alphabetical
from portal.base.database import transaction
from portal.base.errors import DomainError, StaleVersion
from portal.base.terms import Industry
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.queries import card_as_read, card_for
from portal.loop.cards.services import NotOnCards
from portal.loop.cards.wording import wishes_text
from portal.loop.matches import answering, nearby, queries, sentences, unmatched
from portal.loop.matches.forms import TASK, AnswerForm, answer_form, asked_of
from portal.loop.matches.loosening import GOOD, Side, gains, step_of, unmet
from portal.loop.matches.models import GivenAnswer, Match, MatchStatus, Outlook
from portal.loop.openings.findings import RatioRoom, RuleContext, rooms, rule_context_of
from portal.loop.openings.models import Opening
from portal.loop.openings.queries import opening_for
from portal.matching import Suggestion
from portal.shared.audit.viewing import record_view
from portal.shared.rules.findings import Finding
from portal.shared.rules.law.ratio import RULE as RATIO_RULE
from portal.shared.skills.queries import book
from portal.web.htmx import render_page
from portal.web.listing import (
    Listing,
    Sorts,
    all_rows,
    clean_text,
    fill,
    read_listing,
    table_file,
    wanted_rows,
    wants_file,
)
from portal.web.permissions import Action, requires

bp = Blueprint("matches", __name__, url_prefix="/matches")

SORTS: Final = Sorts(
    {"score": Match.standing(), "newest": [Match.suggested_at, Match.id]},
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


_FORGOTTEN_OPENING_COLUMNS: Final = [
    (_l("Åbning"), lambda row: row.Opening.title),
    (_l("Virksomhed"), lambda row: row.Opening.employer.name),
    (_l("Fag"), lambda row: row.Opening.industry.label),
]
_FORGOTTEN_CARD_COLUMNS: Final = [
    (_l("Kort"), lambda row: row.CompetenceCard.number),
    (_l("Ønsker"), lambda row: wishes_text(row.CompetenceCard)),
]


def _unmatched_columns(side: Side, best: dict[int, float]) -> list[Any]:
    """Name the columns that both lists of the unmatched have in a file."""
    own = _FORGOTTEN_OPENING_COLUMNS if side is Side.OPENING else _FORGOTTEN_CARD_COLUMNS
    return [
        *own,
        (_l("Har ventet siden"), lambda row: row.waiting_since),
        (_l("Bedste forslag, mindst"), lambda row: round(best[row[0].id]) if row[0].id in best else None),
        (_l("Hjælper mest"), lambda row: sentences.step_text(row.Outlook.step, side) if row.Outlook else ""),
        (_l("Giver"), lambda row: row.Outlook.found if row.Outlook else 0),
        (_l("Heraf gode match"), lambda row: row.Outlook.good if row.Outlook else 0),
    ]


_GAIN: Final = sa.func.coalesce(Outlook.good, -1), sa.func.coalesce(Outlook.found, -1)
FORGOTTEN_OPENING_SORTS: Final = Sorts(
    {
        "waiting": [unmatched.WAITING, Opening.id],
        "gain": [*_GAIN, Opening.id],
        "title": [alphabetical(Opening.title), Opening.id],
    },
    default="waiting",
)
FORGOTTEN_CARD_SORTS: Final = Sorts(
    {
        "waiting": [unmatched.WAITING, CompetenceCard.id],
        "gain": [*_GAIN, CompetenceCard.id],
        "number": [CompetenceCard.id],
    },
    default="waiting",
)


@dataclass(frozen=True)
class Shown:
    """A suggestion as a page shows it: read once, with the form of its question and the last answer."""

    match: Match
    found: Suggestion
    form: AnswerForm | None
    last: GivenAnswer | None
    room: RatioRoom | None = None
    """Whether the ratio has room for one more there; None: the form is not counted."""
    stops: Sequence[Finding] = ()
    """What the rules would stop a decision for, besides the ratio, which `room` says."""
    problem: str | None = None

    @property
    def may_edit_opening(self) -> bool:
        """A neighbour's opening is not the reader's to change."""
        return bool(self.match.opening.municipality_id == current_user.municipality_id)


def shown(matches: Iterable[Match], *, known: RuleContext | None = None) -> list[Shown]:
    """What pages need beside the matches themselves, in a few statements for all of them."""
    listed = list(matches)
    last = queries.last_answers([match.id for match in listed])
    waiting = [match for match in listed if match.awaits_review]
    openings, today = [match.opening for match in waiting], clock.today()
    if waiting and known is None:
        known = rule_context_of(openings, on=today)
    room = rooms(openings, current_user.municipality_id, on=today, known=known)
    stops = events.stops_of_matches(waiting, on=today, known=known) if waiting else {}
    return [
        _shown(match, last.get(match.id), room.get(match.opening_id), stops.get(match.id, ()))
        for match in listed
    ]


def _shown(
    match: Match,
    last: GivenAnswer | None,
    room: RatioRoom | None = None,
    stops: Sequence[Finding] = (),
) -> Shown:
    found = sentences.read(match.result)
    askable = match.awaits_review and found.question and not sentences.on_opening(found)
    form = answer_form(match, asked_of(found.question)) if askable and found.question else None
    return Shown(match, found, form, last, room, [one for one in stops if one.rule != RATIO_RULE])


@bp.get("/opening/<int:opening_id>")
@requires(Action.READ_MATCHES)
def for_opening(opening_id: int) -> Response:
    opening = opening_for(current_user, opening_id, on=clock.today())
    listing = read_listing(SORTS, filters=("status",))
    statement = _of_status(queries.matches_of_opening(current_user, opening.id), listing)
    rows = wanted_rows(listing, statement, SORTS)
    _look_at_list(opening, _("Forslag til en åbning"), people=_people_of(rows))
    if wants_file():
        return table_file("forslag", _CSV_COLUMNS, rows)
    return render_page(
        "matches/for_opening.html",
        fragment="match_list",
        opening=opening,
        listing=listing,
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
    rows = wanted_rows(listing, statement, SORTS)
    _look_at_list(card, _("Forslag til et kort"), citizen_id=card.citizen_id)
    if wants_file():
        return table_file("forslag", _CSV_COLUMNS, rows)
    return render_page(
        "matches/for_card.html",
        fragment="match_list",
        card=card,
        listing=listing,
        shown=shown(listing.items),
        sentences=sentences,
        statuses=MatchStatus.choices(),
    )


@bp.get("/opening/<int:opening_id>/best")
@requires(Action.READ_MATCHES)
def best_for_opening(opening_id: int) -> Response:
    """The first few, which the opening's page takes in."""
    opening = opening_for(current_user, opening_id, on=clock.today())
    waiting = _waiting(queries.matches_of_opening(current_user, opening.id))
    best = queries.best(waiting)
    _look_at_list(opening, _("Forslag til en åbning"), people=_people_of(best))
    return _best_page(
        best,
        queries.how_many(waiting),
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
    waiting = _waiting(queries.matches_of_card(current_user, card.id))
    return _best_page(
        queries.best(waiting),
        queries.how_many(waiting),
        side="opening",
        title=_("De bedste forslag til kort %(number)s", number=card.number),
        trail=[
            (_("Borgere"), url_for("citizens.index")),
            (_("Kort %(number)s", number=card.number), url_for("cards.detail", card_id=card.id)),
            (_("De bedste forslag"), None),
        ],
        url_all=url_for("matches.for_card", card_id=card.id),
        url_near=url_for("matches.near_openings", card_id=card.id),
    )


def _waiting(statement: sa.Select[Match]) -> sa.Select[Match]:
    return statement.where(Match.status == MatchStatus.OPEN)


def _best_page(best: Sequence[Match], total: int, **context: Any) -> Response:
    return render_page(
        "matches/best.html",
        fragment="best_matches",
        shown=shown(best),
        total=total,
        sentences=sentences,
        **context,
    )


def _look_at_list(
    subject: Any, purpose: str, *, citizen_id: int | None = None, people: Iterable[int] = ()
) -> None:
    record_view("matches-listed", subject, citizen_id=citizen_id, purpose=purpose, people=people)


def _people_of(matches: Iterable[Match]) -> set[int]:
    return {match.card.citizen_id for match in matches}


@bp.get("/opening/<int:opening_id>/near-misses")
@requires(Action.READ_MATCHES)
def near_misses(opening_id: int) -> Response:
    """What giving way by one step would bring the opening: worked out for the reader, never stored."""
    opening = opening_for(current_user, opening_id, on=clock.today())
    near = nearby.near_cards(opening, current_user.municipality_id, on=clock.today())
    steps, further = gains(near, Side.OPENING), _further(near, Side.OPENING)
    listed = [*further, *(one for gain in steps for one in gain.found[:MOST_IN_A_GAIN])]
    cards = nearby.cards_among([one.card_id for one in listed])
    people = (card.citizen_id for card in cards.values())
    _look_at_list(opening, _("Næsten-forslag til en åbning"), people=people)
    return render_page(
        "matches/near_misses.html",
        fragment="near_miss_list",
        opening=opening,
        gains=steps,
        further=further,
        numbers={card_id: card.number for card_id, card in cards.items()},
        side=Side.OPENING,
        most=MOST_IN_A_GAIN,
        sentences=sentences,
    )


@bp.get("/card/<int:card_id>/near-misses")
@requires(Action.READ_MATCHES)
def near_openings(card_id: int) -> Response:
    """What giving way by one step would bring the card."""
    card = card_for(current_user, card_id)
    words, today = book(), clock.today()
    openings = nearby.nearest_openings(card, words.relations, on=today)
    near = nearby.near_openings(card, card_as_read(card, words, on=today), openings, words.relations)
    _look_at_list(card, _("Næsten-forslag til et kort"), citizen_id=card.citizen_id)
    return render_page(
        "matches/near_openings.html",
        fragment="near_opening_list",
        card=card,
        gains=gains(near, Side.CARD),
        further=_further(near, Side.CARD),
        openings={opening.id: opening for opening in openings},
        side=Side.CARD,
        most=MOST_IN_A_GAIN,
        sentences=sentences,
    )


MOST_IN_A_GAIN: Final = 25
"""Pairs shown behind a step; the count says how many there are."""


def _further(near: list[Suggestion], side: Side) -> list[Suggestion]:
    """Those that one step does not bring together."""
    return [one for one in near if step_of(unmet(one), side) is None][:MOST_IN_A_GAIN]


# --- The unmatched -------------------------------------------------------------------------------------------


@bp.get("/unmatched/openings")
@requires(Action.READ_MATCHES)
def unmatched_openings() -> Response:
    """Open places without a good match."""
    listing = read_listing(FORGOTTEN_OPENING_SORTS, filters=("industry",))
    statement = unmatched.unmatched_openings(
        current_user,
        at=clock.now(),
        today=clock.today(),
        words=listing.q,
        industry=listing.filters["industry"],
    )
    if wants_file():
        rows = all_rows(listing, statement, FORGOTTEN_OPENING_SORTS)
        best = unmatched.best_open(current_user, Match.opening_id)
        return table_file("aabninger-uden-match", _unmatched_columns(Side.OPENING, best), rows)
    fill(listing, statement, FORGOTTEN_OPENING_SORTS)
    return render_page(
        "matches/unmatched_openings.html",
        fragment="unmatched_opening_list",
        listing=listing,
        best=unmatched.best_open(current_user, Match.opening_id, [row[0].id for row in listing.items]),
        side=Side.OPENING,
        today=clock.today(),
        sentences=sentences,
        industries=Industry.choices(),
        good=GOOD,
    )


@bp.get("/unmatched/cards")
@requires(Action.READ_MATCHES)
def unmatched_cards() -> Response:
    """Active citizens, by card number, without a good match."""
    listing = read_listing(FORGOTTEN_CARD_SORTS, filters=("industry",))
    cards = unmatched.narrowed_cards(
        current_user, at=clock.now(), words=listing.q, industry=listing.filters["industry"]
    )
    statement = unmatched.unmatched_cards(current_user, cards)
    rows = wanted_rows(listing, statement, FORGOTTEN_CARD_SORTS, counted=cards)
    people = (row.CompetenceCard.citizen_id for row in rows)
    _look_at_list(current_user.municipality, _("Borgere uden et godt match"), people=people)
    if wants_file():
        best = unmatched.best_open(current_user, Match.card_id)
        return table_file("borgere-uden-match", _unmatched_columns(Side.CARD, best), rows)
    return render_page(
        "matches/unmatched_cards.html",
        fragment="unmatched_card_list",
        listing=listing,
        best=unmatched.best_open(current_user, Match.card_id, [row[0].id for row in listing.items]),
        side=Side.CARD,
        today=clock.today(),
        sentences=sentences,
        industries=Industry.choices(),
        good=GOOD,
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
    record_view("match-read", match, citizen_id=match.card.citizen_id, purpose=_("Spørgsmål til et forslag"))
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
        kept=_the_desks_list(),
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
        form.accept_version(match.card.version)
        return _suggestion_page(match, form=form, problem=stale, status=409)
    except (answering.QuestionGone, NotOnCards) as refused:
        return _suggestion_page(match, problem=refused, status=409)
    flash(_what_it_did(given, was), "success")
    return _back(match_id)


def _give(match: Match, asked: str, form: AnswerForm) -> GivenAnswer:
    kind, _colon, key = asked.partition(":")
    seen, at = form.seen_version, clock.now()
    if kind == TASK:
        return answering.answer_task(
            match, int(key), **form.said(), seen_version=seen, by=current_user, at=at
        )
    return answering.answer_condition(match, key, form.said(), seen_version=seen, by=current_user, at=at)


def _what_it_did(given: GivenAnswer, was: str) -> str:
    match = given.match
    if match.awaits_review:
        now = sentences.interval(match.sure, match.possible)
        if now == was:
            return _("Svaret er på kortet. Forslaget holder: %(now)s.", now=now)
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


ON_THE_DESK: Final = ("tab", "whose", "industry", "form", "question", "q", "sort", "dir", "page")
"""What an address of the review's desk carries: the list that the match was chosen from."""


def _whose_page() -> str:
    return "review" if request.args.get("on") == "review" else ""


def _back(match_id: int) -> Any:
    """The review's page shows all that follows from an answer; elsewhere only the suggestion changes."""
    if not _whose_page():
        return redirect(url_for("matches.suggestion", match_id=match_id), 303)
    return redirect(url_for("reviews.detail", match_id=match_id, **_the_desks_list()), 303)


def _the_desks_list() -> dict[str, Any]:
    return {name: words for name, words in request.args.items() if name in ON_THE_DESK}
