"""A placement changes: its days, hours, tasks and pauses, each held against the law, and everything goes along."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from portal.base.database import db, transaction
from portal.base.terms import PlacementForm
from portal.loop.assessments.models import AssessmentKind
from portal.loop.employers.models import OccupiedPlace
from portal.loop.placements import changes, services
from portal.loop.placements.agreed import Agreed
from portal.loop.placements.findings import findings_of_change
from portal.loop.placements.models import (
    ChangeKind,
    FollowUp,
    Placement,
    PlacementChange,
    PlacementGrounds,
    PlacementStatus,
    PlacementTrace,
)
from portal.shared.accounts.models import User
from portal.shared.outbox.models import Mail
from portal.shared.rules.findings import as_rows
from portal.shared.rules.law.case import Act, Readiness
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY

ClientFor = Callable[[User | None], PortalClient]
FIRST = TODAY - timedelta(days=14)


def praktik(weeks: int = 9, *, starts_on: date = FIRST, **values: Any) -> Placement:
    """Amira in praktik at Bo's since two weeks, not ready for a job, for so many weeks in all."""
    placement = factories.make_placement(
        **{
            "form": PlacementForm.PRAKTIK,
            "hours_per_week": 20.0,
            "status": PlacementStatus.RUNNING,
            "starts_on": starts_on,
            "ends_on": starts_on + timedelta(weeks=weeks, days=-1),
            **values,
        }
    )
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
        services.occupy(db.session.get_one(Placement, placement.id))
    return fresh(placement)


def fresh(placement: Placement) -> Placement:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Placement, placement.id)


def longer(placement: Placement, weeks: int) -> date:
    return placement.ends_on + timedelta(weeks=weeks)


def ask(client: PortalClient, placement: Placement, kind: str, **fields: Any) -> Any:
    url = f"/placements/{placement.id}/change/{kind}"
    said = {name: str(value) for name, value in fields.items()}
    return client.post(url, {"version": str(fresh(placement).version), **said})


def kinds(placement: Placement) -> list[ChangeKind]:
    return [one.kind for one in fresh(placement).changes]


# --- Before it begins ---------------------------------------------------------------------------------------------


def test_a_changed_plan_is_said_yes_to_anew(client_for: ClientFor, karin: User) -> None:
    placement = praktik(weeks=4, starts_on=TODAY + timedelta(days=7), status=PlacementStatus.PLANNED)
    factories.make_settlement(placement)

    answer = ask(client_for(karin), placement, "extend", ends_on=longer(placement, 2))

    assert answer.status_code == 303
    settlement = fresh(placement).settlement
    assert settlement is not None
    assert settlement.confirmations == []


# --- Longer ----------------------------------------------------------------------------------------------------


def test_a_praktik_of_nine_weeks_is_extended_by_four_and_the_law_stops_the_fifth(
    client_for: ClientFor, karin: User
) -> None:
    placement = praktik(weeks=9)
    client = client_for(karin)

    fifth = ask(client, placement, "extend", ends_on=longer(placement, 5))

    assert fifth.status_code == 409
    assert "14 uger i alt" in fifth.words
    assert fifth.page.select_one("[name=stop_reason]")
    assert fifth.page.select_one("[name=ends_on]")["value"] == f"{longer(placement, 5):%d-%m-%Y}"
    assert kinds(placement) == []

    fourth = ask(client, placement, "extend", ends_on=longer(placement, 4), reason="Det går godt")

    assert fourth.status_code == 303
    assert fresh(placement).ends_on == FIRST + timedelta(weeks=13, days=-1)
    assert (
        "Forløbet er forlænget fra 5. januar 2027 til 2. februar 2027."
        in client.get(f"/placements/{placement.id}").words
    )


def test_the_fifth_week_needs_a_reason_every_time(client_for: ClientFor, karin: User) -> None:
    placement = praktik(weeks=13)
    client = client_for(karin)
    first = ask(client, placement, "extend", ends_on=longer(placement, 1), stop_reason="Hun mangler lidt.")
    assert first.status_code == 303
    assert fresh(placement).later_reason == "Hun mangler lidt."

    again = ask(client, placement, "extend", ends_on=longer(fresh(placement), 1))
    told = ask(client, placement, "extend", ends_on=longer(placement, 1), long_reason="En konkret vurdering.")

    assert again.status_code == 409, "a reason for fourteen weeks is none for fifteen"
    assert told.status_code == 303
    assert fresh(placement).long_reason == "En konkret vurdering."


