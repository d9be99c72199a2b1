"""Pages of consents: the consultant asks and records, the citizen answers, the employer opens its link."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from portal.base import clock
from portal.base.database import db, transaction
from portal.base.errors import DomainError
from portal.loop.cards import queries as cards
from portal.loop.cards.fields import CARD_FIELDS
from portal.loop.cards.models import CompetenceCard
from portal.loop.employers.models import EmployerStatus
from portal.loop.employers.queries import employer_for, employers_seen_by
from portal.loop.reviews.forms import CitizenAnswerForm, OwnAnswerForm
from portal.loop.reviews.models import Answer, AnsweredVia
from portal.shared.audit.viewing import record_view
from portal.shared.outbox import handing
from portal.shared.outbox.forms import RecipientForm
from portal.shared.outbox.letters import Link
from portal.web import error_pages
from portal.web.htmx import leave_to, render_page
from portal.web.link_answers import whom_to_call
from portal.web.links import LinkExpired, LinkPurpose, opened_by, portal_links
from portal.web.paper.typesetting import qr_inline
from portal.web.permissions import Action, requires
from portal.workspaces.consents import queries, services
from portal.workspaces.consents.forms import ASK_HER, ConsentForm
from portal.workspaces.consents.models import Consent, ConsentState
from portal.workspaces.consents.shared import shared_card

bp = Blueprint("consents", __name__, url_prefix="/consents")


# --- The consultant ----------------------------------------------------------------------------------------


@bp.get("/card/<int:card_id>")
@requires(Action.SHARE_CARD)
def index(card_id: int) -> Response:
    return _list_page(cards.card_for(current_user, card_id))


def _list_page(
    card: CompetenceCard, *, answer_form: CitizenAnswerForm | None = None, of: int = 0, status: int = 200
) -> Response:
    """`of`: the consent whose form was sent with something missing."""
    _look(card)
    found = queries.consents_of(card)
    return render_page(
        "consents/index.html",
        fragment="consent_list",
        status=status,
        card=card,
        consents=found,
        opened=queries.openings_of(found),
        states=ConsentState,
        state_of=queries.states_on(found, clock.today()),
        form_of=lambda consent: answer_form if consent.id == of else _answer_form(consent, sent=False),
    )


def _answer_form(consent: Consent, *, sent: bool) -> CitizenAnswerForm:
    """Several stand on one page: only the one that was sent reads the request."""
    prefix = f"consent-{consent.id}-"
    return CitizenAnswerForm(prefix=prefix) if sent else CitizenAnswerForm(formdata=None, prefix=prefix)


def _look(card: CompetenceCard) -> None:
    record_view("consents-read", card, citizen_id=card.citizen_id, purpose=_("Dine tilladelser"))


@bp.route("/card/<int:card_id>/new", methods=["GET", "POST"])
@requires(Action.SHARE_CARD)
def new(card_id: int) -> Any:
    card = cards.card_for(current_user, card_id)
    employers = employers_seen_by(current_user)
    active = [
        employer for employer in db.session.scalars(employers) if employer.status is EmployerStatus.ACTIVE
    ]
    form = ConsentForm().offer(active)
    if not form.is_submitted():
        return _new_page(card, form)
    if not form.validate():
        return _new_page(card, form, status=422)
    try:
        with transaction():
            consent = _ask(card, form)
    except DomainError as refusal:
        return _new_page(card, form, status=409, refusal=refusal.message)
    if consent.answer is Answer.YES:
        flash(_("Tilladelsen er gemt. Her er linket til virksomheden."), "success")
        return leave_to(url_for("consents.link", consent_id=consent.id))
    flash(_("Borgeren kan nu svare på “Min side”."), "success")
    return leave_to(url_for("consents.index", card_id=card.id))


def _ask(card: CompetenceCard, form: ConsentForm) -> Consent:
    """The question, and with it the yes that was given on paper or by phone."""
    now, today = clock.now(), clock.today()
    disclosure = services.Disclosure(
        employer=employer_for(current_user, form.employer_id.data),
        fields=form.fields_shown.data,
        until_on=form.until_on.data,
        purpose=form.purpose.data,
    )
    consent = services.ask_consent(card, disclosure, by=current_user, at=now, today=today)
    if form.how.data != ASK_HER:
        via = AnsweredVia(form.how.data)
        services.answer_consent(consent, Answer.YES, via=via, by=current_user, at=now, today=today)
    return consent


def _new_page(
    card: CompetenceCard, form: ConsentForm, *, status: int = 200, refusal: object = None
) -> Response:
    _look(card)
    return render_page(
        "consents/new.html", fragment="content", status=status, card=card, form=form, refusal=refusal
    )


@bp.post("/<int:consent_id>/record")
@requires(Action.SHARE_CARD)
def record_answer(consent_id: int) -> Any:
    """She answered on paper or by phone what she had been asked on her page."""
    consent = queries.consent_for(current_user, consent_id)
    form = _answer_form(consent, sent=True)
    if not form.validate():
        return _list_page(consent.card, answer_form=form, of=consent.id, status=422)
    with transaction():
        services.answer_consent(
            consent,
            form.answer.data,
            via=form.via.data,
            by=current_user,
            at=clock.now(),
            today=clock.today(),
        )
    flash(_("Borgerens svar er gemt."), "success")
    return redirect(url_for("consents.index", card_id=consent.card_id), 303)


@bp.post("/<int:consent_id>/withdraw")
@requires(Action.SHARE_CARD)
def withdraw(consent_id: int) -> Any:
    consent = queries.consent_for(current_user, consent_id)
    with transaction():
        services.withdraw_consent(consent, by=current_user, at=clock.now())
    flash(_("Tilladelsen er trukket tilbage. Linket virker ikke længere."), "success")
    return redirect(url_for("consents.index", card_id=consent.card_id), 303)


@bp.get("/<int:consent_id>/link")
@requires(Action.SHARE_CARD)
def link(consent_id: int) -> Any:
    """The address to copy or print. It is made anew from the consent each time, and stored nowhere."""
    consent = queries.consent_for(current_user, consent_id)
    if queries.state_on(consent, clock.today()) is not ConsentState.GIVEN:
        return _without_link(consent)
    return _link_page(consent)


def _without_link(consent: Consent) -> Any:
    flash(_("Der er ingen tilladelse, så der er ikke noget link."), "info")
    return redirect(url_for("consents.index", card_id=consent.card_id), 303)


def _link_page(consent: Consent, form: RecipientForm | None = None, *, status: int = 200) -> Response:
    """`form`: one that was sent and not taken."""
    _look(consent.card)
    token = portal_links().sign(LinkPurpose.CARD, consent.id, expires_at=queries.link_ends_at(consent))
    path = url_for("consents.shared", token=token)
    address = current_app.config["PORTAL_BASE_URL"] + path
    return render_page(
        "consents/link.html",
        fragment="content",
        status=status,
        form=form,
        consent=consent,
        address=address,
        path=path,
        qr=Markup(qr_inline(address)),  # noqa: S704 - our own drawing of an address
        people=handing.choices(consent.employer.contacts),
        sent=handing.last_handed(consent),
    )


@bp.post("/<int:consent_id>/link/send")
@requires(Action.SHARE_CARD)
def send_link(consent_id: int) -> Any:
    """Mail the link to one of the employer's contact persons."""
    consent = queries.consent_for(current_user, consent_id)
    form = RecipientForm(people=handing.choices(consent.employer.contacts))
    back = url_for("consents.link", consent_id=consent_id)
    if queries.state_on(consent, clock.today()) is not ConsentState.GIVEN:
        return _without_link(consent)
    if not form.validate():
        return _link_page(consent, form, status=422)
    _look(consent.card)
    ends_at = queries.link_ends_at(consent)
    handed = handing.Handed(
        Link.signed("consents.shared", LinkPurpose.CARD, consent.id, expires_at=ends_at),
        _("Et kompetencekort til jer"),
        _("Borgeren har sagt ja til, at I ser kort nr. %(number)s. Se det her:", number=consent.card.number),
        consent.until_on,
    )
    with transaction():
        handing.hand_over(
            handed,
            to=form.recipient.data,
            unit=current_user.municipality,
            about=consent,
            by=current_user,
            at=clock.now(),
        )
    flash(_("Linket er sendt til %(email)s.", email=form.recipient.data), "success")
    return redirect(back, 303)


