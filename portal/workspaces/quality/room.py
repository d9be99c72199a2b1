"""What quality tell the rest of the portal."""

from flask_babel import lazy_gettext as _l

from portal.web.permissions import Action
from portal.web.rooms import TOOLS, MenuLink, Room, Within
from portal.workspaces.quality.views import bp

room = Room(
    pages=(bp,),
    menu=(
        MenuLink(_l("Matcheren"), "quality.index", TOOLS + 40, unless=Action.REVIEW_MATCH),
        MenuLink(_l("Genberegning"), "quality.runs", TOOLS + 70, unless=Action.READ_QUALITY),
    ),
    within=(Within("reviews.queue"),),
)
