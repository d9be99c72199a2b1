"""Danish free text in, concepts of the vocabulary out, each with a probability.

Pure: no Flask, no database, no clock, nothing of the portal but `likeness`. Used when a text is written, so that
matching compares concepts and never spellings. Reasons: docs/adr/004-matching.md.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from portal.lexicon.containing import ContainedWordings
from portal.lexicon.derivations import derived_key, is_course, lighter, may_name_who, says_who
from portal.lexicon.likeness import TINY_WORD, Index, Ranker, differ_by_short_words, is_role_for_task
from portal.lexicon.loops import LONGEST
from portal.lexicon.phrases import (
    LONGEST_PHRASE,
    Licence,
    level_in,
    licences_in,
    negations_in,
    read,
    years_in,
)
from portal.lexicon.polarity import inner_negations_in, opposed
from portal.lexicon.remarks import Remark as Remark
from portal.lexicon.remarks import (
    is_about_the_writer,
    is_done_by_others,
    is_language,
    languages_in,
    remark_on,
    turns_in,
    what_about,
)
from portal.lexicon.splitting import split_tasks
from portal.lexicon.words import stem
from portal.matching import fold as fold  # one folding for meaning, here and in the matcher

ACCEPT_AT: Final = 0.87  # at or above: taken without asking; asking costs a tap, a wrong concept costs trust
ASK_AT: Final = 0.2  # all hits together; below, the answer is mostly not among those we could offer
OFFERED_FROM: Final = 0.05  # an offer is worth showing or it isn't shown
WEIGHED_FROM: Final = 0.005  # below: not even worth remembering as what a text may mean

EXACT: Final = 1.0
JOINED: Final = 0.999  # "rengørings assistent": the same letters, only the spaces differ
UNDOUBLED: Final = 0.99  # "gulvask": only letters written once or twice differ
DERIVED: Final = 0.97  # "bagning af brød" is "bage brød": the same roots in any order
CONTAINED: Final = 0.94  # "bage brød til gæsterne" contains "bage brød", whatever stands around it
FUZZY_AT_MOST: Final = 0.998  # likeness never outranks the same letters
AFTER_THE_SAME: Final = 0.001  # what likeness counts after the same letters: it fills the list, and no more
NAME_BEFORE_OTHERS: Final = 1.1  # of concepts with the same wording, the one that is called so is likelier
DOUBTFUL_AT_MOST: Final = 0.86  # asks whatever the likeness: short words that differ, or a word more or less

MEANS_NOTHING_BELOW: Final = 2  # letters
BATCH: Final = 256  # texts compared at a time: some megabytes

_HAS_CLASSES: Final = (
    "koerekor", "korekor", "truck", "gaffeltruck", "kategori", "klasse", "type", "hepatitis", "vitamin", "niveau",
)  # fmt: skip
_DOUBLED: Final = re.compile(r"([b-df-hj-np-tv-xz])\1")  # consonants: "aa" is å
_NOT_COMPOUND: Final = re.compile(
    r"\bikke-(?=\w)", re.IGNORECASE
)  # "ikke-ryger" is a word and denies nothing
_MAY_DECIDE: Final = re.compile(r"\d|\b\w\b")


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept the text may mean. `label` is the wording that was closest."""

    concept: int
    probability: float
    label: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """What one text may mean, likeliest first, each concept once. Negated texts carry what they deny.

    A wish or a course under way carries what it is about; of health, and of languages that the vocabulary does not
    have in the text's words, there are no hits.
    """

    text: str
    hits: tuple[Hit, ...]
    negated: bool
    remark: Remark | None = None

    @property
    def best(self) -> Hit | None:
        return self.hits[0] if self.hits else None

    @property
    def accepted(self) -> Hit | None:
        """The concept to store without asking."""
        sure = self.best is not None and self.best.probability >= ACCEPT_AT
        claimed = not self.negated and self.remark in (None, Remark.LANGUAGE)
        return self.best if sure and claimed else None

    @property
    def worth_asking(self) -> bool:
        """Whether to ask "mente du ...?" of what is not accepted: are those worth offering together likely enough?

        Near rivals share what one alone would have.
        """
        return sum(hit.probability for hit in self.hits if hit.probability >= OFFERED_FROM) >= ASK_AT

    @property
    def years(self) -> float | None:
        """Years of experience the text claims (0-60), if it says."""
        return None if self.negated else years_in(self.text)

    @property
    def level(self) -> int | None:
        """The level the text claims, 1-4 on the portal's ladder, if it says."""
        return None if self.negated else level_in(fold(self.text))

    @property
    def licences(self) -> tuple[Licence, ...]:
        """Licences and exams the text names with their class; also when it denies them."""
        return licences_in(fold(self.text))


