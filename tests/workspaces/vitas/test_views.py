"""The sheet for VITAS: its order, what stops it, who has spoken, and its paper."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from portal.base.database import db, transaction
from portal.base.terms import PlacementForm
from portal.loop.placements.models import Placement
from portal.loop.reviews.models import Answer
from portal.shared.audit.models import AuditEntry
from portal.workspaces.vitas.models import VitasSheet
from tests import factories
from tests.factories import NOW, TODAY

SPOKEN = {
    "representative_name": "Grete Vang",
    "representative_stated_on": "2026-11-17",
    "working_times": "Mandag til torsdag kl. 8-13",
    "purpose": "training",
    "not_last_employer": "yes",
    "not_owned_by_family": "yes",
    "remarks": "",
}


@pytest.fixture
def placement(app) -> Placement:
    """A lawful praktik at an employer with somebody to hear."""
    return factories.make_placement(
        factories.make_review(
            factories.make_match(factories.make_opening(factories.make_employer("Bos Køkken ApS"))),
            citizen_answer=Answer.YES,
            employer_answer=Answer.YES,
        )
    )


def url_of(placement: Placement, step: str = "") -> str:
    return f"/vitas/placement/{placement.id}{step}"


def sent(answers: dict[str, object]) -> dict[str, object]:
    """As a browser sends it: a group of which nothing is chosen is not there."""
    return {name: value for name, value in answers.items() if value is not None}


def sheets() -> list[VitasSheet]:
    return list(db.session.scalars(sa.select(VitasSheet)))


def test_it_is_ready_when_the_representative_has_spoken_and_nothing_is_missing(placement, karin, client_for):
    client = client_for(karin)

    written = client.post(url_of(placement), SPOKEN)
    ready = client.post(url_of(placement, "/ready"), {})

    assert (written.status_code, ready.status_code) == (303, 303)
    (sheet,) = sheets()
    assert (sheet.ready_by_id, sheet.ready_at) == (karin.id, NOW)
    assert "Meldt klar af Karin Holm" in client.get(url_of(placement)).words


@pytest.mark.parametrize(
    ("missing", "rule_says"),
    [
        ({"representative_name": "", "representative_stated_on": ""}, "repræsentant har ikke udtalt sig"),
        ({"representative_stated_on": ""}, "repræsentant har ikke udtalt sig"),
        ({"purpose": ""}, "Formålet er ikke valgt"),
        ({"not_owned_by_family": None}, "Der mangler svar: Ægtefælle eller samlever ejer ikke"),
        ({"not_last_employer": None}, "Der mangler svar: Det er ikke borgerens seneste arbejdsgiver"),
    ],
)
def test_what_is_missing_stops_it_whatever_the_reason(placement, karin, client_for, missing, rule_says):
    client = client_for(karin)
    client.post(url_of(placement), sent({**SPOKEN, **missing}))

    page = client.get(url_of(placement)).page
    refused = client.post(url_of(placement, "/ready"), {"stop_reason": "Det haster"})

    assert rule_says in page.select_one(".finding-stop").get_text()
    assert page.select("form[action$='/ready']") == []
    assert refused.status_code == 409
    assert sheets()[0].ready_at is None


@pytest.mark.parametrize(
    ("heads", "answer", "rule_says"),
    [
        ("1", 303, ""),
        ("2", 409, "repræsentant har ikke udtalt sig"),  # two on half time: domain.md 1, tiponi.dk
        ("", 409, "Det er ikke oplyst, hvor mange personer"),
    ],
)
def test_whether_somebody_must_be_heard_is_told_by_how_many_bo_says_there_are(
    karin, client_for, app, heads, answer, rule_says
):
    employer = factories.make_employer(full_time_staff=Decimal(1))
    review = factories.make_review(
        factories.make_match(factories.make_opening(employer)),
        citizen_answer=Answer.YES,
        employer_answer=Answer.YES,
    )
    placement = factories.make_placement(review)
    staff = f"/employers/own/workplaces/{employer.workplaces[0].id}/staff"
    said = {"full_time_staff": "1", "heads": heads, "stated_on": "2026-11-18", "said_by": "Bo"}
    assert client_for(factories.owner_of(employer)).post(staff, said).status_code == 303
    client = client_for(karin)
    client.post(url_of(placement), {**SPOKEN, "representative_name": "", "representative_stated_on": ""})

    page = client.get(url_of(placement)).page
    ready = client.post(url_of(placement, "/ready"), {})

    stops = " ".join(stop.get_text() for stop in page.select(".finding-stop"))
    assert ready.status_code == answer
    assert rule_says in stops
    assert bool(stops) is bool(rule_says)


def test_nothing_written_is_not_ready_and_has_no_paper(placement, karin, client_for):
    client = client_for(karin)

    assert client.post(url_of(placement, "/ready"), {}).status_code == 409
    assert client.post(url_of(placement, "/case-number"), {"case_number": "1"}).status_code == 409
    assert client.get(url_of(placement, "/print")).status_code == 409


def test_a_change_asks_for_another_declaration(placement, karin, client_for):
    client = client_for(karin)
    client.post(url_of(placement), SPOKEN)
    client.post(url_of(placement, "/ready"), {})

    client.post(url_of(placement), {**SPOKEN, "remarks": "Timerne stiger fra 15 til 25."})

    assert sheets()[0].ready_at is None
    assert sheets()[0].version == 2


def test_a_stop_passed_at_the_plan_does_not_stop_it_here(placement, karin, client_for):
    with transaction():
        found = db.session.get_one(Placement, placement.id)
        found.ends_on = found.starts_on + timedelta(days=7 * 20)
    client = client_for(karin)
    client.post(url_of(placement), SPOKEN)
    assert client.post(url_of(placement, "/ready"), {}).status_code == 409

    with transaction():
        found = db.session.get_one(Placement, placement.id)
        said = "Praktikken er på 19 uger i alt, mere end de almindelige 13."
        found.stop_reason = "Aftalt med lederen"
        found.findings = [{"rule": "R4", "verdict": "stop", "sentence": said, "reference": "LAB § 61"}]

    assert client.post(url_of(placement, "/ready"), {}).status_code == 303


def test_the_fields_stand_in_the_order_of_vitas_each_with_its_button(placement, karin, client_for):
    client = client_for(karin)
    client.post(url_of(placement), SPOKEN)

    page = client.get(url_of(placement)).page

    assert [heading.get_text() for heading in page.select("#fields h3")] == [
        "Virksomheden",
        "Kontaktperson",
        "Medarbejdernes repræsentant",
        "Antal ansatte",
        "Aftalen",
        "Borgeren",
        "Undersøgt af kommunen",
    ]
    fields = {
        fact.select_one("dt").get_text(): fact.select_one("dd span").get_text()
        for fact in page.select("#fields .fact")
    }
    assert fields["P-nummer"] == placement.opening.workplace.p_number
    assert fields["Formål"] == "Oplæring i faglige, sociale eller sproglige kompetencer"
    assert fields["Opgaver"] == "skære og klargøre grøntsager; køkkenhygiejne"
    assert fields["Sag med CPR-nummer"] == placement.card.citizen.case_reference
    for button in page.select("[data-copy]"):
        assert page.select_one(f"#{button['data-copy']}") is not None
        assert button.has_attr("hidden")  # without JavaScript there is nothing to press


@pytest.mark.parametrize(
    ("form", "own", "not_own"),
    [
        (PlacementForm.PRAKTIK, "purpose", "monthly_wage_dkk"),
        (PlacementForm.LOENTILSKUD, "monthly_wage_dkk", "school_weeks"),
        (PlacementForm.IGU, "school_weeks", "purpose"),
    ],
)
def test_each_form_is_asked_its_own(app, karin, client_for, form, own, not_own):
    opening = factories.make_opening(form=form)
    review = factories.make_review(
        factories.make_match(opening), citizen_answer=Answer.YES, employer_answer=Answer.YES
    )

    page = client_for(karin).get(url_of(factories.make_placement(review))).page

    assert page.select_one(f"[name={own}]")
    assert page.select_one(f"[name={not_own}]") is None


def test_an_igu_says_what_must_be_remembered(app, karin, client_for):
    opening = factories.make_opening(form=PlacementForm.IGU)
    review = factories.make_review(
        factories.make_match(opening), citizen_answer=Answer.YES, employer_answer=Answer.YES
    )
    placement = factories.make_placement(review, starts_on=TODAY)

    words = client_for(karin).get(url_of(placement)).words

    assert "18. december 2026: Aftale og undervisningsplan skal være i VITAS" in words
    assert "18. november 2028" in words


def test_what_is_agreed_elsewhere_has_no_sheet(app, karin, client_for):
    opening = factories.make_opening(form=PlacementForm.REGULAR_JOB)
    review = factories.make_review(
        factories.make_match(opening), citizen_answer=Answer.YES, employer_answer=Answer.YES
    )
    placement = factories.make_placement(review)
    client = client_for(karin)

    assert client.get(url_of(placement)).status_code == 409
    assert client.get(f"/placements/{placement.id}").page.select(f"a[href='{url_of(placement)}']") == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"representative_name": "", "representative_stated_on": "2026-11-17"}, "representative_stated_on"),
        ({"representative_stated_on": "2026-11-19"}, "representative_stated_on"),
        ({"remarks": "Hun har 010190-1234"}, "remarks"),
        ({"purpose": "penge"}, "purpose"),
        ({"not_last_employer": "måske"}, "not_last_employer"),
        ({"not_last_employer": "not_needed"}, "not_last_employer"),  # only at her own workplace
    ],
)
def test_what_is_wrong_is_said_beside_the_field(placement, karin, client_for, wrong, field):
    answer = client_for(karin).post(url_of(placement), {**SPOKEN, **wrong})

    assert answer.status_code == 422
    assert answer.page.select_one(f"[name={field}]")["aria-invalid"] == "true"
    assert sheets() == []


def test_the_number_from_vitas_is_kept_and_does_not_undo_the_declaration(placement, karin, client_for):
    client = client_for(karin)
    client.post(url_of(placement), SPOKEN)
    client.post(url_of(placement, "/ready"), {})

    client.post(url_of(placement, "/case-number"), {"case_number": "VIT-2026-117"})

    (sheet,) = sheets()
    assert sheet.case_number == "VIT-2026-117"
    assert sheet.ready_at is not None


def test_the_paper_says_the_same(placement, karin, client_for):
    client = client_for(karin)
    client.post(url_of(placement), SPOKEN)

    paper = client.get(url_of(placement, "/print"))

    assert paper.mimetype == "application/pdf"
    reader = PdfReader(BytesIO(paper.get_data()))
    printed = " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).replace("\u200b", "").split())
    for words in ("Bos Køkken ApS", "Grete Vang", "Mandag til torsdag", placement.opening.workplace.p_number):
        assert words in printed
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_every_look_and_every_step_leaves_a_line(placement, karin, client_for):
    client = client_for(karin)
    client.post(url_of(placement), SPOKEN)
    client.get(url_of(placement))
    client.post(url_of(placement, "/ready"), {})
    client.get(url_of(placement, "/print"))

    lines = db.session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.citizen_id == placement.card.citizen_id)
    ).all()
    assert set(lines) >= {
        "vitas-sheet-written",
        "vitas-sheet-read",
        "vitas-sheet-ready",
        "vitas-sheet-printed",
    }


def test_the_database_refuses_a_statement_without_a_name(placement, karin):
    with pytest.raises(sa.exc.IntegrityError), transaction():
        db.session.add(
            VitasSheet(
                placement_id=placement.id,
                representative_stated_on=TODAY,
                written_at=NOW,
                written_by_id=karin.id,
            )
        )


def test_long_working_times_of_the_opening_are_not_cut_but_counted(placement, karin, client_for):
    """What was cut looked like all there is, and went to VITAS so."""
    with transaction():
        opening = db.session.merge(placement).opening
        opening.weekdays = ["mon", "tue", "wed", "thu", "fri"]
        opening.working_times = (
            "kl. 8-13, og hver anden uge kl. 9-14.30, " + "dog ikke i skolernes ferier, " * 2 + "slut"
        )
    client = client_for(karin)

    shown = client.get(url_of(placement)).page.select_one("[name=working_times]")["value"]

    assert shown.startswith("Mandag, Tirsdag")
    assert shown.endswith("slut")
    refused = client.post(url_of(placement), {**SPOKEN, "working_times": shown})
    assert refused.status_code == 422
    assert f"Der står {len(shown)}." in refused.words
