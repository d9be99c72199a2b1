"""Pages of imports: choose a file, see how it is understood, say yes."""

import contextlib
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, send_from_directory, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import NotFound, RequestEntityTooLarge

from portal.base import clock
from portal.base.database import end_reading, transaction
from portal.base.errors import DomainError
from portal.shared.audit.viewing import record_view
from portal.web import error_pages
from portal.web.htmx import leave_to, render_page, wants_fragment
from portal.web.listing import table_file
from portal.web.permissions import Action, requires
from portal.workspaces.imports import kinds, queries, reader, reference, services
from portal.workspaces.imports.effects import Answers
from portal.workspaces.imports.forms import NAMES, CodePageForm, ConfirmForm, UploadForm
from portal.workspaces.imports.models import ABOUT_CITIZENS, ImportFile, ImportKind, kinds_for
from portal.workspaces.imports.reader import UnreadableFile
from portal.workspaces.imports.refusals import MAX_BYTES, Why
from portal.workspaces.imports.services import BadRows, Report, TooManyRows

bp = Blueprint("imports", __name__, url_prefix="/imports")

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples"
EXAMPLE_NAMES = {
    ImportKind.EMPLOYERS: "virksomheder",
    ImportKind.OPENINGS: "aabninger",
    ImportKind.CARDS: "kort",
    ImportKind.MEMBERSHIPS: "medlemmer",
    ImportKind.SPELLS: "perioder",
    ImportKind.LANGUAGE_HOURS: "sprogskole",
    ImportKind.VOCABULARY: "ordliste",
}
ROWS_SHOWN = 20
ERRORS_SHOWN = 100
SECONDS_TO_FINISH = 3.0
CHUNK = 1 << 16


@bp.get("/")
@requires(Action.IMPORT_FILES)
def index() -> Response:
    return _show_index(UploadForm(current_user))


@bp.post("/")
@requires(Action.IMPORT_FILES)
def upload() -> Any:
    form = UploadForm(current_user)
    if not form.validate():
        return _show_index(form, status=422)
    end_reading()
    try:
        checked = services.read_file(
            form.kind.data, form.file.data.read(MAX_BYTES + 1), code_page=form.code_page.data or ""
        )
        with transaction():
            kept = services.keep_upload(checked, form.file.data.filename, by=current_user, at=clock.now())
    except (UnreadableFile, TooManyRows) as problem:
        form.file.errors = [str(problem.message)]
        return _show_index(form, status=422)
    return leave_to(url_for("imports.preview", import_id=kept.id))


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """More than any form may send: said at the field, though the form itself was never read."""
    _let_it_finish()
    if wants_fragment() or not (current_user.is_authenticated and current_user.may(Action.IMPORT_FILES)):
        return error_pages.answer(413)
    form = UploadForm(current_user, formdata=None)
    form.file.errors = [str(reader.SENTENCES[Why.BYTES])]
    return _show_index(form, status=413)


def _let_it_finish() -> None:
    """Read on for a moment and keep nothing: a browser that cannot send to its end shows a broken line, no answer."""
    until = time.monotonic() + SECONDS_TO_FINISH
    body = request.environ["wsgi.input"]
    ends_by_itself = request.environ.get("wsgi.input_terminated", False)
    left = (
        sys.maxsize if ends_by_itself else request.content_length or 0
    )  # beyond it a read would wait for ever
    with contextlib.suppress(OSError, ValueError):
        while left > 0 and time.monotonic() < until and (part := body.read(min(CHUNK, left))):
            left -= len(part)


def _show_index(form: UploadForm, status: int = 200) -> Response:
    headings = [(kind, EXAMPLE_NAMES[kind], kinds.COLUMNS[kind]) for kind in kinds_for(current_user)]
    return render_page(
        "imports/index.html",
        fragment="upload",
        form=form,
        kinds=headings,
        vocabulary=ImportKind.VOCABULARY,
        status=status,
    )


@bp.get("/<int:import_id>")
@requires(Action.IMPORT_FILES)
def preview(import_id: int) -> Response:
    kept = queries.upload_for(current_user, import_id, at=clock.now())
    return _show_preview(kept, _examined(kept), ConfirmForm())


def _examined(kept: ImportFile, answers: Answers | None = None) -> Report:
    return services.examine(
        services.read_upload(kept),
        municipality_id=kept.municipality_id,
        today=clock.today(),
        answers=answers,
    )


def _look(kept: ImportFile, report: Report, lines: Iterable[int]) -> None:
    """Note who stands on the lines of the file that are shown."""
    if kept.kind not in ABOUT_CITIZENS:
        return
    shown = set(lines)
    texts = {cell.strip() for row in report.table.rows if row.line in shown for cell in row.cells}
    record_view(
        "import-previewed",
        kept,
        citizen_id=None,
        purpose=_("Gennemsyn af en fil med borgere før indlæsning"),
        people=queries.citizens_named(kept.municipality_id, texts),
    )


