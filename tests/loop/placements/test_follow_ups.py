"""Follow-ups are agreed within the placement's days, moved, called off, and told in every calendar."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from portal.base.database import db, transaction
from portal.base.errors import StaleVersion
from portal.loop.placements import follow_ups
from portal.loop.placements.calendar import calendar_of
from portal.loop.placements.models import FollowUp, Outcome, Placement, PlacementChange, PlacementStatus
from portal.loop.placements.services import cancel_placement, end_placement
from portal.shared.accounts.models import User
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY

ClientFor = Callable[[User | None], PortalClient]
FIRST, LAST = TODAY - timedelta(days=14), TODAY + timedelta(days=14)


def running(**values: Any) -> Placement:
    started = {"status": PlacementStatus.RUNNING, "starts_on": FIRST, "ends_on": LAST}
    return factories.make_placement(**(started | values))


def agreed(placement: Placement, due_on: date) -> FollowUp:
    with transaction():
        talk = FollowUp(placement_id=placement.id, due_on=due_on)
        db.session.add(talk)
    db.session.expire_all()
    return talk


def events_of(placement: Placement) -> dict[str, Any]:
    file = Calendar.from_ical(calendar_of(placement, host="portal.example", at=NOW))
    found = {str(one["uid"]).partition("@")[0]: one for one in file.walk("VEVENT")}
    return {name.removeprefix(f"placement-{placement.id}-"): one for name, one in found.items()}


@pytest.mark.parametrize(
    ("due_on", "holds"),
    [
        (date(2020, 1, 1), False),
        (FIRST - timedelta(days=1), False),
        (FIRST, True),
        (LAST + follow_ups.AFTER_CARE, True),
        (LAST + follow_ups.AFTER_CARE + timedelta(days=1), False),
    ],
    ids=str,
)
def test_one_lies_within_the_placement_or_shortly_after_it(
    client_for: ClientFor, karin: User, due_on: date, holds: bool
) -> None:
    placement = running()

    answer = client_for(karin).post(f"/placements/{placement.id}/follow-ups", {"due_on": str(due_on)})

    assert answer.status_code == (303 if holds else 422)
    assert (db.session.scalar(sa.select(FollowUp)) is not None) is holds
    if not holds:
        assert "Opfølgningen skal ligge mellem" in answer.words
        assert answer.page.select_one("[name=due_on]")["value"] in (f"{due_on:%d-%m-%Y}", str(due_on))  # type: ignore[index]


def test_the_first_one_of_a_plan_lies_within_it_too(client_for: ClientFor, karin: User) -> None:
    both = {"citizen_answer": "yes", "employer_answer": "yes"}
    review = factories.make_review(**both)
    terms = {
        "form": "praktik",
        "hours_per_week": "20",
        "starts_on": "2026-11-23",
        "ends_on": "2026-12-13",
        "act": "integration",
        "readiness": "other",
    }

    refused = client_for(karin).post(
        f"/placements/plan/{review.id}", {**terms, "first_follow_up_on": "2020-01-01"}
    )

    assert refused.status_code == 422
    assert "Opfølgningen skal ligge mellem 23. november 2026 og 10. januar 2027." in refused.words
    assert db.session.scalar(sa.select(Placement)) is None


def test_moving_one_keeps_the_old_day_in_the_history(client_for: ClientFor, karin: User) -> None:
    placement = running()
    talk = agreed(placement, TODAY + timedelta(days=2))
    url = f"/placements/{placement.id}/follow-ups/{talk.id}/move"
    client = client_for(karin)
    was = events_of(placement)[f"follow-up-{talk.id}"]

    moved = client.post(url, {"due_on": str(LAST), "version": "1", "reason": "Bo er på ferie"})

    assert moved.status_code == 303
    words = client.get(f"/placements/{placement.id}").words
    assert "Opfølgningen er flyttet fra 20. november 2026 til 2. december 2026." in words
    assert "Bo er på ferie" in words
    db.session.expire_all()
    now = events_of(db.session.get_one(Placement, placement.id))[f"follow-up-{talk.id}"]
    assert now["dtstart"].dt == LAST
    assert now["sequence"] > was["sequence"]


def test_the_employer_reads_that_one_was_moved_and_not_why(client_for: ClientFor, karin: User) -> None:
    employer = factories.make_employer(owner="Bo")
    match = factories.make_match(factories.make_opening(employer))
    placement = running(review=factories.make_review(match, citizen_answer="yes", employer_answer="yes"))
    talk = agreed(placement, TODAY + timedelta(days=2))
    with transaction():
        follow_ups.move_follow_up(
            db.session.get_one(FollowUp, talk.id),
            due_on=LAST,
            seen_version=1,
            reason="Hun har fravær",
            by=karin,
            at=NOW,
        )

    words = client_for(factories.owner_of(employer)).get(f"/placements/{placement.id}").words

    assert "Opfølgningen er flyttet fra" in words
    assert "fravær" not in words


def test_of_two_who_move_one_the_second_is_told(app: Flask, karin: User) -> None:
    talk = agreed(running(), TODAY)
    with transaction():
        follow_ups.move_follow_up(talk, due_on=LAST, seen_version=1, by=karin, at=NOW)

    with pytest.raises(StaleVersion), transaction():
        follow_ups.move_follow_up(talk, due_on=TODAY, seen_version=1, by=karin, at=NOW)

    assert db.session.get_one(FollowUp, talk.id).due_on == LAST


def test_one_called_off_is_asked_for_no_more(client_for: ClientFor, karin: User) -> None:
    placement = running()
    talk = agreed(placement, TODAY)
    client = client_for(karin)
    url = f"/placements/{placement.id}"

    assert client.post(f"{url}/follow-ups/{talk.id}/cancel").status_code == 303

    assert "Opfølgningen den 18. november 2026 er aflyst." in client.get(url).words
    assert not client.get("/placements/?follow_up=due").page.select("#placement-table")
    assert client.post(f"{url}/follow-ups/{talk.id}/cancel").status_code == 409
    held = {"held_on": str(TODAY), "note": "Det gik godt."}
    assert client.post(f"{url}/follow-ups/{talk.id}", held).status_code == 409
    db.session.expire_all()
    event = events_of(db.session.get_one(Placement, placement.id))[f"follow-up-{talk.id}"]
    assert (str(event["status"]), event["sequence"]) == ("CANCELLED", 1)


def test_a_talk_was_not_held_before_the_first_day(client_for: ClientFor, karin: User) -> None:
    placement = running()
    talk = agreed(placement, TODAY)

    held = {"held_on": str(FIRST - timedelta(days=1)), "note": "Det gik godt."}
    refused = client_for(karin).post(f"/placements/{placement.id}/follow-ups/{talk.id}", held)

    assert refused.status_code == 422
    assert "Forløbet begynder først den 4. november 2026." in refused.words


def test_a_placement_that_stopped_tells_every_calendar(app: Flask) -> None:
    placement = running()
    soon, after = agreed(placement, TODAY + timedelta(days=7)), agreed(placement, LAST + timedelta(days=7))
    before = events_of(placement)

    with transaction():
        end_placement(placement, outcome=Outcome.STOPPED_BY_EMPLOYER, ended_on=TODAY, at=NOW)

    events = events_of(placement)
    assert events.keys() == before.keys(), "the same days, under the same names"
    assert events["end"]["dtstart"].dt == TODAY
    assert events["end"]["sequence"] > before["end"]["sequence"]
    assert str(events[f"follow-up-{soon.id}"]["status"]) == "CANCELLED"
    assert events[f"follow-up-{soon.id}"]["sequence"] > before[f"follow-up-{soon.id}"]["sequence"]
    assert "status" not in events[f"follow-up-{after.id}"], "agreed for the time after it"


def test_all_follow_ups_go_with_a_placement_that_is_called_off(app: Flask, karin: User) -> None:
    placement = factories.make_placement()
    talk = agreed(placement, TODAY + timedelta(days=20))

    with transaction():
        cancel_placement(placement, by=karin, at=NOW)

    assert {str(one["status"]) for one in events_of(placement).values()} == {"CANCELLED"}
    assert db.session.get_one(FollowUp, talk.id).is_open is False
    assert not db.session.scalars(sa.select(PlacementChange)).all(), "that it was called off says enough"
