"""Pages of employers: the consultant's list, and the employer's own page."""

from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from portal.base import clock, events
from portal.base.alphabet import alphabetical
from portal.base.database import transaction
from portal.base.terms import Industry
from portal.loop.employers import access_review, people_queries, queries, services
from portal.loop.employers.forms import (
    ContactForm,
    EmployerForm,
    PlaceForm,
    RepresentativeForm,
    StaffForm,
    WorkplaceForm,
)
from portal.loop.employers.merging import where_it_went
from portal.loop.employers.missing import Missing, Piece, invitations_by_contact, missing_of
from portal.loop.employers.models import ContactPerson, Employer, EmployerStatus, Sector, Workplace
from portal.loop.employers.outlook import ratio_outlooks
from portal.loop.employers.pages import bp as bp
from portal.shared.outbox.letters import Link
from portal.shared.rules.queries import rule_book
from portal.web.forms import PortalForm
from portal.web.htmx import leave_to, render_page
from portal.web.links import LinkPurpose
from portal.web.listing import Sorts, read_listing, table_file, wanted_rows, wants_file
from portal.web.permissions import Action, requires
from portal.web.rooms import Beside, rooms

REFERRAL_LIFETIME: Final = timedelta(days=365)
"""It opens nothing but an empty form, so it may lie in a drawer."""

SORTS = Sorts(
    {
        "name": [alphabetical(Employer.name), Employer.id],
        "cvr": [Employer.cvr],
        "industry": [Employer.industry, alphabetical(Employer.name), Employer.id],
        "status": [Employer.status, alphabetical(Employer.name), Employer.id],
        "since": [Employer.approved_at, Employer.id],
        "talked": [queries.BY_TALK, Employer.id],
    },
    default="name",
)


def _heads_of(employer: Employer) -> int | None:
    """None as soon as one workplace has not said."""
    said = [place.heads for place in employer.workplaces]
    return None if None in said else sum(filter(None, said))


_COLUMNS = [
    (_l("Virksomhed"), lambda row: row.Employer.name),
    (_l("CVR-nummer"), lambda row: row.Employer.cvr),
    (_l("Fag"), lambda row: row.Employer.industry.label),
    (_l("Status"), lambda row: row.Employer.status.label),
    (
        _l("P-numre"),
        lambda row: "; ".join(place.p_number for place in row.Employer.workplaces if place.p_number),
    ),
    (
        _l("Ansatte, omregnet til fuldtid"),
        lambda row: float(sum(place.full_time_staff for place in row.Employer.workplaces)),
    ),
    (_l("Personer"), lambda row: _heads_of(row.Employer)),
    (_l("Med siden"), lambda row: row.Employer.approved_at),
    (_l("Sidst talt med"), lambda row: row.talked_on),
]

# --- The consultant's list ---------------------------------------------------------------------------------


@bp.get("/")
@requires(Action.READ_EMPLOYERS)
def index() -> Response:
    listing, today = read_listing(SORTS, filters=("status", "industry", "access", "talked")), clock.today()
    statement = queries.employers_by_talk(current_user, today, words=listing.q, **listing.filters)
    rows = wanted_rows(listing, statement, SORTS)
    if wants_file():
        return table_file("virksomheder", _COLUMNS, rows)
    return render_page(
        "employers/index.html",
        fragment="employer_list",
        listing=listing,
        quiet=[(queries.QUIET, _("Ikke i %(days)s dage", days=queries.QUIET_DAYS))],
        statuses=EmployerStatus.choices(),
        industries=Industry.choices(),
        waiting=people_queries.awaiting_municipality(current_user, today),
    )


@bp.get("/<int:employer_id>")
@requires(Action.READ_EMPLOYERS)
def detail(employer_id: int) -> Response:
    try:
        employer = queries.employer_for(current_user, employer_id)
    except NoResultFound:
        went_to = where_it_went(employer_id, current_user.municipality_id)
        if went_to is None:
            raise
        return leave_to(url_for("employers.detail", employer_id=went_to))
    return _employer_page(employer)


