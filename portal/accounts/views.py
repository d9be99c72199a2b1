"""Pages of accounts: sign in and out, one-time links, own sign-ins, and the administrator's users."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal import clock
from portal.accounts import queries, services
from portal.accounts.devices import device_in_words
from portal.accounts.forms import LoginCodeForm, LoginForm
from portal.accounts.models import TokenPurpose, User
from portal.accounts.secrets import Passwords, tidy_code
from portal.accounts.ways import own_path
from portal.database import transaction
from portal.errors import TooManyAttempts
from portal.permissions import Action, requires

bp = Blueprint("accounts", __name__)


@bp.route("/login", methods=["GET", "POST"])
@requires(Action.PUBLIC)
def login() -> Any:
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(url_for("home.index"), 303)
    form = LoginForm(next=request.args.get("next"))
    if request.method == "GET":
        return _login_page(form)
    if not form.validate():
        return _login_page(form, status=422)
    try:
        user = _verified_user(form.email.data, form.password.data)
    except TooManyAttempts as error:
        return _login_page(form, status=429, refusal=error.message)
    if user is None:
        return _login_page(form, status=422, refusal=_("E-mail eller adgangskode passer ikke."))
    _sign_in(user, form.email.data)
    return redirect(own_path(form.next.data) or url_for("home.index"), 303)


def _login_page(form: LoginForm, *, status: int = 200, refusal: object = None) -> Any:
    return render_template("accounts/login.html", form=form, refusal=refusal, hide_login=True), status


def _code_page(form: LoginCodeForm, *, status: int = 200, refusal: object = None) -> Any:
    return render_template("accounts/login_code.html", form=form, refusal=refusal, hide_login=True), status


def _verified_user(email: str, password: str) -> User | None:
    """The active user with this password. The try is counted before the password is looked at, so that many at
    once are counted too. Raises TooManyAttempts."""
    with transaction():
        services.count_attempt(email=email, address=_address(), at=clock.now(), config=current_app.config)
    user = queries.user_by_email(email)
    right = _passwords().verify(user.password_hash if user else None, password)
    return user if right and user is not None and user.is_active else None


def _sign_in(user: User, account: str) -> None:
    """A new session on the server and a new one in the cookie: nothing from before the sign-in is carried over."""
    at = clock.now()
    device = device_in_words(request.headers.get("User-Agent", ""))
    with transaction():
        services.forget_failures(email=account, config=current_app.config)
        secret = services.open_session(user, device=device, at=at)
    session.clear()
    session["sid"] = secret


@bp.route("/login/code", methods=["GET", "POST"])
@requires(Action.PUBLIC)
def login_code() -> Any:
    """A citizen signs in with the code on her paper; it works until it expires or a new one is made."""
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(url_for("home.index"), 303)
    form = LoginCodeForm()
    if request.method == "GET":
        return _code_page(form)
    if not form.validate():
        return _code_page(form, status=422)
    account = f"code {_address()}"  # a code has no e-mail to count by
    try:
        with transaction():
            services.count_attempt(
                email=account, address=_address(), at=clock.now(), config=current_app.config
            )
    except TooManyAttempts as error:
        return _code_page(form, status=429, refusal=error.message)
    token = queries.open_token(tidy_code(form.code.data), TokenPurpose.LOGIN_CODE, at=clock.now())
    if token is None:
        return _code_page(form, status=422, refusal=_("Koden passer ikke."))
    _sign_in(token.user, account)
    return redirect(url_for("home.index"), 303)


@bp.post("/logout")
@requires(Action.SIGNED_IN)
def logout() -> Any:
    with transaction():
        services.end_session(_own_session(), by=current_user, at=clock.now())
    session.clear()
    flash(_("Du er logget ud."), "success")
    return redirect(url_for("home.index"), 303)


def _own_session() -> Any:
    return queries.session_with(session["sid"])


def _address() -> str:
    return request.remote_addr or ""


def _passwords() -> Passwords:
    passwords: Passwords = current_app.extensions["passwords"]
    return passwords
