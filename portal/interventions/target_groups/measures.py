"""What goals count of a target group: work, education, self-support, activity, the next step, and steps up.

Each is a list of the group's members; a member of whom nothing is recorded is `known=0`. A row stands as it is known
now, or as it was known at the moment that is asked about (queries.standing).
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased

from portal.base.clock import danish_midnight
from portal.base.database import days_between, db, earliest, latest
from portal.base.terms import HOURS_IN_A_WEEK, GoalUnit, Measure, PeriodKind, PlacementForm, SpellKind
from portal.interventions.target_groups.models import (
    LadderStep,
    Membership,
    Spell,
    SpellProposal,
    StepPlacing,
)
from portal.interventions.target_groups.queries import covering, standing, within
from portal.loop.cards.models import CompetenceCard
from portal.loop.placements.models import Placement, PlacementChange
from portal.web.measures import (
    Ask,
    Counted,
    GroupUse,
    MeasureSpec,
    NearMiss,
    NearMisses,
    Subject,
    Term,
    line,
    listed_by,
)

Column = sa.ColumnElement[Any]

TRAINING: Final = tuple(
    form
    for form in PlacementForm
    if form.traits.spell is SpellKind.ORDINARY_WORK and form.traits.agreed_in_vitas
)
"""Work with a wage that is an offer as well; the goal says whether it counts."""

A_LITTLE: Final = 0.001
"""Hours are stored as fractions: 7.4 and 7.6 must make 15."""

LEAST_HOURS = Term(
    "least_hours", _l("Mindst så mange timer om ugen"), 0, most=HOURS_IN_A_WEEK, zero=_l("ingen grænse")
)
WITH_IGU = Term("with_igu", _l("Tæller IGU som arbejde?"), "1", choices=(("1", _l("ja")), ("0", _l("nej"))))
WORK_TERMS = (LEAST_HOURS, WITH_IGU)

ON_A_DAY = frozenset({PeriodKind.DAY, PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.PROJECT})
OVER_TIME = frozenset({PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.PROJECT})


# --- On a day --------------------------------------------------------------------------------------------------


def _in_work(ask: Ask) -> sa.Select[Any]:
    """Every member of the day, and whether she is in ordinary work."""
    day = _MembersOnDay(ask)
    return day.lines(form=day.form_of_work, amount=_one_if(day.works), out_of=_ONE, known=day.is_known())


def _in_work_or_education(ask: Ask) -> sa.Select[Any]:
    """Every member of the day, and whether she is in ordinary work or education."""
    day = _MembersOnDay(ask)
    return day.lines(
        form=day.form_of_work, amount=_one_if(day.occupied), out_of=_ONE, known=day.is_known(day.studies)
    )


def _number_in_work_or_education(ask: Ask) -> sa.Select[Any]:
    """The members of the day who are in ordinary work or education."""
    day = _MembersOnDay(ask)
    return day.lines(form=day.form_of_work).having(day.occupied)


def _rest_begun(ask: Ask) -> sa.Select[Any]:
    """The members of the day who are not in work or education, and whether their next step has begun."""
    day = _MembersOnDay(ask)
    active = day.any(Spell.kind == SpellKind.ACTIVITY)
    begun = sa.or_(active, _has_agreed(ask))
    known = sa.or_(day.any(Spell.id.is_not(None)), begun)
    return day.lines(amount=_one_if(begun), out_of=_ONE, known=_one_if(known)).having(sa.not_(day.occupied))


_ONE: Final = sa.literal(1, sa.Integer)


class _MembersOnDay:
    """The group's members on a day, each with all her spells of that day."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.least = ask.number(LEAST_HOURS.key) if ask.terms else 0
        work: Column = Spell.kind == SpellKind.ORDINARY_WORK
        if ask.terms and not ask.number(WITH_IGU.key):
            work = sa.and_(work, sa.or_(Spell.form.is_(None), Spell.form.not_in(TRAINING)))
        self.work = work
        hours = sa.func.sum(sa.case((work, sa.func.coalesce(Spell.hours_per_week, 0)), else_=0))
        self.works = self.any(work) if self.least == 0 else hours + A_LITTLE >= self.least
        self.studies = self.any(Spell.kind == SpellKind.EDUCATION)
        self.occupied = sa.or_(self.works, self.studies)
        self.form_of_work = sa.func.max(sa.case((sa.and_(work, Spell.form.is_not(None)), Spell.form)))

    def any(self, condition: Column) -> Column:
        return sa.func.sum(_one_if(condition)) > 0

    def is_known(self, besides: Column | None = None) -> Column:
        """Whether something is recorded of the day; work of unknown hours says too little where hours are asked."""
        recorded = sa.func.count(Spell.id) > 0
        if self.least == 0:
            return _one_if(recorded)
        unsaid = self.any(sa.and_(self.work, Spell.hours_per_week.is_(None)))
        settled = self.works if besides is None else sa.or_(self.works, besides)
        return _one_if(sa.and_(recorded, sa.or_(settled, sa.not_(unsaid))))

    def lines(self, **columns: Column) -> sa.Select[Any]:
        ask = self.ask
        spell = sa.and_(
            Spell.citizen_id == Membership.citizen_id, standing(Spell, ask.known_at), covering(Spell, ask.on)
        )
        return (
            sa.select(*line(Membership.citizen_id, _day(ask.on), **columns))
            .select_from(Membership)
            .outerjoin(Spell, spell)
            .where(*_in_group(ask), covering(Membership, ask.on))
            .group_by(Membership.citizen_id)
        )


