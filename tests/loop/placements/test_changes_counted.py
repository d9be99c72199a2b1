"""Whatever is changed in a placement, what was counted of it at a past moment is counted so for ever.

Random sequences of changes, each a day after the last: at every moment the goals' lines and the days with hours are
read as they are known, and read again as known then when everything is over. Each example has a placement of its own.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portal.base.clock import danish_day
from portal.base.database import db, transaction
from portal.base.errors import DomainError
from portal.base.terms import Measure
from portal.interventions.target_groups import situations
from portal.interventions.target_groups.models import Spell
from portal.interventions.target_groups.queries import standing
from portal.ledger.goals.tally import lists_of
from portal.loop.employers.models import OccupiedPlace
from portal.loop.placements import changes, services
from portal.loop.placements.agreed import DAY, Agreed
from portal.loop.placements.models import ChangeKind, Outcome, Placement
from portal.shared.accounts.models import User
from tests.factories import NOW
from tests.loop.placements.test_changes import praktik
from tests.support.questions import question

FIRST_MOMENT = NOW + timedelta(days=1)


@st.composite
def steps(draw: st.DrawFn) -> list[tuple[ChangeKind, int, float]]:
    """What is changed on each day, by how many days, and to which hours; the last is the end."""
    kinds = st.sampled_from(
        [ChangeKind.EXTENDED, ChangeKind.MOVED, ChangeKind.HOURS, ChangeKind.PAUSED, ChangeKind.WITHDRAWN]
    )
    one = st.tuples(kinds, st.integers(-10, 30), st.sampled_from([10.0, 20.0, 25.5]))
    return draw(st.lists(one, min_size=1, max_size=4))


def carry_out(placement: Placement, step: tuple[ChangeKind, int, float], by: User, at: datetime) -> None:
    """Nothing when it cannot be done."""
    kind, days, hours = step
    now, shift, today = Agreed.of(placement), timedelta(days=days), danish_day(at)
    wished = {
        ChangeKind.EXTENDED: replace(now, ends_on=now.ends_on + shift),
        ChangeKind.MOVED: replace(now, starts_on=now.starts_on + shift),
        ChangeKind.HOURS: now.with_hours(hours, today + shift),
        ChangeKind.PAUSED: replace(now, pauses=(*now.pauses, (today + shift, today + shift))),
    }.get(kind)
    try:
        with transaction():
            if wished is None:
                last = changes.can_be_withdrawn(placement, today)
                if last is not None:
                    changes.withdraw_change(last, by=by, at=at)
                return
            wish = changes.Wish(kind, wished, today + timedelta(days=1), stop_reason="En konkret vurdering.")
            changes.change_placement(placement, wish, seen_version=placement.version, by=by, at=at)
    except DomainError:
        db.session.rollback()


def figures(placement: Placement, known_at: datetime | None) -> Any:
    """Her lines of the goals, and her days with their hours, as known then."""
    year = {"first": date(2026, 1, 1), "on": date(2027, 12, 31)}
    asks = [question(one, **year, known_at=known_at) for one in (Measure.PLACEMENTS, Measure.HIRED)]
    hers = placement.card.citizen_id
    lines = [
        [row.on for row in db.session.execute(lists_of([ask])[ask].records) if row.subject_id == hers]
        for ask in asks
    ]
    spells = db.session.execute(
        sa.select(Spell.from_on, Spell.until_on, Spell.hours_per_week)
        .where(Spell.placement_id == placement.id, standing(Spell, known_at))
        .order_by(Spell.from_on)
    ).all()
    return lines, spells


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([(ChangeKind.PAUSED, -6, 10.0), (ChangeKind.PAUSED, -8, 10.0)])  # both shrink to the first day
@given(steps())
def test_what_was_known_then_never_moves(app: Flask, karin: User, drawn: Any) -> None:
    placement = praktik(weeks=6)
    with transaction():
        situations.note_started(placement, by=karin, at=placement.started_at)
    seen: dict[datetime, Any] = {}
    at = FIRST_MOMENT
    for step in drawn:
        carry_out(placement, step, karin, at)
        db.session.expire_all()
        seen[at] = figures(placement, None)
        assert figures(placement, at) == seen[at], "what is known is what was known at this moment"
        _hours_of_every_day(placement)
        at += timedelta(days=1)
    with transaction():
        services.end_placement(placement, outcome=Outcome.HIRED, ended_on=danish_day(at), at=at)
        situations.note_ended(placement, by=karin, at=at)
    db.session.expire_all()

    assert {moment: figures(placement, moment) for moment in seen} == seen


def test_nobody_is_active_in_a_pause_and_the_place_stays_taken(app: Flask, karin: User) -> None:
    """Neither in the days that are counted nor where it ends in the pause; the ratio counts her all the time."""
    placement = praktik(weeks=6)
    first, week = placement.starts_on, timedelta(days=7)
    paused = (first + 3 * week, first + 4 * week - DAY)
    with transaction():
        situations.note_started(placement, by=karin, at=placement.started_at)
    wish = changes.Wish(ChangeKind.PAUSED, replace(Agreed.of(placement), pauses=(paused,)), paused[0])
    with transaction():
        changes.change_placement(placement, wish, seen_version=placement.version, by=karin, at=FIRST_MOMENT)

    days = [(one.from_on, one.until_on) for one in figures(placement, None)[1]]
    assert days == [(first, paused[0] - DAY), (paused[1] + DAY, placement.ends_on)]
    held = db.session.scalars(sa.select(OccupiedPlace)).all()
    assert [(one.starts_on, one.ends_on) for one in held] == [(first, placement.ends_on)]

    at = NOW + timedelta(days=(paused[0] - danish_day(NOW)).days + 2)
    with transaction():
        services.end_placement(placement, outcome=Outcome.COMPLETED, ended_on=danish_day(at), at=at)
        situations.note_ended(placement, by=karin, at=at)

    assert paused[0] < placement.ended_on < paused[1]
    assert [(one.from_on, one.until_on) for one in figures(placement, None)[1]] == [(first, paused[0] - DAY)]


def _hours_of_every_day(placement: Placement) -> None:
    """The spells that stand say for each day what was agreed of it, and nothing of the days of a pause."""
    agreed = Agreed.of(placement)
    stand = db.session.scalars(
        sa.select(Spell).where(Spell.placement_id == placement.id, standing(Spell))
    ).all()
    day = agreed.starts_on
    while day <= agreed.ends_on:
        hours = [one.hours_per_week for one in stand if one.from_on <= day <= (one.until_on or day)]
        is_paused = any(first <= day <= last for first, last in agreed.pauses)
        assert hours == ([] if is_paused else [agreed.hours_on(day)]), day
        day += timedelta(days=1)
