"""The citizen's own page, the door to it from her paper, and the files with all that is stored about her."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import TooManyAttempts
from portal.base.terms import Language, Party
from portal.interventions.target_groups import queries as situations
from portal.loop.cards import queries as cards
from portal.loop.cards.fields import lines_in_her_language
from portal.loop.cards.translator import Translator, kept_language, translator_for
from portal.loop.citizens import queries as citizens
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.services import choose_language
from portal.loop.openings.queries import may_be_suggested
from portal.loop.reviews.models import Answer
from portal.loop.reviews.queries import planned_among, proposals_to_citizen
from portal.shared.accounts import signing_in
from portal.shared.accounts.forms import LoginCodeForm
from portal.shared.accounts.login_pages import signed_in_with, typed_meanwhile
from portal.shared.accounts.models import User
from portal.shared.audit.viewing import record_view
from portal.web import error_pages
from portal.web.downloads import download
from portal.web.htmx import render_page
from portal.web.links import LinkExpired, LinkPurpose, opened_by
from portal.web.permissions import Action, Scope, requires
from portal.web.reading import let_visitor_read
from portal.web.rooms import Beside, rooms
from portal.workspaces.consents import queries as consents
from portal.workspaces.consents.models import ConsentState
from portal.workspaces.mine import queries
from portal.workspaces.mine.export import FILES, FileKind
from portal.workspaces.mine.forms import LanguageForm
from portal.workspaces.mine.reasons import reasons

bp = Blueprint("mine", __name__, url_prefix="/mine")


@bp.get("/")
@requires(Action.READ_OWN_PAGE)
def index() -> Response:
    card = cards.own_card(current_user)
    citizen = card.citizen if card is not None else citizens.citizen_of(current_user)
    if card is not None:
        record_view("card-read", card, citizen_id=citizen.id, purpose=_("Arbejde med dit kompetencekort"))
    translator = translator_for(citizen, request.args)
    proposals, today = proposals_to_citizen(current_user), clock.today()
    shown_consents = consents.consents_of(card) if card else []
    state_of = consents.states_on(shown_consents, today)
    return render_page(
        "mine/index.html",
        fragment="content",
        translator=translator,
        here=kept_language(request.args),
        citizen=citizen,
        card=card,
        groups=cards.skill_groups(card) if card else [],
        places=cards.places_tried(card, on=today) if card else [],
        reached=cards.titles_reached(card, on=today)[: cards.TITLES_SHOWN] if card else [],
        conditions=lines_in_her_language(card) if card else [],
        proposals=proposals,
        planned=planned_among(proposals),
        now=clock.now(),
        to_answer=[
            one
            for one in proposals
            if one.citizen_answer is Answer.PENDING and may_be_suggested(one.match.opening, on=today)
        ],
        reasons=reasons,
        answers=Answer,
        consents=shown_consents,
        asked=[one for one in shown_consents if state_of[one.id] is ConsentState.ASKED],
        state_of=state_of,
        opens_in_words=lambda consent: translator.listed(
            translator.say("field", one.value) for one in consent.opens
        ),
        states=ConsentState,
        looks=queries.latest_looks(citizen),
        waiting_for_her=[one for one in proposals if one.lacks_her_words_in or one.lacks_her_yes_in],
        thanks=THANKS.get(request.args.get("said", "")),
        files=FileKind,
        language_form=LanguageForm(formdata=None, data={"language": citizen.language or ""}),
    )


THANKS = {
    "yes": ("page", "thanks_yes"),
    "no": ("page", "thanks_no"),
    "back": ("page", "thanks_back"),
    "withdrawn": ("page", "thanks_withdrawn"),
}
"""The phrase she is told after an answer, by what the address says she did."""


@bp.get("/situation")
@requires(Action.READ_OWN_PAGE)
def situation() -> Response:
    """Which groups she is in, and where the municipality has written that she is."""
    citizen = citizens.citizen_of(current_user)
    return render_page(
        "mine/situation.html",
        fragment="content",
        translator=translator_for(citizen, request.args),
        here=kept_language(request.args),
        citizen=citizen,
        spells=situations.spells_of(citizen.id),
        memberships=situations.memberships_of(citizen.id),
        placings=situations.placings_of(citizen.id),
        arrival=situations.arrival_of(citizen.id),
    )


@bp.get("/efforts")
@requires(Action.READ_OWN_PAGE)
def efforts() -> Response:
    """What is done for her besides the placements: the next time of her group, her course, her way, her mentor."""
    citizen = citizens.citizen_of(current_user)
    return render_page(
        "mine/efforts.html",
        fragment="panels",
        translator=translator_for(citizen, request.args),
        here=kept_language(request.args),
        panels=rooms().shown_beside(Beside.HERS, citizen, current_user, home=citizen.municipality),
        beside=Beside.HERS,
    )


@bp.post("/language")
@requires(Action.READ_OWN_PAGE)
def language() -> Any:
    form = LanguageForm()
    if form.validate():
        with transaction():
            citizen = citizens.citizen_of(current_user)
            choose_language(citizen, form.language.data, by=current_user, at=clock.now())
    return redirect(url_for("mine.index"), 303)


# --- From the paper ----------------------------------------------------------------------------------------


@bp.route("/enter/<token>", methods=["GET", "POST"])
@requires(Action.PUBLIC)
def enter(token: str) -> Any:
    """The page behind the QR code of her paper: it knows her language and nothing else, and asks for the code.

    It is the same without a link: one that is too old leads there, still in her language.
    """
    try:
        (chosen,) = opened_by(LinkPurpose.CODE_PAGE, token)
    except LinkExpired as expired:
        return redirect(url_for("mine.code", language=expired.about[0]), 303)
    return _enter(
        Translator(_language(request.args.get("language", str(chosen)))),
        lambda language: url_for("mine.enter", token=token, language=language),
    )


@bp.route("/code", methods=["GET", "POST"])
@requires(Action.PUBLIC)
def code() -> Any:
    """The same for whoever types the portal's address: the login page has a link in each language."""
    return _enter(
        Translator(_language(request.args.get("language", ""))),
        lambda language: url_for("mine.code", language=language),
    )


