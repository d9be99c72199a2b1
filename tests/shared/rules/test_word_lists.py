"""The lines of a list of words: what a person at the municipality can write, and what she is told of a line."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.shared.rules.word_lists import WordListError, word_list


@pytest.mark.parametrize(
    ("line", "text", "found"),
    [
        ("dame", "En DAME, damer og madame", ["DAME"]),
        ("dame*", "En dame, damer og madame", ["dame", "damer"]),
        ("*dame", "En dame, damer og madame", ["dame", "madame"]),
        ("kok(/ke/ken)", "kok kokke kokken kokkene", ["kok", "kokke", "kokken"]),
        ("(kaffe/køkken)dame", "kaffedame køkkendame stuedame", ["kaffedame", "køkkendame"]),
        ("tungt løft*", "tungt  løft, tungt løftearbejde, tungt\nløft", ["tungt  løft", "tungt løftearbejde"]),
        ("over {tal} år", "over mange år", []),
        ("over {tal} år", "over 20 år, over femogtyve år", ["over 20 år", "over femogtyve år"]),
        ("en {ord} mand", "en stærk mand, en mand, en meget stærk mand", ["en stærk mand"]),
        ("20'erne", "i 20'erne eller 20’erne", ["20'erne", "20’erne"]),
        ("EU-borger", "EU-borger og EU‑borger", ["EU-borger", "EU‑borger"]),
        ("dame", "dame- og herretøj, dame-cykel", []),  # the beginning of another word
        ("a.b", "a.b axb", ["a.b"]),  # no sign means anything but those that are said
        ("gift\n! gift med", "gift med kone, gift", ["gift"]),
        ("# dame\n\n  kok  ", "dame kok", ["kok"]),
        ("", "dame", []),
    ],
)  # fmt: skip
def test_what_a_line_finds(line: str, text: str, found: list[str]) -> None:
    assert [text[hit.start : hit.end] for hit in word_list(line).find(text)] == found


def test_of_lines_that_begin_at_one_place_the_longest_speaks() -> None:
    (hit,) = word_list("ung = ny\nung mand => Alle kan søge.").find("en ung mand")

    assert (hit.line.proposal, hit.line.is_sentence) == ("Alle kan søge.", True)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("*", "stjerne"),
        ("a*", "stjerne"),
        ("a*b", "stjerne"),
        ("{tal}", "mangler ord"),
        ("{ord} {tal}", "mangler ord"),
        ("(/a)", "mangler ord"),
        ("!", "mangler ord"),
        ("dame(r", "parentes"),
        ("damer)", "parentes"),
        ("(a(b)c)", "parentes"),
        ("(a*/b)", "parentes"),
        ("{dag}", "{tal} og {ord}"),
        ("dame =", "lighedstegn"),
        ("dame=kok", "lighedstegn"),
        ("dame = kok!", "forslag"),
        ("dame => kok", "hel sætning"),
        ("d" * 501, "højst"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(app, line: str, told: str) -> None:
    with app.test_request_context(), pytest.raises(WordListError) as error:
        word_list(f"kok\n# hej\n{line}")

    assert error.value.line == 3
    assert str(error.value.message).startswith("Linje 3: ")
    assert told in str(error.value.message)


def test_a_list_has_an_end(app) -> None:
    with pytest.raises(WordListError):
        word_list("kok\n" * 601)


@given(st.text(alphabet="ab*(){}/ =>!#\n.+?[]\\|^$", max_size=60))
def test_any_text_is_a_list_or_is_refused_with_its_line(text: str) -> None:
    line, found = 1, []
    try:
        found = list(word_list(text).find("ab a b ab(ab) aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"))
    except WordListError as error:
        line = error.line
    assert 1 <= line <= max(1, len(text.splitlines()))
    assert all(hit.start < hit.end for hit in found)


def test_no_list_takes_long() -> None:
    """The worst that the signs allow: many beginnings, many words in between, and a text that nearly fits."""
    words = word_list(
        "\n".join(f"*aa* {{ord}} {{ord}} {{tal}} (a/aa/aaa)(a/aa)(a/aa) *aa{i}" for i in "bcdefgh")
    )
    text = "aaaaaaaa " * 250
    begun = time.perf_counter()

    assert list(words.find(text)) == []
    assert time.perf_counter() - begun < 2
