"""The loops of `batch`, compiled: every opening of a trade against its cards, card by card.

Nothing here knows a text or a concept, only numbers. A *subject* is what a task asks for: a concept, or words. A *code*
is a subject at the level asked, so that what a card is worth for it is worked out once and serves every opening that
asks it. A task with a concept has its words as a second subject, for cards that say something in words alone.
A card's worth is added up along the openings that ask for it; an upper bound in whole numbers (`ONE` is a full
score) says which pairs can be among the best, and only those are worked out, in the very order and with the very
rounding of `matching`. A pair's rank is one whole number: sure, possible, and the place by id counted backwards.

Reasons and figures: docs/adr/009-compiled-loops.md.
"""

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from portal.compiled import compiled_in_place, inlined

Integers = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]
Small = npt.NDArray[np.uint16]
Counts = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ranks = npt.NDArray[np.int64]  # one list of the best a row, best first

SCORES: Final = 1_000_000  # a full score: 100.0000
SCORE_BITS: Final = 20
SCORE_MASK: Final = (1 << SCORE_BITS) - 1
PLACE_BITS: Final = 23
LAST_PLACE: Final = (1 << PLACE_BITS) - 1
NOBODY: Final = -1
BLANK: Final = SCORES  # sure 0, possible 100: a pair that shares nothing

WEIGHT_BITS: Final = 13
WORTH_BITS: Final = 9
ONE_BITS: Final = WEIGHT_BITS + WORTH_BITS
ONE: Final = (
    1 << ONE_BITS
)  # twice this still fits below HELD: a task may count by its concept and by its words
HELD_BIT: Final = 24
HELD: Final = 1 << HELD_BIT  # a must held, counted above the sum
WIDE_HELD_BIT: Final = 40  # the same where several statements may add up for one task
WORTH: Final = HELD - 1
MOST_MUSTS: Final = 24  # an opening with more is bounded as if none were missing
MOST_HALVINGS: Final = 31
SIXTEENTHS: Final = 4

CHUNK: Final = 16  # openings looked at together
NEVER: Final = 0xFFFFFFFF
DEGREE: Final = math.pi / 180
EARTH_RADIUS_KM: Final = 6371.0
COSTS: Final = 6.0  # what working out one pair costs, in additions along the openings


class Terms(NamedTuple):
    """`fit` is what a level held (row) is worth at a level asked (column); `held_at` is above 0."""

    fit: Numbers
    gate: float
    held_at: float
    halvings: int  # sixteenths of a halving that a missing must costs at least


class Statements(NamedTuple):
    """What is said, card by card: those of card c are `starts[c]:starts[c + 1]`. `about` is a source."""

    starts: Integers
    about: Places
    level: Small
    confidence: Numbers


class Links(NamedTuple):
    """Source s tells about the subjects `subject[starts[s]:starts[s + 1]]`, so alike (0-1, 1 settles it)."""

    starts: Integers
    subject: Places
    likeness: Numbers
    first_words: int  # subjects from here on are a task's second ones


class Limits(NamedTuple):
    """The hard conditions of each card, as numbers that an opening's are compared with."""

    hours_min: Numbers
    hours_max: Numbers
    speaking: Small
    reading: Small
    refused: Small
    point: Numbers  # on the unit sphere
    degrees: Numbers
    tenths: Integers  # of a kilometre, the farthest; below 0: nowhere
    anywhere: Flags
    surely_within: Numbers  # squared chord on the unit sphere
    surely_beyond: Numbers


class Cards(NamedTuple):
    """All cards in order of id."""

    said: Statements
    limits: Limits


class Tasks(NamedTuple):
    """What the openings of a block ask: opening o has the tasks `starts[o]:starts[o + 1]`.

    `near_*` say, for the few openings where it matters, which task an answer to another also tells about, and how
    much (0-1); tasks are counted from the opening's first.
    """

    starts: Integers
    code: Places
    words: Places  # the code of the second subject, or -1
    weight: Numbers
    must: Flags
    total: Numbers
    near_starts: Integers
    near_from: Places
    near_to: Places
    near_likeness: Numbers


