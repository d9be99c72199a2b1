"""What the rest of the portal must know of amendments."""

from portal.web.rooms import Room
from portal.workspaces.amendments.views import bp

room = Room(
    pages=(bp,),
)
