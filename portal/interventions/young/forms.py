"""Shapes of input about the yearly count and the yes of parents."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, ValidationError
from wtforms.validators import NumberRange

from portal.base.typed_numbers import PEOPLE
from portal.interventions.young.models import ParentsYesVia, YoungPlace, YoungPlaceKind
from portal.interventions.young.services import TallyNumbers
from portal.web.forms import (
    DanishDateField,
    DatedForm,
    NotInFuture,
    WholeNumberField,
    answered,
    required,
    text_field,
)

MOST_YOUNG = 9_999


def _number(label: Any) -> WholeNumberField:
    bounds = NumberRange(0, MOST_YOUNG, _l("Skriv et helt tal fra 0."))
    return WholeNumberField(label, [answered(), bounds], PEOPLE)


class TallyForm(DatedForm):
    counted_on = DanishDateField(_l("Talt den"), [required(), NotInFuture()])
    has_job = _number(_l("Har et fritidsjob"))
    wants_job = _number(_l("Ønsker et fritidsjob"))
    wants_none = _number(_l("Ønsker ikke et fritidsjob"))
    unknown = _number(_l("Ved ikke"))

    @property
    def numbers(self) -> TallyNumbers:
        return TallyNumbers(
            counted_on=self.counted_on.data,
            has_job=self.has_job.data,
            wants_job=self.wants_job.data,
            wants_none=self.wants_none.data,
            unknown=self.unknown.data,
        )


class NewTallyForm(TallyForm):
    place_id = SelectField(_l("Sted"), coerce=int)
    kind = SelectField(_l("Slags"), choices=YoungPlaceKind.choices(), description=_l("Kun for et nyt sted."))
    name = text_field(
        _l("Det nye steds navn"),
        80,
        needed=False,
        description=_l("For eksempel Modtageklassen på Enghaveskolen. Aldrig navne på unge."),
    )

    def __init__(self, *args: Any, places: Sequence[YoungPlace], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place_id.choices = [
            (0, _("Et nyt sted")),
            *((one.id, f"{one.name} ({one.kind.label})") for one in places),
        ]

    def validate_name(self, field: Any) -> None:
        if not self.place_id.data and not field.data:
            raise ValidationError(_("Vælg et sted, eller skriv det nye steds navn."))


class ParentsYesForm(DatedForm):
    said_on = DanishDateField(_l("Forælderen sagde ja den"), [required(), NotInFuture()])
    via = RadioField(_l("Hvordan?"), [answered()], choices=ParentsYesVia.choices(), coerce=str)
    has_custody = BooleanField(_l("Den, der sagde ja, har forældremyndigheden"))

    def validate_has_custody(self, field: BooleanField) -> None:
        if not field.data:
            raise ValidationError(_("Kun en forælder med forældremyndighed kan sige ja."))
