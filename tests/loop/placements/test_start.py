"""What a placement waits for before it may begin: its sheet for VITAS, and the rules of the day it begins on."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from portal.base.database import db, transaction
from portal.base.terms import PlacementForm
from portal.loop.employers.models import OccupiedPlace
from portal.loop.placements.findings import standing_at_start
from portal.loop.placements.models import (
    ChangeKind,
    FollowUp,
    Placement,
    PlacementGrounds,
    PlacementStatus,
)
from portal.loop.reviews.models import Answer
from portal.shared.audit.models import AuditEntry
from portal.shared.rules.findings import as_rows
from portal.shared.rules.law.case import Act, Readiness
from portal.workspaces.vitas.models import VitasSheet
from tests import factories
from tests.factories import NOW, TODAY

BECAUSE = "Aftalen bliver sendt i VITAS i dag"
NOT_READY = "Arket til VITAS er ikke meldt klar."
IN_VITAS = (PlacementForm.PRAKTIK, PlacementForm.LOENTILSKUD, PlacementForm.IGU)
ELSEWHERE = (PlacementForm.REGULAR_JOB, PlacementForm.SMAAJOB)
WEEKS = {PlacementForm.LOENTILSKUD: 17}


def agreed(form: PlacementForm = PlacementForm.PRAKTIK, **terms: object) -> Placement:
    """All three have said yes and what they expect; Amira is 36."""
    citizen = factories.make_citizen(birth_year=None, born_on=date(1990, 5, 1))
    opening = factories.make_opening(form=form)
    review = factories.make_review(
        factories.make_match(opening, factories.make_card(citizen)),
        citizen_answer=Answer.YES,
        employer_answer=Answer.YES,
    )
    starts_on = terms.pop("starts_on", TODAY)
    last = starts_on + timedelta(weeks=WEEKS.get(form, 4), days=-1)
    if form is PlacementForm.IGU:
        last = starts_on.replace(year=starts_on.year + 2) - timedelta(days=1)
    placement = factories.make_placement(review, **{"starts_on": starts_on, "ends_on": last, **terms})
    karin = factories.user("karin@kommune.example")
    with transaction():
        db.session.add(
            PlacementGrounds(
                placement_id=placement.id,
                act=Act.INTEGRATION,
                readiness=Readiness.OTHER,
                stated_at=NOW,
                stated_by_id=karin.id,
            )
        )
    factories.make_settlement(placement)
    return placement


def now(placement: Placement) -> Placement:
    db.session.rollback()
    return db.session.get_one(Placement, placement.id, populate_existing=True)


def stops_on(response) -> list[str]:
    return [one.get_text(" ", strip=True) for one in response.page.select(".finding-stop")]


@pytest.mark.parametrize("form", IN_VITAS)
@pytest.mark.parametrize(
    ("sheet", "answer"),
    [("none", 409), ("written", 409), ("ready", 303)],
)
def test_what_goes_to_vitas_waits_for_its_sheet(client_for, karin, form, sheet, answer):
    placement = agreed(form)
    if sheet != "none":
        not_yet = {"ready_at": None, "ready_by_id": None} if sheet == "written" else {}
        factories.make_ready_sheet(placement, **not_yet)

    response = client_for(karin).post(f"/placements/{placement.id}/start")

    assert response.status_code == answer
    assert (now(placement).status is PlacementStatus.RUNNING) is (answer == 303)


@pytest.mark.parametrize("form", ELSEWHERE)
def test_what_is_agreed_elsewhere_waits_for_none(client_for, karin, form):
    placement = agreed(form)
    client = client_for(karin)

    assert stops_on(client.get(f"/placements/{placement.id}")) == []
    assert client.post(f"/placements/{placement.id}/start").status_code == 303


def test_the_page_says_what_is_missing_leads_there_and_keeps_the_reason(client_for, karin):
    placement = agreed()
    client, url = client_for(karin), f"/placements/{placement.id}"

    page = client.get(url)
    assert NOT_READY in stops_on(page)[0]
    assert page.page.select_one(f"#start a[href='/vitas/placement/{placement.id}']")
    assert page.page.select_one("#start [name=first_day]")["value"] == f"{TODAY:%d-%m-%Y}"
    assert "Klar til start" not in page.words

    left_empty = client.post(f"{url}/start", {"first_day": TODAY.isoformat(), "stop_reason": " "})
    assert (left_empty.status_code, "Skriv grunden." in left_empty.words) == (409, True)
    assert client.post(f"{url}/start", {"stop_reason": BECAUSE}).status_code == 303

    begun = now(placement)
    assert (begun.status, begun.later_reason) == (PlacementStatus.RUNNING, BECAUSE)
    assert [row["rule"] for row in begun.findings] == ["VITAS"]
    assert BECAUSE in client.get(url).words
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "placement-started")).one()
    assert line.change == "Stop passeret med begrundelse: VITAS"


def test_a_reason_that_nothing_asked_for_is_not_kept(client_for, karin):
    placement = agreed()
    factories.make_ready_sheet(placement)

    client_for(karin).post(f"/placements/{placement.id}/start", {"stop_reason": BECAUSE})

    assert (now(placement).later_reason, now(placement).findings) == ("", [])


def test_a_rule_that_changed_since_the_plan_is_asked_about_on_the_agreed_day_too(client_for, karin):
    placement = agreed()
    factories.make_ready_sheet(placement)
    factories.put_number("praktik-hours-most", "20")
    client, url = client_for(karin), f"/placements/{placement.id}/start"

    refused = client.post(url)
    assert (refused.status_code, "20" in stops_on(refused)[0]) == (409, True)
    assert client.post(url, {"stop_reason": BECAUSE}).status_code == 303
    assert [row["rule"] for row in now(placement).findings] == ["R5"]


def test_no_reason_passes_a_stop_that_knows_no_exception(client_for, karin):
    placement = agreed(PlacementForm.IGU)
    factories.make_ready_sheet(placement)
    factories.put_number("igu-open", "0", municipality_id=None)
    client, url = client_for(karin), f"/placements/{placement.id}"

    refused = client.post(f"{url}/start", {"stop_reason": BECAUSE})

    assert refused.status_code == 409
    assert "Der må ikke begynde nye IGU-forløb" in stops_on(refused)[0]
    assert client.get(url).page.select("#start [name=stop_reason]") == []
    assert now(placement).status is PlacementStatus.PLANNED


def test_a_stop_passed_on_the_sheet_is_not_asked_about_again_at_the_start(client_for, karin):
    """25 hours where the municipality allows 20: Karin says why once, on the sheet."""
    placement = agreed()
    factories.make_ready_sheet(placement, ready_at=None, ready_by_id=None)
    factories.put_number("praktik-hours-most", "20")
    client, url = client_for(karin), f"/placements/{placement.id}/start"
    ready = f"/vitas/placement/{placement.id}/ready"
    assert client.post(ready).status_code == 409
    assert client.post(ready, {"stop_reason": BECAUSE}).status_code == 303

    assert client.post(url).status_code == 303
    assert now(placement).later_reason == BECAUSE


def test_begun_before_the_representative_spoke_the_ready_sheet_no_longer_holds(client_for, karin):
    """R3: before the start. She spoke on the 17th, for a start on the 30th; it began on the 16th."""
    placement = agreed(starts_on=date(2026, 11, 30))
    factories.make_ready_sheet(placement, representative_stated_on=date(2026, 11, 17))
    client, url = client_for(karin), f"/placements/{placement.id}"
    assert stops_on(client.get(url)) == []

    refused = client.post(f"{url}/start", {"first_day": "2026-11-16"})
    assert (refused.status_code, len(stops_on(refused))) == (409, 1)
    assert "repræsentant har ikke udtalt sig før start" in stops_on(refused)[0]
    assert client.post(f"{url}/start", {"first_day": "2026-11-18"}).status_code == 303


def test_noted_after_the_holidays_it_began_on_the_agreed_day(client_for, karin):
    """cases/law.md, C: planned for 20 December, noted on 4 January."""
    agreed_day = date(2026, 12, 20)
    placement = agreed(starts_on=agreed_day)
    factories.make_ready_sheet(placement)

    with time_machine.travel(datetime(2027, 1, 4, 9, tzinfo=UTC), tick=False):
        client = client_for(karin)
        page = client.get(f"/placements/{placement.id}").page
        assert page.select_one("#start [name=first_day]")["value"] == "20-12-2026"
        assert client.post(f"/placements/{placement.id}/start").status_code == 303

    begun = now(placement)
    assert (begun.starts_on, begun.started_at.date()) == (agreed_day, date(2027, 1, 4))


@pytest.mark.parametrize(
    ("first_day", "answer", "says"),
    [
        ("2026-11-19", 422, "fremtiden"),
        ("2027-02-01", 422, "fremtiden"),
        ("i går", 422, ""),
        ("2026-11-18", 303, ""),
        ("2026-11-17", 303, ""),
    ],
)
def test_the_first_day_is_one_that_has_come(client_for, karin, first_day, answer, says):
    placement = agreed(starts_on=date(2026, 11, 23))
    factories.make_ready_sheet(placement, representative_stated_on=date(2026, 11, 10))

    response = client_for(karin).post(f"/placements/{placement.id}/start", {"first_day": first_day})

    assert response.status_code == answer
    if answer == 422:
        field = response.page.select_one("#start [name=first_day]")
        assert (field["aria-invalid"], field["value"]) == ("true", first_day)
        assert says in response.words
    else:
        assert now(placement).starts_on.isoformat() == first_day


def test_a_reason_for_the_agreed_days_passes_none_before_them(client_for, karin):
    """Thirteen weeks that somebody gave a reason for are not twenty, because it began seven weeks sooner."""
    placement = agreed(
        starts_on=TODAY, ends_on=TODAY + timedelta(weeks=26, days=-1), long_reason="Skånehensyn"
    )
    factories.make_ready_sheet(placement, representative_stated_on=date(2026, 8, 10))
    url = f"/placements/{placement.id}/start"
    too_long = {"first_day": (TODAY - timedelta(weeks=1)).isoformat()}
    with transaction():
        one = db.session.get_one(Placement, placement.id)
        found, _standing = standing_at_start(one, TODAY - timedelta(days=1), on=TODAY)
        one.findings, one.stop_reason = as_rows(found), "En dag mere er aftalt med jobcentret."

    refused = client_for(karin).post(url, too_long)

    assert refused.status_code == 409
    assert [words for words in stops_on(refused) if "27 uger" in words]
    assert now(placement).status is PlacementStatus.PLANNED
    told = client_for(karin).post(url, {**too_long, "stop_reason": "Hun har været der siden da."})
    assert told.status_code == 303


def test_no_follow_up_lies_before_the_day_it_began_on(client_for, karin):
    placement = agreed(starts_on=TODAY - timedelta(days=7), ends_on=TODAY + timedelta(days=21))
    factories.make_ready_sheet(placement)
    with transaction():
        one = db.session.get_one(Placement, placement.id)
        sooner, later = FollowUp(due_on=TODAY - timedelta(days=3)), FollowUp(due_on=TODAY + timedelta(days=3))
        one.follow_ups += [sooner, later]

    began = client_for(karin).post(f"/placements/{placement.id}/start", {"first_day": TODAY.isoformat()})

    assert began.status_code == 303
    talks = sorted(now(placement).follow_ups, key=lambda talk: talk.due_on)
    assert [talk.is_open for talk in talks] == [False, True]
    assert [one.kind for one in now(placement).changes] == [ChangeKind.FOLLOW_UP_CANCELLED]


def test_it_does_not_begin_after_a_talk_that_was_held(client_for, karin):
    placement = agreed(starts_on=TODAY - timedelta(days=7), ends_on=TODAY + timedelta(days=21))
    factories.make_ready_sheet(placement)
    held_on = TODAY - timedelta(days=3)
    with transaction():
        db.session.get_one(Placement, placement.id).follow_ups.append(
            FollowUp(due_on=held_on, held_on=held_on, note="Det går godt.")
        )

    refused = client_for(karin).post(f"/placements/{placement.id}/start", {"first_day": TODAY.isoformat()})

    assert refused.status_code == 409
    assert "Der er allerede holdt en opfølgning" in refused.words
    assert now(placement).status is PlacementStatus.PLANNED


def test_begun_at_her_own_workplace_she_holds_no_place_of_the_ratio(client_for, karin):
    placement = agreed(starts_on=date(2026, 11, 23))
    with transaction():
        db.session.get_one(PlacementGrounds, placement.id).is_outside_ratio = True
    factories.make_ready_sheet(placement)

    assert client_for(karin).post(f"/placements/{placement.id}/start").status_code == 303
    assert db.session.scalars(sa.select(OccupiedPlace)).all() == []


def test_twice_pressed_it_begins_once(client_for, karin):
    placement = agreed()
    factories.make_ready_sheet(placement)
    client, url = client_for(karin), f"/placements/{placement.id}/start"

    assert [client.post(url).status_code for _ in range(2)] == [303, 409]
    assert db.session.scalars(sa.select(VitasSheet.version)).one() == 1