def test_more_days_are_asked_about_where_the_law_says_the_same_of_them(app: Flask, karin: User) -> None:
    """Within a course a praktik is a month in one place, and what stops the fifth week stops the ninth alike."""
    placement = praktik(weeks=5)
    with transaction():
        db.session.get_one(PlacementGrounds, placement.id).is_within_course = True
        found, _standing = findings_of_change(
            db.session.get_one(Placement, placement.id), Agreed.of(placement), on=TODAY
        )
        one = db.session.get_one(Placement, placement.id)
        one.findings, one.stop_reason = as_rows(found), "Aftalt med sprogskolen."
    now = Agreed.of(fresh(placement))

    _found, same_days = findings_of_change(placement, replace(now, hours_per_week=18.0), on=TODAY)
    _found, longer_by_four = findings_of_change(
        placement, replace(now, ends_on=longer(placement, 4)), on=TODAY
    )

    assert "R28" not in {one.rule for one in same_days}
    assert "R28" in {one.rule for one in longer_by_four}


def test_an_end_after_the_agreed_day_is_an_extension_of_which_the_law_is_asked(
    client_for: ClientFor, karin: User
) -> None:
    first = TODAY - timedelta(weeks=14)
    placement = praktik(weeks=13, starts_on=first)
    agreed = placement.ends_on
    assert agreed < TODAY
    sheet = factories.make_sheet(placement, kind=AssessmentKind.END)
    client, close = client_for(karin), f"/assessments/{sheet.id}/close"
    said = {"outcome": "completed", "alone_because": "De svarer ikke", "assessed_on": TODAY.isoformat()}

    stopped = client.post(close, said)
    unsaid = client.post(close, {**said, "stop_reason": ""})

    assert stopped.status_code == unsaid.status_code == 409
    assert stopped.page.select_one("textarea#stop_reason")
    assert unsaid.page.select_one("#stop_reason-error")
    assert fresh(placement).status is PlacementStatus.RUNNING
    assert kinds(placement) == []

    assert client.post(close, {**said, "stop_reason": "Afløseren var syg"}).status_code == 303

    ended = fresh(placement)
    [change] = ended.changes
    assert (ended.ends_on, ended.ended_on) == (TODAY, TODAY)
    assert (change.kind, change.before) == (ChangeKind.EXTENDED, {"ends_on": agreed.isoformat()})
    assert change.stop_reason == "Afløseren var syg"
    assert db.session.scalars(sa.select(OccupiedPlace.ends_on)).all() == [TODAY]


def test_an_end_after_the_agreed_day_passes_unasked_where_the_law_says_nothing(
    client_for: ClientFor, karin: User
) -> None:
    placement = praktik(weeks=2, starts_on=TODAY - timedelta(weeks=3))
    sheet = factories.make_sheet(placement, kind=AssessmentKind.END)
    said = {"outcome": "completed", "alone_because": "De svarer ikke", "assessed_on": TODAY.isoformat()}

    assert client_for(karin).post(f"/assessments/{sheet.id}/close", said).status_code == 303

    assert kinds(placement) == [ChangeKind.EXTENDED]


def test_the_law_speaks_while_one_writes_and_nothing_is_kept(client_for: ClientFor, karin: User) -> None:
    placement = praktik(weeks=9)
    url = f"/placements/{placement.id}/change/extend/judged"

    judged = client_for(karin).post(url, {"ends_on": str(longer(placement, 5))}, htmx=True)

    assert judged.status_code == 200
    assert judged.page.select_one("#change-law .finding-stop")
    assert judged.page.select_one("#change-stop [name=stop_reason]")
    assert "Amira" not in judged.words
    assert kinds(placement) == []


@pytest.mark.parametrize("ends_on", ["01-12-2026", "", "i overmorgen"])
def test_an_end_that_is_no_later_is_said_beside_the_field(
    client_for: ClientFor, karin: User, ends_on: str
) -> None:
    placement = praktik(weeks=9)

    refused = ask(client_for(karin), placement, "extend", ends_on=ends_on)

    assert refused.status_code == 422
    assert refused.page.select_one("[name=ends_on]")["value"] == ends_on
    assert kinds(placement) == []


# --- Other days ------------------------------------------------------------------------------------------------


