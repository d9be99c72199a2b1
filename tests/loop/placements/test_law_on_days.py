"""The law through the pages, on every day and by everybody's age: Karin plans, Bo reads, and neither reads too much.

Boundaries of the rules themselves: tests/shared/rules. Here a few of each kind stand as they are typed and answered.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.base.terms import PlacementForm
from portal.loop.employers.models import Employer, OccupiedPlace, Sector
from portal.loop.employers.outlook import Fullness, ratio_outlooks
from portal.loop.openings.findings import rooms
from portal.loop.placements.models import Placement
from portal.loop.reviews.models import Answer, Review
from portal.shared.accounts.models import User
from tests import factories
from tests.client import PortalClient, PortalResponse
from tests.factories import TODAY

ClientFor = Callable[[User | None], PortalClient]

PRAKTIK, SMAAJOB, JOB = PlacementForm.PRAKTIK, PlacementForm.SMAAJOB, PlacementForm.REGULAR_JOB
LOENTILSKUD, FRITIDSJOB = PlacementForm.LOENTILSKUD, PlacementForm.FRITIDSJOB
BECAUSE = "Aftalt med kommunens jurist."
GROWN_UP = date(1990, 3, 1)
IN_ORDER = 303
REFUSED = 409
SUMMER = date(2027, 7, 12)
"""Monday of week 28."""


def born(years: int, *, before: date = TODAY) -> date:
    """Somebody who has been so old for half a year."""
    return date(before.year - years, 5, 1)


@dataclass
class Plan:
    """What Karin types, and what stands on the opening."""

    form: PlacementForm = PRAKTIK
    hours: str = "20"
    starts_on: date = TODAY + timedelta(days=14)
    ends_on: date = TODAY + timedelta(days=41)
    born_on: date = GROWN_UP
    typed: dict[str, str] = field(default_factory=dict)
    post: dict[str, Any] = field(default_factory=dict)
    employer: dict[str, Any] = field(default_factory=dict)

    def review(self, employer: Employer | None = None, name: str = "Idil") -> Review:
        citizen = factories.make_citizen(name, born_on=self.born_on)
        place = employer or factories.make_employer(**self.employer)
        opening = factories.make_opening(place, **{"form": self.form, "ends_on": None, **self.post})
        match = factories.make_match(opening, factories.make_card(citizen))
        return factories.make_review(match, citizen_answer=Answer.YES, employer_answer=Answer.YES)

    def fields(self) -> dict[str, str]:
        return {
            "form": self.form.value,
            "hours_per_week": self.hours,
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
            "act": "lab",
            "readiness": "other",
            **self.typed,
        }

    def sent(self, client: PortalClient, review: Review | None = None) -> PortalResponse:
        return client.post(f"/placements/plan/{(review or self.review()).id}", self.fields())


def findings(client: PortalClient, plan: Plan, review: Review | None = None) -> list[str]:
    """What the rules say while she writes it."""
    answer = client.post(f"/placements/plan/{(review or plan.review()).id}/judged", plan.fields())
    return [one.get_text(" ", strip=True) for one in answer.page.select("#plan-law li, #plan-law .finding")]


def kept(review: Review) -> list[dict[str, str]]:
    db.session.rollback()
    return list(
        db.session.scalars(sa.select(Placement).where(Placement.review_id == review.id)).one().findings
    )


# --- By her age, whatever the form -----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", list(PlacementForm))
@pytest.mark.parametrize("years", [11, 12])
def test_nobody_under_thirteen_is_planned_and_no_reason_helps(
    client_for: ClientFor, karin: User, form: PlacementForm, years: int
) -> None:
    """DI 2025, at.dk: under 13 no work for an employer, whatever the form."""
    plan = Plan(form, hours="30", born_on=born(years), typed={"stop_reason": BECAUSE})

    refused = plan.sent(client_for(karin))

    assert refused.status_code == REFUSED
    assert "Ingen under 13 år må arbejde" in refused.words


YOUNG_AT_NIGHT = {"shifts": ["night"]}
SATURDAY = {"working_times": "lørdag 9-16.30"}
NOT_ALLOWED = [
    pytest.param(Plan(JOB, "30", born_on=born(16)), id="16: ordinary hours, 30 a week"),
    pytest.param(Plan(JOB, "10", born_on=born(17), post=YOUNG_AT_NIGHT), id="17: ordinary hours at night"),
    pytest.param(Plan(SMAAJOB, "15", born_on=born(13)), id="13: småjob of 15 h"),
    pytest.param(Plan(SMAAJOB, "12,5", born_on=born(14)), id="14: småjob of 12.5 h"),
    pytest.param(Plan(PRAKTIK, "20", born_on=born(15)), id="15: praktik of 20 h"),
    pytest.param(Plan(SMAAJOB, "6", born_on=born(14), post=SATURDAY), id="14: a Saturday without a pause"),
    pytest.param(
        Plan(SMAAJOB, "30", SUMMER, SUMMER + timedelta(days=4), born(14)),
        id="14: week 28, nobody says it is free",
    ),
    pytest.param(
        Plan(SMAAJOB, "4", born_on=born(14), post={"working_times": "mandag 18-20, tirsdag 6-8"}),
        id="14: ten hours of rest",
    ),
    pytest.param(
        Plan(SMAAJOB, "10", born_on=born(14), post={"working_times": "man, ons, fre og lør 15-17"}),
        id="14: never two days off together",
    ),
    pytest.param(Plan(SMAAJOB, "4", born_on=born(14), typed={"lift_kg": "18"}), id="14: boxes of 18 kg"),
    pytest.param(Plan(FRITIDSJOB, "4", born_on=born(18)), id="18: a fritidsjob"),
]
ALLOWED = [
    pytest.param(Plan(JOB, "37", born_on=born(18)), id="18: ordinary hours, 37"),
    pytest.param(
        Plan(JOB, "37", born_on=born(17), typed={"is_past_school": "yes"}), id="17, past school: 37"
    ),
    pytest.param(Plan(SMAAJOB, "12", born_on=born(13)), id="13: småjob of 12 h"),
    pytest.param(
        Plan(SMAAJOB, "7", born_on=born(14), post=SATURDAY, typed={"pause_minutes": "30"}),
        id="14: a Saturday with its pause",
    ),
    pytest.param(
        Plan(
            SMAAJOB,
            "30",
            SUMMER,
            SUMMER + timedelta(days=4),
            born(14),
            typed={"free_weeks": "27-32", "pause_minutes": "30"},
            post={"working_times": "man-fre 9-15.30"},
        ),
        id="14: week 28, five days of six hours",
    ),
    pytest.param(
        Plan(
            SMAAJOB,
            "30",
            date(2026, 12, 21),
            date(2027, 1, 3),
            born(14),
            typed={"free_weeks": "52-53", "pause_minutes": "30"},
        ),
        id="14: the Christmas holiday",
    ),
    pytest.param(
        Plan(SMAAJOB, "8", born_on=born(15), post={"working_times": "onsdag 15-17, søndag 9-15"}),
        id="15: two days, not one of eight hours",
    ),
    pytest.param(Plan(FRITIDSJOB, "4", born_on=born(17)), id="17: a fritidsjob"),
]


@pytest.mark.parametrize("plan", NOT_ALLOWED)
def test_the_rules_of_the_young_stop_a_plan_until_a_reason_is_given(
    client_for: ClientFor, karin: User, plan: Plan
) -> None:
    """ungmedjob.dk; f-f.dk: the changes of July 2025 are not read, so a consultant may answer for it."""
    review, client = plan.review(), client_for(karin)

    refused = plan.sent(client, review)
    plan = Plan(**{**vars(plan), "typed": {**plan.typed, "stop_reason": BECAUSE}})
    passed = plan.sent(client, review)

    assert (refused.status_code, passed.status_code) == (REFUSED, IN_ORDER)
    assert any(row["verdict"] == "stop" and row["rule"] in ("R12", "R21") for row in kept(review))


@pytest.mark.parametrize("plan", ALLOWED)
def test_what_the_young_may_is_planned(client_for: ClientFor, karin: User, plan: Plan) -> None:
    assert plan.sent(client_for(karin)).status_code == IN_ORDER


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ({"is_past_school": "yes", "is_risk_assessed": "yes", "adult_supervises": "yes"}, IN_ORDER),
        ({"is_past_school": "yes", "is_risk_assessed": "yes", "adult_supervises": "no"}, REFUSED),
        ({"is_past_school": "yes", "adult_supervises": "yes"}, REFUSED),
        ({"is_past_school": "no", "is_risk_assessed": "yes", "adult_supervises": "yes"}, REFUSED),
        ({"is_risk_assessed": "yes", "adult_supervises": "yes"}, REFUSED),  # nobody says that school is over
    ],
)  # at.dk, from 1 January 2026
def test_a_slicing_machine_at_sixteen(
    client_for: ClientFor, karin: User, typed: dict[str, str], answer: int
) -> None:
    plan = Plan(SMAAJOB, "4", born_on=born(16), typed=typed)
    review = plan.review()
    with transaction():
        task = db.session.merge(review).match.opening.tasks[0]
        task.text = "skære pålæg på pålægsmaskine"

    assert plan.sent(client_for(karin), review).status_code == answer


@pytest.mark.parametrize(("year", "answer"), [(2013, REFUSED), (2012, IN_ORDER), (2007, IN_ORDER)])
def test_a_birth_year_alone_is_judged_by_its_stricter_end(
    client_for: ClientFor, karin: User, year: int, answer: int
) -> None:
    """On 18 November 2026 somebody of 2013 may be 12."""
    plan = Plan(SMAAJOB, "4")
    review = plan.review()
    with transaction():
        citizen = db.session.merge(review).match.card.citizen
        citizen.born_on, citizen.birth_year = None, year

    assert plan.sent(client_for(karin), review).status_code == answer


# --- By act and group ------------------------------------------------------------------------------------------------

PUBLIC, PRIVATE = {"sector": Sector.PUBLIC}, {"sector": Sector.PRIVATE}
FEBRUARY = {"form": LOENTILSKUD, "starts_on": date(2027, 2, 1), "employer": PUBLIC}


def ground(act: str, readiness: str, **more: str) -> dict[str, str]:
    return {"act": act, "readiness": readiness, **more}


@pytest.mark.parametrize(
    ("plan", "rules"),
    [
        (Plan(**FEBRUARY, ends_on=date(2028, 1, 31), typed=ground("lab", "job_ready")), ["R8"]),
        (Plan(**FEBRUARY, ends_on=date(2027, 5, 31), typed=ground("lab", "job_ready")), []),
        (Plan(**FEBRUARY, ends_on=date(2027, 6, 1), typed=ground("lab", "job_ready")), ["R8"]),
        (Plan(**FEBRUARY, ends_on=date(2027, 7, 31), typed=ground("lab", "other")), []),
        (Plan(**FEBRUARY, ends_on=date(2028, 1, 31), typed=ground("integration", "other")), []),
        (Plan(**FEBRUARY, ends_on=date(2028, 1, 31), typed=ground("ukraine", "job_ready")), ["R8"]),
        (
            Plan(LOENTILSKUD, "20", date(2027, 8, 31), date(2028, 2, 29), employer=PRIVATE),
            [],
        ),  # months of the calendar
        (Plan(LOENTILSKUD, "20", date(2026, 12, 31), date(2027, 6, 30), employer=PRIVATE), []),
        (Plan(LOENTILSKUD, "20", date(2026, 12, 31), date(2027, 7, 1), employer=PRIVATE), ["R8"]),
    ],
)  # LAB § 68 stk. 1 nr. 1, elov.dk; aarhus.dk
def test_months_of_loentilskud(client_for: ClientFor, karin: User, plan: Plan, rules: list[str]) -> None:
    review = plan.review()

    assert plan.sent(client_for(karin), review).status_code == IN_ORDER
    assert [row["rule"] for row in kept(review) if row["rule"] == "R8"] == rules


@pytest.mark.parametrize(
    ("days", "readiness", "answer"),
    [
        (28, "job_ready", IN_ORDER),
        (29, "job_ready", REFUSED),
        (30, "job_ready", REFUSED),
        (30, "other", IN_ORDER),
    ],
)  # cabiweb.dk, foa.dk: 4 weeks
def test_weeks_of_praktik_of_somebody_ready_for_a_job(
    client_for: ClientFor, karin: User, days: int, readiness: str, answer: int
) -> None:
    first = TODAY + timedelta(days=14)
    typed = ground("lab", readiness, long_reason="Hun lærer to fag.")

    plan = Plan(PRAKTIK, "20", first, first + timedelta(days=days - 1), typed=typed)

    assert plan.sent(client_for(karin)).status_code == answer


@pytest.mark.parametrize(
    ("last", "answer"), [(31, IN_ORDER), (32, REFUSED)]
)  # integrationsloven § 23 a stk. 3
def test_praktik_inside_a_course_is_a_month(
    client_for: ClientFor, karin: User, last: int, answer: int
) -> None:
    first = date(2026, 12, 1)
    typed = ground("integration", "other", is_within_course="y")

    plan = Plan(PRAKTIK, "20", first, first + timedelta(days=last - 1), typed=typed)

    assert plan.sent(client_for(karin)).status_code == answer


# --- On each day -----------------------------------------------------------------------------------------------------


def hold(employer: Employer, hours: float, first: date, last: date) -> None:
    with transaction():
        number = db.session.scalar(sa.select(sa.func.count()).select_from(OccupiedPlace)) or 0
        db.session.add(
            OccupiedPlace(
                workplace_id=employer.workplaces[0].id,
                placement_id=900_000 + number,
                form=PRAKTIK,
                hours_per_week=hours,
                starts_on=first,
                ends_on=last,
            )
        )


APRIL = date(2027, 4, 1)


@pytest.fixture
def kitchen() -> Employer:
    """Room for three until 31 March, when each place asks for seven employees, and then for two; two are there."""
    employer = factories.make_employer(full_time_staff=Decimal(15))
    for _ in range(2):
        hold(employer, 37, TODAY, date(2027, 5, 31))
    factories.put_number("ratio-staff-per-place", "7", APRIL, municipality_id=None)
    return employer


@pytest.mark.parametrize(
    ("first", "last", "stopped_from"),
    [
        (date(2027, 3, 1), date(2027, 3, 31), ""),
        (date(2027, 3, 1), date(2027, 4, 1), "1. april 2027"),
        (date(2027, 3, 1), date(2027, 4, 30), "1. april 2027"),
        (date(2027, 6, 1), date(2027, 6, 30), ""),
    ],
)
def test_a_limit_that_falls_inside_a_plan_is_said_from_its_day(
    client_for: ClientFor, karin: User, kitchen: Employer, first: date, last: date, stopped_from: str
) -> None:
    plan, client = Plan(PRAKTIK, "37", first, last), client_for(karin)
    review = plan.review(kitchen)

    before = " ".join(findings(client, plan, review))
    answer = plan.sent(client, review)

    assert answer.status_code == (REFUSED if stopped_from else IN_ORDER)
    assert ("fuldtidspersoner i praktik" in before) is bool(stopped_from)
    if stopped_from:
        assert f"Den {stopped_from}" in before
        assert f"Den {stopped_from}" in answer.words


def test_words_and_weeks_and_the_firms_page_agree_with_the_plan(
    client_for: ClientFor, karin: User, kitchen: Employer
) -> None:
    place = db.session.merge(kitchen).workplaces[0]
    outlook = ratio_outlooks([place], TODAY)[place.id]
    opening = factories.make_opening(
        kitchen, starts_on=date(2027, 3, 1), ends_on=date(2027, 4, 30), hours_per_week=37.0
    )
    room = rooms([opening], opening.municipality_id, on=TODAY)[opening.id]
    page = client_for(karin).get(f"/employers/{kitchen.id}")

    assert "Plads til 1 mere nu. Fra 1. april 2027: plads til 1 mere fra 1. juni 2027" in outlook.words
    assert "Fra 1. april 2027: plads til 1 mere fra 1. juni 2027" in room.words
    assert not room.is_enough
    assert outlook.words in page.words
    full = {week.starts_on for week in outlook.weeks if week.fullness is Fullness.FULL}
    assert min(full) == date(2027, 3, 29)  # the week of 1 April
    free = {week.starts_on for week in outlook.weeks if week.fullness is Fullness.FREE}
    assert date(2027, 3, 22) in free


@pytest.mark.parametrize(
    ("stated_on", "is_old"),
    [(date(2026, 8, 1), True), (date(2026, 10, 31), True), (date(2026, 11, 1), False)],
)  # § 65 stk. 4: the four months before the start
def test_the_staff_figure_is_of_the_months_before_the_start(
    client_for: ClientFor, karin: User, stated_on: date, is_old: bool
) -> None:
    plan = Plan(PRAKTIK, "20", date(2027, 3, 1), date(2027, 3, 28))
    review = plan.review()
    with transaction():
        db.session.merge(review).match.opening.workplace.staff_stated_on = stated_on

    assert plan.sent(client_for(karin), review).status_code == IN_ORDER
    assert any(row["rule"] == "R2" for row in kept(review)) is is_old


@pytest.mark.parametrize(
    ("left_on", "answer"),
    [(date(2026, 10, 31), IN_ORDER), (date(2026, 11, 1), REFUSED), (date(2026, 11, 15), REFUSED)],
)
def test_the_days_before_the_plan_was_made_count(
    client_for: ClientFor, karin: User, left_on: date, answer: int
) -> None:
    """Made on the 18th with its first day on the 1st, beside somebody who left in between."""
    employer = factories.make_employer(full_time_staff=Decimal(9))
    hold(employer, 37, date(2026, 9, 1), left_on)
    plan = Plan(PRAKTIK, "20", date(2026, 11, 1), date(2026, 11, 28))

    assert plan.sent(client_for(karin), plan.review(employer)).status_code == answer


@pytest.mark.parametrize(("hours", "answer"), [("18,5", IN_ORDER), ("18,7", REFUSED), ("19", REFUSED)])
def test_parts_of_a_place_are_exact(client_for: ClientFor, karin: User, hours: str, answer: int) -> None:
    """Two of 18.7 hours are more than one of 37."""
    employer = factories.make_employer(full_time_staff=Decimal(9))
    client, plan = client_for(karin), Plan(PRAKTIK, hours)

    assert plan.sent(client, plan.review(employer)).status_code == IN_ORDER
    assert plan.sent(client, plan.review(employer, "Nadia")).status_code == answer


@pytest.mark.parametrize("first", [PRAKTIK, SMAAJOB])
@pytest.mark.parametrize(("tasks", "warned"), [(("opvask",), True), (("køkkenhygiejne",), False)])
def test_smaajob_and_praktik_are_apart_whichever_runs(
    client_for: ClientFor, karin: User, first: PlacementForm, tasks: tuple[str, ...], warned: bool
) -> None:
    """R7, cabiweb.dk and kk.dk."""
    client, employer = client_for(karin), factories.make_employer()
    card = factories.make_card(factories.make_citizen("Idil", born_on=GROWN_UP))
    second = SMAAJOB if first is PRAKTIK else PRAKTIK
    reviews = [
        factories.make_review(
            factories.make_match(factories.make_opening(employer, form=form, must=must, ends_on=None), card),
            citizen_answer=Answer.YES,
            employer_answer=Answer.YES,
        )
        for form, must in ((first, ("opvask",)), (second, tasks))
    ]

    answers = [
        Plan(form, "10").sent(client, review) for form, review in zip((first, second), reviews, strict=True)
    ]

    assert [one.status_code for one in answers] == [IN_ORDER, IN_ORDER]
    assert any(row["rule"] == "R7" for row in kept(reviews[1])) is warned


# --- Nothing of it is the employer's ---------------------------------------------------------------------------------

SECRETS = [
    "jobparat",
    "integrationsloven",
    "særligt tilrettelagt",
    "eget arbejdssted",
    "9. klasse",
    "16 år",
    "2010",
]
DRAWN = re.compile(r'name="(?:form_id|csrf_token)" value="[^"]*"')
"""What a form is drawn anew with: four digits of it may say anything."""


def test_the_employer_reads_nothing_of_grounds_age_or_school(client_for: ClientFor, karin: User) -> None:
    employer = factories.make_employer()
    bo = factories.owner_of(employer)
    typed = ground("integration", "job_ready", is_within_course="y", is_past_school="no", parents_told="yes")
    plan = Plan(PRAKTIK, "10", born_on=born(16), typed={**typed, "stop_reason": BECAUSE})
    review = plan.review(employer)
    assert plan.sent(client_for(karin), review).status_code == IN_ORDER
    placement = db.session.scalars(sa.select(Placement).where(Placement.review_id == review.id)).one()

    own = client_for(karin).get(f"/placements/{placement.id}").words.lower()
    theirs = [
        client_for(bo).get(url)
        for url in (
            f"/placements/{placement.id}",
            f"/placements/{placement.id}/calendar.ics",
            "/placements/",
            "/employers/own",
            f"/openings/{placement.opening_id}",
            f"/employers/{employer.id}",
            "/",
        )
    ]

    assert "jobparat" in own
    assert [one.status_code for one in theirs if one.status_code not in (200, 403, 404)] == []
    assert [one.status_code for one in theirs[:5]] == [200] * 5
    read = DRAWN.sub("", "\n".join(one.get_data(as_text=True) for one in theirs).lower())
    assert [secret for secret in SECRETS if secret.lower() in read] == []
    assert client_for(bo).get(f"/vitas/placement/{placement.id}").status_code in (403, 404)
