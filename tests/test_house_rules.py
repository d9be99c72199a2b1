"""Rules of the house that no tool checks: templates, marks, comments in the code, words in the wrong place."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from portal.web.permissions import GRANTS, Action

ROOT = Path(__file__).parent.parent
PORTAL = ROOT / "portal"
TEMPLATES = PORTAL / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
CODE = sorted(file for file in PORTAL.rglob("*.py") if "migrations" not in file.parts)

FORBIDDEN_ATTRIBUTES = (
    "hx-put",
    "hx-patch",
    "hx-delete",
    "hx-on",
    "hx-vals",
    "hx-boost",
    "style=",
    "onclick=",
)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_endpoint_says_what_it_does(app: Flask) -> None:
    unmarked = [
        endpoint for endpoint, view in app.view_functions.items() if not hasattr(view, "required_action")
    ]

    assert not unmarked


def test_every_action_is_granted_and_used(app: Flask) -> None:
    used = {view.required_action for view in app.view_functions.values()}  # type: ignore[attr-defined]

    assert not [action for action in Action if not GRANTS[action]]
    assert used == set(Action)


NAMES_A_ROLE = {
    "portal/web/permissions.py": "the table of roles",
    "portal/loop/citizens/services.py": "gives a citizen her login",
    "portal/loop/employers/people.py": "gives the contact person who registers an employer hers",
    "portal/shared/audit/services.py": "whoever opens an employer's signed link stands in the log as an employer",
}


def test_roles_are_asked_what_they_may_do_and_never_their_name() -> None:
    """A new role would be forgotten wherever another's name is asked for. The demo makes people of every role."""
    named = {
        name(file)
        for file in CODE
        if "demo" not in file.parts and re.search(r"\bRole\.[A-Z]+\b", file.read_text(encoding="utf-8"))
    }
    asked = [name(page) for page in PAGES if re.search(r"\brole(\.value)? *[=!]=", page.read_text("utf-8"))]

    assert named == set(NAMES_A_ROLE)
    assert not asked


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_template_keeps_to_the_htmx_conventions(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    for attribute in FORBIDDEN_ATTRIBUTES:
        assert attribute not in text, attribute
    assert "<script" not in text or page.name == "head.html"
    for tag in re.findall(r"<(?:a|form)\b[^>]*\bhx-(?:get|post)=[^>]*>", text):
        assert "href=" in tag or "action=" in tag, f"no plain twin: {tag}"
    for swap in re.findall(r'hx-swap="([^"]+)"', text):
        assert swap == "outerHTML", swap
    assert text.count("hx-swap-oob") == 0 or page.name == "messages.html"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_fragment_block_holds_the_element_it_is_named_after(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    for block in re.findall(r"{%-? block (\w+)", text):
        if block in ("title", "content", "breadcrumbs", "user_menu"):
            continue
        element = block.replace("_", "-")
        assert re.search(rf'id="{element}(-\{{\{{[^"]+)?"', text), block  # one of several carries its key


def test_every_template_is_used() -> None:
    sources = [file.read_text(encoding="utf-8") for file in [*CODE, *PAGES]]
    used = set(re.findall(r"[\"']([\w/.-]+\.html)[\"']", " ".join(sources)))

    assert {str(page.relative_to(TEMPLATES)) for page in PAGES} <= used


@pytest.mark.parametrize("file", CODE, ids=name)
def test_functions_do_not_import(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            hidden = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
            modules = {name for node in hidden for name in _modules(node)}
            assert modules <= SLOW_TO_IMPORT, f"{function.name} imports: a layout bug"


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return [name.partition(".")[0] for name in names]


SLOW_TO_IMPORT = {"openpyxl", "numba"}
"""A third of a second of every start, for the few requests that read a workbook or need compiled loops."""


@pytest.mark.parametrize("file", CODE, ids=name)
def test_only_the_clock_reads_the_clock(file: Path) -> None:
    if file.name == "clock.py":
        return
    assert not re.search(
        r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(", file.read_text("utf-8")
    )


ONE_HOME = {
    "a moment's day in Denmark": (r"\.astimezone\([^)]*\)\.date\(\)", "portal/base/clock.py"),
    "an answer that is a file": (r"Content-Disposition", "portal/web/downloads.py"),
    "whom a user signs in for": (
        r"select\(ContactPerson\.employer_id\)",
        "portal/loop/employers/queries.py",
    ),
    "what opens a signed link": (r"\bLinks\(current_app", "portal/web/links.py"),
    "the secret that all keys come from": (r"\[\"SECRET_KEY\"\]|\.secret_key\b", "portal/config.py"),
    "what every view says when it is looked at": (
        r"(audit|services)\.record_view\(",
        "portal/shared/audit/viewing.py",
    ),
}
"""What is said in one file: the words that would say it again, and whose they are."""


@pytest.mark.parametrize(("words", "home"), ONE_HOME.values(), ids=list(ONE_HOME))
def test_what_has_a_home_is_said_nowhere_else(words: str, home: str) -> None:
    assert [name(file) for file in CODE if re.search(words, file.read_text("utf-8"))] == [home]


SAME_IN_TWO_LAYERS = {"Opening"}
"""The matcher's opening is the stored one as it is compared."""


def test_a_class_name_means_one_thing() -> None:
    classes = Counter(
        node.name
        for file in CODE
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
    )

    assert {one for one, count in classes.items() if count > 1} == SAME_IN_TWO_LAYERS


@pytest.mark.parametrize(
    "file", [file for file in CODE if file.name in ("services.py", "queries.py")], ids=name
)
def test_services_and_queries_never_commit(file: Path) -> None:
    assert ".commit()" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", [file for file in CODE if file.name == "queries.py"], ids=name)
def test_queries_do_not_write(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"session\.(add|delete|flush|merge)\(|sa\.(insert|update|delete)\(", text)


def test_no_action_is_marked_twice() -> None:
    for file in CODE:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                marks = [
                    d for d in node.decorator_list if isinstance(d, ast.Call) and _called(d) == "requires"
                ]
                assert len(marks) <= 1, f"{file.name}: {node.name}"


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""
