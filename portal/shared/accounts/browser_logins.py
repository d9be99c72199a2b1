"""What a browser remembers of its logins in its signed cookie: whose was the last that ended, and the form tokens of
pages that may still stand open.

A page that was opened before a login ended carries that login's token. Whoever knows such a token has it from a page of
ours in this very browser, and only its writer gets her form back: filled in, never carried out.
"""

from typing import Final

from flask import current_app, g, request, session
from flask_login import current_user
from itsdangerous import BadData, URLSafeTimedSerializer

from portal.shared.accounts import queries

NOBODY: Final = 0
"""The writer of a page that was opened before anybody had signed in."""

MOST_KEPT: Final = 4
"""Logins in a row in one browser; a page older than that is very old, and a cookie is small."""


def leave() -> int | None:
    """Forget the login in the cookie, which is over, but not whose it was. Returns whose, None if nobody's."""
    secret = session.pop("sid", None)
    user = queries.user_of_any_session(secret) if isinstance(secret, str) else None
    if user is not None:
        session["ended"] = user.id
    ended = session.get("ended")
    return ended if isinstance(ended, int) else None


def begin(secret: str | None) -> None:
    """Empty the cookie for the login with this secret, or for none, but for what pages that stand open need."""
    writer_id = _writer()
    token = session.get("csrf_token")
    kept = [*_earlier(), (token, writer_id)] if isinstance(token, str) else _earlier()
    session.clear()
    for stale in ("csrf_token", "_login_user"):  # asked for anew by what this request still shows
        g.pop(stale, None)
    session["earlier"] = kept[-MOST_KEPT:]
    if secret is not None:
        session["sid"] = secret
    elif writer_id != NOBODY:
        session["ended"] = writer_id


def writer_of_the_form() -> int | None:
    """Who had signed in when the form that was sent was opened in this browser; None for a form of elsewhere."""
    config = current_app.config
    serializer = URLSafeTimedSerializer(config["WTF_CSRF_SECRET_KEY"], salt="wtf-csrf-token")
    try:
        sent = serializer.loads(request.form.get("csrf_token", ""))
    except BadData:
        return None
    return next((writer_id for token, writer_id in _earlier() if token == sent), None)


def _writer() -> int:
    """Whose pages stand open with the token of now."""
    if current_user.is_authenticated:
        return int(current_user.id)
    return leave() or NOBODY


def _earlier() -> list[tuple[str, int]]:
    return [(str(token), int(writer_id)) for token, writer_id in session.get("earlier", ())]