class _Reading(NamedTuple):
    """A text by the rules: the concepts of the same letters, if any, what to compare otherwise, and what it says."""

    same: dict[int, Hit] | None
    phrases: list[str]
    negated: bool = False
    remark: Remark | None = None


MOST_REMEMBERED: Final = 1_000
"""Phrases whose kin a lexicon keeps: the same ones are asked about page after page."""


class Lexicon:
    """All labels of a vocabulary: the canonical wording, which comes first, and every synonym, each with its concept.

    `exact_only` are concepts that are asked about unless a text has the very letters of a wording.
    """

    def __init__(self, labels: Iterable[tuple[str, int]], exact_only: Collection[int] = frozenset()) -> None:
        self._exact_only = exact_only
        self._names: dict[int, str] = {}
        self._by_folded: dict[str, dict[int, str]] = {}
        self._by_joined: dict[str, dict[int, str]] = {}
        self._by_undoubled: dict[str, dict[int, str]] = {}
        self._by_roots: dict[tuple[str, ...], dict[int, str]] = {}
        self._size = 0
        self._index: tuple[int, _Indexed] | None = None
        self._remembered: dict[tuple[str, int], tuple[Hit, ...]] = {}
        self._contained = ContainedWordings()
        self._own_negations: set[tuple[str, str]] = set()
        self._own_turns: set[str] = set()
        self._words: set[str] = set()
        for label, concept in labels:
            self.add(label, concept)

    def add(self, label: str, concept: int) -> None:
        """Know one more wording, from the next look-up on."""
        folded = fold(label)
        if not folded or concept in self._by_folded.get(folded, ()):
            return
        joined = folded.replace(" ", "")
        self._names.setdefault(concept, joined)
        self._own_negations.update(negations_in(folded), inner_negations_in(folded))
        roots = derived_key(folded)
        if roots:
            self._by_roots.setdefault(roots, {}).setdefault(concept, label)
        self._contained.add(folded, concept, label)
        self._own_turns.update(turns_in(folded))
        self._words.update(folded.split())
        self._by_joined.setdefault(joined, {}).setdefault(concept, label)
        self._by_undoubled.setdefault(_undoubled(joined), {}).setdefault(concept, label)
        self._by_folded.setdefault(folded, {})[concept] = label
        self._size += 1  # last: an index of this size holds everything added so far

    def _indexed(self) -> "_Indexed":
        """The wordings as they are now; indexed anew by the first look-up after a change."""
        size = self._size
        if self._index is None or self._index[0] != size:
            known = [(folded, dict(owners)) for folded, owners in list(self._by_folded.items())]
            self._index = size, _Indexed(known, self._exact_only)
        return self._index[1]

    def look_up(self, texts: Sequence[str], limit: int = 5) -> list[Lookup]:
        """One answer per text, in order, the same alone as beside others; many at once cost much less each.

        The list is filled: what is only alike comes after the same letters, however unlikely it then is. Text that
        means nothing gives no hits; it is never an error.
        """
        read = [self._read(fold(_NOT_COMPOUND.sub("ikke", text))) for text in texts]
        similar = self._similar(
            dict.fromkeys(one.phrases[-1] for one in read if one.phrases and len(one.same or ()) < limit)
        )
        return [
            Lookup(text, _ranked(self._hits(one, similar), limit), one.negated, one.remark)
            for text, one in zip(texts, read, strict=True)
        ]

    def _hits(self, reading: _Reading, similar: dict[str, tuple[Hit, ...]]) -> Collection[Hit]:
        similar_ones = similar.get(reading.phrases[-1], ()) if reading.phrases else ()
        if reading.same is not None:
            return (*reading.same.values(), *_after(reading.same, similar_ones))
        if not reading.phrases:
            return ()
        return similar_ones if reading.remark else self._with_contained(reading.phrases[0], similar_ones)

    def _with_contained(self, text: str, similar: Collection[Hit]) -> Collection[Hit]:
        """What is alike, after the one concept whose wording stands whole in the text, if there is just one.

        But not where another concept is likely: "eksportchef" stands whole in a misspelled "eksportchef inden for ure".
        """
        within = {} if says_who(text.partition(" ")[0]) else self._contained.within(text)
        if len(within) != 1:
            return similar
        [(concept, label)] = within.items()
        sure = Hit(concept, self._at_most(concept, CONTAINED), label)
        rest = [
            Hit(hit.concept, round(hit.probability * (1 - CONTAINED), 6), hit.label)
            for hit in similar
            if hit.concept != concept
        ]
        alike = {hit.concept: hit.probability for hit in similar}
        own = alike.pop(concept, 0.0)
        if own > CONTAINED or max(alike.values(), default=0.0) > ASK_AT:
            return similar
        return [sure, *rest]

    def find_tasks(self, text: str, limit: int = 5) -> tuple[Lookup, ...]:
        """The pieces of a line, a list or a pasted ad that mean something, in its order, each concept once.

        Only what is taken, or likely enough to be asked about: an ad says much that is no task.
        """
        found: dict[int, Lookup] = {}
        for lookup in self.look_up(self.pieces_of(text), limit):
            means_something = lookup.accepted or (lookup.best and lookup.best.probability >= ASK_AT)
            if means_something and lookup.best and not lookup.negated:
                found.setdefault(lookup.best.concept, lookup)
        return tuple(found.values())

    def pieces_of(self, text: str) -> tuple[str, ...]:
        """What a longer text is looked up by, in its order, whatever each piece means."""
        return split_tasks(text, self._is_wording)

    def _is_wording(self, text: str) -> bool:
        return self._same(fold(text)) is not None

    def _read(self, folded: str) -> _Reading:
        if folded in self._by_folded:  # before all rules: "arbejder uden opsyn" is a skill
            remark = Remark.LANGUAGE if is_language(folded) else None
            return _Reading(self._same(folded), [folded], remark=remark)
        phrases, negated = read(folded, self._own_negations, self._words)
        if len(folded) > LONGEST_PHRASE:
            return _Reading(None, phrases, negated)
        remark = remark_on(folded, self._own_turns)
        if remark is Remark.HEALTH or is_about_the_writer(folded) or is_done_by_others(folded):
            return _Reading(None, [], negated, remark)
        if negated or remark is None:
            return _Reading(self._same_as_any(phrases) or self._several_licences(folded), phrases, negated)
        if remark is Remark.LANGUAGE:
            return _Reading(self._doubtful(languages_in(folded)), [], remark=remark)
        about, _ = read(what_about(folded), self._own_negations, self._words)
        return _Reading(self._same_as_any(phrases) or self._same_as_any(about), about, remark=remark)

    def _same_as_any(self, phrases: Sequence[str]) -> dict[int, Hit] | None:
        same = next(filter(None, map(self._same, phrases)), None)
        return same or next(filter(None, map(self._derived, phrases)), None)

    def _derived(self, phrase: str) -> dict[int, Hit] | None:
        """The concepts of which some wording has the same roots: "vask af gulve" and "vasket gulv" are "gulvvask"."""
        key = derived_key(phrase)
        if key is None:
            return None
        owners = self._by_roots.get(key) or self._by_roots.get(lighter(key) or ())
        if not owners:
            return None
        return {
            concept: Hit(concept, self._at_most(concept, DERIVED) / len(owners), label)
            for concept, label in owners.items()
        }

    def _at_most(self, concept: int, probability: float) -> float:
        """The probability, low enough to ask about a concept that only its own letters give."""
        return min(probability, DOUBTFUL_AT_MOST) if concept in self._exact_only else probability

    def _several_licences(self, folded: str) -> dict[int, Hit] | None:
        """ "kørekort B/C" is two things, so both are asked about."""
        licences = licences_in(folded) if _MAY_DECIDE.search(folded) else ()
        if len(licences) < 2:
            return None
        return self._doubtful(fold(f"{kind} {grade}") for kind, grade in licences) or None

    def _doubtful(self, wordings: Iterable[str]) -> dict[int, Hit]:
        """What to ask about: the concepts of several wordings that stand in one text."""
        return {
            concept: Hit(concept, DOUBTFUL_AT_MOST, label)
            for wording in wordings
            for concept, label in self._by_folded.get(wording, {}).items()
        }

    def _similar(self, phrases: Collection[str]) -> dict[str, tuple[Hit, ...]]:
        """What each of the different phrases may mean by likeness."""
        size = self._size
        found = {phrase: self._remembered.get((phrase, size)) for phrase in phrases}
        new = [phrase for phrase, hits in found.items() if hits is None]
        for start in range(0, len(new), BATCH):
            some = new[start : start + BATCH]
            hits = self._indexed().similar(some)
            if len(self._remembered) + len(some) > MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered.update(zip([(phrase, size) for phrase in some], hits, strict=True))
            found.update(zip(some, hits, strict=True))
        return {phrase: hits or () for phrase, hits in found.items()}

    def _same(self, phrase: str) -> dict[int, Hit] | None:
        """The concepts that own exactly these letters; a wording that several own is shared between them."""
        owners, probability = self._by_folded.get(phrase), EXACT
        joined = phrase.replace(" ", "")
        if owners is None:
            owners, probability = self._by_joined.get(joined), JOINED
        if owners is None and len(joined) > TINY_WORD and not _deciding(phrase):
            owners, probability = self._by_undoubled.get(_undoubled(joined)), UNDOUBLED
        if not owners:
            return None
        weights = {
            concept: NAME_BEFORE_OTHERS if self._names[concept] == joined else 1.0 for concept in owners
        }
        share = probability / sum(weights.values())
        return {
            concept: Hit(concept, round(share * weights[concept], 6), label)
            for concept, label in owners.items()
        }


