"""Pages of registrations: written and confirmed by anyone, decided by the municipality."""

from collections.abc import Sequence
from typing import Any, Final

from flask import Response, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from portal.base import clock, events
from portal.base.alphabet import alphabetical
from portal.base.database import transaction
from portal.base.errors import DomainError, TooManyAttempts
from portal.loop.employers import joining, people, people_queries, queries
from portal.loop.employers.forms import CallForm, RefusalForm, RegistrationForm
from portal.loop.employers.models import (
    Employer,
    EmployerRegistration,
    RegistrationStatus,
    UnconfirmedRegistration,
)
from portal.loop.employers.pages import bp as bp
from portal.loop.employers.register import Register, RegisteredUnit, keep, look_up
from portal.shared.accounts import signing_in, throttle
from portal.shared.accounts.forms import NewPasswordForm
from portal.shared.accounts.queries import municipalities
from portal.web import error_pages, submissions
from portal.web.htmx import leave_to, render_page
from portal.web.links import LinkExpired, LinkPurpose, LinkUnknown, opened_by
from portal.web.listing import Sorts, all_rows, fill, read_listing, table_file, wants_file
from portal.web.permissions import Action, requires

REGISTRATION_SORTS = Sorts(
    {
        "registered": [EmployerRegistration.registered_at, EmployerRegistration.id],
        "name": [alphabetical(EmployerRegistration.company_name), EmployerRegistration.id],
        "status": [EmployerRegistration.status, EmployerRegistration.id],
    },
    default="registered",
    descending=True,
)

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
    """One step of it, with what was typed so far. `recommended` is the token of another employer's referral link."""
    typed = _typed_so_far()
    if token := request.args.get("recommended", ""):
        typed["referral"] = token
    form = _registration_form(formdata=MultiDict(typed))
    step = request.args.get("step", "")
    if "wrong" in request.args and step in form.STEPS:
        form.validate()
        if form.wrong_step(only=step):
            return _registration_page(form, step=step, status=422)
    return _registration_page(form, step=step)


TYPED, TYPED_AT = "registration", "registration-at"
"""What a visitor has typed so far, and when she last did: in her own browser's session alone, until it is sent."""

LONGEST_TYPED: Final = 300
"""Characters of a field that are kept between the steps: more than any of them takes."""


def _typed_so_far() -> dict[str, str]:
    """Nothing once it was left as long as a login may be: the next one at the machine is somebody else."""
    begun = session.get(TYPED_AT, 0)
    is_fresh = clock.now().timestamp() - begun < current_app.config["SESSION_IDLE"].total_seconds()
    return dict(session.get(TYPED, {})) if is_fresh else {}


def _registration_form(**values: Any) -> RegistrationForm:
    """Explained by the law alone: no municipality is chosen yet."""
    form = RegistrationForm(municipalities=municipalities(), **values)
    return form.explain(queries.months_averaged(clock.today(), None))


def _go_to(step: str, form: RegistrationForm) -> Any:
    """Another step, by a redirect: going back in the browser asks nobody to send a form again."""
    with transaction():  # writes nothing, but claims the form: a double click goes one step
        session[TYPED_AT] = int(clock.now().timestamp())
        session[TYPED] = {
            field.short_name: request.form[field.short_name][:LONGEST_TYPED]
            for field in form
            if field.short_name in request.form and field.short_name != "csrf_token"
        }
    form.validate()
    wrong = form.wrong_step(before=step)
    if wrong is not None:
        return redirect(url_for("employers.register", step=wrong, wrong=1), 303)
    return redirect(url_for("employers.register", step=step), 303)


@bp.post("/register")
@requires(Action.PUBLIC)
def send_registration() -> Any:
    form = _registration_form()
    register = business_register()
    if request.form.get("step") == "look-up" and register is not None:
        return _looked_up(form, register)
    if (step := request.form.get("step")) in form.STEPS:
        return _go_to(step, form)
    if not form.validate():
        return _registration_page(form, step=form.wrong_step() or "", status=422)
    recommended_by = _referrer(form)
    try:
        with transaction():
            _count_registration()
            details = form.details(referred_by_id=recommended_by.id if recommended_by else None)
            joining.send_registration(details, at=clock.now())
    except TooManyAttempts as refusal:
        return _registration_page(form, step="send", problem=str(refusal.message), status=429)
    session.pop(TYPED, None)
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
    form.fill_in(company)
    return _registration_page(form, units=company.units)


def business_register() -> Register | None:
    """What answers about CVR numbers; None: everything is written by hand."""
    register: Register | None = current_app.extensions["business-register"]
    return register


