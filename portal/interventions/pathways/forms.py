"""Shapes of input about packages, their steps, and somebody's way on them."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, FormField, HiddenField, SelectField
from wtforms.validators import NumberRange

from portal.base.terms import SKILL_LEVELS, Industry, LabelledEnum
from portal.base.typed_days import DayKind
from portal.interventions.pathways.models import (
    ASKS_LENGTH,
    MOST_WEEKS,
    NAME_LENGTH,
    JobPackage,
    JourneyEnd,
    PassedReason,
    SkipReason,
    StepKind,
)
from portal.interventions.pathways.offers import OfferDetails
from portal.interventions.pathways.services import PackageDetails, WrittenStep
from portal.interventions.target_groups.forms import row_key
from portal.lexicon import fold
from portal.shared.skills.queries import book
from portal.web.forms import (
    Chosen,
    DanishDateField,
    PortalForm,
    VersionedForm,
    WholeNumberField,
    optional,
    required,
    text_field,
)
from portal.web.line_lists import LineList

MOST_STEPS: Final = 20
MOST_SKILLS: Final = 12
SPARE_SKILLS: Final = 2
"""Empty lines for further skills of a step, each time the form is shown."""
FIRST_STEPS: Final = 3
"""Empty steps of a form for something new."""


class SkillLine(Form):
    """A skill of the vocabulary and the level to reach; an empty line is none."""

    skill = text_field(_l("Færdighed"), 120, needed=False)
    level = SelectField(
        _l("Niveau, der skal nås"),
        coerce=int,
        default=2,
        choices=[(level, label) for level, label in SKILL_LEVELS.items() if level],
    )
    skill_id: int | None = None
    """What the words mean, once they have been looked up."""


class StepLines(Form):
    """One step. An empty name is no step; one that stood there is then taken away."""

    step_id = HiddenField()
    name = text_field(_l("Trinnets navn"), NAME_LENGTH, needed=False)
    kind = SelectField(_l("Form"), choices=StepKind.choices(), default="praktik")
    weeks = WholeNumberField(
        _l("Uger"),
        [optional(), NumberRange(1, MOST_WEEKS, _l("Skriv et tal fra 1 til 104."))],
        default=4,
    )
    asks = text_field(_l("Det næste trin kræver"), ASKS_LENGTH, needed=False)
    skills = LineList(FormField(SkillLine), label=_l("Det skal læres"), max_entries=MOST_SKILLS)

    @property
    def written_skills(self) -> list[SkillLine]:
        return [line.form for line in self.skills if line.form.skill.data]

    @property
    def is_written(self) -> bool:
        return bool(self.name.data or self.asks.data or self.written_skills)

    def as_data(self) -> dict[str, Any]:
        """What was typed, for a form with its steps in another order."""
        skills = [{"skill": one.skill.data, "level": one.level.data} for one in self.written_skills]
        return {
            "step_id": self.step_id.data,
            "name": self.name.data,
            "kind": self.kind.data,
            "weeks": self.weeks.data,
            "asks": self.asks.data,
            "skills": skills,
        }


class WayForm(PortalForm):
    """Steps in their order, and the buttons that move them."""

    steps = LineList(FormField(StepLines), label=_l("Trin"), max_entries=MOST_STEPS)

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)
        return self._understood() and valid

    def _understood(self) -> bool:
        """Give every skill its meaning in the vocabulary; each that has none is said at its line."""
        valid, meanings = True, skill_meanings()
        for step in self._written:
            if not step.name.data:
                step.name.errors = [*step.name.errors, _("Giv trinnet et navn.")]
                valid = False
            if step.weeks.data is None and not step.weeks.errors:
                step.weeks.errors = [*step.weeks.errors, _("Skriv, hvor mange uger trinnet varer.")]
                valid = False
            for line in step.written_skills:
                line.skill_id = meanings.get(fold(line.skill.data))
                if line.skill_id is None:
                    line.skill.errors = [*line.skill.errors, _("Vælg en færdighed, der står på listen.")]
                    valid = False
        return valid

    @property
    def _written(self) -> list[StepLines]:
        return [line.form for line in self.steps if line.form.is_written]

    @property
    def written_steps(self) -> tuple[WrittenStep, ...]:
        return tuple(
            WrittenStep(
                name=step.name.data,
                kind=StepKind(step.kind.data),
                weeks=step.weeks.data,
                asks=step.asks.data or "",
                skills=tuple(
                    (line.skill_id, line.level.data)
                    for line in step.written_skills
                    if line.skill_id is not None
                ),
                id=row_key(step.step_id.data),
            )
            for step in self._written
        )

    def add_lines(self) -> None:
        """Empty lines for more skills of each step, and empty steps where there is none."""
        if not len(self.steps):
            for _step in range(FIRST_STEPS):
                self.steps.append_entry()
        for line in self.steps:
            wanted = min(len(line.form.written_skills) + SPARE_SKILLS, MOST_SKILLS)
            while len(line.form.skills) < wanted:
                line.form.skills.append_entry()

    def rearranged(self, button: str) -> "WayForm":
        """The same form with a step more, less or elsewhere, as the pressed button says, e.g. "up-2"."""
        data = {
            name: field.data for name, field in self._fields.items() if name not in ("steps", "csrf_token")
        }
        steps = [line.form.as_data() for line in self.steps]
        what, _dash, number = button.partition("-")
        place = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else -1
        if what == "add" and len(steps) < MOST_STEPS:
            steps.append({})
        elif 0 <= place < len(steps):
            _move(steps, what, place)
        return type(self)(formdata=None, data={**data, "steps": steps})


def _move(steps: list[dict[str, Any]], what: str, place: int) -> None:
    if what == "remove":
        del steps[place]
    elif what == "up" and place > 0:
        steps.insert(place - 1, steps.pop(place))
    elif what == "down":
        steps.insert(place + 1, steps.pop(place))


def skill_names() -> list[str]:
    """What a step may teach, to choose from while writing."""
    present = book()
    return sorted(name for key, name in present.names.items() if key not in present.kept_off_cards)


def skill_meanings() -> Mapping[str, int]:
    """Folded wording -> skill; a skill's own name before another's synonym."""
    present = book()
    meanings: dict[str, int] = {}
    for wording in present.wordings:
        if wording.skill_id not in present.kept_off_cards:
            meanings.setdefault(wording.folded, wording.skill_id)
    return meanings


class PackageForm(WayForm, VersionedForm):
    name = text_field(_l("Pakkens navn"), NAME_LENGTH)
    industry = SelectField(_l("Fag"), [required()], choices=[("", _l("Vælg")), *Industry.choices()])
    about = text_field(_l("Hvad pakken fører til"), ASKS_LENGTH, needed=False)

    @classmethod
    def of(cls, package: JobPackage) -> "PackageForm":
        """What stands."""
        values = {"name": package.name, "industry": package.industry.value, "about": package.about}
        steps = [
            {
                "step_id": str(step.id),
                "name": step.name,
                "kind": step.kind.value,
                "weeks": step.weeks,
                "asks": step.asks,
                "skills": [{"skill": one.skill.name, "level": one.level} for one in step.skills],
            }
            for step in package.steps
        ]
        return cls(formdata=None, data={**values, "version": package.version, "steps": steps})

    @property
    def details(self) -> PackageDetails:
        return PackageDetails(
            name=self.name.data or "",
            industry=Industry(self.industry.data),
            about=self.about.data or "",
            steps=self.written_steps,
        )


# --- Journeys --------------------------------------------------------------------------------------------------


def _day(label: Any) -> DanishDateField:
    return DanishDateField(label, [required()], DayKind.EITHER)


def _choice(kind: type[LabelledEnum], label: Any, *, needed: bool = True) -> SelectField:
    choices = [("", _l("Vælg")), *kind.choices()]
    return SelectField(label, [required() if needed else optional()], choices=choices)


class BeginForm(PortalForm):
    package_id = SelectField(_l("Pakke"), [Chosen(_l("Vælg en pakke."))], coerce=int)
    from_on = _day(_l("Begynder"))


class OwnWayForm(WayForm):
    name = text_field(_l("Hvad vejen hedder"), NAME_LENGTH)
    from_on = _day(_l("Begynder"))


class BeginStepForm(PortalForm):
    on = _day(_l("Begynder"))
    passed = _choice(PassedReason, _l("Hvorfor trinnet begynder, før niveauet er set"), needed=False)

    @property
    def passed_reason(self) -> PassedReason | None:
        return PassedReason(self.passed.data) if self.passed.data else None


class CarryForm(PortalForm):
    placement_id = SelectField(_l("Forløb"), [Chosen(_l("Vælg et forløb."))], coerce=int)
    passed = _choice(PassedReason, _l("Hvorfor trinnet begynder, før niveauet er set"), needed=False)

    @property
    def passed_reason(self) -> PassedReason | None:
        return PassedReason(self.passed.data) if self.passed.data else None


class FollowForm(PortalForm):
    carrier = SelectField(_l("Kursus eller hold"), [required()])
    passed = _choice(PassedReason, _l("Hvorfor trinnet begynder, før niveauet er set"), needed=False)

    @property
    def passed_reason(self) -> PassedReason | None:
        return PassedReason(self.passed.data) if self.passed.data else None


class ReachForm(PortalForm):
    on = _day(_l("Nået den"))


class SkipForm(PortalForm):
    reason = _choice(SkipReason, _l("Hvorfor springes trinnet over?"))

    @property
    def skip_reason(self) -> SkipReason:
        return SkipReason(self.reason.data)


class EndJourneyForm(PortalForm):
    until_on = _day(_l("Sidste dag"))
    reason = _choice(JourneyEnd, _l("Hvorfor slutter vejen?"))

    @property
    def end_reason(self) -> JourneyEnd:
        return JourneyEnd(self.reason.data)


# --- Offers ----------------------------------------------------------------------------------------------------


class OfferForm(PortalForm):
    step_id = SelectField(_l("Trin"), [Chosen(_l("Vælg et trin."))], coerce=int)
    places = WholeNumberField(
        _l("Hvor mange ad gangen"), [required(), NumberRange(1, 99, _l("Skriv et tal fra 1 til 99."))]
    )
    from_on = _day(_l("Fra"))
    until_on = DanishDateField(
        _l("Til og med"),
        [optional()],
        DayKind.EITHER,
        description=_l("Tomt, når der ikke er en sidste dag."),
    )

    @property
    def details(self) -> OfferDetails:
        return OfferDetails(self.from_on.data, self.until_on.data, self.places.data)
