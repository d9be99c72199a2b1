"""Shapes of input about placements."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from portal.base.terms import HOURS_IN_A_WEEK, PlacementForm
from portal.web.forms import (
    DanishDateField,
    DanishHoursField,
    DatedForm,
    NoCpr,
    NotInFuture,
    PortalForm,
    optional,
    required,
    strip,
)


def _stop_reason() -> TextAreaField:
    return TextAreaField(
        _l("Hvorfor er det i orden, selv om reglerne siger stop?"),
        [optional(), Length(max=500), NoCpr()],
        filters=[strip],
    )


class PlanForm(PortalForm):
    form = SelectField(_l("Form"), choices=PlacementForm.choices(), coerce=PlacementForm)
    hours_per_week = DanishHoursField(
        _l("Timer om ugen"),
        [
            InputRequired(_l("Skriv et tal, for eksempel 25.")),
            NumberRange(0.5, HOURS_IN_A_WEEK, _l("Skriv et tal fra 0,5 til 168.")),
        ],
    )
    starts_on = DanishDateField(_l("Første dag"), [required(_l("Vælg en dato."))])
    ends_on = DanishDateField(_l("Sidste dag"), [required(_l("Vælg en dato."))])
    long_reason = TextAreaField(
        _l("Begrundelse for en lang praktik"), [optional(), Length(max=300), NoCpr()], filters=[strip]
    )
    stop_reason = _stop_reason()
    first_follow_up_on = DanishDateField(_l("Første opfølgning"), [optional()])


class StartForm(PortalForm):
    """The reason is asked for when a rule stops the start."""

    stop_reason = _stop_reason()


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
    due_on = DanishDateField(_l("Dato for opfølgning"), [required(_l("Vælg en dato."))])


class HeldForm(DatedForm):
    """What was said in a talk that took place."""

    held_on = DanishDateField(_l("Hvornår talte I sammen?"), [required(_l("Vælg en dato.")), NotInFuture()])
    note = TextAreaField(
        _l("Hvad blev sagt?"),
        [required(), Length(max=1000), NoCpr()],
        filters=[strip],
        description=_l("Skriv om opgaverne og aftalerne. Skriv ikke om helbred."),
    )
