"""The pages of placements, for Karin, Bo, Amira and strangers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.base.terms import Party, PlacementForm
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import Employer
from portal.loop.openings.models import Opening
from portal.loop.placements.expectations import state_expectation
from portal.loop.placements.models import FollowUp, Outcome, Placement, PlacementStatus
from portal.loop.reviews.models import Answer, Review
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from tests.client import PortalClient, PortalResponse, counted_statements
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_citizen,
    make_employer,
    make_match,
    make_opening,
    make_placement,
    make_ready_sheet,
    make_review,
    make_settlement,
    owner_of,
    state_expectations,
)

ClientFor = Callable[[User | None], PortalClient]

WORDS = {"purpose": "Job i køkkenet", "time_frame": "13 uger", "development": "Varme retter"}
TERMS = {
    "form": "praktik",
    "hours_per_week": "20",
    "starts_on": "2026-11-23",
    "ends_on": "2026-12-20",
    "act": "integration",
    "readiness": "other",
}


@dataclass
class Story:
    """Amira at Bo's, with all three yeses."""

    review: Review
    bo: User
    amira: User
    citizen: Citizen


@pytest.fixture
def story(karin: User) -> Story:
    employer = make_employer()
    citizen = make_citizen("Amira", with_login=True)
    review = make_review(
        make_match(make_opening(employer), make_card(citizen)),
        citizen_answer=Answer.YES,
        employer_answer=Answer.YES,
    )
    assert citizen.user is not None
    return Story(review, owner_of(employer), citizen.user, citizen)


def placed(story: Story, **values: Any) -> Placement:
    return make_placement(story.review, **values)


def running(story: Story) -> Placement:
    return placed(story, status=PlacementStatus.RUNNING, starts_on=TODAY - timedelta(days=30))


def led_to(answer: PortalResponse) -> str:
    return urlsplit(answer.headers["Location"]).path


def withdraw(story: Story) -> None:
    with transaction():
        db.session.get_one(Review, story.review.id).citizen_answer = Answer.WITHDRAWN


def fresh(placement: Placement) -> Placement:
    db.session.rollback()
    return db.session.get_one(Placement, placement.id, populate_existing=True)


def looks(citizen: Citizen) -> list[AuditEntry]:
    db.session.rollback()
    statement = sa.select(AuditEntry).where(AuditEntry.is_look, AuditEntry.citizen_id == citizen.id)
    return list(db.session.scalars(statement.order_by(AuditEntry.id)))


def test_the_plan_page_shows_the_openings_terms_and_the_ratio(
    client_for: ClientFor, karin: User, story: Story
) -> None:
    response = client_for(karin).get(f"/placements/plan/{story.review.id}")

    assert response.page.select_one("#hours_per_week")["value"] == "25"  # type: ignore[index]
    assert "0 af 2 pladser brugt" in response.words


def agreed_at(employer: Employer, **values: Any) -> Review:
    """All three have said yes to a place at the employer."""
    match = make_match(make_opening(employer, places=3, **values), make_card())
    return make_review(match, citizen_answer=Answer.YES, employer_answer=Answer.YES)


def test_over_the_ratio_the_plan_stops_until_the_consultant_says_why(
    client_for: ClientFor, karin: User, story: Story
) -> None:
    crowded = make_employer(full_time_staff=4)
    client = client_for(karin)
    assert client.post(f"/placements/plan/{agreed_at(crowded).id}", TERMS).status_code == 303
    url = f"/placements/plan/{agreed_at(crowded).id}"

    page = client.get(url).page
    refused = client.post(url, TERMS)
    planned = client.post(url, {**TERMS, "stop_reason": "Den første stopper på fredag."})

    assert page.select_one(".finding-stop")
    assert page.select_one("[name=stop_reason]")
    assert refused.status_code == 409
    assert refused.page.select_one("[name=hours_per_week]")["value"] == TERMS["hours_per_week"]
    assert planned.status_code == 303
    kept = db.session.scalars(sa.select(Placement).order_by(Placement.id.desc())).first()
    assert kept.stop_reason == "Den første stopper på fredag."
    assert [row["rule"] for row in kept.findings] == ["R1"]


