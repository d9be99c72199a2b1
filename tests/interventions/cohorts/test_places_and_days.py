"""What was written of a session stays with the place: a day outside it counts nobody."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from portal.base.database import db
from portal.interventions.cohorts.models import (
    Cohort,
    CohortEnrolment,
    CohortKind,
    CohortSession,
    CohortSort,
    SessionState,
)
from portal.interventions.cohorts.queries import attendance_at
from portal.shared.accounts.models import User
from tests.client import PortalClient
from tests.factories import (
    TODAY,
    make_citizen,
    make_cohort,
    make_cohort_session,
    make_enrolment,
    make_group_leader,
)

pytestmark = pytest.mark.one_engine

ClientFor = Callable[[User | None], PortalClient]
PLACE = {"state": "placed", "reason": "network"}


def came(client: PortalClient, cohort: Cohort, session: CohortSession, presence: str) -> None:
    enrolment_id = standing(cohort).id
    data = {"lines-0-enrolment_id": enrolment_id, "lines-0-presence": presence, "version": "1"}
    assert client.post(f"/cohorts/{cohort.id}/sessions/{session.id}/attendance", data).status_code == 303


def standing(cohort: Cohort) -> CohortEnrolment:
    statement = sa.select(CohortEnrolment).where(
        CohortEnrolment.cohort_id == cohort.id, CohortEnrolment.replaced_at.is_(None)
    )
    return db.session.scalars(statement).one()


def test_a_place_that_ends_earlier_takes_absence_along_and_is_refused_where_she_came(
    client_for: ClientFor, karin: User
) -> None:
    cohort, karins = make_cohort(), client_for(karin)
    first = make_cohort_session(cohort, on_day=TODAY - timedelta(days=14))
    second = make_cohort_session(cohort, on_day=TODAY - timedelta(days=7))
    make_enrolment(cohort, make_citizen())
    came(karins, cohort, first, "present")
    came(karins, cohort, second, "away")
    url = f"/cohorts/{cohort.id}/places/{standing(cohort).id}"
    place = {**PLACE, "from_on": cohort.first_on.strftime("%d-%m-%Y")}

    early = karins.post(url, {**place, "until_on": (TODAY - timedelta(days=20)).strftime("%d-%m-%Y")})
    removed = karins.post(f"{url}/remove")
    assert (early.status_code, removed.status_code) == (409, 409)
    assert "var til stede 4. november" in early.words

    between = karins.post(url, {**place, "until_on": (TODAY - timedelta(days=10)).strftime("%d-%m-%Y")})
    assert between.status_code == 303
    db.session.expire_all()
    assert attendance_at(first.id)
    assert not attendance_at(second.id)


def test_a_number_of_the_list_is_nobody_elses_later(client_for: ClientFor, karin: User) -> None:
    cohort, karins = make_cohort(), client_for(karin)
    make_enrolment(cohort, make_citizen("Amira"))
    assert karins.post(f"/cohorts/{cohort.id}/places/{standing(cohort).id}/remove").status_code == 303
    data = {**PLACE, "from_on": "18-11-2026"}

    assert karins.post(f"/cohorts/{cohort.id}/enrol", {**data, "citizens": 999_999}).status_code == 409
    karins.post(f"/cohorts/{cohort.id}/enrol", {**data, "citizens": make_citizen("Selam").id})

    db.session.expire_all()
    assert standing(cohort).number == 2


def test_a_session_for_whoever_comes_is_written_as_held(client_for: ClientFor, karin: User) -> None:
    """Source: S1, Unge 13-17: nobody is enrolled on a campaign, and its sessions count."""
    kinds = sa.select(CohortKind.id).where(CohortKind.sort == CohortSort.CAMPAIGN)
    cohort = make_cohort("Fritidsjob", kind_id=db.session.scalars(kinds).one())
    session, karins = make_cohort_session(cohort), client_for(karin)
    url = f"/cohorts/{cohort.id}/sessions/{session.id}/attendance"
    assert karins.get(url).page.find("button", string="Mødegangen er holdt")

    assert karins.post(url, {"version": "1"}).status_code == 303

    db.session.expire_all()
    assert db.session.get_one(CohortSession, session.id).state is SessionState.HELD


def test_nobody_leads_a_group_long_after_its_last_day(client_for: ClientFor, karin: User) -> None:
    cohort = make_cohort()
    tine = make_group_leader(cohort.id)
    days = {"user_id": tine.id, "from_on": "18-11-2026", "silence_on": "18-11-2026", "silence": "y"}

    def grant(until: date) -> int:
        data = {**days, "until_on": until.strftime("%d-%m-%Y")}
        return client_for(karin).post(f"/cohorts/{cohort.id}/leaders", data).status_code

    assert grant(cohort.last_on + timedelta(days=32)) == 409
    assert grant(cohort.last_on + timedelta(days=31)) == 303
