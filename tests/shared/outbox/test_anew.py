"""A link that is too old offers its owner a new one, by mail, while what it opens is still open."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.assessments.models import Assessment
from portal.loop.employers import people
from portal.loop.employers.models import ContactPerson, EmployerInvitation
from portal.loop.openings import services as openings
from portal.loop.openings.models import Opening, OpeningStatus
from portal.loop.placements.models import Placement, PlacementStatus
from portal.loop.placements.settling_views import link_of
from portal.loop.reviews.models import Answer
from portal.shared.outbox import handing
from portal.shared.outbox import services as outbox
from portal.shared.outbox.anew import MOST_A_DAY
from portal.shared.outbox.letters import Link
from portal.shared.outbox.models import Mail, MailKind
from portal.web.links import LinkPurpose
from portal.web.rooms import rooms
from portal.workspaces.answers.sheet_reminders import remind_of_sheets
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY

MONTHS_LATER = NOW + timedelta(days=70)


def mails() -> list[Mail]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Mail).order_by(Mail.id)))


def link_in(mail: Mail, purpose: LinkPurpose) -> Link:
    return next(link for link in map(Link.read, mail.links.values()) if link.purpose == purpose.value)


def a_renewal() -> tuple[LinkPurpose, Callable[[], None]]:
    opening = factories.make_opening(expires_on=TODAY + timedelta(days=3), ends_on=None)
    with transaction():
        openings.tell_of_expiry(at=NOW, today=TODAY)

    def over() -> None:
        with transaction():
            db.session.get_one(Opening, opening.id).status = OpeningStatus.WITHDRAWN

    return LinkPurpose.RENEWAL, over


def an_invitation() -> tuple[LinkPurpose, Callable[[], None]]:
    employer = factories.make_employer("Bos Køkken", owner="Bo")
    bo = factories.owner_of(employer)
    with transaction():
        people.invite_colleague(
            db.session.merge(employer),
            name="Ida",
            email="ida@koekken.example",
            by=db.session.merge(bo),
            at=NOW,
            lifetime=timedelta(days=14),
        )

    def over() -> None:
        with transaction():
            db.session.scalars(sa.select(EmployerInvitation)).one().withdrawn_at = NOW

    return LinkPurpose.INVITATION, over


def an_assessment() -> tuple[LinkPurpose, Callable[[], None]]:
    sheet = factories.make_sheet()
    (bo,) = sheet.placement.opening.employer.contacts
    karin = factories.user("karin@kommune.example")
    link = Link.signed(
        "assessments.workplace",
        LinkPurpose.ASSESSMENT,
        sheet.id,
        expires_at=NOW + timedelta(days=30),
        arg="link",
    )
    with transaction():
        handed = handing.Handed(link, "Ark", "Her er arket.")
        handing.hand_over(handed, to=bo.email, unit=None, about=db.session.merge(sheet), by=karin, at=NOW)

    def over() -> None:
        with transaction():
            row = db.session.merge(sheet)
            row.closed_at, row.assessed_on, row.lapsed = NOW, TODAY, True

    return LinkPurpose.ASSESSMENT, over


def a_reminded_assessment() -> tuple[LinkPurpose, Callable[[], None]]:
    """The link that came by itself, in the mail that reminds the workplace."""
    sheet = factories.make_sheet(
        factories.make_placement(
            status=PlacementStatus.RUNNING,
            starts_on=TODAY - timedelta(days=40),
            ends_on=TODAY + timedelta(days=90),
        ),
        opened_at=NOW - timedelta(days=30),
    )
    with transaction():
        assert remind_of_sheets(NOW) == 1

    def over() -> None:
        with transaction():
            row = db.session.get_one(Assessment, sheet.id)
            row.closed_at, row.assessed_on, row.lapsed = NOW, TODAY, True

    return LinkPurpose.ASSESSMENT, over


def a_settlement() -> tuple[LinkPurpose, Callable[[], None]]:
    employer = factories.make_employer("Bos Køkken", owner="Bo")
    placement = factories.make_placement(
        factories.make_review(
            factories.make_match(factories.make_opening(employer, ends_on=None)),
            citizen_answer=Answer.YES,
            employer_answer=Answer.YES,
        ),
        starts_on=TODAY + timedelta(days=75),
        ends_on=TODAY + timedelta(days=100),
    )
    settlement = factories.make_settlement(placement)
    karin = factories.user("karin@kommune.example")
    with transaction():
        handed = handing.Handed(link_of(db.session.merge(settlement)), "Er I enige?", "Læs ordene.")
        handing.hand_over(
            handed,
            to=factories.owner_of(employer).email,
            unit=None,
            about=db.session.merge(placement),
            by=karin,
            at=NOW,
        )

    def over() -> None:
        with transaction():
            db.session.get_one(Placement, placement.id).status = PlacementStatus.CANCELLED

    return LinkPurpose.SETTLEMENT, over


KINDS = [a_renewal, an_invitation, an_assessment, a_reminded_assessment, a_settlement]


def ask(visitor: PortalClient, address: str):
    """The button on the page of the link that is too old."""
    page = visitor.get(address)
    assert page.status_code == 410
    form = page.page.select_one("form[action='/mails/new-link']")
    assert form is not None
    sent = {str(one["name"]): str(one["value"]) for one in form.select("input[type=hidden]")}
    form_id = sent.pop("form_id")
    return visitor.post("/mails/new-link", sent, form_id=form_id)


@pytest.mark.parametrize("made", KINDS)
def test_the_owner_of_a_link_that_is_too_old_gets_a_new_one(
    app: Flask, visitor: PortalClient, made: Callable
) -> None:
    """To the address that had the old one, which nobody is shown; asked twice within the hour, it comes once."""
    purpose, _over = made()
    (old,) = (one for one in mails() if any(Link.read(x).purpose == purpose for x in one.links.values()))
    address = link_in(old, purpose).path()

    with time_machine.travel(MONTHS_LATER, tick=False):
        answers = [ask(visitor, address) for _time in range(2)]
        (new,) = (one for one in mails() if one.created_at == MONTHS_LATER)
        opened = visitor.get(link_in(new, purpose).path())

    assert [one.status_code for one in answers] == [200, 200]
    assert (new.kind, new.recipient) == (MailKind.LINK, old.recipient)
    assert all(old.recipient not in one.words for one in answers)
    assert opened.status_code == 200


@pytest.mark.parametrize("made", KINDS)
def test_what_is_over_is_said_and_nothing_is_sent(app: Flask, visitor: PortalClient, made: Callable) -> None:
    purpose, over = made()
    (old,) = (one for one in mails() if any(Link.read(x).purpose == purpose for x in one.links.values()))
    address, before = link_in(old, purpose).path(), len(mails())
    over()

    with time_machine.travel(MONTHS_LATER, tick=False):
        answer = ask(visitor, address)

    assert answer.status_code == 409
    assert len(mails()) == before


@pytest.mark.parametrize("made", [a_renewal, an_assessment, a_reminded_assessment])
def test_an_address_that_has_left_gets_no_new_one(app: Flask, visitor: PortalClient, made: Callable) -> None:
    """Whoever is no contact person any more has an old link in her inbox, and that is all."""
    purpose, _over = made()
    (old,) = (one for one in mails() if any(Link.read(x).purpose == purpose for x in one.links.values()))
    address, before = link_in(old, purpose).path(), len(mails())
    with transaction():
        contact = db.session.scalars(
            sa.select(ContactPerson).where(ContactPerson.email == old.recipient)
        ).one()
        contact.email = "en.anden@koekken.example"

    with time_machine.travel(MONTHS_LATER, tick=False):
        answer = ask(visitor, address)

    assert answer.status_code == 409
    assert old.recipient not in answer.words
    assert len(mails()) == before


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"purpose": "renewal", "old": "forged"},
        {"purpose": "card", "old": "x"},
        {"purpose": "\x00", "old": "\x00"},
    ],
)
def test_nobody_gets_a_link_without_an_old_one(visitor: PortalClient, sent: dict[str, str]) -> None:
    assert visitor.post("/mails/new-link", sent).status_code == 404
    assert mails() == []


def test_what_was_handed_over_comes_anew_to_the_contact_persons(app: Flask, visitor: PortalClient) -> None:
    """A link that stood on a screen or behind a code was in no mail: those who may have it get it."""
    sheet = factories.make_sheet()
    (bo,) = sheet.placement.opening.employer.contacts
    ends_at = NOW + timedelta(days=30)
    link = Link.signed(
        "assessments.workplace", LinkPurpose.ASSESSMENT, sheet.id, expires_at=ends_at, arg="link"
    )
    with time_machine.travel(MONTHS_LATER, tick=False):
        assert ask(visitor, link.path()).status_code == 200

    assert [mail.recipient for mail in mails()] == [bo.email]


def test_nobody_gets_more_new_links_than_some_a_day(app: Flask, visitor: PortalClient) -> None:
    """However many old ones somebody holds; after a day it is possible again."""
    employer = factories.make_employer("Bos Køkken", owner="Bo")
    ends_at = NOW + timedelta(days=1)
    old = []
    for _one in range(MOST_A_DAY + 1):
        review = factories.make_review(
            factories.make_match(factories.make_opening(employer)),
            citizen_answer="yes",
            employer_answer="yes",
        )
        sheet = factories.make_sheet(factories.make_placement(review, status=PlacementStatus.RUNNING))
        about = (LinkPurpose.ASSESSMENT, sheet.id)
        old.append(Link.signed("assessments.workplace", *about, expires_at=ends_at, arg="link").path())

    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        answers = [ask(visitor, address).status_code for address in old]
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        later = ask(visitor, old[-1]).status_code

    assert answers == [*[200] * MOST_A_DAY, 429]
    assert later == 200
    assert len(mails()) == MOST_A_DAY + 1


def test_who_wants_no_links_gets_none(app: Flask, visitor: PortalClient) -> None:
    _purpose, _over = an_assessment()
    (old,) = mails()
    with transaction():
        outbox.decline(old.recipient, {MailKind.LINK}, at=NOW)

    with time_machine.travel(MONTHS_LATER, tick=False):
        answer = ask(visitor, link_in(old, LinkPurpose.ASSESSMENT).path())

    assert answer.status_code == 409
    assert len(mails()) == 1


NEW_LINK = "form[action='/mails/new-link']"
TOO_OLD: dict[LinkPurpose, tuple[str, str, tuple[int | str, ...], int, str]] = {
    LinkPurpose.ASSESSMENT: ("assessments.workplace", "link", (1,), 410, NEW_LINK),
    LinkPurpose.MENTOR: ("mentor_agreements.by_link", "mentor_link", (1,), 410, NEW_LINK),
    LinkPurpose.SETTLEMENT: ("settling.by_link", "settlement_link", (1, 1), 410, NEW_LINK),
    LinkPurpose.RENEWAL: ("openings.renew_by_link", "renewal", (1, "2026-11-18"), 410, NEW_LINK),
    LinkPurpose.INVITATION: ("employers.accept", "invitation", (1,), 410, NEW_LINK),
    # A new one is asked for where the first one was, by the address alone.
    LinkPurpose.FORGOTTEN: ("accounts.choose_password", "password_link", (1, "x"), 410, "a[href='/login/forgotten']"),
    LinkPurpose.CONFIRMATION: (
        "employers.confirm", "confirmation", (1,), 410, "a[href='/employers/register']",
    ),
    LinkPurpose.REFERRAL: ("employers.register", "recommended", (1,), 200, "så bed Bos Køkken sende et nyt"),
    # What it opens stands there without a link, in the same language.
    LinkPurpose.CODE_PAGE: ("mine.enter", "token", ("so",), 303, "/mine/code?language=so"),
    # Her yes ends at the same moment: only she gives another, so whom to ask is said.
    LinkPurpose.CARD: ("consents.shared", "token", (1,), 410, "Spørg din kontakt i kommunen"),
    LinkPurpose.PROPOSAL: ("answers.proposal", "proposal_link", (1,), 410, "a[href='/reviews/proposals']"),
    # Every later mail of the kind has one that works.
    LinkPurpose.STOP_MAIL: ("outbox.stop", "stop_link", (1, "link"), 410, "Brug linket i den nyeste mail"),
}  # fmt: skip
"""Where each purpose's link leads, what it is about, and what one that is too old answers and offers."""