def test_earlier_weeks_at_the_same_employer_count_with_a_praktik(client_for: ClientFor, karin: User) -> None:
    employer, card = make_employer(full_time_staff=50), make_card()
    both = {"citizen_answer": Answer.YES, "employer_answer": Answer.YES}
    make_placement(
        make_review(make_match(make_opening(employer), card), **both),
        starts_on=TODAY - timedelta(days=100),
        ends_on=TODAY - timedelta(days=100) + timedelta(days=7 * 12 - 1),
        status=PlacementStatus.RUNNING,
    )
    review = make_review(make_match(make_opening(employer), card), **both)

    page = client_for(karin).get(f"/placements/plan/{review.id}").page

    assert "Praktikken er på 17 uger i alt" in page.select_one(".finding-stop").get_text()


def test_the_same_tasks_paid_and_unpaid_are_warned_of(client_for: ClientFor, karin: User) -> None:
    employer, card = make_employer(full_time_staff=50), make_card()
    both = {"citizen_answer": Answer.YES, "employer_answer": Answer.YES}
    paid = make_opening(employer, form=PlacementForm.REGULAR_JOB)
    make_placement(make_review(make_match(paid, card), **both), status=PlacementStatus.RUNNING)
    review = make_review(make_match(make_opening(employer), card), **both)

    page = client_for(karin).get(f"/placements/plan/{review.id}").page

    assert "skære og klargøre grøntsager" in page.select_one(".finding-warning").get_text()


@pytest.mark.parametrize(("born_on", "is_stopped"), [(date(1990, 3, 1), False), (date(1970, 3, 1), True)])
def test_an_igu_stops_for_who_is_too_old(
    client_for: ClientFor, karin: User, born_on: date, is_stopped: bool
) -> None:
    opening = make_opening(form=PlacementForm.IGU)
    match = make_match(opening, make_card(make_citizen(born_on=born_on)))
    review = make_review(match, citizen_answer=Answer.YES, employer_answer=Answer.YES)

    page = client_for(karin).get(f"/placements/plan/{review.id}").page

    assert bool(page.select_one(".finding-stop")) is is_stopped


def test_planning_leads_to_the_placement_with_its_first_follow_up(
    client_for: ClientFor, karin: User, story: Story
) -> None:
    data = {**TERMS, "first_follow_up_on": "7-12-2026"}

    response = client_for(karin).post(f"/placements/plan/{story.review.id}", data)

    placement = db.session.scalars(sa.select(Placement)).one()
    assert response.status_code == 303
    assert response.headers["Location"] == f"/placements/{placement.id}"
    assert [talk.due_on.day for talk in placement.follow_ups] == [7]


@pytest.mark.parametrize(
    ("starts_on", "suggested"),
    [
        pytest.param(date(2026, 11, 20), date(2026, 12, 4), id="a Friday stays"),
        pytest.param(date(2026, 11, 21), date(2026, 12, 7), id="from a Saturday to the Monday"),
        pytest.param(date(2026, 12, 10), date(2026, 12, 28), id="past Christmas"),
    ],
)
def test_the_first_follow_up_is_suggested_on_a_working_day(
    client_for: ClientFor, karin: User, story: Story, starts_on: date, suggested: date
) -> None:
    with transaction():
        db.session.get_one(Opening, story.review.match.opening_id).starts_on = starts_on

    page = client_for(karin).get(f"/placements/plan/{story.review.id}").page

    field = page.select_one("[name=first_follow_up_on]")
    assert field is not None
    assert field["value"] in (suggested.isoformat(), f"{suggested:%d-%m-%Y}")


