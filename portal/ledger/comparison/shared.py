"""Another municipality's figure, counted by the rule of the reader's own goal, as far as she may see it.

Of employers it is the total. Of people it is shown as of the end of a quarter, from the first day of one, without a
group, rounded to whole fives and never below five: the difference of two such figures is no number of people, so that
nobody is found by taking one from another (docs/rules.md#shared-figures).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from flask_babel import lazy_gettext as _l

from portal.base.quarters import last_quarter_end, quarter_of
from portal.base.terms import GoalUnit, LabelledEnum
from portal.ledger.comparison import queries
from portal.ledger.goals.figures import ask_of, counting_day, exact, rounded
from portal.ledger.goals.masking import FEWEST
from portal.ledger.goals.measures import spec_of
from portal.ledger.goals.models import Goal
from portal.ledger.goals.tally import Tally, counted, tallies
from portal.shared.accounts.models import Municipality
from portal.web.measures import Counted, GroupUse, Subject

STEP: Final = FEWEST
"""What numbers of people, and shares in percent, are rounded to."""


class NotShown(LabelledEnum):
    """Why there is no number of another municipality."""

    NO_RECORDS = "no_records", _l("Har ikke oplysninger for hele tiden.")
    NOT_WRITTEN = "not_written", _l("Har ikke skrevet tallet ind.")
    NO_QUARTER = "no_quarter", _l("Vises, når et kvartal er slut.")
    UNALIGNED = "unaligned", _l("Vises kun for mål, der begynder med et kvartal.")
    FEW = "few", _l("Skjult, fordi det handler om under 5 personer.")


@dataclass(frozen=True)
class SharedFigure:
    """What one municipality lets the other see."""

    municipality: Municipality
    on: date
    value: Decimal | None
    why_none: NotShown | None
    is_rounded: bool


def can_be_shared(goal: Goal) -> bool:
    """Groups are a municipality's own, and what is not counted cannot be compared."""
    how = spec_of(goal.measure).counted
    return how is not None and how.group is not GroupUse.MUST and goal.group_id is None


def shared_figures(goal: Goal, today: date) -> list[SharedFigure]:
    """The goal's figure of each municipality with which both sides have switched it on, by name."""
    if not can_be_shared(goal) or goal.first_on > today:
        return []
    return figures_with(goal, queries.partners_of(goal.municipality_id, today), today)


def figures_with(goal: Goal, partners: Sequence[Municipality], today: date) -> list[SharedFigure]:
    """The same of these municipalities, whoever asks for it."""
    how, on = counted(goal.measure), counting_day(goal, today)
    if how.subject is Subject.CITIZENS:
        on = last_quarter_end(on)
    refused = {one.id: _refusal(one, goal, how, on) for one in partners}
    asks = {
        one.id: replace(ask_of(goal, on), municipality_id=one.id)
        for one in partners
        if refused[one.id] is None
    }
    sums = tallies(list(asks.values()))
    return [
        _shown(one, goal, how, on, sums[asks[one.id]])
        if one.id in asks
        else SharedFigure(one, on, None, refused[one.id], is_rounded=False)
        for one in partners
    ]


def _refusal(other: Municipality, goal: Goal, how: Counted, on: date) -> NotShown | None:
    if how.is_from_outside:
        return None
    adds_up = not how.is_standing
    if how.subject is Subject.CITIZENS:
        if adds_up and goal.first_on != quarter_of(goal.first_on):
            return NotShown.UNALIGNED
        if on < goal.first_on:
            return NotShown.NO_QUARTER
    needed_since = goal.first_on if adds_up else on
    return NotShown.NO_RECORDS if other.records_since_on > needed_since else None


def _shown(other: Municipality, goal: Goal, how: Counted, on: date, tally: Tally) -> SharedFigure:
    is_people = how.subject is Subject.CITIZENS
    figure = exact(tally, goal.unit)
    if figure is None or (how.is_from_outside and not tally.lines):
        why = NotShown.NOT_WRITTEN if how.is_from_outside else NotShown.NO_RECORDS
        return SharedFigure(other, on, None, why, is_rounded=False)
    if not is_people:
        return SharedFigure(other, on, rounded(figure, goal.unit), None, is_rounded=False)
    blurred = of_people(tally, goal.unit)
    return SharedFigure(other, on, blurred, NotShown.FEW if blurred is None else None, is_rounded=True)


def of_people(tally: Tally, unit: GoalUnit) -> Decimal | None:
    """A number of people in whole fives, a share in whole five percent; None: too few, or all but a few."""
    rest = FEWEST if tally.out_of is None else tally.out_of - tally.amount
    if tally.amount < FEWEST or 0 < rest < FEWEST:
        return None
    figure = (
        Fraction(tally.amount) if unit is GoalUnit.COUNT else Fraction(100 * tally.amount, tally.out_of or 1)
    )
    return Decimal(STEP * round(figure / STEP))
