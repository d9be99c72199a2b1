"""Quality of the matcher: free text to the right concept (T1), and citizens ranked for an opening (T2).

    python bench/matching_quality.py --data DIR [--json FILE] [--write] [--sample N] [--only FILE] [--seed N] [--t1]
                                     [--draw FILE]
    python bench/matching_quality.py --phrases FILE [--vocabulary FILE] [--mistakes] [--json FILE] [--write] [--seed N]

DIR holds tab-separated texts with a head line, and JSON:
t1_vocab.tsv (label, concept), t1_norm_queries.tsv and t1_hard_queries.tsv (slice, query, gold_concept; "-" means that
nothing in the vocabulary is right), t2_profiles.json, t2_qrels.tsv (opening, citizen, grade 0-3) and
t2_gold_concepts.json (what each text of the profiles was written for). A file or a slice
that is missing leaves its part out. `Lexicon` and `matching` run as in the portal,
and beside them, in the same call, RapidFuzz WRatio, token_sort_ratio and ratio and character-3-gram TF-IDF.

With --phrases the texts of a file are understood with the portal's own vocabulary (bench/phrases.py has the format and
what is counted), beside the same baselines at the threshold that suits each best, and then the vocabulary's own
wordings in five folds.

A concept scores as its best label; ties count as the mean of their ranks. CORE is the mean of the eight noise slices.
T2 is ranked as the portal does when nobody answers "mente du ...?", and when those answer whom --draw names: who is
asked and is offered the right one takes it, who is not offered it says so. The file is written where there is none,
from --seed, so that the same texts are answered wherever it goes.

FAR95 is the share of out-of-vocabulary texts accepted at the score that accepts 95 % of the rightly answered CORE
texts. ECE compares the first hit's probability with how often it is right, in ten equal bins over CORE, synonyms,
compounds and out-of-vocabulary texts (which are never right).
"""

import argparse
import csv
import json
import math
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from rapidfuzz import fuzz, process

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import phrases, report  # noqa: E402
from bench.drawn import Place, drawn  # noqa: E402
from portal import matching  # noqa: E402
from portal.lexicon import ACCEPT_AT, ASK_AT, WEIGHED_FROM, Lexicon, Lookup, fold  # noqa: E402
from portal.shared.skills.services import ALTERNATIVES, GUESSES_KEPT  # noqa: E402

NOISE = ("typo1", "typo2", "infl", "split", "translit", "reorder", "carrier", "combo")
MEASURED = ("clean", *NOISE, "alt", "compound", "hard3", "short1", "neardup")
UNKNOWN = "-"
ACCEPTED = "accepted at the portal's threshold"
LIMIT = 20
"""Hits asked of the lexicon, so that the mean reciprocal rank sees more than the five a page shows."""

BLOCK = 64
TOP = 10
ALONE = 20
"""Of each slice, texts looked up one by one, to time a page that asks for one."""

NOT_ASKED_YET = "her"
"""A word more, so that no answer is remembered."""

RELEVANT = 2
SCORERS = {"WRatio": fuzz.WRatio, "token_sort_ratio": fuzz.token_sort_ratio, "ratio": fuzz.ratio}
GRAMS = "char-3 TF-IDF"
FULL = "Lexicon"
PHRASES = "phrases"


class Query(NamedTuple):
    slice: str
    text: str
    concept: str


@dataclass(frozen=True)
class Answer:
    """Where the right concept came, and what the first one was worth."""

    rank: float
    best: float
    refused: bool = False
    accepted: bool = False

    @property
    def right(self) -> bool:
        return self.rank == 1


Scores = Callable[[Sequence[str]], np.ndarray]
"""Texts to a matrix of concept scores; what a method never names has a score below zero."""


def read_rows(file: Path, *columns: str) -> list[dict[str, str]]:
    """The rows that have all these columns; none when the file is missing."""
    if not file.exists():
        return []
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE))
    if rows and not set(columns) <= set(rows[0]):
        raise SystemExit(f"{file}: expected the columns {', '.join(columns)}")
    return [row for row in rows if all(row[column] for column in columns)]


def read_queries(folder: Path) -> list[Query]:
    files = ("t1_norm_queries.tsv", "t1_hard_queries.tsv")
    rows = [row for name in files for row in read_rows(folder / name, "slice", "query", "gold_concept")]
    return [Query(row["slice"], row["query"], row["gold_concept"]) for row in rows]


