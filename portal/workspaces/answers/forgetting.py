"""Mails about people are forgotten when their employers may no longer know them (docs/rules.md#names)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.base.clock import danish_day
from portal.loop.placements.models import Placement
from portal.loop.reviews.models import Review
from portal.loop.reviews.names import long_answered
from portal.shared.outbox.models import Mail
from portal.shared.outbox.services import forget_about
from portal.shared.rules.names import names_kept_on


def forget_mails_about_people(at: datetime, _settings: Mapping[str, Any]) -> Mapping[str, int]:
    """By the rows of the day. What was declined or called off is kept as long, so that the log can be asked."""
    kept = names_kept_on(danish_day(at))
    proposals = sa.select(Review.id).join(Review.match).where(long_answered(kept))
    placements = sa.select(Placement.id).where(
        Placement.stay_ends_on < kept.ended_since(Placement.municipality_id)
    )
    gone = forget_about(Review.__tablename__, proposals) + forget_about(Placement.__tablename__, placements)
    return {Mail.__tablename__: gone}
