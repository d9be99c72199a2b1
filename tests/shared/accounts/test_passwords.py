"""Which passwords are taken, how one changes one's own, and that its owner hears of it."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.shared.accounts import services
from portal.shared.accounts.guessing import what_is_weak
from portal.shared.accounts.models import User
from portal.shared.outbox.models import Mail, MailKind
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW
from tests.support.links import password_token

Clients = Callable[[User | None], PortalClient]

OLD = "tre gamle gode ord"
NEW = "fire helt andre ord her"


@pytest.mark.parametrize(
    "password",
    [
        "1234567890", "qwertyuiop", "aaaaaaaaaaaa", "passwordpassword", "adgangskode1", "Sommer2026!", "velkommen123",
        "12-11-1985 12", "Karin Holm", "karin holm 1985", "Karin-Holm-1985", "karin@kommune.example",
        "Halsnæs Kommune", "det-gode-match", "x" * 200,
    ],
)  # fmt: skip
def test_what_is_soon_guessed_is_refused_with_what_would_be_better(password: str) -> None:
    weak = what_is_weak(password, ("Karin Holm", "karin@kommune.example", "Halsnæs"))

    assert weak is not None
    why, better = weak
    assert str(why)
    assert "ord" in str(better)


@pytest.mark.parametrize("password", ["tre gode ord", NEW, "ærtesuppe blå kran", "hT7#qLp2vX", NEW * 8])
def test_what_takes_long_to_guess_is_taken(password: str) -> None:
    assert what_is_weak(password, ("Karin Holm", "karin@kommune.example", "Halsnæs")) is None


@pytest.mark.parametrize(
    ("password", "repeated"),
    [
        ("kort", "kort"), (NEW, "noget andet"), ("karin@kommune.example",) * 2, ("", ""), ("x" * 201,) * 2,
        ("1234567890",) * 2, ("Karin Holm 1985",) * 2,
    ],
)  # fmt: skip
def test_a_poor_password_is_refused_next_to_the_field(
    app: Flask, karin: User, visitor: PortalClient, password: str, repeated: str
) -> None:
    link = f"/password/{password_token(app, karin)}"

    answer = visitor.post(link, {"password": password, "repeated": repeated})

    assert answer.status_code == 422
    assert answer.page.select_one("#password-error, #repeated-error")
    assert visitor.get(link).status_code == 200


# --- Her own -------------------------------------------------------------------------------------------------


@pytest.fixture
def owner(app: Flask, karin: User) -> User:
    """Karin, whose password is OLD."""
    with transaction():
        her = db.session.get_one(User, karin.id)
        services.set_password(her, OLD, passwords=app.extensions["passwords"], by=her, at=NOW)
        db.session.execute(sa.delete(Mail))
    return karin


def change(browser: PortalClient, *, old: str = OLD, new: str = NEW) -> int:
    return browser.post("/password", {"old": old, "password": new, "repeated": new}).status_code


def test_karin_changes_her_password_and_is_signed_out_everywhere_else(
    client_for: Clients, owner: User, visitor: PortalClient
) -> None:
    here, elsewhere = client_for(owner), client_for(owner)

    assert change(here) == 303

    assert here.get("/sessions").status_code == 200
    assert elsewhere.get("/sessions").location.startswith("/login")
    assert visitor.post("/login", {"email": owner.email, "password": OLD}).status_code == 422
    assert visitor.post("/login", {"email": owner.email, "password": NEW}).status_code == 303
    assert [(mail.kind, mail.recipient) for mail in db.session.scalars(sa.select(Mail))] == [
        (MailKind.PASSWORD_CHANGED, owner.email)
    ]


def test_whoever_finds_her_browser_open_needs_the_old_one_and_has_few_tries(
    app: Flask, client_for: Clients, owner: User, visitor: PortalClient
) -> None:
    browser, free = client_for(owner), app.config["LIMITS"]["own-password"].free

    assert [change(browser, old=f"forkert {number}") for number in range(free)] == [422] * free

    assert change(browser) == 429
    assert visitor.post("/login", {"email": owner.email, "password": OLD}).status_code == 303
    assert db.session.scalars(sa.select(Mail)).all() == []


def test_what_is_weak_is_refused_there_too(client_for: Clients, owner: User) -> None:
    answer = client_for(owner).post(
        "/password", {"old": OLD, "password": "1234567890", "repeated": "1234567890"}
    )

    assert answer.status_code == 422
    assert "Tag hellere tre eller fire ord" in answer.page.select_one("#password-error").text


def test_a_citizen_is_told_that_she_signs_in_by_paper(client_for: Clients) -> None:
    amira = factories.make_citizen("Amira", with_login=True).user
    browser = client_for(amira)

    assert "ingen adgangskode" in browser.get("/password").words
    assert browser.post("/password", {"old": "", "password": NEW, "repeated": NEW}).status_code == 200
    assert db.session.get_one(User, amira.id, populate_existing=True).password_hash is None
