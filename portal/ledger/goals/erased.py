"""What somebody was to the figures, left as sums when she is erased: a past quarter says the same afterwards.

Asked are the questions of the municipality's goals, and each measure by its standard rule. A sum says which quarter it
is about and in which one it was recorded, so that a recount of what was known at a quarter's end holds too. Nothing
in it says whose it was. Source: docs/rules.md#erased-parts
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final

import sqlalchemy as sa

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.quarters import quarter_end, quarter_of, quarters
from portal.base.terms import Measure, PlacementForm
from portal.interventions.target_groups.models import Membership, TargetGroup
from portal.ledger.goals import queries
from portal.ledger.goals.measures import all_specs, spec_of
from portal.ledger.goals.models import ErasedPart
from portal.ledger.goals.tally import Tally, counted, end_of, lists_of, stored, sums_of
from portal.loop.citizens.footprint import rows_about
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import Municipality
from portal.web.measures import Ask, Counted, GroupUse, Subject, Terms

_KEY: Final = ("group_id", "terms", "form", "first_on", "quarter_on", "known_on")
_SUMS: Final = tuple(one.name for one in fields(Tally))


@dataclass(frozen=True)
class GoalQuestion:
    """What a goal asks, whenever it asks."""

    municipality_id: int
    measure: Measure
    group_id: int | None
    terms: Terms


@dataclass(frozen=True)
class QuarterAsKnown:
    """A question about a quarter, as known when another one had ended; in the quarter that runs, as known now."""

    question: GoalQuestion
    first: date
    """The first day that is added up; the quarter's own, unless the measure tells of whole times."""
    quarter: date
    known: date


Told = dict[QuarterAsKnown, dict[PlacementForm | None, Tally]]
"""What she was, by the form of her placement."""


@dataclass(frozen=True)
class WhoLeaves:
    """Whose lines are asked for, and when."""

    citizen_id: int | None
    """None: everybody who is there."""
    since: date
    """Before that day there is nothing of hers."""
    today: date
    corrected: frozenset[date]
    """Quarters at whose end something was recorded of her that was taken back afterwards."""


def leave_parts(citizen: Citizen, *, at: datetime, **_more: Any) -> None:
    """Keep what she is of every figure, while her rows stand.

    It is stored with the erasure or not at all: a backup that brings her back brings the time before both.
    """
    db.session.flush()
    person = WhoLeaves(citizen.id, _first_day(citizen), danish_day(at), _corrected_quarters(citizen.id))
    for municipality in _municipalities_of(citizen):
        by_measure: dict[Measure, list[GoalQuestion]] = defaultdict(list)
        for question in _questions(municipality, citizen.id):
            by_measure[question.measure].append(question)
        for questions in by_measure.values():
            _add(_changes(_told(questions, _times(municipality, questions[0], person), person)))


def leave_parts_of_all(municipality: Municipality, *, at: datetime) -> None:
    """Keep what all the people there are of the figures of its goals, in the goals' own time, before all are erased."""
    everybody = WhoLeaves(None, municipality.records_since_on, danish_day(at), frozenset())
    times: dict[GoalQuestion, set[date]] = defaultdict(set)
    for goal in queries.goals_of(municipality.id):
        how = spec_of(goal.measure).counted
        if how is not None and how.subject is Subject.CITIZENS and leaves(how, goal.group_id):
            question = GoalQuestion(municipality.id, goal.measure, goal.group_id, goal.rule_terms)
            times[question].update(quarters(goal.first_on, goal.last_on))
    for question, time in times.items():
        about = [(first, one) for first, one in _times(municipality, question, everybody) if one in time]
        _add(_changes(_told([question], about, everybody)))


def _municipalities_of(citizen: Citizen) -> list[Municipality]:
    """Her own, and where she was before: what is counted there stays there."""
    places = [
        sa.select(table.c.municipality_id).where(hers)
        for table, hers in rows_about(citizen.id).items()
        if "municipality_id" in table.c
    ]
    wanted = sa.union(*places).subquery()
    return list(
        db.session.scalars(
            sa.select(Municipality)
            .where(Municipality.id.in_(sa.select(wanted.c.municipality_id)))
            .order_by(Municipality.id)
        )
    )


