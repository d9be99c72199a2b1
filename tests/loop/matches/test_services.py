"""Renewal: what is stored, what is closed, and what is never touched."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base import events
from portal.base.database import db, transaction
from portal.base.terms import Industry
from portal.loop.employers.services import set_passive as set_employer_passive
from portal.loop.matches import services
from portal.loop.matches.models import ClosedReason, Match, MatchStatus
from portal.loop.matches.weights import set_weights
from portal.loop.openings.models import Opening, OpeningStatus
from portal.matching import Suggestion, Weights
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from tests.factories import (
    NOW,
    make_card,
    make_citizen,
    make_employer,
    make_match,
    make_opening,
    make_review,
    municipality,
    user,
)

GREENS = "skære og klargøre grøntsager"
HYGIENE = "køkkenhygiejne"


@pytest.fixture(autouse=True)
def _inside(app: Flask) -> None:
    """Every test here calls services."""


def matches() -> list[Match]:
    return list(db.session.scalars(sa.select(Match).order_by(Match.sure.desc(), Match.id)))


def renew(record: Any) -> None:
    with transaction():
        if isinstance(record, Opening):
            services.renew_for_opening(record, at=NOW)
        else:
            services.renew_for_card(record, at=NOW)


def test_a_published_opening_gets_its_suggestions_best_first() -> None:
    better = make_card(make_citizen("Amira"), skills={GREENS: 3, HYGIENE: 3})
    good = make_card(make_citizen("Selam"), skills={GREENS: 3})

    renew(make_opening())

    assert [match.card_id for match in matches()] == [better.id, good.id]
    assert matches()[0].sure == 100
    assert matches()[1].sure == 75


def test_the_stored_result_is_the_matchers_own() -> None:
    make_card()
    opening = make_opening()

    renew(opening)

    [match] = matches()
    suggestion = Suggestion.from_dict(match.result)
    assert (suggestion.sure, suggestion.possible) == (match.sure, match.possible)
    assert (match.opening_version, match.card_version, match.matcher_version) == (1, 1, suggestion.version)
    assert match.vocabulary_version == 1


def test_a_card_that_shares_nothing_is_not_suggested() -> None:
    make_card(skills={"gulvvask og mopning": 3})

    renew(make_opening())

    assert matches() == []


def test_a_stated_lack_alone_is_no_suggestion() -> None:
    make_card(skills={GREENS: 0})

    renew(make_opening())

    assert matches() == []


def test_a_card_without_a_wish_is_suggested_and_one_with_another_wish_is_not() -> None:
    unasked = make_card(make_citizen("Amira"), wishes=[])
    make_card(make_citizen("Selam"), wishes=[Industry.PLEJE.value])

    renew(make_opening())

    assert [match.card_id for match in matches()] == [unasked.id]


def test_a_hard_condition_keeps_a_card_out() -> None:
    make_card(postcode="9990", range_km=10)

    renew(make_opening())

    assert matches() == []


@pytest.mark.parametrize(("shared", "expected"), [(True, 1), (False, 0)])
def test_neighbours_cards_are_compared_only_when_the_employer_allows(shared: bool, expected: int) -> None:
    card = make_card(make_citizen(in_municipality="Fredensborg"))

    renew(make_opening(visible_to_neighbours=shared))

    assert len(matches()) == expected
    assert all(match.municipality_id == card.municipality_id for match in matches())


def test_both_directions_store_the_same_match() -> None:
    card, opening = make_card(), make_opening()
    renew(opening)
    first = [(match.id, match.sure, match.possible, match.result) for match in matches()]

    renew(card)

    assert [(match.id, match.sure, match.possible, match.result) for match in matches()] == first


def test_only_the_best_of_either_side_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "TOP", 2)
    cards = [make_card(make_citizen(f"B{level}"), skills={GREENS: level}) for level in (1, 2, 3)]
    cards += [make_card(make_citizen("Best"), skills={GREENS: 3, HYGIENE: 3})]
    employer = make_employer()
    for _ in range(2):  # two better places fill the weakest card's own list
        renew(make_opening(employer, must=[GREENS], nice=[]))

    renew(make_opening(employer, must=[GREENS, HYGIENE], nice=[]))

    newest = max(match.opening_id for match in matches())
    assert cards[0].id not in {match.card_id for match in matches() if match.opening_id == newest}
    assert cards[3].id in {match.card_id for match in matches() if match.opening_id == newest}


def test_a_card_outside_the_openings_top_keeps_it_while_it_is_among_its_own_best(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(services, "TOP", 1)
    make_card(make_citizen("Best"), skills={GREENS: 3, HYGIENE: 3})
    only_here = make_card(make_citizen("Anna"), skills={GREENS: 2})

    renew(make_opening())

    assert only_here.id in {match.card_id for match in matches()}


def test_what_no_longer_fits_is_closed_with_a_reason_and_comes_back_when_it_fits_again() -> None:
    card, opening = make_card(), make_opening()
    renew(opening)

    with transaction():
        card = db.session.merge(card)
        card.wishes = [Industry.PLEJE.value]
        card.version += 1
        services.renew_for_card(card, at=NOW)
    [closed] = matches()
    assert (closed.status, closed.closed_reason) == (MatchStatus.CLOSED, ClosedReason.NO_LONGER_FITS)

    with transaction():
        card = db.session.merge(card)
        card.wishes = [Industry.KOEKKEN.value]
        card.version += 1
        services.renew_for_card(card, at=NOW)
    [reopened] = matches()
    assert (reopened.status, reopened.closed_reason, reopened.card_version) == (MatchStatus.OPEN, None, 3)


def test_a_decided_match_is_never_touched() -> None:
    card, opening = make_card(), make_opening()
    match = make_match(opening, card, sure=12.0, possible=34.0)
    make_review(match)

    renew(opening)
    renew(card)
    with transaction():
        services.close_open_matches(opening_id=opening.id, reason=ClosedReason.OPENING_CLOSED, at=NOW)

    [same] = matches()
    assert (same.status, same.sure, same.possible) == (MatchStatus.DECIDED, 12.0, 34.0)


def test_renewing_without_a_change_writes_no_match_again() -> None:
    make_card()
    opening = make_opening()
    renew(opening)
    with transaction():
        db.session.execute(sa.update(Match).values(renewed_at=NOW.replace(year=2025)))

    renew(opening)

    assert matches()[0].renewed_at.year == 2025


@pytest.mark.parametrize("status", [OpeningStatus.WITHDRAWN, OpeningStatus.FILLED, OpeningStatus.EXPIRED])
def test_an_opening_that_is_not_published_closes_its_suggestions(status: OpeningStatus) -> None:
    make_card()
    opening = make_opening()
    renew(opening)

    with transaction():
        opening = db.session.merge(opening)
        opening.status = status
        events.opening_changed.send(opening, at=NOW)

    [match] = matches()
    assert (match.status, match.closed_reason) == (MatchStatus.CLOSED, ClosedReason.OPENING_CLOSED)


def test_a_passive_citizens_suggestions_close() -> None:
    card = make_card()
    renew(make_opening())

    with transaction():
        events.citizen_passive.send(db.session.merge(card).citizen, at=NOW)

    [match] = matches()
    assert (match.status, match.closed_reason) == (MatchStatus.CLOSED, ClosedReason.CARD_PASSIVE)


def test_a_passive_employers_suggestions_close_and_no_new_ones_come() -> None:
    card, employer = make_card(), make_employer()
    renew(make_opening(employer))

    with transaction():
        set_employer_passive(db.session.merge(employer), by=user("karin@kommune.example"), at=NOW)
    [match] = matches()
    assert (match.status, match.closed_reason) == (MatchStatus.CLOSED, ClosedReason.EMPLOYER_PASSIVE)

    renew(card)
    assert matches()[0].status is MatchStatus.CLOSED


def test_a_renewal_leaves_an_audit_line_about_the_citizen() -> None:
    card = make_card()

    renew(card)

    [line] = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "matches-renewed"))
    assert (line.subject_id, line.citizen_id, line.actor_id) == (card.id, card.citizen_id, None)


def test_a_match_is_decided_once() -> None:
    match = make_match()
    with transaction():
        services.mark_decided(db.session.merge(match), at=NOW)

    with pytest.raises(services.MatchNotOpen), transaction():
        services.mark_decided(db.session.merge(match), at=NOW)


def test_each_pair_is_counted_with_the_weights_of_the_cards_municipality(lene: User) -> None:
    own, near = make_card(), make_card(make_citizen(in_municipality="Fredensborg"))
    opening = make_opening(visible_to_neighbours=True)
    with transaction():
        theirs = set_weights(lene.municipality_id, Weights(must=1), note="Prøve", by=lene, at=NOW)

    renew(opening)
    from_the_opening = {match.card_id: (match.sure, match.weights_id) for match in matches()}
    with transaction():
        db.session.execute(sa.delete(Match))
    for card in (own, near):
        renew(card)

    assert from_the_opening == {own.id: (75.0, None), near.id: (50.0, theirs.id)}
    assert {match.card_id: (match.sure, match.weights_id) for match in matches()} == from_the_opening


def test_a_decided_pair_takes_nobodys_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "TOP", 1)
    opening = make_opening()
    best = make_card(make_citizen("Best"), skills={GREENS: 3, HYGIENE: 3})
    second = make_card(make_citizen("Selam"), skills={GREENS: 3})
    renew(make_opening(must=[GREENS], nice=[]))  # which fits the second card better
    make_review(make_match(opening, best))

    renew(opening)

    assert {(match.card_id, match.status) for match in matches() if match.opening_id == opening.id} == {
        (best.id, MatchStatus.DECIDED),
        (second.id, MatchStatus.OPEN),
    }


def test_the_home_municipality_of_the_card_reviews() -> None:
    make_card(make_citizen(in_municipality="Fredensborg"))

    renew(make_opening(visible_to_neighbours=True))

    assert matches()[0].municipality_id == municipality("Fredensborg").id
