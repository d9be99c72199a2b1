"""What signing in does over HTTP, whichever page asks for it: count the try, check, begin a session of its own."""

from typing import Final

from flask import Response, after_this_request, current_app, request, session
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import TooManyAttempts
from portal.shared.accounts import browser_logins, queries, services, throttle
from portal.shared.accounts.devices import KnownDevice, device_in_words, new_device, opened_device
from portal.shared.accounts.models import SecondStep, TokenPurpose, User, UserSession
from portal.shared.accounts.secrets import Passwords, tidy_code
from portal.shared.accounts.throttle import Counted
from portal.shared.audit import refusals
from portal.shared.audit.refusals import Refusal
from portal.web import submissions

DEVICE_COOKIE: Final = "portal-device"


def user_of_password(email: str, password: str) -> User | None:
    """The active user with this password. The try is counted before the password is looked at, so that many at once
    are counted too; one that was right is taken back.

    Raises TooManyAttempts.
    """
    user = queries.user_by_email(email)
    counted = _tries_of_password(email, user)
    count_try(counted, Refusal("sign-in-paused", user, typed=email.strip().lower()))
    passwords: Passwords = current_app.extensions["passwords"]
    right = passwords.verify(user.password_hash if user else None, password)
    if not right or user is None or not user.is_active:
        refusals.note(Refusal("sign-in-refused", user, typed=email.strip().lower()))
        return None
    was_right(counted, {"password", "password-crowded", "password-device"})
    return user


def user_of_code(code: str) -> User | None:
    """Whose paper it stands on.

    Whoever has signed in on this device waits for nobody's guesses. A code that is not hers counts by the address also
    there: with a paper of one's own one would guess on for ever. Raises TooManyAttempts.
    """
    token = queries.open_token(tidy_code(code), TokenPurpose.LOGIN_CODE, at=clock.now())
    if token is not None and _is_known_here(token.user):
        submissions.carry_out_each_time()
        return token.user
    counted = {"code": tidy_code(code), "code-address": visitors_address()}
    count_try(counted, Refusal("sign-in-paused"))
    if token is None:
        refusals.note(Refusal("code-refused"))
        return None
    was_right(counted, {"code"})
    return token.user


def _tries_of_password(email: str, user: User | None) -> Counted:
    """What a try is counted by: a device that has signed in as her is counted by itself, and by nothing else."""
    name, address, device = email.strip().lower(), visitors_address(), _device()
    at = clock.now()
    if device is not None and _is_known_here(user):
        return {"password-device": f"{name} {device.name}"}
    failed = throttle.tries("password-address", address, at=at, config=current_app.config)
    crowded = failed >= current_app.config["CROWDED_ADDRESS"]
    pair = "password-crowded" if crowded else "password"
    return {pair: f"{name} {address}", "password-user": name, "password-address": address}


def tries_of_second_step(user: User) -> Counted:
    """As of a password: a device that she has signed in on is counted by itself."""
    device = _device()
    if device is not None and _is_known_here(user):
        return {"second-step-device": f"{user.id} {device.name}"}
    return {"second-step": f"{user.id} {visitors_address()}", "second-step-user": user.id}


def count_try(counted: Counted, refusal: Refusal) -> None:
    """Every try counts, and a double click signs in twice: the repeat must not be sent away without its cookie."""
    submissions.carry_out_each_time()
    try:
        with transaction():
            throttle.count(counted, at=clock.now(), config=current_app.config)
    except TooManyAttempts:
        refusals.note(refusal)
        raise


def was_right(counted: Counted, hers: set[str]) -> None:
    """What is hers alone begins anew; what others are counted by too loses this try and no other."""
    own = {kind: key for kind, key in counted.items() if kind in hers}
    shared = {kind: key for kind, key in counted.items() if kind not in hers}
    with transaction():
        throttle.forget(own, config=current_app.config)
        throttle.take_back(shared, config=current_app.config)


def confirm_own_password(typed: str) -> None:
    """That she herself sits at the browser: whoever finds it open does not take her account.

    Raises TooManyAttempts, WrongPassword.
    """
    with submissions.not_yet_carried_out():
        try:
            _try_own_password(typed)
        except (TooManyAttempts, services.WrongPassword):
            refusals.note(Refusal("own-password-refused", current_user))
            raise


def _try_own_password(typed: str) -> None:
    tried = {"own-password": current_user.id}
    passwords: Passwords = current_app.extensions["passwords"]
    with transaction():
        throttle.count(tried, at=clock.now(), config=current_app.config)
    if not passwords.verify(current_user.password_hash, typed):
        raise services.WrongPassword
    with transaction():
        throttle.forget(tried, config=current_app.config)


def visitors_address() -> str:
    """What a visitor's address is counted as."""
    return throttle.connection(request.remote_addr)


def sign_in(user: User, *, second_step: SecondStep | None = None) -> None:
    """A new session on the server and a new one in the cookie: nothing from before the sign-in is carried over but
    the tokens of pages that still stand open. `second_step` is what she showed besides her password.
    """
    at = clock.now()
    device = device_in_words(request.headers.get("User-Agent", ""))
    with transaction():
        if current_user.is_authenticated:
            services.end_session(own_session(), by=current_user, at=at)
        secret = services.open_session(user, device=device, at=at, second_step=second_step)
    browser_logins.begin(secret)
    remember_device(user)


def remember_device(user: User) -> None:
    """Her guesses on this browser are from now on counted apart: she has just shown who she is on it."""
    key, lifetime = throttle.key_of(current_app.config), current_app.config["DEVICE_LIFETIME"]
    sealed = (_device() or new_device()).with_sign_in(user, key=key).sealed(key=key)

    @after_this_request
    def set_cookie(response: Response) -> Response:
        response.set_cookie(
            DEVICE_COOKIE,
            sealed,
            max_age=lifetime,
            httponly=True,
            samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )
        return response


def _device() -> KnownDevice | None:
    config = current_app.config
    sealed = request.cookies.get(DEVICE_COOKIE)
    return opened_device(sealed, key=throttle.key_of(config), lifetime=config["DEVICE_LIFETIME"])


def _is_known_here(user: User | None) -> bool:
    """Whether she has signed in on this device."""
    device = _device()
    return device is not None and device.knows(user, key=throttle.key_of(current_app.config))


def own_session() -> UserSession:
    return queries.session_with(session["sid"])
