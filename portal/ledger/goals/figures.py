"""What the records show beside a target: always the sum of a list, never typed in (docs/rules.md#goal-figures).

A goal's figure is counted on the last day of its period, or as of an earlier day. When its time is over it is frozen:
from then on the frozen figure is the goal's, and what was written later is shown beside it (freezing.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from flask_babel import lazy_gettext as _l

from portal.base.quarters import last_quarter_end
from portal.base.terms import GoalAim, GoalUnit, LabelledEnum
from portal.ledger.goals import queries
from portal.ledger.goals.measures import spec_of
from portal.ledger.goals.models import FrozenFigure, Goal
from portal.ledger.goals.tally import Tally, lists_of, tallies
from portal.shared.accounts.models import Municipality
from portal.web.measures import Ask, GroupUse, Lines, MeasureSpec, Subject

WHOLE = 100


class NoData(LabelledEnum):
    """Why a goal has no figure."""

    NOT_HELD = "not_held", _l("Portalen har ikke oplysninger om det.")
    NO_GROUP = "no_group", _l("Målet har ingen målgruppe endnu.")
    NOBODY = "nobody", _l("Der er ingen i målgruppen.")
    NOT_WRITTEN = "not_written", _l("Tallet er ikke skrevet ind endnu.")
    BEFORE = "before", _l("Tiden ligger før kommunens oplysninger i portalen.")
    AHEAD = "ahead", _l("Tiden er ikke begyndt.")
    FEW = "few", _l("Tallet er så lille, at det kunne sige noget om enkelte borgere.")
    """Hidden from readers who may not see them (divided.py)."""


class GoalStanding(LabelledEnum):
    """How a figure stands to its target."""

    REACHED = "reached", _l("Målet er nået")
    NOT_YET = "not_yet", _l("Ikke nået endnu")
    MISSED = "missed", _l("Ikke nået")
    UNSURE = "unsure", _l("Kan ikke siges endnu: for mange er ukendte")
    """Those of whom nothing is recorded could turn it."""


@dataclass(frozen=True)
class Figure:
    """A goal beside its figure as of a day; without a figure, why."""

    goal: Goal
    on: date
    tally: Tally | None
    why_none: NoData | None
    part_of_period: bool
    """The records begin inside the period, so that what came before is not in the figure."""
    frozen: FrozenFigure | None
    """None: the figure is counted live and may still change."""
    final: bool
    """Whether `on` is the goal's last day."""

    @property
    def spec(self) -> MeasureSpec:
        return spec_of(self.goal.measure)

    @property
    def opens(self) -> bool:
        return self.tally is not None

    @property
    def exact(self) -> Fraction | None:
        """The figure in the goal's unit; of a share those without a record count as not being part of it."""
        if self.tally is None:
            return None
        return exact(self.tally, self.goal.unit)

    @property
    def at_most(self) -> Fraction | None:
        """What a share would be, were all those without a record part of it."""
        if self.tally is None:
            return None
        return exact(
            replace(self.tally, amount=self.tally.amount + self.tally.unknown_out_of), self.goal.unit
        )

    @property
    def value(self) -> Decimal | None:
        """The figure as it is shown: whole numbers, percentages with one decimal."""
        return None if self.exact is None else rounded(self.exact, self.goal.unit)

    @property
    def highest(self) -> Decimal | None:
        """`at_most` as it is shown."""
        return None if self.at_most is None else rounded(self.at_most, self.goal.unit)

    @property
    def aimed_at(self) -> Fraction:
        """What the figure must come to, in the goal's unit."""
        return aimed_at(self.goal)

    @property
    def standing(self) -> GoalStanding | None:
        """Whether the target is reached; never so where the unknown could turn it."""
        if self.exact is None or self.at_most is None:
            return None
        upwards = self.goal.aim in (GoalAim.AT_LEAST, GoalAim.RISE)
        surely, perhaps = (self.exact, self.at_most) if upwards else (self.at_most, self.exact)
        if _is_there(surely, self.aimed_at, upwards=upwards):
            return GoalStanding.REACHED
        if _is_there(perhaps, self.aimed_at, upwards=upwards):
            return GoalStanding.UNSURE
        return GoalStanding.MISSED if self.final or not upwards else GoalStanding.NOT_YET

    @property
    def reached(self) -> bool:
        return self.standing is GoalStanding.REACHED

    @property
    def missing(self) -> Decimal | None:
        """How far it is to the target, in the goal's unit; None when it is reached or has no figure."""
        if self.exact is None or self.reached:
            return None
        return rounded(abs(self.aimed_at - self.exact), self.goal.unit)


