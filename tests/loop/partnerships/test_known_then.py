"""A past day is recounted as it was known then, whatever is written, corrected, unshared or erased afterwards."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings

from portal.base.clock import danish_day, danish_day_end, danish_midnight
from portal.base.database import db, transaction
from portal.loop.employers.models import Employer
from portal.loop.openings import services as openings
from portal.loop.openings.models import Opening, OpeningSharing
from portal.loop.partnerships import services
from portal.loop.partnerships.counting import EventKind, PartnershipStanding, standing_on_days
from portal.loop.partnerships.models import Partnership, PartnershipConsultant
from portal.loop.placements.models import Outcome, Placement, PlacementStatus, PlacementTrace
from portal.shared.accounts.models import User
from tests.factories import (
    NOW,
    TODAY,
    make_employer,
    make_opening,
    make_partnership,
    make_placement,
    municipality,
)
from tests.support.partnership_life import (
    START,
    STEPS,
    TASKS,
    THEIRS,
    Step,
    begin,
    erase,
    noon,
    nothing_is_matched,
    opening_details,
)
from tests.support.partnerships import counting_on

# --- Boundaries of signing and ending ----------------------------------------------------------------------------

SIGNED, LAST = date(2026, 3, 10), date(2026, 9, 30)


@pytest.mark.parametrize(
    ("day", "known", "counts"),
    [
        (date(2026, 3, 9), TODAY, False),  # the day before the signature
        (SIGNED, TODAY, True),
        (SIGNED, SIGNED, False),  # signed, and not written yet
        (SIGNED, date(2026, 3, 19), False),
        (SIGNED, date(2026, 3, 20), True),  # the day it was written
        (LAST, TODAY, True),
        (LAST + timedelta(days=1), TODAY, False),
        (LAST + timedelta(days=1), date(2026, 10, 19), True),  # nobody knew of the end
        (LAST + timedelta(days=1), date(2026, 10, 20), False),  # the day the end was written
    ],
)
def test_a_day_is_counted_by_what_was_written(app: Flask, day: date, known: date, counts: bool) -> None:
    employer = make_employer()
    make_opening(employer, published_at=noon(date(2026, 2, 1)))
    make_partnership(
        employer,
        signed_on=SIGNED,
        created_at=noon(date(2026, 3, 20)),
        ends_on=LAST,
        end_recorded_at=noon(date(2026, 10, 20)),
    )

    assert bool(counting_on(municipality().id, day, known_at=danish_day_end(known))) is counts


def test_the_second_of_midnight_is_the_next_day(app: Flask) -> None:
    employer = make_employer()
    make_opening(employer, published_at=noon(date(2026, 2, 1)))
    make_partnership(employer, signed_on=SIGNED, created_at=danish_midnight(date(2026, 3, 20)))

    before, after = danish_day_end(date(2026, 3, 19)), danish_midnight(date(2026, 3, 20))
    assert not counting_on(municipality().id, SIGNED, known_at=before)
    assert counting_on(municipality().id, SIGNED, known_at=after)


def test_naming_twice_leaves_both_rows(app: Flask, karin: User, jonas: User) -> None:
    employer = make_employer()
    make_opening(employer)
    agreement = make_partnership(employer, consultant=None)
    with transaction():
        found = db.session.get_one(Partnership, agreement.id)
        services.name_consultant(found, karin, from_on=TODAY, by=karin, at=NOW - timedelta(hours=2))
        services.name_consultant(found, jonas, from_on=TODAY, by=karin, at=NOW)

    def named(known_at: datetime | None) -> list[str]:
        ((standing,),) = standing_on_days(municipality().id, [TODAY], known_at=known_at).values()
        return [one.name for one in standing.consultants]

    assert named(None) == named(NOW) == [jonas.name]
    assert named(NOW - timedelta(hours=1)) == [karin.name]
    rows = db.session.scalars(sa.select(PartnershipConsultant).order_by(PartnershipConsultant.id)).all()
    assert [row.replaced_at is None for row in rows] == [False, True]


# --- Sharing with neighbours --------------------------------------------------------------------------------------


def shared(by: User, *, published_on: date, shared_on: date, until_on: date | None = None) -> Opening:
    """A neighbour's opening, through its services."""
    employer = make_employer("Naboens Rengøring", in_municipality="Fredensborg")
    make_partnership(employer, municipality_id=municipality().id, signed_on=START, created_at=noon(START))
    with transaction():
        place = db.session.get_one(Employer, employer.id).workplaces[0]
        details = opening_details(visible=shared_on <= published_on)
        opening = openings.create_opening(place, details, TASKS, by=by, at=noon(published_on))
        openings.publish_opening(opening, by=by, at=noon(published_on), today=published_on)
    changes = [(shared_on, True)] if shared_on > published_on else []
    for day, visible in [*changes, *([(until_on, False)] if until_on else [])]:
        with transaction():
            found = db.session.get_one(Opening, opening.id)
            openings.edit_opening(found, opening_details(visible=visible), TASKS, by=by, at=noon(day))
    return opening


def test_what_is_no_longer_shared_counts_on_the_day_it_was(app: Flask, lene: User) -> None:
    up, gone = date(2025, 3, 3), date(2025, 3, 20)
    shared(lene, published_on=up, shared_on=up, until_on=gone)

    for day in (up, date(2025, 12, 31), date(2026, 3, 3)):
        ((event,),) = [one.events for one in counting_on(municipality().id, day)]
        assert (event.kind, event.on) == (EventKind.OPENING, up)
    assert not counting_on(municipality().id, date(2026, 3, 4))


