"""Karin makes a group, Amira comes on it, Tine ticks who came: what each of them sees of it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import Measure
from portal.interventions.cohorts.measures import MEASURES
from portal.interventions.cohorts.models import (
    Cohort,
    CohortAttendance,
    CohortEnrolment,
    CohortKind,
    CohortSession,
    CohortSort,
    Presence,
    SessionState,
)
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from portal.web.measures import Ask
from portal.web.permissions import Role
from tests.client import PortalClient, PortalResponse, counted_statements
from tests.factories import (
    NOW,
    TODAY,
    make_citizen,
    make_cohort,
    make_cohort_session,
    make_enrolment,
    municipality,
)

ClientFor = Callable[[User | None], PortalClient]


@pytest.fixture
def tine(app: Flask) -> User:
    """A volunteer who leads a group."""
    with transaction():
        user = User(
            email="tine@maglehoej.example",
            name="Tine Maglehøj",
            role=Role.GROUP_LEADER,
            municipality=municipality(),
            created_at=NOW,
        )
        db.session.add(user)
    return user


def kind(sort: CohortSort = CohortSort.MATERNITY_CAFE) -> CohortKind:
    return db.session.scalars(sa.select(CohortKind).where(CohortKind.sort == sort)).one()


def sent(page: PortalResponse, **changes: Any) -> dict[str, Any]:
    """What the page's first form holds, as a browser would send it."""
    form = page.page.select_one("main form[method=post]")
    assert form is not None
    values: dict[str, Any] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        if field.get("type") in ("checkbox", "radio") and not field.has_attr("checked"):
            continue
        chosen = field.select_one("option[selected]") if field.name == "select" else None
        values[str(field["name"])] = (
            field.text.strip()
            if field.name == "textarea"
            else (chosen["value"] if chosen else "")
            if field.name == "select"
            else field.get("value", "")
        )
    return {key: value for key, value in values.items() if key not in ("csrf_token", "form_id")} | changes


def make_cafe(client: PortalClient, **changes: Any) -> Cohort:
    page = client.get(f"/cohorts/new?kind={kind().id}")
    monday = {"times-0-weekday": "mon", "times-0-begins_at": "9.30", "times-0-ends_at": "12"}
    days = {"first_on": "2-11-2026", "last_on": "29-1-2027", "capacity": "2"}
    made = client.post(
        f"/cohorts/new?kind={kind().id}", sent(page, name="Barselscafé", **monday, **days, **changes)
    )
    assert made.status_code == 303, made.words
    return db.session.scalars(sa.select(Cohort).order_by(Cohort.id.desc())).first()  # type: ignore[return-value]


def enrol(client: PortalClient, cohort: Cohort, *citizens: Citizen, **changes: Any) -> PortalResponse:
    return client.post(
        f"/cohorts/{cohort.id}/enrol",
        {
            "citizens": [str(one.id) for one in citizens],
            "state": "placed",
            "reason": "network",
            "from_on": "2-11-2026",
            **changes,
        },
    )


def sessions() -> list[CohortSession]:
    return list(db.session.scalars(sa.select(CohortSession).order_by(CohortSession.on_day)))


@pytest.mark.both_engines
def test_a_group_made_from_a_kind_has_its_themes_and_meets_on_no_holiday(
    client_for: ClientFor, karin: User
) -> None:
    cohort = make_cafe(client_for(karin))

    days = [one.on_day for one in sessions()]
    assert days[0] == date(2026, 11, 2)
    assert {day.weekday() for day in days} == {0}
    assert len(days) == 13
    assert sessions()[0].theme.name == "Familielivet i Danmark"  # type: ignore[union-attr]
    assert {theme.phrase for theme in cohort.themes} >= {"family_life", "social_control"}