class Postings(NamedTuple):
    """Code c is asked by `opening[starts[c]:starts[c + 1]]`, as a must by those before `must_ends[c]`."""

    starts: Integers
    must_ends: Integers
    opening: Places
    weight: Counts  # the task's share of the opening, in `WEIGHT_BITS` bits, rounded up


class Demands(NamedTuple):
    """The hard conditions of a block's openings; place p holds the openings `place_starts[p]:place_starts[p + 1]`."""

    hours: Numbers
    speaking: Small
    reading: Small
    shifts: Small
    fewest_hours: float
    most_hours: float
    extremes: Small  # most speaking, most reading, any shift
    place_starts: Integers
    place_known: Flags
    place_point: Numbers
    place_degrees: Numbers


class Block(NamedTuple):
    """The openings of one trade, grouped by place. `row` is an opening's place by id among all openings."""

    row: Integers
    by_id: Places
    musts: Counts
    tasks: Tasks
    postings: Postings
    demands: Demands
    slack: int  # how far a bound may lie above the score


class Table(NamedTuple):
    """What is compared."""

    cards: Cards
    links: Links
    block: Block
    terms: Terms


class Desk(NamedTuple):
    """Room to work in, and per opening of the block the bound from which a pair is looked at.

    `values`, `known` and `held` are, by code, what the card at hand is worth, whether it settles that, and whether it
    passes for a must; `touched` are the subjects it tells about, and `worded[0]` says that some are only words.
    """

    values: Numbers
    known: Flags
    held: Flags
    met: Flags
    touched: Places
    worded: Flags
    added: Counts
    bound: Counts
    floor: Counts
    mask: Counts
    allowed: Places
    peak: Counts
    hit: Flags
    highest: Integers
    room: Numbers
    missing: Flags


def unpacked(ranks: Ranks) -> tuple[Integers, Integers]:
    """The scores (sure in the higher bits) and the places by id; 0 where there is nobody."""
    there = np.where(ranks == NOBODY, LAST_PLACE, ranks)
    return there >> PLACE_BITS, LAST_PLACE - (there & LAST_PLACE)


