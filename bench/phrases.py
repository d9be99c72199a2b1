"""How much of what people write is understood: phrases with their right concepts, and the vocabulary's own words.

`bench/matching_quality.py --phrases FILE` prints it. FILE is tab-separated with the columns `text`, `concepts` and
`who`. `concepts` are names or any wordings of the vocabulary, separated by ";", or "-" where nothing of the
vocabulary is right; `who` is employer, consultant, learner or cv, and the last two write for a card. A column
`acceptable` may name concepts that are no mistake though they are not what is looked for: the general above the
special.

Right taken: everything taken unasked is right, and something is. Shown: a right concept is taken, or among the answers
offered. Wrongly taken: something taken unasked is not right. The first two are shares of the texts that mean something,
the last of all texts. In five folds every wording of the vocabulary is looked up by an index that was built without it
and without every wording of the same stems; to be taken as the general concept above its own is no mistake.
"""

import csv
import hashlib
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from portal.lexicon import OFFERED_FROM, Hit, Lexicon, Lookup, fold
from portal.lexicon.words import content_words, stem

SHIPPED: Final = (
    Path(__file__).resolve().parent.parent / "portal" / "shared" / "skills" / "data" / "skills.csv"
)
NOTHING: Final = "-"
FOLDS: Final = 5
OFFERED: Final = 5
TASKS_OF_AN_OPENING: Final = 6
OPENINGS_DRAWN: Final = 2_000
FOR_A_CARD: Final = frozenset({"learner", "cv"})
WRITES_OPENINGS: Final = "employer"
EXACT_ONLY: Final = frozenset({"certifikat", "sproglig", "stillingsbetingelse"})
CONDITION: Final = "stillingsbetingelse"


class Phrase(NamedTuple):
    """A text, the concepts (numbers) that are right for it, who wrote it, and what would be no mistake either."""

    text: str
    right: frozenset[int]
    who: str
    acceptable: frozenset[int] = frozenset()


@dataclass(frozen=True)
class SkillsFile:
    """A file of skills: wordings with their concept's number, and what is special about some concepts."""

    names: list[str]
    labels: list[tuple[str, int]]
    exact_only: frozenset[int]
    conditions: frozenset[int]
    above: dict[int, frozenset[int]]
    """Each concept's more general ones, also theirs."""

    @classmethod
    def read(cls, file: Path = SHIPPED) -> "SkillsFile":
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))
        labels = [
            (wording, number)
            for number, row in enumerate(rows)
            for wording in (row["canonical_da"], *row["synonyms_da"].split(";"))
            if wording.strip()
        ]
        return cls(
            [row["canonical_da"] for row in rows],
            labels,
            frozenset(number for number, row in enumerate(rows) if row["category"] in EXACT_ONLY),
            frozenset(number for number, row in enumerate(rows) if row["category"] == CONDITION),
            _above(rows),
        )

    def lexicon(self, without: frozenset[str] = frozenset()) -> Lexicon:
        """Of all wordings but these (folded)."""
        kept = [(wording, number) for wording, number in self.labels if fold(wording) not in without]
        return Lexicon(kept, exact_only=self.exact_only)


def _above(rows: Sequence[dict[str, str]]) -> dict[int, frozenset[int]]:
    number_of = {row["canonical_da"]: number for number, row in enumerate(rows)}
    direct = {
        number: {number_of[name] for name in (row.get("broader") or "").split(";") if name in number_of}
        for number, row in enumerate(rows)
    }
    found: dict[int, frozenset[int]] = {}
    for number, above in direct.items():
        everything, left = set(above), list(above)
        while left:
            more = direct[left.pop()] - everything
            everything |= more
            left += more
        found[number] = frozenset(everything)
    return found


@dataclass
class Figures:
    """Counts of one way to understand texts."""

    meaningful: int = 0
    texts: int = 0
    right: int = 0
    shown: int = 0
    wrong: int = 0
    questions: int = 0
    mistakes: list[tuple[str, str]] = field(default_factory=list)
    """Each text wrongly taken, with what it was taken as."""

    def add(
        self, phrase: Phrase, taken: frozenset[int], offered: frozenset[int], names: Sequence[str]
    ) -> None:
        self.texts += 1
        self.meaningful += bool(phrase.right)
        fair = phrase.right | phrase.acceptable
        self.right += bool(taken & phrase.right) and taken <= fair
        self.shown += bool((taken | offered) & phrase.right)
        if not taken <= fair:
            self.wrong += 1
            self.mistakes.append((phrase.text, "; ".join(names[one] for one in sorted(taken - fair))))

    def shares(self) -> dict[str, float]:
        """Right taken, right taken or shown, wrongly taken: shares from 0 to 1."""
        meaningful, texts = max(1, self.meaningful), max(1, self.texts)
        return {
            "right taken": self.right / meaningful,
            "taken or shown": self.shown / meaningful,
            "wrongly taken": self.wrong / texts,
        }


def read_phrases(file: Path, vocabulary: SkillsFile) -> list[Phrase]:
    """The file's phrases. Ends the program with the names that are no wording of the vocabulary."""
    number_of = {fold(wording): number for wording, number in vocabulary.labels}
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE))
    if not rows or not {"text", "concepts", "who"} <= set(rows[0]):
        raise SystemExit(f"{file}: expected the columns text, concepts, who")
    unknown: set[str] = set()

    def numbers(cell: str | None) -> frozenset[int]:
        named = {fold(name) for name in (cell or "").split(";") if name.strip() not in ("", NOTHING)}
        unknown.update(named - number_of.keys())
        return frozenset(number_of[name] for name in named if name in number_of)

    phrases = [
        Phrase(row["text"], numbers(row["concepts"]), row["who"], numbers(row.get("acceptable")))
        for row in rows
    ]
    if unknown:
        raise SystemExit(f"{file}: no wordings of the vocabulary: {', '.join(sorted(unknown))}")
    return phrases


