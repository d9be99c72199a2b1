"""Once a year an employer's own people say who still may sign in for it; the others lose access, after notice.

Source: docs/rules.md#access-review
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.loop.employers import people
from portal.loop.employers.models import AccessReview, ContactPerson, Employer
from portal.loop.employers.people_queries import with_login
from portal.shared.accounts.models import Municipality, User
from portal.shared.audit import services as audit
from portal.shared.audit.models import AuditEntry
from portal.shared.outbox import services as outbox
from portal.shared.outbox.letters import Link
from portal.shared.outbox.models import MailKind
from portal.shared.rules.checks import months_before
from portal.shared.rules.queries import numbers_on

MONTHS, REMINDER_DAYS, CLOSE_DAYS = (
    "access-review-months",
    "access-review-reminder-days",
    "access-review-close-days",
)


class NobodyLeft(DomainError):
    message = _l("Mindst én skal stadig have adgang. Skal ingen logge ind mere, så ring til kommunen.")


@dataclass(frozen=True)
class Deadlines:
    """How a municipality has its reviews: how often, and how many days after the beginning what happens."""

    months: int
    reminder: timedelta
    close: timedelta

    @property
    def notice(self) -> timedelta:
        """How long a reminder has been out before anybody loses access, also after a pause of the portal."""
        return self.close - self.reminder


def deadlines_of(municipality_id: int, day: date) -> Deadlines:
    numbers = numbers_on((MONTHS, REMINDER_DAYS, CLOSE_DAYS), day, municipality_id)
    return Deadlines(
        int(numbers[MONTHS]),
        timedelta(days=int(numbers[REMINDER_DAYS])),
        timedelta(days=int(numbers[CLOSE_DAYS])),
    )


def open_review(employer_id: int) -> AccessReview | None:
    statement = sa.select(AccessReview).where(
        AccessReview.employer_id == employer_id, AccessReview.closed_at.is_(None)
    )
    return db.session.scalars(statement.options(joinedload(AccessReview.employer))).one_or_none()


def unconfirmed(review: AccessReview) -> list[ContactPerson]:
    """Those of whom nobody has said since it began that they still may sign in."""
    return [contact for contact in with_login(review.employer_id) if contact.confirmed_at < review.begun_at]


def closes_at(review: AccessReview, deadlines: Deadlines) -> datetime:
    """When those nobody confirmed lose access."""
    planned = review.begun_at + deadlines.close
    return max(planned, review.reminded_at + deadlines.notice) if review.reminded_at else planned


def last_sign_ins(contacts: Collection[ContactPerson]) -> Mapping[int, datetime]:
    """User id -> when she last signed in, as far as the log goes back."""
    ids = [contact.user_id for contact in contacts]
    statement = (
        sa.select(AuditEntry.subject_id, sa.func.max(AuditEntry.at))
        .where(
            AuditEntry.action == "signed-in",
            AuditEntry.subject_type == User.__tablename__,
            AuditEntry.subject_id.in_(ids),
        )
        .group_by(AuditEntry.subject_id)
    )
    return {user_id: at for user_id, at in db.session.execute(statement) if user_id is not None}


# --- What time does --------------------------------------------------------------------------------------------


def review_access(at: datetime) -> int:
    """Begin the reviews that are due, remind of those that wait, and end those whose time is over. Returns how many."""
    done = 0
    for home in db.session.scalars(sa.select(Municipality).order_by(Municipality.id)).all():
        deadlines = deadlines_of(home.id, danish_day(at))
        done += _begin_due(home, deadlines, at=at)
        done += _remind(home, deadlines, at=at)
        done += _close_late(home, deadlines, at=at)
    return done


def _begin_due(home: Municipality, deadlines: Deadlines, *, at: datetime) -> int:
    before = datetime.combine(months_before(at.date(), deadlines.months), at.timetz())
    reviewed = sa.exists().where(AccessReview.employer_id == Employer.id, AccessReview.closed_at.is_(None))
    due = (
        sa.select(Employer)
        .join(Employer.contacts)
        .join(ContactPerson.user)
        .where(
            Employer.municipality_id == home.id,
            User.disabled_at.is_(None),
            ContactPerson.confirmed_at <= before,
            ~reviewed,
        )
        .distinct()
        .order_by(Employer.id)
    )
    found = db.session.scalars(due).all()
    for employer in found:
        review = AccessReview(employer=employer, begun_at=at)
        db.session.add(review)
        audit.record("access-review-begun", subject=review, by=None, at=at)
        _write(review, deadlines, at=at)
    return len(found)


def _remind(home: Municipality, deadlines: Deadlines, *, at: datetime) -> int:
    waiting = _open_in(home).where(
        AccessReview.reminded_at.is_(None), AccessReview.begun_at <= at - deadlines.reminder
    )
    found = db.session.scalars(waiting).all()
    for review in found:
        review.reminded_at = at
        _write(review, deadlines, at=at)
    return len(found)


def _close_late(home: Municipality, deadlines: Deadlines, *, at: datetime) -> int:
    over = _open_in(home).where(
        AccessReview.begun_at <= at - deadlines.close, AccessReview.reminded_at <= at - deadlines.notice
    )
    found = db.session.scalars(over).all()
    for review in found:
        for contact in unconfirmed(review):
            people.remove_contact(contact, by=None, at=at)
        _close(review, by=None, at=at)
    return len(found)


def _open_in(home: Municipality) -> sa.Select[AccessReview]:
    """Held until the transaction ends: an answer that comes now waits, or was first."""
    return (
        sa.select(AccessReview)
        .join(AccessReview.employer)
        .where(AccessReview.closed_at.is_(None), Employer.municipality_id == home.id)
        .order_by(AccessReview.id)
        .with_for_update(of=AccessReview, skip_locked=True)
    )


def _write(review: AccessReview, deadlines: Deadlines, *, at: datetime) -> None:
    """To everybody who can sign in: any of them may answer."""
    context = {"employer": review.employer.name, "closes_at": closes_at(review, deadlines)}
    for contact in with_login(review.employer_id):
        outbox.post(
            MailKind.ACCESS_REVIEW,
            to=contact.email,
            at=at,
            unit=review.employer.municipality,
            context=context,
            links={"review": Link("employers.access")},
            about=review,
        )


# --- What people say -------------------------------------------------------------------------------------------


def answer_review(review: AccessReview, keep: Mapping[int, bool], *, by: User, at: datetime) -> None:
    """Contact id -> whether she still may sign in, for each whom nobody has confirmed.

    Raises ReviewOver, NotTrustedYet, NobodyLeft.
    """
    people.trusted_contact(by, at=at)
    db.session.refresh(review, with_for_update={"of": AccessReview})
    if review.closed_at is not None:
        raise ReviewOver
    contacts = unconfirmed(review)
    leaving = [contact for contact in contacts if keep.get(contact.id) is False]
    if len(leaving) == len(with_login(review.employer_id)):
        raise NobodyLeft
    for contact in contacts:
        if keep.get(contact.id):
            contact.confirmed_at = at
            audit.record("access-confirmed", subject=contact, by=by, at=at)
    for contact in leaving:
        people.remove_contact(contact, by=by, at=at)
    if not unconfirmed(review):
        _close(review, by=by, at=at)
    db.session.flush()


class ReviewOver(DomainError):
    message = _l("Gennemgangen er afsluttet. En kollega var hurtigere, eller fristen er gået.")


def _close(review: AccessReview, *, by: User | None, at: datetime) -> None:
    review.closed_at = at
    audit.record("access-review-closed", subject=review, by=by, at=at)
