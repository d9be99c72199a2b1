"""Working times in an employer's own words: "man-tors kl. 8-13", "onsdag 15-17, søndag 9-15", "med 30 min pause". Pure.

What cannot be read is not guessed: a day without clock times is not named, and a pause nobody wrote is None.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import Final, NamedTuple

from portal.base.terms import Weekday

MINUTES: Final = 60
DAY_HOURS: Final = 24
DAYS: Final = tuple(Weekday)
WORKDAYS: Final = frozenset(DAYS[:5])
WEEKEND: Final = frozenset(DAYS[5:])


@dataclass(frozen=True)
class Working:
    """A day's work as it is written, in hours of the clock (13.5 is half past one)."""

    begins: float
    ends: float
    """Before it begins when it goes on past midnight."""
    hours: float
    """At work, without what lies between two spans; a pause that is only said stands beside."""


@dataclass(frozen=True)
class WorkingWeek:
    """What the words tell of a week that repeats itself."""

    days: Mapping[Weekday, Working] = field(default_factory=lambda: MappingProxyType({}))
    """The days that the words name with clock times."""
    any_day: Working | None = None
    """Clock times that stand with no day: they hold for every working day that is not named."""
    pause_minutes: int | None = None
    """The longest pause in one piece; None: nothing is said of pauses."""

    def on(self, day: Weekday) -> Working | None:
        return self.days.get(day, self.any_day)

    def working_days(self, weekdays: Collection[Weekday]) -> frozenset[Weekday]:
        """The days that are ticked and those that the words name."""
        return frozenset(weekdays) | frozenset(self.days)

    def clock(self, weekdays: Collection[Weekday]) -> tuple[float, float] | None:
        """The earliest begin and the latest end, more than 24 past midnight; of all days where none is given."""
        known = [self.on(day) for day in weekdays] if weekdays else [*self.days.values(), self.any_day]
        spans = [(day.begins, _end(day)) for day in known if day]
        return (min(begin for begin, _ in spans), max(end for _, end in spans)) if spans else None

    def rest_hours(self, weekdays: Collection[Weekday]) -> float | None:
        """The shortest rest from the end of a day's work to the next work, also from Sunday to Monday."""
        days = [day for day in DAYS if day in self.working_days(weekdays)]
        if not days:  # nobody said which: two in a row are not ruled out
            return max(0.0, DAY_HOURS + self.any_day.begins - _end(self.any_day)) if self.any_day else None
        worked = [(DAYS.index(day) * DAY_HOURS, work) for day in days if (work := self.on(day))]
        if not worked:
            return None
        again = (worked[0][0] + len(DAYS) * DAY_HOURS, worked[0][1])
        return min(
            max(0.0, later + then.begins - (earlier + _end(work)))
            for (earlier, work), (later, then) in pairwise([*worked, again])
        )

    def free_days(self, weekdays: Collection[Weekday]) -> int | None:
        """Days of the week without work; None: neither ticks nor words name a day."""
        working = self.working_days(weekdays)
        return len(DAYS) - len(working) if working else None

    def free_days_together(self, weekdays: Collection[Weekday]) -> int | None:
        """The longest run of days off in the week that repeats itself, so that Sunday and Monday are together."""
        working = self.working_days(weekdays)
        if not working:
            return None
        at = [place for place, day in enumerate(DAYS) if day in working]
        return max(later - earlier - 1 for earlier, later in pairwise([*at, at[0] + len(DAYS)]))


def _end(day: Working) -> float:
    return day.ends if day.ends > day.begins else day.ends + DAY_HOURS


# --- The words ------------------------------------------------------------------------------------------------