def test_the_last_place_is_refused_with_what_was_typed(
    client_for: ClientFor, karin: User, story: Story
) -> None:
    rival = make_review(
        make_match(story.review.match.opening, make_card()),
        citizen_answer=Answer.YES,
        employer_answer=Answer.YES,
    )
    make_placement(rival)

    response = client_for(karin).post(
        f"/placements/plan/{story.review.id}", {**TERMS, "hours_per_week": "19,5"}
    )

    assert response.status_code == 409
    assert response.page.select_one(".alert-error")
    assert response.page.select_one("#hours_per_week")["value"] == "19,5"  # type: ignore[index]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("form", "slaveri"),
        ("hours_per_week", "mange"),
        ("hours_per_week", "169"),
        ("hours_per_week", "nan"),
        ("starts_on", "snart"),
        ("ends_on", ""),
        ("long_reason", "Hun hedder 010190-1234"),
        ("first_follow_up_on", "31-02-2026"),
    ],
)
def test_what_is_wrong_in_a_plan_is_said_next_to_the_field(
    client_for: ClientFor, karin: User, story: Story, field: str, value: str
) -> None:
    response = client_for(karin).post(f"/placements/plan/{story.review.id}", {**TERMS, field: value})

    assert response.status_code == 422
    assert response.page.select_one(f"#{field}-error")


def test_each_party_says_her_own_and_the_consultant_may_write_for_all(
    client_for: ClientFor, karin: User, story: Story
) -> None:
    placement = placed(story)
    answers = {
        (person.name, party): client_for(person)
        .post(f"/placements/{placement.id}/expectations/{party.value}", WORDS)
        .status_code
        for person in (karin, story.bo, story.amira)
        for party in reversed(Party)
    }

    assert {key for key, status in answers.items() if status == 303} == {
        *((karin.name, party) for party in Party),
        (story.bo.name, Party.EMPLOYER),
        (story.amira.name, Party.CITIZEN),
    }
    assert {status for status in answers.values() if status != 303} == {404}


def test_expectations_stand_side_by_side_and_different_numbers_are_marked(
    client_for: ClientFor, karin: User, story: Story
) -> None:
    placement = placed(story)
    state_expectations(placement, **WORDS)
    with transaction():
        state_expectation(
            placement,
            party=Party.EMPLOYER,
            words={**WORDS, "time_frame": "Fire uger, højst 6"},
            by=story.bo,
            at=NOW,
        )

    page = client_for(karin).get(f"/placements/{placement.id}").page

    marked = [bool(row.select_one("th .status-tag")) for row in page.select("#expectation-table tbody tr")]
    assert marked == [False, True, False]


def test_the_start_names_who_has_not_spoken(client_for: ClientFor, karin: User, story: Story) -> None:
    placement = placed(story)

    response = client_for(karin).post(f"/placements/{placement.id}/start")

    assert response.status_code == 409
    assert "Virksomheden" in response.words
    assert fresh(placement).status is PlacementStatus.PLANNED


def test_from_expectations_to_start_and_follow_up(client_for: ClientFor, karin: User, story: Story) -> None:
    placement = placed(story, starts_on=TODAY)
    make_settlement(placement)
    make_ready_sheet(placement)
    client = client_for(karin)
    url = f"/placements/{placement.id}"

    assert client.post(f"{url}/start").status_code == 303
    assert client.post(f"{url}/follow-ups", {"due_on": "2026-11-18"}).status_code == 303
    [talk] = db.session.scalars(sa.select(FollowUp))
    assert client.get(f"{url}/follow-ups/{talk.id}").status_code == 200
    held = {"held_on": "2026-11-18", "note": "Det går godt."}
    assert client.post(f"{url}/follow-ups/{talk.id}", held).status_code == 303

    assert fresh(placement).status is PlacementStatus.RUNNING
    assert [talk.note for talk in fresh(placement).follow_ups] == [held["note"]]


