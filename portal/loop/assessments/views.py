"""Pages of assessment sheets: the consultant's, the citizen's yes and comment, and paper."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.base.terms import SKILL_LEVELS, Party
from portal.loop.assessments import confirming, queries, services
from portal.loop.assessments.forms import (
    CloseForm,
    CodesForm,
    CommentForm,
    ConsultantsAnswersForm,
    EndPlacementForm,
    SheetYesForm,
    WithdrawForm,
    agreed_form,
    agreed_levels,
)
from portal.loop.assessments.models import Assessment, AssessmentKind
from portal.loop.assessments.paper import render_sheet
from portal.loop.cards.translator import kept_language, translator_for
from portal.loop.placements.queries import name_is_open, placement_for
from portal.loop.placements.settled import ConfirmedHow
from portal.loop.placements.settling import before_start
from portal.loop.placements.settling_forms import SeenForm
from portal.shared.audit.viewing import record_view
from portal.shared.outbox import handing
from portal.shared.outbox.forms import RecipientForm
from portal.shared.outbox.letters import Link
from portal.shared.rules.findings import StopsStand
from portal.web.downloads import pdf_response
from portal.web.error_pages import answer
from portal.web.forms import PortalForm
from portal.web.htmx import leave_to, render_page
from portal.web.links import LinkPurpose, portal_links
from portal.web.paper.codes import code_of
from portal.web.paper.typesetting import qr_inline
from portal.web.permissions import Action, Scope, requires

bp = Blueprint("assessments", __name__, url_prefix="/assessments")

LINK_LIFETIME = services.LINK_LIFETIME


def _workplace_url(sheet: Assessment) -> str:
    token = portal_links().sign(LinkPurpose.ASSESSMENT, sheet.id, expires_at=clock.now() + LINK_LIFETIME)
    return str(current_app.config["PORTAL_BASE_URL"] + url_for("assessments.workplace", link=token))


def look_at(sheet: Assessment, *, link_for: str | None = None) -> None:
    """The citizen herself sees her own; by link she may see another's."""
    if link_for is None and current_user.scope is Scope.CITIZEN:
        return
    record_view(
        "assessment-read",
        sheet,
        citizen_id=sheet.placement.card.citizen_id,
        purpose=_("Vurdering af et forløb"),
        link_for=link_for,
    )


@bp.get("/placement/<int:placement_id>")
@requires(Action.READ_PLACEMENTS)
def index(placement_id: int) -> Response:
    """The sheets of a placement, loaded into its page."""
    placement = placement_for(current_user, placement_id)
    shown = name_is_open(placement, current_user, clock.today())
    sheets = queries.sheets_of(placement) if shown else []
    return render_page(
        "assessments/index.html",
        fragment="assessment_list",
        placement=placement,
        sheets=sheets,
        can_open=services.kinds_to_open(placement, sheets),
        workplace_url=_workplace_url,
        is_employer=current_user.scope is Scope.EMPLOYER,
    )


@bp.post("/placement/<int:placement_id>/open/<any(midway, end):sheet_kind>")
@requires(Action.STATE_EXPECTATION)
def open_sheet(placement_id: int, sheet_kind: str) -> Any:
    """A new sheet by whoever of the three is there, or the one of its kind that is open already."""
    placement, kind = placement_for(current_user, placement_id), AssessmentKind(sheet_kind)
    if not name_is_open(placement, current_user, clock.today()):
        return answer(404)
    try:
        with transaction():
            sheet = services.open_sheet(placement, kind, by=current_user, at=clock.now())
            sheet_id, way = sheet.id, _workplace_url(sheet)
    except services.SheetAlreadyOpen as standing:
        if standing.sheet.kind is not kind:
            raise
        sheet_id, way = standing.sheet.id, _workplace_url(standing.sheet)
    else:
        if current_user.may(Action.MANAGE_PLACEMENTS):
            flash(_("Arket er lavet. Send linket til arbejdspladsen, eller print det."), "success")
    if current_user.scope is Scope.EMPLOYER:
        return leave_to(urlsplit(way).path)
    return leave_to(url_for("assessments.detail", sheet_id=sheet_id))


