"""The measures that goals may count: what the rooms declared."""

from collections.abc import Iterable

from portal.base.terms import Measure
from portal.web.measures import MeasureSpec

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


def all_specs() -> list[MeasureSpec]:
    """Every measure's spec, in the order of the plans."""
    return [_declared[measure] for measure in Measure]
