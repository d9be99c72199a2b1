"""Colleagues join by a link that is used once; an employer that was recommended is remembered."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.employers.forgetting import forget_asked
from portal.loop.employers.models import ContactPerson, Employer, EmployerInvitation, EmployerRegistration
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.shared.outbox import letters
from portal.shared.outbox.models import Mail, MailKind
from portal.web.links import LinkPurpose
from tests.client import PortalClient
from tests.factories import CVRS, NOW, make_employer, make_invitation, make_opening, owner_of
from tests.loop.employers.test_views import CHOSEN_PASSWORD, confirm_link, confirmed, filled
from tests.support.links import links_of

Clients = Callable[[User | None], PortalClient]

CHOSEN = {"phone": "47112255", "password": "tre ord efter", "repeated": "tre ord efter"}


@pytest.fixture
def employer(app: Flask) -> Employer:
    return make_employer()


def link_of(app: Flask, invitation: EmployerInvitation) -> str:
    links = links_of(app)
    token = links.sign(LinkPurpose.INVITATION, invitation.id, expires_at=invitation.expires_at)
    return f"/employers/invitation/{token}"


def test_a_colleague_is_invited_by_mail_alone(app: Flask, client_for: Clients, employer: Employer) -> None:
    bo = client_for(owner_of(employer))

    response = bo.post("/employers/own/invite", {"name": "Carla Berg", "email": "Carla@firma.dk"})

    assert response.status_code == 303
    mail = db.session.scalars(sa.select(Mail).where(Mail.kind == MailKind.INVITATION)).one()
    assert mail.recipient == "carla@firma.dk"
    link = urlsplit(letters.Link.read(mail.links["accept"]).address()).path
    assert link not in bo.get("/employers/own").get_data(as_text=True), "who invites cannot accept"
    visitor = client_for(None)
    assert "Velkommen til Bos Køkken ApS" in visitor.get(link).words
    assert visitor.post(link, CHOSEN).location == "/login"
    carla = db.session.scalars(sa.select(User).where(User.email == "carla@firma.dk")).one()
    assert client_for(carla).get("/employers/own").page.select_one("#own-employer")


def test_a_link_is_used_once(app: Flask, client_for: Clients, employer: Employer) -> None:
    url, visitor = link_of(app, make_invitation(employer)), client_for(None)

    assert visitor.post(url, CHOSEN).status_code == 303
    assert visitor.get(url).status_code == 410
    assert visitor.post(url, CHOSEN).status_code == 410


def test_a_withdrawn_or_old_invitation_opens_nothing(
    app: Flask, client_for: Clients, employer: Employer
) -> None:
    invitation = make_invitation(employer)
    url, bo = link_of(app, invitation), client_for(owner_of(employer))

    assert bo.post(f"/employers/own/invitations/{invitation.id}/withdraw").status_code == 303
    assert bo.post(f"/employers/own/invitations/{invitation.id}/withdraw").status_code == 409
    [line] = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "invitation-withdrawn"))
    assert line.subject_id == invitation.id
    assert client_for(None).get(url).status_code == 410
    old = make_invitation(employer, expires_at=NOW)
    late = client_for(None).get(link_of(app, old))
    assert late.status_code == 410
    assert late.page.select_one("form[method=post]"), "asks for a new one"


@pytest.mark.parametrize(
    ("field", "value"), [("phone", "12"), ("password", "kort"), ("repeated", "noget andet")]
)
def test_a_mistake_is_told_and_the_link_still_works(
    app: Flask, client_for: Clients, employer: Employer, field: str, value: str
) -> None:
    url, visitor = link_of(app, make_invitation(employer)), client_for(None)

    assert visitor.post(url, {**CHOSEN, field: value}).status_code == 422
    assert visitor.post(url, CHOSEN).status_code == 303


def test_an_email_in_use_joins_no_second_employer(
    app: Flask, client_for: Clients, employer: Employer
) -> None:
    dorte = owner_of(make_employer("Dortes Rengøring", owner="Dorte"))
    url = link_of(app, make_invitation(employer, email=dorte.email))

    response = client_for(None).post(url, CHOSEN)

    assert response.status_code == 409
    assert "allerede i brug" in response.words


def test_who_is_there_already_is_not_invited_again(client_for: Clients, employer: Employer) -> None:
    bo = owner_of(employer)

    response = client_for(bo).post("/employers/own/invite", {"name": "Bo", "email": bo.email})

    assert response.status_code == 409
    assert response.page.select_one("#email[aria-invalid=true]")


def test_who_has_asked_to_join_herself_is_answered_and_not_invited(
    client_for: Clients, employer: Employer
) -> None:
    """Her invitation would end at "the e-mail is in use", because she has an account that waits."""
    confirmed(client_for(None), contact_email="pia@firma.dk", contact_name="Pia Lund", cvr=employer.cvr)

    response = client_for(owner_of(employer)).post(
        "/employers/own/invite", {"name": "Pia", "email": "Pia@firma.dk"}
    )

    assert response.status_code == 409
    assert "har selv bedt om" in response.page.select_one("#email-error").text


def test_an_invitation_is_forgotten_when_it_has_served(app: Flask, employer: Employer) -> None:
    """Whether nobody took it or the colleague has come: her name stands with the employer now."""
    for ended_days_ago in (29, 31):
        make_invitation(employer, expires_at=NOW - timedelta(days=ended_days_ago))
        make_invitation(
            employer, expires_at=NOW + timedelta(days=2), accepted_at=NOW - timedelta(days=ended_days_ago)
        )

    with transaction():
        assert forget_asked(NOW, app.config) == {"employer_invitations": 2}


# --- Recommendations -----------------------------------------------------------------------------------------


def recommended(client_for: Clients, employer: Employer, **values: str) -> EmployerRegistration:
    """An employer registers by the link that stands on the other employer's page."""
    link = (
        client_for(owner_of(employer))
        .get("/employer-pages/recommend")
        .page.select_one("#referral-link")["value"]
    )
    visitor = client_for(None)
    page = visitor.get(link)
    assert f"{employer.name} har anbefalet jer" in page.words
    token = page.page.select_one("input[name=referral]")["value"]
    visitor.post("/employers/register", filled(referral=token, **values))
    visitor.post(confirm_link("bo@firma.dk"), CHOSEN_PASSWORD)
    return db.session.scalars(sa.select(EmployerRegistration)).one()


