"""A link meant for somebody outside, sent to her as a mail: one way for all pages that show such a link."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.base.database import db
from portal.shared.audit import services as audit
from portal.shared.audit.services import Actor
from portal.shared.outbox import services as outbox
from portal.shared.outbox.letters import Link, SendingUnit
from portal.shared.outbox.models import Mail, MailKind


@dataclass(frozen=True)
class Handed:
    """A link, and what its mail says: a subject, why it comes, and until when it opens anything."""

    link: Link
    subject: str
    words: str
    until_on: date | None = None


def hand_over(
    handed: Handed, *, to: str, unit: SendingUnit | None, about: Any, by: Actor, at: datetime
) -> Mail | None:
    """Post the link to an address. The log says that it was sent, the outbox to whom and what became of it."""
    mail = outbox.post(
        MailKind.LINK,
        to=to,
        at=at,
        unit=unit,
        context={"subject": handed.subject, "words": handed.words, "until_on": handed.until_on},
        links={"open": handed.link},
        about=about,
    )
    audit.record("link-sent", subject=about, by=by, at=at)
    return mail


def last_handed(about: Any) -> Mail | None:
    """The last mail with a link about the record."""
    statement = sa.select(Mail).where(
        Mail.kind == MailKind.LINK, Mail.about_type == about.__tablename__, Mail.about_id == about.id
    )
    return db.session.scalars(statement.order_by(Mail.id.desc()).limit(1)).one_or_none()


def whose(address: str, people: Iterable[Any]) -> Any | None:
    """The one of the people whose address was chosen among `choices`; None where it is nobody's."""
    return next((person for person in people if person.email.lower() == address), None)


def choices(people: Iterable[Any]) -> list[tuple[str, str]]:
    """Whom a link can be sent to, of contact persons: each address once, with the name."""
    found: dict[str, str] = {}
    for person in people:
        if person.email:
            found.setdefault(person.email.lower(), f"{person.name}, {person.email}")
    return list(found.items())
