"""What the curation of words tell the rest of the portal."""

from portal.web.rooms import Room, Within
from portal.workspaces.curation.views import bp

room = Room(
    pages=(bp,),
    within=(Within("skills.index"),),
)
