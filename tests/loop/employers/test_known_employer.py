"""Whoever wishes to sign in for an employer that is known is let in by its own, or after a phone call."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.employers.models import ContactPerson, Employer, EmployerRegistration, RegistrationStatus
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.shared.outbox import letters
from portal.shared.outbox.models import Mail, MailKind
from tests.client import PortalClient
from tests.factories import (
    CVRS,
    NOW,
    TODAY,
    make_colleague,
    make_employer,
    make_registration,
    owner_of,
    user,
)
from tests.loop.employers.test_views import confirmed

Clients = Callable[[User | None], PortalClient]

CALL = {
    "number": "47 11 22 33",
    "spoke_with": "Bo Berg, køkkenchef",
    "called_on": TODAY.isoformat(),
    "called_time": "09:30",
    "knows_her": "y",
}
OTHER = {**CALL, "number": "other", "other_number": "47 99 99 99", "number_from": "virk.dk"}


@pytest.fixture
def employer(app: Flask) -> Employer:
    return make_employer(cvr=CVRS[0])


@pytest.fixture
def bo(employer: Employer) -> User:
    return owner_of(employer)


@pytest.fixture
def wish(employer: Employer, client_for: Clients) -> EmployerRegistration:
    """Pia's, confirmed and asked about."""
    return confirmed(
        client_for(None), contact_email="pia@firma.dk", contact_name="Pia Lund", contact_phone="47 55 55 55"
    )


def mails(kind: MailKind) -> list[Mail]:
    return list(db.session.scalars(sa.select(Mail).where(Mail.kind == kind).order_by(Mail.id)))


def signs_in(client_for: Clients, email: str) -> bool:
    return client_for(user(email)).get("/employers/own").page.select_one("#own-employer") is not None


def late(wish: EmployerRegistration) -> None:
    """None has answered for three working days."""
    with transaction():
        db.session.get_one(EmployerRegistration, wish.id).asked_at = NOW - timedelta(days=6)


def test_the_employers_own_are_asked_by_a_mail_that_names_nobody(
    wish: EmployerRegistration, bo: User, client_for: Clients
) -> None:
    [mail] = mails(MailKind.JOIN_WISH)
    text = letters.with_links(mail)
    assert mail.recipient == bo.email
    assert "Pia" not in text + mail.subject
    assert f"/employers/own/joining/{wish.id}" in text

    page = client_for(bo).get(f"/employers/own/joining/{wish.id}")
    assert all(words in page.words for words in ("Pia Lund", "pia@firma.dk", "47 55 55 55"))
    assert "Pia Lund" in client_for(bo).get("/employers/own").words


def test_bo_says_yes_and_everybody_hears_of_it(
    wish: EmployerRegistration, employer: Employer, bo: User, client_for: Clients
) -> None:
    carla = make_colleague(employer)

    assert client_for(bo).post(f"/employers/own/joining/{wish.id}/approve").location == "/employers/own"

    assert signs_in(client_for, "pia@firma.dk")
    assert {mail.recipient for mail in mails(MailKind.COLLEAGUE_JOINED)} == {bo.email, carla.email}
    assert [mail.recipient for mail in mails(MailKind.REGISTRATION_APPROVED)] == ["pia@firma.dk"]
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "registration-approved")).one()
    assert line.actor_id == bo.id
    assert client_for(bo).post(f"/employers/own/joining/{wish.id}/approve").status_code == 409


def test_karin_is_called_to_what_is_hers_to_answer(
    wish: EmployerRegistration, bo: User, karin: User, client_for: Clients
) -> None:
    """While Bo is asked she could only wait."""
    assert "Tilmeldinger (0 venter)" in client_for(karin).get("/employers/").words

    late(wish)

    shown = client_for(karin).get("/employers/")
    assert "Tilmeldinger (1 venter)" in shown.words
    [link] = shown.page.select("a[href^='/employers/registrations']")
    assert "Pia Lund" in client_for(karin).get(str(link["href"])).words


def test_bo_says_no_with_a_reason_which_pia_is_sent(
    wish: EmployerRegistration, bo: User, client_for: Clients
) -> None:
    url = f"/employers/own/joining/{wish.id}/refuse"
    assert client_for(bo).post(url, {"reason": ""}).status_code == 422

    assert (
        client_for(bo).post(url, {"reason": "Vi kender dig\r\n\r\nikke http://evil.example"}).status_code
        == 303
    )

    [mail] = mails(MailKind.REGISTRATION_REFUSED)
    assert mail.recipient == "pia@firma.dk"
    assert "Vi kender dig" in mail.text
    assert "Vi kender dig\n" not in mail.text
    assert not signs_in(client_for, "pia@firma.dk")
    assert "Vi kender dig" in client_for(user("pia@firma.dk")).get("/employers/own").words


