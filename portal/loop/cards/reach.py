"""Where a card can be used: how far it reaches the usual tasks of each job title, by the matcher's own measure.

Pure. Only tasks and levels are compared: trade, hours, distance and Danish are an opening's to ask, never a title's,
and no title is too good for anybody. It is no promise of a job, and says nothing of who she is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from portal import matching
from portal.base.alphabet import alphabet_key
from portal.matching import Card, Kind, Opening, Relations, Task, TaskVerdict


class Standing(StrEnum):
    """What a card says of a title's task."""

    HELD = "held"
    """At the level that is usual, or above."""
    LEVEL_SHORT = "level-short"
    NOT_TRIED = "not-tried"
    """The card says that she has not tried it."""
    NOT_MENTIONED = "not-mentioned"


@dataclass(frozen=True, slots=True)
class UsualTask:
    """A task that a title usually means; `level` is 1-4."""

    skill_id: int
    name: str
    level: int


@dataclass(frozen=True, slots=True)
class UsualTitle:
    """A job title with what it usually means. `trade` is a value of terms.SkillArea."""

    id: int
    name: str
    trade: str
    tasks: tuple[UsualTask, ...]


@dataclass(frozen=True, slots=True)
class TaskOnCard:
    """One task of a title beside what the card says of it; `level` is the card's."""

    name: str
    standing: Standing
    asked_level: int
    level: int | None = None


@dataclass(frozen=True, slots=True)
class TitleReached:
    """How far a card reaches one title. `value` (0-1) is what its tasks count together in the matcher."""

    title_id: int
    title: str
    trade: str
    value: float
    tasks: tuple[TaskOnCard, ...]

    @property
    def held(self) -> tuple[TaskOnCard, ...]:
        return self._standing(Standing.HELD)

    @property
    def level_short(self) -> tuple[TaskOnCard, ...]:
        return self._standing(Standing.LEVEL_SHORT)

    @property
    def missing(self) -> tuple[TaskOnCard, ...]:
        """What the card does not have at any level."""
        return self._standing(Standing.NOT_TRIED, Standing.NOT_MENTIONED)

    @property
    def is_reached(self) -> bool:
        """Whether any task of it stands on the card: the one thing that keeps a title from being shown."""
        return bool(self.held or self.level_short)

    def _standing(self, *wanted: Standing) -> tuple[TaskOnCard, ...]:
        return tuple(task for task in self.tasks if task.standing in wanted)


def reaches(card: Card, titles: Iterable[UsualTitle], related: Relations) -> list[TitleReached]:
    """Every title that has tasks, the best reached first; among equals the one with more tasks, then by name."""
    found = [_reach(card, title, related) for title in titles if title.tasks]
    return sorted(found, key=lambda one: (-one.value, -len(one.held), alphabet_key(one.title)))


def _reach(card: Card, title: UsualTitle, related: Relations) -> TitleReached:
    suggestion = matching.score(_as_opening(title), card, related)
    by_skill = {line.task_id: line for line in suggestion.lines}
    tasks = tuple(_task(task, by_skill[task.skill_id]) for task in title.tasks)
    return TitleReached(title.id, title.name, title.trade, (suggestion.sure or 0.0) / 100, tasks)


def _as_opening(title: UsualTitle) -> Opening:
    """A title as what it would ask for: no task of it is one that all such work demands, so all are wishes."""
    tasks = tuple(
        Task(task.skill_id, task.name, task.skill_id, Kind.NICE, task.level) for task in title.tasks
    )
    return Opening(title.id, 0, title.trade, tasks, 0, None, 0, 0, frozenset())


def _task(task: UsualTask, line: matching.Line) -> TaskOnCard:
    if line.verdict is TaskVerdict.HAS:
        standing = Standing.HELD if (line.level or 0) >= task.level else Standing.LEVEL_SHORT
        return TaskOnCard(task.name, standing, task.level, line.level)
    return TaskOnCard(task.name, _WITHOUT[line.verdict], task.level)


_WITHOUT: Final = {
    TaskVerdict.LACKS: Standing.NOT_TRIED,
    TaskVerdict.UNKNOWN: Standing.NOT_MENTIONED,
}
