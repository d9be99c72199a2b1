"""What the rest of the portal must know of Målstatus."""

from portal.ledger.status.views import bp
from portal.web.rooms import Room, Within

room = Room(pages=(bp,), within=(Within("goals.index"),))
