"""What a room declares of a measure that goals count: its unit, its records, and the list behind the figure.

A room lists its measures in `measures.py`; `application.py` collects them for the ledger.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, auto
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString

from portal.base.terms import GoalUnit, Measure
from portal.web.listing import Sorts


class Period(StrEnum):
    """Which records count on a day."""

    STANDING = auto()
    """Those that stand on the day, however old."""
    YEAR_TO_DAY = auto()
    """Those of the day's year, until the day."""


@dataclass(frozen=True)
class Evidence:
    """The records that a figure rests on, on one day: the figure is how many they are."""

    records: sa.Select[Any]
    notes: Mapping[int, Any] = field(default_factory=dict)
    """Record id -> what else the list tells of it."""


class Shape(StrEnum):
    """What a cell of the list holds."""

    TEXT = auto()
    DAY = auto()
    TEXTS = auto()
    """Several, below each other; the page shows the first few."""


class Where(StrEnum):
    """Where a column of the list stands."""

    EVERYWHERE = auto()
    PAGE = auto()
    CSV = auto()


@dataclass(frozen=True)
class FigureColumn:
    """One column of the list behind a figure."""

    heading: LazyString
    value: Callable[[Any, Any], Any]
    """From the record and its note."""
    key: str = ""
    """The name of its order in the address, when the list can be sorted by it."""
    order: Sequence[Any] = ()
    """Columns of the database that it is sorted by, the last one unique."""
    shape: Shape = Shape.TEXT
    where: Where = Where.EVERYWHERE
    link: Callable[[Any], str] | None = None
    """The address of the record's own page."""
    rest: Callable[[int], str] | None = None
    """Of several texts: what is said of those that the page leaves out."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How a figure is counted and shown, each part stated."""

    period: Period
    evidence: Callable[[int, Collection[date]], Mapping[date, Evidence]]
    """From a municipality's key and days, with a handful of statements for any number of days."""
    columns: tuple[FigureColumn, ...]
    sorted_by: str
    """The key of the column that the list is sorted by at first."""
    search: Callable[[sa.Select[Any], str], sa.Select[Any]]
    """Finds employers and card numbers, never persons."""
    explained: LazyString
    """What counts, or what the list does not show, in a sentence above it."""
    shows_cards: bool
    """Whether the list holds card numbers, so that the audit notes who opened it."""

    @property
    def sorts(self) -> Sorts:
        return Sorts(
            {column.key: column.order for column in self.columns if column.key}, default=self.sorted_by
        )

    @property
    def on_page(self) -> list[FigureColumn]:
        return [column for column in self.columns if column.where is not Where.CSV]

    @property
    def in_csv(self) -> list[FigureColumn]:
        return [column for column in self.columns if column.where is not Where.PAGE]


@dataclass(frozen=True, kw_only=True)
class MeasureSpec:
    """Everything the ledger knows of a measure."""

    measure: Measure
    unit: GoalUnit
    counted: Counted | None
    """None: the portal holds no records of it, so that a goal shows its target and "ingen data"."""