def desk_for(block: Block, subjects: int, levels: int, top: int, both: bool) -> Desk:
    """An empty desk; `both` unless only the cards' lists are wanted."""
    openings, real = len(block.musts), len(block.row)
    most_tasks = int(np.diff(block.tasks.starts).max(initial=0))
    floor, mask = np.full(openings, NEVER, np.uint32), np.zeros(openings, np.uint32)
    floor[:real], mask[:real] = 0 if both else NEVER, NEVER
    return Desk(
        np.zeros(subjects * levels),
        np.zeros(subjects * levels, np.bool_),
        np.zeros(subjects * levels, np.bool_),
        np.zeros(subjects, np.bool_),
        np.zeros(subjects, np.int32),
        np.zeros(1, np.bool_),
        np.zeros(openings, np.uint32),
        np.zeros(openings, np.uint32),
        floor,
        mask,
        np.zeros(real + 1, np.int32),
        np.zeros(openings // CHUNK, np.uint32),
        np.zeros(openings // CHUNK, np.bool_),
        np.zeros(top, np.int64),
        np.zeros(most_tasks),
        np.zeros(most_tasks, np.bool_),
    )


# --- One pair -----------------------------------------------------------------------------------------------


@compiled_in_place
def rounded(value: float, scale: float) -> int:
    """round(value, digits) * scale as Python rounds: by the exact decimal value, halves to even."""
    below = math.floor(value * scale)
    part = value * scale - below
    if part < 0.5 - 1e-6:
        return int(below)
    if part > 0.5 + 1e-6:
        return int(below) + 1
    high = 134217729.0 * value  # split in two halves whose products with a small whole number are exact
    high = high - (high - value)
    above = (high * (2 * scale) - (2 * below + 1)) + (value - high) * (2 * scale)
    if above == 0.0:
        return int(below) + int(below) % 2
    return int(below) + (1 if above > 0 else 0)


@inlined
def _value(tasks: Tasks, task: int, desk: Desk) -> float:
    """What the card is worth for a task, 0-1."""
    value = desk.values[tasks.code[task]]
    if desk.worded[0] and tasks.words[task] >= 0:
        return float(max(value, desk.values[tasks.words[task]]))
    return float(value)


@inlined
def _settled(tasks: Tasks, task: int, desk: Desk) -> bool:
    """Whether the card says she has the task or lacks it."""
    if desk.known[tasks.code[task]]:
        return True
    return bool(desk.worded[0] and tasks.words[task] >= 0 and desk.known[tasks.words[task]])


@inlined
def _held(tasks: Tasks, task: int, desk: Desk) -> bool:
    """Whether the card passes for a must, whatever the level."""
    if desk.held[tasks.code[task]]:
        return True
    return bool(desk.worded[0] and tasks.words[task] >= 0 and desk.held[tasks.words[task]])


@inlined
def _sure(tasks: Tasks, opening: int, desk: Desk, terms: Terms) -> float:
    worth, gate = 0.0, 1.0
    for task in range(tasks.starts[opening], tasks.starts[opening + 1]):
        worth += tasks.weight[task] * _value(tasks, task, desk)
        if tasks.must[task] and not _held(tasks, task, desk):
            gate *= terms.gate
    return 100 * gate * worth / tasks.total[opening]


@inlined
def _possible(tasks: Tasks, opening: int, desk: Desk, terms: Terms) -> float:
    """Every unknown counted as had, with all that would follow from it for the other tasks."""
    if len(tasks.near_to) > 0 and tasks.near_starts[opening] < tasks.near_starts[opening + 1]:
        return _with_what_follows(tasks, opening, desk, terms)
    worth, gate = 0.0, 1.0
    for task in range(tasks.starts[opening], tasks.starts[opening + 1]):
        known = _settled(tasks, task, desk)
        worth += tasks.weight[task] * (_value(tasks, task, desk) if known else 1.0)
        if tasks.must[task] and known and not _held(tasks, task, desk):
            gate *= terms.gate
    return 100 * gate * worth / tasks.total[opening]


@inlined
def _with_what_follows(tasks: Tasks, opening: int, desk: Desk, terms: Terms) -> float:
    first, last, best, missing = tasks.starts[opening], tasks.starts[opening + 1], desk.room, desk.missing
    for task in range(first, last):
        known = _settled(tasks, task, desk)
        best[task - first] = _value(tasks, task, desk) if known else 1.0
        missing[task - first] = tasks.must[task] and known and not _held(tasks, task, desk)
    for near in range(tasks.near_starts[opening], tasks.near_starts[opening + 1]):
        if not _settled(tasks, first + tasks.near_from[near], desk):
            other, likeness = tasks.near_to[near], tasks.near_likeness[near]
            best[other] = max(best[other], likeness)
            missing[other] &= likeness < terms.held_at
    worth, gate = 0.0, 1.0
    for task in range(first, last):
        worth += tasks.weight[task] * best[task - first]
        if missing[task - first]:
            gate *= terms.gate
    return 100 * gate * worth / tasks.total[opening]


@inlined
def _scores(sure: float, possible: float) -> int:
    """Both in ten-thousandths, sure in the higher bits."""
    return (rounded(sure, 10000.0) << SCORE_BITS) | rounded(possible, 10000.0)


@inlined
def _tenths_of_a_km(one: Numbers, other: Numbers) -> int:
    latitude, other_latitude = one[0] * DEGREE, other[0] * DEGREE
    half_chord = (
        math.sin((other_latitude - latitude) / 2) ** 2
        + math.cos(latitude) * math.cos(other_latitude) * math.sin((other[1] - one[1]) * DEGREE / 2) ** 2
    )
    return int(rounded(2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half_chord))), 10.0))