def _in_group(ask: Ask) -> tuple[Column, Column]:
    return Membership.group_id == ask.group_id, standing(Membership, ask.known_at)


def _day(day: date) -> Column:
    return sa.literal(day, sa.Date)


def _one_if(condition: Column) -> Column:
    return sa.case((condition, 1), else_=0)


def _has_agreed(ask: Ask) -> Column:
    """Whether a next step stood written when the day was over: a placement that is planned, or days that lie ahead.

    What is ahead is only known by what was written of it, so it is read as it stood that evening, whatever came of it.
    """
    evening = danish_midnight(ask.on + timedelta(days=1)) - timedelta(microseconds=1)
    seen_at = evening if ask.known_at is None else min(evening, ask.known_at)
    return sa.or_(_has_planned(ask.on, seen_at), _has_days_ahead(ask.on, seen_at))


def _has_planned(on: date, seen_at: datetime) -> Column:
    """The last day is the one that was agreed then: what stood before the first change that was made after it."""
    moved = (
        sa.select(PlacementChange.before["ends_on"].as_string())
        .where(
            PlacementChange.placement_id == Placement.id,
            PlacementChange.made_at > seen_at,
            PlacementChange.before["ends_on"].as_string().is_not(None),
        )
        .order_by(PlacementChange.id)
        .limit(1)
        .correlate(Placement)
        .scalar_subquery()
    )
    return sa.exists().where(
        CompetenceCard.citizen_id == Membership.citizen_id,
        Placement.card_id == CompetenceCard.id,
        Placement.planned_at <= seen_at,
        _not_yet(Placement.started_at, seen_at),
        _not_yet(Placement.cancelled_at, seen_at),
        sa.or_(sa.and_(moved.is_(None), Placement.ends_on >= on), moved >= on.isoformat()),
    )


def _not_yet(moment: Any, seen_at: datetime) -> Column:
    return sa.or_(moment.is_(None), moment > seen_at)


def _has_days_ahead(on: date, seen_at: datetime) -> Column:
    ahead = aliased(Spell)
    return sa.exists().where(
        ahead.citizen_id == Membership.citizen_id,
        ahead.kind.in_((SpellKind.ACTIVITY, SpellKind.EDUCATION, SpellKind.ORDINARY_WORK)),
        ahead.from_on > on,
        standing(ahead, seen_at),
    )


