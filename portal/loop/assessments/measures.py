"""What goals count of assessment sheets: cards on which a workplace has written what it saw."""

from typing import Any, Final

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.database import db
from portal.base.terms import GoalUnit, Measure, PeriodKind
from portal.loop.assessments.models import Assessment, AssessmentLine
from portal.loop.cards.models import CompetenceCard
from portal.loop.placements.models import Placement
from portal.web.measures import Ask, Counted, GroupUse, MeasureSpec, NearMiss, Subject, line, listed_by


def _first_seen(ask: Ask) -> sa.Select[Any]:
    """Each citizen whom a workplace has seen do a task, on the day of the first such sheet: one of the period."""
    return _seen(ask).having(_FIRST.between(ask.first, ask.on))


_FIRST: Final = sa.func.min(Assessment.assessed_on)


def _seen(ask: Ask) -> sa.Select[Any]:
    return (
        sa.select(*line(CompetenceCard.citizen_id, _FIRST))
        .join(Placement, Placement.card_id == CompetenceCard.id)
        .join(Assessment, Assessment.placement_id == Placement.id)
        .where(CompetenceCard.municipality_id == ask.municipality_id, *_stands(ask), _saw_something())
        .group_by(CompetenceCard.citizen_id)
    )


def _stands(ask: Ask) -> list[sa.ColumnElement[bool]]:
    """Sheets that are closed and were not taken back, now or as it was known then."""
    if ask.known_at is None:
        return [Assessment.closed_at.is_not(None), Assessment.withdrawn_at.is_(None), ~Assessment.lapsed]
    not_withdrawn = sa.or_(Assessment.withdrawn_at.is_(None), Assessment.withdrawn_at > ask.known_at)
    return [Assessment.closed_at <= ask.known_at, not_withdrawn, ~Assessment.lapsed]


def _saw_something() -> sa.ColumnElement[bool]:
    """The workplace itself saw a task done (0 is "not tried here"), and no other level than none was agreed on."""
    return sa.exists().where(
        AssessmentLine.assessment_id == Assessment.id,
        AssessmentLine.employer_level > 0,
        sa.or_(AssessmentLine.agreed_level.is_(None), AssessmentLine.agreed_level > 0),
    )


def _nearly(ask: Ask) -> list[NearMiss]:
    """Citizens whose workplace has answered a sheet that is not closed, and whom none has seen before."""
    seen = _seen(ask).subquery()
    waiting = (
        sa.select(CompetenceCard.citizen_id)
        .join(Placement, Placement.card_id == CompetenceCard.id)
        .join(Assessment, Assessment.placement_id == Placement.id)
        .where(
            CompetenceCard.municipality_id == ask.municipality_id,
            Assessment.closed_at.is_(None),
            _saw_something(),
            CompetenceCard.citizen_id.not_in(sa.select(seen.c.subject_id)),
        )
        .distinct()
        .order_by(CompetenceCard.citizen_id)
    )
    return [
        NearMiss(one, _("Arbejdspladsen har svaret. Luk vurderingen.")) for one in db.session.scalars(waiting)
    ]


MEASURES = (
    MeasureSpec(
        measure=Measure.OBSERVED_CARDS,
        unit=GoalUnit.COUNT,
        page="placements.index",
        counted=Counted(
            subject=Subject.CITIZENS,
            periods=frozenset({PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.PROJECT}),
            group=GroupUse.MAY,
            terms=(),
            lines=listed_by(_first_seen),
            near_misses=_nearly,
            rule=_l(
                "Et kort tæller én gang: i den periode, hvor en arbejdsplads for første gang har skrevet, at den "
                "har set borgeren løse en opgave. Vurderingen skal være lukket."
            ),
            link=None,
        ),
        needs=_l(
            "Arbejdspladsen og konsulenten udfylder en vurdering i et forløb, og konsulenten lukker den."
        ),
    ),
)
