"""Pages of the login in two steps: the second step, setting one up after the password, and what somebody has."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError, TooManyAttempts
from portal.shared.accounts import half_logins, passkeys, second_factor, second_step_pages, signing_in
from portal.shared.accounts.forms import (
    LoginForm,
    OwnAppForm,
    OwnPasskeyForm,
    OwnPasswordForm,
    SecondStepForm,
    SetUpAppForm,
    SetUpPasskeyForm,
)
from portal.shared.accounts.half_logins import HalfLogin
from portal.shared.accounts.login_pages import login_page, typed_meanwhile
from portal.shared.accounts.models import AuthenticatorApp, Passkey, SecondStep, User
from portal.shared.accounts.second_step_pages import APP, MAKE, SHOW, question_of, unsealed
from portal.shared.accounts.services import WrongPassword
from portal.shared.audit import refusals
from portal.shared.audit.refusals import Refusal
from portal.web import sealed_posts, submissions
from portal.web.htmx import render_page
from portal.web.local_paths import safe_local_path
from portal.web.permissions import Action, requires
from portal.web.reading import rendered

bp = Blueprint("second_step", __name__)

SettingUp = SetUpAppForm | SetUpPasskeyForm

TOO_MANY, WRONG = 429, 422


# --- The second step -----------------------------------------------------------------------------------------


@bp.route("/login/step", methods=["GET", "POST"])
@requires(Action.PUBLIC)
def step() -> Any:
    form = SecondStepForm(next=request.args.get("next"))
    if typed := typed_meanwhile(form):
        return typed
    half = half_logins.current()
    if half is None or half.user.second_factor_since is None:
        return _begin_anew(form)
    if request.method != "POST":
        return second_step_pages.step_page(half.user, form)
    if not form.validate():
        return second_step_pages.step_page(half.user, form, status=WRONG)
    try:
        shown = _shown(half, form)
    except DomainError as refused:
        status = TOO_MANY if isinstance(refused, TooManyAttempts) else WRONG
        return second_step_pages.step_page(half.user, form, status=status, refusal=refused.message)
    signing_in.sign_in(half.user, second_step=shown)
    return sealed_posts.shown_to(half.user.id, form.sealed.data) or _on(form)


def _shown(half: HalfLogin, form: SecondStepForm) -> SecondStep:
    """Counted before it is looked at, as a password is. Raises DomainError."""
    user, at, config = half.user, clock.now(), current_app.config
    counted = signing_in.tries_of_second_step(user)
    signing_in.count_try(counted, Refusal("second-step-paused", user))
    try:
        with transaction():
            if form.credential.data:
                _take_passkey(user, form)
                shown = SecondStep.PASSKEY
            else:
                shown = second_factor.take_code(
                    user, form.code.data, attempt=half.attempt, at=at, keys=config["KEYS"]
                )
    except DomainError:
        refusals.note(Refusal("second-step-refused", user))
        raise
    signing_in.was_right(counted, {"second-step", "second-step-device"})
    return shown


def _take_passkey(user: User, form: SecondStepForm) -> None:
    at, party = clock.now(), passkeys.relying_party(current_app.config)
    challenge, asked_at = question_of(SHOW, user, form.question.data, at=at)
    if party is None:
        raise second_factor.PasskeyNotTaken
    second_factor.take_passkey(
        user, form.credential.data, party=party, challenge=challenge, asked_at=asked_at, at=at
    )


def _begin_anew(form: SecondStepForm | SetUpAppForm | SetUpPasskeyForm) -> Any:
    """There is no password to go on from: it was shown too long ago, or she has signed in since, here or elsewhere."""
    if current_user.is_authenticated:
        return _on(form)
    if not form.sealed.data:
        return redirect(url_for("accounts.login", next=safe_local_path(form.next.data)), 303)
    data = {"next": form.next.data, "sealed": form.sealed.data}
    told = _("Det tog for lang tid. Log ind igen, så er det, du skrev, her stadig.")
    return login_page(LoginForm(formdata=None, data=data), refusal=told)


def _on(form: Any) -> Any:
    return redirect(safe_local_path(form.next.data) or url_for("home.index"), 303)


# --- Setting one up after the password -----------------------------------------------------------------------


@bp.route("/login/set-up/app", methods=["GET", "POST"])
@requires(Action.PUBLIC)
def set_up_app() -> Any:
    """Of whom a second step is demanded and who has none comes here after her password, and nowhere else."""
    return _set_up(SetUpAppForm(next=request.args.get("next")), SecondStep.APP)


@bp.route("/login/set-up/passkey", methods=["GET", "POST"])
@requires(Action.PUBLIC)
def set_up_passkey() -> Any:
    return _set_up(SetUpPasskeyForm(next=request.args.get("next")), SecondStep.PASSKEY)


def _set_up(form: SettingUp, shown: SecondStep) -> Any:
    half = half_logins.current()
    if current_user.is_authenticated or half is None or half.user.second_factor_since is not None:
        return _begin_anew(form)
    if request.method != "POST" or "switch" in request.form:
        return _page(half.user, form)
    if not form.validate():
        return _page(half.user, form, status=WRONG)
    submissions.carry_out_each_time()
    try:
        with transaction():
            codes = _add(half.user, form, session_id=None)
    except DomainError as refused:
        return _page(half.user, form, status=WRONG, refusal=refused.message)
    signing_in.sign_in(half.user, second_step=shown)
    return second_step_pages.codes_page(codes, form)


def _page(user: User, form: SettingUp, *, status: int = 200, refusal: object = None) -> Any:
    if isinstance(form, SetUpAppForm):
        return second_step_pages.app_page(user, form, status=status, refusal=refusal)
    return second_step_pages.passkey_page(user, form, status=status, refusal=refusal)


def _add(user: User, form: SettingUp, *, session_id: int | None) -> list[str]:
    """Returns recovery codes with the first one. Raises DomainError."""
    if isinstance(form, SetUpAppForm):
        return _add_app(user, form, session_id)
    return _add_passkey(user, form, session_id)


def _add_app(user: User, form: SetUpAppForm, session_id: int | None) -> list[str]:
    """Raises PageTooOld, StepRefused, AlreadySetUp."""
    at, keys = clock.now(), current_app.config["KEYS"]
    [secret] = unsealed(APP, user, form.secret.data, at=at)
    return second_factor.add_app(user, secret, form.code.data, session_id=session_id, at=at, keys=keys)


def _add_passkey(user: User, form: SetUpPasskeyForm, session_id: int | None) -> list[str]:
    """Raises PageTooOld, NoPasskeyMade, PasskeyKnown, TooManyPasskeys, AlreadySetUp."""
    at, party = clock.now(), passkeys.relying_party(current_app.config)
    challenge, _asked_at = question_of(MAKE, user, form.question.data, at=at)
    if party is None:
        raise second_factor.NoPasskeyMade
    try:
        made = passkeys.made(form.credential.data or "", party, challenge=challenge)
    except passkeys.PasskeyRefused as refused:
        raise second_factor.NoPasskeyMade from refused
    return second_factor.add_passkey(user, made, name=form.name.data, session_id=session_id, at=at)


# --- What somebody has ---------------------------------------------------------------------------------------


@bp.get("/second-step")
@requires(Action.USE_SECOND_FACTOR)
def mine() -> Any:
    return render_page(
        "accounts/second_factor.html",
        fragment="second_factor",
        found=second_factor.factors_of(current_user),
        is_demanded=second_factor.is_demanded_of(current_user, current_app.config),
        can_have_passkeys=passkeys.relying_party(current_app.config) is not None,
    )


@bp.route("/second-step/app", methods=["GET", "POST"])
@requires(Action.USE_SECOND_FACTOR)
def own_app() -> Any:
    told = _("Din app er sat op. Den gamle virker ikke mere.")
    return _set_up_own(OwnAppForm(), told)


@bp.route("/second-step/passkey", methods=["GET", "POST"])
@requires(Action.USE_SECOND_FACTOR)
def own_passkey() -> Any:
    told = _("Adgangsnøglen er sat op.")
    return _set_up_own(OwnPasskeyForm(), told)


def _set_up_own(form: OwnAppForm | OwnPasskeyForm, told: str) -> Any:
    user = current_user._get_current_object()
    if request.method != "POST":
        return _page(user, form)
    if not form.validate():
        return _page(user, form, status=WRONG)
    if status := _without_password(form):
        return _page(user, form, status=status)
    try:
        with transaction():
            codes = _add(user, form, session_id=signing_in.own_session().id)
    except DomainError as refused:
        return _page(user, form, status=WRONG, refusal=refused.message)
    if codes:
        submissions.show_once(url_for("second_step.mine"))
        return second_step_pages.codes_page(codes, form)
    flash(told, "success")
    return redirect(url_for("second_step.mine"), 303)


@bp.route("/second-step/codes", methods=["GET", "POST"])
@requires(Action.USE_SECOND_FACTOR)
def own_codes() -> Any:
    """Ten new recovery codes, for who has something they stand in for."""
    if current_user.second_factor_since is None:
        return redirect(url_for("second_step.mine"), 303)
    form = OwnPasswordForm()
    if request.method != "POST":
        return _page_of_codes(form)
    if not form.validate():
        return _page_of_codes(form, status=WRONG)
    if status := _without_password(form):
        return _page_of_codes(form, status=status)
    with transaction():
        codes = second_factor.make_recovery_codes(current_user, at=clock.now())
    submissions.show_once(url_for("second_step.mine"))
    return second_step_pages.codes_page(codes, form)


def _page_of_codes(form: OwnPasswordForm, *, status: int = 200) -> Any:
    return rendered("accounts/new_recovery_codes.html", form=form), status


@bp.route("/second-step/app/remove", methods=["GET", "POST"])
@requires(Action.USE_SECOND_FACTOR)
def remove_app() -> Any:
    app = second_factor.factors_of(current_user).app
    if app is None:
        return redirect(url_for("second_step.mine"), 303)
    return _remove(app, _("Appen er fjernet."))


@bp.route("/second-step/passkeys/<int:passkey_id>/remove", methods=["GET", "POST"])
@requires(Action.USE_SECOND_FACTOR)
def remove_passkey(passkey_id: int) -> Any:
    return _remove(second_factor.passkey_of(current_user, passkey_id), _("Adgangsnøglen er fjernet."))


def _remove(factor: AuthenticatorApp | Passkey, told: str) -> Any:
    form = OwnPasswordForm()
    if request.method != "POST":
        return _page_to_remove(factor, form)
    if not form.validate():
        return _page_to_remove(factor, form, status=WRONG)
    if status := _without_password(form):
        return _page_to_remove(factor, form, status=status)
    with transaction():
        second_factor.remove(current_user, factor, config=current_app.config, at=clock.now())
    flash(told, "success")
    return redirect(url_for("second_step.mine"), 303)


def _page_to_remove(factor: AuthenticatorApp | Passkey, form: OwnPasswordForm, *, status: int = 200) -> Any:
    name = factor.name if isinstance(factor, Passkey) else None
    return rendered("accounts/remove_second_step.html", form=form, name=name), status


def _without_password(form: OwnPasswordForm) -> int | None:
    """Why her password was not taken, beside its field; None when it was."""
    try:
        signing_in.confirm_own_password(form.old.data)
    except (TooManyAttempts, WrongPassword) as error:
        form.old.errors = [error.message]
        return TOO_MANY if isinstance(error, TooManyAttempts) else WRONG
    return None
