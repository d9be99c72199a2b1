"""Shapes of input about partnerships."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length

from portal.base.typed_days import DayKind
from portal.web.forms import Chosen, DanishDateField, NoCpr, PortalForm, optional, required, strip


class SignForm(PortalForm):
    employer_id = SelectField(
        _l("Virksomhed"),
        [Chosen(_l("Vælg en virksomhed."))],
        coerce=int,
        validate_choice=True,
    )
    signed_on = DanishDateField(
        _l("Underskrevet den"),
        [required()],
        DayKind.PAST,
        description=_l("Aftalen gælder fra den dag."),
    )
    consultant_id = SelectField(_l("Konsulent, der følger virksomheden"), [optional()], coerce=int)
    note = TextAreaField(_l("Hvad er I enige om?"), [optional(), Length(max=500), NoCpr()], filters=[strip])


class CountingDayForm(PortalForm):
    """The day that the partnership is counted for."""

    form_id = None
    on = DanishDateField(_l("Vis en anden dag"), [optional()], DayKind.EITHER)


class EndPartnershipForm(PortalForm):
    ends_on = DanishDateField(_l("Aftalens sidste dag"), [required()])


class AssignConsultantForm(PortalForm):
    consultant_id = SelectField(_l("Konsulent"), [Chosen(_l("Vælg en konsulent."))], coerce=int)
    from_on = DanishDateField(_l("Fra og med"), [required()])
