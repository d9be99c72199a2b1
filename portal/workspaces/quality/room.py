"""What the rest of the portal must know of quality."""

from flask_babel import lazy_gettext as _l

from portal.web.permissions import Action
from portal.web.rooms import TOOLS, Grant, MenuLink, Room, Within
from portal.workspaces.quality import queries
from portal.workspaces.quality.views import bp

room = Room(
    pages=(bp,),
    menu=(
        MenuLink(_l("Forslagene"), "quality.index", TOOLS + 40, unless=Action.REVIEW_MATCH),
        MenuLink(_l("Genberegning"), "quality.runs", TOOLS + 70, unless=Action.READ_QUALITY),
    ),
    within=(Within("reviews.queue"),),
    grants=(Grant(queries.runs_seen_by, (Action.READ_RUNS,)),),
)
