"""What the rest of the portal must know of the doors."""

from portal.api.v1 import case_views as case_views
from portal.api.v1 import views as views
from portal.api.v1.doors import bp
from portal.web.rooms import Room

room = Room(pages=(bp,))
