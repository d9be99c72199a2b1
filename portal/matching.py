"""Cards and openings in, explained suggestions out.

Pure: no Flask, no database, no clock, no other module of the portal. The inputs have no field for who a
person is, so nothing here can weigh it. Three-valued throughout: what a card does not mention is unknown,
never lacking. Reasons: docs/adr/004-matching.md.
"""

import heapq
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property, lru_cache
from itertools import islice
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Protocol, Self, TypeVar

from rapidfuzz import fuzz

VERSION: Final = "3"  # stored with every suggestion; raise it when the same inputs would give another score


class Kind(StrEnum):
    """How an opening wants a task."""

    MUST = "must"
    NICE = "nice"
    LEARN = "learn"


class TaskVerdict(StrEnum):
    """What the card says about a task."""

    HAS = "har"
    LACKS = "mangler"
    UNKNOWN = "ved_ikke"


class Met(StrEnum):
    """Whether a hard condition holds."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_KNOWN = "not_known"


class Basis(StrEnum):
    """How the shown evidence is tied to the task; anything but SAME deserves a human's look."""

    SAME = "same"
    RELATED = "related"
    TEXT = "text"
    GUESS = "guess"


class WeightOutOfRange(ValueError):
    """A weight that would break the score's laws. `name` is its field, `lowest` and `highest` its limits."""

    def __init__(self, name: str, value: float, lowest: float, highest: float) -> None:
        super().__init__(f"{name} is {value}, but must be from {lowest} to {highest}")
        self.name, self.value, self.lowest, self.highest = name, value, lowest, highest


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much. Raises WeightOutOfRange.

    "Can be learned here" is no field: what the placement teaches is never a minus, whatever the weights.
    """

    must: float = 3.0  # one must outweighs two wishes: the work cannot be done without it
    nice: float = 1.0
    gate: float = 0.5  # a missing must halves: no sum of wishes makes up for it, yet it stays visible
    must_held_at: float = 0.60  # as sure as this is sure enough; below, each doubt has its price
    level_step: float = 0.25  # four levels, so the lowest still counts a quarter towards the highest
    related_at_most: float = 0.5  # a related skill is a reason to ask, never as good as the skill itself
    guess_at_most: float = 0.9  # what words may mean is never as good as what somebody said they mean
    text_at_least: float = 0.60  # below this, likeness of free texts is mostly chance
    wish: float = 0.0  # of a full score: how far up a list what she wishes for moves; 0 settles ties alone

    def __post_init__(self) -> None:
        for name, (lowest, highest) in WEIGHT_RANGES.items():
            value = getattr(self, name)
            if not lowest <= value <= highest:
                raise WeightOutOfRange(name, value, lowest, highest)

    def of(self, kind: Kind) -> float:
        return self.must if kind is Kind.MUST else self.nice if kind is Kind.NICE else 0.0

    def kept(self, presence: float) -> float:
        """What a must leaves of the score: all once it is there surely enough, `gate` when it is not there at all.

        Evenly in between, so that more certainty is never worth less. Whether it is there is asked, not how well
        it is mastered: each level short has its price in `fit`.
        """
        if presence >= self.must_held_at:
            return 1.0
        return self.gate + (1 - self.gate) * (presence / self.must_held_at)

    def fit(self, level: int, asked: int) -> float:
        """L: 1 when the level suffices, a step less for each level short, nothing for a stated lack."""
        if level >= asked:
            return 1.0
        return max(0.0, 1 - self.level_step * (asked - level)) if level > 0 else 0.0


WEIGHT_RANGES: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "must": (0.1, 10.0),  # above 0: an opening of musts alone has a score
        "nice": (0.0, 10.0),
        "gate": (0.0, 1.0),
        "must_held_at": (0.0, 1.0),
        "level_step": (0.0, 1.0),
        "related_at_most": (0.0, 0.99),  # below 1: only the skill itself settles a task
        "guess_at_most": (0.0, 0.99),
        "text_at_least": (0.01, 1.0),
        "wish": (0.0, 0.05),  # a wish may order neighbours in a list, never make up for what somebody can do
    }
)
STANDARD: Final = Weights()

GUESS_ODDS: Final = 30.0
"""How much likelier than by their words alone two texts are to mean the same, where the rest of the pair fits.

