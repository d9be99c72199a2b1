"""Shapes of input about target groups, ladders and where people are."""

from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    Form,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, NumberRange

from portal.base.terms import HOURS_IN_A_WEEK, LabelledEnum, SpellKind
from portal.base.typed_days import DayKind
from portal.base.typed_numbers import YEARS
from portal.interventions.target_groups.models import (
    NOTE_LENGTH,
    LadderStep,
    MembershipEnd,
    SpellProposal,
    WorkLadder,
)
from portal.interventions.target_groups.services import GroupDetails, StepDetails
from portal.interventions.target_groups.situations import ArrivalDetails, MembershipDetails, SpellDetails
from portal.loop.citizens.forms import TickedCitizensForm
from portal.shared.rules.law.case import Readiness
from portal.web.forms import (
    Chosen,
    DanishDateField,
    DanishHoursField,
    NoCpr,
    PortalForm,
    VersionedForm,
    WholeNumberField,
    optional,
    required,
    strip,
    text_field,
)
from portal.web.line_lists import LineList

NOBODY_SAID: Final = "", _l("Ikke oplyst")
LAST_PLACE: Final = 100
SPARE_STEPS: Final = 3
"""Empty lines for further steps, each time the form is shown."""


def one_of(
    kind: type[LabelledEnum], label: Any, blank: tuple[str, Any] = NOBODY_SAID, **more: Any
) -> SelectField:
    """One of the members, or none of them: None."""
    return SelectField(
        label,
        choices=[blank, *kind.choices()],
        coerce=lambda value: kind(value) if value in set(kind) else None,
        **more,
    )


def _date(label: Any, *, needed: bool, **more: Any) -> DanishDateField:
    needs = required() if needed else optional()
    return DanishDateField(label, [needs], DayKind.EITHER, **more)


def _hours() -> DanishHoursField:
    return DanishHoursField(
        _l("Timer om ugen"),
        [optional(), NumberRange(0.5, HOURS_IN_A_WEEK, _l("Skriv et tal fra 0,5 til 168."))],
        description=_l("Kun ved arbejde, og kun når du kender dem."),
    )


def _age(label: Any) -> WholeNumberField:
    return WholeNumberField(
        label, [optional(), NumberRange(0, 120, _l("Skriv en alder fra 0 til 120."))], YEARS
    )


def note_field(label: Any) -> StringField:
    return text_field(label, NOTE_LENGTH, description=_l("Skriv ikke om helbred. Borgeren kan læse det."))


class GroupForm(VersionedForm):
    name = text_field(
        _l("Navn"),
        80,
        description=_l(
            "Et neutralt navn, for eksempel “Målgruppe 3” eller “Unge 18-29”. "
            "Aldrig helbred, kriminalitet eller misbrug."
        ),
    )
    sentence = TextAreaField(
        _l("Hvad planen siger"),
        [optional(), Length(max=500), NoCpr()],
        filters=[strip],
        description=_l("Planens egne ord. De står ved målgruppen, aldrig ved en borger."),
    )
    source = text_field(_l("Hvor det står"), 200, needed=False)
    plan_from = _date(_l("Planen gælder fra"), needed=False)
    plan_until = _date(_l("Planen gælder til og med"), needed=False)
    age_from = _age(_l("Foreslå borgere fra alderen"))
    age_until = _age(_l("Foreslå borgere til og med alderen"))

    @property
    def details(self) -> GroupDetails:
        return GroupDetails(
            name=self.name.data or "",
            sentence=self.sentence.data or "",
            source=self.source.data or "",
            plan_from=self.plan_from.data,
            plan_until=self.plan_until.data,
            age_from=self.age_from.data,
            age_until=self.age_until.data,
        )


class AddMembersForm(TickedCitizensForm):
    """Several at once: who is asked for, the service says whether each can come in."""

    from_on = _date(_l("I målgruppen fra"), needed=True)


class MembershipForm(PortalForm):
    from_on = _date(_l("Fra"), needed=True)
    until_on = _date(
        _l("Til og med"), needed=False, description=_l("Tomt, så længe borgeren er i målgruppen.")
    )
    end_reason = one_of(MembershipEnd, _l("Hvorfor det sluttede"))

    @property
    def details(self) -> MembershipDetails:
        return MembershipDetails(self.from_on.data, self.until_on.data, self.end_reason.data)


