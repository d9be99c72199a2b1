"""Tables of the outbox."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column

from portal.base.database import db, named_enum
from portal.base.terms import LabelledEnum

LONGEST_SUBJECT = 200


class MailKind(LabelledEnum):
    """What a mail is about. Each has its text in templates/mail/, under its value."""

    PROPOSAL = "proposal", _l("Nyt forslag")
    PROPOSAL_REMINDER = "proposal_reminder", _l("Påmindelse om et forslag")
    MESSAGE = "message", _l("Besked fra kommunen")
    PLACEMENT = "placement", _l("Aftalt forløb")
    RENEWAL = "renewal", _l("Åbning, der snart udløber")
    REFERRAL = "referral", _l("Tak for en anbefaling")
    INVITATION = "invitation", _l("Invitation til portalen")
    PASSWORD = "password", _l("Ny adgangskode")
    PASSWORD_CHANGED = "password_changed", _l("Adgangskoden er ændret")
    SECOND_FACTOR_CHANGED = "second_factor_changed", _l("Login i to trin er ændret")
    ACCOUNT = "account", _l("Login til portalen")
    CONFIRM_REGISTRATION = "confirm_registration", _l("Bekræft din e-mail")
    ADDRESS_KNOWN = "address_known", _l("Du har allerede et login")
    JOIN_WISH = "join_wish", _l("Nogen vil logge ind for jer")
    COLLEAGUE_JOINED = "colleague_joined", _l("En kollega er kommet med")
    REGISTRATION_RECEIVED = "registration_received", _l("Vi har fået din tilmelding")
    REGISTRATION_APPROVED = "registration_approved", _l("Ja til din tilmelding")
    REGISTRATION_REFUSED = "registration_refused", _l("Nej til din tilmelding")
    OPENING_POSTED = "opening_posted", _l("Jeres plads er slået op")
    LINK = "link", _l("Link, som nogen har sendt")
    ACCESS_CLOSED = "access_closed", _l("Din adgang er lukket")
    ACCESS_REVIEW = "access_review", _l("Hvem kan logge ind for jer?")

    @property
    def may_be_declined(self) -> bool:
        """What somebody asked for herself comes always, and what is about who may get in."""
        return self not in _ALWAYS


_ALWAYS = frozenset(
    {
        MailKind.PASSWORD,
        MailKind.PASSWORD_CHANGED,
        MailKind.SECOND_FACTOR_CHANGED,
        MailKind.ACCOUNT,
        MailKind.CONFIRM_REGISTRATION,
        MailKind.ADDRESS_KNOWN,
        MailKind.JOIN_WISH,
        MailKind.COLLEAGUE_JOINED,
        MailKind.REGISTRATION_RECEIVED,
        MailKind.REGISTRATION_APPROVED,
        MailKind.REGISTRATION_REFUSED,
        MailKind.ACCESS_CLOSED,
        MailKind.ACCESS_REVIEW,
    }
)


class MailState(LabelledEnum):
    WAITING = "waiting", _l("Venter")
    SENDING = "sending", _l("Er ved at blive sendt")
    SENT = "sent", _l("Sendt")
    UNCONFIRMED = "uvis", _l("Uvis: måske sendt")
    FAILED = "failed", _l("Kunne ikke sendes")
    SUPPRESSED = "suppressed", _l("Fravalgt af modtageren")


class Mail(db.Model):  # type: ignore[name-defined]
    """One mail to one address."""

    __tablename__ = "outbox"
    __table_args__ = (
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_at_follows_state"),
        sa.CheckConstraint(
            "(state = 'sending') = (claimed_until IS NOT NULL)", name="claimed_until_follows_state"
        ),
        sa.CheckConstraint("state <> 'sending' OR worker IS NOT NULL", name="sending_has_worker"),
        sa.CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        # The column was called `once` when this was made, and SQLite cannot rename a constraint.
        sa.UniqueConstraint("dedupe_key", name="uq_outbox_once"),
        sa.Index("ix_outbox_due", "state", "due_at"),
        sa.Index("ix_outbox_municipality", "municipality_id", "created_at"),
        sa.Index("ix_outbox_about", "about_type", "about_id"),
        {"sqlite_autoincrement": True},  # the key stands in the Message-ID: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[MailKind] = mapped_column(
        sa.Enum(
            MailKind,
            native_enum=False,
            create_constraint=False,  # a new kind is a new text, not a new schema
            length=40,
            values_callable=lambda found: [one.value for one in found],
        )
    )
    recipient: Mapped[str] = mapped_column(sa.String(254), index=True)
    municipality_id: Mapped[int | None] = mapped_column(sa.ForeignKey("municipalities.id"))
    """Whose people see it in the log; None is seen by nobody."""
    sender_name: Mapped[str] = mapped_column(sa.String(180))
    reply_to: Mapped[str | None] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.String(LONGEST_SUBJECT))
    text: Mapped[str] = mapped_column(sa.Text)
    """As it is sent, but for the links: each stands as a marker (letters.marker)."""
    links: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """By marker what is put in its place: letters.Link as JSON. A signature is never stored."""
    calendar: Mapped[str | None] = mapped_column(sa.Text)
    """An iCalendar file that goes with it."""
    about_type: Mapped[str | None] = mapped_column(sa.String(40))
    about_id: Mapped[int | None]
    """The record it tells about, as the audit names it."""
    dedupe_key: Mapped[str | None] = mapped_column(sa.String(120))
    """A name that only one mail may have: what is posted again under it is not posted."""
    created_at: Mapped[datetime]
    state: Mapped[MailState] = mapped_column(named_enum(MailState, "mail_state"))
    due_at: Mapped[datetime]
    """Not sent before; moved on after an attempt that may succeed later."""
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(sa.String(80))
    """Who sends it, or did."""
    claimed_until: Mapped[datetime | None]
    """A worker that has not answered for it by then is dead."""
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(sa.String(300), default="")

    @property
    def can_be_settled(self) -> bool:
        """Whether a person must say what became of it."""
        return self.state is MailState.UNCONFIRMED

    @property
    def can_be_sent_anew(self) -> bool:
        return self.state in (MailState.UNCONFIRMED, MailState.FAILED)


class MailOptOut(db.Model):  # type: ignore[name-defined]
    """An address that wants no more mails of a kind."""

    __tablename__ = "mail_opt_outs"
    __table_args__ = (sa.UniqueConstraint("recipient", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(sa.String(254))
    kind: Mapped[str] = mapped_column(sa.String(40))
    """A value of MailKind."""
    at: Mapped[datetime]
