"""Counting everything again: the one right result, whatever was stored, in whatever order, wherever it was stopped."""

import multiprocessing
import os
import random
import signal
from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import matching
from portal.base.database import db, transaction
from portal.loop.cards.models import CompetenceCard, SkillEvidence
from portal.loop.cards.queries import card_inputs
from portal.loop.matches import ranking, services
from portal.loop.matches import rematch as machine
from portal.loop.matches.models import ClosedReason, Match, MatchStatus, RematchRun
from portal.loop.matches.rematch import Freshness, rematch
from portal.loop.matches.weights import all_in_force, set_weights
from portal.loop.openings.models import Opening, OpeningStatus
from portal.loop.openings.queries import opening_inputs
from portal.matching import Weights
from portal.shared.accounts.models import User
from portal.shared.neighbours.queries import neighbour_ids
from portal.shared.skills.services import new_version
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_citizen,
    make_employer,
    make_match,
    make_opening,
    make_review,
    municipality,
    skill,
    user,
)

pytestmark = pytest.mark.slow

TASKS = (
    "skære og klargøre grøntsager",
    "køkkenhygiejne",
    "gulvvask og mopning",
    "buffet og opfyldning",
    "opvask i industriopvaskemaskine",
)
FORK = multiprocessing.get_context("fork")


