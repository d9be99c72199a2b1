"""Ten seconds to undo a decision, and a later day for what cannot be decided now."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.employers.models import Employer
from portal.loop.matches.models import Match, MatchStatus
from portal.loop.openings.models import Opening, OpeningStatus
from portal.loop.reviews.models import Decision, PutOff, Review, UndoneDecision
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from tests.client import PortalClient
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_citizen,
    make_employer,
    make_match,
    make_opening,
    owner_of,
)

ClientFor = Callable[[User | None], PortalClient]
YES = {"reason": "good_fit"}
NO = {"reason": "danish"}


@pytest.fixture
def employer(app: Flask) -> Employer:
    return make_employer("Bos Køkken ApS", owner="Bo")


@pytest.fixture
def amira_and_match(employer: Employer) -> tuple[User, Match]:
    citizen = make_citizen("Amira", with_login=True)
    assert citizen.user is not None
    return citizen.user, make_match(make_opening(employer), make_card(citizen))


@pytest.fixture
def amira(amira_and_match: tuple[User, Match]) -> User:
    return amira_and_match[0]


@pytest.fixture
def match(amira_and_match: tuple[User, Match]) -> Match:
    return amira_and_match[1]


def status_of(match: Match) -> MatchStatus:
    db.session.expire_all()
    return db.session.get_one(Match, match.id).status


def actions() -> list[str]:
    return list(
        db.session.scalars(sa.select(AuditEntry.action).where(~AuditEntry.is_look).order_by(AuditEntry.id))
    )


def only_review() -> Review:
    return db.session.scalars(sa.select(Review)).one()


def undone(client: PortalClient) -> int:
    """She presses what the bar of the page shows."""
    bar = client.get("/reviews/").page.select_one(".undo-bar")
    fields = {one["name"]: one["value"] for one in bar.select("input[name=review], input[name=match]")}
    return client.post(bar["action"], fields).status_code


@pytest.mark.parametrize("decision", ["approve", "refuse"])
def test_a_decision_is_undone_and_both_stay_on_record(
    client_for: ClientFor, karin: User, match: Match, decision: str
) -> None:
    client = client_for(karin)
    client.post(f"/reviews/match/{match.id}/{decision}", YES if decision == "approve" else NO)

    assert undone(client) == 303

    assert status_of(match) is MatchStatus.OPEN
    assert db.session.scalars(sa.select(Review)).all() == []
    kept = db.session.scalars(sa.select(UndoneDecision)).one()
    assert (kept.match_id, kept.decided_by_id) == (match.id, karin.id)
    assert actions()[-1] == "match-decision-undone"
    client.post(f"/reviews/match/{match.id}/refuse", NO)
    record = client.get(f"/reviews/{only_review().id}/record")
    assert "Fortrudte vurderinger" in record.words


@pytest.mark.parametrize(("seconds", "hers", "status"), [(9, False, 303), (10, True, 409), (11, True, 409)])
def test_she_reads_of_it_from_the_moment_it_cannot_be_undone(
    client_for: ClientFor, karin: User, amira: User, match: Match, seconds: int, hers: bool, status: int
) -> None:
    client_for(karin).post(f"/reviews/match/{match.id}/approve", YES)
    review = only_review()

    with time_machine.travel(NOW + timedelta(seconds=seconds), tick=False):
        answer = f"/reviews/{review.id}/answer"
        shown = [
            bool(client_for(amira).get(page).page.select(f"form[action^='{answer}']"))
            for page in ("/reviews/mine", "/mine/")
        ]
        counted = "1 forslag" in client_for(amira).get("/").words
        undo = client_for(karin).post("/reviews/undo", {"review": str(review.id)}).status_code

    assert shown == [hers, hers]
    assert undo == status
    if not hers:
        assert not counted
        assert client_for(amira).post(answer, {"answer": "yes"}).status_code == 404


def test_her_own_file_holds_it_when_it_cannot_be_undone(
    client_for: ClientFor, karin: User, amira: User, match: Match
) -> None:
    client_for(karin).post(f"/reviews/match/{match.id}/approve", YES)

    def told() -> list[bool]:
        tables = client_for(amira).get("/mine/data/json").get_json()["tables"]
        return [bool(tables[name]) for name in ("reviews", "review_conditions")]

    at_once = told()
    with time_machine.travel(NOW + timedelta(seconds=10), tick=False):
        later = told()

    assert (at_once, later) == ([False, False], [True, True])


def test_the_employers_own_count_waits_as_well(
    client_for: ClientFor, karin: User, employer: Employer, match: Match
) -> None:
    client_for(karin).post(f"/reviews/match/{match.id}/approve", YES)
    page = "/employer-pages/own"

    at_once = client_for(owner_of(employer)).get(page).words
    with time_machine.travel(NOW + timedelta(seconds=10), tick=False):
        later = client_for(owner_of(employer)).get(page).words

    assert at_once != later


def test_what_the_citizen_has_answered_is_not_undone(
    client_for: ClientFor, karin: User, match: Match
) -> None:
    client = client_for(karin)
    client.post(f"/reviews/match/{match.id}/approve", YES)
    review = only_review()
    client.post(f"/reviews/{review.id}/citizen-answer", {"answer": "yes", "via": "phone"})

    answer = client.post("/reviews/undo", {"review": str(review.id)})

    assert answer.status_code == 409
    assert "Borgeren har allerede svaret" in answer.words


def test_nobody_else_undoes_it_and_it_is_undone_once(
    client_for: ClientFor, karin: User, jonas: User, lene: User, match: Match
) -> None:
    client_for(karin).post(f"/reviews/match/{match.id}/approve", YES)
    fields = {"review": str(only_review().id)}

    others = [client_for(one).post("/reviews/undo", fields) for one in (jonas, lene)]
    own = [client_for(karin).post("/reviews/undo", fields).status_code for _ in range(2)]

    assert [one.status_code for one in others] == [409, 409]
    assert "Kun den, der har vurderet" in others[0].words
    assert own == [303, 409]


def test_an_opening_that_closed_meanwhile_takes_its_suggestion_along(
    client_for: ClientFor, karin: User, match: Match
) -> None:
    client = client_for(karin)
    client.post(f"/reviews/match/{match.id}/approve", YES)
    with transaction():
        db.session.get_one(Opening, match.opening_id).status = OpeningStatus.PAUSED

    assert undone(client) == 303

    assert status_of(match) is MatchStatus.CLOSED


@pytest.mark.both_engines
def test_of_an_undo_and_an_answer_at_the_same_moment_one_stands(
    app: Flask, karin: User, match: Match
) -> None:
    PortalClient(app, karin).post(f"/reviews/match/{match.id}/approve", YES)
    review_id, ready = only_review().id, Barrier(2)
    db.session.rollback()
    ways = {
        "/reviews/undo": {"review": str(review_id)},
        f"/reviews/{review_id}/citizen-answer": {"answer": "yes", "via": "phone"},
    }
    clients = {path: PortalClient(app, karin) for path in ways}

    def go(path: str) -> int:
        ready.wait()
        return clients[path].post(path, ways[path]).status_code

    with ThreadPoolExecutor(2) as together:
        codes = dict(zip(ways, together.map(go, ways), strict=True))

    assert Counter(code == 303 for code in codes.values()) == {True: 1, False: 1}
    assert set(codes.values()) <= {303, 404, 409}
    gone = codes["/reviews/undo"] == 303
    assert status_of(match) is (MatchStatus.OPEN if gone else MatchStatus.DECIDED)
    assert len(db.session.scalars(sa.select(Review)).all()) == (0 if gone else 1)


# --- Senere -------------------------------------------------------------------------------------------------

TOMORROW = {"until_on": (TODAY + timedelta(days=1)).strftime("%d-%m-%Y")}


def listed(client: PortalClient, tab: str) -> bool:
    return bool(client.get(f"/reviews/?tab={tab}").page.select(".desk-row"))


def test_what_is_put_off_leaves_the_list_until_its_day(
    client_for: ClientFor, karin: User, match: Match
) -> None:
    client = client_for(karin)

    answer = client.post(f"/reviews/match/{match.id}/put-off", TOMORROW)

    assert answer.status_code == 303
    assert (listed(client, "open"), listed(client, "later")) == (False, True)
    assert "sat af Karin Holm" in client.get("/reviews/?tab=later").words
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        client = client_for(karin)
        assert (listed(client, "open"), listed(client, "later")) == (True, False)


@pytest.mark.parametrize("at_once", [True, False])
def test_what_is_put_off_is_brought_back(
    client_for: ClientFor, karin: User, match: Match, at_once: bool
) -> None:
    client = client_for(karin)
    client.post(f"/reviews/match/{match.id}/put-off", TOMORROW)

    if at_once:
        assert undone(client) == 303
    else:
        form = client.get(f"/reviews/match/{match.id}").page.select_one(".choice-done form")
        client.post(form["action"], {"match": form.select_one("[name=match]")["value"]})

    assert listed(client, "open")
    assert db.session.scalars(sa.select(PutOff)).all() == []
    assert actions()[-2:] == ["match-put-off", "match-brought-back"]


@pytest.mark.parametrize(("day", "status"), [(0, 422), (1, 303), (365, 303), (366, 422)])
def test_a_suggestion_comes_back_after_today_and_within_a_year(
    client_for: ClientFor, karin: User, match: Match, day: int, status: int
) -> None:
    until: date = TODAY + timedelta(days=day)

    answer = client_for(karin).post(
        f"/reviews/match/{match.id}/put-off", {"until_on": until.strftime("%d-%m-%Y")}
    )

    assert answer.status_code == status


def test_a_decision_ends_what_was_put_off(client_for: ClientFor, karin: User, match: Match) -> None:
    client = client_for(karin)
    client.post(f"/reviews/match/{match.id}/put-off", TOMORROW)

    client.post(f"/reviews/match/{match.id}/refuse", NO)

    assert db.session.scalars(sa.select(PutOff)).all() == []
    assert only_review().decision is Decision.REFUSED


# --- Several at once ----------------------------------------------------------------------------------------


@pytest.fixture
def three(employer: Employer, match: Match) -> list[Match]:
    others = [make_match(make_opening(employer, title=f"Plads {number}"), match.card) for number in (2, 3)]
    return [match, *others]


def ticked(matches: list[Match]) -> list[str]:
    return [str(match.id) for match in matches]


def test_several_are_refused_for_one_reason_and_undone_together(
    client_for: ClientFor, karin: User, three: list[Match]
) -> None:
    client = client_for(karin)
    asked = client.get(f"/reviews/several?match={three[0].id}&match={three[1].id}")
    assert "Afvis 2 forslag" in asked.words
    assert not asked.page.select("form[action*=approve]")

    answer = client.post("/reviews/several/refuse", {"match": ticked(three[:2]), **NO})

    assert answer.status_code == 303
    assert [status_of(one) for one in three] == [MatchStatus.DECIDED] * 2 + [MatchStatus.OPEN]
    bar = client.get("/reviews/").page.select_one(".undo-bar")
    keys = [one["value"] for one in bar.select("input[name=review]")]
    assert client.post(bar["action"], {"review": keys}).status_code == 303
    assert [status_of(one) for one in three] == [MatchStatus.OPEN] * 3


def test_several_are_put_off_together(client_for: ClientFor, karin: User, three: list[Match]) -> None:
    client = client_for(karin)

    answer = client.post("/reviews/several/put-off", {"match": ticked(three), **TOMORROW})

    assert answer.status_code == 303
    assert not listed(client, "open")
    assert len(client.get("/reviews/?tab=later").page.select(".desk-row")) == 3


def test_all_or_none_when_one_of_them_is_decided(
    client_for: ClientFor, karin: User, lene: User, three: list[Match]
) -> None:
    client_for(karin).post(f"/reviews/match/{three[0].id}/refuse", NO)

    late = client_for(karin).post("/reviews/several/refuse", {"match": ticked(three), **NO})
    stranger = client_for(lene).post("/reviews/several/refuse", {"match": ticked(three[1:]), **NO})

    assert (late.status_code, stranger.status_code) == (409, 409)
    assert [status_of(one) for one in three[1:]] == [MatchStatus.OPEN] * 2


@pytest.mark.parametrize("fields", [{}, {"reason": "good_fit"}, {"reason": "other"}])
def test_several_need_a_reason_that_fits(
    client_for: ClientFor, karin: User, three: list[Match], fields: dict[str, str]
) -> None:
    answer = client_for(karin).post("/reviews/several/refuse", {"match": ticked(three), **fields})

    assert answer.status_code == 422
    assert answer.page.select("#several-matches .form-error")
    assert {status_of(one) for one in three} == {MatchStatus.OPEN}
