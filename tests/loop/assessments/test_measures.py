"""What goals count of sheets: cards on which a workplace has written what it saw (S1, Indsats 1)."""

from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import Measure
from portal.loop.assessments.models import Assessment, AssessmentLine
from portal.loop.placements.models import Placement, PlacementStatus
from tests.factories import make_placement, make_sheet
from tests.support.groups import make_group, make_member
from tests.support.questions import AFTER, BEFORE, EVENING, FIRST, LAST, NIGHT, counted, near

SEEN = {"employer_level": 2}


def sheet(
    assessed_on: date | None,
    placement: Placement | None = None,
    *,
    said: dict[str, int] | None = None,
    **values: Any,
) -> Placement:
    """A sheet with one line, closed unless there is no day."""
    of = placement or make_placement(status=PlacementStatus.RUNNING)
    closed = {} if assessed_on is None else {"assessed_on": assessed_on, "closed_at": EVENING}
    line = AssessmentLine(task_text="Opvask", **(SEEN if said is None else said))
    make_sheet(of, **{"lines": [line], "number": 1, **closed, **values})
    return of


@pytest.mark.parametrize(("on", "counts"), [(BEFORE, 0), (FIRST, 1), (LAST, 1), (AFTER, 0), (None, 0)])
def test_a_card_counts_in_the_period_it_was_first_seen_in(app: Flask, on: date | None, counts: int) -> None:
    sheet(on)

    assert counted(Measure.OBSERVED_CARDS).amount == counts


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ({"employer_level": 1}, 1),
        ({"employer_level": 0}, 0),  # "not tried here"
        ({"consultant_level": 3}, 0),  # the workplace took no part
        ({"employer_level": 2, "consultant_level": 1, "agreed_level": 1}, 1),
        ({"employer_level": 2, "consultant_level": 1, "agreed_level": 0}, 0),
        ({}, 0),
    ],
)
def test_only_what_the_workplace_saw_itself(app: Flask, said: dict[str, int], counts: int) -> None:
    sheet(LAST, said=said)

    assert counted(Measure.OBSERVED_CARDS).amount == counts


def test_a_card_counts_once_for_good(app: Flask) -> None:
    placement = sheet(BEFORE)
    sheet(LAST, placement, number=2)
    other = sheet(FIRST)
    sheet(LAST, other, number=2)

    tally = counted(Measure.OBSERVED_CARDS)

    assert (tally.lines, tally.amount) == (1, 1)


def test_a_sheet_that_lapsed_put_nothing_on_the_card(app: Flask) -> None:
    sheet(LAST, lapsed=True)

    assert counted(Measure.OBSERVED_CARDS).amount == 0


@pytest.mark.parametrize(("withdrawn_at", "then"), [(EVENING, 0), (NIGHT, 1)])
def test_a_sheet_that_was_taken_back_counted_until_then(
    app: Flask, withdrawn_at: datetime, then: int
) -> None:
    sheet(LAST, withdrawn_at=withdrawn_at)

    assert counted(Measure.OBSERVED_CARDS).amount == 0
    assert counted(Measure.OBSERVED_CARDS, known_at=EVENING).amount == then


def test_a_sheet_that_was_closed_later_was_not_known_then(app: Flask) -> None:
    sheet(LAST, closed_at=NIGHT)

    assert counted(Measure.OBSERVED_CARDS).amount == 1
    assert counted(Measure.OBSERVED_CARDS, known_at=EVENING).amount == 0


def test_a_group_has_its_members_cards(app: Flask) -> None:
    group = make_group()
    hers, _another = sheet(LAST), sheet(LAST)
    make_member(group, citizen=hers.card.citizen)

    assert counted(Measure.OBSERVED_CARDS, group).amount == 1


def test_an_answered_sheet_that_is_open_is_one_step_from_counting(app: Flask) -> None:
    waiting, seen_before = sheet(None), sheet(BEFORE)
    sheet(None, seen_before, number=2)
    sheet(None, said={"consultant_level": 3})

    assert near(Measure.OBSERVED_CARDS) == [waiting.card.citizen_id]


def test_the_measure_says_what_the_card_shows(app: Flask) -> None:
    """Whatever is written on a card as seen by a workplace is counted, and nothing else."""
    placement = sheet(LAST)
    with transaction():
        [stored] = db.session.scalars(db.select(Assessment).where(Assessment.placement_id == placement.id))
        assert [line.seen_by_workplace for line in stored.counting] == [True]
