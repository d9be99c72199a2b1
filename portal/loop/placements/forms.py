"""Shapes of input about placements."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange

from portal.base.terms import HOURS_IN_A_WEEK, LabelledEnum, PlacementForm
from portal.base.typed_days import DayKind
from portal.base.typed_numbers import KILOS, MINUTES
from portal.loop.openings.forms import check_clock_times
from portal.loop.placements.follow_ups import AFTER_CARE, FollowUpOutside, HeldBeforeStart, require_day
from portal.shared.rules.law.case import Act, FormLaw, Grounds, Premises, Readiness
from portal.shared.rules.law.forms import LAWS
from portal.shared.rules.school_weeks import NoWeeks, school_free_weeks
from portal.web.forms import (
    DanishDateField,
    DanishHoursField,
    DatedForm,
    NoCpr,
    NotInFuture,
    PortalForm,
    VersionedForm,
    WholeNumberField,
    optional,
    required,
    strip,
    text_field,
)
from portal.web.presentation import da_number

NOT_SAID: Final = "", _l("Ikke oplyst")


def stop_reason_field() -> TextAreaField:
    return TextAreaField(
        _l("Hvorfor er det i orden, selv om reglerne siger stop?"),
        [optional(), Length(max=500), NoCpr()],
        filters=[strip],
    )


def _answer(label: Any, description: Any = None) -> SelectField:
    """Yes, no, or nobody has said: None."""
    return SelectField(
        label,
        choices=[NOT_SAID, ("yes", _l("Ja")), ("no", _l("Nej"))],
        coerce=lambda value: {"yes": True, "no": False, True: True, False: False}.get(value),
        description=description,
    )


def _one_of(kind: type[LabelledEnum], label: Any, description: Any = None) -> SelectField:
    """One of the members, or nobody has said: None."""
    return SelectField(
        label,
        choices=[NOT_SAID, *kind.choices()],
        coerce=lambda value: kind(value) if value in set(kind) else None,
        description=description,
    )


class YoungWorkFields:
    """What the rules ask of work for somebody under 18; nothing of it must be answered."""

    is_past_school = _answer(_l("Er 9. klasse afsluttet?"), _l("Så er undervisningspligten forbi."))
    free_weeks = text_field(
        _l("Uger uden skole i perioden"),
        60,
        needed=False,
        description=_l("Ugernes numre, for eksempel 27-32, 42"),
    )
    working_times = text_field(
        _l("Arbejdstider"),
        120,
        needed=False,
        description=_l("For eksempel onsdag 15-17, lørdag 9-15. Tomt: som på åbningen."),
    )
    pause_minutes = WholeNumberField(
        _l("Pause i minutter"),
        [optional(), NumberRange(0, 240, _l("Skriv minutter fra 0 til 240."))],
        MINUTES,
        description=_l("Pausen er ikke arbejdstid."),
    )
    lift_kg = DanishHoursField(
        _l("Det tungeste, der løftes, i kilo"),
        [optional(), NumberRange(0, 500, _l("Skriv kilo fra 0 til 500."))],
        KILOS,
    )
    premises = _one_of(
        Premises,
        _l("Hvad er det for et sted?"),
    )
    serves_alcohol = _answer(_l("Serveres der alkohol i lokalet?"))
    is_risk_assessed = _answer(
        _l("Har virksomheden lavet en risikovurdering?"),
        _l("Kun ved maskiner og kemi. Den behøver ikke at være skriftlig."),
    )
    adult_supervises = _answer(_l("Er en voksen til stede og fører tilsyn?"))
    parents_told = _answer(_l("Har virksomheden orienteret forældrene?"))

    def validate_working_times(self, field: StringField) -> None:
        check_clock_times(field)

    def validate_free_weeks(self, field: StringField) -> None:
        try:
            school_free_weeks(field.data or "")
        except NoWeeks as wrong:
            raise ValidationError(str(wrong.message)) from wrong


YOUNG_FIELDS: Final = tuple(
    name for name, value in vars(YoungWorkFields).items() if not name.startswith(("_", "validate_"))
)


def young_in_words(answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The kept answers about work under 18, each with the question as the plan asks it."""
    asked = vars(YoungWorkFields)
    return [(str(asked[name].args[0]), _said(answers[name])) for name in YOUNG_FIELDS if name in answers]


