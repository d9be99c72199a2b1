"""Danish free text in, concepts of the vocabulary out, each with a probability.

Pure: no Flask, no database, no clock, no other module of the portal. Used when a text is written, so that
matching compares concepts and never spellings. Reasons: docs/adr/004-matching.md.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

ACCEPT_AT: Final = (
    0.93  # at or above: taken without asking; asking costs one tap, a wrong concept costs trust
)
ASK_AT: Final = 0.30  # below: "mente du ...?" would mostly be wrong, the text stays free
SHOWN_AT: Final = 0.05  # below: not even worth showing to a curator

EXACT: Final = 1.0
JOINED: Final = 0.97  # "rengørings assistent": the same letters, only the spaces differ
FUZZY_AT_MOST: Final = 0.96  # likeness never outranks the same letters
DOUBTFUL_AT_MOST: Final = 0.90  # asks whatever the likeness: short words, or two concepts about equally near

MIDPOINT: Final = 0.80  # likeness at which a guess is as often right as wrong
STEEPNESS: Final = 28.0  # so that likeness .90 (one wrong letter in ten) is just accepted and .77 just asked
SHORT_BELOW: Final = 9  # letters; below this one wrong letter is soon another word ...
SHORT_PENALTY: Final = 0.015  # ... so that each letter fewer takes this much off the likeness
TINY_WORD: Final = (
    4  # letters; words this short (mad, kok, bad) that differ at all are never taken without asking
)
TOO_CLOSE: Final = 0.03  # a rival concept this near in likeness makes it a question
REORDERED: Final = 0.02  # taken off when only the order of the words was put right
LONGEST_PHRASE: Final = 120  # letters; longer than this is a story, not a skill
CANDIDATES: Final = 24  # labels looked at closely, per view of the text

_SWEDISH_GERMAN: Final = str.maketrans({"ö": "ø", "ä": "æ", "ü": "y"})
_ASCII: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
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


class _Label(NamedTuple):
    label: str
    concept: int
    words: tuple[str, ...]
    joined: str
    deciding: tuple[str, ...]


class Lexicon:
    """All labels of a vocabulary: the canonical wording and every synonym, each with its concept."""

    def __init__(self, labels: Iterable[tuple[str, int]]) -> None:
        self._labels: list[_Label] = []
        self._folded: list[str] = []
        self._joined: list[str] = []
        self._sorted: list[str] = []
        self._by_folded: dict[str, dict[int, str]] = {}
        self._by_joined: dict[str, dict[int, str]] = {}
        for label, concept in labels:
            self.add(label, concept)

    def add(self, label: str, concept: int) -> None:
        """Know one more wording, from the next look-up on."""
        folded = fold(label)
        if not folded or concept in self._by_folded.get(folded, ()):
            return
        words = tuple(folded.split())
        joined = "".join(words)
        # The row before its views: a look-up in another thread must never find a view without its row.
        self._labels.append(_Label(label, concept, words, joined, _deciding(words)))
        self._folded.append(folded)
        self._joined.append(joined)
        self._sorted.append(" ".join(sorted(words)))
        self._by_joined.setdefault(joined, {}).setdefault(concept, label)
        self._by_folded.setdefault(folded, {})[concept] = label

    def look_up(self, texts: Sequence[str], limit: int = 5) -> list[Lookup]:
        """One answer per text, in order. Text that means nothing gives no hits; it is never an error."""
        return [self._look_up(text, limit) for text in texts]

    def _look_up(self, text: str, limit: int) -> Lookup:
        folded = fold(text)
        if folded in self._by_folded:  # before the rule for negation: "arbejder uden opsyn" is a skill
            return Lookup(text, _ranked(self._same(folded) or {}, limit), False)
        positive = _NEGATION.sub(" ", folded)
        hits: dict[int, Hit] = {}
        for phrase in _phrasings(positive):
            same = self._same(phrase)
            if same:
                hits = same
                break
            _keep_best(hits, self._similar(phrase))
        return Lookup(text, _ranked(hits, limit), positive != folded)

    def _same(self, phrase: str) -> dict[int, Hit] | None:
        """The concepts that own exactly these letters; a wording that several own is shared between them."""
        owners, probability = self._by_folded.get(phrase), EXACT
        if owners is None:
            owners, probability = self._by_joined.get(phrase.replace(" ", "")), JOINED
        if not owners:
            return None
        return {concept: Hit(concept, probability / len(owners), label) for concept, label in owners.items()}

    def _similar(self, phrase: str) -> dict[int, Hit]:
        words = tuple(phrase.split())
        deciding = _deciding(words)
        nearest: dict[int, tuple[float, _Label]] = {}
        for row, likeness in self._candidates(words).items():
            label = self._labels[row]
            if label.deciding == deciding and likeness > nearest.get(label.concept, (0.0,))[0]:
                nearest[label.concept] = (likeness, label)
        hits = {}
        for concept, (likeness, label) in nearest.items():
            rival = max((other for key, (other, _) in nearest.items() if key != concept), default=0.0)
            doubtful = rival > likeness - TOO_CLOSE or not _differ_by_typos(words, label.words)
            hits[concept] = Hit(concept, _probability(likeness, doubtful=doubtful), label.label)
        return hits

    def _candidates(self, words: Sequence[str]) -> dict[int, float]:
        """The likeness (0-1) of the labels nearest as written, without spaces, or with the words sorted."""
        joined = "".join(words)
        views = (
            (" ".join(words), self._folded, 0.0),
            (joined, self._joined, 0.0),
            (" ".join(sorted(words)), self._sorted, REORDERED),
        )
        found: dict[int, float] = {}
        for query, labels, cost in views:
            for _, ratio, row in process.extract(
                query, labels, scorer=fuzz.ratio, limit=CANDIDATES, score_cutoff=60
            ):
                found[row] = max(found.get(row, 0.0), ratio / 100 - cost)
        return {
            row: likeness - _short_penalty(min(len(joined), len(self._labels[row].joined)))
            for row, likeness in found.items()
        }


def _short_penalty(letters: int) -> float:
    return SHORT_PENALTY * max(0, SHORT_BELOW - letters)


def _probability(likeness: float, *, doubtful: bool) -> float:
    """A logistic curve set by hand on our own vocabulary: monotone and cautious, not fitted to data."""
    curve = 1 / (1 + math.exp(-STEEPNESS * (likeness - MIDPOINT)))
    return round(min(curve, DOUBTFUL_AT_MOST if doubtful else FUZZY_AT_MOST), 4)


def _deciding(words: Iterable[str]) -> tuple[str, ...]:
    """Numbers and lone letters, which must be equal: kørekort B is not kørekort C, however alike."""
    found: list[str] = []
    for word in words:
        found += re.findall(r"\d+", word)
        if len(word) == 1 and word.isalpha() and word != "i":  # "i" is the Danish "in"
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


def _keep_best(hits: dict[int, Hit], more: dict[int, Hit]) -> None:
    for concept, hit in more.items():
        if concept not in hits or hit.probability > hits[concept].probability:
            hits[concept] = hit


# --- Words around a skill, all in folded spelling ----------------------------------------------------------

# No scorer sees a negation, so it is a rule; turns of phrase that deny nothing are excepted.
_NEGATION: Final = re.compile(
    r"\b(?:(?:ikke|ikk|ik|ingen|intet|aldrig|hverken|nej)\b(?! kun\b| bare\b| blot\b)|mangler\b"
    r"|uden\b(?! for\b| problemer\b| besvaer\b| hjaelp\b| opsyn\b))"
)
_CARRIER: Final = re.compile(
    r"^(?:jeg|vi|har|kan|kender|er|var|vil|vant|god|gode|dygtig|rigtig|meget|lidt|mange|flere|nogen|noget|stor"
    r"|godt|til|at|med|i|inden for|som|lave noget|arbejdet|arbejde|arbejder|proevet|laert|erfaring|erfaren"
    r"|erfaringer|kendskab|viden om|gerne|ogsaa|elsker|kunne|oensker|ikke kun|ikke bare|ikke blot"
    r"|\d+ aars?|aars?|i \d+ aar|siden \d{4}) "
)
_TAIL: Final = re.compile(
    r" (?:i \d+ aar|\d+ aar|siden \d{4}|i \d{4}|er noget jeg kan|kan jeg godt|kan jeg|godt|erfaring"
    r"|i mange aar|hjemmefra|fra mit hjemland|i mit hjemland)$"
)


def _phrasings(folded: str) -> list[str]:
    """The phrase as it stands, then again after each carrier word taken off: "jeg kan ...", "... i 3 år"."""
    phrase = " ".join(folded.split())
    found: list[str] = []
    while phrase and len(found) < 12:
        if len(phrase) <= LONGEST_PHRASE:
            found.append(phrase)
        shorter = _TAIL.sub("", phrase) if _TAIL.search(phrase) else _CARRIER.sub("", phrase)
        if shorter == phrase:
            break
        phrase = shorter
    return found
