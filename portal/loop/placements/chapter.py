"""What placements say in citizens' timelines, also of days to come."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import lazy_gettext as _l

from portal.base.database import danish_day
from portal.loop.cards.models import CompetenceCard
from portal.loop.employers.models import Employer
from portal.loop.openings.models import Opening
from portal.loop.placements.models import FollowUp, Placement, PlacementStatus
from portal.web.permissions import Action
from portal.web.timeline import Chapter, LineKind, happened

_PLACE = Opening.title + sa.literal(", ") + Employer.name


def _lines(citizen_id: int) -> Sequence[sa.Select[Any]]:
    def told(what: str, on: Any) -> sa.Select[Any]:
        return (
            happened(what, on, Placement.id, _PLACE)
            .select_from(Placement)
            .join(CompetenceCard, CompetenceCard.id == Placement.card_id)
            .join(Opening, Opening.id == Placement.opening_id)
            .join(Employer, Employer.id == Placement.employer_id)
            .where(CompetenceCard.citizen_id == citizen_id)
        )

    def followed_up(what: str, on: Any) -> sa.Select[Any]:
        return told(what, on).join(FollowUp, FollowUp.placement_id == Placement.id)

    stands = Placement.status.in_((PlacementStatus.PLANNED, PlacementStatus.RUNNING))
    return (
        told("placement-agreed", danish_day(Placement.planned_at)),
        told("placement-begins", Placement.starts_on).where(Placement.status != PlacementStatus.CANCELLED),
        told("placement-ends", Placement.ends_on).where(stands),
        told("placement-ended", Placement.ended_on),
        told("placement-called-off", danish_day(Placement.cancelled_at)),
        followed_up("follow-up-held", FollowUp.held_on),
        followed_up("follow-up-due", FollowUp.due_on).where(
            FollowUp.held_on.is_(None), FollowUp.cancelled_at.is_(None)
        ),
    )


PLACED = Chapter(
    LineKind.PLACEMENT,
    _lines,
    {
        "placement-agreed": _l("Et forløb blev aftalt: %(title)s"),
        "placement-begins": _l("Første dag: %(title)s"),
        "placement-ends": _l("Sidste dag efter aftalen: %(title)s"),
        "placement-ended": _l("Forløbet sluttede: %(title)s"),
        "placement-called-off": _l("Forløbet blev aflyst: %(title)s"),
        "follow-up-held": _l("Opfølgning blev holdt: %(title)s"),
        "follow-up-due": _l("Opfølgning er aftalt: %(title)s"),
    },
    lambda placement_id: url_for("placements.detail", placement_id=placement_id),
    Action.READ_PLACEMENTS,
)
