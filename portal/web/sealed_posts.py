"""What somebody typed while her login ended: sealed in the login page's form, and shown again to her alone.

Nothing of it is stored on the server. A seal is signed and encrypted, lives an hour, and opens for the user who wrote
it. What it holds is never carried out: the form's own view is asked as if the form had been refused, so that every form
comes back as it was typed, on its own page, and its writer sends it herself. Source: docs/adr/031-sealed-posts.md
"""

import json
import zlib
from collections.abc import Iterable
from contextvars import Context
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from cryptography.fernet import InvalidToken, MultiFernet
from flask import (
    Flask,
    Response,
    current_app,
    flash,
    has_request_context,
    redirect,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import HTTPException

from portal.base import clock
from portal.base.cpr_numbers import contains_cpr
from portal.base.database import db
from portal.base.keys import KeyPurpose
from portal.base.sealing import box_of
from portal.web.htmx import leave_to
from portal.web.local_paths import safe_local_path
from portal.web.reading import rendered

LIFETIME: Final = timedelta(hours=1)

MOST_LETTERS: Final = 200_000
"""Of all that was typed; the longest form of the portal takes a tenth of it."""

LONGEST_SEAL: Final = 1_200_000
"""Characters of a seal: four bytes for each letter, and a third more as text."""

SECRET_FIELDS: Final = frozenset({"password", "repeated", "old"})
"""Names of fields for passwords; `tests/web/test_sealed_posts.py` sees that no form has another."""

_OWN_FIELDS: Final = frozenset({"csrf_token", "sealed"})
_FLAG: Final = "portal.shown_again"

Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class TypedPost:
    """A form that was sent: by whom, to where, from which page, and what stood in it."""

    user_id: int
    path: str
    page: str | None
    fields: Fields
    left_out: bool
    """Whether something was typed or chosen that no seal holds: a password, a file, a CPR number."""

    @property
    def words(self) -> list[str]:
        """What somebody wrote herself: only people put spaces between words."""
        return [text for _name, text in self.fields if len(text.split()) > 1]


class TooLongToSeal(ValueError):
    """More was typed than a seal holds."""


class SealBroken(ValueError):
    """It is no seal of ours, too old, or somebody else's."""


def is_shown_again() -> bool:
    """Whether this request fills a form in again and carries nothing out."""
    return has_request_context() and _FLAG in request.environ


def own_address() -> str | None:
    """Where the answer to a form can be looked at again; None for a page that was simply asked for."""
    if request.method != "POST":
        return None
    again: str | None = request.environ.get(_FLAG)
    return again or _page_at(request.full_path.rstrip("?")) or _page_of_the_form()


def typed_now(user_id: int) -> TypedPost:
    """What this request has sent, as far as it may be kept."""
    sent = list(request.form.items(multi=True))
    kept = [(name, text) for name, text in sent if name not in _OWN_FIELDS and _may_be_kept(name, text)]
    files = any(file.filename for file in request.files.values())
    left_out = files or any(text and not _may_be_kept(name, text) for name, text in sent)
    return TypedPost(user_id, request.full_path.rstrip("?"), _page_of_the_form(), kept, left_out)


def words_sent() -> list[str]:
    """What somebody wrote in the form of this request: an error page that takes its place shows it to her.

    Only of a form that a view of ours has got: its token was right, so no other site wrote it.
    """
    if request.method != "POST" or request.endpoint is None:
        return []
    try:
        return typed_now(user_id=0).words
    except HTTPException:  # more was sent than is read
        return []


def _may_be_kept(name: str, text: str) -> bool:
    return name.rpartition("-")[2] not in SECRET_FIELDS and not contains_cpr(text)


def _page_of_the_form() -> str | None:
    """Where the form stood, as the browser says; None when it does not say, or names no page of ours."""
    named = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    try:
        parts = urlsplit(named)
    except ValueError:  # e.g. half an IPv6 address: any client may send any header
        return None
    return safe_local_path(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def seal(post: TypedPost, *, at: datetime) -> str:
    """Raises TooLongToSeal."""
    if sum(len(name) + len(text) for name, text in post.fields) > MOST_LETTERS:
        raise TooLongToSeal
    content = json.dumps([post.user_id, post.path, post.page, post.fields, post.left_out]).encode()
    return _box(at).encrypt_at_time(zlib.compress(content), int(at.timestamp())).decode()


def opened(sealed: str, *, user_id: int, at: datetime) -> TypedPost:
    """Raises SealBroken."""
    try:
        content = _box(at).decrypt_at_time(
            sealed.encode(), ttl=int(LIFETIME.total_seconds()), current_time=int(at.timestamp())
        )
    except InvalidToken as broken:
        raise SealBroken from broken
    owner, path, page, fields, left_out = json.loads(zlib.decompress(content))
    if owner != user_id or safe_local_path(path) is None:
        raise SealBroken
    return TypedPost(owner, path, page, [(name, text) for name, text in fields], left_out)


def _box(at: datetime) -> MultiFernet:
    return box_of(current_app.config["KEYS"], KeyPurpose.SEALED_POSTS, at=at)


# --- Shown again ---------------------------------------------------------------------------------------------


def shown_to(user_id: int, sealed: str | None) -> Any:
    """The page with the form as she typed it; None when there is no seal that opens for her."""
    if not sealed:
        return None
    try:
        post = opened(sealed, user_id=user_id, at=clock.now())
    except SealBroken:
        return None
    return shown_again(post, fragment=False)


def shown_again(post: TypedPost, *, fragment: bool) -> Any:
    """The form's page with what was typed in it. Where the form has gone meanwhile, the words alone."""
    db.session.rollback()  # gives the connection back: the view takes one of its own
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    answer, kept = Context().run(_asked, app, _environment(post, fragment), post)
    if answer is not None:
        session.clear()
        session.update(kept)
        return answer
    if post.words:
        return _words_page(post), 409
    flash(_("Du har været væk for længe, og der er ikke sket noget. Tryk igen."), "info")
    where = post.page or _page_at(post.path) or url_for("home.index")
    return leave_to(where) if fragment else redirect(where, 303)


def _words_page(post: TypedPost) -> str:
    where = post.page or _page_at(post.path) or url_for("home.index")
    return rendered("errors/kept_words.html", words=post.words, where=where)


def _page_at(path: str) -> str | None:
    """The path, when it can be looked at."""
    try:
        current_app.url_map.bind("").match(urlsplit(path).path, method="GET")
    except HTTPException:
        return None
    return path


def _asked(
    app: Flask, environment: dict[str, Any], post: TypedPost
) -> tuple[Response | None, dict[str, Any]]:
    """The view's answer to the form, and the session after it; no answer where that is not the form's page."""
    with app.request_context(environment):
        body = urlencode([*post.fields, ("csrf_token", generate_csrf())]).encode()
        environment |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}
        for told in _said(post):
            flash(told, "info")
        try:
            answer = app.full_dispatch_request()
        except Exception:
            app.logger.exception("a form could not be shown again")
            return None, {}
        if answer.status_code not in (200, 422) or answer.mimetype != "text/html":
            return None, {}
        answer.status_code = 200  # the form is as it should be: nobody has refused it
        answer.headers.pop("Set-Cookie", None)
        return answer, dict(session)


def _said(post: TypedPost) -> Iterable[str]:
    yield _("Du har været væk for længe. Her er det, du skrev. Se det igennem, og send det.")
    if post.left_out:
        yield _("Adgangskoder, filer og CPR-numre er ikke med. Dem skal du selv sætte ind igen.")


def _environment(post: TypedPost, fragment: bool) -> dict[str, Any]:
    """This request's own surroundings, with the form in its place and the session as it has become."""
    path, _mark, query = post.path.partition("?")
    own = {name: value for name, value in request.environ.items() if not name.startswith("werkzeug.")}
    if not fragment:
        own = {name: value for name, value in own.items() if not name.startswith("HTTP_HX_")}
    return {
        **own,
        _FLAG: post.page or _page_at(post.path),
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "HTTP_COOKIE": f"{current_app.config['SESSION_COOKIE_NAME']}={_session_as_cookie()}",
    }


def _session_as_cookie() -> str:
    serializer = current_app.session_interface.get_signing_serializer(current_app)  # type: ignore[attr-defined]
    return str(serializer.dumps(dict(session)))
