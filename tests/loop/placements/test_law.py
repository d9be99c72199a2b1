"""Karin plans against the law: what the rules let pass with a reason passes, what they let nobody pass does not.

Boundaries of the rules themselves: tests/shared/rules/test_law_forms.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db
from portal.base.terms import PlacementForm
from portal.loop.openings.models import OpeningStatus
from portal.loop.placements.findings import not_passed
from portal.loop.placements.models import Placement, PlacementStatus
from portal.loop.reviews.models import Answer, Review
from portal.shared.accounts.models import User
from portal.shared.rules.findings import Finding, Verdict
from portal.shared.rules.models import Rule
from tests import factories
from tests.client import PortalClient, PortalResponse
from tests.factories import TODAY

ClientFor = Callable[[User | None], PortalClient]

BECAUSE = "Aftalt med jobcenterets jurist."
NEW_YEAR = date(2027, 1, 1)
LONG = Finding(
    "R4",
    Verdict.STOP,
    "Praktikken er på 27 uger i alt. Efter en konkret vurdering må den vare 26 uger.",
    "LAB § 61",
)


@dataclass(frozen=True)
class Over:
    """A plan over a limit: which rule says stop, and where the limit was read."""

    rule: str
    form: PlacementForm = PlacementForm.PRAKTIK
    hours: str = "25"
    weeks: int = 4
    more_days: int = 0
    born_on: date = date(1990, 3, 1)

    @property
    def typed(self) -> dict[str, str]:
        last = TODAY + timedelta(weeks=self.weeks, days=self.more_days - 1)
        return {
            "form": self.form.value,
            "hours_per_week": self.hours,
            "starts_on": TODAY.isoformat(),
            "ends_on": last.isoformat(),
            "act": "lab",
            "readiness": "other",
        }


OVER = [
    pytest.param(Over("R4", weeks=13, more_days=1), id="LAB § 61 stk. 2: 13 weeks and a day"),
    pytest.param(Over("R4", weeks=26, more_days=1), id="LAB § 61 stk. 2: 26 weeks and a day"),
    pytest.param(Over("R5", hours="37,5"), id="ballerup.dk: praktik of 37.5 hours"),
    pytest.param(Over("R17", PlacementForm.REGULAR_JOB, hours="37,5"), id="normaluge: a job of 37.5 hours"),
    pytest.param(
        Over("R17", PlacementForm.LOENTILSKUD, hours="37,5"), id="normaluge: løntilskud, 37.5 hours"
    ),
    pytest.param(Over("R10", PlacementForm.IGU, hours="24,5", weeks=104), id="siri.dk: an IGU of 24.5 hours"),
    pytest.param(
        Over("R10", PlacementForm.IGU, hours="30", weeks=104, born_on=date(1970, 3, 1)),
        id="L 82: an IGU at 56",
    ),
]


def agreed(
    *, form: PlacementForm = PlacementForm.PRAKTIK, born_on: date = date(1990, 3, 1), **post: Any
) -> Review:
    """All three have said yes to a place of that form."""
    citizen = factories.make_citizen("Amira", born_on=born_on)
    opening = factories.make_opening(form=form, **post)
    match = factories.make_match(opening, factories.make_card(citizen))
    return factories.make_review(match, citizen_answer=Answer.YES, employer_answer=Answer.YES)


def planned_from(review: Review) -> Placement | None:
    db.session.rollback()
    return db.session.scalar(sa.select(Placement).where(Placement.review_id == review.id))


def said_by_the_rules(answer: PortalResponse) -> list[str]:
    return [one.get_text() for one in answer.page.select(".finding-stop")]


@pytest.mark.parametrize("over", OVER)
def test_a_stop_is_passed_with_a_reason_and_never_without(
    client_for: ClientFor, karin: User, over: Over
) -> None:
    review = agreed(form=over.form, born_on=over.born_on)
    client, url = client_for(karin), f"/placements/plan/{review.id}"

    refused = client.post(url, over.typed)
    assert planned_from(review) is None
    passed = client.post(url, {**over.typed, "stop_reason": BECAUSE})

    assert refused.status_code == 409
    assert said_by_the_rules(refused)
    assert refused.page.select_one("[name=stop_reason]")
    assert passed.status_code == 303
    placement = planned_from(review)
    assert placement is not None
    assert placement.stop_reason == BECAUSE
    assert over.rule in {row["rule"] for row in placement.findings if row["verdict"] == "stop"}


@pytest.mark.parametrize("weeks", [13, 26])  # LAB § 61 stk. 2
def test_a_praktik_of_just_so_many_weeks_stops_at_nothing(
    client_for: ClientFor, karin: User, weeks: int
) -> None:
    review = agreed()
    typed = {**Over("R4", weeks=weeks).typed, "long_reason": "Hun lærer to fag." if weeks > 13 else ""}

    assert client_for(karin).post(f"/placements/plan/{review.id}", typed).status_code == 303


@pytest.mark.parametrize("nothing", ["   ", "\u00a0\u3000", "\u200b", "\u2060\u00ad", "\u3164\u2800"])
def test_a_reason_that_nobody_can_read_passes_no_stop(
    client_for: ClientFor, karin: User, nothing: str
) -> None:
    review = agreed()
    typed = {**Over("R5", hours="60").typed, "stop_reason": nothing}

    refused = client_for(karin).post(f"/placements/plan/{review.id}", typed)

    assert refused.status_code == 409
    assert planned_from(review) is None


def test_a_stop_that_was_passed_opens_no_other_of_the_same_rule(app: Flask) -> None:
    """R10 says all three: the reason was her age, not the hours; and the end of the trial nobody may pass."""
    age = Finding("R10", Verdict.STOP, "Opfylder ikke alderskravet.", "")
    hours = Finding("R10", Verdict.STOP, "Der skal arbejdes mindst 25 timer om ugen.", "")
    too_late = Finding("R10", Verdict.STOP, "Der må ikke begynde nye IGU-forløb.", "", is_final=True)
    placement = factories.make_placement(
        stop_reason=BECAUSE, findings=[one.as_row() for one in (age, too_late)]
    )

    assert not_passed(placement, [age, hours, too_late]) == [hours, too_late]


def test_no_reason_begins_an_igu_after_the_trial(client_for: ClientFor, karin: User) -> None:
    """L 82 § 3: the scheme takes nobody in after 31 December 2027."""
    review = agreed(form=PlacementForm.IGU, starts_on=date(2028, 1, 1), ends_on=None)
    typed = {
        **Over("R10", PlacementForm.IGU).typed,
        "starts_on": "2028-01-01",
        "ends_on": "2029-12-31",
        "stop_reason": BECAUSE,
    }

    refused = client_for(karin).post(f"/placements/plan/{review.id}", typed)

    assert refused.status_code == 409
    assert "Reglerne giver ingen undtagelse her" in refused.words
    assert planned_from(review) is None


def test_the_page_asks_for_no_reason_where_none_helps(client_for: ClientFor, karin: User) -> None:
    review = agreed(form=PlacementForm.IGU, starts_on=date(2028, 1, 1), ends_on=None)

    page = client_for(karin).get(f"/placements/plan/{review.id}").page

    assert not page.select("[name=stop_reason]")


# --- The opening -----------------------------------------------------------------------------------------------------


def test_an_opening_over_a_limit_is_put_up_and_the_suggestion_is_passed_with_a_reason(
    client_for: ClientFor, karin: User
) -> None:
    """An employer is warned and the municipality stopped: docs/rules.md#checks."""
    draft = factories.make_opening(hours_per_week=38.0, status=OpeningStatus.DRAFT)
    assert client_for(karin).post(f"/openings/{draft.id}/publish").status_code == 303
    match = factories.make_match(draft, factories.make_card())
    client, url = client_for(karin), f"/reviews/match/{match.id}/approve"
    decision = {"reason": "good_fit", "words": ""}

    refused = client.post(url, decision)
    passed = client.post(url, {**decision, "stop_reason": BECAUSE})

    assert (refused.status_code, passed.status_code) == (422, 303)
    review = db.session.scalars(sa.select(Review).where(Review.match_id == match.id)).one()
    assert review.stop_reason == BECAUSE


