"""What the rest of the portal must know of imports."""

from flask_babel import lazy_gettext as _l

from portal.web.rooms import TOOLS, MenuLink, Room
from portal.workspaces.imports.views import bp

room = Room(
    pages=(bp,),
    menu=(MenuLink(_l("Indlæs filer"), "imports.index", TOOLS + 80),),
)
