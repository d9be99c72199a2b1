"""Commands of prospects: written down, corrected, become an employer or forgotten."""

from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.database import check_version, db
from portal.base.errors import DomainError
from portal.loop.employers.models import Employer
from portal.loop.employers.services import EmployerKnown, employer_by_cvr
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.workspaces.contacts.models import EmployerContact, EmployerProspect


class ProspectKnown(DomainError):
    message = _l("Der er allerede en mulig virksomhed med det CVR-nummer.")


class ProspectJoined(DomainError):
    message = _l("Virksomheden er med nu. Det, der er skrevet, står på virksomhedens side.")


@dataclass(frozen=True)
class ProspectDetails:
    """What a consultant knows of a company that takes no part yet: all but the name may come later."""

    name: str
    cvr: str | None = None
    line_of_work: str = ""
    phone: str = ""
    contact_name: str = ""
    contact_email: str = ""


def add_prospect(
    municipality_id: int, details: ProspectDetails, *, by: User, at: datetime
) -> EmployerProspect:
    """Raises EmployerKnown, ProspectKnown."""
    _refuse_known(municipality_id, details.cvr, but=None)
    prospect = EmployerProspect(
        municipality_id=municipality_id, created_at=at, created_by_id=by.id, **asdict(details)
    )
    db.session.add(prospect)
    audit.record("prospect-added", subject=prospect, by=by, at=at)
    return prospect


def edit_prospect(
    prospect: EmployerProspect, details: ProspectDetails, *, seen_version: int, by: User, at: datetime
) -> None:
    """Raises StaleVersion, ProspectJoined, EmployerKnown, ProspectKnown."""
    hold(prospect)
    check_version(prospect, seen_version)
    if details.cvr != prospect.cvr:
        _refuse_known(prospect.municipality_id, details.cvr, but=prospect.id)
    for name, value in asdict(details).items():
        setattr(prospect, name, value)
    prospect.version += 1
    audit.record("prospect-edited", subject=prospect, by=by, at=at)


def join_prospect(prospect: EmployerProspect, employer: Employer, *, by: User | None, at: datetime) -> None:
    """It takes part: what was said stands with the employer, whose own contact person is known from now on.

    Raises ProspectJoined.
    """
    hold(prospect)
    prospect.employer_id, prospect.joined_at = employer.id, at
    prospect.phone = prospect.contact_name = prospect.contact_email = ""
    prospect.version += 1
    moved = sa.update(EmployerContact).where(EmployerContact.prospect_id == prospect.id)
    db.session.execute(moved.values(prospect_id=None, employer_id=employer.id))
    audit.record("prospect-joined", subject=prospect, by=by, at=at)


def join_by_cvr(employer: Employer, *, by: User | None, at: datetime) -> None:
    """An employer came in: whoever was a prospect of its municipality with the CVR number is no other company."""
    waiting = sa.select(EmployerProspect).where(
        EmployerProspect.cvr == employer.cvr,
        EmployerProspect.municipality_id == employer.municipality_id,
        EmployerProspect.employer_id.is_(None),
    )
    for prospect in db.session.scalars(waiting.order_by(EmployerProspect.id)).all():
        join_prospect(prospect, employer, by=by, at=at)


def drop_prospect(prospect: EmployerProspect, *, by: User, at: datetime) -> None:
    """It came to nothing: the company, its contact person and what was said go. Raises ProspectJoined."""
    hold(prospect)
    audit.record("prospect-dropped", subject=prospect, by=by, at=at)
    mine = EmployerContact.prospect_id == prospect.id
    for earlier in (EmployerContact.earlier_of_id.is_not(None), EmployerContact.earlier_of_id.is_(None)):
        db.session.execute(sa.delete(EmployerContact).where(mine, earlier))
    db.session.delete(prospect)


def _refuse_known(municipality_id: int, cvr: str | None, *, but: int | None) -> None:
    if cvr is None:
        return
    if employer_by_cvr(cvr) is not None:
        raise EmployerKnown
    same = sa.select(EmployerProspect.id).where(
        EmployerProspect.municipality_id == municipality_id,
        EmployerProspect.cvr == cvr,
        EmployerProspect.employer_id.is_(None),
    )
    if any(known != but for known in db.session.scalars(same.order_by(EmployerProspect.id))):
        raise ProspectKnown


def hold(prospect: EmployerProspect) -> None:
    """Nobody else changes it until the transaction ends. Raises ProspectJoined."""
    db.session.refresh(prospect, with_for_update={"of": EmployerProspect})
    if prospect.employer_id is not None:
        raise ProspectJoined
