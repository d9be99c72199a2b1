"""What is held against the law, and what the law of a placement form is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final

from flask_babel import lazy_gettext as _l

from portal.base.terms import LabelledEnum, PlacementForm, Shift, Weekday
from portal.shared.rules.book import Numbers
from portal.shared.rules.checks import Born
from portal.shared.rules.clock_times import WorkingWeek
from portal.shared.rules.findings import Finding
from portal.shared.rules.law.ratio import NOBODY, HeldHours
from portal.shared.rules.law.stretches import Stretch
from portal.shared.rules.school_weeks import NO_WEEKS, SchoolFreeWeeks

FULL_TIME = "full-time-hours"

NO_WORKING_TIMES = WorkingWeek({}, None, None)


class Act(LabelledEnum):
    """The act that an offer rests on."""

    LAB = "lab", _l("Lov om en aktiv beskæftigelsesindsats (LAB)")
    INTEGRATION = "integration", _l("Integrationsloven")
    UKRAINE = "ukraine", _l("Særloven for fordrevne fra Ukraine")


class Readiness(LabelledEnum):
    """R24: the group that lengths follow from."""

    JOB_READY = "job_ready", _l("Jobparat")
    OTHER = "other", _l("Ikke jobparat")


class Premises(LabelledEnum):
    """Where somebody under 18 works: some places may begin earlier or end later for those past school."""

    OTHER = "other", _l("Et andet sted")
    SHOP = "shop", _l("Butik eller kontor")
    RESTAURANT = "restaurant", _l("Hotel eller spisested")
    BAKERY = "bakery", _l("Bageri")


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What an offer rests on, as a consultant said it; None: nobody has said. Never an employer's to read."""

    act: Act | None = None
    readiness: Readiness | None = None
    arrived_on: date | None = None
    """The first day of her residence, where it is known."""
    is_within_course: bool = False
    """R28: praktik inside a specially arranged course, integrationsloven § 23 a."""
    is_outside_ratio: bool = False
    """R25: at her own workplace while on sick leave. Only the outcome is kept, not why."""


NO_GROUNDS = Grounds()


@dataclass(frozen=True, kw_only=True)
class YoungWork:
    """What the rules ask of work for somebody under 18; None: nobody has said, which is judged strictly."""

    is_past_school: bool | None = None
    """Whether 9th grade, and with it undervisningspligten, is behind her."""
    free_weeks: SchoolFreeWeeks = NO_WEEKS
    pause_minutes: int | None = None
    lift_kg: float | None = None
    premises: Premises | None = None
    serves_alcohol: bool | None = None
    """Whether alcohol is served in the room."""
    is_risk_assessed: bool | None = None
    adult_supervises: bool | None = None
    """Whether somebody over 18 is there and looks after her."""
    parents_told: bool | None = None


NOTHING_SAID = YoungWork()


@dataclass(frozen=True)
class Stay:
    """Another praktik of hers at the same employer, or inside a course anywhere."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class PersonInLaw:
    """What the law asks of a person; the municipality's side only."""

    born: Born | None
    praktik_here: tuple[Stay, ...] = ()
    """Her other praktik at the same employer, before and after."""
    course_praktik: tuple[Stay, ...] = ()
    """Her other praktik inside a course, anywhere."""
    paid_tasks: Mapping[int, str] = field(default_factory=dict)
    """Skill id -> name of what she is paid for at the same employer on some day of the same period."""
    unpaid_tasks: Mapping[int, str] = field(default_factory=dict)
    """The same of what she does there in praktik."""
    grounds: Grounds = NO_GROUNDS


@dataclass(frozen=True)
class Case:
    """What is known of a post or a placement. Without a person nothing is said of age and history."""

    municipality_id: int
    """Whose law it is held against: its own rows stand beside the law's."""
    form: PlacementForm
    hours_per_week: float
    starts_on: date
    ends_on: date | None
    staff: Decimal
    staff_stated_on: date | None
    """None: nobody has said how many work there."""
    held: tuple[HeldHours, ...]
    """Places held at the workplace by others, in the forms that the ratio counts."""
    others: Decimal = NOBODY
    """Further people in offers there whom the portal did not place, in full-time persons."""
    places: int = 1
    is_private: bool | None = True
    """None: the employer was never asked."""
    shifts: frozenset[Shift] = frozenset()
    weekdays: frozenset[Weekday] = frozenset()
    """Empty: not said."""
    times: WorkingWeek = NO_WORKING_TIMES
    """From when to when, as far as the employer's words tell."""
    tasks: Mapping[int, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    """The tasks as they are written, and the conditions."""
    about: tuple[str, ...] = ()
    """What else the employer wrote of the post: its title and description."""
    young: YoungWork = NOTHING_SAID
    reason: str = ""
    """Why a praktik or an IGU is longer than the ordinary limit."""
    person: PersonInLaw | None = None
    later_hours: tuple[tuple[date, float], ...] = ()
    """The hours a week that were agreed from a later day on, in order; `hours_per_week` are those before."""
    is_plan: bool = False
    """The dates are those of a placement, not of a post that somebody may fill for a shorter time."""

    @property
    def last_day(self) -> date:
        return self.ends_on or date.max

    def on(self, day: date) -> "Case":
        """With the hours of the day."""
        since = [hours for first, hours in self.later_hours if first <= day]
        return replace(self, hours_per_week=since[-1]) if since else self


@dataclass(frozen=True, kw_only=True)
class FormLaw:
    """What the law has on one form of placement, each part stated. None: the law has none."""

    at_start: Callable[[Case, Numbers], list[Finding]]
    """What is asked once, by the numbers of the first day: who may begin, and when."""
    on_days: Callable[[Case, Stretch], list[Finding]]
    """What holds on every day of the work, by the numbers of that day."""
    age: Callable[[Born | None, date, Numbers], Finding] | None
    """Whether somebody born then is old, or young, enough on the first day."""
    is_for_the_young: bool
    """Whoever comes is under 18, so that the rules for the young are held against the post itself."""
    asks: tuple[str, ...]
    """What it rests on: the names of Grounds that a plan is asked for, in their order."""
    asks_for_reason: bool
    """It may last longer than the ordinary, with a reason."""


GROUP: Final = ("act", "readiness")
"""What a length follows from; a plan without them is not sent."""


def nothing(*_asked: object) -> list[Finding]:
    """The part of a law that a form does not have."""
    return []
