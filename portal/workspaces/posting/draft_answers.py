"""What the answers of a draft come to: an opening's details and tasks, and what of them a card can be held against."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from portal.base.terms import Industry, PlacementForm, Shift, TaskKind, Weekday
from portal.loop.matches.reach import OpeningDemands
from portal.loop.openings.services import OpeningDetails, TaskDraft
from portal.shared.skills.confirmed import understand_all_in
from portal.shared.skills.queries import ids_of
from portal.shared.skills.tasks import AskedTask, tasks_of
from portal.workspaces.posting.models import Step
from portal.workspaces.posting.templates import Template, templates


@dataclass(frozen=True)
class DraftAnswers:
    """A draft read. `trade` is the employer's, which holds until the draft says another; None when neither is known."""

    answers: dict[str, Any]
    employers_trade: Industry | None
    employers_postcode: str | None = None
    municipality_id: int | None = None
    """Which will look after the opening: unsure words are understood as it has answered them."""

    def step(self, step: Step) -> dict[str, Any]:
        return dict(self.answers.get(step.value, {}))

    @property
    def template(self) -> Template | None:
        return templates().get(self.step(Step.JOB).get("template", ""))

    @property
    def trade(self) -> Industry | None:
        stated = self.step(Step.JOB).get("industry")
        if stated:
            return Industry(stated)
        return self.template.industry if self.template else self.employers_trade

    @property
    def trades_tasks(self) -> tuple[AskedTask, ...]:
        """What can be ticked; nothing before the trade is known, or where nobody has written its tasks yet."""
        return tasks_of(self.trade) if self.trade else ()

    @property
    def form(self) -> PlacementForm | None:
        form = self.step(Step.FORM).get("placement_form")
        return PlacementForm(form) if form else None

    @property
    def kinds(self) -> dict[str, TaskKind]:
        """Key of a task of the trade -> how much it matters: as ticked, or as is usual before anybody has ticked."""
        ticked = self.answers.get(Step.TASKS.value)
        if ticked is None:
            usual = self.template.tasks if self.template else {}
            return {task.key: usual[task.key] for task in self.trades_tasks if task.key in usual}
        return {task.key: TaskKind(ticked[task.key]) for task in self.trades_tasks if task.key in ticked}

    @property
    def ticked(self) -> list[tuple[AskedTask, TaskKind]]:
        kinds = self.kinds
        return [(task, kinds[task.key]) for task in self.trades_tasks if task.key in kinds]

    @property
    def ticked_skills(self) -> frozenset[int]:
        return frozenset(ids_of(task.skill for task, _kind in self.ticked).values())

    @property
    def titles(self) -> list[str]:
        """What the post is called in its writer's words; what is on the list of titles has its tasks ticked already."""
        title = self.step(Step.JOB).get("title")
        return [title] if title and self.template is None else []

    @property
    def own_lines(self) -> list[dict[str, Any]]:
        return list(self.step(Step.MORE).get("lines", []))

    @property
    def phrases(self) -> list[str]:
        """All tasks as words: what a demand for Danish can be for."""
        return [task.phrase for task, _kind in self.ticked] + [line["text"] for line in self.own_lines]

    @cached_property
    def tasks(self) -> list[TaskDraft]:
        return [*self._ticked_tasks(), *self.own_tasks]

    def _ticked_tasks(self) -> Iterator[TaskDraft]:
        known = ids_of(task.skill for task, _kind in self.ticked)
        for task, kind in self.ticked:
            skill_id = known.get(task.skill)
            yield TaskDraft(task.phrase, kind, kind.usual_level, skill_id, chosen=skill_id is not None)

    @property
    def own_tasks(self) -> list[TaskDraft]:
        return [
            TaskDraft(
                line["text"],
                TaskKind(line["kind"]),
                line["level"],
                line["skill_id"],
                chosen=line["skill_id"] is not None,
                own_words=line["own_words"],
            )
            for line in self.own_lines
        ]

    @property
    def starts_on(self) -> date | None:
        return _iso_date(self.step(Step.TIME).get("starts_on"))

    @property
    def ends_on(self) -> date | None:
        return _iso_date(self.step(Step.TIME).get("ends_on"))

    @property
    def weekdays(self) -> list[Weekday]:
        return [day for day in Weekday if day in self.step(Step.TIME).get("weekdays", [])]

    @property
    def shifts(self) -> list[Shift]:
        return [shift for shift in Shift if shift in self.step(Step.TIME).get("shifts", [])]

    @property
    def danish_use(self) -> str:
        """The tasks that Danish is for, as far as they still stand, and the employer's own words."""
        said = self.step(Step.DANISH)
        tasks = [phrase for phrase in said.get("tasks", []) if phrase in self.phrases]
        return "; ".join([*tasks, *([said["danish_use"]] if said.get("danish_use") else [])])

    def details(self) -> OpeningDetails:
        """For a draft with all steps answered."""
        job, time, danish, terms = (
            self.step(step) for step in (Step.JOB, Step.TIME, Step.DANISH, Step.TERMS)
        )
        return OpeningDetails(
            title=job["title"],
            form=PlacementForm(self.step(Step.FORM)["placement_form"]),
            industry=self.trade,
            **{**time, "starts_on": self.starts_on, "ends_on": self.ends_on},
            danish_speaking=danish["danish_speaking"],
            danish_reading=danish["danish_reading"],
            danish_use=self.danish_use,
            condition_ids=terms["conditions"],
            description=terms["description"],
            visible_to_neighbours=terms["visible_to_neighbours"],
        )

    @property
    def free_words(self) -> str:
        """All that was written freely, a line for each field and task."""
        said = [
            self.step(Step.JOB).get("title"),
            self.step(Step.TERMS).get("description"),
            self.step(Step.DANISH).get("danish_use"),
            self.step(Step.TIME).get("working_times"),
            *(line["text"] for line in self.own_lines),
        ]
        return "\n".join(words for words in said if words)

    @property
    def is_shared(self) -> bool:
        return bool(self.step(Step.TERMS).get("visible_to_neighbours"))

    def demands(self) -> OpeningDemands | None:
        """What a card can be held against; nothing before the trade is known."""
        if self.trade is None:
            return None
        time, danish = self.step(Step.TIME), self.step(Step.DANISH)
        return OpeningDemands(
            industry=self.trade,
            postcode=time.get("postcode") or self.employers_postcode,
            hours_per_week=time.get("hours_per_week"),
            danish_speaking=danish.get("danish_speaking", 0),
            danish_reading=danish.get("danish_reading", 0),
            shifts=frozenset(time.get("shifts", [])),
            skill_ids=frozenset(self._counted_skills()),
        )

    def _counted_skills(self) -> Iterator[int]:
        counted = [task for task in self.tasks if task.kind is not TaskKind.LEARN and not task.own_words]
        unread = [task.text for task in counted if task.skill_id is None]
        yield from (task.skill_id for task in counted if task.skill_id is not None)
        yield from (
            one.skill_id
            for one in understand_all_in(self.municipality_id, unread)
            if one.skill_id is not None
        )


def _iso_date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