# --- Days of a period ------------------------------------------------------------------------------------------


def _self_support(ask: Ask) -> sa.Select[Any]:
    """The days each member supported herself, out of the days she was a member."""
    days = _days_of_kinds(ask, SpellKind.SELF_SUPPORTING)
    members = _member_days(ask)
    return _time(ask, members, days, amount=days.c.self_supporting, out_of=members.c.days)


def _activity(ask: Ask) -> sa.Select[Any]:
    """The days each member was in an activity, out of her days on public support as a member.

    Days on both are the days of each less those on either. Of whom nothing is recorded every day may be such a day.
    """
    days = _days_of_kinds(ask, SpellKind.ACTIVITY, SpellKind.PUBLICLY_SUPPORTED)
    members = _member_days(ask)
    both = days.c.activity + days.c.publicly_supported - days.c.either
    supported = sa.case((days.c.citizen_id.is_(None), members.c.days), else_=days.c.publicly_supported)
    return _time(ask, members, days, amount=both, out_of=supported)


def _time(
    ask: Ask, members: sa.Subquery, days: sa.Subquery, *, amount: Column, out_of: Column
) -> sa.Select[Any]:
    """A line for each member of the period, in days."""
    return sa.select(
        *line(
            members.c.citizen_id,
            _day(ask.on),
            amount=sa.func.coalesce(amount, 0),
            out_of=sa.func.coalesce(out_of, 0),
            known=_one_if(days.c.citizen_id.is_not(None)),
        )
    ).select_from(members.outerjoin(days, days.c.citizen_id == members.c.citizen_id))


def _begun(table: Any, ask: Ask) -> Column:
    return latest(table.from_on, _day(ask.first))


def _last(table: Any, ask: Ask) -> Column:
    return earliest(sa.func.coalesce(table.until_on, _day(ask.on)), _day(ask.on))


def _member_days(ask: Ask) -> sa.Subquery:
    """Citizen and how many days of the period she was in the group."""
    days = sa.func.sum(days_between(_begun(Membership, ask), _last(Membership, ask)) + 1)
    return (
        sa.select(Membership.citizen_id, days.label("days"))
        .where(*_in_group(ask), within(Membership, ask.first, ask.on))
        .group_by(Membership.citizen_id)
        .subquery()
    )


def _days_of_kinds(ask: Ask, *kinds: SpellKind) -> sa.Subquery:
    """Citizen, her days of each kind as a member in the period, and of several her days of `either`; a day counts once.

    Whoever has any spell in that time has a row.
    """
    spells = _clipped(ask)
    either = [spells.c.kind.in_(kinds)] if len(kinds) > 1 else []
    follow = sa.select(
        *spells.c,
        _reached(spells, spells.c.kind).label("reached"),
        *(_reached(spells, condition).label("reached_by_either") for condition in either),
    ).subquery()
    days = {kind.value: _sum_if(follow.c.kind == kind, _new_days(follow, follow.c.reached)) for kind in kinds}
    if either:
        days["either"] = _sum_if(follow.c.kind.in_(kinds), _new_days(follow, follow.c.reached_by_either))
    return (
        sa.select(follow.c.citizen_id, *(number.label(name) for name, number in days.items()))
        .group_by(follow.c.citizen_id)
        .subquery()
    )


def _sum_if(condition: Column, number: Column) -> Column:
    return sa.func.sum(sa.case((condition, number), else_=0))


