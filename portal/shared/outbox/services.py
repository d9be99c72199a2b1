"""Commands of the outbox: post, claim, settle, decline. `worker.py` sends."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.database import db
from portal.base.errors import DomainError
from portal.shared.audit import services as audit
from portal.shared.audit.services import Actor
from portal.shared.outbox import letters
from portal.shared.outbox.letters import STOP, STOP_LINK_LIFETIME, Link, SendingUnit
from portal.shared.outbox.models import Mail, MailKind, MailOptOut, MailState
from portal.shared.outbox.queries import is_declined, is_due, is_lost
from portal.web.links import LinkPurpose

PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
"""After the first attempt that may succeed later, the second, ...; after the last the mail has failed."""

LONGEST_ERROR: Final = 300

AT_ONCE: Final = 500
"""Keys in one statement."""
MAIL_FILE: Final = re.compile(r"outbox-(\d+)\.")
"""How transport.Folder calls a mail: by its Message-ID."""


class NothingToSettle(DomainError):
    message = _l("Mailen er ikke uvis, så der er ikke noget at afgøre.")


class NotToBeSentAnew(DomainError):
    message = _l("Mailen kan ikke sendes igen. Se, hvordan den står nu.")


def post(  # noqa: PLR0913 - a mail has that many parts
    kind: MailKind,
    *,
    to: str,
    at: datetime,
    unit: SendingUnit | None,
    context: Mapping[str, Any] | None = None,
    links: Mapping[str, Link] | None = None,
    about: Any = None,
    calendar: str | None = None,
    dedupe_key: str | None = None,
) -> Mail | None:
    """Put a mail in the outbox, in the transaction of what it tells; the worker sends it.

    The text is templates/mail/<kind>.txt with `context`; `{{ links.name }}` is where the link of that name goes.
    None when a mail was posted under the name `dedupe_key` before. To somebody who declined the kind it is kept unsent.
    """
    if (
        dedupe_key is not None
        and db.session.scalar(sa.select(Mail.id).where(Mail.dedupe_key == dedupe_key)) is not None
    ):
        return None
    recipient = to.strip().lower()
    every = dict(links or {})
    named = [*every, STOP] if kind.may_be_declined else list(every)
    letter = letters.write(kind, context=context or {}, links=named, unit=unit)
    mail = Mail(
        kind=kind,
        recipient=recipient,
        municipality_id=unit.id if unit else None,
        sender_name=letters.sender_name(unit),
        reply_to=unit.email if unit else None,
        subject=letter.subject,
        text=letter.text,
        calendar=calendar,
        about_type=about.__tablename__ if about is not None else None,
        about_id=about.id if about is not None else None,
        dedupe_key=dedupe_key,
        created_at=at,
        state=MailState.SUPPRESSED if is_declined(recipient, kind) else MailState.WAITING,
        due_at=at,
    )
    db.session.add(mail)
    db.session.flush()
    if kind.may_be_declined:
        every[STOP] = _stop_link(mail)
    mail.links = {name: link.stored() for name, link in every.items()}
    db.session.flush()
    return mail


def _stop_link(mail: Mail) -> Link:
    """It names the mail, not whom it went to: an address in a link can be read in every log on its way."""
    return Link.signed(
        "outbox.stop",
        LinkPurpose.STOP_MAIL,
        mail.id,
        mail.kind.value,
        expires_at=mail.created_at + STOP_LINK_LIFETIME,
        arg="stop_link",
    )


# --- The worker ----------------------------------------------------------------------------------------------


def claim_next(*, worker: str, at: datetime, lease: timedelta) -> Mail | None:
    """The mail that has waited longest, now this worker's alone; None when nothing is due."""
    statement = (
        sa.select(Mail)
        .where(is_due(at))
        .order_by(Mail.due_at, Mail.id)
        .limit(1)
        .with_for_update(skip_locked=True)  # PostgreSQL: another worker takes the next; SQLite has one writer
    )
    mail = db.session.scalar(statement)
    if mail is None:
        return None
    if is_declined(mail.recipient, mail.kind):
        mail.state = MailState.SUPPRESSED
    else:
        mail.state, mail.worker, mail.claimed_until = MailState.SENDING, worker, at + lease
        mail.attempts += 1
    db.session.flush()
    return mail


