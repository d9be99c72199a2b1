"""What posting tell the rest of the portal."""

from portal.web.rooms import Room, Within
from portal.workspaces.posting.views import bp

room = Room(
    pages=(bp,),
    within=(Within("openings.index"),),
)
