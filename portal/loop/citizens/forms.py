"""Forms of citizens: shape, labels and messages."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, IntegerField, SelectField, ValidationError
from wtforms.validators import NumberRange

from portal.base.terms import Language
from portal.shared.accounts.models import User
from portal.web.forms import (
    EARLIEST,
    DanishDateField,
    NotInFuture,
    Phone,
    PortalForm,
    VersionedForm,
    optional,
    text_field,
)


def id_or_none(value: Any) -> int | None:
    """What a select field with an empty choice holds."""
    return None if value in (None, "", "None") else int(value)


def language_or_none(value: Any) -> Language | None:
    """Raises ValueError for a language that is not offered, which the field answers in Danish."""
    return None if value in (None, "", "None") else Language(value)


class CitizenForm(VersionedForm):
    """Identity and who follows the citizen. `today` and the consultants come from the view."""

    case_reference = text_field(
        _l("Sagsnummer"),
        40,
        description=_l("Nummeret i kommunens fagsystem, for eksempel 26/10431. Ikke CPR."),
    )
    first_name = text_field(_l("Fornavn"), 80)
    last_name = text_field(_l("Efternavn"), 80)
    born_on = DanishDateField(
        _l("Fødselsdato"),
        [optional(), NotInFuture()],
        description=_l("Bruges kun til lovens aldersgrænser. Matchet ser den ikke."),
    )
    birth_year = IntegerField(
        _l("Fødselsår, hvis datoen ikke kendes"),
        [optional(), NumberRange(min=EARLIEST.year)],
        description=_l("Fire cifre. Så regnes der med den alder, som stiller de strengeste krav."),
    )
    phone = text_field(_l("Telefon"), 20, needed=False)
    consultant_id = SelectField(_l("Konsulent"), coerce=id_or_none)
    language = SelectField(
        _l("Sprog"),
        choices=[("", _l("Kun dansk")), *Language.choices()],
        coerce=language_or_none,
        description=_l(
            "Til “Min side” og til kortet på papir. Borgeren kan selv vælge om. Matchet ser det ikke."
        ),
    )

    today: date

    def offer(self, consultants: list[User], *, today: date) -> "CitizenForm":
        """Fill in what the form cannot know by itself."""
        self.consultant_id.choices = [("", _("Ingen endnu")), *[(user.id, user.name) for user in consultants]]
        self.today = today
        return self

    def validate_birth_year(self, field: Field) -> None:
        if field.data and field.data > self.today.year:
            raise ValidationError(_("Året kan ikke ligge i fremtiden."))
        if field.data and self.born_on.raw_data and any(self.born_on.raw_data):
            raise ValidationError(_("Skriv enten fødselsdatoen eller kun året."))

    def validate_phone(self, field: Field) -> None:
        Phone()(self, field)


class EraseForm(PortalForm):
    """Erasing asks for the case reference, so that nobody does it by habit."""

    case_reference = text_field(_l("Skriv borgerens sagsnummer"), 40)

    expected: str

    def expect(self, case_reference: str) -> "EraseForm":
        self.expected = case_reference
        return self

    def validate_case_reference(self, field: Field) -> None:
        if field.data != self.expected:
            raise ValidationError(_("Sagsnummeret passer ikke. Der er ikke slettet noget."))
