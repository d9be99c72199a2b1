"""The order of decisions and answers, and every way it is refused."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.errors import DomainError
from portal.loop.citizens.models import CitizenStatus
from portal.loop.employers.models import EmployerStatus
from portal.loop.matches.models import MatchStatus
from portal.loop.openings.models import OpeningStatus
from portal.loop.reviews import services
from portal.loop.reviews.models import Answer, AnsweredVia, Decision, DecisionReason, EmployerReason, Review
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from tests.factories import NOW, make_match, make_review


@pytest.fixture(autouse=True)
def _inside(app: Flask) -> None:
    """Every test here calls services."""


def approve(match: Any, by: User) -> Review:
    with transaction():
        return services.approve_match(
            db.session.merge(match), reason=DecisionReason.GOOD_FIT, words="", by=by, at=NOW
        )


def answer(review: Review, given: Answer, by: User, via: AnsweredVia = AnsweredVia.PHONE) -> None:
    with transaction():
        services.answer_as_citizen(db.session.merge(review), given, via=via, by=by, at=NOW)


def employer_answers(review: Review, given: Answer, by: User, reason: EmployerReason | None = None) -> None:
    with transaction():
        services.answer_as_employer(db.session.merge(review), given, reason=reason, by=by, at=NOW)


def reread(review: Review) -> Review:
    db.session.expire_all()
    return db.session.get_one(Review, review.id)


def test_a_yes_takes_the_match_out_of_the_queue_and_asks_the_citizen(karin: User) -> None:
    review = approve(make_match(), karin)

    assert review.decision is Decision.APPROVED
    assert (review.decided_by_id, review.decided_at) == (karin.id, NOW)
    assert reread(review).match.status is MatchStatus.DECIDED
    assert review.awaits_citizen
    assert not review.name_is_open


def test_the_second_consultant_reads_who_was_faster_and_when(karin: User, jonas: User) -> None:
    match = make_match()
    approve(match, karin)

    with pytest.raises(services.MatchAlreadyReviewed) as refusal:
        approve(match, jonas)

    assert str(refusal.value.message) == "Karin Holm var hurtigere: godkendt i dag kl. 10.00."


def test_a_decision_of_another_day_is_named_with_its_date(jonas: User) -> None:
    review = make_review()

    with pytest.raises(services.MatchAlreadyReviewed) as refusal:
        approve(review.match, jonas)

    assert "den 14. november 2026 kl. 10.00" in str(refusal.value.message)


def test_a_no_asks_nobody(karin: User) -> None:
    match = make_match()
    with transaction():
        review = services.refuse_match(
            db.session.merge(match), reason=DecisionReason.DANISH, words="", by=karin, at=NOW
        )

    with pytest.raises(services.NotApproved):
        answer(review, Answer.YES, karin)


@pytest.mark.parametrize("reason", [DecisionReason.SKILLS_LACKING, DecisionReason.LEGAL])
def test_a_yes_needs_a_reason_for_yes(karin: User, reason: DecisionReason) -> None:
    match = make_match()

    with pytest.raises(services.ReasonDoesNotFit), transaction():
        services.approve_match(db.session.merge(match), reason=reason, words="", by=karin, at=NOW)


def test_a_no_needs_a_reason_for_no(karin: User) -> None:
    match = make_match()

    with pytest.raises(services.ReasonDoesNotFit), transaction():
        services.refuse_match(
            db.session.merge(match), reason=DecisionReason.GOOD_FIT, words="", by=karin, at=NOW
        )


def withdraw_opening(match: Any) -> None:
    match.opening.status = OpeningStatus.WITHDRAWN


def rest_employer(match: Any) -> None:
    match.opening.employer.status = EmployerStatus.PASSIVE
    match.opening.employer.passive_since = NOW


def rest_citizen(match: Any) -> None:
    match.card.is_active = False
    match.card.citizen.status, match.card.citizen.passive_since = CitizenStatus.PASSIVE, NOW


GONE = [
    (withdraw_opening, services.OpeningNotAvailable),
    (rest_employer, services.EmployerTakesNoProposals),
    (rest_citizen, services.ProposedCitizenIsPassive),
]


@pytest.mark.parametrize(("change", "error"), GONE)
def test_nothing_is_approved_when_a_side_is_gone(karin: User, change: Any, error: type[DomainError]) -> None:
    match = make_match()
    with transaction():
        change(db.session.merge(match))

    with pytest.raises(error):
        approve(match, karin)


@pytest.mark.parametrize(("change", "error"), GONE)
def test_a_citizens_yes_needs_all_sides_but_her_no_does_not(
    karin: User, change: Any, error: type[DomainError]
) -> None:
    review = make_review()
    with transaction():
        change(db.session.merge(review).match)

    with pytest.raises(error):
        answer(review, Answer.YES, karin)
    answer(review, Answer.NO, karin)

    assert reread(review).citizen_answer is Answer.NO


@pytest.mark.parametrize(("change", "error"), GONE)
def test_an_employers_yes_needs_all_sides(karin: User, change: Any, error: type[DomainError]) -> None:
    review = make_review(citizen_answer=Answer.YES)
    with transaction():
        change(db.session.merge(review).match)

    with pytest.raises(error):
        employer_answers(review, Answer.YES, karin)


def test_all_three_in_order_allow_a_placement(karin: User) -> None:
    review = approve(make_match(), karin)
    answer(review, Answer.YES, karin, AnsweredVia.PAPER)
    employer_answers(review, Answer.YES, karin)

    review = reread(review)
    assert review.allows_placement
    assert review.citizen_answered_via is AnsweredVia.PAPER
    assert review.citizen_answer_recorded_by_id == karin.id


def test_the_employer_cannot_answer_before_the_citizen(karin: User) -> None:
    review = make_review()

    with pytest.raises(services.ProposalNotOpen):
        employer_answers(review, Answer.YES, karin)


def test_a_withdrawal_closes_the_name_and_the_employers_answer_at_once(karin: User) -> None:
    review = make_review(citizen_answer=Answer.YES)
    with transaction():
        services.withdraw_as_citizen(db.session.merge(review), by=karin, at=NOW)

    assert not reread(review).name_is_open
    with pytest.raises(services.ProposalNotOpen):
        employer_answers(review, Answer.YES, karin)


def test_a_withdrawal_after_the_employers_yes_allows_no_placement(karin: User) -> None:
    review = make_review(citizen_answer=Answer.YES, employer_answer=Answer.YES)
    with transaction():
        services.withdraw_as_citizen(db.session.merge(review), by=karin, at=NOW)

    assert not reread(review).allows_placement


@pytest.mark.parametrize("given", [Answer.PENDING, Answer.NO, Answer.WITHDRAWN])
def test_only_a_standing_yes_is_withdrawn(karin: User, given: Answer) -> None:
    review = make_review(citizen_answer=given)

    with pytest.raises(services.NoYesToWithdraw), transaction():
        services.withdraw_as_citizen(db.session.merge(review), by=karin, at=NOW)


def test_the_citizen_answers_once(karin: User) -> None:
    review = make_review(citizen_answer=Answer.YES)

    with pytest.raises(services.CitizenAlreadyAnswered):
        answer(review, Answer.NO, karin)


def test_the_employer_answers_once(karin: User) -> None:
    review = make_review(citizen_answer=Answer.YES, employer_answer=Answer.YES)

    with pytest.raises(services.EmployerAlreadyAnswered):
        employer_answers(review, Answer.NO, karin, EmployerReason.TIME)


def test_an_employers_no_has_a_reason(karin: User) -> None:
    review = make_review(citizen_answer=Answer.YES)

    with pytest.raises(services.ReasonDoesNotFit):
        employer_answers(review, Answer.NO, karin)
    employer_answers(review, Answer.NO, karin, EmployerReason.TIME)

    assert reread(review).employer_reason is EmployerReason.TIME


def test_each_step_leaves_a_line_about_the_citizen(karin: User) -> None:
    review = approve(make_match(), karin)
    answer(review, Answer.YES, karin)
    employer_answers(review, Answer.YES, karin)

    citizen_id = reread(review).match.card.citizen_id
    lines = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.citizen_id == citizen_id))
    assert {line.action for line in lines} >= {
        "match-approved",
        "citizen-answered-yes",
        "employer-answered-yes",
    }


def test_the_database_refuses_to_ask_after_a_no() -> None:
    review = make_review(decision=Decision.REFUSED, reason=DecisionReason.DANISH)
    asked = (
        sa.update(Review)
        .where(Review.id == review.id)
        .values(citizen_answer=Answer.YES, citizen_answered_at=NOW, citizen_answered_via=AnsweredVia.PHONE)
    )

    with pytest.raises(sa.exc.IntegrityError), transaction():
        db.session.execute(asked)


def test_the_database_refuses_a_second_review_of_a_match() -> None:
    review = make_review()

    with pytest.raises(sa.exc.IntegrityError):
        make_review(review.match)