def _clipped(ask: Ask) -> sa.Subquery:
    """Each member's spells, cut to her days as a member in the period."""
    begun = latest(Spell.from_on, _begun(Membership, ask))
    last = earliest(sa.func.coalesce(Spell.until_on, _day(ask.on)), _last(Membership, ask))
    return (
        sa.select(Spell.citizen_id, Spell.kind, begun.label("begun"), last.label("last"))
        .join(Membership, Membership.citizen_id == Spell.citizen_id)
        .where(
            *_in_group(ask),
            within(Membership, ask.first, ask.on),
            standing(Spell, ask.known_at),
            within(Spell, ask.first, ask.on),
            begun <= last,
        )
        .subquery()
    )


def _reached(spells: sa.Subquery, alike: Column) -> Column:
    """The last day that any of her spells before it reached, of those that are alike; NULL: it is the first."""
    return sa.func.max(spells.c.last).over(
        partition_by=(spells.c.citizen_id, alike),
        order_by=(spells.c.begun, spells.c.last),
        rows=(None, -1),
    )


def _new_days(spells: sa.Subquery, reached: Column) -> Column:
    """The days of a spell that none before it had, so that their sum counts a day once."""
    first, last = spells.c.begun, spells.c.last
    return sa.case(
        (sa.or_(reached.is_(None), reached < first), days_between(first, last) + 1),
        (reached < last, days_between(reached, last)),
        else_=0,
    )


# --- Steps -----------------------------------------------------------------------------------------------------


def _moves_up(ask: Ask) -> sa.Select[Any]:
    """Every member of the period, and whether she came to stand higher on a ladder than where she began."""
    members, moved = _stays(ask), _moved(ask)
    return (
        sa.select(
            *line(
                members.c.citizen_id,
                _day(ask.on),
                amount=sa.func.coalesce(moved.c.is_up, 0),
                out_of=_ONE,
                known=_one_if(moved.c.citizen_id.is_not(None)),
            )
        )
        .select_from(members)
        .outerjoin(moved, moved.c.citizen_id == members.c.citizen_id)
    )


def _stays(ask: Ask) -> sa.Subquery:
    """Each member of the period, from the day she joined, or its first, to the day she left, or its last."""
    return (
        sa.select(
            Membership.citizen_id,
            sa.func.min(_begun(Membership, ask)).label("begun"),
            sa.func.max(_last(Membership, ask)).label("last"),
        )
        .where(*_in_group(ask), within(Membership, ask.first, ask.on))
        .group_by(Membership.citizen_id)
        .subquery()
    )


def _moved(ask: Ask) -> sa.Subquery:
    """Citizen, and whether she stood higher at the end on one of her ladders; of those who stand on any.

    She began on the step she stood on that day; where she had none, on the first she was placed on afterwards. Either
    is the placing nearest to the day once those before it come first.
    """
    stay = _stays(ask)
    apart = (StepPlacing.citizen_id, LadderStep.ladder_id)
    nearest = (
        _one_if(StepPlacing.from_on > stay.c.begun),
        sa.func.abs(days_between(stay.c.begun, StepPlacing.from_on)),
        StepPlacing.id.desc(),
    )
    ends = (StepPlacing.from_on.desc(), StepPlacing.id.desc())
    placings = (
        sa.select(
            StepPlacing.citizen_id,
            LadderStep.ladder_id,
            LadderStep.position,
            sa.func.row_number().over(partition_by=apart, order_by=nearest).label("from_begun"),
            sa.func.row_number().over(partition_by=apart, order_by=ends).label("from_end"),
        )
        .join(LadderStep, LadderStep.id == StepPlacing.step_id)
        .join(stay, stay.c.citizen_id == StepPlacing.citizen_id)
        .where(standing(StepPlacing, ask.known_at), StepPlacing.from_on <= stay.c.last)
        .subquery()
    )
    at_first = sa.func.max(sa.case((placings.c.from_begun == 1, placings.c.position)))
    at_last = sa.func.max(sa.case((placings.c.from_end == 1, placings.c.position)))
    ladders = (
        sa.select(placings.c.citizen_id, _one_if(at_last > at_first).label("is_up"))
        .group_by(placings.c.citizen_id, placings.c.ladder_id)
        .subquery()
    )
    return (
        sa.select(ladders.c.citizen_id, sa.func.max(ladders.c.is_up).label("is_up"))
        .group_by(ladders.c.citizen_id)
        .subquery()
    )


