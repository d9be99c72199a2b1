"""What nearly fits: whom one condition keeps out, found among those who share most of the tasks."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import TaskKind
from portal.loop.cards.models import CompetenceCard
from portal.loop.matches import nearby, outlooks
from portal.loop.matches.models import Outlook
from portal.loop.openings.models import Opening
from portal.shared.accounts.models import User
from tests.client import PortalClient, counted_statements
from tests.factories import NOW, TODAY, make_card, make_certificate, make_citizen, make_opening, municipality

ClientFor = Callable[[User | None], PortalClient]
FAR = {"postcode": "9990", "range_km": 10}
KITCHEN = "skære og klargøre grøntsager"


def near(opening: Opening) -> list[int]:
    return [
        one.card_id for one in nearby.near_cards(db.session.merge(opening), opening.municipality_id, on=TODAY)
    ]


def card(**values: Any) -> CompetenceCard:
    return make_card(make_citizen("Amira", in_municipality=values.pop("home", "Halsnæs")), **values)


@pytest.mark.parametrize(
    ("values", "is_near"),
    [
        ({}, False),  # fits: it is suggested
        (FAR, True),
        ({"wishes": ["pleje"]}, True),
        ({"hours_max": 10.0}, True),
        ({"danish_speaking": 0}, True),
        ({"danish_reading": 0}, True),
        ({"shifts_no": ["weekend"]}, True),
        ({"shifts_no": ["weekend"], "hours_max": 10.0}, False),
        ({**FAR, "wishes": ["pleje"]}, False),
        ({**FAR, "is_active": False}, False),
        ({**FAR, "home": "Fredensborg"}, False),
        ({**FAR, "skills": {}}, False),
        ({**FAR, "skills": {KITCHEN: 0}}, False),
        ({**FAR, "skills": {"gulvvask og mopning": 3}}, False),
    ],
)
def test_exactly_one_condition_is_in_the_way(app: Flask, values: dict[str, Any], is_near: bool) -> None:
    opening = make_opening(danish_speaking=1, danish_reading=1, shifts=["weekend"])
    made = card(**values)

    assert near(opening) == ([made.id] if is_near else [])


def test_those_who_share_most_musts_are_looked_at_first(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearby, "NEAREST", 2)
    opening = make_opening(must=[KITCHEN, "køkkenhygiejne"], nice=["samarbejde"])
    card(**FAR, skills={KITCHEN: 2})
    card(**FAR, skills={KITCHEN: 2, "samarbejde": 2})
    both = card(**FAR, skills={KITCHEN: 2, "køkkenhygiejne": 2})
    everything = card(**FAR, skills={KITCHEN: 2, "køkkenhygiejne": 2, "samarbejde": 2})

    assert near(opening) == [everything.id, both.id]


def test_a_skill_said_twice_counts_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearby, "NEAREST", 1)
    opening = make_opening(must=[KITCHEN, "hygiejnebevis"], nice=[])
    card(**FAR, skills={KITCHEN: 2})
    certified = card(**FAR, skills={KITCHEN: 2})
    make_certificate(certified, "hygiejnebevis")

    assert near(opening) == [certified.id]


def test_an_opening_in_free_words_is_compared_with_the_latest_cards(app: Flask) -> None:
    opening = make_opening()
    made = card(**FAR)
    with transaction():
        stored = db.session.get_one(Opening, opening.id)
        for task in stored.tasks:
            task.skill = None
            task.text = KITCHEN if task.kind is TaskKind.MUST else "andet"

    assert near(opening) == [made.id]


# --- Pages -------------------------------------------------------------------------------------------------------


def test_an_opening_learns_what_each_step_would_bring(client_for: ClientFor, karin: User) -> None:
    opening = make_opening(danish_speaking=3)
    for name in ("Amira", "Selam"):
        make_card(make_citizen(name), danish_speaking=2)
    late = make_card(make_citizen("Hodan"), danish_speaking=3, hours_max=20.0, skills={"køkkenhygiejne": 2})
    beginner = make_card(make_citizen("Rahel"), danish_speaking=1)

    page = client_for(karin).get(f"/matches/opening/{opening.id}/near-misses")

    heads = [" ".join(head.get_text().split()) for head in page.page.select(".gain-head")]
    assert heads == ["Tale dansk: B1 → A2: 2 borgere, 2 som godt match", "Timer om ugen: 25 → 20: 1 borger"]
    assert page.page.select_one(f"a[href='/cards/{late.id}']")
    assert "Længere væk" in page.words
    assert page.page.select_one(f"a[href='/cards/{beginner.id}']")
    assert "Amira" not in page.words


def test_a_card_learns_what_each_step_would_bring(client_for: ClientFor, karin: User) -> None:
    made = card(shifts_no=["weekend"])
    for _number in range(2):
        make_opening(shifts=["weekend"])
    make_opening(hours_per_week=37.0, danish_speaking=3)
    stranger = make_opening(danish_speaking=4)

    page = client_for(karin).get(f"/matches/card/{made.id}/near-misses")

    heads = [" ".join(head.get_text().split()) for head in page.page.select(".gain-head")]
    assert heads == [
        "Også weekendarbejde: 2 åbninger, 2 som godt match",
        "Tale dansk: A2 → B1: 1 åbning, 1 som godt match",
    ]
    assert page.page.select_one(f"a[href='/openings/{stranger.id}']")


@pytest.mark.parametrize("side", ["opening", "card"])
def test_page_and_fragment_are_the_same_and_cost_few_statements(
    app: Flask, client_for: ClientFor, karin: User, side: str
) -> None:
    keys = {"card": card(danish_speaking=2).id, "opening": make_opening(danish_speaking=3).id}
    client, path = client_for(karin), f"/matches/{side}/{keys[side]}/near-misses"
    selector = "#near-miss-list" if side == "opening" else "#near-opening-list"

    page = client.get(path).page.select_one(selector)
    with counted_statements(app) as seen:
        fragment = client.get(path, htmx=True).page.select_one(selector)

    assert page == fragment
    assert page is not None
    assert page.select("tbody tr")
    assert len(seen) <= 13


# --- Outlooks: the best step, stored ---------------------------------------------------------------------------


def stored() -> dict[tuple[int | None, int | None], tuple[str, int, int]]:
    rows = db.session.scalars(sa.select(Outlook).order_by(Outlook.id))
    return {(row.opening_id, row.card_id): (row.condition, row.found, row.good) for row in rows}


def renew(side: str, key: int) -> None:
    with transaction():
        if side == "opening":
            outlooks.renew_for_opening(db.session.get_one(Opening, key), at=NOW)
        else:
            outlooks.renew_for_card(db.session.get_one(CompetenceCard, key), at=NOW)


def test_the_best_step_is_kept_with_the_opening_and_with_the_card(app: Flask) -> None:
    opening, made = make_opening(danish_speaking=3), card(danish_speaking=2)

    renew("opening", opening.id)
    renew("card", made.id)

    expected = ("danish_speaking", 1, 1)
    assert stored() == {(opening.id, None): expected, (None, made.id): expected}


def test_renewing_all_gives_what_renewing_each_gives(app: Flask) -> None:
    openings = [
        make_opening(danish_speaking=level, shifts=shifts) for level in (0, 3) for shifts in ([], ["night"])
    ]
    cards = [
        card(**values)
        for values in (
            {},
            {"danish_speaking": 2},
            {"shifts_no": ["night"]},
            {**FAR},
            {"skills": {"samarbejde": 3}},
        )
    ]
    for one in openings:
        renew("opening", one.id)
    for made in cards:
        renew("card", made.id)
    each = stored()

    count = outlooks.renew_all(municipality().id, at=NOW)

    assert stored() == each
    assert count == len(each) > 0


def test_who_has_a_good_match_or_takes_no_part_needs_no_outlook(app: Flask) -> None:
    opening, made = make_opening(danish_speaking=3), card(danish_speaking=2)
    renew("opening", opening.id)
    renew("card", made.id)
    with transaction():
        db.session.get_one(CompetenceCard, made.id).is_active = False
        db.session.get_one(Opening, opening.id).danish_speaking = 0

    outlooks.renew_all(municipality().id, at=NOW)

    assert stored() == {}
