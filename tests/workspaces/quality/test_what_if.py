"""Other weights tried: what moves, by how much, and that nothing is stored."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.matches.models import Match
from portal.loop.matches.services import TOP
from portal.loop.matches.weights import in_force, set_weights
from portal.loop.openings.models import OpeningStatus
from portal.matching import STANDARD, Weights
from portal.workspaces.quality import what_if as machine
from portal.workspaces.quality.what_if import ListPosition, Move, Movement, what_if
from tests.factories import NOW, TODAY, make_card, make_citizen, make_opening, municipality

GREENS, HYGIENE = "skære og klargøre grøntsager", "køkkenhygiejne"
WISHES_COUNT_MOST = Weights(must=0.1, nice=10, gate=1)


@pytest.fixture(autouse=True)
def _inside(app: Flask) -> None:
    """Every test here reads the database."""


def tried(weights: Weights = WISHES_COUNT_MOST) -> Any:
    home = municipality().id
    return what_if(home, weights, now=in_force(home).weights, on=TODAY)


def two_rivals() -> tuple[Any, Any, Any]:
    """One has the must, the other the wish."""
    opening = make_opening(must=[GREENS], nice=[HYGIENE])
    has_must = make_card(make_citizen("Amira"), skills={GREENS: 3})
    has_wish = make_card(make_citizen("Selam"), skills={HYGIENE: 3})
    return opening, has_must, has_wish


def test_the_rivals_change_places_with_old_and_new_interval() -> None:
    opening, has_must, has_wish = two_rivals()

    outcome = tried()

    assert outcome.counts == {Movement.ROSE: 1, Movement.FELL: 1}
    rose, fell = outcome.moves
    assert (rose.card_id, rose.movement) == (has_wish.id, Movement.ROSE)
    assert (fell.card_id, fell.movement) == (has_must.id, Movement.FELL)
    assert (fell.before, fell.after) == (ListPosition(1, 75.0, 100.0), ListPosition(2, 0.9901, 100.0))
    assert outcome.titles == {opening.id: opening.title}
    assert outcome.numbers[has_wish.id] == has_wish.number


def test_the_weights_in_force_move_nothing() -> None:
    two_rivals()

    outcome = tried(STANDARD)

    assert (outcome.moves, outcome.unchanged, outcome.differs) == ((), 2, False)


def test_other_figures_at_the_same_place_are_shown_too() -> None:
    make_opening(must=[GREENS], nice=[HYGIENE])
    make_card(skills={GREENS: 3})

    outcome = tried(Weights(must=1))

    assert outcome.counts == {Movement.STAYED: 1}
    assert outcome.differs
    [move] = outcome.moves
    assert (move.before, move.after) == (ListPosition(1, 75.0, 100.0), ListPosition(1, 50.0, 100.0))


def test_what_is_tried_is_compared_with_the_weights_in_force(mette: Any) -> None:
    two_rivals()
    with transaction():
        set_weights(municipality().id, WISHES_COUNT_MOST, note="Ønsker", by=mette, at=NOW)

    assert tried(WISHES_COUNT_MOST).moves == ()
    assert tried(STANDARD).counts == {Movement.ROSE: 1, Movement.FELL: 1}


def test_what_scores_nothing_by_the_other_weights_leaves_the_list() -> None:
    make_opening(must=[GREENS], nice=[HYGIENE])
    make_card(skills={HYGIENE: 3})

    assert tried(Weights(nice=0)).counts == {Movement.LEFT: 1}


def test_nothing_is_stored() -> None:
    two_rivals()

    tried()

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Match)) == 0


def test_at_most_so_many_openings_are_compared_the_latest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "MOST_OPENINGS", 2)
    openings = [make_opening() for _ in range(3)]
    make_opening(status=OpeningStatus.WITHDRAWN)

    outcome = tried()

    assert (outcome.openings, outcome.out_of) == (2, 3)
    assert set(outcome.titles) == {openings[1].id, openings[2].id}


def test_at_most_so_many_cards_are_compared_the_latest_changed_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "MOST_CARDS", 1)
    make_opening()
    make_card(make_citizen("Gammel"), updated_at=NOW - timedelta(days=9))
    newest = make_card(make_citizen("Ny"), updated_at=NOW)

    outcome = tried(Weights(must=1))

    assert outcome.cards == 1
    assert [one.card_id for one in outcome.moves] == [newest.id]


def test_the_neighbours_cards_are_not_shown() -> None:
    make_opening(must=[GREENS], nice=[HYGIENE], visible_to_neighbours=True)
    make_card(make_citizen(in_municipality="Fredensborg"), skills={HYGIENE: 3})

    outcome = tried()

    assert (outcome.moves, outcome.unchanged) == ((), 0)


@pytest.mark.parametrize(
    ("before", "after", "movement", "distance"),
    [
        (None, 1, Movement.ENTERED, TOP),
        (None, TOP, Movement.ENTERED, 1),
        (3, None, Movement.LEFT, TOP - 2),
        (5, 2, Movement.ROSE, 3),
        (2, 5, Movement.FELL, 3),
        (2, 2, Movement.STAYED, 0),
    ],
)
def test_how_far_a_pair_moves(
    before: int | None, after: int | None, movement: Movement, distance: int
) -> None:
    def standing(place: int | None) -> ListPosition | None:
        return None if place is None else ListPosition(place, 50.0, 60.0)

    move = Move(1, 1, standing(before), standing(after))

    assert (move.movement, move.distance) == (movement, distance)


def test_the_biggest_moves_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "MOST_SHOWN", 1)
    make_opening(must=[GREENS], nice=[HYGIENE])
    make_card(make_citizen("Ønske"), skills={HYGIENE: 3})
    for number in range(3):
        make_card(make_citizen(f"Krav {number}"), skills={GREENS: 3})

    outcome = tried()

    assert [one.distance for one in outcome.moves] == [3]
    assert sum(outcome.counts.values()) == 4