Measured among the ten best of a list: by the words 4, 15, 28 and 48 % likely, in truth 59, 75, 75 and 79 %.
"""

EARTH_RADIUS_KM: Final = 6371.0

# Whom to quote when several have seen the same; it weighs nothing.
SOURCE_RANK: Final[Mapping[str, int]] = MappingProxyType(
    {"own": 0, "consultant": 1, "consultant_only": 1, "course": 1, "employer": 2}
)

Guesses = tuple[tuple[int, float], ...]  # (concept, probability); together at most 1
Relations = Mapping[tuple[int, int], float]  # (concept asked, concept held) -> likeness 0-1
NO_RELATIONS: Final[Relations] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Task:
    """One task of an opening. `level` is 1-4; `confidence` (0-1) is how sure the concept is.

    `guesses` are what the words may mean where no concept was taken; a task with a concept needs none.
    """

    id: int
    text: str
    concept: int | None
    kind: Kind
    level: int
    confidence: float = 1.0
    guesses: Guesses = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """`place` is (latitude, longitude) in degrees; Danish levels are 0-4, 0 = no demand.

    `shifts` holds any of "evening", "early_morning", "weekend", "night".
    """

    id: int
    version: int
    industry: str
    tasks: tuple[Task, ...]
    hours_per_week: float
    place: tuple[float, float] | None
    danish_speaking: int
    danish_reading: int
    shifts: frozenset[str]


@dataclass(frozen=True, slots=True)
class CardSkill:
    """One statement on a card. `level` is 0-4, 0 = cannot; `source` is one of SOURCE_RANK.

    `guesses` as on a task.
    """

    text: str
    concept: int | None
    level: int
    source: str
    seen_on: str | None
    seen_at: str | None
    confidence: float = 1.0
    guesses: Guesses = ()


@dataclass(frozen=True, slots=True)
class Card:
    """What somebody can and wants, without saying who. None (or no industry at all) means not known."""

    id: int
    version: int
    industries: frozenset[str] | None
    hours_min: float | None
    hours_max: float | None
    place: tuple[float, float] | None
    range_km: float | None
    danish_speaking: int | None
    danish_reading: int | None
    shifts_yes: frozenset[str]
    shifts_no: frozenset[str]
    skills: tuple[CardSkill, ...]
    wished: frozenset[int] = frozenset()
    """Concepts of the work she wishes for: her goal, never a trait."""
    wished_industries: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """One task and what the card says about it. `value` (0-1) is what it counts in `sure`.

    An unknown line may have a value above 0: related skills, similar words and guesses count, but do not
    settle it. `concept` is what the task was understood as, `card_concept` the evidence it rests on; for a
    guess, the likeliest meaning both texts share.
    """

    task_id: int
    text: str
    kind: Kind
    verdict: TaskVerdict
    value: float
    asked_level: int
    level: int | None = None
    source: str | None = None
    seen_on: str | None = None
    seen_at: str | None = None
    card_text: str | None = None
    basis: Basis | None = None
    concept: int | None = None
    card_concept: int | None = None
    wished: bool = False
    """Whether she wishes to work with it."""

    @property
    def counts(self) -> bool:
        """Whether the line is in the score: what can be learned here is not."""
        return self.kind is not Kind.LEARN


@dataclass(frozen=True, slots=True)
class Condition:
    """A hard condition and its numbers; `detail["missing"]` is the side that has not said: opening, card."""

    name: str
    met: Met
    detail: dict[str, float | int | str]


@dataclass(frozen=True, slots=True)
class Question:
    """The one question that narrows the interval most, with the score either answer leads to.

    `kind` is "condition" or "task"; `key` the condition's name or the task's id.
    """

    kind: str
    key: str
    text: str
    sure_if_yes: float
    possible_if_no: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One pair with its scores (0-100, no probability of anything) and every part they are made of.

    `sure` and `possible` are None when too little is known for any figure.
    """

    opening_id: int
    card_id: int
    opening_version: int
    card_version: int
    sure: float | None
    possible: float | None
    lines: tuple[Line, ...]
    conditions: tuple[Condition, ...]
    question: Question | None
    version: str = VERSION
    trade_wished: bool = False
    lift: float = 0.0
    """By how many points the pair stands as if it were surer, for it is what she wishes; changes no score."""

    @property
    def wished(self) -> bool:
        """Whether she wishes for the trade or one of the tasks, also one to be learned."""
        return self.trade_wished or any(line.wished for line in self.lines)

    @property
    def excluded(self) -> bool:
        return any(condition.met is Met.NOT_MET for condition in self.conditions)

    @property
    def missing(self) -> tuple[Line, ...]:
        """Tasks that count and that the card says she cannot do."""
        return self._counted(TaskVerdict.LACKS)

    @property
    def unknown(self) -> tuple[Line, ...]:
        """Tasks that count and that nobody has asked about."""
        return self._counted(TaskVerdict.UNKNOWN)

    @property
    def teaches(self) -> tuple[Line, ...]:
        """What the placement teaches: its learn-lines, save those she already masters."""
        return tuple(line for line in self.lines if line.kind is Kind.LEARN and line.value < 1)

    def _counted(self, verdict: TaskVerdict) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.verdict is verdict and line.counts)

    def to_dict(self) -> dict[str, Any]:
        """Plain values that survive JSON; `from_dict` gives the equal suggestion back."""
        plain = _plain(self)
        plain["lines"] = [_plain(line) for line in self.lines]
        plain["conditions"] = [
            {**_plain(condition), "detail": dict(condition.detail)} for condition in self.conditions
        ]
        plain["question"] = _plain(self.question) if self.question else None
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        return cls(
            **{
                **plain,
                "lines": tuple(_line_from(line) for line in plain["lines"]),
                "conditions": tuple(
                    Condition(one["name"], Met(one["met"]), dict(one["detail"]))
                    for one in plain["conditions"]
                ),
                "question": Question(**plain["question"]) if plain["question"] else None,
            }
        )


