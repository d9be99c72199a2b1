"""What is forgotten of people at employers when it has served: invitations and registrations."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.base.database import db
from portal.loop.employers.joining import forget_unconfirmed
from portal.loop.employers.models import EmployerInvitation, EmployerRegistration, UnconfirmedRegistration


def forget_asked(at: datetime, settings: Mapping[str, Any]) -> Mapping[str, int]:
    """Invitations: name and address of somebody who came, or never did."""
    before = at - settings["KEEP_INVITATIONS"]
    over = sa.func.coalesce(EmployerInvitation.accepted_at, EmployerInvitation.expires_at) < before
    gone: Any = db.session.execute(sa.delete(EmployerInvitation).where(over))
    return {EmployerInvitation.__tablename__: gone.rowcount}


def forget_unsaid(at: datetime, _settings: Mapping[str, Any]) -> Mapping[str, int]:
    """Registrations whose e-mail nobody confirmed."""
    return {UnconfirmedRegistration.__tablename__: forget_unconfirmed(at=at)}


def forget_decided(at: datetime, settings: Mapping[str, Any]) -> Mapping[str, int]:
    """Registrations that were answered: what is still needed of them stands with the employer."""
    before = at - settings["KEEP_REGISTRATIONS"]
    gone: Any = db.session.execute(
        sa.delete(EmployerRegistration).where(EmployerRegistration.decided_at < before)
    )
    return {EmployerRegistration.__tablename__: gone.rowcount}
