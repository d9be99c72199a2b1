"""Tables of employers."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import Industry, LabelledEnum, PlacementForm
from portal.shared.accounts.models import Municipality, User
from portal.shared.rules.law.ratio import HeldHours


class EmployerStatus(LabelledEnum):
    ACTIVE = "active", _l("Aktiv")
    PASSIVE = "passive", _l("Passiv")


class RegistrationStatus(LabelledEnum):
    PENDING = "pending", _l("Venter på godkendelse")
    APPROVED = "approved", _l("Godkendt")
    REFUSED = "refused", _l("Afvist")


class Sector(LabelledEnum):
    """Whether the law sees a private or a public employer."""

    PRIVATE = "private", _l("Privat")
    PUBLIC = "public", _l("Offentlig")


class Employer(db.Model):  # type: ignore[name-defined]
    """A company. Approved by being here: what awaits approval is an EmployerRegistration."""

    __tablename__ = "employers"
    __table_args__ = (
        sa.CheckConstraint("length(cvr) = 8", name="cvr_length"),
        sa.CheckConstraint(
            "(status = 'passive') = (passive_since IS NOT NULL)", name="passive_since_follows_status"
        ),
        sa.CheckConstraint("referred_by_id <> id", name="not_referred_by_itself"),
        {"sqlite_autoincrement": True},  # links and the log name the row, and a merge takes rows away
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cvr: Mapped[str] = mapped_column(sa.String(8), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    industry: Mapped[Industry] = mapped_column(index=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"), index=True)
    """Whose consultants look after the employer."""
    sector: Mapped[Sector | None]
    """None: not asked; employers that were here before the question."""
    wants_publicity: Mapped[bool] = mapped_column(default=False)
    """Whether the employer has said that the municipality may name it in public."""
    referred_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("employers.id"), index=True)
    """The employer that recommended the municipality to this one."""
    status: Mapped[EmployerStatus] = mapped_column(default=EmployerStatus.ACTIVE)
    passive_since: Mapped[datetime | None]
    approved_at: Mapped[datetime]
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(default=1)

    municipality: Mapped[Municipality] = relationship()
    referred_by: Mapped["Employer | None"] = relationship(remote_side=[id])
    workplaces: Mapped[list["Workplace"]] = relationship(back_populates="employer", order_by="Workplace.id")
    contacts: Mapped[list["ContactPerson"]] = relationship(
        back_populates="employer", order_by="ContactPerson.id"
    )
    trades: Mapped[list["EmployerTrade"]] = relationship(order_by="[EmployerTrade.from_on, EmployerTrade.id]")
    """All that was ever written of its trade, the first first; the last that stands is `industry`."""

    @hybrid_property
    def takes_part(self) -> bool:
        """Whether it may see people at all; while it is passive it sees its own data and figures."""
        return self.status == EmployerStatus.ACTIVE


class MergedEmployer(db.Model):  # type: ignore[name-defined]
    """A company that stood here twice: under which name and number, and who said that the two are one."""

    __tablename__ = "merged_employers"

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employers.id"), index=True)
    """What it is now."""
    old_id: Mapped[int] = mapped_column(unique=True)
    """The key it had: lines of the log and old addresses have it."""
    old_cvr: Mapped[str] = mapped_column(sa.String(8))
    old_name: Mapped[str] = mapped_column(sa.String(120))
    old_industry: Mapped[str] = mapped_column(sa.String(40))
    """The trade it had, as it was written: a trade may be gone by then."""
    old_since: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.String(300))
    merged_at: Mapped[datetime]
    merged_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))


class EmployersToldApart(db.Model):  # type: ignore[name-defined]
    """Two employers that look like one, and that somebody knows to be two: the smaller number first."""

    __tablename__ = "employers_told_apart"
    __table_args__ = (sa.CheckConstraint("employer_id < other_id", name="smaller_first"),)

    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employers.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("employers.id"), primary_key=True, index=True)
    told_at: Mapped[datetime]
    told_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))


class EmployerTrade(db.Model):  # type: ignore[name-defined]
    """An employer's trade from a day on, until another takes over: what a past day is counted by.

    A correction of the same day is another row, and the one before is marked as replaced.
    """

    __tablename__ = "employer_trades"
    __table_args__ = (
        sa.CheckConstraint("replaced_at IS NULL OR replaced_at >= recorded_at", name="replaced_afterwards"),
        sa.Index(
            "uq_employer_trades_standing",
            "employer_id",
            "from_on",
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employers.id"), index=True)
    industry: Mapped[Industry]
    from_on: Mapped[date]
    recorded_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    """When another row took its place; None: it stands."""


class Workplace(db.Model):  # type: ignore[name-defined]
    """A P-number: the place where people work, and the unit of the ratio rule."""

    __tablename__ = "workplaces"
    __table_args__ = (
        sa.UniqueConstraint("employer_id", "p_number"),
        sa.CheckConstraint("length(p_number) = 10", name="p_number_length"),
        sa.CheckConstraint("full_time_staff >= 0", name="full_time_staff_not_negative"),
        sa.CheckConstraint("other_places >= 0", name="other_places_not_negative"),
        sa.CheckConstraint("heads >= full_time_staff", name="heads_cover_staff"),
        sa.CheckConstraint(
            "staff_stated_on IS NOT NULL OR full_time_staff = 0", name="unsaid_staff_is_nobody"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employers.id"), index=True)
    p_number: Mapped[str | None] = mapped_column(sa.String(10), index=True)
    """None: not said yet. VITAS asks for it."""
    name: Mapped[str] = mapped_column(sa.String(120))
    address: Mapped[str] = mapped_column(sa.String(120))
    postcode: Mapped[str] = mapped_column(sa.String(4))
    full_time_staff: Mapped[Decimal] = mapped_column(sa.Numeric(8, 2))
    """Ordinary staff in full-time persons, average of four months (docs/rules.md#ratio). 0 while nobody has said."""
    heads: Mapped[int | None]
    """How many people that is, each counted as one. None: not said."""
    staff_stated_on: Mapped[date | None]
    """None: nobody has said how many work there, and the law is held against nobody."""
    other_places: Mapped[Decimal] = mapped_column(sa.Numeric(8, 2), default=Decimal(0), server_default="0")
    """In full-time persons: nytteindsats, and those whom another municipality placed; the ratio counts them too."""
    staff_stated_by: Mapped[str] = mapped_column(sa.String(120), default="")
    """Who at the employer said so."""
    representative_name: Mapped[str] = mapped_column(sa.String(120), default="")
    """Who signs beside the employer for its staff: the shop steward, or the employees' second signatory."""
    representative_email: Mapped[str] = mapped_column(sa.String(254), default="")
    representative_phone: Mapped[str] = mapped_column(sa.String(20), default="")

    employer: Mapped[Employer] = relationship(back_populates="workplaces")


class ContactPerson(db.Model):  # type: ignore[name-defined]
    """Somebody at the employer. With a user, she signs in for it; a user belongs to one employer."""

    __tablename__ = "contact_persons"
    __table_args__ = ({"sqlite_autoincrement": True},)  # links name the row: none is given twice

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employers.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(254))
    phone: Mapped[str] = mapped_column(sa.String(20))
    added_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]
    """When her employer last said that she still is with it: when she came, or at a yearly review."""

    employer: Mapped[Employer] = relationship(back_populates="contacts")
    user: Mapped[User | None] = relationship()


