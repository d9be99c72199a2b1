"""What the rest of the portal must know of the curation of words."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.web.holdings import HoldsNobody
from portal.web.rooms import Room, Within
from portal.workspaces.curation import queries
from portal.workspaces.curation.services import forget_unwritten
from portal.workspaces.curation.views import bp

room = Room(
    pages=(bp,),
    within=(Within("skills.index"),),
    answers=((events.wordings_confirmed, queries.confirmed),),
    nobody=(
        HoldsNobody(
            ("dismissed_phrases",),
            _l(
                "Ord, som ordlisten ikke skal kende. Hvad der er svaret om ord, portalen var i tvivl om, er ikke gemt "
                "for sig: det bliver læst i åbningerne, og på kort først, når to borgere har valgt det samme."
            ),
        ),
    ),
    forgets=(lambda _at, _settings: {"dismissed_phrases": forget_unwritten()},),
)