def test_every_purpose_says_what_its_owner_does_with_an_old_link() -> None:
    assert TOO_OLD.keys() == set(LinkPurpose)


def test_every_new_link_leads_where_the_old_one_did(app: Flask) -> None:
    """What the rooms offer is what the table says."""
    with app.test_request_context():
        offered = rooms().anew
    assert {one for one, (*_where, shown) in TOO_OLD.items() if shown == NEW_LINK} == offered.keys()
    for made in KINDS:
        purpose, _over = made()
        sent = [Link.read(link) for mail in mails() for link in mail.links.values()]
        about = next(link.about for link in sent if link.purpose == purpose)
        anew = offered[purpose](about, NOW)
        assert (anew.endpoint, anew.arg) == TOO_OLD[purpose][:2]


@pytest.mark.parametrize("purpose", list(LinkPurpose))
def test_a_link_that_is_too_old_offers_a_way_on(
    app: Flask, visitor: PortalClient, purpose: LinkPurpose
) -> None:
    endpoint, arg, about, status, offered = TOO_OLD[purpose]
    factories.make_employer("Bos Køkken", owner="Bo")  # number 1, who recommended somebody
    old = Link.signed(endpoint, purpose, *about, expires_at=NOW - timedelta(minutes=1), arg=arg)

    answer = visitor.get(old.path())

    assert answer.status_code == status
    if status == 303:
        assert answer.headers["Location"] == offered
    else:
        assert answer.page.select_one(offered) if "[" in offered else offered in answer.words