def _look_at_lookalikes(kept: ImportFile, report: Report) -> None:
    """Whoever a row may be about has been shown as well."""
    people = {one.citizen_id for alike in report.questions.values() for one in alike}
    if people:
        record_view(
            "import-previewed",
            kept,
            citizen_id=None,
            purpose=_("Gennemsyn af en fil med borgere før indlæsning"),
            people=people,
        )


def _show_preview(
    kept: ImportFile,
    report: Report,
    form: ConfirmForm,
    status: int = 200,
    code_page_form: CodePageForm | None = None,
) -> Response:
    planned, wrong = report.rows[:ROWS_SHOWN], report.errors[:ERRORS_SHOWN]
    _look_at_lookalikes(kept, report)
    _look(kept, report, [*(row.line for row in planned), *(error.line for error in wrong)])
    rows = [
        (row.line, row.change, [pair for pair in kinds.shown(kept.kind, row.understood.row) if pair[1]])
        for row in planned
    ]
    return render_page(
        "imports/preview.html",
        fragment="preview",
        status=status,
        kept=kept,
        report=report,
        rows=rows,
        errors=wrong,
        form=form,
        code_names=NAMES,
        code_page_form=code_page_form
        or CodePageForm(formdata=None, data={"code_page": report.table.chosen_page}),
    )


@bp.post("/<int:import_id>/code-page")
@requires(Action.IMPORT_FILES)
def code_page(import_id: int) -> Any:
    """Read the file in another code page, where the preview shows its letters wrong."""
    kept = queries.upload_for(current_user, import_id, at=clock.now())
    form = CodePageForm()
    if not form.validate():
        return _show_preview(kept, _examined(kept), ConfirmForm(formdata=None), 422, form)
    try:
        checked = services.with_code_page(kept, form.code_page.data)
    except UnreadableFile as problem:
        form.code_page.errors = [str(problem.message)]
        return _show_preview(kept, _examined(kept), ConfirmForm(formdata=None), 422, form)
    with transaction():
        kept = queries.upload_for(current_user, import_id, at=clock.now())
        services.choose_code_page(kept, checked, by=current_user, at=clock.now())
    return redirect(url_for("imports.preview", import_id=import_id), 303)


@bp.post("/<int:import_id>/confirm")
@requires(Action.IMPORT_FILES)
def confirm(import_id: int) -> Any:
    kept = queries.upload_for(current_user, import_id, at=clock.now())
    form = ConfirmForm()
    if not form.validate():
        return _show_preview(kept, _examined(kept, form.answers), form, status=422)
    checked = services.read_upload(kept)
    try:
        with transaction():
            kept = queries.upload_for(current_user, import_id, at=clock.now())
            report = services.confirm_upload(
                kept,
                checked,
                only_good_rows=form.only_good_rows.data,
                answers=form.answers,
                by=current_user,
                at=clock.now(),
            )
    except BadRows as problem:
        kept = queries.upload_for(current_user, import_id, at=clock.now())
        form.only_good_rows.errors = [str(problem.message)]
        return _show_preview(kept, problem.report, form, status=409)
    flash(_("Filen er indlæst. %(summary)s.", summary=services.summary(report)), "success")
    return leave_to(url_for("imports.index"))


@bp.post("/<int:import_id>/drop")
@requires(Action.IMPORT_FILES)
def drop(import_id: int) -> Any:
    with transaction():
        kept = queries.upload_for(current_user, import_id, at=clock.now())
        services.drop_upload(kept, by=current_user, at=clock.now())
    flash(_("Filen er fjernet. Der er ikke indlæst noget."), "info")
    return leave_to(url_for("imports.index"))


@bp.get("/<int:import_id>/errors")
@requires(Action.IMPORT_FILES)
def errors(import_id: int) -> Any:
    """The bad rows as they stood, each with what is wrong: to be mended and uploaded by themselves."""
    kept = queries.upload_for(current_user, import_id, at=clock.now())
    try:
        report = _examined(kept)
    except DomainError:
        return redirect(url_for("imports.preview", import_id=import_id), 303)
    _look(kept, report, (error.line for error in report.errors))
    return table_file("fejl", *services.error_table(report))


@bp.post("/reference")
@requires(Action.IMPORT_VOCABULARY)
def bring_reference_in() -> Any:
    """What `flask load-reference` does, for who runs the portal and sees on her front page that it is missing."""
    reference.load(clock.now)
    flash(_("Lovens regler og ordlisten er indlæst."), "success")
    return redirect(url_for("home.index"), 303)


@bp.get("/words")
@requires(Action.IMPORT_VOCABULARY)
def words() -> Response:
    """The vocabulary as it is, to be changed and brought in again."""
    return table_file("ordliste", queries.WORD_COLUMNS, queries.words())


@bp.get("/examples/<name>")
@requires(Action.IMPORT_FILES)
def example(name: str) -> Response:
    stem, _dot, extension = name.rpartition(".")
    if stem not in EXAMPLE_NAMES.values() or extension not in ("csv", "xlsx"):
        raise NotFound
    return send_from_directory(EXAMPLES, name, as_attachment=True)