class World:
    """The vocabulary, with its concepts numbered in the order of their names."""

    def __init__(self, labelled: Iterable[tuple[str, str]]) -> None:
        """From labels, each with its concept's name."""
        rows = list(labelled)
        names = sorted({name for _, name in rows})
        self.number = {name: number for number, name in enumerate(names)}
        pairs = [(self.number[name], label) for label, name in rows]
        pairs.sort(key=lambda pair: pair[0])  # a concept's first label stays its first: its name
        self.concepts = np.array([concept for concept, _ in pairs], np.int64)
        self.labels = [label for _, label in pairs]
        self.starts = np.flatnonzero(np.diff(self.concepts, prepend=-1))

    @classmethod
    def read(cls, folder: Path) -> Self:
        rows = read_rows(folder / "t1_vocab.tsv", "label", "concept")
        return cls((row["label"], row["concept"]) for row in rows)

    def lexicon(self) -> Lexicon:
        return Lexicon(zip(self.labels, map(int, self.concepts), strict=True))

    def by_concept(self, label_scores: np.ndarray) -> np.ndarray:
        return np.maximum.reduceat(label_scores, self.starts, axis=1)


# --- Methods ------------------------------------------------------------------------------------------------


def fuzzy(world: World, scorer: Callable[..., float]) -> Scores:
    labels = [fold(label) for label in world.labels]

    def scores(texts: Sequence[str]) -> np.ndarray:
        return world.by_concept(process.cdist([fold(text) for text in texts], labels, scorer=scorer))

    return scores


def grams(text: str) -> Counter[str]:
    padded = [f" {word} " for word in fold(text).split()]
    return Counter(word[at : at + 3] for word in padded for at in range(len(word) - 2))


class GramIndex:
    """Character-3-gram TF-IDF with cosine, the plain way."""

    def __init__(self, labels: Sequence[str]) -> None:
        counted = [grams(label) for label in labels]
        seen = Counter(gram for counts in counted for gram in counts)
        self.idf = {gram: 1 + math.log((1 + len(labels)) / (1 + times)) for gram, times in seen.items()}
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for row, counts in enumerate(counted):
            for gram, weight in self._weights(counts).items():
                postings[gram].append((row, weight))
        self.size = len(labels)
        self.postings = {
            gram: (np.array([row for row, _ in found]), np.array([weight for _, weight in found]))
            for gram, found in postings.items()
        }

    def _weights(self, counts: Counter[str]) -> dict[str, float]:
        unseen = 1 + math.log(1 + len(self.idf))
        raw = {gram: times * self.idf.get(gram, unseen) for gram, times in counts.items()}
        length = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
        return {gram: weight / length for gram, weight in raw.items()}

    def likeness(self, text: str) -> np.ndarray:
        total = np.zeros(self.size)
        for gram, weight in self._weights(grams(text)).items():
            if gram in self.postings:
                rows, weights = self.postings[gram]
                total[rows] += weight * weights
        return total


def by_grams(world: World) -> Scores:
    index = GramIndex(world.labels)

    def scores(texts: Sequence[str]) -> np.ndarray:
        return world.by_concept(np.array([index.likeness(text) for text in texts]))

    return scores


def _rivals(world: World) -> dict[str, Scores]:
    return {**{name: fuzzy(world, scorer) for name, scorer in SCORERS.items()}, GRAMS: by_grams(world)}


# --- T1 -----------------------------------------------------------------------------------------------------


def rank_of(scores: np.ndarray, gold: int | None) -> float:
    if gold is None or scores[gold] < 0:
        return math.inf
    above, equal = int((scores > scores[gold]).sum()), int((scores == scores[gold]).sum())
    return 1 + above + (equal - 1) / 2


def by_scores(world: World, queries: Sequence[Query], scores: Scores) -> list[Answer]:
    answers: list[Answer] = []
    for start in range(0, len(queries), BLOCK):
        block = queries[start : start + BLOCK]
        for query, row in zip(block, scores([query.text for query in block]), strict=True):
            answers.append(Answer(rank_of(row, world.number.get(query.concept)), float(row.max())))
    return answers


