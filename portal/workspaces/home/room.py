"""What the rest of the portal must know of the front pages."""

from flask_babel import lazy_gettext as _l

from portal.web.holdings import HoldsNobody
from portal.web.permissions import Action
from portal.web.rooms import HOME, MenuLink, Room, Within
from portal.workspaces.home.views import bp

room = Room(
    pages=(bp,),
    menu=(
        MenuLink(_l("I dag"), "home.index", HOME, only=Action.REVIEW_MATCH),
        MenuLink(_l("Overblik"), "home.index", HOME),
    ),
    within=(
        Within(None, page="home.accessibility_statement"),
        Within(None, page="home.privacy"),
    ),
    nobody=(HoldsNobody(("marks",), _l("Hvornår driften sidst har lavet en sikkerhedskopi.")),),
)
