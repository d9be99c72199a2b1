"""What the rest of the portal must know of the employers' pages."""

from portal.web.rooms import Room, Within
from portal.workspaces.employer_pages.views import bp

room = Room(
    pages=(bp,),
    within=(
        Within("employers.index"),
        Within("employers.own"),
    ),
)
