"""Nothing without a caller, and no setting that nobody sets: code is read without its tests and benchmarks.

Vulture names what nothing in the portal, its tools and its templates mentions; a second look finds arguments with a
default that no call gives. What somebody else calls is listed with who does; what waits for an issue is listed by
that issue. A line that is no longer needed fails as well.
"""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from jinja2 import Environment, nodes
from vulture import Vulture

ROOT = Path(__file__).parent.parent
TEMPLATES = sorted((ROOT / "portal" / "templates").rglob("*.*"))
MIGRATIONS = ROOT / "portal" / "migrations"
CODE = sorted(
    file
    for file in chain(ROOT.glob("*.py"), *((ROOT / part).rglob("*.py") for part in ("portal", "tools")))
    if MIGRATIONS not in file.parents
)

WAITING = {
    "I": {
        "known_at of figure_of",
    },
    "N": {"cards_for", "openings_for", "top of cards_for", "top of openings_for"},
}
"""By issue: I's import says where a row came from, and its pages of frozen figures come; N asks the market for one."""

CALLED_BY_OTHERS = {
    "graceful of _is_closed": "gunicorn: how the loop closes a connection",
    "portal/api/v1/shapes.py:*": "msgspec writes every field of a shape into an answer",
    "gunicorn.conf.py:*": "gunicorn reads its settings and calls its hooks by name",
    "*:regex": "werkzeug: the pattern of a converter",
    "*:domain_instance": "Flask-Babel",
    "*:ugettext": "Flask-Babel",
    "*:ungettext": "Flask-Babel",
    "*:modified": "Flask's cookie of a session",
    "*:undefined": "Jinja's environment",
    "*:finalize": "Jinja's environment",
    "*:trim_blocks": "Jinja's environment",
    "*:lstrip_blocks": "Jinja's environment",
    "*:session_protection": "Flask-Login",
    "*:is_anonymous": "Flask-Login",
    "*:get_id": "Flask-Login",
    "*:automatically_set_content_length": "werkzeug's response",
    "portal/loop/placements/settling_forms.py:*_differs": "the form itself, by the name of an aspect",
    "portal/workspaces/imports/layout.py:CharacterDataHandler": "expat",
    "portal/workspaces/imports/workbooks.py:buffer_text": "expat",
    "portal/web/paper/spreadsheet.py:*": "openpyxl reads what is set on a sheet and its cells",
    "*:impl": "SQLAlchemy: a column type",
    "*:cache_ok": "SQLAlchemy: a column type",
    "*:inherit_cache": "SQLAlchemy: a function",
    "*:process_bind_param": "SQLAlchemy: a column type",
    "*:process_result_value": "SQLAlchemy: a column type",
    "*:isolation_level": "sqlite3's connection",
    "*:csrf": "WTForms: settings of a form inside a form",
    "*:_extract_indices": "WTForms: rows of a list of fields",
    "*:wrap_formdata": "WTForms",
    "*:process_formdata": "WTForms: what was sent to a field",
    "*:pre_validate": "WTForms",
    "*:validate_*": "WTForms: for the field they name",
    "*:field_flags": "WTForms: attributes of the control",
    "*:flavor": "fontTools: the format of a written font",
    "portal/web/paper/press.py:press": "a child process, by its name",
    "*:StartDoctypeDeclHandler": "expat",
    "*:StartElementHandler": "expat",
    "*:EndElementHandler": "expat",
    "*:protocol_version": "http.server",
    "*:log_exception": "Flask",
    "*:log_request": "http.server",
    "* of log_request": "http.server",
    "*:card_concept": "a match keeps its lines as JSON, whole",
    "*:grants": "declared by every room; test_rooms.py tries each on every role",
    "*:example": "the first row of docs/examples; test_card_fields.py holds them together",
    "overrides of create_app": "a portal with other settings, for tests",
    "rooms of create_app": "a portal with a toy room, for tests",
    "size of load_large": "a smaller large demo, for tests",
    "limit of carry_out": "a night that hangs, for tests",
    "program of carry_out": "a night of other programs, for tests",
}


@cache
def found() -> frozenset[str]:
    """All that nothing calls, as "portal/web/htmx.py:name" or "argument of function"."""
    return frozenset(chain(_unused_names(), _unset_arguments()))


def waits(one: str) -> bool:
    name = one.partition(":")[2] or one
    return any(name in names for names in WAITING.values())


def test_everything_has_a_caller() -> None:
    dead = {one for one in found() if not waits(one)}

    assert {one for one in dead if not any(fnmatch(one, pattern) for pattern in CALLED_BY_OTHERS)} == set()


