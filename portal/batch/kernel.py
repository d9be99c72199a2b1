"""The loops of `batch`, compiled: every opening of a trade against its cards, card by card.

Nothing here knows a text or a concept, only numbers. A *code* is what a task asks for at the level it is asked: what a
card is worth for it is worked out once and serves every opening of the block that asks it. A task with a concept has
a second code for its words, for cards that say something in words alone. *Sources* are what statements are about.
A card's worth is added up along the openings that ask for it; this upper bound in whole numbers says which pairs can be
among the best, and only those are worked out, in the very order and with the very rounding of `matching`. A pair's
rank is one whole number: sure, possible, and the place by id counted backwards.

Reasons and figures: docs/adr/009-compiled-loops.md.
"""

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from portal.batch.compiled import compiled_in_place, inlined
from portal.matching import EARTH_RADIUS_KM

Integers = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]
Small = npt.NDArray[np.uint16]
Counts = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Credits = npt.NDArray[np.uint16]
Shares = npt.NDArray[np.float32]
Ranks = npt.NDArray[np.int64]  # one list of the best a row, best first

SCORES: Final = 1_000_000  # a full score: 100.0000
SCORE_BITS: Final = 20
SCORE_MASK: Final = (1 << SCORE_BITS) - 1
PLACE_BITS: Final = 23
LAST_PLACE: Final = (1 << PLACE_BITS) - 1
NOBODY: Final = -1
BLANK: Final = SCORES  # sure 0, possible 100: a pair that shares nothing

VALUE_BITS: Final = 11
WORTH_BITS: Final = 25  # of a full score; a task may count by both its codes, so a sum needs one more
HELD: Final = 256  # a must surely there, in steps of what a missing one costs
PRESENCES: Final = 1024  # steps of how surely something is there
MOST_MUSTS: Final = 15  # an opening with more is bounded as if none were missing
WIDE_ONE: Final = 1 << 30  # a full score where one opening is compared with all cards
WIDE_HELD_BIT: Final = 40  # several statements may add up for one task there
ALMOST: Final = 1e-3  # of a unit: the rounding errors of a few multiplications
DOUBT: Final = 1e-6  # of a full score: those, and the rounding of a score

CHUNK: Final = 16  # openings looked at together
NEVER: Final = 0xFFFFFFFF
DEGREE: Final = math.pi / 180
COSTS: Final = 6.0  # what working out one pair costs, in additions along the openings


class ScoreTerms(NamedTuple):
    """`fit` is what a level held (row) is worth at a level asked (column); `held_at` is above 0.

    For bounds: `held` is, by steps of presence, how much of `HELD` a must so surely there makes up at most; `kept`
    what is left of a score, at most, by how much of all musts' HELD is not made up; `doubt` by how many times that
    may be too much for each must that is there, but not surely.
    """

    fit: Numbers
    gate: float
    held_at: float
    held: Credits
    kept: Shares
    doubt: float


class Statements(NamedTuple):
    """What is said, card by card: those of card c are `starts[c]:starts[c + 1]`. `about` is a source."""

    starts: Integers
    about: Places
    level: Small
    confidence: Numbers


class CodesBySource(NamedTuple):
    """Source s tells about the codes `code[starts[s]:starts[s + 1]]`, so alike (0-1, 1 settles it).

    `asked` is the code's column of `Terms.fit`.
    """

    starts: Integers
    code: Places
    asked: Places
    likeness: Numbers
    first_words: int  # codes from here on are a task's second ones


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
    words: Places  # the second code, or -1
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
    weight: Counts  # of the task, rounded up


class BlockConditions(NamedTuple):
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


class TradeBlock(NamedTuple):
    """The openings of one trade, grouped by place. `row` is an opening's place by id among all openings.

    Bounds are in units of which weight 1 at value 1 has `unit`; `full` is what the whole of an opening comes to.
    """

    row: Integers
    by_id: Places
    musts: Credits  # HELD for each must
    tasks: Tasks
    postings: Postings
    demands: BlockConditions
    unit: float
    full: Numbers
    share: Shares  # of a full score that one unit is
    slack: float  # of a full score: how far a bound may lie above it


class MarketTable(NamedTuple):
    """What is compared."""

    cards: Cards
    links: CodesBySource
    block: TradeBlock
    terms: ScoreTerms


