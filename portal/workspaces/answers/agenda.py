"""The calls that a consultant is to make today: a call has no day of its own."""

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import Employer
from portal.loop.matches.models import Match
from portal.loop.openings.models import Opening
from portal.loop.reviews.models import Review
from portal.web.agenda import AgendaAsk, AgendaKind, agenda_row
from portal.workspaces.answers.models import Call
from portal.workspaces.answers.queries import call_list


def _calls(ask: AgendaAsk) -> sa.Select[Any]:
    """Whose it is: the citizen's consultant, or else who decided."""
    owner = sa.func.coalesce(Citizen.consultant_id, Review.decided_by_id)
    today = sa.literal(ask.today, sa.Date)
    return (
        agenda_row(
            day=today,
            record_id=Call.id,
            who=Employer.name,
            code=Employer.name,
            what=Opening.title,
            owner_id=owner,
        )
        .select_from(Call)
        .join(Call.review)
        .join(Review.match)
        .join(Match.opening)
        .join(Opening.employer)
        .join(Match.card)
        .join(CompetenceCard.citizen)
        .where(
            Call.id.in_(call_list(ask.reader).with_only_columns(Call.id)),
            ask.within(today),
            ask.whose(owner),
        )
    )


AGENDA = (AgendaKind("call", _l("Ring til"), _calls, "answers.calls"),)
