"""The wording inside a longer text: "jeg gør rent på hotel om morgenen" contains "gøre rent på hotel".

Pure, and only the lexicon's: everything here is folded text (`lexicon.fold`). Likeness falls with every word that
stands around a wording, whatever it says; the roots of the wording do not.
"""

from collections import defaultdict
from typing import Final

from rapidfuzz import fuzz

from portal.lexicon.derivations import is_course, roots_of

ROOTS_AT_LEAST: Final = 2
"""A single root ("opvask", "team") turns up where something else is meant."""

MISTYPED: Final = 75
"""Ratio from which a root that stands around a wording may be one that makes a longer wording: "mnge" for "mange"."""


Key = frozenset[str]


class ContainedWordings:
    """The roots of all wordings, by each of them."""

    def __init__(self) -> None:
        self._owners: dict[Key, dict[int, str]] = {}
        self._with_root: dict[str, set[Key]] = defaultdict(set)

    def add(self, folded: str, concept: int, label: str) -> None:
        """Know one more wording."""
        key = frozenset(roots_of(folded))
        if len(key) < ROOTS_AT_LEAST:
            return
        self._owners.setdefault(key, {}).setdefault(concept, label)
        for root in key:
            self._with_root[root].add(key)

    def within(self, folded: str) -> dict[int, str]:
        """The concepts of the wordings that the text contains whole, each with the wording.

        Of two wordings of which one says more ("rengøring på hotel", "rengøring") only that one counts; where the text
        may be the longer one mistyped, none does.
        """
        roots = frozenset(roots_of(folded))
        found = {key for root in roots for key in self._with_root.get(root, ()) if key <= roots}
        largest = [key for key in found if not any(key < other for other in found)]
        if any(self._says_more(key, roots) for key in largest):
            return {}
        return {
            concept: label
            for key in largest
            for concept, label in self._owners[key].items()
            if not self._may_be_others(key, roots, concept)
        }

    def _may_be_others(self, key: Key, roots: Key, concept: int) -> bool:
        """Whether what stands around the wording makes it another concept's: "varm mad hos borger" is no "varm mad".

        So it is where others say a word of it together with a word of the wording, and the concept never does; and a
        course in a task is not the task.
        """
        for root in roots - key:
            if is_course(root):
                return True
            said = self._with_root.get(root, set())
            if any(other & key for other in said) and not any(
                concept in self._owners[other] for other in said
            ):
                return True
        return False

    def _says_more(self, key: Key, roots: Key) -> bool:
        around = [root for root in roots - key if root not in self._with_root]
        longer = {more for root in key for more in self._with_root[root] if key < more} if around else set()
        missing = {root for more in longer if len(more) == len(key) + 1 for root in more - key}
        return any(fuzz.ratio(one, other) >= MISTYPED for one in around for other in missing)
