"""What the rest of the portal must know of the employers' pages."""

from portal.web.rooms import Beside, Panel, Room, Within
from portal.workspaces.employer_pages.views import beside_employer, bp

room = Room(
    pages=(bp,),
    panels=(Panel(Beside.COOPERATION, "employer_pages/_summary.html", beside_employer),),
    within=(
        Within("employers.index"),
        Within("employers.own"),
    ),
)