class Workspace(NamedTuple):
    """Room to work in, and per opening of the block the bound from which a pair is looked at.

    `value`, `presence` and `known` are, by code, what the card at hand is worth, how surely it is there at all, and
    whether the card settles that; `touched` are the codes it tells about, `worded[0]` says that some are only words.
    `added` and `held` are sums by opening: of worth, and of how much its musts are held.
    """

    value: Numbers
    presence: Numbers
    known: Flags
    met: Flags
    touched: Places
    worded: Flags
    added: Counts
    held: Credits
    bound: Counts
    floor: Counts
    mask: Counts
    allowed: Places
    peak: Shares
    hit: Flags
    highest: Shares
    room: Numbers
    room_for_presence: Numbers


def unpacked(ranks: Ranks) -> tuple[Integers, Integers]:
    """The scores (sure in the higher bits) and the places by id; 0 where there is nobody."""
    there = np.where(ranks == NOBODY, LAST_PLACE, ranks)
    return there >> PLACE_BITS, LAST_PLACE - (there & LAST_PLACE)


def workspace_for(block: TradeBlock, top: int, both: bool) -> Workspace:
    """An empty workspace; `both` unless only the cards' lists are wanted."""
    codes = len(block.postings.must_ends)
    openings, real = len(block.musts), len(block.row)
    most_tasks = int(np.diff(block.tasks.starts).max(initial=0))
    floor, mask = np.full(openings, NEVER, np.uint32), np.zeros(openings, np.uint32)
    floor[:real], mask[:real] = 0 if both else NEVER, NEVER
    return Workspace(
        np.zeros(codes),
        np.zeros(codes),
        np.zeros(codes, np.bool_),
        np.zeros(codes, np.bool_),
        np.zeros(codes, np.int32),
        np.zeros(1, np.bool_),
        np.zeros(openings, np.uint32),
        np.zeros(openings, np.uint16),
        np.zeros(openings, np.uint32),
        floor,
        mask,
        np.zeros(real + 1, np.int32),
        np.zeros(openings // CHUNK, np.float32),
        np.zeros(openings // CHUNK, np.bool_),
        np.zeros(top, np.float32),
        np.zeros(most_tasks),
        np.zeros(most_tasks),
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
def _value(tasks: Tasks, task: int, workspace: Workspace) -> float:
    """What the card is worth for a task, 0-1."""
    value = workspace.value[tasks.code[task]]
    if workspace.worded[0] and tasks.words[task] >= 0:
        return float(max(value, workspace.value[tasks.words[task]]))
    return float(value)


@inlined
def _presence(tasks: Tasks, task: int, workspace: Workspace) -> float:
    """How surely the card has the task, at whatever level."""
    presence = workspace.presence[tasks.code[task]]
    if workspace.worded[0] and tasks.words[task] >= 0:
        return float(max(presence, workspace.presence[tasks.words[task]]))
    return float(presence)


@inlined
def _known(tasks: Tasks, task: int, workspace: Workspace) -> bool:
    """Whether the card says that she has the task, or lacks it."""
    if workspace.worded[0] and tasks.words[task] >= 0:
        return bool(workspace.known[tasks.code[task]] | workspace.known[tasks.words[task]])
    return bool(workspace.known[tasks.code[task]])


@inlined
def _kept(presence: float, terms: ScoreTerms) -> float:
    """`Weights.kept`, in machine code."""
    if presence >= terms.held_at:
        return 1.0
    return float(terms.gate + (1 - terms.gate) * (presence / terms.held_at))


@inlined
def _percentage(worth: float, kept: float, total: float) -> int:
    """In ten-thousandths."""
    return int(rounded(100 * kept * worth / total, 10000.0))


@inlined
def _scores(tasks: Tasks, opening: int, workspace: Workspace, terms: ScoreTerms) -> int:
    """Sure and possible in ten-thousandths, sure in the higher bits."""
    if len(tasks.near_to) > 0 and tasks.near_starts[opening] < tasks.near_starts[opening + 1]:
        return _scores_with_what_follows(tasks, opening, workspace, terms)
    worth, could, kept, could_keep = 0.0, 0.0, 1.0, 1.0
    for task in range(tasks.starts[opening], tasks.starts[opening + 1]):
        value, known = _value(tasks, task, workspace), _known(tasks, task, workspace)
        worth += tasks.weight[task] * value
        could += tasks.weight[task] * (value if known else 1.0)
        if tasks.must[task]:
            left = _kept(_presence(tasks, task, workspace), terms)
            kept *= left
            could_keep *= left if known else 1.0
    total = tasks.total[opening]
    return (_percentage(worth, kept, total) << SCORE_BITS) | _percentage(could, could_keep, total)


@inlined
def _scores_with_what_follows(tasks: Tasks, opening: int, workspace: Workspace, terms: ScoreTerms) -> int:
    """The same where an answer to one task also tells something about another."""
    first, last = tasks.starts[opening], tasks.starts[opening + 1]
    best, surest = workspace.room, workspace.room_for_presence
    worth, kept = 0.0, 1.0
    for task in range(first, last):
        value, known = _value(tasks, task, workspace), _known(tasks, task, workspace)
        presence = _presence(tasks, task, workspace)
        worth += tasks.weight[task] * value
        if tasks.must[task]:
            kept *= _kept(presence, terms)
        best[task - first] = value if known else 1.0
        surest[task - first] = presence if known else 1.0
    for near in range(tasks.near_starts[opening], tasks.near_starts[opening + 1]):
        if not _known(tasks, first + tasks.near_from[near], workspace):
            other, likeness = tasks.near_to[near], tasks.near_likeness[near]
            best[other] = max(best[other], likeness)
            surest[other] = max(surest[other], likeness)
    could, could_keep = 0.0, 1.0
    for task in range(first, last):
        could += tasks.weight[task] * best[task - first]
        if tasks.must[task]:
            could_keep *= _kept(surest[task - first], terms)
    total = tasks.total[opening]
    return (_percentage(worth, kept, total) << SCORE_BITS) | _percentage(could, could_keep, total)


@inlined
def _tenths_of_a_km(one: Numbers, other: Numbers) -> int:
    """`matching.distance_km` in machine code, which cannot call it; a property test holds the two together."""
    latitude, other_latitude = one[0] * DEGREE, other[0] * DEGREE
    half_chord = (
        math.sin((other_latitude - latitude) / 2) ** 2
        + math.cos(latitude) * math.cos(other_latitude) * math.sin((other[1] - one[1]) * DEGREE / 2) ** 2
    )
    return int(rounded(2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half_chord))), 10.0))


