"""What is asked, and what is answered: each shape as the document describes it. No name, phone or mail of anybody.

A code is a value of a closed set; the document says what each is called in Danish.
"""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

import msgspec

from portal.base.database import MAX_ID
from portal.base.terms import (
    GoalAim,
    GoalUnit,
    Industry,
    Measure,
    PlacementForm,
    Shift,
    SkillSource,
    TaskKind,
    Weekday,
)
from portal.ledger.goals.figures import GoalStanding, NoData
from portal.loop.employers.models import EmployerStatus, Sector
from portal.loop.openings.models import OpeningStatus
from portal.loop.partnerships.counting import PartnershipCondition
from portal.loop.placements.models import Outcome, PlacementStatus

MOST_OF_A_PAGE: Final = 200
LONGEST_CASE: Final = 200
"""Characters of a case number as it is sent: 40 of them, each up to three bytes that are written with three signs."""


def _said(words: str, **limits: Any) -> msgspec.Meta:
    return msgspec.Meta(description=words, **limits)


Key = Annotated[int, _said("The record's number. It is never given to another.")]


# --- What is asked --------------------------------------------------------------------------------------------


class PageAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One page of a list, in the order of the records' numbers."""

    after: Annotated[
        int, _said("Only records with a larger number: where the page before ended.", ge=0, le=MAX_ID)
    ] = 0
    limit: Annotated[int, _said("The most records on the page.", ge=1, le=MOST_OF_A_PAGE)] = 100


