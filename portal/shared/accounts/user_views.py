"""Pages of users, for whoever makes accounts: an administrator of a municipality, and who runs the portal."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.base.alphabet import alphabetical
from portal.base.database import transaction
from portal.base.terms import choices_of
from portal.shared.accounts import password_links, queries, second_factor, services, throttle
from portal.shared.accounts.forms import UserForm
from portal.shared.accounts.models import Municipality, User
from portal.shared.audit.viewing import record_view
from portal.web.htmx import render_page
from portal.web.listing import Sorts, all_rows, fill, read_listing, table_file, wants_file
from portal.web.permissions import Action, requires, roles_made_by

bp = Blueprint("users", __name__, url_prefix="/users")

SORTS = Sorts(
    {
        "name": [alphabetical(User.name), User.id],
        "email": [User.email, User.id],
        "role": [User.role, alphabetical(User.name), User.id],
        "municipality": [alphabetical(Municipality.name), alphabetical(User.name), User.id],
        "created": [User.created_at, User.id],
    },
    default="name",
)


@bp.get("")
@requires(Action.MANAGE_USERS)
def index() -> Any:
    listing = read_listing(SORTS, filters=("role", "status"))
    statement = queries.user_list(
        current_user, words=listing.q, role=listing.filters["role"], status=listing.filters["status"]
    )
    _look("users-listed", current_user)
    if wants_file():
        return table_file("brugere", _COLUMNS, all_rows(listing, statement, SORTS))
    fill(listing, statement, SORTS)
    return render_page(
        "users/index.html",
        fragment="user_list",
        listing=listing,
        roles=choices_of(roles_made_by(current_user.role)),
    )


_COLUMNS = [
    (_l("Navn"), lambda user: user.name),
    (_l("E-mail"), lambda user: user.email),
    (_l("Rolle"), lambda user: user.role.label),
    (_l("Kommune"), lambda user: user.municipality.name if user.municipality else None),
    (_l("Oprettet"), lambda user: user.created_at),
    (_l("Lukket"), lambda user: user.disabled_at),
]


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_USERS)
def new() -> Any:
    form = UserForm(by=current_user, municipalities=queries.municipalities())
    if request.method != "POST":
        return render_template("users/new.html", form=form)
    if not form.validate():
        return render_template("users/new.html", form=form), 422
    try:
        with transaction():
            user = services.create_user(**form.details(), by=current_user, at=clock.now())
            _mail_link(user)
    except services.EmailTaken as error:
        form.email.errors = [str(error.message)]
        return render_template("users/new.html", form=form), 409
    flash(_("Brugeren er oprettet og har fået en mail med et link."), "success")
    return redirect(url_for("users.detail", user_id=user.id), 303)


@bp.get("/<int:user_id>")
@requires(Action.MANAGE_USERS)
def detail(user_id: int) -> Any:
    found = queries.managed_user(current_user, user_id)
    _look("user-read", found)
    return render_page(
        "users/detail.html",
        fragment="user_facts",
        user=found,
        mailed=password_links.last_mailed(found),
        now=clock.now(),
    )


def _look(action: str, subject: User) -> None:
    record_view(action, subject, citizen_id=None, purpose=_("Administration af brugere"))


@bp.post("/<int:user_id>/link")
@requires(Action.MANAGE_USERS)
def new_link(user_id: int) -> Any:
    """The link goes to its owner: whoever asks for it is told no more than that it was mailed."""
    with transaction():
        _mail_link(queries.managed_user(current_user, user_id))
    flash(_("Brugeren får en mail med et nyt link."), "success")
    return redirect(url_for("users.detail", user_id=user_id), 303)


def _mail_link(user: User) -> None:
    """Raises TooManyAttempts."""
    counted = {"password-link-sender": current_user.id, "password-link-recipient": user.email}
    throttle.count(counted, at=clock.now(), config=current_app.config)
    password_links.mail_account(user, by=current_user, at=clock.now(), config=current_app.config)


@bp.post("/<int:user_id>/link/withdraw")
@requires(Action.MANAGE_USERS)
def withdraw_link(user_id: int) -> Any:
    with transaction():
        user = queries.managed_user(current_user, user_id)
        password_links.withdraw(user, by=current_user, at=clock.now())
    flash(_("Linket virker ikke længere."), "success")
    return redirect(url_for("users.detail", user_id=user_id), 303)


@bp.post("/<int:user_id>/second-step/reset")
@requires(Action.MANAGE_USERS)
def reset_second_factor(user_id: int) -> Any:
    """For a colleague whose telephone is gone; never one's own."""
    with transaction():
        second_factor.reset(queries.managed_user(current_user, user_id), by=current_user, at=clock.now())
    flash(_("Det andet trin er nulstillet. Brugeren er logget ud overalt og har fået en mail."), "success")
    return redirect(url_for("users.detail", user_id=user_id), 303)


@bp.post("/<int:user_id>/disable")
@requires(Action.MANAGE_USERS)
def disable(user_id: int) -> Any:
    with transaction():
        services.disable_user(queries.managed_user(current_user, user_id), by=current_user, at=clock.now())
    flash(_("Adgangen er lukket. Brugeren er logget ud overalt."), "success")
    return redirect(url_for("users.detail", user_id=user_id), 303)


@bp.post("/<int:user_id>/enable")
@requires(Action.MANAGE_USERS)
def enable(user_id: int) -> Any:
    with transaction():
        services.enable_user(queries.managed_user(current_user, user_id), by=current_user, at=clock.now())
    flash(_("Adgangen er åben igen."), "success")
    return redirect(url_for("users.detail", user_id=user_id), 303)