_CLOCK: Final = r"(?:ca\.?\s*)?(?:(?:kl|klokken)\b\.?\s*)?(?:ca\.?\s*)?([01]?\d|2[0-4])(?:[.:]([0-5]\d))?"
_NO_CLOCK_AFTER: Final = (
    r"(?![\d/-]|[.:,]\d|\.?\s*(?:t\b|time[r]?s?\b|timers?\b|dage?\b|gange?\b|uger?\b|personer?\b|medarbejdere?\b|måneder\b|kr\b|kroner\b"
    r"|%|procent|år|kg\b|kilo|km\b|m\b|meter|min\b|minut|vagter?\b|aftener\b|eftermiddage\b|formiddage\b|opgaver\b"
    r"|pladser\b|kunder\b|gæster\b|borgere\b|beboere\b|børn\b|elever\b|stk\b|kasser\b|januar|februar|marts|april|maj\b"
    r"|juni\b|juli\b|august|september|oktober|november|december))"
)
_SPAN: Final = (
    rf"(?<!\d)(?<!\d[.:,/-]){_CLOCK}\s*(?:h\s*)?(?:[-‐-―−]|\btil\b)\s*{_CLOCK}{_NO_CLOCK_AFTER}"
    rf"|\bmellem\s+{_CLOCK}\s+og\s+{_CLOCK}{_NO_CLOCK_AFTER}"
    rf"|\b(?:starter|begynder|møder|mødetid|start)\b[^\d.;\n]{{0,20}}{_CLOCK}[^\d;\n]{{1,25}}"
    rf"\b(?:slutter|fri|færdig|slut|lukker|hjem)\b[^\d;\n]{{0,12}}{_CLOCK}{_NO_CLOCK_AFTER}"
    r"|(?<!\d)(?<!\d[.:,/-])(0\d)([0-5]\d)\s*[-‐-―]\s*([01]\d|2[0-4])([0-5]\d)(?!\d|\s*kr)"
)
_NAMES: Final = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_SHORT: Final = ("man", "tirs", "ons", "tors", "fre", "lør", "søn", "tir", "tor")
_TWO_LETTERS: Final = ("ma", "ti", "on", "to", "fr", "lø", "sø")
_TWO: Final = "|".join(_TWO_LETTERS)
_TOKEN: Final = re.compile(
    r"(?P<two>\b(?:" + _TWO + r")\b\.?\s*[-‐-―]\s*(?:" + _TWO + r")\b)"
    r"|\b(?P<day>mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag)\w*"
    r"|\b(?P<short>man|tirs?|ons|tors?|fre|lør|søn)\b\.?"
    r"|\b(?P<all>alle\s+(?:ugens\s+)?(?:7\s+|syv\s+)?(?:uge)?dage(?:\s+i\s+ugen)?)\b"
    r"|\b(?P<work>(?:hver|skole|arbejds)dag(?:e\w*|s?aften\w*|s\w*)?)\b"
    r"|\b(?P<end>weekend\w*)\b"
    r"|\b(?P<other>skolefri\w*|\w*ferie\w*)\b"
    r"|\b(?P<but>undtagen|undtaget|bortset\s+fra|på\s+nær|ekskl|minus|ikke|ej|aldrig)\b"
    r"|\b(?P<off>fri|lukket|fridag|fridage|holder\s+fri)\b"
    r"|\b(?P<instead>dog|men|bare|kun)\b"
    rf"|(?P<span>{_SPAN})",
    re.IGNORECASE,
)
_ONE_SPAN: Final = re.compile(_SPAN, re.IGNORECASE)
_OR: Final = re.compile(r"\beller\b", re.IGNORECASE)
_NEAR: Final = 16
"""Signs between "ikke" and the day that it takes out."""
_WEEKS: Final = re.compile(
    r"\b(?:uge|uger|ugerne|side|lokale|nr|nummer|alder|alderen|klasse|tlf)\b\.?:?\s*$", re.IGNORECASE
)
_RANGE_GAP: Final = re.compile(
    r"[.s]?\s*(?:[-‐-―−]|t\.?\s?o\.?\s?m\.?|til(?:\s+og\s+med)?)\s*", re.IGNORECASE
)
_JOINING_GAP: Final = re.compile(
    r"(?:[\s,.:;/&+()‐-―-]|\b(?:og|eller|til|samt|med|fra|kl|klokken|om|aften)\b)*", re.IGNORECASE
)
_ANOTHER: Final = re.compile(r"[,;\n/.]|\bog\b|\bsamt\b", re.IGNORECASE)
_COMMA: Final = re.compile(r"[,;\n]")


