"""What goals count of placements, at every boundary of a rule, as it is known and as it was known."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.clock import danish_midnight
from portal.base.database import db, transaction
from portal.base.terms import Industry, Measure, PlacementForm
from portal.ledger.goals.tally import lists_of
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import Employer
from portal.loop.openings.models import Opening, OpeningStatus
from portal.loop.placements.models import Outcome, Placement, PlacementStatus, PlacementTrace
from portal.loop.placements.services import forget_whose
from portal.loop.reviews.models import Answer
from tests.factories import (
    NOW,
    make_card,
    make_employer,
    make_match,
    make_opening,
    make_placement,
    make_review,
    municipality,
)
from tests.support.groups import make_group, make_member
from tests.support.questions import AFTER, BEFORE, EVENING, FIRST, LAST, NIGHT, counted, near, question

LONG_AGO = date(2025, 1, 1)


def begun(
    starts_on: date,
    *,
    form: PlacementForm = PlacementForm.PRAKTIK,
    opening: Opening | None = None,
    **values: Any,
) -> Placement:
    review = None
    if opening is not None:
        match = make_match(opening, make_card())
        review = make_review(match, citizen_answer=Answer.YES, employer_answer=Answer.YES)
    return make_placement(
        review,
        **{
            "status": PlacementStatus.RUNNING,
            "starts_on": starts_on,
            "ends_on": date(2026, 12, 31),
            "started_at": danish_midnight(starts_on),
            "form": form,
            **values,
        },
    )


def ended(
    ended_on: date,
    outcome: Outcome = Outcome.HIRED,
    *,
    form: PlacementForm = PlacementForm.PRAKTIK,
    **values: Any,
) -> Placement:
    said = {"status": PlacementStatus.ENDED, "ended_on": ended_on, "outcome": outcome, **values}
    return begun(said.pop("starts_on", LONG_AGO), form=form, **said)


def write_end(placement: Placement, at: datetime) -> None:
    with transaction():
        db.session.execute(
            sa.update(PlacementTrace)
            .where(PlacementTrace.placement_id == placement.id)
            .values(end_recorded_at=at)
        )


# S2: "skaffe ledige beboere i området i arbejde"; efforts.md 2: placements begun by form and trade, hired by form
@pytest.mark.parametrize(("on", "counts"), [(BEFORE, 0), (FIRST, 1), (LAST, 1), (AFTER, 0)])
def test_a_placement_counts_in_the_period_of_its_first_day(app: Flask, on: date, counts: int) -> None:
    begun(on)

    assert counted(Measure.PLACEMENTS).amount == counts


@pytest.mark.parametrize(("on", "counts"), [(BEFORE, 0), (FIRST, 1), (LAST, 1), (AFTER, 0)])
@pytest.mark.parametrize("measure", [Measure.HIRED, Measure.EMPLOYED_AFTER_PRAKTIK])
def test_a_job_counts_in_the_period_of_the_last_day_before_it(
    app: Flask, measure: Measure, on: date, counts: int
) -> None:
    ended(on)

    assert counted(measure).amount == counts


@pytest.mark.parametrize("outcome", Outcome)
def test_only_what_ended_as_ansat_is_hired(app: Flask, outcome: Outcome) -> None:
    ended(LAST, outcome)

    assert counted(Measure.HIRED).amount == (outcome is Outcome.HIRED)
    assert counted(Measure.EMPLOYED_AFTER_PRAKTIK).amount == (outcome is Outcome.HIRED)


def test_what_has_not_begun_does_not_count(app: Flask) -> None:
    make_placement(starts_on=FIRST, ends_on=LAST)
    make_placement(starts_on=FIRST, ends_on=LAST, status=PlacementStatus.CANCELLED)

    assert counted(Measure.PLACEMENTS).amount == 0


@pytest.mark.parametrize("form", PlacementForm)
def test_a_goal_may_ask_for_one_form(app: Flask, form: PlacementForm) -> None:
    begun(FIRST, form=PlacementForm.PRAKTIK)
    begun(FIRST, form=PlacementForm.SMAAJOB)
    ended(LAST, form=PlacementForm.SMAAJOB)

    chosen = {"form": form.value}

    asked = counted(Measure.PLACEMENTS, terms=chosen).amount, counted(Measure.HIRED, terms=chosen).amount
    assert asked == {PlacementForm.PRAKTIK: (1, 0), PlacementForm.SMAAJOB: (1, 1)}.get(form, (0, 0))
    assert counted(Measure.PLACEMENTS).amount == 2


@pytest.mark.parametrize("trade", Industry)
def test_a_goal_may_ask_for_one_trade(app: Flask, trade: Industry) -> None:
    opening = make_opening(make_employer(), industry=Industry.PLEJE)
    begun(FIRST, opening=opening)

    assert counted(Measure.PLACEMENTS, terms={"trade": trade.value}).amount == (trade is Industry.PLEJE)


def test_a_line_tells_the_form(app: Flask) -> None:
    placement = begun(FIRST, form=PlacementForm.IGU)
    ask = question(Measure.PLACEMENTS)

    [row] = db.session.execute(lists_of([ask])[ask].records).all()

    assert (row.subject_id, row.on, row.form) == (placement.card.citizen_id, FIRST, "igu")


def test_a_neighbours_citizen_is_the_neighbours_to_count(app: Flask) -> None:
    begun(FIRST, municipality_id=municipality("Fredensborg").id)

    assert counted(Measure.PLACEMENTS).amount == 0
    assert counted(Measure.PLACEMENTS, municipality_id=municipality("Fredensborg").id).amount == 1


def test_a_group_has_its_members_placements(app: Flask) -> None:
    group = make_group()
    hers, _another = begun(FIRST), begun(FIRST)
    make_member(group, citizen=hers.card.citizen)

    assert counted(Measure.PLACEMENTS, group).amount == 1


@pytest.mark.parametrize(("at", "then"), [(EVENING, 1), (NIGHT, 0)])
def test_a_start_counts_from_when_it_was_written(app: Flask, at: datetime, then: int) -> None:
    begun(FIRST, started_at=at)

    assert counted(Measure.PLACEMENTS).amount == 1
    assert counted(Measure.PLACEMENTS, known_at=EVENING).amount == then


@pytest.mark.parametrize(("at", "then"), [(EVENING, 1), (NIGHT, 0)])
@pytest.mark.parametrize("measure", [Measure.HIRED, Measure.EMPLOYED_AFTER_PRAKTIK])
def test_an_end_counts_from_when_it_was_written(
    app: Flask, measure: Measure, at: datetime, then: int
) -> None:
    write_end(ended(LAST), at)

    assert counted(measure).amount == 1
    assert counted(measure, known_at=EVENING).amount == then


# cases/law.md: "one citizen is erased; last year's figures are read"
@pytest.mark.parametrize(
    "measure", [Measure.PLACEMENTS, Measure.HIRED, Measure.EMPLOYED_AFTER_PRAKTIK, Measure.REFERRALS]
)
def test_what_stays_of_an_erased_person_counts_and_names_nobody(app: Flask, measure: Measure) -> None:
    employer = make_employer(referred_by_id=make_employer("Den, der anbefalede").id)
    opening = make_opening(employer, published_at=danish_midnight(FIRST))
    placement = ended(LAST, starts_on=FIRST, opening=opening)
    before = counted(measure)
    with transaction():
        forget_whose(db.session.get_one(Citizen, placement.card.citizen_id), at=NOW)

    after = counted(measure)

    assert before.amount == after.amount == 1
    ask = question(measure)
    [row] = db.session.execute(lists_of([ask])[ask].records).all()
    assert row.subject_id == (None if measure in (Measure.PLACEMENTS, Measure.HIRED) else employer.id)


# S1: "ser fordele i at ansætte dem på ordinære vilkår"; efforts.md 2: firms that employed after praktik
def test_an_employer_counts_once_on_its_first_day(app: Flask) -> None:
    employer = make_employer()
    for on in (LAST, FIRST, date(2026, 5, 1)):
        ended(on, opening=make_opening(employer))
    ask = question(Measure.EMPLOYED_AFTER_PRAKTIK)

    rows = db.session.execute(lists_of([ask])[ask].records).all()

    assert [(row.subject_id, row.on, row.amount) for row in rows] == [(employer.id, FIRST, 1)]
    assert counted(Measure.HIRED).amount == 3


@pytest.mark.parametrize("form", PlacementForm)
def test_only_a_praktik_is_a_praktik(app: Flask, form: PlacementForm) -> None:
    ended(LAST, form=form)

    assert counted(Measure.EMPLOYED_AFTER_PRAKTIK).amount == (form is PlacementForm.PRAKTIK)


# S1: "at virksomhederne anbefaler andre virksomheder at samarbejde med kommunen"
def referred(name: str = "Den anbefalede", **values: Any) -> Employer:
    return make_employer(name, referred_by_id=make_employer(f"Anbefaler {name}").id, **values)


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (danish_midnight(FIRST) - timedelta(minutes=1), 0),
        (danish_midnight(FIRST), 1),
        (EVENING, 1),
        (NIGHT, 0),
    ],
)
def test_a_recommended_employer_counts_when_it_puts_its_first_place_up(
    app: Flask, at: datetime, counts: int
) -> None:
    make_opening(referred(), published_at=at)

    assert counted(Measure.REFERRALS).amount == counts


def test_it_counts_once_in_the_period_of_its_first_place(app: Flask) -> None:
    employer = referred()
    for day in (FIRST, LAST, AFTER):
        make_opening(employer, published_at=danish_midnight(day))

    assert counted(Measure.REFERRALS).amount == 1
    assert counted(Measure.REFERRALS, first=AFTER, on=date(2026, 9, 30)).amount == 0


def test_a_placement_that_began_before_its_opening_was_put_up_is_the_first(app: Flask) -> None:
    """An agreement that is typed in afterwards."""
    begun(FIRST, opening=make_opening(referred(), published_at=NIGHT))

    assert counted(Measure.REFERRALS).amount == 1


def test_a_draft_is_no_place_and_nobody_recommended_is_no_referral(app: Flask) -> None:
    make_opening(referred("Kladde"), status=OpeningStatus.DRAFT)
    make_opening(make_employer("Kom selv"), published_at=danish_midnight(FIRST))

    assert counted(Measure.REFERRALS).amount == 0


@pytest.mark.parametrize(("approved_at", "then"), [(EVENING, 1), (NIGHT, 0)])
def test_a_recommendation_is_known_from_when_the_employer_came(
    app: Flask, approved_at: datetime, then: int
) -> None:
    make_opening(referred(approved_at=approved_at), published_at=danish_midnight(FIRST))

    assert counted(Measure.REFERRALS, known_at=EVENING).amount == then


# --- One step from counting ------------------------------------------------------------------------------------


def test_a_first_day_that_passed_without_a_word_is_one_step_from_counting(app: Flask) -> None:
    waiting = make_placement(starts_on=LAST, ends_on=date(2026, 12, 31))
    make_placement(starts_on=AFTER, ends_on=date(2026, 12, 31))
    make_placement(starts_on=LAST, ends_on=date(2026, 12, 31), status=PlacementStatus.CANCELLED)

    assert near(Measure.PLACEMENTS) == [waiting.card.citizen_id]
    assert near(Measure.PLACEMENTS, terms={"form": "igu"}) == []


def test_a_last_day_that_passed_without_a_word_is_one_step_from_counting(app: Flask) -> None:
    waiting = begun(LONG_AGO, ends_on=LAST)
    begun(LONG_AGO, ends_on=AFTER)
    ended(LAST, Outcome.COMPLETED)

    assert near(Measure.HIRED) == [waiting.card.citizen_id]


def test_a_recommended_employer_without_a_place_is_one_step_from_counting(app: Flask) -> None:
    waiting, counting = referred("Uden"), referred("Med")
    make_opening(counting, published_at=datetime(2026, 5, 1, tzinfo=UTC))
    make_opening(waiting, status=OpeningStatus.DRAFT)

    assert near(Measure.REFERRALS) == [waiting.id]