def _employer_page(employer: Employer) -> Response:
    today, book = clock.today(), rule_book()
    may_mend = current_user.may(Action.MANAGE_EMPLOYERS)
    open_ones = queries.invitations_of(employer, clock.now())
    held = queries.places_held([place.id for place in employer.workplaces], since=today)
    standing = queries.ratio_standing(
        employer.workplaces, today, employer.municipality_id, book=book, held=held
    )
    signs_in = bool(people_queries.with_login(employer.id))
    return render_page(
        "employers/detail.html",
        fragment="employer_detail",
        employer=employer,
        missing=missing_of(employer, standing, signs_in=signs_in) if may_mend else [],
        signs_in=signs_in,
        drafts=events.drafts_of_employer(employer.id) if may_mend else [],
        invited=invitations_by_contact(employer.contacts, open_ones),
        standing=standing,
        outlooks=ratio_outlooks(employer.workplaces, today, book, held=held),
        passive=employer.status is EmployerStatus.PASSIVE,
        review=access_review.open_review(employer.id),
        panels=rooms().shown_beside(Beside.COOPERATION, employer, current_user, home=employer.municipality),
        remove=_removal_address if may_mend else None,
        edit_place=_place_address if may_mend else None,
        edit_contact=_contact_address if may_mend else None,
        way=lambda one: _mending_address(employer.id, one),
    )


def _place_address(place: Workplace) -> str:
    return url_for("employers.edit_workplace", employer_id=place.employer_id, workplace_id=place.id)


def _contact_address(contact: ContactPerson) -> str:
    return url_for("employers.edit_known_contact", employer_id=contact.employer_id, contact_id=contact.id)


def _mending_address(employer_id: int, one: Missing) -> str:
    """Where a consultant writes what is missing."""
    if one.workplace is not None:
        return f"{_place_address(one.workplace)}#{one.field}"
    if one.piece is Piece.LOGIN:
        return url_for("employers.detail", employer_id=employer_id) + "#contacts"
    endpoint = {Piece.WORKPLACE: "new_workplace", Piece.CONTACT: "new_contact", Piece.SECTOR: "edit"}[
        one.piece
    ]
    return url_for(f"employers.{endpoint}", employer_id=employer_id)


def _own_address(one: Missing) -> str:
    """Where the employer itself writes it."""
    if one.workplace is None:
        endpoint = {Piece.WORKPLACE: "add_workplace", Piece.SECTOR: "edit_employer"}.get(one.piece, "own")
        return url_for(f"employers.{endpoint}")
    page = {Piece.P_NUMBER: "edit_own_workplace", Piece.REPRESENTATIVE: "name_representative"}
    return url_for(f"employers.{page.get(one.piece, 'state_staff')}", workplace_id=one.workplace.id)


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
    standing = queries.ratio_standing(employer.workplaces, clock.today(), employer.municipality_id)
    return render_page(
        "employers/own.html",
        fragment="own_employer",
        employer=employer,
        standing=standing,
        missing=missing_of(employer, standing, signs_in=True),
        way=_own_address,
        invitations=queries.invitations_of(employer, clock.now()),
        remove=lambda contact: url_for("employers.remove_colleague", contact_id=contact.id),
        review=access_review.open_review(employer.id),
        wishes=people_queries.wishes_to_join(employer),
        outlooks=ratio_outlooks(employer.workplaces, clock.today()),
    )


def referral_link(employer: Employer) -> Link:
    """What the employer gives to another one, which then registers as recommended by it."""
    ends_at = clock.now() + REFERRAL_LIFETIME
    return Link.signed(
        "employers.register", LinkPurpose.REFERRAL, employer.id, expires_at=ends_at, arg="recommended"
    )


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


@bp.route("/own/workplaces/<int:workplace_id>/edit", methods=["GET", "POST"])
@requires(Action.READ_OWN_EMPLOYER)
def edit_own_workplace(workplace_id: int) -> Any:
    workplace = queries.workplace_for(current_user, workplace_id)
    title = _("Ret arbejdsstedet: %(place)s", place=workplace.name)
    form = PlaceForm(obj=workplace)
    if not form.is_submitted():
        return own_form(form, title)
    if not form.validate():
        return own_form(form, title, status=422)
    try:
        with transaction():
            services.edit_place(
                workplace,
                name=form.name.data,
                p_number=form.p_number.data or None,
                address=form.address.data,
                postcode=form.postcode.data,
                by=current_user,
                at=clock.now(),
            )
    except services.WorkplaceKnown as known:
        form.p_number.errors = [known.message]
        return own_form(form, title, status=409)
    flash(_("Arbejdsstedet er gemt."), "success")
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
        trail=[(_("Virksomheden"), url_for("employers.own"))],
        stale=None,
        back=url_for("employers.own"),
    )
