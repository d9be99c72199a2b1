"""The promise of an answer: when it is made, kept, broken; who sees its clock. Source: docs/rules.md#answer-promise."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.clock import DANISH_TIME
from portal.base.database import db, transaction
from portal.loop.openings import services
from portal.loop.openings.models import Opening, OpeningStatus, PromiseState
from portal.loop.reviews.models import Answer, AnsweredVia
from portal.loop.reviews.services import answer_as_citizen
from portal.shared.accounts.models import User
from portal.shared.rules.models import Rule
from tests.client import PortalClient
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_employer,
    make_match,
    make_opening,
    make_review,
    owner_of,
)

Clients = Callable[[User | None], PortalClient]
FRIDAY = datetime(2026, 11, 20, 14, 0, tzinfo=DANISH_TIME)
MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=DANISH_TIME)
ONE_SECOND = timedelta(seconds=1)


def promised(**values) -> Opening:
    return make_opening(**{"answer_due_at": NOW + timedelta(hours=5), "answered_at": None, **values})


def test_publishing_promises_an_answer_within_the_hours_of_the_rule(app: Flask, karin: User) -> None:
    opening = make_opening(status=OpeningStatus.DRAFT, published_at=None)

    with transaction():
        services.publish_opening(opening, by=karin, at=FRIDAY, today=FRIDAY.date())

    assert opening.answer_due_at == MONDAY


def test_the_number_of_hours_is_the_municipalitys(app: Flask, karin: User) -> None:
    with transaction():
        db.session.execute(sa.update(Rule).where(Rule.key == "answer-hours").values(value=3))
    opening = make_opening(status=OpeningStatus.DRAFT, published_at=None)

    with transaction():
        services.publish_opening(opening, by=karin, at=FRIDAY, today=FRIDAY.date())

    assert opening.answer_due_at == FRIDAY + timedelta(hours=3)


def test_putting_it_up_again_promises_nothing_new(app: Flask, karin: User) -> None:
    opening = promised(status=OpeningStatus.EXPIRED)
    due = opening.answer_due_at

    with transaction():
        services.renew_opening(opening, by=karin, at=NOW + timedelta(days=1), today=TODAY)

    assert opening.answer_due_at == due


def test_only_the_first_answer_counts(app: Flask) -> None:
    opening = promised()

    with transaction():
        services.mark_answered(opening, at=NOW)
        services.mark_answered(opening, at=NOW + timedelta(days=9))

    assert opening.answered_at == NOW


@pytest.mark.parametrize(("answer", "answered"), [(Answer.YES, True), (Answer.NO, False)])
def test_the_clock_stops_when_a_proposal_reaches_the_employer(
    app: Flask, karin: User, answer: Answer, answered: bool
) -> None:
    review = make_review(make_match(promised(), make_card()), citizen_answer=Answer.PENDING)

    with transaction():
        answer_as_citizen(review, answer, via=AnsweredVia.PHONE, by=karin, at=NOW)

    assert (review.match.opening.answered_at is not None) is answered


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"answer_due_at": None}, None),
        ({"answer_due_at": NOW}, PromiseState.WAITING),
        ({"answer_due_at": NOW - ONE_SECOND}, PromiseState.OVERDUE),
        ({"answer_due_at": NOW - ONE_SECOND, "status": OpeningStatus.WITHDRAWN}, None),
        ({"answer_due_at": NOW, "answered_at": NOW}, PromiseState.KEPT),
        ({"answer_due_at": NOW, "answered_at": NOW + ONE_SECOND}, PromiseState.LATE),
        ({"answer_due_at": NOW, "answered_at": NOW, "status": OpeningStatus.WITHDRAWN}, PromiseState.KEPT),
    ],
)
def test_how_a_promise_stands(app: Flask, values: dict, state: PromiseState | None) -> None:
    assert promised(**values).promise_at(NOW) is state


def test_the_employer_sees_its_clock_on_the_opening_and_on_its_front_page(client_for: Clients) -> None:
    employer = make_employer(owner="Bo")
    opening = promised(employer=employer)
    client = client_for(owner_of(employer))

    for path in (f"/openings/{opening.id}", "/"):
        words = client.get(path).words
        assert "5 timer tilbage" in words
        assert "senest onsdag den 18. november kl. 15.00" in words


def test_the_clock_is_gone_from_the_front_page_when_the_employer_has_heard(client_for: Clients) -> None:
    employer = make_employer(owner="Bo")
    promised(employer=employer, answered_at=NOW)

    assert not client_for(owner_of(employer)).get("/").page.select(".promise")


def test_the_longest_overdue_heads_the_consultants_day(client_for: Clients, karin: User, lene: User) -> None:
    promised(title="Ikke endnu")
    promised(title="Mest forsinket", answer_due_at=NOW - timedelta(days=3))
    promised(title="Forsinket", answer_due_at=NOW - timedelta(days=1))

    page = client_for(karin).get("/").page
    titles = [line.a.get_text().split(",")[0] for line in page.select("main li:has(.promise)")]

    assert titles == ["Mest forsinket", "Forsinket", "Ikke endnu"]
    assert not client_for(lene).get("/").page.select(".promise")


@pytest.mark.parametrize(
    ("chosen", "titles"),
    [
        ("waiting", {"Venter", "Forsinket"}),
        ("overdue", {"Forsinket"}),
        ("nonsense", set()),
        ("", {"Venter", "Forsinket", "Svaret", "Udløbet"}),
    ],
)
def test_the_list_shows_who_waits(client_for: Clients, karin: User, chosen: str, titles: set[str]) -> None:
    promised(title="Venter")
    promised(title="Forsinket", answer_due_at=NOW - ONE_SECOND)
    promised(title="Svaret", answered_at=NOW)
    promised(title="Udløbet", expires_on=TODAY - timedelta(days=1))

    page = client_for(karin).get(f"/openings/?answer={chosen}").page

    assert {link.get_text() for link in page.select("#opening-table tbody a")} == titles


def test_the_leaders_broken_promises_are_the_list_behind_the_figure(client_for: Clients, mette: User) -> None:
    late = {"answer_due_at": NOW - ONE_SECOND, "published_at": NOW - timedelta(days=2)}
    promised(title="Oppe", **late)
    promised(title="På pause", status=OpeningStatus.PAUSED, **late)
    promised(title="Udløbet", status=OpeningStatus.EXPIRED, **late)
    promised(title="Trukket tilbage", status=OpeningStatus.WITHDRAWN, **late)
    promised(title="Svaret", answered_at=NOW, **late)

    leader = client_for(mette)
    figures = leader.get("/answers/response-times").page.select(".figure-value")
    [broken] = [one for one in figures if "answer=overdue" in str(one)]
    listed = leader.get(broken.select_one("a")["href"]).page.select("#opening-table tbody a")

    assert broken.get_text().split()[0] == "3"
    assert {link.get_text() for link in listed} == {"Oppe", "På pause", "Udløbet"}
