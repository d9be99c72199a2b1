"""What the rest of the portal must know of partnerships."""

from flask_babel import lazy_gettext as _l

from portal.loop.partnerships import measures, queries
from portal.loop.partnerships.views import bp
from portal.web.permissions import Action
from portal.web.rooms import Grant, MenuLink, Room

room = Room(
    pages=(bp,),
    measures=measures.MEASURES,
    menu=(MenuLink(_l("Partnerskaber"), "partnerships.index", 80),),
    grants=(Grant(queries.visible_partnerships, (Action.READ_PARTNERSHIPS,)),),
)
