"""The shape of handing over."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, ValidationError

from portal.base.typed_days import DayKind
from portal.shared.accounts.models import User
from portal.web.forms import DanishDateField, DatedForm, answered
from portal.workspaces.handover.services import CoverDetails

PERIOD, FOR_GOOD = "period", "good"


class HandoverForm(DatedForm):
    away_id = SelectField(_l("Hvis sager?"), coerce=int)
    stand_in_id = SelectField(_l("Hvem tager over?"), coerce=int)
    how = RadioField(
        _l("Hvor længe?"),
        [answered()],
        choices=[
            (PERIOD, _l("I en periode. Sagerne kommer tilbage af sig selv")),
            (FOR_GOOD, _l("For altid, fra i dag")),
        ],
        coerce=str,
    )
    from_on = DanishDateField(_l("Fra"), kind=DayKind.COMING)
    until_on = DanishDateField(_l("Til og med"), kind=DayKind.COMING)
    confirmed = BooleanField(_l("Overdrag sagerne"))

    def __init__(
        self, *args: Any, colleagues: Sequence[User], left: Sequence[User] = (), **kwargs: Any
    ) -> None:
        """`left`: those who sign in no more; their cases go to a colleague, and none to them."""
        super().__init__(*args, **kwargs)
        self.people = {one.id: one for one in (*colleagues, *left)}
        choices = [(one.id, one.name) for one in colleagues]
        self.away_id.choices = [*choices, *((one.id, _("%(name)s, lukket", name=one.name)) for one in left)]
        self.stand_in_id.choices = [(0, _("Vælg")), *choices]

    def validate_stand_in_id(self, field: SelectField) -> None:
        if not field.data:
            raise ValidationError(_("Vælg en kollega."))
        if field.data == self.away_id.data:
            raise ValidationError(_("Vælg en anden end den, der er væk."))

    def validate_from_on(self, field: DanishDateField) -> None:
        if self.how.data != PERIOD:
            return
        if field.data is None:
            raise ValidationError(_("Skriv den første dag."))
        if field.data < self.today:
            raise ValidationError(_("Den første dag er i dag eller senere."))

    def validate_until_on(self, field: DanishDateField) -> None:
        if self.how.data != PERIOD:
            return
        if field.data is None:
            raise ValidationError(_("Skriv den sidste dag."))
        if self.from_on.data is not None and field.data < self.from_on.data:
            raise ValidationError(_("Den sidste dag ligger før den første."))

    @property
    def details(self) -> CoverDetails:
        is_period = self.how.data == PERIOD
        return CoverDetails(
            away=self.people[self.away_id.data],
            stand_in=self.people[self.stand_in_id.data],
            from_on=self.from_on.data if is_period else self.today,
            until_on=self.until_on.data if is_period else None,
        )
