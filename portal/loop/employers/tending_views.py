"""Pages by which a consultant takes an employer in, keeps what is known of it, and invites its people."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from flask import Response, current_app, flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError, StaleVersion
from portal.loop.employers import people, people_queries, queries, services, tending
from portal.loop.employers.joining_views import business_register
from portal.loop.employers.models import Employer, EmployerRegistration
from portal.loop.employers.pages import bp as bp
from portal.loop.employers.register import Register, RegisteredUnit, keep, look_up
from portal.loop.employers.tending_forms import (
    EmployerFactsForm,
    KnownContactForm,
    KnownWorkplaceForm,
    NewEmployerForm,
)
from portal.shared.accounts import throttle
from portal.web import submissions
from portal.web.forms import PortalForm, VersionedForm
from portal.web.htmx import leave_to, render_page
from portal.web.permissions import Action, requires

# --- Ny virksomhed ---------------------------------------------------------------------------------------------


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_EMPLOYERS)
def new() -> Any:
    form = NewEmployerForm().explain(queries.months_averaged(clock.today(), current_user.municipality_id))
    if not form.is_submitted():
        return new_employer_page(form)
    register = business_register()
    if request.form.get("step") == "look-up" and register is not None:
        return _looked_up(form, register)
    if not form.validate():
        return new_employer_page(form, status=422)
    try:
        with transaction():
            employer = take_in_by(form)
    except (services.EmployerKnown, tending.RegistrationWaits):
        return new_employer_page(form, status=409)
    except (people.EmailInUse, people.ContactWaits) as refusal:
        form.contact_email.errors = [refusal.message]
        return new_employer_page(form, status=409)
    flash(_("%(name)s er oprettet.", name=employer.name), "success")
    return leave_to(url_for("employers.detail", employer_id=employer.id))


def take_in_by(form: NewEmployerForm) -> Employer:
    """What the form says, with its invitation."""
    home, now = current_user.municipality_id, clock.now()
    employer = tending.take_in(
        form.employer(home),
        form.workplace(said_by=current_user.name),
        form.contact(),
        by=current_user,
        at=now,
    )
    if form.invite.data:
        (contact,) = employer.contacts
        people.invite_contact(contact, by=current_user, at=now, lifetime=people.INVITATION_LIFETIME)
    return employer


def _looked_up(form: NewEmployerForm, register: Register) -> Response:
    """The form with what the register knows, or with the reason why there is nothing."""
    if not form.cvr.validate(form):
        return new_employer_page(form, status=422)
    submissions.carry_out_each_time()  # nothing is made yet: the answer is the same form, filled in
    try:
        company = look_up(register, form.cvr.data, at=clock.now())
        with transaction():
            keep(company, at=clock.now())
    except DomainError as problem:
        return new_employer_page(form, problem=str(problem.message), status=409)
    form.fill_in(company)
    return new_employer_page(form, units=company.units)


def new_employer_page(
    form: NewEmployerForm,
    *,
    units: Sequence[RegisteredUnit] = (),
    problem: str | None = None,
    status: int = 200,
    action: str = "",
    back: str = "",
) -> Response:
    """`action` and `back`: where another page than that of a new employer sends the form, and leads back to."""
    known, waits = _doubles(form.cvr.data or "")
    return render_page(
        "employers/new.html",
        fragment="new_employer",
        status=status,
        form=form,
        known=known,
        waits=waits,
        can_look_up=business_register() is not None and not action,
        action=action or url_for("employers.new"),
        back=back or url_for("employers.index"),
        units=units,
        problem=problem,
    )


def _doubles(cvr: str) -> tuple[Employer | None, EmployerRegistration | None]:
    """Who has the CVR number already: an employer, or one that waits for the municipality's answer."""
    known = services.employer_by_cvr(cvr)
    return known, None if known else tending.waiting_registration(cvr, current_user.municipality_id)


# --- What is known of it ---------------------------------------------------------------------------------------


@bp.route("/<int:employer_id>/edit", methods=["GET", "POST"])
@requires(Action.MANAGE_EMPLOYERS)
def edit(employer_id: int) -> Any:
    employer = queries.employer_for(current_user, employer_id)
    form = EmployerFactsForm(obj=employer)

    def save() -> None:
        tending.edit_facts(
            employer, form.facts(), seen_version=form.seen_version, by=current_user, at=clock.now()
        )

    return _tend(employer, form, _("Om virksomheden"), save)


@bp.route("/<int:employer_id>/workplaces/new", methods=["GET", "POST"])
@requires(Action.MANAGE_EMPLOYERS)
def new_workplace(employer_id: int) -> Any:
    employer = queries.employer_for(current_user, employer_id)
    form = KnownWorkplaceForm(today=clock.today(), staff_stated_on=clock.today())
    form.explain(queries.months_averaged(clock.today(), employer.municipality_id))

    def save() -> None:
        tending.add_place(
            employer,
            form.details(said_by=current_user.name),
            stated_on=form.staff_stated_on.data,
            by=current_user,
            at=clock.now(),
        )

    return _tend(employer, form, _("Nyt arbejdssted"), save)


