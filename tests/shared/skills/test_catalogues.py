"""The portal's own words in seven languages: as the source asks for them, whole, and reviewed only where it says so."""

import csv
import string
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from portal.base import catalogues
from portal.base.terms import Language
from portal.loop.cards.translator import Translator
from portal.shared.skills import translations
from portal.shared.skills.phrases import INTERFACE
from portal.shared.skills.translations import (
    Completeness,
    PhraseKind,
    ReviewState,
    completeness,
    missing,
    search,
    translated,
    unreviewed,
)
from portal.workspaces.mine.export import FileKind
from tests.support.phrases import SAYERS, uses
from tools.catalogues import main, template, update, write

EVERY_LANGUAGE = pytest.mark.parametrize("language", list(Language), ids=lambda language: language.value)


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def placeholders(text: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


# --- As the source has them --------------------------------------------------------------------------------


def test_babel_finds_every_phrase_in_the_source() -> None:
    found = [(message.context, forms(message.id)) for message in messages(template())]

    assert found == [(one.kind, one.forms) for one in INTERFACE]


@EVERY_LANGUAGE
def test_a_catalogue_translates_what_the_source_says_today(language: Language) -> None:
    """Fails on a Danish text that was changed, on a phrase that is missing and on one no longer in the source.

    Mend: python -m tools.catalogues, then translate what is empty.
    """
    written = [(message.context, message.id) for message in messages(catalogues.read(language.value))]

    assert written == [(message.context, message.id) for message in messages(template())]


@EVERY_LANGUAGE
def test_no_text_and_no_plural_form_is_empty(language: Language) -> None:
    catalogue = catalogues.read(language.value)

    for message in messages(catalogue):
        expected = catalogue.num_plurals if message.pluralizable else 1
        assert len(forms(message.string)) == expected, message.id
        assert all(forms(message.string)), message.id


@EVERY_LANGUAGE
def test_every_form_is_filled_with_what_the_danish_is_filled_with(language: Language) -> None:
    for message in messages(catalogues.read(language.value)):
        for form in (*forms(message.id), *forms(message.string)):
            assert placeholders(form) == placeholders(forms(message.id)[0]), message.id


@EVERY_LANGUAGE
def test_a_catalogue_is_written_as_the_tool_writes_it(language: Language, folder: Path) -> None:
    """So a change shows as what it changed, and bringing an up-to-date catalogue into line changes nothing."""
    file = catalogues.path_of(language.value)
    before = file.read_bytes()

    update(language.value)

    assert file.read_bytes() == before


def test_no_phrase_is_kept_that_no_code_asks_for() -> None:
    """Whole sets (levels, days, reasons to look) are compared with the portal's enums in test_translations.py."""
    asked = {use.pair for use in uses()} | {("page", f"download_{kind.value}") for kind in FileKind}
    single = {one.kind for one in INTERFACE} & {"heading", "note", "page", "reason"}

    assert [
        (one.kind, one.key) for one in INTERFACE if one.kind in single and (one.kind, one.key) not in asked
    ] == []


def test_no_code_asks_for_a_phrase_that_is_none() -> None:
    known = {(one.kind, one.key) for one in INTERFACE}
    said = {use for use in uses() if use.by in SAYERS and use.kind not in {"skill", "task", "word"}}
    asked = {use.pair for use in said if use.key}  # a card's line may be said in Danish alone

    assert len(asked) > 100
    assert asked - known == set()


# --- Counting ----------------------------------------------------------------------------------------------


def test_arabic_has_six_forms_and_uses_each_where_it_belongs() -> None:
    phrase = translated(PhraseKind.HEADING, "hours_up_to", Language.AR)

    assert phrase is not None
    assert len(phrase.forms) == 6
    chosen = {
        count: phrase.forms.index(phrase.form({"hours": count})) for count in ("0", "1", "2", "3", "10")
    }
    assert chosen == {"0": 0, "1": 1, "2": 2, "3": 3, "10": 3}
    assert phrase.plural is not None
    assert [phrase.plural.rule(count) for count in (11, 37, 99, 100, 102, 103, 111)] == [4, 4, 4, 5, 5, 3, 4]


@pytest.mark.parametrize(
    ("language", "indices"),
    [
        (Language.EN, [0, 1, 1, 1, 1]),
        (Language.UK, [0, 1, 2, 0, 2]),
        (Language.TR, [0, 0, 0, 0, 0]),
    ],
    ids=lambda value: value.value if isinstance(value, Language) else "",
)
def test_a_language_counts_by_its_own_rule(language: Language, indices: list[int]) -> None:
    phrase = translated(PhraseKind.HEADING, "hours_exact", language)

    assert phrase is not None
    assert phrase.plural is not None
    assert [phrase.plural.rule(count) for count in (1, 2, 5, 21, 111)] == indices


def test_one_hour_is_one_hour_and_a_fraction_is_none() -> None:
    english = translated(PhraseKind.HEADING, "hours_exact", Language.EN)

    assert english is not None
    said = [english.filled(hours=hours) for hours in ("1", "1,5", "30")]
    assert said == ["1 hour a week", "1,5 hours a week", "30 hours a week"]
    assert Translator().say("heading", "hours_exact", hours="1") == "1 time om ugen"
    assert Translator().say("heading", "hours_exact", hours="30") == "30 timer om ugen"


# --- Reviewing and changing --------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the catalogues and of the vocabulary's files, to write in."""
    for file in [*catalogues.FOLDER.rglob("*.*"), *translations.FOLDER.glob("*.csv")]:
        there = tmp_path / (file.relative_to(catalogues.FOLDER) if "LC_MESSAGES" in file.parts else file.name)
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_bytes(file.read_bytes())
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    for module in ("portal.shared.skills.translations", "tools.catalogues"):
        monkeypatch.setattr(f"{module}.FOLDER", tmp_path)
        monkeypatch.setattr(f"{module}.REVIEWED", tmp_path / "reviewed.csv")
    translations._translations.cache_clear()
    yield tmp_path
    translations._translations.cache_clear()


def hand_in(folder: Path, *rows: tuple[str, str, str, str, str]) -> None:
    """What a reviewer sends back: the list from the page, with her name by what she has read."""
    with (folder / "review.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows(
            [("kind", "key", "Dansk", "Oversættelse", "Gennemset af"), *rows]
        )
    main(["uk", str(folder / "review.csv"), "--on", "2026-12-01"])
    translations._translations.cache_clear()


def test_nobody_has_reviewed_anything_until_a_name_stands_there(folder: Path) -> None:
    assert completeness(Language.UK).reviewed == 0
    total = len(translations.entries(Language.UK))

    hand_in(
        folder,
        ("page", "save", "Gem", "Зберегти це", "Olena K."),
        ("page", "yes", "Ja", "Так", ""),
        ("word", "koekken.kop", "en kop", "чашка", "Olena K."),
    )

    assert completeness(Language.UK) == Completeness(total=total, translated=total, reviewed=2)
    save = translated(PhraseKind.PAGE, "save", Language.UK)
    assert save is not None
    assert (save.text, save.reviewed_by) == ("Зберегти це", "Olena K.")
    assert [entry.key for entry in search(Language.UK, state=ReviewState.REVIEWED)] == ["save", "koekken.kop"]
    assert ("page", "yes") in {(entry.kind, entry.key) for entry in unreviewed(Language.UK)}
    assert "uk,page,save," in (folder / "reviewed.csv").read_text(encoding="utf-8")


def test_all_forms_of_a_text_that_counts_are_reviewed_together(folder: Path) -> None:
    hand_in(
        folder, ("heading", "hours_exact", "", "{hours} година / {hours} години / {hours} годин", "Olena K.")
    )

    phrase = translated(PhraseKind.HEADING, "hours_exact", Language.UK)

    assert phrase is not None
    assert phrase.reviewed_by == "Olena K."
    assert phrase.filled(hours="22") == "22 години"


def test_a_review_that_lost_a_form_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="2 forms"):
        hand_in(folder, ("heading", "hours_exact", "", "{hours} година / {hours} годин", "Olena K."))


