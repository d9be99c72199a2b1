"""The phrases of card and page in seven languages: none missing, none stray, each in its own script."""

import csv
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

import pytest
from flask import Flask

from portal.base.terms import (
    DANISH_READING_LEVELS,
    DANISH_SPEAKING_LEVELS,
    SKILL_LEVELS,
    DanishCourse,
    DanishExam,
    Direction,
    Industry,
    LabelledEnum,
    Language,
    LanguageLevel,
    PartOfDay,
    PlacementForm,
    Shift,
    SkillSource,
    Transport,
)
from portal.loop.cards.models import Frequency, Setting
from portal.loop.placements.models import Outcome, PlacementStatus
from portal.loop.reviews.models import Answer
from portal.shared.skills import translations
from portal.shared.skills.phrases import INTERFACE
from portal.shared.skills.translations import (
    DATA,
    FOLDER,
    Phrase,
    PhraseKind,
    danish,
    entries,
    missing,
    rows_of,
    translated,
    words_of,
)

PORTAL = Path(__file__).parents[3] / "portal"
ENUMS: dict[PhraseKind, type[LabelledEnum]] = {
    PhraseKind.ANSWER: Answer,
    PhraseKind.DANISH_COURSE: DanishCourse,
    PhraseKind.DANISH_EXAM: DanishExam,
    PhraseKind.DAYPART: PartOfDay,
    PhraseKind.FORM: PlacementForm,
    PhraseKind.FREQUENCY: Frequency,
    PhraseKind.INDUSTRY: Industry,
    PhraseKind.LANGUAGE_LEVEL: LanguageLevel,
    PhraseKind.OUTCOME: Outcome,
    PhraseKind.PLACEMENT_STATUS: PlacementStatus,
    PhraseKind.SETTING: Setting,
    PhraseKind.SHIFT: Shift,
    PhraseKind.SOURCE: SkillSource,
    PhraseKind.TRANSPORT: Transport,
}
LADDERS = {
    PhraseKind.LEVEL: SKILL_LEVELS,
    PhraseKind.SPEAKING: DANISH_SPEAKING_LEVELS,
    PhraseKind.READING: DANISH_READING_LEVELS,
}
LONGEST = dict.fromkeys(PhraseKind, 45) | {
    PhraseKind.WEEKDAY_SHORT: 9,
    PhraseKind.WEEKDAY: 12,
    PhraseKind.DAYPART: 16,
    PhraseKind.LEVEL: 30,
    PhraseKind.WORD: 35,
    PhraseKind.SKILL: 48,
    PhraseKind.TITLE: 60,
    PhraseKind.TASK: 60,
    PhraseKind.SPEAKING: 50,
    PhraseKind.READING: 60,
    PhraseKind.PURPOSE: 60,
    PhraseKind.NOTE: 100,
    PhraseKind.PAGE: 150,
    PhraseKind.SENTENCE: 300,
}
"""Characters that fit the line: half the width of A4 for a card's lines, three lines of a phone for a page's."""

EVERY_LANGUAGE = pytest.mark.parametrize("language", list(Language), ids=lambda language: language.value)


VOCABULARY = {PhraseKind.SKILL, PhraseKind.TITLE, PhraseKind.TASK, PhraseKind.WORD}
"""Names of things: data, in CSV files. All other kinds are the portal's own words, in gettext catalogues."""


def texts(language: Language) -> Iterable[tuple[str, str, str]]:
    """What the phrase is called in a failure, its Danish and its translation, form by form."""
    for entry in entries(language):
        for form in entry.phrase.forms if entry.phrase else ():
            yield f"{entry.kind}/{entry.key}", danish(entry.kind, entry.key, {"hours": 2, "high": 2}), form


