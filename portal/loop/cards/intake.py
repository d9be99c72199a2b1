"""The task intake: a few tasks at a time, "how often have you done it?", and what the answers become on the card.

Answers are a draft until they are put on the card (docs/rules.md#task-intake).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from portal.base.database import db
from portal.base.terms import Industry
from portal.loop.cards.models import CompetenceCard, Frequency, Setting, SkillEvidence, TaskAnswer
from portal.loop.cards.services import TriedTask, add_tried_tasks
from portal.loop.cards.showing import note_shown
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.skills.queries import ids_of
from portal.shared.skills.tasks import AskedTask, tasks_of

TASKS_PER_STEP = 6
"""What fits a phone without losing count."""

LEVELS: Mapping[Frequency, int] = {Frequency.FEW: 1, Frequency.OFTEN: 2, Frequency.DAILY: 3}
"""Level 4 is for others to say, or for her own words: doing a thing often is not showing it to others."""


@dataclass(frozen=True)
class Done:
    """How often, and where it was done mostly; `setting` is None for what was never done."""

    frequency: Frequency
    setting: Setting | None


@dataclass(frozen=True)
class Tried:
    """A task she has done, and the level it becomes."""

    task: AskedTask
    frequency: Frequency
    setting: Setting

    @property
    def level(self) -> int:
        return LEVELS[self.frequency]


@dataclass(frozen=True)
class Summary:
    """What the answers of one trade come to."""

    new: tuple[Tried, ...]
    """Will be put on the card."""
    standing: tuple[Tried, ...]
    """Stands there already, just so."""
    never: tuple[AskedTask, ...]
    """Leaves nothing on the card: not having tried is not the same as not being able to."""
    taken_back: tuple[AskedTask, ...]
    """Answered "never" now, while the card says otherwise: that line is hers to remove."""
    open: tuple[AskedTask, ...]
    """Not answered."""


@dataclass(frozen=True)
class IntakeProgress:
    """How far she has come in a trade. `next_step` counts from 1; None when all steps are passed."""

    industry: Industry
    answered: int
    total: int
    next_step: int | None


def steps_of(industry: Industry) -> list[tuple[AskedTask, ...]]:
    tasks = tasks_of(industry)
    return [tasks[start : start + TASKS_PER_STEP] for start in range(0, len(tasks), TASKS_PER_STEP)]


def step_of(task: AskedTask) -> int:
    """The number of the step that asks about the task."""
    return tasks_of(task.industry).index(task) // TASKS_PER_STEP + 1


def answers_of(card: CompetenceCard) -> dict[str, Done]:
    """Task key -> her present answer."""
    rows = db.session.execute(
        sa.select(TaskAnswer.task_key, TaskAnswer.frequency, TaskAnswer.setting).where(
            TaskAnswer.card_id == card.id
        )
    )
    return {row.task_key: Done(row.frequency, row.setting) for row in rows}


def progress(industry: Industry, answers: Mapping[str, Done]) -> IntakeProgress:
    """She goes on after the last step with an answer; a step she passed by is not asked of her again."""
    steps = steps_of(industry)
    reached = [number for number, step in enumerate(steps, 1) if any(task.key in answers for task in step)]
    after = max(reached, default=0) + 1
    return IntakeProgress(
        industry,
        answered=sum(task.key in answers for task in tasks_of(industry)),
        total=len(tasks_of(industry)),
        next_step=after if after <= len(steps) else None,
    )


def trades_for(card: CompetenceCard) -> list[Industry]:
    """Those she wishes to work in come first."""
    return sorted(Industry, key=lambda industry: industry.value not in card.wishes)


def save_answers(
    card: CompetenceCard, given: Mapping[str, Done | None], *, by: User | None, at: datetime
) -> None:
    """Keep what was answered in one step; None takes an answer back. What did not change keeps its day."""
    db.session.execute(sa.select(CompetenceCard.id).where(CompetenceCard.id == card.id).with_for_update())
    of_these = sa.select(TaskAnswer).where(TaskAnswer.card_id == card.id, TaskAnswer.task_key.in_(given))
    stored = {answer.task_key: answer for answer in db.session.scalars(of_these)}
    changed = {
        key: done
        for key, done in given.items()
        if done != (Done(stored[key].frequency, stored[key].setting) if key in stored else None)
    }
    if not changed:
        return
    for key, done in changed.items():
        if done is None:
            db.session.delete(stored[key])
            continue
        answer = stored.get(key) or TaskAnswer(card_id=card.id, task_key=key)
        answer.frequency, answer.setting = done.frequency, done.setting
        answer.answered_at, answer.by_id = at, by.id if by else None
        db.session.add(answer)
    audit.record("tasks-answered", subject=card, by=by, at=at, citizen_id=card.citizen_id)


def summary(card: CompetenceCard, industry: Industry) -> Summary:
    """Compare the answers with what was last put on the card."""
    answers, on_card = answers_of(card), _on_card(card)
    new: list[Tried] = []
    standing: list[Tried] = []
    never: list[AskedTask] = []
    taken_back: list[AskedTask] = []
    unanswered: list[AskedTask] = []
    for task in tasks_of(industry):
        done = answers.get(task.key)
        if done is None:
            unanswered.append(task)
        elif done.setting is None:
            (taken_back if task.key in on_card else never).append(task)
        else:
            tried = Tried(task, done.frequency, done.setting)
            (standing if on_card.get(task.key) == done else new).append(tried)
    return Summary(tuple(new), tuple(standing), tuple(never), tuple(taken_back), tuple(unanswered))


def _on_card(card: CompetenceCard) -> dict[str, Done]:
    """Task key -> what the latest line on the card says of it."""
    rows = db.session.execute(
        sa.select(SkillEvidence.task_key, SkillEvidence.frequency, SkillEvidence.setting)
        .where(SkillEvidence.card_id == card.id, SkillEvidence.task_key.is_not(None))
        .order_by(SkillEvidence.id)
    )
    return {row.task_key: Done(row.frequency, row.setting) for row in rows}


def put_on_card(
    card: CompetenceCard, industry: Industry, *, by: User | None, at: datetime, today: date
) -> tuple[Tried, ...]:
    """Add what is new as evidence beside what stands there; returns it. Nothing new changes nothing."""
    db.session.execute(sa.select(CompetenceCard.id).where(CompetenceCard.id == card.id).with_for_update())
    new = summary(card, industry).new
    if new:
        skill_ids = ids_of(tried.task.skill for tried in new)
        statements = [
            TriedTask(
                task_key=tried.task.key,
                text=tried.task.phrase,
                skill_id=skill_ids.get(tried.task.skill),
                level=tried.level,
                frequency=tried.frequency,
                setting=tried.setting,
            )
            for tried in new
        ]
        add_tried_tasks(card, statements, by=by, at=at, seen_on=today)
    note_shown(card, at=at)  # the summary was read through with her
    return new
