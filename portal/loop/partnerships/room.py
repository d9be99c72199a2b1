"""What partnerships tell the rest of the portal."""

from flask_babel import lazy_gettext as _l

from portal.loop.partnerships.views import bp
from portal.web.rooms import MenuLink, Room

room = Room(
    pages=(bp,),
    menu=(MenuLink(_l("Partnerskaber"), "partnerships.index", 80),),
)