def by_lexicon(world: World, lexicon: Lexicon, queries: Sequence[Query]) -> list[Answer]:
    answers = []
    for query, lookup in zip(queries, lexicon.look_up([query.text for query in queries], LIMIT), strict=True):
        found = {hit.concept: hit.probability for hit in lookup.hits}
        own = found.get(world.number.get(query.concept, -1))
        values = list(found.values())
        rank = math.inf if own is None else 1 + sum(v > own for v in values) + (values.count(own) - 1) / 2
        best = lookup.best.probability if lookup.best else 0.0
        answers.append(Answer(rank, best, lookup.negated, lookup.accepted is not None))
    return answers


def share(answers: Iterable[bool]) -> float:
    listed = list(answers)
    return sum(listed) / len(listed) if listed else math.nan


def measure(queries: Sequence[Query], answers: Sequence[Answer]) -> dict[str, object]:
    """The figures of one method; slices that are not in the data are left out."""
    slices: dict[str, list[Answer]] = defaultdict(list)
    for query, answer in zip(queries, answers, strict=True):
        slices[query.slice].append(answer)
    figures: dict[str, object] = {
        name: {
            "n": len(slices[name]),
            "acc@1": share(one.right for one in slices[name]),
            "MRR": sum(1 / one.rank for one in slices[name]) / len(slices[name]),
            "R@5": share(one.rank <= 5 for one in slices[name]),
        }
        for name in MEASURED
        if slices[name]
    }
    noise = [name for name in NOISE if slices[name]]
    for key, test in (("CORE", 1), ("CORE R@5", 5)):
        if noise:
            parts = [share(one.rank <= test for one in slices[name]) for name in noise]
            figures[key] = sum(parts) / len(parts)
    core = [one for name in noise for one in slices[name]]
    if core and slices["oov"]:
        figures["FAR95"] = false_accepts(core, slices["oov"])
    return figures


def false_accepts(core: Sequence[Answer], unknown: Sequence[Answer], kept: float = 0.95) -> float:
    right = sorted((one.best for one in core if one.right), reverse=True)
    if not right:
        return math.nan
    threshold = right[math.ceil(kept * len(right)) - 1]
    return share(one.best >= threshold for one in unknown)


def calibration_error(queries: Sequence[Query], answers: Sequence[Answer], bins: int = 10) -> float:
    counted = {*NOISE, "alt", "compound", "oov"}
    pairs = [(a.best, a.right) for q, a in zip(queries, answers, strict=True) if q.slice in counted]
    by_bin: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for probability, right in pairs:
        by_bin[min(bins - 1, int(probability * bins))].append((probability, right))
    gaps = [abs(sum(p for p, _ in found) - sum(right for _, right in found)) for found in by_bin.values()]
    return sum(gaps) / len(pairs) if pairs else math.nan


def only_the_lexicon_tells(queries: Sequence[Query], answers: Sequence[Answer]) -> dict[str, object]:
    """Calibration, what is taken unasked at the portal's threshold, and negation."""
    paired = list(zip(queries, answers, strict=True))
    negated = [answer for query, answer in paired if query.slice == "neg"]
    plain = [answer for query, answer in paired if query.slice != "neg"]
    return {
        "ECE": calibration_error(queries, answers),
        ACCEPTED: {
            "threshold": ACCEPT_AT,
            "CORE": share(a.accepted for q, a in paired if q.slice in NOISE),
            "CORE, wrong of accepted": share(
                not a.right for q, a in paired if q.slice in NOISE and a.accepted
            ),
            "oov": share(a.accepted for q, a in paired if q.slice == "oov"),
        },
        "negation": {
            "phrases": len(negated),
            "refused": sum(one.refused and not one.accepted for one in negated),
            "falsely flagged": sum(one.refused for one in plain),
            "of": len(plain),
        },
    }


def sampled(queries: Sequence[Query], size: int, seed: int) -> list[Query]:
    """At most `size` of each slice; 0 takes all."""
    slices: dict[str, list[Query]] = defaultdict(list)
    for query in queries:
        slices[query.slice].append(query)
    chance = random.Random(seed)
    return [
        query
        for found in slices.values()
        for query in (chance.sample(found, size) if 0 < size < len(found) else found)
    ]


