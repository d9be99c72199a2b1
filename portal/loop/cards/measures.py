"""What goals count of cards."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.clock import danish_midnight
from portal.base.database import danish_day, db
from portal.base.terms import GoalUnit, Measure, PeriodKind
from portal.loop.cards.models import CompetenceCard, SkillEvidence
from portal.loop.cards.showing import LEAST_SKILLS
from portal.shared.rules import queries as rules
from portal.web.measures import Ask, Counted, GroupUse, MeasureSpec, NearMiss, Subject, line, listed_by


def _counting(ask: Ask) -> sa.Select[Any]:
    """The cards that began to count in the period (showing.py): the moment is also when it became known."""
    since = CompetenceCard.counts_from_at
    return sa.select(*line(CompetenceCard.citizen_id, danish_day(since))).where(
        CompetenceCard.municipality_id == ask.municipality_id,
        since >= danish_midnight(ask.first),
        since < danish_midnight(ask.on + timedelta(days=1)),
        *([since <= ask.known_at] if ask.known_at is not None else []),
    )


def _nearly(ask: Ask) -> list[NearMiss]:
    """Cards with enough skills that she has not been shown, and cards that are one skill short."""
    numbers = rules.numbers_on((LEAST_SKILLS,), ask.on, ask.municipality_id)
    if LEAST_SKILLS not in numbers:
        return []
    wanted = numbers.whole(LEAST_SKILLS)
    is_shown = CompetenceCard.shown_to_her_at.is_not(None)
    own_words = "~" + SkillEvidence.folded
    skills = sa.func.count(sa.func.coalesce(sa.cast(SkillEvidence.skill_id, sa.String), own_words).distinct())
    waiting = (
        sa.select(CompetenceCard.citizen_id, is_shown)
        .join(SkillEvidence, SkillEvidence.card_id == CompetenceCard.id)
        .where(
            CompetenceCard.municipality_id == ask.municipality_id,
            CompetenceCard.counts_from_at.is_(None),
            CompetenceCard.is_active,
            SkillEvidence.level > 0,
        )
        .group_by(CompetenceCard.id)
        .having(sa.or_(sa.and_(~is_shown, skills >= wanted), sa.and_(is_shown, skills == wanted - 1)))
        .order_by(CompetenceCard.citizen_id)
    )
    return [
        NearMiss(
            citizen_id,
            _("Mangler en opgave med et niveau.") if shown else _("Borgeren har ikke set kortet endnu."),
        )
        for citizen_id, shown in db.session.execute(waiting)
    ]


MEASURES = (
    MeasureSpec(
        measure=Measure.CARDS,
        unit=GoalUnit.COUNT,
        page="citizens.index",
        counted=Counted(
            subject=Subject.CITIZENS,
            periods=frozenset({PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.PROJECT}),
            group=GroupUse.MAY,
            terms=(),
            lines=listed_by(_counting),
            near_misses=_nearly,
            rule=_l(
                "Et kort tæller, når der står nok opgaver med et niveau på det, og borgeren har set det. Det "
                "tæller i den periode, det sker første gang. Kort fra før 2026 tæller, fra de blev lavet."
            ),
            link=None,
        ),
        needs=_l("Konsulenten laver et kompetencekort sammen med borgeren, og borgeren ser det."),
    ),
)
