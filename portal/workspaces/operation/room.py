"""What the rest of the portal must know of operation: its chores. Its commands are in cli.py's list."""

from portal.web.rooms import Room
from portal.workspaces.operation.chores import note_alive, tend_journal

room = Room(chores=(note_alive, tend_journal))
