"""Whoever leaves an employer is taken out by it, by the municipality, or by herself: at once, by every door."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.employers.models import ContactPerson, Employer, EmployerInvitation
from portal.loop.openings.services import tell_of_expiry
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.shared.outbox import services as outbox
from portal.shared.outbox.letters import Link
from portal.shared.outbox.models import Mail, MailKind
from tests.client import PortalClient
from tests.factories import (
    NOW,
    TODAY,
    make_colleague,
    make_employer,
    make_invitation,
    make_opening,
    owner_of,
    user,
)
from tests.loop.employers.test_colleagues import CHOSEN, link_of
from tests.support.links import password_token

Clients = Callable[[User | None], PortalClient]


@pytest.fixture
def employer(app: Flask) -> Employer:
    return make_employer()


@pytest.fixture
def bo(employer: Employer) -> User:
    return owner_of(employer)


@pytest.fixture
def carla(employer: Employer) -> ContactPerson:
    return make_colleague(employer)


def login_of(contact: ContactPerson) -> User:
    assert contact.user is not None
    return contact.user


def removal(contact: ContactPerson) -> str:
    return f"/employers/own/contacts/{contact.id}/remove"


def contacts(employer: Employer) -> list[str]:
    return list(
        db.session.scalars(sa.select(ContactPerson.name).where(ContactPerson.employer_id == employer.id))
    )


def test_bo_takes_carla_out_and_her_open_tab_ends(
    employer: Employer, bo: User, carla: ContactPerson, client_for: Clients
) -> None:
    hers, his, url = client_for(login_of(carla)), client_for(bo), removal(carla)
    assert hers.get("/employers/own").status_code == 200
    assert his.get("/employers/own").page.select_one(f"a[href='{url}']")
    assert "kan ikke logge ind igen" in his.get(url).words

    assert his.post(url).location == "/employers/own"

    assert contacts(employer) == ["Bo"]
    assert hers.get("/employers/own").location.startswith("/login")
    hers.post("/employers/own/invite", {"name": "Eve", "email": "eve@evil.example"})
    assert not db.session.scalars(sa.select(EmployerInvitation)).all()
    his.get("/employers/own")  # which says that she is gone
    assert "Carla" not in his.get("/employers/own").words
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "contact-removed")).one()
    assert (line.actor_id, f"/employers/own/contacts/{line.subject_id}/remove") == (bo.id, url)
    assert his.post(url).status_code == 404


def test_looking_at_the_page_removes_nobody(
    employer: Employer, bo: User, carla: ContactPerson, app: Flask
) -> None:
    client = PortalClient(app, bo)
    client.get(removal(carla))
    client._browser.head(removal(carla))

    assert contacts(employer) == ["Bo", "Carla"]


def test_she_is_told_and_gets_no_other_mail(
    app: Flask, employer: Employer, bo: User, carla: ContactPerson, client_for: Clients
) -> None:
    with transaction():
        outbox.post(
            MailKind.MESSAGE,
            to=carla.email.upper(),
            at=NOW,
            unit=employer.municipality,
            context={"title": "A", "words": "B"},
            links={"opening": Link("home.index")},
        )

    email = carla.email
    client_for(bo).post(removal(carla))

    sent = db.session.scalars(sa.select(Mail.kind).where(Mail.recipient == email)).all()
    assert sent == [MailKind.ACCESS_CLOSED]


def test_she_neither_signs_in_nor_forgets_her_way_in(
    bo: User, carla: ContactPerson, client_for: Clients, app: Flask
) -> None:
    email = carla.email
    with transaction():
        her = db.session.get_one(User, login_of(carla).id)
        her.password_hash = app.extensions["passwords"].hash("tre ord efter")
    token = password_token(app, her)
    client_for(bo).post(removal(carla))
    visitor = client_for(None)

    assert visitor.post("/login", {"email": email, "password": "tre ord efter"}).status_code == 422
    visitor.post("/login/forgotten", {"email": email})
    assert not db.session.scalars(sa.select(Mail).where(Mail.kind == MailKind.PASSWORD)).all()
    assert visitor.get(f"/password/{token}").status_code in (404, 410)


def test_no_door_stays_ajar(
    app: Flask, employer: Employer, bo: User, carla: ContactPerson, client_for: Clients
) -> None:
    """Before she goes, Carla invites her private address; somebody else has invited her too."""
    by_her = make_invitation(employer, email="carla@privat.dk", invited_by_id=login_of(carla).id)
    to_her = make_invitation(employer, email=carla.email)
    other = make_invitation(employer, email="ida@firma.dk")

    client_for(bo).post(removal(carla))

    visitor = client_for(None)
    assert [visitor.post(link_of(app, one), CHOSEN).status_code for one in (by_her, to_her, other)] == [
        410,
        410,
        303,
    ]


def test_the_links_of_her_mails_end_and_bos_go_on(
    app: Flask, employer: Employer, bo: User, carla: ContactPerson, client_for: Clients
) -> None:
    make_opening(employer, expires_on=TODAY + timedelta(days=10))
    with transaction():
        tell_of_expiry(at=NOW, today=TODAY)
    links = {
        mail.recipient: urlsplit(Link.read(mail.links["renew"]).address()).path
        for mail in db.session.scalars(sa.select(Mail).where(Mail.kind == MailKind.RENEWAL))
    }
    visitor, hers, his = client_for(None), links[carla.email], links[str(bo.email)]
    assert visitor.get(hers).status_code == 200

    client_for(bo).post(removal(carla))

    assert visitor.get(hers).status_code == 410
    assert visitor.post(hers).status_code == 410
    assert visitor.get(his).status_code == 200


def test_invited_again_she_has_the_same_account(
    app: Flask, employer: Employer, bo: User, carla: ContactPerson, client_for: Clients
) -> None:
    email, number = carla.email, login_of(carla).id
    client_for(bo).post(removal(carla))

    client_for(bo).post("/employers/own/invite", {"name": "Carla", "email": email})
    invitation = db.session.scalars(sa.select(EmployerInvitation)).one()
    assert client_for(None).post(link_of(app, invitation), CHOSEN).status_code == 303

    assert user(email).id == number
    assert client_for(user(email)).get("/employers/own").page.select_one("#own-employer")


def test_she_may_join_another_employer(
    app: Flask, bo: User, carla: ContactPerson, client_for: Clients
) -> None:
    email = carla.email
    client_for(bo).post(removal(carla))

    elsewhere = make_invitation(make_employer("Dortes Rengøring", owner="Dorte"), email=email)
    assert client_for(None).post(link_of(app, elsewhere), CHOSEN).status_code == 303


def test_she_can_take_herself_out_also_when_she_is_new(
    employer: Employer, bo: User, client_for: Clients
) -> None:
    ida = make_colleague(employer, "Ida", added_at=NOW - timedelta(days=1))
    client = client_for(login_of(ida))

    assert client.post(removal(ida)).location == "/"
    assert client.get("/employers/own").location.startswith("/login")
    assert contacts(employer) == ["Bo"]


def test_the_last_one_is_asked_whether_she_knows(employer: Employer, bo: User, client_for: Clients) -> None:
    make_colleague(employer, "Uden Login", login=False)
    own = db.session.scalars(sa.select(ContactPerson).where(ContactPerson.user_id == bo.id)).one()
    client = client_for(bo)

    assert "den sidste, der kan logge ind" in client.get(removal(own)).words
    assert client.post(removal(own)).status_code == 422
    assert client.post(removal(own), {"understood": "y"}).status_code == 303
    assert contacts(employer) == ["Uden Login"]


def test_who_has_just_come_shuts_nobody_out(employer: Employer, bo: User, client_for: Clients) -> None:
    eve = make_colleague(employer, "Eve", added_at=NOW - timedelta(days=1))
    first = db.session.scalars(sa.select(ContactPerson).where(ContactPerson.user_id == bo.id)).one()

    assert client_for(login_of(eve)).post(removal(first)).status_code == 409
    assert contacts(employer) == ["Bo", "Eve"]


def test_strangers_take_nobody_out(
    employer: Employer, carla: ContactPerson, karin: User, lene: User, mette: User, client_for: Clients
) -> None:
    dortes = make_employer("Dortes Rengøring", owner="Dorte")
    dorte = client_for(owner_of(dortes))
    by_consultant = f"/employers/{employer.id}/contacts/{carla.id}/remove"

    assert dorte.get(removal(carla)).status_code == 404
    assert dorte.post(removal(carla)).status_code == 404
    assert dorte.post(by_consultant).status_code == 403
    assert client_for(lene).get(by_consultant).status_code == 404
    assert client_for(lene).post(by_consultant).status_code == 404
    assert client_for(mette).post(by_consultant).status_code == 403
    assert client_for(karin).post(f"/employers/{dortes.id}/contacts/{carla.id}/remove").status_code == 404
    assert contacts(employer) == ["Bo", "Carla"]


def test_karin_takes_somebody_out_at_an_employer_of_her_municipality(
    employer: Employer, carla: ContactPerson, karin: User, client_for: Clients
) -> None:
    url = f"/employers/{employer.id}/contacts/{carla.id}/remove"
    client = client_for(karin)
    assert client.get(f"/employers/{employer.id}").page.select_one(f"a[href='{url}']")

    assert client.post(url).location == f"/employers/{employer.id}"
    assert contacts(employer) == ["Bo"]


def test_a_number_is_never_given_to_another_contact_person(
    employer: Employer, bo: User, carla: ContactPerson, client_for: Clients
) -> None:
    """Links name the contact person: a new one must not open the old one's."""
    number = carla.id
    client_for(bo).post(removal(carla))

    assert make_colleague(employer, "Ny").id > number
