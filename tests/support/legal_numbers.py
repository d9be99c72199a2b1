"""Finds numbers of the law that stand in code, templates, scripts and CHECKs instead of in the dated rows.

What is looked for comes from the reference rows: each value with the words of its unit. In a text it is the value
beside the unit ("37 timer", "fire måneder"); in code a number whose names say the unit (`hours_max=37`), or one that
programs have no other use for (37, 26, 23), whatever its name.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import Final, NamedTuple

from portal.shared.rules.services import reference_rules
from portal.shared.rules.units import WORDS, YES_OR_NO

HARMLESS: Final = frozenset({Decimal(0), Decimal(1)})
"""Nothing, and one of something: the day after, the first of a list."""
USED_FOR_EVERYTHING: Final = frozenset(
    map(Decimal, (2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 24, 25, 30, 32, 40, 50, 90))
)
"""Lengths, sizes, seconds: such a number is the law's only where its names say the unit."""


class Unit(NamedTuple):
    """How a unit is said: in Danish behind the number, and in the names of code."""

    danish: str
    names: frozenset[str]


def _unit(danish: str, names: str) -> Unit:
    return Unit(danish, frozenset(re.findall(r"\w+", names)))


HOURS = _unit(r"timer?s?|t\.", "hour hours timer time_of_week")
UNITS: Final = {
    "dage": _unit(r"dag(?:e|es)?", "day days dage"),
    "hverdage": _unit(r"hverdag(?:e|es)?", "working_days hverdage"),
    "fuldtidspersoner": _unit(r"fuldtids(?:person(?:er)?|ansatte)|ansatte|årsværk", "staff ansatte"),
    "forslag": _unit(r"forslag", "proposals forslag"),
    "kg": _unit(r"kg|kilo", "kg kilo kilos"),
    "minutter": _unit(r"minut(?:ter|ters)?|min\.", "minute minutes minutter"),
    "måned": _unit(r"måned(?:er|ers)?|mdr\.?", "month months måned måneder"),
    "måneder": _unit(r"måned(?:er|ers)?|mdr\.?", "month months måned måneder"),
    "opgaver": _unit(r"opgaver|færdigheder", "skills opgaver"),
    "person": _unit(r"person(?:er)?|ansatte?", "heads personer"),
    "plads": _unit(r"plads(?:er)?", "places pladser"),
    "procent": _unit(r"procent|%", "percent procent"),
    "timer": HOURS,
    "timer om ugen": HOURS,
    "timer på hverdage": HOURS,
    "uger": _unit(r"uger?s?", "week weeks uge uger"),
    "år": _unit(r"år(?:s|ig|ige|igt)?", "age ages year years born alder år"),
}
CLOCK: Final = "klokken"
DRAWN: Final = frozenset({"width", "height", "x", "y", "r", "cx", "cy"})
"""Attributes of a drawing."""
IN_WORDS: Final = dict(
    enumerate(
        re.findall(
            r"\w+",
            "to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten atten",
        ),
        start=2,
    )
)


@cache
def values() -> dict[str, frozenset[Decimal]]:
    """Unit -> the values of the reference rows that are said in it. A unit nobody has told the words of fails."""
    found: dict[str, set[Decimal]] = defaultdict(set)
    for rule in reference_rules():
        if rule.unit not in (YES_OR_NO, WORDS):
            found[rule.unit].add(Decimal(rule.value))
    return {unit: frozenset(of) - HARMLESS for unit, of in found.items()}


@cache
def _sentence_patterns() -> tuple[re.Pattern[str], ...]:
    patterns = []
    for unit, of in values().items():
        numbers = "|".join(
            sorted({said for value in of for said in _as_written(value)}, key=len, reverse=True)
        )
        if not numbers:
            continue
        if unit == CLOCK:
            patterns.append(rf"\bkl(?:okken|\.)\s*(?:{numbers})\b(?![.:]?\d)")
        else:
            between = r"[\s\xa0-]*(?:ugentlige\s|hele\s|fulde\s)?"
            patterns.append(
                rf"(?<![\w,.])(?:{numbers})(?:\s?[-–]\s?\d+)?{between}(?:{UNITS[unit].danish})(?!\w)"
            )
        if unit == "år":  # an age goes without saying: "under 18"
            patterns.append(rf"\b(?:under|over|fyldt|fylder)\s+(?:{numbers})\b(?!\s*[\wæøå%])(?![.,:]\d)")
            patterns.append(rf"\b(?:under|over|fyldt|fylder)\s+(?:{numbers})(?=\s+og\b)")
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def _as_written(value: Decimal) -> Iterator[str]:
    yield re.escape(f"{value.normalize():f}".replace(".", ","))
    if value in IN_WORDS:
        yield IN_WORDS[int(value)]
    if value % 1:
        yield f"{int(value)}½"


