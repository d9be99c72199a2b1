"""One folding for all that is searched: the same in Python and on both engines."""

import unicodedata

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.folding import case_key, folded, folded_text, name_words, phone_key, search_words
from portal.web.searching import card_number_holds, found, text_holds
from tests import factories

WRITTEN = (
    "Café Nørregård",
    unicodedata.normalize("NFD", "Café Nørregård"),
    "Soerensen & Søn",
    "Al-Sayed",
    "Al\u2011Sayed",
    "O\u2019Brien",
    "Aabenraa Ældrecenter",
    "MÜLLER Straße",
    "kontoelev",
    "Łódź, Đorđe ır İstanbul Þór",
    "Амина Іванівна",
    "\uff11\uff12 \ufb01lm",
    "\u0623\u062d\u0645\u0640\u062f \u0639\u0644\u06cc \u0641\u0627\u0637\u0645\u0629 \u06a9\u0631\u0649\u0645",
    "",
)


@pytest.mark.parametrize("text", WRITTEN)
def test_the_database_folds_as_we_do(app: Flask, text: str) -> None:
    told = db.session.scalar(sa.select(folded(sa.literal(text))))

    assert told is not None
    assert set(told.split()) == set(folded_text(text).split())


FINDS = (
    ("warsame abdi", "Abdi Warsame", True),
    ("al sayed", "Nour Al-Sayed", True),
    ("al-sayed", "Nour Al Sayed", True),
    ("cafe", "Café Havblik", True),
    ("CAFÉ", "cafe havblik", True),
    ("aabenraa", "Åbenrå Vask", True),
    ("åbenrå", "Aabenraa Vask", True),
    ("sorensen", "Sørensen", True),
    ("soerensen", "Sørensen", True),
    ("sørensen", "Soerensen", True),
    ("jæger", "Jäger", True),
    ("elev", "kontoelev", True),
    ("o'brien", "O\u2019Brien", True),
    ("obrien", "O\u2019Brien", True),
    (unicodedata.normalize("NFD", "blåbær"), "Blåbærhuset", True),
    ("abdi warsane", "Abdi Warsame", False),
    ("hav blik", "Havblik", True),
    ("havblik", "Hav Blik", True),
    ("h&m", "H&M", True),
    ("H & M", "H&M", True),
    ("h m", "Hav Marked", True),
    ("h&m", "Havblik", False),
    ("A.P. Møller", "AP Møller", True),
    ("a p møller", "A.P. Møller", True),
    ("grønt og godt", "Grønt & Godt", True),
    ("grønt & godt", "Grønt og Godt", True),
    ("og", "Grønt og Godt", True),
    ("\u0645\u062d\u0645\u062f", "\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f", True),  # with its vowels
    ("\u0639\u0644\u06cc", "\u0639\u0644\u064a", True),  # the Persian yeh
    ("\u0643\u0631\u064a\u0645", "\u06a9\u0631\u06cc\u0645", True),  # the Persian kaf
    ("\u0641\u0627\u0637\u0645\u0647", "\u0641\u0627\u0637\u0645\u0629", True),  # the last letter of Fatima
    ("\u0627\u062d\u0645\u062f", "\u0623\u062d\u0645\u0640\u0640\u062f", True),  # hamza, and made longer
    ("\u0622\u0645\u0646\u0629", "\u0627\u0645\u0646\u0647", True),
)


@pytest.mark.parametrize(("words", "text", "is_found"), FINDS)
def test_words_are_found_however_they_are_spelled(app: Flask, words: str, text: str, is_found: bool) -> None:
    assert db.session.scalar(sa.select(found(words, sa.literal(text)))) in (is_found, int(is_found))
    assert text_holds(text, words) is is_found


def test_a_long_word_runs_over_a_blank(app: Flask) -> None:
    assert db.session.scalar(sa.select(found("alsayed", sa.literal("Nour Al Sayed"))))
    assert not db.session.scalar(sa.select(found("im", sa.literal("Ali Madsen"))))


def test_words_may_stand_in_several_texts(app: Flask) -> None:
    both = found("opvasker cafe", sa.literal("Opvasker"), sa.literal("Café Havblik"))

    assert db.session.scalar(sa.select(both))


@pytest.mark.parametrize("words", ["K-1012", "k1012", "1012", "k 1012", "K\u20131012"])
def test_a_card_is_found_by_its_number(app: Flask, words: str) -> None:
    assert db.session.scalar(sa.select(card_number_holds(sa.literal("K-1012"), words)))
    assert not db.session.scalar(sa.select(card_number_holds(sa.literal("K-2013"), words)))


@pytest.mark.parametrize(
    "cvr",
    ["12 34 56 78", "12345678", "3456", "DK12345678", "DK 12 34 56 78", "CVR-nr. 12345678", "cvr: 1234 5678"],
)
def test_a_cvr_number_is_found_with_blanks(app: Flask, cvr: str) -> None:
    assert db.session.scalar(sa.select(found(cvr, sa.literal("Bo"), numbers=(sa.literal("12345678"),))))


def test_a_name_is_one_whatever_the_order_and_the_spelling() -> None:
    assert name_words("Abdi", "Warsame") == name_words("Warsame, Abdi") == ["abdi", "warsame"]
    assert name_words("Søren", "Aaby") == name_words("Aaby Soeren") == name_words("ÅBY", "Sören")
    assert name_words("Nour", "Al-Sayed") == name_words("al sayed nour")


def test_a_case_number_and_a_phone_are_one_however_they_are_written() -> None:
    assert (
        case_key("26/10431") == case_key(" 26 - 10431") == case_key("26\u201110431") == case_key("26.10431")
    )
    assert case_key("ab 12.3") == case_key("AB-12/3") == case_key("Ab12 3")
    assert case_key("1/23") != case_key("12/3")
    assert phone_key("+45 20 12 34 56") == phone_key("0045-20123456") == phone_key("20123456")
    assert phone_key("+46 70 123 45 67") == "46701234567"
    assert phone_key(" ") is None


def test_signs_alone_are_no_words() -> None:
    assert search_words("% - /") == []


def test_a_citizen_is_found_by_whatever_is_written_of_her(app: Flask) -> None:
    with app.test_request_context():
        person = factories.make_citizen(
            "Åse", last_name="Al-Sayed", phone="+45 20 12 34 56", case_reference="26-ab 77"
        )
        with transaction():
            person = db.session.merge(person)
            person.first_name = "Bodil"
            db.session.flush()

        assert person.name_key == "al bodil sayed"
        assert person.case_key == "26ab77"
        assert person.phone_key == "20123456"
        assert person.sort_name == "al sayed, bodil"