@bp.route("/<int:sheet_id>", methods=["GET", "POST"])
@requires(Action.READ_PLACEMENTS)
def detail(sheet_id: int) -> Any:
    """Both sides of the sheet; the consultant fills in hers here."""
    sheet = queries.sheet_for(current_user, sheet_id)
    if not current_user.may(Action.MANAGE_PLACEMENTS):
        return answer(403) if request.method == "POST" else _sheet_page(sheet)
    if request.method != "POST":
        return _sheet_page(sheet)
    form = ConsultantsAnswersForm.of(sheet, "consultant", shown=False)
    if not form.validate():
        return _sheet_page(sheet, form=form, status=422)
    with transaction():
        services.answer_as_consultant(
            sheet, form.answers(), {}, form.aspect_ratings(), by=current_user, at=clock.now()
        )
    flash(_("Dine svar er gemt."), "success")
    return redirect(url_for("assessments.detail", sheet_id=sheet_id), 303)


def _sheet_page(
    sheet: Assessment, *, refusal: DomainError | None = None, status: int = 200, **sent: PortalForm
) -> Response:
    """The page with fresh forms but for the one that was `sent`, by its name in the template."""
    if not name_is_open(sheet.placement, current_user, clock.today()):
        return answer(404)
    look_at(sheet)
    if current_user.may(Action.COMMENT_ASSESSMENT):
        return _her_page(sheet, sent.get("comment_form"), status=status)
    consultant = current_user.may(Action.MANAGE_PLACEMENTS)
    url = _workplace_url(sheet) if sheet.is_open and consultant else ""
    forms = {
        "form": ConsultantsAnswersForm.of(
            sheet, "consultant", shown=True, midway=queries.midway_before(sheet)
        ),
        "agreed": agreed_form(sheet, shown=True),
        "close_form": _close_form(sheet, shown=True),
        "withdraw_form": WithdrawForm(formdata=None),
        "yes_form": SheetYesForm(
            formdata=None,
            data={"said_on": clock.today(), "seen": sheet.version},
            today=clock.today(),
            since=clock.danish_day(sheet.opened_at),
        ),
    }
    return render_page(
        "assessments/detail.html",
        fragment="assessment_sheet",
        status=status,
        sheet=sheet,
        levels=SKILL_LEVELS,
        consultant=consultant,
        url=url,
        qr=Markup(qr_inline(url)) if url else "",  # noqa: S704 - our own drawing of an address
        link_days=LINK_LIFETIME.days,
        link_people=handing.choices(sheet.placement.opening.employer.contacts) if url else [],
        link_sent=handing.last_handed(sheet) if url else None,
        refusal=refusal,
        code_of=code_of,
        is_end=sheet.kind is AssessmentKind.END,
        is_stopped=isinstance(refusal, StopsStand),
        unconfirmed=confirming.unconfirmed(sheet),
        before_start=before_start(sheet.placement) if sheet.kind is AssessmentKind.END else {},
        parties=list(Party),
        unfinished=[one for one in queries.open_sheets(sheet.placement_id) if one.id != sheet.id],
        **({"recipient_form": None} | forms | sent),
    )


def _her_page(sheet: Assessment, sent: PortalForm | None, *, status: int) -> Response:
    """What counts, her yes and her comment, in her language."""
    return render_page(
        "assessments/hers.html",
        fragment="content",
        status=status,
        sheet=sheet,
        translator=translator_for(sheet.placement.card.citizen, request.args),
        here=kept_language(request.args),
        is_end=sheet.kind is AssessmentKind.END,
        before_start=before_start(sheet.placement) if sheet.kind is AssessmentKind.END else {},
        has_said_yes=Party.CITIZEN not in confirming.unconfirmed(sheet),
        comment_form=sent or CommentForm(formdata=None, data={"words": sheet.citizen_comment}),
    )


def _close_form(sheet: Assessment, *, shown: bool) -> CloseForm | EndPlacementForm:
    kind = EndPlacementForm if sheet.kind is AssessmentKind.END else CloseForm
    day = min(clock.today(), sheet.placement.ends_on) if kind is EndPlacementForm else clock.today()
    return kind(formdata=None, data={"assessed_on": day}) if shown else kind()


