"""What the search field of every list finds: all its words, in any order, however they are spelled."""

from typing import Any, Final

import sqlalchemy as sa

from portal.base.folding import (
    Spellings,
    company_number_key,
    folded,
    folded_text,
    number_key,
    run_together,
    search_words,
)

_WORDS_SOUGHT: Final = 8
"""Nobody types more to find a row; each is a condition of its own in the statement."""
_LONG_ENOUGH_TO_RUN_OVER: Final = 6
"""Letters from which a word is also found over a blank: "alsayed" in "Al Sayed". Shorter ones would find too much."""


def found(words: str, *texts: Any, numbers: tuple[Any, ...] = ()) -> sa.ColumnElement[bool]:
    """Whether each of the words stands in one of the texts, or all of them are a part of one of the numbers.

    `numbers` are columns of plain signs: a CVR number is found with its blanks.
    """
    return found_in(words, *(folded(text) for text in texts), numbers=numbers)


def found_in(words: str, *texts: Any, numbers: tuple[Any, ...] = ()) -> sa.ColumnElement[bool]:
    """As `found`, of texts that are folded already."""
    wanted = search_words(words)[:_WORDS_SOUGHT]
    if not wanted:
        return sa.or_(*(text.contains(words, autoescape=True) for text in texts))
    every = sa.and_(*(sa.or_(*(_holds(text, word) for text in texts)) for word in wanted))
    key, together = company_number_key(words), run_together(words)
    as_one = [_without_blanks(text).contains(together, autoescape=True) for text in texts if together]
    return sa.or_(every, *as_one, *(column.contains(key, autoescape=True) for column in numbers))


def text_holds(text: str, words: str) -> bool:
    """The same of a text in memory."""
    wanted, place = search_words(words), folded_text(text)
    if not wanted:
        return words in text
    without_blanks, together = place.replace(" ", ""), run_together(words)
    if together and together in without_blanks:
        return True
    return all(
        any(f" {spelled}" in f" {place}" if _is_a_letter(spelled) else spelled in place for spelled in word)
        or (len(word[0]) >= _LONG_ENOUGH_TO_RUN_OVER and word[-1] in without_blanks)
        for word in wanted
    )


def _is_a_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


def _holds(text: Any, word: Spellings) -> sa.ColumnElement[bool]:
    if _is_a_letter(word[0]):  # it is somewhere in everything
        return sa.or_(
            text.startswith(word[0], autoescape=True), text.contains(f" {word[0]}", autoescape=True)
        )
    ways = [text.contains(spelled, autoescape=True) for spelled in word]
    if len(word[0]) >= _LONG_ENOUGH_TO_RUN_OVER:
        ways.append(_without_blanks(text).contains(word[-1], autoescape=True))
    return sa.or_(*ways)


def _without_blanks(text: Any) -> Any:
    return sa.func.replace(text, " ", "")


def card_number_holds(number: Any, words: str) -> sa.ColumnElement[bool]:
    """The cards whose number holds what was typed: "K-1012", "k1012", "K 1012" or the digits.

    Numbers are plain letters in capitals: a LIKE runs through their index, where folding would read every card.
    """
    key = number_key(words)
    digits = key.removeprefix("k")
    if not (digits.isascii() and digits.isdigit()):
        return sa.false()
    holds: sa.ColumnElement[bool] = number.contains(digits if digits == key else f"K-{digits}")
    return holds
