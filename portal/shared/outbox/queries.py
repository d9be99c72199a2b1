"""Reads of the outbox, scoped to the reader."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from portal.base.database import db
from portal.shared.outbox.models import Mail, MailKind, MailOptOut, MailState
from portal.web.permissions import Action, Scope
from portal.web.searching import found

ATTENTION: Final = "attention"
"""Those that a person must look at: uvis, or not taken."""


def mails_seen_by(user: Any) -> sa.Select[Mail]:
    """Her municipality's; whoever runs the portal reads none, for they are to people and about people."""
    statement = sa.select(Mail)
    scope = user.scope_of(Action.MANAGE_MAILS)
    if scope is Scope.MUNICIPALITY:
        return statement.where(Mail.municipality_id == user.municipality_id)
    return statement.where(sa.false())


def mail_for(user: Any, mail_id: int) -> Mail:
    """Raises NoResultFound for a mail that is not the user's to see."""
    return db.session.scalars(mails_seen_by(user).where(Mail.id == mail_id)).one()


def recipient_of(mail_id: int) -> str | None:
    """Whom a mail went to; None for one that the log has forgotten."""
    return db.session.scalar(sa.select(Mail.recipient).where(Mail.id == mail_id))


def mail_list(user: Any, *, words: str = "", state: str = "", kind: str = "") -> sa.Select[Mail]:
    """An unknown state or kind finds nothing."""
    statement = mails_seen_by(user)
    if words:
        statement = statement.where(found(words, Mail.recipient, Mail.subject))
    if state == ATTENTION:
        statement = statement.where(Mail.state.in_([MailState.UNCONFIRMED, MailState.FAILED]))
    elif state:
        statement = statement.where(Mail.state == state if state in set(MailState) else sa.false())
    if kind:
        statement = statement.where(Mail.kind == kind if kind in set(MailKind) else sa.false())
    return statement


def count_to(recipient: str, kinds: Collection[MailKind], *, since: datetime) -> int:
    """How many mails of the kinds were posted to the address."""
    statement = sa.select(sa.func.count(Mail.id)).where(
        Mail.recipient == recipient, Mail.kind.in_(kinds), Mail.created_at > since
    )
    return db.session.scalar(statement) or 0


def declined_by(recipient: str) -> set[MailKind]:
    found = db.session.scalars(sa.select(MailOptOut.kind).where(MailOptOut.recipient == recipient.lower()))
    return {MailKind(kind) for kind in found if kind in set(MailKind)}


def is_declined(recipient: str, kind: MailKind) -> bool:
    return bool(db.session.scalar(sa.select(has_declined(sa.literal(recipient), kind))))


def has_declined(address: sa.ColumnExpressionArgument[str], kind: MailKind) -> sa.ColumnElement[bool]:
    """Whether whoever has the address wants no mails of the kind, as a condition of a statement."""
    if not kind.may_be_declined:
        return sa.false()
    declined = sa.select(MailOptOut.id).where(
        MailOptOut.recipient == sa.func.lower(sa.func.trim(address)), MailOptOut.kind == kind.value
    )
    return declined.exists()


def posted_once(kind: MailKind, table: str, keys: sa.Select[int] | Sequence[int]) -> set[str]:
    """The names that mails of the kind about these records were posted under, so that none is written again."""
    statement = sa.select(Mail.dedupe_key).where(
        Mail.kind == kind, Mail.about_type == table, Mail.about_id.in_(keys), Mail.dedupe_key.is_not(None)
    )
    return set(db.session.scalars(statement))


# --- The worker ----------------------------------------------------------------------------------------------


def is_due(at: datetime) -> sa.ColumnElement[bool]:
    """Whether a mail is to be sent now."""
    return sa.and_(Mail.state == MailState.WAITING, Mail.due_at <= at)


def is_lost(at: datetime) -> sa.ColumnElement[bool]:
    """Whether the worker that claimed it has not said what became of it, and its time is over."""
    return sa.and_(Mail.state == MailState.SENDING, Mail.claimed_until < at)


def has_due(at: datetime) -> bool:
    return db.session.scalar(sa.select(sa.exists().where(is_due(at)))) is True


def has_lost(at: datetime) -> bool:
    return db.session.scalar(sa.select(sa.exists().where(is_lost(at)))) is True
