"""The inner loops of the lexicon: one text against thousands of wordings in a few tenths of a millisecond.

Pure, and only the lexicon's. Texts are rows of symbols (`Symbols`), grams are three symbols within a word, where the
space before and after the word counts as one ("mad": " ma", "mad", "ad "). What a wording is worth beside a text is
worked out text by text and always in the same order, so that a text means the same alone and among thousands. The
ratios are RapidFuzz's own, to the last digit: comparing one text with 7,000 wordings through Python costs 4 ms, here
most are ruled out by the letters they have in common. Compiled by numba: docs/adr/009-compiled-loops.md.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from portal.batch.compiled import compiled, compiled_in_place, inlined

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

BY_GRAMS: Final = (
    24  # concepts looked at closely because they share letters in threes: finds long phrases ...
)
BY_RATIO: Final = (
    6  # ... because few edits lead there: finds short words, where one typo spoils every three ...
)
BY_PARTS: Final = 6  # ... and because words that stand for the text's words do: finds synonyms
WHOLE_CONCEPT: Final = 0.5  # what all wordings of a concept together count beside its best one
WORTH_A_LOOK: Final = 0.5  # ratio; a concept below it that shares no three letters is left out
WITHIN: Final = 0.95  # what a word found inside a longer one counts beside the same word

NOT_KNOWN: Final = np.int64(-1)
LONGEST: Final = 128  # letters of a text that are compared: two machine words of bits
BUCKETS: Final = 40  # letters are counted in so many heaps to bound what two texts have in common
MOST_CHOSEN: Final = 2 * (BY_GRAMS + BY_RATIO + BY_PARTS)

_SHARE: Final = np.float32(WHOLE_CONCEPT)
_SLACK: Final = np.float32(1e-4)
_ONE: Final = np.uint64(1)


class Symbols(NamedTuple):
    """Many texts as one row of symbols: text i is `codes[starts[i]:starts[i + 1]]`."""

    codes: npt.NDArray[np.int32]
    starts: Numbers

    @classmethod
    def of(cls, texts: Sequence[str], alphabet: npt.NDArray[np.uint32]) -> "Symbols":
        """By their place in the alphabet (0 is the space), one more for letters that it lacks."""
        letters = _letters("".join(texts))
        at = np.searchsorted(alphabet, letters)
        known = alphabet[np.minimum(at, len(alphabet) - 1)] == letters
        codes = np.where(known, at, len(alphabet)).astype(np.int32)
        return cls(codes, np.cumsum([0, *map(len, texts)], dtype=np.int64))


def alphabet_of(texts: Sequence[str]) -> npt.NDArray[np.uint32]:
    """All letters of the texts in order; the space, which comes first, always."""
    return np.unique(_letters(" " + "".join(texts)))


def _letters(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


class GramWeights(NamedTuple):
    """The weight of every gram in every document, by gram: gram g stands in `rows[starts[g]:starts[g + 1]]`.

    `weights` stands beside `rows`; a document's weights have length 1, so that likeness is a cosine.
    """

    starts: Numbers
    rows: npt.NDArray[np.int32]
    weights: Floats
    rarity: npt.NDArray[np.float64]
    unseen: float

    @classmethod
    def of(cls, grams: Numbers, documents: Numbers, size: int, kinds: int) -> "GramWeights":
        """From every gram written (0 to `kinds`) and the document (0 to `size`) it stands in."""
        keys, times = np.unique(grams * max(1, size) + documents, return_counts=True)
        grams, rows = np.divmod(keys, max(1, size))
        seen = np.bincount(grams, minlength=kinds)
        rarity = 1 + np.log((1 + size) / (1 + seen))
        raw = times * rarity[grams]
        length = np.sqrt(np.bincount(rows, raw * raw, minlength=size))
        return cls(
            np.concatenate([[0], np.cumsum(seen)]),
            rows.astype(np.int32),
            (raw / length[rows]).astype(np.float32),
            rarity,
            float(1 + np.log(1 + size)),
        )


class NumberLists(NamedTuple):
    """NumberLists of numbers one after another: list i is `items[starts[i]:starts[i + 1]]`."""

    starts: Numbers
    items: Numbers

    @classmethod
    def of(cls, lists: Sequence[Sequence[int]]) -> "NumberLists":
        items = [item for one in lists for item in one]
        return cls(np.cumsum([0, *map(len, lists)], dtype=np.int64), np.array(items, np.int64))


class Spelling(NamedTuple):
    """The wordings as they are compared letter by letter."""

    folded: Symbols
    joined: Symbols
    stems: Symbols
    words: Symbols
    """The words that carry meaning; those of wording i are `words_of[i]` to `words_of[i + 1]`."""
    words_of: Numbers
    joined_heaps: npt.NDArray[np.uint8]
    stems_heaps: npt.NDArray[np.uint8]
    letters: int


class Kinship(NamedTuple):
    """Parts of compounds by number: which concepts have them, which stand for which, and each wording's own."""

    owners: NumberLists
    stands_for: NumberLists
    shares: npt.NDArray[np.float64]
    """Beside the items of `stands_for`: how far (0-1)."""
    rarity: npt.NDArray[np.float64]
    row_parts: NumberLists
    row_heads: Numbers


