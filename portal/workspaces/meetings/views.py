"""Pages of meetings: choose cards, or come from a match or a placement, and get one PDF."""

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Response, current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.base.database import MAX_ID
from portal.base.terms import Industry, Language
from portal.loop.assessments.paper import Fact, blank_data, facts_of, sheet_data
from portal.loop.assessments.services import agreed_tasks
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.paper import card_data
from portal.loop.cards.queries import card_for, card_on_paper, cards_among, second_language
from portal.loop.citizens.models import Citizen
from portal.loop.matches.models import Match
from portal.loop.matches.queries import match_for
from portal.loop.openings.models import Opening
from portal.loop.placements.models import Placement
from portal.loop.placements.queries import placement_for
from portal.loop.reviews.models import Review
from portal.loop.reviews.paper import record_data
from portal.loop.reviews.queries import review_of, review_on_record
from portal.loop.reviews.record import record_of
from portal.shared.audit.viewing import record_view
from portal.web.downloads import pdf_response
from portal.web.htmx import render_page
from portal.web.listing import Sorts, fill, read_listing
from portal.web.permissions import Action, requires
from portal.web.whose import Whose, narrower_choices, users_meant
from portal.workspaces.meetings import queries
from portal.workspaces.meetings.forms import OWN_LANGUAGE, PapersForm
from portal.workspaces.meetings.paper import Part, expectation_data, render_papers

bp = Blueprint("meetings", __name__, url_prefix="/meetings")

MOST_CARDS: Final = 40
"""Cards in one file: a day's talks, and what is printed in a few seconds."""

LINES_TO_WRITE: Final = 10
"""Empty lines of an assessment sheet when no place is chosen yet."""

SORTS = Sorts({"name": [Citizen.sort_name, CompetenceCard.id]}, default="name")


@bp.get("/")
@requires(Action.PREPARE_MEETING)
def index() -> Response:
    """Cards to tick. One form holds search, pages, ticks and choices, so that nothing ticked is lost on the way."""
    return _choose_page(_sent() if request.args else PapersForm(formdata=None))


def _choose_page(form: PapersForm, *, refusal: str = "", status: int = 200) -> Response:
    listing = read_listing(SORTS, filters=("whose",))
    owners = users_meant(current_user, listing.filters["whose"] or Whose.ALL, clock.today())
    statement = queries.cards_to_choose(current_user, words=listing.q, owners=owners)
    fill(listing, statement, SORTS)
    ticked = _ticked()
    shown = {card.id for card in listing.items}
    elsewhere = cards_among(current_user, [number for number in ticked if number not in shown])
    record_view(
        "citizens-listed",
        current_user.municipality,
        citizen_id=None,
        purpose=_("Papirer til et møde"),
        people=(card.citizen_id for card in [*listing.items, *elsewhere]),
    )
    return render_page(
        "meetings/index.html",
        fragment="meeting_cards",
        status=status,
        listing=listing,
        whose=narrower_choices(current_user, _l("Mine borgere"), _l("Mit teams borgere")),
        ticked=ticked,
        elsewhere=elsewhere,
        form=form,
        refusal=refusal,
        most=MOST_CARDS,
    )


def _ticked() -> list[int]:
    """The cards of the address, each once; what is no key is left out."""
    sent = (text for text in request.args.getlist("card") if text.isascii() and text.isdigit())
    return list(dict.fromkeys(number for text in sent if len(text) <= 10 and (number := int(text)) <= MAX_ID))


def _sent() -> PapersForm:
    return PapersForm(request.args, meta={"csrf": False})


@bp.get("/cards/print")
@requires(Action.PREPARE_MEETING)
def print_cards() -> Response:
    form, numbers = _sent(), _ticked()
    if not form.validate():
        return _choose_page(form, status=422)
    if not numbers:
        return _choose_page(form, refusal=_("Sæt kryds ved mindst ét kort."), status=422)
    if len(numbers) > MOST_CARDS:
        words = _(
            "Du har valgt %(number)s kort. Vælg højst %(most)s ad gangen.",
            number=len(numbers),
            most=MOST_CARDS,
        )
        return _choose_page(form, refusal=words, status=422)
    cards = cards_among(current_user, numbers)
    if not cards:
        return _choose_page(form, refusal=_("Kortene findes ikke mere."), status=422)
    parts = []
    for card in cards:
        facts = [_citizen(card), (_("Arbejdsplads"), ""), (_("Plads"), ""), (_("Periode"), "")]
        parts += [_card(card, form), *_sheets(form, facts, [""] * LINES_TO_WRITE)]
    return _papers(parts)


@bp.get("/match/<int:match_id>")
@requires(Action.PREPARE_MEETING)
def for_match(match_id: int) -> Response:
    return _match_page(match_for(current_user, match_id), PapersForm(formdata=None))


def _match_page(match: Match, form: PapersForm, *, status: int = 200) -> Response:
    return _pack_page(
        card_for(current_user, match.card_id),
        match.opening,
        print_url=url_for("meetings.print_match", match_id=match.id),
        trail=[
            (_("Forslag"), url_for("reviews.queue")),
            (match.card.number, url_for("reviews.detail", match_id=match.id)),
        ],
        has_record=review_of(match) is not None,
        form=form,
        status=status,
    )


