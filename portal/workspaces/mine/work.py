"""Her page of what she would like to work with and where her card can be used, in her language."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.loop.cards import queries, services
from portal.loop.cards.forms import WishForm
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.translator import Translator, kept_language, translator_for
from portal.loop.cards.wish_views import store
from portal.loop.cards.wishes import titles_by_trade
from portal.shared.audit.viewing import record_view
from portal.web.htmx import render_page
from portal.web.permissions import Action, requires

bp = Blueprint("work", __name__, url_prefix="/mine/jobs")


@bp.get("")
@requires(Action.READ_OWN_PAGE)
def index() -> Response:
    card = _card()
    translator = translator_for(card.citizen, request.args)
    return _page(card, translator, _form(translator, sent=False))


@bp.post("/wishes/add")
@requires(Action.READ_OWN_PAGE)
def add_wish() -> Any:
    card = _card()
    translator = translator_for(card.citizen, request.args)
    form = _form(translator)
    if not form.understand():
        return _page(card, translator, form, status=422)
    if not store(card, form):
        return _page(card, translator, form, status=409)
    return redirect(_url(), 303)


@bp.post("/wishes/<int:wish_id>/remove")
@requires(Action.READ_OWN_PAGE)
def remove_wish(wish_id: int) -> Any:
    card = _card()
    wish = queries.wish_of(card, wish_id)
    with transaction():
        services.remove_wish(card, wish, by=current_user, at=clock.now())
    return redirect(_url(), 303)


def _url() -> str:
    asked: dict[str, Any] = kept_language(request.args)
    return url_for("work.index", **asked)


def _card() -> CompetenceCard:
    """Her card; the page is not there before a consultant has made one."""
    return queries.own_card(current_user) or abort(404)


def _form(translator: Translator, *, sent: bool = True) -> WishForm:
    titles = titles_by_trade(
        lambda trade: translator.say("industry", trade.value, str(trade.label)),
        lambda title: translator.say("title", title.name, title.name),
    )
    return WishForm.offering(titles, sent=sent)


def _page(card: CompetenceCard, translator: Translator, form: WishForm, *, status: int = 200) -> Response:
    record_view("card-read", card, citizen_id=card.citizen_id, purpose=_("Arbejde med dit kompetencekort"))
    return render_page(
        "mine/work.html",
        fragment="content",
        status=status,
        translator=translator,
        card=card,
        form=form,
        reached=queries.titles_reached(card, on=clock.today()),
        shown=None if request.args.get("titles") == "all" else queries.TITLES_SHOWN,
        here=kept_language(request.args),
    )
