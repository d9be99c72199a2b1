"""The one form of openings. Tasks stand in three lists of lines, so that it works without JavaScript."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, NumberRange

from portal.base.terms import (
    DANISH_READING_LEVELS,
    DANISH_SPEAKING_LEVELS,
    HOURS_IN_A_WEEK,
    Industry,
    PlacementForm,
    Shift,
    TaskKind,
    Weekday,
)
from portal.loop.employers.models import Workplace
from portal.loop.openings.lines import LINES_AT_FIRST, MOST_LINES, TaskLine, give_meanings
from portal.loop.openings.models import Opening, OpeningTask
from portal.loop.openings.proposals import TaskProposals, with_found
from portal.loop.openings.services import OpeningDetails, TaskDraft
from portal.shared.rules.clock_times import begins_as_it_ends
from portal.shared.skills.forms import OWN
from portal.shared.skills.queries import conditions as known_conditions
from portal.web.forms import (
    Chosen,
    DanishDateField,
    DanishHoursField,
    NoCpr,
    PortalForm,
    Postcode,
    VersionedForm,
    WholeNumberField,
    optional,
    required,
    strip,
    text_field,
)
from portal.web.line_lists import LineList

NO_DEMAND = _l("Intet krav")


def _demand_choices(levels: dict[int, Any]) -> list[tuple[int, Any]]:
    return [(level, label if level else NO_DEMAND) for level, label in levels.items()]


def _lines(label: Any) -> LineList:
    return LineList(FormField(TaskLine), label=label, max_entries=MOST_LINES)


class JobFields:
    """What the post is called, where it is, and its trade."""

    workplace_id = SelectField(_l("Arbejdssted"), [Chosen(_l("Vælg et arbejdssted."))], coerce=int)
    title = text_field(_l("Titel"), 120, description=_l("For eksempel Hjælp i kantinen"))
    industry = SelectField(
        _l("Fag"), choices=[("", _l("Samme som virksomheden")), *Industry.choices()], default=""
    )

    def offer_workplaces(self, workplaces: Sequence[Workplace]) -> None:
        several = len({place.employer_id for place in workplaces}) > 1
        named = [
            (place.id, f"{place.employer.name}: {place.name}" if several else place.name)
            for place in workplaces
        ]
        # A consultant chooses among many employers: the first one in the list must not be taken by mistake.
        self.workplace_id.choices = [(0, _("Vælg")), *named] if several else named


class FormFields:
    form = SelectField(_l("Form"), [required()], choices=[("", _l("Vælg")), *PlacementForm.choices()])


class TaskFields:
    """Tasks in the employer's own words."""

    must = _lines(TaskKind.MUST.label)
    nice = _lines(TaskKind.NICE.label)
    learn = _lines(TaskKind.LEARN.label)


def check_clock_times(field: StringField) -> None:
    """Refuses work that ends when it begins; whoever works the clock round writes it otherwise."""
    if begins_as_it_ends(field.data or ""):
        raise ValidationError(
            _("Arbejdet slutter på samme klokkeslæt, som det begynder. Skriv for eksempel 9-15.")
        )


class TimeFields:
    """How many, how much, when, and where if not at the workplace."""

    places = WholeNumberField(_l("Antal pladser"), [required(), NumberRange(min=1, max=99)], default=1)
    hours_per_week = DanishHoursField(
        _l("Timer om ugen"), [required(), NumberRange(min=1, max=HOURS_IN_A_WEEK)]
    )
    weekdays = SelectMultipleField(
        _l("Dage"), choices=Weekday.choices(), description=_l("Vælg ingen, hvis dagene kan aftales.")
    )
    working_times = text_field(
        _l("Klokkeslæt"), 120, needed=False, description=_l("For eksempel 8-13. Kan udfyldes senere.")
    )
    shifts = SelectMultipleField(_l("Også uden for almindelig dagtid?"), choices=Shift.choices())
    starts_on = DanishDateField(_l("Første dag"), [required()])
    ends_on = DanishDateField(
        _l("Sidste dag"), [optional()], description=_l("Lad feltet stå tomt, hvis der ikke er en slutdato.")
    )
    postcode = StringField(
        _l("Postnummer"),
        [optional(), Postcode()],
        filters=[strip],
        description=_l("Kun hvis arbejdet ligger et andet sted end arbejdsstedet."),
    )

    @property
    def needs_last_day(self) -> bool:
        """Whether the form of the post knows no work without an end."""
        return False

    def validate(self, extra_validators: Any = None) -> bool:
        """An optional day that is empty asks no validator of its own: what the form makes needed is asked here."""
        valid: bool = super().validate(extra_validators)  # type: ignore[misc]
        if not self.needs_last_day or self.ends_on.data or self.ends_on.errors:
            return valid
        self.ends_on.errors = [
            _("En praktik har altid en sidste dag. Skriv den, også hvis I håber, at det fortsætter bagefter.")
        ]
        return False

    def validate_working_times(self, field: StringField) -> None:
        check_clock_times(field)

    def validate_ends_on(self, field: DanishDateField) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("Den sidste dag ligger før den første."))


class DanishFields:
    """How much Danish, and what for."""

    danish_speaking = SelectField(
        _l("Tale og forstå dansk"), coerce=int, default=0, choices=_demand_choices(DANISH_SPEAKING_LEVELS)
    )
    danish_reading = SelectField(
        _l("Læse dansk"), coerce=int, default=0, choices=_demand_choices(DANISH_READING_LEVELS)
    )
    danish_use = StringField(
        _l("Hvad skal dansk bruges til?"),
        [Length(max=300), NoCpr()],
        filters=[strip],
        description=_l("For eksempel at læse dagens opskrift. Skal udfyldes, når I stiller et krav."),
    )

    @property
    def asks_for_danish(self) -> bool:
        return bool(self.danish_speaking.data or self.danish_reading.data)


