"""PortalForm and the fields and validators that rooms share: shape of input with Danish messages, never policy."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import phonenumbers
from babel.support import NullTranslations
from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from stdnum.dk import cvr
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import (
    DateField,
    DecimalField,
    Field,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    IntegerField,
    PasswordField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Email, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from portal.base import catalogues
from portal.base.cpr_numbers import contains_cpr
from portal.base.database import MAX_ID
from portal.base.texts import is_forbidden, mail_address, one_line, plain_lines

LONGEST_TEXT = 2000
"""Characters in any text field without a shorter limit of its own."""

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)

_DRAWN_EMPTY = frozenset("\u115f\u1160\u2800\u3164\uffa0")


class PortalForm(FlaskForm):
    """A form with Danish messages, a `form_id` against double submits, and limits no database trips over."""

    form_id = HiddenField(default=lambda: str(uuid4()))

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> NullTranslations:
            """WTForms ships no Danish catalogue; ours is `da/LC_MESSAGES/wtforms.po`."""
            return catalogues.load("da", "wtforms")

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Only what a form can send: files in file fields, words in the others, and no JSON."""
            if formdata is not _Auto:
                return formdata
            if request.method != "POST":
                return None
            wanted = {field.name for field in form if isinstance(field, FileField)}
            files = MultiDict(
                (name, file) for name, file in request.files.items(multi=True) if name in wanted
            )
            return CombinedMultiDict((files, request.form))

    def process(self, *args: Any, **kwargs: Any) -> None:
        """A field for one line takes one line: a browser sees to it, and whoever is no browser gets the same."""
        super().process(*args, **kwargs)
        for field in every_field(self):
            if isinstance(field.data, str) and isinstance(field, StringField):
                field.data = _in_lines(field)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Whether every field holds something its column can hold, besides its own validators."""
        for field in every_field(self):
            _bound(field)
        valid = bool(super().validate(extra_validators))
        for field in every_field(self):
            problem = _problem(field)
            if problem and not field.errors:
                field.errors = [*field.errors, problem]
                valid = False
        return valid


class DatedForm(PortalForm):
    """A form that must know which day it is, because something in it has happened already."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today


class VersionedForm(PortalForm):
    """A form that changes a record, and knows which version of it the reader saw."""

    version = IntegerField(validators=[Optional()], widget=HiddenInput())

    @property
    def seen_version(self) -> int:
        """What was sent. A form that names none has seen none: 0, which no record has.

        Not `version.data`: a field that was not sent keeps the record's own, and nobody saves past a colleague so.
        """
        return (self.version.data or 0) if self.version.raw_data else 0

    def accept_version(self, version: int) -> None:
        """Let the reader save over what she has now been told of."""
        self.version.data, self.version.raw_data = version, None


def every_field(fields: Iterable[Field]) -> Iterator[Field]:
    """Also those of a form inside the form, line by line."""
    for field in fields:
        if isinstance(field, FieldList | FormField):
            yield from every_field(field)
        else:
            yield field


def _in_lines(field: StringField) -> str:
    if isinstance(field, PasswordField):
        return str(field.data)  # a sign more or less is another password
    return plain_lines(field.data) if isinstance(field, TextAreaField) else one_line(field.data)


def _bound(field: Field) -> None:
    """A number beyond every column becomes one just beyond: WTForms' own validators stumble over 400 digits."""
    if isinstance(field.data, int) and abs(field.data) > MAX_ID:
        field.data = MAX_ID + 1 if field.data > 0 else -MAX_ID - 1


def _problem(field: Field) -> str | None:
    value = field.data
    if isinstance(value, str) and not isinstance(field, FileField):
        if is_forbidden(value):
            return _("Teksten indeholder et tegn, som ikke kan gemmes. Skriv den igen.")
        limit = field.longest if isinstance(field, LongTextField) else LONGEST_TEXT
        if len(value) > limit:
            return _("Skriv højst %(limit)s tegn.", limit=limit)
    if isinstance(value, int) and abs(value) > MAX_ID:
        return _("Tallet er for stort.")
    if isinstance(value, Decimal) and (not value.is_finite() or abs(value) > MAX_ID):
        return _("Skriv et almindeligt tal.")
    if isinstance(value, float) and not abs(value) <= MAX_ID:
        return _("Skriv et almindeligt tal.")
    if isinstance(value, date) and not EARLIEST <= value <= LATEST:
        return _("Datoen ligger for langt væk.")
    return None


class DanishDateField(DateField):
    """A date, as the browser's picker sends it (2026-12-24) or as Danes write it (24-12-2026, 24.12.2026)."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        formats = ["%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y"]
        super().__init__(label, validators, format=formats, **kwargs)


class DanishDecimalField(DecimalField):
    """A number with a decimal comma or point."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([value.strip().replace(",", ".") for value in valuelist])
        # No validator survives "NaN", and math none that signals; a field that was not sent keeps its float
        if isinstance(self.data, Decimal) and not self.data.is_finite():
            self.data = None
            raise ValueError(_("Skriv et almindeligt tal."))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data.normalize():f}".replace(".", ",")