def _said(answer: Any) -> str:
    if isinstance(answer, bool):
        return str(_("Ja") if answer else _("Nej"))
    if answer in set(Premises):
        return str(Premises(answer).label)
    return answer if isinstance(answer, str) else da_number(answer)


GROUNDS_FIELDS: Final = tuple(field.name for field in fields(Grounds))
LENGTHS_FOLLOW_FROM: Final = frozenset({"act", "readiness"})
"""Of the grounds, what must be said where it is asked."""


class PlanForm(YoungWorkFields, PortalForm):
    form = SelectField(_l("Form"), choices=PlacementForm.choices(), coerce=PlacementForm)
    hours_per_week = DanishHoursField(
        _l("Timer om ugen"),
        [
            InputRequired(_l("Skriv et tal, for eksempel 25.")),
            NumberRange(0.5, HOURS_IN_A_WEEK, _l("Skriv et tal fra 0,5 til 168.")),
        ],
    )
    starts_on = DanishDateField(_l("Første dag"), [required()])
    ends_on = DanishDateField(_l("Sidste dag"), [required()])
    long_reason = TextAreaField(
        _l("Begrundelse for et langt forløb"),
        [optional(), Length(max=300), NoCpr()],
        filters=[strip],
        description=_l("Kun når det varer længere end reglernes almindelige grænse."),
    )
    act = _one_of(
        Act,
        _l("Hvilken lov bygger tilbuddet på?"),
    )
    readiness = _one_of(
        Readiness,
        _l("Borgerens gruppe"),
        description=_l("Jobparat er også LAB § 6 nr. 1, 2 og 4 og jobparate i nr. 12."),
    )
    arrived_on = DanishDateField(
        _l("Første dag med ophold i Danmark"),
        [optional()],
        DayKind.PAST,
        description=_l("En IGU kan kun begynde, når opholdet ikke har varet for længe."),
    )
    is_within_course = BooleanField(
        _l("Praktikken er en del af et særligt tilrettelagt forløb (integrationsloven § 23 a)")
    )
    is_outside_ratio = BooleanField(
        _l("Praktikken er på borgerens eget arbejdssted og tæller ikke med i rimelighedskravet (§ 65)")
    )
    stop_reason = stop_reason_field()
    first_follow_up_on = DanishDateField(_l("Første opfølgning"), [optional()])

    def __init__(self, *args: Any, asks_of_young: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unasked = set(GROUNDS_FIELDS) - set(self._asked_of_grounds)
        for name in [*unasked, *(() if asks_of_young else YOUNG_FIELDS)]:
            del self[name]
        if self._law is None or not self._law.asks_for_reason:
            del self.long_reason
        for name in LENGTHS_FOLLOW_FROM & self._fields.keys():
            self[name].flags.required = True

    @property
    def _asked_of_grounds(self) -> tuple[str, ...]:
        """What the form that is planned rests on; another form is not asked."""
        return self._law.asks if self._law else ()

    @property
    def _law(self) -> FormLaw | None:
        return LAWS.get(self.form.data)

    def read(self) -> None:
        """Mark what was typed and cannot be read; what is still empty is no mistake while the plan is being written."""
        self.validate()
        for field in self:
            if not any(field.raw_data or ()):
                field.errors = ()

    @property
    def reason(self) -> str:
        """Why it lasts longer than the ordinary; only where the form may."""
        return (self.long_reason.data or "") if "long_reason" in self else ""

    @property
    def asked(self) -> list[str]:
        """The names of the fields that follow from the form that is planned."""
        return [name for name in (*GROUNDS_FIELDS, "long_reason") if name in self]

    def validate_act(self, field: Field) -> None:
        if field.data is None:
            raise ValidationError(_("Vælg loven. Forløbets længste tid følger af den."))

    def validate_readiness(self, field: Field) -> None:
        if field.data is None:
            raise ValidationError(_("Vælg gruppen. Forløbets længste tid følger af den."))

    def validate_first_follow_up_on(self, field: Field) -> None:
        first, last = self.starts_on.data, self.ends_on.data
        if field.data and first and last and first <= last:
            _require_day(field, first, last + AFTER_CARE)

    def unread(self) -> list[str]:
        """The labels of the fields that are empty or wrong and that the rules cannot do without."""
        needed = [self.form, self.hours_per_week, self.starts_on, self.ends_on]
        wrong = [field for field in needed if field.errors or not field.data]
        if not wrong and self.ends_on.data < self.starts_on.data:
            wrong = [self.ends_on]
        wrong += [self[name] for name in YOUNG_FIELDS if name in self and not self._can_be_read(self[name])]
        return [str(field.label.text) for field in wrong]

    def unsaid(self) -> list[str]:
        """The labels of what lengths follow from and nobody has said yet."""
        names = [name for name in self.asked if name in LENGTHS_FOLLOW_FROM and self[name].data is None]
        return [str(self[name].label.text) for name in names]

    def _can_be_read(self, field: Field) -> bool:
        own = getattr(type(self), f"validate_{field.name}", None)
        return bool(field.validate(self, [own] if own else []))

    def grounds(self) -> Grounds:
        """Only what belongs to the form that is planned is asked, and kept."""
        return Grounds(**{name: self[name].data for name in GROUNDS_FIELDS if name in self})

    def young(self) -> dict[str, Any]:
        """The answers that were given and can be read, as they are kept."""
        given = {name: self[name].data for name in YOUNG_FIELDS if name in self and not self[name].errors}
        return {name: value for name, value in given.items() if value not in (None, "")}


class StartForm(DatedForm):
    """The reason is asked for when a rule stops the start."""

    first_day = DanishDateField(_l("Første dag"), [optional(), NotInFuture()])
    stop_reason = stop_reason_field()
    unsettled_reason = TextAreaField(
        _l("Hvorfor begynder det, uden at forventningerne er afstemt?"),
        [optional(), Length(max=500), NoCpr()],
        filters=[strip],
    )


class ExpectationForm(PortalForm):
    purpose = TextAreaField(
        _l("Formål"),
        [required(), Length(max=500), NoCpr()],
        filters=[strip],
        description=_l(
            "Hvad skal forløbet føre til? For eksempel job her, prøve et fag eller lære bestemte opgaver."
        ),
    )
    time_frame = TextAreaField(
        _l("Tidsperspektiv"),
        [required(), Length(max=300), NoCpr()],
        filters=[strip],
        description=_l("Hvor lang tid, og hvad sker der bagefter?"),
    )
    development = TextAreaField(
        _l("Faglig udvikling"),
        [required(), Length(max=500), NoCpr()],
        filters=[strip],
        description=_l("Hvilke opgaver skal kunne klares til sidst, og hvem lærer dem fra sig?"),
    )


class FollowUpForm(PortalForm):
    """`days`: the first and the last on which it may lie."""

    due_on = DanishDateField(_l("Dato for opfølgning"), [required()])

    def __init__(self, *args: Any, days: tuple[date, date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days = days

    def validate_due_on(self, field: Field) -> None:
        _require_day(field, *self.days)


class MoveFollowUpForm(VersionedForm):
    """The same of one that is there already."""

    due_on = DanishDateField(_l("Ny dato for opfølgningen"), [required()])
    reason = TextAreaField(
        _l("Hvorfor flyttes den?"),
        [optional(), Length(max=500), NoCpr()],
        filters=[strip],
        description=_l("Virksomheden ser ikke, hvad du skriver. Skriv ikke om helbred."),
    )

    def __init__(self, *args: Any, days: tuple[date, date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days = days

    def validate_due_on(self, field: Field) -> None:
        _require_day(field, *self.days)


def _require_day(field: Field, first: date, last: date) -> None:
    try:
        require_day(field.data, first, last)
    except FollowUpOutside as outside:
        raise ValidationError(str(outside.message)) from outside


class HeldForm(DatedForm):
    """What was said in a talk that took place; not before `first`, the first day of the placement."""

    held_on = DanishDateField(_l("Hvornår talte I sammen?"), [required(), NotInFuture()])
    note = TextAreaField(
        _l("Hvad blev sagt?"),
        [required(), Length(max=1000), NoCpr()],
        filters=[strip],
        description=_l("Skriv om opgaverne og aftalerne. Skriv ikke om helbred."),
    )

    def __init__(self, *args: Any, first: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first = first

    def validate_held_on(self, field: Field) -> None:
        if field.data < self.first:
            raise ValidationError(str(HeldBeforeStart(self.first).message))
