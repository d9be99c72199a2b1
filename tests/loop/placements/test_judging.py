"""Karin sees what the rules say of a plan while she writes it, and in the list before she decides."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from portal.base.database import db
from portal.base.terms import PlacementForm
from portal.loop.placements.models import Placement
from portal.loop.reviews.models import Answer, Review
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from tests import factories
from tests.client import PortalClient
from tests.factories import TODAY

ClientFor = Callable[[User | None], PortalClient]
FIFTEEN = date(2011, 8, 21)
GROWN_UP = date(1990, 3, 1)


def agreed(born_on: date, form: PlacementForm = PlacementForm.FRITIDSJOB, **post: object) -> Review:
    citizen = factories.make_citizen("Idil", born_on=born_on)
    opening = factories.make_opening(form=form, **post)
    match = factories.make_match(opening, factories.make_card(citizen))
    return factories.make_review(match, citizen_answer=Answer.YES, employer_answer=Answer.YES)


def judged(client: PortalClient, review: Review, **typed: str) -> PortalClient:
    plan = {
        "form": "fritidsjob",
        "hours_per_week": "4",
        "starts_on": TODAY.isoformat(),
        "ends_on": (TODAY + timedelta(weeks=8)).isoformat(),
        **typed,
    }
    return client.post(f"/placements/plan/{review.id}/judged", plan)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "forældrene"),  # DI 26 May 2025
        ({"hours_per_week": "12,5"}, "mere end de 12"),  # ungmedjob.dk, a school week
        ({"working_times": "mandag 18.30-20.30"}, "mellem kl. 6 og 20"),
        ({"lift_kg": "18"}, "18 kg at løfte er mere end de 12"),  # f-f.dk
        ({"serves_alcohol": "yes"}, "hvor der serveres alkohol"),  # restaurationsloven § 27
        ({"form": "regular_job", "hours_per_week": "30"}, "30 timer om ugen er mere end de 12"),
    ],
)
def test_the_rules_answer_while_she_writes(
    client_for: ClientFor, karin: User, typed: dict[str, str], sentence: str
) -> None:
    answer = judged(client_for(karin), agreed(FIFTEEN), **typed)

    assert answer.status_code == 200
    assert sentence in answer.page.select_one("#plan-law").get_text()


def test_judging_names_nobody_and_writes_nothing(client_for: ClientFor, karin: User) -> None:
    review, client = agreed(FIFTEEN), client_for(karin)
    client.get("/")
    lines = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))

    answer = judged(client, review, hours_per_week="x", starts_on="i morgen", free_weeks="sommer")

    assert answer.status_code == 200
    assert "Idil" not in answer.get_data(as_text=True)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == lines
    assert db.session.scalars(sa.select(Placement)).all() == []


@pytest.mark.parametrize(
    ("form", "asked"),
    [
        ("praktik", {"act", "readiness", "is_within_course", "is_outside_ratio", "long_reason"}),
        ("loentilskud", {"act", "readiness"}),
        ("igu", {"arrived_on", "long_reason"}),
        ("smaajob", set()),
    ],
)
def test_each_form_is_asked_its_own_grounds(
    client_for: ClientFor, karin: User, form: str, asked: set[str]
) -> None:
    answer = judged(client_for(karin), agreed(GROWN_UP), form=form)

    fields = answer.page.select("#plan-asked [name]")
    assert {str(field["name"]) for field in fields} == asked


def test_a_plan_without_the_group_is_asked_for_it_beside_the_field(
    client_for: ClientFor, karin: User
) -> None:
    review = agreed(GROWN_UP, PlacementForm.PRAKTIK)
    plan = {
        "form": "praktik",
        "hours_per_week": "25",
        "starts_on": TODAY.isoformat(),
        "ends_on": (TODAY + timedelta(weeks=4, days=-1)).isoformat(),
    }

    refused = client_for(karin).post(f"/placements/plan/{review.id}", plan)

    assert refused.status_code == 422
    assert "Vælg gruppen." in refused.words
    assert refused.page.select_one("[name=readiness]")["aria-invalid"] == "true"


def test_only_those_who_may_be_young_are_asked_about_school(client_for: ClientFor, karin: User) -> None:
    young = client_for(karin).get(f"/placements/plan/{agreed(FIFTEEN).id}").page
    grown_up = client_for(karin).get(f"/placements/plan/{agreed(GROWN_UP).id}").page

    assert young.select_one("[name=is_past_school]")
    assert not grown_up.select_one("[name=is_past_school]")


def test_the_list_says_what_would_stop_the_decision(client_for: ClientFor, karin: User) -> None:
    """An eleven-year-old in ordinary hours is a stop in every form, already in the list."""
    child = factories.make_citizen("Sami", born_on=date(2015, 5, 1))
    opening = factories.make_opening(form=PlacementForm.REGULAR_JOB)
    factories.make_match(opening, factories.make_card(child))
    factories.make_match(opening, factories.make_card(factories.make_citizen("Amira", born_on=GROWN_UP)))

    words = client_for(karin).get(f"/matches/opening/{opening.id}").words

    assert words.count("Ingen under 13 år må arbejde for en arbejdsgiver") == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"parents_told": "yes", "working_times": "tirsdag 16-18, torsdag 16-18"}, "I orden"),
        ({"hours_per_week": ""}, "før dette er udfyldt rigtigt: Timer om ugen."),
        ({"free_weeks": "sommer"}, "før dette er udfyldt rigtigt: Uger uden skole i perioden."),
        ({"lift_kg": "tungt"}, "før dette er udfyldt rigtigt: Det tungeste, der løftes, i kilo."),
        ({"ends_on": "2020-01-01"}, "før dette er udfyldt rigtigt: Sidste dag."),
    ],
)
def test_it_is_said_when_all_is_in_order_and_when_nothing_can_be_said(
    client_for: ClientFor, karin: User, typed: dict[str, str], sentence: str
) -> None:
    said = judged(client_for(karin), agreed(FIFTEEN), **typed).page.select_one("#plan-law").get_text()

    assert sentence in said
    assert ("I orden" in said) == ("parents_told" in typed)


def test_what_lengths_follow_from_must_be_said_before_a_plan_is_in_order(
    client_for: ClientFor, karin: User
) -> None:
    review, client = agreed(GROWN_UP, PlacementForm.PRAKTIK), client_for(karin)
    open_plan = judged(client, review, form="praktik").page.select_one("#plan-law").get_text()
    told = judged(client, review, form="praktik", act="lab", readiness="other").page.select_one("#plan-law")

    assert "når du har svaret på: Hvilken lov bygger tilbuddet på? Borgerens gruppe" in open_plan
    assert "I orden" not in open_plan
    assert "når du har svaret på" not in told.get_text()


def test_who_plans_reads_afterwards_what_was_said_and_nobody_else_does(
    client_for: ClientFor, karin: User
) -> None:
    row = {
        "rule": "R12",
        "verdict": "stop",
        "sentence": "18 kg er for meget.",
        "reference": "Bek.",
        "since": "",
    }
    placement = factories.make_placement(agreed(FIFTEEN), findings=[row], stop_reason="Der er løftegrej.")
    url = f"/placements/{placement.id}"
    owner = factories.owner_of(placement.opening.employer)

    planner, employer = client_for(karin).get(url), client_for(owner).get(url)

    assert "18 kg er for meget." in planner.page.select_one("#placement-detail .finding-stop").get_text()
    assert employer.status_code == 200
    assert "18 kg" not in employer.get_data(as_text=True)


def test_what_was_answered_of_the_young_stands_on_the_placement(client_for: ClientFor, karin: User) -> None:
    review, client = agreed(FIFTEEN, weekdays=["mon"], working_times="16-18"), client_for(karin)
    plan = {
        "form": "fritidsjob",
        "hours_per_week": "2",
        "starts_on": TODAY.isoformat(),
        "ends_on": (TODAY + timedelta(weeks=8)).isoformat(),
        "is_past_school": "no",
        "free_weeks": "52-1",
        "lift_kg": "7,5",
        "premises": "shop",
        "parents_told": "yes",
    }

    page = client.get(client.post(f"/placements/plan/{review.id}", plan).headers["Location"]).words

    for question, answer in [
        ("Er 9. klasse afsluttet?", "Nej"),
        ("Uger uden skole i perioden", "52-1"),
        ("Det tungeste, der løftes, i kilo", "7,5"),
        ("Hvad er det for et sted?", "Butik eller kontor"),
        ("Har virksomheden orienteret forældrene?", "Ja"),
    ]:
        assert f"{question} {answer}" in " ".join(page.split())
