"""ASVS 8.2: an employer knows a person while, and only while, the consultant's and the citizen's yes stand.

Every page and file the employer can reach is searched for the person at every stage, not only the pages meant for her.
"""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import Party
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.queries import card_input
from portal.loop.citizens.models import CitizenStatus
from portal.loop.placements.models import ChangeKind, Expectation, Placement, PlacementStatus
from portal.loop.placements.settling_views import link_of
from portal.loop.reviews.models import Answer, Decision, Review
from tests import factories
from tests.client import PortalClient
from tests.support.crawl import Crawler

pytestmark = pytest.mark.slow

FIRST, LAST, CASE, PHONE, GOAL = (
    "Zahrabibi",
    "Quetzalcoatl",
    "26/99887",
    "51 52 53 54",
    "Jeg drømmer om krabber",
)
WORDS = "Jeg vil lære at flænse hvaler"
SETTLED = "Vi er enige om hvalerne"
CHANGED = "Skrubbe hvaldækket"
TASKS = "Vise krabberne frem"


@pytest.fixture
def story(app: Flask) -> dict[str, Any]:
    employer = factories.make_employer("Bos Køkken")
    citizen = factories.make_citizen(FIRST, last_name=LAST, case_reference=CASE, phone=PHONE, with_login=True)
    card = factories.make_card(citizen, goal=GOAL, next_step="Tage bus til hvalskolen")
    match = factories.make_match(factories.make_opening(employer, places=2), card)
    return {
        "employer": employer,
        "citizen": citizen,
        "card": card,
        "match": match,
        "bo": factories.owner_of(employer),
    }


def everything_he_can_read(app: Flask, story: dict[str, Any], *, also: tuple[str, ...] = ()) -> str:
    """All pages by links, each list as a file too, and the addresses he may have kept, with htmx and without."""
    browser = PortalClient(app, story["bo"])
    read: list[str] = []

    def fetch(path: str) -> list[str]:
        for htmx in (True, False):
            answer = browser.get(path, htmx=htmx)
            read.append(f"{path} {answer.headers} {answer.told}")
        page = answer.page if answer.mimetype == "text/html" else None
        return [str(link["href"]) for link in page.select("a[href]")] if page else []

    Crawler(app, fetch, per_endpoint=6).walk()
    tabs = [f"/reviews/proposals?tab={tab}" for tab in ("waiting", "yes", "past")]
    for path in (*tabs, *[f"{tab}&format=csv" for tab in tabs], "/placements/?format=csv", *also):
        fetch(path)
    fetch(f"/cards/{story['card'].id}")
    fetch(f"/cards/{story['card'].id}/print")
    fetch(f"/citizens/{story['citizen'].id}")
    return "\n".join(read)


PRIVATE = (CASE, PHONE, GOAL, "hvalskolen")
"""Never for an employer, at any stage."""


def kept_addresses(review: Review | None, placement: Placement | None = None) -> tuple[str, ...]:
    paths = [f"/reviews/proposal/{review.id}"] if review else []
    if placement:
        paths += [f"/placements/{placement.id}", f"/placements/{placement.id}/expectations/employer"]
    return tuple(paths)


BEFORE = {
    "suggested": None,
    "refused": {"decision": Decision.REFUSED},
    "approved": {},
    "citizen said no": {"citizen_answer": Answer.NO},
}


@pytest.mark.parametrize("stage", BEFORE)
def test_V8_2_2_nothing_of_her_is_shown_before_both_said_yes(app, story, stage):
    values = BEFORE[stage]
    review = factories.make_review(story["match"], **values) if values is not None else None

    read = everything_he_can_read(app, story, also=kept_addresses(review))

    for secret in (FIRST, LAST, story["card"].number, *PRIVATE):
        assert secret not in read, (stage, secret)


def test_V8_2_2_her_name_is_shown_while_her_yes_stands(app, story):
    factories.make_review(story["match"], citizen_answer=Answer.YES)

    read = everything_he_can_read(app, story)

    assert LAST in read
    for secret in PRIVATE:
        assert secret not in read, secret


@pytest.mark.parametrize("word", [FIRST, LAST, CASE, PHONE])
@pytest.mark.parametrize("path", ["/placements/?q=", "/reviews/proposals?tab=yes&q=", "/openings/?q="])
def test_V8_2_2_an_employer_cannot_search_for_a_person(app, story, path, word):
    """Not even where he may read the name: a list that answers to names would tell who is elsewhere."""
    factories.make_placement(
        factories.make_review(story["match"], citizen_answer=Answer.YES, employer_answer=Answer.YES)
    )
    browser = PortalClient(app, story["bo"])
    assert browser.get(path).page.select("main tbody tr")

    assert not browser.get(path + word).page.select("main tbody tr")


