"""A registration in three steps: what was typed is kept, errors stand by their field, and back asks nothing again."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from portal.base.database import db
from portal.loop.employers.models import UnconfirmedRegistration
from tests.client import PortalClient
from tests.factories import NOW
from tests.loop.employers.test_views import filled

YOU = ("contact_name", "contact_email", "contact_phone")
LATER = {"p_number": "", "full_time_staff": ""}


def step(client: PortalClient, name: str, **values: str) -> str:
    """Where the step leads."""
    answer = client.post("/employers/register", {**filled(**LATER), **values, "step": name})
    assert answer.status_code == 303
    return str(answer.location)


def shown(client: PortalClient, url: str) -> set[str]:
    """What the page asks for, not counting what comes along unseen."""
    form = client.get(url).page.select_one("#registration-form")
    assert form is not None
    return {str(one["name"]) for one in form.select("input:not([type=hidden]), select")}


def test_each_step_asks_for_little_and_the_first_for_who_she_is(app: Flask, visitor: PortalClient) -> None:
    assert shown(visitor, "/employers/register") == set(YOU)

    firm = step(visitor, "firm")
    assert {"cvr", "company_name", "address"} <= shown(visitor, firm)
    assert not {"p_number", "full_time_staff", "contact_name"} & shown(visitor, firm)
    last = step(visitor, "send")
    assert shown(visitor, last) == set()
    words = visitor.get(last).words
    for told in ("Køkken og kantine", "Halsnæs"):
        assert told in words, "the trade and the municipality are read through too"
    titles = {
        visitor.get(f"/employers/register?step={one}").page.title.get_text()
        for one in ("you", "firm", "send")
    }
    assert len(titles) == 3


def test_what_was_typed_is_there_when_she_goes_back(app: Flask, visitor: PortalClient) -> None:
    step(visitor, "send")

    back = visitor.get(step(visitor, "you")).page
    again = visitor.get("/employers/register?step=firm").page

    assert back.select_one("#contact_name")["value"] == "Bo Berg"  # type: ignore[index]
    assert again.select_one("#company_name")["value"] == "Bos Køkken ApS"  # type: ignore[index]
    assert again.select_one("#industry option[selected]")["value"] == "koekken"  # type: ignore[index]


@pytest.mark.parametrize(("minutes", "kept"), [(29, True), (31, False)])
def test_what_was_typed_is_not_for_the_next_one_at_the_machine(
    app: Flask, visitor: PortalClient, minutes: int, kept: bool
) -> None:
    step(visitor, "firm")

    with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
        page = visitor.get("/employers/register").page

    assert ("Bo Berg" in str(page)) is kept


@pytest.mark.parametrize(
    ("wanted", "field", "where"),
    [("firm", "contact_email", "you"), ("send", "cvr", "firm"), ("send", "contact_phone", "you")],
)
def test_an_error_leads_to_its_own_step_and_stands_by_its_field(
    app: Flask, visitor: PortalClient, wanted: str, field: str, where: str
) -> None:
    url = step(visitor, wanted, **{field: "x"})

    page = visitor.get(url).page
    assert f"step={where}" in url
    assert page.select_one(f"#{field}[aria-invalid=true]")["value"] == "x"  # type: ignore[index]
    assert len(page.select(".form-error-message")) == 1
    assert page.title.get_text().startswith("Fejl: ")  # type: ignore[union-attr]


def test_the_last_step_sends_it_all_and_forgets_what_was_typed(app: Flask, visitor: PortalClient) -> None:
    form = visitor.get(step(visitor, "send")).page.select_one("#registration-form")
    assert form is not None
    values = {str(one["name"]): str(one.get("value", "")) for one in form.select("input")}

    answer = visitor.post("/employers/register", values)

    assert answer.location == "/employers/registered"
    assert db.session.query(UnconfirmedRegistration).count() == 1
    assert not visitor.get("/employers/register").page.select_one("#contact_name").get("value")  # type: ignore[union-attr]


def test_going_back_to_a_step_that_was_mended_shows_no_error(app: Flask, visitor: PortalClient) -> None:
    wrong = step(visitor, "firm", contact_email="x")
    step(visitor, "firm", cvr="")

    page = visitor.get(wrong).page

    assert page.select_one("#contact_name[type=text]")
    assert not page.select(".form-error-message")
