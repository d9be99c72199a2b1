"""An employer hears from the municipality at each step: received, answered, posted; and links reach it by mail."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.loop.openings.models import OpeningStatus
from portal.loop.placements.models import PlacementStatus
from portal.loop.reviews.models import Answer
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.shared.outbox import letters, services
from portal.shared.outbox.models import Mail, MailKind, MailState
from portal.web.links import LinkPurpose, portal_links
from tests.client import PortalClient
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_consent,
    make_employer,
    make_opening,
    make_placement,
    make_review,
    make_settlement,
    make_sheet,
    owner_of,
)
from tests.loop.employers.test_views import confirmed

Clients = Callable[[User | None], PortalClient]


def mail_of(kind: MailKind) -> Mail:
    return db.session.scalars(sa.select(Mail).where(Mail.kind == kind)).one()


def test_a_registration_is_received_and_answered_with_the_first_step(
    client_for: Clients, visitor: PortalClient, karin: User
) -> None:
    wish = confirmed(visitor)

    received = mail_of(MailKind.REGISTRATION_RECEIVED)
    assert received.recipient == "bo@firma.dk"
    assert "En konsulent ringer til dig" in received.text
    assert letters.Link.read(received.links["draft"]).path() == "/posting/"

    client_for(karin).post(f"/employers/registrations/{wish.id}/approve")
    approved = mail_of(MailKind.REGISTRATION_APPROVED)
    assert letters.Link.read(approved.links["post"]).path() == "/posting/"


def test_a_no_is_kind_and_says_why(client_for: Clients, visitor: PortalClient, karin: User) -> None:
    wish = confirmed(visitor)

    client_for(karin).post(
        f"/employers/registrations/{wish.id}/refuse", {"reason": "Vi dækker ikke jeres område."}
    )

    refused = mail_of(MailKind.REGISTRATION_REFUSED)
    assert "Tak, fordi I vil være med" in refused.text
    assert "Vi dækker ikke jeres område." in refused.text


def test_a_posted_opening_gives_a_receipt_with_the_promise_once(client_for: Clients, karin: User) -> None:
    opening = make_opening(make_employer(), status=OpeningStatus.DRAFT, published_at=None, expires_on=None)

    client_for(karin).post(f"/openings/{opening.id}/publish")

    mail = mail_of(MailKind.OPENING_POSTED)
    assert (
        "I hører fra os senest fredag den 20. november kl. 09.00" in mail.text
        or "I hører fra os senest" in mail.text
    )
    assert letters.Link.read(mail.links["opening"]).path() == f"/openings/{opening.id}"
    assert letters.STOP in mail.links


def test_who_declined_receipts_gets_none(client_for: Clients, karin: User) -> None:
    employer = make_employer()
    services.decline(employer.contacts[0].email, {MailKind.OPENING_POSTED}, at=NOW)
    db.session.commit()
    opening = make_opening(employer, status=OpeningStatus.DRAFT, published_at=None, expires_on=None)

    client_for(karin).post(f"/openings/{opening.id}/publish")

    assert mail_of(MailKind.OPENING_POSTED).state is MailState.SUPPRESSED


def test_a_card_link_is_sent_to_a_chosen_contact_and_the_page_says_when(
    client_for: Clients, karin: User
) -> None:
    employer = make_employer()
    consent = make_consent(make_card(), employer)
    client, (bo,) = client_for(karin), employer.contacts
    page = client.get(f"/consents/{consent.id}/link").page
    assert page.select_one("[data-copy='shared-link']")
    assert [option["value"] for option in page.select("[name=recipient] option")] == [bo.email]

    client.post(f"/consents/{consent.id}/link/send", {"recipient": bo.email})

    mail = mail_of(MailKind.LINK)
    assert (mail.recipient, mail.about_type) == (bo.email, "consents")
    assert consent.card.citizen.first_name not in mail.text
    assert client_for(None).get(letters.Link.read(mail.links["open"]).path()).status_code == 200
    assert f"Sendt til {bo.email} den" in client.get(f"/consents/{consent.id}/link").words
    assert db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "link-sent")).one()


@pytest.mark.parametrize("what", ["proposal", "renewal"])
def test_a_consultant_copies_and_sends_a_link_to_answer(client_for: Clients, karin: User, what: str) -> None:
    client, send = client_for(karin), a_link_to_send(what)
    page = client.get(send.removesuffix("/send")).page
    assert page.select_one("[data-copy='handed-link']")
    address = str(page.select_one("[name=recipient] option")["value"])  # type: ignore[index]
    copied = str(page.select_one("#handed-link")["value"])  # type: ignore[index]

    assert client.post(send, {"recipient": address}).status_code == 303

    mailed = letters.Link.read(mail_of(MailKind.LINK).links["open"])
    assert len(mailed.about) > len(opened(copied))  # hers ends when she leaves the employer
    for path in (mailed.path(), urlsplit(copied).path):
        assert client_for(None).get(path).status_code == 200
    assert f"Sendt til {address} den" in client.get(send.removesuffix("/send")).words


def opened(address: str) -> tuple[int | str, ...]:
    purpose = LinkPurpose.PROPOSAL if "/proposal/" in address else LinkPurpose.RENEWAL
    return portal_links().read(purpose, address.rsplit("/", 1)[1], at=NOW)


@pytest.mark.parametrize("what", ["proposal", "renewal"])
def test_a_link_that_opens_nothing_is_not_handed_out(client_for: Clients, karin: User, what: str) -> None:
    if what == "proposal":
        url = f"/answers/proposals/{make_review().id}/link"
    else:
        url = f"/openings/{make_opening().id}/renewal-link"

    client = client_for(karin)

    assert client.get(url).status_code == client.post(f"{url}/send").status_code == 409


@pytest.mark.parametrize("what", ["consent", "sheet", "settlement", "proposal", "renewal"])
def test_a_link_goes_to_no_stranger_and_the_page_says_so_beside_the_choice(
    client_for: Clients, karin: User, what: str
) -> None:
    url, sent = a_link_to_send(what), "tyv@andre.dk"

    for typed in ({"recipient": sent}, {}):
        refused = client_for(karin).post(url, typed)

        assert refused.status_code == 422
        assert str(refused.page.title.get_text()).startswith("Fejl: ")
        choice = refused.page.select_one("select[name=recipient]")
        assert "Vælg" in refused.page.select_one(f"[id='{choice['aria-describedby']}']").get_text()
        kept = [one["value"] for one in choice.select("option[selected]")]
        assert kept == list(typed.values())
    assert not db.session.scalars(sa.select(Mail).where(Mail.kind == MailKind.LINK)).all()


def a_link_to_send(what: str) -> str:
    """Where the form that mails it is sent."""
    if what == "consent":
        return f"/consents/{make_consent(make_card(), make_employer()).id}/link/send"
    if what == "sheet":
        running = make_placement(status=PlacementStatus.RUNNING, starts_on=TODAY - timedelta(days=20))
        return f"/assessments/{make_sheet(running).id}/link/send"
    if what == "proposal":
        review = make_review(citizen_answer=Answer.YES)
        make_consent(review.match.card, review.match.opening.employer, review=review)
        return f"/answers/proposals/{review.id}/link/send"
    if what == "renewal":
        over = make_opening(expires_on=TODAY - timedelta(days=200))
        return f"/openings/{over.id}/renewal-link/send"
    planned = make_placement()
    make_settlement(planned, confirmations=[])
    return f"/placements/{planned.id}/settlement/send"


def test_the_assessments_link_is_sent_to_the_workplace(client_for: Clients, karin: User) -> None:
    placement = make_placement(status=PlacementStatus.RUNNING, starts_on=TODAY - timedelta(days=20))
    sheet = make_sheet(placement)
    client = client_for(karin)
    page = client.get(f"/assessments/{sheet.id}").page
    assert page.select_one("[data-copy='workplace-link']")
    address = page.select_one("[name=recipient] option")["value"]  # type: ignore[index]

    client.post(f"/assessments/{sheet.id}/link/send", {"recipient": str(address)})

    path = letters.Link.read(mail_of(MailKind.LINK).links["open"]).path()
    assert client_for(None).get(path).status_code == 200


def test_what_an_employer_reads_is_said_to_it(client_for: Clients, karin: User) -> None:
    """Its words are its own, the promise is to it, and nothing is in order while somebody must be named."""
    opening = make_opening(make_employer(), answered_at=NOW, answer_due_at=NOW)
    with transaction():
        opening.tasks[0].skill_id, opening.tasks[0].text = None, "folde papirsvaner"
    bo, client = client_for(owner_of(opening.employer)), client_for(karin)

    page = bo.get(f"/openings/{opening.id}").words
    assert "I hørte fra os" in page
    assert "Med jeres egne ord. Konsulenten læser det." in page
    assert "Forstået som" not in page
    assert "I orden" not in page
    way = bo.get(f"/openings/{opening.id}").page.select_one("#law a")
    assert way is not None
    assert bo.get(str(way["href"])).page.select_one("#representative_name")
    theirs = client.get(f"/openings/{opening.id}").page.select_one("#law a")
    assert theirs is not None
    assert client.get(str(theirs["href"]).partition("#")[0]).page.select_one("#representative_name")

    with transaction():
        opening.workplace.representative_name = "Grete"
    assert "Der står ingen repræsentant" not in bo.get(f"/openings/{opening.id}").words
