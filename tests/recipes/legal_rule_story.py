"""Told in a portal whose law asks for ten hours of praktik a week: the rule is met wherever people work."""

from datetime import timedelta
from typing import Final

from flask import Flask

from portal.base.database import db
from portal.base.terms import PlacementForm
from portal.loop.openings.models import Opening
from portal.loop.placements.models import Placement
from portal.loop.reviews.models import Answer, Review
from tests.client import PortalClient
from tests.factories import (
    TODAY,
    make_employer,
    make_match,
    make_opening,
    make_review,
    owner_of,
    user,
)
from tests.support.recipes import toy_portal

SAID: Final = "8 timer om ugen er for lidt."
BECAUSE: Final = "Hun begynder langsomt efter sygdom."


def everybody_reads_its_number(app: Flask, karin: PortalClient, opening: Opening) -> None:
    words = karin.get("/rules/?q=mindste+antal").words

    assert "Virksomhedspraktik: mindste antal timer" in words
    assert "Legetøjslov § 1" in words


def the_opening_says_it_to_both_sides(app: Flask, karin: PortalClient, opening: Opening) -> None:
    bo = PortalClient(app, owner_of(opening.workplace.employer))

    for client in (karin, bo):
        words = client.get(f"/openings/{opening.id}").words
        assert SAID in words
        assert "Vælg mindst 10 timer om ugen." in words


def a_decision_passes_it_with_a_reason_that_is_kept(
    app: Flask, karin: PortalClient, opening: Opening
) -> None:
    match = make_match(opening)
    url, form = f"/reviews/match/{match.id}", {"reason": "good_fit", "unpaid_reason": "Hun vil prøve faget."}
    assert SAID in karin.get(url).words

    refused = karin.post(f"{url}/approve", form)
    passed = karin.post(f"{url}/approve", {**form, "stop_reason": BECAUSE})

    assert (refused.status_code, passed.status_code) == (422, 303)
    review = db.session.query(Review).filter_by(match_id=match.id).one()
    assert "R99" in {one["rule"] for one in review.findings}
    assert review.stop_reason == BECAUSE
    assert SAID in karin.get(f"/reviews/{review.id}/record").words


def a_plan_passes_it_with_a_reason_that_is_kept(app: Flask, karin: PortalClient, opening: Opening) -> None:
    review = make_review(make_match(opening), citizen_answer=Answer.YES, employer_answer=Answer.YES)
    url = f"/placements/plan/{review.id}"
    plan = {
        "form": PlacementForm.PRAKTIK.value,
        "hours_per_week": "8",
        "starts_on": f"{TODAY + timedelta(days=14):%Y-%m-%d}",
        "ends_on": f"{TODAY + timedelta(days=40):%Y-%m-%d}",
        "act": "lab",
        "readiness": "other",
    }

    refused = karin.post(url, plan)
    passed = karin.post(url, {**plan, "stop_reason": BECAUSE})

    assert (refused.status_code, passed.status_code) == (409, 303), refused.words
    assert SAID in refused.words
    placement = db.session.query(Placement).filter_by(review_id=review.id).one()
    assert "R99" in {one["rule"] for one in placement.findings}
    assert placement.stop_reason == BECAUSE


def enough_hours_are_in_order(app: Flask, karin: PortalClient, opening: Opening) -> None:
    enough = make_opening(hours_per_week=10)

    assert "er for lidt" not in karin.get(f"/openings/{enough.id}").words


def main() -> None:
    with toy_portal() as app:
        karin = PortalClient(app, user("karin@kommune.example"))
        for seen in (
            everybody_reads_its_number,
            the_opening_says_it_to_both_sides,
            a_decision_passes_it_with_a_reason_that_is_kept,
            a_plan_passes_it_with_a_reason_that_is_kept,
            enough_hours_are_in_order,
        ):
            seen(app, karin, make_opening(make_employer(), hours_per_week=8))


if __name__ == "__main__":
    main()
