"""Reads of sheets: whoever may see the placement sees its sheets; by link, the one sheet it was made for."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal.base.database import db
from portal.loop.assessments.models import Assessment, AssessmentKind, AssessmentLine
from portal.loop.cards.models import CompetenceCard
from portal.loop.openings.models import Opening
from portal.loop.placements.models import Placement
from portal.loop.placements.queries import visible_placements
from portal.shared.accounts.models import User


def sheets_of(placement: Placement) -> list[Assessment]:
    """All sheets of the placement with their lines, the first one first."""
    statement = sa.select(Assessment).where(Assessment.placement_id == placement.id)
    return list(
        db.session.scalars(statement.options(selectinload(Assessment.lines)).order_by(Assessment.number))
    )


def sheet_for(user: User, sheet_id: int) -> Assessment:
    """Raises NoResultFound for a sheet of a placement that is a stranger's."""
    placements = visible_placements(user).with_only_columns(Placement.id)
    return db.session.scalars(_whole(sheet_id).where(Assessment.placement_id.in_(placements))).one()


def sheet_by_link(sheet_id: int) -> Assessment:
    """For whoever holds a link that was made for it. Raises NoResultFound once the sheet is erased."""
    return db.session.scalars(_whole(sheet_id)).one()


def open_sheets(placement_id: int) -> list[Assessment]:
    """Those of the placement that can still be filled in, the first one first."""
    statement = sa.select(Assessment).where(
        Assessment.placement_id == placement_id, Assessment.closed_at.is_(None)
    )
    return list(db.session.scalars(statement.order_by(Assessment.number)))


def midway_before(sheet: Assessment) -> Assessment | None:
    """The last midway sheet that was closed and stands, from which an open end sheet is proposed."""
    if sheet.kind is not AssessmentKind.END or not sheet.is_open:
        return None
    statement = (
        sa.select(Assessment)
        .where(
            Assessment.placement_id == sheet.placement_id,
            Assessment.kind == AssessmentKind.MIDWAY,
            Assessment.closed_at.is_not(None),
            Assessment.withdrawn_at.is_(None),
            ~Assessment.lapsed,
        )
        .options(selectinload(Assessment.lines))
        .order_by(Assessment.number.desc())
    )
    return db.session.scalars(statement.limit(1)).one_or_none()


def _whole(sheet_id: int) -> sa.Select[Assessment]:
    opening = joinedload(Assessment.placement).joinedload(Placement.opening)
    return (
        sa.select(Assessment)
        .where(Assessment.id == sheet_id)
        .options(
            selectinload(Assessment.lines),
            selectinload(Assessment.confirmations),
            selectinload(Assessment.aspects),
            opening.joinedload(Opening.employer),
            opening.joinedload(Opening.workplace),
            opening.selectinload(Opening.tasks),
            joinedload(Assessment.placement).joinedload(Placement.card).joinedload(CompetenceCard.citizen),
            joinedload(Assessment.placement).joinedload(Placement.review),
        )
    )


def open_lines(user: User, line_ids: Iterable[int]) -> dict[int, AssessmentLine]:
    """The lines among those that stand on open sheets of the user's own placements."""
    placements = visible_placements(user).with_only_columns(Placement.id)
    statement = (
        sa.select(AssessmentLine)
        .join(AssessmentLine.assessment)
        .where(
            AssessmentLine.id.in_(list(line_ids)),
            Assessment.closed_at.is_(None),
            Assessment.placement_id.in_(placements),
        )
        .options(joinedload(AssessmentLine.assessment).selectinload(Assessment.lines))
    )
    return {line.id: line for line in db.session.scalars(statement)}