class Tables(NamedTuple):
    """All that is known of a vocabulary; concept c has the wordings `starts[c]` to `starts[c + 1]`."""

    starts: Numbers
    grams: Numbers
    """The grams that occur, by code, in order; a gram's number is its place here."""
    by_label: GramWeights
    by_concept: GramWeights
    row_grams: NumberLists
    concept_grams: NumberLists
    spelling: Spelling
    kinship: Kinship


class AskedTexts(NamedTuple):
    """Texts to compare, in the shapes of `Spelling`, with the numbers of their parts."""

    folded: Symbols
    joined: Symbols
    stems: Symbols
    words: Symbols
    words_of: Numbers
    grams: NumberLists
    """The different grams of each text by number, `NOT_KNOWN` where no wording has them; how often stands beside."""
    times: Numbers
    parts: NumberLists
    """Those that the vocabulary knows, each once."""
    heads: Numbers
    """The number of the part that says what kind of thing the text is, or -1."""
    weights: npt.NDArray[np.float64]
    """What all parts of the text weigh together, also those the vocabulary lacks."""


class Trees(NamedTuple):
    """Nodes of trees: from a node to `at_most` or `above`, by whether its feature is at most the threshold."""

    roots: Numbers
    feature: Numbers
    threshold: Floats
    at_most: Numbers
    above: Numbers
    value: Floats


class FoundGuesses(NamedTuple):
    """What is looked at closely: guess i is of concept `places[i]` by its wording `rows[i]`; text t has the guesses
    `starts[t]` to `starts[t + 1]`, in ascending order of the concepts. `figures` are named by `FIGURES`.
    """

    starts: Numbers
    places: Numbers
    rows: Numbers
    figures: Floats


FIGURES: Final = (
    "ratio", "ratio without spaces", "ratio of stems", "grams", "grams of the concept", "worst word of the text",
    "worst word of the label", "share of the text's grams", "share of the label's grams", "blend", "margin of blend",
    "margin of ratio", "margin of grams", "share in the concept", "grams of its three best",
    "margin of share in the concept", "parts", "parts stood for", "label's parts stood for", "head stood for",
    "margin of blend with parts",
)  # fmt: skip


class TextDesk(NamedTuple):
    """What is worked out about one text at a time, in the same arrays for one text after another."""

    grams: Floats
    """Of each wording: likeness by grams, and its best ratio."""
    ratios: Floats
    joined_letters: npt.NDArray[np.uint8]
    """Letters shared with the text, whatever their order."""
    stems_letters: npt.NDArray[np.uint8]
    whole: Floats
    """Of each concept: likeness by grams as a whole, and of its best wording; blends; parts; the best ratio."""
    best: Floats
    blend: Floats
    with_parts: Floats
    as_such: Floats
    stood_for: Floats
    of_part: Floats
    ratio: Floats
    both: Floats
    """Of the chosen: blend and ratio together, and the share of the text's grams that the concept has."""
    owned: Floats
    rated: npt.NDArray[np.bool_]
    """Whether the ratios of all its wordings are known."""
    chosen: npt.NDArray[np.bool_]
    shares: npt.NDArray[np.float64]
    """Of each part of the vocabulary: what it is worth to the text, and to its head."""
    heads: npt.NDArray[np.float64]
    has: npt.NDArray[np.bool_]
    """Of each gram: whether the text has it."""
    marks: npt.NDArray[np.uint64]
    """Of each shape of the text: two words of bits for each letter, where it stands."""
    low: npt.NDArray[np.uint64]
    """The same for one word."""
    high: npt.NDArray[np.uint64]
    mass: npt.NDArray[np.float64]
    """Of all grams of the text."""
    lengths: Numbers
    """The letters of each shape."""
    joined_heaps: npt.NDArray[np.uint8]
    stems_heaps: npt.NDArray[np.uint8]
    kept: Floats
    """The largest of some values, in order."""
    of_words: Floats
    """How well each word of the text, and of a wording, is found."""

    @classmethod
    def of(cls, tables: Tables) -> "TextDesk":
        """Everything is zero."""
        wordings, concepts = int(tables.starts[-1]), len(tables.starts) - 1
        letters = tables.spelling.letters + 1
        parts = tables.kinship.rarity.shape
        kinds: list[tuple[type[np.generic], tuple[int, ...]]] = [
            *[(np.float32, (wordings,))] * 2, *[(np.uint8, (wordings,))] * 2, *[(np.float32, (concepts,))] * 10,
            *[(np.bool_, (concepts,))] * 2, *[(np.float64, parts)] * 2, (np.bool_, tables.grams.shape),
            (np.uint64, (6, letters)), *[(np.uint64, (letters,))] * 2, (np.float64, (1,)), (np.int64, (3,)),
            *[(np.uint8, (BUCKETS, 1))] * 2, (np.float32, (BY_GRAMS,)), (np.float32, (2, LONGEST)),
        ]  # fmt: skip
        return cls(*(np.zeros(shape, kind) for kind, shape in kinds))


