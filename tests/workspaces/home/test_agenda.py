"""Karin's day and week: late, today and to come, hers or everybody's, as each room declares its lines."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from portal.base.clock import DANISH_TIME
from portal.base.database import db, transaction
from portal.loop.placements.models import FollowUp, PlacementStatus
from portal.loop.reviews.models import PutOff
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry, AuditPerson
from portal.web.agenda import AgendaAsk, agenda_lines
from portal.web.rooms import rooms
from portal.workspaces.contacts.models import ContactKind, EmployerContact
from portal.workspaces.home.agenda import agenda_of, monday_of, week_wanted
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_task

ClientFor = Callable[[User | None], PortalClient]
MONDAY = monday_of(TODAY)


def everything_that_can_stand_on_a_day(karin: User) -> None:
    """A line of every kind, today."""
    make_task(karin)
    placement = factories.make_placement(starts_on=TODAY, ends_on=TODAY + timedelta(days=30))
    days = {"starts_on": TODAY - timedelta(days=30), "ends_on": TODAY}
    factories.make_placement(status=PlacementStatus.RUNNING, **days)
    with transaction():
        db.session.add(FollowUp(placement_id=placement.id, due_on=TODAY))
    factories.make_call()
    factories.make_cohort_session(factories.make_cohort(lead_id=karin.id))
    factories.make_job_talk(placement, due_on=TODAY)
    factories.make_mentor_agreement(placement.card.citizen, from_on=TODAY)
    contact = factories.make_employer("Dortes Hotel", owner="Dorte")
    put_off = {"match_id": factories.make_match().id, "until_on": TODAY, "set_by_id": karin.id, "set_at": NOW}
    with transaction():
        db.session.add(PutOff(**put_off))
        db.session.add(
            EmployerContact(
                employer_id=contact.id,
                municipality_id=karin.municipality_id,
                kind=ContactKind.CALL,
                happened_on=TODAY,
                written_at=NOW,
                written_by_id=karin.id,
                next_step="Ring igen",
                next_on=TODAY,
            )
        )


@pytest.mark.both_engines
def test_every_room_gives_its_lines_in_one_statement(karin: User) -> None:
    everything_that_can_stand_on_a_day(karin)
    kinds = rooms().agenda(karin.uses)
    ask = AgendaAsk(reader=karin, today=TODAY, last=TODAY)

    lines = agenda_lines(kinds, ask, most=9)

    said = {line.kind.key for line in lines}
    assert said >= {
        "task",
        "follow-up",
        "start",
        "end",
        "call",
        "session",
        "job-talk",
        "mentor",
        "put-off",
        "next-step",
    }
    assert all(line.day == TODAY for line in lines)
    session = next(line for line in lines if line.kind.key == "session")
    assert isinstance(session.begins_at, time)
    assert len(agenda_lines(kinds, ask, most=1)) == len(said)
    neighbour = AgendaAsk(reader=factories.user("lene@nabo.example"), today=TODAY, last=TODAY)
    assert agenda_lines(kinds, neighbour, most=9) == []


def test_mine_are_those_of_my_citizens(karin: User, jonas: User) -> None:
    hers = factories.make_placement(starts_on=TODAY, ends_on=TODAY + timedelta(days=30))
    with transaction():
        db.session.merge(hers.card.citizen).consultant_id = jonas.id
    make_task(karin)

    def owned(owner: User | None) -> set[str]:
        owners = None if owner is None else frozenset({owner.id})
        return {line.kind.key for line in agenda_of(karin, TODAY, owners=owners).lines}

    assert owned(karin) == {"task"}
    assert owned(jonas) == {"start"}
    assert owned(None) == {"task", "start"}


@pytest.mark.parametrize(
    ("due", "is_late", "in_day", "in_week"),
    [
        (MONDAY - timedelta(days=1), True, True, True),
        (TODAY - timedelta(days=1), True, True, True),
        (TODAY, False, True, True),
        (MONDAY + timedelta(days=6), False, False, True),
        (MONDAY + timedelta(days=7), False, False, False),
    ],
    ids=["last Sunday", "yesterday", "today", "this Sunday", "next Monday"],
)
@pytest.mark.one_engine
def test_late_today_and_this_week(karin: User, due: date, is_late: bool, in_day: bool, in_week: bool) -> None:
    make_task(karin, due_on=due)
    day = agenda_of(karin, TODAY, owners=frozenset({karin.id}))
    week = agenda_of(karin, TODAY, owners=frozenset({karin.id}), week=MONDAY)
    assert (bool(day.late), bool(day.lines), bool(week.lines)) == (is_late, in_day, in_week)


def test_sunday_night_belongs_to_the_week_until_danish_midnight(
    client_for: ClientFor, karin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 23.59 on Sunday in Denmark it is 22.59 UTC, and at 0.00 it is still Sunday in UTC."""
    sunday = MONDAY + timedelta(days=6)
    make_task(karin, "Søndag", due_on=sunday)
    make_task(karin, "Mandag", due_on=sunday + timedelta(days=1))

    def today_at(clock: time, day: date) -> tuple[list[str], list[str]]:
        at = datetime.combine(day, clock, DANISH_TIME)
        monkeypatch.setattr("portal.base.clock.now", lambda: at.astimezone(factories.NOW.tzinfo))
        page = client_for(karin).get("/").page
        late = page.select("#late + ul .agenda-text a")
        return [one.text for one in late], [one.text for one in page.select("#today + ul .agenda-text a")]

    assert today_at(time(23, 59), sunday) == ([], ["Søndag"])
    assert today_at(time(0, 0), sunday + timedelta(days=1)) == (["Søndag"], ["Mandag"])


def test_a_week_that_cannot_be_shown_is_this_one() -> None:
    for wanted in ("", "x", "2020-01-01", "9999-12-31"):
        assert week_wanted(wanted, TODAY) == MONDAY
    assert week_wanted((MONDAY + timedelta(days=9)).isoformat(), TODAY) == MONDAY + timedelta(days=7)


def test_she_does_it_from_the_page_and_her_choice_is_remembered(
    client_for: ClientFor, karin: User, jonas: User
) -> None:
    task, others = make_task(karin, "Karins"), make_task(jonas, "Jonas'")
    karins = client_for(karin)

    def shown() -> list[str]:
        return [one.text for one in karins.get("/").page.select(".agenda-text a")]

    assert shown() == ["Karins"]
    karins.get("/?whose=all")
    assert shown() == ["Karins"]
    assert karins.post("/desk/lines", {"whose": "all", "back": "/?view=week"}).location == "/?view=week"
    assert shown() == ["Karins", "Jonas'"]
    assert karins.post(f"/tasks/{task.id}/done", {"back": "/"}).location == "/"
    assert shown() == ["Jonas'"]
    karins.post("/desk/lines", {"whose": "mine"})
    assert shown() == []
    assert others.id


def test_whoever_is_named_has_been_seen_and_nobody_else(client_for: ClientFor, karin: User) -> None:
    shown, later = factories.make_citizen("Amira"), factories.make_citizen("Selam")
    make_task(karin, citizen_id=shown.id)
    make_task(karin, citizen_id=later.id, due_on=MONDAY + timedelta(days=7))

    client_for(karin).get("/")

    look = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "agenda-read")).one()
    people = sa.select(AuditPerson.citizen_id).where(AuditPerson.entry_id == look.id)
    assert list(db.session.scalars(people)) == [shown.id]