def placeholders(text: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def without_placeholders(text: str) -> str:
    return re.sub(r"{\w+}", "", text)


def keys(kind: PhraseKind) -> list[str]:
    return [entry.key for entry in entries(Language.EN) if entry.kind is kind]


@EVERY_LANGUAGE
def test_every_word_of_the_vocabulary_stands_in_the_language_once_and_in_order(language: Language) -> None:
    listed = [(entry.kind.value, entry.key) for entry in entries(language) if entry.kind in VOCABULARY]

    written = [(row["kind"], row["key"]) for row in rows_of(FOLDER / f"{language.value}.csv")]

    assert written == listed
    assert missing(language) == []


def test_no_phrase_is_listed_twice() -> None:
    asked = Counter((one.kind, one.key) for one in INTERFACE)
    written = Counter((one.kind, one.danish) for one in INTERFACE)

    assert [pair for pair, times in asked.items() if times > 1] == []
    assert [pair for pair, times in written.items() if times > 1] == [], "gettext keeps one text for the two"
    assert {entry.kind for entry in entries(Language.EN)} == set(PhraseKind)
    assert {one.kind for one in INTERFACE} == set(PhraseKind) - VOCABULARY


@pytest.mark.parametrize(
    "file", [*sorted(FOLDER.glob("*.csv")), DATA / "trade_words.csv"], ids=lambda file: file.stem
)
def test_a_file_is_plain_rows(file: Path) -> None:
    raw = file.read_bytes()

    cells = [cell for row in rows_of(file) for name, cell in row.items()]

    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert [cell for cell in cells if cell != " ".join(cell.split())] == []
    assert [row for row in rows_of(file) if not row.get("text", row.get("danish"))] == []


@EVERY_LANGUAGE
def test_texts_are_written_without_stray_spaces_and_in_composed_letters(language: Language) -> None:
    written = [text for _, _, text in texts(language)]

    assert [text for text in written if text != unicodedata.normalize("NFC", " ".join(text.split()))] == []


@EVERY_LANGUAGE
def test_placeholders_are_those_of_the_danish(language: Language) -> None:
    changed = [name for name, da, text in texts(language) if placeholders(text) != placeholders(da)]

    assert changed == []


def test_placeholders_are_plain_names() -> None:
    named = {name for _, da, _ in texts(Language.EN) for name in placeholders(da)}

    assert {name for name in named if not name.isidentifier()} == set()


SCRIPTS = {"Latn": "LATIN", "Arab": "ARABIC", "Ethi": "ETHIOPIC", "Cyrl": "CYRILLIC"}


@EVERY_LANGUAGE
def test_letters_are_of_the_languages_script(language: Language) -> None:
    """A word in Latin letters is a Danish term that the Danish phrase names too, such as praktik or CPR."""
    script = SCRIPTS[language.script]
    foreign = [
        (name, text)
        for name, da, text in texts(language)
        if any(not unicodedata.name(letter).startswith(script) for letter in _own_letters(text, da, language))
    ]

    assert foreign == []


def _own_letters(text: str, da: str, language: Language) -> list[str]:
    own = without_placeholders(text)
    if language.script != "Latn":
        terms = {word.casefold() for word in re.findall(r"[^\W\d_]+", f"{da} {EXAMS.get(da, '')}")}
        own = re.sub(r"[A-Za-zæøåÆØÅ]+", lambda word: "" if _is_term(word[0], terms) else word[0], own)
    return [sign for sign in own if unicodedata.category(sign).startswith("L")]


EXAMS = {f"Prøve i Dansk {level}": "PD" for level in (1, 2, 3)}
"""Known by their short names, which their papers carry."""


def _is_term(word: str, terms: set[str]) -> bool:
    return any(term.endswith(word.casefold()) or term.startswith(word.casefold()) for term in terms)


NEIGHBOURS = {
    Language.UK: "ыэъёЫЭЪЁ",  # Russian only
    Language.AR: "پچژگکیە",  # Persian only
    Language.FA: "يكىة",  # the Arabic twins of ی and ک
}


@pytest.mark.parametrize(("language", "letters"), NEIGHBOURS.items())
def test_no_letter_comes_from_the_neighbouring_language(language: Language, letters: str) -> None:
    assert [text for _, _, text in texts(language) if set(text) & set(letters)] == []


@pytest.mark.parametrize(
    ("language", "own"),
    [(Language.UK, "іїєґ"), (Language.FA, "پچگ"), (Language.TR, "ğışç"), (Language.TI, "ቐኸዝ")],
)
def test_the_language_uses_its_own_letters(language: Language, own: str) -> None:
    used = {sign for _, _, text in texts(language) for sign in text}

    assert set(own) - {"ґ"} <= used


@EVERY_LANGUAGE
def test_digits_are_plain_and_nothing_invisible_is_written(language: Language) -> None:
    """Direction is the page's and the paper's matter; only Persian joins words with a non-joiner."""
    allowed = {"\u200c"} if language is Language.FA else set()
    stray = [
        (name, sign)
        for name, _, text in texts(language)
        for sign in set(text) - allowed
        if unicodedata.category(sign) in {"Cf", "Cc", "Co", "Zl", "Zp"}
        or (unicodedata.category(sign) == "Nd" and sign not in string.digits)
    ]

    assert stray == []


def test_a_non_joiner_stands_between_two_letters() -> None:
    loose = [text for _, _, text in texts(Language.FA) if re.search(r"(^|\W)\u200c|\u200c(\W|$)", text)]

    assert loose == []


ENDINGS = {".": ".።", "?": "?؟"}


@EVERY_LANGUAGE
def test_sentences_end_as_the_danish_ends(language: Language) -> None:
    different = [
        name
        for name, da, text in texts(language)
        if text[-1] not in ENDINGS.get(da[-1], text[-1])
        or (da[-1] not in ENDINGS and text[-1] in "".join(ENDINGS.values()))
    ]

    assert [name for name in different if not name.startswith("weekday_short/")] == []


@EVERY_LANGUAGE
def test_numbers_in_a_phrase_are_those_of_the_danish(language: Language) -> None:
    def numbers(text: str) -> list[str]:
        return re.findall(r"\d+", re.sub(r"\(PD\d\)", "", without_placeholders(text)))

    changed = [
        name
        for name, da, text in texts(language)
        if sorted(numbers(text)) != sorted(numbers(da)) and name not in {"form/igu"}
    ]

    assert changed == []


@EVERY_LANGUAGE
def test_nothing_is_longer_than_its_place(language: Language) -> None:
    too_long = [
        (name, len(without_placeholders(text)))
        for name, _, text in texts(language)
        if len(without_placeholders(text)) > LONGEST[PhraseKind(name.partition("/")[0])]
    ]

    assert too_long == []


SAME_IN_DANISH = {
    "form/praktik",
    "heading/version",
    "heading/transport",
    "page/code",
    "page/menu",
    "page/status",
    "page/when",
    "shift/weekend",
    "skill/empati",
    "skill/somali",
    "skill/pashto",
    "skill/thai",
    "skill/tigrinya",
    "title/barista",
    "word/koekken.glas",
    "word/koekken.kop",
    "word/rengoering.mop",
    "word/rengoering.toilet",
    "word/rengoering.elevator",
}
"""Phrases that may read the same in Danish."""


@pytest.mark.parametrize("language", [Language.EN, Language.SO, Language.TR])
def test_no_danish_stands_in_for_a_translation(language: Language) -> None:
    same = {
        name
        for name, da, text in texts(language)
        if text.casefold() == da.casefold() and re.search(r"[a-z]{2}", without_placeholders(da))
    }

    assert same - SAME_IN_DANISH == set()


@pytest.mark.parametrize("language", [language for language in Language if language is not Language.EN])
def test_no_english_stands_in_for_a_translation(language: Language) -> None:
    english = {name: text for name, _, text in texts(Language.EN)}  # of a text that counts: the last form

    same = {
        name
        for name, _, text in texts(language)
        if text.casefold() == english[name].casefold() and re.search(r"[a-z]{2}", without_placeholders(text))
    }

    assert same - {"skill/tigrinya", "title/barista", "heading/phone"} == set()


def test_english_names_of_skills_are_the_vocabularys() -> None:
    with (translations.DATA / "skills.csv").open(encoding="utf-8", newline="") as file:
        vocabulary = {row["canonical_da"]: row["english"] for row in csv.DictReader(file)}

    for name, english in vocabulary.items():
        phrase = translated(PhraseKind.SKILL, name, Language.EN)
        assert phrase is not None
        assert phrase.text == english


@pytest.mark.parametrize("kind", ENUMS)
def test_keys_and_danish_are_those_of_the_portals_own_words(app: Flask, kind: PhraseKind) -> None:
    labels = {member.value: str(member.label).casefold() for member in ENUMS[kind]}

    assert {key: danish(kind, key).casefold() for key in keys(kind)} == labels


@pytest.mark.parametrize("kind", LADDERS)
def test_levels_are_those_of_the_portals_ladders(app: Flask, kind: PhraseKind) -> None:
    labels = {str(level): str(label).casefold() for level, label in LADDERS[kind].items()}

    assert {key: danish(kind, key).casefold() for key in keys(kind)} == labels


def test_purposes_are_those_that_the_portal_logs() -> None:
    code = " ".join(file.read_text(encoding="utf-8") for file in PORTAL.rglob("*views.py"))

    for purpose in keys(PhraseKind.PURPOSE):
        assert f'_("{purpose}")' in code, purpose
        assert danish(PhraseKind.PURPOSE, purpose) == purpose


def test_a_week_has_seven_days() -> None:
    week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    assert keys(PhraseKind.WEEKDAY) == week
    assert keys(PhraseKind.WEEKDAY_SHORT) == week


@EVERY_LANGUAGE
@pytest.mark.parametrize(
    "kind",
    [
        PhraseKind.LEVEL,
        PhraseKind.FREQUENCY,
        PhraseKind.WEEKDAY,
        PhraseKind.WEEKDAY_SHORT,
        PhraseKind.DAYPART,
    ],
)
def test_choices_that_stand_side_by_side_differ(kind: PhraseKind, language: Language) -> None:
    choices = [text for name, _, text in texts(language) if name.startswith(f"{kind}/")]

    assert len(set(choices)) == len(choices)


@EVERY_LANGUAGE
def test_no_two_tasks_or_skills_read_alike(language: Language) -> None:
    for kind in (PhraseKind.TASK, PhraseKind.SKILL):
        named = [text.casefold() for name, _, text in texts(language) if name.startswith(f"{kind}/")]
        assert [text for text, times in Counter(named).items() if times > 1] == []


@pytest.mark.parametrize("industry", Industry)
def test_each_trade_has_thirty_danish_words_with_their_article(industry: Industry) -> None:
    words = [danish(PhraseKind.WORD, key) for key in words_of(industry)]

    assert len(set(words)) == len(words) == 30
    assert all(re.fullmatch(r"(en|et|at|\(en\)|\(et\)) [a-zæøå ]+", word) for word in words), words


@EVERY_LANGUAGE
@pytest.mark.parametrize("industry", Industry)
def test_the_words_of_a_trade_differ_in_the_language(industry: Industry, language: Language) -> None:
    found = [translated(PhraseKind.WORD, key, language) for key in words_of(industry)]

    assert len({phrase.text for phrase in found if phrase}) >= 29, "only Arabic and Dari bathe in a bathroom"


def test_what_has_no_translation_is_none() -> None:
    assert translated(PhraseKind.SKILL, "stemme xylofoner", Language.AR) is None
    assert translated(PhraseKind.LEVEL, 5, Language.AR) is None
    with pytest.raises(KeyError):
        danish(PhraseKind.HEADING, "no such heading")


def test_a_level_is_found_by_its_number() -> None:
    phrase = translated(PhraseKind.LEVEL, 3, Language.UK)

    assert phrase is not None
    assert phrase.text == "самостійно"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (Language.TR, "Haftada 7,5–20 saat"),
        (Language.AR, "من \u20687,5\u2069 إلى \u206820\u2069 ساعة في الأسبوع"),
    ],
)
def test_what_is_filled_in_keeps_its_own_direction(language: Language, expected: str) -> None:
    phrase = translated(PhraseKind.HEADING, "hours_between", language)

    assert phrase is not None
    assert phrase.filled(high=20, low="7,5") == expected


def test_braces_in_what_is_filled_in_stay_as_they_are() -> None:
    assert Phrase("Set hos {employer}", Language.EN).filled(employer="{Køkken}") == "Set hos {Køkken}"


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        (Language.EN, Direction.LTR),
        (Language.AR, Direction.RTL),
        (Language.FA, Direction.RTL),
        (Language.TI, Direction.LTR),
        (Language.UK, Direction.LTR),
        (Language.SO, Direction.LTR),
        (Language.TR, Direction.LTR),
    ],
)
def test_a_language_says_its_own_name_and_direction(language: Language, direction: StrEnum) -> None:
    assert language.direction is direction
    assert language.own_name
    assert all(
        unicodedata.name(letter).startswith(SCRIPTS[language.script])
        for letter in language.own_name
        if letter.isalpha()
    )
