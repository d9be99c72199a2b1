"""Silence has an age: after so many working days an employer is reminded, reminded again, and then phoned.

Run it as often as you like: what is due is done once. Source: docs/rules.md#silence
"""

from datetime import date, datetime
from typing import Final

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.working_days import after_working_days
from portal.loop.reviews.models import Review
from portal.shared.outbox.models import MailKind
from portal.shared.outbox.queries import posted_once
from portal.shared.rules.book import RuleBook
from portal.shared.rules.queries import rule_book
from portal.workspaces.answers import services
from portal.workspaces.answers.models import CallReason
from portal.workspaces.answers.queries import consent_of, silent_proposals
from portal.workspaces.consents.models import ConsentState
from portal.workspaces.consents.queries import state_on

STEPS: Final = ("reminder-first-days", "reminder-second-days", "reminder-call-days")
"""Keys of the rules, in the order in which the steps come."""


def remind(at: datetime) -> int:
    """Take the step that is due for every silent proposal. Returns how many steps were taken."""
    today = danish_day(at)
    book = rule_book(*STEPS)
    silent = db.session.scalars(silent_proposals(at)).all()
    table, keys = Review.__tablename__, [review.id for review in silent]
    posted = posted_once(MailKind.PROPOSAL_REMINDER, table, keys)
    due = ((review, _due(review, book, today)) for review in silent)
    return sum(
        _take(review, step, today, at)
        for review, step in due
        if step and not _is_posted(services.reminder_name(review, step), posted)
    )


def _is_posted(name: str, posted: set[str]) -> bool:
    return any(one.startswith(f"{name}:") for one in posted)


def _due(review: Review, book: RuleBook, today: date) -> int:
    numbers = book.on(today, review.match.municipality_id)
    return due_step(review.citizen_answered_at, [numbers.whole(key) for key in STEPS], today)


def due_step(sent_at: datetime | None, days: list[int], today: date) -> int:
    """How many of the steps are due; only the last of them is taken, so a pause makes no heap of mails."""
    if sent_at is None:
        return 0
    sent_on = danish_day(sent_at)
    return sum(after_working_days(sent_on, count) <= today for count in days)


def _take(review: Review, step: int, today: date, at: datetime) -> bool:
    if step == len(STEPS):
        services.note_call(review, CallReason.SILENT, by=None, at=at)
        return True
    consent = consent_of(review)
    if consent is None or state_on(consent, today) is not ConsentState.GIVEN:
        return False
    return services.remind(consent, number=step, at=at)