class _Span(NamedTuple):
    begins: float
    ends: float
    """More than 24 past midnight."""
    is_other: bool = False
    """After an "eller": not on the same day as the one before."""


@dataclass
class _Part:
    """Days and the clock times that stand with them; no days: of any."""

    days: list[Weekday] = field(default_factory=list)
    spans: list[_Span] = field(default_factory=list)
    instead: bool = False


_HOURS: Final = re.compile(
    r"(?<![\d.:])(\d{1,2})(?:[.:](\d{2}))?\s*(?:[-‐-―−]|til|to)\s*(?:kl(?:okken|\.)?\s*)?(\d{1,2})(?:[.:](\d{2}))?(?![\d.:])",
    re.IGNORECASE,
)


def begins_as_it_ends(text: str) -> bool:
    """Whether the words tell of a day that ends at the clock at which it begins: a slip, no night and day."""
    return any(
        (int(first), minutes or "00") == (int(last), and_minutes or "00")
        for first, minutes, last, and_minutes in _HOURS.findall(text)
    )


def working_week(text: str) -> WorkingWeek:
    """The week that the words tell of; empty when they tell of no clock."""
    pauses, rest = _pauses(text)
    days: dict[Weekday, list[_Span]] = {}
    any_day: list[_Span] = []
    for part in _parts(_tokens(rest)):
        if not part.days:
            any_day += part.spans
        for day in part.days:
            _put(days, day, part)
    return WorkingWeek(
        MappingProxyType({day: work for day in DAYS if (work := _working(days.get(day, ())))}),
        _working(any_day),
        max(pauses, default=None),
    )


def _put(days: dict[Weekday, list[_Span]], day: Weekday, part: _Part) -> None:
    """A second line of a day adds to the first, unless it says "dog" or is at the same hours."""
    had = days.get(day, [])
    collide = any(one.begins < two.ends and two.begins < one.ends for one in had for two in part.spans)
    days[day] = list(part.spans) if part.instead or collide else [*had, *part.spans]


def _working(spans: Iterable[_Span]) -> Working | None:
    choices: list[list[_Span]] = []
    for span in spans:
        if span.is_other or not choices:
            choices.append([])
        choices[-1].append(span)
    if not choices:
        return None
    begins = min(span.begins for choice in choices for span in choice)
    reached = max(span.ends for choice in choices for span in choice)
    ends = reached if reached <= DAY_HOURS else min(reached - DAY_HOURS, begins)
    return Working(begins, ends, max(_hours(choice) for choice in choices))


def _hours(spans: Iterable[_Span]) -> float:
    """Together; what two spans share counts once."""
    hours, reached = 0.0, 0.0
    for span in sorted(spans):
        hours += max(0.0, span.ends - max(span.begins, reached))
        reached = max(reached, span.ends)
    return min(hours, float(DAY_HOURS))


# --- From signs to days and clock times -----------------------------------------------------------------------


@dataclass
class _Token:
    kind: str
    """day, span, but, off, instead or other."""
    days: list[Weekday]
    span: _Span | None
    gap: str
    """What stands between it and the token before it."""
    is_doubtful: bool = False
    """The Danish "man" is a word of its own."""
    is_instead: bool = False


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    for hit in _TOKEN.finditer(text):
        if hit["span"] and _WEEKS.search(text, 0, hit.start()):
            continue
        found.append(_token(hit, text[at : hit.start()]))
        at = hit.end()
    return _as_ranges(_without_doubtful(found))


def _token(hit: re.Match[str], gap: str) -> _Token:
    if hit["span"]:
        return _Token("span", [], _span(hit["span"], gap), gap)
    for kind in ("but", "off", "instead", "other"):
        if hit[kind]:
            return _Token(kind, [], None, gap)
    return _Token(
        "day", _days_of(hit), None, gap, is_doubtful=(hit["short"] or "").lower() in ("man", "søn", "tor")
    )


