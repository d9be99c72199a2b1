"""A link whose time is over is sent anew to whoever it was for, while what it opens is still open.

Whoever asks holds the old link and is told no address. Which links can be had anew, until when and by whom, the rooms
say (`Room.anew`).
"""

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.database import db
from portal.base.errors import DomainError, TooManyAttempts
from portal.shared.audit import services as audit
from portal.shared.outbox.letters import Link
from portal.shared.outbox.models import Mail, MailKind
from portal.shared.outbox.queries import is_declined
from portal.shared.outbox.services import post
from portal.web.links import LinkPurpose
from portal.web.rooms import Anew

NAME: Final = "anew:"
"""Begins the name of every mail with a new link."""
MOST_A_DAY: Final = 3
"""New links that one address gets in a day, whichever old ones they are asked for with."""
DAY: Final = timedelta(days=1)


class AddressLeft(DomainError):
    message = _l("Den adresse, det gamle link blev sendt til, bruges ikke længere. Ring til kommunen.")


class NobodyToMail(DomainError):
    message = _l("Vi kan ikke sende et nyt link i en mail. Ring til kommunen.")


def send_link_anew(purpose: LinkPurpose, about: tuple[int | str, ...], anew: Anew, *, at: datetime) -> None:
    """Post the link once more, at most once an hour, and to nobody more than some times a day.

    Raises AddressLeft, NobodyToMail, TooManyAttempts.
    """
    link = Link.signed(anew.endpoint, purpose, *about, expires_at=anew.expires_at, arg=anew.arg)
    posted = [
        post(
            MailKind.LINK,
            to=address,
            at=at,
            unit=anew.unit,
            context={
                "subject": _("Nyt link: %(subject)s", subject=subject) if subject else _("Nyt link"),
                "words": _("Her er et nyt link. Det gamle var for gammelt."),
                "until_on": None,
            },
            links={"open": link},
            about=anew.record,
            dedupe_key=f"{NAME}{purpose.value}:{'-'.join(map(str, about))}:{at:%Y%m%d%H}:{address}",
        )
        for address, subject in _within_measure(_owners(purpose, about, anew), at).items()
    ]
    if any(posted):
        audit.record("link-sent", subject=anew.record, by=None, at=at)


def _owners(purpose: LinkPurpose, about: tuple[int | str, ...], anew: Anew) -> dict[str, str]:
    """Each address it goes to, with the subject of the mail that had the old one.

    To whoever had it last, of those who may still have it; to all of them where it was handed over or copied.
    """
    may_have_it = sorted(one for one in anew.addresses if not is_declined(one, MailKind.LINK))
    theirs = _mails_with(purpose, about, Mail.recipient.in_(may_have_it))
    if theirs:
        return {theirs[0].recipient: theirs[0].subject}
    of_it = sa.and_(Mail.about_type == anew.record.__tablename__, Mail.about_id == anew.record.id)
    if _mails_with(purpose, about, of_it):
        raise AddressLeft
    if not may_have_it:
        raise NobodyToMail
    return dict.fromkeys(may_have_it, "")


def _mails_with(
    purpose: LinkPurpose, about: tuple[int | str, ...], among: sa.ColumnElement[bool]
) -> list[Mail]:
    """The mails that had the link in them, the newest first."""
    return [
        mail
        for mail in db.session.scalars(sa.select(Mail).where(among).order_by(Mail.id.desc()))
        for link in map(Link.read, mail.links.values())
        if link.purpose == purpose.value and link.about == about
    ]


def _within_measure(owners: dict[str, str], at: datetime) -> dict[str, str]:
    """Those who have not had too many of late. Raises TooManyAttempts when nobody is left."""
    lately = {address: _posted_lately(address, at) for address in owners}
    kept = {address: owners[address] for address, times in lately.items() if len(times) < MOST_A_DAY}
    if not kept:
        raise TooManyAttempts(min(times[0] for times in lately.values()) + DAY - at)
    return kept


def _posted_lately(address: str, at: datetime) -> list[datetime]:
    """When new links were posted to it within a day, the first one first."""
    statement = sa.select(Mail.created_at).where(
        Mail.recipient == address, Mail.dedupe_key.startswith(NAME), Mail.created_at > at - DAY
    )
    return list(db.session.scalars(statement.order_by(Mail.created_at)))