def test_moving_what_is_planned_takes_its_follow_ups_along(client_for: ClientFor, karin: User) -> None:
    start = TODAY + timedelta(days=7)
    placement = praktik(4, starts_on=start, status=PlacementStatus.PLANNED)
    with transaction():
        db.session.add(FollowUp(placement_id=placement.id, due_on=start + timedelta(days=3)))

    moved = ask(
        client_for(karin),
        placement,
        "move",
        starts_on=start + timedelta(days=14),
        ends_on=placement.ends_on + timedelta(days=14),
        takes_talks_along="y",
    )

    assert moved.status_code == 303
    placement = fresh(placement)
    assert placement.starts_on == start + timedelta(days=14)
    assert [talk.due_on for talk in placement.follow_ups] == [start + timedelta(days=17)]
    held = db.session.scalars(sa.select(OccupiedPlace)).all()
    assert [(one.starts_on, one.ends_on) for one in held] == [(placement.starts_on, placement.ends_on)]


def test_a_talk_outside_the_new_days_is_called_off(client_for: ClientFor, karin: User) -> None:
    placement = praktik(weeks=12)
    late = placement.ends_on + timedelta(days=7)
    with transaction():
        db.session.add(FollowUp(placement_id=placement.id, due_on=late))
    client, sooner = client_for(karin), {"starts_on": FIRST, "ends_on": TODAY + timedelta(days=7)}
    said = {name: str(value) for name, value in sooner.items()}

    judged = client.post(f"/placements/{placement.id}/change/move/judged", said, htmx=True)
    moved = ask(client, placement, "move", **sooner)

    assert "Opfølgninger, der bliver aflyst" in judged.words
    assert moved.status_code == 303
    assert [talk.is_open for talk in fresh(placement).follow_ups] == [False]
    assert kinds(placement) == [ChangeKind.MOVED, ChangeKind.FOLLOW_UP_CANCELLED]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"starts_on": FIRST, "ends_on": TODAY - timedelta(days=1)}, "Sidste dag kan ikke ligge før i dag"),
        (
            {"starts_on": TODAY + timedelta(days=1), "ends_on": TODAY + timedelta(days=20)},
            "når forløbet er begyndt",
        ),
        ({"starts_on": FIRST, "ends_on": FIRST + timedelta(weeks=9, days=-1)}, "Der er ikke ændret noget"),
    ],
    ids=["over", "not begun", "the same"],
)
def test_days_that_cannot_be_are_refused(
    client_for: ClientFor, karin: User, fields: dict[str, date], said: str
) -> None:
    placement = praktik(weeks=9)

    refused = ask(client_for(karin), placement, "move", **fields)

    assert refused.status_code == 409
    assert said in refused.words
    assert kinds(placement) == []


def test_days_that_were_worked_are_not_moved_out_of_the_law_without_a_word(
    client_for: ClientFor, karin: User
) -> None:
    """Twelve weeks are used; a first day of today would leave thirteen more to come."""
    placement = praktik(weeks=13, starts_on=TODAY - timedelta(weeks=12))
    days = {"starts_on": TODAY, "ends_on": TODAY + timedelta(weeks=13, days=-1)}

    refused = ask(client_for(karin), placement, "move", **days)

    assert refused.status_code == 409
    assert "Skriv, hvorfor første dag er en anden" in refused.words
    assert kinds(placement) == []
    told = ask(client_for(karin), placement, "move", **days, reason="Hun begyndte først i dag.")
    assert told.status_code == 303


def test_another_first_day_is_counted_from_now_on_and_not_before(app: Flask, karin: User) -> None:
    placement = praktik(weeks=9)
    sooner = FIRST - timedelta(days=3)
    later_moment = NOW + timedelta(hours=1)

    with transaction():
        wish = changes.Wish(
            ChangeKind.MOVED,
            Agreed.from_row({**Agreed.of(placement).as_row(), "starts_on": sooner}),
            sooner,
        )
        changes.change_placement(placement, wish, seen_version=placement.version, by=karin, at=later_moment)

    traces = db.session.scalars(sa.select(PlacementTrace).order_by(PlacementTrace.id)).all()
    assert [(one.starts_on, one.replaced_at) for one in traces] == [(FIRST, later_moment), (sooner, None)]


# --- Other hours, tasks, pauses --------------------------------------------------------------------------------


def test_other_hours_hold_from_their_day_and_the_ratio_counts_each_day(
    client_for: ClientFor, karin: User
) -> None:
    placement = praktik(weeks=9)
    since = TODAY + timedelta(days=7)

    changed = ask(client_for(karin), placement, "hours", hours_per_week="25,5", since=since)

    assert changed.status_code == 303
    placement = fresh(placement)
    assert (Agreed.of(placement).hours_on(since - timedelta(days=1)), placement.hours_at_end) == (20, 25.5)
    held = db.session.scalars(sa.select(OccupiedPlace).order_by(OccupiedPlace.starts_on)).all()
    assert [(one.ends_on, one.hours_per_week) for one in held] == [
        (since - timedelta(days=1), 20),
        (placement.ends_on, 25.5),
    ]
    assert "20, 25,5 fra den 25. november 2026" in client_for(karin).get(f"/placements/{placement.id}").words


