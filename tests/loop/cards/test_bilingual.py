"""The card in Danish and each of the seven languages: letters, direction, tags, marks, and one page."""

import io
import re
import unicodedata
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pypdf
import pypdfium2
import pytest
from PIL import Image

from portal.base.terms import Direction, Industry, Language
from portal.loop.cards.paper import SecondLanguage, TitleOnPaper, render_card, render_cards
from portal.loop.cards.wording import LocalizedText
from portal.shared.skills.translations import DATA, Phrase, PhraseKind, rows_of, translated, words_of
from tests.support.sample_card import OWN_WORDS, sample_card, second

pytestmark = pytest.mark.slow

PICTURES = Path(__file__).resolve().parents[3] / "docs" / "images" / "cards"
DOTS_PER_INCH = 60
MOST_INK_APART = 0.004
"""Mean difference of two pictures, 0-1: the same page measures 0, one word set backwards about 0.006."""

everywhere = pytest.mark.parametrize("language", list(Language), ids=lambda language: language.value)


@cache
def printed(language: Language) -> bytes:
    return render_card(sample_card(language), second(language))


def pages(language: Language) -> list[pypdf.PageObject]:
    return list(pypdf.PdfReader(io.BytesIO(printed(language))).pages)


def picture(pdf: bytes, side: int) -> Image.Image:
    return pypdfium2.PdfDocument(pdf)[side].render(scale=DOTS_PER_INCH / 72, grayscale=True).to_pil()


@everywhere
def test_a_full_card_is_one_page_and_the_words_of_the_trade_its_back(language):
    assert len(pages(language)) == 2


TASKS = tuple(
    LocalizedText(row["canonical_da"], PhraseKind.SKILL, row["canonical_da"])
    for row in rows_of(DATA / "skills.csv")[:10]
)


def titles_reached(count: int, missing: int) -> tuple[TitleOnPaper, ...]:
    return tuple(
        TitleOnPaper(
            LocalizedText(f"køkkenmedhjælper {place}"),
            held=len(TASKS) - missing,
            total=len(TASKS),
            level_short=TASKS[:1],
            missing=TASKS[1:missing],
        )
        for place in range(count)
    )


@pytest.mark.parametrize("language", [None, Language.AR, Language.TI, Language.UK])
@pytest.mark.parametrize(("count", "missing"), [(1, 1), (6, 10)])
def test_where_the_card_can_be_used_has_room_on_the_back(language, count, missing):
    card = replace(sample_card(language), usable_as=titles_reached(count, missing))
    printed = render_card(card, second(language) if language else None)

    [_front, back] = pypdf.PdfReader(io.BytesIO(printed)).pages
    text = back.extract_text()
    assert "Det er ikke et løfte om et job." in text
    shown = [place for place in range(count) if f"køkkenmedhjælper {place}" in text]
    assert shown == list(range(len(shown))), "the best first"
    assert len(shown) == count if missing == 1 or language is None else len(shown) >= 2
    if language:
        assert "en gryde" in text, "the words of the trade keep their place"
        ink = unicodedata.normalize(
            "NFKC", pypdfium2.PdfDocument(printed)[1].get_textpage().get_text_bounded()
        )
        said = translated(PhraseKind.HEADING, "where_usable", language).text
        assert words_in(said) & words_in(ink)


def words_in(text: str) -> set[str]:
    """The words of a text in their plain shapes; those that Persian joins without a space count each for itself."""
    return {word for word in re.split(r"[\W\d_]+", unicodedata.normalize("NFKC", text)) if len(word) > 2}


def unreadable(text: str, language: Language, side: int) -> set[str]:
    """The words of the text that neither of two programs reads out of the page.

    Each puts some lines that are read from the right in an order of its own, so words are sought, not lines.
    """
    document = pypdfium2.PdfDocument(printed(language))
    read = pages(language)[side].extract_text() + document[side].get_textpage().get_text_bounded()
    plain = unicodedata.normalize("NFKC", read).replace("\u200c", "")
    return {word for word in words_in(text) if word not in plain}