def grams_asked(texts: Symbols, letters: int, known: Numbers) -> tuple[NumberLists, Numbers]:
    """The different grams of each text by their place among the known ones, and how often each occurs."""
    codes, owners = all_grams(*texts, letters)
    width = (letters + 2) ** 3
    different, times = np.unique(owners * width + codes, return_counts=True)
    owners, codes = np.divmod(different, width)
    places = np.searchsorted(known, codes)
    found = known[np.minimum(places, len(known) - 1)] == codes
    counts = np.bincount(owners, minlength=len(texts.starts) - 1)
    starts = np.concatenate([[0], np.cumsum(counts)])
    return NumberLists(starts, np.where(found, places, NOT_KNOWN)), times


def look(asked: AskedTexts, tables: Tables) -> FoundGuesses:
    """For each text the concepts that may be meant, and what is known of each but for RapidFuzz's other scorers."""
    texts = len(asked.heads)
    counts = np.zeros(texts, np.int64)
    places = np.zeros((texts, MOST_CHOSEN), np.int64)
    rows = np.zeros((texts, MOST_CHOSEN), np.int64)
    figures = np.zeros((texts, MOST_CHOSEN, len(FIGURES)), np.float32)
    look_at_all(asked, tables, TextDesk.of(tables), (counts, places, rows, figures))
    there = np.arange(MOST_CHOSEN) < counts[:, None]
    return FoundGuesses(np.concatenate([[0], np.cumsum(counts)]), places[there], rows[there], figures[there])


# What follows is compiled. Symbols are int32, likenesses float32, masses float64.


@compiled
def grams_of(codes, start, end, letters):  # type: ignore[no-untyped-def] # pragma: no cover - compiled
    """The code of every gram of one text, in the order they are written."""
    found = np.empty(max(0, end - start), np.int64)
    count = 0
    width = letters + 2
    before = 0
    for at in range(start, end):
        after = codes[at + 1] if at + 1 < end else 0
        if codes[at]:
            found[count] = (np.int64(before) * width + codes[at]) * width + after
            count += 1
        before = codes[at]
    return found[:count]


@compiled
def all_grams(codes, starts, letters):  # type: ignore[no-untyped-def] # pragma: no cover - compiled
    """The codes of the grams of all texts, and the text each stands in."""
    found = np.empty(len(codes), np.int64)
    owner = np.empty(len(codes), np.int64)
    count = 0
    for text in range(len(starts) - 1):
        for gram in grams_of(codes, starts[text], starts[text + 1], letters):
            found[count] = gram
            owner[count] = text
            count += 1
    return found[:count], owner[:count]


@compiled_in_place
def heaps_of(codes: Any, starts: Any, heaps: Any) -> Any:  # pragma: no cover - compiled
    """Count each text's letters in heaps: a row for each heap, a column for each text."""
    for text in range(len(starts) - 1):
        for at in range(starts[text], starts[text + 1]):
            heap = codes[at] % BUCKETS
            if heaps[heap, text] < 255:
                heaps[heap, text] += 1


