"""The workplace's side of a sheet, by a signed link and without an account.

What it says takes two presses (portal/web/link_answers.py): the form leads to what is about to be sent, in words, and
only that page's own button stores it. What was typed travels in that page's form: nothing is stored before.
"""

from typing import Any, Final

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.taking_back import TooLateToTakeBack
from portal.base.terms import SKILL_LEVELS
from portal.loop.assessments import queries, services, taking_back
from portal.loop.assessments.forms import WorkplacesAnswersForm
from portal.loop.assessments.models import Assessment
from portal.loop.assessments.views import bp as bp
from portal.loop.assessments.views import look_at
from portal.loop.placements.queries import is_known
from portal.shared.accounts.models import User
from portal.web.error_pages import answer
from portal.web.htmx import render_page
from portal.web.link_answers import pressed, show_first_step, ticket_for, whom_to_call
from portal.web.links import LinkPurpose, opened_by
from portal.web.permissions import Action, requires

SEND: Final = "send"
TAKE_BACK: Final = "take-back"
CHANGE: Final = "change"


@bp.route("/link/<link>", methods=["GET", "POST"])
@requires(Action.PUBLIC)
def workplace(link: str) -> Any:
    """The form, or thanks for what it said; with `?answer=` the form again, or the second step of taking it back."""
    sheet = _behind(link)
    if not _takes_answers(sheet):
        return _gone(sheet)
    if request.method == "POST":
        return _sent(sheet)
    form = WorkplacesAnswersForm.of(sheet, "employer", shown=True, midway=queries.midway_before(sheet))
    form.name.data = sheet.answered_by
    wanted = request.args.get("answer")
    if wanted == TAKE_BACK and taking_back.answer_open_until(sheet, clock.now()) is not None:
        return _page(sheet, form, step=TAKE_BACK)
    show_first_step()
    return _page(sheet, form, step="thanks" if sheet.answered_at and wanted != CHANGE else "form")


def _sent(sheet: Assessment) -> Any:
    """Whatever came without the second step's own button is shown to be read, or to be corrected."""
    if not services.may_answer_for_workplace(sheet, _signed_in()):
        raise services.AnswerIsTheWorkplaces
    form = WorkplacesAnswersForm.of(sheet, "employer", shown=False)
    if not form.validate():
        return _page(sheet, form, status=422)
    if request.form.get("send") == "back":
        return _page(sheet, form)
    if pressed() != SEND:
        return _page(sheet, form, step="review")
    with transaction():
        services.answer_as_workplace(
            sheet,
            form.answers(),
            form.aspect_ratings(),
            name=form.name.data,
            on_paper=False,
            by=_signed_in(),
            at=clock.now(),
        )
    flash(_("Tak. Konsulenten kan se dine svar nu."), "success")
    return redirect(request.path, 303)


@bp.post("/link/<link>/take-back")
@requires(Action.PUBLIC)
def take_back(link: str) -> Any:
    """The workplace's last answer is undone within its hour, and it may answer anew on the same link."""
    sheet = _behind(link)
    if not _takes_answers(sheet):
        return _gone(sheet)
    if pressed() == TAKE_BACK:
        try:
            with transaction():
                services.take_back_as_workplace(sheet, by=_signed_in(), at=clock.now())
        except TooLateToTakeBack as refusal:
            flash(refusal.message, "error")
        else:
            flash(_("Dine svar er taget tilbage. Du kan svare igen her."), "success")
    return redirect(url_for("assessments.workplace", link=link), 303)


def _behind(link: str) -> Assessment:
    (sheet_id,) = opened_by(LinkPurpose.ASSESSMENT, link)
    return queries.sheet_by_link(int(sheet_id))


def _takes_answers(sheet: Assessment) -> bool:
    return sheet.is_open and is_known(sheet.placement, clock.today())


def _gone(sheet: Assessment) -> Response:
    if not is_known(sheet.placement, clock.today()):
        return answer(
            410, _("Arket vises ikke længere."), advice=_("Ring til konsulenten, hvis det er en fejl.")
        )
    return answer(
        410,
        _("Arket er lukket, så der er ikke mere at svare på."),
        advice=_("Er noget forkert, så ring til konsulenten."),
    )


def _page(
    sheet: Assessment, form: WorkplacesAnswersForm, *, step: str = "form", status: int = 200
) -> Response:
    """`step`: "form", "review", "thanks" or "take-back"."""
    employer = sheet.placement.opening.employer
    look_at(sheet, link_for=employer.name)
    needs_ticket = {"review": SEND, TAKE_BACK: TAKE_BACK}
    return render_page(
        "assessments/workplace.html",
        fragment="workplace_sheet",
        status=status,
        sheet=sheet,
        form=form,
        levels=SKILL_LEVELS,
        may_answer=services.may_answer_for_workplace(sheet, _signed_in()),
        step=step,
        ticket=ticket_for(needs_ticket[step]) if step in needs_ticket else None,
        until=taking_back.answer_open_until(sheet, clock.now()),
        take_back_url=url_for("assessments.take_back", link=(request.view_args or {})["link"]),
        **whom_to_call(employer.municipality),
    )


def _signed_in() -> User | None:
    return current_user if current_user.is_authenticated else None
