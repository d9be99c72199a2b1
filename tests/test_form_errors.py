"""Every form of every role, sent empty and sent with what no field takes: what is wrong is named, beside its field."""

from collections import Counter
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup, Tag

from portal.base.database import db
from tests.support.databases import Stage
from tests.support.forms import FILLINGS, Sending, fill_in
from tests.test_double_click import Browsers, result_of, send
from tests.test_session_end import every_form_met

pytestmark = pytest.mark.slow

NAMELESS = frozenset(
    {
        "Udfyld feltet.",
        "Vælg en dato.",
        "Vælg en.",
        "Vælg et svar.",
        "Vælg en af mulighederne.",
        "Skriv et tal.",
    }
)


def emptied(form: Tag, text: str) -> Sending:
    """The form as its page gives it, with nothing chosen and `text` in each field that takes one."""
    values = {}
    for one in form.select("input[name], textarea[name], select[name]"):
        kind = str(one.get("type", "text"))
        if kind == "hidden":
            values[str(one["name"])] = [str(one.get("value", ""))]
        elif kind not in ("radio", "checkbox", "file"):
            values[str(one["name"])] = [text]
    return Sending(str(form["action"]), values)


def faults_of(page: BeautifulSoup) -> Iterator[str]:
    title = page.select_one("title")
    if not title or not title.get_text().startswith("Fejl: "):
        yield "the title does not say that something is wrong"
    described = {
        one for tag in page.select("[aria-describedby]") for one in str(tag["aria-describedby"]).split()
    }
    for said in page.select(".form-error-message"):
        words = said.get_text(" ", strip=True).removeprefix("Fejl:").strip()
        if words in NAMELESS:
            yield f"names nothing: {words}"
        if own_id(said) not in described:
            yield f"belongs to no field: {words}"
    yield from faults_of_summary(page)


def own_id(said: Tag) -> str:
    """Of several errors at one field the first carries the id."""
    first = said if said.has_attr("id") else said.find_previous_sibling(class_="form-error-message", id=True)
    return str(first["id"]) if isinstance(first, Tag) else ""


def faults_of_summary(page: BeautifulSoup) -> Iterator[str]:
    known = {str(tag["id"]) for tag in page.select("[id]")}
    summary = page.select_one("[data-error-summary]")
    if summary is None and len(page.select(".form-error-message")) > 1:
        yield "no summary"
    for link in summary.select("a[href^='#']") if summary else ():
        if str(link["href"])[1:] not in known:
            yield f"the summary leads nowhere: {link['href']}"


TEXTS = {"empty": "", "far too long": "x y" + "z" * 21_000}


def test_every_form_names_what_is_wrong_beside_its_field(sqlite_stage: Stage, frozen_clock: None) -> None:
    app, wrong, refused = sqlite_stage.app, [], Counter[str]()
    with app.app_context():
        browsers = Browsers(sqlite_stage)
        for role, kind, form, _url in list(every_form_met(app, browsers)):
            for what, text in TEXTS.items():
                sending = emptied(form, text)
                answer = send(browsers.fresh(role), sending)
                if result_of(sending) is not None:
                    browsers.reset()
                if answer.status_code != 422:
                    continue
                refused[what] += 1
                page = BeautifulSoup(answer.data, "html.parser")
                wrong += [f"{kind}, {what}: {fault}" for fault in faults_of(page)]
                if text and (cut := page.select("[maxlength]:not([type=search])")):
                    wrong.append(f"{kind}: cuts what is pasted: {[one.get('name') for one in cut]}")
        db.session.remove()

    assert wrong == [], "\n".join(wrong)
    assert all(refused[what] > 60 for what in TEXTS), refused


UNREAD = {
    "day": ("31-02-2026", "14-", "i morgen", "14-12-1026"),
    "number": ("tyve", "20 æbler", "1.2.3", "½ ½"),
}
"""What somebody types where a day or a number is asked for, and nobody can read."""


def typed_fields(form: Tag) -> Iterator[tuple[str, str]]:
    """The fields for days and numbers, each with what it asks for."""
    for one in form.select("input[name]"):
        if "input-date" in (one.get("class") or ()):
            yield str(one["name"]), "day"
        elif one.get("inputmode") in ("numeric", "decimal"):
            yield str(one["name"]), "number"


def unread_faults(answer: bytes, action: str, name: str, typed: str) -> Iterator[str]:
    page = BeautifulSoup(answer, "html.parser")
    there = [
        one for form in page.select(f'form[action="{action}"]') for one in form.select(f'[name="{name}"]')
    ]
    field = next((one for one in there if one.get("value") == typed), None)
    if field is None:
        yield f"“{typed}” is gone: {[one.get('value') for one in there]}"
        return
    said = [page.find(id=one) for one in str(field.get("aria-describedby", "")).split()]
    if field.get("aria-invalid") != "true" or not any(
        one is not None and "form-error-message" in one.get("class", ()) for one in said
    ):
        yield f"“{typed}”: nothing is said beside it"


def test_what_cannot_be_read_is_said_and_kept_in_every_field(sqlite_stage: Stage, frozen_clock: None) -> None:
    app, wrong, tried = sqlite_stage.app, [], 0
    with app.app_context():
        browsers = Browsers(sqlite_stage)
        for role, kind, form, _url in list(every_form_met(app, browsers)):
            for name, asked in typed_fields(form):
                for typed in UNREAD[asked]:
                    sending = fill_in(form, FILLINGS[0], browsers.known)
                    sending.values[name] = [typed]
                    answer = send(browsers.fresh(role), sending)
                    if result_of(sending) is not None:
                        browsers.reset()
                    tried += 1
                    if answer.status_code != 422:
                        wrong.append(f"{kind} {name}: “{typed}” was answered {answer.status_code}")
                        continue
                    action = str(form["action"])
                    wrong += [
                        f"{kind} {name}: {one}" for one in unread_faults(answer.data, action, name, typed)
                    ]
        db.session.remove()

    assert wrong == [], "\n".join(wrong)
    assert tried > 100