def _enter(translator: Translator, page_in: Callable[[str], str]) -> Any:
    let_visitor_read(translator.language)
    form = LoginCodeForm()
    if typed := typed_meanwhile(form):
        return typed
    if request.method != "POST" or "switch" in request.form:
        return _code_page(translator, page_in, form)
    if not form.validate():
        return _code_page(translator, page_in, form, status=422)
    try:
        user = signing_in.user_of_code(form.code.data)
    except TooManyAttempts:
        refusal = translator("page", "too_many_tries")
        return _code_page(translator, page_in, form, status=429, refusal=refusal)
    if user is None:
        refusal = translator("page", "wrong_code")
        return _code_page(translator, page_in, form, status=422, refusal=refusal)
    return signed_in_with(form, user) or redirect(url_for("mine.index"), 303)


def page_to_sign_in_again(user: User, form: LoginCodeForm) -> Response | None:
    """Her login is over, and what she typed is sealed in the form: the page for her code in her language."""
    if user.scope is not Scope.CITIZEN:
        return None
    language = citizens.citizen_of(user).language
    if language is None:
        return None
    translator = Translator(language)
    away = translator("page", "away_and_kept")
    return _code_page(translator, lambda code: url_for("mine.code", language=code), form, away=away)


def _code_page(
    translator: Translator,
    page_in: Callable[[str], str],
    form: LoginCodeForm,
    *,
    status: int = 200,
    refusal: object = None,
    away: object = None,
) -> Response:
    return render_page(
        "mine/enter.html",
        fragment="content",
        status=status,
        page_in=page_in,
        translator=translator,
        form=form,
        refusal=refusal,
        away=away,
        languages=[(one.value, one.direction.value, one.own_name) for one in Language],
    )


def _language(text: str) -> Language | None:
    return Language(text) if text in set(Language) else None


# --- All that is stored about her --------------------------------------------------------------------------


@bp.get("/data/<file_kind>")
@requires(Action.READ_OWN_PAGE)
def data(file_kind: str) -> Response:
    return _file(citizens.citizen_of(current_user), file_kind, reader=Party.CITIZEN)


@bp.get("/data/<file_kind>/of/<int:citizen_id>")
@requires(Action.MANAGE_CITIZENS)
def data_of(file_kind: str, citizen_id: int) -> Response:
    """Handed over by the consultant, at her request."""
    return _file(citizens.citizen_for(current_user, citizen_id), file_kind, reader=Party.CONSULTANT)


def _file(citizen: Citizen, kind: str, *, reader: Party) -> Response:
    if kind not in set(FileKind):
        return error_pages.answer(404)
    record_view(
        "data-exported", citizen, citizen_id=citizen.id, purpose=_("Udlevering af dine oplysninger til dig")
    )
    made = FILES[FileKind(kind)]
    content = made.write(citizen, clock.now(), reader)
    return download(f"alt-om-mig-{citizen.id}.{made.ending}", content, made.mimetype)
