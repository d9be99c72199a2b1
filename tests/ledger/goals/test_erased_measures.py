"""Every measure of people says the same of every quarter that is over after somebody is erased."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.application import ROOMS
from portal.base.clock import danish_midnight
from portal.base.database import db, transaction
from portal.base.quarters import quarter_end, quarter_of, quarters
from portal.base.terms import Measure, PlacementForm, SpellKind
from portal.interventions.target_groups.models import TargetGroup
from portal.ledger.goals.tally import end_of, tallies
from portal.loop.assessments.models import AssessmentLine
from portal.loop.citizens.models import Citizen
from portal.loop.placements.models import Outcome, PlacementStatus
from portal.web.measures import Ask, Counted, GroupUse, Subject
from portal.web.rooms import Rooms
from tests.factories import (
    TODAY,
    make_card,
    make_citizen,
    make_match,
    make_placement,
    make_review,
    make_sheet,
    municipality,
)
from tests.support.efforts import take_part
from tests.support.erasing import erase
from tests.support.groups import make_group, make_ladder, make_member, make_spell, place

SINCE = date(2025, 1, 1)
OF_PEOPLE = {
    spec.measure: spec.counted
    for spec in Rooms(ROOMS).measures
    if spec.counted is not None and spec.counted.subject is Subject.CITIZENS
}
ASKED = [
    (measure, with_group)
    for measure, how in OF_PEOPLE.items()
    for with_group in (False, True)
    if not (how.group is GroupUse.MUST and not with_group)
]


def moment(day: date) -> datetime:
    return danish_midnight(day).astimezone(UTC) + timedelta(hours=10)


def a_life(group: TargetGroup, *, from_on: date, late: int = 0) -> Citizen:
    """A member with a card, a placement that ended in a job, work, support, activity and two steps.

    `late`: how many days after each thing it was written down.
    """
    written = {"recorded_at": moment(from_on + timedelta(days=late))}
    citizen = make_member(group, from_on, citizen=make_citizen(created_at=moment(from_on)), **written)
    make_spell(citizen, SpellKind.PUBLICLY_SUPPORTED, from_on, from_on + timedelta(days=150), **written)
    make_spell(
        citizen, SpellKind.ACTIVITY, from_on + timedelta(days=20), from_on + timedelta(days=90), **written
    )
    later = from_on + timedelta(days=151)
    late_too = {"recorded_at": moment(later + timedelta(days=late))}
    make_spell(citizen, SpellKind.ORDINARY_WORK, later, hours_per_week=20, **late_too)
    make_spell(citizen, SpellKind.SELF_SUPPORTING, later, **late_too)
    take_part(citizen, from_on, recorded_at=written["recorded_at"])
    steps = make_ladder(f"Trin {citizen.id}", 3)
    place(citizen, steps[0], from_on, **written)
    place(citizen, steps[1], later, **late_too)
    card = make_card(
        citizen,
        created_at=moment(from_on + timedelta(days=5)),
        counts_from_at=moment(from_on + timedelta(days=5)),
    )
    placement = make_placement(
        make_review(make_match(card=card)),
        form=PlacementForm.PRAKTIK,
        status=PlacementStatus.ENDED,
        starts_on=from_on + timedelta(days=30),
        started_at=moment(from_on + timedelta(days=30 + late)),
        ended_on=later - timedelta(days=1),
        outcome=Outcome.HIRED,
    )
    sheet = make_sheet(placement, closed_at=moment(later + timedelta(days=late)), assessed_on=later)
    with transaction():
        db.session.execute(
            sa.update(AssessmentLine).where(AssessmentLine.assessment_id == sheet.id).values(employer_level=3)
        )
    return citizen


def firsts(how: Counted, end: date) -> set[date]:
    """What a goal may begin with; of whole times those of a quarter and of a year."""
    if how.is_standing:
        return {SINCE}
    of_its_own = {quarter_of(end), date(end.year, 1, 1)}
    return of_its_own if how.tells_of_whole_times else {SINCE} | of_its_own


def asks_of(measure: Measure, group: TargetGroup | None) -> list[Ask]:
    """Of each quarter that is over, by itself and since the beginning; as known now, and at the quarter's end."""
    how = OF_PEOPLE[measure]
    ends = [end for one in quarters(SINCE, TODAY) if (end := quarter_end(one)) < TODAY]
    return [
        Ask(
            measure=measure,
            municipality_id=municipality().id,
            first=first,
            on=end,
            group_id=group.id if group is not None else None,
            terms=tuple(sorted((term.key, term.standard) for term in how.terms)),
            known_at=known_at,
        )
        for end in ends
        for first in firsts(how, end)
        for known_at in (None, end_of(end))
    ]


@pytest.mark.parametrize("late", [0, 45, 200])
def test_no_past_quarter_changes(app: Flask, late: int) -> None:
    group = make_group()
    a_life(group, from_on=date(2025, 2, 10))
    hers = a_life(group, from_on=date(2025, 3, 25), late=late)
    asks = [ask for measure, with_group in ASKED for ask in asks_of(measure, group if with_group else None)]
    before = tallies(asks)
    for known_then in (False, True):
        seen = {
            ask.measure for ask, tally in before.items() if tally.lines and bool(ask.known_at) is known_then
        }
        assert seen == set(OF_PEOPLE)

    erase(hers)

    after = tallies(asks)
    assert {ask.measure for ask, tally in after.items() if tally != before[ask]} == set()
    assert after == before
