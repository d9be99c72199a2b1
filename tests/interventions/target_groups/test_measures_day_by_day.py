"""The database counts what somebody would who went through each person's calendar day by day, as it was known."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.base.database import db
from portal.base.terms import Measure, PlacementForm, SpellKind
from portal.interventions.target_groups.models import LadderStep, StepPlacing, TargetGroup
from portal.ledger.goals.tally import Tally, tallies
from portal.loop.citizens.models import Citizen
from portal.web.measures import Ask
from tests.factories import make_citizen, municipality
from tests.support.groups import make_group, make_ladder, membership, placing, spell

FIRST, LAST = date(2026, 4, 11), date(2026, 4, 25)
"""A short period inside forty days, so that beginnings and ends often meet its own."""
DAYS = [date(2026, 4, 1) + timedelta(days=number) for number in range(40)]
MOMENTS = [datetime(2026, 4, day, 12, tzinfo=UTC) for day in (1, 12, 20, 26)]
"""When something was written; the last is after the period."""
WORK = SpellKind.ORDINARY_WORK

days = st.sampled_from(DAYS)
written = st.tuples(st.sampled_from(MOMENTS), st.sampled_from([None, None, *MOMENTS])).filter(
    lambda pair: pair[1] is None or pair[1] >= pair[0]
)


@dataclass(frozen=True)
class Period:
    first: date
    last: date | None
    recorded_at: datetime
    replaced_at: datetime | None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def stands(self, known_at: datetime | None) -> bool:
        if known_at is None:
            return self.replaced_at is None
        return self.recorded_at <= known_at and (self.replaced_at is None or self.replaced_at > known_at)


@dataclass(frozen=True)
class Said(Period):
    kind: SpellKind
    hours: float | None
    form: PlacementForm | None


@dataclass(frozen=True)
class Placed(Period):
    ladder: int
    step: int


@dataclass(frozen=True)
class Person:
    memberships: tuple[Period, ...]
    spells: tuple[Said, ...]
    placings: tuple[Placed, ...]


@st.composite
def persons(draw: st.DrawFn) -> Person:
    return Person(
        tuple(draw(_memberships())),
        tuple(draw(st.lists(_spells(), max_size=6))),
        tuple(draw(st.lists(_placings(), max_size=5))),
    )


@st.composite
def _memberships(draw: st.DrawFn) -> list[Period]:
    """Up to two that stand apart, as the services keep them: she is in a group or not."""
    ends = sorted(draw(st.lists(days, min_size=2, max_size=4, unique=True)))
    pairs = list(zip(ends[::2], ends[1::2], strict=False))
    open_end = draw(st.booleans())
    return [
        Period(first, None if open_end and number == len(pairs) - 1 else last, *draw(written))
        for number, (first, last) in enumerate(pairs)
    ]


@st.composite
def _spells(draw: st.DrawFn) -> Said:
    """Any, also such as contradict each other."""
    first, last = sorted((draw(days), draw(days)))
    kind = draw(st.sampled_from(SpellKind))
    hours = draw(st.sampled_from([None, 7.4, 7.6, 14.9, 15.0, 37.0]))
    form = draw(st.sampled_from([None, PlacementForm.IGU, PlacementForm.SMAAJOB])) if kind is WORK else None
    return Said(first, draw(st.sampled_from([last, last, None])), *draw(written), kind, hours, form)


@st.composite
def _placings(draw: st.DrawFn) -> Placed:
    return Placed(draw(days), None, *draw(written), draw(st.integers(0, 1)), draw(st.integers(0, 2)))


# --- By hand ---------------------------------------------------------------------------------------------------


def by_hand(people: list[Person], ask: Ask) -> Tally:
    lines = [one for person in people for one in _line(person, ask)]
    amounts, wholes, knowns = zip(*lines, strict=True) if lines else ((), (), ())
    return Tally(
        len(lines),
        sum(amounts),
        sum(wholes) if lines and wholes[0] is not None else None,
        sum(knowns),
        sum(whole for whole, known in zip(wholes, knowns, strict=True) if whole and not known),
    )


def _line(person: Person, ask: Ask) -> Iterator[tuple[int, int | None, bool]]:
    member = [one for one in person.memberships if one.stands(ask.known_at)]
    spells = [one for one in person.spells if one.stands(ask.known_at)]
    hers = [day for day in DAYS if ask.first <= day <= ask.on and any(one.covers(day) for one in member)]
    if ask.measure in (Measure.SELF_SUPPORT, Measure.ACTIVITY):
        yield from _time(hers, spells, ask)
        return
    if ask.measure is Measure.MOVES_UP:
        yield from _steps(hers, [one for one in person.placings if one.stands(ask.known_at)])
        return
    if not any(one.covers(ask.on) for one in member):
        return
    today = [one for one in spells if one.covers(ask.on)]
    if ask.measure is Measure.REST_BEGUN:
        yield from _rest(person, today, ask)
        return
    works, unsure = _works(today, dict(ask.terms))
    studies = any(one.kind is SpellKind.EDUCATION for one in today)
    if ask.measure is Measure.IN_WORK:
        yield int(works), 1, bool(today) and not unsure
    elif ask.measure is Measure.IN_WORK_OR_EDUCATION:
        yield int(works or studies), 1, bool(today) and (studies or not unsure)
    elif works or studies:
        yield 1, None, True


def _works(today: list[Said], terms: dict[str, Any]) -> tuple[bool, bool]:
    """Whether she is in work, and whether hours that nobody wrote could make it so."""
    jobs = [one for one in today if one.kind is WORK]
    if terms["with_igu"] == "0":
        jobs = [one for one in jobs if one.form is not PlacementForm.IGU]
    if not terms["least_hours"]:
        return bool(jobs), False
    enough = round(sum(one.hours or 0 for one in jobs), 2) >= terms["least_hours"]
    return enough, not enough and any(one.hours is None for one in jobs)


def _rest(person: Person, today: list[Said], ask: Ask) -> Iterator[tuple[int, int, bool]]:
    kinds = {one.kind for one in today}
    if kinds & {WORK, SpellKind.EDUCATION}:
        return
    evening = datetime(ask.on.year, ask.on.month, ask.on.day, 21, 59, tzinfo=UTC)
    seen_at = min(evening, ask.known_at or evening)
    ahead = {one.kind for one in person.spells if one.stands(seen_at) and one.first > ask.on}
    begun = SpellKind.ACTIVITY in kinds or bool(ahead & {WORK, SpellKind.EDUCATION, SpellKind.ACTIVITY})
    yield int(begun), 1, bool(today) or begun


def _time(hers: list[date], spells: list[Said], ask: Ask) -> Iterator[tuple[int, int, bool]]:
    if not hers:
        return
    on = {day: {one.kind for one in spells if one.covers(day)} for day in hers}
    known = any(on.values())
    if ask.measure is Measure.SELF_SUPPORT:
        yield sum(SpellKind.SELF_SUPPORTING in kinds for kinds in on.values()), len(hers), known
        return
    supported = [kinds for kinds in on.values() if SpellKind.PUBLICLY_SUPPORTED in kinds]
    yield (
        sum(SpellKind.ACTIVITY in kinds for kinds in supported),
        len(supported) if known else len(hers),
        known,
    )


def _steps(hers: list[date], placings: list[Placed]) -> Iterator[tuple[int, int, bool]]:
    """Walked from the first day: where she stands that evening, or where she is put first."""
    if not hers:
        return
    is_up = False
    for ladder in (0, 1):
        stood = [
            on_it[-1].step
            for day in DAYS
            if hers[0] <= day <= hers[-1]
            and (on_it := [one for one in _in_order(placings) if one.ladder == ladder and one.first <= day])
        ]
        is_up = is_up or bool(stood and stood[-1] > stood[0])
    yield int(is_up), 1, any(one.first <= hers[-1] for one in placings)


def _in_order(placings: list[Placed]) -> list[Placed]:
    """By their day, and of one day as they were written."""
    return sorted(placings, key=lambda one: one.first)


# --- In the database -------------------------------------------------------------------------------------------

MEASURES = {
    Measure.IN_WORK: True,
    Measure.IN_WORK_OR_EDUCATION: True,
    Measure.NUMBER_IN_WORK_OR_EDUCATION: True,
    Measure.SELF_SUPPORT: False,
    Measure.ACTIVITY: False,
    Measure.REST_BEGUN: False,
    Measure.MOVES_UP: False,
}
"""Whether the goal's rule has numbers."""


