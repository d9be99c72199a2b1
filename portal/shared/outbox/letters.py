"""What a mail says: its template filled in when it is posted, its links signed when it is sent."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _

from portal.base.texts import inert, wire_address
from portal.shared.outbox.models import LONGEST_SUBJECT, Mail, MailKind
from portal.web.links import LinkPurpose, portal_links

STOP: Final = "stop"
"""The link by which the recipient declines mails of the kind; every mail that may be declined has it."""
STOP_LINK_LIFETIME: Final = timedelta(days=180)
"""As long as the mail is kept (KEEP_MAILS): the link names it."""


class SendingUnit(Protocol):
    """Who writes: a municipality, seen from below."""

    @property
    def id(self) -> Any: ...
    @property
    def name(self) -> Any: ...
    @property
    def unit_term(self) -> Any: ...
    @property
    def phone(self) -> Any: ...
    @property
    def email(self) -> Any: ...


@dataclass(frozen=True)
class Link:
    """A page of the portal: its endpoint and values. With a purpose it is signed, and the token is its value `arg`."""

    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    purpose: str | None = None
    about: tuple[int | str, ...] = ()
    expires_at: datetime | None = None
    arg: str = "token"

    @classmethod
    def signed(
        cls, endpoint: str, purpose: LinkPurpose, *about: int | str, expires_at: datetime, arg: str = "token"
    ) -> "Link":
        return cls(endpoint, purpose=purpose.value, about=about, expires_at=expires_at, arg=arg)

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self) | {"expires_at": self.expires_at.isoformat() if self.expires_at else None}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Link":
        ends = stored["expires_at"]
        known = {**stored, "about": tuple(stored["about"])}
        return cls(**{**known, "expires_at": datetime.fromisoformat(ends) if ends else None})

    def address(self) -> str:
        """The whole address, signed by the portal's key."""
        return str(current_app.config["PORTAL_BASE_URL"] + self.path())

    def path(self) -> str:
        """The address within the portal."""
        values = dict(self.values)
        if self.purpose is not None and self.expires_at is not None:
            purpose = LinkPurpose(self.purpose)
            values[self.arg] = portal_links().sign(purpose, *self.about, expires_at=self.expires_at)
        return current_app.url_map.bind("").build(self.endpoint, values)


@dataclass(frozen=True)
class Letter:
    """A subject in one line, and the text."""

    subject: str
    text: str


def marker(name: str) -> str:
    """What stands in the text where the link called `name` will be."""
    return f"[[{name}]]"


def write(
    kind: MailKind, *, context: Mapping[str, Any], links: Iterable[str], unit: SendingUnit | None
) -> Letter:
    """The kind's template: its block `subject`, and the whole of it as the text. `links`: what they are called.

    No subject holds a link, so it is made harmless as a whole, whoever's name stands in it.
    """
    template = current_app.jinja_env.get_template(f"mail/{kind.value}.txt")
    values = {
        **context,
        "links": {name: marker(name) for name in links},
        "unit": unit,
        "kind": kind,
        "_": _sentence,
    }
    subject = "".join(template.blocks["subject"](template.new_context(values)))
    harmless = str(inert(" ".join(subject.split())))[:LONGEST_SUBJECT]
    return Letter(harmless, template.render(values).strip() + "\n")


def _sentence(words: str, **named: Any) -> str:
    """A sentence of ours with somebody's words in it, which neither begin a line of their own nor become a link."""
    return _(words, **{name: inert(one) for name, one in named.items()})


def sender_name(unit: SendingUnit | None) -> str:
    return f"{unit.unit_term}, {unit.name} Kommune" if unit else "Det gode match"


def with_links(mail: Mail) -> str:
    """The text as its recipient reads it."""
    text = mail.text
    for name, stored in mail.links.items():
        text = text.replace(marker(name), Link.read(stored).address())
    return text


def without_links(mail: Mail) -> str:
    """The text for the log, which opens nothing."""
    text = mail.text
    for name in mail.links:
        text = text.replace(marker(name), _("(link til modtageren)"))
    return text


def message(mail: Mail, *, at: datetime) -> EmailMessage:
    """The mail as it goes over the wire; the same mail has the same Message-ID, whoever sends it how often.

    Raises ValueError for an address or a subject that no header can hold.
    """
    sender = current_app.config["PORTAL_MAIL_FROM"]
    written = EmailMessage()
    written["From"] = formataddr((mail.sender_name, sender))
    written["To"] = wire_address(mail.recipient)
    written["Subject"] = mail.subject
    written["Date"] = format_datetime(at)
    host = urlsplit(current_app.config["PORTAL_BASE_URL"]).hostname or "localhost"
    written["Message-ID"] = f"<outbox-{mail.id}.{int(mail.created_at.timestamp())}@{host}>"
    written["Auto-Submitted"] = "auto-generated"
    if mail.reply_to:
        written["Reply-To"] = mail.reply_to
    if STOP in mail.links:
        written["List-Unsubscribe"] = f"<{Link.read(mail.links[STOP]).address()}>"
    written.set_content(with_links(mail))
    if mail.calendar:
        written.add_attachment(
            mail.calendar.encode(), maintype="text", subtype="calendar", filename="aftale.ics"
        )
    return written
