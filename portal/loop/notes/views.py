"""Pages of notes; her own page shows them by a panel."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import StaleVersion
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import citizen_for
from portal.loop.notes import queries, services
from portal.loop.notes.forms import CorrectedNoteForm, NoteForm, StrikeForm
from portal.loop.notes.models import CitizenNote
from portal.shared.audit.viewing import record_view
from portal.web.htmx import leave_to, render_page
from portal.web.permissions import Action, requires

bp = Blueprint("notes", __name__, url_prefix="/notes")


@bp.route("/for/<int:citizen_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_CITIZENS)
def write(citizen_id: int) -> Any:
    citizen = citizen_for(current_user, citizen_id)
    form = NoteForm(today=clock.today())
    if not form.is_submitted():
        form.said_on.data = clock.today()
        return _write_page(citizen, form)
    if not form.validate():
        return _write_page(citizen, form, status=422)
    with transaction():
        services.write_note(citizen, **_said(form), by=current_user, at=clock.now())
    flash(_("Noten er gemt. Borgeren kan læse den på sin egen side."), "success")
    return leave_to(url_for("citizens.detail", citizen_id=citizen_id))


@bp.get("/<int:citizen_note_id>")
@requires(Action.MANAGE_CITIZENS)
def detail(citizen_note_id: int) -> Response:
    note = queries.note_for(current_user, citizen_note_id)
    return _note_page(note, _as_it_stands(note), StrikeForm(formdata=None))


@bp.post("/<int:citizen_note_id>/correct")
@requires(Action.MANAGE_CITIZENS)
def correct(citizen_note_id: int) -> Any:
    note, form = queries.note_for(current_user, citizen_note_id), CorrectedNoteForm(today=clock.today())
    if not form.validate():
        return _note_page(note, form, StrikeForm(formdata=None), status=422)
    try:
        with transaction():
            note = queries.note_for(current_user, citizen_note_id, lock=True)
            services.correct_note(
                note, **_said(form), seen_version=form.seen_version, by=current_user, at=clock.now()
            )
    except StaleVersion as stale:
        note = queries.note_for(current_user, citizen_note_id)
        form.accept_version(note.version)
        return _note_page(note, form, StrikeForm(formdata=None), status=409, refusal=stale)
    flash(_("Noten er rettet."), "success")
    return leave_to(url_for("citizens.detail", citizen_id=note.citizen_id))


@bp.post("/<int:citizen_note_id>/delete")
@requires(Action.MANAGE_CITIZENS)
def delete(citizen_note_id: int) -> Any:
    citizen_id = queries.note_for(current_user, citizen_note_id).citizen_id
    with transaction():
        note = queries.note_for(current_user, citizen_note_id, lock=True)
        services.delete_note(note, by=current_user, at=clock.now())
    flash(_("Noten er slettet."), "success")
    return redirect(url_for("citizens.detail", citizen_id=citizen_id), 303)


@bp.post("/<int:citizen_note_id>/strike")
@requires(Action.MANAGE_CITIZENS)
def strike(citizen_note_id: int) -> Any:
    note, form = queries.note_for(current_user, citizen_note_id), StrikeForm()
    if not form.validate():
        return _note_page(note, _as_it_stands(note), form, status=422)
    with transaction():
        note = queries.note_for(current_user, citizen_note_id, lock=True)
        services.strike_note(note, reason=form.reason.data or "", by=current_user, at=clock.now())
    flash(_("Noten er streget over."), "success")
    return leave_to(url_for("citizens.detail", citizen_id=note.citizen_id))


def _said(form: NoteForm) -> dict[str, Any]:
    return {"text": form.text.data or "", "said_on": form.said_on.data}


def _write_page(citizen: Citizen, form: NoteForm, *, status: int = 200) -> Response:
    _look(citizen)
    return render_page("notes/write.html", fragment="content", status=status, citizen=citizen, form=form)


def _as_it_stands(note: CitizenNote) -> CorrectedNoteForm:
    return CorrectedNoteForm(today=clock.today(), formdata=None, obj=note)


def _note_page(
    note: CitizenNote,
    form: CorrectedNoteForm,
    strike: StrikeForm,
    *,
    status: int = 200,
    refusal: StaleVersion | None = None,
) -> Response:
    _look(note.citizen)
    return render_page(
        "notes/detail.html",
        fragment="content",
        status=status,
        note=note,
        form=form,
        strike=strike,
        stale=refusal and refusal.message,
        may_correct=note.may_be_corrected(current_user, clock.now()),
        may_strike=note.may_be_struck(current_user, clock.now()),
    )


def _look(citizen: Citizen) -> None:
    record_view("citizen-read", citizen, citizen_id=citizen.id, purpose=_("Opslag på din sag"))


def hers(citizen: Any, _reader: Any) -> dict[str, Any] | None:
    """What she reads on her own page."""
    notes = queries.notes_about(citizen.id)
    return {"notes": notes} if notes else None
