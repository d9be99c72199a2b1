"""Pages of employers: the consultant's list, and the employer's own page."""

from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from flask import Response, current_app, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.terms import Industry
from portal.loop.employers import access_review, people_queries, queries, services
from portal.loop.employers.forms import (
    ContactForm,
    EmployerForm,
    RepresentativeForm,
    StaffForm,
    WorkplaceForm,
)
from portal.loop.employers.models import ContactPerson, Employer, EmployerStatus, Sector
from portal.loop.employers.outlook import ratio_outlooks
from portal.loop.employers.pages import bp as bp
from portal.web.forms import PortalForm
from portal.web.htmx import leave_to, render_page
from portal.web.links import LinkPurpose, portal_links
from portal.web.listing import Sorts, all_rows, csv_response, fill, read_listing, wants_csv
from portal.web.permissions import Action, requires

REFERRAL_LIFETIME: Final = timedelta(days=365)
"""It opens nothing but an empty form, so it may lie in a drawer."""

SORTS = Sorts(
    {
        "name": [Employer.name, Employer.id],
        "cvr": [Employer.cvr],
        "industry": [Employer.industry, Employer.name, Employer.id],
        "status": [Employer.status, Employer.name, Employer.id],
        "since": [Employer.approved_at, Employer.id],
    },
    default="name",
)


def _heads_of(employer: Employer) -> int | None:
    """None as soon as one workplace has not said."""
    said = [place.heads for place in employer.workplaces]
    return None if None in said else sum(filter(None, said))


_COLUMNS = [
    (_l("Virksomhed"), lambda employer: employer.name),
    (_l("CVR-nummer"), lambda employer: employer.cvr),
    (_l("Fag"), lambda employer: employer.industry.label),
    (_l("Status"), lambda employer: employer.status.label),
    (_l("P-numre"), lambda employer: "; ".join(place.p_number for place in employer.workplaces)),
    (
        _l("Ansatte, omregnet til fuldtid"),
        lambda employer: float(sum(place.full_time_staff for place in employer.workplaces)),
    ),
    (_l("Personer"), _heads_of),
    (_l("Med siden"), lambda employer: employer.approved_at),
]

# --- The consultant's list ---------------------------------------------------------------------------------


@bp.get("/")
@requires(Action.READ_EMPLOYERS)
def index() -> Response:
    listing = read_listing(SORTS, filters=("status", "industry", "access"))
    statement = queries.employer_list(current_user, words=listing.q, **listing.filters)
    if wants_csv():
        return csv_response("virksomheder", _COLUMNS, all_rows(listing, statement, SORTS))
    fill(listing, statement, SORTS)
    return render_page(
        "employers/index.html",
        fragment="employer_list",
        listing=listing,
        statuses=EmployerStatus.choices(),
        industries=Industry.choices(),
        waiting=people_queries.awaiting_municipality(current_user, clock.today()),
    )


@bp.get("/<int:employer_id>")
@requires(Action.READ_EMPLOYERS)
def detail(employer_id: int) -> Response:
    employer = queries.employer_for(current_user, employer_id)
    return render_page(
        "employers/detail.html",
        fragment="employer_detail",
        employer=employer,
        standing=queries.ratio_standing(employer.workplaces, clock.today(), employer.municipality_id),
        outlooks=ratio_outlooks(employer.workplaces, clock.today()),
        passive=employer.status is EmployerStatus.PASSIVE,
        review=access_review.open_review(employer.id),
        remove=_removal_address if current_user.may(Action.MANAGE_EMPLOYERS) else None,
    )


def _removal_address(contact: ContactPerson) -> str:
    return url_for("employers.remove_contact", employer_id=contact.employer_id, contact_id=contact.id)


@bp.post("/<int:employer_id>/passive")
@requires(Action.MANAGE_EMPLOYERS)
def set_passive(employer_id: int) -> Any:
    employer = queries.employer_for(current_user, employer_id)
    with transaction():
        services.set_passive(employer, by=current_user, at=clock.now())
    flash(_("%(name)s er sat på pause. Åbne forslag er lukket.", name=employer.name), "success")
    return redirect(url_for("employers.detail", employer_id=employer_id), 303)


@bp.post("/<int:employer_id>/active")
@requires(Action.MANAGE_EMPLOYERS)
def set_active(employer_id: int) -> Any:
    employer = queries.employer_for(current_user, employer_id)
    with transaction():
        services.set_active(employer, by=current_user, at=clock.now())
    flash(_("%(name)s er aktiv igen.", name=employer.name), "success")
    return redirect(url_for("employers.detail", employer_id=employer_id), 303)


# --- The employer's own page -----------------------------------------------------------------------------------


@bp.get("/own")
@requires(Action.READ_OWN_EMPLOYER)
def own() -> Response:
    employer = queries.own_employer(current_user)
    if employer is None:
        registration = queries.registration_of(current_user)
        return render_page("employers/pending.html", fragment="pending_page", registration=registration)
    return render_page(
        "employers/own.html",
        fragment="own_employer",
        employer=employer,
        standing=queries.ratio_standing(employer.workplaces, clock.today(), employer.municipality_id),
        invitations=queries.invitations_of(employer, clock.now()),
        remove=lambda contact: url_for("employers.remove_colleague", contact_id=contact.id),
        review=access_review.open_review(employer.id),
        wishes=people_queries.wishes_to_join(employer),
        referral=_referral_address(employer),
        outlooks=ratio_outlooks(employer.workplaces, clock.today()),
    )


