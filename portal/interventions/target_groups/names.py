"""Neutral names: a group or a step must not tell of somebody's health, of crime or of abuse by what it is called.

The words are lists, `data/words`, in the form of the rules' own (`rules/word_lists.py`).
"""

from pathlib import Path
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.errors import DomainError
from portal.base.terms import LabelledEnum
from portal.shared.rules.word_lists import word_list

WORDS: Final = Path(__file__).parent / "data" / "words"


class TellingWord(LabelledEnum):
    """What a word in a name would tell of everybody in the group."""

    HEALTH = "health", _l("helbred")
    CRIME = "crime", _l("kriminalitet")
    ABUSE = "abuse", _l("misbrug eller vold")


class NotNeutral(DomainError):
    """The message names the word, so that the writer knows what to leave out."""

    def __init__(self, word: str, about: TellingWord) -> None:
        self.word = word
        super().__init__(
            _(
                "Navnet må ikke fortælle om %(about)s. Skriv det uden ordet “%(word)s”, for eksempel “Målgruppe 3”.",
                about=about.label,
                word=word,
            )
        )


_LISTS: Final = {kind: (WORDS / f"{kind.value}.txt").read_text("utf-8") for kind in TellingWord}


def check_neutral(name: str) -> None:
    """Raises NotNeutral for the first word that tells."""
    for kind, lines in _LISTS.items():
        for found in word_list(lines).find(name):
            raise NotNeutral(name[found.start : found.end], kind)
