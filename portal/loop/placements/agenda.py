"""What placements give a consultant to do: talks to hold, placements that begin, and those that end."""

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import full_name
from portal.loop.employers.models import Employer
from portal.loop.openings.models import Opening
from portal.loop.placements.models import FollowUp, Placement, PlacementStatus
from portal.loop.placements.queries import TO_COME, visible_placements
from portal.web.agenda import AgendaAsk, AgendaKind, agenda_row


def _rows(ask: AgendaAsk, day: Any, record_id: Any) -> sa.Select[Any]:
    """Whose it is: her consultant, or else who planned it."""
    owner = sa.func.coalesce(Citizen.consultant_id, Placement.planned_by_id)
    seen: Any = visible_placements(ask.reader).whereclause
    return (
        agenda_row(
            day=day,
            record_id=record_id,
            parent_id=Placement.id,
            who=full_name(Citizen),
            code=CompetenceCard.number,
            what=Opening.title + ", " + Employer.name,
            owner_id=owner,
            citizen_id=Citizen.id,
        )
        .select_from(Placement)
        .join(Placement.card)
        .join(CompetenceCard.citizen)
        .join(Placement.opening)
        .join(Opening.employer)
        .where(seen, ask.within(day), ask.whose(owner))
    )


def _follow_ups(ask: AgendaAsk) -> sa.Select[Any]:
    rows = _rows(ask, FollowUp.due_on, FollowUp.id).join(FollowUp, FollowUp.placement_id == Placement.id)
    return rows.where(Placement.status != PlacementStatus.CANCELLED, *TO_COME)


def _starts(ask: AgendaAsk) -> sa.Select[Any]:
    return _rows(ask, Placement.starts_on, Placement.id).where(Placement.status == PlacementStatus.PLANNED)


def _ends(ask: AgendaAsk) -> sa.Select[Any]:
    return _rows(ask, Placement.ends_on, Placement.id).where(Placement.status == PlacementStatus.RUNNING)


_PAGE = "placements.detail"

AGENDA = (
    AgendaKind(
        "follow-up", _l("Opfølgning"), _follow_ups, _PAGE, {"placement_id": "parent_id"}, in_calendar=True
    ),
    AgendaKind(
        "start", _l("Forløb begynder"), _starts, _PAGE, {"placement_id": "record_id"}, in_calendar=True
    ),
    AgendaKind("end", _l("Forløb slutter"), _ends, _PAGE, {"placement_id": "record_id"}, in_calendar=True),
)
