"""What goals count of placements: begun, ended as *ansat*, and the employers behind them.

All is read from the traces, which stay when somebody is erased: her line then names nobody.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from flask import url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.alphabet import alphabetical
from portal.base.database import danish_day, db
from portal.base.terms import GoalUnit, Industry, Measure, PeriodKind, PlacementForm
from portal.loop.cards.models import CompetenceCard
from portal.loop.employers.models import Employer
from portal.loop.openings.models import Opening, OpeningPublication
from portal.loop.placements.models import Outcome, Placement, PlacementStatus, PlacementTrace
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

IN_A_PERIOD: Final = frozenset({PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.PROJECT})

FORM = Term("form", _l("Form"), "", choices=(("", _l("alle")), *PlacementForm.choices()))
TRADE = Term("trade", _l("Fag"), "", choices=(("", _l("alle")), *Industry.choices()))

UNPAID: Final = tuple(form for form in PlacementForm if not form.traits.is_paid)
"""Praktik."""


def _begun(ask: Ask) -> sa.Select[Any]:
    """The placements whose first day lies in the period."""
    trace = PlacementTrace
    return _of_persons(ask, trace.starts_on, trace.recorded_at).where(*_chosen(ask))


def _hired(ask: Ask) -> sa.Select[Any]:
    """The placements that ended in the period in a job at the employer."""
    trace = PlacementTrace
    ended = _of_persons(ask, trace.ended_on, trace.end_recorded_at)
    return ended.where(trace.outcome == Outcome.HIRED, *_chosen(ask))


def _of_persons(ask: Ask, on: Any, recorded_at: Any) -> sa.Select[Any]:
    """A line for each placement that something happened to in the period; of somebody erased it names nobody."""
    return (
        sa.select(*line(CompetenceCard.citizen_id, on, form=PlacementTrace.form))
        .select_from(PlacementTrace)
        .outerjoin(Placement, Placement.id == PlacementTrace.placement_id)
        .outerjoin(CompetenceCard, CompetenceCard.id == Placement.card_id)
        .where(*_in_period(ask, on, recorded_at))
    )


def _in_period(ask: Ask, on: Any, recorded_at: Any) -> list[sa.ColumnElement[bool]]:
    known = [] if ask.known_at is None else [recorded_at <= ask.known_at]
    here = PlacementTrace.municipality_id == ask.municipality_id
    return [here, on.between(ask.first, ask.on), *known, _standing(ask)]


def _standing(ask: Ask) -> sa.ColumnElement[bool]:
    """No other row had taken its place, now or at the moment that is asked about."""
    replaced_at = PlacementTrace.replaced_at
    if ask.known_at is None:
        return replaced_at.is_(None)
    return sa.or_(replaced_at.is_(None), replaced_at > ask.known_at)


def _chosen(ask: Ask) -> list[sa.ColumnElement[bool]]:
    """By the goal's rule: the form, and the trade of the opening."""
    form, trade = ask.choice(FORM.key), ask.choice(TRADE.key)
    return [
        *([PlacementTrace.form == PlacementForm(form)] if form else []),
        *([PlacementTrace.industry == Industry(trade)] if trade else []),
    ]


def _employed_after_praktik(ask: Ask) -> sa.Select[Any]:
    """The employers that employed somebody after a praktik which ended in the period, on the first such day."""
    trace = PlacementTrace
    return (
        sa.select(*line(trace.employer_id, sa.func.min(trace.ended_on)))
        .where(
            *_in_period(ask, trace.ended_on, trace.end_recorded_at),
            trace.outcome == Outcome.HIRED,
            trace.form.in_(UNPAID),
        )
        .group_by(trace.employer_id)
    )


def _referrals(ask: Ask) -> sa.Select[Any]:
    """The employers that another one recommended us to, and whose first place came in the period."""
    places = sa.union_all(_openings_put_up(ask), _begun_places(ask)).subquery()
    first = sa.func.min(places.c.on)
    return (
        sa.select(*line(places.c.employer_id, first))
        .group_by(places.c.employer_id)
        .having(first.between(ask.first, ask.on))
    )


def _openings_put_up(ask: Ask) -> sa.Select[int, date]:
    at = OpeningPublication.at
    return (
        sa.select(Opening.employer_id.label("employer_id"), danish_day(at).label("on"))
        .join(OpeningPublication, OpeningPublication.opening_id == Opening.id)
        .where(Opening.employer_id.in_(_recommended(ask)), *([at <= ask.known_at] if ask.known_at else []))
    )


def _begun_places(ask: Ask) -> sa.Select[int, date]:
    trace = PlacementTrace
    return sa.select(trace.employer_id, trace.starts_on).where(
        trace.employer_id.in_(_recommended(ask)),
        _standing(ask),
        *([trace.recorded_at <= ask.known_at] if ask.known_at else []),
    )


def _recommended(ask: Ask) -> sa.Select[Any]:
    """Employers in the municipality's care that came on another's word; who recommended is said when they come."""
    return sa.select(Employer.id).where(
        Employer.municipality_id == ask.municipality_id,
        Employer.referred_by_id.is_not(None),
        *([Employer.approved_at <= ask.known_at] if ask.known_at else []),
    )


