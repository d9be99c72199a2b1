"""Pages of citizens."""

from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from portal.base import clock
from portal.base.database import overwrite_deleted, transaction
from portal.base.errors import DomainError, StaleVersion
from portal.base.journal import JournalUnfit, JournalUnwritable
from portal.loop.citizens import entries, queries, services
from portal.loop.citizens.forms import CitizenForm, EraseForm
from portal.loop.citizens.models import Citizen, CitizenStatus
from portal.shared.accounts.queries import consultants
from portal.shared.audit.viewing import record_view
from portal.shared.outbox import services as outbox
from portal.shared.skills.translations import PhraseKind, translated
from portal.web import submissions
from portal.web.htmx import leave_to, render_page
from portal.web.links import LinkPurpose, portal_links
from portal.web.listing import Sorts, all_rows, csv_response, fill, read_listing, wanted_rows, wants_csv
from portal.web.paper.typesetting import qr_inline
from portal.web.permissions import Action, requires

bp = Blueprint("citizens", __name__, url_prefix="/citizens")

SORTS = Sorts(
    {
        "name": [Citizen.last_name, Citizen.first_name, Citizen.id],
        "case": [Citizen.case_reference, Citizen.id],
        "created": [Citizen.created_at, Citizen.id],
    },
    default="name",
)
LOOK_SORTS = Sorts({"at": queries.LOOK_ORDER}, default="at", descending=True)


@bp.get("/")
@requires(Action.READ_CITIZENS)
def index() -> Response:
    listing = read_listing(SORTS, filters=("status", "consultant", "card"))
    statement = queries.citizen_list(current_user, words=listing.q, **listing.filters)
    rows = wanted_rows(listing, statement, SORTS)
    if wants_csv():
        _log_list("citizens-exported", _("Liste hentet som fil"), rows)
        return _export(rows)
    _log_list("citizens-listed", _("Liste over borgere"), rows)
    return render_page(
        "citizens/index.html",
        fragment="citizen_list",
        listing=listing,
        statuses=CitizenStatus.choices(),
        consultants=[
            ("mine", _("Mine borgere")),
            ("none", _("Ingen konsulent")),
            *[(user.id, user.name) for user in consultants(current_user.municipality_id)],
        ],
    )


def _log_list(action: str, purpose: str, rows: Any) -> None:
    people = (row.Citizen.id for row in rows)
    record_view(action, current_user.municipality, citizen_id=None, purpose=purpose, people=people)


def _export(rows: Any) -> Response:
    return csv_response(
        "borgere",
        [
            (_("Navn"), lambda row: row.Citizen.name),
            (_("Sagsnummer"), lambda row: row.Citizen.case_reference),
            (_("Kort"), lambda row: row.card_number),
            (_("Konsulent"), lambda row: row.Citizen.consultant.name if row.Citizen.consultant else None),
            (_("Status"), lambda row: row.Citizen.status.label),
        ],
        rows,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_CITIZENS)
def new() -> Any:
    form = _citizen_form(None)
    if not form.is_submitted():
        form.consultant_id.data = current_user.id
        return _new_page(form)
    if not form.validate():
        return _new_page(form, status=422)
    chosen = form.consultant_id.data
    consultant = next((user for user in consultants(current_user.municipality_id) if user.id == chosen), None)
    try:
        with transaction():
            citizen = services.create_citizen(
                municipality_id=current_user.municipality_id,
                case_reference=form.case_reference.data,
                first_name=form.first_name.data,
                last_name=form.last_name.data,
                born_on=form.born_on.data,
                birth_year=form.birth_year.data,
                phone=form.phone.data,
                consultant=consultant,
                by=current_user,
                at=clock.now(),
            )
            services.choose_language(citizen, form.language.data, by=current_user, at=clock.now())
    except services.CaseReferenceTaken as taken:
        form.case_reference.errors = [str(taken.message)]
        return _new_page(form, status=409)
    flash(_("Borgeren er oprettet."), "success")
    return leave_to(url_for("citizens.detail", citizen_id=citizen.id))


