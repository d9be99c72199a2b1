"""Pages of citizens."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from markupsafe import Markup

from portal.base import clock
from portal.base.database import overwrite_deleted, transaction
from portal.base.errors import DomainError, StaleVersion
from portal.base.journal import JournalUnfit, JournalUnwritable
from portal.loop.citizens import doubles, entries, merging, queries, services
from portal.loop.citizens.forms import CitizenForm, EraseForm, FirstTalkForm
from portal.loop.citizens.models import Citizen, CitizenStatus
from portal.loop.citizens.timeline import TimelinePage, next_line, timeline_of
from portal.shared.accounts.queries import consultants
from portal.shared.audit.viewing import record_view
from portal.shared.outbox import services as outbox
from portal.shared.skills.translations import PhraseKind, translated
from portal.web import submissions
from portal.web.htmx import leave_to, render_page
from portal.web.links import LinkPurpose, portal_links
from portal.web.listing import (
    Listing,
    Sorts,
    all_rows,
    fill,
    read_listing,
    table_file,
    wanted_rows,
    wants_file,
)
from portal.web.paper.typesetting import qr_inline
from portal.web.permissions import Action, requires
from portal.web.rooms import rooms
from portal.web.timeline import Chapter, LineKind
from portal.web.whose import narrower_choices

bp = Blueprint("citizens", __name__, url_prefix="/citizens")

SORTS = Sorts(
    {
        "name": [Citizen.sort_name, Citizen.id],
        "case": [Citizen.case_reference, Citizen.id],
        "created": [Citizen.created_at, Citizen.id],
    },
    default="name",
)
LINES_SHOWN = 15
"""Of the timeline on one page, which has more below it."""
TIMELINE = Sorts({"on": ()}, default="on", descending=True)
LOOK_SORTS = Sorts({"at": queries.LOOK_ORDER}, default="at", descending=True)


@bp.get("/")
@requires(Action.READ_CITIZENS)
def index() -> Response:
    listing = read_listing(SORTS, filters=("status", "consultant", "card"))
    statement = queries.citizen_list(current_user, words=listing.q, on=clock.today(), **listing.filters)
    rows = wanted_rows(listing, statement, SORTS)
    if wants_file():
        _log_list("citizens-exported", _("Liste hentet som fil"), rows)
        return _export(rows)
    _log_list("citizens-listed", _("Liste over borgere"), rows)
    return render_page(
        "citizens/index.html",
        fragment="citizen_list",
        listing=listing,
        statuses=CitizenStatus.choices(),
        consultants=[
            *narrower_choices(current_user, _l("Mine borgere"), _l("Mit teams borgere")),
            ("none", _("Ingen konsulent")),
            *[(user.id, user.name) for user in consultants(current_user.municipality_id)],
        ],
    )


def _log_list(action: str, purpose: str, rows: Any) -> None:
    people = (row.Citizen.id for row in rows)
    record_view(action, current_user.municipality, citizen_id=None, purpose=purpose, people=people)


def _export(rows: Any) -> Response:
    return table_file(
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
    holder_id = queries.holder_of_case(current_user.municipality_id, form.case_reference.data)
    if holder_id is not None:
        return _new_page(form, status=409, holder_id=holder_id)
    alike = doubles.lookalikes(current_user.municipality_id, _described(form), told=form.others.data)
    if alike:
        return _new_page(form, status=409, alike=alike)
    chosen = form.consultant_id.data
    consultant = next((user for user in consultants(current_user.municipality_id) if user.id == chosen), None)
    try:
        with transaction():
            citizen = services.create_citizen(
                municipality_id=current_user.municipality_id,
                case_reference=form.case_reference.data,
                first_name=form.first_name.data or "",
                last_name=form.last_name.data or "",
                born=form.born.data,
                phone=form.phone.data,
                consultant=consultant,
                others=_others(form),
                by=current_user,
                at=clock.now(),
            )
            services.choose_language(citizen, form.language.data, by=current_user, at=clock.now())
    except services.CaseReferenceTaken as taken:
        return _new_page(form, status=409, holder_id=taken.holder_id)
    flash(_("Borgeren er oprettet."), "success")
    return leave_to(url_for("citizens.detail", citizen_id=citizen.id))


def _new_page(
    form: CitizenForm,
    *,
    status: int = 200,
    alike: Sequence[doubles.Lookalike] = (),
    holder_id: int | None = None,
) -> Response:
    return render_page(
        "citizens/form.html",
        fragment="content",
        status=status,
        form=form,
        citizen=None,
        stale=None,
        asked=_asked(form, alike),
        holder=_holder(form, holder_id),
    )


def _described(form: CitizenForm) -> doubles.Described:
    return doubles.Described(
        form.first_name.data or "",
        form.last_name.data or "",
        form.born.data,
        form.phone.data,
        form.case_reference.data or "",
    )


def _others(form: CitizenForm) -> set[int]:
    """Of those somebody said are another the ones that she may see: a key is typed as easily as a name."""
    return queries.seen_among(current_user, form.others.data or ())


def _asked(form: CitizenForm, alike: Sequence[doubles.Lookalike]) -> dict[str, Any] | None:
    """The question the form shows: who looks the same, and what its no would say; whoever is shown has been seen."""
    if not alike:
        return None
    people = [one.citizen_id for one in alike]
    record_view(
        "citizens-listed",
        current_user.municipality,
        citizen_id=None,
        purpose=_("Liste over borgere"),
        people=people,
    )
    return {
        "alike": alike,
        "others": ",".join(str(key) for key in sorted({*people, *(form.others.data or ())})),
    }


def _holder(form: CitizenForm, citizen_id: int | None) -> Citizen | None:
    """Who has the case number already, said beside the field; a link to her is a look at her."""
    if citizen_id is None:
        return None
    form.case_reference.errors = [str(services.CaseReferenceTaken.message)]
    citizen = queries.citizen_for(current_user, citizen_id)
    _look(citizen, _("Opslag på din sag"))
    return citizen


def _citizen_form(citizen: Citizen | None) -> CitizenForm:
    form = CitizenForm(obj=citizen)
    return form.offer(consultants(current_user.municipality_id))


@bp.get("/<int:citizen_id>")
@requires(Action.READ_CITIZENS)
def detail(citizen_id: int) -> Any:
    kept_id = merging.kept_of(citizen_id)
    if kept_id is not None:
        return redirect(
            url_for("citizens.detail", citizen_id=queries.citizen_for(current_user, kept_id).id), 303
        )
    citizen = queries.citizen_for(current_user, citizen_id)
    _look(citizen, _("Opslag på din sag"))
    listing, chapters = read_listing(TIMELINE, filters=("kind",)), rooms().chapters(current_user)
    listing.per_page = LINES_SHOWN
    return render_page(
        "citizens/detail.html",
        fragment="timeline",
        citizen=citizen,
        card=queries.card_of(citizen),
        login_code=queries.login_code_of(citizen, at=clock.now()),
        talk=queries.first_talk_of(citizen),
        listing=_timeline(citizen, listing, chapters),
        kinds=[(kind.value, kind.label) for kind in LineKind if kind in {one.kind for one in chapters}],
        coming=next_line(citizen.id, chapters, on=clock.today()),
        today=clock.today(),
    )


def _timeline(citizen: Citizen, listing: Listing, chapters: Sequence[Chapter]) -> Listing:
    def page() -> TimelinePage:
        return timeline_of(
            citizen.id,
            chapters,
            kind=listing.filters["kind"],
            limit=listing.per_page,
            offset=(listing.page - 1) * listing.per_page,
        )

    shown = page()
    if not shown.rows and listing.page > 1:
        listing.page = 1
        shown = page()
    listing.items, listing.total = shown.rows, shown.total
    return listing


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
    holder_id = _other_holder(citizen, form)
    if holder_id is not None:
        return _edit_page(citizen, form, status=409, holder_id=holder_id)
    alike = _alike(citizen, form)
    if alike:
        return _edit_page(citizen, form, status=409, alike=alike)
    try:
        with transaction():
            services.edit_citizen(
                citizen,
                _details(form),
                others=_others(form),
                seen_version=form.seen_version,
                by=current_user,
                at=clock.now(),
            )
    except StaleVersion as stale:
        form.accept_version(citizen.version)
        return _edit_page(citizen, form, status=409, stale=stale)
    except services.CaseReferenceTaken as taken:
        return _edit_page(citizen, form, status=409, holder_id=taken.holder_id)
    flash(_("Oplysningerne er gemt."), "success")
    return leave_to(url_for("citizens.detail", citizen_id=citizen.id))


def _other_holder(citizen: Citizen, form: CitizenForm) -> int | None:
    """Who has the case number that is written now, where it is not the one that stood."""
    typed = form.case_reference.data or ""
    if typed == citizen.case_reference:
        return None
    return queries.holder_of_case(citizen.municipality_id, typed, but=citizen.id)


def _alike(citizen: Citizen, form: CitizenForm) -> list[doubles.Lookalike]:
    """Who looks like what is written now; nobody is asked about who she was all along."""
    told = _described(form)
    as_it_stands = doubles.Described(
        citizen.first_name, citizen.last_name, citizen.born, citizen.phone, citizen.case_reference
    )
    if told.is_as(as_it_stands):
        return []
    return doubles.lookalikes(citizen.municipality_id, told, but=citizen.id, told=form.others.data)


def _details(form: CitizenForm) -> services.CitizenDetails:
    return services.CitizenDetails(
        case_reference=form.case_reference.data or "",
        first_name=form.first_name.data or "",
        last_name=form.last_name.data or "",
        born=form.born.data,
        phone=form.phone.data,
        consultant_id=form.consultant_id.data,
        language=form.language.data,
    )


def _edit_page(
    citizen: Citizen,
    form: CitizenForm,
    *,
    status: int = 200,
    stale: DomainError | None = None,
    alike: Sequence[doubles.Lookalike] = (),
    holder_id: int | None = None,
) -> Response:
    _look(citizen, _("Rettelse af dine oplysninger"))
    return render_page(
        "citizens/form.html",
        fragment="content",
        status=status,
        form=form,
        citizen=citizen,
        stale=stale.message if stale else None,
        asked=_asked(form, alike),
        holder=_holder(form, holder_id),
    )


@bp.route("/<int:citizen_id>/first-talk", methods=["GET", "POST"])
@requires(Action.MANAGE_CITIZENS)
def first_talk(citizen_id: int) -> Any:
    """When somebody first talked with her: what the wait of citizens is counted to, if no card was begun before."""
    citizen = queries.citizen_for(current_user, citizen_id)
    form, talk = FirstTalkForm(), queries.first_talk_of(citizen)
    form.today = clock.today()
    if not form.is_submitted():
        form.held_on.data = talk.held_on if talk else clock.today()
        return _first_talk_page(citizen, form)
    if not form.validate():
        return _first_talk_page(citizen, form, status=422)
    try:
        with transaction():
            services.note_first_talk(citizen, held_on=form.held_on.data, by=current_user, at=clock.now())
    except (services.TalkTooEarly, services.TalkAhead) as refusal:
        form.held_on.errors = [str(refusal.message)]
        return _first_talk_page(citizen, form, status=409)
    flash(_("Samtalen er skrevet ned."), "success")
    return leave_to(url_for("citizens.detail", citizen_id=citizen_id))


def _first_talk_page(citizen: Citizen, form: FirstTalkForm, *, status: int = 200) -> Response:
    _look(citizen, _("Opslag på din sag"))
    return render_page(
        "citizens/first_talk.html", fragment="content", status=status, form=form, citizen=citizen
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
    if wants_file():
        columns = [
            (_("Dag"), lambda row: row.day),
            (_("Gange"), lambda row: row.times),
            (_("Sidst"), lambda row: row.latest),
            (_("Hvem"), lambda row: row.unit),
            (_("Med link"), lambda row: row.by_link),
            (_("Hvorfor"), lambda row: row.purpose),
        ]
        return table_file("hvem-har-set-mit-kort", columns, all_rows(listing, statement, LOOK_SORTS))
    return render_page(
        "citizens/looks.html", fragment="look_list", listing=fill(listing, statement, LOOK_SORTS)
    )
