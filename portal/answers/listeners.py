"""What follows from the citizen's answer to a proposal."""

from datetime import datetime
from typing import Any

from portal import events
from portal.accounts.models import User
from portal.answers.services import send_proposal
from portal.clock import DANISH_TIME
from portal.consents.services import agree_with_proposal
from portal.outbox import services as outbox
from portal.reviews.models import AnsweredVia, Review


def connect() -> None:
    events.citizen_agreed.connect(_send)
    events.citizen_withdrew.connect(_call_back)


def _send(review: Review, *, via: AnsweredVia, by: User, at: datetime, **_more: Any) -> None:
    today = at.astimezone(DANISH_TIME).date()
    send_proposal(agree_with_proposal(review, via=via, by=by, at=at, today=today), at=at)


def _call_back(review: Review, **_more: Any) -> None:
    """What has not left yet must not: its link would open nothing."""
    outbox.call_back(review)
