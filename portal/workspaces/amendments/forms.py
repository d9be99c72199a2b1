"""The forms of a dated number."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, ValidationError
from wtforms.validators import NumberRange, Optional

from portal.base.errors import DomainError
from portal.base.terms import LabelledEnum
from portal.base.typed_days import DayKind
from portal.shared.rules.certainty import Certainty
from portal.shared.rules.lists import refuse_unreadable
from portal.shared.rules.models import Rule
from portal.shared.rules.services import (
    NoOwnRule,
    NotInThePast,
    OwnRuleBeginsTooEarly,
    OwnRuleIsNotStricter,
    ReasonMissing,
    RuleBeginsTooEarly,
    RuleDetails,
    refuse_laxer,
)
from portal.shared.rules.units import COUNTED, lines_of
from portal.web.forms import (
    DanishDateField,
    DanishDecimalField,
    DatedForm,
    LongTextField,
    NoCpr,
    NotInFuture,
    answered,
    required,
    strip,
    text_field,
)

LARGEST = 9_999_999
"""What the column holds."""

LONGEST_LIST = 100_000
"""Some times what the longest list has today."""


def _yes_or_no_field() -> RadioField:
    return RadioField(
        _l("Svar"), [answered()], choices=[("1", _l("Ja")), ("0", _l("Nej"))], coerce=_answer_of
    )


def _answer_of(value: Any) -> Any:
    """ "1" or "0", from what was sent or from the row's number. Raises ValueError for what is neither."""
    known = {"1": Decimal(1), "0": Decimal(0)}
    text = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
    if text not in known:
        raise ValueError(_("Vælg et svar."))
    return known[text]


