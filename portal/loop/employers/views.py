"""Pages of employers: registration for everyone, the employer's own page, and the consultant's list."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError, TooManyAttempts
from portal.base.terms import Industry
from portal.loop.employers import queries, services
from portal.loop.employers.forms import (
    AcceptForm,
    ContactForm,
    EmployerForm,
    InvitationForm,
    RefusalForm,
    RegistrationForm,
    RepresentativeForm,
    StaffForm,
    WorkplaceForm,
)
from portal.loop.employers.models import (
    Employer,
    EmployerInvitation,
    EmployerRegistration,
    EmployerStatus,
    RegistrationStatus,
    Sector,
)
from portal.loop.employers.outlook import ratio_outlooks
from portal.loop.employers.register import Register, RegisteredUnit, keep, look_up
from portal.shared.accounts import signing_in, throttle
from portal.shared.accounts.queries import municipalities
from portal.web import error_pages, submissions
from portal.web.forms import PortalForm
from portal.web.htmx import leave_to, render_page
from portal.web.links import LinkExpired, LinkPurpose, LinkUnknown, opened_by, portal_links
from portal.web.listing import Sorts, all_rows, csv_response, fill, read_listing, wants_csv
from portal.web.permissions import Action, requires

bp = Blueprint("employers", __name__, url_prefix="/employers")

INVITATION_LIFETIME: Final = timedelta(days=14)
"""A colleague answers within days; a new link is one button away."""
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
REGISTRATION_SORTS = Sorts(
    {
        "registered": [EmployerRegistration.registered_at, EmployerRegistration.id],
        "name": [EmployerRegistration.company_name, EmployerRegistration.id],
        "status": [EmployerRegistration.status, EmployerRegistration.id],
    },
    default="registered",
    descending=True,
)

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
    (_l("Med siden"), lambda employer: employer.approved_at),
]
_REGISTRATION_COLUMNS = [
    (_l("Virksomhed"), lambda row: row.company_name),
    (_l("CVR-nummer"), lambda row: row.cvr),
    (_l("P-nummer"), lambda row: row.p_number),
    (_l("Kontaktperson"), lambda row: row.contact_name),
    (_l("Telefon"), lambda row: row.contact_phone),
    (_l("Tilmeldt"), lambda row: row.registered_at),
    (_l("Status"), lambda row: row.status.label),
]


# --- Registration ------------------------------------------------------------------------------------------


@bp.get("/register")
@requires(Action.PUBLIC)
def register() -> Response:
    """`recommended` is the token of another employer's referral link."""
    token = request.args.get("recommended", "")
    return _registration_page(RegistrationForm(municipalities=municipalities(), referral=token))


@bp.post("/register")
@requires(Action.PUBLIC)
def send_registration() -> Any:
    form = RegistrationForm(municipalities=municipalities())
    register = _register()
    if request.form.get("step") == "look-up" and register is not None:
        return _looked_up(form, register)
    if not form.validate():
        return _registration_page(form, status=422)
    recommended_by = _referrer(form)
    # hashed for a known e-mail too: the answer must not come sooner
    password_hash = current_app.extensions["passwords"].hash(form.password.data)
    try:
        with transaction():
            _count_registration()
            details = form.details(referred_by_id=recommended_by.id if recommended_by else None)
            services.register_employer(details, password_hash=password_hash, at=clock.now())
    except TooManyAttempts as refusal:
        return _registration_page(form, problem=str(refusal.message), status=429)
    return redirect(url_for("employers.registered"), 303)


def _count_registration() -> None:
    """A handful from one address is an employer that corrects itself; more is a machine."""
    counted = {"registration-address": signing_in.visitors_address()}
    throttle.count(counted, at=clock.now(), config=current_app.config)


def _looked_up(form: RegistrationForm, register: Register) -> Response:
    """The form with what the register knows of the CVR number, or with the reason why there is nothing."""
    if not form.cvr.validate(form):
        return _registration_page(form, status=422)
    submissions.carry_out_each_time()  # the form is not sent yet: its answer is the same form, filled in
    try:
        with transaction():
            _count_registration()
        company = look_up(register, form.cvr.data, at=clock.now())
        with transaction():
            keep(company, at=clock.now())
    except TooManyAttempts as refusal:
        return _registration_page(form, problem=str(refusal.message), status=429)
    except DomainError as problem:
        return _registration_page(form, problem=str(problem.message), status=409)
    chosen = next((unit for unit in company.units if unit.p_number == form.p_number.data), None)
    unit = chosen or (company.units[0] if len(company.units) == 1 else None)
    form.company_name.data = company.name
    if unit is not None:
        form.p_number.data, form.address.data, form.postcode.data = unit.p_number, unit.address, unit.postcode
    return _registration_page(form, units=company.units)


