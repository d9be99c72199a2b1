"""The rules of the law at the decision: a stop, a higher rung, and what an employer reads of age."""

from datetime import date

import pytest

from portal.base.database import db, transaction
from portal.base.terms import PlacementForm
from portal.loop.matches.models import Match
from portal.loop.reviews import services
from portal.loop.reviews.models import Answer, DecisionReason, Review
from portal.loop.reviews.queries import review_of
from portal.shared.rules.findings import StopsStand
from tests import factories
from tests.factories import NOW

TOO_OLD = date(1970, 3, 1)


@pytest.fixture
def stopped(app) -> Match:
    """An IGU for somebody above the age."""
    card = factories.make_card(factories.make_citizen(born_on=TOO_OLD))
    return factories.make_match(factories.make_opening(form=PlacementForm.IGU), card)


def approve(match: Match, by, **reasons) -> Review:
    with transaction():
        return services.approve_match(
            db.session.merge(match), reason=DecisionReason.GOOD_FIT, words="", by=by, at=NOW, **reasons
        )


def test_a_stop_is_not_passed_without_a_reason(stopped, karin):
    with pytest.raises(StopsStand) as refused:
        approve(stopped, karin, stop_reason="  ")

    assert [finding.rule for finding in refused.value.findings] == ["R10"]
    assert review_of(stopped) is None


def test_a_passed_stop_is_kept_with_its_reason(stopped, karin):
    review = approve(stopped, karin, stop_reason="Dispensation fra SIRI af 1. november.")

    assert review.stop_reason == "Dispensation fra SIRI af 1. november."
    assert ("R10", "stop") in [(row["rule"], row["verdict"]) for row in review.findings]


def test_the_page_asks_for_the_reason_and_keeps_what_was_typed(stopped, karin, client_for):
    client = client_for(karin)
    url = f"/reviews/match/{stopped.id}"
    form = {"reason": "good_fit", "words": "Hun kender køkkenet."}

    shown = client.get(url)
    refused = client.post(f"{url}/approve", form)
    passed = client.post(f"{url}/approve", {**form, "stop_reason": "Dispensation"})

    assert shown.page.select(".finding-stop")
    assert refused.status_code == 422
    assert refused.page.select_one("[name=stop_reason]")["aria-invalid"] == "true"
    assert "Hun kender køkkenet." in refused.page.select_one("#approve-words").get_text()
    assert passed.status_code == 303


def test_the_page_never_says_how_old_somebody_is(stopped, karin, client_for):
    words = client_for(karin).get(f"/reviews/match/{stopped.id}").words

    assert "1970" not in words
    assert "56 år" not in words


def test_the_record_says_what_the_rules_said(stopped, karin, client_for):
    review = approve(stopped, karin, stop_reason="Dispensation fra SIRI")

    words = client_for(karin).get(f"/reviews/{review.id}/record").words

    assert "Dispensation fra SIRI" in words
    assert "Opfylder ikke alderskravet" in words


def test_a_lawful_suggestion_asks_for_no_reason(app, karin, client_for):
    match = factories.make_match()

    page = client_for(karin).get(f"/reviews/match/{match.id}").page

    assert page.select("[name=stop_reason], [name=unpaid_reason]") == []
    assert approve(match, karin).findings == []


@pytest.fixture
def ladder(app) -> tuple[Match, dict[PlacementForm, Match]]:
    """A praktik, and the same person's suggestions to everything that is paid."""
    card = factories.make_card()
    paid = {
        form: factories.make_match(factories.make_opening(form=form, title=f"Plads {form.value}"), card)
        for form in (PlacementForm.LOENTILSKUD, PlacementForm.IGU, PlacementForm.REGULAR_JOB)
    }
    return factories.make_match(factories.make_opening(), card), paid


def test_what_is_paid_is_shown_before_a_praktik_the_highest_rung_first(ladder, karin, client_for):
    match, _paid = ladder

    links = client_for(karin).get(f"/reviews/match/{match.id}").page.select("#law li a")

    assert [link.get_text().split(",")[0] for link in links] == [
        "Plads regular_job",
        "Plads igu",
        "Plads loentilskud",
    ]


def test_the_lower_rung_needs_a_reason_that_is_kept(ladder, karin):
    match, _paid = ladder

    with pytest.raises(services.HigherRungOpen):
        approve(match, karin)
    review = approve(match, karin, unpaid_reason="Hun vil prøve faget først.")

    assert review.unpaid_reason == "Hun vil prøve faget først."


def test_somebody_elses_paid_suggestion_and_a_passive_employers_ask_nothing(app, karin):
    match = factories.make_match()
    factories.make_match(factories.make_opening(form=PlacementForm.REGULAR_JOB), factories.make_card())
    other = factories.make_opening(form=PlacementForm.REGULAR_JOB)
    factories.make_match(other, match.card)
    with transaction():
        employer = db.session.merge(other.employer)
        employer.status, employer.passive_since = "passive", NOW

    assert approve(match, karin).unpaid_reason == ""


def test_marked_words_stop_until_a_consultant_has_looked(app, karin, client_for):
    match = factories.make_match(factories.make_opening(description="Kun kvinder."))
    with pytest.raises(StopsStand):
        approve(match, karin)

    client_for(karin).post(f"/openings/{match.opening_id}/words-look", {"note": "Krisecenter"})

    assert [row["verdict"] for row in approve(match, karin).findings] == ["warning"]


@pytest.mark.parametrize(
    ("form", "born_on", "is_told"),
    [
        (PlacementForm.IGU, date(1990, 3, 1), True),
        (PlacementForm.IGU, TOO_OLD, False),
        (PlacementForm.IGU, None, False),
        (PlacementForm.FRITIDSJOB, date(2010, 3, 1), True),
        (PlacementForm.PRAKTIK, date(1990, 3, 1), False),
    ],
)
def test_an_employer_reads_only_that_the_demand_on_age_is_met(app, client_for, form, born_on, is_told):
    opening = factories.make_opening(form=form)
    card = factories.make_card(factories.make_citizen(born_on=born_on))
    review = factories.make_review(factories.make_match(opening, card), citizen_answer=Answer.YES)

    words = client_for(factories.owner_of(opening.employer)).get(f"/reviews/proposal/{review.id}").words

    assert ("Opfylder alderskrav" in words) is is_told
    assert "1990" not in words
    assert "2010" not in words


def test_what_the_rules_said_is_told_with_its_verdict_and_day(stopped, karin, client_for):
    review = approve(stopped, karin, stop_reason="Dispensation fra SIRI af 1. november.")
    with transaction():
        db.session.merge(review).findings = [{**row, "since": "2027-01-09"} for row in review.findings]

    page = client_for(karin).get(f"/reviews/match/{stopped.id}").page.select_one("#match-review").get_text()
    record = client_for(karin).get(f"/reviews/{review.id}/record").page.select_one("#match-record").get_text()

    assert "Stop Fra den 9. januar 2027:" in " ".join(page.split())
    assert "Stop fra den 9. januar 2027:" in record