@bp.post("/<int:sheet_id>/link/send")
@requires(Action.MANAGE_PLACEMENTS)
def send_link(sheet_id: int) -> Any:
    """Mail the workplace's link to one of the employer's contact persons."""
    sheet = queries.sheet_for(current_user, sheet_id)
    employer, back = sheet.placement.opening.employer, url_for("assessments.detail", sheet_id=sheet_id)
    form = RecipientForm(people=handing.choices(employer.contacts))
    if not sheet.is_open:
        raise services.SheetClosed
    if not form.validate():
        return _sheet_page(sheet, recipient_form=form, status=422)
    ends_at = clock.now() + LINK_LIFETIME
    handed = handing.Handed(
        Link.signed(
            "assessments.workplace", LinkPurpose.ASSESSMENT, sheet.id, expires_at=ends_at, arg="link"
        ),
        _("Vurderingsark fra kommunen"),
        _("Skriv, hvad du har set på arbejdspladsen. Det kan gøres på en telefon:"),
        clock.danish_day(ends_at),
    )
    with transaction():
        handing.hand_over(
            handed,
            to=form.recipient.data,
            unit=employer.municipality,
            about=sheet,
            by=current_user,
            at=clock.now(),
        )
    flash(_("Linket er sendt til %(email)s.", email=form.recipient.data), "success")
    return leave_to(back)


@bp.post("/<int:sheet_id>/agree")
@requires(Action.MANAGE_PLACEMENTS)
def agree(sheet_id: int) -> Any:
    """Which level counts where the two said different ones."""
    sheet = queries.sheet_for(current_user, sheet_id)
    form = agreed_form(sheet, shown=False)
    if not form.validate():
        return _sheet_page(sheet, agreed=form, status=422)
    kept = {
        line.id: services.TaskRating(line.consultant_level, line.consultant_note)
        for line in sheet.lines
        if line.differs
    }
    with transaction():
        services.answer_as_consultant(
            sheet, kept, agreed_levels(sheet, form), by=current_user, at=clock.now()
        )
    flash(_("Det, I er enige om, er gemt."), "success")
    return redirect(url_for("assessments.detail", sheet_id=sheet_id), 303)


@bp.post("/<int:sheet_id>/close")
@requires(Action.MANAGE_PLACEMENTS)
def close(sheet_id: int) -> Any:
    """Close it: what it says becomes evidence on the card; the last sheet also ends the placement."""
    sheet = queries.sheet_for(current_user, sheet_id)
    form = _close_form(sheet, shown=False)
    if not form.validate():
        return _sheet_page(sheet, close_form=form, status=422)
    day, at = form.assessed_on.data, clock.now()
    try:
        with transaction():
            if isinstance(form, EndPlacementForm):
                services.close_and_end(
                    sheet,
                    outcome=form.outcome.data,
                    ended_on=day,
                    alone_because=form.alone_because.data or "",
                    stop_reason=form.stop_reason.data or "",
                    by=current_user,
                    at=at,
                )
            else:
                services.close_midway(sheet, assessed_on=day, by=current_user, at=at)
    except DomainError as error:
        if (
            isinstance(error, StopsStand) and form.stop_reason.name in request.form
        ):  # asked for, and left empty
            form.stop_reason.errors = [_("Skriv grunden.")]
        return _sheet_page(
            queries.sheet_for(current_user, sheet_id), close_form=form, refusal=error, status=409
        )
    flash(
        _("Forløbet er afsluttet med vurderingen.")
        if isinstance(form, EndPlacementForm)
        else _("Vurderingen er lukket."),
        "success",
    )
    return redirect(url_for("assessments.detail", sheet_id=sheet_id), 303)


@bp.post("/<int:sheet_id>/confirm")
@requires(Action.COMMENT_ASSESSMENT)
def confirm(sheet_id: int) -> Any:
    """The citizen says yes to what counts on the open sheet."""
    sheet, form = queries.sheet_for(current_user, sheet_id), SeenForm()
    with transaction():
        services.confirm_sheet(
            sheet,
            Party.CITIZEN,
            how=ConfirmedHow.PAGE,
            seen=form.version,
            by=current_user,
            at=clock.now(),
        )
    return _own_page(sheet_id)


def _own_page(sheet_id: int) -> Any:
    values: dict[str, Any] = {"sheet_id": sheet_id, **kept_language(request.args)}
    return redirect(url_for("assessments.detail", **values), 303)


