"""Forms of agreements between municipalities."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, ValidationError
from wtforms.validators import InputRequired

from portal.shared.accounts.models import Municipality
from portal.shared.neighbours.services import AgreementReachesBack, SameMunicipality
from portal.web.forms import DanishDateField, DatedForm, required


class AgreementForm(DatedForm):
    first_id = SelectField(_l("Kommune"), coerce=int)
    second_id = SelectField(_l("Nabokommune"), coerce=int)
    starts_on = DanishDateField(_l("Gælder fra"), [required()])

    def __init__(self, *args: Any, municipalities: list[Municipality], today: date, **kwargs: Any) -> None:
        second = (
            {"second_id": municipalities[1].id} if len(municipalities) > 1 else None
        )  # never the first twice
        super().__init__(*args, today=today, data=second, **kwargs)
        choices = [(one.id, one.name) for one in municipalities]
        self.first_id.choices = self.second_id.choices = choices

    def validate_second_id(self, field: SelectField) -> None:
        if field.data == self.first_id.data:
            raise ValidationError(str(SameMunicipality.message))

    def validate_starts_on(self, field: DanishDateField) -> None:
        if field.data < self.today:
            raise ValidationError(str(AgreementReachesBack.message))


class AskForm(DatedForm):
    """Whom her municipality asks to be its neighbour."""

    asked_id = SelectField(_l("Hvilken kommune vil I spørge?"), coerce=int)
    starts_on = DanishDateField(_l("Gælder fra"), [required()])

    def __init__(self, *args: Any, others: list[Municipality], today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.asked_id.choices = [(one.id, one.name) for one in others]

    def validate_starts_on(self, field: DanishDateField) -> None:
        if field.data < self.today:
            raise ValidationError(str(AgreementReachesBack.message))


class EndAgreementForm(DatedForm):
    closed_from = DanishDateField(_l("Første dag uden aftale"), [required()])
    confirmed = BooleanField(
        _l("Begge kommuner ved, at aftalen slutter"), [InputRequired(_l("Sæt kryds, når det er rigtigt."))]
    )

    def __init__(self, *args: Any, first_day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._first_day = max(first_day, self.today)

    def validate_closed_from(self, field: DanishDateField) -> None:
        if field.data < self._first_day:
            raise ValidationError(str(AgreementReachesBack.message))
