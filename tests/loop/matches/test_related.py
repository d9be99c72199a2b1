"""A wider or narrower skill is a reason to suggest and to ask, everywhere a pair is compared, and is told as such."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.clock import danish_day
from portal.base.database import db, transaction
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.queries import card_input
from portal.loop.matches import nearby, ranking, sentences, services
from portal.loop.matches.models import Match
from portal.loop.matches.rematch import rematch
from portal.loop.matches.weights import set_weights
from portal.loop.openings.models import Opening
from portal.loop.reviews.record import Compared, as_compared
from portal.matching import Basis, TaskVerdict, Weights
from portal.shared.accounts.models import User
from portal.shared.skills.queries import relations
from portal.shared.skills.services import add_broader
from tests.factories import NOW, make_card, make_opening, skill

ASKED, HELD = "rengøring af toilet og bad", "hotelrengøring"
TODAY = danish_day(NOW)


@pytest.fixture
def cleaner(app: Flask, karin: User) -> CompetenceCard:
    """She has cleaned hotel rooms, which the vocabulary knows as a kind of what the openings below ask for."""
    with transaction():
        add_broader(skill(HELD), skill(ASKED), by=karin, at=NOW)
    return make_card(skills={HELD: 3}, wishes=[])


def asking(**values: object) -> Opening:
    return make_opening(nice=[ASKED], **values)


def renewed(record: Opening | CompetenceCard) -> list[Match]:
    renew = services.renew_for_opening if isinstance(record, Opening) else services.renew_for_card
    with transaction():
        renew(db.session.merge(record), at=NOW)
    return list(db.session.scalars(sa.select(Match)))


@pytest.mark.parametrize("of_the_card", [False, True])
def test_what_is_related_is_suggested_from_either_side(cleaner: CompetenceCard, of_the_card: bool) -> None:
    opening = asking()

    [match] = renewed(cleaner if of_the_card else opening)

    [line] = sentences.read(match.result).lines
    assert (match.sure, match.possible) == (50, 100)
    assert (line.basis, line.verdict) == (Basis.RELATED, TaskVerdict.UNKNOWN)


def test_the_whole_municipality_counted_again_finds_the_same(cleaner: CompetenceCard) -> None:
    opening = asking()

    rematch(cleaner.municipality_id, now=lambda: datetime.now(UTC))

    [match] = db.session.scalars(sa.select(Match)).all()
    assert (match.opening_id, match.card_id, match.sure) == (opening.id, cleaner.id, 50)


def test_the_reason_says_what_she_has_and_what_they_ask_for(cleaner: CompetenceCard) -> None:
    [match] = renewed(asking())

    said = f"kortet har “{HELD}”, pladsen beder om “{ASKED}”"
    assert f"Beslægtet: {said}." in sentences.reasons(match.result)
    [row] = sentences.task_rows(match.result)
    assert row.evidence.startswith(f"beslægtet: {said}: ")


@pytest.mark.parametrize(("most", "sure"), [(0.4, [40]), (0.2, [20]), (0, [])])
def test_a_leader_decides_how_much_related_counts(
    cleaner: CompetenceCard, mette: User, most: float, sure: list[float]
) -> None:
    with transaction():
        set_weights(
            cleaner.municipality_id, Weights(related_at_most=most), note="Vi prøver.", by=mette, at=NOW
        )
    opening = asking()

    assert [match.sure for match in renewed(opening)] == sure


def test_the_broader_skill_counts_less_than_the_narrower(cleaner: CompetenceCard) -> None:
    broader = make_card(skills={ASKED: 3}, wishes=[])

    by_card = {match.card_id: match.sure for match in renewed(make_opening(nice=[HELD]))}

    assert by_card == {cleaner.id: 100, broader.id: 30}


def test_who_has_something_related_is_a_near_miss_and_comes_after_who_has_it(cleaner: CompetenceCard) -> None:
    has_it = make_card(skills={ASKED: 3}, wishes=[], hours_max=5, hours_min=None)
    with transaction():
        unavailable = db.session.merge(cleaner)
        unavailable.hours_min, unavailable.hours_max = None, 5
    opening = asking(hours_per_week=20)

    near = nearby.near_cards(db.session.merge(opening), opening.municipality_id, on=TODAY)
    assert [one.card_id for one in near] == [has_it.id, cleaner.id]

    card = db.session.merge(cleaner)
    openings = nearby.nearest_openings(card, relations(), on=TODAY)
    found = nearby.near_openings(card, card_input(card, on=TODAY), openings, relations())
    assert [one.opening_id for one in found] == [opening.id]


def test_the_record_of_a_decision_counts_the_relation_again(cleaner: CompetenceCard) -> None:
    [match] = renewed(asking())

    again = Compared.read(as_compared(match)).score()

    assert (again.sure, again.possible) == (match.sure, match.possible)


@pytest.mark.parametrize("many", [1, 10**6])
def test_the_loops_of_many_pairs_find_what_the_matcher_finds(
    cleaner: CompetenceCard, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(ranking, "MANY", many)
    asking()

    rematch(cleaner.municipality_id, now=lambda: datetime.now(UTC))

    assert [match.sure for match in db.session.scalars(sa.select(Match))] == [50]