class JoinForm(PortalForm):
    """One person into one of the groups."""

    group_id = SelectField(_l("Målgruppe"), [Chosen(_l("Vælg en målgruppe."))], coerce=int)
    from_on = _date(_l("I målgruppen fra"), needed=True)


class RemoveForm(PortalForm):
    because = note_field(_l("Hvorfor skal det væk?"))


# --- Spells --------------------------------------------------------------------------------------------------


class SpellForm(PortalForm):
    kind = one_of(SpellKind, _l("Hvad er det?"), blank=("", _l("Vælg")))
    from_on = _date(_l("Fra"), needed=True)
    until_on = _date(_l("Til og med"), needed=False, description=_l("Tomt, når ingen kender den sidste dag."))
    hours_per_week = _hours()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.flags.required = True

    def validate_kind(self, field: SelectField) -> None:
        if field.data is None:
            raise ValidationError(_("Vælg, hvad det er."))

    @property
    def details(self) -> SpellDetails:
        return SpellDetails(self.kind.data, self.from_on.data, self.until_on.data, self.hours_per_week.data)


class ProposalForm(PortalForm):
    """A spell that a placement led to: only its days and hours are open."""

    from_on = _date(_l("Fra"), needed=True)
    until_on = _date(_l("Til og med"), needed=False, description=_l("Tomt, når ingen kender den sidste dag."))
    hours_per_week = _hours()

    def details_of(self, proposal: SpellProposal) -> SpellDetails:
        return SpellDetails(
            proposal.kind,
            self.from_on.data,
            self.until_on.data,
            self.hours_per_week.data,
        )


class PlacingForm(PortalForm):
    step_id = SelectField(_l("Trin"), [Chosen(_l("Vælg et trin."))], coerce=int)
    from_on = _date(_l("Fra"), needed=True)


class ArrivalForm(PortalForm):
    arrived_on = _date(_l("Kom til kommunen"), needed=True)
    programme_from = _date(_l("Introduktionsprogrammet begynder"), needed=False)
    programme_until = _date(_l("Introduktionsprogrammet slutter"), needed=False)

    @property
    def details(self) -> ArrivalDetails:
        return ArrivalDetails(self.arrived_on.data, self.programme_from.data, self.programme_until.data)


# --- Ladders -------------------------------------------------------------------------------------------------


class StepLine(Form):
    """A line of the ladder. An empty name is no step; one that stood there is then taken away."""

    step_id = HiddenField()
    place = WholeNumberField(_l("Nr."), [optional(), NumberRange(1, 99, _l("Skriv et tal fra 1 til 99."))])
    name = text_field(_l("Trin"), 60, needed=False)
    readiness = one_of(Readiness, _l("I loven"), blank=("", _l("Siger ikke noget om det")), description=None)


class LadderForm(PortalForm):
    name = text_field(_l("Trappens navn"), 80)
    steps = LineList(FormField(StepLine), label=_l("Trin"), max_entries=30)

    @classmethod
    def of(cls, ladder: WorkLadder | None) -> "LadderForm":
        """What stands, with lines for further steps."""
        lines = [_line(step) for step in ladder.steps] if ladder else []
        spare: list[dict[str, Any]] = [{} for _place in range(SPARE_STEPS if ladder else 5)]
        return cls(formdata=None, data={"name": ladder.name if ladder else "", "steps": [*lines, *spare]})

    @property
    def details(self) -> list[StepDetails]:
        """In the order of their numbers; a line without one stays after those before it."""
        lines = [line.form for line in self.steps if line.form.name.data]
        lines.sort(key=lambda line: line.place.data or LAST_PLACE)
        return [
            StepDetails(line.name.data, line.readiness.data, row_key(line.step_id.data)) for line in lines
        ]

    @property
    def seen(self) -> set[int]:
        """The steps that stood on the form, also those whose name was emptied."""
        return {key for line in self.steps if (key := row_key(line.form.step_id.data)) is not None}


def _line(step: LadderStep) -> dict[str, Any]:
    return {"step_id": str(step.id), "place": step.position, "name": step.name, "readiness": step.readiness}


def row_key(text: str | None) -> int | None:
    """Read the key of a row that a form names; None for a new one, and for what is no key."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
