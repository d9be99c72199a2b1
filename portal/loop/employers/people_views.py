"""Pages of who signs in for an employer: colleagues are invited, and take it on."""

from datetime import timedelta
from typing import Any, Final

from flask import Response, current_app, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError, TooManyAttempts
from portal.loop.employers import people, queries
from portal.loop.employers.forms import AcceptForm, InvitationForm
from portal.loop.employers.models import EmployerInvitation
from portal.loop.employers.pages import bp as bp
from portal.loop.employers.views import own_form
from portal.shared.accounts import throttle
from portal.web import error_pages
from portal.web.htmx import leave_to, render_page
from portal.web.links import LinkPurpose, opened_by
from portal.web.permissions import Action, requires

INVITATION_LIFETIME: Final = timedelta(days=14)
"""A colleague answers within days; a new link is one button away."""


@bp.route("/own/invite", methods=["GET", "POST"])
@requires(Action.READ_OWN_EMPLOYER)
def invite() -> Any:
    employer = queries.employer_of(current_user)
    form = InvitationForm()
    if not form.is_submitted():
        return own_form(form, _("Inviter en kollega"))
    if not form.validate():
        return own_form(form, _("Inviter en kollega"), status=422)
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
                lifetime=INVITATION_LIFETIME,
            )
    except TooManyAttempts as refusal:
        form.email.errors = [refusal.message]
        return own_form(form, _("Inviter en kollega"), status=429)
    except people.ColleagueThere as there:
        form.email.errors = [there.message]
        return own_form(form, _("Inviter en kollega"), status=409)
    flash(_("Invitationen er sendt som mail til %(email)s.", email=form.email.data), "success")
    return leave_to(url_for("employers.own"))


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
    (invitation_id,) = opened_by(LinkPurpose.INVITATION, invitation)
    invited = queries.invitation_by_link(int(invitation_id))
    if not invited.is_open(clock.now()):
        return error_pages.answer(410)
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