class _Indexed:
    """The wordings at one moment, compared by likeness."""

    def __init__(self, known: Sequence[tuple[str, dict[int, str]]], exact_only: Collection[int]) -> None:
        self._exact_only = exact_only
        self._written = dict(known)
        self._index = Index((folded, concept) for folded, owners in known for concept in owners)
        self._deciding = [_deciding(wording.folded) for wording in self._index.wordings]

    def similar(self, phrases: Sequence[str]) -> list[tuple[Hit, ...]]:
        """For each phrase the concepts it may mean, in no order."""
        compared = [
            phrase
            for phrase in phrases
            if len(phrase.replace(" ", "")) >= MEANS_NOTHING_BELOW and len(phrase) <= LONGEST
        ]
        guesses = self._index.describe(compared)
        chances = _ranker().probabilities(guesses)
        hits = {}
        for phrase, start, end in zip(
            compared, guesses.starts[:-1].tolist(), guesses.starts[1:].tolist(), strict=True
        ):
            here = slice(start, end)
            rows = zip(
                guesses.rows[here].tolist(),
                guesses.concepts[here].tolist(),
                chances[here].tolist(),
                strict=True,
            )
            hits[phrase] = tuple(self._hits(phrase, rows))
        return [hits.get(phrase, ()) for phrase in phrases]

    def _hits(self, phrase: str, guesses: Iterable[tuple[int, int, float]]) -> Iterator[Hit]:
        words = phrase.split()
        is_tiny = len(phrase.replace(" ", "")) <= TINY_WORD
        deciding = _deciding(phrase)
        for row, concept, chance in guesses:
            label = self._index.wordings[row]
            if self._deciding[row] == deciding and not opposed(words, label.words):
                probability = chance * FUZZY_AT_MOST
                if is_tiny or concept in self._exact_only or self._is_doubtful(words, label.words):
                    probability *= 1 - (1 - DOUBTFUL_AT_MOST) * probability  # below, in the same order
                yield Hit(concept, round(probability, 6), self._written[label.folded][concept])

    def _is_doubtful(self, words: Sequence[str], others: Sequence[str]) -> bool:
        """Whether the text may mean something else however alike it is, so that it is asked about.

        So it is where it names a role or a course and the wording a task, where a short word stands against another
        short word, and where a word alone ends in another one: "plejehjemsmedhjælper" is no "mad på plejehjem".
        """
        odd, other_odd = set(words) - set(others), set(others) - set(words)
        if not odd:
            return False
        if any(map(is_course, words)) and not any(map(is_course, others)):
            return True
        if is_role_for_task(odd, other_odd) or differ_by_short_words(odd, other_odd, TINY_WORD):
            return True
        if len(words) > 1:
            return False
        if may_name_who(words[0], others) and stem(words[0]) not in map(stem, others):
            return True
        heads = {self._index.parts_of(other)[-1] for other in others}
        return any(parts[-1] not in heads for parts in map(self._index.parts_of, odd) if len(parts) > 1)