def mark_sent(mail_id: int, *, worker: str, at: datetime) -> None:
    """The receiving server has taken it. True also of one that was given up as uvis in the meantime."""
    _settle(mail_id, worker, state=MailState.SENT, sent_at=at, error="")


def mark_uvis(mail_id: int, *, worker: str, error: str) -> None:
    """The line broke while the server was taking it: nobody knows whether it did."""
    _settle(mail_id, worker, state=MailState.UNCONFIRMED, error=error[:LONGEST_ERROR])


def doubt_unsent(*, at: datetime) -> int:
    """An old database came back: what waited in it may have been sent since, so a person decides. Returns how many."""
    waiting = sa.update(Mail).where(Mail.state.in_((MailState.WAITING, MailState.SENDING)))
    doubted: Any = db.session.execute(
        waiting.values(
            state=MailState.UNCONFIRMED, claimed_until=None, error=f"gendannet {at:%Y-%m-%d %H:%M} UTC"
        )
    )
    return int(doubted.rowcount)


def mark_failed(mail_id: int, *, worker: str, error: str) -> None:
    """It was refused for good."""
    _settle(mail_id, worker, state=MailState.FAILED, error=error[:LONGEST_ERROR])


def put_off(mail_id: int, *, worker: str, at: datetime, error: str) -> None:
    """It was not taken, and may be later: after a pause, each longer than the last."""
    mail = db.session.get_one(Mail, mail_id)
    if mail.attempts > len(PAUSES):
        mark_failed(mail_id, worker=worker, error=error)
        return
    due_at = at + PAUSES[mail.attempts - 1]
    _settle(mail_id, worker, state=MailState.WAITING, due_at=due_at, error=error[:LONGEST_ERROR])


def _settle(mail_id: int, worker: str, **values: Any) -> None:
    """Only the worker that holds it may say what became of it."""
    held = Mail.state.in_([MailState.SENDING, MailState.UNCONFIRMED])
    db.session.execute(
        sa.update(Mail)
        .where(Mail.id == mail_id, Mail.worker == worker, held)
        .values(claimed_until=None, **values)
    )


def give_up_lost(*, at: datetime) -> int:
    """Mails whose worker died become uvis: they may have been sent. Returns how many."""
    lost = sa.update(Mail).where(is_lost(at))
    found: Any = db.session.execute(
        lost.values(state=MailState.UNCONFIRMED, claimed_until=None, error="worker died")
    )
    return int(found.rowcount)


# --- People --------------------------------------------------------------------------------------------------


def settle_as_sent(mail: Mail, *, by: Actor, at: datetime) -> None:
    """A person found out that it arrived. Raises NothingToSettle."""
    _lock(mail)
    if not mail.can_be_settled:
        raise NothingToSettle
    mail.state, mail.sent_at, mail.worker = MailState.SENT, at, None
    audit.record("mail-settled", subject=mail, by=by, at=at)


def send_anew(mail: Mail, *, by: Actor, at: datetime) -> None:
    """A person decides that it goes out (again). Raises NotToBeSentAnew."""
    _lock(mail)
    if not mail.can_be_sent_anew:
        raise NotToBeSentAnew
    mail.state, mail.due_at, mail.attempts = MailState.WAITING, at, 0
    mail.worker, mail.error = None, ""
    audit.record("mail-sent-anew", subject=mail, by=by, at=at)


def _lock(mail: Mail) -> None:
    db.session.refresh(mail, with_for_update=True)


