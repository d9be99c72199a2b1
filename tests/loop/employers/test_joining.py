"""Nothing exists before its e-mail is confirmed, and an unconfirmed address blocks nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.employers import joining
from portal.loop.employers.models import (
    EmployerRegistration,
    RegistrationStatus,
    UnconfirmedRegistration,
)
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.shared.outbox import letters
from portal.shared.outbox.models import Mail, MailKind
from portal.web.permissions import Role
from tests.client import PortalClient
from tests.factories import CVRS, NOW, make_employer, make_invitation, make_user, owner_of, user
from tests.loop.employers.test_colleagues import CHOSEN, link_of
from tests.loop.employers.test_views import CHOSEN_PASSWORD as PASSWORD
from tests.loop.employers.test_views import confirm_link, confirmed, register

Clients = Callable[[User | None], PortalClient]


def count(table: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def mails(kind: MailKind) -> list[Mail]:
    return list(db.session.scalars(sa.select(Mail).where(Mail.kind == kind).order_by(Mail.id)))


def test_a_registration_makes_no_account_and_shows_the_consultant_nothing(
    client_for: Clients, visitor: PortalClient, karin: User
) -> None:
    users = count(User)

    register(visitor)

    assert count(User) == users
    assert "Bos Køkken ApS" not in client_for(karin).get("/employers/registrations").words
    assert client_for(karin).get("/").words.count("Bos Køkken ApS") == 0


def test_somebody_elses_address_is_not_blocked_for_its_owner(
    app: Flask, client_for: Clients, visitor: PortalClient
) -> None:
    """Eve registers the address of a colleague-to-be; Bo's invitation and the owner's own wish work as ever."""
    employer = make_employer()
    register(visitor, contact_email="carla@firma.dk", company_name="Eves Firma")

    invitation = make_invitation(employer, email="carla@firma.dk")

    assert client_for(None).post(link_of(app, invitation), CHOSEN).status_code == 303


def test_an_address_that_an_administrator_mistyped_is_not_blocked_for_its_owner(
    visitor: PortalClient, client_for: Clients, admin: User
) -> None:
    """She meant bo@kommune.dk; Bo of the firm has never heard of her, and registers as anybody else."""
    details = {"name": "Bo fra IT", "email": "bo@firma.dk", "role": "consultant"}
    assert client_for(admin).post("/users/new", details).status_code == 303

    wish = confirmed(visitor)

    bo = db.session.scalars(sa.select(User).where(User.email == "bo@firma.dk")).one()
    assert (bo.id, bo.role, bo.municipality_id) == (wish.user_id, Role.EMPLOYER, None)
    [mistyped] = db.session.scalars(sa.select(User).where(User.name == "Bo fra IT"))
    assert not mistyped.is_active


def test_the_link_in_the_mail_confirms_and_only_then_a_consultant_sees_it(
    client_for: Clients, visitor: PortalClient, karin: User
) -> None:
    register(visitor)
    [mail] = mails(MailKind.CONFIRM_REGISTRATION)
    assert mail.recipient == "bo@firma.dk"
    link = confirm_link("bo@firma.dk")

    page = visitor.get(link)
    assert "Bos Køkken ApS" in page.words
    assert visitor.post(link, PASSWORD).location == "/login"

    bo = db.session.scalars(sa.select(User).where(User.email == "bo@firma.dk")).one()
    assert client_for(bo).get("/employers/own").page.select_one("#pending-page")
    assert "Bos Køkken ApS" in client_for(karin).get("/employers/registrations").words
    assert count(UnconfirmedRegistration) == 0


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_mail_scanner_that_follows_the_link_confirms_nothing(
    app: Flask, visitor: PortalClient, method: str
) -> None:
    register(visitor)

    answer = app.test_client().open(confirm_link("bo@firma.dk"), method=method)

    assert answer.status_code == 200
    assert count(EmployerRegistration) == 0
    assert count(UnconfirmedRegistration) == 1


def test_a_link_confirms_once(visitor: PortalClient) -> None:
    register(visitor)
    link = confirm_link("bo@firma.dk")
    assert visitor.post(link, PASSWORD).status_code == 303

    assert visitor.get(link).status_code == 410
    assert visitor.post(link, PASSWORD).status_code == 410
    assert count(EmployerRegistration) == 1


def test_whoever_comes_too_late_is_shown_the_way(visitor: PortalClient) -> None:
    """Bo reads his mail on the third day: no dead end."""
    register(visitor)
    link = confirm_link("bo@firma.dk")

    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        late = visitor.get(link)

    assert late.status_code == 410
    assert late.page.main.select_one('a[href="/employers/register"]')


def test_a_link_ends_by_time(visitor: PortalClient) -> None:
    register(visitor)
    link = confirm_link("bo@firma.dk")

    with time_machine.travel(NOW + timedelta(hours=47, minutes=59), tick=False):
        assert visitor.get(link).status_code == 200
    with time_machine.travel(NOW + timedelta(hours=48), tick=False):
        assert visitor.get(link).status_code == 410
        assert visitor.post(link, PASSWORD).status_code == 410
    assert count(EmployerRegistration) == 0


def test_the_password_is_chosen_behind_the_link_and_mistakes_are_told(visitor: PortalClient) -> None:
    register(visitor)
    link = confirm_link("bo@firma.dk")

    for wrong in ({"password": "kort", "repeated": "kort"}, {**PASSWORD, "repeated": "andet"}):
        answer = visitor.post(link, wrong)
        assert answer.status_code == 422
        assert answer.page.select_one("[aria-invalid=true]")
    assert visitor.post(link, PASSWORD).status_code == 303


def test_of_several_wishes_for_one_address_only_the_confirmed_goes_on(visitor: PortalClient) -> None:
    register(visitor, company_name="Eves Firma", cvr=CVRS[1])
    eves = confirm_link("bo@firma.dk")
    register(visitor)
    own = confirm_link("bo@firma.dk")
    assert visitor.post(own, PASSWORD).status_code == 303

    assert [one.company_name for one in db.session.scalars(sa.select(EmployerRegistration))] == [
        "Bos Køkken ApS"
    ]
    assert visitor.post(eves, PASSWORD).status_code == 410
    assert count(EmployerRegistration) == 1


def test_mails_to_one_address_are_few_and_every_wish_is_within_reach_of_one(visitor: PortalClient) -> None:
    """Whoever floods an address hides nothing: the owner finds her own wish behind each of the links."""
    for number in range(4):
        register(visitor, company_name=f"Eves Firma {number}", contact_email="bo@firma.dk")
    register(visitor)

    sent = mails(MailKind.CONFIRM_REGISTRATION)
    assert len(sent) == joining.MOST_MAILS_A_DAY
    page = visitor.get(confirm_link("bo@firma.dk")).page
    [own] = [link for link in page.select("main a[href*='/employers/confirm/']") if "Bos" in link.text]
    assert visitor.post(str(own["href"]), PASSWORD).status_code == 303
    assert db.session.scalars(sa.select(EmployerRegistration.company_name)).all() == ["Bos Køkken ApS"]


@pytest.mark.parametrize(
    "typed", ["karin@kommune.example", "Karin@Kommune.EXAMPLE", " karin@kommune.example"]
)
def test_a_known_address_is_told_so_by_mail_alone(visitor: PortalClient, typed: str) -> None:
    with transaction():
        user("karin@kommune.example").password_hash = "chosen"
    unknown = register(visitor)

    known = register(visitor, contact_email=typed)

    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert known.get_data() == unknown.get_data()
    [mail] = mails(MailKind.ADDRESS_KNOWN)
    assert mail.recipient == "karin@kommune.example"
    assert "har allerede et login" in letters.with_links(mail)
    assert count(UnconfirmedRegistration) == 1


def test_other_spellings_are_other_addresses(visitor: PortalClient) -> None:
    """Only the mail server knows whether b.o+x is Bo's; each is confirmed by itself."""
    make_user("Bo", Role.CITIZEN, email="bo@firma.dk", in_municipality=None)

    register(visitor, contact_email="b.o@firma.dk")
    register(visitor, contact_email="bo+portal@firma.dk")

    assert {mail.recipient for mail in mails(MailKind.CONFIRM_REGISTRATION)} == {
        "b.o@firma.dk",
        "bo+portal@firma.dk",
    }


