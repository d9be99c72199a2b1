"""What the rules tell the rest of the portal."""

from flask_babel import lazy_gettext as _l

from portal.shared.rules.views import bp
from portal.web.permissions import Action
from portal.web.rooms import TOOLS, MenuLink, Room

room = Room(
    pages=(bp,),
    menu=(MenuLink(_l("Regler"), "rules.index", TOOLS + 50, unless=Action.REVIEW_MATCH),),
)