def questions(group_id: int, known_at: datetime | None, rule: dict[str, Any]) -> list[Ask]:
    return [
        Ask(
            measure=measure,
            municipality_id=municipality().id,
            first=FIRST,
            on=LAST,
            group_id=group_id,
            terms=tuple(sorted(rule.items())) if has_terms else (),
            known_at=known_at,
        )
        for measure, has_terms in MEASURES.items()
    ]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.lists(persons(), max_size=3),
    known_at=st.sampled_from([None, *MOMENTS]),
    least_hours=st.sampled_from([0, 15]),
    with_igu=st.sampled_from(["1", "0"]),
)
def test_every_measure_of_a_group_is_what_a_calendar_says(
    app: Flask, people: list[Person], known_at: datetime | None, least_hours: int, with_igu: str
) -> None:
    group_id, ids, ladders = _beginning()
    for citizen_id, person in zip(ids, people, strict=False):
        db.session.add_all(_rows(group_id, citizen_id, person))
        for one in person.placings:  # one after the other, so that the later has the higher number
            db.session.add(_placing(citizen_id, ladders[one.ladder][one.step], one))
            db.session.flush()
    db.session.flush()
    asks = questions(group_id, known_at, {"least_hours": least_hours, "with_igu": with_igu})

    found = tallies(asks)

    db.session.rollback()
    assert {ask.measure: found[ask] for ask in asks} == {ask.measure: by_hand(people, ask) for ask in asks}


def _beginning() -> tuple[int, list[int], list[list[int]]]:
    """A group, three citizens and two ladders of three steps, made once for a test."""
    group = db.session.scalar(sa.select(TargetGroup))
    if group is None:
        group = make_group()
        for number in range(3):
            make_citizen()
            if number < 2:
                make_ladder(f"Trappe {number}", 3)
    steps = list(
        db.session.scalars(sa.select(LadderStep.id).order_by(LadderStep.ladder_id, LadderStep.position))
    )
    people = list(db.session.scalars(sa.select(Citizen.id).order_by(Citizen.id)))
    return group.id, people, [steps[:3], steps[3:]]


def _placing(citizen_id: int, step_id: int, placed: Placed) -> StepPlacing:
    return placing(
        citizen_id,
        step_id,
        placed.first,
        recorded_at=placed.recorded_at,
        replaced_at=placed.replaced_at,
    )


def _rows(group_id: int, citizen_id: int, person: Person) -> Iterator[Any]:
    for one in person.memberships:
        yield membership(
            group_id,
            citizen_id,
            one.first,
            one.last,
            recorded_at=one.recorded_at,
            replaced_at=one.replaced_at,
        )
    for said in person.spells:
        yield spell(
            citizen_id,
            said.kind,
            said.first,
            said.last,
            recorded_at=said.recorded_at,
            replaced_at=said.replaced_at,
            hours_per_week=said.hours,
            form=said.form,
        )
