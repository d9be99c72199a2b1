"""What tasks hint at that somebody under 18 may not do, or not alone, by the lists of words of a day. Pure."""

from collections.abc import Iterable
from enum import StrEnum, auto

from portal.shared.rules.book import Numbers
from portal.shared.rules.word_lists import word_list, words_on


class Danger(StrEnum):
    """What a young person may not do, or not alone."""

    ALCOHOL = auto()
    CHEMICALS = auto()
    MACHINES = auto()
    ALONE = auto()
    LIFTS = auto()

    @property
    def list_key(self) -> str:
        """Its list in the book of rules."""
        return f"danger-{self.value}"


def dangers_in(texts: Iterable[str], numbers: Numbers) -> frozenset[Danger]:
    """What the words of the tasks hint at; a person still reads them."""
    text = "\n".join(texts)
    return frozenset(danger for danger in Danger if text in word_list(words_on(danger.list_key, numbers)))
