"""Where a card is seen."""

from flask import url_for
from flask_login import current_user

from portal.loop.cards.models import CompetenceCard
from portal.web.permissions import Action


def url_of_card(card: CompetenceCard) -> str:
    """Where the user sees the card: a citizen's is "my card"."""
    if current_user.may(Action.READ_OWN_CARD):
        return url_for("cards.own")
    return url_for("cards.detail", card_id=card.id)