@inlined
def _within(limits: Limits, card: int, demands: BlockConditions, place: int) -> bool:
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
def _agrees(limits: Limits, card: int, demands: BlockConditions, opening: int) -> bool:
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
def _insert(best: Integers | Shares, rank: float) -> bool:
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
def _floor(best: Integers, full: float) -> int:
    """The bound from which a pair of later id may enter the list; 0: even one that shares nothing."""
    if len(best) == 0:
        return NEVER
    if best[-1] < 0:
        return 0
    sure = best[-1] >> (PLACE_BITS + SCORE_BITS)
    surpassed = (best[-1] >> PLACE_BITS) & SCORE_MASK == SCORES  # only by more that is sure
    if sure == 0:
        return 1 if surpassed else 0
    return int(max(1, int((sure + (0.5 if surpassed else -0.5)) * full / SCORES - ALMOST)))


@inlined
def _need(best: Integers) -> float:
    """The share of a full score from which a pair may enter the list; 0: even one that shares nothing."""
    if len(best) == 0:
        return 2.0
    return max(0.0, (best[-1] >> (PLACE_BITS + SCORE_BITS)) / SCORES - DOUBT)


@compiled_in_place
def merge(best: Ranks, others: Ranks) -> None:
    """Add the lists of another share."""
    for row in range(len(best)):
        for rank in others[row]:
            if not _insert(best[row], rank):
                break


# --- One card against a block -------------------------------------------------------------------------------


