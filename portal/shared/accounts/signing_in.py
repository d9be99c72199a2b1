"""What signing in does over HTTP, whichever page asks for it: count the try, check, begin a session of its own."""

from flask import current_app, request, session
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.shared.accounts import queries, services, throttle
from portal.shared.accounts.devices import device_in_words
from portal.shared.accounts.models import TokenPurpose, User, UserSession
from portal.shared.accounts.secrets import tidy_code
from portal.web import submissions


def count_attempt(account: str) -> None:
    """Every try counts, and a double click signs in twice: the repeat must not be sent away without its cookie.

    Raises TooManyAttempts.
    """
    submissions.carry_out_each_time()
    with transaction():
        throttle.count_attempt(
            email=account, address=request.remote_addr or "", at=clock.now(), config=current_app.config
        )


def code_account() -> str:
    """What the tries of a code are counted by: it has no e-mail."""
    return f"code {request.remote_addr or ''}"


def user_of_code(code: str) -> User | None:
    """Whose paper it stands on. Raises TooManyAttempts."""
    count_attempt(code_account())
    token = queries.open_token(tidy_code(code), TokenPurpose.LOGIN_CODE, at=clock.now())
    return token.user if token else None


def sign_in(user: User, account: str) -> None:
    """A new session on the server and a new one in the cookie: nothing from before the sign-in is carried over."""
    at = clock.now()
    device = device_in_words(request.headers.get("User-Agent", ""))
    with transaction():
        throttle.forget_failures(email=account, config=current_app.config)
        if current_user.is_authenticated:
            services.end_session(own_session(), by=current_user, at=at)
        secret = services.open_session(user, device=device, at=at)
    session.clear()
    session["sid"] = secret


def own_session() -> UserSession:
    return queries.session_with(session["sid"])