def _first_day(citizen: Citizen) -> date:
    """The first that any row of hers tells of: she came to the portal then, or it was read in from before."""
    days = [
        sa.select(sa.func.min(table.c[name])).where(hers)
        for table, hers in rows_about(citizen.id).items()
        for name in ("from_on", "starts_on")
        if name in table.c
    ]
    told = db.session.scalars(sa.union_all(*days)) if days else ()
    return min([danish_day(citizen.created_at), *(day for day in told if day is not None)])


def _corrected_quarters(citizen_id: int) -> frozenset[date]:
    spans = [
        sa.select(table.c.recorded_at, table.c.replaced_at).where(hers, table.c.replaced_at.is_not(None))
        for table, hers in rows_about(citizen_id).items()
        if {"recorded_at", "replaced_at"} <= set(table.c.keys())
    ]
    found: set[date] = set()
    for recorded_at, replaced_at in db.session.execute(sa.union_all(*spans)) if spans else ():
        known = quarters(danish_day(recorded_at), danish_day(replaced_at))
        found.update(quarter for quarter in known if quarter_end(quarter) < danish_day(replaced_at))
    return frozenset(found)


def _questions(municipality: Municipality, citizen_id: int) -> list[GoalQuestion]:
    """What is asked of people there, and what a goal that is set later asks most likely."""
    of_people = {
        spec.measure: spec.counted
        for spec in all_specs()
        if spec.counted is not None and spec.counted.subject is Subject.CITIZENS
    }
    groups = _groups_of(municipality, citizen_id)
    goals = [goal for goal in queries.goals_of(municipality.id) if goal.measure in of_people]
    asked = [(goal.measure, goal.group_id, goal.rule_terms) for goal in goals]
    standard = [
        (measure, group, _standard(how)) for measure, how in of_people.items() for group in (None, *groups)
    ]
    return [
        GoalQuestion(municipality.id, measure, group_id, terms)
        for measure, group_id, terms in dict.fromkeys((*asked, *standard))
        if (group_id is None or group_id in groups) and leaves(of_people[measure], group_id)
    ]


def _groups_of(municipality: Municipality, citizen_id: int) -> list[int]:
    """The municipality's target groups that she was ever in, as far as anybody wrote."""
    return list(
        db.session.scalars(
            sa.select(TargetGroup.id)
            .where(
                TargetGroup.municipality_id == municipality.id,
                TargetGroup.id.in_(sa.select(Membership.group_id).where(Membership.citizen_id == citizen_id)),
            )
            .order_by(TargetGroup.id)
        )
    )


def _standard(how: Counted) -> Terms:
    return tuple(sorted((term.key, term.standard) for term in how.terms))


def leaves(how: Counted, group_id: int | None) -> bool:
    """Whether an erasure takes lines out of such a list: one that outlives her is of no group any more."""
    if group_id is None:
        return how.group is not GroupUse.MUST and not how.outlives
    return how.group is not GroupUse.NEVER


def _times(municipality: Municipality, question: GoalQuestion, person: WhoLeaves) -> list[tuple[date, date]]:
    """First days and quarters that she counted in; what looks at a day says nothing of a quarter that has not ended."""
    how = counted(question.measure)
    found = quarters(max(municipality.records_since_on, person.since), person.today)
    if how.is_standing:
        return [(one, one) for one in found if quarter_end(one) < person.today]
    if not how.tells_of_whole_times:
        return [(one, one) for one in found]
    goals = {goal.first_on for goal in queries.goals_of(municipality.id) if goal.measure is question.measure}
    return [
        (first, one)
        for one in found
        for first in sorted({one, date(one.year, 1, 1), *goals})
        if first <= quarter_end(one)
    ]


def _told(questions: Sequence[GoalQuestion], times: Sequence[tuple[date, date]], person: WhoLeaves) -> Told:
    """What she was in each quarter as known at its end and as known now, and in between where that differs."""
    now = quarter_of(person.today)
    ends = [
        QuarterAsKnown(one, first, quarter, known)
        for one in questions
        for first, quarter in times
        for known in {quarter, now}
    ]
    told = _ask(ends, person)
    between = [
        QuarterAsKnown(one, first, quarter, known)
        for one in questions
        for first, quarter in times
        for known in quarters(quarter, now)[1:-1]
        if known in person.corrected
        or told[QuarterAsKnown(one, first, quarter, quarter)]
        != told[QuarterAsKnown(one, first, quarter, now)]
    ]
    return told | _ask(between, person)


