"""From the three yeses to evidence on the card, and every rule that says no."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.base.terms import Party, PlacementForm
from portal.loop.employers.models import OccupiedPlace
from portal.loop.openings.models import Opening, OpeningStatus
from portal.loop.openings.services import NoPlaceLeft
from portal.loop.placements import follow_ups, services
from portal.loop.placements.expectations import (
    ExpectationsMissing,
    ExpectationsStand,
    state_expectation,
)
from portal.loop.placements.models import Placement, PlacementStatus
from portal.loop.placements.settled import ConfirmedHow
from portal.loop.placements.settling import confirm
from portal.loop.reviews.models import Answer, Review
from portal.shared.accounts.models import User
from portal.shared.rules.law.case import Act, Grounds, Readiness
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_match,
    make_opening,
    make_ready_sheet,
    make_review,
    make_settlement,
    state_expectations,
)

TASK = "skære og klargøre grøntsager"


def agreed(opening: Opening | None = None, **values: object) -> Review:
    match = make_match(opening or make_opening(), make_card())
    return make_review(match, **{"citizen_answer": Answer.YES, "employer_answer": Answer.YES, **values})


def plan(review: Review, by: User, **values: object) -> Placement:
    terms = {
        "form": PlacementForm.PRAKTIK,
        "hours_per_week": 25.0,
        "starts_on": TODAY,
        "ends_on": TODAY + timedelta(weeks=4) - timedelta(days=1),
        "grounds": Grounds(act=Act.INTEGRATION, readiness=Readiness.OTHER),
        **values,
    }
    with transaction():
        return services.plan_placement(db.session.get_one(Review, review.id), by=by, at=NOW, **terms)  # type: ignore[arg-type]


def state_all(placement: Placement, *, but: Party | None = None) -> None:
    """With the sheet for VITAS ready, nothing else is missing."""
    make_ready_sheet(placement)
    state_expectations(placement, but=but)
    if but is None:
        make_settlement(placement)


def running(by: User) -> Placement:
    placement = plan(agreed(), by)
    state_all(placement)
    with transaction():
        services.start_placement(placement, by=by, at=NOW)
    return placement


def opening_of(placement: Placement) -> Opening:
    return db.session.scalars(
        sa.select(Opening).where(Opening.id == placement.opening_id).execution_options(populate_existing=True)
    ).one()


def occupied() -> list[OccupiedPlace]:
    return list(db.session.scalars(sa.select(OccupiedPlace).execution_options(populate_existing=True)))


def test_planning_takes_the_place_and_fills_the_opening(karin: User) -> None:
    placement = plan(agreed(), karin)

    opening = opening_of(placement)
    assert (opening.filled, opening.status) == (1, OpeningStatus.FILLED)
    assert placement.status is PlacementStatus.PLANNED


def test_planning_a_praktik_holds_a_place_at_the_workplace(karin: User) -> None:
    plan(agreed(), karin, hours_per_week=18.5)

    [place] = occupied()
    assert (place.hours_per_week, place.starts_on) == (18.5, TODAY)


def test_an_ordinary_job_holds_no_place_under_the_ratio(karin: User) -> None:
    plan(agreed(), karin, form=PlacementForm.REGULAR_JOB)

    assert occupied() == []


@pytest.mark.parametrize(
    "answers",
    [
        {"employer_answer": Answer.PENDING},
        {"employer_answer": Answer.NO},
        {"citizen_answer": Answer.WITHDRAWN},
        {"citizen_answer": Answer.PENDING, "employer_answer": Answer.PENDING},
    ],
)
def test_without_all_three_yeses_nothing_is_planned(karin: User, answers: dict[str, Answer]) -> None:
    review = agreed(**answers)

    with pytest.raises(services.PlacementNotAllowed):
        plan(review, karin)


def test_the_second_for_the_last_place_is_told(karin: User) -> None:
    opening = make_opening(places=1)
    first, second = agreed(opening), agreed(opening)
    plan(first, karin)

    with pytest.raises(NoPlaceLeft):
        plan(second, karin)
    assert db.session.scalar(sa.select(sa.func.count(Placement.id))) == 1


def test_a_review_becomes_one_placement(karin: User) -> None:
    review = agreed(make_opening(places=2))
    placement = plan(review, karin)

    with pytest.raises(services.AlreadyPlanned):
        plan(review, karin)
    assert opening_of(placement).filled == 1


def test_a_period_backwards_is_refused(karin: User) -> None:
    with pytest.raises(services.PeriodBackwards):
        plan(agreed(), karin, ends_on=TODAY - timedelta(days=1))


def test_cancelling_before_the_start_frees_the_place(karin: User) -> None:
    placement = plan(agreed(), karin)

    with transaction():
        services.cancel_placement(placement, by=karin, at=NOW)

    opening = opening_of(placement)
    assert (opening.filled, opening.status) == (0, OpeningStatus.PUBLISHED)
    assert occupied() == []


def test_a_running_placement_cannot_be_cancelled(karin: User) -> None:
    placement = running(karin)

    with pytest.raises(services.WrongStep), transaction():
        services.cancel_placement(placement, by=karin, at=NOW)
    assert opening_of(placement).filled == 1


def test_cancelling_twice_frees_one_place(karin: User) -> None:
    opening = make_opening(places=2)
    plan(agreed(opening), karin)
    placement = plan(agreed(opening), karin)
    with transaction():
        services.cancel_placement(placement, by=karin, at=NOW)

    with pytest.raises(services.WrongStep), transaction():
        services.cancel_placement(placement, by=karin, at=NOW)
    assert opening_of(placement).filled == 1


@pytest.mark.parametrize("missing", list(Party))
def test_nothing_starts_before_all_three_have_said_what_they_expect(karin: User, missing: Party) -> None:
    placement = plan(agreed(), karin)
    state_all(placement, but=missing)

    with pytest.raises(ExpectationsMissing) as refusal, transaction():
        services.start_placement(placement, by=karin, at=NOW)

    assert refusal.value.parties == (missing,)
    assert str(missing.label) in str(refusal.value.message)


def test_an_expectation_is_said_anew_until_the_start_and_stands_after(karin: User) -> None:
    placement = plan(agreed(), karin)
    state_all(placement)
    said_anew = {"purpose": "Et fast job", "time_frame": "Vi ser tiden an", "development": "Alt"}
    with transaction():
        state_expectation(placement, party=Party.CITIZEN, words=said_anew, by=karin, at=NOW)
    assert placement.settlement is not None
    assert placement.settlement.confirmations == []
    for party in Party:
        with transaction():
            seen = placement.settlement.version
            confirm(placement, party, how=ConfirmedHow.PHONE, seen=seen, by=karin, at=NOW)
    assert [said.purpose for said in placement.expectations].count("Et fast job") == 1
    with transaction():
        services.start_placement(placement, by=karin, at=NOW)

    with pytest.raises(ExpectationsStand), transaction():
        state_expectation(placement, party=Party.CITIZEN, words=said_anew, by=karin, at=NOW)


def test_it_does_not_start_after_the_citizen_withdrew(karin: User) -> None:
    placement = plan(agreed(), karin)
    state_all(placement)
    with transaction():
        placement.review.citizen_answer = Answer.WITHDRAWN

    with pytest.raises(services.CitizenWithdrew), transaction():
        services.start_placement(placement, by=karin, at=NOW)


def test_begun_early_the_period_begins_on_the_real_day(karin: User) -> None:
    later = TODAY + timedelta(days=10)
    placement = plan(agreed(), karin, starts_on=later, ends_on=later + timedelta(weeks=4))
    state_all(placement)

    with transaction():
        services.start_placement(placement, by=karin, at=NOW)

    assert placement.starts_on == TODAY
    assert [place.starts_on for place in occupied()] == [TODAY]


def test_a_follow_up_is_held_once(karin: User) -> None:
    placement = running(karin)
    with transaction():
        talk = follow_ups.add_follow_up(placement, due_on=TODAY, by=karin, at=NOW)
    with transaction():
        follow_ups.hold_follow_up(talk, held_on=TODAY, note="Det går godt.", by=karin, at=NOW)

    with pytest.raises(follow_ups.FollowUpAlreadyHeld), transaction():
        follow_ups.hold_follow_up(talk, held_on=TODAY, note="Igen", by=karin, at=NOW)