def test_pia_sees_nobody_before_the_yes(
    wish: EmployerRegistration, employer: Employer, bo: User, client_for: Clients
) -> None:
    pia = client_for(user("pia@firma.dk"))

    for page in ("/", "/employers/own", "/openings/", "/placements/"):
        assert bo.email not in pia.get(page).get_data(as_text=True)
    assert pia.get(f"/employers/own/joining/{wish.id}").status_code == 404
    assert pia.post(f"/employers/own/joining/{wish.id}/approve").status_code == 404
    assert db.session.get_one(EmployerRegistration, wish.id).status is RegistrationStatus.PENDING


def test_another_employer_neither_sees_nor_answers(wish: EmployerRegistration, client_for: Clients) -> None:
    dorte = client_for(owner_of(make_employer("Dortes Rengøring", owner="Dorte")))

    assert dorte.get(f"/employers/own/joining/{wish.id}").status_code == 404
    for answer in ("approve", "refuse"):
        assert dorte.post(f"/employers/own/joining/{wish.id}/{answer}", {"reason": "x"}).status_code == 404


# --- After a call ----------------------------------------------------------------------------------------------


def test_a_consultant_waits_for_the_employers_answer(
    wish: EmployerRegistration, karin: User, client_for: Clients
) -> None:
    client, url = client_for(karin), f"/employers/registrations/{wish.id}"

    assert client.get(url).page.select_one("form[action*=approve]") is None
    assert client.post(f"{url}/approve").status_code == 409
    assert client.post(f"{url}/approve-after-call", CALL).status_code == 409
    assert not signs_in(client_for, "pia@firma.dk")
    assert "Dortes" not in client.get("/employers/registrations?turn=municipality").words
    assert client.get("/employers/registrations?turn=employer").page.select_one(f"a[href='{url}']")


def test_three_working_days_without_an_answer_make_it_hers(
    wish: EmployerRegistration, karin: User, client_for: Clients
) -> None:
    """Asked on Wednesday: Thursday, Friday and Monday pass."""
    url = f"/employers/registrations/{wish.id}"
    for days, is_hers in ((4, False), (5, True)):
        with time_machine.travel(NOW + timedelta(days=days), tick=False):
            client = client_for(karin)
            assert bool(client.get(url).page.select_one("form[action$=approve-after-call]")) is is_hers
            listed = client.get("/employers/registrations?turn=municipality").page
            assert bool(listed.select_one(f"a[href='{url}']")) is is_hers


def test_after_a_call_it_is_told_with_whom_when_and_on_which_number(
    wish: EmployerRegistration, karin: User, client_for: Clients
) -> None:
    late(wish)
    url = f"/employers/registrations/{wish.id}"
    client = client_for(karin)
    assert "47 11 22 33 (Bo)" in client.get(url).words
    assert client.post(f"{url}/approve").status_code == 409, "one click is not enough"

    for missing in ("number", "spoke_with", "called_on", "called_time", "knows_her"):
        answer = client.post(f"{url}/approve-after-call", {**CALL, missing: ""})
        assert answer.status_code == 422, missing
        assert answer.page.select_one("[aria-invalid=true]"), missing
    assert client.post(f"{url}/approve-after-call", CALL).status_code == 303

    assert signs_in(client_for, "pia@firma.dk")
    told = db.session.get_one(EmployerRegistration, wish.id)
    assert (told.spoke_with, told.called_number) == (CALL["spoke_with"], CALL["number"])
    assert told.called_at == NOW - timedelta(minutes=30)
    assert {"join-phoned-about", "registration-approved"} <= set(
        db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.actor_id == karin.id))
    )


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"called_time": "23:00"}, 422),
        ({"called_on": "2026-11-19"}, 422),
        ({"called_on": "0001-01-01"}, 422),
        ({"called_on": "2026-11-17"}, 422),
        ({"called_time": "25:00"}, 422),
        ({"number": "47 55 55 55"}, 422),
        ({"number": "other"}, 422),
        ({"number": "other", "other_number": "12", "number_from": "virk.dk"}, 422),
        ({"number": "other", "other_number": "47999999"}, 422),
        ({"number": "other", "other_number": "+45 47555555", "number_from": "virk.dk"}, 409),
        ({"number": "other", "other_number": "47555555", "number_from": "virk.dk"}, 409),
        ({"number": "other", "other_number": "47999999", "number_from": "virk.dk"}, 303),
    ],
)
def test_the_number_is_known_from_before_or_found_elsewhere_never_the_wishers(
    wish: EmployerRegistration, karin: User, client_for: Clients, typed: dict[str, str], status: int
) -> None:
    late(wish)
    url = f"/employers/registrations/{wish.id}/approve-after-call"

    assert client_for(karin).post(url, {**CALL, **typed}).status_code == status


def test_a_number_that_came_after_the_wish_is_not_known(
    wish: EmployerRegistration, employer: Employer, karin: User, client_for: Clients
) -> None:
    make_colleague(employer, "Eve", added_at=NOW + timedelta(hours=1), login=False)
    late(wish)

    assert "Eve" not in client_for(karin).get(f"/employers/registrations/{wish.id}").words