@pytest.mark.parametrize("typed", ["bo@\ufb01rma.dk", "bo@FIRMA.dk", "bo@firma\uff0edk"])
def test_one_inbox_is_one_address_however_it_is_typed(visitor: PortalClient, typed: str) -> None:
    """A ligature or a wide dot: whoever floods an inbox so is counted as ever, and no account has a twin."""
    for _time in range(joining.MOST_MAILS_A_DAY):
        register(visitor)

    register(visitor, contact_email=typed)

    assert [mail.recipient for mail in mails(MailKind.CONFIRM_REGISTRATION)] == [
        "bo@firma.dk"
    ] * joining.MOST_MAILS_A_DAY


def test_an_address_that_no_server_takes_is_said_at_its_field(visitor: PortalClient) -> None:
    answer = register(visitor, contact_email="\uff42\uff4f@firma.dk")

    assert answer.status_code == 422
    assert answer.page.select_one("#contact_email-error")


def test_the_mail_holds_nothing_that_a_stranger_typed(visitor: PortalClient) -> None:
    register(
        visitor,
        company_name="Vind her evil.example",
        contact_name="Klik evil.example",
        address="evil.example",
    )

    [mail] = mails(MailKind.CONFIRM_REGISTRATION)
    assert "evil" not in mail.text + mail.subject
    assert "13 74 81 36" in mail.text


