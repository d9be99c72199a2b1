"""What goals count of openings: whether the employers heard from the municipality in time."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base import clock
from portal.base.clock import danish_midnight
from portal.base.database import danish_day, db
from portal.base.terms import GoalUnit, Measure, PeriodKind
from portal.loop.openings.models import Opening, OpeningStatus
from portal.loop.openings.queries import left_in_time
from portal.web.measures import (
    KEPT_LISTS,
    Ask,
    Counted,
    GroupUse,
    Lines,
    MeasureSpec,
    NearMiss,
    Subject,
    line,
)
from portal.web.presentation import da_date, da_deadline

Moment = datetime | sa.BindParameter[datetime]


class _Answered(Mapping[int, Sequence[str]]):
    """Employer id -> its openings and when each was answered, read when somebody looks: sums do without."""

    def __init__(self, ask: Ask, known_at: datetime) -> None:
        self._ask, self._known_at = ask, known_at

    @cached_property
    def _told(self) -> dict[int, list[str]]:
        columns = (
            Opening.employer_id,
            Opening.title,
            Opening.published_at,
            Opening.answer_due_at,
            Opening.answered_at,
        )
        told: dict[int, list[str]] = defaultdict(list)
        statement = sa.select(*columns).where(*_settled(self._ask, self._known_at))
        for employer_id, title, up_at, due_at, answered_at in db.session.execute(
            statement.order_by(Opening.published_at, Opening.id)
        ):
            heard = answered_at if answered_at is not None and answered_at <= self._known_at else None
            told[employer_id].append(
                _(
                    "%(up)s: %(title)s, svar %(day)s, frist %(due)s",
                    up=da_date(up_at),
                    title=title,
                    day=da_date(heard) if heard else _("mangler"),
                    due=da_deadline(due_at),
                )
            )
        return dict(told)

    def __getitem__(self, employer_id: int) -> Sequence[str]:
        return self._told[employer_id]

    def __iter__(self) -> Iterator[int]:
        return iter(self._told)

    def __len__(self) -> int:
        return len(self._told)


def _answers(asks: Collection[Ask]) -> Mapping[Ask, Lines]:
    return {ask: Lines(_list_of(ask), _Answered(ask, ask.known_at or clock.now())) for ask in asks}


@lru_cache(maxsize=KEPT_LISTS)
def _list_of(ask: Ask) -> sa.Select[Any]:
    """The openings that answer a question; built once, so one about now asks the clock when the database is asked."""
    known_at: Moment = ask.known_at or sa.bindparam(None, callable_=clock.now, type_=Opening.answered_at.type)
    in_time = sa.case((_in_time(known_at), 1), else_=0)
    columns = line(
        Opening.employer_id, danish_day(Opening.published_at), form=Opening.form, amount=in_time, out_of=1
    )
    return sa.select(*columns).where(*_settled(ask, known_at))


def _in_time(known_at: Moment) -> sa.ColumnElement[bool]:
    return sa.and_(Opening.answered_at <= Opening.answer_due_at, Opening.answered_at <= known_at)


def _settled(ask: Ask, known_at: Moment) -> tuple[sa.ColumnElement[bool], ...]:
    """The openings of the period whose promise was kept or broken by then."""
    is_broken = sa.and_(Opening.answer_due_at < known_at, ~left_in_time())
    return (*_promised(ask, known_at), sa.or_(_in_time(known_at), is_broken))


def _promised(ask: Ask, known_at: Moment) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Opening.municipality_id == ask.municipality_id,
        Opening.answer_due_at.is_not(None),
        Opening.status != OpeningStatus.DRAFT,
        Opening.published_at >= danish_midnight(ask.first),
        Opening.published_at < danish_midnight(ask.on + timedelta(days=1)),
        Opening.published_at <= known_at,
    )


def _still_waiting(ask: Ask) -> list[NearMiss]:
    """Employers that still can be answered in time."""
    known_at = ask.known_at or clock.now()
    statement = sa.select(Opening.employer_id, Opening.title, Opening.answer_due_at).where(
        *_promised(ask, known_at),
        sa.or_(Opening.answered_at.is_(None), Opening.answered_at > known_at),
        sa.or_(Opening.status != OpeningStatus.WITHDRAWN, Opening.withdrawn_at > known_at),
        Opening.answer_due_at >= known_at,
    )
    return [
        NearMiss(employer_id, _("%(title)s: svar senest %(due)s", title=title, due=da_deadline(due_at)))
        for employer_id, title, due_at in db.session.execute(
            statement.order_by(Opening.answer_due_at, Opening.id)
        )
    ]


def _page(employer_id: int) -> str:
    return url_for("employers.detail", employer_id=employer_id)


MEASURES = (
    MeasureSpec(
        measure=Measure.ANSWERS_TO_EMPLOYERS,
        unit=GoalUnit.PERCENT,
        page="openings.index",
        counted=Counted(
            subject=Subject.EMPLOYERS,
            periods=frozenset({PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.PROJECT}),
            group=GroupUse.NEVER,
            terms=(),
            lines=_answers,
            near_misses=_still_waiting,
            rule=_l(
                "Af de åbninger, der blev slået op i perioden: hvor mange der fik svar fra kommunen inden for fristen. "
                "En åbning, der stadig kan nå at få svar, tæller ikke endnu. En, som virksomheden trak tilbage før "
                "fristen, tæller ikke med."
            ),
            link=_page,
        ),
        needs=_l("Konsulenten svarer på en åbning: med et forslag eller en besked."),
    ),
)
