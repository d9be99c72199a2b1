"""Pages of the task intake: choose a trade, answer a few tasks at a time, see what it becomes, put it on the card.

Together with the consultant or alone: the same pages. `step` and `language` travel in the address: a page can be left
and come back to, and which language she reads is stored nowhere.
"""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.terms import Industry, Language
from portal.loop.cards import intake, queries
from portal.loop.cards.addresses import url_of_card
from portal.loop.cards.forms import TasksForm
from portal.loop.cards.models import CompetenceCard
from portal.shared.audit.viewing import record_view
from portal.shared.skills.translations import Phrase, PhraseKind, translated
from portal.web.htmx import leave_to, render_page
from portal.web.permissions import Action, requires
from portal.web.reading import asked_language, readers_language, tell

bp = Blueprint("intake", __name__, url_prefix="/cards/<int:card_id>/tasks")


@bp.get("")
@requires(Action.EDIT_CARD)
def index(card_id: int) -> Any:
    """Begins in her own language, where it is known; the address says which, so that another can be chosen."""
    card = _card(card_id)
    beside = card.citizen.language if readers_language() is None else None  # a page in hers says it once
    if "language" not in request.args and beside is not None:
        return leave_to(url_for("intake.index", card_id=card_id, language=beside))
    answers = intake.answers_of(card)
    return render_page(
        "cards/intake.html",
        fragment="content",
        **_shared(card),
        trades=[intake.progress(industry, answers) for industry in intake.trades_for(card)],
        languages=Language,
    )


@bp.get("/<industry>")
@requires(Action.EDIT_CARD)
def step(card_id: int, industry: str) -> Any:
    """The step asked for, else the one to go on from."""
    card, trade = _card(card_id), _trade(industry)
    answers = intake.answers_of(card)
    number = _step_asked_for(trade) or intake.progress(trade, answers).next_step
    if number is None:
        return leave_to(_url("intake.summary", card_id, trade))
    form = TasksForm.asking(intake.steps_of(trade)[number - 1], answers)
    return _step_page(card, trade, number, form)


@bp.post("/<industry>")
@requires(Action.EDIT_CARD)
def answer(card_id: int, industry: str) -> Any:
    """Save the step, whichever way she goes on."""
    card, trade = _card(card_id), _trade(industry)
    number = _step_asked_for(trade) or 1
    form = TasksForm.asking(intake.steps_of(trade)[number - 1])
    if not form.validate():
        return _step_page(card, trade, number, form, status=422)
    with transaction():
        intake.save_answers(card, form.given(), by=current_user, at=clock.now())
    following = number - 1 if request.form.get("go") == "back" else number + 1
    if following < 1:
        return leave_to(_url("intake.index", card_id))
    if following > len(intake.steps_of(trade)):
        return leave_to(_url("intake.summary", card_id, trade))
    return redirect(_url("intake.step", card_id, trade, step=following), 303)


def _step_page(
    card: CompetenceCard, trade: Industry, number: int, form: TasksForm, *, status: int = 200
) -> Response:
    steps = len(intake.steps_of(trade))
    return render_page(
        "cards/intake_step.html",
        fragment="task_step",
        status=status,
        **_shared(card),
        trade=trade,
        form=form,
        step=number,
        steps=steps,
        progress=intake.progress(trade, intake.answers_of(card)),
        here=_url("intake.answer", card.id, trade, step=number),
        skip=_url("intake.step", card.id, trade, step=number + 1)
        if number < steps
        else _url("intake.summary", card.id, trade),
    )


@bp.get("/<industry>/summary")
@requires(Action.EDIT_CARD)
def summary(card_id: int, industry: str) -> Response:
    card, trade = _card(card_id), _trade(industry)
    found = intake.summary(card, trade)
    return render_page(
        "cards/intake_summary.html",
        fragment="content",
        **_shared(card),
        trade=trade,
        summary=found,
        first_open=intake.step_of(found.open[0]) if found.open else None,
    )


@bp.post("/<industry>/summary")
@requires(Action.EDIT_CARD)
def put_on_card(card_id: int, industry: str) -> Any:
    card, trade = _card(card_id), _trade(industry)
    with transaction():
        new = intake.put_on_card(card, trade, by=current_user, at=clock.now(), today=clock.today())
    if new:
        tell("%(num)s opgave er sat på kortet.", plural="%(num)s opgaver er sat på kortet.", num=len(new))
    else:
        flash(_("Der var ikke noget nyt at sætte på kortet."), "info")
    return leave_to(url_of_card(card))


def _card(card_id: int) -> CompetenceCard:
    card = queries.card_for(current_user, card_id)
    record_view("card-read", card, citizen_id=card.citizen_id, purpose=_("Spørgsmål om, hvad du har prøvet"))
    return card


def _trade(industry: str) -> Industry:
    """A trade that has questions."""
    if industry not in set(Industry) or not intake.steps_of(Industry(industry)):
        abort(404)
    return Industry(industry)


def _step_asked_for(trade: Industry) -> int | None:
    """From 1; None without one, or when there is no such step."""
    number = request.args.get("step", type=int)
    return number if number in range(1, len(intake.steps_of(trade)) + 1) else None


def _shared(card: CompetenceCard) -> dict[str, Any]:
    return {
        "card": card,
        "own": current_user.may(Action.READ_OWN_CARD),
        "card_url": url_of_card(card),
        "url": _url,
        "language": asked_language(),
        "said": _said,
    }


def _said(kind: str, key: str | int) -> Phrase | None:
    """A phrase in the language beside Danish, where one is chosen and has it; none where the page is in hers."""
    language = asked_language() if readers_language() is None else None
    return translated(PhraseKind(kind), key, language) if language else None


def _url(endpoint: str, card_id: int, trade: Industry | None = None, **query: Any) -> str:
    """An address of the intake that keeps the language."""
    danish_alone = "" if "language" in request.args else None
    values = {"card_id": card_id, "language": asked_language() or danish_alone, **query}
    if trade:
        values["industry"] = trade.value
    return url_for(endpoint, **values)
