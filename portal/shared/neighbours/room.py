"""What the rest of the portal must know of agreements between municipalities."""

from flask_babel import lazy_gettext as _l

from portal.shared.neighbours import queries
from portal.shared.neighbours.views import bp
from portal.web.holdings import HoldsNobody
from portal.web.permissions import Action
from portal.web.rooms import TOOLS, Grant, MenuLink, Room

room = Room(
    pages=(bp,),
    menu=(MenuLink(_l("Nabokommuner"), "neighbours.index", TOOLS + 55),),
    nobody=(
        HoldsNobody(("neighbour_agreements", "neighbour_requests"), _l("Kommuner og dage, ingen personer.")),
    ),
    grants=(Grant(queries.agreements_seen_by, (Action.READ_NEIGHBOURS,)),),
)
