"""What a placement rests on is the municipality's: no page, link, mail or file of an employer has a word of it."""

from datetime import date
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.base.terms import PlacementForm
from portal.loop.assessments import services as assessments
from portal.loop.assessments.models import Assessment, AssessmentKind
from portal.loop.placements.models import Placement
from portal.loop.reviews.models import Answer
from portal.shared.outbox.models import Mail
from tests import factories
from tests.factories import NOW, TODAY
from tests.support.crawl import Crawler

REASON, REMARK = "kanariegrunden", "kanarieordet"
OFFERS = {
    PlacementForm.PRAKTIK: {"readiness": "other", "is_outside_ratio": "y", "ends_on": "2026-12-15"},
    PlacementForm.LOENTILSKUD: {"act": "integration", "readiness": "job_ready", "ends_on": "2027-02-17"},
    PlacementForm.IGU: {"act": "ukraine", "arrived_on": "2019-02-03", "ends_on": "2028-11-17"},
}
SHEET = {
    "representative_name": "Grete Vang",
    "representative_stated_on": "2026-11-17",
    "purpose": "training",
    "not_last_employer": "no",
    "not_owned_by_family": "yes",
    "staff_last_month": "12",
    "staff_average": "12",
    "monthly_wage_dkk": "21987",
    "monthly_subsidy_dkk": "8987",
    "benefits": "not_needed",
    "school_weeks": "25",
    "total_hours_per_week": "34",
    "igu_residence": "yes",
    "igu_not_employed": "yes",
    "igu_first": "no",
    "remarks": REMARK,
}
CANARIES = (
    REASON,
    REMARK,
    "Lov om en aktiv beskæftigelsesindsats (LAB)",
    "Integrationsloven",
    "Særloven for fordrevne",
    "jobparat",
    "job_ready",
    "eget arbejdssted",
    "rimelighedskravet (§ 65)",
    "is_outside_ratio",
    "3. februar 2019",
    "2019-02-03",
    "1979-05-17",
    "maj 1979",
    "undtaget fra kravet om ledighed",
    "ikke haft en IGU før",
    "seneste arbejdsgiver",
    "8.987",
    "Ikke relevant",
)


def offered(karin, form: PlacementForm) -> Placement:
    """Planned, with a sheet and a start, each with everything that can be said."""
    citizen = factories.make_citizen(birth_year=None, born_on=date(1979, 5, 17))
    opening = factories.make_opening(form=form)
    review = factories.make_review(
        factories.make_match(opening, factories.make_card(citizen)),
        citizen_answer=Answer.YES,
        employer_answer=Answer.YES,
    )
    plan = {"form": form.value, "hours_per_week": "37,5", "starts_on": TODAY.isoformat(), "act": "lab"}
    terms = {**plan, **OFFERS[form], "stop_reason": REASON, "long_reason": REASON}
    assert karin.post(f"/placements/plan/{review.id}", terms).status_code in (200, 303)
    placement = db.session.scalars(sa.select(Placement)).one()
    sheet = f"/vitas/placement/{placement.id}"
    assert karin.post(sheet, SHEET).status_code == 303
    assert karin.post(f"{sheet}/ready", {"stop_reason": REASON}).status_code == 303
    factories.make_settlement(placement)
    return placement


def all_that_is_sent(client, app) -> dict[str, str]:
    """Path -> what the employer gets, by following every link and asking each list for its file."""
    read: dict[str, str] = {}

    def fetch(path: str) -> list[str]:
        answer = client.get(path)
        read[path] = answer.told
        if answer.mimetype != "text/html":
            return []
        page = answer.page
        return [
            str(one[name]) for name in ("href", "hx-get", "action") for one in page.select(f"[{name}]")
        ] + [f"{urlsplit(path).path}?format=csv"]

    Crawler(app, fetch, per_endpoint=20).walk()
    return read


@pytest.mark.parametrize("form", list(OFFERS))
def test_no_employer_reads_what_an_offer_rests_on(app, client_for, karin, form):
    municipality = client_for(karin)
    placement = offered(municipality, form)
    inside = municipality.get(f"/placements/{placement.id}").words
    inside += municipality.get(f"/vitas/placement/{placement.id}").words
    assert REASON in inside, "the municipality reads it"
    bo = client_for(factories.owner_of(placement.opening.employer))

    planned = all_that_is_sent(bo, app)
    started = municipality.post(f"/placements/{placement.id}/start", {"stop_reason": REASON})
    assert started.status_code == 303
    with transaction():
        begun = db.session.get_one(Placement, placement.id)
        sheet = assessments.open_sheet(
            begun, AssessmentKind.MIDWAY, by=factories.user("karin@kommune.example"), at=NOW
        )
    running = all_that_is_sent(bo, app)
    page = municipality.get(f"/assessments/{sheet.id}").page
    link = urlsplit(str(page.select_one("#workplace-link")["value"])).path
    by_link = {link: app.test_client().get(link).get_data(as_text=True)}
    mails = {
        f"mail {one.id}": f"{one.subject} {one.text} {one.calendar} {one.links}"
        for one in db.session.scalars(sa.select(Mail))
    }
    assert mails

    assert f"/placements/{placement.id}" in running
    assert any(path.endswith("format=csv") for path in running)
    assert any(path.endswith(".ics") for path in running)
    assert db.session.scalars(sa.select(Assessment)).all()
    everything = {**planned, **running, **by_link, **mails}
    told = {
        (path, word)
        for path, words in everything.items()
        for word in CANARIES
        if word.casefold() in words.casefold()
    }
    assert told == set()
