"""The form of a dated number."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, ValidationError
from wtforms.validators import NumberRange

from portal.shared.rules.models import Certainty, Rule
from portal.shared.rules.services import RuleDetails
from portal.web.forms import (
    DanishDateField,
    DanishDecimalField,
    DatedForm,
    NotInFuture,
    answered,
    required,
    text_field,
)

LARGEST = 9_999_999
"""What the column holds."""


class AmendmentForm(DatedForm):
    value = DanishDecimalField(_l("Tal"), [answered(), NumberRange(0, LARGEST)])
    valid_from = DanishDateField(_l("Gælder fra"), [required(_l("Vælg en dato."))])
    reference = text_field(_l("Henvisning til loven"), 200, description=_l("For eksempel LAB § 61 stk. 2"))
    source = text_field(
        _l("Hvor er det læst?"), 300, description=_l("Lovens nummer og dato, eller sidens adresse")
    )
    certainty = SelectField(_l("Hvor sikkert er det?"), choices=Certainty.choices(), coerce=Certainty)
    checked_by = text_field(_l("Kontrolleret af"), 120)
    checked_on = DanishDateField(_l("Kontrolleret den"), [required(_l("Vælg en dato.")), NotInFuture()])
    previewed = HiddenField()
    """What the affected were shown for: saved is only what somebody has seen the effect of."""

    def __init__(self, *args: Any, rule: Rule, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self._rule = rule

    def validate_value(self, field: DanishDecimalField) -> None:
        if self._rule.is_yes_or_no and field.data not in (0, 1):
            raise ValidationError(_("Skriv 1 for ja eller 0 for nej."))

    @property
    def fingerprint(self) -> str:
        """What decides whom the change touches."""
        return f"{self.value.data} {self.valid_from.data}"

    @property
    def is_previewed(self) -> bool:
        return self.previewed.data == self.fingerprint

    def details(self) -> RuleDetails:
        return RuleDetails(
            key=self._rule.key,
            title=self._rule.title,
            value=self.value.data,
            unit=self._rule.unit,
            valid_from=self.valid_from.data,
            valid_to=None,
            reference=self.reference.data,
            source=self.source.data,
            checked_by=self.checked_by.data,
            checked_on=self.checked_on.data,
            certainty=self.certainty.data,
        )