def decline(recipient: str, kinds: Collection[MailKind], *, at: datetime) -> None:
    """From now on exactly these kinds are declined by the address; what waits of them is not sent."""
    address = recipient.strip().lower()
    wanted = {kind.value for kind in kinds if kind.may_be_declined}
    standing = set(
        db.session.scalars(sa.select(MailOptOut.kind).where(MailOptOut.recipient == address)).all()
    )
    gone = sa.delete(MailOptOut).where(
        MailOptOut.recipient == address, MailOptOut.kind.in_(standing - wanted)
    )
    db.session.execute(gone)
    db.session.add_all(MailOptOut(recipient=address, kind=kind, at=at) for kind in sorted(wanted - standing))
    db.session.flush()


def forget_old(*, before: datetime) -> int:
    """Delete what was settled before; a mail that waits or is uvis stays. Returns how many."""
    gone: Any = db.session.execute(sa.delete(Mail).where(Mail.created_at < before, _SETTLED))
    return int(gone.rowcount)


def forget_about(table: str, keys: sa.Select[int]) -> int:
    """The same for what tells about these records, however new."""
    about = sa.and_(Mail.about_type == table, Mail.about_id.in_(keys))
    gone: Any = db.session.execute(sa.delete(Mail).where(about, _SETTLED))
    return int(gone.rowcount)


_SETTLED: Final = Mail.state.in_([MailState.SENT, MailState.SUPPRESSED, MailState.FAILED])


def call_back(about: Any) -> None:
    """What has not left yet about the record is not sent: it is not true any more."""
    db.session.execute(
        sa.delete(Mail).where(
            Mail.about_type == about.__tablename__, Mail.about_id == about.id, Mail.state == MailState.WAITING
        )
    )


def call_back_about(table: str, keys: sa.Select[int]) -> None:
    """The same for many records of a table."""
    db.session.execute(
        sa.delete(Mail).where(
            Mail.about_type == table, Mail.about_id.in_(keys), Mail.state == MailState.WAITING
        )
    )


def call_back_from(recipient: str) -> None:
    """What has not left yet for the address is not sent: she is not the one it is for any more."""
    waiting = sa.delete(Mail).where(
        Mail.recipient == recipient.strip().lower(),
        Mail.kind.in_([kind for kind in MailKind if kind.may_be_declined]),
        Mail.state == MailState.WAITING,
    )
    db.session.execute(waiting)


def drop_about(table: str, keys: sa.Select[int]) -> None:
    """Delete the mails that tell about these records: somebody behind them is erased."""
    db.session.execute(sa.delete(Mail).where(Mail.about_type == table, Mail.about_id.in_(keys)))


def move_about(table: str, old_id: int, new_id: int) -> None:
    """The mails about one record are about another: the two became one."""
    moved = sa.update(Mail).where(Mail.about_type == table, Mail.about_id == old_id)
    db.session.execute(moved.values(about_id=new_id))


def drop_naming(is_named: Callable[[str], bool]) -> None:
    """Delete the mails in whose own words somebody stands who is erased: it was typed, and no record tells of whom."""
    columns = sa.select(Mail.id, Mail.subject, Mail.text, sa.func.coalesce(Mail.calendar, ""))
    found = [key for key, *texts in db.session.execute(columns).yield_per(1000) if is_named("\n".join(texts))]
    for start in range(0, len(found), AT_ONCE):
        db.session.execute(sa.delete(Mail).where(Mail.id.in_(found[start : start + AT_ONCE])))


def tidy_folder(folder: Path) -> int:
    """Development's mails are files: those that the outbox has forgotten go. Returns how many."""
    files = {int(found[1]): file for file in folder.glob("*.eml") if (found := MAIL_FILE.match(file.name))}
    known = set(db.session.scalars(sa.select(Mail.id)))
    gone = [file for key, file in files.items() if key not in known]
    for file in gone:
        file.unlink(missing_ok=True)
    return len(gone)
