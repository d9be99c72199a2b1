"""What the rest of the portal must know of posting."""

from portal.web.rooms import Room, Within
from portal.workspaces.posting.views import bp

room = Room(
    pages=(bp,),
    within=(Within("openings.index"),),
)
