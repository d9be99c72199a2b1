"""The talks that are to be held after somebody was hired."""

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.interventions.aftercare.models import JobTalk
from portal.interventions.aftercare.queries import OPEN, talks_seen_by
from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import full_name
from portal.loop.employers.models import Employer
from portal.loop.openings.models import Opening
from portal.loop.placements.models import Placement
from portal.web.agenda import AgendaAsk, AgendaKind, agenda_row


def _talks(ask: AgendaAsk) -> sa.Select[Any]:
    """Whose it is: her consultant, or else who planned the placement."""
    owner = sa.func.coalesce(Citizen.consultant_id, Placement.planned_by_id)
    seen = talks_seen_by(ask.reader).with_only_columns(JobTalk.id)
    return (
        agenda_row(
            day=JobTalk.due_on,
            record_id=JobTalk.id,
            who=full_name(Citizen),
            code=CompetenceCard.number,
            what=Employer.name,
            owner_id=owner,
            citizen_id=Citizen.id,
        )
        .select_from(JobTalk)
        .join(JobTalk.citizen)
        .join(JobTalk.placement)
        .join(Placement.card)
        .join(Placement.opening)
        .join(Opening.employer)
        .where(JobTalk.id.in_(seen), *OPEN, ask.within(JobTalk.due_on), ask.whose(owner))
    )


AGENDA = (
    AgendaKind(
        "job-talk", _l("Samtale efter ansættelse"), _talks, "aftercare.record", {"talk_id": "record_id"}
    ),
)
