"""What the rest of the portal must know of operation: its chores, and what it writes in the journal."""

from portal.base import events
from portal.web.rooms import Room
from portal.workspaces.operation import views
from portal.workspaces.operation.chores import note_alive, tend_journal
from portal.workspaces.operation.endings import note_ending, note_resuming

room = Room(
    pages=(views.bp,),
    chores=(note_alive, tend_journal),
    hears=((events.access_ending, note_ending), (events.access_resumed, note_resuming)),
)
