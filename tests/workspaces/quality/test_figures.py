"""How the suggestions were judged: months, reasons, the best five, overrides."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.reviews.models import Decision, DecisionReason, Review, ReviewCondition
from portal.matching import Met
from portal.workspaces.quality.figures import FEWEST, Judged, Month, last_months, percentage, quality
from tests.client import counted_statements
from tests.factories import NOW, TODAY, make_card, make_citizen, make_match, make_review, municipality

SIX = last_months(TODAY, 6)
NOVEMBER, OCTOBER = SIX[-1], SIX[-2]
NO = {"decision": Decision.REFUSED, "reason": DecisionReason.DANISH}


@pytest.fixture(autouse=True)
def _inside(app: Flask) -> None:
    """Every test but the tables of months reads the database."""


def found() -> Any:
    return quality(municipality().id, SIX)


def decided(
    *, conditions: dict[str, Met] | None = None, sure: float = 60.0, home: str = "Halsnæs", **values: Any
) -> Review:
    card = make_card(make_citizen(in_municipality=home))
    match = make_match(
        card=card, sure=sure, possible=max(sure, 80.0), suggested_at=values.get("decided_at", NOW)
    )
    review = make_review(match, **values)
    with transaction():
        kept = db.session.merge(review)
        kept.conditions = []
        db.session.flush()
        kept.conditions = [ReviewCondition(name=name, met=met) for name, met in (conditions or {}).items()]
    return review


@pytest.mark.parametrize(
    ("month", "back", "expected"),
    [
        ((2026, 11), 0, (2026, 11)),
        ((2026, 1), 1, (2025, 12)),
        ((2026, 11), 12, (2025, 11)),
        ((2026, 12), -1, (2027, 1)),
    ],
)
def test_months_go_back_over_the_new_year(
    month: tuple[int, int], back: int, expected: tuple[int, int]
) -> None:
    assert Month(*month).back(back) == Month(*expected)


def test_the_last_months_end_with_this_one() -> None:
    assert last_months(date(2026, 2, 3), 3) == [Month(2025, 12), Month(2026, 1), Month(2026, 2)]


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (datetime(2026, 10, 31, 22, 59, tzinfo=UTC), OCTOBER),  # 23.59 in Denmark
        (datetime(2026, 10, 31, 23, 0, tzinfo=UTC), NOVEMBER),  # midnight in Denmark
        (datetime(2026, 9, 30, 22, 0, tzinfo=UTC), OCTOBER),  # midnight in Denmark, in summer
        (datetime(2026, 9, 30, 21, 59, tzinfo=UTC), SIX[-3]),
    ],
)
def test_a_month_begins_at_midnight_in_denmark(at: datetime, month: Month) -> None:
    decided(decided_at=at)

    months = found().months

    assert [one for one, row in months.items() if row.decided] == [month]
    assert [one for one, row in months.items() if row.suggested] == [month]


def test_what_lies_outside_the_months_is_not_counted() -> None:
    before, after = SIX[0].begins_at - timedelta(seconds=1), NOVEMBER.back(-1).begins_at
    for at in (before, after):
        decided(decided_at=at)

    assert found().is_empty


def test_another_municipalitys_decisions_are_not_counted() -> None:
    decided(home="Fredensborg")

    assert found().is_empty


def test_yes_and_no_are_counted_by_reason_in_the_order_of_the_form() -> None:
    decided()
    decided(reason=DecisionReason.LEARNING_STEP)
    decided(**NO)
    decided(**NO)

    total = found().total

    assert (total.approved, total.refused, total.decided) == (2, 2, 4)
    assert found().reasons == [
        (Decision.APPROVED, DecisionReason.GOOD_FIT),
        (Decision.APPROVED, DecisionReason.LEARNING_STEP),
        (Decision.REFUSED, DecisionReason.DANISH),
    ]
    assert total.by_reason[Decision.REFUSED, DecisionReason.DANISH] == 2


@pytest.mark.parametrize(("place", "best", "rest"), [(1, 1, 0), (5, 1, 0), (6, 0, 1), (None, 0, 0)])
def test_the_best_five_are_places_one_to_five_when_it_was_decided(
    place: int | None, best: int, rest: int
) -> None:
    decided(place=place)

    total = found().total

    assert (total.best_decided, total.best_approved) == (best, best)
    assert (total.rest_decided, total.rest_approved) == (rest, rest)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(0, 0, None), (4, FEWEST - 1, None), (4, FEWEST, 80), (0, FEWEST, 0), (2, 6, 33), (6, 6, 100)],
)
def test_few_decisions_give_no_share(part: int, whole: int, expected: int | None) -> None:
    assert percentage(part, whole) == expected


def test_the_precision_is_of_those_decided_among_the_best() -> None:
    for number in range(6):
        decided(place=number % 5 + 1, **({} if number < 4 else NO))
    decided(place=9, **NO)

    assert found().total.best_precision == 67
    assert found().total.rest_precision is None


@pytest.mark.parametrize(
    ("sure", "values", "expected"), [(80.0, NO, 1), (79.99, NO, 0), (100.0, {}, 0), (100.0, NO, 1)]
)
def test_a_no_in_spite_of_a_high_score_is_an_override(
    sure: float, values: dict[str, Any], expected: int
) -> None:
    decided(sure=sure, **values)

    assert found().total.refused_though_high == expected


def test_overrides_are_counted_for_each_condition() -> None:
    decided(conditions={"hours": Met.NOT_KNOWN, "distance": Met.MET})
    decided(conditions={"hours": Met.NOT_MET})
    decided(conditions={"hours": Met.MET}, **NO)
    decided(conditions={"hours": Met.NOT_KNOWN}, **NO)

    overrides = {one.name: one for one in found().overrides}

    assert list(overrides) == ["distance", "hours"]
    hours = overrides["hours"]
    assert [hours.approved_though(met) for met in (Met.NOT_KNOWN, Met.NOT_MET, Met.MET)] == [1, 1, 0]
    assert [hours.refused_though(met) for met in (Met.NOT_KNOWN, Met.NOT_MET, Met.MET)] == [1, 0, 1]
    assert hours.decided == 4


def test_three_statements_whatever_there_is(app: Flask) -> None:
    home = municipality().id
    for _ in range(3):
        decided(decided_at=NOW)

    with counted_statements(app) as seen:
        quality(home, SIX)

    assert len(seen) == 3


def test_nothing_yet_is_empty() -> None:
    assert found().is_empty
    assert Judged().best_precision is None
