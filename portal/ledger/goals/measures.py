"""The measures that goals may count: what the rooms declared, and what the plans promise without records here."""

from collections.abc import Iterable

from portal.base.terms import GoalUnit, Measure
from portal.web.measures import MeasureSpec

PROMISED = (
    MeasureSpec(measure=Measure.WOMEN_IN_WORK, unit=GoalUnit.PERCENT, counted=None),
    MeasureSpec(measure=Measure.MEN_IN_WORK, unit=GoalUnit.PERCENT, counted=None),
    MeasureSpec(measure=Measure.MENTOR_COURSES, unit=GoalUnit.COUNT, counted=None),
    MeasureSpec(measure=Measure.JOB_PACKAGES, unit=GoalUnit.COUNT, counted=None),
)
"""What the plans promise and no room holds records of."""

_declared: dict[Measure, MeasureSpec] = {}


class UndeclaredMeasure(Exception):
    """A measure without its one spec; the portal does not start."""


def declare(specs: Iterable[MeasureSpec]) -> None:
    """Take in every room's measures. Raises UndeclaredMeasure unless each measure has exactly one spec."""
    listed = list(specs)
    found = {spec.measure: spec for spec in listed}
    if len(found) != len(listed) or set(found) != set(Measure):
        wrong = [one.value for one in Measure if [spec.measure for spec in listed].count(one) != 1]
        raise UndeclaredMeasure(f"not declared exactly once: {', '.join(wrong)}")
    _declared.update(found)


def spec_of(measure: Measure) -> MeasureSpec:
    """The measure's spec, once the application has collected them."""
    return _declared[measure]