def _new_page(form: CitizenForm, *, status: int = 200) -> Response:
    return render_page(
        "citizens/form.html", fragment="content", status=status, form=form, citizen=None, stale=None
    )


def _citizen_form(citizen: Citizen | None) -> CitizenForm:
    form = CitizenForm(obj=citizen)
    return form.offer(consultants(current_user.municipality_id), today=clock.today())


@bp.get("/<int:citizen_id>")
@requires(Action.READ_CITIZENS)
def detail(citizen_id: int) -> Response:
    citizen = queries.citizen_for(current_user, citizen_id)
    _look(citizen, _("Opslag på din sag"))
    return render_page(
        "citizens/detail.html",
        fragment="content",
        citizen=citizen,
        card=queries.card_of(citizen),
        login_code=queries.login_code_of(citizen, at=clock.now()),
    )


def _look(citizen: Citizen, purpose: str) -> None:
    record_view("citizen-read", citizen, citizen_id=citizen.id, purpose=purpose)


@bp.route("/<int:citizen_id>/edit", methods=["GET", "POST"])
@requires(Action.MANAGE_CITIZENS)
def edit(citizen_id: int) -> Any:
    citizen = queries.citizen_for(current_user, citizen_id)
    form = _citizen_form(citizen)
    if not form.is_submitted():
        return _edit_page(citizen, form)
    if not form.validate():
        return _edit_page(citizen, form, status=422)
    try:
        with transaction():
            services.edit_citizen(
                citizen,
                _details(form),
                seen_version=form.seen_version,
                by=current_user,
                at=clock.now(),
            )
    except StaleVersion as stale:
        form.accept_version(citizen.version)
        return _edit_page(citizen, form, status=409, stale=stale)
    except services.CaseReferenceTaken as taken:
        form.case_reference.errors = [str(taken.message)]
        return _edit_page(citizen, form, status=409)
    flash(_("Oplysningerne er gemt."), "success")
    return leave_to(url_for("citizens.detail", citizen_id=citizen.id))


def _details(form: CitizenForm) -> services.CitizenDetails:
    return services.CitizenDetails(
        case_reference=form.case_reference.data or "",
        first_name=form.first_name.data or "",
        last_name=form.last_name.data or "",
        born_on=form.born_on.data,
        birth_year=form.birth_year.data,
        phone=form.phone.data,
        consultant_id=form.consultant_id.data,
        language=form.language.data,
    )


def _edit_page(
    citizen: Citizen, form: CitizenForm, *, status: int = 200, stale: DomainError | None = None
) -> Response:
    _look(citizen, _("Rettelse af dine oplysninger"))
    return render_page(
        "citizens/form.html",
        fragment="content",
        status=status,
        form=form,
        citizen=citizen,
        stale=stale.message if stale else None,
    )


@bp.post("/<int:citizen_id>/passive")
@requires(Action.MANAGE_CITIZENS)
def set_passive(citizen_id: int) -> Any:
    citizen = queries.citizen_for(current_user, citizen_id)
    with transaction():
        services.set_passive(citizen, by=current_user, at=clock.now())
    flash(_("Borgeren er passiv og får ingen forslag."), "success")
    return redirect(url_for("citizens.detail", citizen_id=citizen_id), 303)


@bp.post("/<int:citizen_id>/active")
@requires(Action.MANAGE_CITIZENS)
def set_active(citizen_id: int) -> Any:
    citizen = queries.citizen_for(current_user, citizen_id)
    with transaction():
        services.set_active(citizen, by=current_user, at=clock.now())
    flash(_("Borgeren er aktiv igen og kan få forslag."), "success")
    return redirect(url_for("citizens.detail", citizen_id=citizen_id), 303)


