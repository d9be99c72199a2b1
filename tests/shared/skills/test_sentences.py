"""The sentences that a citizen meets beside her own pages: each is one that the source says, in the way it says it."""

import ast
import re
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext
from jinja2 import Environment, nodes
from markupsafe import Markup

import portal
from portal.base import catalogues
from portal.base.terms import Language
from portal.shared.skills.sentences import SENTENCES
from portal.web import reading
from portal.web.presentation import da_date
from tests.factories import TODAY

PORTAL = Path(portal.__file__).parent
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def as_translated(text: str) -> str:
    return PLACEHOLDER.sub(r"{\1}", text)


def literals() -> set[str]:
    """Every text in code and templates, and what the form library says in Danish."""
    found: set[str] = set()
    for file in set(PORTAL.rglob("*.py")) - {PORTAL / "shared" / "skills" / "sentences.py"}:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        found |= {
            one.value
            for one in ast.walk(tree)
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
        }
    jinja = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    for file in (PORTAL / "templates").rglob("*.html"):
        tree = jinja.parse(file.read_text(encoding="utf-8"))
        found |= {one.value for one in tree.find_all(nodes.Const) if isinstance(one.value, str)}
    for message in catalogues.read("da", "wtforms"):
        found |= {message.string} if isinstance(message.string, str) else set(message.string)
    return {as_translated(one) for one in found}


def test_every_sentence_is_one_that_the_source_says() -> None:
    said = literals()

    assert [form for one in SENTENCES for form in one.forms if form not in said] == []


@pytest.fixture
def spoken_arabic(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    token = reading._spoken.set(Language.AR)
    yield
    reading._spoken.reset(token)


@pytest.mark.usefixtures("spoken_arabic")
def test_a_sentence_is_filled_in_her_language_and_what_is_filled_in_keeps_its_direction() -> None:
    assert _("Tekst %(number)s", number=3) == "نص \u20683\u2069"
    assert _("ukendt sætning") == "ukendt sætning"


@pytest.mark.usefixtures("spoken_arabic")
def test_a_day_in_a_sentence_is_read_from_the_left_on_a_page_from_the_right(app: Flask) -> None:
    assert "\u206614-12-2026\u2069" in _("Fx 14-12-2026.")
    assert "\u206614-12-\u20682026\u2069\u2069" in _("Skriv også dagen, fx 14-12-%(year)s.", year=2026)


@pytest.mark.usefixtures("spoken_arabic")
def test_a_count_takes_the_form_of_her_language() -> None:
    told = [ngettext("%(num)s time", "%(num)s timer", count) for count in (1, 3, 11)]

    assert told == ["ساعة واحدة (\u20681\u2069)", "\u20683\u2069 ساعات", "\u206811\u2069 ساعة"]


@pytest.mark.usefixtures("spoken_arabic")
def test_a_word_begins_with_a_capital_where_the_source_has_one(app: Flask) -> None:
    words = reading.words_in(Language.EN)

    assert (words.gettext("Ofte"), words.gettext("ofte")) == ("Often", "often")


def test_days_are_said_in_the_language_that_is_spoken(app: Flask) -> None:
    danish = da_date(TODAY)
    token = reading._spoken.set(Language.EN)
    try:
        assert da_date(TODAY) != danish
    finally:
        reading._spoken.reset(token)
    assert da_date(TODAY) == danish


def test_what_was_told_is_filled_where_it_is_shown_and_marks_what_somebody_wrote(app: Flask) -> None:
    told = {
        "sentence": "“%(text)s” er på kortet med egne ord.",
        "plural": "",
        "values": {"text": "<b>brød</b>"},
    }

    assert reading.as_read(told) == "“<b>brød</b>” er på kortet med egne ord."
    token = reading._spoken.set(Language.EN)
    try:
        shown = reading.as_read(told)
        assert isinstance(shown, Markup)
        assert '<span lang="" dir="auto">&lt;b&gt;brød&lt;/b&gt;</span>' in shown
        assert reading.as_read("Noget på dansk") == '<span lang="da" dir="ltr">Noget på dansk</span>'
    finally:
        reading._spoken.reset(token)