@inlined
def _tell(said: Statements, card: int, links: CodesBySource, terms: ScoreTerms, workspace: Workspace) -> int:
    """Work out what the card is worth for every code it tells about; gives how many those are."""
    touched = 0
    workspace.worded[0] = False
    for place in range(said.starts[card], said.starts[card + 1]):
        source, level = said.about[place], said.level[place]
        for link in range(links.starts[source], links.starts[source + 1]):
            code, likeness = links.code[link], links.likeness[link]
            if not workspace.met[code]:
                workspace.met[code] = True
                workspace.touched[touched] = code
                workspace.worded[0] |= code >= links.first_words
                touched += 1
            presence = likeness * said.confidence[place]
            workspace.value[code] = max(workspace.value[code], presence * terms.fit[level, links.asked[link]])
            workspace.known[code] |= likeness == 1.0
            if level > 0:
                workspace.presence[code] = max(workspace.presence[code], presence)
    return touched


@inlined
def _forget(touched: int, workspace: Workspace) -> None:
    for at in range(touched):
        code = workspace.touched[at]
        workspace.met[code], workspace.known[code] = False, False
        workspace.value[code], workspace.presence[code] = 0.0, 0.0


@inlined
def _takes_all(limits: Limits, card: int, demands: BlockConditions) -> bool:
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
def _allow(limits: Limits, card: int, demands: BlockConditions, allowed: Places) -> int:
    """Note the openings that fail no condition; gives their number."""
    found = 0
    for place in range(len(demands.place_known)):
        if _within(limits, card, demands, place):
            for opening in range(demands.place_starts[place], demands.place_starts[place + 1]):
                allowed[found] = opening
                found += _agrees(limits, card, demands, opening)
    return found


@inlined
def _additions(touched: int, postings: Postings, workspace: Workspace) -> int:
    number = 0
    for at in range(touched):
        code = workspace.touched[at]
        number += postings.starts[code + 1] - postings.starts[code]
    return number


@inlined
def _held(presence: float, terms: ScoreTerms) -> int:
    """How much of HELD a must so surely there makes up at most."""
    return int(terms.held[min(PRESENCES, math.ceil(presence * PRESENCES))])


@inlined
def _add_up(touched: int, postings: Postings, workspace: Workspace, terms: ScoreTerms) -> None:
    """Add the card's worth along the openings that ask for it, each term rounded up."""
    for at in range(touched):
        code = workspace.touched[at]
        worth = np.uint32(math.ceil(workspace.value[code] * (1 << VALUE_BITS)))
        held = np.uint16(_held(workspace.presence[code], terms))
        for place in range(postings.starts[code], postings.must_ends[code]):
            workspace.added[postings.opening[place]] += postings.weight[place] * worth
            workspace.held[postings.opening[place]] += held
        for place in range(postings.must_ends[code], postings.starts[code + 1]):
            workspace.added[postings.opening[place]] += postings.weight[place] * worth


@inlined
def _bound(musts: Credits, terms: ScoreTerms, workspace: Workspace) -> None:
    """Turn the sums into bounds and empty them."""
    for opening in range(len(musts)):
        missing = musts[opening] - min(musts[opening], workspace.held[opening])
        worth = np.float32(workspace.added[opening]) * terms.kept[missing]
        workspace.bound[opening] = np.uint32(worth) & workspace.mask[opening]
        workspace.added[opening] = 0
        workspace.held[opening] = 0


@inlined
def _survey(share: Shares, workspace: Workspace) -> None:
    """The highest bound of each chunk, and whether any reaches its opening's floor."""
    for chunk in range(len(workspace.peak)):
        peak, hit = np.float32(0), False
        for opening in range(chunk * CHUNK, chunk * CHUNK + CHUNK):
            peak = max(peak, np.float32(workspace.bound[opening]) * share[opening])
            hit |= workspace.bound[opening] >= workspace.floor[opening]
        workspace.peak[chunk] = peak
        workspace.hit[chunk] = hit


@inlined
def _first_need(best: Integers, slack: float, workspace: Workspace) -> float:
    """A share that as many pairs reach as the card's list has places: none below it can be on the list."""
    if len(best) == 0:
        return _need(best)
    workspace.highest[:] = 0
    for chunk in range(len(workspace.peak)):
        _insert(workspace.highest, workspace.peak[chunk])
    return max(workspace.highest[-1] - slack, _need(best))


class Lists(NamedTuple):
    """The best so far: openings for every card, and cards for every opening of the block."""

    openings: Ranks
    cards: Ranks


