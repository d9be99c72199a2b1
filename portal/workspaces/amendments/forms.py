"""The forms of a dated number."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, ValidationError
from wtforms.validators import NumberRange, Optional

from portal.shared.rules.models import Certainty, Rule
from portal.shared.rules.services import (
    NoOwnRule,
    OwnRuleBeginsTooEarly,
    OwnRuleIsNotStricter,
    RuleDetails,
    refuse_laxer,
)
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


class NumberForm(DatedForm):
    """What is written of a number, whosever it is."""

    value = DanishDecimalField(_l("Tal"), [answered(), NumberRange(0, LARGEST)])
    valid_from = DanishDateField(_l("Gælder fra"), [required(_l("Vælg en dato."))])
    checked_by = text_field(_l("Kontrolleret af"), 120)
    checked_on = DanishDateField(_l("Kontrolleret den"), [required(_l("Vælg en dato.")), NotInFuture()])
    previewed = HiddenField()
    """What the affected were shown for: saved is only what somebody has seen the effect of."""

    def __init__(self, *args: Any, rule: Rule, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.rule = rule

    def validate_value(self, field: DanishDecimalField) -> None:
        if self.rule.is_yes_or_no and field.data not in (0, 1):
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
            key=self.rule.key,
            title=self.rule.title,
            value=self.value.data,
            unit=self.rule.unit,
            valid_from=self.valid_from.data,
            valid_to=None,
            reference=self["reference"].data,
            source=self["source"].data,
            checked_by=self.checked_by.data,
            checked_on=self.checked_on.data,
        )


class AmendmentForm(NumberForm):
    """A number of the law."""

    reference = text_field(_l("Henvisning til loven"), 200, description=_l("For eksempel LAB § 61 stk. 2"))
    source = text_field(
        _l("Hvor er det læst?"), 300, description=_l("Lovens nummer og dato, eller sidens adresse")
    )
    certainty = SelectField(_l("Hvor sikkert er det?"), choices=Certainty.choices(), coerce=Certainty)

    def details(self) -> RuleDetails:
        return replace(super().details(), certainty=self.certainty.data)


class OwnAmendmentForm(NumberForm):
    """A number of one municipality's own, stricter than the law's."""

    valid_to = DanishDateField(
        _l("Sidste dag"), [Optional()], description=_l("Tom, hvis reglen gælder indtil videre")
    )
    reference = text_field(
        _l("Hvem har besluttet det?"), 200, description=_l("For eksempel Beskæftigelsesudvalget")
    )
    source = text_field(_l("Hvor står det?"), 300, description=_l("For eksempel referatets dato og punkt"))

    def __init__(self, *args: Any, municipality_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._municipality_id = municipality_id

    def validate_value(self, field: DanishDecimalField) -> None:
        super().validate_value(field)
        if field.errors or self.valid_from.data is None:
            return
        try:
            refuse_laxer(self.rule.key, field.data, self.valid_from.data)
        except (NoOwnRule, OwnRuleIsNotStricter) as refusal:
            raise ValidationError(str(refusal.message)) from refusal

    def validate_valid_from(self, field: DanishDateField) -> None:
        if field.data < self.today:
            raise ValidationError(str(OwnRuleBeginsTooEarly.message))

    def validate_valid_to(self, field: DanishDateField) -> None:
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(_("Den sidste dag kan ikke ligge før den første."))

    @property
    def fingerprint(self) -> str:
        return f"{super().fingerprint} {self.valid_to.data}"

    def details(self) -> RuleDetails:
        return replace(super().details(), valid_to=self.valid_to.data, municipality_id=self._municipality_id)


class EndForm(DatedForm):
    """The last day of a municipality's own number."""

    last_day = DanishDateField(_l("Sidste dag"), [required(_l("Vælg en dato."))])

    def __init__(self, *args: Any, rule: Rule, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.rule = rule

    def validate_last_day(self, field: DanishDateField) -> None:
        first = max(self.today, self.rule.valid_from)
        if field.data < first:
            raise ValidationError(_("Vælg i dag eller en senere dag, hvor reglen gælder."))
        if self.rule.valid_to and field.data > self.rule.valid_to:
            raise ValidationError(_("Reglen slutter allerede før den dag."))