def _referrer(form: RegistrationForm) -> Employer | None:
    """Who recommended the municipality; a link that is too old or not ours says nobody."""
    try:
        (employer_id,) = opened_by(LinkPurpose.REFERRAL, form.referral.data or "")
    except (LinkExpired, LinkUnknown):
        return None
    return queries.referrer(int(employer_id))


def _referrer_too_late(form: RegistrationForm) -> Employer | None:
    """Who would have recommended it, by a link that is too old: it gives a new one."""
    try:
        opened_by(LinkPurpose.REFERRAL, form.referral.data or "")
    except LinkExpired as expired:
        return queries.referrer(int(expired.about[0]))
    except LinkUnknown:
        pass
    return None


def _registration_page(
    form: RegistrationForm,
    *,
    step: str = "firm",
    units: Sequence[RegisteredUnit] = (),
    problem: str | None = None,
    status: int = 200,
) -> Response:
    steps = list(form.STEPS)
    return render_page(
        "employers/register.html",
        fragment="registration_form",
        status=status,
        form=form,
        steps=steps,
        step=step if step in steps else steps[0],
        labels={"you": _("Hvem er du?"), "firm": _("Virksomheden"), "send": _("Se det igennem")},
        recommended_by=_referrer(form),
        recommended_too_late=_referrer_too_late(form),
        can_look_up=business_register() is not None,
        units=units,
        problem=problem,
        typical=list(events.typical_answers(clock.now()).values()),
    )


@bp.get("/registered")
@requires(Action.PUBLIC)
def registered() -> str:
    """The same for an address that is known, one that is not, and one that had mails enough."""
    return render_template("employers/registered.html")


@bp.route("/confirm/<confirmation>", methods=["GET", "POST"])
@requires(Action.PUBLIC)
def confirm(confirmation: str) -> Any:
    """Whoever reads the mail sees what was written, and means it by choosing a password."""
    try:
        (wish_id,) = opened_by(LinkPurpose.CONFIRMATION, confirmation)
    except LinkExpired:
        return _confirmation_is_over()
    wish = queries.unconfirmed(int(wish_id), clock.now())
    if wish is None:
        return _confirmation_is_over()
    written = joining.from_json(wish.written)
    form = NewPasswordForm(known=(wish.email, written.contact.name, written.employer.name))
    if people.belongs_to_somebody(wish.email):
        return _confirm_page(wish, form, status=409 if form.is_submitted() else 200, known=True)
    if not form.is_submitted():
        return _confirm_page(wish, form)
    if not form.validate():
        return _confirm_page(wish, form, status=422)
    password_hash = current_app.extensions["passwords"].hash(form.password.data)
    try:
        with transaction():
            joining.confirm(wish.id, password_hash=password_hash, at=clock.now())
    except joining.ConfirmationUsed:
        return _confirmation_is_over()
    flash(
        _("Din e-mail er bekræftet, og tilmeldingen er sendt. Log ind med e-mailen og adgangskoden."),
        "success",
    )
    return leave_to(url_for("accounts.login"))


def _confirmation_is_over() -> Response:
    return error_pages.answer(
        410,
        advice=_(
            "Det er brugt eller for gammelt. Har du valgt en adgangskode, så log ind. Ellers tilmeld jer igen."
        ),
        way=(_("Tilmeld jer igen"), url_for("employers.register")),
    )


def _confirm_page(
    wish: UnconfirmedRegistration, form: NewPasswordForm, *, status: int = 200, known: bool = False
) -> Response:
    others = [
        (other.written["employer"]["name"], joining.confirmation_link(other).path())
        for other in queries.unconfirmed_of(wish.email, clock.now())
        if other.id != wish.id
    ]
    return render_page(
        "employers/confirm.html",
        fragment="confirm_form",
        status=status,
        written=joining.from_json(wish.written),
        sent_at=wish.sent_at,
        form=form,
        known=known,
        others=others,
    )