def _plain(record: Line | Condition | Question | Suggestion) -> dict[str, Any]:
    """By field, not deep: `dataclasses.asdict` copies every value and takes three quarters of a renewal's time."""
    return {name: getattr(record, name) for name in record.__slots__}


def _line_from(plain: Mapping[str, Any]) -> Line:
    basis = plain["basis"]
    return Line(
        **{
            **plain,
            "kind": Kind(plain["kind"]),
            "verdict": TaskVerdict(plain["verdict"]),
            "basis": None if basis is None else Basis(basis),
        }
    )


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best suggestions seen from either side, by id; the same pair has the same score on both."""

    by_opening: dict[int, tuple[Suggestion, ...]]
    by_card: dict[int, tuple[Suggestion, ...]]


def score(
    opening: Opening, card: Card, related: Relations = NO_RELATIONS, weights: Weights = STANDARD
) -> Suggestion:
    """Compare one opening with one card."""
    return _suggest(Wanted(opening, related, weights), _Held(card))


def rank(
    openings: Iterable[Opening],
    cards: Iterable[Card],
    top: int = 20,
    related: Relations = NO_RELATIONS,
    weights: Weights = STANDARD,
) -> Ranking:
    """The `top` suggestions for every opening and every card: by sure, then possible, then id.

    Among them, and only there, what she wishes for decides: see `in_order`.

    Pairs that a hard condition excludes, or about which too little is known, are left out. Gives what
    scoring every pair would give, but works out only pairs that share something; the rest is worth (0, 100).
    """
    wanted = sorted(
        (Wanted(opening, related, weights) for opening in openings), key=lambda one: one.opening.id
    )
    held = sorted((_Held(card) for card in cards), key=lambda one: one.card.id)
    best_cards, best_openings = _Contest(wanted, held, _kin(related)).winners(top)

    @cache  # a pair that wins on both sides is explained once
    def explained(row: int, column: int) -> Suggestion:
        return _suggest(wanted[row], held[column])

    return Ranking(
        {
            one.opening.id: in_order(explained(row, column) for column in best_cards[row])
            for row, one in enumerate(wanted)
        },
        {
            one.card.id: in_order(explained(row, column) for row in best_openings[column])
            for column, one in enumerate(held)
        },
    )


def is_wished(opening: Opening, card: Card) -> bool:
    """Whether the card wishes for the opening's trade or one of its tasks."""
    if opening.industry in card.wished_industries:
        return True
    return bool(card.wished) and any(task.concept in card.wished for task in opening.tasks)


class _Placed(Protocol):
    """What an order needs of a pair."""

    @property
    def sure(self) -> float | None: ...
    @property
    def possible(self) -> float | None: ...
    @property
    def wished(self) -> bool: ...
    @property
    def lift(self) -> float: ...


Pair = TypeVar("Pair", bound=_Placed)


def in_order(best: Iterable[Pair]) -> tuple[Pair, ...]:
    """A list of the best as it is shown: by sure, where what is wished has its lift, then possible, then the wish.

    Who is on a list is decided without the wish: it lifts nobody onto it and pushes nobody off.
    """
    return tuple(
        sorted(best, key=lambda one: (-((one.sure or 0) + one.lift), -(one.possible or 0), not one.wished))
    )


def near_misses(
    opening: Opening,
    cards: Iterable[Card],
    top: int = 20,
    related: Relations = NO_RELATIONS,
    weights: Weights = STANDARD,
) -> tuple[Suggestion, ...]:
    """Cards that exactly one hard condition keeps out, best first: what giving way there would gain."""
    wanted = Wanted(opening, related, weights)
    near = [
        _suggest(wanted, _Held(card))
        for card in cards
        if sum(condition.met is Met.NOT_MET for condition in _conditions(opening, card)) == 1
    ]
    known = [suggestion for suggestion in near if suggestion.sure is not None]
    return tuple(sorted(known, key=lambda one: (-(one.sure or 0), -(one.possible or 0), one.card_id))[:top])


