"""Once a year an employer says who still may sign in for it; whom nobody confirms loses access, after notice."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.employers.access_review import review_access
from portal.loop.employers.models import AccessReview, ContactPerson, Employer
from portal.shared.accounts import services as accounts
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.shared.outbox.models import Mail, MailKind
from tests.client import PortalClient
from tests.factories import NOW, make_colleague, make_employer, owner_of

Clients = Callable[[User | None], PortalClient]

TWO_YEARS = timedelta(days=730)
URL = "/employers/own/access"


@pytest.fixture
def employer(app: Flask) -> Employer:
    """Bo's and Carla's, confirmed by nobody for two years."""
    made = make_employer(approved_at=NOW - TWO_YEARS)
    make_colleague(made, added_at=NOW - timedelta(days=400))
    return made


@pytest.fixture
def bo(employer: Employer) -> User:
    return owner_of(employer)


def chore(at: datetime = NOW) -> int:
    with transaction():
        return review_access(at)


def names(employer: Employer) -> list[str]:
    statement = sa.select(ContactPerson.name).where(ContactPerson.employer_id == employer.id)
    return list(db.session.scalars(statement.order_by(ContactPerson.id)))


def ids(employer: Employer) -> dict[str, int]:
    statement = sa.select(ContactPerson.name, ContactPerson.id).where(
        ContactPerson.employer_id == employer.id
    )
    return dict(db.session.execute(statement).all())


def answers(employer: Employer, **said: str) -> dict[str, str]:
    return {f"contact_{ids(employer)[name]}": answer for name, answer in said.items()}


def mails(kind: MailKind) -> list[str]:
    return list(db.session.scalars(sa.select(Mail.recipient).where(Mail.kind == kind).order_by(Mail.id)))


def test_after_a_year_all_who_sign_in_are_asked_once(employer: Employer, bo: User) -> None:
    make_employer("Dortes Rengøring", owner="Dorte", approved_at=NOW - timedelta(days=364))
    make_employer("Uden Login", owner=None, approved_at=NOW - TWO_YEARS)

    assert [chore(), chore()] == [1, 0]

    assert len(mails(MailKind.ACCESS_REVIEW)) == 2
    assert db.session.scalars(sa.select(AccessReview.employer_id)).all() == [employer.id]


def test_bo_says_who_is_there_yet(employer: Employer, bo: User, client_for: Clients) -> None:
    chore()
    client = client_for(bo)
    assert client.get("/employers/own").page.select_one(f"a[href='{URL}']")
    page = client.get(URL)
    assert "Skal Carla stadig have adgang?" in page.words

    assert client.post(URL, answers(employer, Bo="yes")).status_code == 422
    assert client.post(URL, answers(employer, Bo="yes", Carla="no")).status_code == 303

    assert names(employer) == ["Bo"]
    assert len(mails(MailKind.ACCESS_CLOSED)) == 1
    done = set(db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.actor_id == bo.id)))
    assert {"access-confirmed", "contact-removed", "access-review-closed"} <= done
    assert chore(NOW + timedelta(days=360)) == 0
    assert chore(NOW + timedelta(days=366)) == 1


def test_the_page_tells_when_each_was_last_here(employer: Employer, bo: User, client_for: Clients) -> None:
    with transaction():
        accounts.open_session(db.session.merge(bo), device="Test", at=NOW)

    page = client_for(bo).get(URL).page

    rows = [row.get_text(" ", strip=True) for row in page.select("#access-table tbody tr")]
    assert "18. november 2026" in rows[0] or "18.11.2026" in rows[0]
    assert "Aldrig" in rows[1]


def test_who_is_silent_is_reminded_then_late_and_then_out(
    employer: Employer, bo: User, karin: User, lene: User, client_for: Clients
) -> None:
    def late(who: User) -> bool:
        listed = client_for(who).get("/employers/?access=late").page
        return listed.select_one(f"a[href='/employers/{employer.id}']") is not None

    chore()
    chore(NOW + timedelta(days=13))
    assert not late(karin)
    chore(NOW + timedelta(days=14))
    assert len(mails(MailKind.ACCESS_REVIEW)) == 4
    assert late(karin)
    assert not late(lene)
    assert "Hvem kan logge ind?" in client_for(karin).get("/").words
    assert "ikke svaret" in client_for(karin).get(f"/employers/{employer.id}").words
    chore(NOW + timedelta(days=29))
    assert names(employer) == ["Bo", "Carla"]
    chore(NOW + timedelta(days=30))

    assert names(employer) == []
    assert len(mails(MailKind.ACCESS_CLOSED)) == 2
    assert not late(karin)


def test_nobody_loses_access_without_notice_after_a_pause_of_the_portal(employer: Employer) -> None:
    chore()
    chore(NOW + timedelta(days=60))
    chore(NOW + timedelta(days=61))
    assert names(employer) == ["Bo", "Carla"]
    chore(NOW + timedelta(days=76))
    assert names(employer) == []


def test_whoever_was_confirmed_stays(employer: Employer, bo: User, client_for: Clients) -> None:
    chore()
    make_colleague(employer, "Ny", added_at=NOW + timedelta(days=1))
    client_for(bo).post(URL, answers(employer, Bo="yes", Carla="yes"))

    chore(NOW + timedelta(days=14))
    chore(NOW + timedelta(days=31))

    assert names(employer) == ["Bo", "Carla", "Ny"]


def test_not_all_can_be_sent_away(employer: Employer, bo: User, client_for: Clients) -> None:
    chore()

    response = client_for(bo).post(URL, answers(employer, Bo="no", Carla="no"))

    assert response.status_code == 409
    assert "Mindst én skal stadig have adgang" in response.words
    assert names(employer) == ["Bo", "Carla"]


def test_a_colleague_was_faster(employer: Employer, bo: User, client_for: Clients) -> None:
    chore()
    said = answers(employer, Bo="yes", Carla="yes")
    client = client_for(bo)

    assert client.post(URL, said).status_code == 303
    assert client.post(URL, said).status_code == 409


def test_numbers_of_another_employers_people_say_nothing(
    employer: Employer, bo: User, client_for: Clients
) -> None:
    chore()
    dorte = make_employer("Dortes Rengøring", owner="Dorte")
    foreign = {f"contact_{ids(dorte)['Dorte']}": "no"}

    client_for(bo).post(URL, {**answers(employer, Bo="yes", Carla="yes"), **foreign})

    assert names(dorte) == ["Dorte"]


def test_who_has_just_come_says_nothing_of_the_others(employer: Employer, client_for: Clients) -> None:
    eve = make_colleague(employer, "Eve", added_at=NOW - timedelta(days=1))
    chore()
    client = client_for(eve.user)

    assert client.get(URL).page.select_one(f"form[action='{URL}']") is None
    assert client.post(URL, answers(employer, Bo="no", Carla="no", Eve="yes")).status_code == 409
    assert names(employer) == ["Bo", "Carla", "Eve"]


def test_looking_begins_no_review(employer: Employer, bo: User, client_for: Clients) -> None:
    with time_machine.travel(NOW, tick=False):
        assert "Listen er set igennem" in client_for(bo).get(URL).words
        assert client_for(bo).post(URL).status_code == 409
