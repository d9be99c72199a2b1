"""The link by which somebody chooses her password: by mail, to herself, and never shown to who asked for it."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal.base.database import db, transaction
from portal.shared.accounts import password_links, services
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.shared.outbox.letters import with_links
from portal.shared.outbox.models import Mail, MailKind, MailState
from portal.web.permissions import Role
from tests import factories
from tests.client import PortalClient, PortalResponse
from tests.factories import NOW
from tests.support.links import password_token

Clients = Callable[[User | None], PortalClient]

NEW = "tre gode ord"
OTHER = "fire andre gode ord"


def mails(kind: MailKind = MailKind.ACCOUNT) -> list[Mail]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Mail).where(Mail.kind == kind).order_by(Mail.id)))


def link_in(mail: Mail) -> str:
    [address] = [word for word in with_links(mail).split() if "/password/" in word]
    return urlsplit(address).path


def choose(visitor: PortalClient, path: str, password: str = NEW) -> int:
    return visitor.post(path, {"password": password, "repeated": password}).status_code


def sign_in(visitor: PortalClient, email: str | None, password: str = NEW) -> int:
    return visitor.post("/login", {"email": email, "password": password}).status_code


def tells_no_link(answer: PortalResponse) -> bool:
    return "/password/" not in answer.get_data(as_text=True) and "/reset/" not in answer.get_data(
        as_text=True
    )


@pytest.fixture
def asked(client_for: Clients, admin: User, karin: User) -> str:
    """The administrator has had a link mailed to Karin: its address."""
    client_for(admin).post(f"/users/{karin.id}/link")
    [mail] = mails()
    return link_in(mail)


# --- Who is told ---------------------------------------------------------------------------------------------


def test_a_new_consultant_gets_a_mail_chooses_a_password_and_signs_in(
    client_for: Clients, admin: User, visitor: PortalClient
) -> None:
    browser = client_for(admin)
    details = {"name": "Nanna Ny", "email": "Nanna@Kommune.dk", "role": "consultant"}

    made = browser.post("/users/new", details)
    page = browser.get(made.location)
    [mail] = mails()

    assert tells_no_link(made)
    assert tells_no_link(page)
    assert (mail.recipient, mail.municipality_id) == ("nanna@kommune.dk", None)
    assert choose(visitor, link_in(mail)) == 303
    assert sign_in(visitor, "nanna@kommune.dk") == 303
    assert factories.user("nanna@kommune.dk").role is Role.CONSULTANT


def test_an_administrator_asks_for_a_link_and_sees_only_what_became_of_it(
    client_for: Clients, admin: User, karin: User, visitor: PortalClient
) -> None:
    browser = client_for(admin)

    answer = browser.post(f"/users/{karin.id}/link")
    waiting = browser.get(f"/users/{karin.id}")
    [mail] = mails()
    choose(visitor, link_in(mail))
    used = browser.get(f"/users/{karin.id}")

    assert all(tells_no_link(one) for one in (answer, waiting, used))
    assert mail.recipient == karin.email
    assert "Ikke brugt endnu" in waiting.words
    assert "Brugt 18. november 2026" in used.words


def test_an_administrator_reads_no_password_mail_in_the_log_of_mails(
    client_for: Clients, admin: User, asked: str
) -> None:
    [mail] = mails()

    assert client_for(admin).get(f"/mails/{mail.id}").status_code == 404
    assert not client_for(admin).get("/mails/").page.select("#mail-table")


def test_no_link_is_made_for_a_citizen_whoever_asks(app: Flask, karin: User, visitor: PortalClient) -> None:
    amira = factories.make_citizen("Amira", with_login=True).user
    with transaction():
        amira.email = "amira@mail.example"

    visitor.post("/login/forgotten", {"email": "amira@mail.example"})

    assert mails(MailKind.PASSWORD) == []
    with pytest.raises(password_links.NoPassword), transaction():
        password_links.mail_account(amira, by=None, at=NOW, config=app.config)


# --- What it opens -------------------------------------------------------------------------------------------


def test_a_link_works_once_and_the_page_says_so(visitor: PortalClient, karin: User, asked: str) -> None:
    assert choose(visitor, asked) == 303

    assert visitor.get(asked).status_code == 410
    assert choose(visitor, asked, OTHER) == 410
    assert sign_in(visitor, karin.email) == 303


def test_a_link_expires_and_a_new_one_replaces_the_old(
    client_for: Clients, admin: User, karin: User, visitor: PortalClient, asked: str
) -> None:
    client_for(admin).post(f"/users/{karin.id}/link")
    second = link_in(mails()[-1])

    assert visitor.get(asked).status_code == 410
    assert visitor.get(second).status_code == 200
    with time_machine.travel(NOW + timedelta(hours=24), tick=False):
        assert visitor.get(second).status_code == 410


def test_the_new_colleague_who_reads_her_mail_three_days_late_helps_herself(
    app: Flask, client_for: Clients, visitor: PortalClient, asked: str, karin: User
) -> None:
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        late = visitor.get(asked)
        assert late.status_code == 410
        way = late.page.main.select_one("a.button-primary")["href"]
        assert visitor.post(way, {"email": karin.email}).status_code == 200
        [anew] = mails(MailKind.PASSWORD)
        assert choose(visitor, link_in(anew)) == 303
        assert sign_in(visitor, karin.email) == 303


def test_a_link_that_is_used_closes_every_other(
    app: Flask, karin: User, visitor: PortalClient, asked: str
) -> None:
    asked_herself = f"/password/{password_token(app, karin)}"

    assert choose(visitor, asked_herself) == 303

    assert visitor.get(asked).status_code == 410
    assert choose(visitor, asked, OTHER) == 410


def test_a_withdrawn_link_opens_nothing_and_its_mail_is_not_sent(
    client_for: Clients, admin: User, karin: User, visitor: PortalClient, asked: str
) -> None:
    browser = client_for(admin)

    assert browser.post(f"/users/{karin.id}/link/withdraw").status_code == 303

    assert visitor.get(asked).status_code == 410
    assert mails() == []
    assert "Lukket" in browser.get(f"/users/{karin.id}").words
    assert browser.post(f"/users/{karin.id}/link/withdraw").status_code == 409


def test_a_sent_mail_stays_in_the_log_of_mails(
    client_for: Clients, admin: User, karin: User, asked: str
) -> None:
    with transaction():
        db.session.execute(sa.update(Mail).values(state=MailState.SENT, sent_at=NOW))

    client_for(admin).post(f"/users/{karin.id}/link/withdraw")

    assert len(mails()) == 1


def test_closing_the_access_closes_the_link(
    client_for: Clients, admin: User, karin: User, visitor: PortalClient, asked: str
) -> None:
    browser = client_for(admin)
    browser.post(f"/users/{karin.id}/disable")
    assert visitor.get(asked).status_code == 410
    assert browser.post(f"/users/{karin.id}/link").status_code == 409

    browser.post(f"/users/{karin.id}/enable")

    assert visitor.get(asked).status_code == 410


def test_a_link_is_for_the_address_it_was_mailed_to(karin: User, visitor: PortalClient, asked: str) -> None:
    with transaction():
        db.session.get_one(User, karin.id).email = "karin.ny@kommune.example"

    assert visitor.get(asked).status_code == 410
    assert choose(visitor, asked) == 410


def test_a_link_from_before_a_change_of_the_password_opens_nothing(
    app: Flask, karin: User, visitor: PortalClient, asked: str
) -> None:
    with transaction():
        her = db.session.get_one(User, karin.id)
        services.set_password(her, OTHER, passwords=app.extensions["passwords"], by=her, at=NOW)

    assert visitor.get(asked).status_code == 410


@pytest.mark.parametrize("secret", ["x", "x" * 3000, "%00", "%ff%fe", "../users"])
def test_an_invented_link_opens_nothing(visitor: PortalClient, secret: str) -> None:
    assert visitor.get(f"/password/{secret}").status_code in (404, 410)


# --- What follows --------------------------------------------------------------------------------------------


def test_a_password_by_link_ends_sessions_and_its_owner_is_told(
    client_for: Clients, karin: User, visitor: PortalClient, asked: str
) -> None:
    elsewhere = client_for(karin)

    choose(visitor, asked)

    assert elsewhere.get("/sessions").location.startswith("/login")
    [told] = mails(MailKind.PASSWORD_CHANGED)
    assert told.recipient == karin.email
    assert "/login/forgotten" in with_links(told)
    assert NEW not in told.text


def test_an_administrator_does_not_flood_an_inbox(
    app: Flask, client_for: Clients, admin: User, karin: User
) -> None:
    browser, limit = client_for(admin), app.config["LIMITS"]["password-link-recipient"].free

    answers = [browser.post(f"/users/{karin.id}/link").status_code for _ask in range(limit + 1)]

    assert answers == [303] * limit + [429]
    [line, *_others] = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "password-link-mailed").order_by(AuditEntry.id)
    )
    assert (line.actor_id, line.subject_type, line.subject_id) == (admin.id, "users", karin.id)