def test_the_law_is_asked_of_the_hours_on_their_days(client_for: ClientFor, karin: User) -> None:
    placement = praktik(weeks=9)
    since = TODAY + timedelta(days=7)

    refused = ask(client_for(karin), placement, "hours", hours_per_week="40", since=since)

    assert refused.status_code == 409
    assert "40 timer om ugen er mere end 37" in refused.words


def test_hours_from_a_day_outside_are_refused(client_for: ClientFor, karin: User) -> None:
    placement = praktik(weeks=9)

    refused = ask(client_for(karin), placement, "hours", hours_per_week="25", since="2020-01-01")

    assert refused.status_code == 422
    assert "Dagen skal ligge i forløbet" in refused.words


def test_a_pause_counts_in_the_length_and_ends_when_she_is_back(client_for: ClientFor, karin: User) -> None:
    placement = praktik(weeks=13)
    client, url = client_for(karin), f"/placements/{placement.id}"
    first, last = TODAY + timedelta(days=2), TODAY + timedelta(days=20)

    assert ask(client, placement, "pause", first=first, last=last).status_code == 303
    assert ask(client, placement, "pause", first=last, last=last).status_code == 422
    assert "Pause fra 20. november 2026 til 8. december 2026." in client.get(url).words
    assert ask(client, placement, "extend", ends_on=longer(placement, 1)).status_code == 409
    assert ask(client, placement, "resume", back_on=TODAY + timedelta(days=10)).status_code == 303

    assert fresh(placement).pauses == [[first.isoformat(), (TODAY + timedelta(days=9)).isoformat()]]


def test_other_tasks_are_read_by_all_three(client_for: ClientFor, karin: User) -> None:
    placement = praktik(weeks=9)
    client = client_for(karin)

    changed = ask(client, placement, "tasks", tasks="Bage boller\nTælle varer", since=TODAY)

    assert changed.status_code == 303
    assert "Bage boller; Tælle varer" in client.get(f"/placements/{placement.id}").words


# --- Back again, and at the same time --------------------------------------------------------------------------


def test_what_is_not_in_force_yet_can_be_taken_back(client_for: ClientFor, karin: User) -> None:
    placement = praktik(weeks=9)
    client, was = client_for(karin), placement.ends_on
    ask(client, placement, "extend", ends_on=longer(placement, 2))
    [change] = fresh(placement).changes

    back = client.post(f"/placements/{placement.id}/changes/{change.id}/withdraw")

    assert back.status_code == 303
    assert fresh(placement).ends_on == was
    assert kinds(placement) == [ChangeKind.EXTENDED, ChangeKind.WITHDRAWN]
    assert client.post(f"/placements/{placement.id}/changes/{change.id}/withdraw").status_code == 409


def test_what_holds_already_cannot(client_for: ClientFor, karin: User) -> None:
    placement = praktik(weeks=9)
    client = client_for(karin)
    ask(client, placement, "hours", hours_per_week="25", since=TODAY)
    [change] = fresh(placement).changes

    assert not client.get(f"/placements/{placement.id}").page.select("form[action$=withdraw]")
    assert client.post(f"/placements/{placement.id}/changes/{change.id}/withdraw").status_code == 409


def test_of_two_who_change_it_the_second_is_told(client_for: ClientFor, karin: User) -> None:
    placement = praktik(weeks=9)
    client, seen = client_for(karin), str(placement.version)
    url = f"/placements/{placement.id}/change/extend"
    first = client.post(url, {"version": seen, "ends_on": str(longer(placement, 1))})

    second = client.post(url, {"version": seen, "ends_on": str(longer(placement, 2))})

    assert (first.status_code, second.status_code) == (303, 409)
    assert "En anden har ændret det samme" in second.words
    assert len(kinds(placement)) == 1


@pytest.mark.parametrize("status", [PlacementStatus.ENDED, PlacementStatus.CANCELLED])
def test_what_is_over_stands(client_for: ClientFor, karin: User, status: PlacementStatus) -> None:
    over = {"ended_on": TODAY, "outcome": "completed"} if status is PlacementStatus.ENDED else {}
    placement = praktik(weeks=9, status=status, **over)

    refused = ask(client_for(karin), placement, "extend", ends_on=longer(placement, 1))

    assert refused.status_code == 409
    assert kinds(placement) == []