@inlined
def _consider(  # noqa: PLR0913 - a pair, and which of its two lists may take it
    table: MarketTable,
    card: int,
    opening: int,
    workspace: Workspace,
    lists: Lists,
    for_card: bool,
    for_opening: bool,
) -> None:
    """Work out a pair."""
    scores = _scores(table.block.tasks, opening, workspace, table.terms)
    if for_card:
        _insert(lists.openings[card], _rank(scores, table.block.row[opening]))
    if for_opening and _insert(lists.cards[opening], _rank(scores, card)):
        workspace.floor[opening] = _floor(lists.cards[opening], table.block.full[opening])


@inlined
def _slack(table: MarketTable, touched: int, workspace: Workspace) -> float:
    """How far a bound may lie above the score for the card at hand."""
    if workspace.worded[0]:
        return 1.0
    slack = 1 + table.block.slack
    for at in range(touched):
        if 0 < workspace.presence[workspace.touched[at]] < table.terms.held_at:
            slack *= table.terms.doubt
    return float(slack - 1)


@inlined
def _look(table: MarketTable, card: int, touched: int, workspace: Workspace, lists: Lists) -> None:
    """Work out the pairs whose bound reaches either side's list."""
    block = table.block
    need = _first_need(lists.openings[card], _slack(table, touched, workspace), workspace)
    for chunk in range(len(workspace.peak)):
        if workspace.peak[chunk] >= need or workspace.hit[chunk]:
            for opening in range(chunk * CHUNK, min(chunk * CHUNK + CHUNK, len(block.row))):
                bound = workspace.bound[opening]
                wanted = bound > 0 and bound * block.share[opening] >= need
                listed = bound >= workspace.floor[opening] and workspace.mask[opening] != 0
                if wanted or listed:
                    _consider(table, card, opening, workspace, lists, wanted, listed)
                    need = max(need, _need(lists.openings[card]))


@inlined
def _fill_up(block: TradeBlock, terms: ScoreTerms, workspace: Workspace, best: Integers) -> None:
    """Give what room is left to openings that the card is worth next to nothing for, in order of id."""
    for opening in block.by_id:
        if not _has_room(best, block.row[opening]):
            break
        if workspace.bound[opening] == 0 and workspace.mask[opening]:
            scores = _scores(block.tasks, opening, workspace, terms)
            _insert(best, _rank(scores, block.row[opening]))


@inlined
def _look_at_all(table: MarketTable, card: int, touched: int, workspace: Workspace, lists: Lists) -> None:
    _add_up(touched, table.block.postings, workspace, table.terms)
    _bound(table.block.musts, table.terms, workspace)
    _survey(table.block.share, workspace)
    _look(table, card, touched, workspace, lists)
    _fill_up(table.block, table.terms, workspace, lists.openings[card])


@inlined
def _quick_bound(block: TradeBlock, opening: int, workspace: Workspace, terms: ScoreTerms) -> int:
    """As `_bound`, for one opening."""
    tasks, worth, kept = block.tasks, 0.0, 1.0
    for task in range(tasks.starts[opening], tasks.starts[opening + 1]):
        worth += tasks.weight[task] * _value(tasks, task, workspace)
        if tasks.must[task]:
            kept *= _kept(_presence(tasks, task, workspace), terms)
    return int(worth * kept * block.unit + ALMOST)


@inlined
def _look_at_each(table: MarketTable, card: int, allowed: int, workspace: Workspace, lists: Lists) -> None:
    """Work out a few openings one by one, with a bound first: most need no more."""
    best, block = lists.openings[card], table.block
    for at in range(allowed):
        opening = workspace.allowed[at]
        bound = _quick_bound(block, opening, workspace, table.terms)
        wanted = (
            bound * block.share[opening] >= _need(best) if bound > 0 else _has_room(best, block.row[opening])
        )
        if wanted or bound >= workspace.floor[opening]:
            _consider(table, card, opening, workspace, lists, wanted, bound >= workspace.floor[opening])


@inlined
def _against(table: MarketTable, card: int, workspace: Workspace, lists: Lists) -> None:
    """One by one those openings that fail no condition; when they are many, among all of the block."""
    cards, block = table.cards, table.block
    touched = _tell(cards.said, card, table.links, table.terms, workspace)
    if _takes_all(cards.limits, card, block.demands):
        _look_at_all(table, card, touched, workspace, lists)
    else:
        allowed = _allow(cards.limits, card, block.demands, workspace.allowed)
        if allowed * COSTS < len(block.row) + _additions(touched, block.postings, workspace):
            _look_at_each(table, card, allowed, workspace, lists)
        else:
            workspace.mask[:] = 0
            for at in range(allowed):
                workspace.mask[workspace.allowed[at]] = NEVER
            _look_at_all(table, card, touched, workspace, lists)
            workspace.mask[: len(block.row)] = NEVER
    _forget(touched, workspace)


