"""What the rest of the portal must know of openings."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base import clock, events
from portal.base.clock import danish_day
from portal.loop.openings import queries, services
from portal.loop.openings.models import Opening
from portal.loop.openings.views import bp
from portal.shared.accounts.models import User
from portal.web.permissions import Action
from portal.web.rooms import Grant, MenuLink, Room


def _tell_of_expiry(at: datetime) -> int:
    return services.tell_of_expiry(at=at, today=danish_day(at))


def visible_today(user: User) -> sa.Select[Opening]:
    return queries.visible_openings(user, on=clock.today())


room = Room(
    pages=(bp,),
    menu=(MenuLink(_l("Åbninger"), "openings.index", 40),),
    hears=((events.vocabulary_changed, services.relink),),
    chores=(_tell_of_expiry,),
    grants=(Grant(visible_today, (Action.READ_OPENINGS,)),),
)
