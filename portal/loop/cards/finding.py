"""How cards are found from every page: by their number."""

from flask import url_for
from sqlalchemy.orm import joinedload

from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.queries import cards_seen_by
from portal.web.finding import Findable, FindKind, SearchHit, WordSource
from portal.web.permissions import Action


def _shown(card: CompetenceCard) -> SearchHit:
    return SearchHit(card.number, card.citizen.name, url_for("cards.detail", card_id=card.id))


CARDS = Findable(
    kind=FindKind.CARD,
    action=Action.READ_CARD,
    record=CompetenceCard,
    sources=(WordSource(CompetenceCard, CompetenceCard.id, texts=(CompetenceCard.number,)),),
    seen_by=lambda user, _on: cards_seen_by(user),
    shown=_shown,
    order=(CompetenceCard.number,),
    loads=(joinedload(CompetenceCard.citizen),),
    citizen=CompetenceCard.citizen_id,
    person=lambda card: card.citizen_id,
)