class NumberForm(DatedForm):
    """What is written of a number, whosever it is."""

    value = DanishDecimalField(_l("Tal"), [answered(), NumberRange(0, LARGEST)])
    words = LongTextField(_l("Listen"), [required(), NoCpr()], longest=LONGEST_LIST, filters=[strip])
    valid_from = DanishDateField(_l("Gælder fra"), [required()], DayKind.EITHER)
    valid_to = DanishDateField(
        _l("Sidste dag"), [Optional()], DayKind.EITHER, description=_l("Tom: indtil videre")
    )
    checked_by = text_field(_l("Kontrolleret af"), 120, missing=_l("Skriv, hvem der har kontrolleret det."))
    checked_on = DanishDateField(_l("Kontrolleret den"), [required(), NotInFuture()])
    previewed = HiddenField()
    """What the affected were shown for: saved is only what somebody has seen the effect of."""

    def __init__(self, *args: Any, rule: Rule, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.rule = rule
        del self["value" if rule.is_list else "words"]

    def validate_value(self, field: DanishDecimalField) -> None:
        if not field.errors and self.rule.unit in COUNTED and field.data % 1:
            raise ValidationError(
                _("Skriv et helt tal. %(unit)s tælles hele.", unit=self.rule.unit.capitalize())
            )

    def validate_valid_from(self, field: DanishDateField) -> None:
        if field.data < self.today:
            raise ValidationError(str(RuleBeginsTooEarly.message))

    def validate_valid_to(self, field: DanishDateField) -> None:
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(_("Den sidste dag kan ikke ligge før den første."))

    def validate_words(self, field: LongTextField) -> None:
        try:
            refuse_unreadable(self.rule.key, field.data)
        except DomainError as refusal:
            raise ValidationError(str(refusal.message)) from refusal

    @property
    def fingerprint(self) -> str:
        """What decides whom the change touches."""
        said = sha256(self.words.data.encode()).hexdigest() if self.rule.is_list else self.value.data
        return f"{said} {self.valid_from.data} {self.valid_to.data}"

    @property
    def is_previewed(self) -> bool:
        return self.previewed.data == self.fingerprint

    def details(self) -> RuleDetails:
        return RuleDetails(
            key=self.rule.key,
            title=self.rule.title,
            value=Decimal(len(lines_of(self.words.data))) if self.rule.is_list else self.value.data,
            unit=self.rule.unit,
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
            reference=self["reference"].data,
            source=self["source"].data,
            checked_by=self.checked_by.data,
            checked_on=self.checked_on.data,
            words=self.words.data if self.rule.is_list else "",
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

    def details(self) -> RuleDetails:
        return replace(super().details(), municipality_id=self._municipality_id)


class BackwardsForm(AmendmentForm):
    """Another number of the law for days that are gone."""

    reason = text_field(
        _l("Hvorfor rettes det bagud?"),
        500,
        description=_l("Begrundelsen bliver stående ved tallet og i loggen."),
    )

    def validate_valid_from(self, field: DanishDateField) -> None:
        if field.data >= self.today:
            raise ValidationError(str(NotInThePast.message))


class YesOrNoForm(AmendmentForm):
    """An answer of the law."""

    value = _yes_or_no_field()


class OwnYesOrNoForm(OwnAmendmentForm):
    """An answer of one municipality's own."""

    value = _yes_or_no_field()


class BackwardsYesOrNoForm(BackwardsForm):
    """Another answer of the law for days that are gone."""

    value = _yes_or_no_field()


def law_form(rule: Rule, **options: Any) -> AmendmentForm:
    """The form for a number, an answer or a list of the law, whichever the rule is."""
    return (YesOrNoForm if rule.is_yes_or_no else AmendmentForm)(rule=rule, **options)


def own_form(rule: Rule, **options: Any) -> OwnAmendmentForm:
    """The same for a municipality's own."""
    return (OwnYesOrNoForm if rule.is_yes_or_no else OwnAmendmentForm)(rule=rule, **options)


def backwards_form(rule: Rule, **options: Any) -> BackwardsForm:
    """The same for days that are gone."""
    return (BackwardsYesOrNoForm if rule.is_yes_or_no else BackwardsForm)(rule=rule, **options)


class WaitingAnswer(LabelledEnum):
    """What becomes of a row that the portal shipped with a first day that was past."""

    FROM_TODAY = "today", _l("Lad det gælde fra i dag")
    BACKWARDS = "backwards", _l("Lad det gælde fra dets egen første dag (retter bagud)")
    REFUSE = "refuse", _l("Afvis det: det skal ikke gælde her")


class WaitingForm(DatedForm):
    """The answer to a row that waits."""

    how = RadioField(
        _l("Hvad skal der ske?"),
        [required()],
        choices=WaitingAnswer.choices(),
        coerce=WaitingAnswer,
    )
    reason = text_field(
        _l("Hvorfor?"),
        500,
        needed=False,
        description=_l("Skal skrives, når det gælder bagud eller bliver afvist."),
    )
    previewed = HiddenField()

    def __init__(self, *args: Any, rule: Rule, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.rule = rule
        if rule.valid_to is not None and rule.valid_to < today:
            self.how.choices = [one for one in WaitingAnswer.choices() if one[0] != WaitingAnswer.FROM_TODAY]

    @property
    def needs_reason(self) -> bool:
        return self.how.data in (WaitingAnswer.BACKWARDS, WaitingAnswer.REFUSE)

    @property
    def fingerprint(self) -> str:
        return str(self.how.data)

    @property
    def is_previewed(self) -> bool:
        return self.previewed.data == self.fingerprint or self.how.data is WaitingAnswer.REFUSE

    def validate(self, extra_validators: Any = None) -> bool:
        """A reason is asked for only where it is needed; an empty optional field is not validated by itself."""
        is_valid = super().validate(extra_validators)
        if self.needs_reason and not self.reason.data:
            self.reason.errors = [str(ReasonMissing.message)]
            return False
        return is_valid

    def details(self) -> RuleDetails:
        """As it would hold by the answer."""
        kept = {name: getattr(self.rule, name) for name in RuleDetails.__dataclass_fields__}
        if self.how.data is WaitingAnswer.FROM_TODAY:
            kept["valid_from"] = max(self.today, self.rule.valid_from)
        return RuleDetails(**kept)


class EndForm(DatedForm):
    """The last day of a municipality's own number."""

    last_day = DanishDateField(_l("Sidste dag"), [required()], DayKind.EITHER)

    def __init__(self, *args: Any, rule: Rule, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.rule = rule

    def validate_last_day(self, field: DanishDateField) -> None:
        first = max(self.today, self.rule.valid_from)
        if field.data < first:
            raise ValidationError(_("Vælg i dag eller en senere dag, hvor reglen gælder."))
        if self.rule.valid_to and field.data > self.rule.valid_to:
            raise ValidationError(_("Reglen slutter allerede før den dag."))
