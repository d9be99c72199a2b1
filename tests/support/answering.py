"""An answer by link as a person gives it: she opens the link, chooses, reads the second step, presses its button."""

from collections.abc import Mapping

from bs4 import Tag

from tests.client import PortalClient, PortalResponse


def step_of(client: PortalClient, url: str, answer: str) -> Tag | None:
    """The form of the second step, after the first page was seen."""
    client.get(url)
    return client.get(f"{url}?answer={answer}").page.select_one("form.second-step")


def press(client: PortalClient, url: str, answer: str, button: str | None = None) -> PortalResponse:
    """`button`: what the one that is pressed says, where the second step has several."""
    form = step_of(client, url, answer)
    assert form is not None, f"no second step to {answer}"
    return press_on(client, form, button or answer)


def send_typed(client: PortalClient, url: str, typed: Mapping[str, str]) -> PortalResponse:
    """Fill in the form of the first page, read it through, and send it."""
    client.get(url)
    form = client.post(url, dict(typed)).page.select_one("form.second-step")
    assert form is not None, "what was typed leads to no second step"
    return press_on(client, form, "send")


def press_on(client: PortalClient, form: Tag, pressed: str) -> PortalResponse:
    sent = {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}
    assert form.select(f"button[name=send][value='{pressed}']")
    form_id = sent.pop("form_id")
    return client.post(str(form["action"]), {**sent, "send": pressed}, form_id=form_id)
