"""Pages of reviews: the consultant's queue and desk, the citizen's proposals, the employer's proposals."""

from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.base.terms import Industry, PlacementForm
from portal.loop.cards import wording
from portal.loop.matches import sentences
from portal.loop.matches.models import Match
from portal.loop.matches.queries import match_for
from portal.loop.matches.views import shown
from portal.loop.openings.findings import RuleContext, rule_context_of
from portal.loop.openings.models import Opening
from portal.loop.openings.queries import may_be_suggested
from portal.loop.reviews import findings, queries, services
from portal.loop.reviews.forms import (
    CitizenAnswerForm,
    DeclineForm,
    LawfulApproveForm,
    OwnAnswerForm,
    RefuseForm,
)
from portal.loop.reviews.models import Answer, AnsweredVia, Review
from portal.loop.reviews.names import is_named
from portal.loop.reviews.paper import render_record
from portal.loop.reviews.queries import EmployerTab, ReviewTab
from portal.loop.reviews.record import record_of
from portal.shared.audit.viewing import record_view
from portal.shared.rules.findings import Finding, not_ok
from portal.web.downloads import pdf_response
from portal.web.htmx import render_page
from portal.web.listing import Sorts, csv_response, read_listing, wanted_rows, wants_csv
from portal.web.permissions import Action, requires

bp = Blueprint("reviews", __name__, url_prefix="/reviews")

SORTS: Final = Sorts(
    {"score": [Match.sure, Match.possible, Match.id], "newest": [Match.suggested_at, Match.id]},
    default="score",
    descending=True,
)
PROPOSAL_SORTS: Final = Sorts(
    {"answered": [Review.citizen_answered_at, Review.id], "opening": [Opening.title, Review.id]},
    default="answered",
    descending=True,
)
_QUEUE_COLUMNS: Final = [
    (_l("Åbning"), lambda match: match.opening.title),
    (_l("Virksomhed"), lambda match: match.opening.employer.name),
    (_l("Fag"), lambda match: match.opening.industry.label),
    (_l("Form"), lambda match: match.opening.form.label),
    (_l("Kort"), lambda match: match.card.number),
    (_l("Mindst"), lambda match: round(match.sure)),
    (_l("Højst"), lambda match: round(match.possible)),
    (_l("Hvorfor"), lambda match: " ".join(sentences.first_reasons(match.result))),
    (_l("Foreslået"), lambda match: match.suggested_at),
]
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


# --- The consultant's desk ----------------------------------------------------------------------------------


@bp.get("/")
@requires(Action.REVIEW_MATCH)
def queue() -> Response:
    listing = read_listing(SORTS, filters=("tab", "industry", "form"))
    wanted = listing.filters
    tab = ReviewTab(wanted["tab"]) if wanted["tab"] in set(ReviewTab) else ReviewTab.OPEN
    statement = queries.queue(
        current_user, tab, words=listing.q, industry=wanted["industry"], form=wanted["form"]
    )
    rows = wanted_rows(listing, statement, SORTS)
    record_view(
        "matches-listed",
        current_user.municipality,
        citizen_id=None,
        purpose=_("Forslag, der venter"),
        people=(match.card.citizen_id for match in rows),
    )
    if wants_csv():
        return csv_response("forslag", _QUEUE_COLUMNS, rows)
    return render_page(
        "reviews/queue.html",
        fragment="match_queue",
        listing=listing,
        tab=tab,
        tabs=ReviewTab,
        reviews={} if tab is ReviewTab.OPEN else queries.reviews_of(listing.items),
        today=clock.today(),
        sentences=sentences,
        industries=Industry.choices(),
        forms=PlacementForm.choices(),
    )


@bp.get("/match/<int:match_id>")
@requires(Action.REVIEW_MATCH)
def detail(match_id: int) -> Response:
    return _match_page(match_for(current_user, match_id))


@bp.post("/match/<int:match_id>/approve")
@requires(Action.REVIEW_MATCH)
def approve(match_id: int) -> Any:
    match = match_for(current_user, match_id)
    law = _law_of(match)
    form = law.approve_form()
    if not form.validate():
        return _match_page(match, law=law, approve_form=form, status=422)
    with transaction():
        services.approve_match(
            match,
            reason=form.reason.data,
            words=form.words.data or "",
            stop_reason=form.passed("stop_reason"),
            unpaid_reason=form.passed("unpaid_reason"),
            by=current_user,
            at=clock.now(),
        )
    flash(_("Forslaget er godkendt. Nu skal borgeren spørges."), "success")
    return redirect(url_for("reviews.detail", match_id=match_id), 303)


@bp.post("/match/<int:match_id>/refuse")
@requires(Action.REVIEW_MATCH)
def refuse(match_id: int) -> Any:
    match = match_for(current_user, match_id)
    form = RefuseForm()
    if not form.validate():
        return _match_page(match, refuse_form=form, status=422)
    with transaction():
        services.refuse_match(
            match, reason=form.reason.data, words=form.words.data or "", by=current_user, at=clock.now()
        )
    flash(_("Forslaget er ikke godkendt. Borgeren og virksomheden får ikke besked."), "success")
    return redirect(url_for("reviews.detail", match_id=match_id), 303)


