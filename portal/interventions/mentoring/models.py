"""Tables of mentors and of what is agreed with them."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.folding import folded_text
from portal.base.terms import HOURS_IN_A_WEEK, LabelledEnum
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import Employer
from portal.loop.placements.models import Placement
from portal.shared.accounts.models import Municipality, User

AGREED_LENGTH = 500


class MentorOrigin(LabelledEnum):
    """Where a mentor comes from."""

    EMPLOYER = "employer", _l("Virksomhed")
    MUNICIPALITY = "municipality", _l("Kommunen")
    CORPS = "corps", _l("Mentorkorps")


class MentorYesVia(LabelledEnum):
    """How a mentor answered."""

    LINK = "link", _l("Med et link")
    PAPER = "paper", _l("På papir")
    PHONE = "phone", _l("I telefonen")
    MEETING = "meeting", _l("På et møde")


class MentorEnd(LabelledEnum):
    """Why an agreement ended before its last day, or on it."""

    DONE = "done", _l("Som aftalt")
    IN_WORK = "in_work", _l("Borgeren kom i arbejde")
    IN_EDUCATION = "in_education", _l("Borgeren kom i uddannelse")
    OTHER_MENTOR = "other_mentor", _l("En anden mentor tog over")
    BY_CITIZEN = "by_citizen", _l("Borgeren ville stoppe")
    BY_MENTOR = "by_mentor", _l("Mentoren ville stoppe")
    OTHER = "other", _l("Andet")


class MentorState(LabelledEnum):
    """What an agreement is on a day."""

    PROPOSED = "proposed", _l("Venter på mentoren")
    DECLINED = "declined", _l("Mentoren sagde nej")
    AGREED = "agreed", _l("Aftalt")
    RUNNING = "running", _l("I gang")
    OVER = "over", _l("Slut")
    WITHDRAWN = "withdrawn", _l("Blev ikke til noget")


class Mentor(db.Model):  # type: ignore[name-defined]
    """Somebody who helps at a workplace or on the way to one. Archived, and deleted once nothing counts on the row."""

    __tablename__ = "mentors"
    __table_args__ = (
        sa.CheckConstraint("(origin = 'employer') = (employer_id IS NOT NULL)", name="employer_of_origin"),
        sa.CheckConstraint(f"hours_per_week > 0 AND hours_per_week <= {HOURS_IN_A_WEEK}", name="hours_range"),
        sa.CheckConstraint(
            "archived_at IS NULL OR (email IS NULL AND phone IS NULL)", name="archived_unreached"
        ),
        sa.Index("ix_mentors_municipality", "municipality_id", "archived_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    origin: Mapped[MentorOrigin]
    employer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("employers.id"), index=True)
    languages: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    """Besides Danish, with commas between."""
    hours_per_week: Mapped[float]
    """For all whom the mentor helps together."""
    email: Mapped[str | None] = mapped_column(sa.String(254))
    phone: Mapped[str | None] = mapped_column(sa.String(20))
    is_shared: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """The mentor said yes to that citizens see phone and e-mail."""
    pledged_on: Mapped[date | None]
    """When somebody from outside was told of the duty of silence (pålæg om tavshedspligt)."""
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    archived_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    municipality: Mapped[Municipality] = relationship()
    employer: Mapped[Employer | None] = relationship()

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def is_from_outside(self) -> bool:
        """The municipality's own people have the duty of silence by law; others are told of it."""
        return self.origin is not MentorOrigin.MUNICIPALITY

    @property
    def may_be_told(self) -> bool:
        """Whether the mentor may learn whom it is about."""
        return not self.is_from_outside or self.pledged_on is not None

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.split() else self.name

    @property
    def comes_from(self) -> str:
        return self.employer.name if self.employer else str(self.origin.label)

    def speaks(self, language: str) -> bool:
        spoken = {folded_text(word).strip() for word in self.languages.split(",")}
        return folded_text(language).strip() in spoken


class MentorAgreement(db.Model):  # type: ignore[name-defined]
    """What a mentor is asked to help one citizen with. What is agreed is not changed: another takes its place."""

    __tablename__ = "mentor_agreements"
    __table_args__ = (
        sa.CheckConstraint("until_on >= from_on", name="period"),
        sa.CheckConstraint(f"hours_per_week > 0 AND hours_per_week <= {HOURS_IN_A_WEEK}", name="hours_range"),
        sa.CheckConstraint("agreed_at IS NULL OR declined_at IS NULL", name="one_answer"),
        sa.CheckConstraint(
            "(agreed_at IS NULL AND declined_at IS NULL) = (answered_via IS NULL)", name="answered_somehow"
        ),
        sa.CheckConstraint("(ended_on IS NULL) = (end_reason IS NULL)", name="reason_of_an_end"),
        sa.CheckConstraint("(ended_on IS NULL) = (ended_at IS NULL)", name="end_is_recorded"),
        sa.CheckConstraint("ended_on BETWEEN from_on AND until_on", name="end_within"),
        sa.CheckConstraint("ended_on IS NULL OR agreed_at IS NOT NULL", name="end_of_an_agreement"),
        sa.Index("ix_mentor_agreements_citizen", "citizen_id", "from_on"),
        sa.Index("ix_mentor_agreements_mentor", "mentor_id", "until_on"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(sa.ForeignKey("mentors.id"))
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizens.id"))
    placement_id: Mapped[int | None] = mapped_column(sa.ForeignKey("placements.id"), index=True)
    """None: it is for the person, wherever she is."""
    agreed: Mapped[str] = mapped_column(sa.String(AGREED_LENGTH))
    """What the mentor helps with; citizen and mentor read it."""
    hours_per_week: Mapped[float]
    from_on: Mapped[date]
    until_on: Mapped[date]
    citizen_agreed_on: Mapped[date]
    """She said yes to that the mentor is told her first name."""
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    agreed_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    answered_via: Mapped[MentorYesVia | None]
    answer_recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    """None: by the link."""
    ended_on: Mapped[date | None]
    """The last day, where it ended before `until_on`."""
    end_reason: Mapped[MentorEnd | None]
    ended_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    """It came to nothing, or was written by mistake: it counts no more."""

    mentor: Mapped[Mentor] = relationship()
    citizen: Mapped[Citizen] = relationship()
    placement: Mapped[Placement | None] = relationship()
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])

    @property
    def last_on(self) -> date:
        return self.ended_on or self.until_on

    def state_on(self, day: date) -> MentorState:
        if self.withdrawn_at is not None:
            return MentorState.WITHDRAWN
        if self.declined_at is not None:
            return MentorState.DECLINED
        if self.agreed_at is None:
            return MentorState.PROPOSED
        if self.last_on < day or self.ended_on == day:
            return MentorState.OVER
        return MentorState.RUNNING if self.from_on <= day else MentorState.AGREED