@bp.post("/<int:sheet_id>/record")
@requires(Action.MANAGE_PLACEMENTS)
def record(sheet_id: int) -> Any:
    """A yes that came by phone, at a meeting or on paper: who said it, and when."""
    sheet = queries.sheet_for(current_user, sheet_id)
    form = SheetYesForm(today=clock.today(), since=clock.danish_day(sheet.opened_at))
    if not form.validate():
        return _sheet_page(sheet, yes_form=form, status=422)
    with transaction():
        services.confirm_sheet(
            sheet,
            Party(form.party.data),
            how=ConfirmedHow(form.how.data),
            seen=form.version,
            said_by=form.said_by.data,
            said_on=form.said_on.data,
            by=current_user,
            at=clock.now(),
        )
    flash(_("Ja er noteret."), "success")
    return redirect(url_for("assessments.detail", sheet_id=sheet_id), 303)


@bp.post("/<int:sheet_id>/withdraw")
@requires(Action.MANAGE_PLACEMENTS)
def withdraw(sheet_id: int) -> Any:
    sheet = queries.sheet_for(current_user, sheet_id)
    form = WithdrawForm()
    if not form.validate():
        return _sheet_page(sheet, withdraw_form=form, status=422)
    with transaction():
        services.withdraw_sheet(sheet, because=form.because.data, by=current_user, at=clock.now())
    flash(_("Vurderingen er trukket tilbage og taget af kortet."), "success")
    return redirect(url_for("assessments.detail", sheet_id=sheet_id), 303)


@bp.post("/<int:sheet_id>/comment")
@requires(Action.COMMENT_ASSESSMENT)
def comment(sheet_id: int) -> Any:
    sheet = queries.sheet_for(current_user, sheet_id)
    form = CommentForm()
    if not form.validate():
        return _sheet_page(sheet, comment_form=form, status=422)
    with transaction():
        services.comment_as_citizen(sheet, form.words.data or "", by=current_user, at=clock.now())
    return _own_page(sheet_id)


@bp.get("/<int:sheet_id>/print")
@requires(Action.READ_PLACEMENTS)
def print_sheet(sheet_id: int) -> Any:
    """The sheet as PDF for each of the three: blank with codes while open, filled in when closed."""
    sheet = queries.sheet_for(current_user, sheet_id)
    if not name_is_open(sheet.placement, current_user, clock.today()):
        return answer(404)
    look_at(sheet)
    return pdf_response(f"vurdering-{sheet.id}", render_sheet(sheet, printed_on=clock.today()))


@bp.route("/paper", methods=["GET", "POST"])
@requires(Action.MANAGE_PLACEMENTS)
def paper() -> Any:
    """One screen that takes a filled-in sheet back by keyboard: code, level, next line."""
    form = CodesForm(formdata=None) if request.method != "POST" else CodesForm()
    if request.method != "POST":
        return _paper_page(form)
    if not form.validate():
        return _paper_page(form, status=422)
    answers = form.answers()
    lines = queries.open_lines(current_user, answers)
    unknown = [code_of(number) for number in answers if number not in lines]
    if unknown or not answers:
        words = (
            _("Ingen åbne ark har linjen %(codes)s.", codes=", ".join(unknown))
            if unknown
            else _("Skriv mindst én linje.")
        )
        form.form_errors.append(words)
        return _paper_page(form, status=422)
    sheets = {line.assessment.id: line.assessment for line in lines.values()}
    try:
        with transaction():
            for sheet in sheets.values():
                services.answer_as_workplace(
                    sheet, answers, name=form.name.data, on_paper=True, by=current_user, at=clock.now()
                )
    except services.WorkplaceAnsweredItself as refusal:
        form.refuse([line.id for line in refusal.sheet.lines], refusal.message)
        return _paper_page(form, status=409)
    flash(_("%(number)s linjer er tastet ind.", number=len(answers)), "success")
    if len(sheets) == 1:
        return leave_to(url_for("assessments.detail", sheet_id=next(iter(sheets))))
    return redirect(url_for("assessments.paper"), 303)


def _paper_page(form: CodesForm, *, status: int = 200) -> Response:
    return render_page(
        "assessments/paper.html", fragment="paper_codes", status=status, form=form, levels=SKILL_LEVELS
    )
