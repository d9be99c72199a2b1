"""What employers are told when something has been answered or agreed on."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app

from portal.base.clock import danish_day
from portal.loop.employers.models import Employer
from portal.loop.matches.models import Match
from portal.loop.openings.models import Opening
from portal.loop.placements.calendar import calendar_of
from portal.loop.placements.change_words import change_in_words
from portal.loop.placements.models import Placement, PlacementChange
from portal.loop.reviews.models import AnsweredVia, Review
from portal.shared.accounts.models import User
from portal.shared.outbox import services as outbox
from portal.workspaces.answers.services import send_proposal, tell_of_placement
from portal.workspaces.consents.services import agree_with_proposal, end_proposal_consents


def send_agreed_proposal(review: Review, *, via: AnsweredVia, by: User, at: datetime, **_more: Any) -> None:
    today = danish_day(at)
    send_proposal(agree_with_proposal(review, via=via, by=by, at=at, today=today), at=at)


def call_back(review: Review, **_more: Any) -> None:
    """What has not left yet must not: its link would open nothing."""
    outbox.call_back(review)


def take_back_proposal(review: Review, *, by: User, at: datetime, **_more: Any) -> None:
    """The mail that waits does not leave, and the link of one that left opens nothing."""
    outbox.call_back(review)
    end_proposal_consents(review, by=by, at=at)


def call_back_from(employer: Employer, **_more: Any) -> None:
    """It is passive from now on: no mail that is on its way to it may tell of a person."""
    proposals = (
        sa.select(Review.id).join(Review.match).join(Match.opening).where(Opening.employer_id == employer.id)
    )
    placements = sa.select(Placement.id).where(Placement.employer_id == employer.id)
    outbox.call_back_about(Review.__tablename__, proposals)
    outbox.call_back_about(Placement.__tablename__, placements)


def tell_of_change(placement: Placement, *, change: PlacementChange, at: datetime, **_more: Any) -> None:
    """What was agreed anew, and the days in a calendar file that replaces the last one."""
    tell_of_placement(placement, calendar=_calendar(placement, at=at), change=change_in_words(change), at=at)


def tell_of(placement: Placement, *, at: datetime, **_more: Any) -> None:
    tell_of_placement(placement, calendar=_calendar(placement, at=at), at=at)


def _calendar(placement: Placement, *, at: datetime) -> str:
    host = urlsplit(current_app.config["PORTAL_BASE_URL"]).hostname or "localhost"
    return calendar_of(placement, host=host, at=at)
