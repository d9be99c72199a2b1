"""A citizen's page tells what happened with her, each line in its place and with a link to its record."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from portal.loop.citizens.models import Citizen
from portal.loop.reviews.models import Answer
from portal.shared.accounts.models import User
from tests.client import PortalClient, PortalResponse, counted_statements
from tests.factories import (
    TODAY,
    make_card,
    make_citizen,
    make_cohort,
    make_employer,
    make_enrolment,
    make_first_talk,
    make_job_talk,
    make_match,
    make_mentor_agreement,
    make_opening,
    make_placement,
    make_review,
)
from tests.support.courses import make_course, make_run, make_seat

ClientFor = Callable[[User | None], PortalClient]


def lines(answer: PortalResponse) -> list[tuple[str, str]]:
    """Day and sentence."""
    return [
        (" ".join(line.select_one(".story-day").text.split()), line.a.text)  # type: ignore[union-attr]
        for line in answer.page.select("#timeline li.story-line")
    ]


@pytest.fixture
def amira(app: Flask) -> Citizen:
    """With a line of every kind."""
    amira = make_citizen()
    card = make_card(amira, next_step="Ring til Bo", number="K-1001")
    opening = make_opening(make_employer("Bos Køkken"), title="Køkkenhjælp")
    review = make_review(make_match(opening, card), citizen_answer=Answer.YES)
    placement = make_placement(
        review, starts_on=TODAY + timedelta(days=5), ends_on=TODAY + timedelta(days=60)
    )
    make_first_talk(amira, TODAY - timedelta(days=90))
    make_enrolment(make_cohort("Barselscafé"), amira)
    make_seat(amira, make_run(make_course("Hygiejne")))
    make_mentor_agreement(amira, is_agreed=True)
    make_job_talk(placement)
    return amira


@pytest.mark.both_engines
def test_what_happened_stands_newest_first_and_leads_to_its_record(
    amira: Citizen, app: Flask, client_for: ClientFor, karin: User
) -> None:
    karins = client_for(karin)
    karins.get(f"/citizens/{amira.id}")
    with counted_statements(app) as seen:
        page = karins.get(f"/citizens/{amira.id}")
    assert len(seen) <= 12
    told = [sentence for _day, sentence in lines(page)]

    assert "Første dag: Køkkenhjælp, Bos Køkken" in told
    assert "Oprettet i portalen" in told
    for word in (
        "K-1001",
        "forslag",
        "Barselscafé",
        "Hygiejne",
        "Mentoren",
        "Samtale om jobbet",
        "første samtale",
    ):
        assert any(word in one for one in told), word
    for link in {str(line.a["href"]) for line in page.page.select("#timeline li")}:
        assert karins.get(link).status_code == 200, link
    step = page.page.select_one("#next-step")
    assert step is not None
    assert "Ring til Bo" in step.text
    assert "Køkkenhjælp" in step.text


def test_one_kind_is_shown_and_a_page_beyond_the_last_is_the_first(
    amira: Citizen, client_for: ClientFor, karin: User
) -> None:
    karins = client_for(karin)

    only = karins.get(f"/citizens/{amira.id}?kind=cohort")
    assert [sentence for _day, sentence in lines(only)] == ["Første dag på holdet Barselscafé"]
    part = karins.get(f"/citizens/{amira.id}?kind=cohort", htmx=True)
    assert part.page.select_one("#timeline") == only.page.select_one("#timeline")
    assert lines(karins.get(f"/citizens/{amira.id}?page=99"))
    assert "Intet af den slags" in karins.get(f"/citizens/{amira.id}?kind=nothing").words


def test_a_stranger_sees_none_of_it_and_a_leader_neither(
    amira: Citizen, client_for: ClientFor, karin: User, lene: User, mette: User
) -> None:
    assert client_for(lene).get(f"/citizens/{amira.id}").status_code == 404
    assert client_for(mette).get(f"/citizens/{amira.id}").status_code == 403