def test_a_talk_that_lies_ahead_was_not_held(client_for: ClientFor, karin: User, story: Story) -> None:
    placement = running(story)
    client, url = client_for(karin), f"/placements/{placement.id}"
    client.post(f"{url}/follow-ups", {"due_on": "2026-11-18"})
    [talk] = db.session.scalars(sa.select(FollowUp))

    held = {"held_on": "2100-01-01", "note": "Det går godt."}
    refused = client.post(f"{url}/follow-ups/{talk.id}", held)

    assert refused.status_code == 422
    assert "Datoen kan ikke ligge i fremtiden." in refused.words
    assert "Det går godt." in refused.words
    assert fresh(placement).follow_ups[0].held_on is None


def test_a_talk_never_held_is_not_asked_for_after_the_end(
    client_for: ClientFor, karin: User, story: Story
) -> None:
    placement = running(story)
    client = client_for(karin)
    url = f"/placements/{placement.id}"
    assert client.post(f"{url}/follow-ups", {"due_on": "2026-11-18"}).status_code == 303
    assert "Notér samtalen" in client.get(url).words

    sheet = led_to(client.post(f"/assessments/placement/{placement.id}/open/end"))
    client.post(
        f"{sheet}/close", {"outcome": "completed", "assessed_on": "2026-11-18", "alone_because": "Aftalt"}
    )

    words = client.get(url).words
    assert "Ikke holdt" in words
    assert "Notér samtalen" not in words


def test_the_employer_sees_the_name_while_the_yes_stands(client_for: ClientFor, story: Story) -> None:
    placement = placed(story)
    bos = client_for(story.bo)
    assert "Amira" in bos.get(f"/placements/{placement.id}").words

    withdraw(story)

    assert "Amira" not in bos.get(f"/placements/{placement.id}").get_data(as_text=True)
    refused = bos.post(f"/placements/{placement.id}/expectations/employer", WORDS)
    assert refused.status_code == 409


def test_after_the_start_the_employer_still_knows_whom_it_works_with(
    client_for: ClientFor, story: Story
) -> None:
    placement = running(story)
    withdraw(story)

    assert "Amira" in client_for(story.bo).get(f"/placements/{placement.id}").words


def test_nobody_is_told_that_the_name_is_gone_while_she_works_there(
    client_for: ClientFor, karin: User, story: Story
) -> None:
    """Amira, and Karin for her: the page offers no such button, and one in an open tab says why not."""
    running(story)
    amira, helper = client_for(story.amira), client_for(karin)
    pages = (
        amira.get("/reviews/mine"),
        amira.get("/mine/"),
        helper.get(f"/reviews/match/{story.review.match_id}"),
    )
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert not [page for page in pages if "withdraw" in page.get_data(as_text=True)]

    for browser, way in ((amira, "withdraw"), (helper, "citizen-withdrawal")):
        refused = browser.post(f"/reviews/{story.review.id}/{way}")
        assert refused.status_code == 409
        assert "Forløbet er i gang" in refused.words


def test_after_the_last_day_her_yes_is_hers_to_take_back(client_for: ClientFor, story: Story) -> None:
    placement = running(story)
    bo, path = client_for(story.bo), f"/placements/{placement.id}"
    with transaction():
        ended = db.session.get_one(Placement, placement.id)
        ended.status, ended.ended_on, ended.outcome = PlacementStatus.ENDED, TODAY, Outcome.COMPLETED
    assert "Amira" in bo.get(path).words

    assert client_for(story.amira).post(f"/reviews/{story.review.id}/withdraw").status_code == 303

    assert "Amira" not in bo.get(path).get_data(as_text=True)


def test_a_cancelled_placement_hides_the_name(client_for: ClientFor, story: Story) -> None:
    placement = placed(story, status=PlacementStatus.CANCELLED)

    assert "Amira" not in client_for(story.bo).get(f"/placements/{placement.id}").get_data(as_text=True)


