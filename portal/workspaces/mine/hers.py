"""What others read in Danish and a citizen has on a page of her own: who reads another language is led there.

The page of her own says the same in her language. So no link, mail, bookmark or answer leads her to the Danish one.
"""

from collections.abc import Callable
from typing import Any, Final

from flask import request, url_for
from flask_login import current_user

from portal.loop.cards import queries as cards
from portal.web.htmx import leave_to
from portal.web.reading import readers_language


def _own_card(card_id: int) -> str | None:
    """Another's card stays what it is to her: not there."""
    card = cards.own_card(current_user)
    return url_for("mine.index", _anchor="card") if card is not None and card.id == card_id else None


HERS: Final[dict[str, Callable[..., str | None]]] = {
    "cards.own": lambda: url_for("mine.index", _anchor="card"),
    "cards.detail": _own_card,
    "citizens.looks": lambda: url_for("beside.looks"),
    "reviews.mine": lambda: url_for("mine.index", _anchor="proposals"),
    "placements.index": lambda: url_for("beside.placements"),
    "placements.detail": lambda placement_id: url_for("beside.placement", placement_id=placement_id),
    "assessments.index": lambda placement_id: url_for(
        "beside.placement", placement_id=placement_id, _anchor="sheets"
    ),
}
"""The page in Danish, and where she reads the same."""


def lead_to_hers() -> Any:
    """Lead her there before the Danish page is asked for."""
    where = HERS.get(request.endpoint or "")
    if where is None or request.method != "GET" or readers_language() is None:
        return None
    hers = where(**(request.view_args or {}))
    return None if hers is None else leave_to(hers)
