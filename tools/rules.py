"""Write the tables of docs/rules.md from the rows and the code: python -m tools.rules

Between its marks stand the rules with the functions that hold them, found by docstrings that begin with a rule's number
("R4 and R24: ..."), and every row that the portal ships. The prose around them is written by hand.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portal.application import create_app
from portal.shared.rules.meanings import meaning
from portal.shared.rules.services import RuleDetails, reference_rules
from portal.shared.rules.strictness import Stricter, stricter
from portal.shared.rules.units import in_words

ROOT: Final = Path(__file__).parent.parent
FILE: Final = ROOT / "docs" / "rules.md"
PORTAL: Final = ROOT / "portal"

WHAT: Final[Mapping[int, str]] = {
    1: "rimelighedskravet: how many may be in praktik and løntilskud at a P-number, on every day",
    2: "the staff number is that of the months before the first day",
    3: "the employees' representative has spoken before the start, when more than one person works there",
    4: "weeks of praktik at an employer, those before and after among them",
    5: "praktik: hours, purpose and tasks",
    6: "praktik: not at the last employer, nor in a spouse's business",
    7: "paid and unpaid tasks at the same employer are different (hybrid), whichever came first",
    8: "løntilskud: how long, and merbeskæftigelse",
    9: "løntilskud: months on benefits before it",
    10: "IGU: the trial, age, residence, hours, school, once",
    11: "IGU: what must be remembered afterwards",
    12: "work under 18: hours, pause, rest, days off, clock, lifts, lone work; and who a fritidsjob is for",
    13: "CVR and P-numbers; no CPR number in free text",
    14: "wording that prefers somebody",
    15: "what an employer is shown of a person",
    16: "a demand for Danish says what Danish is used for",
    17: "hours of what has no limit of its own: a full-time week",
    18: "the answer that an employer was promised",
    19: "data about people is deleted by its deadline",
    20: "a branchepakke's next step begins when the levels of the one before have been seen at a workplace",
    21: "the rules of the young follow the age on each day, in every form; under 13 no work",
    22: "machines and chemicals under 18: a risk assessment and an adult who supervises",
    23: "where alcohol is served, restaurationsloven § 27",
    24: "the group that lengths follow from",
    25: "on sick leave in praktik at her own workplace: outside the ratio",
    26: "løntilskud, private: the subsidy's part of the wage",
    27: "IGU: hours in all with school; when it may be extended",
    28: "praktik inside a specially arranged course, integrationsloven § 23 a",
    29: "the parents of those at school are told",
}
NOT_HELD: Final[Mapping[int, str]] = {}
"""Rules that no code holds, and why."""

_STARTS: Final = re.compile(r"R\d+(?:(?:-|, | and )R\d+)*")
_RANGE: Final = re.compile(r"R(\d+)(?:-R(\d+))?")


@dataclass(frozen=True)
class Holder:
    """Something in the code whose docstring begins with the numbers of rules."""

    rules: frozenset[int]
    module: str
    name: str
    """"" for the module itself, and for what is private to it."""


def numbers_in(docstring: str) -> frozenset[int]:
    """ "R4-R6, R24 and R28: how long" are five rules."""
    begins = _STARTS.match(docstring)
    if begins is None:
        return frozenset()
    return frozenset(
        number
        for first, last in _RANGE.findall(begins[0])
        for number in range(int(first), int(last or first) + 1)
    )


def holders() -> list[Holder]:
    return [holder for path in sorted(PORTAL.rglob("*.py")) for holder in _holders_in(path)]


def _holders_in(path: Path) -> Iterator[Holder]:
    module = ".".join(path.relative_to(PORTAL).with_suffix("").parts[1:])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
            continue
        rules = numbers_in(ast.get_docstring(node) or "")
        name = "" if isinstance(node, ast.Module) or node.name.startswith("_") else node.name
        if rules:
            yield Holder(rules, module, name)


def holders_of(rule: int, all_of_them: Sequence[Holder]) -> str:
    """Where a rule is held, as the prose names it: a module without its layer, with the functions it names."""
    modules: dict[str, list[str]] = {}
    for one in all_of_them:
        if rule in one.rules:
            modules.setdefault(one.module, []).extend([one.name] if one.name else [])
    return "; ".join(f"`{module}`{_functions(names)}" for module, names in modules.items())


def _functions(names: Sequence[str]) -> str:
    return f": {', '.join(f'`{name}`' for name in names)}" if names else ""


def rules_table() -> str:
    known = holders()
    lines = ["| rule | what | code |", "| --- | --- | --- |"]
    for rule, what in WHAT.items():
        code = holders_of(rule, known) or NOT_HELD.get(rule, "")
        lines.append(f"| R{rule} | {what} | {code} |")
    return "\n".join(lines)


OWN_ROW: Final = {Stricter.LOWER: "lower", Stricter.HIGHER: "higher", Stricter.NOWHERE: "none"}
LEAST_OF_A_GROUP: Final = 3
OTHERS: Final = "other rows"


def rows_tables(rows: Sequence[RuleDetails]) -> str:
    """Every row, together with those whose key begins alike."""
    groups: dict[str, list[RuleDetails]] = {}
    for row in rows:
        groups.setdefault(row.key.split("-")[0], []).append(row)
    large = {name: found for name, found in groups.items() if len(found) >= LEAST_OF_A_GROUP}
    rest = [row for row in rows if row.key.split("-")[0] not in large]
    parts = [_rows_table(f"{name}-*", found) for name, found in large.items()]
    return "\n\n".join([*parts, _rows_table(OTHERS, rest)])


def _rows_table(title: str, rows: Sequence[RuleDetails]) -> str:
    lines = [
        f"### {title}",
        "",
        "| key and title | number | in force | where it stands | read | own row |",
        "| --- | --- | --- | --- | --- | --- |",
        *(_row(row) for row in rows),
    ]
    return "\n".join(lines)


def _row(row: RuleDetails) -> str:
    until = row.valid_to.isoformat() if row.valid_to else ""
    title = f"`{row.key}` {row.title}"
    meant = meaning(row.key)
    cells = [
        f"{title}. *{meant}*" if meant else title,
        in_words(row.value, row.unit),
        f"{row.valid_from.isoformat()} - {until}".rstrip(),
        f"{row.reference} ({row.source})",
        f"{str(row.certainty.label).lower()}, {row.checked_by} {row.checked_on.isoformat()}",
        OWN_ROW[stricter(row.key)],
    ]
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def marks(part: str) -> tuple[str, str]:
    return f"<!-- {part}: written by python -m tools.rules -->", f"<!-- end of {part} -->"


def written(document: str) -> str:
    """The document with its tables as the rows and the code are now."""
    for part, table in (("rules", rules_table()), ("rows", rows_tables(reference_rules()))):
        begins, ends = marks(part)
        before, _, rest = document.partition(begins)
        _, mark, after = rest.partition(ends)
        if not mark:
            raise SystemExit(f"{FILE.name} has no marks for {part}")
        document = f"{before}{begins}\n\n{table}\n\n{ends}{after}"
    return document


def main() -> None:
    app = create_app()
    with app.app_context():
        words = written(FILE.read_text(encoding="utf-8"))
    FILE.write_text(words, encoding="utf-8")


if __name__ == "__main__":
    main()