# --- One step from counting ------------------------------------------------------------------------------------


def _nearly_in_work(ask: Ask) -> list[NearMiss]:
    """Members whom a placement ended for as *ansat*, which nobody has confirmed as work; and work without hours."""
    found = {one: _("Bekræft arbejdet efter forløbet.") for one in _ids(_unconfirmed(ask))}
    if ask.number(LEAST_HOURS.key):
        found |= {one: _("Skriv timerne om ugen på arbejdet.") for one in _ids(_work_without_hours(ask))}
    return [NearMiss(citizen_id, missing) for citizen_id, missing in sorted(found.items())]


def _ids(statement: sa.Select[int]) -> Iterable[int]:
    return db.session.scalars(statement.distinct())


def _unconfirmed(ask: Ask) -> sa.Select[int]:
    spell = sa.and_(
        Spell.citizen_id == Membership.citizen_id,
        Spell.kind == SpellKind.ORDINARY_WORK,
        standing(Spell, ask.known_at),
        covering(Spell, ask.on),
    )
    return (
        sa.select(Membership.citizen_id)
        .join(SpellProposal, SpellProposal.citizen_id == Membership.citizen_id)
        .where(
            *_in_group(ask),
            covering(Membership, ask.on),
            SpellProposal.kind == SpellKind.ORDINARY_WORK,
            SpellProposal.from_on <= ask.on,
            SpellProposal.decided_at.is_(None),
            ~sa.exists().where(spell),
        )
    )


def _work_without_hours(ask: Ask) -> sa.Select[int]:
    day = _MembersOnDay(ask)
    unsaid = sa.and_(day.work, Spell.hours_per_week.is_(None))
    lines = day.lines().having(sa.and_(sa.not_(day.works), day.any(unsaid))).subquery()
    return sa.select(lines.c.subject_id)


# --- What is declared ------------------------------------------------------------------------------------------


def _of_a_group(
    select: Callable[[Ask], sa.Select[Any]],
    rule: LazyString,
    *,
    periods: frozenset[PeriodKind],
    terms: tuple[Term, ...] = (),
    near_misses: NearMisses | None = None,
) -> Counted:
    return Counted(
        subject=Subject.CITIZENS,
        periods=periods,
        group=GroupUse.MUST,
        terms=terms,
        lines=listed_by(select),
        near_misses=near_misses,
        rule=rule,
        link=None,
        tells_of_whole_times=periods == OVER_TIME,
    )


_NEEDS_WORK = _l(
    "Målgruppens medlemmer og deres perioder i arbejde og uddannelse skrives på borgerens tidslinje eller læses "
    "ind fra en fil. Den, der kommer i arbejde, skal blive stående i målgruppen for at tælle med."
)

