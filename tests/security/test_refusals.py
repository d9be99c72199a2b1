"""ASVS 16.3: what was refused is in the log: whose, by whom, from where; never what was typed, nor without end."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask, current_app
from hypothesis import given
from hypothesis import strategies as st

from portal.base.database import db, transaction
from portal.shared.accounts import services
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.shared.audit.refusals import FIRST_FEW, FIRST_FEW_OF_ALL, RefusalCounter, is_told
from portal.shared.audit.words import ACTIONS
from portal.web.links import LinkPurpose
from tests.client import PortalClient
from tests.factories import NOW, make_card, make_citizen, user
from tests.support.links import links_of

PASSWORD = "tre gode ord"
Clients = Callable[[User | None], PortalClient]

REFUSALS = [
    "code-refused",
    "form-refused",
    "link-refused",
    "own-password-refused",
    "page-refused",
    "record-refused",
    "second-step-paused",
    "second-step-refused",
    "sign-in-paused",
    "sign-in-refused",
]


def refusals() -> list[AuditEntry]:
    db.session.rollback()
    statement = sa.select(AuditEntry).where(AuditEntry.action.in_(REFUSALS)).order_by(AuditEntry.id)
    return list(db.session.scalars(statement))


@pytest.fixture
def known(app: Flask) -> User:
    with transaction():
        found = user("karin@kommune.example")
        services.set_password(found, PASSWORD, passwords=current_app.extensions["passwords"], by=None, at=NOW)
    return found


def test_every_refusal_has_words() -> None:
    assert set(REFUSALS) <= set(ACTIONS)


def test_V16_3_1_a_wrong_password_names_whose_and_not_what(known: User, visitor: PortalClient) -> None:
    visitor.post("/login", {"email": "Karin@kommune.example", "password": "hemmelig gæt"})
    visitor.post("/login", {"email": "nobody@kommune.example", "password": "hemmelig gæt"})

    hers, nobodys = refusals()
    assert (hers.action, hers.subject_type, hers.subject_id) == ("sign-in-refused", "users", known.id)
    assert hers.municipality_id == known.municipality_id, "her administrators see it"
    assert (nobodys.action, nobodys.subject_id, nobodys.actor_id) == ("sign-in-refused", None, None)
    for line in (hers, nobodys):
        for typed in ("hemmelig", "karin", "nobody", "127.0.0.1"):
            assert typed not in str(line.purpose).lower()
    assert hers.purpose.split(",")[0] == nobodys.purpose.split(",")[0], "from the same place"
    assert hers.purpose != nobodys.purpose, "another name"


def test_V16_3_1_a_closed_access_is_refused_in_the_log_too(
    known: User, admin: User, visitor: PortalClient
) -> None:
    with transaction():
        services.disable_user(db.session.merge(known), by=admin, at=NOW)

    visitor.post("/login", {"email": known.email, "password": PASSWORD})

    assert [(line.action, line.subject_id) for line in refusals()] == [("sign-in-refused", known.id)]


def test_V16_3_1_a_pause_is_told(known: User, visitor: PortalClient) -> None:
    for _try in range(6):
        visitor.post("/login", {"email": known.email, "password": "forkert"})

    assert [line.action for line in refusals()] == ["sign-in-refused"] * 5 + ["sign-in-paused"]


def test_V16_3_1_whoever_guesses_at_an_open_browser_is_told(known: User, client_for: Clients) -> None:
    """The owner of the account finds the line in the log of her municipality."""
    new = "fire andre gode ord"
    client_for(known).post("/password", {"old": "hemmelig gæt", "password": new, "repeated": new})

    [line] = refusals()
    assert (line.action, line.subject_id, line.actor_id) == ("own-password-refused", known.id, known.id)
    assert "hemmelig" not in str(line.purpose)


def test_V16_3_1_a_wrong_code_is_told(app: Flask, visitor: PortalClient) -> None:
    visitor.post("/login/code", {"code": "AAAA-BBBB-CCCC"})

    [line] = refusals()
    assert line.action == "code-refused"
    assert "AAAA" not in line.purpose


@pytest.mark.parametrize("link", ["forged", "expired", "another purpose", "old mail"])
def test_V16_3_2_a_link_that_opens_nothing_is_told_and_not_quoted(
    app: Flask, visitor: PortalClient, link: str
) -> None:
    sign = links_of(app).sign
    expired = sign(LinkPurpose.STOP_MAIL, 1, "message", expires_at=NOW - timedelta(days=1))
    secret = {
        "forged": expired[:-3] + "abc",
        "expired": expired,
        "another purpose": sign(LinkPurpose.RENEWAL, 1, expires_at=NOW + timedelta(days=1)),
    }.get(link, sign(LinkPurpose.STOP_MAIL, 4711, "message", expires_at=NOW + timedelta(days=1)))
    page = "/password/" if link == "unknown secret" else "/mails/stop/"

    visitor.get(page + secret)

    [line] = refusals()
    assert line.action == "link-refused"
    assert secret[:8] not in line.purpose
    assert line.purpose.startswith("accounts.choose_password" if link == "unknown secret" else "outbox.stop")


def test_V16_3_2_a_form_from_another_site_is_told(client_for: Clients, karin: User) -> None:
    client_for(karin).post("/sessions/end-others", csrf=False)

    [line] = refusals()
    assert (line.action, line.actor_id) == ("form-refused", karin.id)
    assert line.purpose.startswith("accounts.end_other_sessions")


def test_V16_3_2_a_page_of_another_role_is_told(client_for: Clients, karin: User) -> None:
    client_for(karin).get("/users")

    assert [(line.action, line.actor_id) for line in refusals()] == [("page-refused", karin.id)]


def test_V16_3_2_a_strangers_record_is_told(app: Flask, client_for: Clients, lene: User) -> None:
    card = make_card(make_citizen())

    client_for(lene).get(f"/cards/{card.id}")

    [line] = refusals()
    assert (line.action, line.actor_id, line.subject_id) == ("record-refused", lene.id, lene.id)
    assert f"card_id {card.id}" in line.purpose
    assert line.municipality_id == lene.municipality_id
    assert line.citizen_id is None


def test_what_is_no_page_of_ours_leaves_no_line(
    client_for: Clients, karin: User, visitor: PortalClient
) -> None:
    for browser in (client_for(karin), visitor):
        for path in ("/wp-admin.php", "/static/nothing.js", "/.env"):
            browser.get(path)
    visitor.get("/citizens/1")  # to the login page
    visitor.post("/login", {"email": "", "password": ""})  # a slip of the hand

    assert refusals() == []


def test_a_right_password_leaves_no_refusal(known: User, visitor: PortalClient) -> None:
    assert visitor.post("/login", {"email": known.email, "password": PASSWORD}).status_code == 303

    assert refusals() == []


def test_head_leaves_no_line(app: Flask, karin: User) -> None:
    browser = PortalClient(app, karin)

    browser._browser.head("/users")
    browser._browser.head("/password/not-a-secret")

    assert refusals() == []


def test_V16_3_an_attacker_cannot_fill_the_disk(app: Flask, visitor: PortalClient) -> None:
    for _knock in range(120):
        visitor.get("/password/not-a-secret")

    found = refusals()
    assert len(found) == FIRST_FEW + 2
    assert [line.purpose.rpartition(", ")[2] for line in found[-2:]] == ["10. gang", "100. gang"]


def test_after_an_hour_he_is_told_of_anew(app: Flask, visitor: PortalClient) -> None:
    for _knock in range(10):
        visitor.get("/password/not-a-secret")
    before = len(refusals())
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        visitor.get("/password/not-a-secret")

    assert len(refusals()) == before + 1


def test_from_many_addresses_the_lines_are_bounded_too() -> None:
    counter = RefusalCounter()

    told = [counter.count("link-refused", f"origin {number}", NOW) for number in range(20_000)]

    assert sum(one is not None for one in told) <= FIRST_FEW_OF_ALL + 3
    assert len(counter._seen) <= 10_000


@given(st.integers(1, 10**7))
def test_the_lines_of_one_origin_grow_with_the_logarithm(count: int) -> None:
    told = [
        number for number in (*range(1, 11), 100, 1000, 10**4, 10**5, 10**6) if is_told(number, FIRST_FEW)
    ]

    assert told == [1, 2, 3, 4, 5, 10, 100, 1000, 10**4, 10**5, 10**6]
    assert is_told(count, FIRST_FEW) == (count <= FIRST_FEW or count in {10**power for power in range(8)})
    assert all(late > early for early, late in pairwise(told))
