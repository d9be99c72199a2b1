"""What goals count of groups: places that were filled, hours away from the language school, sessions for young people.

Source: S1, Kvinder, Indsats 1 and 2; Unge 13-17.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from portal.base.database import db, latest
from portal.base.terms import GoalUnit, Measure, PeriodKind
from portal.interventions.cohorts.models import (
    Cohort,
    CohortEnrolment,
    CohortKind,
    CohortSession,
    CohortSort,
    EnrolmentState,
    LanguageHours,
    SessionState,
)
from portal.interventions.target_groups.queries import standing
from portal.loop.citizens.models import Citizen
from portal.web.measures import Ask, Counted, GroupUse, Lines, MeasureSpec, Subject, Term, line, listed_by
from portal.web.presentation import da_date

OVER_TIME = frozenset({PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.PROJECT})

SORT: Final = Term(
    "sort",
    _l("Slags hold"),
    CohortSort.SPECIAL_TEACHING.value,
    choices=(("", _l("alle hold")), *((one.value, one.label) for one in CohortSort)),
)


def _places(ask: Ask) -> sa.Select[Any]:
    """Everybody who had a place on a day of the period, once a group, on her first day in it.

    A place that nobody ended lasted as long as the group.
    """
    row = CohortEnrolment
    begun = sa.func.min(latest(row.from_on, sa.literal(ask.first, sa.Date)))
    statement = (
        sa.select(*line(row.citizen_id, begun))
        .join(row.cohort)
        .join(Cohort.kind)
        .where(
            Cohort.municipality_id == ask.municipality_id,
            row.state == EnrolmentState.PLACED,
            standing(row, ask.known_at),
            row.from_on <= ask.on,
            sa.func.coalesce(row.until_on, Cohort.last_on) >= ask.first,
        )
        .group_by(row.cohort_id, row.citizen_id)
    )
    sort = ask.choice(SORT.key) if ask.terms else str(SORT.standard)
    return statement if sort is None else statement.where(CohortKind.sort == CohortSort(sort))


def _absence(ask: Ask) -> sa.Select[Any]:
    """Hours of each month of the period: those that were not attended, out of those that were planned."""
    row = LanguageHours
    return (
        sa.select(*line(row.citizen_id, row.month_on, amount=row.planned - row.attended, out_of=row.planned))
        .join(row.citizen)
        .where(
            Citizen.municipality_id == ask.municipality_id,
            standing(row, ask.known_at),
            row.month_on.between(ask.first, ask.on),
            row.planned > 0,
        )
    )


def _campaign(ask: Ask) -> sa.Select[Any]:
    """The sessions that were held in the period."""
    row = CohortSession
    statement = (
        sa.select(*line(row.id, row.on_day))
        .join(row.cohort)
        .join(Cohort.kind)
        .where(
            Cohort.municipality_id == ask.municipality_id,
            CohortKind.sort == CohortSort.CAMPAIGN,
            row.state == SessionState.HELD,
            row.on_day.between(ask.first, ask.on),
        )
    )
    return statement if ask.known_at is None else statement.where(row.settled_at <= ask.known_at)


def _campaign_lines(asks: Collection[Ask]) -> Mapping[Ask, Lines]:
    """Each session with its day, group and theme in words: its line is about nobody."""
    held = _HeldSessions({ask.municipality_id for ask in asks})
    return {ask: Lines(_campaign(ask), _HeldInWords(ask, held)) for ask in asks}


class _HeldSessions:
    """The sessions of some municipalities, read once for all questions, when somebody opens one's list."""

    def __init__(self, homes: set[int]) -> None:
        self._homes = homes

    @cached_property
    def sessions(self) -> Sequence[CohortSession]:
        return db.session.scalars(
            sa.select(CohortSession)
            .join(CohortSession.cohort)
            .join(Cohort.kind)
            .where(
                Cohort.municipality_id.in_(self._homes),
                CohortKind.sort == CohortSort.CAMPAIGN,
                CohortSession.state == SessionState.HELD,
            )
            .options(joinedload(CohortSession.cohort), joinedload(CohortSession.theme))
            .order_by(CohortSession.on_day, CohortSession.id)
        ).all()


class _HeldInWords(Mapping[int, Sequence[str]]):
    """The sessions of one question's list in words; the figure alone needs none."""

    def __init__(self, ask: Ask, held: _HeldSessions) -> None:
        self._ask, self._held = ask, held

    @cached_property
    def _words(self) -> dict[int, Sequence[str]]:
        ask = self._ask
        return {
            one.id: (_in_words(one),)
            for one in self._held.sessions
            if one.cohort.municipality_id == ask.municipality_id and ask.first <= one.on_day <= ask.on
        }

    def __getitem__(self, session_id: int) -> Sequence[str]:
        return self._words[session_id]

    def __iter__(self) -> Iterator[int]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


def _in_words(session: CohortSession) -> str:
    theme = f", {session.theme.name}" if session.theme else ""
    return f"{da_date(session.on_day)}: {session.cohort.name}{theme}"


MEASURES = (
    MeasureSpec(
        measure=Measure.GROUP_PLACES,
        unit=GoalUnit.COUNT,
        page="cohorts.index",
        counted=Counted(
            subject=Subject.CITIZENS,
            periods=OVER_TIME,
            group=GroupUse.MAY,
            terms=(SORT,),
            lines=listed_by(_places),
            near_misses=None,
            tells_of_whole_times=True,
            rule=_l(
                "De, der har haft en plads på et hold i perioden. Den, der har været på to hold, tæller på hvert. "
                "Venteliste tæller ikke. Slags hold: %(sort)s."
            ),
            link=None,
        ),
        needs=_l("Opret holdet, og skriv borgerne på."),
    ),
    MeasureSpec(
        measure=Measure.SCHOOL_ABSENCE,
        unit=GoalUnit.PERCENT,
        page="citizens.index",
        counted=Counted(
            subject=Subject.CITIZENS,
            periods=OVER_TIME,
            group=GroupUse.MAY,
            terms=(),
            lines=listed_by(_absence),
            near_misses=None,
            rule=_l(
                "Timer på sprogskolen, som borgerne ikke kom til, ud af de timer, der var planlagt, måned for "
                "måned. Hvorfor nogen ikke kom, bliver ikke skrevet ned."
            ),
            link=None,
        ),
        needs=_l("Skriv planlagte og fremmødte timer på borgeren, eller læs dem ind fra en fil."),
    ),
    MeasureSpec(
        measure=Measure.CAMPAIGN_SESSIONS,
        unit=GoalUnit.COUNT,
        page="cohorts.index",
        counted=Counted(
            subject=Subject.OUTSIDE,
            periods=OVER_TIME,
            group=GroupUse.NEVER,
            terms=(),
            lines=_campaign_lines,
            near_misses=None,
            rule=_l("Mødegange, der er holdt på et hold af slagsen “Informationskampagne for unge”."),
            link=None,
        ),
        needs=_l(
            "Opret et hold af slagsen “Informationskampagne for unge”, og skriv, at mødegangene er holdt."
        ),
    ),
)