def _undoubled(joined: str) -> str:
    return _DOUBLED.sub(r"\1", joined)


@cache
def _ranker() -> Ranker:
    return Ranker.load()


def _deciding(phrase: str) -> tuple[str, ...]:
    """Numbers and classes, which must be equal: kørekort B is not kørekort C, however alike.

    A lone letter is a class beside a word that has classes; elsewhere it is part of a word ("e handel").
    """
    if not _MAY_DECIDE.search(phrase):
        return ()
    found: list[str] = []
    words = phrase.split()
    for place, word in enumerate(words):
        found += re.findall(r"\d+", word)
        if len(word) == 1 and word.isalpha() and word != "i":
            beside = words[max(0, place - 1) : place + 2]
            if any(other.startswith(_HAS_CLASSES) for other in beside):
                found.append(word)
    return tuple(sorted(found))


def _after(same: Collection[int], similar: Iterable[Hit]) -> Iterator[Hit]:
    """What is alike, but for what has the same letters."""
    for hit in similar:
        if hit.concept not in same:
            yield Hit(hit.concept, round(hit.probability * AFTER_THE_SAME, 9), hit.label)


def _ranked(hits: Iterable[Hit], limit: int) -> tuple[Hit, ...]:
    return tuple(sorted(hits, key=lambda hit: (-hit.probability, hit.concept))[: max(0, limit)])
