"""What is forgotten of tasks: the done ones after a time, and those about somebody who is not helped any more."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from portal.base.database import db
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.traces import take_her_out
from portal.workspaces.tasks.models import DeskTask

KEPT_WHEN_DONE: Final = timedelta(days=365)


def leave_her_out(citizen: Citizen, **_more: Any) -> None:
    """Hears `events.citizen_erasing`: her own tasks go with her, what is about others names her no more."""
    take_her_out(citizen, [DeskTask.title], among=DeskTask.municipality_id == citizen.municipality_id)


def forget_tasks(at: datetime, _settings: Mapping[str, Any]) -> Mapping[str, int]:
    """Those that were done, or should have been, so long ago."""
    gone: Any = db.session.execute(
        sa.delete(DeskTask)
        .where(sa.or_(DeskTask.done_at < at - KEPT_WHEN_DONE, DeskTask.due_on < (at - KEPT_WHEN_DONE).date()))
        .execution_options(synchronize_session=False)
    )
    return {DeskTask.__tablename__: int(gone.rowcount)}
