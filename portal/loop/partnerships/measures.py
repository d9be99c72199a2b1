"""What goals count of partnerships."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.terms import GoalUnit, Measure
from portal.loop.employers.models import Employer
from portal.loop.partnerships import queries
from portal.loop.partnerships.counting import Event, PartnershipStanding, standing_on_days
from portal.loop.partnerships.models import Partnership
from portal.web.measures import Counted, Evidence, FigureColumn, MeasureSpec, Period, Shape, Where
from portal.web.presentation import da_date


def _counting_partnerships(municipality_id: int, days: Collection[date]) -> Mapping[date, Evidence]:
    return evidence_of(municipality_id, standing_on_days(municipality_id, days))


def evidence_of(
    municipality_id: int, standings: Mapping[date, Sequence[PartnershipStanding]]
) -> Mapping[date, Evidence]:
    """The same from standings that a page has read already."""
    return {
        day: _evidence(municipality_id, [standing for standing in listed if standing.counts])
        for day, listed in standings.items()
    }


def _evidence(municipality_id: int, counting: Sequence[PartnershipStanding]) -> Evidence:
    notes = {standing.partnership.id: standing for standing in counting}
    return Evidence(queries.listed(municipality_id, notes), notes)


def _on_page(event: Event) -> str:
    return _("%(day)s: %(kind)s – %(title)s", day=da_date(event.on), kind=event.kind.label, title=event.title)


def _in_csv(event: Event) -> str:
    return f"{event.on:%d-%m-%Y} {event.kind.label}: {event.title}"


MEASURES = (
    MeasureSpec(
        measure=Measure.PARTNERSHIPS,
        unit=GoalUnit.COUNT,
        counted=Counted(
            period=Period.STANDING,
            evidence=_counting_partnerships,
            columns=(
                FigureColumn(
                    _l("Virksomhed"),
                    lambda partnership, _standing: partnership.employer.name,
                    key="employer",
                    order=(Employer.name, Partnership.id),
                    link=lambda partnership: url_for("partnerships.detail", partnership_id=partnership.id),
                ),
                FigureColumn(
                    _l("CVR-nummer"), lambda partnership, _standing: partnership.employer.cvr, where=Where.CSV
                ),
                FigureColumn(_l("Fag"), lambda _partnership, standing: standing.trade.label),
                FigureColumn(
                    _l("Underskrevet"),
                    lambda partnership, _standing: partnership.signed_on,
                    shape=Shape.DAY,
                    key="signed_on",
                    order=(Partnership.signed_on, Partnership.id),
                ),
                FigureColumn(
                    _l("Konsulent"),
                    lambda _partnership, standing: ", ".join(user.name for user in standing.consultants),
                ),
                FigureColumn(
                    _l("Det, der er sket i perioden"),
                    lambda _partnership, standing: [_on_page(event) for event in standing.events],
                    shape=Shape.TEXTS,
                    where=Where.PAGE,
                    rest=lambda count: _(
                        "og %(count)s til; de står alle på aftalen og i CSV-filen", count=count
                    ),
                ),
                FigureColumn(
                    _l("Grundlag"),
                    lambda _partnership, standing: "; ".join(_in_csv(event) for event in standing.events),
                    where=Where.CSV,
                ),
            ),
            sorted_by="employer",
            search=queries.searched,
            explained=_l(
                "En virksomhed tæller én gang, når aftalen gælder på dagen, den hører til et af de tre fag, der har "
                "været en åbning eller et forløb i perioden, og en konsulent er navngivet."
            ),
            shows_cards=False,
        ),
    ),
)
