"""The page of who is one recorded step from counting towards a goal."""

from typing import Any, Final

from flask import Blueprint, Response
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.ledger.comparison import near
from portal.ledger.comparison.near import NearLine
from portal.ledger.goals.figures import is_of_people
from portal.ledger.goals.models import Goal
from portal.ledger.goals.queries import goal_for
from portal.shared.audit.viewing import record_view
from portal.web.htmx import render_page
from portal.web.listing import Listing, Sorts, fill_from, read_listing, table_file, wants_file
from portal.web.permissions import Action, requires
from portal.web.searching import text_holds

bp = Blueprint("near_misses", __name__, url_prefix="/goals")


@bp.get("/<int:goal_id>/near")
@requires(Action.READ_GOALS)
def of_goal(goal_id: int) -> Response:
    """Who is one recorded step from counting towards a goal."""
    goal = goal_for(current_user, goal_id)
    misses = near.near_misses_of(goal, clock.today())
    is_people = is_of_people(goal)
    if is_people and not current_user.may(Action.READ_CITIZENS):
        number, steps = near.by_step(misses)
        return _show_near(goal, number=number, steps=steps)
    lines = near.of_people(misses) if is_people else near.of_employers(misses)
    listing = read_listing(NEAR_SORTS)
    rows = _near_lines(listing, lines)
    shown = rows if wants_file() else fill_from(listing, rows).items
    if is_people:
        record_view(
            "figure-opened",
            goal,
            citizen_id=None,
            purpose=_("Kort, der er tæt på at tælle i et mål"),
            people={line.subject_id for line in shown},
        )
    if wants_file():
        return table_file(f"taet-paa-{goal.year}", _near_columns(is_people=is_people), shown)
    return _show_near(goal, listing=listing, is_people=is_people)


NEAR_SORTS: Final = Sorts({"name": (), "missing": ()}, default="name")


def _near_lines(listing: Listing, lines: list[NearLine]) -> list[NearLine]:
    found = [one for one in lines if text_holds(f"{one.name} {one.missing}", listing.q)]
    if listing.sort == "missing":
        found.sort(key=lambda one: one.missing)
    return found[::-1] if listing.descending else found


def _near_columns(*, is_people: bool) -> list[tuple[Any, Any]]:
    return [
        (_("Kort") if is_people else _("Virksomhed"), lambda one: one.name),
        (_("Det mangler"), lambda one: one.missing),
    ]


def _show_near(goal: Goal, **more: Any) -> Response:
    return render_page(
        "comparison/near.html",
        fragment="near_list",
        goal=goal,
        **{"listing": None, "is_people": True, "number": None, "steps": [], **more},
    )
