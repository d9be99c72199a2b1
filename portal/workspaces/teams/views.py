"""The page on which a consultant chooses her team."""

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base.database import transaction
from portal.shared.accounts.queries import consultants
from portal.web.htmx import leave_to, render_page
from portal.web.permissions import Action, requires
from portal.workspaces.teams import queries, services
from portal.workspaces.teams.forms import TeamForm

bp = Blueprint("teams", __name__, url_prefix="/team")


@bp.route("/", methods=["GET", "POST"])
@requires(Action.REVIEW_MATCH)
def index() -> Response:
    colleagues = [one for one in consultants(current_user.municipality_id) if one.id != current_user.id]
    form = TeamForm(colleagues=colleagues, data={"members": queries.member_ids(current_user)})
    if not form.is_submitted():
        return _page(form)
    if not form.validate():
        return _page(form, status=422)
    chosen = form.chosen
    with transaction():
        services.choose_team(current_user, chosen)
    flash(_("Dit team er gemt.") if chosen else _("Du har ikke noget team mere."), "success")
    return leave_to(url_for("home.index"))


def _page(form: TeamForm, *, status: int = 200) -> Response:
    return render_page("teams/index.html", fragment="content", status=status, form=form)