@compiled_in_place
def rank_members(table: MarketTable, members: Integers, workspace: Workspace, lists: Lists) -> None:
    """Each of the cards `members`, in order of id, against the block; the lists are added to.

    Several threads may run this when each has its own members, `workspace` and `lists.cards`.
    """
    for card in members:
        _against(table, card, workspace, lists)


# --- One opening against all cards --------------------------------------------------------------------------


class StatementsBySource(NamedTuple):
    """The statements again, by source: those about source s are `starts[s]:starts[s + 1]`."""

    starts: Integers
    card: Places
    level: Small
    confidence: Numbers


class SourcesByCode(NamedTuple):
    """The links again, by code: `source[starts[c]:starts[c + 1]]` tell about code c, whose column is `asked[c]`."""

    starts: Integers
    source: Places
    likeness: Numbers
    asked: Places


class Search(NamedTuple):
    """One opening of the block, at one of its places, among the cards `members`, in order of id; `added` is zeros."""

    opening: int
    place: int
    members: Integers
    sources_by_code: SourcesByCode
    statements_by_source: StatementsBySource
    added: Integers


@inlined
def _add_up_cards(table: MarketTable, search: Search) -> None:
    """For every card an upper bound of its worth, and above it how many musts it may hold."""
    tasks, sources_by_code = table.block.tasks, search.sources_by_code
    for task in range(tasks.starts[search.opening], tasks.starts[search.opening + 1]):
        for code in (tasks.code[task], tasks.words[task]):
            if code >= 0:
                for teller in range(sources_by_code.starts[code], sources_by_code.starts[code + 1]):
                    _add_task(table, task, teller, sources_by_code.asked[code], search)


@inlined
def _add_task(table: MarketTable, task: int, teller: int, asked: int, search: Search) -> None:
    tasks, terms, statements_by_source = table.block.tasks, table.terms, search.statements_by_source
    source, likeness = search.sources_by_code.source[teller], search.sources_by_code.likeness[teller]
    share = tasks.weight[task] / tasks.total[search.opening] * WIDE_ONE
    for place in range(statements_by_source.starts[source], statements_by_source.starts[source + 1]):
        presence = likeness * statements_by_source.confidence[place]
        held = 0
        if tasks.must[task] and statements_by_source.level[place] > 0:
            held = _held(presence, terms)
        worth = math.ceil(share * presence * terms.fit[statements_by_source.level[place], asked])
        search.added[statements_by_source.card[place]] += (np.int64(held) << WIDE_HELD_BIT) + np.int64(worth)


@inlined
def _alone(table: MarketTable, card: int, opening: int, workspace: Workspace) -> int:
    """The scores of one card for one opening."""
    touched = _tell(table.cards.said, card, table.links, table.terms, workspace)
    scores = _scores(table.block.tasks, opening, workspace, table.terms)
    _forget(touched, workspace)
    return int(scores)


@inlined
def _may(table: MarketTable, card: int, search: Search) -> bool:
    """Whether the card fails no condition of the opening."""
    limits, demands = table.cards.limits, table.block.demands
    return _agrees(limits, card, demands, search.opening) and _within(limits, card, demands, search.place)


@compiled_in_place
def rank_cards(table: MarketTable, search: Search, workspace: Workspace, best: Integers) -> None:
    """The best cards for one opening."""
    _add_up_cards(table, search)
    added, opening, need = search.added, search.opening, max(1, _floor(best, WIDE_ONE))
    for card in search.members:
        if added[card]:
            missing = max(0, np.int64(table.block.musts[opening]) - (added[card] >> WIDE_HELD_BIT))
            worth = added[card] & ((1 << WIDE_HELD_BIT) - 1)
            added[card] = np.int64(worth * np.float64(table.terms.kept[missing]))
            if added[card] >= need and _may(table, card, search):
                _insert(best, _rank(_alone(table, card, opening, workspace), card))
                need = max(1, _floor(best, WIDE_ONE))
    for card in search.members:
        if not _has_room(best, card):
            break
        if added[card] == 0 and _may(table, card, search):
            _insert(best, _rank(_alone(table, card, opening, workspace), card))


