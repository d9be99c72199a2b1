"""Danish words as they are looked at, not as they are written: without endings, as they sound, small ones left out.

Pure, and only the lexicon's: everything here is folded text (`lexicon.fold`).
"""

import re
from collections.abc import Sequence
from typing import Final

from portal.lexicon.derivations import irregular_root, root_by_rule, root_of_verb

FUNCTION_WORDS: Final = frozenset(
    (
        "af", "til", "i", "paa", "med", "for", "inden", "og", "eller", "som", "en", "et", "fra", "ved", "om",
        "den", "det", "der", "under", "over", "hos", "samt", "the", "of", "and",
    )
)  # fmt: skip
_ENDINGS: Final = (
    "ernes", "erens", "erne", "eren", "eres", "ere", "enes", "ene", "ens", "ets", "ers", "en", "et", "er", "es", "e",
    "s",
)  # fmt: skip
_STEM_AT_LEAST: Final = 4
_SOUNDS: Final = (("hj", "j"), ("hv", "v"), ("nd", "n"), ("ld", "l"), ("aa", "o"), ("ae", "e"), ("oe", "o"))
_SAME_SOUND: Final = str.maketrans("czwqgd", "ksvkkt")
_TWICE: Final = re.compile(r"(.)\1+")
_LAST_TWICE: Final = re.compile(r"([b-df-hj-np-tv-z])\1$")  # "toiletter" is "toilet"


def content_words(words: Sequence[str]) -> tuple[str, ...]:
    """The words that carry the meaning; all of them if none does."""
    return tuple(word for word in words if word not in FUNCTION_WORDS) or tuple(words)


def stem(word: str) -> str:
    """The word without the ending that number, definiteness or the genitive gave it; verbs and their nouns are one."""
    root = irregular_root(word) or root_of_verb(word) or root_by_rule(word)
    if root:
        return root
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM_AT_LEAST:
            return _LAST_TWICE.sub(r"\1", word[: -len(ending)])
    return word


def sound(joined: str) -> str:
    """Roughly as it is heard: letters written twice or silent, and letters that are often confused, are one."""
    for written, heard in _SOUNDS:
        joined = joined.replace(written, heard)
    return _TWICE.sub(r"\1", joined.translate(_SAME_SOUND))
