"""What the rest of the portal must know of the report on fairness."""

from portal.ledger.fairness.views import bp
from portal.web.rooms import Room, Within

room = Room(pages=(bp,), within=(Within("comparison.index"),))
