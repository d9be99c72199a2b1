"""Where a placement stands, and which moves lead on; each is one guarded UPDATE."""

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from portal.base.database import db
from portal.base.errors import DomainError
from portal.loop.placements.models import Placement, PlacementStatus

ALLOWED_MOVES: dict[PlacementStatus, frozenset[PlacementStatus]] = {
    PlacementStatus.PLANNED: frozenset({PlacementStatus.RUNNING, PlacementStatus.CANCELLED}),
    PlacementStatus.RUNNING: frozenset({PlacementStatus.ENDED}),
    PlacementStatus.ENDED: frozenset(),
    PlacementStatus.CANCELLED: frozenset(),
}


class WrongStep(DomainError):
    """The placement is not where this command starts from."""

    def __init__(self, status: PlacementStatus) -> None:
        super().__init__(
            _("Det passer ikke med, hvor forløbet er nu: %(status)s.", status=str(status.label).lower())
        )


def change_status(placement: Placement, to: PlacementStatus, **values: Any) -> None:
    """Change the status where it still allows that, in one UPDATE: of two at once, one is told. Raises WrongStep."""
    sources = [status for status, targets in ALLOWED_MOVES.items() if to in targets]
    statement = (
        sa.update(Placement)
        .where(Placement.id == placement.id, Placement.status.in_(sources))
        .values(status=to, version=Placement.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    db.session.flush()
    moved = db.session.scalar(statement.returning(Placement.id)) is not None
    db.session.refresh(placement)
    if not moved:
        raise WrongStep(placement.status)