MEASURES = (
    MeasureSpec(
        measure=Measure.IN_WORK,
        unit=GoalUnit.PERCENT,
        page="target_groups.index",
        counted=_of_a_group(
            _in_work,
            _l(
                "Af alle, der er i målgruppen på dagen, tæller de, der er i ordinært arbejde den dag. "
                "Mindste antal timer om ugen i alt: %(least_hours)s. IGU tæller med: %(with_igu)s."
            ),
            periods=ON_A_DAY,
            terms=WORK_TERMS,
            near_misses=_nearly_in_work,
        ),
        needs=_NEEDS_WORK,
    ),
    MeasureSpec(
        measure=Measure.IN_WORK_OR_EDUCATION,
        unit=GoalUnit.PERCENT,
        page="target_groups.index",
        counted=_of_a_group(
            _in_work_or_education,
            _l(
                "Af alle, der er i målgruppen på dagen, tæller de, der er i ordinært arbejde eller under uddannelse "
                "den dag. Mindste antal timer om ugen på arbejde i alt: %(least_hours)s. IGU tæller med: %(with_igu)s."
            ),
            periods=ON_A_DAY,
            terms=WORK_TERMS,
            near_misses=_nearly_in_work,
        ),
        needs=_NEEDS_WORK,
    ),
    MeasureSpec(
        measure=Measure.NUMBER_IN_WORK_OR_EDUCATION,
        unit=GoalUnit.COUNT,
        page="target_groups.index",
        counted=_of_a_group(
            _number_in_work_or_education,
            _l(
                "De i målgruppen, der på dagen er i ordinært arbejde eller under uddannelse. Hver tæller én gang. "
                "Mindste antal timer om ugen på arbejde i alt: %(least_hours)s. IGU tæller med: %(with_igu)s."
            ),
            periods=ON_A_DAY,
            terms=WORK_TERMS,
            near_misses=_nearly_in_work,
        ),
        needs=_NEEDS_WORK,
    ),
    MeasureSpec(
        measure=Measure.SELF_SUPPORT,
        unit=GoalUnit.PERCENT,
        page="target_groups.index",
        counted=_of_a_group(
            _self_support,
            _l(
                "Dage, hvor medlemmerne forsørger sig selv, ud af alle de dage i perioden, de er i målgruppen. Kun "
                "det, der er skrevet som selvforsørgende, tæller. Det bliver ikke regnet ud af arbejde."
            ),
            periods=OVER_TIME,
        ),
        needs=_l("Perioder som selvforsørgende skrives på borgerens tidslinje eller læses ind fra en fil."),
    ),
    MeasureSpec(
        measure=Measure.ACTIVITY,
        unit=GoalUnit.PERCENT,
        page="target_groups.index",
        counted=_of_a_group(
            _activity,
            _l(
                "Dage i aktivitet ud af de dage i perioden, hvor medlemmerne er i målgruppen og offentligt "
                "forsørget. En dag med to aktiviteter tæller én gang. Den, der ikke står noget om, regnes som "
                "offentligt forsørget uden aktivitet."
            ),
            periods=OVER_TIME,
        ),
        needs=_l(
            "Perioder som offentligt forsørget skrives på borgerens tidslinje eller læses ind fra en fil. Praktik "
            "og løntilskud bliver til aktivitet, når forløbet begynder. Anden aktivitet skrives på tidslinjen."
        ),
    ),
    MeasureSpec(
        measure=Measure.REST_BEGUN,
        unit=GoalUnit.PERCENT,
        page="target_groups.index",
        counted=_of_a_group(
            _rest_begun,
            _l(
                "Af dem i målgruppen, der på dagen hverken er i ordinært arbejde eller under uddannelse, tæller "
                "de, der er i aktivitet, har et planlagt forløb, eller har en aktivitet, en uddannelse eller et "
                "arbejde foran sig, som var skrevet den dag."
            ),
            periods=ON_A_DAY,
        ),
        needs=_l(
            "Forløb planlægges i portalen. Anden aktivitet, som er i gang eller aftalt, skrives på borgerens tidslinje."
        ),
    ),
    MeasureSpec(
        measure=Measure.MOVES_UP,
        unit=GoalUnit.PERCENT,
        page="target_groups.index",
        counted=_of_a_group(
            _moves_up,
            _l(
                "Af alle, der har været i målgruppen i perioden, tæller de, der til sidst står højere på en trappe "
                "end den første dag i perioden, de var i målgruppen. Hver tæller én gang, også efter flere trin. "
                "Har en borger intet trin den første dag, regnes der fra det første, borgeren fik."
            ),
            periods=OVER_TIME,
        ),
        needs=_l("Kommunen opretter sin trappe, og konsulenten skriver borgerens trin på tidslinjen."),
    ),
)
