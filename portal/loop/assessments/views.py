"""Pages of assessment sheets: the consultant's, the workplace's by link, the citizen's comment, and paper."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.base.terms import SKILL_LEVELS
from portal.loop.assessments import queries, services
from portal.loop.assessments.codes import code_of
from portal.loop.assessments.forms import (
    CloseForm,
    CodesForm,
    CommentForm,
    ConsultantsAnswersForm,
    EndPlacementForm,
    WithdrawForm,
    WorkplacesAnswersForm,
    agreed_form,
    agreed_levels,
)
from portal.loop.assessments.models import Assessment, AssessmentKind
from portal.loop.assessments.paper import render_sheet
from portal.loop.placements.queries import is_known, name_is_open, placement_for
from portal.shared.accounts.models import User
from portal.shared.audit.viewing import record_view
from portal.web.downloads import pdf_response
from portal.web.error_pages import answer
from portal.web.forms import PortalForm
from portal.web.htmx import leave_to, render_page
from portal.web.links import LinkPurpose, opened_by, portal_links
from portal.web.paper.typesetting import qr_inline
from portal.web.permissions import Action, Scope, requires

bp = Blueprint("assessments", __name__, url_prefix="/assessments")

LINK_LIFETIME = timedelta(days=30)
"""A sheet is filled in within weeks; a later link is made by opening the page again."""


def _workplace_url(sheet: Assessment) -> str:
    token = portal_links().sign(LinkPurpose.ASSESSMENT, sheet.id, expires_at=clock.now() + LINK_LIFETIME)
    return str(current_app.config["PORTAL_BASE_URL"] + url_for("assessments.workplace", link=token))


def _look(sheet: Assessment, *, link_for: str | None = None) -> None:
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
@requires(Action.MANAGE_PLACEMENTS)
def open_sheet(placement_id: int, sheet_kind: str) -> Any:
    """A new sheet, or the one of its kind that is open already: from another tab, or by a colleague."""
    placement, kind = placement_for(current_user, placement_id), AssessmentKind(sheet_kind)
    try:
        with transaction():
            sheet = services.open_sheet(placement, kind, by=current_user, at=clock.now())
            sheet_id = sheet.id
    except services.SheetAlreadyOpen as standing:
        if standing.sheet.kind is not kind:
            raise
        sheet_id = standing.sheet.id
    else:
        flash(_("Arket er lavet. Send linket til arbejdspladsen, eller print det."), "success")
    return leave_to(url_for("assessments.detail", sheet_id=sheet_id))


@bp.route("/<int:sheet_id>", methods=["GET", "POST"])
@requires(Action.READ_PLACEMENTS)
def detail(sheet_id: int) -> Any:
    """Both sides of the sheet; the consultant fills in hers here."""
    sheet = queries.sheet_for(current_user, sheet_id)
    if not current_user.may(Action.MANAGE_PLACEMENTS):
        return answer(403) if request.method == "POST" else _sheet_page(sheet)
    if request.method == "GET":
        return _sheet_page(sheet)
    form = ConsultantsAnswersForm.of(sheet, "consultant", shown=False)
    if not form.validate():
        return _sheet_page(sheet, form=form, status=422)
    with transaction():
        services.answer_as_consultant(sheet, form.answers(), {}, by=current_user, at=clock.now())
    flash(_("Dine svar er gemt."), "success")
    return redirect(url_for("assessments.detail", sheet_id=sheet_id), 303)


def _sheet_page(
    sheet: Assessment, *, refusal: DomainError | None = None, status: int = 200, **sent: PortalForm
) -> Response:
    """The page with fresh forms but for the one that was `sent`, by its name in the template."""
    if not name_is_open(sheet.placement, current_user, clock.today()):
        return answer(404)
    _look(sheet)
    consultant = current_user.may(Action.MANAGE_PLACEMENTS)
    url = _workplace_url(sheet) if sheet.is_open and consultant else ""
    forms = {
        "form": ConsultantsAnswersForm.of(sheet, "consultant", shown=True),
        "agreed": agreed_form(sheet, shown=True),
        "close_form": _close_form(sheet, shown=True),
        "withdraw_form": WithdrawForm(formdata=None),
        "comment_form": CommentForm(formdata=None, data={"words": sheet.citizen_comment}),
    }
    return render_page(
        "assessments/detail.html",
        fragment="assessment_sheet",
        status=status,
        sheet=sheet,
        levels=SKILL_LEVELS,
        consultant=consultant,
        is_citizen=current_user.may(Action.COMMENT_ASSESSMENT),
        url=url,
        qr=Markup(qr_inline(url)) if url else "",  # noqa: S704 - our own drawing of an address
        link_days=LINK_LIFETIME.days,
        refusal=refusal,
        code_of=code_of,
        is_end=sheet.kind is AssessmentKind.END,
        unfinished=[one for one in queries.open_sheets(sheet.placement_id) if one.id != sheet.id],
        **(forms | sent),
    )


def _close_form(sheet: Assessment, *, shown: bool) -> CloseForm | EndPlacementForm:
    kind = EndPlacementForm if sheet.kind is AssessmentKind.END else CloseForm
    day = min(clock.today(), sheet.placement.ends_on) if kind is EndPlacementForm else clock.today()
    return kind(formdata=None, data={"assessed_on": day}) if shown else kind()


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
                services.close_and_end(sheet, outcome=form.outcome.data, ended_on=day, by=current_user, at=at)
            else:
                services.close_midway(sheet, assessed_on=day, by=current_user, at=at)
    except DomainError as error:
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
    flash(_("Din kommentar er gemt."), "success")
    return redirect(url_for("assessments.detail", sheet_id=sheet_id), 303)


@bp.get("/<int:sheet_id>/print")
@requires(Action.READ_PLACEMENTS)
def print_sheet(sheet_id: int) -> Any:
    """The sheet as PDF for each of the three: blank with codes while open, filled in when closed."""
    sheet = queries.sheet_for(current_user, sheet_id)
    if not name_is_open(sheet.placement, current_user, clock.today()):
        return answer(404)
    _look(sheet)
    return pdf_response(f"vurdering-{sheet.id}", render_sheet(sheet, printed_on=clock.today()))


@bp.route("/link/<link>", methods=["GET", "POST"])
@requires(Action.PUBLIC)
def workplace(link: str) -> Any:
    """The workplace's side, by a signed link and without an account."""
    (sheet_id,) = opened_by(LinkPurpose.ASSESSMENT, link)
    sheet = queries.sheet_by_link(int(sheet_id))
    if not is_known(sheet.placement, clock.today()):
        return answer(
            410, _("Arket vises ikke længere."), advice=_("Ring til konsulenten, hvis det er en fejl.")
        )
    if not sheet.is_open:
        return answer(
            410,
            _("Arket er lukket, så der er ikke mere at svare på."),
            advice=_("Er noget forkert, så ring til konsulenten."),
        )
    form = WorkplacesAnswersForm.of(sheet, "employer", shown=request.method == "GET")
    if request.method == "GET":
        form.name.data = sheet.answered_by
        return _workplace_page(sheet, form)
    if not form.validate():
        return _workplace_page(sheet, form, status=422)
    with transaction():
        services.answer_as_workplace(
            sheet,
            form.answers(),
            name=form.name.data,
            on_paper=False,
            by=_signed_in(),
            at=clock.now(),
        )
    flash(_("Tak. Konsulenten kan se dine svar nu. Du kan rette dem, indtil arket er lukket."), "success")
    return redirect(request.path, 303)


def _workplace_page(sheet: Assessment, form: WorkplacesAnswersForm, *, status: int = 200) -> Response:
    _look(sheet, link_for=sheet.placement.opening.employer.name)
    return render_page(
        "assessments/workplace.html",
        fragment="workplace_sheet",
        status=status,
        sheet=sheet,
        form=form,
        levels=SKILL_LEVELS,
        may_answer=services.may_answer_for_workplace(sheet, _signed_in()),
    )


def _signed_in() -> User | None:
    return current_user if current_user.is_authenticated else None


@bp.route("/paper", methods=["GET", "POST"])
@requires(Action.MANAGE_PLACEMENTS)
def paper() -> Any:
    """One screen that takes a filled-in sheet back by keyboard: code, level, next line."""
    form = CodesForm(formdata=None) if request.method == "GET" else CodesForm()
    if request.method == "GET":
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