class AccessReview(db.Model):  # type: ignore[name-defined]
    """An employer goes through who may sign in for it. Closed by the last answer, or when its time is over."""

    __tablename__ = "access_reviews"
    __table_args__ = (
        sa.Index(
            "uq_access_reviews_open",
            "employer_id",
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},  # mails and the log name the row
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employers.id"), index=True)
    begun_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    """From then on it is late, and the municipality sees it."""
    closed_at: Mapped[datetime | None]

    employer: Mapped[Employer] = relationship()


class UnconfirmedRegistration(db.Model):  # type: ignore[name-defined]
    """What somebody wrote who has not shown that the e-mail is hers: no account, and nothing a consultant sees.

    Deleted when its link is used or too old, and when another one of the same address is confirmed.
    """

    __tablename__ = "unconfirmed_registrations"
    __table_args__ = ({"sqlite_autoincrement": True},)  # a link names the row: none is given twice

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    written: Mapped[dict[str, Any]]
    """services.RegistrationDetails as JSON: nobody has said yet that it is meant."""
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    mailed_at: Mapped[datetime | None]
    """None: its link is still to be mailed (what was carried over by 028), or the address had mails enough."""


class EmployerRegistration(db.Model):  # type: ignore[name-defined]
    """An employer's wish to take part, as written by itself, by somebody whose e-mail is confirmed."""

    __tablename__ = "employer_registrations"
    __table_args__ = (
        sa.CheckConstraint("length(cvr) = 8", name="cvr_length"),
        sa.CheckConstraint("(status = 'pending') = (decided_at IS NULL)", name="decided_at_follows_status"),
        sa.CheckConstraint(
            "(called_at IS NULL) = (spoke_with IS NULL) AND (called_at IS NULL) = (called_number IS NULL)",
            name="a_call_is_told_whole",
        ),
        sa.CheckConstraint("heads >= full_time_staff", name="heads_cover_staff"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"), index=True)
    cvr: Mapped[str] = mapped_column(sa.String(8), index=True)
    company_name: Mapped[str] = mapped_column(sa.String(120))
    industry: Mapped[Industry]
    p_number: Mapped[str] = mapped_column(sa.String(10))
    """Empty: said later."""
    address: Mapped[str] = mapped_column(sa.String(120))
    postcode: Mapped[str] = mapped_column(sa.String(4))
    full_time_staff: Mapped[Decimal] = mapped_column(sa.Numeric(8, 2))
    staff_is_said: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    """Else it is said later, and the staff is 0."""
    heads: Mapped[int | None]
    sector: Mapped[Sector | None]
    representative_name: Mapped[str] = mapped_column(sa.String(120), default="")
    representative_email: Mapped[str] = mapped_column(sa.String(254), default="")
    representative_phone: Mapped[str] = mapped_column(sa.String(20), default="")
    referred_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("employers.id"))
    """The employer whose link was followed here."""
    contact_name: Mapped[str] = mapped_column(sa.String(120))
    contact_email: Mapped[str] = mapped_column(sa.String(254))
    contact_phone: Mapped[str] = mapped_column(sa.String(20))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), index=True)
    """Who confirmed it. None: written before e-mails were confirmed, with one that was in use already."""
    registered_at: Mapped[datetime]
    status: Mapped[RegistrationStatus] = mapped_column(default=RegistrationStatus.PENDING)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    refusal_reason: Mapped[str | None] = mapped_column(sa.String(300))
    employer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("employers.id"))
    """The employer it became or joined."""
    asked_at: Mapped[datetime | None]
    """When the contact persons of a known employer were asked; None: nobody there could be."""
    called_at: Mapped[datetime | None]
    """When a consultant phoned the known employer, because none of its contact persons answered."""
    spoke_with: Mapped[str | None] = mapped_column(sa.String(120))
    called_number: Mapped[str | None] = mapped_column(sa.String(20))
    number_from: Mapped[str | None] = mapped_column(sa.String(120))
    """Where a number was found that the portal did not know before the wish; None: it did."""

    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    referred_by: Mapped[Employer | None] = relationship(foreign_keys=[referred_by_id])
    municipality: Mapped[Municipality] = relationship()