@compiled_in_place
def _shared_letters(own: Any, heaps: Any, common: Any) -> Any:  # pragma: no cover - compiled
    """How many letters a text of at most `LONGEST` shares with every wording, whatever their order."""
    common[:] = 0
    for heap in range(BUCKETS):
        most = own[heap, 0]
        if most:
            others = heaps[heap]
            for row in range(len(common)):
                common[row] += min(most, others[row])


@inlined
def _mark(codes: Any, start: Any, end: Any, low: Any, high: Any) -> Any:  # pragma: no cover - compiled
    """Set the bit of each place where a letter stands; at most `LONGEST` places."""
    for at in range(start, min(end, start + LONGEST)):
        place = at - start
        if place < 64:
            low[codes[at]] |= _ONE << np.uint64(place)
        else:
            high[codes[at]] |= _ONE << np.uint64(place - 64)


@inlined
def _unmark(codes: Any, start: Any, end: Any, low: Any, high: Any) -> Any:  # pragma: no cover - compiled
    for at in range(start, end):
        low[codes[at]] = 0
        high[codes[at]] = 0


@inlined
def _ones(bits: Any) -> Any:  # pragma: no cover - compiled
    """How many bits are set."""
    bits = bits - ((bits >> np.uint64(1)) & np.uint64(0x5555555555555555))
    bits = (bits & np.uint64(0x3333333333333333)) + ((bits >> np.uint64(2)) & np.uint64(0x3333333333333333))
    bits = (bits + (bits >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((bits * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled_in_place
def _common(
    low: Any, high: Any, long: Any, codes: Any, start: Any, end: Any
) -> Any:  # pragma: no cover - compiled
    """The length of the longest common subsequence of the marked text and another (Hyyrö 2004)."""
    one = ~np.uint64(0)
    two = ~np.uint64(0)
    if not long:
        for at in range(start, end):
            same = one & low[codes[at]]
            one = (one + same) | (one - same)
        return _ones(~one)
    for at in range(start, end):
        same = one & low[codes[at]]
        added = one + same
        carried = _ONE if added < one else np.uint64(0)
        one = added | (one - same)
        same = two & high[codes[at]]
        two = (two + same + carried) | (two - same)
    return _ones(~one) + _ones(~two)


@inlined
def _ratio(common: Any, one: Any, other: Any) -> Any:  # pragma: no cover - compiled
    """RapidFuzz's fuzz.ratio, 0-1: twice what is common over all letters."""
    return np.float32(2 * common / (one + other)) if one + other else np.float32(1)


@inlined
def _ratio_with(
    low: Any, high: Any, length: Any, codes: Any, start: Any, end: Any
) -> Any:  # pragma: no cover - compiled
    return _ratio(_common(low, high, length > 64, codes, start, end), length, end - start)


@compiled_in_place
def _within(
    low: Any, high: Any, length: Any, codes: Any, start: Any, end: Any
) -> Any:  # pragma: no cover - compiled
    """RapidFuzz's fuzz.partial_ratio, 0-1, of a marked word in a text that is no shorter, seen from the word."""
    long = length > 64
    best = np.float32(0)
    for at in range(start + 1, start + length):  # the beginnings
        if low[codes[at - 1]] | high[codes[at - 1]]:
            best = max(best, _ratio(_common(low, high, long, codes, start, at), length, at - start))
    for at in range(start + length, end + 1):  # all that is as long as the word
        if low[codes[at - 1]] | high[codes[at - 1]]:
            best = max(best, _ratio(_common(low, high, long, codes, at - length, at), length, length))
    for at in range(end - length + 1, end):  # the ends
        if low[codes[at]] | high[codes[at]]:
            best = max(best, _ratio(_common(low, high, long, codes, at, end), length, end - at))
    return best


@inlined
def _word_within(
    words: Any, word: Any, texts: Any, text: Any, desk: Any
) -> Any:  # pragma: no cover - compiled
    """How well a word is found in a text without spaces; 0 where the text is the shorter."""
    start, end = words.starts[word], words.starts[word + 1]
    begin, finish = texts.starts[text], texts.starts[text + 1]
    length = end - start
    if length > finish - begin or length > LONGEST:
        return np.float32(0)
    _mark(words.codes, start, end, desk.low, desk.high)
    best = _within(desk.low, desk.high, length, texts.codes, begin, finish)
    _unmark(words.codes, start, end, desk.low, desk.high)
    if length == finish - begin:
        _mark(texts.codes, begin, finish, desk.low, desk.high)
        best = max(best, _within(desk.low, desk.high, length, words.codes, start, end))
        _unmark(texts.codes, begin, finish, desk.low, desk.high)
    return best


@inlined
def _put(kept: Any, value: Any) -> Any:  # pragma: no cover - compiled
    """Keep the largest values, in order."""
    if value > kept[-1]:
        at = len(kept) - 1
        while at > 0 and value > kept[at - 1]:
            kept[at] = kept[at - 1]
            at -= 1
        kept[at] = value


@inlined
def _fill(kept: Any, values: Any) -> Any:  # pragma: no cover - compiled
    """Keep the largest of the values, as many as fit, in order."""
    kept[:] = -np.inf
    for at in range(len(values)):
        _put(kept, values[at])


@inlined
def _choose(values: Any, kept: Any, chosen: Any) -> Any:  # pragma: no cover - compiled
    """Mark the largest values, as many as `kept` has room for; those equal to the last one are all in, so that no
    order decides, but for too many.
    """
    _fill(kept, values)
    least, above, equal = kept[-1], 0, 0
    for at in range(len(values)):
        above += values[at] > least
        equal += values[at] == least
    left = equal if above + equal <= 2 * len(kept) else len(kept) - above
    for at in range(len(values)):
        if values[at] > least:
            chosen[at] = True
        elif values[at] == least and left > 0:
            chosen[at] = True
            left -= 1


@inlined
def _read(asked: Any, text: Any, tables: Any, desk: Any) -> Any:  # pragma: no cover - compiled
    """Mark where the letters of the text stand, and count what it shares with every wording."""
    for shape in range(3):
        symbols = (asked.folded, asked.joined, asked.stems)[shape]
        start, end = symbols.starts[text], symbols.starts[text + 1]
        desk.lengths[shape] = end - start
        _mark(symbols.codes, start, end, desk.marks[2 * shape], desk.marks[2 * shape + 1])
    desk.joined_heaps[:] = 0
    desk.stems_heaps[:] = 0
    heaps_of(asked.joined.codes, asked.joined.starts[text : text + 2], desk.joined_heaps)
    heaps_of(asked.stems.codes, asked.stems.starts[text : text + 2], desk.stems_heaps)
    _shared_letters(desk.joined_heaps, tables.spelling.joined_heaps, desk.joined_letters)
    _shared_letters(desk.stems_heaps, tables.spelling.stems_heaps, desk.stems_letters)


@inlined
def _leave(asked: Any, text: Any, numbers: Any, desk: Any) -> Any:  # pragma: no cover - compiled
    """Undo what `_read` and `_weigh` marked."""
    for shape in range(3):
        symbols = (asked.folded, asked.joined, asked.stems)[shape]
        start, end = symbols.starts[text], symbols.starts[text + 1]
        _unmark(symbols.codes, start, end, desk.marks[2 * shape], desk.marks[2 * shape + 1])
    for at in range(len(numbers)):
        if numbers[at] >= 0:
            desk.has[numbers[at]] = False


@inlined
def _weigh(numbers: Any, times: Any, tables: Any, desk: Any) -> Any:  # pragma: no cover - compiled
    """Add up the likeness of the text's grams with every wording and every concept; the mass of its grams."""
    by_label, by_concept = tables.by_label, tables.by_concept
    label_square = concept_square = mass = 0.0
    for at in range(len(numbers)):
        number = numbers[at]
        rarity = by_label.rarity[number] if number >= 0 else by_label.unseen
        label_square += (times[at] * rarity) ** 2
        mass += rarity
        rarity = by_concept.rarity[number] if number >= 0 else by_concept.unseen
        concept_square += (times[at] * rarity) ** 2
    desk.mass[0] = mass
    desk.grams[:] = 0
    desk.whole[:] = 0
    for at in range(len(numbers)):
        number = numbers[at]
        if number >= 0:
            desk.has[number] = True
            _add(by_label, number, times[at] / np.sqrt(label_square), desk.grams)
            _add(by_concept, number, times[at] / np.sqrt(concept_square), desk.whole)


@compiled_in_place
def _add(table: Any, gram: Any, times: Any, total: Any) -> Any:  # pragma: no cover - compiled
    weight = np.float32(times * table.rarity[gram])
    for place in range(table.starts[gram], table.starts[gram + 1]):
        total[table.rows[place]] += weight * table.weights[place]


@inlined
def _have_parts(parts: Any, whole: Any, kinship: Any, desk: Any) -> Any:  # pragma: no cover - compiled
    """The share (0-1, by rarity) of the text's parts every concept has: as such, and stood for."""
    desk.as_such[:] = 0
    desk.stood_for[:] = 0
    for at in range(len(parts)):
        part = parts[at]
        weight = np.float32(kinship.rarity[part] / whole)
        for place in range(kinship.owners.starts[part], kinship.owners.starts[part + 1]):
            desk.as_such[kinship.owners.items[place]] += weight
        desk.of_part[:] = 0
        for stands in range(kinship.stands_for.starts[part], kinship.stands_for.starts[part + 1]):
            other, share = kinship.stands_for.items[stands], np.float32(kinship.shares[stands])
            for place in range(kinship.owners.starts[other], kinship.owners.starts[other + 1]):
                concept = kinship.owners.items[place]
                desk.of_part[concept] = max(desk.of_part[concept], share)
        for concept in range(len(desk.of_part)):
            desk.stood_for[concept] += weight * desk.of_part[concept]


@inlined
def _stand_for(parts: Any, head: Any, kinship: Any, desk: Any) -> Any:  # pragma: no cover - compiled
    """What each part of the vocabulary is worth to the text (0-1), and to its head."""
    desk.shares[:] = 0
    desk.heads[:] = 0
    for at in range(len(parts)):
        part = parts[at]
        for stands in range(kinship.stands_for.starts[part], kinship.stands_for.starts[part + 1]):
            other = kinship.stands_for.items[stands]
            desk.shares[other] = max(desk.shares[other], kinship.shares[stands])
    if head >= 0:
        for stands in range(kinship.stands_for.starts[head], kinship.stands_for.starts[head + 1]):
            desk.heads[kinship.stands_for.items[stands]] = kinship.shares[stands]


@inlined
def _rated(spelling: Any, row: Any, desk: Any) -> Any:  # pragma: no cover - compiled
    """The ratios of the text with one wording: as written, without spaces, of the stems."""
    return (
        _rated_as(0, desk.marks, desk.lengths, spelling.folded, row),
        _rated_as(1, desk.marks, desk.lengths, spelling.joined, row),
        _rated_as(2, desk.marks, desk.lengths, spelling.stems, row),
    )


@inlined
def _rated_as(
    shape: Any, marks: Any, lengths: Any, symbols: Any, row: Any
) -> Any:  # pragma: no cover - compiled
    return _ratio_with(
        marks[2 * shape], marks[2 * shape + 1], lengths[shape],
        symbols.codes, symbols.starts[row], symbols.starts[row + 1],
    )  # fmt: skip


@inlined
def _rate(concept: Any, tables: Any, desk: Any) -> Any:  # pragma: no cover - compiled
    """Find the ratios of all wordings of a concept."""
    desk.rated[concept] = True
    desk.ratio[concept] = 0
    for row in range(tables.starts[concept], tables.starts[concept + 1]):
        one, two, three = _rated(tables.spelling, row, desk)
        desk.ratios[row] = max(one, two, three)
        desk.ratio[concept] = max(desk.ratio[concept], desk.ratios[row])


@inlined
def _bounds(spelling: Any, row: Any, desk: Any) -> Any:  # pragma: no cover - compiled
    """More than this the three ratios cannot be: all letters they share stood in the same order."""
    folded = spelling.folded.starts[row + 1] - spelling.folded.starts[row]
    joined = spelling.joined.starts[row + 1] - spelling.joined.starts[row]
    stems = spelling.stems.starts[row + 1] - spelling.stems.starts[row]
    letters, of_stems = np.int64(desk.joined_letters[row]), np.int64(desk.stems_letters[row])
    spaces = min(desk.lengths[0] - desk.lengths[1], folded - joined)
    return (
        _ratio(letters + spaces, desk.lengths[0], folded),
        _ratio(letters, desk.lengths[1], joined),
        _ratio(of_stems, desk.lengths[2], stems),
    )


@inlined
def _rate_some(concept: Any, least: Any, tables: Any, desk: Any) -> Any:  # pragma: no cover - compiled
    """The best ratio of a concept's wordings, or something below `least` where none reaches that."""
    spelling = tables.spelling
    best = np.float32(0)
    for row in range(tables.starts[concept], tables.starts[concept + 1]):
        folded, joined, stems = _bounds(spelling, row, desk)
        if folded >= least:
            best = max(best, _rated_as(0, desk.marks, desk.lengths, spelling.folded, row))
        if joined >= least:
            best = max(best, _rated_as(1, desk.marks, desk.lengths, spelling.joined, row))
        if stems >= least:
            best = max(best, _rated_as(2, desk.marks, desk.lengths, spelling.stems, row))
    return best


@inlined
def _blend(tables: Any, desk: Any) -> Any:  # pragma: no cover - compiled
    """What grams and parts say of every concept."""
    for concept in range(len(desk.best)):
        best = np.float32(0)
        for row in range(tables.starts[concept], tables.starts[concept + 1]):
            best = max(best, desk.grams[row])
        desk.best[concept] = best
        desk.blend[concept] = best + _SHARE * desk.whole[concept]
        desk.with_parts[concept] = desk.blend[concept] + desk.stood_for[concept]


@inlined
def _shortlist(tables: Any, desk: Any, places: Any) -> Any:  # pragma: no cover - compiled
    """The concepts to look at closely, in ascending order; how many."""
    desk.chosen[:] = False
    _choose(desk.blend, desk.kept[:BY_GRAMS], desk.chosen)
    _choose(desk.with_parts, desk.kept[:BY_PARTS], desk.chosen)
    desk.ratio[:] = 0
    for concept in range(len(desk.ratio)):
        desk.rated[concept] = desk.chosen[concept]
        if desk.chosen[concept]:
            _rate(concept, tables, desk)
    best = desk.kept[:BY_RATIO]
    _fill(best, desk.ratio)
    for concept in range(len(desk.ratio)):
        if not desk.rated[concept]:
            desk.ratio[concept] = _rate_some(concept, best[-1] - _SLACK, tables, desk)
            _put(best, desk.ratio[concept])
    _choose(desk.ratio, best, desk.chosen)
    count = 0
    for concept in range(len(desk.ratio)):
        if desk.chosen[concept] and (
            desk.best[concept] > 0 or desk.ratio[concept] >= WORTH_A_LOOK or desk.stood_for[concept] > 0
        ):
            places[count] = concept
            count += 1
            if not desk.rated[concept]:
                _rate(concept, tables, desk)
    return count


@inlined
def _worst_words(
    asked: Any, text: Any, spelling: Any, row: Any, desk: Any
) -> Any:  # pragma: no cover - compiled
    """How well the least matched word of the text is found in the wording, and the other way round.

    A word is found as a word or as part of a compound.
    """
    first, begin = asked.words_of[text], spelling.words_of[row]
    own = desk.of_words[0, : min(asked.words_of[text + 1] - first, LONGEST)]
    others = desk.of_words[1, : min(spelling.words_of[row + 1] - begin, LONGEST)]
    own[:] = 0
    others[:] = 0
    for at in range(len(own)):
        start, finish = asked.words.starts[first + at], asked.words.starts[first + at + 1]
        _mark(asked.words.codes, start, finish, desk.low, desk.high)
        for other in range(len(others)):
            found = _ratio_with(
                desk.low, desk.high, finish - start,
                spelling.words.codes, spelling.words.starts[begin + other], spelling.words.starts[begin + other + 1],
            )  # fmt: skip
            own[at] = max(own[at], found)
            others[other] = max(others[other], found)
        _unmark(asked.words.codes, start, finish, desk.low, desk.high)
    return (
        _worst(own, asked.words, first, spelling.joined, row, desk),
        _worst(others, spelling.words, begin, asked.joined, text, desk),
    )


@inlined
def _worst(
    found: Any, words: Any, first: Any, texts: Any, text: Any, desk: Any
) -> Any:  # pragma: no cover - compiled
    """The least of what words are found as, each as a word or within the text without spaces."""
    worst = np.float32(1)
    for at in range(len(found)):
        if found[at] < worst:
            within = np.float32(WITHIN) * _word_within(words, first + at, texts, text, desk)
            worst = min(worst, max(found[at], within))
    return worst


@inlined
def _mass_of(grams: Any, rarity: Any, has: Any) -> Any:  # pragma: no cover - compiled
    """What grams weigh together, and those among them that the text has."""
    whole = common = 0.0
    for at in range(len(grams)):
        gram = grams[at]
        whole += rarity[gram]
        if has[gram]:
            common += rarity[gram]
    return whole, common


@inlined
def _covered(row: Any, kinship: Any, desk: Any) -> Any:  # pragma: no cover - compiled
    """How far (0-1) the text's parts stand for those of the wording."""
    whole = covered = 0.0
    for place in range(kinship.row_parts.starts[row], kinship.row_parts.starts[row + 1]):
        part = kinship.row_parts.items[place]
        whole += kinship.rarity[part]
        covered += kinship.rarity[part] * desk.shares[part]
    return covered / max(whole, 1e-9)


@inlined
def _mean_of_three(values: Any, kept: Any) -> Any:  # pragma: no cover - compiled
    """Of the three largest."""
    best = kept[: min(3, len(values))]
    _fill(best, values)
    total = np.float32(0)
    for at in range(len(best)):
        total += best[len(best) - 1 - at]
    return total / np.float32(len(best))


@inlined
def _describe(
    asked: Any, text: Any, concept: Any, tables: Any, desk: Any, figures: Any
) -> Any:  # pragma: no cover - compiled
    """Fill in the `FIGURES` of one concept but the margins; its nearest wording."""
    mass = desk.mass[0]
    first, last = tables.starts[concept], tables.starts[concept + 1]
    row = first
    for other in range(first + 1, last):
        if desk.ratios[other] + desk.grams[other] > desk.ratios[row] + desk.grams[row]:
            row = other
    rarity, own, all_own = tables.by_label.rarity, tables.row_grams, tables.concept_grams
    whole, common = _mass_of(own.items[own.starts[row] : own.starts[row + 1]], rarity, desk.has)
    _, owned = _mass_of(
        all_own.items[all_own.starts[concept] : all_own.starts[concept + 1]], rarity, desk.has
    )
    head = tables.kinship.row_heads[row]
    figures[0], figures[1], figures[2] = _rated(tables.spelling, row, desk)
    figures[3], figures[4] = desk.grams[row], desk.whole[concept]
    figures[5], figures[6] = _worst_words(asked, text, tables.spelling, row, desk)
    desk.owned[concept] = owned / mass
    desk.both[concept] = desk.blend[concept] + 2 * desk.ratio[concept]
    figures[7], figures[8], figures[13] = common / mass, common / whole, desk.owned[concept]
    figures[9] = desk.both[concept]
    figures[14] = _mean_of_three(desk.grams[first:last], desk.kept)
    figures[16], figures[17] = desk.as_such[concept], desk.stood_for[concept]
    figures[18] = _covered(row, tables.kinship, desk)
    figures[19] = desk.heads[head] if head >= 0 else 0
    return row


@inlined
def _margins(values: Any, places: Any, kept: Any, margins: Any) -> Any:  # pragma: no cover - compiled
    """How far each chosen concept's value is ahead of the best other one (negative: behind)."""
    best = kept[:2]
    best[:] = -np.inf
    for at in range(len(places)):
        _put(best, values[places[at]])
    for at in range(len(places)):
        value = values[places[at]]
        if len(places) == 1:
            margins[at] = value
        else:
            margins[at] = value - (best[1] if value == best[0] else best[0])


@compiled_in_place
def look_at_all(asked: Any, tables: Any, desk: Any, found: Any) -> Any:  # pragma: no cover - compiled
    """See `look`."""
    counts, places, rows, figures = found
    for text in range(len(counts)):
        grams = asked.grams.items[asked.grams.starts[text] : asked.grams.starts[text + 1]]
        times = asked.times[asked.grams.starts[text] : asked.grams.starts[text + 1]]
        parts = asked.parts.items[asked.parts.starts[text] : asked.parts.starts[text + 1]]
        _read(asked, text, tables, desk)
        _weigh(grams, times, tables, desk)
        _have_parts(parts, asked.weights[text], tables.kinship, desk)
        _stand_for(parts, asked.heads[text], tables.kinship, desk)
        _blend(tables, desk)
        count = _shortlist(tables, desk, places[text])
        for at in range(count):
            rows[text, at] = _describe(asked, text, places[text, at], tables, desk, figures[text, at])
        said, here = figures[text, :count], places[text, :count]
        _margins(desk.both, here, desk.kept, said[:, 10])
        _margins(desk.ratio, here, desk.kept, said[:, 11])
        _margins(desk.best, here, desk.kept, said[:, 12])
        _margins(desk.owned, here, desk.kept, said[:, 15])
        _margins(desk.with_parts, here, desk.kept, said[:, 20])
        counts[text] = count
        _leave(asked, text, grams, desk)


@compiled_in_place
def walk(values: Any, trees: Any, sums: Any) -> Any:  # pragma: no cover - compiled
    """Add up, for each row of values, the leaves it ends in; a leaf leads to itself."""
    for row in range(len(values)):
        total = 0.0
        for root in trees.roots:
            node, following = np.int64(-1), root
            while following != node:
                node = following
                small = values[row, trees.feature[node]] <= trees.threshold[node]
                following = trees.at_most[node] if small else trees.above[node]
            total += trees.value[node]
        sums[row] = total