@bp.post("/<int:review_id>/citizen-answer")
@requires(Action.REVIEW_MATCH)
def record_answer(review_id: int) -> Any:
    """The citizen answered on paper or by phone."""
    review = queries.review_for(current_user, review_id)
    form = CitizenAnswerForm()
    if not form.validate():
        return _match_page(review.match, answer_form=form, status=422)
    with transaction():
        services.answer_as_citizen(
            review, form.answer.data, via=form.via.data, by=current_user, at=clock.now()
        )
    flash(_("Borgerens svar er gemt."), "success")
    return redirect(url_for("reviews.detail", match_id=review.match_id), 303)


@bp.post("/<int:review_id>/citizen-withdrawal")
@requires(Action.REVIEW_MATCH)
def record_withdrawal(review_id: int) -> Any:
    """The citizen told the consultant that she takes her yes back."""
    review = queries.review_for(current_user, review_id)
    with transaction():
        services.withdraw_as_citizen(review, by=current_user, at=clock.now())
    flash(_("Borgerens ja er trukket tilbage. Virksomheden kan ikke længere se navnet."), "success")
    return redirect(url_for("reviews.detail", match_id=review.match_id), 303)


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


@dataclass(frozen=True)
class MatchCompliance:
    """What the rules say of an open suggestion, and what is paid and open to the same person."""

    findings: list[Finding]
    higher: list[Match]
    refusal: DomainError | None = None
    """Why nobody may say yes today: the employer has as many proposals as it answers."""

    def approve_form(self, **options: Any) -> LawfulApproveForm:
        return LawfulApproveForm(
            stopped=any(one.can_be_passed for one in self.findings), paid_is_open=bool(self.higher), **options
        )


def _law_of(match: Match, known: RuleContext | None = None) -> MatchCompliance:
    """A suggestion that is decided has what was said then; nothing is worked out anew."""
    if not match.awaits_review:
        return MatchCompliance([], [])
    today = clock.today()
    known = known or rule_context_of([match.opening], on=today)
    found = not_ok(findings.findings_of_match(match, on=today, known=known))
    room = queries.proposal_room(match.opening.employer_id, known.book.on(today, match.municipality_id))
    refusal = services.EmployerHasEnoughProposals(room) if room.is_full else None
    return MatchCompliance(found, findings.paid_alternatives(match, on=today), refusal)


def _match_page(
    match: Match,
    *,
    law: MatchCompliance | None = None,
    approve_form: LawfulApproveForm | None = None,
    refuse_form: RefuseForm | None = None,
    answer_form: CitizenAnswerForm | None = None,
    status: int = 200,
) -> Response:
    record_view("match-read", match, citizen_id=match.card.citizen_id, purpose=_("Vurdering af et forslag"))
    review = queries.review_of(match)
    known = rule_context_of([match.opening], on=clock.today()) if match.awaits_review else None
    law = law or _law_of(match, known)
    return render_page(
        "reviews/detail.html",
        fragment="match_review",
        status=status,
        match=match,
        one=shown([match], known=known)[0],
        review=review,
        # Before a yes the reader decides about a card, not about a person
        citizen=queries.citizen_of_card(match.card) if review and review.is_approved else None,
        planned=review is not None and queries.is_planned(review),
        steps=queries.steps_of(match, review),
        sentences=sentences,
        card_facts=_card_facts(match),
        rules=queries.rules_of(match, clock.today()),
        law=law,
        approve_form=approve_form or law.approve_form(formdata=None),
        refuse_form=refuse_form or RefuseForm(formdata=None),
        answer_form=answer_form or CitizenAnswerForm(formdata=None),
    )


def _card_facts(match: Match) -> list[tuple[str, str]]:
    card = match.card
    return [
        (_("Ønsker"), wording.wishes_text(card)),
        (_("Timer"), wording.hours_said(card).danish),
        (_("Hvor"), wording.range_said(card).danish),
        (_("Arbejdstider"), wording.shifts_text(card)),
        (_("Mål med egne ord"), card.goal),
    ]


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
    if form.answer.data is Answer.YES:
        flash(_("Tak. Virksomheden kan nu se dit navn og svare."), "success")
    else:
        flash(_("Tak for svaret. Virksomheden får ikke noget at vide."), "success")
    return _to_her_proposals()


@bp.post("/<int:review_id>/withdraw")
@requires(Action.ANSWER_AS_CITIZEN)
def withdraw(review_id: int) -> Any:
    review = queries.review_for(current_user, review_id)
    with transaction():
        services.withdraw_as_citizen(review, by=current_user, at=clock.now())
    flash(_("Dit ja er trukket tilbage. Virksomheden kan ikke længere se dit navn."), "success")
    return _to_her_proposals()


def _to_her_proposals() -> Any:
    """The page she answered on: her proposals, or her own page in her language (`?page=mine`)."""
    if request.args.get("page") == "mine":
        return redirect(url_for("mine.index", _anchor="proposals"), 303)
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
    if wants_csv():
        return csv_response("forslag", _PROPOSAL_COLUMNS if named else _UNNAMED_COLUMNS, rows)
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
        opening=review.match.opening,
        citizen=queries.citizen_of_card(review.match.card) if named else None,
        hours=wording.hours_said(review.match.card).danish if named else "",
        age_is_met=named and findings.age_demand_is_met(review, on=clock.today()),
        sentences=sentences,
        form=form or DeclineForm(formdata=None),
    )