def _days_of(hit: re.Match[str]) -> list[Weekday]:
    if hit["two"]:
        first, last = (_TWO_LETTERS.index(two.lower()) for two in re.findall(_TWO, hit["two"], re.IGNORECASE))
        return _from_to(DAYS[first], DAYS[last])
    if hit["day"]:
        return [DAYS[_NAMES.index(hit["day"].lower())]]
    if hit["short"]:
        return [
            next(day for day, name in zip(DAYS, _NAMES, strict=True) if name.startswith(hit["short"].lower()))
        ]
    groups: tuple[tuple[str, Collection[Weekday]], ...] = (
        ("all", DAYS),
        ("work", WORKDAYS),
        ("end", WEEKEND),
    )
    return next(([day for day in DAYS if day in days] for name, days in groups if hit[name]), [])


def _span(written: str, gap: str) -> _Span:
    """Of the four ways to write it, the one that was used."""
    hit = _ONE_SPAN.fullmatch(written)
    groups = hit.groups() if hit else ()
    first = next(place for place in range(0, len(groups), 4) if groups[place])
    begins, ends = (_hour(groups[at], groups[at + 1]) for at in (first, first + 2))
    return _Span(begins, ends if ends > begins else ends + DAY_HOURS, bool(_OR.search(gap)))


def _hour(hour: str, minute: str | None) -> float:
    return int(hour) + int(minute or 0) / MINUTES


def _without_doubtful(tokens: list[_Token]) -> list[_Token]:
    kept: list[_Token] = []
    lost = ""
    for token, after in zip(tokens, [*tokens[1:], None], strict=False):
        token.gap = lost + token.gap
        lost = ""
        if token.is_doubtful and not (_joins(token, after) or (kept and _joins(kept[-1], token))):
            lost = token.gap + " man "
        else:
            kept.append(token)
    return kept


def _joins(token: _Token, after: _Token | None) -> bool:
    """Whether the next stands just behind, and one of the two is a day beyond doubt, or clock times."""
    return after is not None and token.kind == "day" and bool(_JOINING_GAP.fullmatch(after.gap))


def _as_ranges(tokens: list[_Token]) -> list[_Token]:
    """ "man-tors" is four days; "man-ons-fre" is three."""
    found: list[_Token] = []
    chain: list[_Token] = []
    for token in tokens:
        if chain and token.kind == "day" and _RANGE_GAP.fullmatch(token.gap):
            chain.append(token)
            continue
        found += _joined(chain)
        chain = [token]
    return found + _joined(chain)


def _joined(chain: list[_Token]) -> list[_Token]:
    if len(chain) < 2 or chain[0].kind != "day" or not all(len(token.days) == 1 for token in chain):
        return chain
    days = [token.days[0] for token in chain]
    return [_Token("day", _from_to(*days) if len(days) == 2 else days, None, chain[0].gap)]


def _from_to(first: Weekday, last: Weekday) -> list[Weekday]:
    at, to = DAYS.index(first), DAYS.index(last)
    return [DAYS[place % len(DAYS)] for place in range(at, to + 1 if to >= at else to + len(DAYS) + 1)]


# --- From days and clock times to parts -----------------------------------------------------------------------


def _parts(tokens: list[_Token]) -> list[_Part]:
    runs = _runs(_without_days_off(tokens))
    if not runs:
        return []
    if runs[0][0].kind == "span" and runs[-1][0].kind == "day":
        return [_part(days, spans) for spans, days in zip(runs[::2], runs[1::2], strict=True)]
    return _days_first(runs)


def _without_days_off(tokens: list[_Token]) -> list[_Token]:
    """Without "undtagen onsdag" and "søndag lukket", and without these days in what stands before."""
    kept: list[_Token] = []
    is_off = False
    for token in tokens:
        if token.kind == "day" and is_off and len(token.gap) <= _NEAR:
            _take(token.days, kept)
        elif token.kind == "off" and kept and kept[-1].kind == "day" and len(token.gap) <= _NEAR:
            _take(_last_days(kept), kept)
        else:
            kept.append(token)
        is_off = token.kind in ("but", "off") or (is_off and token.kind == "day" and token not in kept)
    return [
        token for token in kept if token.kind not in ("but", "off") and (token.kind != "day" or token.days)
    ]


