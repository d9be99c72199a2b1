"""The consultant's page of what the citizen would like to work with. Her own is in her language (workspaces/mine)."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.loop.cards import queries, services, wishes
from portal.loop.cards.forms import WishForm
from portal.loop.cards.models import CompetenceCard
from portal.shared.audit.viewing import record_view
from portal.web.htmx import render_page
from portal.web.permissions import Action, requires

bp = Blueprint("wishes", __name__, url_prefix="/cards/<int:card_id>/wishes")


@bp.get("")
@requires(Action.MANAGE_CITIZENS)
def index(card_id: int) -> Response:
    card = queries.card_for(current_user, card_id)
    return _page(card, WishForm.offering(wishes.titles_by_trade(), sent=False))


@bp.post("/add")
@requires(Action.MANAGE_CITIZENS)
def add(card_id: int) -> Any:
    card = queries.card_for(current_user, card_id)
    form = WishForm.offering(wishes.titles_by_trade())
    if not form.understand():
        return _page(card, form, status=422)
    if not store(card, form):
        return _page(card, form, status=409)
    flash(_("Ønsket er på kortet."), "success")
    return redirect(url_for("wishes.index", card_id=card.id), 303)


def store(card: CompetenceCard, form: WishForm) -> bool:
    """Put what the form names on the card; when there is no room, the form says so."""
    try:
        with transaction():
            for key in form.keys:
                services.add_wish(card, wishes.find(key), by=current_user, at=clock.now())
    except services.TooManyWishes:
        return form.refuse("page", "wish_full")
    return True


@bp.post("/<int:wish_id>/remove")
@requires(Action.MANAGE_CITIZENS)
def remove(card_id: int, wish_id: int) -> Any:
    card = queries.card_for(current_user, card_id)
    wish = queries.wish_of(card, wish_id)
    with transaction():
        services.remove_wish(card, wish, by=current_user, at=clock.now())
    flash(_("Ønsket er fjernet fra kortet."), "success")
    return redirect(url_for("wishes.index", card_id=card.id), 303)


def _page(card: CompetenceCard, form: WishForm, *, status: int = 200) -> Response:
    record_view("card-read", card, citizen_id=card.citizen_id, purpose=_("Arbejde med dit kompetencekort"))
    return render_page("cards/wishes.html", fragment="content", status=status, card=card, form=form)
