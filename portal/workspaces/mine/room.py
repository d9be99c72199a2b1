"""What the rest of the portal must know of the citizen's own page."""

from flask_babel import lazy_gettext as _l

from portal.base.events import sign_in_page_of
from portal.web.rooms import MenuLink, Room
from portal.workspaces.mine.beside import bp as beside
from portal.workspaces.mine.views import bp, page_to_sign_in_again
from portal.workspaces.mine.work import bp as work

room = Room(
    pages=(bp, beside, work),
    menu=(MenuLink(_l("Min side"), "mine.index", 10),),
    answers=((sign_in_page_of, page_to_sign_in_again),),
)
