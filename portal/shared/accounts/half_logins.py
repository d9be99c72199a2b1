"""Logins of which the password was right and the second step is not taken yet: in the signed cookie, and nowhere else.

Whoever has one is not signed in: she reaches the pages of the second step, and nothing else. It ends as a silent login
does, and when her password or what she has for the second step becomes another.
"""

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from flask import current_app, session
from flask_login import current_user

from portal.base import clock
from portal.base.database import db, transaction
from portal.base.keys import keyed_hash
from portal.shared.accounts import browser_logins, queries, services, throttle
from portal.shared.accounts.models import User
from portal.shared.accounts.secrets import new_secret

COOKIE_PART = "half"
MARK_LENGTH = 24
"""Hexadecimal digits: 96 bits."""


@dataclass(frozen=True)
class HalfLogin:
    """Who has shown her password in this browser; `attempt` tells this login from all others."""

    user: User
    attempt: str


def begin(user: User) -> HalfLogin:
    """Her password was right. Whoever was signed in here before is not any more."""
    at = clock.now()
    if current_user.is_authenticated:
        with transaction():
            services.end_session(queries.session_with(session["sid"]), by=current_user, at=at)
        browser_logins.begin(None)
    attempt = new_secret()
    session[COOKIE_PART] = [user.id, at.isoformat(), attempt, _mark(user)]
    return HalfLogin(user, attempt)


def current() -> HalfLogin | None:
    """The one in this browser's cookie, while it holds."""
    kept = session.get(COOKIE_PART)
    if not isinstance(kept, list):
        return None
    user_id, began_at, attempt, mark = kept
    user = db.session.get(User, user_id)
    if user is None or not user.is_active or not compare_digest(mark, _mark(user)):
        return None
    is_over = clock.now() - datetime.fromisoformat(began_at) > current_app.config["SESSION_IDLE"]
    return None if is_over else HalfLogin(user, attempt)


def _mark(user: User) -> str:
    key = throttle.key_of(current_app.config)
    said = f"half {user.id} {user.password_hash} {user.second_factor_since}"
    return keyed_hash(key, said)[:MARK_LENGTH]