@bp.post("/<int:citizen_id>/login-code")
@requires(Action.MANAGE_CITIZENS)
def give_login_code(citizen_id: int) -> Response:
    """The sheet is the answer itself: the code is stored nowhere, so it can be shown only now."""
    citizen = queries.citizen_for(current_user, citizen_id)
    lifetime, now = current_app.config["LOGIN_CODE_LIFETIME"], clock.now()
    with transaction():
        code = services.give_login_code(citizen, lifetime=lifetime, by=current_user, at=now)
    _look(citizen, _("Login-kode til dig"))
    submissions.show_once(url_for("citizens.detail", citizen_id=citizen.id))
    base = current_app.config["PORTAL_BASE_URL"]
    link = base + url_for("mine.enter", token=_code_page_token(citizen, now + lifetime))
    return render_page(
        "citizens/login_sheet.html",
        fragment="content",
        citizen=citizen,
        code=code,
        address=base + url_for("accounts.login_code"),
        qr=Markup(qr_inline(link)),  # noqa: S704 - our own drawing of an address
        in_her_language=translated(PhraseKind.PAGE, "enter_code", citizen.language)
        if citizen.language
        else None,
        expires_at=now + lifetime,
    )


def _code_page_token(citizen: Citizen, expires_at: datetime) -> str:
    """Names her language and nobody: whoever finds the paper learns no more than from reading it."""
    return portal_links().sign(LinkPurpose.CODE_PAGE, citizen.language or "da", expires_at=expires_at)


@bp.post("/<int:citizen_id>/login-code/withdraw")
@requires(Action.MANAGE_CITIZENS)
def withdraw_login_code(citizen_id: int) -> Any:
    citizen = queries.citizen_for(current_user, citizen_id)
    with transaction():
        services.withdraw_login_code(citizen, by=current_user, at=clock.now())
    flash(_("Koden virker ikke længere."), "success")
    return redirect(url_for("citizens.detail", citizen_id=citizen_id), 303)


@bp.route("/<int:citizen_id>/erase", methods=["GET", "POST"])
@requires(Action.MANAGE_CITIZENS)
def erase(citizen_id: int) -> Any:
    citizen = queries.citizen_for(current_user, citizen_id)
    form = EraseForm().expect(citizen.case_reference)
    if not form.is_submitted():
        return _erase_page(citizen, form)
    if not form.validate():
        return _erase_page(citizen, form, status=422)
    with transaction():
        journal = current_app.config["JOURNAL"]
        number = services.erase_citizen(citizen, journal=journal, by=current_user, at=clock.now())
    if not overwrite_deleted():
        current_app.logger.warning("the database's log could not be emptied after an erasure")
    if current_app.config["PORTAL_MAIL"] == "folder":
        outbox.tidy_folder(Path(current_app.config["PORTAL_MAIL_FOLDER"]))
    try:
        entries.note_done(number, journal=journal, at=clock.now())
    except (JournalUnfit, JournalUnwritable):  # she is erased; the worker tells the journal later
        current_app.logger.warning("an erasure's outcome could not be written in the journal")
    flash(_("Borgeren er slettet."), "success")
    return leave_to(url_for("citizens.index"))


def _erase_page(citizen: Citizen, form: EraseForm, *, status: int = 200) -> Response:
    _look(citizen, _("Sletning af dine oplysninger"))
    return render_page("citizens/erase.html", fragment="content", status=status, citizen=citizen, form=form)


@bp.get("/looks")
@requires(Action.READ_OWN_CARD)
def looks() -> Response:
    """The citizen's own list of who looked at her, when and why, grouped by day."""
    citizen = queries.citizen_of(current_user)
    listing = read_listing(LOOK_SORTS)
    statement = queries.looks_at(citizen, words=listing.q)
    if wants_csv():
        columns = [
            (_("Dag"), lambda row: row.day),
            (_("Gange"), lambda row: row.times),
            (_("Sidst"), lambda row: row.latest),
            (_("Hvem"), lambda row: row.unit),
            (_("Med link"), lambda row: row.by_link),
            (_("Hvorfor"), lambda row: row.purpose),
        ]
        return csv_response("hvem-har-set-mit-kort", columns, all_rows(listing, statement, LOOK_SORTS))
    return render_page(
        "citizens/looks.html", fragment="look_list", listing=fill(listing, statement, LOOK_SORTS)
    )
