"""Danish free text in, concepts of the vocabulary out, each with a probability.

Pure: no Flask, no database, no clock, nothing of the portal but `likeness`. Used when a text is written, so that
matching compares concepts and never spellings. Reasons: docs/adr/004-matching.md.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from portal.likeness import Index, Ranker, content_words

ACCEPT_AT: Final = (
    0.93  # at or above: taken without asking; asking costs one tap, a wrong concept costs trust
)
ASK_AT: Final = 0.25  # below: "mente du ...?" would mostly be wrong; rivals share what they have between them
SHOWN_AT: Final = 0.005  # below: not even worth showing to a curator

EXACT: Final = 1.0
JOINED: Final = 0.999  # "rengørings assistent": the same letters, only the spaces differ
UNDOUBLED: Final = 0.99  # "gulvask": only letters written once or twice differ
FUZZY_AT_MOST: Final = 0.998  # likeness never outranks the same letters
DOUBTFUL_AT_MOST: Final = 0.92  # asks whatever the likeness: short words that differ, or a word more or less

TINY_WORD: Final = (
    4  # letters; words this short (mad, kok, bad) that differ at all are never taken without asking
)
MEANS_NOTHING_BELOW: Final = 2  # letters
LONGEST_PHRASE: Final = 120  # letters; longer than this is a story, not a skill

_SWEDISH_GERMAN: Final = str.maketrans({"ö": "ø", "ä": "æ", "ü": "y"})
_ASCII: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_STUMPS: Final = "aefimopt"  # one letter of: af, en, for, i, med, og, på, til
_DOUBLED: Final = re.compile(r"([b-df-hj-np-tv-xz])\1")  # consonants: "aa" is å
_NOT_WORD: Final = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """One spelling for one wording: lower case, no punctuation, ae/oe/aa for æ/ø/å, single spaces."""
    lowered = unicodedata.normalize("NFC", text).casefold()
    return _NOT_WORD.sub(" ", lowered).translate(_SWEDISH_GERMAN).translate(_ASCII).strip()


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept the text may mean. `label` is the wording that was closest."""

    concept: int
    probability: float
    label: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """What one text may mean, likeliest first, each concept once. Negated texts carry what they deny."""

    text: str
    hits: tuple[Hit, ...]
    negated: bool

    @property
    def best(self) -> Hit | None:
        return self.hits[0] if self.hits else None

    @property
    def accepted(self) -> Hit | None:
        """The concept to store without asking."""
        sure = self.best is not None and self.best.probability >= ACCEPT_AT
        return self.best if sure and not self.negated else None

    @property
    def unsure(self) -> bool:
        """Whether to ask "mente du ...?"."""
        return self.best is not None and ASK_AT <= self.best.probability < ACCEPT_AT


class Lexicon:
    """All labels of a vocabulary: the canonical wording and every synonym, each with its concept."""

    def __init__(self, labels: Iterable[tuple[str, int]]) -> None:
        self._by_folded: dict[str, dict[int, str]] = {}
        self._by_joined: dict[str, dict[int, str]] = {}
        self._by_undoubled: dict[str, dict[int, str]] = {}
        self._size = 0
        self._index: tuple[int, Index] | None = None
        for label, concept in labels:
            self.add(label, concept)

    def add(self, label: str, concept: int) -> None:
        """Know one more wording, from the next look-up on."""
        folded = fold(label)
        if not folded or concept in self._by_folded.get(folded, ()):
            return
        joined = folded.replace(" ", "")
        self._by_joined.setdefault(joined, {}).setdefault(concept, label)
        self._by_undoubled.setdefault(_undoubled(joined), {}).setdefault(concept, label)
        self._by_folded.setdefault(folded, {})[concept] = label
        self._size += 1  # last: an index of this size holds everything added so far

    def _indexed(self) -> Index:
        """The wordings as they are now; indexed anew by the first look-up after a change."""
        size = self._size
        if self._index is None or self._index[0] != size:
            known = [(folded, list(owners)) for folded, owners in list(self._by_folded.items())]
            self._index = size, Index((folded, concept) for folded, owners in known for concept in owners)
        return self._index[1]

    def look_up(self, texts: Sequence[str], limit: int = 5) -> list[Lookup]:
        """One answer per text, in order. Text that means nothing gives no hits; it is never an error."""
        return [self._look_up(text, limit) for text in texts]

    def _look_up(self, text: str, limit: int) -> Lookup:
        folded = fold(text)
        if folded in self._by_folded:  # before the rule for negation: "arbejder uden opsyn" is a skill
            return Lookup(text, _ranked(self._same(folded) or {}, limit), False)
        phrases, negated = phrasings(folded)
        same = next(filter(None, map(self._same, phrases)), None)
        hits = same if same is not None else self._similar(phrases[-1]) if phrases else {}
        return Lookup(text, _ranked(hits, limit), negated)

    def _same(self, phrase: str) -> dict[int, Hit] | None:
        """The concepts that own exactly these letters; a wording that several own is shared between them."""
        owners, probability = self._by_folded.get(phrase), EXACT
        joined = phrase.replace(" ", "")
        if owners is None:
            owners, probability = self._by_joined.get(joined), JOINED
        if owners is None and len(joined) > TINY_WORD and not _deciding(phrase.split()):
            owners, probability = self._by_undoubled.get(_undoubled(joined)), UNDOUBLED
        if not owners:
            return None
        return {concept: Hit(concept, probability / len(owners), label) for concept, label in owners.items()}

    def _similar(self, phrase: str) -> dict[int, Hit]:
        words = tuple(phrase.split())
        letters = len("".join(words))
        if letters < MEANS_NOTHING_BELOW:
            return {}
        guesses, features = self._indexed().describe(phrase)
        deciding = _deciding(words)
        hits = {}
        for guess, chance in zip(guesses, _ranker().probabilities(features).tolist(), strict=True):
            label = guess.wording
            if _deciding(label.words) == deciding:
                doubtful = letters <= TINY_WORD or not _differ_by_typos(content_words(words), label.content)
                probability = round(chance * (DOUBTFUL_AT_MOST if doubtful else FUZZY_AT_MOST), 6)
                written = self._by_folded[label.folded][guess.concept]
                hits[guess.concept] = Hit(guess.concept, probability, written)
        return hits


