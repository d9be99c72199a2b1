"""Speed of the matcher: everybody ranked both ways, one newcomer ranked, and the same by comparing texts.

    python bench/matching_speed.py --citizens N --openings M [--filters] [--related] [--raw] [--seed S] [--data DIR]
                                   [--json FILE] [--write] [--page FILE]

The seeded world: three trades with 700 concepts each, drawn by Zipf's law (0.9); every citizen and every opening has
four to eight texts, of which 15 % are misspelled and 25 % synonyms. Labels come from DIR/t1_vocab.tsv (label,
concept) or, without --data, from the portal's vocabulary, extended by phrases put together from its words. With
--filters the hard conditions bite (distance, hours, Danish); without, only the trade counts. With --related every
eighth concept is above the seven that follow it, and each counts where the other is asked for.

Warm: all texts understood, all numbers at hand. Raw: the texts understood by the lexicon, cards and
openings made, numbered and ranked; only the vocabulary's own index and the compiled code are made before. The
growth exponent is of warm time over pairs, at an eighth, a quarter, half and all of the world. RapidFuzz compares
every text of an opening with every text of a card by WRatio, a sample of pairs in a loop; its times for the whole
world are extrapolated. Some citizens and openings are ranked once more by `portal.matching` and must agree.
"""

import argparse
import csv
import json
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from rapidfuzz import fuzz

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import report  # noqa: E402
from bench.matching_quality import read_rows  # noqa: E402
from bench.misspell import misspelled  # noqa: E402
from portal import matching  # noqa: E402
from portal.batch.market import Market, Pair, Winners, rank_all  # noqa: E402
from portal.lexicon import WEIGHED_FROM, Lexicon, Lookup  # noqa: E402
from portal.matching import Card, CardSkill, Kind, Opening, Task  # noqa: E402
from portal.shared.skills.relations import likeness  # noqa: E402
from portal.shared.skills.services import GUESSES_KEPT  # noqa: E402

Made = TypeVar("Made")

TOP = 20
TRADES = ("kitchen", "care", "cleaning")
CONCEPTS = 700  # of each trade
ZIPF = 0.9
FAMILY = 8
FEWEST, MOST = 4, 8
MISSPELLED, SYNONYMS = 0.15, 0.25
KINDS = (Kind.MUST, Kind.NICE, Kind.LEARN)
KIND_SHARES = (0.3, 0.6, 0.1)
LEVELS = (1, 2, 3, 4)

MUNICIPALITIES = 98
RANGES_KM = (10.0, 20.0, 40.0, 60.0)
HOURS = (15.0, 20.0, 25.0, 30.0, 37.0)

REPEAT = 5
NEWCOMERS = 300
PARTS = (8, 4, 2, 1)
BASELINE_SECONDS = 2.0
CHECKED = 500
CHECK_SECONDS = 60.0


# --- The world ----------------------------------------------------------------------------------------------


