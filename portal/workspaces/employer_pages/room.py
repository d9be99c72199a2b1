"""What the employers' pages tell the rest of the portal."""

from portal.web.rooms import Room, Within
from portal.workspaces.employer_pages.views import bp

room = Room(
    pages=(bp,),
    within=(
        Within("employers.index"),
        Within("employers.own"),
    ),
)