class TermsFields:
    """What the post brings with it, and the rest."""

    conditions = SelectMultipleField(_l("Vilkår"), coerce=int)
    description = TextAreaField(
        _l("Mere om pladsen"),
        [optional(), Length(max=2000), NoCpr()],
        filters=[strip],
        description=_l("Skriv ikke om køn, alder, oprindelse eller religion."),
    )
    visible_to_neighbours = BooleanField(_l("Nabokommunerne må også se åbningen"))

    def offer_conditions(self) -> None:
        self.conditions.choices = [
            (skill_id, name[:1].upper() + name[1:]) for skill_id, name in known_conditions()
        ]


class OpeningForm(
    JobFields, FormFields, TaskFields, TaskProposals, TimeFields, DanishFields, TermsFields, VersionedForm
):
    def __init__(self, *, workplaces: Sequence[Workplace], **kwargs: Any) -> None:
        lists = {kind: kind.value for kind in TaskKind}
        sent = with_found(request.form, lists) if request.method == "POST" else None
        super().__init__(formdata=sent, **kwargs)
        self.offer_workplaces(workplaces)
        self.offer_conditions()

    @property
    def needs_last_day(self) -> bool:
        return self.form.data in set(PlacementForm) and not PlacementForm(self.form.data).traits.is_paid

    def validate_danish_use(self, field: StringField) -> None:
        if self.asks_for_danish and not field.data:
            raise ValidationError(_("Skriv, hvad dansk skal bruges til, når I stiller krav om dansk."))

    @property
    def task_lists(self) -> list[tuple[TaskKind, FieldList]]:
        return [(TaskKind.MUST, self.must), (TaskKind.NICE, self.nice), (TaskKind.LEARN, self.learn)]

    def understand(self, municipality_id: int) -> None:
        """Look up what the lines mean, all at once."""
        give_meanings([line for _kind, line in self.written], municipality_id)

    def propose_tasks(self, municipality_id: int) -> None:
        """Find the tasks of the ad, and those that a title means, wherever it stands."""
        lines = [line for _kind, line in self.written]
        self.propose(municipality_id, lines, [self.title.data or "", *(line.text.data for line in lines)])

    @property
    def open_questions(self) -> list[TaskLine]:
        """Lines whose writer has not been asked yet what they mean."""
        return [line for _kind, line in self.written if line.waits_for_answer]

    def tasks(self) -> list[TaskDraft]:
        """What is written, as it was understood or chosen."""
        return [
            TaskDraft(
                line.text.data,
                kind,
                line.level.data or 2,
                line.chosen.skill_id if line.chosen else None,
                chosen=line.chosen is not None,
                own_words=line.keeps_own_words,
            )
            for kind, line in self.written
        ]

    @property
    def written(self) -> list[tuple[TaskKind, TaskLine]]:
        """The lines that say something."""
        return [(kind, line.form) for kind, lines in self.task_lists for line in lines if line.form.text.data]

    def details(self) -> OpeningDetails:
        return OpeningDetails(
            title=self.title.data,
            form=PlacementForm(self.form.data),
            hours_per_week=self.hours_per_week.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            places=self.places.data,
            industry=Industry(self.industry.data) if self.industry.data else None,
            postcode=self.postcode.data or None,
            description=self.description.data or "",
            danish_speaking=self.danish_speaking.data,
            danish_reading=self.danish_reading.data,
            danish_use=self.danish_use.data or "",
            shifts=list(self.shifts.data or []),
            weekdays=list(self.weekdays.data or []),
            working_times=self.working_times.data or "",
            condition_ids=list(self.conditions.data or []),
            visible_to_neighbours=self.visible_to_neighbours.data,
        )

    def add_lines(self, more: int = 0) -> None:
        """Blank lines: a first handful, or `more` below what is written."""
        for _kind, lines in self.task_lists:
            written = sum(1 for line in lines if line.form.text.data)
            wanted = max(LINES_AT_FIRST, written + 1, len(lines) + more)
            while len(lines) < min(wanted, MOST_LINES):
                lines.append_entry()


class WordsLookForm(PortalForm):
    note = text_field(
        _l("Må teksten blive stående? Skriv hvorfor, eller lad feltet være tomt."), 300, needed=False
    )


def values_of(opening: Opening) -> dict[str, Any]:
    """The opening as the form's fields want it."""
    values = {
        name: getattr(opening, name)
        for name in (
            "workplace_id", "title", "places", "hours_per_week", "starts_on", "ends_on", "postcode",
            "danish_speaking", "danish_reading", "danish_use", "shifts", "weekdays", "working_times",
            "visible_to_neighbours", "description", "version",
        )
    }  # fmt: skip
    tasks = {kind.value: _line_values(opening.tasks_of(kind)) for kind in TaskKind}
    chosen = {"form": opening.form.value, "industry": opening.industry.value}
    return {**values, **tasks, **chosen, "conditions": opening.condition_ids}


def _line_values(tasks: Iterable[OpeningTask]) -> list[dict[str, Any]]:
    return [
        {
            "text": task.text,
            "level": task.level,
            "asked": task.text,
            "meant": OWN if task.skill_id is None else str(task.skill_id),
        }
        for task in tasks
    ]
