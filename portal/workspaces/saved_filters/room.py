"""What the rest of the portal must know of saved filters."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.web.holdings import ALL_COLUMNS, Holding, Kept, LegalBasis, People
from portal.web.rooms import Room, Within
from portal.workspaces.saved_filters.services import forget_filters
from portal.workspaces.saved_filters.views import bp

room = Room(
    pages=(bp,),
    within=(Within("home.index"),),
    hears=((events.access_ending, forget_filters),),
    holds=(
        Holding(
            "saved_filters",
            People.STAFF,
            _l("De filtre, du har gemt på lister. Aldrig dine søgeord"),
            {"saved_filters": ALL_COLUMNS},
            _l("Du kan åbne en liste, som du plejer at se den."),
            LegalBasis.TASK,
            _l("Kun dig."),
            (Kept(_l("Til du sletter filteret, eller dit login lukkes.")),),
        ),
    ),
)