def test_where_nobody_can_sign_in_the_consultant_phones_at_once(karin: User, client_for: Clients) -> None:
    make_employer(cvr=CVRS[0], owner=None)
    wish = confirmed(client_for(None))
    url = f"/employers/registrations/{wish.id}"

    assert not mails(MailKind.JOIN_WISH)
    assert client_for(karin).post(f"{url}/approve").status_code == 409
    assert client_for(karin).post(f"{url}/approve-after-call", OTHER).status_code == 303
    assert signs_in(client_for, "bo@firma.dk")


def test_where_the_only_login_is_closed_the_consultant_phones_at_once(
    wish: EmployerRegistration, bo: User, karin: User, client_for: Clients
) -> None:
    with transaction():
        db.session.get_one(User, bo.id).disabled_at = NOW

    assert (
        client_for(karin).post(f"/employers/registrations/{wish.id}/approve-after-call", CALL).status_code
        == 303
    )


def test_a_neighbours_consultant_has_no_say(
    wish: EmployerRegistration, lene: User, client_for: Clients
) -> None:
    late(wish)
    url = f"/employers/registrations/{wish.id}"

    assert client_for(lene).get(url).status_code == 404
    assert client_for(lene).post(f"{url}/approve-after-call", CALL).status_code == 404


def test_who_was_known_without_a_login_is_the_same_person(
    karin: User, client_for: Clients, employer: Employer, bo: User
) -> None:
    known = make_colleague(employer, "Pia", login=False)
    wish = confirmed(client_for(None), contact_email=known.email)

    client_for(bo).post(f"/employers/own/joining/{wish.id}/approve")

    people = db.session.scalars(sa.select(ContactPerson).where(ContactPerson.email == known.email)).all()
    assert [(person.id, person.user_id is not None) for person in people] == [(known.id, True)]


# --- Two at once, and somebody new --------------------------------------------------------------------------------


def test_of_two_who_register_a_new_employer_the_first_answers_for_the_second(
    app: Flask, karin: User, client_for: Clients
) -> None:
    first = confirmed(client_for(None))
    second = confirmed(client_for(None), contact_email="eve@evil.example", contact_name="Eve")
    client = client_for(karin)
    client.post(f"/employers/registrations/{first.id}/approve")

    assert client.post(f"/employers/registrations/{second.id}/approve").status_code == 409
    assert [mail.recipient for mail in mails(MailKind.JOIN_WISH)] == ["bo@firma.dk"]
    assert "Eve" in client_for(user("bo@firma.dk")).get("/employers/own").words


def test_a_wish_sent_to_another_municipality_follows_the_employer(
    app: Flask, karin: User, lene: User, client_for: Clients
) -> None:
    first = confirmed(client_for(None))
    elsewhere = make_registration("Fredensborg", cvr=first.cvr)

    client_for(karin).post(f"/employers/registrations/{first.id}/approve")

    assert client_for(lene).get(f"/employers/registrations/{elsewhere.id}").status_code == 404
    assert client_for(karin).get(f"/employers/registrations/{elsewhere.id}").status_code == 200


def test_who_has_just_come_lets_nobody_in(
    wish: EmployerRegistration, employer: Employer, client_for: Clients
) -> None:
    """Eve slipped in yesterday: she brings no accomplices before somebody has had time to notice her."""
    eve = make_colleague(employer, "Eve", added_at=NOW - timedelta(days=1)).user
    client = client_for(eve)

    page = client.get(f"/employers/own/joining/{wish.id}")
    assert page.page.select_one("form[action$=approve]") is None
    assert client.post(f"/employers/own/joining/{wish.id}/approve").status_code == 409
    assert client.post(f"/employers/own/joining/{wish.id}/refuse", {"reason": "Nej"}).status_code == 409
    invitation = {"name": "Adam", "email": "adam@evil.example"}
    assert client.post("/employers/own/invite", invitation).status_code == 409
    with time_machine.travel(NOW + timedelta(days=13), tick=False):
        assert client_for(eve).post("/employers/own/invite", invitation).status_code == 303


def test_the_first_person_of_an_employer_invites_at_once(
    app: Flask, karin: User, client_for: Clients
) -> None:
    wish = confirmed(client_for(None))
    client_for(karin).post(f"/employers/registrations/{wish.id}/approve")

    invitation = {"name": "Carla", "email": "carla@firma.dk"}
    assert client_for(user("bo@firma.dk")).post("/employers/own/invite", invitation).status_code == 303


def test_a_p_number_of_another_employer_is_not_brought_along(
    employer: Employer, bo: User, karin: User, client_for: Clients
) -> None:
    dortes = make_employer("Dortes Rengøring", owner="Dorte").workplaces[0].p_number
    wish = confirmed(client_for(None), contact_email="pia@firma.dk", p_number=dortes)
    assert (
        "P-nummeret hører til en anden" in client_for(karin).get(f"/employers/registrations/{wish.id}").words
    )
    assert "P-nummeret hører til en anden" in client_for(bo).get(f"/employers/own/joining/{wish.id}").words

    client_for(bo).post(f"/employers/own/joining/{wish.id}/approve")

    own = db.session.get_one(Employer, employer.id)
    assert dortes not in [place.p_number for place in own.workplaces]
    assert signs_in(client_for, "pia@firma.dk")