@inlined
def _within(limits: Limits, card: int, demands: Demands, place: int) -> bool:
    """Whether the place is not known to lie beyond the card's range; the exact distance only where it is close."""
    if limits.anywhere[card] or not demands.place_known[place]:
        return True
    chord = 0.0
    for axis in range(3):
        chord += (limits.point[card, axis] - demands.place_point[place, axis]) ** 2
    if chord < limits.surely_within[card]:
        return True
    if chord > limits.surely_beyond[card]:
        return False
    tenths = _tenths_of_a_km(demands.place_degrees[place], limits.degrees[card])
    return bool(tenths <= limits.tenths[card])


@inlined
def _agrees(limits: Limits, card: int, demands: Demands, opening: int) -> bool:
    """Hours, Danish and shifts: whether none is known to fail."""
    return bool(
        (demands.hours[opening] >= limits.hours_min[card])
        & (demands.hours[opening] <= limits.hours_max[card])
        & (demands.speaking[opening] <= limits.speaking[card])
        & (demands.reading[opening] <= limits.reading[card])
        & ((demands.shifts[opening] & limits.refused[card]) == 0)
    )


# --- Lists of the best --------------------------------------------------------------------------------------


@inlined
def _rank(scores: int, place: int) -> int:
    """The larger the better; of equal scores the lower id."""
    return (scores << PLACE_BITS) | (LAST_PLACE - place)


@inlined
def _insert(best: Integers, rank: int) -> bool:
    """Keep the best in order; false when there is no room for this one."""
    at = len(best) - 1
    if at < 0 or rank <= best[at]:
        return False
    while at > 0 and best[at - 1] < rank:
        best[at] = best[at - 1]
        at -= 1
    best[at] = rank
    return True


@inlined
def _has_room(best: Integers, place: int) -> bool:
    """Whether a pair that shares nothing could enter the list."""
    return len(best) > 0 and bool(_rank(BLANK, place) > best[-1])


@inlined
def _floor(best: Integers) -> int:
    """The bound from which a pair of later id may enter the list; 0: even one that shares nothing."""
    if len(best) == 0:
        return NEVER
    if best[-1] < 0:
        return 0
    sure = best[-1] >> (PLACE_BITS + SCORE_BITS)
    if sure == 0:
        return 1 if (best[-1] >> PLACE_BITS) == BLANK else 0
    return int(max(1, int((sure - 1) * (ONE / SCORES)) - 1))


@compiled_in_place
def merge(best: Ranks, others: Ranks) -> None:
    """Add the lists of another share."""
    for row in range(len(best)):
        for rank in others[row]:
            if not _insert(best[row], rank):
                break


# --- One card against a block -------------------------------------------------------------------------------


@inlined
def _tell(said: Statements, card: int, links: Links, terms: Terms, desk: Desk) -> int:
    """Work out what the card is worth for every code it tells about; gives the number of subjects touched."""
    touched, levels = 0, terms.fit.shape[1]
    desk.worded[0] = False
    for place in range(said.starts[card], said.starts[card + 1]):
        source, level = said.about[place], said.level[place]
        for link in range(links.starts[source], links.starts[source + 1]):
            subject, likeness = links.subject[link], links.likeness[link]
            if not desk.met[subject]:
                desk.met[subject] = True
                desk.touched[touched] = subject
                desk.worded[0] |= subject >= links.first_words
                touched += 1
            held = level > 0 and likeness * said.confidence[place] >= terms.held_at
            for asked in range(levels):
                code = subject * levels + asked
                value = likeness * said.confidence[place] * terms.fit[level, asked]
                desk.values[code] = max(desk.values[code], value)
                desk.known[code] |= likeness == 1.0
                desk.held[code] |= held
    return touched


@inlined
def _forget(touched: int, levels: int, desk: Desk) -> None:
    for at in range(touched):
        subject = desk.touched[at]
        desk.met[subject] = False
        for code in range(subject * levels, (subject + 1) * levels):
            desk.values[code], desk.known[code], desk.held[code] = 0.0, False, False


