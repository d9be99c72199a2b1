"""An employer recommends the municipality in one step, and follows what comes of it."""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa

from portal.base.database import db
from portal.loop.employers.models import Employer
from portal.loop.openings.models import OpeningStatus
from portal.loop.placements.models import PlacementStatus
from portal.shared.accounts.models import User
from portal.shared.outbox import letters
from portal.shared.outbox.models import Mail, MailKind
from tests.client import PortalClient
from tests.factories import (
    TODAY,
    make_card,
    make_employer,
    make_match,
    make_opening,
    make_placement,
    make_review,
    owner_of,
)

Clients = Callable[[User | None], PortalClient]
PAGE = "/employer-pages/recommend"


def bo_of(employer: Employer, client_for: Clients) -> PortalClient:
    return client_for(owner_of(employer))


def test_bo_sends_his_link_from_the_front_page_in_one_step(client_for: Clients) -> None:
    employer = make_employer()
    bo = bo_of(employer, client_for)
    assert bo.get("/").page.select_one(f"main a[href='{PAGE}']")
    assert bo.get("/employer-pages/thanks").page.select_one(f"main a[href='{PAGE}']")

    assert bo.post(PAGE, {"email": "Grete@nabo.dk"}).location == PAGE

    mail = db.session.scalars(sa.select(Mail).where(Mail.kind == MailKind.LINK)).one()
    assert (mail.recipient, mail.subject) == ("grete@nabo.dk", "Bos Køkken ApS anbefaler kommunen til jer")
    address = letters.Link.read(mail.links["open"]).address()
    assert "Bos Køkken ApS har anbefalet jer" in client_for(None).get(address).words
    assert "Sidst sendt til grete@nabo.dk" in bo.get(PAGE).words


def test_a_name_with_an_address_in_it_is_no_link_in_the_subject(client_for: Clients) -> None:
    bo_of(make_employer("Log ind på evil.dk"), client_for).post(PAGE, {"email": "grete@nabo.dk"})

    mail = db.session.scalars(sa.select(Mail).where(Mail.kind == MailKind.LINK)).one()
    assert mail.subject == "Log ind på evil. dk anbefaler kommunen til jer"
    assert "evil.dk" not in mail.text


def test_an_address_that_is_none_is_refused_beside_the_field(client_for: Clients) -> None:
    answer = bo_of(make_employer(), client_for).post(PAGE, {"email": "grete"})

    assert answer.status_code == 422
    assert answer.page.select_one("#email-error")
    assert answer.page.select_one("#email")["value"] == "grete"  # type: ignore[index]


def test_one_inbox_gets_a_few_mails_and_no_more(client_for: Clients) -> None:
    bo = bo_of(make_employer(), client_for)

    answers = [bo.post(PAGE, {"email": "grete@nabo.dk"}).status_code for _ in range(4)]

    assert answers == [303, 303, 303, 429]


def test_the_way_is_followed_to_the_first_place_without_a_name(client_for: Clients, karin: User) -> None:
    giver = make_employer()
    new = make_employer("Gretes Bageri", owner="Grete", referred_by_id=giver.id)
    bo = bo_of(giver, client_for)
    assert bo.get(PAGE).words.count("Ikke endnu") == 2

    opening = make_opening(new, status=OpeningStatus.DRAFT, published_at=None, expires_on=None)
    client_for(karin).post(f"/openings/{opening.id}/publish")
    assert bo.get(PAGE).words.count("Ikke endnu") == 1
    card = make_card()
    review = make_review(make_match(make_opening(new), card))
    make_placement(review, status=PlacementStatus.RUNNING, starts_on=TODAY - timedelta(days=2))

    page = bo.get(PAGE).words
    assert "Gretes Bageri" in page
    assert "Ikke endnu" not in page
    assert card.citizen.first_name not in page
    assert "16. november 2026" in client_for(karin).get("/employer-pages/referrals").words


def test_the_thanks_stand_for_everybody_by_the_employers_yes_alone(client_for: Clients) -> None:
    employer = make_employer()
    visitor, bo = client_for(None), bo_of(employer, client_for)
    assert visitor.get("/").page.select_one("main a[href='/employer-pages/thanks']")
    assert employer.name not in visitor.get("/employer-pages/thanks").words

    bo.post("/employers/own/details", {"sector": "private", "wants_publicity": "y"})
    page = visitor.get("/employer-pages/thanks")
    assert employer.name in page.words
    assert page.page.select_one("[data-print]")

    bo.post("/employers/own/details", {"sector": "private"})
    assert employer.name not in visitor.get("/employer-pages/thanks").words


def test_a_new_employers_front_page_asks_for_its_first_place(client_for: Clients) -> None:
    employer = make_employer()
    bo = bo_of(employer, client_for)

    page = bo.get("/")
    assert "Slå jeres første plads op" in page.words
    assert not page.page.select(".figure-tile")

    make_opening(employer)
    page = bo.get("/")
    assert "Slå jeres første plads op" not in page.words
    assert [tile.get_text(" ", strip=True)[:8] for tile in page.page.select(".figure-tile")] == ["Opslået "]
