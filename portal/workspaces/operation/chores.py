"""What the worker does for an operator every minute or so (CHORES_EVERY)."""

import socket
from datetime import datetime

from flask import current_app

from portal.base.journal import Journal
from portal.base.marks import MarkName, note
from portal.loop.citizens import entries


def note_alive(at: datetime) -> None:
    """So that `flask doctor` can say whether anybody sends mails and reminds."""
    note(MarkName.WORKER, socket.gethostname(), at=at)


def tend_journal(at: datetime) -> None:
    """Carry over what was kept before there was a file, and tell what became of erasures whose process died."""
    journal: Journal = current_app.config["JOURNAL"]
    entries.carry_over(journal, at=at)
    entries.settle(journal, at=at)
