"""Shapes of input about courses, runs and seats."""

from collections.abc import Sequence
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Form,
    FormField,
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange

from portal.base.terms import SKILL_LEVELS, Industry
from portal.base.typed_days import DayKind
from portal.base.typed_numbers import PEOPLE, YEARS
from portal.interventions.courses.models import (
    CERTIFICATE_LENGTH,
    NAME_LENGTH,
    CostBearer,
    Course,
    CourseRun,
)
from portal.interventions.courses.services import CourseDetails, RunDetails, Taught
from portal.loop.citizens.forms import TickedCitizensForm
from portal.shared.skills.services import UnderstoodText, understand_all
from portal.web.forms import (
    DanishDateField,
    DatedForm,
    NoCpr,
    VersionedForm,
    WholeNumberField,
    optional,
    required,
    strip,
    text_field,
)
from portal.web.line_lists import LineList
from portal.web.typed_fields import NotInFuture

MOST_SKILLS: Final = 8
"""Lines of the form; a course that teaches more is two courses."""
TAUGHT_LEVELS: Final = {level: label for level, label in SKILL_LEVELS.items() if level > 0}
USUAL_LEVEL: Final = 2

WISH, BOOK = "wish", "book"


class TaughtLine(Form):
    """A skill of the vocabulary in anybody's words, and the level of who passes. An empty text is no skill."""

    text = text_field(_l("Færdighed"), 120, needed=False)
    level = SelectField(
        _l("Hvor godt?"), choices=list(TAUGHT_LEVELS.items()), coerce=int, default=USUAL_LEVEL
    )


class CourseForm(VersionedForm):
    name = text_field(_l("Navn"), NAME_LENGTH)
    industry = SelectField(
        _l("Fag"),
        choices=[("", _l("Alle fag")), *Industry.choices()],
        coerce=lambda value: Industry(value) if value in set(Industry) else None,
    )
    provider = text_field(_l("Hvem holder kurset?"), NAME_LENGTH, needed=False)
    description = TextAreaField(_l("Om kurset"), [optional(), Length(max=1000), NoCpr()], filters=[strip])
    teaches = LineList(FormField(TaughtLine), label=_l("Det lærer man"), max_entries=MOST_SKILLS)
    certificate = text_field(
        _l("Bevis"),
        CERTIFICATE_LENGTH,
        needed=False,
        description=_l("For eksempel “Hygiejnebevis”. Tomt, når kurset ikke giver et bevis."),
    )
    certificate_years = WholeNumberField(
        _l("Beviset gælder i"),
        [optional(), NumberRange(1, 50, _l("Skriv et tal fra 1 til 50."))],
        YEARS,
        description=_l("År. Tomt, når beviset altid gælder."),
    )

    understood: Sequence[tuple[int, UnderstoodText]] = ()
    """Of the lines with words: their place, and what they mean."""
    proved: UnderstoodText | None = None

    @classmethod
    def of(cls, course: Course | None) -> "CourseForm":
        """What stands, with empty lines for more."""
        lines: list[dict[str, Any]] = [
            {"text": line.skill.name, "level": line.level} for line in (course.skills if course else ())
        ]
        spare = max(1, min(3, MOST_SKILLS - len(lines)))
        lines += [{} for _place in range(spare)]
        return cls(
            formdata=None, obj=_CourseAsShown(course, lines) if course else None, data={"teaches": lines}
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Its words must be the vocabulary's, or surely mean something in it."""
        valid = super().validate(extra_validators)
        lines = [(place, line.form.text) for place, line in enumerate(self.teaches) if line.form.text.data]
        meanings = understand_all([field.data for _place, field in lines], for_card=True)
        self.understood = [(place, one) for (place, _field), one in zip(lines, meanings, strict=True)]
        for (_place, field), meaning in zip(lines, meanings, strict=True):
            if meaning.skill_id is None:
                field.errors = [*field.errors, _unknown(meaning)]
                valid = False
        if self.certificate.data:
            [self.proved] = understand_all([self.certificate.data], for_card=True)
        elif self.certificate_years.data is not None:
            self.certificate.errors = [*self.certificate.errors, _("Skriv, hvilket bevis det er.")]
            valid = False
        return valid

    @property
    def details(self) -> CourseDetails:
        return CourseDetails(
            name=self.name.data or "",
            industry=self.industry.data,
            provider=self.provider.data or "",
            description=self.description.data or "",
            certificate=self.certificate.data or "",
            certificate_skill_id=self.proved.skill_id if self.proved else None,
            certificate_years=self.certificate_years.data,
            teaches=tuple(
                Taught(meaning.skill_id, self.teaches[place].form.level.data)
                for place, meaning in self.understood
                if meaning.skill_id is not None
            ),
        )


class _CourseAsShown:
    """The course as its form reads it."""

    def __init__(self, course: Course, lines: list[dict[str, Any]]) -> None:
        self.name, self.industry, self.provider = course.name, course.industry, course.provider
        self.description, self.certificate = course.description, course.certificate
        self.certificate_years, self.version = course.certificate_years, course.version
        self.teaches = lines


def _unknown(meaning: UnderstoodText) -> str:
    near = [one.name for one in meaning.alternatives][:3]
    if near:
        return _("Det kender ordlisten ikke. Mente du %(names)s?", names=", ".join(near))
    return _("Det kender ordlisten ikke. Skriv det med andre ord, eller vælg fra listen.")


def _day(label: Any, **more: Any) -> DanishDateField:
    return DanishDateField(label, [required(), *more.pop("checks", ())], DayKind.EITHER, **more)


class RunForm(VersionedForm):
    first_day = _day(_l("Første dag"))
    last_day = _day(_l("Sidste dag"))
    times = text_field(
        _l("Dage og tider"),
        NAME_LENGTH,
        needed=False,
        description=_l("For eksempel “mandag og onsdag 9-14”."),
    )
    place = text_field(_l("Sted"), NAME_LENGTH)
    seats = WholeNumberField(
        _l("Pladser"), [required(), NumberRange(1, 500, _l("Skriv et tal fra 1 til 500."))], PEOPLE
    )
    cost_bearer = SelectField(_l("Hvem betaler?"), choices=CostBearer.choices(), coerce=CostBearer)
    shared_with_neighbours = BooleanField(
        _l("Nabokommuner må se forløbet og ønske pladser"),
        description=_l("Kun kommuner, I har en naboaftale med. I giver selv pladserne."),
    )

    @classmethod
    def of(cls, run: CourseRun) -> "RunForm":
        return cls(formdata=None, obj=run)

    @property
    def details(self) -> RunDetails:
        return RunDetails(
            first_day=self.first_day.data,
            last_day=self.last_day.data,
            place=self.place.data or "",
            seats=self.seats.data,
            cost_bearer=self.cost_bearer.data,
            times=self.times.data or "",
            shared_with_neighbours=bool(self.shared_with_neighbours.data),
        )


class SeatsForm(TickedCitizensForm):
    """Several at once: whether each gets a seat or stands as wishing for one."""

    what = RadioField(
        _l("Plads eller ønske?"),
        choices=[(BOOK, _l("Giv en plads")), (WISH, _l("Skriv op som ønsket"))],
        default=BOOK,
    )


class SeatDayForm(DatedForm):
    """The day something happened to a seat."""

    on = _day(_l("Dag"), checks=[NotInFuture()])
