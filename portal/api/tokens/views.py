"""Pages of tokens, for the administrator of a municipality."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.api.tokens import queries, services
from portal.api.tokens.forms import TokenForm
from portal.api.tokens.models import ApiToken, TokenState
from portal.base import clock
from portal.base.alphabet import alphabetical
from portal.base.database import transaction
from portal.web import submissions
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Sorts, fill, read_listing
from portal.web.permissions import Action, requires

bp = Blueprint("tokens", __name__, url_prefix="/systems")

SORTS = Sorts(
    {
        "made": [ApiToken.made_at, ApiToken.id],
        "system": [alphabetical(ApiToken.system), ApiToken.id],
        "last": [ApiToken.last_on, ApiToken.id],
    },
    default="made",
    descending=True,
)


@bp.get("/")
@requires(Action.MANAGE_API_TOKENS)
def index() -> Response:
    today = clock.today()
    listing = read_listing(SORTS, filters=("state",))
    statement = queries.token_list(current_user, today=today, state=listing.filters["state"])
    return render_page(
        "tokens/index.html",
        fragment="token_list",
        listing=fill(listing, statement, SORTS),
        today=today,
        states=TokenState.choices(),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_API_TOKENS)
def new() -> Any:
    """The answer is the page with the secret itself: it is stored nowhere, so it can be shown only now."""
    today, longest = clock.today(), current_app.config["API_TOKEN_LONGEST"]
    form = TokenForm(today=today, longest=longest, data={"last_on": today + longest})
    if request.method != "POST":
        return render_template("tokens/new.html", form=form)
    if not form.validate():
        return render_template("tokens/new.html", form=form), 422
    with transaction():
        token, secret = services.make_token(form.details(), by=current_user, at=clock.now())
    submissions.show_once(url_for("tokens.index"))
    return make_response(
        render_template(
            "tokens/made.html", token=token, secret=secret, base_url=current_app.config["PORTAL_BASE_URL"]
        )
    )


@bp.post("/<int:token_id>/end")
@requires(Action.MANAGE_API_TOKENS)
def end(token_id: int) -> Any:
    with transaction():
        token = queries.token_for(current_user, token_id)
        services.end_token(token, by=current_user, at=clock.now())
    flash(_("Nøglen er lukket. %(system)s kan ikke læse mere med den.", system=token.system), "success")
    return leave_to(url_for("tokens.index"))
