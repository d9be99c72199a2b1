"""The log of mails, an uncertain mail, and who wants which mails."""

import base64
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db
from portal.shared.accounts.models import User
from portal.shared.outbox import letters, queries, services
from portal.shared.outbox.models import Mail, MailKind, MailState
from portal.web.links import LinkPurpose
from tests.client import PortalClient
from tests.factories import NOW, make_employer, make_mail, owner_of
from tests.support.answering import press
from tests.support.links import links_of

Clients = Callable[[User | None], PortalClient]


def test_a_consultant_sees_her_own_municipalitys_mails(client_for: Clients, karin: User, lene: User) -> None:
    make_mail(to="bo@firma.example")

    assert "bo@firma.example" in client_for(karin).get("/mails/").words
    assert "bo@firma.example" not in client_for(lene).get("/mails/").words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("?state=uvis", True),
        ("?state=sent", False),
        ("?state=nonsense", False),
        ("?kind=message", True),
        ("?kind=renewal", False),
        ("?q=BO@firma", True),
        ("?q=dorte", False),
        ("?sort=recipient&dir=asc", True),
    ],
)
def test_the_log_is_narrowed(client_for: Clients, admin: User, query: str, found: bool) -> None:
    make_mail(state=MailState.UNCONFIRMED, worker="dead")

    page = client_for(admin).get(f"/mails/{query}").page

    assert bool(page.select("#mail-table tbody tr")) is found


def test_the_log_is_a_file_too(client_for: Clients, karin: User) -> None:
    make_mail()

    lines = client_for(karin).get("/mails/?format=csv").get_data(as_text=True).splitlines()

    assert len(lines) == 2
    assert "bo@firma.example" in lines[1]


def test_the_log_opens_no_link(client_for: Clients, karin: User) -> None:
    mail = make_mail()

    page = client_for(karin).get(f"/mails/{mail.id}")

    assert "/mails/stop/" not in page.get_data(as_text=True)
    assert "Vi har fundet en." in page.words


@pytest.mark.parametrize(("command", "state"), [("settle", MailState.SENT), ("send-anew", MailState.WAITING)])
def test_a_person_decides_about_an_uncertain_mail(
    client_for: Clients, karin: User, command: str, state: MailState
) -> None:
    mail = make_mail(state=MailState.UNCONFIRMED, worker="dead")
    client = client_for(karin)
    assert client.get(f"/mails/{mail.id}").page.select(f'form[action="/mails/{mail.id}/{command}"]')

    assert client.post(f"/mails/{mail.id}/{command}").status_code == 303
    assert db.session.get_one(Mail, mail.id).state is state
    assert not client.get(f"/mails/{mail.id}").page.select(f'form[action="/mails/{mail.id}/{command}"]')


def test_a_mail_that_was_sent_is_not_sent_again(client_for: Clients, karin: User) -> None:
    mail = make_mail(state=MailState.SENT, sent_at=NOW)

    assert client_for(karin).post(f"/mails/{mail.id}/send-anew").status_code == 409


def test_a_user_chooses_her_mails(client_for: Clients) -> None:
    owner = owner_of(make_employer(owner="Bo"))
    client = client_for(owner)

    answer = client.post("/mails/mine", {"wanted": ["message", "proposal"]})

    assert answer.status_code == 303
    assert owner.email is not None
    declined = queries.declined_by(owner.email)
    assert MailKind.RENEWAL in declined
    assert not declined & {MailKind.MESSAGE, MailKind.PROPOSAL, MailKind.PASSWORD}
    ticked = client.get("/mails/mine").page.select("input[type=checkbox][checked]")
    assert {str(box["value"]) for box in ticked} == {"message", "proposal"}


def test_an_unknown_choice_is_refused_beside_the_field(client_for: Clients, karin: User) -> None:
    answer = client_for(karin).post("/mails/mine", {"wanted": ["nonsense"]})

    assert answer.status_code == 422


def a_stop_link(app: Flask, *, lasts: timedelta = timedelta(days=1)) -> str:
    links = links_of(app)
    return links.sign(LinkPurpose.STOP_MAIL, "bo@firma.example", "message", expires_at=NOW + lasts)


def test_opening_the_link_declines_nothing_and_its_button_does(app: Flask, visitor: PortalClient) -> None:
    address = f"/mails/stop/{a_stop_link(app)}"

    visitor.get(address)
    assert not services.is_declined("bo@firma.example", MailKind.MESSAGE)

    assert visitor.post(address).status_code == 303
    assert not services.is_declined("bo@firma.example", MailKind.MESSAGE)

    assert press(visitor, address, "stop").status_code == 303
    assert services.is_declined("bo@firma.example", MailKind.MESSAGE)

    press(visitor, address, "again")
    db.session.rollback()
    assert not services.is_declined("bo@firma.example", MailKind.MESSAGE)


def test_V14_2_1_no_link_in_a_mail_holds_an_address(app: Flask, visitor: PortalClient) -> None:
    mail = make_mail(to="bo@firma.example")
    written = letters.message(mail, at=NOW)
    links = re.findall(
        r"https?://\S+/(\S+?)>?(?:\s|$)", f"{written['List-Unsubscribe']} {letters.with_links(mail)}"
    )

    assert links
    for token in links:
        read = b"".join(
            base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in re.split(r"[./]", token)
        )
        assert b"firma" not in read

    stop = letters.Link.read(mail.links["stop"]).address().removeprefix(app.config["PORTAL_BASE_URL"])
    assert "bo@firma.example" in visitor.get(stop).words
    assert press(visitor, stop, "stop").status_code == 303
    assert services.is_declined("bo@firma.example", mail.kind)


def test_the_link_of_a_mail_that_is_forgotten_says_what_to_do(app: Flask, visitor: PortalClient) -> None:
    links = links_of(app)
    token = links.sign(LinkPurpose.STOP_MAIL, 4711, "message", expires_at=NOW + timedelta(days=1))

    answer = visitor.get(f"/mails/stop/{token}")

    assert answer.status_code == 410
    assert "den nyeste mail" in answer.words


def test_an_old_link_is_gone_and_a_forged_one_unknown(app: Flask, visitor: PortalClient) -> None:
    assert visitor.get(f"/mails/stop/{a_stop_link(app, lasts=timedelta(0))}").status_code == 410
    assert visitor.get(f"/mails/stop/{a_stop_link(app)}x").status_code == 404


def test_reading_the_log_leaves_a_line(client_for: Clients, admin: User) -> None:
    client_for(admin).get("/mails/")

    seen = db.session.scalars(sa.text("SELECT action FROM audit_entries WHERE is_look")).all()
    assert seen == ["mails-listed"]