def _is_there(figure: Fraction, aimed_at: Fraction, *, upwards: bool) -> bool:
    return figure >= aimed_at if upwards else figure <= aimed_at


def exact(tally: Tally, unit: GoalUnit) -> Fraction | None:
    """The figure of sums; None for a share of nothing."""
    if unit is GoalUnit.COUNT:
        return Fraction(tally.amount)
    return Fraction(WHOLE * tally.amount, tally.out_of) if tally.out_of else None


def rounded(value: Fraction, unit: GoalUnit) -> Decimal:
    step = Decimal(1) if unit is GoalUnit.COUNT else Decimal("0.1")
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(step, ROUND_HALF_UP)


def aimed_at(goal: Goal) -> Fraction:
    """What a goal's figure must come to; of a change, counted from its baseline."""
    if goal.baseline is None:
        return Fraction(goal.target)
    start, sign = Fraction(goal.baseline), 1 if goal.aim is GoalAim.RISE else -1
    change = Fraction(goal.target) if goal.unit is GoalUnit.PERCENT else start * goal.target / WHOLE
    return start + sign * change


def counting_day(goal: Goal, asked: date) -> date:
    """The day a goal is counted as of: the one asked about, or its own last one."""
    return min(goal.last_on, asked)


def no_data(municipality: Municipality, goal: Goal, on: date) -> NoData | None:
    """Why the goal has no figure as of the day; None when it has one."""
    how = spec_of(goal.measure).counted
    if how is None:
        return NoData.NOT_HELD
    if how.group is GroupUse.MUST and goal.group_id is None:
        return NoData.NO_GROUP
    if on < goal.first_on:
        return NoData.AHEAD
    if on < municipality.records_since_on and not how.is_from_outside:
        return NoData.BEFORE
    return None


def is_held(municipality: Municipality, goal: Goal, on: date) -> bool:
    """Whether the records can tell of the goal's question on a day, be it in the goal's time or before."""
    how = spec_of(goal.measure).counted
    is_outside = how is not None and how.is_from_outside
    is_covered = is_outside or on >= municipality.records_since_on
    return is_covered and no_data(municipality, goal, on) in (None, NoData.AHEAD)


def ask_of(goal: Goal, on: date, *, known_at: datetime | None = None) -> Ask:
    """The question that a goal puts to its measure as of a day."""
    return Ask(
        measure=goal.measure,
        municipality_id=goal.municipality_id,
        first=goal.first_on,
        on=on,
        group_id=goal.group_id,
        terms=goal.rule_terms,
        known_at=known_at,
    )


def figures_of(
    municipality: Municipality,
    goals: Sequence[Goal],
    asked: date,
    *,
    known_at: datetime | None = None,
    lists: Mapping[Ask, Lines] | None = None,
) -> list[Figure]:
    """The goals with their figures as of a day, in the order given; a handful of statements for any number.

    A goal whose last day has come shows its frozen figure, if it has one, unless the question is what was `known_at` a
    moment. `lists`: what the page has read already.
    """
    frozen = queries.frozen_of(goals) if known_at is None else {}
    days = {goal.id: counting_day(goal, asked) for goal in goals}
    live = live_asks(municipality, goals, days, frozen, known_at=known_at)
    asks = list(dict.fromkeys(live.values()))
    at_hand = dict(lists or {})
    at_hand |= lists_of([ask for ask in asks if ask not in at_hand])
    sums = tallies(asks, at_hand)
    tallied = {goal_id: sums[ask] for goal_id, ask in live.items()}
    return [figure_from(municipality, goal, days[goal.id], frozen, tallied.get(goal.id)) for goal in goals]