@pytest.mark.parametrize("pattern", CALLED_BY_OTHERS)
def test_a_pattern_of_names_is_needed(pattern: str) -> None:
    assert [one for one in found() if fnmatch(one, pattern)]


def test_what_waits_for_an_issue_waits_still() -> None:
    waiting = {one.partition(":")[2] or one for one in found() if waits(one)}

    assert waiting == set(chain.from_iterable(WAITING.values()))


def _unused_names() -> Iterator[str]:
    checker = Vulture(ignore_decorators=["@bp.*", "@door", "@event.listens_for", "@compiles"])
    checker.scavenge([*CODE, ROOT / "gunicorn.conf.py"])
    checker.used_names.update(chain.from_iterable(map(_mentioned, TEMPLATES)))
    kept = _columns_and_members()
    for item in checker.get_unused_code(min_confidence=60):
        if item.typ not in ("variable", "attribute") or item.name not in kept:
            yield f"{item.filename.relative_to(ROOT)}:{item.name}"


def _columns_and_members() -> set[str]:
    """A column is read by the export of everything and by hand; a member is found by its value."""
    classes = [node for file in CODE for node in ast.walk(_tree(file)) if isinstance(node, ast.ClassDef)]
    return set(chain.from_iterable(map(_names_in, classes)))


def _names_in(one: ast.ClassDef) -> Iterator[str]:
    is_enum = any(ast.unparse(base).endswith("Enum") for base in one.bases)
    for statement in one.body:
        if isinstance(statement, ast.AnnAssign) and ast.unparse(statement.annotation).startswith("Mapped["):
            yield ast.unparse(statement.target)
        elif is_enum and isinstance(statement, ast.Assign):
            yield from map(ast.unparse, statement.targets)


def _mentioned(template: Path) -> Iterator[str]:
    for node in _parsed(template).find_all(nodes.Node):
        match node:
            case nodes.Name(name=name) | nodes.Filter(name=name) | nodes.Test(name=name):
                yield name
            case nodes.Getattr(attr=name) | nodes.Const(value=str(name)):
                yield name


@cache
def _parsed(template: Path) -> nodes.Template:
    return Environment(extensions=["jinja2.ext.i18n"]).parse(template.read_text("utf-8"))


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


# --- Arguments ----------------------------------------------------------------------------------------------


class Calls:
    """What the calls of each name give, by that name alone: a name that two functions share hides both."""

    def __init__(self) -> None:
        self.keywords: set[tuple[str, str]] = set()
        self.sent: set[str] = set()
        self.positions: dict[str, int] = {}
        self.open: set[str] = set()
        for node in chain.from_iterable(map(ast.walk, map(_tree, CODE))):
            if isinstance(node, ast.Call):
                self._read(node)
        for template in TEMPLATES:
            for call in _parsed(template).find_all((nodes.Call, nodes.Filter)):
                name = getattr(call, "name", None) or getattr(
                    call.node, "attr", getattr(call.node, "name", "")
                )
                self._add(
                    name, len(call.args) + isinstance(call, nodes.Filter), [one.key for one in call.kwargs]
                )

    def _read(self, call: ast.Call) -> None:
        name, args = _name(call.func), call.args
        if name == "partial" and args:
            name, args = _name(args[0]), args[1:]
        self._add(name, len(args), [one.arg for one in call.keywords])
        if any(isinstance(one, ast.Starred) for one in args):
            self.open.add(name)

    def _add(self, name: str, positions: int, keywords: list[str | None]) -> None:
        self.positions[name] = max(self.positions.get(name, 0), positions)
        for keyword in keywords:
            if keyword is None:
                self.open.add(name)
            elif name == "send":
                self.sent.add(keyword)
            else:
                self.keywords.add((name, keyword))

    def gives(self, function: str, argument: str, position: int | None) -> bool:
        return (
            function in self.open
            or argument in self.sent
            or (function, argument) in self.keywords
            or (position is not None and self.positions.get(function, 0) > position)
        )


def _name(called: ast.expr) -> str:
    return getattr(called, "attr", getattr(called, "id", ""))


def _unset_arguments() -> Iterator[str]:
    """Arguments with a default that no call of that name gives; not of special methods, which Python calls."""
    calls = Calls()
    for node in chain.from_iterable(map(ast.walk, map(_tree, CODE))):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("__"):
            for argument, position in _with_default(node.args):
                if not calls.gives(node.name, argument, position):
                    yield f"{argument} of {node.name}"


def _with_default(arguments: ast.arguments) -> Iterator[tuple[str, int | None]]:
    names = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
    bound = names[:1] in (["self"], ["cls"])
    first = len(names) - len(arguments.defaults)
    yield from ((name, number - bound) for number, name in enumerate(names) if number >= first)
    yield from (
        (one.arg, None)
        for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is not None
    )
