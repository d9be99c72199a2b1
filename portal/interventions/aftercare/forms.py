"""The shape of input about a talk after somebody was hired."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, ValidationError
from wtforms.validators import NumberRange

from portal.base.terms import HOURS_IN_A_WEEK
from portal.interventions.aftercare.models import AfterHired, StillThere
from portal.interventions.aftercare.services import TalkDetails
from portal.web.forms import (
    DanishDateField,
    DanishHoursField,
    DatedForm,
    NotInFuture,
    VersionedForm,
    answered,
    optional,
    required,
)


class TalkForm(DatedForm, VersionedForm):
    held_on = DanishDateField(_l("Dato for samtalen"), [required(), NotInFuture()])
    still_there = RadioField(
        _l("Er borgeren der stadig?"), [answered()], choices=StillThere.choices(), coerce=str
    )
    hours_per_week = DanishHoursField(
        _l("Timer om ugen"),
        [optional(), NumberRange(0.5, HOURS_IN_A_WEEK, _l("Skriv et tal fra 0,5 til 168."))],
        description=_l("Når borgeren er der stadig."),
    )
    left_on = DanishDateField(
        _l("Sidste dag i jobbet"),
        [optional(), NotInFuture()],
        description=_l("Når borgeren ikke er der mere. Så slutter perioden i arbejde den dag."),
    )
    next_step = SelectField(
        _l("Hvad er det næste?"),
        [required(_l("Vælg det næste."))],
        choices=[("", _l("Vælg")), *AfterHired.choices()],
    )

    def validate_left_on(self, field: DanishDateField) -> None:
        if field.data and self.still_there.data != StillThere.NO:
            raise ValidationError(_("Skriv kun en sidste dag, når borgeren ikke er der mere."))

    @property
    def details(self) -> TalkDetails:
        return TalkDetails(
            held_on=self.held_on.data,
            still_there=StillThere(self.still_there.data),
            next_step=AfterHired(self.next_step.data),
            hours_per_week=self.hours_per_week.data,
            left_on=self.left_on.data,
        )
