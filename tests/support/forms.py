"""The forms of a page, filled in as somebody would who had to send them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask

from tests import factories

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "virksomheder.csv"

SHAPED = {
    "cvr": factories.CVRS[2],
    "p_number": "1000000108",
    "email": "ny@firma.example",
    "phone": "47 78 40 01",
    "other_number": "47 78 40 09",
    "called_time": "08:30",
    "begins_at": "08:30",
    "ends_at": "10:00",
    "silence_on": (factories.TODAY - timedelta(days=60)).isoformat(),
    "born": "1986",
    "year": "2025",
    "postcode": "3300",
    "password": "en lang sætning om havn",
    "old": "en lang sætning om havn",
    "repeated": "en lang sætning om havn",
    "last_day": (factories.TODAY + timedelta(days=90)).isoformat(),
    "valid_from": (factories.TODAY + timedelta(days=1)).isoformat(),
}
"""Texts whose shape no page tells, by how the field's name ends."""

A_SKILL = "hygiejnebevis"
A_TASK = "opvask"
SOME_WORDS = "et ord om det"

READ_AND_NOT_KEPT = re.compile(r"(?:^|-)(?:ad|story)$")
"""Fields whose text is looked through for lines to choose among, and is then gone."""

_FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)

Values = dict[str, list[str | tuple[bytes, str]]]


@dataclass(frozen=True)
class Kind:
    """A form as far as its address and fields tell it from others."""

    endpoint: str
    fields: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.endpoint}({', '.join(self.fields)})"


@dataclass(frozen=True)
class Filling:
    """How a form is filled in."""

    all_fields: bool
    """Also those that may stay empty."""
    words: str = A_SKILL
    last_choice: bool = False
    """Instead of the first, in selects that must be answered."""


FILLINGS = (
    Filling(all_fields=True),
    Filling(all_fields=False),
    Filling(all_fields=True, words=SOME_WORDS, last_choice=True),
    Filling(all_fields=True, words=A_TASK),
)
"""In this order, until one is taken."""


@dataclass(frozen=True)
class Sending:
    """A form ready to be sent, as often as one likes."""

    action: str
    values: Values

    @property
    def form_id(self) -> str | None:
        return next((str(value) for value in self.values.get("form_id", ())), None)

    def data(self) -> dict[str, list[object]]:
        """A file is read while it is sent: each time needs its own."""
        return {
            name: [(BytesIO(one[0]), one[1]) if isinstance(one, tuple) else one for one in values]
            for name, values in self.values.items()
        }


def post_forms(app: Flask, page: bytes) -> Iterator[tuple[Kind, Tag]]:
    """Each form of the page that is sent by POST."""
    urls = app.url_map.bind("localhost")
    for part in _FORM.findall(
        page.decode()
    ):  # forms do not nest, and the rest of the page is most of the work
        form = BeautifulSoup(part, "html.parser").form
        if form is None or form.get("method") != "post":
            continue
        endpoint, _values = urls.match(urlsplit(str(form["action"])).path, method="POST")
        names = {re.sub(r"\d+", "#", str(one["name"])) for one in form.select("[name]:not(button)")}
        yield Kind(str(endpoint), tuple(sorted(names - {"csrf_token", "form_id"}))), form


def fill_in(form: Tag, filling: Filling, known: Mapping[str, str]) -> Sending:
    """`known` has the texts of fields, by the end of their names, that only this stage can tell."""
    values: Values = {}
    for one in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(one["name"]), str(one.get("type", "text"))
        wanted = one.get("aria-required") == "true" or (
            filling.all_fields and not _is_further_line(name) and not READ_AND_NOT_KEPT.search(name)
        )
        if kind == "radio":
            if one.has_attr("checked") or name not in values:
                values[name] = [str(one.get("value", "y"))]
        elif kind == "checkbox":
            if one.has_attr("checked") or wanted:
                values.setdefault(name, []).append(str(one.get("value", "y")))
        else:
            values[name] = [_content(one, filling, known, wanted=wanted)]
    button = form.select_one("button.button-primary") or form.select_one("button")
    if button is not None and button.has_attr("name"):
        values[str(button["name"])] = [str(button.get("value", ""))]
    return Sending(str(form["action"]), values)


def _content(
    one: Tag, filling: Filling, known: Mapping[str, str], *, wanted: bool
) -> str | tuple[bytes, str]:
    """What stands in a field, or what is written there."""
    if one.get("type") == "file":
        return EXAMPLE.read_bytes(), EXAMPLE.name
    if one.name == "select":
        return _chosen(one, filling, wanted=wanted)
    value = str(one.get("value") or one.get_text()).strip()
    if value or not wanted or one.get("type") == "hidden":
        return value
    return _text(str(one["name"]), one, filling, known)


def _is_further_line(name: str) -> bool:
    """One line of a list is enough: a second one with the same words would be refused."""
    number = re.search(r"-(\d+)-", name)
    return number is not None and number[1] != "0"


def _chosen(select: Tag, filling: Filling, *, wanted: bool) -> str:
    options = [str(option.get("value", "")) for option in select.select("option")]
    if filling.last_choice and wanted:
        return options[-1]
    selected = select.select_one("option[selected]")
    chosen = str(selected.get("value", "")) if selected else next(iter(options), "")
    if chosen in ("", "0") and wanted:
        return next((option for option in options if option not in ("", "0")), chosen)
    return chosen


def _text(name: str, field: Tag, filling: Filling, known: Mapping[str, str]) -> str:
    for end, text in {**SHAPED, **known}.items():
        if name.endswith(end):
            return text
    if field.get("type") == "date" or "input-date" in (field.get("class") or ()):
        return factories.TODAY.isoformat()
    return "10" if field.get("inputmode") in ("numeric", "decimal") else filling.words