@inlined
def _takes_all(limits: Limits, card: int, demands: Demands) -> bool:
    """Whether no opening of the block fails a condition."""
    speaking, reading, shifts = demands.extremes
    if (
        (demands.fewest_hours < limits.hours_min[card])
        | (demands.most_hours > limits.hours_max[card])
        | (speaking > limits.speaking[card])
        | (reading > limits.reading[card])
        | ((shifts & limits.refused[card]) != 0)
    ):
        return False
    for place in range(len(demands.place_known)):  # noqa: SIM110 - not known to the compiler
        if not _within(limits, card, demands, place):
            return False
    return True


@inlined
def _allow(limits: Limits, card: int, demands: Demands, allowed: Places) -> int:
    """Note the openings that fail no condition; gives their number."""
    found = 0
    for place in range(len(demands.place_known)):
        if _within(limits, card, demands, place):
            for opening in range(demands.place_starts[place], demands.place_starts[place + 1]):
                allowed[found] = opening
                found += _agrees(limits, card, demands, opening)
    return found


@inlined
def _additions(touched: int, postings: Postings, levels: int, desk: Desk) -> int:
    number = 0
    for at in range(touched):
        first = desk.touched[at] * levels
        number += postings.starts[first + levels] - postings.starts[first]
    return number


@inlined
def _add_up(touched: int, postings: Postings, levels: int, desk: Desk) -> None:
    """Add the card's worth along the openings that ask for it, each term rounded up."""
    for at in range(touched):
        subject = desk.touched[at]
        for code in range(subject * levels, (subject + 1) * levels):
            value, held = desk.values[code], np.uint32(HELD if desk.held[code] else 0)
            if value > 0.0 or held:
                worth = np.uint32(math.ceil(value * (1 << WORTH_BITS)))
                for place in range(postings.starts[code], postings.must_ends[code]):
                    desk.added[postings.opening[place]] += postings.weight[place] * worth + held
                for place in range(postings.must_ends[code], postings.starts[code + 1]):
                    desk.added[postings.opening[place]] += postings.weight[place] * worth


@inlined
def _bound(musts: Counts, halvings: int, desk: Desk) -> None:
    """Turn the sums into bounds and empty them."""
    for opening in range(len(musts)):
        added = desk.added[opening]
        missing = musts[opening] - min(musts[opening], np.uint32(added >> np.uint32(HELD_BIT)))
        shift = min(missing * np.uint32(halvings) >> np.uint32(SIXTEENTHS), np.uint32(MOST_HALVINGS))
        desk.bound[opening] = (added & np.uint32(WORTH)) >> shift & desk.mask[opening]
        desk.added[opening] = 0


@inlined
def _survey(desk: Desk) -> None:
    """The highest bound of each chunk, and whether any reaches its opening's floor."""
    for chunk in range(len(desk.peak)):
        peak, hit = np.uint32(0), False
        for opening in range(chunk * CHUNK, chunk * CHUNK + CHUNK):
            peak = max(peak, desk.bound[opening])
            hit |= desk.bound[opening] >= desk.floor[opening]
        desk.peak[chunk] = peak
        desk.hit[chunk] = hit


@inlined
def _first_need(best: Integers, slack: int, desk: Desk) -> int:
    """A bound that as many pairs reach as the card's list has places: none below it can be on the list."""
    desk.highest[:] = 0
    for chunk in range(len(desk.peak)):
        _insert(desk.highest, int(desk.peak[chunk]))
    least = desk.highest[-1] - slack if len(best) else 0
    return int(max(1, least, _floor(best)))


class Lists(NamedTuple):
    """The best so far: openings for every card, and cards for every opening of the block."""

    openings: Ranks
    cards: Ranks