class DanishHoursField(DanishDecimalField):
    """Hours, handed out as float because hours are compared, never added up in money."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None:
            self.data = float(self.data)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:g}".replace(".", ",")


class LongTextField(TextAreaField):
    """A text that may be longer than others, for what is read and not kept."""

    def __init__(self, label: Any = None, validators: Any = None, *, longest: int, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.longest = longest


def strip(value: str | None) -> str | None:
    """A field filter: surrounding space is never meant, and a text of signs that nobody sees is none."""
    if not isinstance(value, str):
        return value
    return value.strip() if any(_is_seen(sign) for sign in value) else ""


def _is_seen(sign: str) -> bool:
    """Whether a reader would see it: no space, no joiner or mark of direction, none of the letters drawn empty."""
    return not (sign.isspace() or sign in _DRAWN_EMPTY or unicodedata.category(sign) == "Cf")


def as_mailed(value: str | None) -> str | None:
    """A filter of fields for an e-mail: however it was typed, one inbox is one address."""
    stripped = strip(value)
    return (mail_address(stripped) or stripped) if stripped else stripped


def email_field(label: Any, *, length: int = 254, needed: bool = True, **kwargs: Any) -> StringField:
    """One e-mail; refuses what looks like a CPR number."""
    validators = [
        required() if needed else optional(),
        Length(max=length),
        Email(message=_l("Skriv en e-mail som navn@eksempel.dk."), allow_smtputf8=False),
        NoCpr(),
    ]
    return StringField(label, validators, filters=[as_mailed], **kwargs)


def required(message: Any = None) -> DataRequired:
    """The field must be filled."""
    return DataRequired(message or _l("Udfyld feltet."))


def answered(message: Any = None) -> InputRequired:
    """Like required, where 0 is an answer."""
    return InputRequired(message or _l("Udfyld feltet."))


class Chosen(NumberRange):
    """A key must be chosen in a select whose blank choice is 0."""

    def __init__(self, message: Any) -> None:
        super().__init__(1, MAX_ID, message)
        self.field_flags = {"required": True}


def optional() -> Optional:
    return Optional()


def text_field(label: Any, length: int, *, needed: bool = True, **kwargs: Any) -> StringField:
    """A one-line text with the length of its column; refuses what looks like a CPR number."""
    validators = [required() if needed else optional(), Length(max=length), NoCpr()]
    return StringField(label, validators, filters=[strip], **kwargs)


class NotInFuture:
    """Refuses a day after `today` of its form."""

    def __call__(self, form: Any, field: Field) -> None:
        if field.data and field.data > form.today:
            raise ValidationError(_("Datoen kan ikke ligge i fremtiden."))


class NoCpr:
    """Refuses a CPR-like number: the portal stores none. Numbers without mod-11 are valid too (domain.md 0.1)."""

    def __call__(self, form: Any, field: Field) -> None:
        if contains_cpr(field.data or ""):
            raise ValidationError(
                _("Skriv ikke CPR-numre her. Brug sagsnummeret, hvis du skal henvise til en person.")
            )


class Cvr:
    """A CVR number: eight digits with the check sum; 0 first is never issued (docs/rules.md#cvr)."""

    def __call__(self, form: Any, field: Field) -> None:
        digits = re.sub(r"\s", "", field.data or "")
        if not is_cvr(digits):
            raise ValidationError(_("Det er ikke et gyldigt CVR-nummer. Det har 8 cifre og står på virk.dk."))
        field.data = digits


def is_cvr(digits: str) -> bool:
    return digits.isascii() and len(digits) == 8 and not digits.startswith("0") and cvr.is_valid(digits)


class PNumber:
    """A P-number: ten digits. No check digit: a series was issued with wrong weights (docs/rules.md#p-number)."""

    def __call__(self, form: Any, field: Field) -> None:
        digits = re.sub(r"\s", "", field.data or "")
        if not is_p_number(digits):
            raise ValidationError(_("Et P-nummer har 10 cifre. Find det på virk.dk."))
        field.data = digits


def is_p_number(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and len(digits) == 10


class Postcode:
    """A Danish postcode: four digits."""

    def __call__(self, form: Any, field: Field) -> None:
        if not re.fullmatch(r"[0-9]{4}", (field.data or "").strip()):
            raise ValidationError(_("Et postnummer har 4 cifre, for eksempel 3300."))
        field.data = field.data.strip()


class Phone:
    """A phone number that can be called from Denmark."""

    def __call__(self, form: Any, field: Field) -> None:
        try:
            number = phonenumbers.parse(field.data or "", "DK")
        except phonenumbers.NumberParseException as error:
            raise ValidationError(_("Skriv et telefonnummer med 8 cifre.")) from error
        if not phonenumbers.is_possible_number(number):
            raise ValidationError(_("Skriv et telefonnummer med 8 cifre."))
        field.data = _phone_text(number)


def _phone_text(number: phonenumbers.PhoneNumber) -> str:
    international = number.country_code != 45
    style = (
        phonenumbers.PhoneNumberFormat.INTERNATIONAL
        if international
        else phonenumbers.PhoneNumberFormat.NATIONAL
    )
    return str(phonenumbers.format_number(number, style))
