"""Shapes of input about goals."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.validators import Length, NumberRange

from portal.base.terms import Measure
from portal.web.forms import NoCpr, VersionedForm, answered, required, strip, text_field


class TargetForm(VersionedForm):
    """What may be changed later: never the figure, which is counted."""

    target = IntegerField(
        _l("Mål"), [answered(), NumberRange(1, 100_000, _l("Skriv et helt tal fra 1 til 100.000."))]
    )
    sentence = TextAreaField(
        _l("Målet med planens egne ord"), [required(), Length(max=500), NoCpr()], filters=[strip]
    )
    source = text_field(
        _l("Hvor står det?"), 200, description=_l("For eksempel: Beskæftigelsesplan 2027, afsnit 3.")
    )


class GoalForm(TargetForm):
    measure = SelectField(_l("Hvad tælles der?"), choices=Measure.choices(), coerce=Measure)
    year = IntegerField(
        _l("År"), [answered(), NumberRange(2000, 2100, _l("Skriv et årstal, for eksempel 2026."))]
    )
