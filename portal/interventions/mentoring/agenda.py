"""The mentors who have not answered: their answer is wanted before the agreement's first day."""

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.interventions.mentoring.models import Mentor, MentorAgreement
from portal.interventions.mentoring.queries import agreements_seen_by
from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import full_name
from portal.web.agenda import AgendaAsk, AgendaKind, agenda_row


def _unanswered(ask: AgendaAsk) -> sa.Select[Any]:
    """Whose it is: her consultant, or else who asked the mentor."""
    owner = sa.func.coalesce(Citizen.consultant_id, MentorAgreement.proposed_by_id)
    seen = agreements_seen_by(ask.reader).with_only_columns(MentorAgreement.id)
    return (
        agenda_row(
            day=MentorAgreement.from_on,
            record_id=MentorAgreement.id,
            who=full_name(Citizen),
            code=sa.func.coalesce(CompetenceCard.number, ""),
            what=Mentor.name,
            owner_id=owner,
            citizen_id=Citizen.id,
        )
        .select_from(MentorAgreement)
        .join(MentorAgreement.mentor)
        .join(MentorAgreement.citizen)
        .outerjoin(CompetenceCard, CompetenceCard.citizen_id == Citizen.id)
        .where(
            MentorAgreement.id.in_(seen),
            MentorAgreement.agreed_at.is_(None),
            MentorAgreement.declined_at.is_(None),
            MentorAgreement.withdrawn_at.is_(None),
            MentorAgreement.until_on >= ask.today,
            ask.within(MentorAgreement.from_on),
            ask.whose(owner),
        )
    )


AGENDA = (
    AgendaKind(
        "mentor",
        _l("Mentor har ikke svaret"),
        _unanswered,
        "mentor_agreements.detail",
        {"mentor_agreement_id": "record_id"},
    ),
)