def test_one_that_is_shared_later_counts_from_then(app: Flask, lene: User) -> None:
    up, later = date(2025, 3, 3), date(2025, 3, 20)
    shared(lene, published_on=up, shared_on=later)

    assert not counting_on(municipality().id, later - timedelta(days=1))
    ((event,),) = [one.events for one in counting_on(municipality().id, later)]
    assert (event.kind, event.on) == (EventKind.SHARED, later)


def test_sharing_one_that_has_expired_is_no_event(app: Flask, lene: User) -> None:
    up, later = date(2025, 3, 3), date(2026, 3, 20)
    shared(lene, published_on=up, shared_on=later)

    assert not counting_on(municipality().id, later)


def test_each_change_of_sharing_is_kept(app: Flask, lene: User) -> None:
    opening = shared(
        lene, published_on=date(2025, 3, 3), shared_on=date(2025, 3, 3), until_on=date(2025, 3, 20)
    )
    with transaction():
        found = db.session.get_one(Opening, opening.id)
        openings.edit_opening(found, opening_details(visible=True), TASKS, by=lene, at=noon(date(2025, 4, 1)))
        openings.edit_opening(found, opening_details(visible=True), TASKS, by=lene, at=noon(date(2025, 4, 2)))

    rows = db.session.scalars(sa.select(OpeningSharing).order_by(OpeningSharing.id)).all()
    assert [(danish_day(row.from_at), row.until_at and danish_day(row.until_at), row.while_up) for row in rows] == [
        (date(2025, 3, 3), date(2025, 3, 20), False),
        (date(2025, 4, 1), None, True),
    ]  # fmt: skip


# --- What stays of a placement -------------------------------------------------------------------------------------


def test_nothing_leads_from_a_trace_to_who_is_erased(app: Flask) -> None:
    placement = make_placement(
        status=PlacementStatus.ENDED,
        starts_on=TODAY - timedelta(days=40),
        started_at=NOW - timedelta(days=40),
        ended_on=TODAY - timedelta(days=3),
        outcome=Outcome.HIRED,
    )
    other = make_placement(status=PlacementStatus.RUNNING, starts_on=TODAY - timedelta(days=9))
    with transaction():
        erase(db.session.get_one(Placement, placement.id), at=NOW)

    hers, others = db.session.scalars(sa.select(PlacementTrace).order_by(PlacementTrace.id)).all()
    assert hers.placement_id is None
    assert hers.recorded_at == danish_midnight(TODAY - timedelta(days=40))
    assert hers.end_recorded_at == danish_midnight(TODAY - timedelta(days=3))
    assert (hers.starts_on, hers.ended_on, hers.outcome) == (
        TODAY - timedelta(days=40),
        TODAY - timedelta(days=3),
        Outcome.HIRED,
    )
    assert (others.placement_id, others.recorded_at) == (other.id, NOW - timedelta(days=1))


# --- Any sequence ------------------------------------------------------------------------------------------------


def told(standing: PartnershipStanding) -> tuple[Any, ...]:
    """All of a standing but what an opening or a person is called."""
    return (
        standing.partnership.id,
        tuple(standing.holds.items()),
        standing.trade,
        sorted((event.kind, event.at, event.form) for event in standing.events),
        tuple(one.name for one in standing.consultants),
    )


def counted(days: list[date], *, known_at: datetime | None = None) -> dict[date, list[tuple[Any, ...]]]:
    standings = standing_on_days(municipality().id, days, known_at=known_at)
    return {day: [told(one) for one in listed] for day, listed in standings.items()}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_every_day_is_recounted_as_it_was_shown(app: Flask, steps: list[Step]) -> None:
    life = begin(app)
    shown: dict[date, list[tuple[Any, ...]]] = {}
    try:
        with nothing_is_matched():
            for step in steps:
                if step.after_days:
                    shown |= counted([life.today])
                    life.today += timedelta(days=step.after_days)
                life.take(step)
        shown |= counted([life.today])

        recounted = {day: counted([day], known_at=danish_day_end(day))[day] for day in shown}
        assert recounted == shown
    finally:
        db.session.rollback()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_erasing_and_unsharing_change_no_day_as_it_is_known_now(app: Flask, steps: list[Step]) -> None:
    life = begin(app)
    days = [START]
    try:
        with nothing_is_matched():
            for step in steps:
                life.today += timedelta(days=step.after_days)
                days.append(life.today)
                before = counted(days)
                life.take(step)
                if step.what in ("erase", "unshare"):
                    assert counted(days) == before
                if step.what == "trade":
                    earlier = [day for day in days if day < life.today]
                    assert counted(earlier) == {day: before[day] for day in earlier}
    finally:
        db.session.rollback()


def test_the_life_of_the_properties_is_one(app: Flask) -> None:
    """Each step does what it says when nothing refuses it; else the properties would hold of nothing."""
    life = begin(app)
    try:
        with nothing_is_matched():
            for what in ("sign", "publish", "share", "unshare", "share", "name", "trade", "start", "finish", "erase", "end"):  # fmt: skip # noqa: E501
                before = rows_in_all()
                life.take(Step(0, what, THEIRS, 2 if what in ("sign", "publish", "name") else 1))
                assert rows_in_all() != before or what == "share", what
    finally:
        db.session.rollback()


def rows_in_all() -> list[Any]:
    tables = (
        "partnerships",
        "partnership_consultants",
        "employer_trades",
        "opening_sharings",
        "placement_traces",
    )
    return [
        [tuple(row) for row in db.session.execute(sa.select(db.metadata.tables[name]).order_by("id"))]
        for name in (*tables, "openings", "opening_publications", "placements")
    ]
