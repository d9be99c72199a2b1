"""Make portal/lexicon_weights.json, the spelling knowledge of the lexicon, from labels and misspelled queries.

    python bench/train_lexicon.py --data DIR [--out FILE] [--held-out FILE] [--seed N]

DIR as in bench/matching_quality.py. Needs scikit-learn, which the portal does not. Every third concept (by a hash of
its name) is never learned from, and its name is written to --held-out, so that

    python bench/matching_quality.py --data DIR --only FILE

measures on unseen concepts. Learned from: the queries of the other concepts; misspellings made here; wordings taken
out of the vocabulary (a synonym nobody wrote down); and wordings of concepts taken out whole (nothing is right). The
slice "oov" is never learned from. Only texts are read: there is no person in the data.
"""

import argparse
import hashlib
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.matching_quality import UNKNOWN, World, read_queries  # noqa: E402
from portal.lexicon import fold, phrasings  # noqa: E402
from portal.likeness import FEATURES, WEIGHTS_FILE, Index, Ranker  # noqa: E402

KEEP_OUT_EVERY = 3
FOLDS = 8
MADE_UP = 2500
LEFT_OUT_SHARE = 0.25
LEFT_OUT_ROUNDS = 2
"""Of the wordings of concepts that have others, how many are taken out to be asked about."""

UNKNOWN_PER_CONCEPT = 2
UNKNOWN_WEIGHT = 0.6
UNKNOWN_SHARE = 0.05
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
)  # fmt: skip
FEWER = ("edits without spaces", "edits of stems")
"""More likeness never makes a guess less probable, nor do fewer edits; only these views may count either way."""

SLOPES = np.linspace(0.3, 2.5, 45)
OFFSETS = np.linspace(-6, 6, 97)
ALPHABET = "abcdefghijklmnoprstuvy"
ENDINGS = ("en", "er", "erne", "s", "ens", "e", "ne")


class Example(NamedTuple):
    """One query as the ranker sees it: a row of features for each guess, and which guess is right."""

    concept: int
    kind: str
    features: np.ndarray
    right: np.ndarray


def kept_out(name: str) -> bool:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % KEEP_OUT_EVERY == 0


def example(index: Index, text: str, concept: int, kind: str) -> Example | None:
    phrases, _ = phrasings(fold(text))
    if not phrases:
        return None
    guesses, features = index.describe(phrases[-1])
    right = np.array([guess.concept == concept for guess in guesses], bool)
    known = any(guess.wording.folded in phrases for guess in guesses)
    return None if known or not guesses else Example(concept, kind, features, right)


def misspelled(text: str, chance: random.Random) -> str:
    """One to three slips of the finger, or another form, order or spacing of the words."""
    words = text.lower().split()
    form = chance.random()
    if form < 0.2 and len(words) > 1:
        chance.shuffle(words)
        words = [word for word in words if word not in ("af", "inden", "for", "til", "i", "på", "-")] or words
    elif form < 0.4:
        at = chance.randrange(len(words))
        words[at] += chance.choice(ENDINGS)
    elif form < 0.5:
        at = chance.randrange(len(words))
        if len(words[at]) > 7:
            cut = chance.randrange(3, len(words[at]) - 3)
            words[at] = f"{words[at][:cut]} {words[at][cut:]}"
    letters = list(" ".join(words))
    for _ in range(chance.choice((0, 1, 1, 2, 2, 3))):
        _slip(letters, chance)
    return "".join(letters)


def _slip(letters: list[str], chance: random.Random) -> None:
    at = chance.randrange(len(letters))
    kind = chance.random()
    if kind < 0.3 and len(letters) > 3:
        del letters[at]
    elif kind < 0.5:
        letters.insert(at, letters[at] if chance.random() < 0.5 else chance.choice(ALPHABET))
    elif kind < 0.7 and at + 1 < len(letters):
        letters[at], letters[at + 1] = letters[at + 1], letters[at]
    else:
        letters[at] = chance.choice(ALPHABET)


