"""A rendered form is carried out once: a double click makes one record, and both clicks end in the same place.

`transaction()` claims the form's id in the database together with what the form wrote, so no view has to think of it.
Here is the HTTP around that: which form was sent, and where its repeat is led.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import sqlalchemy as sa
from flask import Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from portal.base.database import Submission, db, has_claimed
from portal.base.errors import AlreadySubmitted
from portal.web.htmx import leave_to, wants_fragment
from portal.web.links import SECRET_ARGUMENTS

LONGEST_LOCATION = 500
"""Characters the column holds; half an address leads nowhere."""

RESULT_TRIES = 60
RESULT_PAUSE_SECONDS = 0.03

SEARCHED = "q"
"""What every list calls the words of a search in its address."""

_FORM_ID = re.compile(r"[0-9a-f-]{36}")
_REMEMBER_RESULT = (
    sa.update(Submission.__table__)
    .where(Submission.__table__.c.form_id == sa.bindparam("claimed"))
    .values(location=sa.bindparam("led_to"))
)


def claim(*, user_id: int | None, at: datetime) -> None:
    """Remember the form's id for the transaction. Raises AlreadySubmitted when the form was carried out before."""
    form_id = request.form.get("form_id", "") if request.method == "POST" else ""
    if not _FORM_ID.fullmatch(form_id):
        return
    db.session.info["form_claim"] = {"form_id": form_id, "user_id": user_id, "at": at}
    if was_carried_out(form_id):
        raise AlreadySubmitted


def was_carried_out(form_id: str) -> bool:
    return db.session.get(Submission, form_id) is not None


def carry_out_each_time() -> None:
    """Let the repeat be carried out too: whoever clicks twice on "Log in" must not lose the cookie of the second."""
    db.session.info.pop("form_claim", None)


@contextmanager
def not_yet_carried_out() -> Iterator[None]:
    """What is stored meanwhile, such as a counted try, is not what the form asks for: it may be sent again."""
    claim = db.session.info.pop("form_claim", None)
    try:
        yield
    finally:
        if claim is not None:
            db.session.info["form_claim"] = claim


def show_once(url: str) -> None:
    """Lead the repeat to `url`: the answer itself is a page that cannot be shown again, such as a new password link."""
    db.session.info["form_led_to"] = url


def lead_repeat_on(response: Response) -> Any:
    """Answer a repeat that came too early to be seen as one, and then read what its twin had just changed.

    It wrote nothing, whatever it says: the rule that said no, the record that is gone, is the twin's own doing.
    """
    sent = db.session.info.get("form_claim")
    if sent is None or response.status_code >= 500 or has_claimed(sent["form_id"]):
        return response
    try:
        db.session.rollback()
        twin = db.session.get(Submission, sent["form_id"])
    except SQLAlchemyError:  # the database went away meanwhile: what is said stands
        return response
    if twin is None or sent["user_id"] not in (None, twin.user_id):  # None: her first click signed her out
        return response
    return answer_repeat()


def answer_repeat() -> AnyResponse:
    """Lead the repeat of a form to where the first one led."""
    info = db.session.info
    db.session.rollback()
    info.pop("looks", None)  # nobody saw the page that these lines are about
    # Taken: the repeat must not overwrite the first one's result.
    sent = info.pop("form_claim", {})
    flash(_("Det var allerede gemt. Der er ikke sket noget to gange."), "info")
    where = _result_of(sent.get("form_id", ""), sent.get("user_id")) or url_for("home.index")
    return leave_to(where) if wants_fragment() else redirect(where, 303)


def _result_of(form_id: str, user_id: int | None) -> str | None:
    """Where the form led its own user. The first answer may be on its way: wait for it a moment."""
    for _attempt in range(RESULT_TRIES):
        submission = db.session.get(Submission, form_id)
        if submission is None or submission.user_id != user_id:
            return None
        if submission.location:
            return _with_secrets(submission.location)
        db.session.rollback()
        time.sleep(RESULT_PAUSE_SECONDS)
    return None


def result_mark(response: Response) -> tuple[sa.Update, list[dict[str, Any]]] | None:
    """The statement that stores where the form led, when this request is the one that carried it out."""
    info = db.session.info
    sent, shown_once = info.pop("form_claim", None), info.pop("form_led_to", None)
    if sent is None or not has_claimed(sent["form_id"]):
        return None
    location = response.headers.get("Location") or response.headers.get("HX-Redirect") or shown_once or ""
    if response.status_code >= 400 or not 0 < len(location) <= LONGEST_LOCATION:
        return None
    kept = without_words(_without_secrets(location))
    return _REMEMBER_RESULT, [{"claimed": sent["form_id"], "led_to": kept}]


def without_words(location: str) -> str:
    """A list without what was searched for in it: that may be a name, and would stay when she is erased."""
    parts = urlsplit(location)
    said = parse_qsl(parts.query, keep_blank_values=True)
    others = [(name, value) for name, value in said if name != SEARCHED]
    return location if len(others) == len(said) else urlunsplit(parts._replace(query=urlencode(others)))


def _without_secrets(location: str) -> str:
    """As it may lie in the database: in the place of what opens this very page a marker, which the repeat fills in.

    An address with another secret is not kept; its repeat is led to the front page.
    """
    for name, secret in _own_secrets():
        location = location.replace(secret, _marker(name))
    try:
        _endpoint, values = current_app.url_map.bind("").match(urlsplit(location).path, method="GET")
    except (HTTPException, ValueError):  # no page of ours
        return location
    is_kept = all(value == _marker(name) for name, value in values.items() if name in SECRET_ARGUMENTS)
    return location if is_kept else url_for("home.index")


def _with_secrets(location: str) -> str:
    """The address again: the repeat was sent to the same page."""
    for name, secret in _own_secrets():
        location = location.replace(_marker(name), secret)
    return location


def _own_secrets() -> list[tuple[str, str]]:
    """What opens the page that was asked for, by name."""
    values = request.view_args or {}
    return [(name, str(values[name])) for name in SECRET_ARGUMENTS & values.keys()]


def _marker(name: str) -> str:
    return f"[[{name}]]"
