"""A sheet that waits for the workplace: after some working days its contact persons are reminded once, with the link.

Run it as often as you like: what is due is done once. Source: docs/rules.md#assessment
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.working_days import after_working_days
from portal.loop.assessments.models import Assessment
from portal.loop.assessments.views import LINK_LIFETIME
from portal.loop.employers.models import Employer
from portal.loop.openings.models import Opening
from portal.loop.placements.models import Placement, PlacementStatus
from portal.loop.placements.queries import known_placements
from portal.loop.placements.waiting import REMINDER_DAYS
from portal.shared.outbox import services as outbox
from portal.shared.outbox.letters import Link
from portal.shared.outbox.models import MailKind
from portal.shared.rules.queries import rule_book
from portal.web.links import LinkPurpose
from portal.workspaces.answers.queries import reachable


def remind_of_sheets(at: datetime) -> int:
    """Remind the workplaces whose sheets have waited long enough. Returns how many mails were posted."""
    today, book = danish_day(at), rule_book(REMINDER_DAYS)
    due = [
        sheet
        for sheet in _waiting(at)
        if after_working_days(
            danish_day(sheet.opened_at), book.on(today, sheet.placement.municipality_id).whole(REMINDER_DAYS)
        )
        <= today
    ]
    return sum(_remind(sheet, at) for sheet in due)


def _waiting(at: datetime) -> Sequence[Assessment]:
    """Open sheets of placements that run, of whom the workplace may know and has said nothing."""
    opening = joinedload(Assessment.placement).joinedload(Placement.opening)
    statement = (
        sa.select(Assessment)
        .join(Assessment.placement)
        .where(
            Assessment.closed_at.is_(None),
            Assessment.answered_at.is_(None),
            Placement.status == PlacementStatus.RUNNING,
            Placement.id.in_(known_placements(danish_day(at))),
        )
        .options(opening.joinedload(Opening.employer).joinedload(Employer.municipality))
        .order_by(Assessment.id)
    )
    return db.session.scalars(statement).all()


def _remind(sheet: Assessment, at: datetime) -> int:
    employer, ends_at = sheet.placement.opening.employer, at + LINK_LIFETIME
    link = Link.signed(
        "assessments.workplace", LinkPurpose.ASSESSMENT, sheet.id, expires_at=ends_at, arg="link"
    )
    posted = [
        outbox.post(
            MailKind.LINK,
            to=address,
            at=at,
            unit=employer.municipality,
            context={
                "subject": _("Påmindelse: et vurderingsark venter på jer"),
                "words": _("Skriv, hvad I har set på arbejdspladsen. Det kan gøres på en telefon:"),
                "until_on": danish_day(ends_at),
            },
            links={"open": link},
            about=sheet,
            dedupe_key=f"sheet-reminder:{sheet.id}:{address}",
        )
        for address in reachable(employer.id, MailKind.LINK)
    ]
    return sum(mail is not None for mail in posted)
