"""An employer gets no more proposals at a time than one of its size answers."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.employers.models import Employer
from portal.loop.openings.models import OpeningStatus
from portal.loop.reviews import services
from portal.loop.reviews.models import Answer, Decision, DecisionReason
from portal.loop.reviews.queries import proposal_room
from portal.shared.accounts.models import User
from portal.shared.rules.proposals import proposal_cap
from portal.shared.rules.queries import rule_book
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_card, make_employer, make_match, make_opening, make_review, user


@pytest.mark.parametrize(
    ("staff", "most"), [("0", 2), ("9.99", 2), ("10", 4), ("49.99", 4), ("50", 8), ("400", 8)]
)
def test_the_cap_follows_the_size(app: Flask, staff: str, most: int) -> None:
    """Source: docs/rules.md#proposal-cap"""
    assert proposal_cap(Decimal(staff), rule_book().on(TODAY, None)).most == most


def proposals(employer: Employer, number: int, **answers: object) -> None:
    for _ in range(number):
        make_review(make_match(make_opening(employer), make_card()), **answers)


def approve_one_more(employer: Employer) -> None:
    match = make_match(make_opening(employer), make_card())
    with transaction():
        services.approve_match(
            db.session.merge(match),
            reason=DecisionReason.GOOD_FIT,
            words="",
            by=user("karin@kommune.example"),
            at=NOW,
        )


def test_the_first_above_the_cap_is_refused_with_the_number_explained(app: Flask) -> None:
    employer = make_employer(full_time_staff=Decimal("9.5"))
    proposals(employer, 1)
    approve_one_more(employer)

    with pytest.raises(services.EmployerHasEnoughProposals) as refusal:
        approve_one_more(employer)
    assert str(refusal.value.message) == (
        "Virksomheden har 2 forslag, der ikke er svaret på. En virksomhed med 9,5 fuldtidspersoner får højst 2 ad "
        "gangen. Vent på et svar, eller ring til virksomheden."
    )


@pytest.mark.parametrize(
    "answers",
    [
        {"citizen_answer": Answer.NO},
        {"citizen_answer": Answer.YES, "employer_answer": Answer.YES},
        {"citizen_answer": Answer.YES, "employer_answer": Answer.NO},
        {"decision": Decision.REFUSED},
    ],
)
def test_what_is_answered_takes_no_room(app: Flask, answers: dict[str, object]) -> None:
    employer = make_employer(full_time_staff=Decimal(1))
    proposals(employer, 2, **answers)

    assert proposal_room(employer.id, rule_book().on(TODAY, None)).open == 0
    approve_one_more(employer)


def test_a_place_that_is_gone_takes_no_room(app: Flask) -> None:
    employer = make_employer(full_time_staff=Decimal(1))
    gone = make_opening(employer, status=OpeningStatus.WITHDRAWN, published_at=NOW - timedelta(days=9))
    make_review(make_match(gone, make_card()))

    assert proposal_room(employer.id, rule_book().on(TODAY, None)).open == 0


def test_two_workplaces_count_together_and_another_employer_not(app: Flask) -> None:
    employer, other = make_employer(full_time_staff=Decimal(30)), make_employer("Anden", owner=None)
    proposals(other, 1)

    room = proposal_room(employer.id, rule_book().on(TODAY, None))
    assert (room.open, room.cap.most, room.cap.staff) == (0, 4, Decimal(30))


def test_the_consultant_reads_of_a_full_employer_before_she_decides(
    client_for: Callable[[User | None], PortalClient], karin: User
) -> None:
    employer = make_employer(full_time_staff=Decimal("9.5"))
    proposals(employer, 1)
    match = make_match(make_opening(employer), make_card())
    told = "Du kan ikke sige ja lige nu"

    assert told not in client_for(karin).get(f"/reviews/match/{match.id}").get_data(as_text=True)
    proposals(employer, 1)
    page = client_for(karin).get(f"/reviews/match/{match.id}").get_data(as_text=True)

    assert told in page
    assert "får højst 2 ad gangen" in page
