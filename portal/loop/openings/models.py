"""Tables of openings."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.alphabet import alphabetical
from portal.base.database import db
from portal.base.terms import Industry, LabelledEnum, PlacementForm, Shift, TaskKind, Weekday
from portal.loop.employers.models import Employer, Workplace
from portal.shared.accounts.models import User
from portal.shared.skills.models import Skill, folded_text


class OpeningStatus(LabelledEnum):
    DRAFT = "draft", _l("Kladde")
    PUBLISHED = "published", _l("Opslået")
    PAUSED = "paused", _l("På pause")
    FILLED = "filled", _l("Besat")
    EXPIRED = "expired", _l("Udløbet")
    WITHDRAWN = "withdrawn", _l("Trukket tilbage")


ALLOWED_MOVES: dict[OpeningStatus, frozenset[OpeningStatus]] = {
    OpeningStatus.DRAFT: frozenset({OpeningStatus.PUBLISHED, OpeningStatus.WITHDRAWN}),
    OpeningStatus.PUBLISHED: frozenset(
        {OpeningStatus.PAUSED, OpeningStatus.FILLED, OpeningStatus.EXPIRED, OpeningStatus.WITHDRAWN}
    ),
    OpeningStatus.PAUSED: frozenset(
        {OpeningStatus.PUBLISHED, OpeningStatus.EXPIRED, OpeningStatus.WITHDRAWN}
    ),
    OpeningStatus.FILLED: frozenset({OpeningStatus.PUBLISHED, OpeningStatus.WITHDRAWN}),
    OpeningStatus.EXPIRED: frozenset({OpeningStatus.PUBLISHED, OpeningStatus.WITHDRAWN}),
    OpeningStatus.WITHDRAWN: frozenset(),
}


CAN_EXPIRE = (OpeningStatus.PUBLISHED, OpeningStatus.PAUSED)


class PromiseState(LabelledEnum):
    """How the municipality's promise of an answer stands."""

    WAITING = "waiting", _l("Venter på kommunens svar")
    OVERDUE = "overdue", _l("Svarfristen er overskredet")
    KEPT = "kept", _l("Svaret i tide")
    LATE = "late", _l("Svaret for sent")