def approved(client_for: Clients, registration: EmployerRegistration, karin: User) -> Employer:
    client_for(karin).post(f"/employers/registrations/{registration.id}/approve")
    return db.session.scalars(sa.select(Employer).where(Employer.cvr == registration.cvr)).one()


def test_the_link_is_remembered_and_thanked_for_when_the_new_employer_posts(
    client_for: Clients, employer: Employer, karin: User
) -> None:
    new = approved(client_for, recommended(client_for, employer), karin)
    assert new.referred_by_id == employer.id
    thanks = sa.select(Mail).where(Mail.kind == MailKind.REFERRAL)
    assert not db.session.scalars(thanks).all()

    for _ in range(2):
        opening = make_opening(new, status="draft", published_at=None, expires_on=None)
        client_for(karin).post(f"/openings/{opening.id}/publish")

    assert [mail.recipient for mail in db.session.scalars(thanks)] == [owner_of(employer).email]


def test_an_employer_does_not_recommend_itself(client_for: Clients, employer: Employer, karin: User) -> None:
    registration = recommended(client_for, employer, cvr=employer.cvr)

    assert approved(client_for, registration, karin).referred_by_id is None


def test_a_link_that_is_not_ours_is_no_hindrance(client_for: Clients, karin: User, app: Flask) -> None:
    old = links_of(app).sign(LinkPurpose.REFERRAL, 1, expires_at=NOW - timedelta(days=1))
    for token in ("hokus", old):
        assert client_for(None).get(f"/employers/register?recommended={token}").status_code == 200
    confirmed(client_for(None), referral="hokus")

    registration = db.session.scalars(sa.select(EmployerRegistration)).one()
    assert (registration.cvr, registration.referred_by_id) == (CVRS[0], None)


# --- What the employer says of itself ----------------------------------------------------------------------------


def test_who_said_so_and_who_signs_for_the_staff_stand_on_the_page(
    client_for: Clients, employer: Employer, karin: User
) -> None:
    bo, place = client_for(owner_of(employer)), employer.workplaces[0]
    staff = {"full_time_staff": "12,5", "stated_on": "2026-11-18", "said_by": "Carla fra lønkontoret"}
    bo.post(f"/employers/own/workplaces/{place.id}/staff", staff)
    steward = {"representative_name": "Tove Tillid", "representative_email": "tove@firma.dk"}
    assert bo.post(f"/employers/own/workplaces/{place.id}/representative", steward).status_code == 303

    for client, url in ((bo, "/employers/own"), (client_for(karin), f"/employers/{employer.id}")):
        words = client.get(url).words
        assert "af Carla fra lønkontoret" in words
        assert "Tove Tillid tove@firma.dk" in words


def test_a_representative_can_be_reached(client_for: Clients, employer: Employer) -> None:
    url = f"/employers/own/workplaces/{employer.workplaces[0].id}/representative"

    assert client_for(owner_of(employer)).post(url, {"representative_name": "Tove"}).status_code == 422


def test_publicity_is_switched_on_by_the_employer_alone(client_for: Clients, employer: Employer) -> None:
    client = client_for(owner_of(employer))
    assert not db.session.get_one(Employer, employer.id).wants_publicity

    client.post("/employers/own/details", {"sector": "public", "wants_publicity": "y"})

    employer = db.session.get_one(Employer, employer.id)
    assert (employer.sector, employer.wants_publicity) == ("public", True)


def test_the_registration_brings_sector_and_representative_along(client_for: Clients, karin: User) -> None:
    steward = {"representative_name": "Tove", "representative_phone": "47112299"}
    confirmed(client_for(None), sector="public", **steward)
    registration = db.session.scalars(sa.select(EmployerRegistration)).one()

    employer = approved(client_for, registration, karin)

    place = employer.workplaces[0]
    assert (employer.sector, place.representative_name, place.staff_stated_by) == (
        "public",
        "Tove",
        "Bo Berg",
    )
    assert db.session.scalars(sa.select(ContactPerson)).one().name == "Bo Berg"


def test_an_inbox_gets_a_few_invitations_whoever_sends_them(client_for: Clients, employer: Employer) -> None:
    bo = client_for(owner_of(employer))
    carla = {"name": "Carla Berg", "email": "Carla@firma.dk"}

    answers = [bo.post("/employers/own/invite", carla) for _try in range(5)]

    assert [answer.status_code for answer in answers] == [303] * 3 + [429] * 2
    assert "Vent 60 minutter" in answers[-1].page.select_one("#email-error").get_text()
    assert len(db.session.scalars(sa.select(Mail).where(Mail.kind == MailKind.INVITATION)).all()) == 3


def test_nobody_sends_invitations_by_the_dozens(client_for: Clients, employer: Employer) -> None:
    bo = client_for(owner_of(employer))

    answers = [
        bo.post("/employers/own/invite", {"name": "Carla", "email": f"carla{number}@firma.dk"}).status_code
        for number in range(14)
    ]

    assert answers == [303] * 12 + [429] * 2
