"""Make portal/lexicon/weights.json, the spelling knowledge of the lexicon, from labels and misspelled queries.

    python bench/train_lexicon.py --data DIR [--vocabulary FILE] [--out FILE] [--held-out FILE] [--seed N]

DIR as in bench/matching_quality.py, FILE as the portal's skills.csv, the default. Needs scikit-learn, which the
portal does not. Every fourth concept of both (by a hash of its name) is never learned from, and the names of DIR's are
written to --held-out, so that

    python bench/matching_quality.py --data DIR --only FILE

measures on unseen concepts. Learned from: the queries of the other concepts; misspellings made here; wordings taken
out of the vocabulary (a synonym nobody wrote down), of the portal's own by folds that keep wordings of one stem
together; and wordings of concepts taken out whole (nothing is right). The slice "oov" is never learned from. Only texts
are read: there is no person in the data.

The same data, seed and versions give the same bytes. What was read and what was written is noted in
bench/weights.json.sha256 (as `sha256sum` writes it); a test holds the shipped weights against it.
"""

import argparse
import csv
import hashlib
import json
import os
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")  # sums in one order: the same bytes every time

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.matching_quality import World, read_queries  # noqa: E402
from bench.misspell import SHORT, misspelled  # noqa: E402
from portal.lexicon import Lexicon, fold  # noqa: E402
from portal.lexicon.likeness import FEATURES, WEIGHTS_FILE, Index, Ranker  # noqa: E402
from portal.lexicon.loops import LONGEST  # noqa: E402
from portal.lexicon.words import content_words, stem  # noqa: E402

SKILLS = ROOT / "portal" / "shared" / "skills" / "data" / "skills.csv"
DIGESTS = ROOT / "bench" / "weights.json.sha256"
READ = ("t1_vocab.tsv", "t1_norm_queries.tsv", "t1_hard_queries.tsv")
KEEP_OUT_EVERY = 4
OWN_FOLDS = 5
OWN_ROUNDS = 2
"""How often the portal's own wordings are laid in folds, each time others together."""

FOLDS = 8
MADE_UP = 5000
SHORT_SHARE = 0.5
"""How many misspelled short words there are beside the misspelled wordings of any length."""

LEFT_OUT_SHARE = 0.25
"""Of the wordings of concepts that have others, how many are taken out to be asked about."""

LEFT_OUT_ROUNDS = 2
UNKNOWN_PER_CONCEPT = 2
SMALLER = (0.4, 0.2, 0.1)
"""Parts of the vocabulary that are learned from too: a portal's own has some hundred wordings, not thousands."""

UNKNOWN_WEIGHT = 0.6
UNKNOWN_SHARE = 0.15
"""How much of what is asked is taken to be in no vocabulary, when the probability is calibrated."""

TREES = {
    "max_iter": 160,
    "learning_rate": 0.08,
    "max_leaf_nodes": 15,
    "max_depth": 6,
    "min_samples_leaf": 30,
    "l2_regularization": 10.0,  # else a leaf of nothing but wrong guesses grows without bound
}
FREE = (
    "partial_ratio", "token_set_ratio", "length ratio", "letters", "blend", "common beginning", "common ending",
    "parts of nobody", "its label covered", "its text covered",
)  # fmt: skip
FEWER = ("edits without spaces", "edits of stems", "parts of others")
"""More likeness never makes a guess less probable, nor do fewer edits; only these views may count either way."""

PRACTICE = ("made up", "left out")
"""Kinds that teach but do not occur as often as they are asked: the probability is calibrated without them."""

SLOPES = np.linspace(0.3, 2.5, 45)
OFFSETS = np.linspace(-6, 6, 97)


class Asked(NamedTuple):
    """A text, the concept it means, and what kind of question it is."""

    text: str
    concept: int
    kind: str


