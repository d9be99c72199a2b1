"""The suggestions that a consultant put off until a day: on it they wait for her again."""

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import full_name
from portal.loop.employers.models import Employer
from portal.loop.matches.models import Match, MatchStatus
from portal.loop.openings.models import Opening
from portal.loop.reviews.models import PutOff
from portal.web.agenda import AgendaAsk, AgendaKind, agenda_row


def _put_off(ask: AgendaAsk) -> sa.Select[Any]:
    """Whose it is: who put it off."""
    # As an expression, so that SQLite begins with the few that are put off, not with every match
    home: sa.ColumnElement[int] = Match.municipality_id + 0
    return (
        agenda_row(
            day=PutOff.until_on,
            record_id=PutOff.match_id,
            who=full_name(Citizen),
            code=CompetenceCard.number,
            what=Opening.title + ", " + Employer.name,
            owner_id=PutOff.set_by_id,
            citizen_id=Citizen.id,
        )
        .select_from(PutOff)
        .join(Match, Match.id == PutOff.match_id)
        .join(Match.card)
        .join(CompetenceCard.citizen)
        .join(Match.opening)
        .join(Opening.employer)
        .where(
            home == ask.reader.municipality_id,
            Match.status == MatchStatus.OPEN,
            ask.within(PutOff.until_on),
            ask.whose(PutOff.set_by_id),
        )
    )


AGENDA = (
    AgendaKind(
        "put-off", _l("Forslag, du gemte til senere"), _put_off, "reviews.detail", {"match_id": "record_id"}
    ),
)