def test_a_text_changed_after_its_review_is_unreviewed_again(folder: Path) -> None:
    hand_in(folder, ("page", "save", "Gem", "Зберегти", "Olena K."))
    file = catalogues.path_of("uk")

    file.write_text(file.read_text(encoding="utf-8").replace('"Зберегти"', '"Зберегти!"'), encoding="utf-8")
    translations._translations.cache_clear()

    save = translated(PhraseKind.PAGE, "save", Language.UK)
    assert save is not None
    assert (save.text, save.reviewed_by) == ("Зберегти!", "")


def test_what_an_editor_marked_fuzzy_is_said_all_the_same(folder: Path) -> None:
    """Compiling drops fuzzy entries by default: her page would turn Danish."""
    catalogue = catalogues.read("ar")
    for message in messages(catalogue):
        message.flags.add("fuzzy")
    write(catalogue, catalogues.path_of("ar"))
    translations._translations.cache_clear()

    assert "#, fuzzy" in catalogues.path_of("ar").read_text(encoding="utf-8")
    assert missing(Language.AR) == []


def test_a_text_with_an_empty_form_is_said_in_danish(folder: Path) -> None:
    catalogue = catalogues.read("ar")
    catalogue.get("{hours} time om ugen", context="heading").string = ("", *["{hours} ساعة"] * 5)
    write(catalogue, catalogues.path_of("ar"))
    translations._translations.cache_clear()

    assert [entry.key for entry in missing(Language.AR)] == ["hours_exact"]
    assert Translator(Language.AR)("heading", "hours_exact", hours=5) == (
        '<span lang="da" dir="ltr">5 timer om ugen</span>'
    )


def test_a_changed_danish_text_empties_the_translation_and_guesses_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed_source = [
        replace(one, danish="Gå til indholdet her") if one.danish == "Gå til indholdet" else one
        for one in INTERFACE
    ]
    with monkeypatch.context() as while_changed:
        while_changed.setattr("tools.catalogues.INTERFACE", changed_source)
        update("ar")

    changed = catalogues.read("ar").get("Gå til indholdet her", context="page")
    assert changed is not None
    assert (changed.string, changed.fuzzy) == ("", False)

    update("ar")

    assert missing(Language.AR) == [], "a text that comes back brings its translation along"