@inlined
def _consider(  # noqa: PLR0913 - a pair, and which of its two lists may take it
    table: Table, card: int, opening: int, desk: Desk, lists: Lists, for_card: bool, for_opening: bool
) -> None:
    """Work out a pair; what is possible only where sure does not already say no."""
    tasks, row = table.block.tasks, table.block.row[opening]
    sure = _sure(tasks, opening, desk, table.terms)
    most = _scores(sure, 100.0)
    for_card = for_card and _rank(most, row) > lists.openings[card, -1]
    for_opening = for_opening and _rank(most, card) > lists.cards[opening, -1]
    if for_card or for_opening:
        scores = _scores(sure, _possible(tasks, opening, desk, table.terms))
        if for_card:
            _insert(lists.openings[card], _rank(scores, row))
        if for_opening:
            _insert(lists.cards[opening], _rank(scores, card))
            desk.floor[opening] = _floor(lists.cards[opening])


@inlined
def _look(table: Table, card: int, desk: Desk, lists: Lists) -> None:
    """Work out the pairs whose bound reaches either side's list."""
    block = table.block
    need = _first_need(lists.openings[card], ONE if desk.worded[0] else block.slack, desk)
    for chunk in range(len(desk.peak)):
        if desk.peak[chunk] >= need or desk.hit[chunk]:
            for opening in range(chunk * CHUNK, min(chunk * CHUNK + CHUNK, len(block.row))):
                bound = desk.bound[opening]
                listed = bound >= desk.floor[opening] and desk.mask[opening] != 0
                if bound >= need or listed:
                    _consider(table, card, opening, desk, lists, bound >= need, listed)
                    need = max(need, _floor(lists.openings[card]))


@inlined
def _fill_up(block: Block, terms: Terms, desk: Desk, best: Integers) -> None:
    """Give what room is left to openings that the card is worth next to nothing for, in order of id."""
    for opening in block.by_id:
        if not _has_room(best, block.row[opening]):
            break
        if desk.bound[opening] == 0 and desk.mask[opening]:
            sure = _sure(block.tasks, opening, desk, terms)
            scores = _scores(sure, _possible(block.tasks, opening, desk, terms))
            _insert(best, _rank(scores, block.row[opening]))


@inlined
def _look_at_all(table: Table, card: int, touched: int, desk: Desk, lists: Lists) -> None:
    _add_up(touched, table.block.postings, table.terms.fit.shape[1], desk)
    _bound(table.block.musts, table.terms.halvings, desk)
    _survey(desk)
    _look(table, card, desk, lists)
    _fill_up(table.block, table.terms, desk, lists.openings[card])


@inlined
def _look_at_each(table: Table, card: int, allowed: int, desk: Desk, lists: Lists) -> None:
    """Work out a few openings one by one."""
    best = lists.openings[card]
    for at in range(allowed):
        opening = desk.allowed[at]
        sure = _sure(table.block.tasks, opening, desk, table.terms)
        bound = int(sure * (ONE / 100)) + (2 if sure > 0.0 else 0)
        wanted = bound >= _floor(best) if bound > 0 else _has_room(best, table.block.row[opening])
        if wanted or bound >= desk.floor[opening]:
            _consider(table, card, opening, desk, lists, wanted, bound >= desk.floor[opening])


@inlined
def _against(table: Table, card: int, desk: Desk, lists: Lists) -> None:
    """One by one those openings that fail no condition; when they are many, among all of the block."""
    cards, block, levels = table.cards, table.block, table.terms.fit.shape[1]
    touched = _tell(cards.said, card, table.links, table.terms, desk)
    if _takes_all(cards.limits, card, block.demands):
        _look_at_all(table, card, touched, desk, lists)
    else:
        allowed = _allow(cards.limits, card, block.demands, desk.allowed)
        if allowed * COSTS < len(block.row) + _additions(touched, block.postings, levels, desk):
            _look_at_each(table, card, allowed, desk, lists)
        else:
            desk.mask[:] = 0
            for at in range(allowed):
                desk.mask[desk.allowed[at]] = NEVER
            _look_at_all(table, card, touched, desk, lists)
            desk.mask[: len(block.row)] = NEVER
    _forget(touched, levels, desk)


