"""What a list of the rules must be like to be saved: who reads the lists of each key, and refuses a line."""

from collections.abc import Callable
from typing import Final

from portal.shared.rules.closings import CLOSED_DAYS, closed_days
from portal.shared.rules.dangers import Danger
from portal.shared.rules.law.posting import ASKING_FOR_AGE
from portal.shared.rules.word_lists import word_list
from portal.shared.rules.wording import LIST_KEYS

READERS: Final[dict[str, Callable[[str], object]]] = {
    **dict.fromkeys((*LIST_KEYS, *(danger.list_key for danger in Danger), ASKING_FOR_AGE), word_list),
    CLOSED_DAYS: closed_days,
}
"""By key: reads the lines, and raises a DomainError that says which line cannot be read and why."""


def refuse_unreadable(key: str, words: str) -> None:
    """Raises what the reader of the key's lists raises; a list without a reader is read by people alone."""
    if key in READERS:
        READERS[key](words)
