"""An employer is told in time that its opening expires, and puts it up again by one button, without an account."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.openings import services
from portal.loop.openings.models import Opening, OpeningStatus
from portal.shared.accounts.models import User
from portal.shared.outbox.models import Mail
from portal.web.links import LinkPurpose
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_opening, owner_of
from tests.support.answering import press, step_of
from tests.support.links import links_of

Clients = Callable[[User | None], PortalClient]


def told(on: date = TODAY) -> list[str]:
    """The names of the mails written by a run on the day."""
    with transaction():
        services.tell_of_expiry(at=NOW, today=on)
    return [
        str(mail.dedupe_key).split(":")[0] for mail in db.session.scalars(sa.select(Mail).order_by(Mail.id))
    ]


@pytest.mark.parametrize(
    ("days", "names"),
    [
        (15, []),
        (14, ["renewal-14"]),
        (4, ["renewal-14"]),
        (3, ["renewal-3"]),
        (0, ["renewal-3"]),
        (-1, []),
    ],
)
def test_the_employer_is_told_14_and_3_days_before(app: Flask, days: int, names: list[str]) -> None:
    """Source: docs/rules.md#opening-lifetime"""
    make_opening(expires_on=TODAY + timedelta(days=days))

    assert told() == names


def test_each_notice_is_written_once_however_often_it_runs(app: Flask) -> None:
    make_opening(expires_on=TODAY + timedelta(days=14))

    for day in range(15):
        told(TODAY + timedelta(days=day))

    assert told() == ["renewal-14", "renewal-3"]


@pytest.mark.parametrize("status", [one for one in OpeningStatus if one is not OpeningStatus.PUBLISHED])
def test_only_what_is_up_is_told_of(app: Flask, status: OpeningStatus) -> None:
    filled = 1 if status is OpeningStatus.FILLED else 0
    make_opening(expires_on=TODAY + timedelta(days=3), status=status, filled=filled)

    assert told() == []


def test_the_end_of_the_period_itself_is_not_to_be_renewed(app: Flask) -> None:
    last = TODAY + timedelta(days=3)
    opening = make_opening(starts_on=TODAY, ends_on=last, expires_on=last)

    assert told() == []
    assert not services.can_be_renewed(opening, TODAY)


def link_of(app: Flask, opening: Opening) -> str:
    links = links_of(app)
    assert opening.expires_on is not None
    ends = NOW + timedelta(days=40)
    about = (opening.id, opening.expires_on.isoformat())
    return f"/openings/renewal/{links.sign(LinkPurpose.RENEWAL, *about, expires_at=ends)}"


@pytest.mark.parametrize("left", [14, 0, -10])
def test_the_second_step_renews_without_an_account(app: Flask, client_for: Clients, left: int) -> None:
    opening = make_opening(expires_on=TODAY + timedelta(days=left), ends_on=None)
    url, visitor = link_of(app, opening), client_for(None)

    for _scanner in range(2):
        assert "slå den op igen" in visitor.get(url).words
        assert visitor.post(url).status_code == 303
    assert db.session.get_one(Opening, opening.id).expires_on == TODAY + timedelta(days=left)
    assert press(visitor, url, "renew").status_code == 303

    db.session.refresh(opening)
    assert (opening.status, opening.expires_on) == (OpeningStatus.PUBLISHED, TODAY + timedelta(days=90))
    assert "Pladsen er slået op igen" in visitor.get(url).words
    assert step_of(visitor, url, "renew") is None


@pytest.mark.parametrize(("minutes", "undone"), [(59, True), (60, False)])
def test_a_renewal_is_taken_back_within_the_hour_and_done_anew(
    app: Flask, client_for: Clients, minutes: int, undone: bool
) -> None:
    opening = make_opening(expires_on=TODAY + timedelta(days=3), ends_on=None)
    url, visitor = link_of(app, opening), client_for(None)
    press(visitor, url, "renew")

    with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
        assert (step_of(visitor, url, "take-back") is not None) == undone
        if undone:
            press(visitor, url, "take-back")
    db.session.refresh(opening)
    assert (opening.expires_on == TODAY + timedelta(days=3)) == undone

    if undone:
        press(visitor, url, "renew")
        db.session.refresh(opening)
        assert opening.expires_on == TODAY + timedelta(days=90)


def test_a_link_takes_back_its_own_renewal_and_no_colleagues(app: Flask, client_for: Clients) -> None:
    opening = make_opening(expires_on=TODAY + timedelta(days=3), ends_on=None)
    url, visitor = link_of(app, opening), client_for(None)
    client_for(owner_of(opening.employer)).post(f"/openings/{opening.id}/renew")
    db.session.refresh(opening)
    assert opening.expires_on == TODAY + timedelta(days=90)

    assert step_of(visitor, url, "take-back") is None


def test_a_withdrawn_opening_says_so(app: Flask, client_for: Clients) -> None:
    opening = make_opening(expires_on=TODAY + timedelta(days=3))
    url, visitor = link_of(app, opening), client_for(None)
    client_for(owner_of(opening.employer)).post(f"/openings/{opening.id}/withdraw")

    assert "trukket tilbage" in visitor.get(url).words
    assert step_of(visitor, url, "renew") is None


def test_a_link_for_something_else_opens_nothing(app: Flask, client_for: Clients) -> None:
    opening = make_opening()
    links = links_of(app)
    ends = NOW + timedelta(days=1)
    other = links.sign(LinkPurpose.REFERRAL, opening.id, "2026-12-01", expires_at=ends)
    past = links.sign(LinkPurpose.RENEWAL, opening.id, "2026-12-01", expires_at=NOW)

    assert client_for(None).get(f"/openings/renewal/{other}").status_code == 404
    assert client_for(None).get(f"/openings/renewal/{past}").status_code == 410


def test_the_mail_says_which_place_and_names_nobody(app: Flask) -> None:
    opening = make_opening(title="Hjælp i kantinen", expires_on=TODAY + timedelta(days=3))
    told()

    mail = db.session.scalars(sa.select(Mail)).one()
    assert mail.subject == "Jeres plads udløber 21. november 2026: Hjælp i kantinen"
    assert set(mail.links) == {"renew", "opening", "stop"}
    assert (mail.about_type, mail.about_id) == ("openings", opening.id)