class OpeningsAsked(PageAsked, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One page of openings."""

    status: Annotated[
        Literal["published", "paused", "filled", "expired", "withdrawn"] | msgspec.UnsetType,
        _said("Only these."),
    ] = msgspec.UNSET


class NothingAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A record, or what is behind it: there is nothing to choose."""


class CaseHeaders(msgspec.Struct, frozen=True, rename={"case_number": "Case-Number"}):
    """Whom it is about. It stands in no address: those are written down on the way."""

    case_number: Annotated[
        str,
        _said(
            "The citizen's number in the municipality's case system, e.g. 26/10431. Percent-encoded UTF-8 where it "
            "holds anything but ASCII.",
            min_length=1,
            max_length=LONGEST_CASE,
            examples=["26/10431"],
        ),
    ]


# --- What is answered -----------------------------------------------------------------------------------------

Next = Annotated[str | None, _said("The address of the next page; null: this is the last one.")]


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """What every answer is made of."""


class ParameterProblemShape(Shape, frozen=True, kw_only=True):
    """One parameter that is no good."""

    parameter: Annotated[str | None, _said("Which; null: the question as a whole.")]
    detail: str


class ProblemShape(Shape, frozen=True, kw_only=True):
    """Why there is no answer (RFC 9457)."""

    type: Annotated[str, _said("What kind of problem it is; it stays the same when the words change.")]
    title: Annotated[str, _said("In Danish, for whoever uses the other system.")]
    status: int
    detail: Annotated[str, _said("In English, for whoever made the other system.")]
    errors: Annotated[list[ParameterProblemShape], _said("What is wrong with the parameters.")]


class EmployerRefShape(Shape, frozen=True, kw_only=True):
    """Which employer."""

    id: Key
    name: str
    cvr: str


class WorkplaceShape(Shape, frozen=True, kw_only=True):
    """A place where an employer has people working."""

    id: Key
    name: str
    p_number: Annotated[str | None, _said("Null: not known yet.")]
    address: str
    postcode: str


class OpeningTaskShape(Shape, frozen=True, kw_only=True):
    """One task of an opening."""

    text: Annotated[str, _said("In the employer's words.")]
    kind: TaskKind
    level: Annotated[int, _said("The level that is asked, 1 to 4.")]
    skill: Annotated[str | None, _said("The vocabulary's own phrase for it; null: not understood.")]


class OpeningShape(Shape, frozen=True, kw_only=True):
    """A place that an employer offers. Drafts are nobody's but their employer's."""

    id: Key
    title: str
    description: str
    status: OpeningStatus
    form: PlacementForm
    industry: Industry
    employer: EmployerRefShape
    workplace: WorkplaceShape
    places: int
    free_places: int
    hours_per_week: float
    starts_on: date
    ends_on: Annotated[date | None, _said("Null: until further notice.")]
    expires_on: Annotated[date | None, _said("The last day on which somebody may be suggested.")]
    postcode: str
    danish_speaking: Annotated[int, _said("The least level of spoken Danish, 0 to 4; 0: no demand.")]
    danish_reading: Annotated[int, _said("The same of reading.")]
    danish_use: Annotated[str, _said("What Danish is used for.")]
    shifts: list[Shift]
    weekdays: Annotated[list[Weekday], _said("Empty: to be agreed.")]
    working_times: str
    tasks: list[OpeningTaskShape]
    conditions: Annotated[list[str], _said("What the work brings with it, in the vocabulary's words.")]
    published_at: datetime | None
    answer_due_at: Annotated[datetime | None, _said("Until when the employer was promised an answer.")]
    answered_at: datetime | None


class OpeningsShape(Shape, frozen=True, kw_only=True):
    """A page of openings."""

    items: list[OpeningShape]
    next: Next


class EmployerShape(Shape, frozen=True, kw_only=True):
    """An employer that the municipality looks after, without the people there."""

    id: Key
    cvr: str
    name: str
    status: EmployerStatus
    industry: Industry
    sector: Sector | None
    approved_at: datetime
    workplaces: list[WorkplaceShape]


class EmployersShape(Shape, frozen=True, kw_only=True):
    """A page of employers."""

    items: list[EmployerShape]
    next: Next


class PartnershipShape(Shape, frozen=True, kw_only=True):
    """A signed agreement between the municipality and an employer, and whether it counts today."""

    id: Key
    employer: EmployerRefShape
    signed_on: date
    ends_on: Annotated[date | None, _said("The last day in force; null: it runs.")]
    counts: Annotated[bool, _said("Whether it counts today as lasting cooperation, by the written rule.")]
    missing: Annotated[list[PartnershipCondition], _said("Which of the four conditions do not hold.")]


class PartnershipsShape(Shape, frozen=True, kw_only=True):
    """A page of partnerships."""

    items: list[PartnershipShape]
    next: Next


class FigureShape(Shape, frozen=True, kw_only=True):
    """A goal of the municipality's and its figure, as its leader sees them."""

    id: Annotated[int, _said("The goal's number.")]
    measure: Measure
    measure_in_words: Annotated[str, _said("In Danish.")]
    group: Annotated[str | None, _said("Whom it is about; null: everybody, or employers.")]
    first_on: date
    last_on: date
    aim: GoalAim
    target: int
    unit: GoalUnit
    sentence: Annotated[str, _said("In the plan's own words.")]
    source: str
    ended_on: Annotated[date | None, _said("From when it is no longer pursued.")]
    value: Annotated[float | None, _said("Null: there is no figure; `why_none` says why.")]
    counted_on: Annotated[date, _said("The last day that counts in it.")]
    is_frozen: Annotated[bool, _said("Its time is over, and it does not change any more.")]
    is_part_of_period: Annotated[bool, _said("The records begin inside its time.")]
    known: Annotated[int | None, _said("How many of the lines behind it tell something.")]
    lines: Annotated[int | None, _said("How many lines are behind it.")]
    standing: GoalStanding | None
    why_none: NoData | None


class FiguresShape(Shape, frozen=True, kw_only=True):
    """A page of figures."""

    items: list[FigureShape]
    next: Next


class FigureLineShape(Shape, frozen=True, kw_only=True):
    """One line of the list behind a figure about employers: the figure is the sum of the amounts."""

    employer_id: Annotated[int | None, _said("Null: a frozen line of one that is here no more.")]
    name: str
    cvr: str
    on: Annotated[date, _said("The day it is counted by.")]
    amount: int
    out_of: Annotated[int | None, _said("What it adds to the whole; null: the figure is no share.")]
    is_known: Annotated[bool, _said("Whether anything is recorded of it.")]


class FigurePartShape(Shape, frozen=True, kw_only=True):
    """What people in one form add to a figure."""

    form: Annotated[str, _said("In Danish.")]
    amount: Annotated[int | None, _said("Null: so few that a number could tell of somebody.")]


class FigureLinesShape(Shape, frozen=True, kw_only=True):
    """What is behind a figure, as far as its leader sees it: employers one by one, people added up by form."""

    kind: Annotated[
        Literal["none", "employers", "parts", "outside"],
        _said("What is told: nothing, `employers`, `parts`, or the `sources` of a figure from outside."),
    ]
    employers: Annotated[
        list[FigureLineShape], _said("`limit` counts employers, and all lines of one stand on one page.")
    ]
    parts: list[FigurePartShape]
    sources: list[str]
    next: Next


class PlacementShape(Shape, frozen=True, kw_only=True):
    """One placement of the citizen whose case was asked for."""

    id: Key
    card_number: str
    opening_id: Key
    title: str
    employer: EmployerRefShape
    workplace: str
    form: PlacementForm
    status: PlacementStatus
    starts_on: date
    ends_on: Annotated[date, _said("The last day that is agreed.")]
    hours_per_week: float
    planned_at: datetime
    started_at: datetime | None
    ended_on: date | None
    outcome: Outcome | None
    continues_id: Annotated[int | None, _said("The placement that it goes on from, at the same place.")]


class PlacementsShape(Shape, frozen=True, kw_only=True):
    """A page of the citizen's placements."""

    items: list[PlacementShape]
    next: Next


class CardSkillShape(Shape, frozen=True, kw_only=True):
    """What she can, as it was last and best seen."""

    name: str
    group: Annotated[str, _said("In Danish.")]
    level: Annotated[int, _said("0 to 4.")]
    source: Annotated[SkillSource, _said("Who says so.")]
    seen_on: date


class CardCertificateShape(Shape, frozen=True, kw_only=True):
    """A course or a certificate."""

    name: str
    valid_until: date | None


class CardShape(Shape, frozen=True, kw_only=True):
    """What the citizen's card says in short, without her own words."""

    number: str
    is_active: Annotated[bool, _said("Whether she is suggested to employers.")]
    version: int
    updated_at: datetime
    danish_speaking: Annotated[int | None, _said("0 to 4; null: not said.")]
    danish_reading: Annotated[int | None, _said("0 to 4; null: not said.")]
    hours_min: Annotated[float | None, _said("Hours a week.")]
    hours_max: Annotated[float | None, _said("Hours a week.")]
    skills: list[CardSkillShape]
    certificates: list[CardCertificateShape]


CODES: Final = (
    EmployerStatus, GoalAim, GoalStanding, GoalUnit, Industry, Measure, NoData, OpeningStatus, Outcome,
    PartnershipCondition, PlacementForm, PlacementStatus, Sector, Shift, SkillSource, TaskKind, Weekday,
)  # fmt: skip
"""The closed sets above, for the document to name in Danish."""