class OccupiedPlace(db.Model):  # type: ignore[name-defined]
    """A place held at a workplace in a period, written by placements: what the ratio counts. Without a person."""

    __tablename__ = "occupied_places"
    __table_args__ = (
        sa.CheckConstraint("ends_on >= starts_on", name="period"),
        sa.CheckConstraint("hours_per_week > 0 AND hours_per_week <= 168", name="hours_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workplace_id: Mapped[int] = mapped_column(sa.ForeignKey("workplaces.id"), index=True)
    placement_id: Mapped[int] = mapped_column(index=True)
    """The placement that holds it (a plain id: placements stand above this room); a row for each stretch of hours."""
    form: Mapped[PlacementForm]
    hours_per_week: Mapped[float]
    """What the ratio counts as a part of a full-time week, which the rules of the day say the length of."""
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    @property
    def as_held(self) -> HeldHours:
        """As the ratio counts it."""
        return HeldHours(self.hours_per_week, self.starts_on, self.ends_on)


class EmployerInvitation(db.Model):  # type: ignore[name-defined]
    """A colleague asked to sign in for the employer: by a link that ends when it is used, taken back or too old."""

    __tablename__ = "employer_invitations"
    __table_args__ = (
        sa.CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", name="accepted_or_withdrawn"),
        {"sqlite_autoincrement": True},  # a link names the row: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employers.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(254))
    invited_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    employer: Mapped[Employer] = relationship()
    invited_by: Mapped[User] = relationship()

    def is_open(self, at: datetime) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and at < self.expires_at


class RegisterAnswer(db.Model):  # type: ignore[name-defined]
    """What the business register last said of a CVR number, kept so that it is not asked twice in a while."""

    __tablename__ = "register_answers"

    cvr: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    units: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON)
    """Each P-number with name, address and postcode."""
    asked_at: Mapped[datetime]
