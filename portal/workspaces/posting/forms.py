"""The screens of the step form. Each gives its answers as the draft keeps them, and takes them back."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FormField, RadioField, SelectField, SelectMultipleField, ValidationError

from portal.base.terms import Industry, PlacementForm, TaskKind
from portal.loop.employers.models import Workplace
from portal.loop.openings.forms import DanishFields, JobFields, TermsFields, TimeFields
from portal.loop.openings.lines import LINES_AT_FIRST, MOST_LINES, TaskLine, give_meanings
from portal.loop.openings.proposals import TaskProposals
from portal.shared.skills.tasks import AskedTask
from portal.web.forms import PortalForm, required, text_field
from portal.web.line_lists import LineList
from portal.workspaces.posting.draft_answers import DraftAnswers
from portal.workspaces.posting.templates import templates

NOT_ASKED = ""
"""The answer "this task is no part of the post"."""

LONGEST_USE = 300
"""Characters that an opening has for what Danish is used for."""

_ABOUT_THE_FORM = ("csrf_token", "form_id")


class StepForm(PortalForm):
    """One screen. `LIVE` names the fields that change how many cards could fit."""

    LIVE: ClassVar[tuple[str, ...]] = ()
    unclear: Sequence[TaskLine] = ()
    """Own words whose writer must first be asked what they mean."""

    def answers(self) -> dict[str, Any]:
        """What the draft keeps."""
        return {field.name: field.data for field in self if field.name not in _ABOUT_THE_FORM}

    @property
    def live_fields(self) -> str:
        return ",".join(self.LIVE)


class JobStep(JobFields, StepForm):
    LIVE = ("template", "industry")
    template = SelectField(_l("Stilling"))
    title = text_field(
        _l("Titel"), 120, needed=False, description=_l("Kun hvis I vil kalde den noget andet end stillingen.")
    )
    industry = SelectField(
        _l("Fag"), choices=[("", _l("Samme som stillingen")), *Industry.choices()], default=""
    )

    def offer(self, workplaces: Sequence[Workplace]) -> None:
        self.template.choices = _titles()
        if len(workplaces) > 1:
            self.offer_workplaces(workplaces)
        else:
            del self.workplace_id

    def validate_template(self, field: SelectField) -> None:
        if not field.data and not self.title.data:
            raise ValidationError(_("Vælg en stilling, eller skriv en titel."))

    def answers(self) -> dict[str, Any]:
        template = templates().get(self.template.data)
        return {**super().answers(), "title": self.title.data or (template.name if template else "")}


def _titles() -> dict[str, list[tuple[str, str]]]:
    grouped: dict[str, list[tuple[str, str]]] = {_("Ikke på listen"): [("", _("Vi skriver selv en titel"))]}
    for template in templates().values():
        grouped.setdefault(str(template.industry.label), []).append((template.title, template.name))
    return grouped


class FormStep(StepForm):
    placement_form = RadioField(  # a field called "form" would hide the element's own property from htmx
        _l("Form"), [required(_l("Vælg, hvilken slags plads det er."))], choices=PlacementForm.choices()
    )


class TasksStep(StepForm):
    """The trade's list, each task with how much it matters."""

    tasks: Sequence[AskedTask] = ()

    @classmethod
    def about(cls, tasks: tuple[AskedTask, ...]) -> "type[TasksStep]":
        fields: dict[str, Any] = {
            task.key: RadioField(
                task.title,
                choices=[*TaskKind.choices(), (NOT_ASKED, _l("Nej"))],
                default=NOT_ASKED,
            )
            for task in tasks
        }
        return type("TasksOfTrade", (cls,), {**fields, "tasks": tasks, "LIVE": tuple(fields)})

    def answers(self) -> dict[str, Any]:
        return {task.key: self[task.key].data for task in self.tasks if self[task.key].data != NOT_ASKED}

    @property
    def asked(self) -> list[Any]:
        """What stands ticked: shown first."""
        return [(task, self[task.key]) for task in self.tasks if self[task.key].data != NOT_ASKED]

    @property
    def others(self) -> list[Any]:
        return [(task, self[task.key]) for task in self.tasks if self[task.key].data == NOT_ASKED]


