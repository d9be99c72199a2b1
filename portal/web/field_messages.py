"""What a field says when its answer is missing or does not fit: a sentence that names the thing."""

import re
from typing import Any, Final

from flask_babel import gettext as _
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.validators import DataRequired, InputRequired, StopValidation

from portal.web.typed_fields import DanishDateField, DanishDecimalField

_UNCHANGED: Final = re.compile(r"[A-ZÆØÅ]([A-ZÆØÅ]|-)")
"""Begins a name that keeps its capital inside a sentence: CVR-nummer, P-nummer."""

_TOO_LONG: Final = re.compile(r"Skriv højst \d+ tegn\.")


class Required(DataRequired):
    """The field must be filled."""

    def __call__(self, form: Any, field: Field) -> None:
        try:
            super().__call__(form, field)
        except StopValidation as missing:
            raise StopValidation(str(self.message or what_is_asked(field))) from missing


class Answered(InputRequired):
    """Like Required, where 0 is an answer."""

    def __call__(self, form: Any, field: Field) -> None:
        try:
            super().__call__(form, field)
        except StopValidation as missing:
            raise StopValidation(str(self.message or what_is_asked(field))) from missing


def what_is_asked(field: Field) -> str:
    """What to do at an empty field, by its own name."""
    label = str(field.label.text).rstrip(" :.")
    if label.endswith("?"):
        return _("Svar på: %(question)s", question=label)
    if label.startswith("Skriv "):
        return f"{label}."
    name = _inside_a_sentence(label)
    if isinstance(field, BooleanField):
        return _("Sæt kryds ved “%(name)s”.", name=label)
    if isinstance(field, RadioField | SelectField | SelectMultipleField):
        return _("Vælg %(name)s.", name=name)
    if isinstance(field, DanishDateField | DateField):
        return _("Skriv en dato i “%(name)s”.", name=label)
    if isinstance(field, DanishDecimalField | IntegerField):
        return _("Skriv et tal i “%(name)s”.", name=label)
    if isinstance(field, FileField):
        return _("Vælg en fil.")
    return _("Skriv %(name)s.", name=name)


def named(field: Field, error: str) -> str:
    """The library's message with the thing in it: which choice is missing, and how long a text is."""
    if error == field.gettext("Not a valid choice.") or error == field.gettext(
        "Invalid Choice: could not coerce."
    ):
        return what_is_asked(field)
    if _TOO_LONG.fullmatch(error) and isinstance(field.data, str):
        return _("%(told)s Der står %(count)s.", told=error, count=len(field.data))
    return error


def _inside_a_sentence(label: str) -> str:
    return label if _UNCHANGED.match(label) and not label.startswith("E-") else label[:1].lower() + label[1:]