def _referral_address(employer: Employer) -> str:
    token = portal_links().sign(LinkPurpose.REFERRAL, employer.id, expires_at=clock.now() + REFERRAL_LIFETIME)
    path = url_for("employers.register", recommended=token)
    return str(current_app.config["PORTAL_BASE_URL"] + path)


@bp.route("/own/contact", methods=["GET", "POST"])
@requires(Action.READ_OWN_EMPLOYER)
def edit_contact() -> Any:
    contact = queries.contact_of(current_user)
    form = ContactForm(obj=contact)
    if not form.is_submitted():
        return own_form(form, _("Ret kontaktperson"))
    if not form.validate():
        return own_form(form, _("Ret kontaktperson"), status=422)
    with transaction():
        services.edit_contact(
            contact, name=form.name.data, phone=form.phone.data, by=current_user, at=clock.now()
        )
    flash(_("Kontaktoplysningerne er gemt."), "success")
    return leave_to(url_for("employers.own"))


@bp.route("/own/workplaces/new", methods=["GET", "POST"])
@requires(Action.READ_OWN_EMPLOYER)
def add_workplace() -> Any:
    employer = queries.employer_of(current_user)
    form = WorkplaceForm().explain(queries.months_averaged(clock.today(), employer.municipality_id))
    if not form.is_submitted():
        return own_form(form, _("Nyt arbejdssted"))
    if not form.validate():
        return own_form(form, _("Nyt arbejdssted"), status=422)
    try:
        with transaction():
            services.add_workplace(
                employer,
                form.details(said_by=current_user.name),
                stated_on=clock.today(),
                by=current_user,
                at=clock.now(),
            )
    except services.WorkplaceKnown as known:
        form.p_number.errors = [known.message]
        return own_form(form, _("Nyt arbejdssted"), status=409)
    flash(_("Arbejdsstedet er gemt."), "success")
    return leave_to(url_for("employers.own"))


@bp.route("/own/workplaces/<int:workplace_id>/staff", methods=["GET", "POST"])
@requires(Action.READ_OWN_EMPLOYER)
def state_staff(workplace_id: int) -> Any:
    workplace = queries.workplace_for(current_user, workplace_id)
    title = _("Antal ansatte: %(place)s", place=workplace.name)
    form = StaffForm(
        today=clock.today(),
        full_time_staff=workplace.full_time_staff,
        heads=workplace.heads,
        other_places=workplace.other_places,
        stated_on=clock.today(),
        said_by=current_user.name,
    ).explain(queries.months_averaged(clock.today(), workplace.employer.municipality_id))
    if not form.is_submitted():
        return own_form(form, title)
    if not form.validate():
        return own_form(form, title, status=422)
    with transaction():
        services.state_staff(
            workplace,
            form.full_time_staff.data,
            heads=form.heads.data,
            other_places=form.other_places.data or Decimal(0),
            said_by=form.said_by.data,
            on=form.stated_on.data,
            by=current_user,
            at=clock.now(),
        )
    flash(_("Antallet er gemt."), "success")
    return leave_to(url_for("employers.own"))


@bp.route("/own/workplaces/<int:workplace_id>/representative", methods=["GET", "POST"])
@requires(Action.READ_OWN_EMPLOYER)
def name_representative(workplace_id: int) -> Any:
    workplace = queries.workplace_for(current_user, workplace_id)
    title = _("Medarbejdernes repræsentant: %(place)s", place=workplace.name)
    form = RepresentativeForm(obj=workplace)
    if not form.is_submitted():
        return own_form(form, title)
    if not form.validate():
        return own_form(form, title, status=422)
    with transaction():
        services.name_representative(
            workplace,
            name=form.representative_name.data or "",
            email=form.representative_email.data or "",
            phone=form.representative_phone.data or "",
            by=current_user,
            at=clock.now(),
        )
    flash(_("Repræsentanten er gemt."), "success")
    return leave_to(url_for("employers.own"))


@bp.route("/own/details", methods=["GET", "POST"])
@requires(Action.READ_OWN_EMPLOYER)
def edit_employer() -> Any:
    employer = queries.employer_of(current_user)
    form = EmployerForm(obj=employer)
    if not form.is_submitted():
        return own_form(form, _("Om virksomheden"))
    if not form.validate():
        return own_form(form, _("Om virksomheden"), status=422)
    with transaction():
        services.edit_employer(
            employer,
            sector=Sector(form.sector.data),
            wants_publicity=form.wants_publicity.data,
            by=current_user,
            at=clock.now(),
        )
    flash(_("Oplysningerne er gemt."), "success")
    return leave_to(url_for("employers.own"))


def own_form(
    form: PortalForm, title: str, status: int = 200, *, lead: str | None = None, button: str | None = None
) -> Response:
    return render_page(
        "employers/form.html",
        fragment="own_form",
        status=status,
        form=form,
        title=title,
        lead=lead,
        button=button or _("Gem"),
    )
