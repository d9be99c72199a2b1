"""What she is in, was in and will be in, and who looked at her: the pages beside her own, in her language."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, request
from flask_login import current_user

from portal.loop.assessments.queries import sheets_of
from portal.loop.cards.translator import kept_language, translator_for
from portal.loop.citizens import queries as citizens
from portal.loop.citizens.models import Citizen
from portal.loop.placements.agreed import Agreed
from portal.loop.placements.models import PlacementStatus
from portal.loop.placements.queries import placement_for, thread_of
from portal.web.htmx import render_page
from portal.web.permissions import Action, requires
from portal.workspaces.mine import queries
from portal.workspaces.mine.changed import changes_told, latest_told
from portal.workspaces.mine.hers import lead_to_hers

bp = Blueprint("beside", __name__, url_prefix="/mine")
bp.before_app_request(lead_to_hers)


@bp.get("/placements")
@requires(Action.READ_OWN_PAGE)
def placements() -> Response:
    citizen = citizens.citizen_of(current_user)
    found = queries.her_placements(current_user)
    return _page("mine/placements.html", citizen, placements=found, agreed=Agreed.of, told=latest_told)


@bp.get("/placements/<int:placement_id>")
@requires(Action.READ_OWN_PAGE)
def placement(placement_id: int) -> Response:
    """One of hers. What the three expect and the sheets stand on pages of their own."""
    citizen = citizens.citizen_of(current_user)
    found = placement_for(current_user, placement_id)
    return _page(
        "mine/placement.html",
        citizen,
        placement=found,
        agreed=Agreed.of,
        thread=thread_of(found),
        sheets=sheets_of(found),
        told=partial(changes_told, found),
        statuses=PlacementStatus,
        talks=[one for one in found.follow_ups if one.cancelled_at is None],
    )


@bp.get("/looks")
@requires(Action.READ_OWN_PAGE)
def looks() -> Response:
    """Who looked at her, a heading for each day."""
    citizen = citizens.citizen_of(current_user)
    return _page("mine/looks.html", citizen, days=queries.latest_looks(citizen, most=queries.MOST_LOOKS))


def _page(template: str, citizen: Citizen, **context: Any) -> Response:
    return render_page(
        template,
        fragment="content",
        translator=translator_for(citizen, request.args),
        here=kept_language(request.args),
        citizen=citizen,
        **context,
    )