@pytest.mark.both_engines
def test_a_full_group_takes_nobody_but_on_the_waiting_list(client_for: ClientFor, karin: User) -> None:
    browser = client_for(karin)
    cohort = make_cafe(browser)
    people = [make_citizen(name) for name in ("Amira", "Selam", "Noor")]

    refused = enrol(browser, cohort, *people)
    assert refused.status_code == 409
    assert "alle 2 pladser" in refused.words
    assert not db.session.scalars(sa.select(CohortEnrolment)).all()

    assert enrol(browser, cohort, *people[:2]).status_code == 303
    assert enrol(browser, cohort, people[2]).status_code == 409
    assert enrol(browser, cohort, people[2], state="waiting").status_code == 303
    waits = db.session.scalars(sa.select(CohortEnrolment).where(CohortEnrolment.number == 3)).one()
    place = f"/cohorts/{cohort.id}/places/{waits.id}"
    given = {"state": "placed", "reason": "network", "from_on": "2-11-2026"}
    assert browser.post(place, given).status_code == 409

    first = db.session.scalars(sa.select(CohortEnrolment).where(CohortEnrolment.number == 1)).one()
    ended = {**given, "until_on": "15-11-2026", "exit": "work"}
    assert browser.post(f"/cohorts/{cohort.id}/places/{first.id}", ended).status_code == 303
    assert browser.post(place, {**given, "from_on": "16-11-2026"}).status_code == 303
    spells = db.session.execute(sa.text("SELECT kind, from_on FROM spells")).all()
    assert [(kind, str(day)) for kind, day in spells] == [("ordinary_work", "2026-11-16")]


def let_in(browser: PortalClient, cohort: Cohort, leader: User, **changes: Any) -> PortalResponse:
    return browser.post(
        f"/cohorts/{cohort.id}/leaders",
        {
            "user_id": str(leader.id),
            "from_on": "2-11-2026",
            "until_on": "29-1-2027",
            "silence_on": "30-10-2026",
            "silence": "y",
            **changes,
        },
    )


def test_a_group_leader_sees_her_own_group_and_nothing_else(
    client_for: ClientFor, karin: User, tine: User
) -> None:
    browser, hers = client_for(karin), client_for(tine)
    cohort = make_cafe(browser)
    enrol(browser, cohort, make_citizen("Amira"))
    led = f"/cohorts/{cohort.id}/led"

    assert "Du har ingen hold" in hers.get("/").words
    assert hers.get(led).status_code == 404
    assert let_in(browser, cohort, tine, silence="").status_code == 422
    assert let_in(browser, cohort, tine, silence_on="3-11-2026").status_code == 409
    assert let_in(browser, cohort, tine).status_code == 303

    assert "Barselscafé" in hers.get("/").words
    assert hers.get(led).status_code == 200
    others = ["/cohorts/", f"/cohorts/{cohort.id}", f"/cohorts/{cohort.id}/enrol", "/citizens/", "/efforts/"]
    assert [hers.get(path).status_code for path in others] == [403] * len(others)

    with transaction():
        db.session.execute(sa.text("UPDATE cohort_leaders SET until_on = '2026-11-17'"))
    assert hers.get(led).status_code == 404


@pytest.mark.both_engines
def test_she_ticks_who_came_and_who_saved_in_between_is_not_overwritten(
    client_for: ClientFor, karin: User, tine: User
) -> None:
    browser, hers = client_for(karin), client_for(tine)
    cohort = make_cafe(browser)
    amira, selam = make_citizen("Amira"), make_citizen("Selam")
    enrol(browser, cohort, amira, selam)
    let_in(browser, cohort, tine)
    first = sessions()[0]
    path = f"/cohorts/{cohort.id}/sessions/{first.id}/attendance"

    page = hers.get(f"{path}?all=1")
    assert len(page.page.select("input[type=radio][value=present][checked]")) == 2
    values = sent(page)
    assert hers.post(path, {**values, "lines-1-presence": "away"}).status_code == 303
    assert hers.post(path, values).status_code == 409

    db.session.expire_all()
    told = {one.citizen_id: one.presence for one in db.session.scalars(sa.select(CohortAttendance))}
    assert told == {amira.id: Presence.PRESENT, selam.id: Presence.AWAY}
    assert sessions()[0].state is SessionState.HELD

    numbers = f"/cohorts/{cohort.id}/sessions/{sessions()[1].id}/numbers"
    version = {"version": str(sessions()[1].version)}
    assert hers.post(numbers, {**version, "away": "7"}).status_code == 409
    assert hers.post(numbers, {**version, "agreed": "2"}).status_code == 303
    again = db.session.scalars(
        sa.select(CohortAttendance).where(CohortAttendance.session_id == sessions()[1].id)
    )
    assert {one.presence for one in again} == {Presence.PRESENT, Presence.AGREED}


