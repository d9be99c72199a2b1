"""What employers are told when something has been answered or agreed on."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from portal.base.clock import danish_day
from portal.loop.placements.calendar import calendar_of
from portal.loop.placements.models import Placement
from portal.loop.reviews.models import AnsweredVia, Review
from portal.shared.accounts.models import User
from portal.shared.outbox import services as outbox
from portal.workspaces.answers.services import send_proposal, tell_of_placement
from portal.workspaces.consents.services import agree_with_proposal


def send_agreed_proposal(review: Review, *, via: AnsweredVia, by: User, at: datetime, **_more: Any) -> None:
    today = danish_day(at)
    send_proposal(agree_with_proposal(review, via=via, by=by, at=at, today=today), at=at)


def call_back(review: Review, **_more: Any) -> None:
    """What has not left yet must not: its link would open nothing."""
    outbox.call_back(review)


def tell_of(placement: Placement, *, at: datetime, **_more: Any) -> None:
    host = urlsplit(current_app.config["PORTAL_BASE_URL"]).hostname or "localhost"
    tell_of_placement(placement, calendar=calendar_of(placement, host=host, at=at), at=at)
