"""Reads of the outbox, scoped to the reader."""

from typing import Any, Final

import sqlalchemy as sa

from portal.database import db
from portal.listing import contains
from portal.outbox.models import Mail, MailKind, MailOptOut, MailState
from portal.permissions import Role

ATTENTION: Final = "attention"
"""Those that a person must look at: uvis, or not taken."""


def mails_seen_by(user: Any) -> sa.Select[Mail]:
    """A consultant's municipality's; an administrator's are all."""
    statement = sa.select(Mail)
    if user.role is Role.ADMIN:
        return statement
    return statement.where(Mail.municipality_id == user.municipality_id)


def mail_for(user: Any, mail_id: int) -> Mail:
    """Raises NoResultFound for a mail that is not the user's to see."""
    return db.session.scalars(mails_seen_by(user).where(Mail.id == mail_id)).one()


def mail_list(user: Any, *, words: str = "", state: str = "", kind: str = "") -> sa.Select[Mail]:
    """An unknown state or kind finds nothing."""
    statement = mails_seen_by(user)
    if words:
        statement = statement.where(sa.or_(contains(Mail.recipient, words), contains(Mail.subject, words)))
    if state == ATTENTION:
        statement = statement.where(Mail.state.in_([MailState.UVIS, MailState.FAILED]))
    elif state:
        statement = statement.where(Mail.state == state if state in set(MailState) else sa.false())
    if kind:
        statement = statement.where(Mail.kind == kind if kind in set(MailKind) else sa.false())
    return statement


def declined_by(recipient: str) -> set[MailKind]:
    found = db.session.scalars(sa.select(MailOptOut.kind).where(MailOptOut.recipient == recipient.lower()))
    return {MailKind(kind) for kind in found if kind in set(MailKind)}


def is_declined(recipient: str, kind: MailKind) -> bool:
    statement = sa.select(MailOptOut.id).where(
        MailOptOut.recipient == recipient.strip().lower(), MailOptOut.kind == kind.value
    )
    return kind.may_be_declined and db.session.scalar(statement) is not None
