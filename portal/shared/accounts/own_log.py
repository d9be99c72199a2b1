"""What was done with somebody's account, as she reads it: who acted as her, tried to, or opened a way for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.database import db
from portal.shared.accounts.models import User, UserSession
from portal.shared.audit.models import AuditEntry
from portal.web.reading import filled, marked

KEPT: Final = timedelta(days=90)
MOST: Final = 50

WORDS: Final[dict[str, LazyString]] = {
    "user-created": _l("Login oprettet"),
    "user-disabled": _l("Adgangen lukket"),
    "user-enabled": _l("Adgangen åbnet igen"),
    "password-link-mailed": _l("Link til at vælge adgangskode sendt til din e-mail"),
    "password-link-handed-over": _l("Link til at vælge adgangskode vist ved oprettelsen"),
    "password-link-withdrawn": _l("Link til at vælge adgangskode lukket"),
    "password-set": _l("Ny adgangskode valgt"),
    "login-code-made": _l("Login-kode på papir lavet"),
    "sign-in-refused": _l("Login afvist: forkert adgangskode"),
    "sign-in-paused": _l("Login afvist: for mange forsøg"),
    "own-password-refused": _l("Skift af adgangskode afvist"),
    "second-step-refused": _l("Login afvist: andet trin passede ikke"),
    "second-step-paused": _l("Login afvist: for mange forsøg på andet trin"),
    "second-factor-added": _l("Andet trin sat op"),
    "second-factor-removed": _l("Andet trin fjernet"),
    "second-factor-reset": _l("Andet trin nulstillet"),
    "recovery-codes-made": _l("Nye reservekoder lavet"),
    "recovery-code-used": _l("Reservekode brugt"),
    "other-sessions-ended": _l("Andre enheder logget ud"),
}
"""Lines of the audit that tell of it; sign-ins are told by their sessions, which know the device."""

BY_ANYBODY: Final = frozenset(
    {
        "sign-in-refused",
        "sign-in-paused",
        "second-step-refused",
        "second-step-paused",
        "password-link-mailed",
    }
)
"""What a visitor can bring about; all else without a unit was the portal's own doing, or its command line's."""


@dataclass(frozen=True)
class AccountEvent:
    at: datetime
    what: str
    who: str


def events_of(user: User, *, at: datetime) -> list[AccountEvent]:
    """The newest first. Of others it names the unit, never the employee."""
    lines = (
        sa.select(AuditEntry)
        .where(
            AuditEntry.subject_type == User.__tablename__,
            AuditEntry.subject_id == user.id,
            AuditEntry.action.in_(WORDS),
            AuditEntry.at > at - KEPT,
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(MOST)
    )
    sign_ins = (
        sa.select(UserSession.opened_at, UserSession.device)
        .where(UserSession.user_id == user.id, UserSession.opened_at > at - KEPT)
        .order_by(UserSession.opened_at.desc(), UserSession.id.desc())
        .limit(MOST)
    )
    found = [
        AccountEvent(line.at, str(WORDS[line.action]), _who(line, user)) for line in db.session.scalars(lines)
    ]
    found += [
        AccountEvent(opened_at, filled("Logget ind: %(device)s", device=marked(device)), _("Dig"))
        for opened_at, device in db.session.execute(sign_ins)
    ]
    return sorted(found, key=lambda event: event.at, reverse=True)[:MOST]


def _who(line: AuditEntry, user: User) -> str:
    if line.actor_id == user.id:
        return _("Dig")
    if line.actor_unit is not None:
        return marked(line.actor_unit)
    return _("Nogen, der ikke var logget ind") if line.action in BY_ANYBODY else _("Portalen selv")