def _register() -> Register | None:
    register: Register | None = current_app.extensions["business-register"]
    return register


def _referrer(form: RegistrationForm) -> Employer | None:
    """Who recommended the municipality; a link that is too old or not ours says nobody."""
    try:
        (employer_id,) = opened_by(LinkPurpose.REFERRAL, form.referral.data or "")
    except (LinkExpired, LinkUnknown):
        return None
    return queries.referrer(int(employer_id))


def _registration_page(
    form: RegistrationForm,
    *,
    units: Sequence[RegisteredUnit] = (),
    problem: str | None = None,
    status: int = 200,
) -> Response:
    return render_page(
        "employers/register.html",
        fragment="registration_form",
        status=status,
        form=form,
        recommended_by=_referrer(form),
        can_look_up=_register() is not None,
        units=units,
        problem=problem,
    )


@bp.get("/registered")
@requires(Action.PUBLIC)
def registered() -> str:
    return render_template("employers/registered.html")


@bp.get("/registrations")
@requires(Action.MANAGE_EMPLOYERS)
def registrations() -> Response:
    listing = read_listing(REGISTRATION_SORTS, filters=("status",))
    statement = queries.registrations_seen_by(current_user, words=listing.q, **listing.filters)
    if wants_csv():
        rows = all_rows(listing, statement, REGISTRATION_SORTS)
        return csv_response("tilmeldinger", _REGISTRATION_COLUMNS, rows)
    fill(listing, statement, REGISTRATION_SORTS)
    return render_page(
        "employers/registrations.html",
        fragment="registration_list",
        listing=listing,
        statuses=RegistrationStatus.choices(),
        tags=REGISTRATION_TAGS,
    )


REGISTRATION_TAGS = {
    RegistrationStatus.PENDING: "warning",
    RegistrationStatus.APPROVED: "success",
    RegistrationStatus.REFUSED: "neutral",
}


@bp.get("/registrations/<int:registration_id>")
@requires(Action.MANAGE_EMPLOYERS)
def registration(registration_id: int) -> Response:
    return _decision_page(queries.registration_for(current_user, registration_id), RefusalForm())


@bp.post("/registrations/<int:registration_id>/approve")
@requires(Action.MANAGE_EMPLOYERS)
def approve(registration_id: int) -> Any:
    wish = queries.registration_for(current_user, registration_id)
    with transaction():
        employer = services.approve_registration(wish, by=current_user, at=clock.now())
    flash(_("%(name)s er nu med og kan slå åbninger op.", name=employer.name), "success")
    return leave_to(url_for("employers.detail", employer_id=employer.id))


@bp.post("/registrations/<int:registration_id>/refuse")
@requires(Action.MANAGE_EMPLOYERS)
def refuse(registration_id: int) -> Any:
    wish = queries.registration_for(current_user, registration_id)
    form = RefusalForm()
    if not form.validate():
        return _decision_page(wish, form, status=422)
    with transaction():
        services.refuse_registration(wish, reason=form.reason.data, by=current_user, at=clock.now())
    flash(_("Tilmeldingen er afvist, og grunden er gemt."), "success")
    return leave_to(url_for("employers.registrations"))


def _decision_page(wish: EmployerRegistration, form: RefusalForm, status: int = 200) -> Response:
    return render_page(
        "employers/registration.html",
        fragment="registration_decision",
        status=status,
        registration=wish,
        known=queries.known_cvrs([wish.cvr]),
        form=form,
        tags=REGISTRATION_TAGS,
        pending=wish.status is RegistrationStatus.PENDING,
    )


# --- The consultant's list ---------------------------------------------------------------------------------


@bp.get("/")
@requires(Action.READ_EMPLOYERS)
def index() -> Response:
    listing = read_listing(SORTS, filters=("status", "industry"))
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
        waiting=queries.pending_registrations(current_user.municipality_id),
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
    )


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
        address_of=_address_of,
        referral=_referral_address(employer),
        outlooks=ratio_outlooks(employer.workplaces, clock.today()),
    )