def _last_days(tokens: list[_Token]) -> list[Weekday]:
    """The days just before, back to the clock times."""
    days: list[Weekday] = []
    for token in reversed(tokens):
        if token.kind != "day":
            break
        days += token.days
    return days


def _take(days: Collection[Weekday], tokens: list[_Token]) -> None:
    for token in tokens:
        token.days = [day for day in token.days if day not in days]


def _runs(tokens: list[_Token]) -> list[list[_Token]]:
    """Days, clock times, days, clock times, each together; "dog" goes with what follows it."""
    runs: list[list[_Token]] = []
    word = ""
    for token in tokens:
        if token.kind in ("instead", "other"):
            word = token.kind
            continue
        token.is_instead = word == "instead"
        if token.span and word == "other":  # in the holidays, and so not on the same day
            token.span = token.span._replace(is_other=True)
        word = ""
        if runs and runs[-1][0].kind == token.kind:
            runs[-1].append(token)
        else:
            runs.append([token])
    return runs


def _days_first(runs: list[list[_Token]]) -> list[_Part]:
    """Days with the clock times behind them; what stands in front of the first days is theirs, or of any day."""
    parts: list[_Part] = []
    waiting: list[_Token] = []
    for run in runs:
        if run[0].kind == "span":
            parts.append(_part(waiting, run))
            waiting = []
        elif parts and not parts[-1].days and not _ANOTHER.search(run[0].gap):
            cut = _cut(run)
            parts[-1].days, waiting = [day for token in run[:cut] for day in token.days], run[cut:]
        else:
            waiting = run
    if waiting and parts and len(parts[-1].spans) > 1 and not _ANOTHER.search(waiting[0].gap):
        parts.append(_Part([day for token in waiting for day in token.days], [parts[-1].spans.pop()]))
    return parts


def _cut(run: list[_Token]) -> int:
    """Where days that stand between two clock times part: at the last comma, else the last "og"."""
    for mark in (_COMMA, _ANOTHER):
        places = [place for place, token in enumerate(run) if place and mark.search(token.gap)]
        if places:
            return places[-1]
    return 0


def _part(days: list[_Token], spans: list[_Token]) -> _Part:
    return _Part(
        [day for token in days for day in token.days],
        [token.span for token in spans if token.span],
        any(token.is_instead for token in (*days, *spans)),
    )


# --- Pauses and loads -----------------------------------------------------------------------------------------

_AMOUNTS: Final = {
    "½": 0.5, "1/2": 0.5, "halv": 0.5, "halvt": 0.5, "halve": 0.5, "¼": 0.25, "1/4": 0.25, "kvart": 0.25,
    "¾": 0.75, "3/4": 0.75, "en": 1, "et": 1, "én": 1, "ét": 1, "to": 2, "tre": 3, "halvanden": 1.5, "1½": 1.5,
    "fem": 5, "ti": 10, "tyve": 20, "tredive": 30, "femten": 15, "femogtyve": 25, "femogfyrre": 45, "fyrre": 40,
}  # fmt: skip
_AMOUNT: Final = (
    r"(?P<amount>1\s?½|\d/\d|\d+(?:[.,]\d+)?|[½¼¾]|(?:"
    + "|".join(name for name in _AMOUNTS if name.isalpha())
    + r")\b)"
)
_LENGTH: Final = _AMOUNT + r"[\s-]*(?P<unit>min(?:ut(?:ter)?s?)?\b\.?|times?\b|timers?\b|t\b\.?|kvarters?\b)"
_A_PAUSE: Final = r"(?:(?:frokost|spise|middags|mad|kaffe)?-?pause[rn]?|frokost)\b"
_PAUSES: Final = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        _LENGTH + r"[\s(]*(?:(?:til|med|i|som|betalt|ubetalt|selvbetalt|daglig|samlet)\s+)*" + _A_PAUSE,
        _A_PAUSE + r"[\s:=(-]*(?:(?:på|af|er|i|med|ca|mindst)\b\.?\s*)*" + _LENGTH,
    )
)
_NO_PAUSE: Final = re.compile(r"\b(?:uden|ingen)\s+(?:\w+\s+)?" + _A_PAUSE, re.IGNORECASE)
_PAUSE_SPAN: Final = re.compile(
    r"(?<!efter )(?<!før )\b" + _A_PAUSE + r"[\s:(]*(?:(?:er|fra|mellem|kl)\b\.?\s*)*(?P<span>" + _SPAN + ")",
    re.IGNORECASE,
)
_LONGEST_PAUSE: Final = 1.5
"""Hours; "frokost 11-14" is when lunch is served."""