def test_an_igu_after_the_trial_is_not_put_up(client_for: ClientFor, karin: User) -> None:
    draft = factories.make_opening(
        form=PlacementForm.IGU, starts_on=date(2028, 1, 1), ends_on=None, status=OpeningStatus.DRAFT
    )

    refused = client_for(karin).post(f"/openings/{draft.id}/publish")

    assert refused.status_code == 409
    assert "Reglerne giver ingen undtagelse her" in refused.words


# --- A change: of a number, and of the day ---------------------------------------------------------------------------


def amend(client: PortalClient, key: str, value: str) -> None:
    """Whoever runs the portal puts a new number in force from the new year."""
    rule = factories.rule(key)
    form = {
        "value": value,
        "valid_from": NEW_YEAR.isoformat(),
        "reference": "LAB, ny lov",
        "source": "Lov nr. 1 af 1. december 2026",
        "certainty": "read",
        "checked_by": "Drude Drift",
        "checked_on": TODAY.isoformat(),
    }
    shown = client.post(f"/amendments/rule/{rule.id}/new", {**form, "step": "preview"})
    seen = shown.page.select_one("input[name=previewed]")["value"]  # type: ignore[index]
    saved = client.post(f"/amendments/rule/{rule.id}/new", {**form, "step": "save", "previewed": str(seen)})
    assert saved.status_code == 303