# --- Who would be over a bar if she could more ----------------------------------------------------------------


class Helps(NamedTuple):
    """What somebody could learn: help h makes the codes `code[starts[h]:starts[h + 1]]` worth at least so much.

    `opening[opening_starts[h]:opening_starts[h + 1]]` are the block's openings that ask for one of these codes, `gain`
    the share of a full score that these make up at most; `worded[h]` says that some are only words. `sure` is the bar,
    in ten-thousandths.
    """

    starts: Integers
    code: Places
    presence: Numbers
    value: Numbers
    known: Flags
    opening_starts: Integers
    opening: Places
    gain: Numbers
    worded: Flags
    sure: int


class Lifted(NamedTuple):
    """By help who would be over the bar for some opening (columns are cards), and for which openings of the block."""

    cards: Flags
    openings: Flags


class Before(NamedTuple):
    """Room for what a help takes the place of; and by opening of the block the gain from which the bar is in reach."""

    value: Numbers
    presence: Numbers
    known: Flags
    needs: Numbers


@inlined
def _help(helps: Helps, which: int, workspace: Workspace, before: Before) -> None:
    """Let the card at hand have the help too."""
    first = helps.starts[which]
    for at in range(first, helps.starts[which + 1]):
        code = helps.code[at]
        before.value[at - first] = workspace.value[code]
        before.presence[at - first] = workspace.presence[code]
        before.known[at - first] = workspace.known[code]
        workspace.value[code] = max(workspace.value[code], helps.value[at])
        workspace.presence[code] = max(workspace.presence[code], helps.presence[at])
        workspace.known[code] |= helps.known[at]


@inlined
def _take_back(helps: Helps, which: int, workspace: Workspace, before: Before) -> None:
    first = helps.starts[which]
    for at in range(first, helps.starts[which + 1]):
        code = helps.code[at]
        workspace.value[code] = before.value[at - first]
        workspace.presence[code] = before.presence[at - first]
        workspace.known[code] = before.known[at - first]


@inlined
def _wait(table: MarketTable, card: int, bar: int, workspace: Workspace, before: Before) -> None:
    """Note of the openings that fail no condition, and whose bar the card is under, what is lacking at least."""
    before.needs[:] = np.inf
    tasks = table.block.tasks
    allowed = _allow(table.cards.limits, card, table.block.demands, workspace.allowed)
    for at in range(allowed):
        opening = workspace.allowed[at]
        if (_scores(tasks, opening, workspace, table.terms) >> SCORE_BITS) < bar:
            worth = 0.0
            for task in range(tasks.starts[opening], tasks.starts[opening + 1]):
                worth += tasks.weight[task] * _value(tasks, task, workspace)
            before.needs[opening] = bar / SCORES - worth / tasks.total[opening] - DOUBT


@compiled_in_place
def lift_members(
    table: MarketTable, members: Integers, helps: Helps, workspace: Workspace, before: Before, lifted: Lifted
) -> None:
    """For each of the cards `members` and each help: over which bars of the block it would bring her.

    Several threads may run this when each has its own members, `workspace`, `before` and `lifted.openings`.
    """
    for card in members:
        touched = _tell(table.cards.said, card, table.links, table.terms, workspace)
        _wait(table, card, helps.sure, workspace, before)
        worded = workspace.worded[0]
        for which in range(len(helps.worded)):
            is_helped = False
            workspace.worded[0] = worded | helps.worded[which]
            for at in range(helps.opening_starts[which], helps.opening_starts[which + 1]):
                opening = helps.opening[at]
                if helps.gain[at] >= before.needs[opening]:
                    if not is_helped:
                        _help(helps, which, workspace, before)
                        is_helped = True
                    scores = _scores(table.block.tasks, opening, workspace, table.terms)
                    if (scores >> SCORE_BITS) >= helps.sure:
                        lifted.cards[which, card] = True
                        lifted.openings[which, opening] = True
            if is_helped:
                _take_back(helps, which, workspace, before)
        workspace.worded[0] = worded
        _forget(touched, workspace)
