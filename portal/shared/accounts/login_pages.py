"""The pages where one signs in, with what was typed in the form that came too late."""

from typing import Any

from flask import Response, current_app, flash, make_response, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import Label

from portal.base import clock, events
from portal.base.terms import Language
from portal.shared.accounts import browser_logins, half_logins, queries, second_factor, signing_in
from portal.shared.accounts.forms import ForgottenForm, LoginCodeForm, LoginForm, SecondStepForm
from portal.shared.accounts.models import User
from portal.shared.accounts.second_step_pages import led_on
from portal.web import sealed_posts
from portal.web.htmx import block_rendered, wants_fragment
from portal.web.permissions import Scope
from portal.web.reading import let_visitor_read, rendered

UNAUTHORIZED = 401


def login_page(form: LoginForm, *, status: int = 200, refusal: object = None) -> Any:
    return _page("accounts/login.html", form, status, refusal)


def code_page(form: LoginCodeForm, *, status: int = 200, refusal: object = None) -> Any:
    return _page("accounts/login_code.html", form, status, refusal)


def typed_meanwhile(form: LoginForm | LoginCodeForm | ForgottenForm | SecondStepForm) -> Any:
    """What stands sealed in the form, when its writer has signed in meanwhile in another tab."""
    return sealed_posts.shown_to(current_user.id, form.sealed.data) if current_user.is_authenticated else None


def signed_in_with(form: LoginForm | LoginCodeForm, user: User) -> Any:
    """Begin her session, or lead her on to the second step of her login, where one is asked of her.

    Returns that page, or the form she had written, when one is sealed in this page.
    """
    if second_factor.is_asked_of(user, current_app.config):
        return led_on(half_logins.begin(user), form)
    signing_in.sign_in(user)
    return sealed_posts.shown_to(user.id, form.sealed.data)


def signed_out(reads: Language | None = None) -> Any:
    """What "log out" answers, also when the login was over before: to whoever reads a language, in that."""
    browser_logins.begin(None)
    flash(_("Du er logget ud."), "success")
    way = url_for("accounts.login_code", language=reads) if reads else url_for("home.index")
    return redirect(way, 303)


def _page(template: str, form: LoginForm | LoginCodeForm, status: int, refusal: object) -> Any:
    return rendered(template, form=form, refusal=refusal, hide_login=True), status


def with_typed(user_id: int) -> Response:
    """The page where the writer signs in, with what she has just sent sealed in its form; in place for htmx."""
    user = queries.user(user_id)
    let_visitor_read(events.language_of(user))
    form, template = _form_of(user)
    try:
        form.sealed.data = sealed_posts.seal(sealed_posts.typed_now(user_id), at=clock.now())
        told = _l("Log ind igen, så er det, du skrev, her stadig.")
    except sealed_posts.TooLongToSeal:
        told = _l(
            "Det, du skrev, er for langt til at tage med. Gå tilbage, og kopiér det, før du logger ind."
        )
    words = {"form": form, "refusal": None, "hide_login": True, "away": told}
    if not wants_fragment():
        if form.sealed.data and (in_hers := events.sign_in_page_of(user, form)) is not None:
            return make_response(in_hers, UNAUTHORIZED)
        return make_response(rendered(template, **words), UNAUTHORIZED)
    for field in form:  # the page around it may have fields of the same names
        field.id = f"login-{field.id}"
        field.label = Label(field.id, field.label.text)
    response = make_response(block_rendered(template, "sign_in", **words), UNAUTHORIZED)
    response.headers["HX-Retarget"] = "#messages"
    response.headers["HX-Reswap"] = "innerHTML"
    response.vary.add("HX-Request")
    return response


def _form_of(user: User) -> tuple[LoginForm | LoginCodeForm, str]:
    """Citizens sign in with the code on their paper."""
    if user.scope is Scope.CITIZEN:
        return LoginCodeForm(formdata=None), "accounts/login_code.html"
    return LoginForm(formdata=None), "accounts/login.html"