def labels_of_portal(chance: random.Random) -> list[list[str]]:
    """The portal's own phrases by concept, and as many more as are needed."""
    with (ROOT / "portal" / "shared" / "skills" / "data" / "skills.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        rows = list(csv.DictReader(file))
    concepts = [[row["canonical_da"], *filter(None, row["synonyms_da"].split(";"))] for row in rows]
    words = sorted(
        {word for labels in concepts for label in labels for word in label.split() if len(word) > 4}
    )
    seen = set()
    while len(concepts) < len(TRADES) * CONCEPTS:
        pair = tuple(chance.sample(words, 2))
        if pair not in seen:
            seen.update((pair, pair[::-1]))
            concepts.append([" ".join(pair), f"{pair[1]} og {pair[0]}", f"{pair[0]} ved {pair[1]}"])
    return concepts


def labels_of(folder: Path) -> list[list[str]]:
    found: dict[str, list[str]] = {}
    for row in read_rows(folder / "t1_vocab.tsv", "label", "concept"):
        found.setdefault(row["concept"], []).append(row["label"])
    return list(found.values())


def families() -> dict[int, list[int]]:
    """Concept -> the one above it."""
    of_a_trade = [concept for trade in range(len(TRADES)) for concept in range(CONCEPTS)]
    return {place: [place - concept % FAMILY] for place, concept in enumerate(of_a_trade) if concept % FAMILY}


@dataclass(frozen=True)
class Texts:
    """Who says what: person i says `text[starts[i]:starts[i + 1]]`, and belongs to a trade."""

    trade: np.ndarray
    starts: np.ndarray
    text: list[str]


class World:
    """Citizens and openings in words."""

    def __init__(self, given: argparse.Namespace) -> None:
        chance = random.Random(given.seed)
        self.numbers = np.random.default_rng(given.seed)
        self.labels = labels_of(given.data) if given.data else labels_of_portal(chance)
        chance.shuffle(self.labels)
        if len(self.labels) < len(TRADES) * CONCEPTS:
            raise SystemExit(f"{given.data}: fewer than {len(TRADES) * CONCEPTS} concepts")
        self.filters = given.filters
        self.related = likeness(families()) if given.related else {}
        self.citizens = self._said(given.citizens, chance)
        self.openings = self._said(given.openings, chance)
        self._place(given.citizens, given.openings)

    def lexicon(self) -> Lexicon:
        return Lexicon((label, concept) for concept, labels in enumerate(self.labels) for label in labels)

    def _said(self, people: int, chance: random.Random) -> Texts:
        popularity = np.arange(1, CONCEPTS + 1) ** -ZIPF
        lengths = self.numbers.integers(FEWEST, MOST + 1, people)
        trade = self.numbers.integers(0, len(TRADES), people)
        concepts = self.numbers.choice(CONCEPTS, lengths.sum(), p=popularity / popularity.sum())
        concepts += np.repeat(trade, lengths) * CONCEPTS
        ways = self.numbers.random(len(concepts))
        text = [self._worded(*one, chance) for one in zip(concepts.tolist(), ways.tolist(), strict=True)]
        return Texts(trade, np.concatenate([[0], np.cumsum(lengths)]), text)

    def _worded(self, concept: int, way: float, chance: random.Random) -> str:
        labels = self.labels[concept]
        if way < MISSPELLED:
            return sys.intern(misspelled(chance.choice(labels), chance))
        return chance.choice(labels[1:] or labels) if way < MISSPELLED + SYNONYMS else labels[0]

    def _place(self, citizens: int, openings: int) -> None:
        with (ROOT / "portal" / "data" / "postcodes_dk.csv").open(encoding="utf-8", newline="") as file:
            towns = [(float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)]
        towns = [towns[at] for at in self.numbers.choice(len(towns), MUNICIPALITIES, replace=False)]
        draw = self.numbers.integers
        self.homes = [towns[at] for at in draw(0, MUNICIPALITIES, citizens)]
        self.workplaces = [towns[at] for at in draw(0, MUNICIPALITIES, openings)]
        self.ranges = self.numbers.choice(RANGES_KM, citizens).tolist()
        self.hours_min = draw(5, 30, citizens).astype(float).tolist()
        self.danish = draw(0, 5, citizens).tolist()
        self.levels = self.numbers.choice(LEVELS, len(self.citizens.text)).tolist()
        self.hours = self.numbers.choice(HOURS, openings).tolist()
        self.danish_asked = draw(0, 5, openings).tolist()
        self.levels_asked = self.numbers.choice(LEVELS, len(self.openings.text)).tolist()
        self.kinds = [KINDS[at] for at in self.numbers.choice(3, len(self.openings.text), p=KIND_SHARES)]


@dataclass(frozen=True)
class Meaning:
    concept: int | None
    confidence: float
    guesses: tuple[tuple[int, float], ...]


def understood(lexicon: Lexicon, texts: Sequence[str]) -> list[Meaning]:
    """As the portal stores a text: a concept where the lexicon is sure, else what it may mean."""
    different = list(dict.fromkeys(texts))
    meanings = {lookup.text: _meaning(lookup) for lookup in lexicon.look_up(different, GUESSES_KEPT)}
    return [meanings[text] for text in texts]


def _meaning(lookup: Lookup) -> Meaning:
    if lookup.negated:
        return Meaning(None, 1.0, ())
    if lookup.accepted is not None:
        return Meaning(lookup.accepted.concept, lookup.accepted.probability, ())
    weighed = (hit for hit in lookup.hits if hit.probability >= WEIGHED_FROM)
    return Meaning(None, 1.0, tuple((hit.concept, hit.probability) for hit in weighed))


def cards_of(world: World, meanings: Sequence[Meaning]) -> list[Card]:
    said = world.citizens
    skills = [
        CardSkill(text, meant.concept, level, "own", None, None, meant.confidence, meant.guesses)
        for text, meant, level in zip(said.text, meanings, world.levels, strict=True)
    ]
    trades = [frozenset([trade]) for trade in TRADES]
    nothing: frozenset[str] = frozenset()
    return [
        Card(
            number, 1, trades[said.trade[number]], *_limits(world, number), nothing, nothing,
            tuple(skills[said.starts[number] : said.starts[number + 1]]),
        )
        for number in range(len(said.trade))
    ]  # fmt: skip


def _limits(world: World, number: int) -> tuple[object, ...]:
    if not world.filters:
        return (None,) * 6
    least = world.hours_min[number]
    return (least, least + 12, world.homes[number], world.ranges[number], world.danish[number], None)


def openings_of(world: World, meanings: Sequence[Meaning]) -> list[Opening]:
    asked = world.openings
    rows = zip(asked.text, meanings, world.kinds, world.levels_asked, strict=True)
    tasks = [
        Task(number, text, meant.concept, kind, level, meant.confidence, meant.guesses)
        for number, (text, meant, kind, level) in enumerate(rows)
    ]
    return [
        Opening(
            number, 1, TRADES[asked.trade[number]], tuple(tasks[asked.starts[number] : asked.starts[number + 1]]),
            world.hours[number], world.workplaces[number] if world.filters else None,
            world.danish_asked[number] if world.filters else 0, 0, frozenset(),
        )
        for number in range(len(asked.trade))
    ]  # fmt: skip


# --- Measuring ----------------------------------------------------------------------------------------------


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak_mb() -> int:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / (2**20 if sys.platform == "darwin" else 2**10))


