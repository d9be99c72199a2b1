"""Bo takes the second step; Karin finds it beside Amira's suggestion, and on the list."""

from collections.abc import Callable

import sqlalchemy as sa

from portal.base.database import db
from portal.interventions.pathways.models import SkipReason, StepOffer
from portal.loop.placements.models import Placement
from portal.shared.accounts.models import User
from tests import factories
from tests.client import PortalClient
from tests.factories import make_card, make_citizen, make_employer, make_journey, make_opening, make_package

ClientFor = Callable[[User | None], PortalClient]


def test_a_firm_offers_a_step_and_takes_it_back(client_for: ClientFor, karin: User, mette: User) -> None:
    package, employer = make_package(), make_employer("Bos Køkken", owner="Bo")
    bo = client_for(factories.owner_of(employer))
    assert "/step-offers/own" in bo.get("/efforts/employer").get_data(as_text=True)
    course, praktik, _hours = package.steps
    choices = [one["value"] for one in bo.get("/step-offers/own").page.select("#step_id option")]
    assert str(praktik.id) in choices
    assert str(course.id) not in choices, "no firm takes a course"

    fields = {"step_id": str(praktik.id), "places": "2", "from_on": "01-12-2026"}
    assert bo.post("/step-offers/own", {**fields, "until_on": "01-11-2026"}).status_code == 409
    assert bo.post("/step-offers/own", fields).status_code == 303
    assert bo.post("/step-offers/own", fields).status_code == 409
    assert "De første opgaver" in bo.get("/efforts/employer").words

    consultant = client_for(karin)
    assert "Bos Køkken" in consultant.get(f"/step-offers/?package={package.id}").words
    assert "Bos Køkken" in client_for(mette).get("/step-offers/").words
    assert "Træk tilbuddet" not in client_for(mette).get(f"/efforts/employers/{employer.id}").words
    journey = make_journey(make_citizen(), package)
    step = f"/journeys/{journey.id}/steps/{journey.steps[1].id}"
    assert "Virksomheder, der tager trinnet" in consultant.get(step).words

    offer = db.session.scalars(sa.select(StepOffer)).one()
    assert bo.post(f"/step-offers/{offer.id}/withdraw-own").status_code == 303
    assert "Bos Køkken" not in consultant.get("/step-offers/").words
    assert "Bos Køkken" in consultant.get("/step-offers/?state=withdrawn").words


def test_a_suggestion_says_which_step_it_fits_and_scores_the_same(client_for: ClientFor, karin: User) -> None:
    """The step is a reason beside the suggestion: neither the score nor the order knows of it."""
    package, amira = make_package(), make_citizen()
    card = make_card(amira)
    match = factories.make_match(make_opening(), card)
    before = (match.sure, match.possible, match.lift)
    consultant = client_for(karin)
    assert "trin" not in consultant.get(f"/efforts/matches/{match.id}").page.select_one("main").text  # type: ignore[union-attr]

    journey = make_journey(amira, package)
    beside = consultant.get(f"/efforts/matches/{match.id}").words
    assert "trin 2" not in beside, "the course comes first"
    skip = {"skip-reason": SkipReason.KNOWN_ALREADY.value}
    consultant.post(f"/journeys/{journey.id}/steps/{journey.steps[0].id}/skip", skip)

    beside = consultant.get(f"/efforts/matches/{match.id}").words
    assert "Passer til trin 2 på borgerens vej" in beside
    assert "skære og klargøre grøntsager" in beside
    db.session.expire_all()
    again = db.session.merge(match)
    assert (again.sure, again.possible, again.lift) == before
    assert db.session.scalar(sa.select(sa.func.count(Placement.id))) == 0
