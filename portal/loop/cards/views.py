"""Pages of cards."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError, StaleVersion
from portal.base.terms import Industry, Language, SkillSource
from portal.loop.cards import queries, services, showing
from portal.loop.cards.addresses import url_of_card
from portal.loop.cards.fields import CARD_FIELDS, PagePart, page_lines
from portal.loop.cards.forms import CardForm, CertificateForm, DayForm, PaperForm, SkillForm
from portal.loop.cards.found import FoundLines, pieces_of
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.paper import render_card
from portal.loop.cards.versions import as_it_was
from portal.loop.citizens import merging
from portal.loop.citizens import queries as citizens
from portal.shared.audit.viewing import record_view
from portal.shared.audit.words import ACTIONS
from portal.shared.skills.confirmed import understand_all_in
from portal.shared.skills.queries import phrases_for_cards
from portal.shared.skills.services import UnderstoodText
from portal.web.downloads import pdf_response
from portal.web.htmx import leave_to, render_page
from portal.web.permissions import Action, requires
from portal.web.reading import in_readers_language, tell

bp = Blueprint("cards", __name__, url_prefix="/cards")


@bp.get("/own")
@requires(Action.READ_OWN_CARD)
def own() -> Response:
    card = queries.own_card(current_user)
    if card is None:
        return render_page("cards/none.html", fragment="content")
    return _card_page(card)


@bp.get("/<int:card_id>")
@requires(Action.READ_CARD)
def detail(card_id: int) -> Any:
    kept_id = merging.kept_card_of(card_id)
    if kept_id is not None:
        her_card = queries.card_of(citizens.citizen_for(current_user, kept_id))
        if her_card is not None:
            return redirect(url_for("cards.detail", card_id=her_card.id), 303)
    return _card_page(queries.card_for(current_user, card_id))


def _card_page(card: CompetenceCard) -> Response:
    _look(card, "card-read", _("Arbejde med dit kompetencekort"))
    counted = showing.card_standing(card, clock.today()) if current_user.may(Action.MANAGE_CITIZENS) else None
    return render_page(
        "cards/detail.html",
        fragment="content",
        card=card,
        groups=queries.skill_groups(card),
        places=queries.places_tried(card, on=clock.today()),
        fields=CARD_FIELDS,
        reached=queries.titles_reached(card, on=clock.today()),
        shown=None if request.args.get("titles") == "all" else queries.TITLES_SHOWN,
        danish=page_lines(card, PagePart.DANISH),
        conditions=page_lines(card, PagePart.WHEN_AND_WHERE),
        own=current_user.may(Action.READ_OWN_CARD),
        today=clock.today(),
        counted=counted,
    )


def _look(card: CompetenceCard, action: str, purpose: str) -> None:
    record_view(action, card, citizen_id=card.citizen_id, purpose=purpose)


@bp.post("/citizen/<int:citizen_id>/new")
@requires(Action.MANAGE_CITIZENS)
def create(citizen_id: int) -> Any:
    citizen = citizens.citizen_for(current_user, citizen_id)
    with transaction():
        card = services.create_card(citizen, by=current_user, at=clock.now())
    flash(_("Kortet er oprettet. Begynd med billederne, eller gå til kortet."), "success")
    return redirect(url_for("intake.index", card_id=card.id, language=citizen.language), 303)


@bp.post("/<int:card_id>/shown")
@requires(Action.MANAGE_CITIZENS)
def shown(card_id: int) -> Any:
    """The consultant has shown the card to the citizen, where nothing else tells of it."""
    card = queries.card_for(current_user, card_id)
    with transaction():
        showing.say_shown(card, by=current_user, at=clock.now())
    flash(_("Det er noteret, at borgeren har set kortet."), "success")
    return redirect(url_for("cards.detail", card_id=card.id), 303)


@bp.route("/<int:card_id>/edit", methods=["GET", "POST"])
@requires(Action.EDIT_CARD)
def edit(card_id: int) -> Any:
    card = queries.card_for(current_user, card_id)
    form = CardForm(obj=card)
    if not form.is_submitted():
        return _edit_page(card, form.show(card))
    if not form.validate():
        return _edit_page(card, form, status=422)
    try:
        with transaction():
            services.edit_card(
                card, form.details(), seen_version=form.seen_version, by=current_user, at=clock.now()
            )
    except StaleVersion as stale:
        form.accept_version(card.version)
        return _edit_page(card, form, status=409, stale=stale)
    flash(_("Kortet er gemt."), "success")
    return leave_to(url_of_card(card))


def _edit_page(
    card: CompetenceCard, form: CardForm, *, status: int = 200, stale: DomainError | None = None
) -> Response:
    _look(card, "card-read", _("Rettelse af dit kompetencekort"))
    return render_page(
        "cards/edit.html",
        fragment="content",
        status=status,
        card=card,
        form=form.add_lines(),
        fields=CARD_FIELDS,
        own=current_user.may(Action.READ_OWN_CARD),
        stale=stale.message if stale else None,
    )


@bp.get("/<int:card_id>/skills")
@requires(Action.EDIT_CARD)
def skills(card_id: int) -> Response:
    return _skills_page(queries.card_for(current_user, card_id))


def _skills_page(
    card: CompetenceCard,
    *,
    skill_form: SkillForm | None = None,
    certificate_form: CertificateForm | None = None,
    found: FoundLines | None = None,
    status: int = 200,
) -> Response:
    _look(card, "card-read", _("Rettelse af dit kompetencekort"))
    return render_page(
        "cards/skills.html",
        fragment="card_skills",
        status=status,
        card=card,
        groups=queries.skill_groups(card),
        may_remove=lambda line: services.may_remove(line, current_user.role),
        skill_form=skill_form or _skill_form(),
        certificate_form=certificate_form or CertificateForm(formdata=None, prefix="certificate-"),
        found=found,
        phrases=phrases_for_cards(),
        own=current_user.may(Action.READ_OWN_CARD),
    )


def _skill_form(*, sent: bool = False) -> SkillForm:
    """Two forms share the page: only the one that was sent reads the request."""
    form = SkillForm(prefix="skill-") if sent else SkillForm(formdata=None, prefix="skill-")
    if current_user.may(Action.READ_OWN_CARD):
        del form.source
    return form


@bp.post("/<int:card_id>/skills/add")
@requires(Action.EDIT_CARD)
def add_skill(card_id: int) -> Any:
    card = queries.card_for(current_user, card_id)
    form = _skill_form(sent=True)
    if not form.validate():
        _understand(form, card)
        return _skills_page(card, skill_form=form, status=422)
    source = SkillSource.OWN if form.source is None else SkillSource(form.source.data)
    pieces = _pieces(form, card)
    if len(pieces) > 1 or (pieces and form.story.data):
        found = FoundLines.showing(
            pieces, level=form.level.data, source=source, ticks_unknown=not form.story.data
        )
        return _skills_page(card, skill_form=form, found=found, status=422)
    if not form.text.data:
        form.story.errors = [_l("Vi fandt ingen opgaver i teksten. Skriv dem herover med egne ord.")]
        return _skills_page(card, skill_form=form, status=422)
    _understand(form, card)
    if form.waits_for_answer:
        return _skills_page(card, skill_form=form, status=422)
    meaning = form.meaning
    try:
        with transaction():
            services.add_evidence(
                card,
                text=form.text.data,
                level=0 if form.lacks else form.level.data,
                source=source,
                by=current_user,
                at=clock.now(),
                seen_on=clock.today(),
                skill_id=form.skill_id,
                confidence=meaning.confidence,
                chosen=form.chosen is not None,
                own_words=form.keeps_own_words,
            )
    except services.NotOnCards as refusal:
        form.text.errors = [refusal.message]
        return _skills_page(card, skill_form=form, status=409)
    _tell_what_was_added(form)
    return redirect(url_for("cards.skills", card_id=card.id), 303)


def _pieces(form: SkillForm | CertificateForm, card: CompetenceCard) -> list[UnderstoodText]:
    """The several things that the form tells of; none for one line that its writer means as a whole."""
    story = form.story.data if isinstance(form, SkillForm) else ""
    if form.seen_whole.data == form.text.data and not story:
        return []
    return pieces_of(card.municipality_id, [form.text.data, story])


def _understand(form: SkillForm | CertificateForm, card: CompetenceCard) -> None:
    """Look up what one line means as a whole, if there is nothing wrong with it."""
    if form.text.data and not form.text.errors:
        [form.meaning] = understand_all_in(card.municipality_id, [form.text.data], for_card=True)


def _tell_what_was_added(form: SkillForm) -> None:
    text, name = form.text.data, form.understood_as
    if form.lacks and name:
        tell("“%(text)s” er på kortet som: %(name)s, ikke afprøvet (niveau 0).", text=text, name=name)
    elif form.lacks:
        tell("“%(text)s” er på kortet med egne ord, som ikke afprøvet (niveau 0).", text=text)
    elif name:
        tell("“%(text)s” er på kortet som: %(name)s.", text=text, name=name)
    else:
        tell("“%(text)s” er på kortet med egne ord.", text=text)


@bp.post("/<int:card_id>/skills/add-found")
@requires(Action.EDIT_CARD)
def add_found(card_id: int) -> Any:
    """Put what is ticked of a longer text on the card."""
    card = queries.card_for(current_user, card_id)
    form = FoundLines.sent(card.municipality_id)
    if not form.is_clear():
        return _skills_page(card, found=form, status=422)
    own = current_user.may(Action.READ_OWN_CARD)
    try:
        with transaction():
            services.add_told(
                card,
                form.told(),
                source=SkillSource.OWN if own else SkillSource(form.source.data),
                by=current_user,
                at=clock.now(),
                seen_on=clock.today(),
            )
    except services.NotOnCards as refusal:
        form.form_errors.append(refusal.message)
        return _skills_page(card, found=form, status=409)
    tell("%(num)s ting er sat på kortet.", plural="%(num)s ting er sat på kortet.", num=len(form.taken))
    return redirect(url_for("cards.skills", card_id=card.id), 303)


@bp.post("/<int:card_id>/skills/<int:evidence_id>/remove")
@requires(Action.EDIT_CARD)
def remove_skill(card_id: int, evidence_id: int) -> Any:
    card = queries.card_for(current_user, card_id)
    evidence = queries.evidence_of(card, evidence_id)
    with transaction():
        services.remove_own_evidence(card, evidence, by=current_user, at=clock.now())
    flash(_("Det er fjernet fra kortet."), "success")
    return redirect(url_for("cards.skills", card_id=card.id), 303)


@bp.post("/<int:card_id>/certificates/add")
@requires(Action.EDIT_CARD)
def add_certificate(card_id: int) -> Any:
    card = queries.card_for(current_user, card_id)
    form = CertificateForm(prefix="certificate-")
    if not form.validate():
        _understand(form, card)
        return _skills_page(card, certificate_form=form, status=422)
    pieces = _pieces(form, card)
    if len(pieces) > 1:
        found = FoundLines.showing(pieces, only_certificates=True, ticks_unknown=True)
        return _skills_page(card, certificate_form=form, found=found, status=422)
    _understand(form, card)
    if form.waits_for_answer:
        return _skills_page(card, certificate_form=form, status=422)
    try:
        with transaction():
            services.add_certificate(
                card,
                text=form.text.data,
                valid_until=form.valid_until.data,
                by=current_user,
                at=clock.now(),
                skill_id=form.skill_id,
                own_words=form.keeps_own_words,
            )
    except services.NotOnCards as refusal:
        form.text.errors = [refusal.message]
        return _skills_page(card, certificate_form=form, status=409)
    flash(_("Beviset er på kortet."), "success")
    return redirect(url_for("cards.skills", card_id=card.id), 303)


@bp.post("/<int:card_id>/certificates/<int:certificate_id>/remove")
@requires(Action.EDIT_CARD)
def remove_certificate(card_id: int, certificate_id: int) -> Any:
    card = queries.card_for(current_user, card_id)
    certificate = queries.certificate_of(card, certificate_id)
    with transaction():
        services.remove_certificate(card, certificate, by=current_user, at=clock.now())
    flash(_("Beviset er fjernet fra kortet."), "success")
    return redirect(url_for("cards.skills", card_id=card.id), 303)


@bp.get("/<int:card_id>/progress")
@requires(Action.READ_CARD)
def progress(card_id: int) -> Response:
    """How she sees herself and what others saw, side by side over time."""
    card = queries.card_for(current_user, card_id)
    _look(card, "card-read", _("Udvikling på dit kompetencekort"))
    return render_page(
        "cards/progress.html",
        fragment="content",
        card=card,
        skills=queries.progress(card),
        own=current_user.may(Action.READ_OWN_CARD),
    )


@bp.get("/<int:card_id>/history")
@requires(Action.READ_CARD)
def history(card_id: int) -> Response:
    """What changed, when and by whom; and with `?day=` the card as it was on that day."""
    card = queries.card_for(current_user, card_id)
    _look(card, "card-history-read", _("Historien om dit kompetencekort"))
    form = DayForm(request.args, meta={"csrf": False})
    day = form.day.data if request.args.get("day") and form.validate() else None
    asked = queries.version_on(card, day) if day else None
    own = current_user.may(Action.READ_OWN_CARD)
    with in_readers_language():
        was = as_it_was(asked.content) if asked else None
        steps = queries.version_steps(card, name_staff=not own)
    return render_page(
        "cards/history.html",
        fragment="card_history",
        card=card,
        form=form,
        day=day,
        asked=asked,
        was=was,
        steps=steps,
        actions=ACTIONS,
        own=own,
    )


@bp.get("/<int:card_id>/paper")
@requires(Action.READ_CARD)
def paper(card_id: int) -> Response:
    """Choose what the printed card shows beside Danish."""
    card = queries.card_for(current_user, card_id)
    _look(card, "card-read", _("Udskrift af dit kompetencekort"))
    wished = card.wishes[0] if card.wishes else ""
    chosen = {
        "language": card.citizen.language or "",
        "words": wished if card.citizen.language else "",
        "usable": True,
    }
    return render_page(
        "cards/paper.html",
        fragment="content",
        card=card,
        form=PaperForm(formdata=None, data=chosen),
        own=current_user.may(Action.READ_OWN_CARD),
    )


@bp.get("/<int:card_id>/print")
@requires(Action.READ_CARD)
def print_card(card_id: int) -> Any:
    """The card as a PDF in the browser, with a QR code that leads back to it."""
    card = queries.card_for(current_user, card_id)
    form = PaperForm(request.args, meta={"csrf": False})
    if not form.validate():  # a made-up language in the address
        return redirect(url_for("cards.paper", card_id=card.id), 303)
    _look(card, "card-printed", _("Udskrift af dit kompetencekort"))
    url = current_app.config["PORTAL_BASE_URL"] + url_for("cards.detail", card_id=card.id)
    language = Language(form.language.data) if form.language.data else None
    trade = Industry(form.words.data) if form.words.data else None
    paper = queries.card_on_paper(
        card, url=url, printed_on=clock.today(), trade=trade, usable=form.usable.data
    )
    only_reviewed = not current_app.config["PRINT_UNREVIEWED"]
    second = queries.second_language(language, only_reviewed=only_reviewed) if language else None
    return pdf_response(f"kompetencekort-{card.number}", render_card(paper, second))