@bp.route("/<int:employer_id>/workplaces/<int:workplace_id>/edit", methods=["GET", "POST"])
@requires(Action.MANAGE_EMPLOYERS)
def edit_workplace(employer_id: int, workplace_id: int) -> Any:
    place = queries.workplace_for(current_user, workplace_id, employer_id=employer_id)
    employer = place.employer
    said = {} if place.staff_stated_on else {"full_time_staff": None, "staff_stated_on": clock.today()}
    form = KnownWorkplaceForm(
        today=clock.today(),
        data={field: getattr(place, field) for field in KnownWorkplaceForm.OF_PLACE} | said,
        version=employer.version,
    ).explain(queries.months_averaged(clock.today(), employer.municipality_id))

    def save() -> None:
        tending.edit_place(
            place,
            form.details(said_by=current_user.name),
            other_places=form.other_places.data or Decimal(0),
            stated_on=form.staff_stated_on.data,
            seen_version=form.seen_version,
            by=current_user,
            at=clock.now(),
        )

    return _tend(employer, form, _("Ret arbejdsstedet: %(place)s", place=place.name), save)


@bp.route("/<int:employer_id>/contacts/new", methods=["GET", "POST"])
@requires(Action.MANAGE_EMPLOYERS)
def new_contact(employer_id: int) -> Any:
    employer, form = queries.employer_for(current_user, employer_id), KnownContactForm()

    def save() -> None:
        tending.add_known_contact(employer, form.details(), by=current_user, at=clock.now())

    return _tend(employer, form, _("Ny kontaktperson"), save)


@bp.route("/<int:employer_id>/contacts/<int:contact_id>/edit", methods=["GET", "POST"])
@requires(Action.MANAGE_EMPLOYERS)
def edit_known_contact(employer_id: int, contact_id: int) -> Any:
    contact = people_queries.contact_for(current_user, employer_id, contact_id)
    employer = contact.employer
    form = KnownContactForm(obj=contact, version=employer.version, signs_in=contact.user_id is not None)

    def save() -> None:
        tending.edit_known_contact(
            contact,
            form.details(email=contact.email),
            seen_version=form.seen_version,
            by=current_user,
            at=clock.now(),
        )

    return _tend(employer, form, _("Ret kontaktperson"), save)


TAKEN: Final[Mapping[type[DomainError], str]] = {
    services.EmployerKnown: "cvr",
    services.WorkplaceKnown: "p_number",
    tending.ContactKnown: "email",
}
"""What is another's already, and the field that says it."""


def _tend(employer: Employer, form: VersionedForm, title: str, save: Callable[[], object]) -> Any:
    """Show the form, or carry out what it says."""
    if not form.is_submitted():
        return _page(employer, form, title)
    if not form.validate():
        return _page(employer, form, title, status=422)
    try:
        with transaction():
            save()
    except StaleVersion as stale:
        form.accept_version(employer.version)
        return _page(employer, form, title, status=409, stale=str(stale.message))
    except tuple(TAKEN) as taken:
        form[TAKEN[type(taken)]].errors = [taken.message]
        return _page(employer, form, title, status=409)
    flash(_("Oplysningerne er gemt."), "success")
    return leave_to(url_for("employers.detail", employer_id=employer.id))


def _page(
    employer: Employer, form: PortalForm, title: str, *, status: int = 200, stale: str | None = None
) -> Response:
    back = url_for("employers.detail", employer_id=employer.id)
    return render_page(
        "employers/form.html",
        fragment="own_form",
        status=status,
        form=form,
        title=title,
        lead=employer.name,
        button=_("Gem"),
        trail=[(_("Virksomheder"), url_for("employers.index")), (employer.name, back)],
        back=back,
        stale=stale,
    )


# --- Who is to sign in -----------------------------------------------------------------------------------------


@bp.post("/<int:employer_id>/contacts/<int:contact_id>/invite")
@requires(Action.MANAGE_EMPLOYERS)
def invite_contact(employer_id: int, contact_id: int) -> Any:
    """Also again: then the earlier link works no more."""
    contact = people_queries.contact_for(current_user, employer_id, contact_id)
    back = url_for("employers.detail", employer_id=employer_id)
    with transaction():
        counted = {"invitation-recipient": contact.email.lower()}
        throttle.count(counted, at=clock.now(), config=current_app.config)
        people.invite_contact(contact, by=current_user, at=clock.now(), lifetime=people.INVITATION_LIFETIME)
    flash(_("Invitationen er sendt som mail til %(email)s.", email=contact.email), "success")
    return leave_to(back)


@bp.post("/<int:employer_id>/invitations/<int:invitation_id>/withdraw")
@requires(Action.MANAGE_EMPLOYERS)
def withdraw_contacts_invitation(employer_id: int, invitation_id: int) -> Any:
    invitation = queries.invitation_for(current_user, invitation_id, employer_id=employer_id)
    with transaction():
        people.withdraw_invitation(invitation, by=current_user, at=clock.now())
    flash(_("Invitationen er trukket tilbage. Linket virker ikke længere."), "success")
    return leave_to(url_for("employers.detail", employer_id=employer_id))
