"""Pages of contacts with employers: the list, one contact, and what comes next."""

from typing import Any, Final

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.base.alphabet import alphabetical
from portal.base.database import transaction
from portal.base.errors import DomainError, StaleVersion
from portal.base.recorded_days import RecordedAhead
from portal.loop.employers.models import Employer
from portal.loop.employers.queries import employer_for
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Sorts, read_listing, table_file, wanted_rows, wants_file
from portal.web.local_paths import safe_local_path
from portal.web.permissions import Action, requires
from portal.web.whose import narrower_choices
from portal.workspaces.contacts import queries, services
from portal.workspaces.contacts.forms import (
    CorrectedContactForm,
    EmployerContactForm,
    MoveStepForm,
    StrikeContactForm,
)
from portal.workspaces.contacts.models import ContactKind, EmployerContact, EmployerProspect

bp = Blueprint("contacts", __name__, url_prefix="/contacts")

SORTS: Final = Sorts(
    {
        "day": [EmployerContact.happened_on, EmployerContact.id],
        "employer": [alphabetical(queries.COMPANY), EmployerContact.id],
        "kind": [EmployerContact.kind, EmployerContact.id],
        "next": [queries.WITHOUT_A_STEP, EmployerContact.next_on, EmployerContact.id],
    },
    default="day",
    descending=True,
)


@bp.get("/")
@requires(Action.MANAGE_EMPLOYERS)
def index() -> Response:
    """All contacts of the municipality, the newest first."""
    listing, today = read_listing(SORTS, filters=("whose", "kind", "step", "state")), clock.today()
    statement = queries.contact_list(current_user, today, words=listing.q, **listing.filters)
    rows = wanted_rows(listing, statement, SORTS)
    if wants_file():
        return table_file("kontakter", _COLUMNS, rows)
    return render_page(
        "contacts/index.html",
        fragment="contact_list",
        listing=listing,
        kinds=ContactKind.choices(),
        whose=narrower_choices(current_user),
        steps=[
            (queries.LATE, _("For sent")),
            (queries.WEEK, _("De næste 7 dage")),
            (queries.OPEN, _("Alle, der venter")),
            (queries.DONE, _("Gjort")),
        ],
        address_of=address_of,
        states=[(queries.STRUCK, _("Streget ud"))],
        today=today,
    )


_COLUMNS: Final = [
    (_l("Dag"), lambda one: one.happened_on),
    (_l("Virksomhed"), lambda one: one.company.name),
    (_l("Hvad det var"), lambda one: one.kind.label),
    (_l("Talte med"), lambda one: one.spoke_with),
    (_l("Hvad der blev sagt"), lambda one: one.words),
    (_l("Det næste"), lambda one: one.next_step),
    (_l("Dag for næste skridt"), lambda one: one.next_on),
    (_l("Gjort"), lambda one: one.next_done_at),
    (_l("Skrevet af"), lambda one: one.written_by.name),
]


@bp.route("/employers/<int:employer_id>/new", methods=["GET", "POST"])
@requires(Action.MANAGE_EMPLOYERS)
def new(employer_id: int) -> Response:
    return write(employer_for(current_user, employer_id))


def write(company: Employer | EmployerProspect) -> Response:
    """One more contact, and back to the company's page."""
    form = EmployerContactForm(today=clock.today(), happened_on=clock.today())
    if not form.is_submitted():
        return _form_page(form, company)
    if not form.validate():
        return _form_page(form, company, status=422)
    try:
        with transaction():
            services.write_contact(company, form.line, by=current_user, at=clock.now())
    except DomainError as error:
        return _form_page(form, company, status=409, refusal=_beside_a_field(form, error))
    flash(_("Kontakten er gemt."), "success")
    return leave_to(address_of(company))


def address_of(company: Employer | EmployerProspect) -> str:
    """The company's own page; of a neighbour's, which only its own municipality opens, all that was said with it."""
    if company.municipality_id != current_user.municipality_id:
        return url_for("contacts.index", q=company.name)
    if isinstance(company, Employer):
        return url_for("employers.detail", employer_id=company.id)
    return url_for("prospects.detail", prospect_id=company.id)


def _trail(company: Employer | EmployerProspect) -> list[tuple[str, str]]:
    if isinstance(company, Employer):
        return [(_("Virksomheder"), url_for("employers.index")), (company.name, address_of(company))]
    return [(_("Mulige virksomheder"), url_for("prospects.index")), (company.name, address_of(company))]


def address_to_write(company: Employer | EmployerProspect) -> str:
    if isinstance(company, Employer):
        return url_for("contacts.new", employer_id=company.id)
    return url_for("prospects.write", prospect_id=company.id)


def _people_of(company: Employer | EmployerProspect) -> list[str]:
    """Whom one may have spoken with."""
    if isinstance(company, Employer):
        return [contact.name for contact in company.contacts]
    return [company.contact_name] if company.contact_name else []


@bp.get("/<int:employer_contact_id>")
@requires(Action.MANAGE_EMPLOYERS)
def detail(employer_contact_id: int) -> Response:
    return _detail_page(queries.contact_line_for(current_user, employer_contact_id))


def _detail_page(
    contact: EmployerContact,
    *,
    striking: StrikeContactForm | None = None,
    moving: MoveStepForm | None = None,
    status: int = 200,
) -> Response:
    return render_page(
        "contacts/detail.html",
        fragment="contact_page",
        status=status,
        contact=contact,
        trail=_trail(contact.company),
        earlier=queries.earlier_wordings(contact),
        mine=contact.written_by_id == current_user.id,
        striking=striking or StrikeContactForm(),
        moving=moving or MoveStepForm(next_on=contact.next_on),
        today=clock.today(),
    )