def _withdraw(story: dict[str, Any], review: Review, _placement: Placement | None) -> None:
    browser = PortalClient(story["app"], story["citizen"].user)
    assert browser.post(f"/reviews/{review.id}/withdraw").status_code == 303


def _set_passive(story: dict[str, Any], _review: Review, _placement: Placement | None) -> None:
    browser = PortalClient(story["app"], factories.user("karin@kommune.example"))
    assert browser.post(f"/citizens/{story['citizen'].id}/passive").status_code == 303


def _cancel(story: dict[str, Any], _review: Review, placement: Placement | None) -> None:
    assert placement is not None
    browser = PortalClient(story["app"], factories.user("karin@kommune.example"))
    assert browser.post(f"/placements/{placement.id}/cancel").status_code == 303


@pytest.mark.parametrize("end", [_withdraw, _set_passive])
def test_V8_2_3_a_withdrawn_yes_hides_her_at_once(app, story, end: Callable[..., None]):
    review = factories.make_review(story["match"], citizen_answer=Answer.YES)
    assert LAST in everything_he_can_read(app, story)

    end({**story, "app": app}, review, None)

    read = everything_he_can_read(app, story, also=kept_addresses(review))
    for secret in (FIRST, LAST, story["card"].number, *PRIVATE):
        assert secret not in read, secret


@pytest.mark.parametrize("end", [_withdraw, _cancel])
def test_V8_2_3_what_was_planned_with_her_shows_nothing_of_her_afterwards(
    app, story, end: Callable[..., None]
):
    agreed = factories.make_review(story["match"], citizen_answer=Answer.YES, employer_answer=Answer.YES)
    placement = factories.make_placement(agreed, tasks=TASKS)
    with transaction():
        said = {"purpose": WORDS, "time_frame": WORDS, "development": WORDS, "stated_at": factories.NOW}
        karin = factories.user("karin@kommune.example")
        db.session.add_all(  # of all three: before that nobody reads another's
            Expectation(placement_id=placement.id, party=party, recorded_by_id=karin.id, **said)
            for party in Party
        )
    settlement = factories.make_settlement(placement, purpose=SETTLED, differing=["purpose"])
    factories.make_change(placement, kind=ChangeKind.TASKS, before={}, after={"tasks": CHANGED})
    with app.test_request_context():
        link = link_of(settlement).path()
    kept = (*kept_addresses(agreed, placement), link)
    before = everything_he_can_read(app, story, also=kept)
    assert LAST in before
    for words in (WORDS, SETTLED, CHANGED, TASKS):
        assert words in before, words

    end({**story, "app": app}, agreed, placement)

    read = everything_he_can_read(app, story, also=(*kept, f"/placements/?q={story['card'].number}"))
    number = story["card"].number
    for secret in (FIRST, LAST, WORDS, SETTLED, CHANGED, TASKS, *PRIVATE):
        assert secret not in read, secret
    assert number not in read.replace(f"q={number}", "").replace(f'value="{number}"', "")


def test_V8_2_3_a_search_by_number_does_not_tell_who_withdrew(app, story):
    agreed = factories.make_review(story["match"], citizen_answer=Answer.YES, employer_answer=Answer.YES)
    factories.make_placement(agreed, status=PlacementStatus.CANCELLED)

    answer = PortalClient(app, story["bo"]).get(f"/placements/?q={story['card'].number}")

    assert not answer.page.select("#placement-table")


def test_V8_2_2_another_employer_of_the_same_user_name_sees_nothing(app, story):
    factories.make_placement(
        factories.make_review(story["match"], citizen_answer=Answer.YES, employer_answer=Answer.YES)
    )
    dorte = factories.owner_of(factories.make_employer("Bos Køkken", owner="Dorte"))

    read = everything_he_can_read(app, {**story, "bo": dorte})

    for secret in (FIRST, LAST, story["card"].number, *PRIVATE):
        assert secret not in read, secret


def test_V8_2_4_a_passive_citizen_has_no_open_yes(app, story):
    assert story["citizen"].status is CitizenStatus.ACTIVE
    assert db.session.get_one(CompetenceCard, story["card"].id).is_active


def test_V14_1_the_matcher_is_given_no_person(app, story):
    """What it cannot see it cannot weigh: no name, age, origin, case, and no free words about a life."""
    given = repr(card_input(story["card"], on=factories.TODAY))

    for secret in (FIRST, LAST, "1990", *PRIVATE):
        assert secret not in given, secret