@everywhere
def test_both_languages_can_be_read_out_of_the_file(language):
    said = [
        *((PhraseKind.HEADING, key) for key in ("goal", "skills", "seen_by", "date", "languages", "level")),
        *((PhraseKind.LEVEL, level) for level in range(5)),
        *((PhraseKind.SKILL, line.key) for line in sample_card().groups[0].skills),
    ]
    front = " ".join(translated(kind, key, language).text for kind, key in said)
    back = " ".join(translated(PhraseKind.WORD, key, language).text for key in words_of(Industry.KOEKKEN))

    assert unreadable(front, language, 0) == set()
    assert unreadable("Kompetencekort for Amira, Niveauer, Det kan jeg", language, 0) == set()
    assert unreadable(back, language, 1) == set()


@pytest.mark.parametrize("language", list(OWN_WORDS), ids=lambda language: language.value)
def test_her_own_words_stand_as_she_wrote_them_and_are_marked(language):
    assert unreadable(OWN_WORDS[language], language, 0) == set()
    assert "på borgerens eget sprog" in pages(language)[0].extract_text()


def tags(language: Language) -> list[pypdf.generic.DictionaryObject]:
    found, waiting = [], [pypdf.PdfReader(io.BytesIO(printed(language))).trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            found.append(node)
            waiting.append(node.get("/K", pypdf.generic.ArrayObject()))
    return found


@everywhere
def test_a_screen_reader_is_told_which_language_each_part_is_in(language):
    root = pypdf.PdfReader(io.BytesIO(printed(language))).trailer["/Root"]

    assert root["/Lang"] in ("da", "da-DK")
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    spoken = {str(tag["/Lang"]) for tag in tags(language) if "/Lang" in tag}
    assert language.value in spoken


@everywhere
def test_the_page_looks_as_the_picture_people_have_looked_at(language):
    for place, side in enumerate(("front", "back")):
        known = Image.open(PICTURES / f"{language.value}-{side}.png").convert("L")
        drawn = picture(printed(language), place)

        assert drawn.size == known.size
        apart = np.abs(np.asarray(drawn, float) - np.asarray(known, float)).mean() / 255
        assert apart < MOST_INK_APART


def test_the_comparison_of_pictures_sees_a_line_that_is_set_backwards():
    turned = SecondLanguage("ar", Direction.LTR, second(Language.AR).translate)
    wrong = picture(render_card(sample_card(Language.AR), turned), 0)
    known = Image.open(PICTURES / "ar-front.png").convert("L")

    apart = np.abs(np.asarray(wrong, float) - np.asarray(known, float)).mean() / 255

    assert apart > MOST_INK_APART


@everywhere
@pytest.mark.parametrize("side", [0, 1])
def test_nothing_is_clipped_at_the_edge_of_the_paper(language, side):
    ink = np.asarray(picture(printed(language), side)) < 200
    margin = int(6 / 25.4 * DOTS_PER_INCH)

    assert not ink[:, :margin].any()
    assert not ink[:, -margin:].any()
    assert not ink[:margin].any()
    assert not ink[-margin:].any()


def test_a_translation_nobody_has_reviewed_is_starred_and_the_sheet_says_what_the_star_means():
    text = pages(Language.EN)[0].extract_text()

    assert "Oversættelsen er ikke gennemset" in text
    assert "*" in text


def test_a_reviewed_translation_bears_no_star():
    def reviewed(kind: str, key: str) -> Phrase | None:
        found = translated(PhraseKind(kind), key, Language.EN)
        return found and Phrase(found.text, Language.EN, "Ann Example")

    card = render_card(sample_card(Language.EN), SecondLanguage("en", "ltr", reviewed))

    text = pypdf.PdfReader(io.BytesIO(card)).pages[0].extract_text()
    assert "ikke gennemset" not in text
    assert "*" not in text


def test_a_municipality_may_print_only_what_is_reviewed():
    strict = SecondLanguage("ar", "rtl", second(Language.AR).translate, only_reviewed=True)

    text = pypdfium2.PdfDocument(render_card(sample_card(), strict))[0].get_textpage().get_text_bounded()

    assert not [sign for sign in text if "ARABIC" in unicodedata.name(sign, "")]
    assert "Det kan jeg" in text


def test_several_cards_are_one_file_and_each_begins_at_page_one():
    cards = [sample_card(number=f"K-{number}") for number in (1, 2, 3)]

    read = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(render_cards(cards))).pages]

    assert len(read) == 3
    assert all("Side 1 af 1" in page for page in read)
    assert [f"K-{number}" in page for number, page in zip((1, 2, 3), read, strict=True)] == [True] * 3


def test_no_cards_are_no_file():
    with pytest.raises(ValueError, match="no cards"):
        render_cards([])
