"""What the rest of the portal must know of the curation of words."""

from portal.web.rooms import Room, Within
from portal.workspaces.curation.views import bp

room = Room(
    pages=(bp,),
    within=(Within("skills.index"),),
)