def _address_of(invitation: EmployerInvitation) -> str:
    """What is copied into a message of one's own."""
    return services.invitation_link(invitation).address()


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
        return _own_form(form, _("Ret kontaktperson"))
    if not form.validate():
        return _own_form(form, _("Ret kontaktperson"), status=422)
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
    form = WorkplaceForm()
    if not form.is_submitted():
        return _own_form(form, _("Nyt arbejdssted"))
    if not form.validate():
        return _own_form(form, _("Nyt arbejdssted"), status=422)
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
        return _own_form(form, _("Nyt arbejdssted"), status=409)
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
        other_places=workplace.other_places,
        stated_on=clock.today(),
        said_by=current_user.name,
    )
    if not form.is_submitted():
        return _own_form(form, title)
    if not form.validate():
        return _own_form(form, title, status=422)
    with transaction():
        services.state_staff(
            workplace,
            form.full_time_staff.data,
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
        return _own_form(form, title)
    if not form.validate():
        return _own_form(form, title, status=422)
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
        return _own_form(form, _("Om virksomheden"))
    if not form.validate():
        return _own_form(form, _("Om virksomheden"), status=422)
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


# --- Colleagues ----------------------------------------------------------------------------------------------


@bp.route("/own/invite", methods=["GET", "POST"])
@requires(Action.READ_OWN_EMPLOYER)
def invite() -> Any:
    employer = queries.employer_of(current_user)
    form = InvitationForm()
    if not form.is_submitted():
        return _own_form(form, _("Inviter en kollega"))
    if not form.validate():
        return _own_form(form, _("Inviter en kollega"), status=422)
    try:
        with transaction():
            counted = {"invitation-sender": current_user.id, "invitation-recipient": form.email.data.lower()}
            throttle.count(counted, at=clock.now(), config=current_app.config)
            services.invite_colleague(
                employer,
                name=form.name.data,
                email=form.email.data,
                by=current_user,
                at=clock.now(),
                lifetime=INVITATION_LIFETIME,
            )
    except TooManyAttempts as refusal:
        form.email.errors = [refusal.message]
        return _own_form(form, _("Inviter en kollega"), status=429)
    except services.ColleagueThere as there:
        form.email.errors = [there.message]
        return _own_form(form, _("Inviter en kollega"), status=409)
    flash(_("Invitationen er sendt. Linket kan også kopieres herunder."), "success")
    return leave_to(url_for("employers.own"))


@bp.post("/own/invitations/<int:invitation_id>/withdraw")
@requires(Action.READ_OWN_EMPLOYER)
def withdraw_invitation(invitation_id: int) -> Any:
    invitation = queries.invitation_for(current_user, invitation_id)
    with transaction():
        services.withdraw_invitation(invitation, by=current_user, at=clock.now())
    flash(_("Invitationen er trukket tilbage. Linket virker ikke længere."), "success")
    return leave_to(url_for("employers.own"))


@bp.route("/invitation/<invitation>", methods=["GET", "POST"])
@requires(Action.PUBLIC)
def accept(invitation: str) -> Any:
    """The invited colleague chooses a password, by a signed link."""
    (invitation_id,) = opened_by(LinkPurpose.INVITATION, invitation)
    invited = queries.invitation_by_link(int(invitation_id))
    if not invited.is_open(clock.now()):
        return error_pages.answer(410)
    form = AcceptForm()
    if not form.is_submitted():
        return _accept_page(invited, form)
    if not form.validate():
        return _accept_page(invited, form, status=422)
    password_hash = current_app.extensions["passwords"].hash(form.password.data)
    try:
        with transaction():
            services.accept_invitation(
                invited, phone=form.phone.data, password_hash=password_hash, at=clock.now()
            )
    except DomainError as refusal:
        return _accept_page(invited, form, refusal=refusal, status=409)
    flash(_("Du er med. Log ind med din e-mail og adgangskoden."), "success")
    return leave_to(url_for("accounts.login"))


def _accept_page(
    invited: EmployerInvitation,
    form: AcceptForm,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> Response:
    return render_page(
        "employers/accept.html",
        fragment="accept_form",
        status=status,
        invitation=invited,
        form=form,
        refusal=refusal,
    )


def _own_form(form: PortalForm, title: str, status: int = 200) -> Response:
    return render_page("employers/form.html", fragment="own_form", status=status, form=form, title=title)
