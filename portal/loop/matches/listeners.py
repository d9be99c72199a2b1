"""What matches do when a lower room announces a change: renew, or close."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.base.database import db
from portal.loop.cards.models import CompetenceCard
from portal.loop.employers.models import Employer
from portal.loop.matches import outlooks, services
from portal.loop.matches.models import ClosedReason
from portal.loop.openings.models import Opening


def opening_changed(opening: Opening, *, at: datetime, **_ignored: Any) -> None:
    services.renew_for_opening(opening, at=at)
    outlooks.renew_for_opening(opening, at=at)


def card_changed(card: CompetenceCard, *, at: datetime, **_ignored: Any) -> None:
    services.renew_for_card(card, at=at)
    outlooks.renew_for_card(card, at=at)


def citizen_passive(citizen: Any, *, at: datetime, **_ignored: Any) -> None:
    """The citizen is known here by her id alone."""
    cards = sa.select(CompetenceCard.id).where(CompetenceCard.citizen_id == citizen.id)
    for card_id in db.session.scalars(cards).all():
        services.close_open_matches(card_id=card_id, reason=ClosedReason.CARD_PASSIVE, at=at)


def employer_passive(employer: Employer, *, at: datetime, **_ignored: Any) -> None:
    openings = sa.select(Opening.id).where(Opening.employer_id == employer.id)
    for opening_id in db.session.scalars(openings).all():
        services.close_open_matches(opening_id=opening_id, reason=ClosedReason.EMPLOYER_PASSIVE, at=at)


def neighbours_parted(_agreement: Any, *, at: datetime, **_ignored: Any) -> None:
    services.close_unshared(at)


def employer_active(employer: Employer, *, at: datetime, **_ignored: Any) -> None:
    for opening in db.session.scalars(sa.select(Opening).where(Opening.employer_id == employer.id)).all():
        services.renew_for_opening(opening, at=at)
