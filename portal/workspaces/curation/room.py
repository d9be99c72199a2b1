"""What the rest of the portal must know of the curation of words."""

from flask_babel import lazy_gettext as _l

from portal.web.holdings import HoldsNobody
from portal.web.rooms import Room, Within
from portal.workspaces.curation.services import forget_unwritten
from portal.workspaces.curation.views import bp

room = Room(
    pages=(bp,),
    within=(Within("skills.index"),),
    nobody=(HoldsNobody(("dismissed_phrases",), _l("Ord, som ordlisten ikke skal kende.")),),
    forgets=(lambda _at, _settings: {"dismissed_phrases": forget_unwritten()},),
)
