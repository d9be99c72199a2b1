"""Who signs in for an employer: accounts behind a confirmed e-mail, and colleagues who are invited."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.loop.employers.models import (
    ContactPerson,
    Employer,
    EmployerInvitation,
    EmployerRegistration,
    RegistrationStatus,
)
from portal.loop.employers.people_queries import trusted_from, wishes_to_join, with_login
from portal.loop.employers.queries import contact_of
from portal.loop.employers.services import ContactDetails, add_contact
from portal.shared.accounts import queries as accounts
from portal.shared.accounts.models import User
from portal.shared.accounts.services import close_account, free_address, replace_access
from portal.shared.audit import services as audit
from portal.shared.outbox import services as outbox
from portal.shared.outbox.letters import Link
from portal.shared.outbox.models import MailKind
from portal.web.links import LinkPurpose
from portal.web.permissions import Role, Scope
from portal.web.rooms import Anew

INVITATION_LIFETIME: Final = timedelta(days=14)
"""Whoever is invited answers within days; a new link is one button away."""


class ColleagueThere(DomainError):
    message = _l("Den e-mail logger allerede ind for virksomheden.")


class ColleagueWaits(DomainError):
    message = _l("Den e-mail har selv bedt om at logge ind for jer. Svar på det på virksomhedens side.")


class SomebodySignsIn(DomainError):
    message = _l(
        "Virksomheden har selv nogen, der kan logge ind. De inviterer deres kolleger på virksomhedens side."
    )


class ContactWaits(DomainError):
    message = _l("Den e-mail har selv bedt om at logge ind for virksomheden. Svar på tilmeldingen i stedet.")


class InvitationUsed(DomainError):
    message = _l("Invitationen er brugt, trukket tilbage eller for gammel. Bed om en ny.")


class EmailInUse(DomainError):
    message = _l("E-mailen er allerede i brug. Ring til kommunen, så hjælper vi.")


class NotTrustedYet(DomainError):
    """`day` is when she will be."""

    def __init__(self, day: date) -> None:
        super().__init__(
            _l(
                "Du er ny her. Fra den %(day)s kan du selv lukke kolleger ind og ud. Bed en kollega om det.",
                day=f"{day.day}.{day.month}.{day.year}",
            )
        )


def trusted_contact(user: User, *, at: datetime) -> ContactPerson:
    """The user as a contact person who may let others in and out, held until the transaction ends.

    Raises NoResultFound, NotTrustedYet.
    """
    statement = sa.select(ContactPerson).where(ContactPerson.user_id == user.id)
    contact = db.session.scalars(statement.with_for_update(of=ContactPerson)).one()
    day = danish_day(at)
    trusted_on = trusted_from(contact, day)
    if day < trusted_on:
        raise NotTrustedYet(trusted_on)
    return contact


def trusted_on(user: User, today: date) -> date | None:
    """The day from which the user may let others in and out; None when she may today."""
    day = trusted_from(contact_of(user), today)
    return day if today < day else None


def remove_colleague(contact: ContactPerson, *, by: User, at: datetime) -> None:
    """A contact person takes another one of her employer out, or herself. Raises NotTrustedYet."""
    if contact.user_id != by.id:
        trusted_contact(by, at=at)
    remove_contact(contact, by=by, at=at)


def remove_contact(contact: ContactPerson, *, by: User | None, at: datetime) -> None:
    """She is no contact person any more: her account closes, and what was on its way to her, or from her, stops.

    What she did stays in the records with her account. Invited again, she gets the same account back.
    """
    employer, user = contact.employer, contact.user
    events.access_ending.send(contact, at=at)
    audit.record("contact-removed", subject=contact, by=by, at=at)
    _withdraw_invitations(contact, at=at)
    outbox.call_back_from(contact.email)
    db.session.delete(contact)
    if user is not None:
        close_account(user, by=by, at=at)
        user.password_hash = None
        outbox.post(
            MailKind.ACCESS_CLOSED,
            to=contact.email,
            at=at,
            unit=employer.municipality,
            context={"employer": employer.name},
        )
    db.session.flush()
    db.session.expire(employer, ["contacts"])


def _withdraw_invitations(contact: ContactPerson, *, at: datetime) -> None:
    """Those to her, and those from her: whoever leaves keeps no door open."""
    hers = sa.or_(
        sa.func.lower(EmployerInvitation.email) == contact.email.strip().lower(),
        EmployerInvitation.invited_by_id == contact.user_id,
    )
    still_open = sa.update(EmployerInvitation).where(
        EmployerInvitation.employer_id == contact.employer_id,
        EmployerInvitation.accepted_at.is_(None),
        EmployerInvitation.withdrawn_at.is_(None),
        hers,
    )
    db.session.execute(still_open.values(withdrawn_at=at))


def belongs_to_somebody(email: str) -> bool:
    """Whether the address has an account that must not be given to whoever reads its mail.

    An account that signs in for no employer, and waits for none, holds nothing: its owner may begin anew with it.
    """
    user = accounts.user_by_email(email)
    return user is not None and not _is_free(user)


def _is_free(user: User) -> bool:
    if not user.is_confirmed:
        return True
    if user.scope is not Scope.EMPLOYER:
        return False
    signs_in = sa.exists().where(ContactPerson.user_id == user.id)
    waits = sa.exists().where(
        EmployerRegistration.user_id == user.id, EmployerRegistration.status == RegistrationStatus.PENDING
    )
    return not db.session.scalar(sa.select(sa.or_(signs_in, waits)))


def account_of(contact: ContactDetails, *, password_hash: str, at: datetime) -> User:
    """The account of somebody who has shown that the e-mail is hers. Raises EmailInUse."""
    email = contact.email.strip().lower()
    user = accounts.user_by_email(email)
    if user is not None and not user.is_confirmed:
        free_address(user, by=None, at=at)
        user = None
    if user is None:
        user = User(email=email, name=contact.name, role=Role.EMPLOYER, created_at=at)
        db.session.add(user)
    elif not _is_free(user):
        raise EmailInUse
    else:
        replace_access(user, at=at)
        events.access_resumed.send(user, at=at)
    user.name, user.password_hash, user.disabled_at = contact.name, password_hash, None
    db.session.flush()
    return user


# --- Colleagues ----------------------------------------------------------------------------------------------


def invite_colleague(
    employer: Employer, *, name: str, email: str, by: User, at: datetime, lifetime: timedelta
) -> EmployerInvitation:
    """Ask a colleague to sign in for the employer. Raises NotTrustedYet, ColleagueThere, ColleagueWaits."""
    trusted_contact(by, at=at)
    address = email.strip().lower()
    if any(contact.user_id and contact.email.lower() == address for contact in employer.contacts):
        raise ColleagueThere
    if any(wish.contact_email.lower() == address for wish in wishes_to_join(employer)):
        raise ColleagueWaits
    return _invite(employer, name, address, by=by, at=at, lifetime=lifetime)


def invite_contact(
    contact: ContactPerson, *, by: User, at: datetime, lifetime: timedelta
) -> EmployerInvitation:
    """A consultant asks a contact person to sign in, where nobody of the employer does who could ask her.

    Raises ColleagueThere, SomebodySignsIn, ContactWaits, EmailInUse.
    """
    employer, address = contact.employer, contact.email.strip().lower()
    if contact.user_id is not None:
        raise ColleagueThere
    if with_login(employer.id):
        raise SomebodySignsIn
    if any(wish.contact_email.lower() == address for wish in wishes_to_join(employer)):
        raise ContactWaits
    if belongs_to_somebody(address):
        raise EmailInUse
    return _invite(employer, contact.name, address, by=by, at=at, lifetime=lifetime)


def _invite(
    employer: Employer, name: str, address: str, *, by: User, at: datetime, lifetime: timedelta
) -> EmployerInvitation:
    replace_invitations(employer, address, at=at)
    invitation = EmployerInvitation(
        employer_id=employer.id,
        name=name,
        email=address,
        invited_by_id=by.id,
        invited_at=at,
        expires_at=at + lifetime,
    )
    db.session.add(invitation)
    audit.record("colleague-invited", subject=invitation, by=by, at=at)
    outbox.post(
        MailKind.INVITATION,
        to=address,
        at=at,
        unit=employer.municipality,
        context={"employer": employer.name, "by": by.name},
        links={"accept": invitation_link(invitation)},
        about=invitation,
    )
    return invitation


def replace_invitations(employer: Employer, address: str, *, at: datetime) -> None:
    """Somebody who is invited again, or whose address changes, has one link that works at most: the newest."""
    earlier = sa.update(EmployerInvitation).where(
        EmployerInvitation.employer_id == employer.id,
        EmployerInvitation.email == address,
        EmployerInvitation.accepted_at.is_(None),
        EmployerInvitation.withdrawn_at.is_(None),
    )
    db.session.execute(earlier.values(withdrawn_at=at))


def invitation_link(invitation: EmployerInvitation) -> Link:
    return Link.signed(
        "employers.accept",
        LinkPurpose.INVITATION,
        invitation.id,
        expires_at=invitation.expires_at,
        arg="invitation",
    )


class InvitationOver(DomainError):
    message = _l("Invitationen er brugt eller trukket tilbage. Bed din kollega om en ny, eller log ind.")


def invite_anew(about: tuple[int | str, ...], at: datetime) -> Anew:
    """An invitation that nobody used in its time gets as much again. Raises InvitationOver."""
    invitation = db.session.get(EmployerInvitation, int(about[0]), with_for_update=True)
    if (
        invitation is None
        or invitation.accepted_at is not None
        or invitation.withdrawn_at is not None
        or invitation.invited_by.disabled_at is not None
        or belongs_to_somebody(invitation.email)
    ):
        raise InvitationOver
    if invitation.expires_at <= at:
        invitation.expires_at = at + (invitation.expires_at - invitation.invited_at)
        invitation.invited_at = at
    unit, addresses = invitation.employer.municipality, frozenset({invitation.email.strip().lower()})
    return Anew("employers.accept", "invitation", invitation, unit, invitation.expires_at, addresses)


def withdraw_invitation(invitation: EmployerInvitation, *, by: User, at: datetime) -> None:
    """The link opens nothing any more. Raises InvitationUsed."""
    _lock_invitation(invitation, at)
    invitation.withdrawn_at = at
    audit.record("invitation-withdrawn", subject=invitation, by=by, at=at)


def accept_invitation(
    invitation: EmployerInvitation, *, phone: str, password_hash: str, at: datetime
) -> User:
    """The colleague signs in for the employer from now on. Raises InvitationUsed, EmailInUse."""
    _lock_invitation(invitation, at)
    contact = ContactDetails(invitation.name, invitation.email, phone)
    user = account_of(contact, password_hash=password_hash, at=at)
    others = with_login(invitation.employer_id)
    invitation.accepted_at = at
    add_contact(invitation.employer, contact, user=user, by=user, at=at)
    audit.record("invitation-accepted", subject=invitation, by=user, at=at)
    tell_of_colleague(invitation.employer, others, at=at)
    return user


def tell_of_colleague(employer: Employer, others: Sequence[ContactPerson], *, at: datetime) -> None:
    """So that those who were there before notice whom they do not know. The mail names nobody: the page does."""
    for contact in others:
        outbox.post(
            MailKind.COLLEAGUE_JOINED,
            to=contact.email,
            at=at,
            unit=employer.municipality,
            context={"employer": employer.name},
            links={"people": Link("employers.own")},
            about=employer,
        )


def _lock_invitation(invitation: EmployerInvitation, at: datetime) -> None:
    db.session.refresh(invitation, with_for_update={"of": EmployerInvitation})
    if not invitation.is_open(at):
        raise InvitationUsed
