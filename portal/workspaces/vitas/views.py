"""The page and the paper of what VITAS asks for."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.loop.placements.models import Placement
from portal.loop.placements.queries import placement_for
from portal.loop.reviews.paper import render_record
from portal.loop.reviews.record import Record, Section
from portal.shared.audit.viewing import record_view
from portal.shared.rules.findings import StopsStand, not_ok, stops
from portal.web.downloads import pdf_response
from portal.web.htmx import render_page
from portal.web.permissions import Action, requires
from portal.workspaces.vitas import queries, services
from portal.workspaces.vitas.findings import judgement_of
from portal.workspaces.vitas.forms import CaseNumberForm, ReadyForm, SheetForm, first_values
from portal.workspaces.vitas.models import VitasSheet

bp = Blueprint("vitas", __name__, url_prefix="/vitas")


@bp.get("/placement/<int:placement_id>")
@requires(Action.MANAGE_PLACEMENTS)
def sheet(placement_id: int) -> Response:
    """All fields in VITAS' order, with what is still missing."""
    placement = _placement(placement_id)
    return _page(placement, queries.sheet_of(placement))


@bp.post("/placement/<int:placement_id>")
@requires(Action.MANAGE_PLACEMENTS)
def write(placement_id: int) -> Any:
    placement = _placement(placement_id)
    form = SheetForm(judgement=judgement_of(placement, on=clock.today()), today=clock.today())
    if not form.validate():
        return _page(placement, queries.sheet_of(placement), form=form, status=422)
    with transaction():
        services.write_sheet(placement, form.details(), by=current_user, at=clock.now())
    flash(_("Arket er gemt."), "success")
    return redirect(url_for("vitas.sheet", placement_id=placement_id), 303)


@bp.post("/placement/<int:placement_id>/ready")
@requires(Action.MANAGE_PLACEMENTS)
def declare_ready(placement_id: int) -> Any:
    placement, form = _placement(placement_id), ReadyForm()
    if not form.validate():
        return _page(placement, queries.sheet_of(placement), ready_form=form, status=422)
    try:
        with transaction():
            services.declare_ready(
                placement, stop_reason=form.stop_reason.data or "", by=current_user, at=clock.now()
            )
    except StopsStand:
        form.stop_reason.errors = [_("Skriv grunden.")]
        again = _placement(placement_id)
        return _page(again, queries.sheet_of(again), ready_form=form, status=409)
    flash(_("Arket er klar til VITAS."), "success")
    return redirect(url_for("vitas.sheet", placement_id=placement_id), 303)


@bp.post("/placement/<int:placement_id>/case-number")
@requires(Action.MANAGE_PLACEMENTS)
def note_case_number(placement_id: int) -> Any:
    placement = _placement(placement_id)
    form = CaseNumberForm()
    if not form.validate():
        return _page(placement, queries.sheet_of(placement), number_form=form, status=422)
    with transaction():
        services.note_case_number(placement, form.case_number.data or "", by=current_user, at=clock.now())
    flash(_("Sagsnummeret er gemt."), "success")
    return redirect(url_for("vitas.sheet", placement_id=placement_id), 303)


@bp.get("/placement/<int:placement_id>/print")
@requires(Action.MANAGE_PLACEMENTS)
def print_sheet(placement_id: int) -> Response:
    placement = _placement(placement_id)
    written = queries.sheet_of(placement)
    if written is None:
        raise services.NothingWritten
    _look(placement, "vitas-sheet-printed")
    return pdf_response(
        f"vitas-{placement.id}",
        render_record(_on_paper(placement, written), unit=current_user.unit_name, on=clock.today()),
    )


def _on_paper(placement: Placement, written: VitasSheet) -> Record:
    nothing = _("Ikke oplyst")
    answers = judgement_of(placement, on=clock.today()).answers_in_words(written)
    groups = queries.fields_of(placement, written, answers)
    return Record(
        title=_("Oplysninger til VITAS"),
        lead=_(
            "%(title)s hos %(employer)s",
            title=placement.opening.title,
            employer=placement.opening.employer.name,
        ),
        sections=tuple(
            Section(group.title, facts=tuple((label, value or nothing) for label, value in group.fields))
            for group in groups
        ),
    )


def _placement(placement_id: int) -> Placement:
    """Raises NoResultFound for a stranger's, NotForVitas for a form that is not agreed there."""
    placement = placement_for(current_user, placement_id, with_talks=False)
    if not placement.form.traits.agreed_in_vitas:
        raise services.NotForVitas
    return placement


def _look(placement: Placement, action: str) -> None:
    record_view(
        action,
        placement,
        citizen_id=placement.card.citizen_id,
        purpose=_("Planlægning og opfølgning på et forløb"),
    )


def _page(
    placement: Placement,
    written: VitasSheet | None,
    *,
    form: SheetForm | None = None,
    ready_form: ReadyForm | None = None,
    number_form: CaseNumberForm | None = None,
    status: int = 200,
) -> Response:
    _look(placement, "vitas-sheet-read")
    judgement, data = judgement_of(placement, on=clock.today()), first_values(placement, written)
    found = judgement.standing(written) if written else []
    groups = queries.fields_of(placement, written, judgement.answers_in_words(written)) if written else []
    return render_page(
        "vitas/sheet.html",
        fragment="vitas_sheet",
        status=status,
        placement=placement,
        sheet=written,
        findings=not_ok(found),
        is_stopped=bool(stops(found)),
        can_be_passed=all(one.can_be_passed for one in stops(found)),
        groups=groups,
        reminders=judgement.reminders(),
        form=form or SheetForm(formdata=None, data=data, judgement=judgement, today=clock.today()),
        ready_form=ready_form or ReadyForm(formdata=None),
        number_form=number_form
        or CaseNumberForm(formdata=None, case_number=written.case_number if written else ""),
    )
