"""Erasing a person through all rooms: what stands above `citizens` deletes its rows, or refuses.

Kept without a person: the firm's occupied places (the ratio of that time) and the lines of the audit (ids only).
Source: docs/rules.md#erasure
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.database import db
from portal.base.errors import DomainError
from portal.loop.assessments.models import Assessment, AssessmentLine
from portal.loop.cards.models import (
    CardLanguage,
    CardVersion,
    Certificate,
    CompetenceCard,
    SkillEvidence,
    TaskAnswer,
)
from portal.loop.citizens.models import Citizen
from portal.loop.matches.models import GivenAnswer, Match, Outlook
from portal.loop.placements.models import Expectation, FollowUp, Placement, PlacementStatus
from portal.loop.reviews.models import Review, ReviewCondition
from portal.shared.outbox.services import drop_about
from portal.workspaces.answers.models import Call
from portal.workspaces.consents.models import Consent
from portal.workspaces.vitas.models import VitasSheet

_OPEN = (PlacementStatus.PLANNED, PlacementStatus.RUNNING)

_KEPT_IN_SESSION_UNTIL_COMMIT = {"synchronize_session": False}


class PlacementStillOpen(DomainError):
    message = _l(
        "Borgeren har et forløb, som er planlagt eller i gang. Aflys eller afslut det, før borgeren slettes."
    )


def connect() -> None:
    """Subscribe to the signal of `portal.base.events`."""
    events.citizen_erasing.connect(_erase_upper_rooms)


def _erase_upper_rooms(citizen: Citizen, *, at: datetime, again: bool = False, **_more: Any) -> None:
    """Raises PlacementStillOpen, unless a restored backup is being cleaned `again`."""
    cards = sa.select(CompetenceCard.id).where(CompetenceCard.citizen_id == citizen.id)
    placements = sa.select(Placement.id).where(Placement.card_id.in_(cards))
    open_one = placements.where(Placement.status.in_(_OPEN)).limit(1)
    if not again and db.session.scalar(open_one) is not None:
        raise PlacementStillOpen
    sheets = sa.select(Assessment.id).where(Assessment.placement_id.in_(placements))
    matches = sa.select(Match.id).where(Match.card_id.in_(cards))
    reviews = sa.select(Review.id).where(Review.match_id.in_(matches))
    db.session.flush()
    drop_about(Review.__tablename__, reviews)
    drop_about(Placement.__tablename__, placements)
    for rows in (
        sa.delete(Expectation).where(Expectation.placement_id.in_(placements)),
        sa.delete(FollowUp).where(FollowUp.placement_id.in_(placements)),
        sa.delete(AssessmentLine).where(AssessmentLine.assessment_id.in_(sheets)),
        sa.delete(Assessment).where(Assessment.placement_id.in_(placements)),
        sa.delete(VitasSheet).where(VitasSheet.placement_id.in_(placements)),
        sa.delete(Placement).where(Placement.card_id.in_(cards)),
        sa.delete(Consent).where(Consent.card_id.in_(cards)),
        sa.delete(ReviewCondition).where(ReviewCondition.review_id.in_(reviews)),
        sa.delete(Call).where(Call.review_id.in_(reviews)),
        sa.delete(Review).where(Review.match_id.in_(matches)),
        sa.delete(Outlook).where(Outlook.card_id.in_(cards)),
        sa.delete(GivenAnswer).where(GivenAnswer.match_id.in_(matches)),
        sa.delete(Match).where(Match.card_id.in_(cards)),
        sa.delete(TaskAnswer).where(TaskAnswer.card_id.in_(cards)),
        sa.delete(SkillEvidence).where(SkillEvidence.card_id.in_(cards)),
        sa.delete(CardVersion).where(CardVersion.card_id.in_(cards)),
        sa.delete(CardLanguage).where(CardLanguage.card_id.in_(cards)),
        sa.delete(Certificate).where(Certificate.card_id.in_(cards)),
        sa.delete(CompetenceCard).where(CompetenceCard.citizen_id == citizen.id),
    ):
        db.session.execute(rows.execution_options(**_KEPT_IN_SESSION_UNTIL_COMMIT))
