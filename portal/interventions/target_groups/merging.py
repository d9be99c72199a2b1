"""What of somebody's situation cannot stand twice when two citizens become one; periods may contradict, and say so."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from portal.base.database import db
from portal.interventions.target_groups.models import Arrival, Membership
from portal.interventions.target_groups.queries import standing

BECAUSE: Final = "To borgere blev lagt sammen"


def join_memberships(kept_id: int, gone_id: int, at: datetime) -> None:
    """Two stays in one group that overlap become one, from the first day of both to the last."""
    rows = db.session.scalars(
        sa.select(Membership)
        .where(Membership.citizen_id.in_([kept_id, gone_id]), standing(Membership))
        .order_by(Membership.group_id, Membership.from_on, Membership.id)
    ).all()
    last: Membership | None = None
    for row in rows:
        last = _joined(last, row, kept_id, at) if last is not None and _overlap(last, row) else row
    db.session.flush()


def _overlap(first: Membership, later: Membership) -> bool:
    return first.group_id == later.group_id and (first.until_on is None or first.until_on >= later.from_on)


def _joined(first: Membership, later: Membership, kept_id: int, at: datetime) -> Membership:
    """One row in place of both: what was known before stays to be told."""
    ends = first if first.until_on is None or (later.until_on and later.until_on <= first.until_on) else later
    for row in (first, later):
        row.replaced_at, row.replaced_because = at, BECAUSE
    joined = Membership(
        group_id=first.group_id,
        citizen_id=kept_id,
        from_on=first.from_on,
        until_on=ends.until_on,
        end_reason=ends.end_reason,
        source=first.source,
        recorded_at=at,
        recorded_by_id=first.recorded_by_id,
        replaced_because="",
    )
    db.session.add(joined)
    return joined


def join_arrivals(kept_id: int, gone_id: int, at: datetime) -> None:
    """The kept citizen's arrival stands, where both have one."""
    standing_of = sa.select(Arrival).where(standing(Arrival))
    if db.session.scalar(standing_of.where(Arrival.citizen_id == kept_id)) is None:
        return
    for row in db.session.scalars(standing_of.where(Arrival.citizen_id == gone_id)).all():
        row.replaced_at = at
    db.session.flush()
