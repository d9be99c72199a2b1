"""What the rest of the portal must know of the efforts as a whole."""

from flask_babel import lazy_gettext as _l

from portal.interventions.efforts.views import bp
from portal.web.permissions import Action
from portal.web.rooms import MenuLink, Room, Within

room = Room(
    pages=(bp,),
    menu=(
        MenuLink(_l("Indsatser"), "efforts.index", 83, when_used=True),
        MenuLink(_l("Indsatser"), "efforts.index", 83, only=Action.SWITCH_EFFORTS),
    ),
    within=(
        Within("citizens.index", "efforts.of_citizen"),
        Within("placements.index", "efforts.of_placement"),
        Within("reviews.queue", "efforts.of_match"),
        Within("employers.index", "efforts.of_employer"),
        Within("employers.own", "efforts.of_own_employer"),
    ),
)