# --- One step from counting ------------------------------------------------------------------------------------


def _not_noted_as_begun(ask: Ask) -> list[NearMiss]:
    planned = _nearly(ask, Placement.starts_on, Placement.status == PlacementStatus.PLANNED)
    return [NearMiss(one, _("Forløbet er ikke skrevet som begyndt.")) for one in db.session.scalars(planned)]


def _not_noted_as_ended(ask: Ask) -> list[NearMiss]:
    running = _nearly(ask, Placement.ends_on, Placement.status == PlacementStatus.RUNNING)
    return [
        NearMiss(one, _("Det er ikke skrevet, hvordan forløbet sluttede."))
        for one in db.session.scalars(running)
    ]


def _nearly(ask: Ask, day: Any, condition: sa.ColumnElement[bool]) -> sa.Select[int]:
    """Citizens with a placement that the goal's rule asks for, whose day has passed without a word of it."""
    form, trade = ask.choice(FORM.key), ask.choice(TRADE.key)
    return (
        sa.select(CompetenceCard.citizen_id)
        .join(Placement, Placement.card_id == CompetenceCard.id)
        .join(Opening, Opening.id == Placement.opening_id)
        .where(
            Placement.municipality_id == ask.municipality_id,
            day.between(ask.first, ask.on),
            condition,
            *([Placement.form == PlacementForm(form)] if form else []),
            *([Opening.industry == Industry(trade)] if trade else []),
        )
        .distinct()
        .order_by(CompetenceCard.citizen_id)
    )


def _without_a_place(ask: Ask) -> list[NearMiss]:
    """Recommended employers that have put nothing up yet."""
    has_place = sa.exists().where(
        Opening.employer_id == Employer.id, OpeningPublication.opening_id == Opening.id
    )
    waiting = _recommended(ask).where(~has_place, Employer.takes_part)
    waiting = waiting.order_by(alphabetical(Employer.name), Employer.id)
    return [NearMiss(one, _("Har ikke slået en plads op endnu.")) for one in db.session.scalars(waiting)]


# --- What is declared ------------------------------------------------------------------------------------------


def _of_people(select: Callable[[Ask], sa.Select[Any]], rule: LazyString, near_misses: NearMisses) -> Counted:
    return Counted(
        subject=Subject.CITIZENS,
        periods=IN_A_PERIOD,
        group=GroupUse.MAY,
        terms=(FORM, TRADE),
        lines=listed_by(select),
        near_misses=near_misses,
        rule=rule,
        link=None,
        outlives=True,
    )


def _of_employers(
    select: Callable[[Ask], sa.Select[Any]], rule: LazyString, near_misses: NearMisses | None
) -> Counted:
    return Counted(
        subject=Subject.EMPLOYERS,
        periods=IN_A_PERIOD,
        group=GroupUse.NEVER,
        terms=(),
        lines=listed_by(select),
        near_misses=near_misses,
        rule=rule,
        link=_page,
    )


def _page(employer_id: int) -> str:
    return url_for("employers.detail", employer_id=employer_id)


MEASURES = (
    MeasureSpec(
        measure=Measure.PLACEMENTS,
        unit=GoalUnit.COUNT,
        page="placements.index",
        counted=_of_people(
            _begun,
            _l(
                "Et forløb tæller i den periode, hvor dets første dag ligger, når det er skrevet, at det begyndte. "
                "Form: %(form)s. Åbningens fag: %(trade)s."
            ),
            _not_noted_as_begun,
        ),
        needs=_l("Konsulenten skriver på forløbet, at det er begyndt."),
    ),
    MeasureSpec(
        measure=Measure.HIRED,
        unit=GoalUnit.COUNT,
        page="placements.index",
        counted=_of_people(
            _hired,
            _l(
                "Et forløb tæller, når det sluttede i perioden med, at virksomheden ansatte borgeren. "
                "Form: %(form)s. Åbningens fag: %(trade)s."
            ),
            _not_noted_as_ended,
        ),
        needs=_l("Konsulenten afslutter forløbet med “Ansat i virksomheden”."),
    ),
    MeasureSpec(
        measure=Measure.EMPLOYED_AFTER_PRAKTIK,
        unit=GoalUnit.COUNT,
        page="placements.index",
        counted=_of_employers(
            _employed_after_praktik,
            _l(
                "En virksomhed tæller én gang, når en virksomhedspraktik hos den sluttede i perioden med, at den "
                "ansatte borgeren."
            ),
            None,
        ),
        needs=_l("Konsulenten afslutter praktikken med “Ansat i virksomheden”."),
    ),
    MeasureSpec(
        measure=Measure.REFERRALS,
        unit=GoalUnit.COUNT,
        page="placements.index",
        counted=_of_employers(
            _referrals,
            _l(
                "En virksomhed, som en anden virksomhed har anbefalet kommunen til, tæller én gang: i den periode, "
                "hvor den slog sin første plads op, eller hvor dens første forløb begyndte."
            ),
            _without_a_place,
        ),
        needs=_l(
            "Det skrives, hvem der anbefalede kommunen, når virksomheden tilmelder sig eller bliver oprettet."
        ),
    ),
)
