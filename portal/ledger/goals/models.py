"""Tables of the ledger: goals, what was changed about them, frozen figures with their lines, and what erasure left."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import GoalAim, GoalUnit, LabelledEnum, Measure, PeriodKind, PlacementForm
from portal.interventions.target_groups.models import TargetGroup
from portal.ledger.goals.measures import spec_of
from portal.shared.accounts.models import User
from portal.web.measures import Terms


class Goal(db.Model):  # type: ignore[name-defined]
    """A target for a period, with the sentence of the plan it comes from. Several may stand on one measure."""

    __tablename__ = "goals"
    __table_args__ = (
        sa.CheckConstraint("target BETWEEN 1 AND 100000", name="target_range"),
        sa.CheckConstraint("last_on >= first_on", name="period"),
        sa.CheckConstraint("(aim IN ('rise', 'fall')) = (baseline IS NOT NULL)", name="change_has_baseline"),
        sa.CheckConstraint("(ended_on IS NULL) = (ended_because IS NULL)", name="end_has_reason"),
        sa.Index("ix_goals_municipality_period", "municipality_id", "last_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"), index=True)
    measure: Mapped[Measure]
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("target_groups.id"), index=True)
    """Whom the figure is about; None: everybody, or a measure of employers."""
    period: Mapped[PeriodKind]
    first_on: Mapped[date]
    last_on: Mapped[date]
    """The day the figure is final; what looks at one day is counted on it."""
    terms: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    """The rule's numbers and choices by the measure's keys."""
    aim: Mapped[GoalAim] = mapped_column(default=GoalAim.AT_LEAST)
    target: Mapped[int]
    baseline: Mapped[Decimal | None] = mapped_column(sa.Numeric(10, 2))
    """Where a change is counted from."""
    unit: Mapped[GoalUnit]
    sentence: Mapped[str] = mapped_column(sa.String(500))
    source: Mapped[str] = mapped_column(sa.String(200))
    ended_on: Mapped[date | None]
    """The day from which the municipality no longer pursues it."""
    ended_because: Mapped[str | None] = mapped_column(sa.String(300))
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    set_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    group: Mapped[TargetGroup | None] = relationship(lazy="joined")
    changes: Mapped[list["GoalChange"]] = relationship(order_by="GoalChange.id")

    @property
    def year(self) -> int:
        return self.last_on.year

    @property
    def rule_terms(self) -> Terms:
        """The rule whole: what was added to it after the goal was set is as it is meant from the start."""
        how = spec_of(self.measure).counted
        standard = {term.key: term.standard for term in how.terms} if how is not None else {}
        return tuple(sorted({**standard, **self.terms}.items()))


class GoalStep(LabelledEnum):
    """What was done to a goal."""

    SET = "set", _l("Sat")
    COPIED = "copied", _l("Kopieret fra et tidligere år")
    CORRECTED = "corrected", _l("Rettet")
    ENDED = "ended", _l("Afsluttet før tid")
    FROZEN = "frozen", _l("Tallet er låst")


class GoalChange(db.Model):  # type: ignore[name-defined]
    """One step of a goal's history, with the note of who made it."""

    __tablename__ = "goal_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(sa.ForeignKey("goals.id"), index=True)
    step: Mapped[GoalStep]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    """None: the portal itself."""
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    change: Mapped[str] = mapped_column(sa.Text, default="")
    """What it was and what it became, in words."""

    by: Mapped[User | None] = relationship()


class FrozenFigure(db.Model):  # type: ignore[name-defined]
    """A goal's figure as it was counted when its time was over. Never changed, never deleted."""

    __tablename__ = "frozen_figures"
    __table_args__ = (sa.UniqueConstraint("goal_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(sa.ForeignKey("goals.id"))
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"), index=True)
    on: Mapped[date]
    """The last day that counted."""
    lines: Mapped[int]
    amount: Mapped[int]
    out_of: Mapped[int | None]
    known: Mapped[int]
    """Lines of which something was recorded."""
    unknown_out_of: Mapped[int]
    """What those without a record are of the whole."""
    linked: Mapped[int] = mapped_column(default=0)
    """Lines about people who were there when it was frozen; those who were erased since have no link."""
    rule: Mapped[str] = mapped_column(sa.Text)
    """How it was counted, in the words of that day."""
    frozen_at: Mapped[datetime]
    frozen_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    """None: the portal, on the counting day."""
    note: Mapped[str] = mapped_column(sa.String(300), default="")

    goal: Mapped[Goal] = relationship()
    frozen_by: Mapped[User | None] = relationship()


class FrozenLine(db.Model):  # type: ignore[name-defined]
    """One line behind a frozen figure. About a person it holds no firm, no card number and no exact day."""

    __tablename__ = "frozen_lines"
    __table_args__ = (
        sa.CheckConstraint('(cvr IS NULL) = ("on" IS NULL)', name="person_without_day"),
        sa.CheckConstraint("(cvr IS NULL) = (employer_name IS NULL)", name="employer_whole"),
        sa.Index("ix_frozen_lines_figure", "figure_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    figure_id: Mapped[int] = mapped_column(sa.ForeignKey("frozen_figures.id"))
    amount: Mapped[int]
    out_of: Mapped[int | None]
    is_known: Mapped[bool]
    quarter_on: Mapped[date]
    """The first day of the quarter it belongs to."""
    form: Mapped[PlacementForm | None]
    cvr: Mapped[str | None] = mapped_column(sa.String(8))
    employer_name: Mapped[str | None] = mapped_column(sa.String(120))
    on: Mapped[date | None]
    """Of an employer's line, its day."""
    notes: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    """What an employer's line rested on."""


class FrozenLinePerson(db.Model):  # type: ignore[name-defined]
    """Whom a frozen line is about, while she is here: it tells late entries from old. It goes when she is erased."""

    __tablename__ = "frozen_line_people"

    line_id: Mapped[int] = mapped_column(sa.ForeignKey("frozen_lines.id"), primary_key=True)
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizens.id"), index=True)


class ErasedPart(db.Model):  # type: ignore[name-defined]
    """What erased people were of a figure in a quarter: sums, and nothing of whom.

    All rows of a quarter together are what was recorded of them when they were erased; those known by a day, what a
    recount as of then must add.
    """

    __tablename__ = "erased_parts"
    __table_args__ = (sa.Index("ix_erased_parts_question", "municipality_id", "measure", "group_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    measure: Mapped[Measure]
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("target_groups.id"))
    terms: Mapped[str] = mapped_column(sa.String(200))
    """The rule's numbers and choices as sorted JSON."""
    form: Mapped[PlacementForm | None]
    first_on: Mapped[date]
    """The first day that is added up: the quarter's own, unless the measure tells of whole times."""
    quarter_on: Mapped[date]
    """The first day of the quarter it is about, or with which the time ends."""
    known_on: Mapped[date]
    """The first day of the quarter in which it was recorded: what a later one made of it is a row of its own."""
    lines: Mapped[int]
    amount: Mapped[int]
    out_of: Mapped[int | None]
    known: Mapped[int]
    unknown_out_of: Mapped[int]