@bp.get("/registrations")
@requires(Action.MANAGE_EMPLOYERS)
def registrations() -> Response:
    listing = read_listing(REGISTRATION_SORTS, filters=("status", "turn"))
    statement = people_queries.registrations_of_turn(
        current_user, clock.today(), words=listing.q, **listing.filters
    )
    if wants_file():
        rows = all_rows(listing, statement, REGISTRATION_SORTS)
        return table_file("tilmeldinger", _REGISTRATION_COLUMNS, rows)
    fill(listing, statement, REGISTRATION_SORTS)
    return render_page(
        "employers/registrations.html",
        fragment="registration_list",
        listing=listing,
        statuses=RegistrationStatus.choices(),
        turns=people_queries.Turn.choices(),
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
    return _decision_page(queries.registration_for(current_user, registration_id))


@bp.post("/registrations/<int:registration_id>/approve")
@requires(Action.MANAGE_EMPLOYERS)
def approve(registration_id: int) -> Any:
    wish = queries.registration_for(current_user, registration_id)
    with transaction():
        employer = joining.approve_registration(wish, by=current_user, at=clock.now())
    flash(_("%(name)s er nu med og kan slå åbninger op.", name=employer.name), "success")
    return leave_to(url_for("employers.detail", employer_id=employer.id))


@bp.post("/registrations/<int:registration_id>/approve-after-call")
@requires(Action.MANAGE_EMPLOYERS)
def approve_after_call(registration_id: int) -> Any:
    """Of somebody who wishes to join an employer that is known."""
    wish = queries.registration_for(current_user, registration_id)
    form = _call_form(wish)
    if not form.validate():
        return _decision_page(wish, call=form, status=422)
    try:
        with transaction():
            employer = joining.approve_after_call(wish, form.call(), by=current_user, at=clock.now())
    except joining.WishersOwnNumber as refusal:
        form.other_number.errors = [refusal.message]
        return _decision_page(wish, call=form, status=409)
    flash(_("%(name)s kan nu logge ind for virksomheden.", name=wish.contact_name), "success")
    return leave_to(url_for("employers.detail", employer_id=employer.id))


def _call_form(wish: EmployerRegistration) -> CallForm:
    return CallForm(
        known=people_queries.known_numbers(wish), since=clock.danish_day(wish.registered_at), now=clock.now()
    )


@bp.post("/registrations/<int:registration_id>/refuse")
@requires(Action.MANAGE_EMPLOYERS)
def refuse(registration_id: int) -> Any:
    wish = queries.registration_for(current_user, registration_id)
    form = RefusalForm()
    if not form.validate():
        return _decision_page(wish, refusal=form, status=422)
    with transaction():
        joining.refuse_registration(wish, reason=form.reason.data, by=current_user, at=clock.now())
    flash(_("Tilmeldingen er afvist, og grunden er gemt."), "success")
    return leave_to(url_for("employers.registrations"))


def _decision_page(
    wish: EmployerRegistration,
    *,
    refusal: RefusalForm | None = None,
    call: CallForm | None = None,
    status: int = 200,
) -> Response:
    pending = wish.status is RegistrationStatus.PENDING
    known = bool(queries.known_cvrs([wish.cvr]))
    return render_page(
        "employers/registration.html",
        fragment="registration_decision",
        status=status,
        registration=wish,
        known=known,
        is_our_turn=pending and people_queries.may_municipality_decide(wish, clock.today()),
        elsewhere=pending and people_queries.is_elsewhere(wish.p_number, wish.cvr),
        form=refusal or RefusalForm(),
        call=call or _call_form(wish),
        tags=REGISTRATION_TAGS,
        pending=pending,
    )


# --- The employer's own contact persons ------------------------------------------------------------------------


@bp.get("/own/joining/<int:registration_id>")
@requires(Action.READ_OWN_EMPLOYER)
def joining_wish(registration_id: int) -> Response:
    """Somebody who wishes to sign in for the user's employer."""
    return _joining_page(people_queries.wish_for(current_user, registration_id), RefusalForm())


@bp.post("/own/joining/<int:registration_id>/approve")
@requires(Action.READ_OWN_EMPLOYER)
def approve_colleague(registration_id: int) -> Any:
    wish = people_queries.wish_for(current_user, registration_id)
    with transaction():
        joining.approve_colleague(wish, by=current_user, at=clock.now())
    flash(_("%(name)s kan nu logge ind for jer.", name=wish.contact_name), "success")
    return leave_to(url_for("employers.own"))


@bp.post("/own/joining/<int:registration_id>/refuse")
@requires(Action.READ_OWN_EMPLOYER)
def refuse_colleague(registration_id: int) -> Any:
    wish = people_queries.wish_for(current_user, registration_id)
    form = RefusalForm()
    if not form.validate():
        return _joining_page(wish, form, status=422)
    with transaction():
        joining.refuse_colleague(wish, reason=form.reason.data, by=current_user, at=clock.now())
    flash(_("Der er sagt nej, og grunden er sendt."), "success")
    return leave_to(url_for("employers.own"))


def _joining_page(wish: EmployerRegistration, form: RefusalForm, status: int = 200) -> Response:
    return render_page(
        "employers/joining.html",
        fragment="joining_decision",
        status=status,
        registration=wish,
        form=form,
        pending=wish.status is RegistrationStatus.PENDING,
        elsewhere=people_queries.is_elsewhere(wish.p_number, wish.cvr),
        trusted_on=people.trusted_on(current_user, clock.today()),
        tags=REGISTRATION_TAGS,
    )
