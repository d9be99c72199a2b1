"""What employers tell the rest of the portal."""

from flask_babel import lazy_gettext as _l

from portal.loop.employers.views import bp
from portal.web.rooms import MenuLink, Room

room = Room(
    pages=(bp,),
    menu=(
        MenuLink(_l("Virksomheder"), "employers.index", 60),
        MenuLink(_l("Virksomheden"), "employers.own", 75),
    ),
)
