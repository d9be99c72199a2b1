"""What the consultant undoes or puts off, one case or several at once."""

from typing import Any, Final

from flask import flash, redirect, request, url_for
from flask_babel import ngettext
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.loop.matches.queries import match_for
from portal.loop.reviews import desk_queries, undoing
from portal.loop.reviews.desk_views import back_to, desk_page, read_list, to_next
from portal.loop.reviews.forms import PutOffForm
from portal.loop.reviews.services import DecisionGone
from portal.loop.reviews.views import bp
from portal.web.permissions import Action, requires

MOST_AT_ONCE: Final = 100
"""More than a page of the list holds."""
_LONGEST_KEY: Final = 9


def keys_sent(values: list[str]) -> list[int]:
    """The keys that a form's boxes or hidden fields say, each once, in their order."""
    plain = [value for value in values if value.isascii() and value.isdigit() and len(value) <= _LONGEST_KEY]
    return list(dict.fromkeys(int(value) for value in plain))[:MOST_AT_ONCE]


@bp.post("/undo")
@requires(Action.REVIEW_MATCH)
def undo() -> Any:
    """The button that stands there for ten seconds: what was decided in one go is undone in one go."""
    wanted = keys_sent(request.form.getlist("review"))
    reviews = desk_queries.reviews_to_undo(current_user, wanted)
    if not reviews or len(reviews) < len(wanted):
        raise DecisionGone
    first = reviews[0].match_id
    with transaction():
        undoing.undo_decisions(reviews, by=current_user, at=clock.now())
    said = ngettext(
        "Vurderingen er fortrudt. Forslaget venter igen.",
        "%(num)s vurderinger er fortrudt. Forslagene venter igen.",
        len(reviews),
    )
    flash(said, "success")
    return back_to(first)


@bp.post("/match/<int:match_id>/put-off")
@requires(Action.REVIEW_MATCH)
def put_off(match_id: int) -> Any:
    match = match_for(current_user, match_id)
    form = PutOffForm()
    if not form.validate():
        return desk_page(match, put_off_form=form, status=422)
    with transaction():
        undoing.put_off([match], until_on=form.until_on.data, by=current_user, at=clock.now())
    return to_next(match)


@bp.post("/bring-back")
@requires(Action.REVIEW_MATCH)
def bring_back() -> Any:
    """What is put off waits among the others again."""
    matches = desk_queries.some_open(current_user, keys_sent(request.form.getlist("match")))
    with transaction():
        undoing.bring_back(matches, by=current_user, at=clock.now())
    if not matches:
        return redirect(url_for("reviews.queue", **read_list().kept), 303)
    said = ngettext("Forslaget venter igen.", "%(num)s forslag venter igen.", len(matches))
    flash(said, "success")
    return back_to(matches[0].id)
