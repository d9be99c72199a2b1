"""Contacts with employers are forgotten when what was said is old."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.base.clock import danish_day
from portal.base.database import db
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.traces import take_her_out
from portal.workspaces.contacts.models import EmployerContact, EmployerProspect


def leave_her_out(citizen: Citizen, **_more: Any) -> None:
    """Hears `events.citizen_erasing`: no contact is about her, and what stood before a correction cannot be mended."""
    texts = [EmployerContact.words, EmployerContact.next_step, EmployerContact.strike_reason]
    take_her_out(citizen, texts, among=EmployerContact.municipality_id == citizen.municipality_id)


def forget_old_contacts(at: datetime, settings: Mapping[str, Any]) -> Mapping[str, int]:
    """With their earlier wordings; with an employer, one whose next step still waits stays.

    Then prospects nothing is left of: who takes no part yet is not kept longer for a step that nobody took.
    """
    before = danish_day(at - settings["KEEP_EMPLOYER_CONTACTS"])
    current = aliased(EmployerContact)
    over = sa.and_(
        current.happened_on < before,
        sa.or_(
            current.next_on.is_(None),
            current.next_done_at.is_not(None),
            current.struck_at.is_not(None),
            current.prospect_id.is_not(None),
        ),
        current.earlier_of_id.is_(None),
    )
    old = list(db.session.scalars(sa.select(current.id).where(over).order_by(current.id)))
    gone = 0
    for condition in (EmployerContact.earlier_of_id.in_(old), EmployerContact.id.in_(old)):
        result: Any = db.session.execute(sa.delete(EmployerContact).where(condition))
        gone += int(result.rowcount)
    silent = ~sa.exists().where(EmployerContact.prospect_id == EmployerProspect.id)
    since = at - settings["KEEP_EMPLOYER_CONTACTS"]
    dropped = db.session.scalars(
        sa.select(EmployerProspect)
        .where(sa.func.coalesce(EmployerProspect.joined_at, EmployerProspect.created_at) < since, silent)
        .order_by(EmployerProspect.id)
    ).all()
    for prospect in dropped:  # each by itself: the words it is found by go with it
        db.session.delete(prospect)
    db.session.flush()
    return {EmployerContact.__tablename__: gone, EmployerProspect.__tablename__: len(dropped)}