def test_no_other_way_to_change_one_is_known(client_for: ClientFor, karin: User, lene: User) -> None:
    placement = praktik(weeks=9)

    assert client_for(karin).get(f"/placements/{placement.id}/change/erase").status_code == 404
    assert client_for(lene).get(f"/placements/{placement.id}/change/extend").status_code == 404
    assert client_for(karin).post(f"/placements/{placement.id}/changes/999/withdraw").status_code == 404


# --- Who is told -----------------------------------------------------------------------------------------------


def test_the_employer_is_told_what_and_never_why(client_for: ClientFor, karin: User) -> None:
    placement = praktik(weeks=9)
    name = placement.card.citizen.first_name

    ask(client_for(karin), placement, "extend", ends_on=longer(placement, 1), reason="Hun har fravær")

    (mail,) = db.session.scalars(sa.select(Mail)).all()
    assert mail.subject.startswith("Ændret forløb")
    assert "Forløbet er forlænget fra" in mail.text
    assert mail.calendar is not None
    assert "fravær" not in mail.text + mail.calendar
    assert name not in mail.subject + mail.text + mail.calendar
    end = next(one for one in Calendar.from_ical(mail.calendar).walk("VEVENT") if "-end@" in str(one["uid"]))
    assert end["dtstart"].dt == fresh(placement).ends_on
    assert end["sequence"] > 0


def test_an_address_among_the_tasks_is_no_link_in_the_mail(client_for: ClientFor, karin: User) -> None:
    placement = praktik(weeks=9)

    ask(client_for(karin), placement, "tasks", tasks="Log ind på evil.dk\nTælle varer", since=TODAY)

    (mail,) = db.session.scalars(sa.select(Mail)).all()
    assert "Log ind på evil. dk; Tælle varer" in mail.text


def test_a_pause_stands_in_the_calendar_until_it_is_taken_back(client_for: ClientFor, karin: User) -> None:
    placement = praktik(weeks=9)
    client, first = client_for(karin), TODAY + timedelta(days=2)
    ask(client, placement, "pause", first=first, last=first + timedelta(days=3))
    [change] = fresh(placement).changes

    def pause() -> Any:
        file = client.get(f"/placements/{placement.id}/calendar.ics").get_data(as_text=True)
        return next(one for one in Calendar.from_ical(file).walk("VEVENT") if "-pause-" in str(one["uid"]))

    before = pause()
    assert (before["dtstart"].dt, before["dtend"].dt) == (first, first + timedelta(days=4))
    client.post(f"/placements/{placement.id}/changes/{change.id}/withdraw")
    assert str(pause()["status"]) == "CANCELLED"
    assert pause()["sequence"] > before["sequence"]


def test_the_sheet_for_vitas_must_be_sent_again(client_for: ClientFor, karin: User) -> None:
    placement = praktik(weeks=9)
    factories.make_ready_sheet(placement, representative_stated_on=FIRST - timedelta(days=1))
    client = client_for(karin)

    ask(client, placement, "extend", ends_on=longer(placement, 1))

    words = client.get(f"/vitas/placement/{placement.id}").words
    assert "Arket skal sendes igen" in words
    assert "Meldt klar af" not in words
    alert = client.get(f"/placements/{placement.id}").page.select_one(".alert-warning")
    assert alert.select_one(f'a[href="/vitas/placement/{placement.id}"]') is not None
    assert client.post(f"/vitas/placement/{placement.id}/ready").status_code == 303
    assert "Arket skal sendes igen" not in client.get(f"/vitas/placement/{placement.id}").words
    assert "skal sendes igen" not in client.get(f"/placements/{placement.id}").words


def test_every_change_is_kept_with_what_stood_before(app: Flask, karin: User) -> None:
    placement = praktik(weeks=9)
    now = Agreed.of(placement)

    with transaction():
        wish = changes.Wish(ChangeKind.HOURS, now.with_hours(25, TODAY), TODAY, reason=" Hun kan mere ")
        changes.change_placement(placement, wish, seen_version=placement.version, by=karin, at=NOW)

    kept = db.session.scalars(sa.select(PlacementChange)).one()
    assert kept.before == {"later_hours": []}
    assert kept.after == {"later_hours": [[TODAY.isoformat(), 25]]}
    assert (kept.reason, kept.made_by_id) == ("Hun kan mere", karin.id)
    assert now.restored(kept.before) == now
