"""Pages of reviews that people read and answer on: the record, the citizen's proposals, the employer's proposals."""

from typing import Any, Final

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.base.alphabet import alphabetical
from portal.base.database import transaction
from portal.loop.cards import wording
from portal.loop.matches import sentences
from portal.loop.openings.models import Opening
from portal.loop.openings.queries import may_be_suggested
from portal.loop.reviews import findings, queries, services
from portal.loop.reviews.forms import DeclineForm, OwnAnswerForm
from portal.loop.reviews.models import Answer, AnsweredVia, Review
from portal.loop.reviews.names import is_named
from portal.loop.reviews.paper import render_record
from portal.loop.reviews.queries import EmployerTab
from portal.loop.reviews.record import record_of
from portal.shared.audit.viewing import record_view
from portal.web.downloads import pdf_response
from portal.web.htmx import render_page
from portal.web.listing import Sorts, read_listing, table_file, wanted_rows, wants_file
from portal.web.permissions import Action, requires

bp = Blueprint("reviews", __name__, url_prefix="/reviews")

PROPOSAL_SORTS: Final = Sorts(
    {
        "answered": [Review.citizen_answered_at, Review.id],
        "opening": [alphabetical(Opening.title), Review.id],
    },
    default="answered",
    descending=True,
)
_PROPOSAL_COLUMNS: Final = [
    (_l("Åbning"), lambda review: review.match.opening.title),
    (_l("Kort"), lambda review: review.match.card.number),
    (_l("Borgeren sagde ja"), lambda review: review.citizen_answered_at),
    (_l("Jeres svar"), lambda review: review.employer_answer.label),
]
_UNNAMED_COLUMNS: Final = [
    (heading, value if shown else lambda _review: None)
    for (heading, value), shown in zip(_PROPOSAL_COLUMNS, (True, False, False, True), strict=True)
]
"""The same headings where the proposals name nobody any more."""


# --- The record ---------------------------------------------------------------------------------------------


@bp.get("/<int:review_id>/record")
@requires(Action.REVIEW_MATCH)
def match_record(review_id: int) -> Response:
    """What the decision rested on, to be read and printed."""
    review = queries.review_on_record(current_user, review_id)
    _look_at_record(review, "match-record-read")
    return render_page(
        "reviews/record.html",
        fragment="match_record",
        review=review,
        record=record_of(review),
    )


@bp.get("/<int:review_id>/record/print")
@requires(Action.REVIEW_MATCH)
def print_record(review_id: int) -> Response:
    review = queries.review_on_record(current_user, review_id)
    _look_at_record(review, "match-record-printed")
    return pdf_response(
        f"matchnotat-{review.id}",
        render_record(record_of(review), unit=current_user.unit_name, on=clock.today()),
    )


def _look_at_record(review: Review, action: str) -> None:
    record_view(
        action,
        review,
        citizen_id=review.match.card.citizen_id,
        purpose=_("Notat om et forslag, der er vurderet"),
    )


# --- The citizen --------------------------------------------------------------------------------------------


@bp.get("/mine")
@requires(Action.ANSWER_AS_CITIZEN)
def mine() -> Response:
    proposals = queries.proposals_to_citizen(current_user)
    return render_page(
        "reviews/mine.html",
        fragment="my_proposals",
        planned=queries.planned_among(proposals),
        waiting=[review for review in proposals if review.citizen_answer is Answer.PENDING],
        answered=[review for review in proposals if review.citizen_answer is not Answer.PENDING],
        open_now={one.id for one in proposals if may_be_suggested(one.match.opening, on=clock.today())},
        sentences=sentences,
        now=clock.now(),
    )


@bp.post("/<int:review_id>/answer")
@requires(Action.ANSWER_AS_CITIZEN)
def answer(review_id: int) -> Any:
    review = queries.review_for(current_user, review_id)
    form = OwnAnswerForm()
    if not form.validate():
        flash(_("Vælg ja eller nej."), "error")
        return _to_her_proposals()
    with transaction():
        services.answer_as_citizen(
            review, form.answer.data, via=AnsweredVia.PORTAL, by=current_user, at=clock.now()
        )
    said = _("Tak. Virksomheden kan nu se dit navn og svare.")
    if form.answer.data is Answer.NO:
        said = _("Tak for svaret. Virksomheden får ikke noget at vide.")
    return _to_her_proposals(form.answer.data.value, said)


@bp.post("/<int:review_id>/take-back")
@requires(Action.ANSWER_AS_CITIZEN)
def take_back(review_id: int) -> Any:
    """A slip of the thumb, within its hour: she answers anew."""
    review = queries.review_for(current_user, review_id)
    with transaction():
        services.take_back_as_citizen(review, by=current_user, at=clock.now())
    return _to_her_proposals("back", _("Dit svar er taget tilbage. Du kan svare igen."))