class Lessons:
    """Everything to learn from, all of it about concepts that are not kept out."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.world = World(folder)
        self.chance = random.Random(seed)
        self.labels = [
            (fold(label), int(concept))
            for label, concept in zip(self.world.labels, self.world.concepts, strict=True)
        ]
        names = {number: name for name, number in self.world.number.items()}
        self.taught = {number for number, name in names.items() if not kept_out(name)}
        self.queries = [query for query in read_queries(folder) if query.slice not in ("neg", "oov", "clean")]

    def all(self) -> Iterator[Example]:
        for made in (self.public(), self.made_up(), self.left_out(), self.unknown()):
            yield from (one for one in made if one is not None)

    def public(self) -> Iterator[Example | None]:
        index = Index(self.labels)
        for query in self.queries:
            concept = self.world.number.get(query.concept)
            if query.concept != UNKNOWN and concept in self.taught:
                yield example(index, query.text, concept, query.slice)

    def made_up(self) -> Iterator[Example | None]:
        index = Index(self.labels)
        own = [pair for pair in self.labels if pair[1] in self.taught]
        for label, concept in self.chance.sample(own, min(MADE_UP, len(own))):
            yield example(index, misspelled(label, self.chance), concept, "made up")

    def left_out(self) -> Iterator[Example | None]:
        for _ in range(LEFT_OUT_ROUNDS):
            yield from self._one_left_out()

    def _one_left_out(self) -> Iterator[Example | None]:
        by_concept = self._by_concept()
        gone = {
            (label, concept)
            for concept in sorted(self.taught)
            for label in by_concept[concept][1:]
            if len(by_concept[concept]) > 1 and self.chance.random() < LEFT_OUT_SHARE
        }
        index = Index(pair for pair in self.labels if pair not in gone)
        for label, concept in sorted(gone):
            yield example(index, label, concept, "left out")

    def unknown(self) -> Iterator[Example | None]:
        by_concept = self._by_concept()
        taught = sorted(self.taught)
        self.chance.shuffle(taught)
        for fold_number in range(FOLDS):
            gone = set(taught[fold_number::FOLDS])
            index = Index(pair for pair in self.labels if pair[1] not in gone)
            for concept in sorted(gone):
                for label in by_concept[concept][:UNKNOWN_PER_CONCEPT]:
                    yield example(index, label, concept, "unknown")

    def _by_concept(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        for label, concept in self.labels:
            found[concept].append(label)
        for labels in found.values():
            self.chance.shuffle(labels)
        return found


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
        "depth": int(max(nodes["depth"].max() for nodes in grown)),
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
    asked = [one for one in examples if one.kind not in ("made up", "left out")]
    unknown = sum(one.kind == "unknown" for one in asked)
    share = UNKNOWN_SHARE * (len(asked) - unknown) / max(1, unknown)
    raw = np.full((len(asked), max(len(one.right) for one in asked)), -np.inf)
    own = np.full(len(asked), -np.inf)
    for part in (0, 1):
        ranker = Ranker(trees([one for one in examples if one.concept % 2 != part], seed))
        for row, one in enumerate(asked):
            if one.concept % 2 == part:
                raw[row, : len(one.right)] = found = ranker.raw(one.features)
                own[row] = found[one.right].max(initial=-np.inf)
    weights = np.array([share if one.kind == "unknown" else 1.0 for one in asked])
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


def written(names: Iterable[str]) -> str:
    return "".join(f"{name}\n" for name in sorted(names))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=WEIGHTS_FILE)
    parser.add_argument("--held-out", type=Path, help="write the concepts never learned from here")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    lessons = Lessons(given.data, given.seed)
    examples = list(lessons.all())
    print(f"{len(examples)} queries, {sum(len(one.right) for one in examples)} guesses")
    stored = trees(examples, given.seed)
    stored["slope"], stored["offset"] = (round(float(one), 4) for one in calibrated(examples, given.seed))
    print(f"slope {stored['slope']}, offset {stored['offset']}")
    given.out.write_text(json.dumps(stored, separators=(",", ":")) + "\n", encoding="utf-8")
    if given.held_out:
        given.held_out.write_text(written(filter(kept_out, lessons.world.number)), encoding="utf-8")


if __name__ == "__main__":
    main()