def percentiles(work: Callable[[object], object], those: Sequence[object]) -> dict[str, float]:
    times = sorted(1000 * seconds(partial(work, one)) for one in those)
    return {"p50 ms": times[len(times) // 2], "p95 ms": times[int(0.95 * len(times))]}


def growth(
    world: World, openings: Sequence[Opening], cards: Sequence[Card], repeat: int
) -> dict[str, object]:
    """The slope of log time over log pairs."""
    pairs, times = [], []
    for part in PARTS:
        some = openings[: len(openings) // part], cards[: len(cards) // part]
        market = Market(*some, world.related)
        pairs.append(len(some[0]) * len(some[1]))
        times.append(min(seconds(partial(market.rank, TOP)) for _ in range(repeat)))
    slope = np.polyfit(np.log(pairs), np.log(times), 1)[0]
    return {"exponent": float(slope), "pairs": pairs, "seconds": times}


def by_rapidfuzz(world: World, chance: random.Random) -> float:
    """Pairs a second that a loop over WRatio compares."""
    pairs, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < BASELINE_SECONDS:
        opening, citizen = (
            chance.randrange(len(world.openings.trade)),
            chance.randrange(len(world.citizens.trade)),
        )
        asked = world.openings.text[world.openings.starts[opening] : world.openings.starts[opening + 1]]
        said = world.citizens.text[world.citizens.starts[citizen] : world.citizens.starts[citizen + 1]]
        sum(max(fuzz.WRatio(task, text) for text in said) for task in asked)
        pairs += 1
    return pairs / spent


def permitted_share(openings: Sequence[Opening], cards: Sequence[Card], chance: random.Random) -> float:
    """Of pairs in the same trade, how many fail no hard condition; a sample."""
    pairs = [(chance.choice(openings), chance.choice(cards)) for _ in range(20_000)]
    same = [(opening, card) for opening, card in pairs if opening.industry in (card.industries or ())]
    return sum(not matching.score(*pair).excluded for pair in same) / max(1, len(same))


def checked(
    world: World, openings: Sequence[Opening], cards: Sequence[Card], winners: Winners, chance: random.Random
) -> dict[str, int]:
    """Citizens, then openings, ranked once more by `portal.matching`, one by one until the time is up."""
    ours = winners.by_card(), winners.by_opening()
    counts = {}
    for side, (name, those) in enumerate((("citizens", cards), ("openings", openings))):
        done = wrong = 0
        start = time.perf_counter()
        for one in chance.sample(those, min(CHECKED, len(those))):
            if time.perf_counter() - start > CHECK_SECONDS / 2:
                break
            if side == 0:
                theirs = matching.rank(openings, [one], TOP, world.related).by_card[one.id]
                listed = [
                    Pair(each.opening_id, each.sure, each.possible, each.wished, each.lift) for each in theirs
                ]
            else:
                theirs = matching.rank([one], cards, TOP, world.related).by_opening[one.id]
                listed = [
                    Pair(each.card_id, each.sure, each.possible, each.wished, each.lift) for each in theirs
                ]
            done += 1
            wrong += listed != ours[side][one.id]
        counts |= {f"{name} compared": done, f"{name} that differ": wrong}
    return counts


class Clock:
    """Seconds of each step, as they are taken."""

    def __init__(self) -> None:
        self.steps: dict[str, float] = {}

    def time(self, step: str, work: Callable[[], Made]) -> Made:
        start = time.perf_counter()
        made = work()
        self.steps[step] = time.perf_counter() - start
        return made


def measured(given: argparse.Namespace) -> dict[str, object]:
    world, chance = World(given), random.Random(given.seed)
    lexicon, clock = world.lexicon(), Clock()
    results: dict[str, object] = {"machine": report.machine(), "version": report.version()}
    results |= {name: getattr(given, name) for name in ("citizens", "openings", "filters", "related", "seed")}
    results["first use: code loaded or compiled, vocabulary indexed, s"] = seconds(lambda: warm_up(lexicon))
    openings, cards = in_concepts(world, lexicon, clock)
    market = clock.time("numbered", lambda: Market(openings, cards, world.related))
    winners = clock.time("ranked", partial(market.rank, TOP))
    results |= warm(market, given.repeat)
    if given.raw:
        results |= {"raw s": sum(clock.steps.values()), "raw steps s": clock.steps}
        results["texts"] = len(world.citizens.text) + len(world.openings.text)
        results["different texts"] = len({*world.citizens.text, *world.openings.text})
    results["peak MB"] = peak_mb()
    results |= newcomers(market, openings, cards, chance)
    results["ranked once more by portal.matching"] = checked(world, openings, cards, winners, chance)
    del market, winners
    results["growth"] = growth(world, openings, cards, given.repeat)
    share = permitted_share(openings, cards, chance)
    results["pairs of a trade that fail no condition"] = share
    results["RapidFuzz WRatio loop"] = baseline(world, share, results["warm s"], chance)
    return results


def in_concepts(world: World, lexicon: Lexicon, clock: Clock) -> tuple[list[Opening], list[Card]]:
    said, asked = clock.time(
        "texts understood",
        lambda: (understood(lexicon, world.citizens.text), understood(lexicon, world.openings.text)),
    )
    return clock.time("cards and openings made", lambda: (openings_of(world, asked), cards_of(world, said)))


def warm(market: Market, repeat: int) -> dict[str, float]:
    processor = time.process_time()
    times = [seconds(partial(market.rank, TOP)) for _ in range(repeat)]
    return {"warm s": min(times), "warm processor s": (time.process_time() - processor) / repeat}


def newcomers(
    market: Market, openings: Sequence[Opening], cards: Sequence[Card], chance: random.Random
) -> dict[str, object]:
    return {
        "one opening, all citizens": percentiles(
            market.cards_for, chance.sample(openings, min(NEWCOMERS, len(openings)))
        ),
        "one citizen, all openings": percentiles(
            market.openings_for, chance.sample(cards, min(NEWCOMERS, len(cards)))
        ),
    }


def baseline(world: World, share: float, ours: float, chance: random.Random) -> dict[str, float]:
    """By the sample's rate, all pairs of a trade that fail no condition."""
    rate = by_rapidfuzz(world, chance)
    whole = len(world.citizens.trade) * len(world.openings.trade) / len(TRADES) * share / rate
    return {"pairs a second (sample)": rate, "all, s (extrapolated)": whole, "times as long": whole / ours}


def warm_up(lexicon: Lexicon) -> None:
    lexicon.look_up(["et ord som ikke findes"], GUESSES_KEPT)
    opening = Opening(1, 1, "care", (Task(1, "", 1, Kind.MUST, 1),), 30.0, None, 0, 0, frozenset())
    skills = (CardSkill("", 1, 1, "own", None, None),)
    card = Card(1, 1, None, None, None, None, None, None, None, frozenset(), frozenset(), skills)
    rank_all([opening], [card])
    market = Market([opening], [card])
    market.cards_for(opening)
    market.openings_for(card)


# --- On paper -----------------------------------------------------------------------------------------------


def rows(results: dict[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in results.items():
        if isinstance(value, dict):
            yield from rows(value, f"{above}{name}: ")
        elif isinstance(value, float):
            yield above + name, f"{value:.4g}" if abs(value) < 1000 else f"{value:,.0f}"
        else:
            yield above + name, str(value)


def on_the_page(results: dict[str, object]) -> Iterator[str]:
    yield from ("| what | figure |", "| --- | ---: |")
    for name, value in rows(results):
        yield f"| {name} | {value} |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--citizens", type=int, required=True)
    add("--openings", type=int, required=True)
    add("--filters", action="store_true", help="distance, hours and Danish are known and bite")
    add("--related", action="store_true", help="concepts are above and below each other")
    add("--raw", action="store_true", help="also print the time from raw text")
    add("--seed", type=int, default=1)
    add("--data", type=Path, help="folder with t1_vocab.tsv; else the portal's vocabulary, extended")
    add("--repeat", type=int, default=REPEAT, help="times are the best of so many")
    add("--json", type=Path, help="also write the figures here")
    add("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    add("--page", type=Path, default=report.BENCHMARKS, help="the page that --write changes")
    given = parser.parse_args()
    results = measured(given)
    for name, value in rows(results):
        print(f"{name:<90}{value:>14}")
    if given.json:
        given.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    if given.write:
        kinds = f"{'-filtered' if given.filters else ''}{'-related' if given.related else ''}"
        size = f"{given.citizens}x{given.openings}{kinds}"
        report.write_section(given.page, f"matching-speed-{size}", on_the_page(results))


if __name__ == "__main__":
    main()
