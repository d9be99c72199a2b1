"""What the cooperation with an employer stands at, in a few lines: for whoever looks after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from portal.base.database import db
from portal.loop.assessments.models import Assessment
from portal.loop.cards.models import CompetenceCard
from portal.loop.employers.models import Employer
from portal.loop.matches.models import Match
from portal.loop.openings.models import Opening, OpeningStatus
from portal.loop.partnerships.models import Partnership
from portal.loop.placements.models import Placement
from portal.loop.placements.queries import OPEN
from portal.loop.reviews.models import Answer, Review


@dataclass(frozen=True)
class EmployerStanding:
    """Numbers and days of one employer."""

    openings_up: int
    openings: int
    said_yes: int
    said_no: int
    waiting: int
    assessments: int
    last_assessed_on: date | None
    partner_since: date | None
    """None: no agreement is in force."""

    @property
    def answered(self) -> int:
        return self.said_yes + self.said_no


def standing_of(employer: Employer, today: date) -> EmployerStanding:
    """In one statement."""
    own = Opening.employer_id == employer.id
    is_up = sa.and_(
        Opening.status == OpeningStatus.PUBLISHED,
        sa.or_(Opening.expires_on.is_(None), Opening.expires_on >= today),
    )
    proposed = (
        sa.select(sa.func.count(Review.id))
        .join(Match, Match.id == Review.match_id)
        .join(Opening, Opening.id == Match.opening_id)
        .where(own, Review.citizen_answer == Answer.YES)
    )
    closed = (
        sa.select(sa.func.count(Assessment.id))
        .join(Placement, Placement.id == Assessment.placement_id)
        .where(
            Placement.employer_id == employer.id,
            Assessment.closed_at.is_not(None),
            Assessment.withdrawn_at.is_(None),
            ~Assessment.lapsed,
        )
    )
    in_force = sa.select(sa.func.max(Partnership.signed_on)).where(
        Partnership.employer_id == employer.id,
        Partnership.municipality_id == employer.municipality_id,
        Partnership.signed_on <= today,
        sa.or_(Partnership.ends_on.is_(None), Partnership.ends_on >= today),
    )
    counted: list[Any] = [
        sa.select(sa.func.count(Opening.id)).where(own, is_up),
        sa.select(sa.func.count(Opening.id)).where(own),
        proposed.where(Review.employer_answer == Answer.YES),
        proposed.where(Review.employer_answer == Answer.NO),
        proposed.where(Review.employer_answer == Answer.PENDING),
        closed,
        closed.with_only_columns(sa.func.max(Assessment.assessed_on)),
        in_force,
    ]
    row = db.session.execute(sa.select(*(one.scalar_subquery() for one in counted))).one()
    return EmployerStanding(*row)


def there_now(employer: Employer, municipality_id: int) -> Sequence[Placement]:
    """Who of the municipality's citizens is at the employer or comes there, with names; the first day first."""
    statement = (
        sa.select(Placement)
        .join(Placement.card)
        .join(CompetenceCard.citizen)
        .where(
            Placement.employer_id == employer.id,
            Placement.municipality_id == municipality_id,
            Placement.status.in_(OPEN),
        )
        .options(
            contains_eager(Placement.card).contains_eager(CompetenceCard.citizen),
            joinedload(Placement.opening).joinedload(Opening.workplace),
        )
        .order_by(Placement.starts_on, Placement.id)
    )
    return db.session.scalars(statement).all()
