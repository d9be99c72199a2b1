"""Pages of prospects: companies that somebody speaks with before they take part."""

from typing import Any, Final

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.base.alphabet import alphabetical
from portal.base.database import db, transaction
from portal.base.errors import DomainError, StaleVersion
from portal.loop.employers import people, queries, services, tending
from portal.loop.employers.models import Employer
from portal.loop.employers.tending_forms import NewEmployerForm
from portal.loop.employers.tending_views import new_employer_page, take_in_by
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Sorts, read_listing, table_file, wanted_rows, wants_file
from portal.web.permissions import Action, requires
from portal.workspaces.contacts import prospecting
from portal.workspaces.contacts.forms import JoinProspectForm, ProspectForm
from portal.workspaces.contacts.models import EmployerProspect
from portal.workspaces.contacts.queries import prospect_for, prospect_list
from portal.workspaces.contacts.views import address_of, said_with
from portal.workspaces.contacts.views import write as write_contact

bp = Blueprint("prospects", __name__, url_prefix="/prospects")

SORTS: Final = Sorts(
    {
        "name": [alphabetical(EmployerProspect.name), EmployerProspect.id],
        "since": [EmployerProspect.created_at, EmployerProspect.id],
    },
    default="name",
)
_COLUMNS: Final = [
    (_l("Virksomhed"), lambda row: row.EmployerProspect.name),
    (_l("CVR-nummer"), lambda row: row.EmployerProspect.cvr),
    (_l("Hvad de laver"), lambda row: row.EmployerProspect.line_of_work),
    (_l("Telefon"), lambda row: row.EmployerProspect.phone),
    (_l("Kontaktperson"), lambda row: row.EmployerProspect.contact_name),
    (_l("E-mail"), lambda row: row.EmployerProspect.contact_email),
    (_l("Sidst talt med"), lambda row: row.talked_on),
    (_l("Det næste"), lambda row: row.next_on),
]


@bp.get("/")
@requires(Action.MANAGE_EMPLOYERS)
def index() -> Response:
    listing = read_listing(SORTS)
    rows = wanted_rows(listing, prospect_list(current_user, words=listing.q), SORTS)
    if wants_file():
        return table_file("mulige-virksomheder", _COLUMNS, rows)
    return render_page(
        "contacts/prospects.html", fragment="prospect_list", listing=listing, today=clock.today()
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_EMPLOYERS)
def new() -> Response:
    form = ProspectForm()
    if not form.is_submitted():
        return _form_page(form)
    if not form.validate():
        return _form_page(form, status=422)
    try:
        with transaction():
            prospect = prospecting.add_prospect(
                current_user.municipality_id, form.details, by=current_user, at=clock.now()
            )
    except (services.EmployerKnown, prospecting.ProspectKnown) as error:
        form.cvr.errors = [error.message]
        return _form_page(form, status=409)
    flash(_("%(name)s er skrevet op.", name=prospect.name), "success")
    return leave_to(url_for("prospects.detail", prospect_id=prospect.id))


@bp.get("/<int:prospect_id>")
@requires(Action.MANAGE_EMPLOYERS)
def detail(prospect_id: int) -> Response:
    return _detail_page(prospect_for(current_user, prospect_id))


def _detail_page(
    prospect: EmployerProspect, joining: JoinProspectForm | None = None, *, status: int = 200
) -> Response:
    return _gone_on(prospect) or render_page(
        "contacts/prospect.html",
        fragment="prospect_page",
        status=status,
        prospect=prospect,
        shown=said_with(prospect, current_user),
        joining=joining or _join_form(),
    )


def _gone_on(prospect: EmployerProspect) -> Response | None:
    """To the employer that it became; None while it takes no part."""
    return None if prospect.employer is None else leave_to(address_of(prospect.employer))


def _join_form() -> JoinProspectForm:
    return JoinProspectForm(employers=db.session.scalars(queries.employers_seen_by(current_user)).all())


@bp.route("/<int:prospect_id>/contacts", methods=["GET", "POST"])
@requires(Action.MANAGE_EMPLOYERS)
def write(prospect_id: int) -> Response:
    prospect = prospect_for(current_user, prospect_id)
    return write_contact(prospect.employer or prospect)