def test_an_account_made_in_the_meantime_is_not_taken_over(app: Flask, visitor: PortalClient) -> None:
    register(visitor, contact_email="carla@firma.dk")
    link = confirm_link("carla@firma.dk")
    carla = make_user("Carla", Role.CONSULTANT, email="carla@firma.dk")
    with transaction():
        carla.password_hash = "chosen"

    assert "har allerede et login" in visitor.get(link).words
    assert visitor.post(link, PASSWORD).status_code == 409
    assert db.session.get_one(User, carla.id, populate_existing=True).password_hash == "chosen"
    assert count(EmployerRegistration) == 0


def test_who_was_refused_may_try_again_with_the_same_account(
    client_for: Clients, visitor: PortalClient, karin: User
) -> None:
    confirmed(visitor)
    wish = db.session.scalars(sa.select(EmployerRegistration)).one()
    client_for(karin).post(f"/employers/registrations/{wish.id}/refuse", {"reason": "Forkert CVR-nummer"})

    register(visitor, cvr=CVRS[1])
    assert visitor.post(confirm_link("bo@firma.dk"), PASSWORD).status_code == 303

    again = db.session.scalars(
        sa.select(EmployerRegistration).order_by(EmployerRegistration.id.desc())
    ).first()
    assert again is not None
    assert (again.status, again.user_id) == (RegistrationStatus.PENDING, wish.user_id)


def test_who_waits_for_an_answer_has_a_login(visitor: PortalClient) -> None:
    confirmed(visitor)

    register(visitor, cvr=CVRS[1])

    assert len(mails(MailKind.ADDRESS_KNOWN)) == 1
    assert count(UnconfirmedRegistration) == 0


def test_a_closed_account_of_an_employer_is_not_opened_by_registering(visitor: PortalClient) -> None:
    bo = owner_of(make_employer())
    with transaction():
        db.session.get_one(User, bo.id).disabled_at = NOW

    register(visitor, contact_email=bo.email)

    assert count(UnconfirmedRegistration) == 0


def test_what_is_never_confirmed_is_forgotten_with_its_mail(app: Flask, visitor: PortalClient) -> None:
    register(visitor)
    with transaction():
        for mail in mails(MailKind.CONFIRM_REGISTRATION):
            mail.state, mail.sent_at = "sent", NOW

    with transaction():
        assert joining.forget_unconfirmed(at=NOW + timedelta(hours=47)) == 0
    with transaction():
        assert joining.forget_unconfirmed(at=NOW + timedelta(hours=49)) == 1

    assert count(UnconfirmedRegistration) == 0
    assert not mails(MailKind.CONFIRM_REGISTRATION)


def test_what_was_carried_over_gets_its_mail_from_the_worker(app: Flask, visitor: PortalClient) -> None:
    register(visitor)
    with transaction():
        db.session.execute(sa.delete(Mail))
        db.session.execute(sa.update(UnconfirmedRegistration).values(mailed_at=None))

    for _ in range(2):
        with transaction():
            joining.mail_unmailed(NOW)

    assert len(mails(MailKind.CONFIRM_REGISTRATION)) == 1


def test_the_log_tells_what_happened_without_a_name(visitor: PortalClient) -> None:
    confirmed(visitor)

    actions = set(db.session.scalars(sa.select(AuditEntry.action)))
    assert {"registration-sent", "employer-registered"} <= actions
