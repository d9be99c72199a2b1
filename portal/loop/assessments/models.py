"""Tables of assessment sheets."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import LabelledEnum, Party
from portal.loop.placements.models import ASPECTS, Placement
from portal.loop.placements.settled import RecordedYes


class AssessmentKind(LabelledEnum):
    """When in the placement a sheet is filled in."""

    MIDWAY = "midway", _l("Midtvejsvurdering")
    END = "end", _l("Slutvurdering")


class TurnedOut(LabelledEnum):
    """Whether it became as it had been settled."""

    YES = "yes", _l("Ja")
    PARTLY = "partly", _l("Delvist")
    NO = "no", _l("Nej")


class Assessment(db.Model):  # type: ignore[name-defined]
    """One sheet on which the workplace and the consultant say how each agreed task goes.

    It becomes evidence on the card when it is closed; closing an end sheet ends the placement.
    """

    __tablename__ = "assessments"
    __table_args__ = (
        sa.UniqueConstraint("placement_id", "number"),
        sa.CheckConstraint("(closed_at IS NULL) = (assessed_on IS NULL)", name="assessed_on_follows_closed"),
        sa.CheckConstraint("withdrawn_at IS NULL OR closed_at IS NOT NULL", name="withdrawn_after_closed"),
        sa.CheckConstraint(
            "NOT lapsed OR (closed_at IS NOT NULL AND withdrawn_at IS NULL)", name="lapsed_is_closed"
        ),
        {"sqlite_autoincrement": True},  # evidence and printed codes hold ids: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(sa.ForeignKey("placements.id"))
    kind: Mapped[AssessmentKind]
    number: Mapped[int]
    """1, 2 ... within the placement."""
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    answered_by: Mapped[str] = mapped_column(sa.String(120), default="")
    """Who filled it in at the workplace, as she wrote it; the card says only the workplace."""
    answered_at: Mapped[datetime | None]
    on_paper: Mapped[bool] = mapped_column(default=False)
    """The workplace's answers came back on paper and were typed in by the consultant."""
    answer_before: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """What the workplace had said before it answered by its link, for as long as that can be taken back."""
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    assessed_on: Mapped[date | None]
    lapsed: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Closed unfinished because the placement ended: nothing of it came on the card."""
    alone_because: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")
    """Why the consultant closed it without a yes of the other two."""
    withdrawn_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str] = mapped_column(sa.String(300), default="")
    citizen_comment: Mapped[str] = mapped_column(sa.String(500), default="")
    commented_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    placement: Mapped[Placement] = relationship()
    confirmations: Mapped[list["AssessmentConfirmation"]] = relationship(
        back_populates="assessment", cascade="all, delete-orphan", order_by="AssessmentConfirmation.id"
    )
    aspects: Mapped[list["AssessmentAspect"]] = relationship(
        back_populates="assessment", cascade="all, delete-orphan", order_by="AssessmentAspect.id"
    )
    lines: Mapped[list["AssessmentLine"]] = relationship(
        back_populates="assessment", cascade="all, delete-orphan", order_by="AssessmentLine.id"
    )

    def aspect_of(self, name: str) -> "AssessmentAspect | None":
        """What it says of the aspect."""
        return next((one for one in self.aspects if one.aspect == name), None)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_the_workplaces_own(self) -> bool:
        """Whether the workplace itself said something by its link, which no paper typed in may change."""
        said = any(line.employer_level is not None or line.employer_note for line in self.lines)
        return self.answered_at is not None and not self.on_paper and said

    @property
    def counting(self) -> list["AssessmentLine"]:
        """Lines that say something about her: the rest was not answered or not tried."""
        return [line for line in self.lines if line.level]

    @property
    def by_consultant_only(self) -> list["AssessmentLine"]:
        """Lines that say something about her and that the workplace took no part in."""
        return [line for line in self.counting if not line.seen_by_workplace]

    @property
    def differing(self) -> list["AssessmentLine"]:
        """Lines on which the two said different levels and nothing is agreed yet."""
        return [line for line in self.lines if line.differs and line.agreed_level is None]


class AssessmentConfirmation(RecordedYes, db.Model):  # type: ignore[name-defined]
    """One party's yes to what counts on an end sheet; it goes when that changes."""

    __tablename__ = "assessment_confirmations"
    __table_args__ = (sa.UniqueConstraint("assessment_id", "party"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(sa.ForeignKey("assessments.id"))

    assessment: Mapped[Assessment] = relationship(back_populates="confirmations")


class AssessmentAspect(db.Model):  # type: ignore[name-defined]
    """Whether one aspect of what was settled before the start became so; asked on the sheet that ends it."""

    __tablename__ = "assessment_aspects"
    __table_args__ = (
        sa.UniqueConstraint("assessment_id", "aspect"),
        sa.CheckConstraint(f"aspect IN {ASPECTS}", name="aspect"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(sa.ForeignKey("assessments.id"))
    aspect: Mapped[str] = mapped_column(sa.String(20))
    turned_out: Mapped[TurnedOut]
    words: Mapped[str] = mapped_column(sa.String(300), default="")
    said_by_party: Mapped[Party]
    """Whose words they are: of the two who fill it in, the one who wrote last."""

    assessment: Mapped[Assessment] = relationship(back_populates="aspects")


class AssessmentLine(db.Model):  # type: ignore[name-defined]
    """One task agreed at the start, with what each of the two says. None: not answered."""

    __tablename__ = "assessment_lines"
    __table_args__ = (
        sa.CheckConstraint("employer_level BETWEEN 0 AND 4", name="employer_level_range"),
        sa.CheckConstraint("consultant_level BETWEEN 0 AND 4", name="consultant_level_range"),
        sa.CheckConstraint("agreed_level BETWEEN 0 AND 4", name="agreed_level_range"),
        {"sqlite_autoincrement": True},  # a code printed on paper is never another line's
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(sa.ForeignKey("assessments.id"), index=True)
    skill_id: Mapped[int | None] = mapped_column(sa.ForeignKey("skills.id"))
    task_text: Mapped[str] = mapped_column(sa.String(120))
    employer_level: Mapped[int | None]
    employer_note: Mapped[str] = mapped_column(sa.String(300), default="")
    consultant_level: Mapped[int | None]
    consultant_note: Mapped[str] = mapped_column(sa.String(300), default="")
    agreed_level: Mapped[int | None]

    assessment: Mapped[Assessment] = relationship(back_populates="lines")

    @property
    def differs(self) -> bool:
        return None not in (self.employer_level, self.consultant_level) and (
            self.employer_level != self.consultant_level
        )

    @property
    def seen_by_workplace(self) -> bool:
        """Whether the workplace itself says that it saw the task done; 0 is "not tried here"."""
        return bool(self.employer_level)

    @property
    def level(self) -> int | None:
        """What counts: the agreed level, else the workplace's, else the consultant's."""
        said = (self.agreed_level, self.employer_level, self.consultant_level)
        return next((level for level in said if level is not None), None)