@bp.route("/<int:prospect_id>/edit", methods=["GET", "POST"])
@requires(Action.MANAGE_EMPLOYERS)
def edit(prospect_id: int) -> Response:
    prospect = prospect_for(current_user, prospect_id)
    form = ProspectForm(obj=prospect)
    if not form.is_submitted():
        return _gone_on(prospect) or _form_page(form, prospect)
    if not form.validate():
        return _form_page(form, prospect, status=422)
    try:
        with transaction():
            prospecting.edit_prospect(
                prospect, form.details, seen_version=form.seen_version, by=current_user, at=clock.now()
            )
    except StaleVersion as error:
        form.accept_version(prospect.version)
        return _form_page(form, prospect, status=409, refusal=error)
    except (services.EmployerKnown, prospecting.ProspectKnown) as error:
        form.cvr.errors = [error.message]
        return _form_page(form, prospect, status=409)
    flash(_("Oplysningerne er gemt."), "success")
    return leave_to(url_for("prospects.detail", prospect_id=prospect_id))


def _form_page(
    form: ProspectForm,
    prospect: EmployerProspect | None = None,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    return render_page(
        "contacts/prospect_form.html",
        fragment="content",
        status=status,
        form=form,
        prospect=prospect,
        refusal=refusal.message if refusal else None,
    )


# --- It takes part, or comes to nothing ------------------------------------------------------------------------


@bp.route("/<int:prospect_id>/take-in", methods=["GET", "POST"])
@requires(Action.MANAGE_EMPLOYERS)
def take_in(prospect_id: int) -> Any:
    """The form of a new employer, with what is known of the prospect; its contacts go along."""
    prospect = prospect_for(current_user, prospect_id)
    form = NewEmployerForm(data=_known_of(prospect))
    form.explain(queries.months_averaged(clock.today(), current_user.municipality_id))
    url = url_for("prospects.take_in", prospect_id=prospect_id)
    back = url_for("prospects.detail", prospect_id=prospect_id)
    if not form.is_submitted():
        return _gone_on(prospect) or new_employer_page(form, action=url, back=back)
    if not form.validate():
        return new_employer_page(form, action=url, back=back, status=422)
    try:
        with transaction():
            prospecting.hold(prospect)  # a colleague may have taken it in while the form stood open
            employer = take_in_by(form)
            db.session.refresh(prospect)
            if prospect.employer_id is None:  # it was written without the CVR number
                prospecting.join_prospect(prospect, employer, by=current_user, at=clock.now())
    except (services.EmployerKnown, tending.RegistrationWaits):
        return new_employer_page(form, action=url, back=back, status=409)
    except (people.EmailInUse, people.ContactWaits) as refusal:
        form.contact_email.errors = [refusal.message]
        return new_employer_page(form, action=url, back=back, status=409)
    flash(_("%(name)s er oprettet. Det, I har talt om, står på siden.", name=employer.name), "success")
    return leave_to(url_for("employers.detail", employer_id=employer.id))


def _known_of(prospect: EmployerProspect) -> dict[str, Any]:
    return {
        "cvr": prospect.cvr or "",
        "company_name": prospect.name,
        "contact_name": prospect.contact_name,
        "contact_email": prospect.contact_email,
        "contact_phone": prospect.phone,
    }


@bp.post("/<int:prospect_id>/join")
@requires(Action.MANAGE_EMPLOYERS)
def join(prospect_id: int) -> Response:
    """It is an employer that is here already, or that registered under another name."""
    prospect, form = prospect_for(current_user, prospect_id), _join_form()
    if not form.validate():
        return _detail_page(prospect, form, status=422)
    employer: Employer = queries.employer_for(current_user, form.employer_id.data)
    with transaction():
        prospecting.join_prospect(prospect, employer, by=current_user, at=clock.now())
    flash(_("Det, I har talt om, står nu her."), "success")
    return leave_to(url_for("employers.detail", employer_id=employer.id))


@bp.post("/<int:prospect_id>/drop")
@requires(Action.MANAGE_EMPLOYERS)
def drop(prospect_id: int) -> Response:
    prospect = prospect_for(current_user, prospect_id)
    name = prospect.name
    with transaction():
        prospecting.drop_prospect(prospect, by=current_user, at=clock.now())
    flash(_("%(name)s er slettet.", name=name), "success")
    return leave_to(url_for("prospects.index"))