@pytest.mark.parametrize(
    ("key", "value", "typed", "rule"),
    [
        ("praktik-weeks-assessed", "20", {"ends_on": "2027-06-17"}, "R4"),  # 24 weeks
        ("praktik-hours-most", "30", {"hours_per_week": "30,5"}, "R5"),
        ("full-time-hours", "35", {"hours_per_week": "36", "form": "regular_job"}, "R17"),
    ],
)
def test_a_lowered_number_stops_whom_it_concerns_until_a_reason_is_given(
    client_for: ClientFor, karin: User, drude: User, key: str, value: str, typed: dict[str, str], rule: str
) -> None:
    review = agreed(form=PlacementForm(typed.get("form", "praktik")))
    client, url = client_for(karin), f"/placements/plan/{review.id}"
    plan = {
        **Over(rule).typed,
        "starts_on": "2027-01-04",
        "ends_on": "2027-01-31",
        "long_reason": "To fag",
        **typed,
    }

    amend(client_for(drude), key, value)
    refused = client.post(url, plan)
    passed = client.post(url, {**plan, "stop_reason": BECAUSE})

    assert refused.status_code == 409
    assert passed.status_code == 303
    placement = planned_from(review)
    assert placement is not None
    assert [row["rule"] for row in placement.findings if row["verdict"] == "stop"] == [rule]


def test_a_raised_number_lets_more_hours_through(client_for: ClientFor, karin: User, drude: User) -> None:
    review = agreed()
    plan = {**Over("R5", hours="40").typed, "starts_on": "2027-01-04", "ends_on": "2027-01-31"}

    amend(client_for(drude), "praktik-hours-most", "40")

    assert client_for(karin).post(f"/placements/plan/{review.id}", plan).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count(Rule.id)).where(Rule.key == "praktik-hours-most")) == 2


def ready_to_start(**terms: Any) -> Placement:
    placement = factories.make_placement(agreed(), **terms)
    factories.make_settlement(placement)
    factories.make_ready_sheet(placement)
    return placement


def test_begun_early_it_may_be_too_long_and_is_passed_with_a_reason(
    client_for: ClientFor, karin: User
) -> None:
    in_a_week = TODAY + timedelta(weeks=1)
    placement = ready_to_start(starts_on=in_a_week, ends_on=in_a_week + timedelta(weeks=13, days=-1))
    client, url = client_for(karin), f"/placements/{placement.id}/start"

    refused = client.post(url)
    left_empty = client.post(url, {"stop_reason": " "})
    no_number = client.post(url, {"stop_reason": "Hun hedder 010190-1234"})
    passed = client.post(url, {"stop_reason": BECAUSE})

    assert (refused.status_code, no_number.status_code, passed.status_code) == (409, 422, 303)
    assert (left_empty.status_code, "Skriv grunden." in left_empty.words) == (409, True)
    assert "Skriv grunden." not in refused.words
    assert "Praktikken er på 14 uger i alt" in said_by_the_rules(refused)[0]
    db.session.rollback()
    begun = db.session.get_one(Placement, placement.id, populate_existing=True)
    assert (begun.status, begun.starts_on, begun.later_reason) == (PlacementStatus.RUNNING, TODAY, BECAUSE)


@pytest.mark.parametrize(("agreed_on", "status"), [(TODAY, 303), (TODAY + timedelta(days=1), 409)])
def test_a_stop_passed_at_the_plan_is_asked_about_again_only_at_an_early_start(
    client_for: ClientFor, karin: User, agreed_on: date, status: int
) -> None:
    """Begun a day before it was agreed, it lasts a day longer than the stop was passed for."""
    placement = ready_to_start(
        starts_on=agreed_on,
        ends_on=TODAY + timedelta(weeks=27, days=-1),
        findings=[LONG.as_row()],
        stop_reason=BECAUSE,
    )

    assert client_for(karin).post(f"/placements/{placement.id}/start").status_code == status


def test_a_warning_at_the_plan_is_no_leave_to_pass_the_stop_it_becomes(
    client_for: ClientFor, karin: User
) -> None:
    """Six and twenty weeks with a reason are warned of; a week more stops, whatever else was passed."""
    in_a_week = TODAY + timedelta(weeks=1)
    placement = ready_to_start(
        starts_on=in_a_week,
        ends_on=in_a_week + timedelta(weeks=26, days=-1),
        long_reason="Hun lærer to fag.",
        findings=[
            {"rule": "R4", "verdict": "warning", "sentence": "26 uger", "reference": "LAB § 61"},
            {"rule": "R1", "verdict": "stop", "sentence": "To for mange", "reference": "§ 65"},
        ],
        stop_reason="Den første stopper på fredag.",
    )
    client, url = client_for(karin), f"/placements/{placement.id}/start"

    refused = client.post(url)
    passed = client.post(url, {"stop_reason": BECAUSE})

    assert (refused.status_code, passed.status_code) == (409, 303)
    db.session.rollback()
    kept = db.session.get_one(Placement, placement.id, populate_existing=True)
    assert (kept.stop_reason, kept.later_reason) == ("Den første stopper på fredag.", BECAUSE)