class Opening(db.Model):  # type: ignore[name-defined]
    """A wish from an employer; need not be an advertised vacancy."""

    __tablename__ = "openings"
    __table_args__ = (
        sa.CheckConstraint("places BETWEEN 1 AND 99", name="places_range"),
        sa.CheckConstraint("filled BETWEEN 0 AND places", name="filled_within_places"),
        sa.CheckConstraint("hours_per_week > 0 AND hours_per_week <= 168", name="hours_range"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="period"),
        sa.CheckConstraint("danish_speaking BETWEEN 0 AND 4", name="danish_speaking_range"),
        sa.CheckConstraint("danish_reading BETWEEN 0 AND 4", name="danish_reading_range"),
        sa.CheckConstraint(
            "status = 'draft' OR published_at IS NOT NULL OR status = 'withdrawn'", name="published_at"
        ),
        sa.Index("ix_openings_status_industry", "status", "industry"),
        sa.Index("ix_openings_promise", "municipality_id", "answered_at", "answer_due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employers.id"), index=True)
    workplace_id: Mapped[int] = mapped_column(sa.ForeignKey("workplaces.id"), index=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"), index=True)
    """The employer's municipality, whose consultants look after the opening."""
    title: Mapped[str] = mapped_column(sa.String(120))
    form: Mapped[PlacementForm]
    industry: Mapped[Industry]
    description: Mapped[str] = mapped_column(sa.String(2000), default="")
    places: Mapped[int] = mapped_column(default=1)
    filled: Mapped[int] = mapped_column(default=0)
    """Changed only by the guarded UPDATE in services.take_place / free_place."""
    hours_per_week: Mapped[float]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    postcode: Mapped[str] = mapped_column(sa.String(4))
    danish_speaking: Mapped[int] = mapped_column(default=0)
    """Least level 0-4 (terms.DANISH_SPEAKING_LEVELS); 0 is no demand."""
    danish_reading: Mapped[int] = mapped_column(default=0)
    danish_use: Mapped[str] = mapped_column(sa.String(300), default="")
    """What Danish is used for; required with a demand (docs/rules.md#language-demand)."""
    shifts: Mapped[list[str]] = mapped_column(default=list)
    """Values of terms.Shift that the work asks for."""
    weekdays: Mapped[list[str]] = mapped_column(default=list)
    """Values of terms.Weekday; empty: to be agreed."""
    working_times: Mapped[str] = mapped_column(sa.String(120), default="")
    """The hours of the day, in the employer's words: "8-13"."""
    visible_to_neighbours: Mapped[bool] = mapped_column(default=False)
    status: Mapped[OpeningStatus] = mapped_column(default=OpeningStatus.DRAFT)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    """When it was first put up; every time it was is an OpeningPublication."""
    expires_on: Mapped[date | None]
    answer_due_at: Mapped[datetime | None]
    """Until when the employer was promised to hear from us (docs/rules.md#answer-promise); None: never."""
    answered_at: Mapped[datetime | None]
    """When it first did: a proposal or a message."""
    withdrawn_at: Mapped[datetime | None]
    """When it was taken back for good; None, too, where that was before it was written down."""
    version: Mapped[int] = mapped_column(default=1)

    employer: Mapped[Employer] = relationship()
    workplace: Mapped[Workplace] = relationship()
    tasks: Mapped[list["OpeningTask"]] = relationship(
        back_populates="opening", cascade="all, delete-orphan", order_by="OpeningTask.position"
    )

    publications: Mapped[list["OpeningPublication"]] = relationship(
        back_populates="opening", cascade="all, delete-orphan", order_by="OpeningPublication.at"
    )
    sharings: Mapped[list["OpeningSharing"]] = relationship(
        back_populates="opening", cascade="all, delete-orphan", order_by="OpeningSharing.id"
    )
    conditions: Mapped[list[Skill]] = relationship(
        secondary=lambda: opening_conditions, order_by=lambda: alphabetical(Skill.name)
    )
    """What the post brings with it (attest, lifts, own car); no card answers it, so the matcher never sees it."""

    @property
    def free_places(self) -> int:
        return self.places - self.filled

    def status_on(self, day: date) -> OpeningStatus:
        """The status with its date taken at its word: past its last day an opening that was up has expired."""
        over = self.expires_on is not None and self.expires_on < day
        return OpeningStatus.EXPIRED if over and self.status in CAN_EXPIRE else self.status

    def promise_at(self, moment: datetime) -> PromiseState | None:
        """R18: None without a promise, or when the opening was taken down before an answer was due."""
        if self.answer_due_at is None:
            return None
        if self.answered_at is not None and self.answered_at <= self.answer_due_at:
            return PromiseState.KEPT
        if self.status is OpeningStatus.DRAFT or self.left_in_time:
            return None
        if self.answered_at is not None:
            return PromiseState.LATE
        return PromiseState.OVERDUE if self.answer_due_at < moment else PromiseState.WAITING

    @property
    def left_in_time(self) -> bool:
        """Whether it was taken back before the answer was due: nobody can be late any more."""
        if self.status is not OpeningStatus.WITHDRAWN or self.answer_due_at is None:
            return False
        if self.withdrawn_at is None:
            return self.answered_at is None
        return self.withdrawn_at <= self.answer_due_at

    @property
    def outlives_notice(self) -> bool:
        """Whether its last day is one that can be moved: not the end of its own period."""
        return self.expires_on is not None and self.expires_on != self.ends_on

    @property
    def is_editable(self) -> bool:
        return self.status is not OpeningStatus.WITHDRAWN

    @property
    def asked_shifts(self) -> list[Shift]:
        return [shift for shift in Shift if shift.value in self.shifts]

    @property
    def asked_weekdays(self) -> list[Weekday]:
        return [day for day in Weekday if day.value in self.weekdays]

    @property
    def condition_ids(self) -> list[int]:
        return sorted(condition.id for condition in self.conditions)

    def tasks_of(self, kind: TaskKind) -> list["OpeningTask"]:
        return [task for task in self.tasks if task.kind is kind]


opening_conditions: sa.Table = sa.Table(
    "opening_conditions",
    db.metadata,
    sa.Column("opening_id", sa.ForeignKey("openings.id"), primary_key=True),
    sa.Column("skill_id", sa.ForeignKey("skills.id"), primary_key=True, index=True),
)


class OpeningPublication(db.Model):  # type: ignore[name-defined]
    """A time it was put up or renewed: kept, so that a past day's partnerships can be counted as they were."""

    __tablename__ = "opening_publications"

    id: Mapped[int] = mapped_column(primary_key=True)
    opening_id: Mapped[int] = mapped_column(sa.ForeignKey("openings.id"), index=True)
    at: Mapped[datetime]
    renews_expired_on: Mapped[date | None]
    """The last day that a link renewed: it takes back that renewal and no other. None: somebody signed in did it."""

    opening: Mapped[Opening] = relationship(back_populates="publications")


class OpeningSharing(db.Model):  # type: ignore[name-defined]
    """From when until when neighbours could see it: written the moment it changed, and kept like the publications."""

    __tablename__ = "opening_sharings"
    __table_args__ = (
        sa.CheckConstraint("until_at IS NULL OR until_at >= from_at", name="period"),
        sa.Index(
            "uq_opening_sharings_one_open",
            "opening_id",
            unique=True,
            sqlite_where=sa.text("until_at IS NULL"),
            postgresql_where=sa.text("until_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    opening_id: Mapped[int] = mapped_column(sa.ForeignKey("openings.id"), index=True)
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    """None: they still can."""
    while_up: Mapped[bool] = mapped_column(default=False)
    """It was up already when the sharing began: the neighbours saw it from then on, not from its publication."""

    opening: Mapped[Opening] = relationship(back_populates="sharings")


class OpeningTask(db.Model):  # type: ignore[name-defined]
    """One task, in the employer's words and, when understood, as a skill."""

    __tablename__ = "opening_tasks"
    __table_args__ = (
        sa.CheckConstraint("level BETWEEN 1 AND 4", name="level_range"),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence_range"),
        sa.Index("ix_opening_tasks_unclear", "chosen", "skill_id"),  # what waits for a curator
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    opening_id: Mapped[int] = mapped_column(sa.ForeignKey("openings.id"), index=True)
    skill_id: Mapped[int | None] = mapped_column(sa.ForeignKey("skills.id"), index=True)
    chosen: Mapped[bool] = mapped_column(default=False)
    """Whether its writer said which skill is meant, when asked."""
    text: Mapped[str] = mapped_column(sa.String(120))
    folded: Mapped[str] = folded_text()
    kind: Mapped[TaskKind]
    level: Mapped[int] = mapped_column(default=2)
    """Level asked, 1-4 on the ladder of terms.SKILL_LEVELS."""
    confidence: Mapped[float] = mapped_column(default=1.0)
    guesses: Mapped[list[tuple[int, float]]] = mapped_column(default=list, server_default="[]")
    """What the words may mean while no skill is taken: (skill id, probability)."""
    position: Mapped[int]

    opening: Mapped[Opening] = relationship(back_populates="tasks")
    skill: Mapped[Skill | None] = relationship()


class WordingLook(db.Model):  # type: ignore[name-defined]
    """A consultant has read the words that the scan marked, and lets them stand (docs/rules.md#wording)."""

    __tablename__ = "wording_looks"
    __table_args__ = (sa.UniqueConstraint("opening_id", "words_digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    opening_id: Mapped[int] = mapped_column(sa.ForeignKey("openings.id"))
    words_digest: Mapped[str] = mapped_column(sa.String(64))
    """Of the words as they stood: other words need another look."""
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    looked_at: Mapped[datetime]
    looked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))

    looked_by: Mapped[User] = relationship()