def _undoubled(joined: str) -> str:
    return _DOUBLED.sub(r"\1", joined)


@cache
def _ranker() -> Ranker:
    return Ranker.load()


def _deciding(words: Sequence[str]) -> tuple[str, ...]:
    """Numbers and lone letters, which must be equal: kørekort B is not kørekort C, however alike.

    Between other words a lone letter may be what is left of a small word: "chef i e butik".
    """
    found: list[str] = []
    for place, word in enumerate(words):
        found += re.findall(r"\d+", word)
        inside = 0 < place < len(words) - 1
        if len(word) == 1 and word.isalpha() and word not in (_STUMPS if inside else "i"):
            found.append(word)
    return tuple(sorted(found))


def _differ_by_typos(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the phrases may be the same one mistyped.

    Not when one has a word more ("wc rengøring" says more than "rengøring"), nor when a short word stands
    against another short word ("lave mad", "lave mand").
    """
    only_one, only_other = set(one) - set(other), set(other) - set(one)
    if not only_one and not only_other:
        return True
    if not only_one or not only_other:
        return False
    shorter, longer = sorted(min(len(word) for word in side) for side in (only_one, only_other))
    return shorter > TINY_WORD or longer > TINY_WORD + 1


def _ranked(hits: dict[int, Hit], limit: int) -> tuple[Hit, ...]:
    worth_showing = [hit for hit in hits.values() if hit.probability >= SHOWN_AT]
    return tuple(sorted(worth_showing, key=lambda hit: (-hit.probability, hit.concept))[: max(0, limit)])


# --- Words around a skill, all in folded spelling ----------------------------------------------------------

# No scorer sees a negation, so it is a rule; turns of phrase that deny nothing are excepted.
_NEGATION: Final = re.compile(
    r"\b(?:(?:ikke|ikk|(?<=kan )ik|(?<=har )ik|(?<=vil )ik|ingen|intet|aldrig|hverken|nej)\b"
    r"(?! kun\b| bare\b| blot\b)|mangler\b|manglende\b"
    r"|uden\b(?! for\b| problemer\b| besvaer\b| hjaelp\b| opsyn\b))"
)
_CARRIER: Final = re.compile(
    r"^(?:jeg|vi|har|kan|kender|er|var|vil|vant|god|gode|dygtig|rigtig|meget|lidt|mange|flere|nogen|noget|stor"
    r"|uddannet|faglaert|udlaert|rutineret|kvalificeret|certificeret|vaeret|ansat|arbejdede|job|fra"
    r"|godt|til|at|med|i|inden for|som|lave noget|arbejdet|arbejde|arbejder|proevet|laert|erfaring|erfaren"
    r"|erfaringer|kendskab|viden om|gerne|ogsaa|elsker|kunne|oensker|ikke kun|ikke bare|ikke blot"
    r"|\d+ aars?|aars?|i \d+ aar|siden \d{4}) "
)
_TAIL: Final = re.compile(
    r" (?:i \d+ aar|\d+ aar|siden \d{4}|i \d{4}|er noget jeg kan|kan jeg godt|kan jeg|godt|erfaring"
    r"|i mange aar|i flere aar|i nogle aar|rutineret|erfaren|uddannet|hjemmefra|fra mit hjemland|i mit hjemland)$"
)


def phrasings(folded: str) -> tuple[list[str], bool]:
    """The phrase as it stands, then again after each carrier word taken off, and whether it was denied.

    "jeg kan ikke lave mad i 3 aar" gives ... "lave mad", True. The last one is what is compared.
    """
    positive = _NEGATION.sub(" ", folded)
    phrase = " ".join(positive.split())
    found: list[str] = []
    while phrase and len(found) < 12:
        if len(phrase) <= LONGEST_PHRASE:
            found.append(phrase)
        shorter = _TAIL.sub("", phrase) if _TAIL.search(phrase) else _CARRIER.sub("", phrase)
        if shorter == phrase:
            break
        phrase = shorter
    return found, positive != folded