def normalisation(folder: Path, size: int, seed: int, only: set[str] | None) -> dict[str, dict[str, object]]:
    world, queries = World.read(folder), read_queries(folder)
    if only is not None:
        queries = [query for query in queries if query.concept in only or query.concept == UNKNOWN]
    lexicon = world.lexicon()
    results = {FULL: our_own(world, lexicon, queries)}
    some = [query for query in sampled(queries, size, seed) if query.slice != "neg"]
    for name, scores in _rivals(world).items():
        start = time.perf_counter()
        found = measure(some, by_scores(world, some, scores))
        per_text = 1000 * (time.perf_counter() - start) / max(1, len(some))
        results[name] = {"queries": len(some), "sampled": bool(size), **found, "ms per text": per_text}
    return results


def our_own(world: World, lexicon: Lexicon, queries: Sequence[Query]) -> dict[str, object]:
    """The figures of the lexicon; the first look-up, which indexes the vocabulary, is timed apart."""
    start = time.perf_counter()
    lexicon.look_up(["opvarmning"], LIMIT)
    ready = time.perf_counter()
    answers = by_lexicon(world, lexicon, queries)
    together = time.perf_counter()
    alone = [query.text for query in sampled(queries, ALONE, 1)]
    for text in alone:
        lexicon.look_up([f"{text} {NOT_ASKED_YET}"], LIMIT)
    ended = time.perf_counter()
    return {
        "queries": len(queries),
        **measure(queries, answers),
        **only_the_lexicon_tells(queries, answers),
        "ms per text": 1000 * (together - ready) / max(1, len(queries)),
        "ms, one text alone": 1000 * (ended - together) / max(1, len(alone)),
        "seconds to the first answer": ready - start,
    }


# --- T2 -----------------------------------------------------------------------------------------------------

Grades = dict[str, dict[str, int]]


def read_grades(folder: Path) -> Grades:
    grades: Grades = defaultdict(dict)
    for row in read_rows(folder / "t2_qrels.tsv", "opening", "citizen", "grade"):
        grades[row["opening"]][row["citizen"]] = int(row["grade"])
    return grades


class Meaning(NamedTuple):
    """What a text stands for, as the portal would store it."""

    concept: int | None
    confidence: float = 1.0
    guesses: matching.Guesses = ()


class Market:
    """The openings and cards of a data folder as the matcher's input."""

    def __init__(self, folder: Path) -> None:
        profiles = json.loads((folder / "t2_profiles.json").read_text(encoding="utf-8"))
        self.openings: list[dict] = profiles["openings"]
        self.citizens: list[dict] = profiles["citizens"]

    def texts(self) -> list[str]:
        return sorted({skill["text"] for one in (*self.openings, *self.citizens) for skill in one["skills"]})

    def places(self) -> Iterator[tuple[Place, str]]:
        """Every text with where it stands."""
        for side, those in (("openings", self.openings), ("citizens", self.citizens)):
            for one in those:
                for place, skill in enumerate(one["skills"]):
                    yield Place(side, one["id"], place), skill["text"]

    def rank(self, meaning: dict[Place, Meaning]) -> dict[str, list[str]]:
        openings = [self._opening(number, one, meaning) for number, one in enumerate(self.openings)]
        cards = [self._card(number, one, meaning) for number, one in enumerate(self.citizens)]
        ranking = matching.rank(openings, cards, top=TOP)
        return {
            one["id"]: [self.citizens[found.card_id]["id"] for found in ranking.by_opening[number]]
            for number, one in enumerate(self.openings)
        }

    @staticmethod
    def _opening(number: int, one: dict, meaning: dict[Place, Meaning]) -> matching.Opening:
        tasks = tuple(
            matching.Task(
                place,
                skill["text"],
                said.concept,
                matching.Kind.MUST if skill["must"] else matching.Kind.NICE,
                skill["level"],
                said.confidence,
                said.guesses,
            )
            for place, skill in enumerate(one["skills"])
            for said in [meaning[Place("openings", one["id"], place)]]
        )
        return matching.Opening(number, 1, one["sector"], tasks, 20, None, 0, 0, frozenset())

    @staticmethod
    def _card(number: int, one: dict, meaning: dict[Place, Meaning]) -> matching.Card:
        skills = tuple(
            matching.CardSkill(
                skill["text"], said.concept, skill["level"], "own", None, None, said.confidence, said.guesses
            )
            for place, skill in enumerate(one["skills"])
            for said in [meaning[Place("citizens", one["id"], place)]]
        )
        trades = frozenset({one["sector"]})
        return matching.Card(
            number, 1, trades, None, None, None, None, None, None, frozenset(), frozenset(), skills
        )


