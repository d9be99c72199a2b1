"""What the rest of the portal must know of meetings."""

from portal.web.rooms import Room, Within
from portal.workspaces.meetings.views import bp

room = Room(
    pages=(bp,),
    within=(
        Within("citizens.index"),
        Within("reviews.queue", page="meetings.for_match"),
        Within("placements.index", page="meetings.for_placement"),
    ),
)