# --- Both sides, made ready once for many comparisons -------------------------------------------------------


class _Asked(NamedTuple):
    task: Task
    weight: float
    words: str
    roots: Mapping[int, float]

    @property
    def text_only(self) -> bool:
        """Whether there is nothing to go by but likeness of words."""
        return bool(self.words) and not self.roots


class Wanted:
    """An opening on the terms it is compared on: its tasks in a fixed order, each counted once."""

    def __init__(self, opening: Opening, related: Relations, weights: Weights) -> None:
        self.opening, self.related, self.weights = opening, related, weights
        self.asked = _distinct(opening.tasks, weights)
        self.total = sum(one.weight for one in self.asked)
        self.affinity = self._affinity()
        self.counted = [one for one in self.asked if one.weight]

    @cached_property
    def text_only(self) -> bool:
        """Whether any skill may be worded like one of the tasks."""
        return any(one.text_only for one in self.counted)

    @cached_property
    def loose_words(self) -> set[str]:
        return {one.words for one in self.counted if one.task.concept is None}

    def index_keys(self, kin: Mapping[int, Collection[int]]) -> set[int | str]:
        """By what a card that has anything of it can be found. `kin` is `_kin` of the relations."""
        found: set[int | str] = {concept for one in self.counted for concept in one.roots}
        for one in self.counted:
            if one.task.concept is not None:
                found.update(kin.get(one.task.concept, ()))
        return found | {one.words for one in self.counted if one.words}

    def _affinity(self) -> dict[int, list[tuple[int, float]]]:
        """For each task, the others that an answer to it would also tell something about, and how much."""
        found: dict[int, list[tuple[int, float]]] = {}
        concepts = [one.task.concept for one in self.asked]
        if not self.related and None not in concepts and len(set(concepts)) == len(concepts):
            return found
        for answered, source in enumerate(self.asked):
            for other, target in enumerate(self.asked):
                likeness = self._likeness(target, source)
                if likeness > 0 and other != answered:
                    found.setdefault(answered, []).append((other, likeness))
        return found

    def _likeness(self, asked: _Asked, answered: _Asked) -> float:
        """K: 1 for the same concept, less for a relation, and otherwise what the words tell."""
        wanted, concept = asked.task.concept, answered.task.concept
        if wanted is None or concept is None:
            return self.by_words(asked, answered.words, answered.roots)[0]
        return 1.0 if wanted == concept else self.relation(wanted, concept)

    def relation(self, wanted: int, held: int) -> float:
        return min(self.weights.related_at_most, self.related.get((wanted, held), 0.0))

    def by_words(self, asked: _Asked, words: str, roots: Mapping[int, float]) -> tuple[float, Basis]:
        """K where one side has no concept: what both may mean, else how alike the words are.

        The same words say the same, whatever it is. Likeness of words adds only noise to guesses.
        """
        if asked.words == words and words:
            return 1.0, Basis.TEXT
        if asked.roots and roots:
            return self._guessed(asked.roots, roots), Basis.GUESS
        if not asked.words or not words:
            return 0.0, Basis.TEXT  # two empty texts are not alike, they are silent
        return fuzz.ratio(asked.words, words, score_cutoff=100 * self.weights.text_at_least) / 100, Basis.TEXT

    def _guessed(self, one: Mapping[int, float], other: Mapping[int, float]) -> float:
        """How likely two texts mean the same in a pair that fits otherwise, at most `guess_at_most`.

        By the words alone: the squared overlap of their guesses (Bhattacharyya's). For one shared guess that is
        p * q; texts torn between the same concepts are as alike as their guesses together are likely.
        """
        shared = sum(root * other[concept] for concept, root in one.items() if concept in other)
        odds = GUESS_ODDS * min(1.0, shared * shared)
        return self.weights.guess_at_most * odds / (1 - min(1.0, shared * shared) + odds)


class _Loose(NamedTuple):
    skill: CardSkill
    words: str
    roots: Mapping[int, float]