class Lesson(NamedTuple):
    """Texts asked of one vocabulary: folded labels, each with its concept."""

    labels: Sequence[tuple[str, int]]
    asked: Sequence[Asked]

    def phrases(self) -> Iterator[tuple[str, Asked]]:
        """What is compared of each text that the rules alone do not understand."""
        lexicon = Lexicon(self.labels)
        for one in self.asked:
            reading = lexicon._read(fold(one.text))
            if reading.same is None and reading.phrases:
                yield reading.phrases[-1], one


class Example(NamedTuple):
    """One text as the ranker sees it: a row of features for each guess, and which guess is right."""

    concept: int
    kind: str
    features: np.ndarray
    right: np.ndarray


def kept_out(name: str) -> bool:
    return int(hashlib.sha256(f"held out:{name}".encode()).hexdigest(), 16) % KEEP_OUT_EVERY == 0


def fold_of(label: str, turn: str) -> int:
    stems = "".join(sorted(map(stem, content_words(label.split()))))
    return int(hashlib.sha256(f"{turn}:{stems}".encode()).hexdigest(), 16) % OWN_FOLDS


def examples_of(lesson: Lesson) -> Iterator[Example]:
    asked = [pair for pair in lesson.phrases() if len(pair[0]) <= LONGEST]
    guesses = Index(lesson.labels).describe([phrase for phrase, _ in asked])
    for (_, one), start, end in zip(asked, guesses.starts[:-1], guesses.starts[1:], strict=True):
        if end > start:
            right = guesses.concepts[start:end] == one.concept
            yield Example(one.concept, one.kind, guesses.features[start:end], right)


class Vocabulary(NamedTuple):
    """Folded labels with their concept, and the concepts that may be learned from."""

    labels: list[tuple[str, int]]
    spelled: dict[tuple[str, int], str]
    taught: list[int]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, int]], numbers: dict[str, int]) -> "Vocabulary":
        """From labels as written with their concept, and the concepts' numbers by name."""
        spelled = {(fold(label), concept): label for label, concept in pairs}
        taught = [number for name, number in numbers.items() if not kept_out(name)]
        return cls(sorted(spelled), spelled, sorted(taught))

    def by_concept(self, chance: random.Random) -> dict[int, list[str]]:
        """The taught concepts' labels, each concept's in an order of chance."""
        found: dict[int, list[str]] = {concept: [] for concept in self.taught}
        for label, concept in self.labels:
            if concept in found:
                found[concept].append(label)
        for labels in found.values():
            chance.shuffle(labels)
        return found

    def part(self, share: float, chance: random.Random) -> "Vocabulary":
        """A smaller vocabulary: some of the concepts."""
        names = sorted({concept for _, concept in self.labels})
        kept = set(chance.sample(names, round(share * len(names))))
        labels = [pair for pair in self.labels if pair[1] in kept]
        return Vocabulary(labels, self.spelled, [one for one in self.taught if one in kept])


def own_vocabulary(skills: Path) -> Vocabulary:
    """The portal's."""
    with skills.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    numbers = {row["canonical_da"]: number for number, row in enumerate(rows)}
    pairs = [
        (label, number)
        for number, row in enumerate(rows)
        for label in (row["canonical_da"], *filter(None, row["synonyms_da"].split(";")))
    ]
    return Vocabulary.of(pairs, numbers)


