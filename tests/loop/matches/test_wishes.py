"""What a citizen wishes to work with: told to her and her consultant, and decisive only among those who stand level."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.clock import danish_day
from portal.base.database import db, transaction
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.queries import card_input
from portal.loop.matches import queries, sentences, storing
from portal.loop.matches.models import ClosedReason, Match
from portal.loop.openings.models import Opening
from portal.loop.openings.queries import opening_input
from portal.loop.reviews.queries import place_of
from portal.matching import score
from portal.shared.accounts.models import User
from tests.factories import NOW, make_card, make_citizen, make_opening, skill

GREENS = "skære og klargøre grøntsager"
TODAY = danish_day(NOW)


@pytest.fixture
def two(app: Flask) -> list[Match]:
    """Two suggestions for one opening that stand level: the first one's citizen wishes for the work."""
    opening = make_opening(must=[GREENS], nice=[])
    amira, selam = make_card(make_citizen("Amira")), make_card(make_citizen("Selam"))
    return [stored(opening, amira, wishes=True), stored(opening, selam, wishes=False)]


def stored(opening: Opening, card: CompetenceCard, *, wishes: bool) -> Match:
    """The pair as a renewal keeps it, with the wish that the card's page takes down."""
    compared = replace(card_input(card, on=TODAY), wished_industries=frozenset())
    if wishes:
        compared = replace(compared, wished=frozenset({skill(GREENS).id}))
    found = score(opening_input(opening), compared)
    basis = storing.ScoringBasis(card.municipality_id, 1, None)
    with transaction():
        storing.reconcile(
            {}, [found], basis, explain=lambda one: one, why_not=lambda _: ClosedReason.BETTER_FOUND, at=NOW
        )
    return db.session.scalars(sa.select(Match).where(Match.card_id == card.id)).one()


def test_of_two_that_stand_level_the_wished_one_comes_first(two: list[Match], karin: User) -> None:
    wished, other = two

    assert wished.sure == other.sure
    assert [match.id for match in queries.best(queries.matches_of_opening(karin, wished.opening_id))] == [
        wished.id,
        other.id,
    ]
    assert (place_of(wished), place_of(other)) == (1, 2)


def test_the_wish_is_told_to_her_and_to_her_consultant_but_to_no_employer(two: list[Match]) -> None:
    wished, other = two

    assert f"Det ønsker du at arbejde med: {GREENS}." in sentences.for_citizen(wished.result)
    assert ("Ønsker", "info", GREENS) in [
        (str(label), tag, words) for label, tag, words in sentences.short(wished.result)
    ]
    assert not any("ønsker" in one for one in sentences.reasons(wished.result))
    assert sentences.wished(other.result) == []
