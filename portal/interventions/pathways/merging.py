"""What of ways cannot stand twice when two become one: a citizen is on one journey, an employer offers a step once."""

from datetime import datetime

import sqlalchemy as sa

from portal.base.clock import danish_day
from portal.base.database import db
from portal.interventions.pathways.models import Journey, JourneyEnd, StepOffer


def join_journeys(kept_id: int, gone_id: int, at: datetime) -> None:
    """Where both are on one, the kept citizen's goes on; the other ends on the day, and counts as it was begun."""
    open_of = sa.select(Journey).where(Journey.until_on.is_(None), Journey.replaced_at.is_(None))
    if db.session.scalar(open_of.where(Journey.citizen_id == kept_id)) is None:
        return
    for journey in db.session.scalars(open_of.where(Journey.citizen_id == gone_id)).all():
        journey.until_on = max(danish_day(at), journey.from_on)
        journey.end_reason = JourneyEnd.OTHER_WAY
    db.session.flush()


def join_offers(kept_id: int, gone_id: int, at: datetime) -> None:
    """Of two standing offers of one step the kept employer's stands."""
    standing = StepOffer.withdrawn_at.is_(None)
    kept = sa.select(StepOffer.package_step_id).where(StepOffer.employer_id == kept_id, standing)
    doubles = sa.select(StepOffer).where(
        StepOffer.employer_id == gone_id, standing, StepOffer.package_step_id.in_(kept)
    )
    for offer in db.session.scalars(doubles.order_by(StepOffer.id)).all():
        offer.withdrawn_at = at
    db.session.flush()