def understood(
    lexicon: Lexicon, phrases: Sequence[Phrase], vocabulary: SkillsFile
) -> tuple[Figures, list[int]]:
    """As the portal does it; beside the figures how many questions each phrase costs."""
    figures, questions = Figures(), []
    several = [lexicon.find_tasks(phrase.text) for phrase in phrases]
    lookups = lexicon.look_up([phrase.text for phrase in phrases])
    for phrase, whole, parts in zip(phrases, lookups, several, strict=True):
        read = [whole] if whole.accepted is not None or len(parts) < 2 else list(parts)
        barred = vocabulary.conditions if phrase.who in FOR_A_CARD else frozenset()
        taken = frozenset(one.accepted.concept for one in read if one.accepted is not None) - barred
        asked = [one for one in read if one.accepted is None and one.worth_asking]
        offered = (
            frozenset(hit.concept for one in asked for hit in one.hits[:OFFERED] if _worth_showing(hit))
            - barred
        )
        figures.add(phrase, taken, offered, vocabulary.names)
        questions.append(len(asked))
    figures.questions = sum(questions)
    return figures, questions


def _worth_showing(hit: Hit) -> bool:
    return hit.probability >= OFFERED_FROM


def questions_an_opening(phrases: Sequence[Phrase], questions: Sequence[int], seed: int) -> float:
    """The mean number of questions for six of the employers' phrases that mean something, drawn by chance."""
    own = [
        count
        for phrase, count in zip(phrases, questions, strict=True)
        if phrase.who == WRITES_OPENINGS and phrase.right
    ]
    if len(own) < TASKS_OF_AN_OPENING:
        return float("nan")
    chance = random.Random(seed)
    drawn = [sum(chance.sample(own, TASKS_OF_AN_OPENING)) for _ in range(OPENINGS_DRAWN)]
    return sum(drawn) / len(drawn)


def at_its_best(
    scores: Callable[[Sequence[str]], np.ndarray], phrases: Sequence[Phrase], names: Sequence[str]
) -> tuple[Figures, float]:
    """What a scorer takes from its best threshold on; the five best concepts are shown.

    The threshold is the one with most right less wrong, chosen on these very phrases: none would look better.
    """
    rows = scores([phrase.text for phrase in phrases])
    best, firsts = rows.max(axis=1), rows.argmax(axis=1)
    gains = sorted(
        (
            (float(best[at]), 1 if int(firsts[at]) in phrase.right else -1)
            for at, phrase in enumerate(phrases)
        ),
        reverse=True,
    )
    threshold, most, sofar = float("inf"), 0, 0
    for value, gain in gains:
        sofar += gain
        if sofar > most:
            threshold, most = value, sofar
    figures = Figures()
    for at, phrase in enumerate(phrases):
        taken = frozenset({int(firsts[at])}) if best[at] >= threshold else frozenset()
        offered = frozenset(np.argsort(-rows[at], kind="stable")[:OFFERED].tolist())
        figures.add(phrase, taken, offered, names)
    return figures, threshold


def stems_of(wording: str) -> str:
    """What wordings of one stem share, whatever their order, endings and spaces."""
    return "".join(sorted(map(stem, content_words(fold(wording).split()))))


def fold_of(wording: str) -> int:
    """Which of the five folds a wording is in, the same on every machine."""
    return int(hashlib.sha256(stems_of(wording).encode()).hexdigest(), 16) % FOLDS


def five_folds(vocabulary: SkillsFile) -> Figures:
    """Every wording, looked up by a lexicon that never saw it."""
    total = Figures()
    for number in range(FOLDS):
        left_out = [
            (wording, concept) for wording, concept in vocabulary.labels if fold_of(wording) == number
        ]
        lexicon = vocabulary.lexicon(frozenset(fold(wording) for wording, _ in left_out))
        lookups = lexicon.look_up([wording for wording, _ in left_out])
        for (wording, concept), lookup in zip(left_out, lookups, strict=True):
            taken, offered = _taken(lookup), _offered(lookup)
            phrase = Phrase(wording, frozenset({concept}), "", vocabulary.above[concept])
            total.add(phrase, taken, offered, vocabulary.names)
    return total


def _taken(lookup: Lookup) -> frozenset[int]:
    return frozenset() if lookup.accepted is None else frozenset({lookup.accepted.concept})


def _offered(lookup: Lookup) -> frozenset[int]:
    if lookup.accepted is not None or not lookup.worth_asking:
        return frozenset()
    return frozenset(hit.concept for hit in lookup.hits[:OFFERED] if _worth_showing(hit))


def lines(results: Iterable[tuple[str, dict[str, float]]]) -> list[str]:
    """A table: one row a way of understanding."""
    heads = ("right taken", "taken or shown", "wrongly taken")
    table = [f"{'':<36}" + "".join(f"{head:>16}" for head in heads)]
    table += [
        f"{name:<36}" + "".join(f"{shares[head]:>15.1%} " for head in heads) for name, shares in results
    ]
    return table
