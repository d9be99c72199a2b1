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
Marks = npt.NDArray[np.uint8]
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
WORTH_BITS: Final = (
    25  # of a full score; twice that still fits below HELD: a task may count by both its codes
)
HELD_BIT: Final = 27
HELD: Final = 1 << HELD_BIT  # a must held, counted above the sum
WORTH: Final = HELD - 1
MOST_MUSTS: Final = 15  # an opening with more is bounded as if none were missing
MOST_HALVINGS: Final = 31
SIXTEENTHS: Final = 4
WIDE_ONE: Final = 1 << 30  # a full score where one opening is compared with all cards
WIDE_HELD_BIT: Final = 40  # several statements may add up for one task there
ALMOST: Final = 1e-3  # of a unit: the rounding errors of a few multiplications
DOUBT: Final = 1e-6  # of a full score: those, and the rounding of a score

KNOWN: Final = 1
HAD: Final = 2

CHUNK: Final = 16  # openings looked at together
NEVER: Final = 0xFFFFFFFF
DEGREE: Final = math.pi / 180
COSTS: Final = 6.0  # what working out one pair costs, in additions along the openings


class ScoreTerms(NamedTuple):
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
    musts: Counts
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

    `value` and `told` are, by code, what the card at hand is worth and whether it settles that (KNOWN) and passes for
    a must (HAD); `touched` are the codes it tells about, and `worded[0]` says that some are only words.
    """

    value: Numbers
    told: Marks
    met: Flags
    touched: Places
    worded: Flags
    added: Counts
    bound: Counts
    floor: Counts
    mask: Counts
    allowed: Places
    peak: Shares
    hit: Flags
    highest: Shares
    room: Numbers
    lost: Flags


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
        np.zeros(codes, np.uint8),
        np.zeros(codes, np.bool_),
        np.zeros(codes, np.int32),
        np.zeros(1, np.bool_),
        np.zeros(openings, np.uint32),
        np.zeros(openings, np.uint32),
        floor,
        mask,
        np.zeros(real + 1, np.int32),
        np.zeros(openings // CHUNK, np.float32),
        np.zeros(openings // CHUNK, np.bool_),
        np.zeros(top, np.float32),
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
def _value(tasks: Tasks, task: int, workspace: Workspace) -> float:
    """What the card is worth for a task, 0-1."""
    value = workspace.value[tasks.code[task]]
    if workspace.worded[0] and tasks.words[task] >= 0:
        return float(max(value, workspace.value[tasks.words[task]]))
    return float(value)


@inlined
def _told(tasks: Tasks, task: int, workspace: Workspace) -> int:
    """KNOWN if the card says she has the task or lacks it, HAD if it passes for a must at whatever level."""
    told = workspace.told[tasks.code[task]]
    if workspace.worded[0] and tasks.words[task] >= 0:
        return int(told | workspace.told[tasks.words[task]])
    return int(told)


@inlined
def _percentage(worth: float, missing: int, total: float, gate: float) -> int:
    """In ten-thousandths; the gate is applied as often as a must is missing, as `matching` does."""
    gates = 1.0
    for _ in range(missing):
        gates *= gate
    return rounded(100 * gates * worth / total, 10000.0)


@inlined
def _scores(tasks: Tasks, opening: int, workspace: Workspace, terms: ScoreTerms) -> int:
    """Sure and possible in ten-thousandths, sure in the higher bits."""
    if len(tasks.near_to) > 0 and tasks.near_starts[opening] < tasks.near_starts[opening + 1]:
        return _scores_with_what_follows(tasks, opening, workspace, terms)
    worth, could, missing, lost = 0.0, 0.0, 0, 0
    for task in range(tasks.starts[opening], tasks.starts[opening + 1]):
        value, told = _value(tasks, task, workspace), _told(tasks, task, workspace)
        absent = tasks.must[task] & (told & HAD == 0)
        worth += tasks.weight[task] * value
        could += tasks.weight[task] * (value if told & KNOWN else 1.0)
        missing += absent
        lost += absent & (told & KNOWN != 0)
    total = tasks.total[opening]
    sure = _percentage(worth, missing, total, terms.gate)
    return (sure << SCORE_BITS) | _percentage(could, lost, total, terms.gate)


@inlined
def _scores_with_what_follows(tasks: Tasks, opening: int, workspace: Workspace, terms: ScoreTerms) -> int:
    """The same where an answer to one task also tells something about another."""
    first, last, best, lost = tasks.starts[opening], tasks.starts[opening + 1], workspace.room, workspace.lost
    worth, missing = 0.0, 0
    for task in range(first, last):
        value, told = _value(tasks, task, workspace), _told(tasks, task, workspace)
        absent = tasks.must[task] & (told & HAD == 0)
        worth += tasks.weight[task] * value
        missing += absent
        best[task - first] = value if told & KNOWN else 1.0
        lost[task - first] = absent & (told & KNOWN != 0)
    for near in range(tasks.near_starts[opening], tasks.near_starts[opening + 1]):
        if not _told(tasks, first + tasks.near_from[near], workspace) & KNOWN:
            other, likeness = tasks.near_to[near], tasks.near_likeness[near]
            best[other] = max(best[other], likeness)
            lost[other] &= likeness < terms.held_at
    could = 0.0
    for task in range(first, last):
        could += tasks.weight[task] * best[task - first]
    total = tasks.total[opening]
    sure = _percentage(worth, missing, total, terms.gate)
    return (sure << SCORE_BITS) | _percentage(could, lost[: last - first].sum(), total, terms.gate)


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
            if likeness == 1.0:
                workspace.told[code] |= KNOWN
            if level > 0 and presence >= terms.held_at:
                workspace.told[code] |= HAD
    return touched


@inlined
def _forget(touched: int, workspace: Workspace) -> None:
    for at in range(touched):
        code = workspace.touched[at]
        workspace.met[code], workspace.value[code], workspace.told[code] = False, 0.0, 0


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
def _add_up(touched: int, postings: Postings, workspace: Workspace) -> None:
    """Add the card's worth along the openings that ask for it, each term rounded up."""
    for at in range(touched):
        code = workspace.touched[at]
        worth = np.uint32(math.ceil(workspace.value[code] * (1 << VALUE_BITS)))
        held = np.uint32(HELD if workspace.told[code] & HAD else 0)
        for place in range(postings.starts[code], postings.must_ends[code]):
            workspace.added[postings.opening[place]] += postings.weight[place] * worth + held
        for place in range(postings.must_ends[code], postings.starts[code + 1]):
            workspace.added[postings.opening[place]] += postings.weight[place] * worth