class OwnLine(TaskLine):
    """A task in the employer's own words, and how much it matters."""

    kind = SelectField(_l("Hvor vigtig?"), choices=TaskKind.choices(), default=TaskKind.MUST.value)


class MoreStep(TaskProposals, StepForm):
    LISTS: ClassVar = dict.fromkeys(TaskKind, "lines")
    """Where a proposal is written that is taken; each line says itself how much it matters."""

    lines = LineList(FormField(OwnLine), max_entries=MOST_LINES)

    def understand(self, municipality_id: int | None) -> None:
        give_meanings(self.written, municipality_id)
        self.unclear = [line for line in self.written if line.waits_for_answer]

    def propose_tasks(self, draft: DraftAnswers) -> None:
        """Find the tasks of the ad, and those that a title means, which the draft does not have yet."""
        names = [line.text.data for line in self.written]
        self.propose(draft.municipality_id, self.written, [*draft.titles, *names], said=draft.ticked_skills)

    def add_lines(self, more: int = 0) -> None:
        wanted = max(LINES_AT_FIRST, len(self.written) + 1, len(self.lines) + more)
        while len(self.lines) < min(wanted, MOST_LINES):
            self.lines.append_entry()

    def answers(self) -> dict[str, Any]:
        return {"lines": [_own_answer(line) for line in self.written]}

    @property
    def written(self) -> list[Any]:
        """The lines that say something."""
        return [entry.form for entry in self.lines if entry.form.text.data]


def _own_answer(line: OwnLine) -> dict[str, Any]:
    return {
        "text": line.text.data,
        "kind": line.kind.data,
        "level": line.level.data,
        "skill_id": line.chosen.skill_id if line.chosen else None,
        "own_words": line.keeps_own_words,
        "asked": line.asked.data,
        "meant": line.meant.data,
    }


class TimeStep(TimeFields, StepForm):
    LIVE = ("hours_per_week", "shifts", "postcode")
    placement_form: PlacementForm | None = None
    """What was chosen on an earlier screen."""

    @property
    def needs_last_day(self) -> bool:
        return self.placement_form is not None and not self.placement_form.traits.is_paid

    def answers(self) -> dict[str, Any]:
        found = super().answers()
        days = {name: found[name].isoformat() if found[name] else None for name in ("starts_on", "ends_on")}
        texts = {"postcode": found["postcode"] or None, "working_times": found["working_times"] or ""}
        return {**found, **days, **texts}


class DanishStep(DanishFields, StepForm):
    LIVE = ("danish_speaking", "danish_reading")
    tasks = SelectMultipleField(_l("Hvilke opgaver skal dansk bruges til?"), validate_choice=False)
    danish_use = text_field(_l("Andet, dansk skal bruges til"), 200, needed=False)

    def offer(self, phrases: Sequence[str]) -> None:
        self.tasks.choices = [(phrase, phrase[:1].upper() + phrase[1:]) for phrase in phrases]

    def validate_tasks(self, field: SelectMultipleField) -> None:
        known = [value for value, _label in field.choices]
        field.data = [phrase for phrase in field.data or [] if phrase in known]
        if self.asks_for_danish and not field.data and not self.danish_use.data:
            raise ValidationError(_("Vælg en opgave, eller skriv, hvad dansk skal bruges til."))
        if len("; ".join([*field.data, self.danish_use.data or ""])) > LONGEST_USE:
            raise ValidationError(_("Vælg færre opgaver: kun dem, der ikke kan løses uden dansk."))

    def answers(self) -> dict[str, Any]:
        found = super().answers()
        return {**found, "danish_use": found["danish_use"] or ""}


class TermsStep(TermsFields, StepForm):
    LIVE = ("visible_to_neighbours",)

    def answers(self) -> dict[str, Any]:
        found = super().answers()
        return {**found, "description": found["description"] or ""}
