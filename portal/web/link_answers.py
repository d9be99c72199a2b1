"""Answers by link take two presses: the link shows, a second step states the answer, and only its own button sends it.

Mail scanners fetch every link, and some press what they find at once. So the first page has no form at all. The form
of the second step is issued to one browser that keeps cookies, for one page and its answers, and it is carried out only
when the button was pressed that says one of them; the form's first button, which is not shown, leads back.
"""

import secrets
from typing import Any, Final

from flask import current_app, request, session
from itsdangerous import BadData, URLSafeSerializer

from portal.base import clock
from portal.base.keys import KeyPurpose

READER: Final = "reader"
"""Where the cookie keeps which browser has seen the first page."""


def whom_to_call(municipality: Any) -> dict[str, Any]:
    """For the page: its head and foot name the municipality behind the link, not each that takes part."""
    return {"municipality": municipality, "unit": municipality, "help_units": [municipality]}


def show_first_step() -> None:
    """Remember the browser that was shown what the link is about."""
    if READER not in session:
        session[READER] = secrets.token_urlsafe(12)


def ticket_for(*answers: str) -> str | None:
    """What the form of the second step carries; None for a browser that did not keep the cookie of the first."""
    reader = session.get(READER)
    if reader is None:
        show_first_step()  # so that the same link works when it is followed again
        return None
    return str(_serializer().dumps([reader, _subject(), list(answers)]))


def pressed() -> str | None:
    """The answer whose button was pressed in the second step's form; None for whatever else was sent."""
    sent = request.form.get("send", "")
    try:
        reader, subject, answers = _serializer().loads(request.form.get("ticket", ""))
    except BadData:
        return None
    is_ours = reader == session.get(READER) and subject == _subject()
    return sent if is_ours and sent in answers else None


def _subject() -> list[str]:
    """The link in the address, whichever of its pages is asked for."""
    return sorted(str(value) for value in (request.view_args or {}).values())


def _serializer() -> URLSafeSerializer:
    keys = current_app.config["KEYS"].reading(KeyPurpose.LINKS, at=clock.now())
    return URLSafeSerializer(keys, salt="second-step")
