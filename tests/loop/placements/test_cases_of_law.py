"""Karin plans what nobody thought of, case by case through the app: each row is one of a kind that once went wrong.

The numbers and where they were read: the tables of tests/shared/rules/test_law_youth.py and test_law_forms.py.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from portal.base.database import db, transaction
from portal.base.terms import PlacementForm, TaskKind
from portal.loop.employers.models import Sector
from portal.loop.openings.models import Opening, OpeningTask
from portal.loop.reviews.models import Answer, Review
from portal.shared.accounts.models import User
from tests import factories
from tests.client import PortalClient, PortalResponse

ClientFor = Callable[[User | None], PortalClient]

FOURTEEN, SEVENTEEN = date(2012, 8, 1), date(2009, 8, 1)
PLAN = {
    "form": "fritidsjob",
    "hours_per_week": "4",
    "starts_on": "2026-11-18",
    "ends_on": "2026-12-15",
    "parents_told": "yes",
}
PAST_SCHOOL = {"is_past_school": "yes", "working_times": "lørdag 10-14"}


def agreed(
    born_on: date, form: PlacementForm = PlacementForm.FRITIDSJOB, task: str = "", **post: Any
) -> Review:
    opening = factories.make_opening(form=form, **post)
    if task:
        with transaction():
            kept = db.session.get_one(Opening, opening.id)
            kept.tasks.append(OpeningTask(text=task, kind=TaskKind.MUST, level=2, position=9))
    card = factories.make_card(factories.make_citizen("Idil", born_on=born_on))
    match = factories.make_match(opening, card)
    return factories.make_review(match, citizen_answer=Answer.YES, employer_answer=Answer.YES)


def judged(client: PortalClient, review: Review, **typed: str) -> PortalResponse:
    return client.post(f"/placements/plan/{review.id}/judged", {**PLAN, **typed})


def said(answer: PortalResponse, verdict: str) -> str:
    """What is said with that verdict, in one line."""
    assert answer.status_code == 200
    return " ".join(" ".join(one.get_text().split()) for one in answer.page.select(f".finding-{verdict}"))


@pytest.mark.parametrize(
    ("born_on", "typed", "verdict", "sentence"),
    [
        # ungmedjob.dk: 12 hours in a school week, whatever is written beside the days
        (
            FOURTEEN,
            {"working_times": "tirsdag-fredag 15-17, lørdag 10-15", "pause_minutes": "30"},
            "stop",
            "12,5 timer om ugen er mere end de 12",
        ),
        (FOURTEEN, {"working_times": "tirsdag-fredag 15-17, lørdag 10-14"}, "stop", ""),  # 12 hours
        # "40 h, never above adults'"
        (
            SEVENTEEN,
            {**PAST_SCHOOL, "hours_per_week": "37,5"},
            "stop",
            "37,5 timer om ugen er mere end en fuldtidsuge på 37",
        ),
        (SEVENTEEN, {**PAST_SCHOOL, "hours_per_week": "37"}, "stop", ""),
        # Halsnæs, Bilag 1: 13-17
        (
            date(2008, 12, 1),
            PAST_SCHOOL,
            "warning",
            "Fra den 1. december 2026: Et fritidsjob er for unge til",
        ),
        (
            date(2008, 12, 15),
            PAST_SCHOOL,
            "warning",
            "Fra den 15. december 2026: Et fritidsjob er for unge til",
        ),
        (date(2008, 12, 16), PAST_SCHOOL, "warning", ""),
    ],
)
def test_a_young_persons_week_and_age(
    client_for: ClientFor, karin: User, born_on: date, typed: dict[str, str], verdict: str, sentence: str
) -> None:
    found = said(judged(client_for(karin), agreed(born_on), **typed), verdict)

    assert sentence in found if sentence else found == ""


@pytest.mark.parametrize(
    ("post", "sentence"),
    [
        ({"title": "Hjælper i vinbar"}, "hvor der serveres alkohol"),  # restaurationsloven § 27
        ({"description": "Vi serverer fadøl og drinks til gæsterne."}, "hvor der serveres alkohol"),
        ({"description": "Vi serverer ikke alkohol."}, ""),
        ({"description": "Hos os er der ingen alkohol."}, ""),
        ({"task": "servere velkomstdrinks"}, "hvor der serveres alkohol"),
        ({"description": "Du stabler kasser på 18 kg."}, "18 kg at løfte er mere end de 12"),  # f-f.dk
        ({"description": "Vi bager 200 kg brød om dagen."}, ""),
        ({"task": "skære ost på maskine"}, "farlige maskiner kræver"),  # at.dk, from 1 January 2026
        ({"description": "Du bruger klor og afkalker."}, "desinfektionsmidler kræver"),
    ],
)
def test_what_the_employer_writes_anywhere_of_the_post_is_read(
    client_for: ClientFor, karin: User, post: dict[str, str], sentence: str
) -> None:
    found = said(judged(client_for(karin), agreed(SEVENTEEN, **post), **PAST_SCHOOL), "stop")

    assert sentence in found if sentence else found == ""


@pytest.mark.parametrize("task", ["passe kiosken på egen hånd", "lukke butikken selv"])  # ungmedjob.dk
def test_other_words_for_alone(client_for: ClientFor, karin: User, task: str) -> None:
    typed = {**PAST_SCHOOL, "working_times": "lørdag 14-18"}

    assert "alene på arbejde" in said(
        judged(client_for(karin), agreed(SEVENTEEN, task=task), **typed), "warning"
    )


@pytest.mark.parametrize(
    ("sector", "act", "last", "is_warned"),
    [
        (None, "lab", "2027-03-31", False),  # 4 months: LAB § 68 stk. 1 nr. 1, public
        (None, "lab", "2027-04-01", True),
        (None, "integration", "2027-05-31", False),  # 6 months: private
        (None, "integration", "2027-06-01", True),
        (Sector.PRIVATE, "lab", "2027-05-31", False),
        (Sector.PUBLIC, "integration", "2027-11-30", False),
    ],
)
def test_an_employer_whose_sector_nobody_asked_about_gets_the_shortest_limit(
    client_for: ClientFor, karin: User, sector: Sector | None, act: str, last: str, *, is_warned: bool
) -> None:
    form, employer = PlacementForm.LOENTILSKUD, factories.make_employer(sector=sector)
    typed = {
        "form": form.value,
        "hours_per_week": "37",
        "starts_on": "2026-12-01",
        "ends_on": last,
        "act": act,
        "readiness": "job_ready",
    }

    found = said(
        judged(client_for(karin), agreed(date(1990, 3, 1), form, employer=employer), **typed), "warning"
    )

    assert ("Perioden er længere end" in found) is is_warned
    assert ("privat eller offentlig" in found) is (sector is None)


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("free_weeks", "sommerferien", "Skriv ugernes numre"),
        ("free_weeks", "54", "Skriv ugernes numre"),
        ("free_weeks", "1-60", "Skriv ugernes numre"),
        ("free_weeks", "uge", "Skriv ugernes numre"),
        ("lift_kg", "1e309", "Vi kan ikke læse “1e309”. Skriv et tal, fx 20."),
        ("pause_minutes", "-1", "Skriv minutter fra 0 til 240."),
        ("hours_per_week", "1e400", "Vi kan ikke læse “1e400”. Skriv et tal, fx 20."),
        ("hours_per_week", "169", "Skriv et tal fra 0,5 til 168."),
        ("starts_on", "31-02-2027", "Den 31. februar findes ikke."),
        ("starts_on", "0001-01-01", "Datoen ligger for langt væk."),
        ("ends_on", "9999-12-31", "Datoen ligger for langt væk."),
        ("working_times", "kl. 9 til 9", "slutter på samme klokkeslæt"),
    ],
)
def test_what_cannot_be_read_is_told_beside_its_field_and_judged_by_nobody(
    client_for: ClientFor, karin: User, name: str, typed: str, message: str
) -> None:
    review, client = agreed(FOURTEEN), client_for(karin)

    while_writing = judged(client, review, **{name: typed})
    sent = client.post(f"/placements/plan/{review.id}", {**PLAN, name: typed})

    assert while_writing.status_code == 200
    assert "∞" not in while_writing.words
    assert sent.status_code == 422
    assert message in sent.words
    assert sent.page.select_one(f"[name={name}]")["value"] == typed
