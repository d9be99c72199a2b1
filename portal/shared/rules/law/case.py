"""What is held against the law, and what the law of a placement form is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from portal.base.terms import PlacementForm, Shift, Weekday
from portal.shared.rules.book import Numbers
from portal.shared.rules.clock_times import Working
from portal.shared.rules.findings import Finding
from portal.shared.rules.law.ratio import NOBODY, Held

FULL_TIME = "full-time-hours"


@dataclass(frozen=True)
class PersonInLaw:
    """What the law asks of a person; the municipality's side only."""

    born_on: date | None
    earlier_weeks: int = 0
    """Weeks of praktik at the same employer before this one."""
    paid_tasks: Mapping[int, str] = field(default_factory=dict)
    """Skill id -> name of what she is paid for at the same employer in the same period."""


@dataclass(frozen=True)
class Case:
    """What is known of a post or a placement. Without a person nothing is said of age and history."""

    municipality_id: int
    """Whose law it is held against: its own rows stand beside the law's."""
    form: PlacementForm
    hours_per_week: float
    starts_on: date
    ends_on: date | None
    on: date
    """The day of the question."""
    staff: Decimal
    staff_stated_on: date
    held: tuple[Held, ...]
    """Places held at the workplace by others, in the forms that the ratio counts."""
    others: Decimal = NOBODY
    """Further people in offers there whom the portal did not place, in full-time persons."""
    places: int = 1
    is_private: bool = True
    shifts: frozenset[Shift] = frozenset()
    weekdays: frozenset[Weekday] = frozenset()
    """Empty: not said."""
    day: Working | None = None
    """From when to when, as far as the employer's words tell."""
    tasks: Mapping[int, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    """The tasks as they are written, and the conditions."""
    reason: str = ""
    """Why a praktik is longer than the ordinary limit."""
    person: PersonInLaw | None = None
    is_plan: bool = False
    """The dates are those of a placement, not of a post that somebody may fill for a shorter time."""


@dataclass(frozen=True, kw_only=True)
class FormLaw:
    """What the law has on one form of placement, each part stated. None: the law has none."""

    findings: Callable[[Case, Numbers], list[Finding]]
    """What the form's own rules say of a case."""
    age: Callable[[date | None, date, Numbers], Finding] | None
    """Whether somebody born then is old, or young, enough on the first day."""
    reads_conditions: bool
    """The conditions of a post are held against it as the tasks are."""
