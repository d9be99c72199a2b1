"""What of two citizens' seats cannot stand twice when they become one."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from portal.base.database import db
from portal.interventions.courses.models import CourseSeat, SeatStatus
from portal.interventions.target_groups.queries import standing

BECAUSE: Final = "To borgere blev lagt sammen"

HOW_FAR: Final = (
    SeatStatus.STOPPED,
    SeatStatus.WISHED,
    SeatStatus.BOOKED,
    SeatStatus.ATTENDING,
    SeatStatus.PASSED,
)


def join_seats(kept_id: int, gone_id: int, at: datetime) -> None:
    """Of two seats on one run the one that is further stands; the other is kept as replaced."""
    rows = db.session.scalars(
        sa.select(CourseSeat)
        .where(
            CourseSeat.citizen_id.in_([kept_id, gone_id]),
            standing(CourseSeat),
            CourseSeat.status != SeatStatus.STOPPED,
        )
        .order_by(CourseSeat.run_id, CourseSeat.id)
    ).all()
    first: dict[int, CourseSeat] = {}
    for row in rows:
        other = first.setdefault(row.run_id, row)
        if other is row:
            continue
        less, more = sorted((other, row), key=lambda one: HOW_FAR.index(one.status))
        less.replaced_at, less.replaced_because = at, BECAUSE
        first[row.run_id] = more
    db.session.flush()