@bp.get("/match/<int:match_id>/print")
@requires(Action.PREPARE_MEETING)
def print_match(match_id: int) -> Response:
    match = match_for(current_user, match_id)
    form = _sent()
    if not form.validate():
        return _match_page(match, form, status=422)
    card = card_for(current_user, match.card_id)
    return _papers(
        [
            _card(card, form),
            *_record(form, review_of(match)),
            *_sheets(form, _facts_of_match(match, card), _tasks(match.opening)),
        ]
    )


@bp.get("/placement/<int:placement_id>")
@requires(Action.PREPARE_MEETING)
def for_placement(placement_id: int) -> Response:
    return _placement_page(placement_for(current_user, placement_id), PapersForm(formdata=None))


def _placement_page(placement: Placement, form: PapersForm, *, status: int = 200) -> Response:
    return _pack_page(
        card_for(current_user, placement.card_id),
        placement.opening,
        print_url=url_for("meetings.print_placement", placement_id=placement.id),
        trail=[
            (_("Forløb"), url_for("placements.index")),
            (placement.opening.title, url_for("placements.detail", placement_id=placement.id)),
        ],
        has_record=True,
        form=form,
        status=status,
    )


@bp.get("/placement/<int:placement_id>/print")
@requires(Action.PREPARE_MEETING)
def print_placement(placement_id: int) -> Response:
    placement = placement_for(current_user, placement_id)
    form = _sent()
    if not form.validate():
        return _placement_page(placement, form, status=422)
    facts, tasks = facts_of(placement), _tasks(placement.opening)
    return _papers(
        [
            _card(card_for(current_user, placement.card_id), form),
            *_record(form, placement.review),
            *_sheets(form, facts, tasks, placement),
        ]
    )


def _pack_page(  # noqa: PLR0913 - what the page says, each its own
    card: CompetenceCard,
    opening: Opening,
    *,
    print_url: str,
    trail: list[tuple[str, str]],
    has_record: bool,
    form: PapersForm,
    status: int,
) -> Response:
    _look(card, "card-read")
    return render_page(
        "meetings/pack.html",
        fragment="content",
        status=status,
        card=card,
        opening=opening,
        form=form,
        print_url=print_url,
        trail=trail,
        has_record=has_record,
    )


def _look(card: CompetenceCard, action: str) -> None:
    record_view(action, card, citizen_id=card.citizen_id, purpose=_("Papirer til et møde"))


# --- The parts ----------------------------------------------------------------------------------------------


def _card(card: CompetenceCard, form: PapersForm) -> Part:
    """The card, in the language chosen for all or in each citizen's own; the citizen can see that it was printed."""
    _look(card, "card-printed")
    trade = Industry(form.words.data) if form.words.data else None
    language = card.citizen.language
    if form.language.data != OWN_LANGUAGE:
        language = Language(form.language.data) if form.language.data else None
    only_reviewed = not current_app.config["PRINT_UNREVIEWED"]
    second = second_language(language, only_reviewed=only_reviewed) if language else None
    url = current_app.config["PORTAL_BASE_URL"] + url_for("cards.detail", card_id=card.id)
    return Part(
        "card", card_data(card_on_paper(card, url=url, printed_on=clock.today(), trade=trade), second)
    )


def _record(form: PapersForm, review: Review | None) -> list[Part]:
    """Nothing before the match is decided: then there is no record."""
    if not form.record.data or review is None:
        return []
    whole = review_on_record(current_user, review.id)
    return [Part("note", record_data(record_of(whole), unit=current_user.unit_name, on=clock.today()))]


def _sheets(
    form: PapersForm, facts: Sequence[Fact], tasks: Sequence[str], placement: Placement | None = None
) -> list[Part]:
    """Blank sheets; the assessment of a running placement is the open one with its codes, if there is one."""
    parts = []
    if form.expectations.data:
        parts.append(Part("expectations", expectation_data(facts)))
    if form.assessment.data:
        sheet = queries.open_sheet_of(placement) if placement else None
        today = clock.today()
        content = sheet_data(sheet, printed_on=today) if sheet else blank_data(tasks, facts, printed_on=today)
        parts.append(Part("assessment", content))
    return parts


def _tasks(opening: Opening) -> list[str]:
    return [text for text, _skill_id in agreed_tasks(opening)]


def _citizen(card: CompetenceCard) -> Fact:
    return (_("Borger"), f"{card.citizen.first_name} ({card.number})")


def _facts_of_match(match: Match, card: CompetenceCard) -> list[Fact]:
    opening = match.opening
    return [
        _citizen(card),
        (_("Arbejdsplads"), f"{opening.workplace.name}, {opening.employer.name}"),
        (_("Plads"), f"{opening.title}, {opening.form.label}"),
        (_("Periode"), ""),
    ]


def _papers(parts: Sequence[Part]) -> Response:
    return pdf_response("moede", render_papers(parts, unit=current_user.unit_name, on=clock.today()))