@bp.post("/<int:review_id>/withdraw")
@requires(Action.ANSWER_AS_CITIZEN)
def withdraw(review_id: int) -> Any:
    review = queries.review_for(current_user, review_id)
    with transaction():
        services.withdraw_as_citizen(review, by=current_user, at=clock.now())
    said = _("Dit ja er trukket tilbage. Virksomheden kan ikke længere se dit navn.")
    return _to_her_proposals("withdrawn", said)


def _to_her_proposals(did: str = "", said: str = "") -> Any:
    """The page she answered on: her proposals, or her own page (`?page=mine`), which says it in her language."""
    if request.args.get("page") == "mine":
        return redirect(url_for("mine.index", said=did or None, _anchor="proposals"), 303)
    if said:
        flash(said, "success")
    return redirect(url_for("reviews.mine"), 303)


# --- The employer -------------------------------------------------------------------------------------------


@bp.get("/proposals")
@requires(Action.ANSWER_AS_EMPLOYER)
def proposals() -> Response:
    listing = read_listing(PROPOSAL_SORTS, filters=("tab",))
    wanted = listing.filters["tab"]
    tab = EmployerTab(wanted) if wanted in set(EmployerTab) else EmployerTab.WAITING
    statement = queries.proposals_to_employer(current_user, tab, on=clock.today(), words=listing.q)
    named, rows = tab is not EmployerTab.PAST, wanted_rows(listing, statement, PROPOSAL_SORTS)
    record_view(
        "proposals-listed",
        current_user,
        citizen_id=None,
        purpose=_("Forslag, der venter på svar"),
        people=(review.match.card.citizen_id for review in rows if named),
    )
    if wants_file():
        return table_file("forslag", _PROPOSAL_COLUMNS if named else _UNNAMED_COLUMNS, rows)
    return render_page(
        "reviews/proposals.html",
        fragment="proposal_list",
        listing=listing,
        tab=tab,
        tabs=EmployerTab,
        named=named,
    )


@bp.get("/proposal/<int:review_id>")
@requires(Action.ANSWER_AS_EMPLOYER)
def proposal(review_id: int) -> Response:
    return _proposal_page(queries.review_for(current_user, review_id))


@bp.post("/proposal/<int:review_id>/accept")
@requires(Action.ANSWER_AS_EMPLOYER)
def accept(review_id: int) -> Any:
    review = queries.review_for(current_user, review_id)
    with transaction():
        services.answer_as_employer(review, Answer.YES, by=current_user, at=clock.now())
    flash(_("Tak for jeres ja. Kommunen ringer og aftaler forløbet med jer."), "success")
    return redirect(url_for("reviews.proposal", review_id=review_id), 303)


@bp.post("/proposal/<int:review_id>/take-back")
@requires(Action.ANSWER_AS_EMPLOYER)
def take_back_employers(review_id: int) -> Any:
    review = queries.review_for(current_user, review_id)
    with transaction():
        services.take_back_as_employer(review, by=current_user, at=clock.now())
    flash(_("Svaret er taget tilbage. I kan svare igen."), "success")
    return redirect(url_for("reviews.proposal", review_id=review_id), 303)


@bp.post("/proposal/<int:review_id>/decline")
@requires(Action.ANSWER_AS_EMPLOYER)
def decline(review_id: int) -> Any:
    review = queries.review_for(current_user, review_id)
    form = DeclineForm()
    if not form.validate():
        return _proposal_page(review, form=form, status=422)
    with transaction():
        services.answer_as_employer(
            review, Answer.NO, reason=form.reason.data, by=current_user, at=clock.now()
        )
    flash(_("Tak for svaret. Kommunen giver borgeren besked."), "success")
    return redirect(url_for("reviews.proposal", review_id=review_id), 303)


def _proposal_page(review: Review, *, form: DeclineForm | None = None, status: int = 200) -> Response:
    """The person behind a standing yes. Withdrawn or set passive, nothing about her is left on the page."""
    named = is_named(review, clock.today())
    if named:
        record_view(
            "proposal-read",
            review,
            citizen_id=review.match.card.citizen_id,
            purpose=_("Svar på et forslag, du har sagt ja til"),
        )
    return render_page(
        "reviews/proposal.html",
        fragment="one_proposal",
        status=status,
        review=review,
        until=review.employer_answer_open_until(clock.now()),
        opening=review.match.opening,
        citizen=queries.citizen_of_card(review.match.card) if named else None,
        hours=wording.hours_said(review.match.card).danish if named else "",
        age_is_met=named and findings.age_demand_is_met(review, on=clock.today()),
        sentences=sentences,
        form=form or DeclineForm(formdata=None),
    )
