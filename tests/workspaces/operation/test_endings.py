"""What somebody took back or lost stays so when an older backup comes back: consents, yeses, people, accounts."""

import pytest
import sqlalchemy as sa

from portal.api.tokens.models import ApiToken
from portal.api.tokens.services import end_token
from portal.base.database import db, transaction
from portal.base.journal import ENDED, RESUMED
from portal.loop.employers.models import ContactPerson
from portal.loop.reviews.models import Answer, Review
from portal.shared.accounts import services as accounts
from portal.shared.accounts.models import User
from portal.shared.outbox.models import Mail, MailState
from portal.web.permissions import Role
from portal.workspaces.consents.models import Consent
from portal.workspaces.home.models import CalendarAddress
from portal.workspaces.operation import endings
from tests.factories import (
    NOW,
    make_card,
    make_citizen,
    make_consent,
    make_employer,
    make_match,
    make_review,
    make_token,
    make_user,
)


def kinds(installation) -> list[str]:
    return [line.kind for line in installation.journal.read().lines]


@pytest.fixture
def open_doors(installation, client_for, karin):
    """Amira lets Bo see her card, and said yes to a proposal. A backup; then she takes both back, and Bo leaves."""
    amira = make_citizen("Amira", with_login=True)
    card, employer = make_card(amira), make_employer()
    consent = make_consent(card, employer)
    review = make_review(make_match(card=card), citizen_answer=Answer.YES)
    contact = db.session.scalars(
        sa.select(ContactPerson).where(ContactPerson.employer_id == employer.id)
    ).one()
    staff = make_user("Jens", Role.LEADER, email="jens@kommune.example")
    admin = make_user("Anne", Role.ADMIN, email="anne@kommune.example")
    folder = installation.backup()

    browser = client_for(karin)
    gone = (
        (browser, f"/consents/{consent.id}/withdraw"),
        (browser, f"/reviews/{review.id}/citizen-withdrawal"),
        (browser, f"/employers/{employer.id}/contacts/{contact.id}/remove"),
        (client_for(admin), f"/users/{staff.id}/disable"),
    )
    for who, url in gone:
        assert who.post(url, {"understood": "y"}).status_code in (200, 204, 303), url
    return folder


def test_a_restored_backup_opens_nothing_that_was_closed_since(installation, open_doors):
    answer = installation.restore(open_doors)

    assert answer.exit_code == 0, answer.output
    assert "4 samtykker og adgange" in answer.output
    assert installation.restored(sa.select(Consent.answer)) == [Answer.WITHDRAWN]
    assert installation.restored(sa.select(Review.citizen_answer)) == [Answer.WITHDRAWN]
    assert (
        installation.restored(sa.select(ContactPerson.id))
        == db.session.scalars(sa.select(ContactPerson.id)).all()
    )
    closed = installation.restored(
        sa.select(User.name).where(User.disabled_at.is_not(None)).order_by(User.id)
    )
    assert closed == ["Bo", "Jens"]
    assert MailState.WAITING not in installation.restored(sa.select(Mail.state))


def test_a_calendar_address_that_was_closed_since_stays_closed(installation, client_for, karin, jonas):
    browsers = [client_for(karin), client_for(jonas)]
    for browser in browsers:
        assert browser.post("/calendar/make").status_code == 200
    folder = installation.backup()
    assert browsers[0].post("/calendar/withdraw").status_code == 303

    installation.succeeds(installation.restore(folder))

    assert installation.restored(sa.select(CalendarAddress.user_id)) == [jonas.id]


def test_a_token_that_was_ended_since_opens_nothing(installation):
    alma = make_user("Alma", Role.ADMIN)
    (ended, _secret), (kept, _other) = make_token(by=alma), make_token(by=alma)
    db.session.commit()
    folder = installation.backup()
    with transaction():
        end_token(db.session.merge(ended), by=db.session.merge(alma), at=NOW)

    installation.succeeds(installation.restore(folder))

    still_open = sa.select(ApiToken.id).where(ApiToken.ended_at.is_(None))
    assert installation.restored(still_open) == [kept.id]


def test_restoring_writes_nothing_more_in_the_journal(installation, open_doors):
    before = installation.journal.file.read_bytes()

    installation.restore(open_doors)

    assert installation.journal.file.read_bytes() == before


def test_names_are_in_no_line_of_it(installation, open_doors):
    text = installation.journal.file.read_text()

    assert kinds(installation).count(ENDED) >= 4
    assert not [word for word in ("Amira", "Jens", "Bo", "@", '"id"') if word in text]


def test_an_account_that_was_opened_again_since_stays_open(installation, open_doors, karin):
    with transaction():
        jens = db.session.scalars(sa.select(User).where(User.name == "Jens")).one()
        accounts.enable_user(jens, by=karin, at=NOW)

    installation.restore(open_doors)

    assert kinds(installation)[-1] == RESUMED
    closed = installation.restored(sa.select(User.name).where(User.disabled_at.is_not(None)))
    assert closed == ["Bo"]


def test_a_new_consent_of_the_restored_portal_is_another(installation, open_doors):
    """She asks again, and the database gives the row the number of one that it never knew."""
    installation.restore(open_doors)
    again = make_consent()

    contents = installation.journal.read()

    assert again not in list(endings.open_again(contents, installation.journal.keys))


def test_a_database_that_came_back_past_the_portal_is_seen_and_put_right(installation, open_doors):
    with transaction():
        db.session.execute(sa.update(Consent).values(answer=Answer.YES, withdrawn_at=None))
        db.session.execute(sa.update(User).values(disabled_at=None))

    assert "3 samtykker eller adgange" in installation.run("doctor").output
    assert "3" in installation.run("reapply-erasures").output.splitlines()[-1]

    assert db.session.scalars(sa.select(Consent.answer)).all() == [Answer.WITHDRAWN]
    assert "er åbne igen" not in installation.run("doctor").output


def test_nobody_waits_for_the_journal_to_take_her_consent_back(installation, client_for, karin):
    consent = make_consent()
    installation.backup()
    installation.journal.file.unlink()

    assert client_for(karin).post(f"/consents/{consent.id}/withdraw").status_code in (200, 204, 303)

    db.session.rollback()
    assert db.session.scalars(sa.select(Consent.answer)).all() == [Answer.WITHDRAWN]
    assert "Slettelisten mangler" in installation.run("doctor").output
