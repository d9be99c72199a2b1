"""What a room declares of a measure that goals count: its unit, and for any question the list that the figure is.

A room lists its measures in `measures.py`; `application.py` collects them for the ledger. A figure is never computed
beside its list: the ledger sums the list's own columns, so that the two cannot differ.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum, auto
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import LazyString

from portal.base.terms import GoalUnit, Measure, PeriodKind


class Subject(StrEnum):
    """Whom a line of the list is about: that decides who may see which part of it."""

    CITIZENS = auto()
    EMPLOYERS = auto()
    OUTSIDE = auto()
    """Nobody here: its one line is a figure that was typed with its source, which the list's notes say."""


class GroupUse(StrEnum):
    """Whether a measure is about a target group."""

    NEVER = auto()
    """Its lines are about employers."""
    MAY = auto()
    """Its room knows no groups: the ledger keeps the lines of those who were members on the line's day."""
    MUST = auto()
    """It says nothing without one; its room narrows to the members itself."""


@dataclass(frozen=True)
class Term:
    """A number or a choice in a goal's rule, e.g. how many hours a week work must have to count."""

    key: str
    label: LazyString
    standard: int | str
    choices: tuple[tuple[str, LazyString], ...] = ()
    """Of a choice: value and label, the first for "all"; none: a whole number."""
    least: int = 0
    most: int = 100
    zero: LazyString | None = None
    """What 0 is called where it means that there is no limit."""

    def in_words(self, value: int | str | None) -> str:
        """What was chosen, as it is read; None: nothing, so what it is from the start."""
        wanted = str(self.standard if value is None else value)
        if wanted == "0" and self.zero is not None:
            return str(self.zero)
        return str(dict(self.choices).get(wanted, wanted))


FORM: Final = "form"
"""The key of a rule's choice of one form: what it counts is a part of what is counted without."""

Terms = tuple[tuple[str, int | str], ...]
"""A goal's rule as sorted pairs, so that it can be compared and hashed."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One question to a measure: in which period, as of which day, of whom, by which rule, and as known when."""

    measure: Measure
    municipality_id: int
    first: date
    """The period's first day; what is counted on one day looks at `on` alone."""
    on: date
    """The last day that counts."""
    group_id: int | None = None
    terms: Terms = ()
    known_at: datetime | None = None
    """Only what was recorded by then; None: all that is known now."""

    def number(self, key: str) -> int:
        return int(dict(self.terms)[key])

    def choice(self, key: str) -> str | None:
        """The chosen value; None for all."""
        return str(dict(self.terms)[key]) or None


COLUMNS: Final = ("subject_id", "on", "form", "amount", "out_of", "known")
"""What each line of a list holds, in this order."""


def line(
    subject_id: Any,
    on: Any,
    *,
    form: Any = None,
    amount: Any = None,
    out_of: Any = None,
    known: Any = None,
) -> tuple[sa.ColumnElement[Any], ...]:
    """The columns of one line, for a select.

    `subject_id`: the citizen's or the employer's. `on`: the day that places it in a quarter. `form`: the placement's,
    if any. `amount`: what it adds to the figure (1 unless said). `out_of`: what it adds to the whole (None: the figure
    is a number, not a share). `known`: 0 where nothing is recorded of it, so that the share says its coverage.
    """
    one = sa.literal(1, sa.Integer)
    return (
        sa.type_coerce(subject_id, sa.Integer).label("subject_id"),
        sa.type_coerce(on, sa.Date).label("on"),
        sa.cast(sa.null() if form is None else form, sa.String(40)).label("form"),
        (one if amount is None else sa.cast(amount, sa.Integer)).label("amount"),
        (sa.cast(sa.null(), sa.Integer) if out_of is None else sa.cast(out_of, sa.Integer)).label("out_of"),
        (one if known is None else sa.cast(known, sa.Integer)).label("known"),
    )


@dataclass(frozen=True)
class Lines:
    """The list that answers one question; the figure is the sum of its amounts."""

    records: sa.Select[Any]
    """Rows of `line`."""
    notes: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """Of employers and of figures from outside: id -> what the line rests on, in words; a frozen line keeps them."""


@dataclass(frozen=True)
class NearMiss:
    """Somebody who is one recorded step from counting."""

    subject_id: int
    missing: str
    """The step, in words."""


KEPT_LISTS: Final = 24
"""Of each measure: more than a page asks for."""

Answer = Callable[[Collection[Ask]], Mapping[Ask, Lines]]
"""From questions of one measure to their lists, with a handful of statements for any number of them."""


def listed_by(select: Callable[[Ask], sa.Select[Any]]) -> Answer:
    """Answers with lists whose select follows from the question alone.

    Questions come again with every page, and a select is dear to build and read by the database at once: it is kept.
    """
    kept = lru_cache(maxsize=KEPT_LISTS)(select)

    def lines(asks: Collection[Ask]) -> Mapping[Ask, Lines]:
        return {ask: Lines(kept(ask)) for ask in asks}

    return lines


NearMisses = Callable[[Ask], Sequence[NearMiss]]

WrittenSince = Callable[[Ask, Collection[int], datetime], Mapping[int, Sequence[str]]]
"""Of employers (their ids): what was written after a moment that may have moved them in or out of a list, in words."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How a figure is counted and explained, each part stated."""

    subject: Subject
    periods: frozenset[PeriodKind]
    """Which periods a goal may be set for."""
    group: GroupUse
    terms: tuple[Term, ...]
    lines: Answer
    near_misses: NearMisses | None
    rule: LazyString
    """What counts, in a sentence above the list; with the terms' values by their keys."""
    link: Callable[[int], str] | None
    """The page behind an employer's line; None: the employer's own."""
    tells_of_whole_times: bool = False
    """Each line is somebody's whole time in the period, so that what its quarters say does not add up to it."""
    outlives: bool = False
    """Its lines stand on rows that lose the person when she is erased and stay; else the ledger keeps what she was."""

    written_since: WrittenSince | None = None
    """Why a list of employers is not what it was; None: the records do not tell."""

    def rule_for(self, terms: Terms) -> str:
        """The rule with a goal's own numbers and choices; what it leaves open as it is meant from the start."""
        if not self.terms:
            return str(self.rule)
        chosen = dict(terms)
        return str(self.rule) % {term.key: term.in_words(chosen.get(term.key)) for term in self.terms}

    @property
    def is_from_outside(self) -> bool:
        """Whether the figure is typed with its source, so that no record here has to lie behind it."""
        return self.subject is Subject.OUTSIDE

    @property
    def is_standing(self) -> bool:
        """Whether it looks at one day, so that a period says nothing but which day that is."""
        return PeriodKind.DAY in self.periods


@dataclass(frozen=True, kw_only=True)
class MeasureSpec:
    """Everything the ledger knows of a measure."""

    measure: Measure
    unit: GoalUnit
    counted: Counted | None
    """None: the portal holds no records of it, so that a goal shows its target and "ingen data"."""
    needs: LazyString
    """What must be written down, and where, before the figure says anything."""
    page: str | None = None
    """The endpoint of the page where that is done; None: there is none yet."""
