"""The page on which the leader freezes a figure before the portal does."""

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.ledger.goals import figures, freezing, queries
from portal.ledger.goals.forms import FreezeForm
from portal.ledger.goals.models import Goal
from portal.web.htmx import leave_to, render_page
from portal.web.permissions import Action, requires

bp = Blueprint("freezing", __name__, url_prefix="/goals")


@bp.route("/<int:goal_id>/freeze", methods=["GET", "POST"])
@requires(Action.SET_GOALS)
def freeze(goal_id: int) -> Response:
    """The leader freezes the figure of a goal whose time is over, with a note."""
    goal = queries.goal_for(current_user, goal_id)
    form = FreezeForm()
    if not form.is_submitted():
        return _show(form, goal)
    if not form.validate():
        return _show(form, goal, status=422)
    try:
        with transaction():
            freezing.freeze_goal(goal, note=form.note.data, by=current_user, at=clock.now())
    except DomainError as error:
        return _show(form, goal, status=409, refusal=error)
    flash(_("Tallet er låst. Det, der bliver skrevet ind senere, står ved siden af."), "success")
    return leave_to(url_for("goals.figure", goal_id=goal.id))


def _show(form: FreezeForm, goal: Goal, *, status: int = 200, refusal: DomainError | None = None) -> Response:
    return render_page(
        "goals/freeze.html",
        fragment="goal_freeze",
        status=status,
        form=form,
        goal=goal,
        refusal=refusal,
        figure=figures.figure_of(current_user.municipality, goal, goal.last_on),
        hindrance=freezing.hindrance(goal, clock.today()),
        by_itself_on=freezing.day_of_freezing(goal),
    )