def understood(lookup: Lookup, least: float, *, guess: bool) -> Meaning:
    """The concept when the first hit is at least this probable, else the guesses, or nothing but words."""
    best = None if lookup.negated else lookup.best
    if best is not None and best.probability >= least:
        return Meaning(best.concept, best.probability)
    if best is not None and guess:
        weighed = (hit for hit in lookup.hits if hit.probability >= WEIGHED_FROM)
        return Meaning(None, guesses=tuple((hit.concept, hit.probability) for hit in weighed))
    return Meaning(None)


def answered(lookup: Lookup, right: int) -> Meaning:
    """What is stored once the writer has answered: the right one if it was offered, else her words alone."""
    offered = replace(lookup, hits=lookup.hits[:ALTERNATIVES])
    if lookup.accepted is not None or lookup.negated or not offered.worth_asking:
        return understood(lookup, ACCEPT_AT, guess=True)
    return Meaning(right if right in {hit.concept for hit in offered.hits} else None)


def pairwise(market: Market, scorer: Callable[..., float]) -> dict[str, list[str]]:
    """The usual way: the weighted mean, over an opening's tasks, of the best likeness on the card."""
    texts = [fold(text) for text in market.texts()]
    row = {text: number for number, text in enumerate(texts)}
    texts = list(row)
    row = {text: number for number, text in enumerate(texts)}
    rankings = {}
    for opening in market.openings:
        asked = [fold(skill["text"]) for skill in opening["skills"]]
        weights = [3.0 if skill["must"] else 1.0 for skill in opening["skills"]]
        like = process.cdist(asked, texts, scorer=scorer)
        rated = [
            (-_weighted(like[:, [row[fold(skill["text"])] for skill in one["skills"]]], weights), one["id"])
            for one in market.citizens
            if one["sector"] == opening["sector"]
        ]
        rankings[opening["id"]] = [name for _, name in sorted(rated)[:TOP]]
    return rankings


def _weighted(likeness: np.ndarray, weights: Sequence[float]) -> float:
    return float(np.average(likeness.max(axis=1), weights=weights)) if likeness.size else 0.0


def ranking_figures(rankings: dict[str, list[str]], grades: Grades) -> dict[str, float]:
    gains, precisions = [], []
    for opening, ranked in rankings.items():
        own = grades.get(opening, {})
        ideal = discounted(sorted(own.values(), reverse=True)[:TOP])
        if not ideal:
            continue
        gains.append(discounted([own.get(citizen, 0) for citizen in ranked[:TOP]]) / ideal)
        relevant = sum(grade >= RELEVANT for grade in own.values())
        if relevant:
            hits = sum(own.get(citizen, 0) >= RELEVANT for citizen in ranked[:5])
            precisions.append(hits / min(5, relevant))
    return {"nDCG@10": sum(gains) / len(gains), "P@5norm": sum(precisions) / len(precisions)}


