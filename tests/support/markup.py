"""What must hold on every page we answer with, read from its tags in one pass.

Every request of every test is looked at, so no tree is built: a tree costs ten times as much.
"""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape

_TAG = re.compile(
    r"""<!--.*?-->"""
    r"""|<(?P<raw>script|style|textarea|title)\b(?P<raw_rest>(?:[^>"']|"[^"]*"|'[^']*')*)>(?P<inside>.*?)</(?P=raw)\s*>"""
    r"""|<(?P<end>/?)(?P<name>[a-z][a-z0-9-]*)(?P<rest>(?:[^>"']|"[^"]*"|'[^']*')*)>""",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_Tag = tuple[str, dict[str, str], str]
INLINE = frozenset({"style", "onclick", "onchange", "onsubmit"})


def faults_of(html: str, *, fragment: bool) -> list[str]:
    """What breaks a rule of the house, in plain words; nothing when all is well."""
    tags = list(_tags(html))
    ids = Counter(attributes["id"] for _, attributes, _ in tags if "id" in attributes)
    faults = [f"the id {name} appears {times} times" for name, times in ids.items() if times > 1]
    faults += [f"inline style or script in <{name}>" for name, said, _ in tags if INLINE & said.keys()]
    faults += _of_forms(tags)
    return faults if fragment else [*faults, *_of_whole_page(tags)]


def _of_forms(tags: list[_Tag]) -> Iterator[str]:
    """A form that writes names its address and carries its token between its tags."""
    open_form: dict[str, str] | None = None
    has_token = False
    for name, attributes, _ in [*tags, ("/form", {}, "")]:
        if name in ("form", "/form"):
            if open_form is not None and open_form.get("method", "").lower() == "post":
                if not open_form.get("action"):
                    yield f"a POST form has no action: {open_form}"
                if not has_token:
                    yield f"a POST form has no token: {open_form}"
            open_form, has_token = (attributes if name == "form" else None), False
        has_token |= attributes.get("name") == "csrf_token"


def _of_whole_page(tags: list[_Tag]) -> Iterator[str]:
    titles = [inside for name, _, inside in tags if name == "title"]
    if not titles or not titles[0].strip():
        yield "the page has no title"
    headings = sum(name == "h1" for name, _, _ in tags)
    if headings != 1:
        yield f"the page has {headings} h1"


def _tags(html: str) -> Iterator[_Tag]:
    """Each tag with its attributes, and the text inside those that hold text alone; of end tags only a form's."""
    for found in _TAG.finditer(html):
        name = found["raw"] or found["name"]
        if name is None:  # a comment
            continue
        name = name.lower()
        if found["end"]:
            if name == "form":
                yield "/form", {}, ""
            continue
        rest = found["raw_rest"] if found["raw"] else found["rest"]
        yield name, _attributes(rest) if rest else {}, found["inside"] or ""


def _attributes(text: str) -> dict[str, str]:
    return {
        name.lower(): unescape(double or single or bare)
        for name, double, single, bare in _ATTRIBUTE.findall(text)
    }
