"""Commands of partnerships: sign, end, and name who looks after one.

What was written stays: a correction marks the row and writes another (counting.py reads both).
"""

from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from portal.base.clock import danish_day
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
    if signed_on > danish_day(at):
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
    _lock(partnership)
    if partnership.ends_on is not None:
        raise AlreadyEnded
    if ends_on < partnership.signed_on:
        raise EndsBeforeSigned
    partnership.ends_on, partnership.end_recorded_at = ends_on, at
    partnership.version += 1
    for named in partnership.consultants:
        if named.from_on > ends_on:  # was to take over later
            _take_back(named, at=at)
        elif named.until_on is None or named.until_on > ends_on:
            _end_naming(named, ends_on, at=at)
    audit.record("partnership-ended", subject=partnership, by=by, at=at)


def name_consultant(
    partnership: Partnership, consultant: User, *, from_on: date, by: User | None, at: datetime
) -> PartnershipConsultant:
    """Name who looks after the partnership from a day; the one before does so to the day before.

    Raises NotOurConsultant or OutsideAgreement.
    """
    _lock(partnership)
    if consultant.municipality_id != partnership.municipality_id or not consultant.may(
        Action.MANAGE_PARTNERSHIPS
    ):
        raise NotOurConsultant
    latest = max((named.from_on for named in partnership.consultants), default=None)
    ended = partnership.ends_on is not None and from_on > partnership.ends_on
    if ended or from_on < partnership.signed_on or (latest is not None and from_on < latest):
        raise OutsideAgreement
    for named in partnership.consultants:
        if named.from_on == from_on:  # corrected: the last word stands
            _take_back(named, at=at)
        elif named.until_on is None or named.until_on >= from_on:
            _end_naming(named, from_on - timedelta(days=1), at=at)
    named = PartnershipConsultant(
        user=consultant, from_on=from_on, until_on=partnership.ends_on, recorded_at=at
    )
    partnership.namings.append(named)
    partnership.version += 1
    audit.record("partnership-consultant-named", subject=partnership, by=by, at=at)
    db.session.flush()
    return named


def _lock(partnership: Partnership) -> None:
    """Read the agreement anew and hold it: of two who name for one day, the later corrects the earlier."""
    db.session.flush()
    db.session.refresh(partnership, with_for_update={"of": Partnership})


def _take_back(named: PartnershipConsultant, *, at: datetime) -> None:
    named.replaced_at = at
    db.session.flush()  # before another row stands in its place


def _end_naming(named: PartnershipConsultant, until_on: date, *, at: datetime) -> None:
    """The same with a last day, as a row of its own."""
    _take_back(named, at=at)
    named.partnership.namings.append(
        PartnershipConsultant(user=named.user, from_on=named.from_on, until_on=until_on, recorded_at=at)
    )
    db.session.flush()
