"""In which language the reader reads, and what the shared pages, forms and errors say in it.

The source says everything in Danish, through gettext. What is stored, mailed or printed stays Danish, whoever asked for
it; so another language is spoken only where something is shown to a reader: within `in_readers_language()`.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import c2py
from typing import Any, Final

from babel.support import NullTranslations
from flask import flash, has_request_context, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from markupsafe import Markup, escape

from portal.base import catalogues, events
from portal.base.terms import Direction, Language

DANISH_CODE: Final = "da"
SENTENCES: Final = "sentence"
"""The context of what a catalogue says for a sentence of the source, before any other that reads the same in Danish."""

_KEPT: Final = "portal.reads"
_spoken: ContextVar[Language | None] = ContextVar("spoken", default=None)
_PLACEHOLDER: Final = re.compile(r"%\((\w+)\)[sd]")
_WRITTEN_DAY: Final = re.compile(r"\d+-\d+-(?:\d+|\u2068?%\(\w+\)s\u2069?)")
_ISOLATED: Final = {Direction.LTR: "{}", Direction.RTL: "\u2068{}\u2069"}
"""A Danish name or a number keeps its own direction within a sentence that is read from the right."""


# --- Who reads what ------------------------------------------------------------------------------------------


def readers_language() -> Language | None:
    """The language of the citizen who has signed in, or of the visitor whom `let_visitor_read` was called for.

    None: Danish, as for everybody else, and for her where the address asks for the page in Danish (`?in=da`).
    """
    if not has_request_context() or request.args.get("in") == DANISH_CODE:
        return None
    known: dict[int | None, Language | None] = request.environ.setdefault(_KEPT, {})
    if not current_user.is_authenticated:
        return known.get(None)
    if current_user.id not in known:
        known[current_user.id] = events.language_of(current_user)
    return known[current_user.id]


def let_visitor_read(language: Language | None) -> None:
    """Let whoever has not signed in read this answer in the language."""
    request.environ.setdefault(_KEPT, {})[None] = language


def asked_language() -> Language | None:
    """The language that the address names, as pages before a login have it."""
    asked = request.args.get("language", "")
    return Language(asked) if asked in set(Language) else None


@contextmanager
def in_readers_language() -> Iterator[None]:
    """Say everything in the reader's language meanwhile."""
    before = _spoken.set(readers_language())
    try:
        yield
    finally:
        _spoken.reset(before)


def spoken() -> Language | None:
    """The language that is spoken now; None: Danish."""
    return _spoken.get()


def rendered(template: str, **context: Any) -> str:
    """The page in the reader's language."""
    with in_readers_language():
        return render_template(template, **context)


# --- What is said --------------------------------------------------------------------------------------------


class SpokenWords(NullTranslations):
    """The catalogue of a language, asked by what the source says; a sentence it does not have stays Danish.

    Placeholders are written "{name}" there, as in all that is translated, and "%(name)s" in the source.
    """

    def __init__(self, language: Language) -> None:
        super().__init__()
        catalogue = catalogues.read(language.value)
        translated = [(one.context, _texts(one.id), _texts(one.string)) for one in catalogue if one.context]
        translated.sort(key=lambda one: one[0] == SENTENCES)
        self._forms = {_key(ids[0]): forms for _context, ids, forms in translated if all(forms)}
        self._rule = c2py(catalogue.plural_expr)
        self._isolated = _ISOLATED[language.direction]
        self._is_rtl = language.direction is Direction.RTL

    def has(self, message: str) -> bool:
        return _key(message) in self._forms

    def gettext(self, message: str) -> str:
        forms = self._forms.get(_key(message))
        return message if forms is None else self._as_asked(message, forms[-1])

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        forms = self._forms.get(_key(singular))
        if forms is None:
            return singular if count == 1 else plural
        return self._as_asked(plural, forms[self._rule(count) if len(forms) > 1 else 0])

    def ugettext(self, message: str) -> str:
        return self.gettext(message)

    def ungettext(self, singular: str, plural: str, count: int) -> str:
        return self.ngettext(singular, plural, count)

    def _as_asked(self, message: str, text: str) -> str:
        """With the placeholders that the source fills."""
        for found in _PLACEHOLDER.finditer(message):
            text = text.replace(f"{{{found[1]}}}", self._isolated.format(f"%({found[1]})s"))
        if self._is_rtl:  # or 14-12-2026 would be read as 2026-12-14
            text = _WRITTEN_DAY.sub("\u2066\\g<0>\u2069", text)
        return text[:1].upper() + text[1:] if message[:1].isupper() else text


def _texts(text: Any) -> tuple[str, ...]:
    """All forms of a text; a translation that is not there is an empty one."""
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def _key(message: str) -> str:
    """A word is the same alone and at the beginning of a sentence."""
    written = _PLACEHOLDER.sub(r"{\1}", message)
    return written[:1].lower() + written[1:]


@cache
def words_in(language: Language) -> SpokenWords:
    """The catalogue, read once."""
    return SpokenWords(language)


def filled(sentence: str, **values: Any) -> str:
    """A sentence of the source, filled with words that may be marked as another language's."""
    if spoken() is None:
        return _(sentence, **values)
    return escape(_(sentence)) % values


# --- What was said to her before the page she is shown -------------------------------------------------------


def tell(sentence: str, plural: str = "", **values: Any) -> None:
    """Flash a sentence that is filled in: the page that shows it says it in its own language."""
    told: Any = {"sentence": sentence, "plural": plural, "values": values}
    flash(told, "success")


def as_read(told: str | Mapping[str, Any]) -> str:
    """What was flashed, in the language of the page; marked as Danish where the language has no words for it."""
    language = spoken()
    if isinstance(told, Mapping):
        if told["plural"]:
            return ngettext(told["sentence"], told["plural"], **told["values"])
        return filled(told["sentence"], **{name: marked(value) for name, value in told["values"].items()})
    if language is None:
        return told
    if words_in(language).has(told):
        return words_in(language).gettext(told)
    return Markup('<span lang="da" dir="ltr">{}</span>').format(told)


def marked(value: Any) -> Any:
    """What somebody wrote, on a page in another language; a number is a number in each."""
    if spoken() is None or not isinstance(value, str):
        return value
    return Markup('<span lang="" dir="auto">{}</span>').format(value)