class Lessons:
    """Everything to learn from, all of it about concepts that are not kept out."""

    def __init__(self, folder: Path, skills: Path, seed: int) -> None:
        self.world = World.read(folder)
        self.chance = random.Random(seed)
        pairs = list(zip(self.world.labels, map(int, self.world.concepts), strict=True))
        self.vocabulary = Vocabulary.of(pairs, self.world.number)
        self.own = own_vocabulary(skills)
        self.queries = [query for query in read_queries(folder) if query.slice not in ("neg", "oov", "clean")]

    def all(self) -> Iterator[Lesson]:
        whole = self.vocabulary
        yield self.public(whole)
        yield self.made_up(whole, MADE_UP)
        yield from self.unknown(whole, UNKNOWN_PER_CONCEPT)
        for _ in range(LEFT_OUT_ROUNDS):
            yield self.left_out(whole)
        for share in SMALLER:
            part = whole.part(share, self.chance)
            yield self.made_up(part, round(share * MADE_UP))
            yield self.left_out(part)
            yield from self.unknown(part, 1)
        yield self.made_up(self.own, MADE_UP // 2)
        for turn in range(OWN_ROUNDS):
            yield from self.by_folds(self.own, f"turn {turn}")
            yield from self.unknown(self.own, UNKNOWN_PER_CONCEPT)

    def by_folds(self, vocabulary: Vocabulary, turn: str) -> Iterator[Lesson]:
        """Every wording is asked about once, of a vocabulary without it and all that share its stems."""
        taught = set(vocabulary.taught)
        for number in range(OWN_FOLDS):
            gone = {pair for pair in vocabulary.labels if fold_of(pair[0], turn) == number}
            left = [pair for pair in vocabulary.labels if pair not in gone]
            yield Lesson(left, [Asked(*pair, "own") for pair in sorted(gone) if pair[1] in taught])

    def public(self, vocabulary: Vocabulary) -> Lesson:
        """The given queries."""
        taught = set(vocabulary.taught)
        meant = [(query, self.world.number.get(query.concept)) for query in self.queries]
        return Lesson(vocabulary.labels, [Asked(q.text, one, q.slice) for q, one in meant if one in taught])

    def made_up(self, vocabulary: Vocabulary, number: int) -> Lesson:
        """Misspelled wordings, half of them of one short word: few labels are, and they are the hardest."""
        taught = set(vocabulary.taught)
        own = [pair for pair in vocabulary.labels if pair[1] in taught]
        short = [pair for pair in own if len(pair[0]) <= SHORT]
        pairs = self.chance.choices(own, k=number) + self.chance.choices(short, k=round(SHORT_SHARE * number))
        made = [Asked(misspelled(vocabulary.spelled[one], self.chance), one[1], "made up") for one in pairs]
        return Lesson(vocabulary.labels, made)

    def left_out(self, vocabulary: Vocabulary) -> Lesson:
        """Wordings taken out of the vocabulary: synonyms nobody wrote down."""
        gone = {
            (label, concept)
            for concept, labels in vocabulary.by_concept(self.chance).items()
            for label in labels[1:]
            if self.chance.random() < LEFT_OUT_SHARE
        }
        left = [pair for pair in vocabulary.labels if pair not in gone]
        return Lesson(left, [Asked(label, concept, "left out") for label, concept in sorted(gone)])

    def unknown(self, vocabulary: Vocabulary, wordings: int) -> Iterator[Lesson]:
        """Wordings of concepts taken out whole: nothing is right."""
        by_concept = vocabulary.by_concept(self.chance)
        concepts = sorted(by_concept)
        self.chance.shuffle(concepts)
        for number in range(FOLDS):
            gone = set(concepts[number::FOLDS])
            left = [pair for pair in vocabulary.labels if pair[1] not in gone]
            yield Lesson(
                left,
                [
                    Asked(label, one, "unknown")
                    for one in sorted(gone)
                    for label in by_concept[one][:wordings]
                ],
            )


def stacked(examples: Sequence[Example]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    features = np.concatenate([one.features for one in examples])
    right = np.concatenate([one.right for one in examples])
    weights = [UNKNOWN_WEIGHT if one.kind == "unknown" else 1.0 for one in examples for _ in one.right]
    return features, right, np.array(weights)


def trees(examples: Sequence[Example], seed: int) -> dict[str, object]:
    features, right, weights = stacked(examples)
    directions = [0 if name in FREE else -1 if name in FEWER else 1 for name in FEATURES]
    model = HistGradientBoostingClassifier(
        **TREES, monotonic_cst=directions, early_stopping=False, random_state=seed
    )
    model.fit(features, right, sample_weight=weights)
    grown = [tree[0].nodes for tree in model._predictors]
    return {
        "features": list(FEATURES),
        "slope": 1.0,
        "offset": 0.0,
        "trees": [_tree(nodes) for nodes in grown],
    }


def _tree(nodes: np.ndarray) -> dict[str, list[float]]:
    """A leaf leads to itself, so that all trees can be walked equally deep."""
    own = np.arange(len(nodes))
    leaf = nodes["is_leaf"].astype(bool)
    threshold = np.nan_to_num(nodes["num_threshold"], posinf=1e9)
    return {
        "feature": np.where(leaf, 0, nodes["feature_idx"]).tolist(),
        "threshold": [round(value, 5) for value in np.where(leaf, 0, threshold).tolist()],
        "at_most": np.where(leaf, own, nodes["left"]).tolist(),
        "above": np.where(leaf, own, nodes["right"]).tolist(),
        "value": [round(value, 5) for value in np.where(leaf, nodes["value"], 0).tolist()],
    }


def calibrated(examples: Sequence[Example], seed: int) -> tuple[float, float]:
    """Slope and offset under which the answers are likeliest, on concepts a model has not seen."""
    asked = [one for one in examples if one.kind not in PRACTICE]
    raw = np.full((len(asked), max(len(one.right) for one in asked)), -np.inf)
    own = np.full(len(asked), -np.inf)
    for part in (0, 1):
        ranker = Ranker(trees([one for one in examples if one.concept % 2 != part], seed))
        for row, one in enumerate(asked):
            if one.concept % 2 == part:
                raw[row, : len(one.right)] = found = ranker.raw(one.features)
                own[row] = found[one.right].max(initial=-np.inf)
    weights = mixed([one.kind for one in asked])
    return min(
        ((slope, offset) for slope in SLOPES for offset in OFFSETS),
        key=lambda pair: _surprise(raw, own, weights, *pair),
    )


def _surprise(raw: np.ndarray, own: np.ndarray, weights: np.ndarray, slope: float, offset: float) -> float:
    """The negative log likelihood of the right guesses, and of "none of them" where none is right."""
    chances = np.exp(np.clip(slope * raw + offset, -60, 60))
    chances[~np.isfinite(raw)] = 0
    right = np.where(np.isfinite(own), np.exp(np.clip(slope * own + offset, -60, 60)), 1.0)
    return float((weights * (np.log1p(chances.sum(axis=1)) - np.log(right))).sum())


def mixed(kinds: Sequence[str]) -> np.ndarray:
    """Weights under which `UNKNOWN_SHARE` of what is asked is in no vocabulary."""
    unknown = sum(kind == "unknown" for kind in kinds)
    share = UNKNOWN_SHARE / (1 - UNKNOWN_SHARE) * (len(kinds) - unknown) / max(1, unknown)
    return np.array([share if kind == "unknown" else 1.0 for kind in kinds])


def digests(given: argparse.Namespace) -> str:
    """What was read and what was written, as `sha256sum` says it."""
    named = [
        *((given.data / name, name) for name in READ),
        (given.vocabulary, "skills.csv"),
        (given.out, given.out.name),
    ]
    return "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {name}\n" for file, name in named)


def written(names: Iterable[str]) -> str:
    return "".join(f"{name}\n" for name in sorted(names))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--vocabulary", type=Path, default=SKILLS, help="the portal's own wordings")
    parser.add_argument("--out", type=Path, default=WEIGHTS_FILE)
    parser.add_argument("--held-out", type=Path, help="write the concepts never learned from here")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    lessons = Lessons(given.data, given.vocabulary, given.seed)
    examples = [one for lesson in lessons.all() for one in examples_of(lesson)]
    print(f"{len(examples)} queries, {sum(len(one.right) for one in examples)} guesses")
    stored = trees(examples, given.seed)
    stored["slope"], stored["offset"] = (round(float(one), 4) for one in calibrated(examples, given.seed))
    print(f"slope {stored['slope']}, offset {stored['offset']}")
    given.out.write_text(json.dumps(stored, separators=(",", ":")) + "\n", encoding="utf-8")
    if given.out == WEIGHTS_FILE:
        DIGESTS.write_text(digests(given), encoding="utf-8")
    if given.held_out:
        given.held_out.write_text(written(filter(kept_out, lessons.world.number)), encoding="utf-8")


if __name__ == "__main__":
    main()