def test_who_saw_the_name_is_noted_by_unit(client_for: ClientFor, karin: User, story: Story) -> None:
    placement = placed(story)
    client_for(karin).get(f"/placements/{placement.id}")
    client_for(story.bo).get(f"/placements/{placement.id}")
    client_for(story.amira).get(f"/placements/{placement.id}")

    assert [look.actor_unit for look in looks(story.citizen)] == ["Halsnæs Kommune", "Bos Køkken ApS"]


def test_the_employers_list_says_the_first_name_of_whom_it_knows(client_for: ClientFor, story: Story) -> None:
    placement = running(story)
    client = client_for(story.bo)

    assert f"Amira ({placement.card.number})" in client.get("/placements/").words
    for url in ("/placements/", "/placements/?q=Amira", "/placements/?format=csv"):
        assert "Haddad" not in client.get(url).get_data(as_text=True)
    assert not client.get("/placements/?q=Haddad").page.select("#placement-table")


def test_the_list_filters_what_waits_for_a_follow_up(
    client_for: ClientFor, karin: User, story: Story
) -> None:
    due, other = running(story), make_placement()
    with transaction():
        db.session.add(FollowUp(placement_id=due.id, due_on=TODAY))
        db.session.add(FollowUp(placement_id=other.id, due_on=TODAY + timedelta(days=1)))

    page = client_for(karin).get("/placements/?follow_up=due").page

    assert [link["href"] for link in page.select("#placement-table tbody a")] == [f"/placements/{due.id}"]


@pytest.mark.parametrize("query", ["status=running", "form=praktik&status=running", "q=amira&status=running"])
def test_the_list_filters_and_its_fragment_is_its_own_region(
    client_for: ClientFor, karin: User, story: Story, query: str
) -> None:
    found = running(story)
    make_placement()
    client = client_for(karin)
    page, fragment = (
        client.get(f"/placements/?{query}").page,
        client.get(f"/placements/?{query}", htmx=True).page,
    )

    assert [link["href"] for link in page.select("#placement-table tbody a")] == [f"/placements/{found.id}"]
    assert str(page.select_one("#placement-list")) == str(fragment.select_one("#placement-list"))


def test_strangers_find_nothing(client_for: ClientFor, lene: User, mette: User, story: Story) -> None:
    placement = placed(story)
    dorte = owner_of(make_employer("Dortes Rengøring", owner="Dorte"))
    selam = make_citizen("Selam", with_login=True).user

    for stranger in (lene, dorte, selam):
        client = client_for(stranger)
        assert client.get(f"/placements/{placement.id}").status_code == 404
        assert not client.get("/placements/").page.select("#placement-table")
    assert client_for(lene).get(f"/placements/plan/{story.review.id}").status_code == 404
    assert client_for(lene).post(f"/placements/{placement.id}/cancel").status_code == 404
    assert client_for(mette).get("/placements/").status_code == 403
    assert client_for(story.bo).post(f"/placements/{placement.id}/start").status_code == 403


def test_cancelling_by_htmx_answers_the_region(client_for: ClientFor, karin: User, story: Story) -> None:
    placement = placed(story)
    client = client_for(karin)

    assert client.post(f"/placements/{placement.id}/cancel", htmx=True).status_code == 303
    fragment = client.get(f"/placements/{placement.id}", htmx=True).page
    assert fragment.select_one("#placement-detail")
    assert fresh(placement).status is PlacementStatus.CANCELLED


def test_pages_take_few_statements_whatever_the_number(
    client_for: ClientFor, karin: User, story: Story
) -> None:
    placement = running(story)
    for _number in range(4):
        make_placement()
    client = client_for(karin)
    for url in ("/placements/", f"/placements/{placement.id}"):
        with counted_statements(client.app) as statements:
            client.get(url)
        assert len(statements) <= 12, (url, statements)
