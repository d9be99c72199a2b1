"""What goals count of partnerships."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.database import db
from portal.base.terms import GoalUnit, Measure, PeriodKind
from portal.loop.employers.models import EmployerTrade
from portal.loop.partnerships.counting import Event, PartnershipStanding, StandingKind, standing_on_days
from portal.loop.partnerships.models import Partnership, PartnershipConsultant
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
from portal.web.presentation import da_date


def _counting_partnerships(asks: Collection[Ask]) -> Mapping[Ask, Lines]:
    found: dict[Ask, Lines] = {}
    for municipality_id, known_at in {(ask.municipality_id, ask.known_at) for ask in asks}:
        alike = [ask for ask in asks if (ask.municipality_id, ask.known_at) == (municipality_id, known_at)]
        standings = standing_on_days(municipality_id, {ask.on for ask in alike}, known_at=known_at)
        found |= lines_of(alike, standings)
    return found


def lines_of(
    asks: Iterable[Ask], standings: Mapping[date, Sequence[PartnershipStanding]]
) -> dict[Ask, Lines]:
    """The same from standings that a page has read already."""
    return {ask: _lines([one for one in standings[ask.on] if one.counts]) for ask in asks}


def _lines(counting: Sequence[PartnershipStanding]) -> Lines:
    records = _of(tuple(standing.partnership.id for standing in counting))
    return Lines(records, {standing.partnership.employer_id: _rests_on(standing) for standing in counting})


@lru_cache(maxsize=KEPT_LISTS)
def _of(ids: tuple[int, ...]) -> sa.Select[Any]:
    return sa.select(*line(Partnership.employer_id, Partnership.signed_on)).where(Partnership.id.in_(ids))


def _rests_on(standing: PartnershipStanding) -> tuple[str, ...]:
    """Names no consultant: a frozen line keeps these words for good."""
    return (
        _("Fag: %(trade)s", trade=standing.trade.label if standing.trade else _("ukendt")),
        *(_event(event) for event in standing.events),
    )


def _event(event: Event) -> str:
    return _("%(day)s: %(kind)s – %(title)s", day=da_date(event.on), kind=event.kind.label, title=event.title)


def _nearly(ask: Ask) -> list[NearMiss]:
    """Employers with an agreement in force that one condition is missing of."""
    standings = standing_on_days(ask.municipality_id, [ask.on], known_at=ask.known_at)[ask.on]
    return [
        NearMiss(standing.partnership.employer_id, str(standing.missing[0].label))
        for standing in standings
        if standing.kind is StandingKind.NEARLY and len(standing.missing) == 1
    ]


def _written_since(ask: Ask, employer_ids: Collection[int], moment: datetime) -> dict[int, list[str]]:
    """Of each employer what was written of its agreement or its trade after the moment, in the order it was written."""
    agreements = Partnership.municipality_id == ask.municipality_id
    told: list[tuple[datetime, int, str]] = []
    for partnership in db.session.scalars(
        sa.select(Partnership).where(agreements, Partnership.employer_id.in_(employer_ids))
    ):
        words = {
            partnership.created_at: _(
                "aftalen af %(signed)s er skrevet ind", signed=da_date(partnership.signed_on)
            ),
            partnership.end_recorded_at: _("aftalens sidste dag er skrevet ind"),
        }
        told += [(at, partnership.employer_id, what) for at, what in words.items() if at is not None]
    named = sa.select(PartnershipConsultant.recorded_at, Partnership.employer_id).join(
        Partnership, Partnership.id == PartnershipConsultant.partnership_id
    )
    for at, employer_id in db.session.execute(
        named.where(agreements, Partnership.employer_id.in_(employer_ids))
    ):
        told.append((at, employer_id, _("konsulenten er skrevet ind")))
    trades = sa.select(EmployerTrade).where(EmployerTrade.employer_id.in_(employer_ids))
    told += [
        (
            trade.recorded_at,
            trade.employer_id,
            _("faget er skrevet ind: %(trade)s", trade=trade.industry.label),
        )
        for trade in db.session.scalars(trades)
    ]
    found: dict[int, list[str]] = defaultdict(list)
    for at, employer_id, what in sorted(told):
        words_told = _("%(day)s: %(what)s", day=da_date(at), what=what)
        if at > moment and words_told not in found[employer_id]:
            found[employer_id].append(words_told)
    return found


def _page(employer_id: int) -> str:
    return url_for("employers.detail", employer_id=employer_id)


MEASURES = (
    MeasureSpec(
        measure=Measure.PARTNERSHIPS,
        unit=GoalUnit.COUNT,
        page="partnerships.index",
        counted=Counted(
            subject=Subject.EMPLOYERS,
            periods=frozenset({PeriodKind.DAY}),
            group=GroupUse.NEVER,
            terms=(),
            lines=_counting_partnerships,
            near_misses=_nearly,
            rule=_l(
                "En virksomhed tæller én gang, når aftalen gælder på dagen, den hører til et af de tre fag, der har "
                "været en åbning eller et forløb i perioden før, og en konsulent er navngivet."
            ),
            link=_page,
            written_since=_written_since,
        ),
        needs=_l("Konsulenten skriver en partnerskabsaftale ind under Partnerskaber."),
    ),
)
