"""A forgotten password: a link by mail, for an hour and once, and an answer that tells nobody who is known."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal.base.database import db, transaction
from portal.shared.accounts.models import User
from portal.shared.accounts.password_links import LIFETIME
from portal.shared.audit.models import AuditEntry
from portal.shared.outbox.letters import with_links
from portal.shared.outbox.models import Mail, MailKind
from portal.web.links import LinkPurpose
from tests.client import PortalClient
from tests.factories import NOW
from tests.support.links import links_of

NEW = "tre nye ord efter hinanden"
ASK = "/login/forgotten"


def mails() -> list[Mail]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Mail)))


def ask(visitor: PortalClient, email: str | None) -> str:
    """The path of the link in the mail."""
    assert visitor.post(ASK, {"email": email}).status_code == 200
    [mail] = mails()
    [address] = [word for word in with_links(mail).split() if word.startswith("http")]
    return urlsplit(address).path


def choose(client: PortalClient, path: str, password: str = NEW, repeated: str | None = None) -> int:
    return client.post(path, {"password": password, "repeated": repeated or password}).status_code


def sign_in(visitor: PortalClient, user: User, password: str) -> int:
    return visitor.post("/login", {"email": user.email, "password": password}).status_code


def test_karin_chooses_another_password_by_the_link_in_her_mail(
    visitor: PortalClient, client_for: Callable[[User | None], PortalClient], karin: User
) -> None:
    elsewhere = client_for(karin)
    path = ask(visitor, f" {(karin.email or '').upper()} ")

    assert NEW not in visitor.get(path).get_data(as_text=True)
    assert choose(visitor, path) == 303

    assert sign_in(visitor, karin, NEW) == 303
    assert elsewhere.get("/").page.select_one("a[href='/login']"), "her other sign-ins have ended"
    [line] = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "password-set"))
    assert (line.subject_type, line.subject_id) == ("users", karin.id)


def test_the_link_works_once(visitor: PortalClient, karin: User) -> None:
    path = ask(visitor, karin.email)
    choose(visitor, path)

    assert visitor.get(path).status_code == 410
    assert choose(visitor, path, "fire helt andre ord her") == 410


@pytest.mark.parametrize(("left", "status"), [(timedelta(seconds=1), 200), (timedelta(0), 410)])
def test_the_link_works_for_an_hour(visitor: PortalClient, karin: User, left: timedelta, status: int) -> None:
    path = ask(visitor, karin.email)

    with time_machine.travel(NOW + LIFETIME - left, tick=False):
        assert visitor.get(path).status_code == status


def test_whose_access_was_closed_meanwhile_chooses_nothing(visitor: PortalClient, karin: User) -> None:
    path = ask(visitor, karin.email)
    with transaction():
        db.session.get_one(User, karin.id).disabled_at = NOW

    assert visitor.get(path).status_code == 410
    assert choose(visitor, path) == 410


@pytest.mark.parametrize("purpose", [one for one in LinkPurpose if one is not LinkPurpose.FORGOTTEN])
def test_no_other_link_opens_it(app: Flask, visitor: PortalClient, karin: User, purpose: LinkPurpose) -> None:
    links = links_of(app)
    token = links.sign(purpose, karin.id, "mark", expires_at=NOW + timedelta(hours=1))

    assert visitor.get(f"/password/{token}").status_code == 404


def test_a_link_with_another_mark_opens_nothing(app: Flask, visitor: PortalClient, karin: User) -> None:
    links = links_of(app)
    token = links.sign(LinkPurpose.FORGOTTEN, karin.id, "mark", expires_at=NOW + timedelta(hours=1))

    assert visitor.get(f"/password/{token}").status_code == 410


def test_the_answer_is_the_same_whoever_is_known(visitor: PortalClient, karin: User, jonas: User) -> None:
    with transaction():
        db.session.get_one(User, jonas.id).disabled_at = NOW

    answers = {
        visitor.post(ASK, {"email": email}).page.main.get_text()
        for email in (karin.email, jonas.email, "nobody@nowhere.example")
    }

    assert len(answers) == 1
    assert [(mail.kind, mail.recipient) for mail in mails()] == [(MailKind.PASSWORD, karin.email)]


def test_the_outbox_and_the_log_hold_no_secret(visitor: PortalClient, karin: User) -> None:
    path = ask(visitor, karin.email)
    token = path.rpartition("/")[2]
    [mail] = mails()

    assert token not in mail.text + str(mail.links)
    [line] = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "password-link-mailed"))
    assert (line.subject_id, line.actor_id) == (karin.id, None)


def test_many_in_a_row_are_stopped(app: Flask, visitor: PortalClient, karin: User) -> None:
    for _try in range(app.config["LIMITS"]["password-link"].free):
        assert visitor.post(ASK, {"email": karin.email}).status_code == 200

    assert visitor.post(ASK, {"email": karin.email}).status_code == 429
    assert len(mails()) == app.config["LIMITS"]["password-link"].free


@pytest.mark.parametrize("email", ["", "karin", "a" * 300 + "@x.dk"])
def test_what_is_no_email_is_said_beside_the_field(visitor: PortalClient, email: str) -> None:
    answer = visitor.post(ASK, {"email": email})

    assert answer.status_code == 422
    assert answer.page.select_one("#email-error")
    assert mails() == []


@pytest.mark.parametrize(("password", "repeated"), [("kort", "kort"), (NEW, "noget andet")])
def test_a_poor_password_is_refused_and_the_link_still_works(
    visitor: PortalClient, karin: User, password: str, repeated: str
) -> None:
    path = ask(visitor, karin.email)

    assert choose(visitor, path, password, repeated) == 422
    assert choose(visitor, path) == 303


def test_the_login_page_leads_there(visitor: PortalClient) -> None:
    assert visitor.get("/login").page.select_one(f"a[href='{ASK}']")
