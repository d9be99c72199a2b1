"""How long citizens wait: from being taken into the portal to the first conversation, in working days.

The first conversation is the one that a consultant wrote down, or the one that her card was begun in, whichever came
first. Who came in a file with her card is not asked about: nobody wrote down when she came to the municipality.
Source: docs/rules.md#wait-of-citizens
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base import clock
from portal.base.clock import danish_day as day_of
from portal.base.clock import danish_midnight
from portal.base.database import UtcDateTime, danish_day, db
from portal.base.day_numbers import working_days_between, working_days_to
from portal.base.terms import GoalUnit, Measure, PeriodKind
from portal.base.working_days import due_day, last_day_due_by
from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.models import Citizen, FirstTalk
from portal.web.measures import (
    KEPT_LISTS,
    Ask,
    Counted,
    GroupUse,
    Lines,
    MeasureSpec,
    NearMiss,
    Subject,
    Term,
    line,
)
from portal.web.presentation import da_date

_NO_TIME: Final = timedelta(microseconds=1)

DAYS: Final = Term("days", _l("Højst så mange arbejdsdage"), standard=10, least=0, most=60)


def waiting_people(municipality_id: int, *, known_at: datetime) -> sa.Select[*tuple[Any, ...]]:
    """Ids of the citizens whose wait is known, beside what `first_talk` looks at."""
    written = sa.and_(
        FirstTalk.citizen_id == Citizen.id,
        FirstTalk.recorded_at <= known_at,
        sa.or_(FirstTalk.replaced_at.is_(None), FirstTalk.replaced_at > known_at),
    )
    made_at = CompetenceCard.created_at
    return (
        sa.select(Citizen.id)
        .select_from(Citizen)
        .outerjoin(CompetenceCard, CompetenceCard.citizen_id == Citizen.id)
        .outerjoin(FirstTalk, written)
        .where(
            Citizen.municipality_id == municipality_id,
            sa.or_(made_at.is_(None), made_at > Citizen.created_at),
        )
    )


def first_talk(known_at: datetime) -> sa.ColumnElement[datetime | None]:
    """When each of `waiting_people` was first talked with, as it was known; NULL: not yet."""
    written, made_at = FirstTalk.held_at, CompetenceCard.created_at
    begun = sa.case((made_at <= known_at, made_at))
    first = sa.case(
        (written.is_(None), begun), (begun.is_(None), written), (written < begun, written), else_=begun
    )
    return sa.type_coerce(first, UtcDateTime())


def days_waited(*, first: date, until: datetime) -> sa.ColumnElement[int]:
    """Working days to the first conversation, of who came from `first`; so far, where there was none yet."""
    end = sa.func.coalesce(first_talk(until), until)
    return working_days_between(Citizen.created_at, end, first=first, last=day_of(until))


def _talked_with(asks: Collection[Ask]) -> Mapping[Ask, Lines]:
    """What is known now is known until the day is over: the same questions of a day have the same lists."""
    tonight = danish_midnight(clock.today() + timedelta(days=1))
    return {ask: Lines(_settled(ask, ask.known_at or tonight - _NO_TIME)) for ask in asks}


@lru_cache(maxsize=KEPT_LISTS)
def _settled(ask: Ask, known_at: datetime) -> sa.Select[*tuple[Any, ...]]:
    """Who came in the period, and was talked with by then or has waited for too long."""
    most, talked_at = ask.number(DAYS.key), first_talk(known_at)
    yesterday = day_of(known_at) - timedelta(days=1)
    waited_too_long = Citizen.created_at < danish_midnight(
        last_day_due_by(yesterday, most) + timedelta(days=1)
    )
    days = (
        Citizen.id,
        danish_day(Citizen.created_at).label("came_on"),
        danish_day(talked_at).label("talked_on"),
    )
    came = (
        waiting_people(ask.municipality_id, known_at=known_at)
        .with_only_columns(*days)
        .where(*_came_in(ask, known_at), sa.or_(talked_at.is_not(None), waited_too_long))
        .offset(0)  # so that the database works the two days out once for each
        .subquery()
    )
    taken = working_days_to(came.c.came_on, came.c.talked_on, first=ask.first, last=_long_after(ask.on, most))
    in_time = sa.case((taken <= most, 1), else_=0)
    return sa.select(*line(came.c.id, came.c.came_on, amount=in_time, out_of=1))


def _long_after(day: date, most: int) -> date:
    """So long that more than the most working days have come, whatever the holidays."""
    return day + timedelta(days=2 * most + 30)


def _came_in(ask: Ask, known_at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Citizen.created_at >= danish_midnight(ask.first),
        Citizen.created_at < danish_midnight(ask.on + timedelta(days=1)),
        Citizen.created_at <= known_at,
    )


def _still_waiting(ask: Ask) -> list[NearMiss]:
    """Citizens who still can be talked with in time."""
    known_at, most = ask.known_at or clock.now(), ask.number(DAYS.key)
    today = day_of(known_at)
    statement = (
        waiting_people(ask.municipality_id, known_at=known_at)
        .with_only_columns(Citizen.id, Citizen.created_at)
        .where(*_came_in(ask, known_at), first_talk(known_at).is_(None))
        .where(Citizen.created_at >= danish_midnight(last_day_due_by(today - timedelta(days=1), most)))
        .order_by(Citizen.created_at, Citizen.id)
    )
    due = [(citizen_id, due_day(day_of(came), most)) for citizen_id, came in db.session.execute(statement)]
    return [
        NearMiss(citizen_id, _("Den første samtale senest %(day)s", day=da_date(last)))
        for citizen_id, last in due
        if last >= today
    ]


MEASURES = (
    MeasureSpec(
        measure=Measure.ANSWERS_TO_CITIZENS,
        unit=GoalUnit.PERCENT,
        page="citizens.index",
        counted=Counted(
            subject=Subject.CITIZENS,
            periods=frozenset({PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.PROJECT}),
            group=GroupUse.MAY,
            terms=(DAYS,),
            lines=_talked_with,
            near_misses=_still_waiting,
            rule=_l(
                "Af de borgere, der blev oprettet i perioden: hvor mange der kom til den første samtale inden for "
                "målets antal arbejdsdage. Det er den samtale, konsulenten har skrevet ned, eller den, som "
                "kompetencekortet blev begyndt i. Den, der stadig kan nå det, tæller ikke endnu. Den, der kom med et "
                "kort fra en fil, tæller ikke med."
            ),
            link=None,
        ),
        needs=_l(
            "Konsulenten opretter borgeren og skriver den første samtale ned eller begynder et kompetencekort."
        ),
    ),
)
