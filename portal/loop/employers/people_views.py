"""Pages of who signs in for an employer: colleagues are invited, take it on, and leave."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import Response, current_app, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError, TooManyAttempts
from portal.loop.employers import access_review, people, people_queries, queries
from portal.loop.employers.forms import AcceptForm, InvitationForm, RemovalForm, ReviewForm, review_form
from portal.loop.employers.models import AccessReview, ContactPerson, Employer, EmployerInvitation
from portal.loop.employers.pages import bp as bp
from portal.loop.employers.views import own_form
from portal.shared.accounts import throttle
from portal.web import error_pages
from portal.web.htmx import leave_to, render_page
from portal.web.links import LinkExpired, LinkPurpose, opened_by
from portal.web.permissions import Action, requires


@bp.route("/own/invite", methods=["GET", "POST"])
@requires(Action.READ_OWN_EMPLOYER)
def invite() -> Any:
    employer = queries.employer_of(current_user)
    form = InvitationForm()
    if not form.is_submitted():
        return _invitation_page(form)
    if not form.validate():
        return _invitation_page(form, status=422)
    try:
        with transaction():
            counted = {"invitation-sender": current_user.id, "invitation-recipient": form.email.data.lower()}
            throttle.count(counted, at=clock.now(), config=current_app.config)
            people.invite_colleague(
                employer,
                name=form.name.data,
                email=form.email.data,
                by=current_user,
                at=clock.now(),
                lifetime=people.INVITATION_LIFETIME,
            )
    except TooManyAttempts as refusal:
        form.email.errors = [refusal.message]
        return _invitation_page(form, status=429)
    except (people.ColleagueThere, people.ColleagueWaits) as refusal:
        form.email.errors = [refusal.message]
        return _invitation_page(form, status=409)
    flash(_("Invitationen er sendt som mail til %(email)s.", email=form.email.data), "success")
    return leave_to(url_for("employers.own"))


def _invitation_page(form: InvitationForm, *, status: int = 200) -> Response:
    return own_form(
        form,
        _("Inviter en kollega"),
        status=status,
        lead=_(
            "Kollegaen får en mail med et link, der virker i to uger, og kan så se og gøre det samme som dig."
        ),
        button=_("Send invitationen"),
    )


@bp.post("/own/invitations/<int:invitation_id>/withdraw")
@requires(Action.READ_OWN_EMPLOYER)
def withdraw_invitation(invitation_id: int) -> Any:
    invitation = queries.invitation_for(current_user, invitation_id)
    with transaction():
        people.withdraw_invitation(invitation, by=current_user, at=clock.now())
    flash(_("Invitationen er trukket tilbage. Linket virker ikke længere."), "success")
    return leave_to(url_for("employers.own"))


@bp.route("/invitation/<invitation>", methods=["GET", "POST"])
@requires(Action.PUBLIC)
def accept(invitation: str) -> Any:
    """The invited colleague chooses a password, by a signed link."""
    try:
        (invitation_id,) = opened_by(LinkPurpose.INVITATION, invitation)
    except LinkExpired as expired:
        return error_pages.link_expired(expired)
    invited = queries.invitation_by_link(int(invitation_id))
    if not invited.is_open(clock.now()):
        return _invitation_is_over()
    form = AcceptForm(known=(invited.email, invited.name, invited.employer.name))
    if people.belongs_to_somebody(invited.email):
        return _accept_page(invited, form, status=409 if form.is_submitted() else 200, known=True)
    if not form.is_submitted():
        return _accept_page(invited, form)
    if not form.validate():
        return _accept_page(invited, form, status=422)
    password_hash = current_app.extensions["passwords"].hash(form.password.data)
    try:
        with transaction():
            people.accept_invitation(
                invited, phone=form.phone.data, password_hash=password_hash, at=clock.now()
            )
    except DomainError as refusal:
        return _accept_page(invited, form, refusal=refusal, status=409)
    flash(_("Du er med. Log ind med din e-mail og adgangskoden."), "success")
    return leave_to(url_for("accounts.login"))


def _invitation_is_over() -> Response:
    return error_pages.answer(
        410,
        advice=_(
            "Det er brugt, trukket tilbage eller for gammelt. Har du valgt en adgangskode, så log ind. "
            "Ellers bed din kollega om en ny invitation."
        ),
        way=(_("Log ind"), url_for("accounts.login")),
    )


def _accept_page(
    invited: EmployerInvitation,
    form: AcceptForm,
    *,
    refusal: DomainError | None = None,
    known: bool = False,
    status: int = 200,
) -> Response:
    return render_page(
        "employers/accept.html",
        fragment="accept_form",
        status=status,
        invitation=invited,
        form=form,
        refusal=refusal,
        known=known,
    )


# --- Who has left ----------------------------------------------------------------------------------------------


@bp.route("/own/contacts/<int:contact_id>/remove", methods=["GET", "POST"])
@requires(Action.READ_OWN_EMPLOYER)
def remove_colleague(contact_id: int) -> Any:
    """A contact person takes a colleague who left out, or herself."""
    employer = queries.employer_of(current_user)
    contact = people_queries.contact_for(current_user, employer.id, contact_id)
    is_herself = contact.user_id == current_user.id
    back = url_for("home.index") if is_herself else url_for("employers.own")
    trusted_on = None if is_herself else people.trusted_on(current_user, clock.today())
    return _removal(contact, people.remove_colleague, back=back, trusted_on=trusted_on)


@bp.route("/<int:employer_id>/contacts/<int:contact_id>/remove", methods=["GET", "POST"])
@requires(Action.MANAGE_EMPLOYERS)
def remove_contact(employer_id: int, contact_id: int) -> Any:
    """A consultant takes somebody out at an employer of her municipality."""
    contact = people_queries.contact_for(current_user, employer_id, contact_id)
    return _removal(contact, people.remove_contact, back=url_for("employers.detail", employer_id=employer_id))


def _removal(
    contact: ContactPerson, remove: Callable[..., None], *, back: str, trusted_on: date | None = None
) -> Any:
    """The page that says what happens, and its button."""
    name, left = contact.name, people_queries.with_login(contact.employer_id)
    is_last = [one.id for one in left] == [contact.id]
    form = RemovalForm(is_last=is_last)
    if not form.is_submitted() or not form.validate():
        return render_page(
            "employers/remove.html",
            fragment="removal_form",
            status=422 if form.is_submitted() else 200,
            contact=contact,
            form=form,
            is_last=is_last,
            is_herself=contact.user_id == current_user.id,
            back=back,
            trusted_on=trusted_on,
        )
    with transaction():
        remove(contact, by=current_user, at=clock.now())
    flash(_("%(name)s er fjernet og kan ikke logge ind mere.", name=name), "success")
    return leave_to(back)


# --- The yearly review -----------------------------------------------------------------------------------------


@bp.route("/own/access", methods=["GET", "POST"])
@requires(Action.READ_OWN_EMPLOYER)
def access() -> Any:
    """Who can sign in, and once a year whether they still are to."""
    employer = queries.employer_of(current_user)
    review = access_review.open_review(employer.id)
    asked = access_review.unconfirmed(review) if review else []
    form = review_form(asked)
    if not form.is_submitted():
        return _access_page(employer, review, form)
    if review is None:
        raise access_review.ReviewOver
    if not form.validate():
        return _access_page(employer, review, form, status=422)
    try:
        with transaction():
            access_review.answer_review(review, form.answers(), by=current_user, at=clock.now())
    except access_review.NobodyLeft as refusal:
        return _access_page(employer, review, form, refusal=refusal, status=409)
    flash(_("Tak. Svarene er gemt."), "success")
    return leave_to(url_for("employers.access"))


def _access_page(
    employer: Employer,
    review: AccessReview | None,
    form: ReviewForm,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> Response:
    contacts, today = people_queries.with_login(employer.id), clock.today()
    return render_page(
        "employers/access.html",
        fragment="access_review",
        status=status,
        employer=employer,
        contacts=contacts,
        seen=access_review.last_sign_ins(contacts),
        review=review,
        closes_at=_closes_at(review, today) if review else None,
        trusted_on=people.trusted_on(current_user, today),
        form=form,
        refusal=refusal,
    )


def _closes_at(review: AccessReview, today: date) -> datetime:
    deadlines = access_review.deadlines_of(review.employer.municipality_id, today)
    return access_review.closes_at(review, deadlines)
