"""Commands of contacts: written, corrected, struck out, and what comes next done or moved."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from portal.base.clock import danish_day
from portal.base.database import check_version, db
from portal.base.errors import DomainError
from portal.base.recorded_days import require_no_later
from portal.loop.employers.models import Employer
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.workspaces.contacts.models import ContactKind, EmployerContact, EmployerProspect


class ContactIsAnothers(DomainError):
    message = _l("Kun den, der har skrevet det, kan rette det. Skriv en ny kontakt i stedet.")


class ContactStruck(DomainError):
    message = _l("Kontakten er streget ud.")


class NextStepBeforeContact(DomainError):
    message = _l("Det næste skridt ligger før kontakten.")


class NextStepClosed(DomainError):
    message = _l("Der er ikke noget næste skridt, der venter.")


@dataclass(frozen=True)
class ContactLine:
    """What a consultant writes of one contact."""

    kind: ContactKind
    happened_on: date
    words: str = ""
    spoke_with: str = ""
    next_step: str | None = None
    next_on: date | None = None


def write_contact(
    company: Employer | EmployerProspect, line: ContactLine, *, by: User, at: datetime
) -> EmployerContact:
    """Of a prospect that takes part by now it stands with the employer, as all that was said before.

    Raises RecordedAhead, NextStepBeforeContact.
    """
    _require_days(line, at)
    if isinstance(company, EmployerProspect):
        db.session.refresh(company, with_for_update={"of": EmployerProspect})
        company = company.employer or company
    contact = EmployerContact(
        **({"employer": company} if isinstance(company, Employer) else {"prospect": company}),
        municipality_id=by.municipality_id,
        written_at=at,
        written_by_id=by.id,
        **asdict(line),
    )
    db.session.add(contact)
    audit.record("employer-contact-written", subject=contact, by=by, at=at)
    return contact


def correct_contact(
    contact: EmployerContact, line: ContactLine, *, seen_version: int, by: User, at: datetime
) -> None:
    """Only by who wrote it; what stood there is kept. Another next step is one that nobody has done yet.

    Raises StaleVersion, ContactIsAnothers, ContactStruck, RecordedAhead, NextStepBeforeContact.
    """
    _hold(contact)
    check_version(contact, seen_version)
    if contact.written_by_id != by.id:
        raise ContactIsAnothers
    _require_days(line, at)
    _keep_wording(contact, at)
    if (line.next_step, line.next_on) != (contact.next_step, contact.next_on):
        contact.next_done_at, contact.next_done_by_id = None, None
    for name, value in asdict(line).items():
        setattr(contact, name, value)
    contact.version += 1
    audit.record("employer-contact-corrected", subject=contact, by=by, at=at)


def _keep_wording(contact: EmployerContact, at: datetime) -> None:
    earlier = EmployerContact(
        earlier_of_id=contact.id,
        replaced_at=at,
        **{name: getattr(contact, name) for name in (*ContactLine.__annotations__, *_OF_ITS_OWN)},
    )
    db.session.add(earlier)


_OF_ITS_OWN = (
    "employer_id",
    "prospect_id",
    "municipality_id",
    "written_at",
    "written_by_id",
    "next_done_at",
    "next_done_by_id",
    "version",
)


def strike_contact(contact: EmployerContact, reason: str, *, by: User, at: datetime) -> None:
    """It was written by mistake: it stays to be read and counts no more. Raises ContactStruck."""
    _hold(contact)
    contact.struck_at, contact.struck_by_id, contact.strike_reason = at, by.id, reason
    contact.version += 1
    audit.record("employer-contact-struck", subject=contact, by=by, at=at)


def finish_next_step(contact: EmployerContact, *, by: User, at: datetime) -> None:
    """Raises ContactStruck, NextStepClosed."""
    _hold_open_step(contact)
    contact.next_done_at, contact.next_done_by_id = at, by.id
    contact.version += 1
    audit.record("employer-next-step-done", subject=contact, by=by, at=at)


def reopen_next_step(contact: EmployerContact, *, by: User, at: datetime) -> None:
    """It was not done after all. Raises ContactStruck."""
    _hold(contact)
    if contact.next_done_at is None:
        return
    contact.next_done_at, contact.next_done_by_id = None, None
    contact.version += 1
    audit.record("employer-next-step-reopened", subject=contact, by=by, at=at)


def move_next_step(contact: EmployerContact, on: date, *, by: User, at: datetime) -> None:
    """Raises ContactStruck, NextStepClosed, NextStepBeforeContact."""
    _hold_open_step(contact)
    if on < contact.happened_on:
        raise NextStepBeforeContact
    contact.next_on = on
    contact.version += 1
    audit.record("employer-next-step-moved", subject=contact, by=by, at=at)


def _hold(contact: EmployerContact) -> None:
    """Whoever changes the same line waits here, and then reads what the other wrote. Raises ContactStruck."""
    db.session.refresh(contact, with_for_update={"of": EmployerContact})
    if contact.is_struck:
        raise ContactStruck


def _hold_open_step(contact: EmployerContact) -> None:
    _hold(contact)
    if not contact.has_open_step:
        raise NextStepClosed


def _require_days(line: ContactLine, at: datetime) -> None:
    require_no_later(line.happened_on, danish_day(at))
    if line.next_on is not None and line.next_on < line.happened_on:
        raise NextStepBeforeContact
