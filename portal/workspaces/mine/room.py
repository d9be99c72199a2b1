"""What the rest of the portal must know of the citizen's own page."""

from flask_babel import lazy_gettext as _l

from portal.web.rooms import MenuLink, Room
from portal.workspaces.mine.views import bp
from portal.workspaces.mine.work import bp as work

room = Room(
    pages=(bp, work),
    menu=(MenuLink(_l("Min side"), "mine.index", 10),),
)
