"""The pages of a login whose password was right: the second step, or setting one up, with what was typed before."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.fernet import InvalidToken
from flask import current_app, redirect, request, url_for
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from portal.base import clock
from portal.base.errors import DomainError
from portal.base.keys import KeyPurpose
from portal.base.sealing import box_of
from portal.shared.accounts import passkeys, second_factor, totp
from portal.shared.accounts.devices import device_in_words
from portal.shared.accounts.forms import (
    LoginCodeForm,
    LoginForm,
    SecondStepForm,
    SetUpAppForm,
    SetUpPasskeyForm,
)
from portal.shared.accounts.half_logins import HalfLogin
from portal.shared.accounts.models import User
from portal.web.paper.typesetting import qr_inline
from portal.web.reading import rendered

LIFETIME: Final = timedelta(minutes=30)
"""Of what a page asks for: whoever fetches an app first has the time."""

APP, MAKE, SHOW = "app", "make", "show"
"""What a sealed text is for; one made for something else opens nothing."""


class PageTooOld(DomainError):
    message = _l("Siden har stået åben for længe. Prøv igen.")


def way_of(user: User, asked_for: str | None) -> str:
    """Where somebody goes on whose password was right."""
    page = "second_step.step" if user.second_factor_since is not None else "second_step.set_up_app"
    return url_for(page, next=asked_for)


def led_on(half: HalfLogin, form: LoginForm | LoginCodeForm) -> Any:
    """To the next page. One that goes along with something sealed is the answer itself: no address holds that much."""
    asked_for = form.next.data if isinstance(form, LoginForm) else None
    if not form.sealed.data:
        return redirect(way_of(half.user, asked_for), 303)
    carried = {"formdata": None, "data": {"next": asked_for, "sealed": form.sealed.data}}
    if half.user.second_factor_since is not None:
        return step_page(half.user, SecondStepForm(**carried))
    return app_page(half.user, SetUpAppForm(**carried))


# --- The second step -----------------------------------------------------------------------------------------


def step_page(user: User, form: SecondStepForm, *, status: int = 200, refusal: object = None) -> Any:
    """Asks a new question of her passkeys each time: one that was answered is never answered again."""
    found, party = second_factor.factors_of(user), passkeys.relying_party(current_app.config)
    asked = None
    if party is not None and found.passkeys:
        challenge = second_factor.new_challenge()
        known = [one.credential_id for one in found.passkeys]
        asked = passkeys.to_show_one(party, challenge=challenge, known=known)
        form.question.data = _question(SHOW, user, challenge, at=clock.now())
    form.credential.data = ""
    page = rendered(
        "accounts/second_step.html",
        form=form,
        user=user,
        found=found,
        passkey_asked=asked,
        refusal=refusal,
        hide_login=True,
    )
    return page, status


# --- Setting up ----------------------------------------------------------------------------------------------


def app_page(user: User, form: SetUpAppForm, *, status: int = 200, refusal: object = None) -> Any:
    """The secret stays the same while the form is sent again: she has scanned it already."""
    now = clock.now()
    try:
        [secret] = unsealed(APP, user, form.secret.data, at=now)
    except PageTooOld:
        secret = totp.new_secret()
        form.secret.data = sealed(APP, user, secret, at=now)
    address = totp.address_of(secret, user.email or user.name)
    page = rendered(
        "accounts/set_up_app.html",
        form=form,
        user=user,
        secret=totp.in_groups(secret),
        qr=Markup(qr_inline(address, scale=3)),  # noqa: S704 - our own drawing of an address
        other_way=passkeys.relying_party(current_app.config) is not None,
        refusal=refusal,
        hide_login=True,
    )
    return page, status


def passkey_page(user: User, form: SetUpPasskeyForm, *, status: int = 200, refusal: object = None) -> Any:
    """Says so where no browser would make a passkey."""
    party, asked = passkeys.relying_party(current_app.config), None
    if party is not None:
        challenge = second_factor.new_challenge()
        known = [one.credential_id for one in second_factor.passkeys_of(user)]
        person = (user.id, user.email or user.name, user.name)
        asked = passkeys.to_make_one(party, challenge=challenge, person=person, known=known)
        form.question.data = _question(MAKE, user, challenge, at=clock.now())
    form.credential.data = ""
    if request.method != "POST" or "switch" in request.form:
        form.name.data = device_in_words(request.headers.get("User-Agent", ""))
    page = rendered(
        "accounts/set_up_passkey.html",
        form=form,
        user=user,
        passkey_asked=asked,
        refusal=refusal,
        hide_login=True,
    )
    return page, status


def codes_page(codes: Sequence[str], form: Any) -> str:
    """The recovery codes, which are stored nowhere: this page is not shown again."""
    return rendered("accounts/recovery_codes.html", codes=codes, form=form)


# --- What goes along in a form -------------------------------------------------------------------------------


def sealed(what: str, user: User, *parts: str, at: datetime) -> str:
    """For a hidden field: nobody else reads it, and nothing is stored before it is used."""
    text = json.dumps([what, user.id, *parts]).encode()
    return (
        box_of(current_app.config["KEYS"], KeyPurpose.SECOND_FACTOR, at=at)
        .encrypt_at_time(text, int(at.timestamp()))
        .decode()
    )


def unsealed(what: str, user: User, text: str | None, *, at: datetime) -> list[str]:
    """Raises PageTooOld, also for what was sealed for somebody else or something else."""
    box = box_of(current_app.config["KEYS"], KeyPurpose.SECOND_FACTOR, at=at)
    try:
        opened = box.decrypt_at_time(
            (text or "").encode(), int(LIFETIME.total_seconds()), int(at.timestamp())
        )
        kind, user_id, *parts = json.loads(opened)
    except (InvalidToken, ValueError) as broken:
        raise PageTooOld from broken
    if kind != what or user_id != user.id:
        raise PageTooOld
    return [str(one) for one in parts]


def _question(what: str, user: User, challenge: bytes, *, at: datetime) -> str:
    return sealed(what, user, bytes_to_base64url(challenge), at.isoformat(), at=at)


def question_of(what: str, user: User, text: str | None, *, at: datetime) -> tuple[bytes, datetime]:
    """What the page asked, and when. Raises PageTooOld."""
    challenge, asked_at = unsealed(what, user, text, at=at)
    return base64url_to_bytes(challenge), datetime.fromisoformat(asked_at)