def _pauses(text: str) -> tuple[list[int], str]:
    """The pauses in minutes, and the text without them."""
    found: list[int] = []

    def span_off(hit: re.Match[str]) -> str:
        span = _span(hit["span"], "")
        if span.ends - span.begins > _LONGEST_PAUSE:
            return hit[0]
        found.append(round((span.ends - span.begins) * MINUTES))
        return " "

    def length_off(hit: re.Match[str]) -> str:
        found.append(_minutes(hit["amount"], hit["unit"]))
        return " "

    def none_off(hit: re.Match[str]) -> str:
        found.append(0)
        return " "

    steps: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [
        (_PAUSE_SPAN, span_off),
        *((shape, length_off) for shape in _PAUSES),
        (_NO_PAUSE, none_off),
    ]
    for shape, off in steps:
        text = shape.sub(off, text)
    return found, text


def _minutes(amount: str, unit: str) -> int:
    written = amount.lower().replace(" ", "")
    number = _AMOUNTS[written] if written in _AMOUNTS else _decimal(written)
    whole = {"m": 1, "k": 15}.get(unit[0].lower(), MINUTES)
    return round(min(number * whole, DAY_HOURS * MINUTES))


def _decimal(written: str) -> float:
    if "/" in written:
        return 1.0
    return float(written.replace(",", "."))


_TENS: Final = {"ti": 10, "elleve": 11, "tolv": 12, "tretten": 13, "fjorten": 14, "femten": 15, "seksten": 16,
                "sytten": 17, "atten": 18, "nitten": 19, "tyve": 20, "femogtyve": 25, "tredive": 30, "fyrre": 40,
                "halvtreds": 50, "tres": 60, "hundrede": 100, "fem": 5, "otte": 8}  # fmt: skip
_KILOS: Final = re.compile(
    r"(?<![\d.,])(?:(?P<number>\d+\.\d{1,2}|\d{1,4}(?:\.\d{3})*(?:,\d+)?)|\b(?P<word>"
    + "|".join(_TENS)
    + r"))"
    r"[\s-]*(?:kg|kilo)(?![^\W\d_]*(?:m\b|meter|kalorie|watt|byte))",
    re.IGNORECASE,
)
_LIFTING: Final = re.compile(
    r"løft|bær|kasse|sæk|bøtte|spand|trækk|skub|palle|stabl|flyt|tung|byrde|pakke|kolli|dunk|tromle|ramme|fustage",
    re.IGNORECASE,
)
_BETWEEN_CLAUSES: Final = re.compile(r"[;!?\n]|\.\s+(?=[A-ZÆØÅ])")


def kilos_in(text: str, *, is_task: bool = True) -> float | None:
    """The most that is said to be lifted; of a task the most kilos said at all. None: no kilos are said."""
    lifted, said = [], []
    for clause in _BETWEEN_CLAUSES.split(text):
        kilos = [_kilos(hit) for hit in _KILOS.finditer(clause)]
        said += kilos
        lifted += kilos if _LIFTING.search(clause) else []
    return max(lifted or (said if is_task else []), default=None)


def _kilos(hit: re.Match[str]) -> float:
    if hit["word"]:
        return float(_TENS[hit["word"].lower()])
    number = hit["number"]
    return float(number if re.search(r"\.\d{1,2}$", number) else number.replace(".", "").replace(",", "."))