@bp.route("/<int:employer_contact_id>/edit", methods=["GET", "POST"])
@requires(Action.MANAGE_EMPLOYERS)
def edit(employer_contact_id: int) -> Response:
    contact = queries.contact_line_for(current_user, employer_contact_id)
    form = CorrectedContactForm(obj=contact, today=clock.today())
    if not form.is_submitted():
        return _form_page(form, contact.company, contact)
    if not form.validate():
        return _form_page(form, contact.company, contact, status=422)
    try:
        with transaction():
            services.correct_contact(
                contact, form.line, seen_version=form.seen_version, by=current_user, at=clock.now()
            )
    except StaleVersion as error:
        form.accept_version(contact.version)
        return _form_page(form, contact.company, contact, status=409, refusal=error)
    except DomainError as error:
        return _form_page(form, contact.company, contact, status=409, refusal=_beside_a_field(form, error))
    flash(_("Kontakten er rettet. Det, der stod før, er gemt."), "success")
    return leave_to(url_for("contacts.detail", employer_contact_id=contact.id))


def _beside_a_field(form: EmployerContactForm, error: DomainError) -> DomainError | None:
    """Put what was refused where it can be mended; None when it stands there."""
    places = {RecordedAhead: form.happened_on, services.NextStepBeforeContact: form.next_on}
    field = places.get(type(error))
    if field is None:
        return error
    field.errors = [*field.errors, str(error.message)]
    return None


def _form_page(
    form: EmployerContactForm,
    company: Employer | EmployerProspect,
    contact: EmployerContact | None = None,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    return render_page(
        "contacts/form.html",
        fragment="content",
        status=status,
        form=form,
        company=company,
        trail=_trail(company),
        people=_people_of(company),
        action=url_for("contacts.edit", employer_contact_id=contact.id)
        if contact
        else address_to_write(company),
        back=url_for("contacts.detail", employer_contact_id=contact.id) if contact else address_of(company),
        contact=contact,
        refusal=refusal.message if refusal else None,
    )


@bp.post("/<int:employer_contact_id>/strike")
@requires(Action.MANAGE_EMPLOYERS)
def strike(employer_contact_id: int) -> Response:
    contact, form = queries.contact_line_for(current_user, employer_contact_id), StrikeContactForm()
    if not form.validate():
        return _detail_page(contact, striking=form, status=422)
    with transaction():
        services.strike_contact(contact, form.reason.data, by=current_user, at=clock.now())
    flash(_("Kontakten er streget ud. Den tæller ikke med mere."), "success")
    return leave_to(url_for("contacts.detail", employer_contact_id=employer_contact_id))


# --- What comes next -------------------------------------------------------------------------------------------


@bp.post("/<int:employer_contact_id>/step-done")
@requires(Action.MANAGE_EMPLOYERS)
def finish_step(employer_contact_id: int) -> Response:
    contact = queries.contact_line_for(current_user, employer_contact_id)
    with transaction():
        services.finish_next_step(contact, by=current_user, at=clock.now())
    flash(_("Det næste skridt er gjort."), "success")
    home = address_of(contact.company) + "#contact-lines"
    return leave_to(safe_local_path(request.form.get("back")) or home)


@bp.post("/<int:employer_contact_id>/step-again")
@requires(Action.MANAGE_EMPLOYERS)
def reopen_step(employer_contact_id: int) -> Response:
    contact = queries.contact_line_for(current_user, employer_contact_id)
    with transaction():
        services.reopen_next_step(contact, by=current_user, at=clock.now())
    flash(_("Det næste skridt venter igen."), "success")
    return leave_to(url_for("contacts.detail", employer_contact_id=employer_contact_id))


@bp.post("/<int:employer_contact_id>/step-moved")
@requires(Action.MANAGE_EMPLOYERS)
def move_step(employer_contact_id: int) -> Response:
    contact, form = queries.contact_line_for(current_user, employer_contact_id), MoveStepForm()
    if not form.validate():
        return _detail_page(contact, moving=form, status=422)
    try:
        with transaction():
            services.move_next_step(contact, form.next_on.data, by=current_user, at=clock.now())
    except services.NextStepBeforeContact as error:
        form.next_on.errors = [error.message]
        return _detail_page(contact, moving=form, status=409)
    flash(_("Det næste skridt er flyttet."), "success")
    return leave_to(url_for("contacts.detail", employer_contact_id=employer_contact_id))


# --- Beside an employer ----------------------------------------------------------------------------------------


def beside_employer(employer: Any, reader: Any) -> dict[str, Any] | None:
    """What was said and what comes next, to those who look after it: the employer and the leader read none of it."""
    if not reader.may(Action.MANAGE_EMPLOYERS):
        return None
    return said_with(employer, reader) | {"last_on": queries.last_talk_with(employer.id)}


def said_with(company: Employer | EmployerProspect, reader: Any) -> dict[str, Any]:
    """What the part of a company's page needs that tells of contacts and takes a new one."""
    today = clock.today()
    contacts, waiting = queries.latest_and_waiting(reader, company)
    return {
        "company": company,
        "people": _people_of(company),
        "action": address_to_write(company),
        "contacts": contacts,
        "waiting": waiting,
        "form": EmployerContactForm(formdata=None, today=today, happened_on=today),
        "today": today,
    }
