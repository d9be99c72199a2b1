"""The room's pages, which several modules fill: views.py, follow_up_views.py and those of its changes."""

from collections.abc import Callable

from flask import Blueprint

from portal.loop.placements.change_words import hours_in_words, pauses_in_words
from portal.loop.placements.models import Placement

bp = Blueprint("placements", __name__, url_prefix="/placements")


@bp.context_processor
def _words() -> dict[str, Callable[[Placement], str]]:
    """What the room's templates ask of a placement."""
    return {"hours_words": hours_in_words, "pauses_words": pauses_in_words}