@pytest.fixture(autouse=True)
def _inside(app: Flask) -> None:
    """Every test here calls services."""


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two suggestions a side and one opening a transaction, so that a small world has everything a large one has."""
    monkeypatch.setattr(services, "TOP", 2)
    monkeypatch.setattr(machine, "OPENINGS_AT_ONCE", 1)


def home(name: str = "Halsnæs") -> int:
    return municipality(name).id


def count_again(name: str = "Halsnæs") -> RematchRun:
    return rematch(home(name), now=lambda: NOW)


def small_world(seed: int) -> None:
    """Cards and openings of both municipalities, some shared, some decided, by other weights next door."""
    draw = random.Random(seed)
    names = ("Halsnæs", "Fredensborg")
    lene = user("lene@nabo.example")
    with transaction():
        set_weights(home(names[1]), Weights(must=1, nice=2, gate=0.9), note="Prøve", by=lene, at=NOW)
    for number in range(8):
        person = make_citizen(f"B{number}", in_municipality=draw.choice(names))
        skills = {task: draw.randrange(1, 5) for task in draw.sample(TASKS, draw.randrange(1, 4))}
        make_card(person, skills=skills, is_active=draw.random() < 0.9)
    employers = {name: make_employer(f"Firma {name}", in_municipality=name) for name in names}
    for _ in range(6):
        wanted = draw.sample(TASKS, 3)
        make_opening(
            employers[draw.choice(names)],
            must=wanted[:1],
            nice=wanted[1:],
            visible_to_neighbours=draw.random() < 0.6,
            status=OpeningStatus.WITHDRAWN if draw.random() < 0.1 else OpeningStatus.PUBLISHED,
        )
    for _ in range(3):
        pair = draw.choice(sorted(right_answer()))
        opening, card = db.session.get_one(Opening, pair[0]), db.session.get_one(CompetenceCard, pair[1])
        make_review(make_match(opening, card))


def right_answer() -> dict[tuple[int, int], matching.Suggestion]:
    """By brute force: the best of each opening and of each card among all pairs that nobody has decided."""
    decided = {(match.opening_id, match.card_id) for match in stored() if match.status is MatchStatus.DECIDED}
    homes = {card.id: card.municipality_id for card in db.session.scalars(sa.select(CompetenceCard))}
    weights = all_in_force(set(homes.values()))
    cards = card_inputs(sa.select(CompetenceCard).where(CompetenceCard.is_active), on=TODAY)
    fitting = {}
    for opening in opening_inputs(sa.select(Opening).where(Opening.status == OpeningStatus.PUBLISHED)):
        for card in cards:
            if (opening.id, card.id) in decided or not sees(homes[card.id], opening.id):
                continue
            one = matching.score(opening, card, weights=weights[homes[card.id]].weights)
            if one.sure and not one.excluded:
                fitting[opening.id, card.id] = one
    best = set()
    for side in (0, 1):
        rivals = defaultdict(list)
        for pair in fitting:
            rivals[pair[side]].append(pair)
        for pairs in rivals.values():
            pairs.sort(key=lambda pair: (-fitting[pair].sure, -fitting[pair].possible, pair))
            best |= set(pairs[: services.TOP])
    return {pair: fitting[pair] for pair in best}


def sees(card_home: int, opening_id: int) -> bool:
    opening = db.session.get_one(Opening, opening_id)
    if opening.municipality_id == card_home:
        return True
    near = db.session.scalars(neighbour_ids(card_home, on=TODAY)).all()
    return opening.visible_to_neighbours and opening.municipality_id in near


def stored() -> list[Match]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Match).order_by(Match.opening_id, Match.card_id)))


def open_pairs() -> dict[tuple[int, int], matching.Suggestion]:
    return {
        (match.opening_id, match.card_id): matching.Suggestion.from_dict(match.result)
        for match in stored()
        if match.status is MatchStatus.OPEN
    }


def snapshot() -> list[tuple[Any, ...]]:
    """Everything of every match but its id and times."""
    return [
        (
            match.opening_id, match.card_id, match.municipality_id, match.status, match.sure, match.possible,
            match.result, match.opening_version, match.card_version, match.vocabulary_version,
            match.matcher_version, match.weights_id,
        )
        for match in stored()
        if match.status is not MatchStatus.CLOSED
    ]  # fmt: skip


def forget_all_but_decided() -> None:
    with transaction():
        db.session.execute(sa.delete(Match).where(Match.status != MatchStatus.DECIDED))


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_the_result_does_not_depend_on_what_came_before(
    seed: int, compiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "MANY", 0 if compiled else ranking.MANY)
    small_world(seed)
    draw = random.Random(seed)
    right, results = right_answer(), []

    for _history in range(3):
        forget_all_but_decided()
        earlier = [*db.session.scalars(sa.select(Opening)), *db.session.scalars(sa.select(CompetenceCard))]
        draw.shuffle(earlier)
        for record in earlier[: draw.randrange(len(earlier) + 1)]:
            with transaction():
                merged = db.session.merge(record)
                renew = services.renew_for_opening if isinstance(merged, Opening) else services.renew_for_card
                renew(merged, at=NOW)
        for name in draw.sample(("Halsnæs", "Fredensborg"), 2):
            count_again(name)
        results.append(snapshot())
        assert open_pairs() == right

    assert results[0] == results[1] == results[2]


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("seed", range(3))
def test_a_second_run_changes_nothing(seed: int) -> None:
    small_world(seed)
    count_again()
    before = [(match.id, match.renewed_at) for match in stored()]

    again = rematch(home(), now=lambda: NOW + timedelta(hours=1))

    assert (again.opened, again.renewed, again.closed) == (0, 0, 0)
    assert again.unchanged == sum(
        match.status is MatchStatus.OPEN and match.municipality_id == home() for match in stored()
    )
    assert [(match.id, match.renewed_at) for match in stored()] == before


@pytest.mark.usefixtures("few")
def test_one_municipality_leaves_the_others_suggestions_alone() -> None:
    small_world(2)

    count_again("Halsnæs")

    assert {match.municipality_id for match in stored() if match.status is MatchStatus.OPEN} == {home()}
    right = {pair for pair, one in right_answer().items() if card_home(one.card_id) == home()}
    assert set(open_pairs()) == right


def card_home(card_id: int) -> int:
    return db.session.get_one(CompetenceCard, card_id).municipality_id


def die_in_the_child(app: Flask, *, inside: bool, after: int) -> None:
    """A process that counts again and is killed: between two transactions, or before one is committed."""

    def live() -> None:
        with app.app_context():
            db.engine.dispose(close=False)  # the parent's connections are not ours
            steps = iter(range(1_000))

            def die(*_anything: object) -> None:
                if next(steps) >= after:
                    os.kill(os.getpid(), signal.SIGKILL)

            if inside:
                machine._count = die
            rematch(home(), now=lambda: NOW, on_progress=(lambda _done, _all: None) if inside else die)

    db.session.remove()
    db.engine.dispose()
    child = FORK.Process(target=live)
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(("inside", "after"), [(False, 2), (False, 4), (True, 0), (True, 2)])
def test_killed_in_the_middle_it_goes_on_to_the_same_result(app: Flask, inside: bool, after: int) -> None:
    small_world(5)
    count_again()
    uninterrupted = snapshot()
    forget_all_but_decided()
    with transaction():
        db.session.execute(sa.delete(RematchRun))

    die_in_the_child(app, inside=inside, after=after)
    half = len(open_pairs())
    run = count_again()

    everything = len([one for one in uninterrupted if one[3] is MatchStatus.OPEN])
    assert half < everything
    assert snapshot() == uninterrupted
    assert run.times_started == 2
    assert (run.opened if not inside else run.opened + half) == everything
    assert run.finished_at == NOW


def test_a_stopped_run_is_not_gone_on_with_when_the_vocabulary_has_changed(app: Flask) -> None:
    make_card()
    make_opening()
    die_in_the_child(app, inside=False, after=0)
    with transaction():
        new_version("flere ord", NOW)

    run = count_again()

    assert run.times_started == 1
    assert [one.finished_at is None for one in runs()] == [True, False]


def runs() -> list[RematchRun]:
    return list(db.session.scalars(sa.select(RematchRun).order_by(RematchRun.id)))


@pytest.mark.usefixtures("few")
def test_what_is_edited_meanwhile_is_left_to_that_edit_and_looked_at_once_more() -> None:
    for number in range(4):
        make_card(make_citizen(f"B{number}"), skills={TASKS[0]: 2})
    openings = [make_opening(must=[TASKS[0]], nice=[]) for _ in range(3)]
    edited: list[int] = []

    def edit_the_last(done: int, _all: int) -> None:
        if done == 1 and not edited:
            edited.append(openings[-1].id)
            with transaction():
                last = db.session.get_one(Opening, openings[-1].id)
                last.tasks[0].level = 4
                last.version += 1
                services.renew_for_opening(last, at=NOW)

    rematch(home(), now=lambda: NOW, on_progress=edit_the_last)

    assert edited
    assert open_pairs() == right_answer()
    assert {match.opening_version for match in stored() if match.opening_id == edited[0]} == {2}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": OpeningStatus.WITHDRAWN}, ClosedReason.OPENING_CLOSED),
        ({"expires_on": TODAY - timedelta(days=1)}, ClosedReason.OPENING_CLOSED),
    ],
)
def test_an_opening_that_ended_without_a_word_is_closed(change: dict[str, Any], reason: ClosedReason) -> None:
    make_card()
    opening = make_opening()
    count_again()

    with transaction():
        db.session.execute(sa.update(Opening).where(Opening.id == opening.id).values(change))
    run = count_again()

    [match] = stored()
    assert (match.status, match.closed_reason, run.closed) == (MatchStatus.CLOSED, reason, 1)


def test_a_card_that_became_passive_without_a_word_is_closed() -> None:
    make_card()
    make_opening()
    count_again()

    with transaction():
        db.session.execute(sa.update(CompetenceCard).values(is_active=False))
    count_again()

    assert stored()[0].closed_reason == ClosedReason.CARD_PASSIVE


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("level", "reason"), [(1, ClosedReason.BETTER_FOUND), (0, ClosedReason.NO_LONGER_FITS)]
)
def test_what_drops_out_is_closed_with_the_right_reason(level: int, reason: ClosedReason) -> None:
    weak = make_card(make_citizen("Svag"), skills={TASKS[0]: 3})
    opening = make_opening(must=[TASKS[0]], nice=[])
    count_again()
    for number in range(2):
        make_card(make_citizen(f"B{number}"), skills={TASKS[0]: 3})
    for _ in range(2):  # places that are better for her, so that she does not keep this one herself
        make_opening(must=[TASKS[1]], nice=[])
    with transaction():
        db.session.execute(
            sa.update(SkillEvidence).where(SkillEvidence.card_id == weak.id).values(level=level)
        )
        card = db.session.get_one(CompetenceCard, weak.id)
        card.evidence = [*card.evidence, replace_skill(card.evidence[0])]
        card.version += 1

    count_again()

    match = next(one for one in stored() if (one.opening_id, one.card_id) == (opening.id, weak.id))
    assert (match.status, match.closed_reason) == (MatchStatus.CLOSED, reason)


def replace_skill(line: SkillEvidence) -> SkillEvidence:
    """The same person's other skill."""
    return SkillEvidence(
        skill_id=skill(TASKS[1]).id, text=TASKS[1], level=3, source=line.source, seen_on=line.seen_on
    )


