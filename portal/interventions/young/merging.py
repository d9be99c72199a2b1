"""What happens to a parent's yes when two citizens become one."""

from datetime import datetime

import sqlalchemy as sa

from portal.base.database import db
from portal.interventions.young.models import ParentsYes
from portal.interventions.young.queries import parents_yes_of


def keep_one_yes(kept_id: int, gone_id: int, at: datetime) -> None:
    """Where both have one that stands, the kept citizen's stays."""
    if parents_yes_of(kept_id) is None:
        return
    for given in db.session.scalars(
        sa.select(ParentsYes).where(ParentsYes.citizen_id == gone_id, ParentsYes.withdrawn_at.is_(None))
    ).all():
        given.withdrawn_at = at
    db.session.flush()
