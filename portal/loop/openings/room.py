"""What the rest of the portal must know of openings."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.clock import DANISH_TIME
from portal.loop.openings import queries, services
from portal.loop.openings.views import bp
from portal.web.permissions import Action
from portal.web.rooms import Grant, MenuLink, Room


def _tell_of_expiry(at: datetime) -> int:
    return services.tell_of_expiry(at=at, today=at.astimezone(DANISH_TIME).date())


room = Room(
    pages=(bp,),
    menu=(MenuLink(_l("Åbninger"), "openings.index", 40),),
    hears=((events.vocabulary_changed, services.relink),),
    chores=(_tell_of_expiry,),
    grants=(Grant(queries.visible_openings, (Action.READ_OPENINGS,)),),
)