def test_a_session_ahead_takes_no_attendance(client_for: ClientFor, karin: User) -> None:
    browser = client_for(karin)
    cohort = make_cafe(browser)
    enrol(browser, cohort, make_citizen("Amira"))
    ahead = next(one for one in sessions() if one.on_day > TODAY + timedelta(days=1))

    page = browser.get(f"/cohorts/{cohort.id}/sessions/{ahead.id}/attendance")

    assert "har ikke været endnu" in page.words
    assert not page.page.select("input[type=radio]")


def test_mette_reads_numbers_and_no_names(client_for: ClientFor, karin: User, mette: User) -> None:
    cohort = make_cafe(client_for(karin))
    enrol(client_for(karin), cohort, make_citizen("Amira"))

    page = client_for(mette).get(f"/cohorts/{cohort.id}")

    assert "under 5" in page.words
    assert "Amira" not in page.words


def ask(measure: Measure, *, first: date = date(2026, 1, 1), on: date = TODAY, **more: Any) -> Ask:
    return Ask(measure=measure, municipality_id=municipality().id, first=first, on=on, **more)


def figure(measure: Measure, **more: Any) -> tuple[int, int | None]:
    """Its sum, and what it is out of."""
    spec = next(one for one in MEASURES if one.measure is measure)
    question = ask(measure, **more)
    lines = spec.counted.lines([question])[question].records.subquery()  # type: ignore[union-attr]
    amount, out_of = db.session.execute(
        sa.select(sa.func.coalesce(sa.func.sum(lines.c.amount), 0), sa.func.sum(lines.c.out_of))
    ).one()
    return amount, out_of


@pytest.mark.both_engines
def test_her_place_and_her_absence_move_the_figures(client_for: ClientFor, karin: User) -> None:
    browser, amira = client_for(karin), make_citizen("Amira")
    cohort = make_cafe(browser)
    cafe = (("sort", "maternity_cafe"),)
    assert figure(Measure.GROUP_PLACES, terms=cafe) == (0, None)

    enrol(browser, cohort, amira)
    for month, planned, attended in (("2026-10-01", 40, 20), ("2026-11-01", 40, 36)):
        hours = {"month": month, "planned": str(planned), "attended": str(attended)}
        assert browser.post(f"/cohorts/citizens/{amira.id}/hours", hours).status_code == 303
    more = {"month": "2026-09-01", "planned": "10", "attended": "11"}
    assert browser.post(f"/cohorts/citizens/{amira.id}/hours", more).status_code == 409

    assert figure(Measure.GROUP_PLACES, terms=cafe) == (1, None)
    assert figure(Measure.GROUP_PLACES) == (0, None)
    assert figure(Measure.GROUP_PLACES, terms=cafe, first=date(2027, 2, 1), on=date(2027, 12, 31)) == (
        0,
        None,
    )
    assert figure(Measure.SCHOOL_ABSENCE) == (24, 80)
    page = browser.get(f"/cohorts/citizens/{amira.id}")
    assert "50 % fravær, 20 af 40 timer" in page.words
    assert "10 % fravær, 4 af 40 timer" in page.words
    panel = browser.get(f"/efforts/citizens/{amira.id}").words
    assert "50 % før holdet og 10 % efter" in panel


def test_a_colleagues_goal_is_not_overwritten_unseen(client_for: ClientFor, karin: User) -> None:
    browser, amira = client_for(karin), make_citizen("Amira")
    goal = f"/cohorts/citizens/{amira.id}/goal"

    assert browser.post(goal, {"sentence": "Praktik i et køkken", "seen_id": ""}).status_code == 303
    assert browser.post(goal, {"sentence": "Noget andet", "seen_id": ""}).status_code == 409

    assert "Praktik i et køkken" in browser.get(f"/efforts/citizens/{amira.id}").words