def freshness() -> Freshness:
    return machine.freshness([home()])[home()]


@pytest.mark.parametrize("what", ["vocabulary", "weights", "matcher"])
def test_stale_suggestions_are_counted_until_the_next_run(mette: User, what: str) -> None:
    make_card()
    make_opening()
    count_again()
    assert freshness() == Freshness(open=1, stale=0)

    with transaction():
        if what == "vocabulary":
            new_version("flere ord", NOW)
        elif what == "weights":
            set_weights(home(), replace(matching.STANDARD, nice=2.0), note="Ønsker", by=mette, at=NOW)
        else:
            db.session.execute(sa.update(Match).values(matcher_version="0"))

    assert freshness() == Freshness(open=1, stale=1)
    count_again()
    assert freshness() == Freshness(open=1, stale=0)


def test_the_run_is_recorded_with_what_it_counted(mette: User) -> None:
    make_card()
    make_opening()
    with transaction():
        weights = set_weights(home(), Weights(must=5), note="Krav", by=mette, at=NOW)
    moments = iter(NOW + timedelta(seconds=number) for number in range(1_000))

    def later() -> datetime:
        return next(moments)

    run = rematch(home(), now=later)

    assert (run.openings, run.cards, run.opened, run.renewed, run.closed) == (1, 1, 1, 0, 0)
    assert (run.vocabulary_version, run.matcher_version, run.weights_id) == (1, matching.VERSION, weights.id)
    assert run.finished_at is not None
    assert run.started_at < run.finished_at
