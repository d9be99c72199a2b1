"""What the rest of the portal must know of goals."""

from flask_babel import lazy_gettext as _l

from portal.ledger.goals.measures import PROMISED
from portal.ledger.goals.views import bp
from portal.web.rooms import MenuLink, Room

room = Room(
    pages=(bp,),
    measures=PROMISED,
    menu=(MenuLink(_l("Mål"), "goals.index", 90),),
)