def test_amira_reads_her_next_time_and_takes_it_with_her(client_for: ClientFor, karin: User) -> None:
    amira = make_citizen("Amira", with_login=True)
    cohort = make_cafe(client_for(karin), place="Maglehøj")
    enrol(client_for(karin), cohort, amira)
    hers = client_for(amira.user)

    page = hers.get("/mine/efforts").words
    calendar = hers.get("/cohorts/mine.ics").get_data(as_text=True)

    assert "23" in page
    assert "Maglehøj" in page
    assert calendar.count("BEGIN:VEVENT") == 10
    assert "Amira" not in calendar


def test_sessions_for_the_young_are_counted_when_they_were_held(client_for: ClientFor, karin: User) -> None:
    campaign = make_cohort("Fritidsjob", kind_id=kind(CohortSort.CAMPAIGN).id)
    row = make_cohort_session(campaign)
    assert figure(Measure.CAMPAIGN_SESSIONS) == (0, None)

    with transaction():
        row.state, row.settled_at = SessionState.HELD, NOW
    assert figure(Measure.CAMPAIGN_SESSIONS) == (1, None)
    assert figure(Measure.CAMPAIGN_SESSIONS, known_at=NOW - timedelta(days=1)) == (0, None)


@pytest.mark.parametrize(
    "path",
    [
        "/cohorts/",
        "/cohorts/{cohort}",
        "/cohorts/{cohort}/enrol",
        "/cohorts/{cohort}/led",
        "/cohorts/{cohort}/leaders",
        "/cohorts/{cohort}/sessions/{session}/attendance",
        "/cohorts/citizens/{citizen}",
        "/efforts/citizens/{citizen}",
    ],
)
def test_many_rows_cost_no_more_statements_than_few(client_for: ClientFor, karin: User, path: str) -> None:
    browser, amira = client_for(karin), make_citizen("Amira")
    cohort = make_cohort()
    first = make_cohort_session(cohort)
    make_enrolment(cohort, amira)
    where = path.format(cohort=cohort.id, session=first.id, citizen=amira.id)
    browser.get(where)
    with counted_statements(browser.app) as few:
        browser.get(where)

    for number in range(2, 6):
        make_enrolment(cohort, make_citizen(f"Selam{number}"), number=number)
        make_enrolment(make_cohort(f"Hold {number}"), amira)
        make_cohort_session(cohort, on_day=TODAY + timedelta(days=number))
    with counted_statements(browser.app) as many:
        browser.get(where)

    assert len(many) <= len(few) <= 13, "\n".join(many)


def test_new_days_and_times_move_what_is_planned_and_nothing_else(client_for: ClientFor, karin: User) -> None:
    browser = client_for(karin)
    cohort = make_cafe(browser)
    moved = next(one for one in sessions() if one.on_day > TODAY)
    day = {"on_day": "27-11-2026", "begins_at": "10", "ends_at": "11", "version": str(moved.version)}
    assert browser.post(f"/cohorts/{cohort.id}/sessions/{moved.id}", day).status_code == 303

    page = browser.get(f"/cohorts/{cohort.id}/edit")
    assert browser.post(f"/cohorts/{cohort.id}/edit", sent(page, place="Maglehøj")).status_code == 303
    assert len(sessions()) == 13
    page = browser.get(f"/cohorts/{cohort.id}/edit")
    later = sent(page, first_on="4-1-2027", **{"times-0-weekday": "tue"})
    assert browser.post(f"/cohorts/{cohort.id}/edit", later).status_code == 303

    days = [one.on_day for one in sessions()]
    assert [day for day in days if day <= TODAY] == [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)]
    assert [day for day in days if TODAY < day < date(2027, 1, 4)] == [date(2026, 11, 27)]
    assert {day.weekday() for day in days if day >= date(2027, 1, 4)} == {1}
