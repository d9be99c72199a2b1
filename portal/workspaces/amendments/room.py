"""What amendments tell the rest of the portal."""

from portal.web.rooms import Room
from portal.workspaces.amendments.views import bp

room = Room(
    pages=(bp,),
)
