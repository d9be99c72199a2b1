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
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from stdnum.dk import cvr
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import (
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
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from portal.base import catalogues
from portal.base.cpr_numbers import contains_cpr
from portal.base.database import MAX_ID
from portal.base.places import read_postcode
from portal.base.texts import is_forbidden, mail_address, one_line, plain_lines, without_unseen
from portal.base.typed import NotRead, as_read
from portal.base.typed_days import EARLIEST, LATEST
from portal.web.field_messages import Answered, Required, named
from portal.web.reading import in_readers_language, spoken, words_in
from portal.web.sealed_posts import is_shown_again
from portal.web.typed_fields import ClockField as ClockField
from portal.web.typed_fields import DanishDateField as DanishDateField
from portal.web.typed_fields import DanishDecimalField as DanishDecimalField
from portal.web.typed_fields import DanishHoursField as DanishHoursField
from portal.web.typed_fields import NotInFuture as NotInFuture
from portal.web.typed_fields import WholeNumberField as WholeNumberField

_NUMBER_SAID = r"[- .]{0,2}(?:nummer|nr|no|#)?[.:# ]*"
_SAID_OF_CVR = re.compile(rf"^[('\"]*(?:(?:CVR|VAT){_NUMBER_SAID})?(?:DK[-: ]*)?(?=\d)", re.IGNORECASE)
_SAID_OF_P_NUMBER = re.compile(
    rf"^[('\"]*(?:(?:produktions(?:enheds)?-?|P){_NUMBER_SAID}|(?:P-?|produktions-?)enhed(?:en)?[.: ]*)?(?=\d)",
    re.IGNORECASE,
)
_SET_APART = re.compile(r"[\s._/-]|[,;)('\"]+$")
_LIKE_CPR = re.compile(r"\d{6}\s*-\s*\d{4}")
LONGEST_TEXT = 2000
"""Characters in any text field without a shorter limit of its own."""

_DRAWN_EMPTY = frozenset("\u115f\u1160\u2800\u3164\uffa0")


class ByWayOfDanish(NullTranslations):
    """What the form library says, in the language that is spoken when it is said: by what the portal says in Danish."""

    def __init__(self, danish: NullTranslations) -> None:
        super().__init__()
        self._danish = danish

    def gettext(self, message: str) -> str:
        language, said = spoken(), self._danish.gettext(message)
        return said if language is None else words_in(language).gettext(said)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        language = spoken()
        if language is None:
            return self._danish.ngettext(singular, plural, count)
        one, many = (self._danish.ngettext(singular, plural, number) for number in (1, 2))
        return words_in(language).ngettext(one, many, count)


class PortalForm(FlaskForm):
    """A form with Danish messages, a `form_id` against double submits, and limits no database trips over."""

    form_id = HiddenField(default=lambda: str(uuid4()))

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> NullTranslations:
            """WTForms ships no Danish catalogue; ours is `da/LC_MESSAGES/wtforms.po`."""
            return ByWayOfDanish(catalogues.load("da", "wtforms"))

        def render_field(self, field: Any, render_kw: Any) -> Any:
            """A browser cuts what is pasted at a `maxlength` without a word: the server says how long it is."""
            return super().render_field(field, {"maxlength": False, **render_kw})

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
        with in_readers_language():
            super().process(*args, **kwargs)
        for field in every_field(self):
            if isinstance(field.data, str) and isinstance(field, StringField):
                field.data = _in_lines(field)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Whether every field holds something its column can hold, besides its own validators.

        A form that is filled in again for its writer is neither right nor wrong before she has sent it herself.
        """
        if is_shown_again():
            return False
        with in_readers_language():
            return self._holds(extra_validators)

    def _holds(self, extra_validators: Mapping[str, Sequence[Any]] | None) -> bool:
        for field in every_field(self):
            _bound(field)
        valid = bool(super().validate(extra_validators))
        for field in every_field(self):
            problem = _problem(field)
            if problem and not field.errors:
                field.errors = [*field.errors, problem]
                valid = False
            if isinstance(field.errors, list):
                field.errors[:] = [named(field, str(error)) for error in field.errors]
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
    text = without_unseen(field.data)
    return plain_lines(text) if isinstance(field, TextAreaField) else one_line(text)


def _bound(field: Field) -> None:
    """A number beyond every column becomes one just beyond: WTForms' own validators stumble over 400 digits."""
    if isinstance(field.data, int) and abs(field.data) > MAX_ID:
        field.data = MAX_ID + 1 if field.data > 0 else -MAX_ID - 1


def _problem(field: Field) -> str | None:
    value = field.data
    if isinstance(value, str) and not isinstance(field, FileField):
        if is_forbidden(value):
            return _("Teksten indeholder et tegn, som ikke kan gemmes. Skriv den igen.")
        limit = getattr(field, "longest", LONGEST_TEXT)
        if len(value) > limit:
            return _("Skriv højst %(limit)s tegn. Der står %(count)s.", limit=limit, count=len(value))
    if isinstance(value, int) and abs(value) > MAX_ID:
        return _("Tallet er for stort.")
    if isinstance(value, Decimal) and (not value.is_finite() or abs(value) > MAX_ID):
        return _("Skriv et almindeligt tal.")
    if isinstance(value, float) and not abs(value) <= MAX_ID:
        return _("Skriv et almindeligt tal.")
    if isinstance(value, date) and not EARLIEST <= value <= LATEST:
        return _("Datoen ligger for langt væk.")
    return None


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
        MailAddress(),
        NoCpr(),
    ]
    return StringField(label, validators, filters=[as_mailed], **kwargs)