class _Held:
    """A card with its skills by concept, and those that have none."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self.by_concept: dict[int, list[CardSkill]] = {}
        self.loose: list[_Loose] = []
        for skill in card.skills:
            if skill.concept is None:
                self.loose.append(_Loose(skill, spelled(skill.text), roots_of(None, skill.guesses)))
            else:
                self.by_concept.setdefault(skill.concept, []).append(skill)
        self.text_only = any(one.words and not one.roots for one in self.loose)

    @cached_property
    def in_words(self) -> list[_Loose]:
        """Every skill as a task without a concept sees it."""
        understood = [
            _Loose(skill, spelled(skill.text), roots_of(skill.concept, ()))
            for skills in self.by_concept.values()
            for skill in skills
        ]
        return understood + self.loose

    def index_keys(self, words: Collection[str]) -> Collection[int | str]:
        """By what it can be found: concepts, guesses, and words, those of an understood skill if in `words`."""
        if not self.loose and not words:
            return self.by_concept
        found: set[int | str] = set(self.by_concept)
        for one in self.loose:
            found.update(one.roots, (one.words,))
        found.update(spelled(skill.text) for skill in self.card.skills if words)
        return found


def _kin(related: Relations) -> Mapping[int, Collection[int]]:
    """By a concept that is asked for, those that are related to it."""
    found: dict[int, list[int]] = defaultdict(list)
    for asked, held in related:
        found[asked].append(held)
    return found


def _distinct(tasks: Iterable[Task], weights: Weights) -> list[_Asked]:
    """Musts first, then by id; of tasks that say the same in the same way only the surest counts."""
    kept: dict[tuple[int | str, Kind, int], _Asked] = {}
    for task in sorted(tasks, key=lambda task: (-task.confidence, task.id)):
        words = spelled(task.text)
        weight = weights.of(task.kind) * task.confidence
        asked = _Asked(task, weight, words, roots_of(task.concept, task.guesses))
        kept.setdefault((words if task.concept is None else task.concept, task.kind, task.level), asked)
    return sorted(kept.values(), key=lambda one: (_KIND_ORDER[one.task.kind], one.task.id))


_KIND_ORDER: Final = {kind: place for place, kind in enumerate(Kind)}


def roots_of(concept: int | None, guesses: Guesses) -> Mapping[int, float]:
    """Each possible meaning with the root of its probability, in order of concept."""
    if concept is not None:
        return {concept: 1.0}
    return {guess: math.sqrt(chance) for guess, chance in sorted(guesses) if chance > 0} if guesses else {}


_SPELLING: Final = str.maketrans({"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa", "ü": "y"})
_NOT_WORD: Final = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Give two wordings of one meaning the same letters: lower case, no punctuation, ae/oe/aa, single spaces."""
    lowered = unicodedata.normalize("NFC", text).casefold()
    return _NOT_WORD.sub(" ", lowered).translate(_SPELLING).strip()


@lru_cache(maxsize=50_000)
def spelled(text: str) -> str:
    """The words sorted and in one spelling, so that a plain ratio of two texts is their token-sort ratio."""
    return " ".join(sorted(fold(text).split()))


# --- Hard conditions ----------------------------------------------------------------------------------------


def _conditions(opening: Opening, card: Card) -> tuple[Condition, ...]:
    """In the order in which the unknown ones are best asked."""
    return tuple(condition for rule in _RULES for condition in rule(opening, card))


def _permitted(opening: Opening, card: Card) -> bool:
    return not any(condition.met is Met.NOT_MET for rule in _RULES for condition in rule(opening, card))


def _industry(opening: Opening, card: Card) -> Iterator[Condition]:
    if not card.industries:
        yield Condition("industry", Met.NOT_KNOWN, {"asked": opening.industry, "missing": "card"})
    else:
        met = Met.MET if opening.industry in card.industries else Met.NOT_MET
        offered = ", ".join(sorted(card.industries))
        yield Condition("industry", met, {"asked": opening.industry, "offered": offered})


