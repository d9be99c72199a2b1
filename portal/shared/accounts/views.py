"""Pages of accounts: sign in and out, one-time links, own sign-ins, and the administrator's users."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import TooManyAttempts
from portal.shared.accounts import (
    own_log,
    password_links,
    queries,
    services,
    signing_in,
    throttle,
)
from portal.shared.accounts.forms import (
    ChangePasswordForm,
    ForgottenForm,
    LoginCodeForm,
    LoginForm,
    NewPasswordForm,
)
from portal.shared.accounts.login_pages import (
    code_page,
    login_page,
    signed_in_with,
    signed_out,
    typed_meanwhile,
)
from portal.shared.accounts.models import User
from portal.shared.accounts.secrets import Passwords
from portal.shared.audit import refusals
from portal.shared.audit.refusals import Refusal
from portal.web import error_pages
from portal.web.htmx import leave_to, render_page, wants_fragment
from portal.web.links import LinkExpired, LinkPurpose, opened_by
from portal.web.local_paths import safe_local_path
from portal.web.permissions import Action, requires
from portal.web.reading import (
    asked_language,
    in_readers_language,
    let_visitor_read,
    readers_language,
    rendered,
)

bp = Blueprint("accounts", __name__)


@bp.before_request
def _let_visitor_read() -> None:
    """The way to these pages knows who comes: the address names the language of whoever was signed in."""
    let_visitor_read(asked_language())


@bp.route("/login", methods=["GET", "POST"])
@requires(Action.PUBLIC)
def login() -> Any:
    if request.method != "POST" and current_user.is_authenticated:
        return redirect(url_for("home.index"), 303)
    form = LoginForm(next=request.args.get("next"))
    if typed := typed_meanwhile(form):
        return typed
    if request.method != "POST" or "switch" in request.form:
        return login_page(form)
    if not form.validate():
        return login_page(form, status=422)
    try:
        user = signing_in.user_of_password(form.email.data, form.password.data)
    except TooManyAttempts as error:
        return login_page(form, status=429, refusal=error.message)
    if user is None:
        return login_page(form, status=422, refusal=_l("E-mail eller adgangskode passer ikke."))
    return signed_in_with(form, user) or redirect(
        safe_local_path(form.next.data) or url_for("home.index"), 303
    )


@bp.route("/login/code", methods=["GET", "POST"])
@requires(Action.PUBLIC)
def login_code() -> Any:
    """A citizen signs in with the code on her paper; it works until it expires or a new one is made."""
    if request.method != "POST" and current_user.is_authenticated:
        return redirect(url_for("home.index"), 303)
    form = LoginCodeForm()
    if typed := typed_meanwhile(form):
        return typed
    if request.method != "POST" or "switch" in request.form:
        return code_page(form)
    if not form.validate():
        return code_page(form, status=422)
    try:
        user = signing_in.user_of_code(form.code.data)
    except TooManyAttempts as error:
        return code_page(form, status=429, refusal=error.message)
    if user is None:
        return code_page(form, status=422, refusal=_l("Koden passer ikke."))
    return signed_in_with(form, user) or redirect(url_for("home.index"), 303)


@bp.post("/logout")
@requires(Action.SIGNED_IN)
def logout() -> Any:
    reads = readers_language()
    with transaction():
        services.end_session(signing_in.own_session(), by=current_user, at=clock.now())
    return signed_out(reads)


@bp.route("/login/forgotten", methods=["GET", "POST"])
@requires(Action.PUBLIC)
def forgotten() -> Any:
    """Ask for a link by mail. The answer is the same whoever asks: it must not tell which e-mails are known."""
    form = ForgottenForm()
    if typed := typed_meanwhile(form):
        return typed
    if request.method != "POST" or "switch" in request.form:
        return _forgotten_page(form)
    if not form.validate():
        return _forgotten_page(form, status=422)
    email, address = form.email.data.lower(), signing_in.visitors_address()
    at, config = clock.now(), current_app.config
    try:
        with transaction():  # one for both: a known e-mail must not be told by how long the answer takes
            asked = {"password-link": f"{email} {address}", "password-link-address": address}
            throttle.count(asked, at=at, config=config)
            user = queries.active_user(email)
            may_be_mailed = _may_be_mailed(
                email
            )  # counted for everybody: an e-mail must not be told by the time
            if may_be_mailed and user is not None and password_links.may_have_one(user):
                password_links.mail_asked(user, at=at, config=config)
    except TooManyAttempts as error:
        return _forgotten_page(form, status=429, refusal=error.message)
    return _forgotten_page(form, asked=True)


def _may_be_mailed(email: str) -> bool:
    """Whether the inbox has not got many links of late; those it has still work. Nobody is told, known or not."""
    try:
        throttle.count({"password-link-recipient": email}, at=clock.now(), config=current_app.config)
    except TooManyAttempts:
        return False
    return True


def _forgotten_page(
    form: ForgottenForm, *, status: int = 200, refusal: object = None, asked: bool = False
) -> Any:
    page = rendered("accounts/forgotten.html", form=form, refusal=refusal, asked=asked, hide_login=True)
    return page, status


@bp.route("/password/<password_link>", methods=["GET", "POST"])
@requires(Action.PUBLIC)
def choose_password(password_link: str) -> Any:
    """The link of the mail: another password, once."""
    try:
        token_id, mark = opened_by(LinkPurpose.FORGOTTEN, password_link)
    except LinkExpired:
        return _link_is_over()
    at, config = clock.now(), current_app.config
    token = password_links.opened(int(token_id), str(mark), at=at, config=config)
    if token is None:
        return _link_is_over()
    form = NewPasswordForm(known=token.user.known_words)
    if request.method != "POST":
        return _reset_page(form, token.user)
    if not form.validate():
        return _reset_page(form, token.user, status=422)
    password, passwords = form.password.data, _passwords()
    try:
        with transaction():
            password_links.use(token, password, mark=str(mark), passwords=passwords, at=at, config=config)
    except password_links.LinkUsed:
        return _link_is_over()
    signing_in.remember_device(token.user)
    flash(_("Din adgangskode er gemt. Log ind med den."), "success")
    return redirect(url_for("accounts.login"), 303)


def _link_is_over() -> Response:
    """Whoever reads her mail days later helps herself: a new link is a minute away."""
    return error_pages.answer(
        410,
        advice=_(
            "Det er brugt eller for gammelt. Har du valgt en adgangskode, så log ind. Ellers få et nyt link."
        ),
        way=(_("Få et nyt link"), url_for("accounts.forgotten")),
    )


def _reset_page(form: NewPasswordForm, user: User, *, status: int = 200) -> Any:
    return rendered("accounts/reset.html", form=form, user=user, hide_login=True), status


@bp.route("/password", methods=["GET", "POST"])
@requires(Action.SIGNED_IN)
def change_password() -> Any:
    """Her own, with the old one: whoever finds her browser open does not take her account."""
    if current_user.password_hash is None:
        return rendered("accounts/change_password.html", form=None)
    form = ChangePasswordForm(known=current_user.known_words)
    if request.method != "POST":
        return rendered("accounts/change_password.html", form=form)
    if not form.validate():
        return rendered("accounts/change_password.html", form=form), 422
    tried = {"own-password": current_user.id}
    try:
        with transaction():
            throttle.count(tried, at=clock.now(), config=current_app.config)
        with transaction():
            throttle.forget(tried, config=current_app.config)
            services.change_password(
                current_user,
                old=form.old.data,
                new=form.password.data,
                passwords=_passwords(),
                session_id=signing_in.own_session().id,
                at=clock.now(),
            )
    except (TooManyAttempts, services.WrongPassword) as error:
        refusals.note(Refusal("own-password-refused", current_user))
        form.old.errors = [error.message]
        status = 429 if isinstance(error, TooManyAttempts) else 422
        return rendered("accounts/change_password.html", form=form), status
    signing_in.remember_device(current_user)  # the mark in her cookie is of the old one
    flash(_("Din adgangskode er ændret, og alle andre enheder er logget ud."), "success")
    return redirect(url_for("accounts.sessions"), 303)


@bp.post("/sessions/stay")
@requires(Action.SIGNED_IN)
def stay() -> Any:
    """She is still there: that she asks is what keeps her signed in, as any other request does."""
    return leave_to(url_for("home.index")) if not wants_fragment() else ("", 204)


@bp.get("/sessions")
@requires(Action.SIGNED_IN)
def sessions() -> Any:
    config = current_app.config
    found = queries.sessions_of(
        current_user, at=clock.now(), idle=config["SESSION_IDLE"], absolute=config["SESSION_ABSOLUTE"]
    )
    with in_readers_language():
        events = own_log.events_of(current_user, at=clock.now())
    return render_page(
        "accounts/sessions.html",
        fragment="session_list",
        sessions=found,
        own_id=signing_in.own_session().id,
        events=events,
        days=own_log.KEPT.days,
        most=own_log.MOST,
    )


@bp.get("/shortcuts")
@requires(Action.USE_SHORTCUTS)
def shortcuts() -> Any:
    return rendered("accounts/shortcuts.html")


@bp.post("/shortcuts")
@requires(Action.USE_SHORTCUTS)
def switch_shortcuts() -> Any:
    with transaction():
        services.switch_shortcuts(current_user, on=request.form.get("on") == "yes")
    said = (
        _("Genvejstasterne er slået til.")
        if current_user.has_shortcuts
        else _("Genvejstasterne er slået fra.")
    )
    flash(said, "success")
    return redirect(url_for("accounts.shortcuts"), 303)


@bp.post("/sessions/<int:session_id>/end")
@requires(Action.SIGNED_IN)
def end_session(session_id: int) -> Any:
    with transaction():
        services.end_session(queries.session_of(current_user, session_id), by=current_user, at=clock.now())
    flash(_("Enheden er logget ud."), "success")
    return redirect(url_for("accounts.sessions"), 303)


@bp.post("/sessions/end-others")
@requires(Action.SIGNED_IN)
def end_other_sessions() -> Any:
    with transaction():
        services.end_other_sessions(current_user, but=signing_in.own_session().id, at=clock.now())
    flash(_("Alle andre enheder er logget ud."), "success")
    return redirect(url_for("accounts.sessions"), 303)


def _passwords() -> Passwords:
    passwords: Passwords = current_app.extensions["passwords"]
    return passwords