@compiled_in_place
def rank_members(table: Table, members: Integers, desk: Desk, lists: Lists) -> None:
    """Each of the cards `members`, in order of id, against the block; the lists are added to.

    Several threads may run this when each has its own members, `desk` and `lists.cards`.
    """
    for card in members:
        _against(table, card, desk, lists)


# --- One opening against all cards --------------------------------------------------------------------------


class Holders(NamedTuple):
    """The statements again, by source: those about source s are `starts[s]:starts[s + 1]`."""

    starts: Integers
    card: Places
    level: Small
    confidence: Numbers


class Search(NamedTuple):
    """One opening among all cards: which fit its trade, and which sources tell about its tasks. `added` is zeros."""

    trade: Flags
    sources: Places
    holders: Holders
    added: Integers


@inlined
def _add_up_cards(table: Table, search: Search) -> None:
    """For every card an upper bound of its worth, and above it how many musts it may hold."""
    tasks, links, levels = table.block.tasks, table.links, table.terms.fit.shape[1]
    for source in search.sources:
        for link in range(links.starts[source], links.starts[source + 1]):
            for task in range(len(tasks.weight)):
                for code in (tasks.code[task], tasks.words[task]):
                    if code >= 0 and code // levels == links.subject[link]:
                        _add_task(table, task, links.likeness[link], source, search)


@inlined
def _add_task(table: Table, task: int, likeness: float, source: int, search: Search) -> None:
    tasks, terms, holders = table.block.tasks, table.terms, search.holders
    share = tasks.weight[task] / tasks.total[0] * ONE
    asked = tasks.code[task] % terms.fit.shape[1]
    for place in range(holders.starts[source], holders.starts[source + 1]):
        value = likeness * holders.confidence[place] * terms.fit[holders.level[place], asked]
        present = holders.level[place] > 0 and likeness * holders.confidence[place] >= terms.held_at
        held = np.int64(tasks.must[task] and present)
        search.added[holders.card[place]] += (held << WIDE_HELD_BIT) + np.int64(math.ceil(share * value))


@inlined
def _told(table: Table, card: int, desk: Desk) -> int:
    """The scores of the card for the one opening."""
    tasks, terms = table.block.tasks, table.terms
    touched = _tell(table.cards.said, card, table.links, terms, desk)
    scores = _scores(_sure(tasks, 0, desk, terms), _possible(tasks, 0, desk, terms))
    _forget(touched, terms.fit.shape[1], desk)
    return int(scores)


@inlined
def _may(table: Table, trade: Flags, card: int) -> bool:
    """Whether the card says anything, fits the trade and fails no condition of the one opening."""
    said, limits, demands = table.cards.said, table.cards.limits, table.block.demands
    return bool(
        trade[card]
        and said.starts[card] < said.starts[card + 1]
        and _agrees(limits, card, demands, 0)
        and _within(limits, card, demands, 0)
    )


@compiled_in_place
def rank_cards(table: Table, search: Search, desk: Desk, best: Integers) -> None:
    """The best cards for the one opening of the block."""
    _add_up_cards(table, search)
    added, musts, need = search.added, np.int64(table.block.musts[0]), max(1, _floor(best))
    for card in range(len(added)):
        if added[card]:
            missing = max(0, musts - (added[card] >> WIDE_HELD_BIT))
            shift = min(missing * table.terms.halvings >> SIXTEENTHS, MOST_HALVINGS)
            added[card] = (added[card] & ((1 << WIDE_HELD_BIT) - 1)) >> shift
            if added[card] >= need and _may(table, search.trade, card):
                _insert(best, _rank(_told(table, card, desk), card))
                need = max(1, _floor(best))
    for card in range(len(added)):
        if not _has_room(best, card):
            break
        if added[card] == 0 and _may(table, search.trade, card):
            _insert(best, _rank(_told(table, card, desk), card))