# --- The citizen -------------------------------------------------------------------------------------------


@bp.post("/<int:consent_id>/answer")
@requires(Action.ANSWER_AS_CITIZEN)
def answer(consent_id: int) -> Any:
    consent = queries.consent_for(current_user, consent_id)
    form = OwnAnswerForm()
    if form.validate():
        with transaction():
            services.answer_consent(
                consent,
                form.answer.data,
                via=AnsweredVia.PORTAL,
                by=current_user,
                at=clock.now(),
                today=clock.today(),
            )
    return redirect(url_for("mine.index", _anchor="consents"), 303)


@bp.post("/<int:consent_id>/take-back")
@requires(Action.ANSWER_AS_CITIZEN)
def take_back(consent_id: int) -> Any:
    consent = queries.consent_for(current_user, consent_id)
    with transaction():
        services.withdraw_consent(consent, by=current_user, at=clock.now())
    return redirect(url_for("mine.index", _anchor="consents"), 303)


@bp.post("/<int:consent_id>/undo")
@requires(Action.ANSWER_AS_CITIZEN)
def undo(consent_id: int) -> Any:
    """A slip of the thumb: her no is undone, and she is asked again."""
    consent = queries.consent_for(current_user, consent_id)
    with transaction():
        services.take_back_answer(consent, by=current_user, at=clock.now())
    return redirect(url_for("mine.index", _anchor="consents"), 303)


# --- The employer ----------------------------------------------------------------------------------------------


@bp.get("/shared/<token>")
@requires(Action.PUBLIC)
def shared(token: str) -> Any:
    """What she opened to the employer. 410 once it is withdrawn, over or erased; 404 for what is no link of ours."""
    today = clock.today()
    (consent_id,) = opened_by(LinkPurpose.CARD, token)
    consent = queries.consent_behind(int(consent_id))
    if consent is None or queries.state_on(consent, today) is not ConsentState.GIVEN:
        raise LinkExpired((consent_id,))
    record_view(
        queries.OPENED,
        consent,
        citizen_id=consent.card.citizen_id,
        purpose=_("Visning af dit kort med din tilladelse"),
        link_for=consent.employer.name,
    )
    response = render_page(
        "consents/shared.html",
        fragment="content",
        consent=consent,
        shown=shared_card(consent, today=today),
        fields=CARD_FIELDS,
        hide_login=True,
        **whom_to_call(consent.card.citizen.municipality),
    )
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@bp.errorhandler(LinkExpired)
def _gone(_error: LinkExpired) -> Response:
    return error_pages.answer(
        410,
        _("Tilladelsen til at se kortet er trukket tilbage eller udløbet."),
        advice=_("Borgeren bestemmer selv. Spørg din kontakt i kommunen, hvis I vil se kortet igen."),
    )
