"""A renewal by link can be taken back for an hour: then the opening ends on the day it ended before."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base import events, taking_back
from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.taking_back import TooLateToTakeBack
from portal.loop.employers.people_queries import addresses_of, is_still_there
from portal.loop.openings.models import Opening, OpeningPublication, OpeningStatus
from portal.loop.openings.services import RENEWABLE_AFTER, can_be_renewed
from portal.shared.audit import services as audit
from portal.web.rooms import Anew


class NotToBeRenewed(DomainError):
    message = _l("Pladsen kan ikke slås op igen med det link. Log ind, eller ring til kommunen.")


def renewal_open_until(opening: Opening, expired_on: date, at: datetime) -> datetime | None:
    """Until when the link's renewal of what ended on `expired_on` can be taken back; None when it cannot.

    What somebody signed in put up meanwhile is not the link's to undo.
    """
    if opening.expires_on == expired_on or opening.status is not OpeningStatus.PUBLISHED:
        return None
    last = _last_publication(opening)
    is_its_own = last is not None and last.renews_expired_on == expired_on
    return taking_back.open_until(last.at, at) if last and is_its_own else None


def take_back_renewal(opening: Opening, expired_on: date, *, at: datetime) -> None:
    """Undo it within its hour. Raises TooLateToTakeBack."""
    db.session.refresh(opening, with_for_update=True)
    if renewal_open_until(opening, expired_on, at) is None:
        raise TooLateToTakeBack
    db.session.delete(_last_publication(opening))
    opening.expires_on = expired_on
    opening.version += 1
    audit.record("opening-renewal-taken-back", subject=opening, by=None, at=at)
    events.opening_changed.send(opening, at=at)


def anew(about: tuple[int | str, ...], at: datetime) -> Anew:
    """The link of a mail about an opening that ended. Raises NotToBeRenewed."""
    opening_id, expires_on, *mailed_to = about
    opening = db.session.get(Opening, int(opening_id))
    today = danish_day(at)
    if opening is None or f"{opening.expires_on}" != expires_on or not can_be_renewed(opening, today):
        raise NotToBeRenewed
    if mailed_to and not is_still_there(int(mailed_to[0]), opening.employer_id):
        raise NotToBeRenewed
    unit, addresses = opening.employer.municipality, addresses_of(opening.employer_id)
    return Anew("openings.renew_by_link", "renewal", opening, unit, at + RENEWABLE_AFTER, addresses)


def _last_publication(opening: Opening) -> OpeningPublication | None:
    of_it = sa.select(OpeningPublication).where(OpeningPublication.opening_id == opening.id)
    return db.session.scalar(
        of_it.order_by(OpeningPublication.at.desc(), OpeningPublication.id.desc()).limit(1)
    )