def _distance(opening: Opening, card: Card) -> Iterator[Condition]:
    if opening.place is None:
        yield Condition("distance", Met.NOT_KNOWN, {"missing": "opening"})
    elif card.place is None or card.range_km is None:
        yield Condition("distance", Met.NOT_KNOWN, {"missing": "card"})
    else:
        km = round(distance_km(opening.place, card.place), 1)
        yield Condition(
            "distance", Met.MET if km <= card.range_km else Met.NOT_MET, {"km": km, "range_km": card.range_km}
        )


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two points (latitude, longitude in degrees) as the crow flies, by haversine."""
    latitude, other_latitude = math.radians(one[0]), math.radians(other[0])
    half_chord = (
        math.sin((other_latitude - latitude) / 2) ** 2
        + math.cos(latitude) * math.cos(other_latitude) * math.sin(math.radians(other[1] - one[1]) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half_chord)))


def _hours(opening: Opening, card: Card) -> Iterator[Condition]:
    """A limit that was not given binds nobody; only when neither was given do we not know."""
    asked = opening.hours_per_week
    limits = {"min": card.hours_min, "max": card.hours_max}
    given = {name: limit for name, limit in limits.items() if limit is not None}
    if not given:
        yield Condition("hours", Met.NOT_KNOWN, {"asked": asked, "missing": "card"})
    else:
        fits = given.get("min", asked) <= asked <= given.get("max", asked)
        yield Condition("hours", Met.MET if fits else Met.NOT_MET, {"asked": asked, **given})


def _danish(opening: Opening, card: Card) -> Iterator[Condition]:
    for name, asked, offered in (
        ("danish_speaking", opening.danish_speaking, card.danish_speaking),
        ("danish_reading", opening.danish_reading, card.danish_reading),
    ):
        if asked <= 0:
            continue
        if offered is None:
            yield Condition(name, Met.NOT_KNOWN, {"asked": asked, "missing": "card"})
        else:
            yield Condition(
                name, Met.MET if offered >= asked else Met.NOT_MET, {"asked": asked, "offered": offered}
            )


def _shifts(opening: Opening, card: Card) -> Iterator[Condition]:
    """A no wins over a yes: nobody is proposed for a shift she has refused."""
    for shift in sorted(opening.shifts):
        name = f"shift_{shift}"
        if shift in card.shifts_no:
            yield Condition(name, Met.NOT_MET, {"asked": shift})
        elif shift in card.shifts_yes:
            yield Condition(name, Met.MET, {"asked": shift})
        else:
            yield Condition(name, Met.NOT_KNOWN, {"asked": shift, "missing": "card"})


_RULES: Final[tuple[Callable[[Opening, Card], Iterator[Condition]], ...]] = (
    _industry, _distance, _hours, _danish, _shifts,
)  # fmt: skip


# --- Tasks --------------------------------------------------------------------------------------------------


_Evidence = tuple[float, CardSkill, Basis]  # likeness to what is asked, and of what


class _Finding(NamedTuple):
    """`value` is what counts; `presence` how surely the skill is there at all, whatever its level."""

    verdict: TaskVerdict
    value: float
    presence: float
    evidence: _Evidence | None = None


_NOTHING: Final = _Finding(TaskVerdict.UNKNOWN, 0.0, 0.0)


def _findings(wanted: Wanted, held: _Held) -> list[_Finding]:
    return [_finding(wanted, one, held) for one in wanted.asked]


def _finding(wanted: Wanted, asked: _Asked, held: _Held) -> _Finding:
    """The best evidence for one task.

    Only a statement about the task itself settles it. A related skill, similar words or a guess count for what
    they are worth, but leave it unknown: else mentioning something related would cost the chance to be asked.
    """
    evidence = _evidence(wanted, asked, held)
    if not evidence:
        return _NOTHING
    about_it = [skill.level > 0 for likeness, skill, _ in evidence if likeness == 1.0]
    verdict = TaskVerdict.UNKNOWN if not about_it else TaskVerdict.HAS if any(about_it) else TaskVerdict.LACKS
    telling = [
        one for one in evidence if one[1].level > 0 or (one[0] == 1.0 and verdict is TaskVerdict.LACKS)
    ]
    if not telling:
        return _NOTHING
    worth = [
        (one[0] * one[1].confidence * wanted.weights.fit(one[1].level, asked.task.level), one)
        for one in telling
    ]
    value, best = worth[0] if len(worth) == 1 else max(worth, key=_most_telling)
    presence = max([likeness * skill.confidence if skill.level else 0.0 for likeness, skill, _ in telling])
    return _Finding(verdict, value, presence, best)


def _evidence(wanted: Wanted, asked: _Asked, held: _Held) -> list[_Evidence]:
    concept = asked.task.concept
    if concept is None:
        return list(_in_words(wanted, asked, held.in_words))
    evidence = [(1.0, skill, Basis.SAME) for skill in held.by_concept.get(concept, ())]
    if wanted.related:
        for other, skills in held.by_concept.items():
            likeness = wanted.relation(concept, other)
            if likeness > 0 and other != concept:
                evidence += [(likeness, skill, Basis.RELATED) for skill in skills]
    if held.loose:
        evidence += _in_words(wanted, asked, held.loose)
    return evidence


def _in_words(wanted: Wanted, asked: _Asked, skills: Iterable[_Loose]) -> Iterator[_Evidence]:
    for skill, words, roots in skills:
        likeness, basis = wanted.by_words(asked, words, roots)
        if likeness:
            yield likeness, skill, basis


def _most_telling(worth: tuple[float, _Evidence]) -> tuple[float, bool, int, str, int, str, str]:
    """Of evidence worth the same, quote what others saw, and last. A full order: row order never shows."""
    value, (_, skill, basis) = worth
    return (
        value, basis is Basis.SAME, SOURCE_RANK.get(skill.source, 0), skill.seen_on or "", skill.level,
        skill.seen_at or "", skill.text,
    )  # fmt: skip


# --- Scores and the question --------------------------------------------------------------------------------

_Part = tuple[float, float]  # what a task counts, and how surely the card has it at all


def _sure(wanted: Wanted, findings: Sequence[_Finding]) -> float:
    return _percentage(wanted, [(finding.value, finding.presence) for finding in findings])


def _possible(wanted: Wanted, findings: Sequence[_Finding]) -> float:
    """Every unknown counted as had, with all that would follow from it for the other tasks."""
    parts = [
        (1.0, 1.0) if finding.verdict is TaskVerdict.UNKNOWN else (finding.value, finding.presence)
        for finding in findings
    ]
    for answered, others in wanted.affinity.items():
        if findings[answered].verdict is TaskVerdict.UNKNOWN:
            for other, likeness in others:
                value, presence = parts[other]
                parts[other] = max(value, likeness), max(presence, likeness)
    return _percentage(wanted, parts)


def _percentage(wanted: Wanted, parts: Sequence[_Part]) -> float:
    """100 * G * sum(w q s) / sum(w q), where G is what the musts leave together.

    Rounded so that sums of fractions print and compare cleanly.
    """
    if not wanted.total:
        return 0.0
    weights, worth, gate = wanted.weights, 0.0, 1.0
    for (task, weight, _, _), (value, presence) in zip(wanted.asked, parts, strict=True):
        worth += weight * value
        if task.kind is Kind.MUST and weight:
            gate *= weights.kept(presence)
    return round(100 * gate * worth / wanted.total, 4)


def _suggest(wanted: Wanted, held: _Held) -> Suggestion:
    opening, card = wanted.opening, held.card
    conditions = _conditions(opening, card)
    findings = _findings(wanted, held)
    enough = bool(wanted.total and card.skills)
    return Suggestion(
        opening.id,
        card.id,
        opening.version,
        card.version,
        _sure(wanted, findings) if enough else None,
        _possible(wanted, findings) if enough else None,
        tuple(_line(one, finding, card) for one, finding in zip(wanted.asked, findings, strict=True)),
        conditions,
        _question(wanted, findings, conditions),
        trade_wished=opening.industry in card.wished_industries,
        lift=100 * wanted.weights.wish if is_wished(opening, card) else 0.0,
    )


def _line(asked: _Asked, finding: _Finding, card: Card) -> Line:
    task = asked.task
    wished = task.concept in card.wished
    if finding.evidence is None:
        return Line(
            task.id, task.text, task.kind, finding.verdict, finding.value, task.level, concept=task.concept,
            wished=wished,
        )  # fmt: skip
    _, skill, basis = finding.evidence
    meant = _shared_meaning(asked, skill) if basis is Basis.GUESS else skill.concept
    return Line(
        task.id, task.text, task.kind, finding.verdict, finding.value, task.level, skill.level, skill.source,
        skill.seen_on, skill.seen_at, skill.text, basis, task.concept, meant, wished,
    )  # fmt: skip


def _shared_meaning(asked: _Asked, skill: CardSkill) -> int:
    roots = roots_of(skill.concept, skill.guesses)
    return max(
        (concept for concept in asked.roots if concept in roots),
        key=lambda one: asked.roots[one] * roots[one],
    )


def _question(
    wanted: Wanted, findings: Sequence[_Finding], conditions: Sequence[Condition]
) -> Question | None:
    """An unknown condition first, for it decides everything; else the unknown task that leaves most open."""
    if any(condition.met is Met.NOT_MET for condition in conditions):
        return None  # no answer would bring the pair back
    for condition in conditions:
        if condition.met is Met.NOT_KNOWN:
            return Question("condition", condition.name, "", _sure(wanted, findings), 0.0)
    open_share = [
        one.weight * (1 - finding.value) if finding.verdict is TaskVerdict.UNKNOWN else 0.0
        for one, finding in zip(wanted.asked, findings, strict=True)
    ]
    widest = max(open_share, default=0.0)
    if not widest:
        return None
    asked = open_share.index(widest)
    task = wanted.asked[asked].task
    yes, no = (
        _after(wanted, findings, asked, TaskVerdict.HAS),
        _after(wanted, findings, asked, TaskVerdict.LACKS),
    )
    return Question("task", str(task.id), task.text, _sure(wanted, yes), _possible(wanted, no))


def _after(wanted: Wanted, findings: Sequence[_Finding], asked: int, answer: TaskVerdict) -> list[_Finding]:
    """The findings once the card says she has the task at the level asked, or lacks it."""
    after = list(findings)
    yes = answer is TaskVerdict.HAS
    before = findings[asked]
    after[asked] = _Finding(answer, 1.0, 1.0) if yes else before._replace(verdict=answer)
    level = wanted.asked[asked].task.level
    for other, likeness in wanted.affinity.get(asked, ()):
        verdict, value, presence, _ = after[other]
        if likeness == 1.0 and verdict is not TaskVerdict.HAS:  # another line about the very same thing
            verdict = answer
        if yes:
            value = max(value, likeness * wanted.weights.fit(level, wanted.asked[other].task.level))
            presence = max(presence, likeness)
        after[other] = _Finding(verdict, value, presence)
    return after


# --- Ranking ------------------------------------------------------------------------------------------------

# Minus sure, minus possible, place in the list sorted by id: ascending is best first.
_Entry = tuple[float, float, int]
_BLANK: Final = (0.0, -100.0)  # what a pair is worth that shares nothing: every task unknown


class _Contest:
    """Finds the best partners on both sides without working out pairs that share nothing."""

    def __init__(
        self, wanted: Sequence[Wanted], held: Sequence[_Held], kin: Mapping[int, Collection[int]]
    ) -> None:
        self.wanted, self.held = wanted, held
        self.rows = [row for row, one in enumerate(wanted) if one.total]
        self.columns = [column for column, one in enumerate(held) if one.card.skills]
        words = set().union(*(one.loose_words for one in wanted))
        self.keys_of_wanted = [one.index_keys(kin) for one in wanted]
        self.keys_of_held = [one.index_keys(words) for one in held]
        self.for_opening: list[list[_Entry]] = [[] for _ in wanted]
        self.for_card: list[list[_Entry]] = [[] for _ in held]
        for row, column in self._sharing_pairs():
            self._work_out(row, column)

    def winners(self, top: int) -> tuple[list[list[int]], list[list[int]]]:
        """For each opening the places of its best cards, and for each card those of its best openings."""
        best_cards = [self._best_cards(row, top) if one.total else [] for row, one in enumerate(self.wanted)]
        best_openings = [
            self._best_openings(column, top) if one.card.skills else []
            for column, one in enumerate(self.held)
        ]
        return best_cards, best_openings

    def _best_cards(self, row: int, top: int) -> list[int]:
        blanks = (column for column in self.columns if self._is_blank(row, column))
        return _best(self.for_opening[row], blanks, top)

    def _best_openings(self, column: int, top: int) -> list[int]:
        blanks = (row for row in self.rows if self._is_blank(row, column))
        return _best(self.for_card[column], blanks, top)

    def _sharing_pairs(self) -> Iterator[tuple[int, int]]:
        sharers: dict[int | str, list[int]] = defaultdict(list)
        for column in self.columns:
            for key in self.keys_of_held[column]:
                sharers[key].append(column)
        text_only = [column for column in self.columns if self.held[column].text_only]
        for row in self.rows:
            wanted = self.wanted[row]
            if wanted.text_only:
                yield from ((row, column) for column in self.columns)
            else:
                sharing = set(text_only).union(*(sharers.get(key, ()) for key in self.keys_of_wanted[row]))
                yield from ((row, column) for column in sharing)

    def _work_out(self, row: int, column: int) -> None:
        wanted, held = self.wanted[row], self.held[column]
        if _permitted(wanted.opening, held.card):
            findings = _findings(wanted, held)
            sure, possible = _sure(wanted, findings), _possible(wanted, findings)
            self.for_opening[row].append((-sure, -possible, column))
            self.for_card[column].append((-sure, -possible, row))

    def _is_blank(self, row: int, column: int) -> bool:
        wanted, held = self.wanted[row], self.held[column]
        shares = (
            wanted.text_only
            or held.text_only
            or not self.keys_of_wanted[row].isdisjoint(self.keys_of_held[column])
        )
        return not shares and _permitted(wanted.opening, held.card)


def _best(entries: Iterable[_Entry], blanks: Iterator[int], top: int) -> list[int]:
    """The `top` places; blanks come in order of id and are looked for only when there is room for them."""
    best = heapq.nsmallest(top, entries)
    room = top - sum(entry[:2] < _BLANK for entry in best)
    best += [(*_BLANK, place) for place in islice(blanks, max(0, room))]
    return [place for _, _, place in heapq.nsmallest(top, best)]
