"""Tables of the vocabulary."""

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.alphabet import alphabetical
from portal.base.database import db
from portal.base.terms import LabelledEnum, SkillArea
from portal.lexicon import fold

FOLDED_LENGTH: Final = 360
"""Letters of a folded label: folding may make three letters of one."""


def _fold_text(context: Any) -> str:
    return fold(context.get_current_parameters()["text"])


def _fold_name(context: Any) -> str:
    return fold(context.get_current_parameters()["name"])


def folded_text() -> Mapped[str]:
    """The comparable form of the row's `text`, made when it is stored: by it phrases are counted and linked."""
    return mapped_column(sa.String(FOLDED_LENGTH), default=_fold_text, index=True)


class SkillCategory(LabelledEnum):
    """What kind of thing a skill is; conditions belong to the opening only."""

    FAGLIG = "faglig", _l("Faglig")
    PERSONLIG = "personlig", _l("Personlig")
    UFORMEL = "uformel", _l("Erfaring fra hjem og forening")
    SPROGLIG = "sproglig", _l("Sprog")
    CERTIFIKAT = "certifikat", _l("Bevis og kursus")
    STILLINGSBETINGELSE = "stillingsbetingelse", _l("Vilkår i stillingen")

    @property
    def usual_ladder(self) -> "SkillLadder":
        return _USUAL_LADDERS[self]


class SkillLadder(LabelledEnum):
    """How it is said how well somebody can a thing."""

    ARBEJDE = "arbejde", _l("Trin 1-4: med hjælp til kan vise andre")
    BEVIS = "bevis", _l("Har det eller har det ikke")
    SPROG = "sprog", _l("Sprogtrin")
    EGENSKAB = "egenskab", _l("Personlig egenskab")
    VILKAAR = "vilkaar", _l("Vilkår i stillingen"), ("vilkår",)


_USUAL_LADDERS: Final = {
    SkillCategory.FAGLIG: SkillLadder.ARBEJDE,
    SkillCategory.PERSONLIG: SkillLadder.EGENSKAB,
    SkillCategory.UFORMEL: SkillLadder.ARBEJDE,
    SkillCategory.SPROGLIG: SkillLadder.SPROG,
    SkillCategory.CERTIFIKAT: SkillLadder.BEVIS,
    SkillCategory.STILLINGSBETINGELSE: SkillLadder.VILKAAR,
}


def _usual_ladder(context: Any) -> SkillLadder:
    return SkillCategory(context.get_current_parameters()["category"]).usual_ladder


skill_relations = sa.Table(
    "skill_relations",
    db.metadata,
    sa.Column("skill_id", sa.ForeignKey("skills.id"), primary_key=True),
    sa.Column("broader_id", sa.ForeignKey("skills.id"), primary_key=True, index=True),
    sa.CheckConstraint("skill_id <> broader_id", name="not_above_itself"),
)
"""Which skill is a kind of which; that nobody is above itself by way of others, `relations.py` sees to."""


class Skill(db.Model):  # type: ignore[name-defined]
    """One concept that tasks and competences are understood as."""

    __tablename__ = "skills"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120), unique=True)
    folded: Mapped[str] = mapped_column(sa.String(FOLDED_LENGTH), default=_fold_name, unique=True)
    english: Mapped[str] = mapped_column(sa.String(120))
    area: Mapped[SkillArea] = mapped_column(index=True)
    category: Mapped[SkillCategory] = mapped_column(index=True)
    ladder: Mapped[SkillLadder] = mapped_column(default=_usual_ladder)
    pictogram: Mapped[str | None] = mapped_column(sa.String(40))
    """A picture of static/pictograms that shows it, by its name there."""
    shipped_as: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    """What the portal's own files call it, whatever a curator calls it; None: a curator made it."""
    version: Mapped[int] = mapped_column(default=1)

    synonyms: Mapped[list["SkillSynonym"]] = relationship(
        back_populates="skill",
        cascade="all, delete-orphan",
        order_by=lambda: alphabetical(SkillSynonym.label),
    )
    broader: Mapped[list["Skill"]] = relationship(
        secondary=skill_relations,
        primaryjoin=lambda: Skill.id == skill_relations.c.skill_id,
        secondaryjoin=lambda: Skill.id == skill_relations.c.broader_id,
        order_by=lambda: alphabetical(Skill.name),
        back_populates="narrower",
    )
    """What it is a kind of."""
    narrower: Mapped[list["Skill"]] = relationship(
        secondary=skill_relations,
        primaryjoin=lambda: Skill.id == skill_relations.c.broader_id,
        secondaryjoin=lambda: Skill.id == skill_relations.c.skill_id,
        order_by=lambda: alphabetical(Skill.name),
        back_populates="broader",
    )

    @property
    def is_other_language(self) -> bool:
        """A language besides Danish: it hints at origin, so it is shown only when somebody asks for it."""
        if self.category is not SkillCategory.SPROGLIG:
            return False
        wordings = [self.name, *(synonym.label for synonym in self.synonyms)]
        return not any("dansk" in wording.lower() for wording in wordings)


class SkillSynonym(db.Model):  # type: ignore[name-defined]
    """Another phrase for a skill. `folded` is the comparable form, unique over the whole vocabulary."""

    __tablename__ = "skill_synonyms"

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(sa.ForeignKey("skills.id"), index=True)
    label: Mapped[str] = mapped_column(sa.String(120))
    folded: Mapped[str] = mapped_column(sa.String(FOLDED_LENGTH), unique=True)
    is_shipped: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """It came with the portal's own files, which may move it or drop it again; else it is a curator's, and stays."""

    skill: Mapped[Skill] = relationship(back_populates="synonyms")


class JobTitle(db.Model):  # type: ignore[name-defined]
    """A job title of the three trades, with its synonyms in one field (they are only searched)."""

    __tablename__ = "job_titles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120), unique=True)
    english: Mapped[str] = mapped_column(sa.String(120))
    area: Mapped[SkillArea]
    synonyms: Mapped[list[str]]

    tasks: Mapped[list["JobTitleTask"]] = relationship(
        cascade="all, delete-orphan", order_by="JobTitleTask.position"
    )


class JobTitleTask(db.Model):  # type: ignore[name-defined]
    """What a title usually means: a task of it, and how well it is usually asked for."""

    __tablename__ = "job_title_tasks"

    title_id: Mapped[int] = mapped_column(sa.ForeignKey("job_titles.id"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(sa.ForeignKey("skills.id"), primary_key=True, index=True)
    level: Mapped[int]
    position: Mapped[int]

    skill: Mapped[Skill] = relationship()

    __table_args__ = (sa.CheckConstraint("level BETWEEN 1 AND 4", name="level_range"),)


class VocabularyVersion(db.Model):  # type: ignore[name-defined]
    """One change of the vocabulary; the highest id is the version that suggestions are kept with."""

    __tablename__ = "vocabulary_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(sa.String(200))
