"""What goals count of a target group, at every boundary of a rule, as it is known and as it was known.

S1 is Halsnæs' plan, S2 Fredensborg's (docs/goals.md); "design" is how the portal was agreed to count (docs/rules.md).
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import Measure, PlacementForm, SpellKind
from portal.interventions.target_groups.models import Membership, SpellProposal, TargetGroup
from portal.ledger.goals.tally import lists_of
from portal.loop.citizens.models import Citizen
from portal.loop.placements.models import PlacementStatus
from tests.factories import NOW, make_card, make_citizen, make_placement
from tests.support.groups import make_group, make_ladder, make_member, make_spell, place
from tests.support.questions import (
    AFTER,
    BEFORE,
    EVENING,
    FIRST,
    LAST,
    NIGHT,
    QUARTER,
    counted,
    near,
    question,
    share,
)

WORK, SCHOOL, SELF = SpellKind.ORDINARY_WORK, SpellKind.EDUCATION, SpellKind.SELF_SUPPORTING
SUPPORT, ACTIVITY, LEISURE = SpellKind.PUBLICLY_SUPPORTED, SpellKind.ACTIVITY, SpellKind.LEISURE_JOB
AWAY = SpellKind.NOT_AVAILABLE

START, END = date(2026, 1, 1), date(2026, 12, 31)


@dataclass(frozen=True)
class Life:
    """One member: her days in the group and her spells, as (kind, first, last, hours, form)."""

    member: tuple[date, date | None] = (START, None)
    spells: tuple[tuple[Any, ...], ...] = ()
    terms: dict[str, Any] = field(default_factory=dict)


def live(life: Life) -> TargetGroup:
    group = make_group()
    citizen = make_member(group, *life.member)
    for kind, first, last, *rest in life.spells:
        hours, form = (*rest, None, None)[:2]
        make_spell(citizen, kind, first, last, hours_per_week=hours, form=form)
    return group


IN, OUT, UNKNOWN, NOBODY = (1, 1, 0), (0, 1, 0), (0, 1, 1), (0, None, 0)

ON_THE_DAY = {
    # S1: "45 procent af kvinderne er i ordinært arbejde i 2021"; the day is the period's last
    "work that began on the day": (Life(spells=((WORK, LAST, None),)), IN, IN),
    "work that begins the day after": (Life(spells=((WORK, AFTER, None),)), UNKNOWN, UNKNOWN),
    "the last day of work": (Life(spells=((WORK, START, LAST),)), IN, IN),
    "work that ended the day before": (
        Life(spells=((WORK, START, LAST - timedelta(days=1)),)),
        UNKNOWN,
        UNKNOWN,
    ),
    "in two jobs she is one": (Life(spells=((WORK, START, None), (WORK, FIRST, END))), IN, IN),
    # S2: "i job eller uddannelse"
    "education": (Life(spells=((SCHOOL, START, None),)), OUT, IN),
    "work and education": (Life(spells=((WORK, START, None), (SCHOOL, START, None))), IN, IN),
    # efforts.md 1: praktik and løntilskud are activity, a leisure job its own kind, self-support derived from nothing
    "activity is no work": (Life(spells=((ACTIVITY, START, None),)), OUT, OUT),
    "a leisure job is no work": (Life(spells=((LEISURE, START, None),)), OUT, OUT),
    "self-support is no work": (Life(spells=((SELF, START, None),)), OUT, OUT),
    "public support beside work": (Life(spells=((SUPPORT, START, None), (WORK, START, None))), IN, IN),
    "not available": (Life(spells=((AWAY, START, None),)), OUT, OUT),
    # efforts.md 1: "ved ikke" is no spell; each share shows its coverage
    "nothing is recorded": (Life(), UNKNOWN, UNKNOWN),
    # efforts.md 2: share of a group's members on the day
    "joined on the day": (Life(member=(LAST, None), spells=((WORK, START, None),)), IN, IN),
    "joins the day after": (Life(member=(AFTER, None), spells=((WORK, START, None),)), NOBODY, NOBODY),
    "the last day in the group": (Life(member=(START, LAST), spells=((WORK, START, None),)), IN, IN),
    "left the day before": (
        Life(member=(START, LAST - timedelta(days=1)), spells=((WORK, START, None),)),
        NOBODY,
        NOBODY,
    ),
    # efforts.md 1: "the goal's rule sets the least hours and whether IGU counts"
    "exactly the least hours": (
        Life(spells=((WORK, START, None, 15.0),), terms={"least_hours": 15}),
        IN,
        IN,
    ),
    "a little less than the least": (
        Life(spells=((WORK, START, None, 14.9),), terms={"least_hours": 15}),
        OUT,
        OUT,
    ),
    "two jobs make the least hours": (
        Life(spells=((WORK, START, None, 7.4), (WORK, START, None, 7.6)), terms={"least_hours": 15}),
        IN,
        IN,
    ),
    "only the jobs of the day": (
        Life(
            spells=((WORK, START, None, 7.4), (WORK, START, LAST - timedelta(days=1), 7.6)),
            terms={"least_hours": 15},
        ),
        OUT,
        OUT,
    ),
    "hours are not said and none are asked for": (Life(spells=((WORK, START, None),)), IN, IN),
    "hours are not said and some are asked for": (
        Life(spells=((WORK, START, None),), terms={"least_hours": 15}),
        UNKNOWN,
        UNKNOWN,
    ),
    "hours are not said, and she is at school": (
        Life(spells=((WORK, START, None), (SCHOOL, START, None)), terms={"least_hours": 15}),
        UNKNOWN,
        IN,
    ),
    "enough without the job whose hours are not said": (
        Life(spells=((WORK, START, None, 20.0), (WORK, START, None)), terms={"least_hours": 15}),
        IN,
        IN,
    ),
    "IGU counts": (Life(spells=((WORK, START, None, 37.0, PlacementForm.IGU),)), IN, IN),
    "IGU does not count": (
        Life(spells=((WORK, START, None, 37.0, PlacementForm.IGU),), terms={"with_igu": "0"}),
        OUT,
        OUT,
    ),
    "a small job beside an IGU that does not count": (
        Life(
            spells=(
                (WORK, START, None, 37.0, PlacementForm.IGU),
                (WORK, START, None, 5.0, PlacementForm.SMAAJOB),
            ),
            terms={"with_igu": "0"},
        ),
        IN,
        IN,
    ),
    "the hours of an IGU that does not count": (
        Life(
            spells=((WORK, START, None, 30.0, PlacementForm.IGU), (WORK, START, None, 5.0)),
            terms={"with_igu": "0", "least_hours": 15},
        ),
        OUT,
        OUT,
    ),
}


@pytest.mark.parametrize(("life", "work", "either"), ON_THE_DAY.values(), ids=ON_THE_DAY)
def test_work_and_education_on_the_day(
    app: Flask, life: Life, work: tuple[int, int | None, int], either: tuple[int, int | None, int]
) -> None:
    group = live(life)

    assert share(counted(Measure.IN_WORK, group, terms=life.terms)) == work
    assert share(counted(Measure.IN_WORK_OR_EDUCATION, group, terms=life.terms)) == either
    number = counted(Measure.NUMBER_IN_WORK_OR_EDUCATION, group, terms=life.terms)
    assert (number.lines, number.amount, number.out_of) == (either[0], either[0], None)


def test_a_line_tells_the_form_of_the_work(app: Flask) -> None:
    group = live(Life(spells=((WORK, START, None, 37.0, PlacementForm.SMAAJOB), (SCHOOL, START, None))))
    ask = question(Measure.IN_WORK, group)

    [row] = db.session.execute(lists_of([ask])[ask].records).all()

    assert row.form == PlacementForm.SMAAJOB.value


TIME = {
    # S2, Effektmål 2: "i stand til at forsørge sig selv mindst 25 % af den 2-årige periode"
    "nothing": (Life(), (0, QUARTER, QUARTER), (0, QUARTER, QUARTER)),
    "self-support on the first day": (Life(spells=((SELF, START, FIRST),)), (1, QUARTER, 0), (0, 0, 0)),
    "self-support on the last day": (Life(spells=((SELF, LAST, None),)), (1, QUARTER, 0), (0, 0, 0)),
    "self-support that ended before": (
        Life(spells=((SELF, START, BEFORE),)),
        (0, QUARTER, QUARTER),
        (0, QUARTER, QUARTER),
    ),
    "self-support that begins after": (
        Life(spells=((SELF, AFTER, None),)),
        (0, QUARTER, QUARTER),
        (0, QUARTER, QUARTER),
    ),
    "self-support all the time": (Life(spells=((SELF, START, None),)), (QUARTER, QUARTER, 0), (0, 0, 0)),
    "work is no self-support": (Life(spells=((WORK, START, None),)), (0, QUARTER, 0), (0, 0, 0)),
    "two spells that overlap count a day once": (
        Life(spells=((SELF, FIRST, date(2026, 4, 10)), (SELF, date(2026, 4, 5), date(2026, 4, 14)))),
        (14, QUARTER, 0),
        (0, 0, 0),
    ),
    "a spell inside another": (
        Life(spells=((SELF, FIRST, date(2026, 4, 30)), (SELF, date(2026, 4, 5), date(2026, 4, 14)))),
        (30, QUARTER, 0),
        (0, 0, 0),
    ),
    "one after the other": (
        Life(spells=((SELF, FIRST, date(2026, 4, 10)), (SELF, date(2026, 4, 11), date(2026, 4, 14)))),
        (14, QUARTER, 0),
        (0, 0, 0),
    ),
    "only her days in the group": (
        Life(member=(date(2026, 4, 6), date(2026, 4, 15)), spells=((SELF, FIRST, date(2026, 4, 10)),)),
        (5, 10, 0),
        (0, 0, 0),
    ),
    "she left before": (Life(member=(START, BEFORE), spells=((SELF, START, None),)), NOBODY, NOBODY),
    "she joined on the last day": (
        Life(member=(LAST, None), spells=((SELF, START, None),)),
        (1, 1, 0),
        (0, 0, 0),
    ),
    "what is known lies outside her days in the group": (
        Life(member=(START, date(2026, 4, 10)), spells=((SELF, date(2026, 4, 11), None),)),
        (0, 10, 10),
        (0, 10, 10),
    ),
    # S2, Effektmål 3: "i aktivitet mindst 40 % af den tid, hvor de modtager kontant- eller starthjælp"
    "activity on support": (
        Life(spells=((SUPPORT, START, None), (ACTIVITY, FIRST, date(2026, 4, 10)))),
        (0, QUARTER, 0),
        (10, QUARTER, 0),
    ),
    "activity without support": (
        Life(spells=((SUPPORT, START, date(2026, 4, 5)), (ACTIVITY, FIRST, date(2026, 4, 10)))),
        (0, QUARTER, 0),
        (5, 5, 0),
    ),
    "two activities at once": (
        Life(
            spells=(
                (SUPPORT, START, None),
                (ACTIVITY, FIRST, date(2026, 4, 10)),
                (ACTIVITY, date(2026, 4, 5), date(2026, 4, 14)),
            )
        ),
        (0, QUARTER, 0),
        (14, QUARTER, 0),
    ),
    "support alone": (Life(spells=((SUPPORT, START, None),)), (0, QUARTER, 0), (0, QUARTER, 0)),
    "activity alone": (Life(spells=((ACTIVITY, START, None),)), (0, QUARTER, 0), (0, 0, 0)),
    "support with a hole that an activity bridges": (
        Life(
            spells=(
                (SUPPORT, FIRST, date(2026, 4, 10)),
                (SUPPORT, date(2026, 4, 21), date(2026, 4, 30)),
                (ACTIVITY, date(2026, 4, 6), date(2026, 4, 25)),
            )
        ),
        (0, QUARTER, 0),
        (10, 20, 0),
    ),
}


@pytest.mark.parametrize(("life", "self_support", "activity"), TIME.values(), ids=TIME)
def test_time_in_the_period(
    app: Flask,
    life: Life,
    self_support: tuple[int, int | None, int],
    activity: tuple[int, int | None, int],
) -> None:
    group = live(life)

    assert share(counted(Measure.SELF_SUPPORT, group)) == self_support
    assert share(counted(Measure.ACTIVITY, group)) == activity


def test_somebody_who_came_back_to_the_group_has_both_times_in_it(app: Flask) -> None:
    group = make_group()
    citizen = make_member(group, START, date(2026, 4, 10))
    make_member(group, date(2026, 6, 21), None, citizen=citizen)
    make_spell(citizen, SELF, date(2026, 4, 6), date(2026, 6, 25))

    tally = counted(Measure.SELF_SUPPORT, group)

    assert (tally.lines, *share(tally)) == (1, 10, 20, 0)


NEXT = {
    # S2: "for resten af målgruppen ... at der er iværksat andre beskæftigelsesrettede foranstaltninger"
    "in work: not of the rest": (Life(spells=((WORK, START, None),)), NOBODY),
    "at school: not of the rest": (Life(spells=((SCHOOL, START, None),)), NOBODY),
    "in an activity": (Life(spells=((ACTIVITY, START, None),)), IN),
    "the activity's last day": (Life(spells=((ACTIVITY, START, LAST),)), IN),
    "an activity that ended the day before": (
        Life(spells=((SUPPORT, START, None), (ACTIVITY, START, LAST - timedelta(days=1)))),
        OUT,
    ),
    "on support alone": (Life(spells=((SUPPORT, START, None),)), OUT),
    "nothing is recorded": (Life(), UNKNOWN),
    "an activity that lies ahead": (Life(spells=((ACTIVITY, AFTER, None),)), IN),
    "a school that lies ahead": (Life(spells=((SUPPORT, START, None), (SCHOOL, AFTER, END))), IN),
    "a job that lies ahead": (Life(spells=((SUPPORT, START, None), (WORK, AFTER, None))), IN),
    "support that lies ahead": (Life(spells=((SUPPORT, AFTER, None),)), UNKNOWN),
}


@pytest.mark.parametrize(("life", "expected"), NEXT.values(), ids=NEXT)
def test_the_next_step_of_the_rest(app: Flask, life: Life, expected: tuple[int, int | None, int]) -> None:
    assert share(counted(Measure.REST_BEGUN, live(life))) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"planned_at": EVENING}, IN),
        ({"planned_at": NIGHT}, OUT),  # planned the day after
        ({"planned_at": EVENING, "ends_on": LAST}, IN),
        (
            {"planned_at": EVENING, "starts_on": START, "ends_on": LAST - timedelta(days=1)},
            OUT,
        ),  # ran out unbegun
        ({"status": PlacementStatus.CANCELLED, "cancelled_at": EVENING}, OUT),
        ({"status": PlacementStatus.CANCELLED, "cancelled_at": NIGHT}, IN),  # it stood that evening
        ({"status": PlacementStatus.RUNNING, "started_at": NIGHT}, IN),
        (
            {"status": PlacementStatus.RUNNING, "started_at": EVENING},
            OUT,
        ),  # it has a spell of its own from now on
    ],
)
def test_a_planned_placement_is_a_next_step(
    app: Flask, values: dict[str, Any], expected: tuple[int, int | None, int]
) -> None:
    group = live(Life(spells=((SUPPORT, START, None),)))
    said = {"planned_at": datetime(2026, 6, 1, tzinfo=UTC), "starts_on": FIRST, "ends_on": END, **values}
    make_placement(card=make_card(_only_member(group)), **said)

    assert share(counted(Measure.REST_BEGUN, group)) == expected


def _only_member(group: TargetGroup) -> Citizen:
    return db.session.scalars(sa.select(Membership).where(Membership.group_id == group.id)).one().citizen


def test_what_was_planned_is_read_as_it_stood_that_evening(app: Flask) -> None:
    """A course that was booked on the day, and corrected later, was a next step all the same."""
    group = live(Life(spells=((SUPPORT, START, None),)))
    citizen = _only_member(group)
    make_spell(citizen, SCHOOL, AFTER, None, recorded_at=EVENING, replaced_at=NIGHT)

    assert share(counted(Measure.REST_BEGUN, group)) == IN
    assert share(counted(Measure.REST_BEGUN, group, known_at=EVENING - timedelta(hours=1))) == OUT


STEPS = {
    # S2: "Den resterende gruppe skal så vidt muligt løftes til match 3"; as (first day, step)
    "no step": ((START, None), (), UNKNOWN),
    "the same step": ((START, None), ((START, 2),), OUT),
    "one up": ((START, None), ((START, 2), (LAST, 3)), IN),
    "up the day after": ((START, None), ((START, 2), (AFTER, 3)), OUT),
    "up on the first day is where she begins": ((START, None), ((START, 2), (FIRST, 3)), OUT),
    "up the day after the first": ((START, None), ((START, 2), (FIRST + timedelta(days=1), 3)), IN),
    "down": ((START, None), ((START, 3), (LAST, 2)), OUT),
    "down and up again": ((START, None), ((START, 3), (date(2026, 5, 1), 1), (LAST, 3)), OUT),
    "up and down again": ((START, None), ((START, 2), (date(2026, 5, 1), 4), (LAST, 2)), OUT),
    "three up is one person": ((START, None), ((START, 1), (date(2026, 5, 1), 3), (LAST, 4)), IN),
    "the first step she was given": ((START, None), ((date(2026, 5, 1), 2), (LAST, 3)), IN),
    "one step, given in the period": ((START, None), ((date(2026, 5, 1), 2),), OUT),
    "from the day she joined": ((date(2026, 5, 1), None), ((START, 2), (date(2026, 4, 20), 3)), OUT),
    "until the day she left": ((START, date(2026, 5, 1)), ((START, 2), (date(2026, 5, 2), 3)), OUT),
    "up on the day she left": ((START, date(2026, 5, 1)), ((START, 2), (date(2026, 5, 1), 3)), IN),
    "a step that comes after": ((START, None), ((AFTER, 3),), UNKNOWN),
    "not a member": ((START, BEFORE), ((START, 2), (LAST, 3)), NOBODY),
}


@pytest.mark.parametrize(("member", "steps", "expected"), STEPS.values(), ids=STEPS)
def test_steps_up(
    app: Flask,
    member: tuple[date, date | None],
    steps: tuple[tuple[date, int], ...],
    expected: tuple[int, int | None, int],
) -> None:
    group, ladder = make_group(), make_ladder()
    citizen = make_member(group, *member)
    for from_on, step in steps:
        place(citizen, ladder[step - 1], from_on)

    assert share(counted(Measure.MOVES_UP, group)) == expected


def test_up_on_one_of_two_ladders_is_up_and_ladders_are_not_compared(app: Flask) -> None:
    group, match, ready = make_group(), make_ladder(), make_ladder("Jobparat", 2)
    up, apart = make_member(group), make_member(group)
    place(up, match[3], START)
    place(up, ready[0], START)
    place(up, ready[1], LAST)
    place(apart, ready[0], START)
    place(apart, match[4], LAST)

    assert share(counted(Measure.MOVES_UP, group)) == (1, 2, 0)


def test_a_placing_that_was_taken_back_moved_nobody(app: Flask) -> None:
    group, ladder = make_group(), make_ladder()
    citizen = make_member(group)
    place(citizen, ladder[1], START)
    place(citizen, ladder[2], LAST, recorded_at=EVENING, replaced_at=NIGHT)

    assert share(counted(Measure.MOVES_UP, group)) == OUT
    assert share(counted(Measure.MOVES_UP, group, known_at=EVENING)) == IN


KNOWN = {
    # (recorded, replaced) -> counts now, counted that evening
    "written by then": ((EVENING, None), True, True),
    "written afterwards": ((NIGHT, None), True, False),
    "replaced afterwards": ((EVENING, NIGHT), False, True),
    "replaced by then": ((EVENING - timedelta(hours=1), EVENING), False, False),
}
OF_SPELLS = {
    Measure.IN_WORK: WORK,
    Measure.IN_WORK_OR_EDUCATION: SCHOOL,
    Measure.NUMBER_IN_WORK_OR_EDUCATION: WORK,
    Measure.SELF_SUPPORT: SELF,
    Measure.ACTIVITY: SUPPORT,
    Measure.REST_BEGUN: ACTIVITY,
}


@pytest.mark.parametrize(("moments", "now", "then"), KNOWN.values(), ids=KNOWN)
@pytest.mark.parametrize("measure", OF_SPELLS)
def test_a_past_day_is_counted_as_it_is_known_and_as_it_was_known(
    app: Flask,
    measure: Measure,
    moments: tuple[datetime, datetime | None],
    now: bool,
    then: bool,
) -> None:
    group = make_group()
    recorded_at, replaced_at = moments
    make_spell(
        make_member(group), OF_SPELLS[measure], START, None, recorded_at=recorded_at, replaced_at=replaced_at
    )

    def is_seen(**more: Any) -> bool:
        tally = counted(measure, group, **more)
        return bool(tally.known) and not tally.unknown_out_of

    assert is_seen() == now
    assert is_seen(known_at=EVENING) == then


@pytest.mark.parametrize(("moments", "now", "then"), KNOWN.values(), ids=KNOWN)
@pytest.mark.parametrize("measure", [*OF_SPELLS, Measure.MOVES_UP])
def test_so_is_who_was_in_the_group(
    app: Flask,
    measure: Measure,
    moments: tuple[datetime, datetime | None],
    now: bool,
    then: bool,
) -> None:
    group = make_group()
    recorded_at, replaced_at = moments
    citizen = make_member(group, recorded_at=recorded_at, replaced_at=replaced_at)
    make_spell(citizen, OF_SPELLS.get(measure, WORK), START)

    assert bool(counted(measure, group).lines) == now
    assert bool(counted(measure, group, known_at=EVENING).lines) == then


@pytest.mark.parametrize("measure", [*OF_SPELLS, Measure.MOVES_UP])
def test_another_group_is_another_figure(app: Flask, measure: Measure) -> None:
    group, other = make_group(), make_group("Målgruppe 2")
    for kind in (WORK, SELF, SUPPORT, ACTIVITY):
        make_spell(make_member(other), kind, START)

    assert counted(measure, group).lines == 0


# --- One step from counting ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "measure", [Measure.IN_WORK, Measure.IN_WORK_OR_EDUCATION, Measure.NUMBER_IN_WORK_OR_EDUCATION]
)
def test_a_job_that_awaits_a_yes_is_one_step_from_counting(app: Flask, measure: Measure) -> None:
    group = make_group()
    waiting, working, settled, later = (make_member(group) for _number in range(4))
    make_spell(working, WORK, START)
    for citizen, first in ((waiting, LAST), (working, LAST), (settled, LAST), (later, AFTER)):
        _propose(citizen.id, first, decided=citizen is settled)

    assert near(measure, group) == [waiting.id]


def _propose(citizen_id: int, from_on: date, *, decided: bool) -> None:
    placement = make_placement()
    with transaction():
        db.session.add(
            SpellProposal(
                placement_id=placement.id,
                citizen_id=citizen_id,
                kind=WORK,
                from_on=from_on,
                hours_per_week=20.0,
                proposed_at=NOW,
                decided_at=NOW if decided else None,
                decided_by_id=placement.planned_by_id if decided else None,
            )
        )


def test_hours_that_are_not_said_are_one_step_where_hours_are_asked(app: Flask) -> None:
    group = make_group()
    unsaid, enough = make_member(group), make_member(group)
    make_spell(unsaid, WORK, START)
    make_spell(enough, WORK, START, hours_per_week=20.0)

    assert near(Measure.IN_WORK, group) == []
    assert near(Measure.IN_WORK, group, terms={"least_hours": 15}) == [unsaid.id]


def test_nobody_of_another_group_is_named(app: Flask) -> None:
    group = make_group()
    citizen = make_citizen()
    _propose(citizen.id, START, decided=False)

    assert near(Measure.IN_WORK, group) == []
