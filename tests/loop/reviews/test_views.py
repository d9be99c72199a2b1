"""The pages: whose desk, whose answer, and who sees a name when."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import Employer
from portal.loop.matches.models import Match
from portal.loop.openings.models import OpeningStatus
from portal.loop.reviews.models import Answer, Decision, DecisionReason, Review
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry, AuditPerson
from portal.shared.outbox.models import Mail
from portal.workspaces.consents.models import Consent
from tests.client import PortalClient, counted_statements
from tests.factories import (
    NOW,
    make_card,
    make_citizen,
    make_employer,
    make_match,
    make_opening,
    make_placement,
    make_review,
    owner_of,
)

ClientFor = Callable[[User | None], PortalClient]
NAME = "Amira Haddad"


@pytest.fixture
def employer(app: Flask) -> Employer:
    return make_employer("Bos Køkken ApS", owner="Bo")


@pytest.fixture
def bo(employer: Employer) -> User:
    """Owns the opening."""
    return owner_of(employer)


@pytest.fixture
def dorte(app: Flask) -> User:
    """Another employer, the stranger."""
    return owner_of(make_employer("Dortes Rengøring", owner="Dorte"))


@pytest.fixture
def amira_and_match(employer: Employer) -> tuple[User, Match]:
    citizen = make_citizen("Amira", with_login=True)
    assert citizen.user is not None
    opening = make_opening(employer, title="Køkkenhjælp på havnen")
    return citizen.user, make_match(opening, make_card(citizen))


@pytest.fixture
def amira(amira_and_match: tuple[User, Match]) -> User:
    """The citizen."""
    return amira_and_match[0]


@pytest.fixture
def match(amira_and_match: tuple[User, Match]) -> Match:
    return amira_and_match[1]


def looks(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action)))


def reread(review: Review) -> Review:
    db.session.expire_all()
    return db.session.get_one(Review, review.id)


YES = {"reason": "good_fit", "words": "Et godt sted at begynde."}
NO = {"reason": "hours_or_place", "words": ""}


# --- The consultant's desk ----------------------------------------------------------------------------------


def test_the_queue_shows_what_waits_and_logs_whom_it_names(
    client_for: ClientFor, karin: User, match: Match
) -> None:
    answer = client_for(karin).get("/reviews/")

    assert answer.status_code == 200
    assert answer.page.select_one(f"#match-desk a[href='/reviews/match/{match.id}']")
    assert match.card.number in answer.words
    assert NAME in answer.words
    assert [line.citizen_id for line in looks("matches-listed")] == [None]
    assert list(db.session.scalars(sa.select(AuditPerson.citizen_id))) == [match.card.citizen_id]


def test_page_and_fragment_of_the_queue_are_the_same(
    client_for: ClientFor, karin: User, match: Match
) -> None:
    client = client_for(karin)
    url = "/reviews/?q=havnen&sort=newest&dir=asc"

    page, fragment = client.get(url).page, client.get(url, htmx=True).page

    assert str(page.select_one("#match-desk")) == str(fragment.select_one("#match-desk"))


def test_a_neighbours_consultant_has_an_empty_queue_and_no_access(
    client_for: ClientFor, lene: User, match: Match
) -> None:
    client = client_for(lene)

    assert match.card.number not in client.get("/reviews/").words
    assert client.get(f"/reviews/match/{match.id}").status_code == 404
    assert client.post(f"/reviews/match/{match.id}/approve", YES).status_code == 404
    assert looks("match-read") == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=havnen", True),
        ("q=BOS KØKKEN", True),
        ("q=K-", True),
        ("q=rengøring", False),
        ("q=amira hadd", True),
        ("q=Selam", False),
        ("whose=mine", False),
        ("question=task", True),
        ("question=nothing", False),
        ("question=hours", False),
        ("question=nonsense", False),
        ("industry=koekken", True),
        ("industry=pleje", False),
        ("industry=nonsense", False),
        ("form=praktik", True),
        ("form=igu", False),
        ("tab=citizen", False),
        ("tab=nonsense&page=99999999&sort=nonsense", True),
        ("q=%25", False),
    ],
)
def test_the_queue_is_searched_and_filtered(
    client_for: ClientFor, karin: User, match: Match, query: str, found: bool
) -> None:
    answer = client_for(karin).get(f"/reviews/?{query}")

    assert answer.status_code == 200
    assert bool(answer.page.select(f"a[href^='/reviews/match/{match.id}']")) == found


@pytest.mark.parametrize(
    ("tab", "values"),
    [
        ("citizen", {}),
        ("employer", {"citizen_answer": Answer.YES}),
        ("ready", {"citizen_answer": Answer.YES, "employer_answer": Answer.YES}),
        ("done", {"decision": Decision.REFUSED, "reason": DecisionReason.DANISH}),
        ("done", {"citizen_answer": Answer.NO}),
        ("done", {"citizen_answer": Answer.WITHDRAWN}),
        ("done", {"citizen_answer": Answer.YES, "employer_answer": Answer.NO}),
    ],
)
def test_each_review_stands_under_exactly_one_tab(
    client_for: ClientFor, karin: User, match: Match, tab: str, values: dict[str, Any]
) -> None:
    make_review(match, **values)
    client = client_for(karin)

    shown = [
        one
        for one in ("open", "citizen", "employer", "ready", "done")
        if client.get(f"/reviews/?tab={one}").page.select(f"a[href^='/reviews/match/{match.id}']")
    ]

    assert shown == [tab]


def test_a_planned_placement_leaves_the_ready_tab(client_for: ClientFor, karin: User, match: Match) -> None:
    make_placement(make_review(match, citizen_answer=Answer.YES, employer_answer=Answer.YES))
    client = client_for(karin)

    assert match.card.number not in client.get("/reviews/?tab=ready").words
    assert match.card.number in client.get("/reviews/?tab=done").words


def test_after_a_decision_the_next_case_of_the_same_list_comes(
    client_for: ClientFor, karin: User, employer: Employer, match: Match
) -> None:
    others = [
        make_match(make_opening(employer, title=f"Havnen {score}"), match.card, sure=score, possible=score)
        for score in (90, 80, 70)
    ]
    elsewhere = make_match(make_opening(employer, title="Vask"), match.card, sure=85, possible=85)
    client = client_for(karin)

    first = client.post(f"/reviews/match/{others[0].id}/approve?q=Havnen+", YES)
    second = client.post(f"/reviews/match/{others[1].id}/refuse?q=Havnen+", NO)

    assert first.location == f"/reviews/match/{others[1].id}?q=Havnen"
    assert second.location == f"/reviews/match/{others[2].id}?q=Havnen"
    page = client.get(second.location, htmx=True).page
    assert not page.select(f"#case-{others[0].id}, #case-{elsewhere.id}")
    assert page.select_one("#desk-rows [aria-current]")["id"] == f"case-{others[2].id}"
    assert page.select_one("#choose-approve form")["action"].endswith("/approve?q=Havnen")


def test_only_ones_own_citizens_are_listed_as_mine(client_for: ClientFor, karin: User, match: Match) -> None:
    with transaction():
        db.session.get_one(Citizen, match.card.citizen_id).consultant_id = karin.id

    answer = client_for(karin).get("/reviews/?whose=mine&industry=koekken")

    assert [row["id"] for row in answer.page.select(".desk-row-link")] == [f"case-{match.id}"]


def test_the_queue_as_csv(client_for: ClientFor, karin: User, match: Match) -> None:
    answer = client_for(karin).get("/reviews/?format=csv")

    assert answer.mimetype == "text/csv"
    assert match.card.number in answer.get_data(as_text=True)
    assert "Amira" not in answer.get_data(as_text=True)


def test_a_longer_queue_costs_no_more_statements(
    app: Flask, client_for: ClientFor, karin: User, match: Match
) -> None:
    client = client_for(karin)
    with counted_statements(app) as few:
        client.get("/reviews/")
    for _ in range(8):
        make_match(make_opening(match.opening.employer), make_card(make_citizen("Selam")))

    with counted_statements(app) as many:
        client.get("/reviews/")

    assert len(many) == len(few) <= 12


def test_the_match_page_shows_both_sides_and_is_logged(
    client_for: ClientFor, karin: User, match: Match
) -> None:
    answer = client_for(karin).get(f"/reviews/match/{match.id}")

    assert answer.page.select_one(f"a[href='/openings/{match.opening_id}']")
    assert answer.page.select_one(f"a[href='/cards/{match.card_id}']")
    assert "skære og klargøre grøntsager" in answer.words
    assert answer.page.select_one(f"form[action='/reviews/match/{match.id}/approve']")
    assert answer.page.select_one("#case-title").text.startswith(NAME)
    assert [line.citizen_id for line in looks("match-read")] == [match.card.citizen_id]


def test_a_yes_shows_who_and_when_and_asks_for_the_citizens_answer(
    client_for: ClientFor, karin: User, match: Match
) -> None:
    client = client_for(karin)

    answer = client.post(f"/reviews/match/{match.id}/approve", YES)

    assert (answer.status_code, answer.location) == (303, "/reviews/")
    page = client.get(f"/reviews/match/{match.id}")
    assert "Karin Holm" in page.words
    assert "18. november 2026 kl. 10.00" in page.words
    assert NAME in page.words
    assert page.page.select_one("form[action$='/citizen-answer']")
    assert not page.page.select("form[action$='/approve']")


def test_a_no_asks_nobody(client_for: ClientFor, karin: User, match: Match) -> None:
    client = client_for(karin)

    assert client.post(f"/reviews/match/{match.id}/refuse", NO).status_code == 303

    page = client.get(f"/reviews/match/{match.id}")
    assert not page.page.select("#match-review form[method=post]")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"reason": "danish"},
        {"reason": "other", "words": ""},
        {"reason": "good_fit", "words": "Cpr 010190-1235"},
        {"reason": "good_fit", "words": "x" * 501},
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_a_yes_without_a_proper_reason_is_shown_again_with_what_was_typed(
    client_for: ClientFor, karin: User, match: Match, fields: dict[str, str], htmx: bool
) -> None:
    answer = client_for(karin).post(f"/reviews/match/{match.id}/approve", fields, htmx=htmx)

    assert answer.status_code == 422
    assert answer.page.select("#match-review .form-error")
    assert fields.get("words", "") in answer.page.select_one("#approve-words").text
    assert db.session.scalars(sa.select(Review)).all() == []


def test_a_second_consultant_reads_who_was_faster(
    client_for: ClientFor, karin: User, jonas: User, match: Match
) -> None:
    client_for(karin).post(f"/reviews/match/{match.id}/approve", YES)

    answer = client_for(jonas).post(f"/reviews/match/{match.id}/refuse", NO)

    assert answer.status_code == 409
    assert "Karin Holm var hurtigere: godkendt i dag kl. 10.00" in answer.words


@pytest.mark.both_engines
def test_of_two_decisions_at_the_same_moment_one_stands(
    app: Flask, karin: User, jonas: User, match: Match
) -> None:
    match_id, ready = match.id, Barrier(2)
    clients = {"approve": PortalClient(app, karin), "refuse": PortalClient(app, jonas)}

    def decide(decision: str) -> tuple[int, str]:
        ready.wait()
        fields = YES if decision == "approve" else NO
        answer = clients[decision].post(f"/reviews/match/{match_id}/{decision}", fields)
        return answer.status_code, answer.words

    with ThreadPoolExecutor(2) as together:
        answers = list(together.map(decide, clients))

    assert Counter(status for status, _ in answers) == {303: 1, 409: 1}
    assert any("var hurtigere" in words for status, words in answers if status == 409)
    assert len(db.session.scalars(sa.select(Review)).all()) == 1


def test_the_same_form_sent_twice_decides_once(client_for: ClientFor, karin: User, match: Match) -> None:
    client, form_id = client_for(karin), "5b0bd0f0-0000-4000-8000-000000000001"

    first = client.post(f"/reviews/match/{match.id}/approve", YES, form_id=form_id)
    again = client.post(f"/reviews/match/{match.id}/approve", YES, form_id=form_id)

    assert (first.status_code, again.status_code) == (303, 303)
    assert again.location == first.location == "/reviews/"


@pytest.mark.parametrize("via", ["phone", "meeting", "paper"])
def test_an_answer_that_is_written_down_is_recorded_with_its_way(
    client_for: ClientFor, karin: User, match: Match, via: str
) -> None:
    review = make_review(match)

    answer = client_for(karin).post(f"/reviews/{review.id}/citizen-answer", {"answer": "yes", "via": via})

    assert answer.status_code == 303
    assert reread(review).name_is_open
    assert reread(review).citizen_answered_via == via


def test_an_answer_without_its_way_is_refused(client_for: ClientFor, karin: User, match: Match) -> None:
    review = make_review(match)

    answer = client_for(karin).post(f"/reviews/{review.id}/citizen-answer", {"answer": "yes"})

    assert answer.status_code == 422
    assert reread(review).citizen_answer is Answer.PENDING


def test_a_neighbour_records_nothing(client_for: ClientFor, lene: User, match: Match) -> None:
    review = make_review(match)

    fields = {"answer": "yes", "via": "phone"}

    assert client_for(lene).post(f"/reviews/{review.id}/citizen-answer", fields).status_code == 404
    assert client_for(lene).post(f"/reviews/{review.id}/citizen-withdrawal").status_code == 404


def test_after_three_yeses_the_desk_leads_to_the_plan(
    client_for: ClientFor, karin: User, match: Match
) -> None:
    review = make_review(match, citizen_answer=Answer.YES, employer_answer=Answer.YES)

    page = client_for(karin).get(f"/reviews/match/{match.id}").page

    assert page.select_one(f"a[href='/placements/plan/{review.id}']")


def test_a_withdrawn_opening_stops_the_decision(client_for: ClientFor, karin: User, match: Match) -> None:
    with transaction():
        db.session.get_one(Match, match.id).opening.status = OpeningStatus.WITHDRAWN

    answer = client_for(karin).post(f"/reviews/match/{match.id}/approve", YES)

    assert answer.status_code == 409
    assert "ikke længere opslået" in answer.words


# --- The citizen --------------------------------------------------------------------------------------------


def test_a_citizen_reads_only_what_the_municipality_approved(
    client_for: ClientFor, amira: User, match: Match
) -> None:
    assert "havnen" not in client_for(amira).get("/reviews/mine").words
    make_review(match)

    answer = client_for(amira).get("/reviews/mine")

    assert "Køkkenhjælp på havnen hos Bos Køkken ApS" in answer.words
    assert "25 timer om ugen" in answer.words
    assert "Du kan: skære og klargøre grøntsager" in answer.words


def test_a_citizens_yes_opens_the_name_and_her_withdrawal_closes_it(
    client_for: ClientFor, amira: User, bo: User, match: Match
) -> None:
    review = make_review(match)
    citizen, employer = client_for(amira), client_for(bo)
    url = f"/reviews/proposal/{review.id}"
    assert employer.get(url).status_code == 404
    assert match.card.number not in employer.get("/reviews/proposals").words

    assert citizen.post(f"/reviews/{review.id}/answer", {"answer": "yes"}).status_code == 303
    assert NAME in employer.get(url).words

    assert citizen.post(f"/reviews/{review.id}/withdraw").status_code == 303
    after = employer.get(url)
    assert after.status_code == 200
    for trace in ("Amira", "Haddad", match.card.number):
        assert trace not in after.words
        assert trace not in employer.get("/reviews/proposals?tab=past").words
    assert employer.post(f"{url}/accept").status_code == 409


@pytest.mark.parametrize("first", ["yes", "no"])
def test_a_citizen_takes_a_slip_of_the_thumb_back_and_answers_anew(
    client_for: ClientFor, amira: User, bo: User, match: Match, first: str
) -> None:
    """Nothing of her yes is left: no mail that waits, no link that opens, no name at the employer."""
    review = make_review(match)
    citizen, employer = client_for(amira), client_for(bo)
    citizen.post(f"/reviews/{review.id}/answer", {"answer": first})
    assert "kl. 11.00" in citizen.get("/reviews/mine").words
    assert citizen.get("/mine/").page.select_one(f"form[action^='/reviews/{review.id}/take-back']")

    assert citizen.post(f"/reviews/{review.id}/take-back").status_code == 303

    assert db.session.scalars(sa.select(Mail)).all() == []
    assert set(db.session.scalars(sa.select(Consent.answer))) <= {Answer.WITHDRAWN}
    assert employer.get(f"/reviews/proposal/{review.id}").status_code == 404
    assert citizen.post(f"/reviews/{review.id}/answer", {"answer": "yes"}).status_code == 303
    assert len(db.session.scalars(sa.select(Mail)).all()) == 1
    assert NAME in employer.get(f"/reviews/proposal/{review.id}").words


@pytest.mark.parametrize("why", ["the hour is over", "the employer answered"])
def test_a_citizen_withdraws_what_she_cannot_take_back(
    client_for: ClientFor, amira: User, bo: User, match: Match, why: str
) -> None:
    review = make_review(match)
    citizen = client_for(amira)
    citizen.post(f"/reviews/{review.id}/answer", {"answer": "yes"})
    if why == "the employer answered":
        client_for(bo).post(f"/reviews/proposal/{review.id}/accept")

    later = timedelta(minutes=60 if why == "the hour is over" else 0)
    with time_machine.travel(NOW + later, tick=False):
        citizen.sign_in(amira)
        page = citizen.get("/reviews/mine").page
        refused = citizen.post(f"/reviews/{review.id}/take-back")

    assert not page.select(f"form[action='/reviews/{review.id}/take-back']")
    assert page.select(f"form[action='/reviews/{review.id}/withdraw']")
    assert refused.status_code == 409
    assert "ikke tages tilbage længere" in refused.words


@pytest.mark.parametrize(("path", "sent"), [("accept", {}), ("decline", {"reason": "time"})])
def test_an_employer_that_is_signed_in_takes_its_answer_back(
    client_for: ClientFor, karin: User, amira: User, bo: User, match: Match, path: str, sent: dict
) -> None:
    """The consultant reads until when; the citizen hears nothing before the answer stands."""
    review = make_review(match, citizen_answer=Answer.YES)
    employer, url = client_for(bo), f"/reviews/proposal/{review.id}"
    employer.post(f"{url}/{path}", sent)
    assert "tages tilbage til kl. 11.00" in employer.get(url).words
    assert "kan tages tilbage til kl. 11.00" in client_for(karin).get(f"/reviews/match/{match.id}").words
    assert "ikke svaret endnu" in client_for(amira).get("/reviews/mine").words

    assert employer.post(f"{url}/take-back").status_code == 303

    db.session.expire_all()
    assert db.session.get_one(Review, review.id).employer_answer is Answer.PENDING
    assert employer.get(url).page.select(f"form[action='{url}/accept']")


def test_a_citizen_cannot_answer_for_another(client_for: ClientFor, match: Match) -> None:
    review = make_review(match)
    selam = make_citizen("Selam", with_login=True)

    answer = client_for(selam.user).post(f"/reviews/{review.id}/answer", {"answer": "yes"})

    assert answer.status_code == 404
    assert reread(review).citizen_answer is Answer.PENDING


@pytest.mark.parametrize("given", ["", "withdrawn", "pending", "maybe"])
def test_only_yes_and_no_are_answers(client_for: ClientFor, amira: User, match: Match, given: str) -> None:
    review = make_review(match)

    client_for(amira).post(f"/reviews/{review.id}/answer", {"answer": given})

    assert reread(review).citizen_answer is Answer.PENDING


def test_a_refused_match_never_reaches_the_citizen(client_for: ClientFor, amira: User, match: Match) -> None:
    review = make_review(match, decision=Decision.REFUSED, reason=DecisionReason.DANISH)

    assert "havnen" not in client_for(amira).get("/reviews/mine").words
    assert client_for(amira).post(f"/reviews/{review.id}/answer", {"answer": "yes"}).status_code == 404


def test_a_place_that_is_gone_offers_no_yes(client_for: ClientFor, amira: User, match: Match) -> None:
    make_review(match)
    with transaction():
        db.session.get_one(Match, match.id).opening.status = OpeningStatus.FILLED

    page = client_for(amira).get("/reviews/mine")

    assert not page.page.select("form[action$='/answer']")
    assert "ikke ledig længere" in page.words


def test_answers_swap_in_place(client_for: ClientFor, amira: User, match: Match) -> None:
    make_review(match)

    fragment = client_for(amira).get("/reviews/mine", htmx=True).page

    assert fragment.select_one("#my-proposals form[hx-target='#my-proposals']")


# --- The employer -------------------------------------------------------------------------------------------


def test_a_proposal_is_logged_with_employer_and_purpose(
    client_for: ClientFor, bo: User, match: Match
) -> None:
    review = make_review(match, citizen_answer=Answer.YES)

    answer = client_for(bo).get(f"/reviews/proposal/{review.id}")

    assert NAME in answer.words
    [line] = looks("proposal-read")
    assert (line.citizen_id, line.actor_unit) == (match.card.citizen_id, "Bos Køkken ApS")
    assert line.purpose


def test_the_list_of_proposals_shows_no_name(client_for: ClientFor, bo: User, match: Match) -> None:
    make_review(match, citizen_answer=Answer.YES)

    answer = client_for(bo).get("/reviews/proposals")

    assert match.card.number in answer.words
    assert "Amira" not in answer.words
    assert answer.page.select_one("#proposal-list td.actions a.button-primary")


def test_a_stranger_finds_no_proposal(client_for: ClientFor, dorte: User, match: Match) -> None:
    review = make_review(match, citizen_answer=Answer.YES)
    client = client_for(dorte)

    assert match.card.number not in client.get("/reviews/proposals").words
    assert client.get(f"/reviews/proposal/{review.id}").status_code == 404
    assert client.post(f"/reviews/proposal/{review.id}/accept").status_code == 404
    assert client.post(f"/reviews/proposal/{review.id}/decline", {"reason": "time"}).status_code == 404


def test_an_employers_yes_allows_a_placement(client_for: ClientFor, bo: User, match: Match) -> None:
    review = make_review(match, citizen_answer=Answer.YES)

    answer = client_for(bo).post(f"/reviews/proposal/{review.id}/accept")

    assert (answer.status_code, answer.location) == (303, f"/reviews/proposal/{review.id}")
    assert reread(review).allows_placement


def test_an_employers_no_needs_a_reason_and_then_closes_the_name(
    client_for: ClientFor, bo: User, match: Match
) -> None:
    review = make_review(match, citizen_answer=Answer.YES)
    client, url = client_for(bo), f"/reviews/proposal/{review.id}"

    assert client.post(f"{url}/decline").status_code == 422
    assert client.post(f"{url}/decline", {"reason": "time"}).status_code == 303

    assert "Amira" not in client.get(url).words


@pytest.mark.parametrize("tab", ["", "waiting", "yes", "past", "nonsense"])
def test_page_and_fragment_of_the_proposals_are_the_same(
    client_for: ClientFor, bo: User, match: Match, tab: str
) -> None:
    make_review(match, citizen_answer=Answer.YES)
    client, url = client_for(bo), f"/reviews/proposals?tab={tab}"

    page, fragment = client.get(url).page, client.get(url, htmx=True).page

    assert str(page.select_one("#proposal-list")) == str(fragment.select_one("#proposal-list"))


def test_a_withdrawn_proposal_leaves_no_trace_in_the_csv(
    client_for: ClientFor, bo: User, match: Match
) -> None:
    make_review(match, citizen_answer=Answer.WITHDRAWN)

    answer = client_for(bo).get("/reviews/proposals?tab=past&format=csv").get_data(as_text=True)

    assert "havnen" in answer
    assert match.card.number not in answer


# --- Nonsense -----------------------------------------------------------------------------------------------

NONSENSE = ("", "a\x00b", "9" * 400, "-1", "æ" * 100_000, "<script>%s{{ 7*7 }}", "\u202e\ufeff")


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_is_refused_without_a_trace(
    client_for: ClientFor, karin: User, match: Match, nonsense: str
) -> None:
    fields = dict.fromkeys(("reason", "words", "answer", "via"), nonsense)
    review = make_review(make_match(match.opening, make_card(make_citizen("Selam"))))

    for url in (f"match/{match.id}/approve", f"match/{match.id}/refuse", f"{review.id}/citizen-answer"):
        assert client_for(karin).post(f"/reviews/{url}", fields).status_code == 422
    words_only = {"reason": "good_fit", "words": nonsense}
    assert client_for(karin).post(f"/reviews/match/{match.id}/approve", words_only).status_code in (303, 422)


@pytest.mark.parametrize("url", ["/reviews/match/{}", "/reviews/proposal/{}"])
@pytest.mark.parametrize("key", ["0", "999999", "2147483647", "99999999999"])
def test_a_key_that_names_nothing_is_not_found(
    client_for: ClientFor, karin: User, bo: User, url: str, key: str
) -> None:
    user = bo if "proposal" in url else karin

    assert client_for(user).get(url.format(key)).status_code == 404


def test_a_refusal_reaches_htmx_as_a_message(
    client_for: ClientFor, karin: User, jonas: User, match: Match
) -> None:
    client_for(karin).post(f"/reviews/match/{match.id}/approve", YES)

    answer = client_for(jonas).post(f"/reviews/match/{match.id}/approve", YES, htmx=True)

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#messages")
    assert "Karin Holm" in answer.words
