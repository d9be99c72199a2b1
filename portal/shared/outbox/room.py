"""What the rest of the portal must know of the outbox."""

from flask_babel import lazy_gettext as _l

from portal.shared.outbox import queries
from portal.shared.outbox.views import bp
from portal.web.permissions import Action
from portal.web.rooms import TOOLS, Grant, MenuLink, Room, Within

room = Room(
    pages=(bp,),
    menu=(MenuLink(_l("Mails"), "outbox.index", TOOLS + 30, unless=Action.ANSWER_EMPLOYERS),),
    within=(Within("home.index", only=Action.ANSWER_EMPLOYERS),),
    grants=(Grant(queries.mails_seen_by, (Action.MANAGE_MAILS,)),),
)
