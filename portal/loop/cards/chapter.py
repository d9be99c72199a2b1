"""What cards say in citizens' timelines."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import lazy_gettext as _l

from portal.base.database import danish_day
from portal.loop.cards.models import CardVersion, CompetenceCard
from portal.web.permissions import Action
from portal.web.timeline import Chapter, LineKind, happened


def _lines(citizen_id: int) -> Sequence[sa.Select[Any]]:
    """A day of many changes is one line."""
    hers = CompetenceCard.citizen_id == citizen_id
    made = danish_day(CompetenceCard.created_at)
    changed = danish_day(CardVersion.at)
    return (
        happened("card-made", made, CompetenceCard.id, CompetenceCard.number).where(hers),
        happened("card-changed", changed, CompetenceCard.id, CompetenceCard.number)
        .join(CardVersion, CardVersion.card_id == CompetenceCard.id)
        .where(hers, changed != made)
        .distinct(),
    )


CARD = Chapter(
    LineKind.CARD,
    _lines,
    {
        "card-made": _l("Kompetencekortet %(title)s blev lavet"),
        "card-changed": _l("Kompetencekortet %(title)s blev ændret"),
    },
    lambda card_id: url_for("cards.detail", card_id=card_id),
    Action.READ_CARD,
)
