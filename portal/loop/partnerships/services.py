"""Commands of partnerships: sign, end, and name who looks after one."""

from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from portal.base.clock import DANISH_TIME
from portal.base.database import db
from portal.base.errors import DomainError
from portal.loop.employers.models import Employer
from portal.loop.partnerships import queries
from portal.loop.partnerships.models import Partnership, PartnershipConsultant
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.web.permissions import Action


class AgreementInForce(DomainError):
    message = _l("Virksomheden har allerede en partnerskabsaftale med kommunen på den dag.")


class SignedInFuture(DomainError):
    message = _l(
        "En aftale kan først registreres, når den er underskrevet. Underskriftsdagen kan ikke ligge i fremtiden."
    )


class AlreadyEnded(DomainError):
    message = _l("Aftalen er allerede afsluttet.")


class EndsBeforeSigned(DomainError):
    message = _l("Aftalen kan ikke slutte, før den er underskrevet.")


class NotOurConsultant(DomainError):
    message = _l("Vælg en konsulent i jeres egen kommune.")


class OutsideAgreement(DomainError):
    message = _l(
        "En konsulent kan kun navngives i den tid, aftalen gælder, og efter den nuværende konsulent."
    )


def sign_partnership(  # noqa: PLR0913 - who, with whom, when, as the paper says
    employer: Employer,
    *,
    municipality_id: int,
    consultant: User | None,
    signed_on: date,
    by: User | None,
    at: datetime,
    note: str = "",
) -> Partnership:
    """Record a signed agreement; in force from the day it was signed, that day included.

    Raises AgreementInForce, SignedInFuture or NotOurConsultant. Source: docs/rules.md#partnership
    """
    if signed_on > at.astimezone(DANISH_TIME).date():
        raise SignedInFuture
    if queries.overlapping(employer.id, municipality_id, signed_on) is not None:
        raise AgreementInForce
    partnership = Partnership(
        employer_id=employer.id,
        municipality_id=municipality_id,
        signed_on=signed_on,
        note=note.strip(),
        created_at=at,
    )
    try:
        with db.session.begin_nested():
            db.session.add(partnership)
    except IntegrityError as error:  # a colleague signed at the same moment
        raise AgreementInForce from error
    audit.record("partnership-signed", subject=partnership, by=by, at=at)
    if consultant is not None:
        name_consultant(partnership, consultant, from_on=signed_on, by=by, at=at)
    db.session.flush()
    return partnership


def end_partnership(partnership: Partnership, *, ends_on: date, by: User | None, at: datetime) -> None:
    """Set the last day in force; who looks after it does so to that day. Raises AlreadyEnded or EndsBeforeSigned."""
    if partnership.ends_on is not None:
        raise AlreadyEnded
    if ends_on < partnership.signed_on:
        raise EndsBeforeSigned
    partnership.ends_on = ends_on
    partnership.version += 1
    for named in list(partnership.consultants):
        if named.from_on > ends_on:  # was to take over later
            partnership.consultants.remove(named)
            db.session.delete(named)
        elif named.until_on is None:
            named.until_on = ends_on
    audit.record("partnership-ended", subject=partnership, by=by, at=at)


def name_consultant(
    partnership: Partnership, consultant: User, *, from_on: date, by: User | None, at: datetime
) -> PartnershipConsultant:
    """Name who looks after the partnership from a day; the one before does so to the day before.

    Raises NotOurConsultant or OutsideAgreement.
    """
    if consultant.municipality_id != partnership.municipality_id or not consultant.may(
        Action.MANAGE_PARTNERSHIPS
    ):
        raise NotOurConsultant
    latest = max((named.from_on for named in partnership.consultants), default=None)
    ended = partnership.ends_on is not None and from_on > partnership.ends_on
    if ended or from_on < partnership.signed_on or (latest is not None and from_on < latest):
        raise OutsideAgreement
    for named in list(partnership.consultants):
        if named.from_on == from_on:  # corrected the same day: the last word stands
            partnership.consultants.remove(named)
            db.session.delete(named)
        elif named.until_on is None or named.until_on >= from_on:
            named.until_on = from_on - timedelta(days=1)
    named = PartnershipConsultant(user=consultant, from_on=from_on, until_on=partnership.ends_on)
    partnership.consultants.append(named)
    partnership.version += 1
    audit.record("partnership-consultant-named", subject=partnership, by=by, at=at)
    db.session.flush()
    return named