@inlined
def _bound(musts: Counts, halvings: int, workspace: Workspace) -> None:
    """Turn the sums into bounds and empty them."""
    for opening in range(len(musts)):
        added = workspace.added[opening]
        missing = musts[opening] - min(musts[opening], np.uint32(added >> np.uint32(HELD_BIT)))
        shift = min(missing * np.uint32(halvings) >> np.uint32(SIXTEENTHS), np.uint32(MOST_HALVINGS))
        workspace.bound[opening] = (added & np.uint32(WORTH)) >> shift & workspace.mask[opening]
        workspace.added[opening] = 0


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
def _look(table: MarketTable, card: int, workspace: Workspace, lists: Lists) -> None:
    """Work out the pairs whose bound reaches either side's list."""
    block = table.block
    need = _first_need(lists.openings[card], 1.0 if workspace.worded[0] else block.slack, workspace)
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
    _add_up(touched, table.block.postings, workspace)
    _bound(table.block.musts, table.terms.halvings, workspace)
    _survey(table.block.share, workspace)
    _look(table, card, workspace, lists)
    _fill_up(table.block, table.terms, workspace, lists.openings[card])


@inlined
def _quick_bound(block: TradeBlock, opening: int, workspace: Workspace, gate: float) -> int:
    """As `_bound`, for one opening."""
    tasks, worth, missing = block.tasks, 0.0, 0
    for task in range(tasks.starts[opening], tasks.starts[opening + 1]):
        worth += tasks.weight[task] * _value(tasks, task, workspace)
        missing += tasks.must[task] & (_told(tasks, task, workspace) & HAD == 0)
    for _ in range(missing):
        worth *= gate
    return int(worth * block.unit + ALMOST)


@inlined
def _look_at_each(table: MarketTable, card: int, allowed: int, workspace: Workspace, lists: Lists) -> None:
    """Work out a few openings one by one, with a bound first: most need no more."""
    best, block = lists.openings[card], table.block
    for at in range(allowed):
        opening = workspace.allowed[at]
        bound = _quick_bound(block, opening, workspace, table.terms.gate)
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
        had = tasks.must[task] and statements_by_source.level[place] > 0 and presence >= terms.held_at
        worth = math.ceil(share * presence * terms.fit[statements_by_source.level[place], asked])
        search.added[statements_by_source.card[place]] += (np.int64(had) << WIDE_HELD_BIT) + np.int64(worth)


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
            shift = min(missing * table.terms.halvings >> SIXTEENTHS, MOST_HALVINGS)
            added[card] = (added[card] & ((1 << WIDE_HELD_BIT) - 1)) >> shift
            if added[card] >= need and _may(table, card, search):
                _insert(best, _rank(_alone(table, card, opening, workspace), card))
                need = max(1, _floor(best, WIDE_ONE))
    for card in search.members:
        if not _has_room(best, card):
            break
        if added[card] == 0 and _may(table, card, search):
            _insert(best, _rank(_alone(table, card, opening, workspace), card))
