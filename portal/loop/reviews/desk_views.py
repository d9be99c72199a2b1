"""The consultant's desk: the list beside the case, the decision, the answers that others gave her."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Response, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.base.terms import Industry, PlacementForm
from portal.base.working_days import after_working_days
from portal.loop.cards import wording
from portal.loop.matches import sentences
from portal.loop.matches.models import Match
from portal.loop.matches.queries import match_for
from portal.loop.matches.views import ON_THE_DESK, shown
from portal.loop.openings.findings import RuleContext, rule_context_of
from portal.loop.reviews import desk_queries, findings, queries, services
from portal.loop.reviews.desk_queries import QUESTIONS, next_after
from portal.loop.reviews.forms import CitizenAnswerForm, LawfulApproveForm, PutOffForm, RefuseForm
from portal.loop.reviews.models import UNDO_FOR, PutOff
from portal.loop.reviews.queries import ReviewTab
from portal.loop.reviews.views import bp
from portal.shared.audit.viewing import record_view
from portal.shared.rules.findings import Finding, not_ok
from portal.web.htmx import render_page
from portal.web.listing import (
    Listing,
    Sorts,
    clean_text,
    fill,
    read_listing,
    table_file,
    wanted_rows,
    wants_file,
)
from portal.web.permissions import Action, requires
from portal.web.whose import narrower_choices

SORTS: Final = Sorts(
    {"score": [Match.sure, Match.possible, Match.id], "newest": [Match.suggested_at, Match.id]},
    default="score",
    descending=True,
)
FILTERS: Final = ("tab", "whose", "industry", "form", "question")
UNDO_OFFERED: Final = "undo-offered"
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


# --- The list -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DeskList:
    """The list of the desk: its state, its statement, and the cases on the page of it that is shown."""

    listing: Listing
    tab: ReviewTab
    statement: Any
    kept: dict[str, Any]
    rows: Sequence[Match] = field(default_factory=list)

    def neighbour(self, match: Match | None, step: int) -> Match | None:
        """The case beside this one in the list; of none, the first."""
        keys = [row.id for row in self.rows]
        if match is None or match.id not in keys:
            return self.rows[0] if self.rows and step > 0 else None
        place = keys.index(match.id) + step
        return self.rows[place] if 0 <= place < len(keys) else None


def read_list() -> DeskList:
    """As the address says, without its rows."""
    listing = read_listing(SORTS, filters=FILTERS)
    listing.endpoint, listing.values = "reviews.queue", {}  # paging and sorting lead back to the list
    wanted = listing.filters
    tab = ReviewTab(wanted["tab"]) if wanted["tab"] in set(ReviewTab) else ReviewTab.OPEN
    narrowed = {name: wanted[name] for name in ("whose", "industry", "form", "question")}
    statement = queries.queue(current_user, tab, words=listing.q, **narrowed)
    kept = {name: value for name in ON_THE_DESK if (value := clean_text(request.args.get(name)))}
    return DeskList(listing, tab, statement, kept)


def look_at_list(rows: Sequence[Match]) -> None:
    record_view(
        "matches-listed",
        current_user.municipality,
        citizen_id=None,
        purpose=_("Forslag, der venter"),
        people=(match.card.citizen_id for match in rows),
    )


@bp.get("/")
@requires(Action.REVIEW_MATCH)
def queue() -> Response:
    if not wants_file():
        return desk_page()
    desk = read_list()
    rows = wanted_rows(desk.listing, desk.statement, SORTS)
    look_at_list(rows)
    return table_file("forslag", _QUEUE_COLUMNS, rows)


@bp.get("/match/<int:match_id>")
@requires(Action.REVIEW_MATCH)
def detail(match_id: int) -> Response:
    match, put_off, has_team = desk_queries.case_for(current_user, match_id)
    return desk_page(match, put_off=put_off, has_team=has_team)


# --- What is decided and answered ---------------------------------------------------------------------------


@bp.post("/match/<int:match_id>/approve")
@requires(Action.REVIEW_MATCH)
def approve(match_id: int) -> Any:
    match = match_for(current_user, match_id)
    law = _law_of(match)
    form = law.approve_form()
    if not form.validate():
        return desk_page(match, law=law, approve_form=form, status=422)
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
    return to_next(match)


@bp.post("/match/<int:match_id>/refuse")
@requires(Action.REVIEW_MATCH)
def refuse(match_id: int) -> Any:
    match = match_for(current_user, match_id)
    form = RefuseForm()
    if not form.validate():
        return desk_page(match, refuse_form=form, status=422)
    with transaction():
        services.refuse_match(
            match, reason=form.reason.data, words=form.words.data or "", by=current_user, at=clock.now()
        )
    return to_next(match)


def to_next(match: Match) -> Any:
    """The case that followed in the same list; its first one after the last; the list itself when it is empty."""
    offer_undo()
    desk = read_list()
    following = next_after(desk.statement, match, SORTS.columns[desk.listing.sort], desk.listing.descending)
    if following is None:
        return redirect(url_for("reviews.queue", **desk.kept), 303)
    return redirect(url_for("reviews.detail", match_id=following, **desk.kept), 303)


@bp.post("/<int:review_id>/citizen-answer")
@requires(Action.REVIEW_MATCH)
def record_answer(review_id: int) -> Any:
    """The citizen answered on paper or by phone."""
    review = queries.review_for(current_user, review_id)
    form = CitizenAnswerForm()
    if not form.validate():
        return desk_page(review.match, answer_form=form, status=422)
    with transaction():
        services.answer_as_citizen(
            review, form.answer.data, via=form.via.data, by=current_user, at=clock.now()
        )
    flash(_("Borgerens svar er gemt."), "success")
    return back_to(review.match_id)


@bp.post("/<int:review_id>/citizen-withdrawal")
@requires(Action.REVIEW_MATCH)
def record_withdrawal(review_id: int) -> Any:
    """The citizen told the consultant that she takes her yes back."""
    review = queries.review_for(current_user, review_id)
    with transaction():
        services.withdraw_as_citizen(review, by=current_user, at=clock.now())
    flash(_("Borgerens ja er trukket tilbage. Virksomheden kan ikke længere se navnet."), "success")
    return back_to(review.match_id)


def offer_undo() -> None:
    """The pages of the next seconds look for what can be undone."""
    session[UNDO_OFFERED] = clock.now().timestamp()


def _undo_is_offered() -> bool:
    return clock.now().timestamp() - session.get(UNDO_OFFERED, 0) < UNDO_FOR.total_seconds()


def back_to(match_id: int) -> Any:
    return redirect(url_for("reviews.detail", match_id=match_id, **read_list().kept), 303)


# --- The case beside the list -------------------------------------------------------------------------------


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


def desk_page(
    match: Match | None = None, *, has_team: bool | None = None, status: int = 200, **forms: Any
) -> Response:
    """The list, and beside it the case that was chosen."""
    desk = read_list()
    rows = fill(desk.listing, desk.statement, SORTS).items
    desk = DeskList(desk.listing, desk.tab, desk.statement, desk.kept, rows)
    look_at_list(rows)
    case = _case(match, **forms) if match is not None else {}
    waiting = desk.tab in (ReviewTab.OPEN, ReviewTab.LATER)
    return render_page(
        "reviews/desk.html",
        fragment="match_desk",
        status=status,
        titled=True,
        desk=desk,
        listing=desk.listing,
        kept=desk.kept,
        match=match,
        before=desk.neighbour(match, -1),
        following=desk.neighbour(match, 1),
        tabs=ReviewTab,
        reviews={} if waiting else queries.reviews_of(rows),
        put_offs=desk_queries.put_offs_of(rows) if desk.tab is ReviewTab.LATER else {},
        undoable=desk_queries.undoable(current_user, clock.now()) if _undo_is_offered() else [],
        today=clock.today(),
        now=clock.now(),
        sentences=sentences,
        industries=Industry.choices(),
        forms=PlacementForm.choices(),
        questions=QUESTIONS,
        whose=narrower_choices(current_user, _l("Mine borgere"), _l("Mit teams borgere"), has_team=has_team),
        **case,
    )


def _case(  # noqa: PLR0913 - one for each form that may be shown again
    match: Match,
    *,
    law: MatchCompliance | None = None,
    approve_form: LawfulApproveForm | None = None,
    refuse_form: RefuseForm | None = None,
    answer_form: CitizenAnswerForm | None = None,
    put_off_form: PutOffForm | None = None,
    put_off: PutOff | None = None,
) -> dict[str, Any]:
    record_view("match-read", match, citizen_id=match.card.citizen_id, purpose=_("Vurdering af et forslag"))
    review = None if match.awaits_review else queries.review_of(match)
    known = rule_context_of([match.opening], on=clock.today()) if match.awaits_review else None
    law = law or _law_of(match, known)
    return {
        "one": shown([match], known=known)[0],
        "review": review,
        "citizen": match.card.citizen,
        "put_off": put_off,
        "put_off_form": put_off_form
        or PutOffForm(formdata=None, until_on=after_working_days(clock.today(), 1)),
        "planned": review is not None and queries.is_planned(review),
        "steps": queries.steps_of(match, review),
        "card_facts": _card_facts(match),
        "rules": queries.rules_of(match, clock.today()),
        "law": law,
        "approve_form": approve_form or law.approve_form(formdata=None),
        "refuse_form": refuse_form or RefuseForm(formdata=None),
        "answer_form": answer_form or CitizenAnswerForm(formdata=None),
    }


def _card_facts(match: Match) -> list[tuple[str, str]]:
    card = match.card
    return [
        (_("Ønsker"), wording.wishes_text(card)),
        (_("Timer"), wording.hours_said(card).danish),
        (_("Hvor"), wording.range_said(card).danish),
        (_("Arbejdstider"), wording.shifts_text(card)),
        (_("Mål med egne ord"), card.goal),
    ]
