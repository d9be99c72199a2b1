"""The citizen's own page, the door to it from her paper, and the files with all that is stored about her."""

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import TooManyAttempts
from portal.base.terms import Language
from portal.loop.cards import queries as cards
from portal.loop.cards.fields import lines_in_her_language
from portal.loop.citizens import queries as citizens
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.services import choose_language
from portal.loop.openings.queries import may_be_suggested
from portal.loop.reviews.models import Answer
from portal.loop.reviews.queries import planned_among, proposals_to_citizen
from portal.shared.accounts import signing_in
from portal.shared.audit.viewing import record_view
from portal.web import error_pages
from portal.web.downloads import download
from portal.web.htmx import render_page
from portal.web.links import LinkPurpose, opened_by
from portal.web.permissions import Action, requires
from portal.workspaces.consents import queries as consents
from portal.workspaces.consents.models import ConsentState
from portal.workspaces.mine import queries
from portal.workspaces.mine.export import FILES, FileKind
from portal.workspaces.mine.forms import CodeForm, LanguageForm
from portal.workspaces.mine.reasons import reasons
from portal.workspaces.mine.translator import Translator, kept_language, translator_for

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
        open_now={one.id for one in proposals if may_be_suggested(one.match.opening, on=today)},
        reasons=reasons,
        answers=Answer,
        consents=shown_consents,
        state_of=consents.states_on(shown_consents, today),
        opens_in_words=lambda consent: translator.listed(
            translator.say("field", one.value) for one in consent.opens
        ),
        states=ConsentState,
        looks=queries.latest_looks(citizen),
        files=FileKind,
        language_form=LanguageForm(formdata=None, data={"language": citizen.language or ""}),
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
    """The page behind the QR code of her paper: it knows her language and nothing else, and asks for the code."""
    (chosen,) = opened_by(LinkPurpose.CODE_PAGE, token)
    translator = Translator(_language(request.args.get("language", str(chosen))))
    form = CodeForm()
    if request.method == "GET":
        return _code_page(token, translator, form)
    if not form.validate():
        return _code_page(token, translator, form, status=422)
    try:
        user = signing_in.user_of_code(form.code.data)
    except TooManyAttempts as error:
        return _code_page(token, translator, form, status=429, refusal=translator.in_danish(error.message))
    if user is None:
        return _code_page(token, translator, form, status=422, refusal=translator("page", "wrong_code"))
    signing_in.sign_in(user)
    return redirect(url_for("mine.index"), 303)


def _code_page(
    token: str, translator: Translator, form: CodeForm, *, status: int = 200, refusal: object = None
) -> Response:
    return render_page(
        "mine/enter.html",
        fragment="content",
        status=status,
        token=token,
        translator=translator,
        form=form,
        refusal=refusal,
        languages=Language,
    )


def _language(text: str) -> Language | None:
    return Language(text) if text in set(Language) else None


# --- All that is stored about her --------------------------------------------------------------------------


@bp.get("/data/<file_kind>")
@requires(Action.READ_OWN_PAGE)
def data(file_kind: str) -> Response:
    return _file(citizens.citizen_of(current_user), file_kind)


@bp.get("/data/<file_kind>/of/<int:citizen_id>")
@requires(Action.MANAGE_CITIZENS)
def data_of(file_kind: str, citizen_id: int) -> Response:
    """Handed over by the consultant, at her request."""
    return _file(citizens.citizen_for(current_user, citizen_id), file_kind)


def _file(citizen: Citizen, kind: str) -> Response:
    if kind not in set(FileKind):
        return error_pages.answer(404)
    record_view(
        "data-exported", citizen, citizen_id=citizen.id, purpose=_("Udlevering af dine oplysninger til dig")
    )
    made = FILES[FileKind(kind)]
    return download(f"alt-om-mig-{citizen.id}.{made.ending}", made.write(citizen, clock.now()), made.mimetype)
