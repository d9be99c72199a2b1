"""Forms of citizens: shape, labels and messages."""

import re
from datetime import date
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import Length
from wtforms.widgets import TextInput

from portal.base import clock
from portal.base.database import MAX_ID
from portal.base.terms import Language
from portal.loop.citizens.births import read_born, written_born
from portal.shared.accounts.models import User
from portal.shared.rules.checks import Born
from portal.web.forms import (
    DanishDateField,
    NoCpr,
    NotInFuture,
    Phone,
    PortalForm,
    VersionedForm,
    answered,
    strip,
    text_field,
)
from portal.web.typed_fields import TypedField

_KEY = re.compile(r"\b\d{1,9}\b", re.ASCII)
_MOST_KEYS: Final = 200
"""Far more than a question names; a database takes no list without an end."""


def id_or_none(value: Any) -> int | None:
    """What a select field with an empty choice holds."""
    return None if value in (None, "", "None") else int(value)


def language_or_none(value: Any) -> Language | None:
    """Raises ValueError for a language that is not offered, which the field answers in Danish."""
    return None if value in (None, "", "None") else Language(value)


class FirstTalkForm(PortalForm):
    """The day of the first conversation."""

    held_on = DanishDateField(
        _l("Dag for samtalen"),
        [answered(), NotInFuture()],
        description=_l("Første gang en fra kommunen talte med borgeren: ved et møde eller i telefonen."),
    )

    today: date


class BirthField(TypedField):
    """A day or a year alone, in one field; what cannot be read stays as it was typed, with what can."""

    data: Born | None
    widget = TextInput()

    def read(self, text: str) -> Born | None:
        return read_born(text, clock.today())

    def written(self, value: Born) -> str:
        return written_born(value)


class IdsField(Field):
    """Keys in one value, as a button sends them: what is none of them is left out, and no text is kept."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        keys = _KEY.findall(valuelist[0])[:_MOST_KEYS] if valuelist else ()
        self.data = {int(key) for key in keys}

    def _value(self) -> str:
        return ",".join(str(key) for key in sorted(self.data or ()))


class CitizenForm(VersionedForm):
    """Identity and who follows the citizen. The consultants come from the view."""

    case_reference = text_field(
        _l("Sagsnummer"),
        40,
        description=_l("Nummeret i kommunens fagsystem, for eksempel 26/10431. Ikke CPR."),
    )
    first_name = StringField(_l("Fornavn"), [Length(max=80), NoCpr()], filters=[strip])
    last_name = text_field(
        _l("Efternavn"),
        80,
        needed=False,
        description=_l("Lad feltet stå tomt, hvis borgeren kun har ét navn."),
    )
    born = BirthField(
        _l("Fødselsdato eller fødselsår"),
        description=_l(
            "For eksempel 24-12-1986, eller kun 1986. Lad feltet stå tomt, hvis ingen ved det. "
            "Bruges til lovens aldersgrænser og til at foreslå en målgruppe. Matchet ser den ikke."
        ),
    )
    phone = text_field(_l("Telefon"), 20, needed=False)
    others = IdsField()
    """Whom the form asked about, and who somebody said is another."""
    consultant_id = SelectField(_l("Konsulent"), coerce=id_or_none)
    language = SelectField(
        _l("Sprog"),
        choices=[("", _l("Kun dansk")), *Language.choices()],
        coerce=language_or_none,
        description=_l(
            "Til “Min side” og til kortet på papir. Borgeren kan selv vælge om. Matchet ser det ikke."
        ),
    )

    def offer(self, consultants: list[User]) -> "CitizenForm":
        """Fill in what the form cannot know by itself."""
        self.consultant_id.choices = [("", _("Ingen endnu")), *[(user.id, user.name) for user in consultants]]
        return self

    def validate_first_name(self, field: Field) -> None:
        if not field.data and not self.last_name.data:
            raise ValidationError(_("Skriv borgerens navn."))

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


class TickedCitizensForm(PortalForm):
    """Several at once, ticked in a list that was searched."""

    citizens = SelectMultipleField(_l("Borgere"), coerce=int, validate_choice=False)

    def validate_citizens(self, field: SelectMultipleField) -> None:
        if not field.data:
            raise ValidationError(_("Sæt kryds ved mindst én borger."))
        if not all(0 < key <= MAX_ID for key in field.data):
            raise ValidationError(_("Søg igen, og sæt kryds ved borgerne."))
