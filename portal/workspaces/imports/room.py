"""What the rest of the portal must know of imports."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.web.rooms import TOOLS, MenuLink, Room
from portal.workspaces.imports.services import drop_uploads_naming, remove_expired
from portal.workspaces.imports.views import bp

room = Room(
    pages=(bp,),
    hears=((events.citizen_erasing, drop_uploads_naming),),
    chores=(remove_expired,),
    menu=(MenuLink(_l("Indlæs filer"), "imports.index", TOOLS + 80),),
)