def required(message: Any = None) -> Required:
    """The field must be filled; without a message of its own it asks for what its label names."""
    return Required(message)


def answered(message: Any = None) -> Answered:
    """Like required, where 0 is an answer."""
    return Answered(message)


class Chosen(NumberRange):
    """A key must be chosen in a select whose blank choice is 0."""

    def __init__(self, message: Any) -> None:
        super().__init__(1, MAX_ID, message)
        self.field_flags = {"required": True}


def optional() -> Optional:
    return Optional()


def text_field(
    label: Any, length: int, *, needed: bool = True, missing: Any = None, **kwargs: Any
) -> StringField:
    """A one-line text with the length of its column; refuses what looks like a CPR number.

    `missing` says what to write where the label does not tell.
    """
    validators = [required(missing) if needed else optional(), Length(max=length), NoCpr()]
    return StringField(label, validators, filters=[strip], **kwargs)


class NoCpr:
    """Refuses a CPR-like number: the portal stores none. Numbers without mod-11 are valid too (domain.md 0.1)."""

    def __call__(self, form: Any, field: Field) -> None:
        if contains_cpr(field.data or ""):
            raise ValidationError(
                _("Skriv ikke CPR-numre her. Brug sagsnummeret, hvis du skal henvise til en person.")
            )


class MailAddress:
    """An e-mail address, as files too read it."""

    def __call__(self, form: Any, field: Field) -> None:
        if mail_address(field.data or "") is None:
            raise ValidationError(_("Skriv en e-mail som navn@eksempel.dk."))


class Cvr:
    """A CVR number: eight digits with the check sum; 0 first is never issued (docs/rules.md#cvr)."""

    def __call__(self, form: Any, field: Field) -> None:
        digits = cvr_digits(field.data or "")
        if not is_cvr(digits):
            raise ValidationError(_("Det er ikke et gyldigt CVR-nummer. Det har 8 cifre og står på virk.dk."))
        field.data = digits


def cvr_digits(text: str) -> str:
    """The digits of a CVR number as people set them: "DK 13 74 81 36", "CVR-nr. 13748136"."""
    return _SET_APART.sub("", _SAID_OF_CVR.sub("", as_read(text)))


def is_cvr(digits: str) -> bool:
    return digits.isascii() and len(digits) == 8 and not digits.startswith("0") and cvr.is_valid(digits)


class PNumber:
    """A P-number: ten digits. No check digit: a series was issued with wrong weights (docs/rules.md#p-number)."""

    def __call__(self, form: Any, field: Field) -> None:
        digits = p_number_digits(field.data or "")
        if not is_p_number(digits):
            raise ValidationError(_("Et P-nummer har 10 cifre. Find det på virk.dk."))
        field.data = digits


def p_number_digits(text: str) -> str:
    """The digits of a P-number as people set them: "P-nr. 1000 000 108".

    A hyphen before four digits is left, for ten digits set so are a person's.
    """
    bare = _SAID_OF_P_NUMBER.sub("", as_read(text))
    return _SET_APART.sub("", bare) if not _LIKE_CPR.fullmatch(bare) else bare


def is_p_number(digits: str) -> bool:
    """Ten digits. They begin with 1, and where they do not, a day of birth is a person's number."""
    is_ten = digits.isascii() and digits.isdigit() and len(digits) == 10
    return is_ten and (digits.startswith("1") or not contains_cpr(digits))


class Postcode:
    """A Danish postcode where somebody can live; the town may stand behind."""

    def __call__(self, form: Any, field: Field) -> None:
        try:
            field.data = read_postcode(field.data or "")
        except NotRead as reason:
            raise ValidationError(str(reason)) from reason


class Phone:
    """A phone number that can be called from Denmark."""

    def __call__(self, form: Any, field: Field) -> None:
        try:
            number = phonenumbers.parse(as_read(field.data or ""), "DK")
        except phonenumbers.NumberParseException as error:
            raise ValidationError(_("Skriv et telefonnummer med 8 cifre.")) from error
        # A second number behind a comma would be taken for an extension of the first.
        if not phonenumbers.is_possible_number(number) or number.extension:
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