def in_sentence(text: str) -> list[str]:
    """Values beside their unit: "højst 37 timer"."""
    return [hit.group() for pattern in _sentence_patterns() for hit in pattern.finditer(text)]


@cache
def _alone() -> frozenset[Decimal]:
    return frozenset().union(*values().values()) - USED_FOR_EVERYTHING


def told_by(number: Decimal, names: Iterable[str]) -> bool:
    """Whether the names make the number one of the law's."""
    if number in _alone():
        return True
    words = {word for name in names for word in _parts(name)}
    return any(number in of and unit in UNITS and words & UNITS[unit].names for unit, of in values().items())


def _parts(name: str) -> set[str]:
    return {part.lower() for part in re.findall(r"[A-Z]?[a-zæøå]+|[A-ZÆØÅ]+", name)}


class Found(NamedTuple):
    line: int
    said: str


def in_python(source: str) -> list[Found]:
    """Sentences and numbers; docstrings and comments are no rule."""
    tree = ast.parse(source)
    told = _Numbers(_docstrings(tree))
    told.visit(tree)
    return sorted(set(told.found))


def _docstrings(tree: ast.Module) -> set[int]:
    """A text that stands alone explains what it stands by."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


class _Numbers(ast.NodeVisitor):
    """Goes through the code with the names that stand around."""

    def __init__(self, docstrings: set[int]) -> None:
        self.found: list[Found] = []
        self._docstrings = docstrings
        self._names: list[str] = []

    def _within(self, names: Iterable[str], nodes: Iterable[ast.AST | None]) -> None:
        before = len(self._names)
        self._names += names
        for node in nodes:
            if node is not None:
                self.visit(node)
        del self._names[before:]

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and id(node) not in self._docstrings:
            self.found += [Found(node.lineno, said) for said in in_sentence(node.value)]
        elif isinstance(node.value, int | float) and not isinstance(node.value, bool):
            number = Decimal(str(node.value))
            if told_by(number, self._names):
                self.found.append(
                    Found(node.lineno, f"{node.value} ({' '.join(dict.fromkeys(self._names))})")
                )

    def visit_Assign(self, node: ast.Assign) -> None:
        self._within(_names_in(node.targets), [node.value])

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._within(_names_in([node.target]), [node.value])

    def visit_Compare(self, node: ast.Compare) -> None:
        self._within(_names_in([node.left, *node.comparators]), [node.left, *node.comparators])

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self._within(_names_in([node.left, node.right]), [node.left, node.right])

    def visit_Call(self, node: ast.Call) -> None:
        if getattr(node.func, "attr", "") == "group":  # which part of a pattern
            return
        labels = [label for argument in node.args[:1] for label in _strings_in(argument)]
        self._within([*_names_in([node.func]), *labels], [node.func, *node.args])
        for keyword in node.keywords:
            self._within([*_names_in([node.func]), *labels, keyword.arg or ""], [keyword.value])

    def visit_Slice(self, node: ast.Slice) -> None:
        """How much of a text is shown."""

    def visit_arguments(self, node: ast.arguments) -> None:
        positional = [*node.posonlyargs, *node.args]
        with_default = [*positional[len(positional) - len(node.defaults) :], *node.kwonlyargs]
        for argument, default in zip(with_default, [*node.defaults, *node.kw_defaults], strict=True):
            self._within([argument.arg], [default])


def _names_in(nodes: Iterable[ast.AST]) -> list[str]:
    return [
        name
        for node in nodes
        for part in ast.walk(node)
        for name in [getattr(part, "id", None) or getattr(part, "attr", None)]
        if name
    ]


def _strings_in(node: ast.AST) -> list[str]:
    return [
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]


def in_template(source: str) -> list[Found]:
    """Templates and scripts: sentences, and a number that a name with a unit stands by (`hours > 37`, `max="37"`)."""
    without_comments = re.sub(r"\{#.*?#\}|/\*.*?\*/|(?<!:)//[^\n]*", _as_blank, source, flags=re.DOTALL)
    found = []
    for number, line in enumerate(without_comments.splitlines(), start=1):
        found += [Found(number, said) for said in in_sentence(line)]
        for hit in re.finditer(r"([\w.]+)\s*(?:[<>=!]=?|=)\s*\"?(\d+(?:\.\d+)?)\b", line):
            if hit.group(1) not in DRAWN and told_by(Decimal(hit.group(2)), [hit.group(1)]):
                found.append(Found(number, hit.group()))
    return found


def _as_blank(hit: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", hit.group())


def in_check(sqltext: str) -> list[str]:
    """Numbers of a CHECK beside a column whose name says the unit."""
    names = re.findall(r"[a-z_]+", sqltext)
    numbers = re.findall(r"(?<![\w.'])\d+(?:\.\d+)?", sqltext)
    return [number for number in numbers if told_by(Decimal(number), names)]