def _ask(moments: Sequence[QuarterAsKnown], person: WhoLeaves) -> Told:
    asks = [_asked(moment, person) for moment in moments]
    lists = lists_of(list(dict.fromkeys(asks)))
    told: Told = {moment: {} for moment in moments}
    for moment, ask in zip(moments, asks, strict=True):
        # one list at a time: a statement of one shape is built once, a union of forty anew for each person
        rows: Any = db.session.execute(sums_of(0, lists[ask], person.citizen_id))
        told[moment] = {
            PlacementForm(form) if form else None: Tally(*tally) for _number, form, *tally in rows
        }
    return told


def _asked(moment: QuarterAsKnown, person: WhoLeaves) -> Ask:
    return Ask(
        measure=moment.question.measure,
        municipality_id=moment.question.municipality_id,
        first=moment.first,
        on=min(quarter_end(moment.quarter), person.today),
        group_id=moment.question.group_id,
        terms=moment.question.terms,
        known_at=end_of(quarter_end(moment.known)) if moment.known < quarter_of(person.today) else None,
    )


def _changes(told: Told) -> Iterator[tuple[QuarterAsKnown, PlacementForm | None, Tally]]:
    """What was recorded by the end of each quarter, and after that what each later one added or took."""
    by_time: dict[tuple[GoalQuestion, date, date], list[QuarterAsKnown]] = defaultdict(list)
    for moment in told:
        by_time[moment.question, moment.first, moment.quarter].append(moment)
    for moments in by_time.values():
        in_order = sorted(moments, key=lambda moment: moment.known)
        yield from ((in_order[0], form, tally) for form, tally in told[in_order[0]].items())
        for before, after in pairwise(in_order):
            yield from ((after, form, change) for form, change in _change(told[before], told[after]))


def _change(
    before: Mapping[PlacementForm | None, Tally], after: Mapping[PlacementForm | None, Tally]
) -> Iterator[tuple[PlacementForm | None, Tally]]:
    for form in dict.fromkeys((*before, *after)):
        was, now = before.get(form), after.get(form)
        if was != now:
            yield form, now - was if was and now else now or -was  # type: ignore[operator]


def _add(changes: Iterable[tuple[QuarterAsKnown, PlacementForm | None, Tally]]) -> None:
    """To what others left of the same, so that nobody's part can be told from another's."""
    fresh = [{**_key(moment, form), **asdict(tally)} for moment, form, tally in changes]
    if not fresh:
        return
    key = tuple(
        getattr(ErasedPart, name)
        for name in ("group_id", "terms", "form", "first_on", "quarter_on", "known_on")
    )
    there = sa.select(ErasedPart.id, *key).where(
        ErasedPart.municipality_id == fresh[0]["municipality_id"], ErasedPart.measure == fresh[0]["measure"]
    )
    ids = {tuple(rest): number for number, *rest in db.session.execute(there)}
    more, new = [], []
    for one in fresh:
        number = ids.get(tuple(one[column.key] for column in key))
        if number is None:
            new.append(one)
        else:
            more.append({"key": number, **{f"more_{name}": one[name] for name in _SUMS}})
    if new:
        db.session.execute(sa.insert(ErasedPart), new)
    if more:
        table = ErasedPart.__table__
        added = {name: table.c[name] + sa.bindparam(f"more_{name}") for name in _SUMS}
        db.session.connection().execute(
            sa.update(table).where(table.c.id == sa.bindparam("key")).values(added), more
        )


def _key(moment: QuarterAsKnown, form: PlacementForm | None) -> dict[str, Any]:
    return {
        "municipality_id": moment.question.municipality_id,
        "measure": moment.question.measure,
        "group_id": moment.question.group_id,
        "terms": stored(moment.question.terms),
        "form": form,
        "first_on": moment.first,
        "quarter_on": moment.quarter,
        "known_on": moment.known,
    }
