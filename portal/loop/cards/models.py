"""Tables of competence cards."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import DanishCourse, DanishExam, LabelledEnum, LanguageLevel, SkillSource
from portal.loop.citizens.models import Citizen
from portal.shared.skills.models import JobTitle, Skill, folded_text


class Frequency(LabelledEnum):
    """The answer to "How often have you done it?" (docs/rules.md#task-intake says what level it becomes)."""

    NEVER = "never", _l("Aldrig")
    FEW = "few", _l("Få gange")
    OFTEN = "often", _l("Ofte")
    DAILY = "daily", _l("Hver dag i lang tid")


class Setting(LabelledEnum):
    """Where something was done. All four count alike; the card says which."""

    WORK = "work", _l("På arbejde")
    HOME = "home", _l("Hjemme")
    VOLUNTARY = "voluntary", _l("Som frivillig")
    INFORMAL = "informal", _l("Uden at være ansat")


class CompetenceCard(db.Model):  # type: ignore[name-defined]
    """One citizen's card. None means "not known", which the matcher keeps apart from "cannot"."""

    __tablename__ = "competence_cards"
    __table_args__ = (
        sa.CheckConstraint("danish_speaking BETWEEN 0 AND 4", name="danish_speaking_range"),
        sa.CheckConstraint("danish_reading BETWEEN 0 AND 4", name="danish_reading_range"),
        sa.CheckConstraint(
            "hours_max IS NULL OR hours_min IS NULL OR hours_max >= hours_min", name="hours_order"
        ),
        sa.CheckConstraint(
            "danish_module IS NULL OR (danish_course IS NOT NULL AND danish_module BETWEEN 1 AND 6)",
            name="danish_module_of_course",
        ),
        sa.CheckConstraint("range_km IS NULL OR range_km BETWEEN 1 AND 200", name="range_km_range"),
        sa.CheckConstraint("counts_from_at >= created_at", name="counts_once_made"),
        sa.Index("ix_competence_cards_made", "municipality_id", "created_at"),
        sa.Index("ix_competence_cards_counting", "municipality_id", "counts_from_at"),
        sa.Index("ix_competence_cards_active", "municipality_id", "is_active", "created_at"),
        {"sqlite_autoincrement": True},  # an erased card's id is never given to another
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizens.id"), unique=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    """What an employer sees before a name, e.g. "K-1042"."""
    is_active: Mapped[bool] = mapped_column(default=True, index=True)
    """False while the citizen is passive; only active cards are matched."""
    wishes: Mapped[list[str]] = mapped_column(default=list)
    """Values of terms.Industry the citizen wishes to work in; empty: not known."""
    danish_speaking: Mapped[int | None]
    danish_reading: Mapped[int | None]
    danish_course: Mapped[DanishCourse | None]
    danish_module: Mapped[int | None]
    """1-6, of the course she is on or left."""
    danish_exam: Mapped[DanishExam | None]
    hours_min: Mapped[float | None]
    hours_max: Mapped[float | None]
    postcode: Mapped[str | None] = mapped_column(sa.String(4))
    range_km: Mapped[int | None]
    transport: Mapped[list[str]] = mapped_column(default=list)
    """Values of terms.Transport."""
    week: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Value of terms.Weekday -> values of terms.PartOfDay in which she can work; empty: not asked."""
    shifts_yes: Mapped[list[str]] = mapped_column(default=list)
    shifts_no: Mapped[list[str]] = mapped_column(default=list)
    goal: Mapped[str] = mapped_column(sa.String(500), default="")
    """In the citizen's own words."""
    next_step: Mapped[str] = mapped_column(sa.String(300), default="")
    shown_to_her_at: Mapped[datetime | None]
    """The first time she was shown it (showing.py says what counts as that); None: nothing tells of it."""
    counts_from_at: Mapped[datetime | None]
    """When it first fulfilled the rule of the day for what goals count (showing.py); set once."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    citizen: Mapped[Citizen] = relationship()
    evidence: Mapped[list["SkillEvidence"]] = relationship(
        back_populates="card", cascade="all, delete-orphan", order_by="SkillEvidence.id"
    )
    certificates: Mapped[list["Certificate"]] = relationship(
        back_populates="card", cascade="all, delete-orphan", order_by="Certificate.id"
    )
    languages: Mapped[list["CardLanguage"]] = relationship(
        cascade="all, delete-orphan", order_by="CardLanguage.id"
    )
    wished_work: Mapped[list["WishedWork"]] = relationship(
        cascade="all, delete-orphan", order_by="WishedWork.id"
    )


class SkillEvidence(db.Model):  # type: ignore[name-defined]
    """One statement of one skill at one level by one source; several may stand side by side."""

    __tablename__ = "skill_evidence"
    __table_args__ = (
        sa.CheckConstraint("level BETWEEN 0 AND 4", name="level_range"),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence_range"),
        sa.CheckConstraint(
            "(task_key IS NULL AND frequency IS NULL AND setting IS NULL)"
            " OR (task_key IS NOT NULL AND frequency IS NOT NULL AND setting IS NOT NULL AND frequency <> 'never')",
            name="task_is_whole",
        ),
        sa.CheckConstraint("source <> 'employer' OR assessment_id IS NOT NULL", name="seen_on_a_sheet"),
        sa.CheckConstraint("seen_at IS NULL OR source = 'employer'", name="seen_by_the_workplace"),
        sa.Index("ix_skill_evidence_unclear", "chosen", "skill_id"),  # what waits for a curator
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[int] = mapped_column(sa.ForeignKey("competence_cards.id"), index=True)
    skill_id: Mapped[int | None] = mapped_column(sa.ForeignKey("skills.id"), index=True)
    text: Mapped[str] = mapped_column(sa.String(120))
    """As written; the skill's own name when chosen from the vocabulary."""
    folded: Mapped[str] = folded_text()
    chosen: Mapped[bool] = mapped_column(default=False)
    """Whether its writer said which skill is meant, when asked."""
    guesses: Mapped[list[tuple[int, float]]] = mapped_column(default=list, server_default="[]")
    """What the words may mean while no skill is taken: (skill id, probability)."""
    level: Mapped[int]
    source: Mapped[SkillSource]
    confidence: Mapped[float] = mapped_column(default=1.0)
    seen_on: Mapped[date]
    seen_at: Mapped[str | None] = mapped_column(sa.String(120))
    """The workplace, where it took part in the assessment."""
    placement_id: Mapped[int | None] = mapped_column(index=True)
    """The placement it was observed in (a plain id: placements stand above this room)."""
    assessment_id: Mapped[int | None] = mapped_column(index=True)
    """The sheet it was written on (a plain id too)."""
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    task_key: Mapped[str | None] = mapped_column(sa.String(40))
    """The task of `shared.skills.tasks` it was told about; with `frequency` and `setting`, or none of the three."""
    frequency: Mapped[Frequency | None]
    setting: Mapped[Setting | None]

    card: Mapped[CompetenceCard] = relationship(back_populates="evidence")
    skill: Mapped[Skill | None] = relationship()


class Certificate(db.Model):  # type: ignore[name-defined]
    """A certificate or course. After `valid_until` it is no longer matched."""

    __tablename__ = "certificates"
    __table_args__ = (sa.Index("ix_certificates_unclear", "chosen", "skill_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[int] = mapped_column(sa.ForeignKey("competence_cards.id"), index=True)
    skill_id: Mapped[int | None] = mapped_column(sa.ForeignKey("skills.id"))
    text: Mapped[str] = mapped_column(sa.String(120))
    folded: Mapped[str] = folded_text()
    chosen: Mapped[bool] = mapped_column(default=False)
    guesses: Mapped[list[tuple[int, float]]] = mapped_column(default=list, server_default="[]")
    """What the words may mean while no skill is taken: (skill id, probability)."""
    valid_until: Mapped[date | None]

    card: Mapped[CompetenceCard] = relationship(back_populates="certificates")
    skill: Mapped[Skill | None] = relationship()


class CardLanguage(db.Model):  # type: ignore[name-defined]
    """A language besides Danish. It hints at origin: others see it only where she wants it shown."""

    __tablename__ = "card_languages"
    __table_args__ = (sa.UniqueConstraint("card_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[int] = mapped_column(sa.ForeignKey("competence_cards.id"))
    name: Mapped[str] = mapped_column(sa.String(60))
    level: Mapped[LanguageLevel]
    shown: Mapped[bool] = mapped_column(default=False)


class WishedWork(db.Model):  # type: ignore[name-defined]
    """One job title or task that the citizen would like to work with, and who wrote it down. No employer sees it.

    Always a row of the vocabulary: what she says in words of her own stands in the card's `goal`.
    """

    __tablename__ = "wished_work"
    __table_args__ = (
        sa.CheckConstraint("(title_id IS NULL) <> (skill_id IS NULL)", name="title_or_task"),
        sa.UniqueConstraint("card_id", "title_id"),
        sa.UniqueConstraint("card_id", "skill_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[int] = mapped_column(sa.ForeignKey("competence_cards.id"))
    title_id: Mapped[int | None] = mapped_column(sa.ForeignKey("job_titles.id"), index=True)
    skill_id: Mapped[int | None] = mapped_column(sa.ForeignKey("skills.id"), index=True)
    said_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    """Who wrote it down: the citizen alone, or her consultant beside her."""

    title: Mapped[JobTitle | None] = relationship()
    skill: Mapped[Skill | None] = relationship()

    @property
    def name(self) -> str:
        """In the vocabulary's words."""
        wished = self.title or self.skill
        return wished.name if wished is not None else ""


class CardVersion(db.Model):  # type: ignore[name-defined]
    """The card as it stood after one change; kept as long as the card."""

    __tablename__ = "card_versions"
    __table_args__ = (
        sa.UniqueConstraint("card_id", "version"),
        sa.Index("ix_card_versions_at", "card_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[int] = mapped_column(sa.ForeignKey("competence_cards.id"))
    version: Mapped[int]
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(sa.String(60))
    """The audit's word for what was done."""
    by_id: Mapped[int | None]
    """A user's id; None: the portal itself."""
    content: Mapped[dict[str, Any]]
    """versions.snapshot()."""


class TaskAnswer(db.Model):  # type: ignore[name-defined]
    """The present answer about one task. It becomes evidence only when she puts it on her card."""

    __tablename__ = "task_answers"
    __table_args__ = (
        sa.UniqueConstraint("card_id", "task_key"),
        sa.CheckConstraint("(frequency = 'never') = (setting IS NULL)", name="setting_of_what_was_done"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[int] = mapped_column(sa.ForeignKey("competence_cards.id"))
    task_key: Mapped[str] = mapped_column(sa.String(40))
    frequency: Mapped[Frequency]
    setting: Mapped[Setting | None]
    answered_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    """Who wrote it down: the citizen alone, or her consultant beside her."""