def live_asks(
    municipality: Municipality,
    goals: Iterable[Goal],
    days: Mapping[int, date],
    frozen: Mapping[int, FrozenFigure],
    *,
    known_at: datetime | None = None,
) -> dict[int, Ask]:
    """Goal id -> what it asks as of its day, of those that neither stand frozen nor have no data."""
    return {
        goal.id: ask_of(goal, days[goal.id], known_at=known_at)
        for goal in goals
        if no_data(municipality, goal, days[goal.id]) is None and not _is_frozen(goal, days, frozen)
    }


def _is_frozen(goal: Goal, days: Mapping[int, date], frozen: Mapping[int, FrozenFigure]) -> bool:
    return goal.id in frozen and days[goal.id] == goal.last_on


def figure_from(
    municipality: Municipality, goal: Goal, on: date, frozen: Mapping[int, FrozenFigure], live: Tally | None
) -> Figure:
    """The figure of sums that are at hand; `live`: of what `live_asks` asked."""
    kept = frozen.get(goal.id) if on == goal.last_on else None
    tally = live if kept is None else frozen_tally(kept)
    why = None if kept is not None else no_data(municipality, goal, on)
    if tally is not None and _is_empty(goal, tally):
        outside = spec_of(goal.measure).counted
        tally = None
        why = NoData.NOT_WRITTEN if outside is not None and outside.is_from_outside else NoData.NOBODY
    return Figure(
        goal=goal,
        on=on,
        tally=tally,
        why_none=why,
        part_of_period=_misses_time(municipality, goal),
        frozen=kept,
        final=on == goal.last_on,
    )


def _is_empty(goal: Goal, tally: Tally) -> bool:
    """Whether there is nothing to be a part of, or nothing was written from outside."""
    how = spec_of(goal.measure).counted
    if how is not None and how.is_from_outside:
        return not tally.lines
    return goal.unit is GoalUnit.PERCENT and not tally.out_of


def frozen_tally(figure: FrozenFigure) -> Tally:
    return Tally(figure.lines, figure.amount, figure.out_of, figure.known, figure.unknown_out_of)


def _misses_time(municipality: Municipality, goal: Goal) -> bool:
    """Whether the records begin inside the period that the figure adds up."""
    how = spec_of(goal.measure).counted
    return (
        how is not None
        and not how.is_standing
        and not how.is_from_outside
        and goal.first_on < municipality.records_since_on <= goal.last_on
    )


def figure_of(
    municipality: Municipality, goal: Goal, asked: date, *, known_at: datetime | None = None
) -> Figure:
    return figures_of(municipality, [goal], asked, known_at=known_at)[0]


def day_that_may_be_asked(goal: Goal, wanted: date, today: date) -> date:
    """The day a reader may ask about: of people only how it was when a quarter ended, so that no day tells of one.

    What stands today may always be read.
    """
    how = spec_of(goal.measure).counted
    if wanted >= today:
        return today
    return last_quarter_end(wanted) if how is not None and how.subject is Subject.CITIZENS else wanted


def is_of_people(goal: Goal) -> bool:
    how = spec_of(goal.measure).counted
    return how is not None and how.subject is Subject.CITIZENS


def current(goals: Iterable[Goal], today: date) -> list[Goal]:
    """The goals whose time it is, and that are still pursued."""
    return [goal for goal in goals if goal.first_on <= today <= goal.last_on and goal.ended_on is None]


def asks_of(goals: Iterable[Goal], asked: date) -> list[Ask]:
    """The questions that goals put as of a day."""
    return [ask_of(goal, counting_day(goal, asked)) for goal in goals]
