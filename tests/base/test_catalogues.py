"""Catalogues are spoken as they are written: no build step, no entry left out, nothing said in English."""

import re
import string
from pathlib import Path

import flask_wtf
import pytest
import wtforms
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import PoFileError

from portal.base import catalogues

PLURALS = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "da" / "LC_MESSAGES").mkdir(parents=True)
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    catalogues.load.cache_clear()
    yield tmp_path / "da" / "LC_MESSAGES"
    catalogues.load.cache_clear()


def test_an_entry_marked_fuzzy_is_spoken(folder):
    (folder / "toy.po").write_text(f'{PLURALS}#, fuzzy\nmsgid "bread"\nmsgstr "brød"\n', encoding="utf-8")

    assert catalogues.load("da", "toy").gettext("bread") == "brød"


def test_without_a_catalogue_the_source_is_spoken(folder):
    assert catalogues.load("da", "toy").gettext("Gem") == "Gem"


def test_a_broken_catalogue_is_an_error_and_never_half_a_language(folder):
    (folder / "toy.po").write_text(f'{PLURALS}msgid "bread"\nmsgstr "brød\nmsgid "salt"\n', encoding="utf-8")

    with pytest.raises(PoFileError):
        catalogues.load("da", "toy")


def said_by_the_libraries() -> set[str | tuple[str, ...]]:
    """Every message that WTForms and Flask-WTF may show at a field: extracted from their source."""
    return {
        message
        for library in (wtforms, flask_wtf)
        for _, _, message, _, _ in extract_from_dir(
            Path(library.__file__).parent,
            [("**.py", "python")],
            keywords={"gettext": None, "ngettext": (1, 2)},
        )
    }


def test_every_message_of_the_form_library_is_danish_and_no_other_is_kept():
    """A new release of the library with a new message fails here, not on a form in English."""
    written = {message.id: message.string for message in catalogues.read("da", "wtforms") if message.id}

    assert set(written) == said_by_the_libraries()
    assert [
        found for found in written.values() if not all([found] if isinstance(found, str) else found)
    ] == []


def test_what_a_message_fills_in_stays_in_the_danish():
    def filled_in(text: str) -> set[str]:
        braces = {f"{{{name}}}" for _, name, _, _ in string.Formatter().parse(text) if name}
        return set(re.findall(r"%\(\w+\)[sd]|%s", text)) | braces

    for message in catalogues.read("da", "wtforms"):
        if message.id:
            ids, texts = (
                (message.id, message.string) if message.pluralizable else ([message.id], [message.string])
            )
            assert all(filled_in(text) == filled_in(ids[0]) for text in texts), message.id


@pytest.mark.parametrize("count", [1, 2])
def test_a_count_is_said_in_danish(count):
    said = catalogues.load("da", "wtforms").ngettext(
        "Field cannot be longer than %(max)d character.",
        "Field cannot be longer than %(max)d characters.",
        count,
    )

    assert said % {"max": count} == f"Skriv højst {count} tegn."