def discounted(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


AS_IN_THE_PORTAL = "as in the portal (nobody answers)"
ANSWERS = "as in the portal (those drawn answer)"


def meant_in(folder: Path, world: World) -> dict[Place, int]:
    """What each text was written for; empty where the folder does not say."""
    file = folder / "t2_gold_concepts.json"
    if not file.exists():
        return {}
    return {
        Place(side, key, place): world.number.get(concept, -1)
        for side, those in json.loads(file.read_text(encoding="utf-8")).items()
        for key, concepts in those.items()
        for place, concept in enumerate(concepts)
    }


def ranked_citizens(folder: Path, draw: Path | None, seed: int) -> dict[str, dict[str, float]]:
    market, grades, world = Market(folder), read_grades(folder), World.read(folder)
    texts, places = market.texts(), list(market.places())
    lookups = dict(zip(texts, world.lexicon().look_up(texts, GUESSES_KEPT), strict=True))
    ways: dict[str, dict[Place, Meaning]] = {}
    for name, least, guess in (
        (AS_IN_THE_PORTAL, ACCEPT_AT, True),
        ("only what is sure", ACCEPT_AT, False),
        ("first guess kept", ASK_AT, False),
    ):
        ways[name] = {place: understood(lookups[text], least, guess=guess) for place, text in places}
    if meant := meant_in(folder, world):
        those = drawn(draw, seed, market.openings, market.citizens)
        said = {place: answered(lookups[text], meant[place]) for place, text in places if place in those}
        ways[ANSWERS] = ways[AS_IN_THE_PORTAL] | said
    results = {}
    for name, meaning in ways.items():
        start = time.perf_counter()
        figures = ranking_figures(market.rank(meaning), grades)
        results[name] = {**figures, "seconds": time.perf_counter() - start}
    for name, scorer in SCORERS.items():
        start = time.perf_counter()
        results[name] = ranking_figures(pairwise(market, scorer), grades)
        results[name]["seconds"] = time.perf_counter() - start
    return results


# --- Phrases and folds --------------------------------------------------------------------------------------


def understood_phrases(given: argparse.Namespace) -> dict[str, dict[str, float]]:
    """What people write, by the portal and by the baselines; printed as it is found."""
    vocabulary = phrases.SkillsFile.read(given.vocabulary)
    asked = phrases.read_phrases(given.phrases, vocabulary)
    lexicon = vocabulary.lexicon()
    lexicon.look_up(["opvarmning"])
    start = time.perf_counter()
    own, questions = phrases.understood(lexicon, asked, vocabulary)
    per_text = 1000 * (time.perf_counter() - start) / max(1, len(asked))
    folds = phrases.five_folds(vocabulary)
    results = {FULL: own.shares(), "Lexicon, wordings in five folds": folds.shares()}
    world = World((label, vocabulary.names[number]) for label, number in vocabulary.labels)
    numbers = {name: number for number, name in enumerate(vocabulary.names)}
    columns = [world.number[name] for name in numbers]
    for name, scores in _rivals(world).items():
        found, threshold = phrases.at_its_best(
            lambda texts, of=scores: of(texts)[:, columns], asked, vocabulary.names
        )
        results[f"{name} from {threshold:.2f}"] = found.shares()
    print("\n".join(phrases.lines(results.items())))
    results[FULL]["questions for an opening of six tasks"] = phrases.questions_an_opening(
        asked, questions, given.seed
    )
    results[FULL]["ms per text"] = per_text
    for key in ("questions for an opening of six tasks", "ms per text"):
        print(f"{key}: {figure(results[FULL][key])}")
    if given.mistakes:
        for about, figures in (("phrases", own), ("folds", folds)):
            print(*(f"{about}: {text} -> {taken}" for text, taken in figures.mistakes), sep="\n")
    return results


# --- On paper -----------------------------------------------------------------------------------------------


def figure(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) and math.isfinite(value) else "-"


def three(cell: object) -> str:
    """acc@1 / MRR / R@5 of one slice."""
    found = cell if isinstance(cell, dict) else {}
    return "/".join(figure(found.get(key)) for key in ("acc@1", "MRR", "R@5"))


def print_normalisation(results: dict[str, dict[str, object]]) -> None:
    print("T1, acc@1 / MRR / R@5" + "".join(f"{name:>22}" for name in results))
    for name in MEASURED:
        if any(name in result for result in results.values()):
            print(f"{name:<21}" + "".join(f"{three(result.get(name)):>22}" for result in results.values()))
    for key in ("CORE", "CORE R@5", "FAR95", "ECE", "ms per text"):
        print(f"{key:<21}" + "".join(f"{figure(result.get(key)):>22}" for result in results.values()))
    for key in (ACCEPTED, "negation", "ms, one text alone", "seconds to the first answer"):
        print(f"{FULL}, {key}: {json.dumps(plain(results[FULL][key]))}")
    for name, result in results.items():
        print(f"{name}: {result['queries']} queries" + (" (a sample)" if result.get("sampled") else ""))


def print_ranking(results: dict[str, dict[str, float]]) -> None:
    print(f"\n{'T2':<36}{'nDCG@10':>10}{'P@5norm':>10}{'seconds':>10}")
    for name, result in results.items():
        print(
            f"{name:<36}" + "".join(f"{figure(result[key]):>10}" for key in ("nDCG@10", "P@5norm", "seconds"))
        )


def plain(value: object) -> object:
    """As JSON can hold it: what could not be measured is null, not NaN."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def on_the_page(results: dict[str, object], about: str) -> Iterator[str]:
    """The lines for docs/benchmarks.md."""
    where = report.machine()
    yield (
        f"{about} {where['processor']}, {where['cores']} cores, load {where['load']}, Python {where['python']}, "
        f"version {report.version()}."
    )
    normalised = results.get("T1")
    if isinstance(normalised, dict):
        yield from ("", "| accuracy@1 / MRR / R@5 | " + " | ".join(normalised) + " |")
        yield "| --- |" + " ---: |" * len(normalised)
        for name in MEASURED:
            if any(name in result for result in normalised.values()):
                yield f"| {name} | " + " | ".join(three(one.get(name)) for one in normalised.values()) + " |"
        for key in ("CORE", "CORE R@5", "FAR95", "ECE", "ms per text"):
            yield f"| {key} | " + " | ".join(figure(one.get(key)) for one in normalised.values()) + " |"
        negation = normalised[FULL]["negation"]
        yield from ("", f"Negated phrases refused: {negation['refused']} of {negation['phrases']}; falsely flagged: "
                    f"{negation['falsely flagged']} of {negation['of']}.")  # fmt: skip
    written = results.get(PHRASES)
    if isinstance(written, dict):
        yield from _phrases_on_the_page(written)
    ranked = results.get("T2")
    if isinstance(ranked, dict):
        yield from ("", "| ranking citizens | nDCG@10 | P@5norm | seconds |", "| --- | ---: | ---: | ---: |")
        for name, one in ranked.items():
            cells = " | ".join(figure(one[key]) for key in ("nDCG@10", "P@5norm", "seconds"))
            yield f"| {name} | {cells} |"


def _phrases_on_the_page(written: dict[str, dict[str, float]]) -> Iterator[str]:
    yield from (
        "",
        "| phrases | right taken | taken or shown | wrongly taken |",
        "| --- | ---: | ---: | ---: |",
    )
    for name, one in written.items():
        cells = (one["right taken"], one["taken or shown"], one["wrongly taken"])
        yield f"| {name} | " + " | ".join(f"{share:.1%}" for share in cells) + " |"
    asked = written[FULL]["questions for an opening of six tasks"]
    yield from ("", f"Questions for an opening of six tasks: {asked:.2f}.")


def measured(given: argparse.Namespace, only: set[str] | None) -> dict[str, object]:
    """All that the folder has the files for, printed as it is found."""
    results: dict[str, object] = {}
    if given.phrases:
        results[PHRASES] = understood_phrases(given)
    if given.data is None or not read_rows(given.data / "t1_vocab.tsv", "label", "concept"):
        return results
    if read_queries(given.data):
        results["T1"] = found = normalisation(given.data, given.sample, given.seed, only)
        print_normalisation(found)
    if not given.t1 and all((given.data / name).exists() for name in ("t2_profiles.json", "t2_qrels.tsv")):
        results["T2"] = ranked = ranked_citizens(given.data, given.draw, given.seed)
        print_ranking(ranked)
    return results


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--data", type=Path, help="folder with the files named above")
    add("--phrases", type=Path, help="phrases with their right concepts: bench/phrases.py")
    add(
        "--vocabulary", type=Path, default=phrases.SHIPPED, help="the skills that phrases are understood with"
    )
    add("--mistakes", action="store_true", help="name the phrases and wordings wrongly taken")
    add("--json", type=Path, help="also write the figures here")
    add("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    add("--page", type=Path, default=report.BENCHMARKS, help="the page that --write changes")
    add("--sample", type=int, default=0, help="queries of each slice for the baselines; 0: all")
    add("--seed", type=int, default=1, help="of the sample and of the draw")
    add("--only", type=Path, help="file with the concepts to ask about, one a line")
    add("--t1", action="store_true", help="leave T2 out")
    add(
        "--draw",
        type=Path,
        help="file with the texts of T2 whose writer answers; written where there is none",
    )
    return parser.parse_args()


def main() -> None:
    given = arguments()
    only = set(given.only.read_text(encoding="utf-8").split()) if given.only else None
    results = measured(given, only)
    if not results:
        raise SystemExit(
            f"{given.data}: nothing to measure (--phrases, or t1_vocab.tsv with queries or profiles, are needed)"
        )
    if given.json:
        about = {"machine": report.machine(), "version": report.version()}
        given.json.write_text(json.dumps(plain({**about, **results}), indent=2) + "\n", encoding="utf-8")
    if given.write:
        kind = "T1 only the concepts named; T2 all." if only else "All concepts, also those learned from."
        section = "matching-quality" if given.data else "phrases"
        report.write_section(given.page, section, on_the_page(results, kind if given.data else "Phrases."))


if __name__ == "__main__":
    main()
