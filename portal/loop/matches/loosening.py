"""Which one hard condition, loosened by one step, would bring most together. Pure: compared pairs in, steps out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from portal.matching import Condition, Met, Suggestion

DANISH_STEP: Final = 1
"""Levels of Danish: what a colleague beside one, or a course of a few months, makes up for."""
HOURS_STEP: Final = 5
"""Hours a week: about a day less or an hour a day more."""
RANGE_STEP: Final = 10
"""Kilometres as the crow flies: some twenty minutes more by bus or on an electric bicycle."""

GOOD: Final = 60
"""Points of the sure score from which a suggestion is good: a must that is missing halves the score, so every must is
held. A card or an opening without one waits among the unmatched."""


class Side(StrEnum):
    """Who gives way, and so whose figures a step names."""

    OPENING = "opening"
    CARD = "card"


@dataclass(frozen=True)
class Concession:
    """One condition given way by one step. `before` and `after` are that side's figures, where it has any."""

    condition: str
    before: float | None = None
    after: float | None = None
    asked: str | None = None
    """The shift or trade given way on."""


@dataclass(frozen=True)
class Gain:
    """A step and the pairs it would bring together, best first."""

    step: Concession
    found: tuple[Suggestion, ...]

    @property
    def good(self) -> int:
        """How many of them would be good matches."""
        return sum((one.sure or 0) >= GOOD for one in self.found)


def gains(near: Iterable[Suggestion], side: Side) -> list[Gain]:
    """The steps that bring somebody, the one with most good matches first, then with most at all.

    `near` are pairs that exactly one condition keeps apart; those that one step does not bring together are left out.
    """
    by_step: dict[Concession, list[Suggestion]] = defaultdict(list)
    for one in near:
        step = step_of(unmet(one), side)
        if step is not None and one.sure:
            by_step[step].append(one)
    found = [Gain(step, tuple(sorted(pairs, key=_best_first))) for step, pairs in by_step.items()]
    return sorted(found, key=lambda gain: (-gain.good, -len(gain.found), gain.step.condition, str(gain.step)))


def unmet(suggestion: Suggestion) -> Condition:
    """The one condition that is in the way."""
    [condition] = [one for one in suggestion.conditions if one.met is Met.NOT_MET]
    return condition


def step_of(condition: Condition, side: Side) -> Concession | None:
    """The step by which the side makes the condition hold; None when one step is not enough."""
    name, detail = condition.name, condition.detail
    if name in ("danish_speaking", "danish_reading"):
        return _danish(name, detail, side)
    if name == "hours":
        return _hours(detail, side)
    if name == "distance":
        return _distance(detail, side)
    return Concession(name, asked=str(detail["asked"]) if side is Side.CARD or name != "industry" else None)


def _danish(name: str, detail: dict[str, Any], side: Side) -> Concession | None:
    asked, offered = int(detail["asked"]), int(detail["offered"])
    if asked - offered > DANISH_STEP:
        return None
    if side is Side.OPENING:
        return Concession(name, asked, asked - DANISH_STEP)
    return Concession(name, offered, offered + DANISH_STEP)


def _hours(detail: dict[str, Any], side: Side) -> Concession | None:
    asked = detail["asked"]
    too_many = asked > detail.get("max", asked)
    limit = detail["max"] if too_many else detail["min"]
    if abs(asked - limit) > HOURS_STEP:
        return None
    before, towards = (asked, -HOURS_STEP) if side is Side.OPENING else (limit, HOURS_STEP)
    return Concession("hours", before, before + (towards if too_many else -towards))


def _distance(detail: dict[str, Any], side: Side) -> Concession | None:
    if detail["km"] - detail["range_km"] > RANGE_STEP:
        return None
    reach = detail["range_km"]
    return (
        Concession("distance", reach, reach + RANGE_STEP)
        if side is Side.CARD
        else Concession("distance", 0, RANGE_STEP)
    )


def _best_first(one: Suggestion) -> tuple[float, float, int, int]:
    return -(one.sure or 0), -(one.possible or 0), one.opening_id, one.card_id
