"""Which phrases the portal's own source asks for, read out of the code and the templates as pairs (kind, key)."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from jinja2 import Environment, nodes

from portal.shared.skills import phrases
from portal.shared.skills.translations import PhraseKind

PORTAL = Path(__file__).resolve().parents[2] / "portal"
KINDS = {name: kind.value for kind in PhraseKind for name in (kind.value, f"PhraseKind.{kind.name}")}
SAYERS = {
    "translator",
    "say",
    "hers",
    "said",
    "translated",
    "LocalizedText",
    "both",
    "_on_day",
    "_listed",
    "_counted",
    "phrase",
    "PaperLine",
}
"""Functions that say a phrase; other calls may hold the name of a kind by chance."""
IMPLIED = {
    "both": (1, "page"),
    "_counted": (0, "heading"),
    "PaperLine": (2, "heading"),
    "_on_day": (1, "heading"),
    "_listed": (0, "reason"),
}
"""Functions that are handed a key alone: where it stands, and the kind they put before it."""


@dataclass(frozen=True)
class Use:
    """A kind followed by a key. `by`: what they are handed to; empty for a pair in a table."""

    by: str
    kind: str
    key: str

    @property
    def pair(self) -> tuple[str, str]:
        return self.kind, self.key


@cache
def uses() -> frozenset[Use]:
    found: set[Use] = set()
    for file in set(PORTAL.rglob("*.py")) - {Path(phrases.__file__)}:
        found |= set(_in_python(ast.parse(file.read_text(encoding="utf-8"))))
    jinja = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    for file in (PORTAL / "templates").rglob("*.html"):
        found |= set(_in_template(jinja.parse(file.read_text(encoding="utf-8"))))
    return frozenset(found)


def _in_python(tree: ast.AST) -> Iterator[Use]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            by = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield from _pairs(by, [_python_texts(one) for one in node.args])
            named = [one.value for one in node.keywords if one.arg == "phrase"]  # of a card's fields
            yield from (Use("phrase", "heading", key) for one in named for key in _python_texts(one))
        elif isinstance(node, ast.Tuple):
            yield from _pairs("", [_python_texts(one) for one in node.elts])


def _python_texts(node: ast.expr) -> list[str]:
    """The texts that may stand here; a condition has two."""
    if isinstance(node, ast.IfExp):
        return [*_python_texts(node.body), *_python_texts(node.orelse)]
    if isinstance(node, ast.Attribute):
        return [name] if (name := ast.unparse(node)) in KINDS else []
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _in_template(tree: nodes.Template) -> Iterator[Use]:
    for call in tree.find_all(nodes.Call):
        by = call.node.attr if isinstance(call.node, nodes.Getattr) else getattr(call.node, "name", "")
        yield from _pairs(by, [_template_texts(one) for one in call.args])


def _template_texts(node: nodes.Node | None) -> list[str]:
    if isinstance(node, nodes.CondExpr):
        return [*_template_texts(node.expr1), *_template_texts(node.expr2)]
    return [node.value] if isinstance(node, nodes.Const) and isinstance(node.value, str) else []


def _pairs(by: str, texts: Sequence[list[str]]) -> Iterator[Use]:
    for kinds, keys in pairwise(texts):
        yield from (Use(by, KINDS[kind], key) for kind in kinds if kind in KINDS for key in keys)
    place, kind = IMPLIED.get(by, (len(texts), ""))
    if place < len(texts):
        yield from (Use(by, kind, key) for key in texts[place])
