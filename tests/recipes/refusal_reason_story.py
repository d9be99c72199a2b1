"""Told in a portal with one more reason for a consultant's no, and for an employer's: chosen, shown and counted."""

from typing import Final

from flask import Flask

from portal.base.database import db
from portal.loop.reviews.models import Answer, DecisionReason, EmployerReason, Review
from tests.client import PortalClient
from tests.factories import make_employer, make_match, make_opening, make_review, owner_of, user
from tests.support.recipes import toy_portal

CONSULTANTS: Final = DecisionReason("childcare")
EMPLOYERS: Final = EmployerReason("no_mentor")


def it_is_a_reason_for_no_and_not_for_yes(app: Flask, karin: PortalClient) -> None:
    match = make_match()

    page = karin.get(f"/reviews/match/{match.id}").page

    assert page.select_one("form[action$='/refuse'] [value=childcare]") is not None
    assert page.select_one("form[action$='/approve'] [value=childcare]") is None
    assert karin.post(f"/reviews/match/{match.id}/approve", {"reason": "childcare"}).status_code == 422


def a_no_for_it_is_shown_and_recorded(app: Flask, karin: PortalClient) -> None:
    match = make_match()

    assert karin.post(f"/reviews/match/{match.id}/refuse", {"reason": "childcare"}).status_code == 303

    review = db.session.query(Review).filter_by(match_id=match.id).one()
    assert review.reason is CONSULTANTS
    assert "Børnepasning mangler" in karin.get(f"/reviews/match/{match.id}").words
    assert "Børnepasning mangler" in karin.get(f"/reviews/{review.id}/record").words


def it_is_counted(app: Flask, karin: PortalClient) -> None:
    mette = PortalClient(app, user("mette@kommune.example"))

    assert "Børnepasning mangler" in mette.get("/quality/").words
    assert "Børnepasning mangler" in mette.get("/quality/?format=csv").get_data(as_text=True)


def an_employer_gives_its_own_and_the_consultant_reads_it(app: Flask, karin: PortalClient) -> None:
    employer = make_employer()
    match = make_match(make_opening(employer))
    review = make_review(match, citizen_answer=Answer.YES)
    bo, url = PortalClient(app, owner_of(employer)), f"/reviews/proposal/{review.id}"
    assert bo.get(url).page.select_one("[name=reason][value=no_mentor]") is not None

    assert bo.post(f"{url}/decline", {"reason": "no_mentor"}).status_code == 303

    assert db.session.get_one(Review, review.id).employer_reason is EMPLOYERS
    assert "Vi har ingen til oplæring" in bo.get(url).words
    assert "vi har ingen til oplæring" in karin.get(f"/reviews/match/{match.id}").words.lower()
    assert "Vi har ingen til oplæring" in karin.get(f"/reviews/{review.id}/record").words


def main() -> None:
    with toy_portal() as app:
        karin = PortalClient(app, user("karin@kommune.example"))
        for seen in (
            it_is_a_reason_for_no_and_not_for_yes,
            a_no_for_it_is_shown_and_recorded,
            it_is_counted,
            an_employer_gives_its_own_and_the_consultant_reads_it,
        ):
            seen(app, karin)


if __name__ == "__main__":
    main()
