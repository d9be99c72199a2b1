"""What the rest of the portal must know of the rules."""

from flask_babel import lazy_gettext as _l

from portal.shared.rules.views import bp
from portal.web.permissions import Action
from portal.web.rooms import TOOLS, MenuLink, Room

room = Room(
    pages=(bp,),
    menu=(MenuLink(_l("Regler"), "rules.index", TOOLS + 50, unless=Action.REVIEW_MATCH),),
)
