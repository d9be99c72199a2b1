"""Pages of placements."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock, events
from portal.base.alphabet import alphabetical
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.base.terms import PlacementForm
from portal.base.working_days import after_working_days
from portal.loop.cards.models import CompetenceCard
from portal.loop.employers.models import Employer
from portal.loop.employers.queries import ratio_standing
from portal.loop.openings.models import Opening
from portal.loop.placements import follow_ups, queries, services
from portal.loop.placements.calendar import calendar_of
from portal.loop.placements.change_words import change_in_words
from portal.loop.placements.changes import can_be_withdrawn
from portal.loop.placements.expectations import OWN_PARTY, ExpectationsMissing
from portal.loop.placements.findings import (
    UNASKED,
    PlacementTerms,
    findings_of_plan,
    of_young,
    standing_at_start,
)
from portal.loop.placements.forms import (
    YOUNG_FIELDS,
    FollowUpForm,
    PlanForm,
    StartForm,
    young_in_words,
)
from portal.loop.placements.models import Placement, PlacementStatus
from portal.loop.placements.pages import bp as bp
from portal.loop.placements.settling import NotSettled, may_begin
from portal.loop.placements.side_by_side import expectations_for, settlement_for
from portal.loop.placements.waiting import reminder_moment, waiting_since
from portal.loop.reviews.models import Review
from portal.shared.audit.viewing import record_view
from portal.shared.rules.book import RuleBook
from portal.shared.rules.findings import PAPERS, Finding, StopIsFinal, StopsStand, not_ok
from portal.shared.rules.queries import rule_book
from portal.web.downloads import download
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Sorts, read_listing, table_file, wanted_rows, wants_file
from portal.web.permissions import Action, Scope, requires

DUE = "due"
"""Value of the filter that shows what waits for a follow-up."""

WAITING = "waiting"
"""Value of the filter that shows what has waited for somebody's words or yes before the start."""

DAYS_TO_FIRST_FOLLOW_UP = 14
"""Suggested is that day, or the next working day when it is none."""

SORTS = Sorts(
    {
        "starts_on": [Placement.starts_on, Placement.id],
        "opening": [alphabetical(Opening.title), Placement.id],
        "employer": [alphabetical(Employer.name), Placement.id],
        "card": [CompetenceCard.number, Placement.id],
        "status": [Placement.status, Placement.id],
        "ends_on": [Placement.ends_on, Placement.id],
    },
    default="starts_on",
    descending=True,
)


@bp.get("/")
@requires(Action.READ_PLACEMENTS)
def index() -> Response:
    """The reader's placements."""
    sorts = _sorts()
    listing = read_listing(sorts, filters=("status", "form", "follow_up", "settlement"))
    statement = _filtered(listing.filters, listing.q)
    placements = list(wanted_rows(listing, statement, sorts))
    known = queries.known_among(placements, current_user, clock.today())
    _note_list(placements, known)
    if wants_file():
        return table_file("forloeb", _columns(known), placements)
    return render_page(
        "placements/index.html",
        fragment="placement_list",
        listing=listing,
        next_follow_ups=queries.next_follow_ups(placements),
        today=clock.today(),
        statuses=PlacementStatus.choices(),
        forms=PlacementForm.choices(),
        due=DUE,
        waiting=WAITING,
        person_words=lambda placement: _person_words(placement, known),
        reader=OWN_PARTY[current_user.scope].value,
    )


def _sorts() -> Sorts:
    """A list in the order of its card numbers tells of a number, also where none is shown."""
    if request.args.get("sort") != "card":
        return SORTS
    number = queries.number_shown(current_user, clock.today())
    return replace(SORTS, columns={**SORTS.columns, "card": [number, Placement.id]})


def _filtered(filters: dict[str, str], words: str) -> Any:
    statement = queries.listed(current_user)
    if filters["status"] in set(PlacementStatus):
        statement = statement.where(Placement.status == PlacementStatus(filters["status"]))
    if filters["form"] in set(PlacementForm):
        statement = statement.where(Placement.form == PlacementForm(filters["form"]))
    if filters["follow_up"] == DUE:
        statement = queries.due_for_follow_up(statement, clock.today())
    if filters["settlement"] == WAITING:
        moment = reminder_moment(clock.today(), current_user.municipality_id)
        statement = statement.where(waiting_since(moment))
    return queries.searched(statement, current_user, words, clock.today()) if words else statement


def _note_list(placements: list[Placement], known: set[int]) -> None:
    """One line for the list; opening one placement leaves its own."""
    if current_user.scope is Scope.CITIZEN:
        return
    all_are_named = current_user.may(Action.READ_CITIZENS)
    people = (one.card.citizen_id for one in placements if all_are_named or one.id in known)
    record_view(
        "placements-listed", current_user, citizen_id=None, purpose=_("Liste over forløb"), people=people
    )


def _columns(known: set[int]) -> list[tuple[Any, Any]]:
    """`known`: keys of the placements whose person the reader may see."""
    columns: list[tuple[Any, Any]] = [
        (_("Kort"), lambda placement: _card_words(placement, known)),
        (_("Plads"), lambda placement: placement.opening.title),
        (_("Virksomhed"), lambda placement: placement.opening.employer.name),
        (_("Form"), lambda placement: placement.form.label),
        (_("Timer om ugen"), lambda placement: placement.hours_per_week),
        (_("Første dag"), lambda placement: placement.starts_on),
        (_("Sidste dag"), lambda placement: placement.ends_on),
        (_("Status"), lambda placement: placement.status.label),
        (_("Afstemt"), lambda placement: _("Ikke afstemt") if placement.is_unsettled else ""),
        (_("Afsluttet den"), lambda placement: placement.ended_on),
        (_("Udfald"), lambda placement: placement.outcome.label if placement.outcome else ""),
    ]
    return columns


def _person_words(placement: Placement, known: set[int]) -> str:
    """Who it is, as far as this reader may know: first name and card number, or that she is not shown."""
    if placement.id in known:
        return f"{placement.card.citizen.first_name} ({placement.card.number})"
    return _card_words(placement, known)


def _card_words(placement: Placement, known: set[int]) -> str:
    return placement.card.number if placement.id in known else _("Vises ikke længere")


@bp.route("/plan/<int:review_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_PLACEMENTS)
def plan(review_id: int) -> Response:
    """Plan what all three said yes to."""
    review = queries.review_to_plan(current_user, review_id)
    existing = queries.placement_of(review)
    if existing is not None and request.method != "POST":
        return redirect(url_for("placements.detail", placement_id=existing.id), 303)  # type: ignore[return-value]
    form = PlanForm(
        asks_of_young=queries.may_be_young(review, clock.today()),
        data=_suggested(review) if request.method != "POST" else None,
    )
    if request.method != "POST":
        return _show_plan(review, form)
    if not form.validate():
        return _show_plan(review, form, status=422)
    try:
        with transaction():
            placement = services.plan_placement(
                review,
                form=form.form.data,
                hours_per_week=form.hours_per_week.data,
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
                long_reason=form.reason,
                stop_reason=form.stop_reason.data or "",
                grounds=form.grounds(),
                young=form.young(),
                by=current_user,
                at=clock.now(),
            )
            if form.first_follow_up_on.data:
                follow_ups.add_follow_up(
                    placement, due_on=form.first_follow_up_on.data, by=current_user, at=clock.now()
                )
    except DomainError as error:
        return _show_plan(queries.review_to_plan(current_user, review_id), form, status=409, refusal=error)
    flash(_("Forløbet er planlagt, og pladsen er taget."), "success")
    return leave_to(url_for("placements.detail", placement_id=placement.id))


@bp.post("/plan/<int:review_id>/judged")
@requires(Action.MANAGE_PLACEMENTS)
def judge(review_id: int) -> Response:
    """What the rules say of a plan while it is being written; nothing is kept, and nobody is named.

    Posted, because an address is logged and what is written of her must not be.
    """
    review = queries.review_to_plan(current_user, review_id)
    form = PlanForm(
        asks_of_young=queries.may_be_young(review, clock.today()),
        data=_known(review, clock.today()),  # of what another form asks and the last one did not
    )
    form.read()
    return render_page(
        "placements/judged.html",
        fragment="judged_plan",
        form=form,
        **_judged(review, form),
    )


def _suggested(review: Review) -> dict[str, Any]:
    """What the opening says, from today on, and what is known of the person."""
    opening = review.match.opening
    starts_on = max(opening.starts_on, clock.today())
    ends_on = opening.ends_on
    return {
        **_known(review, starts_on),
        "form": opening.form,
        "hours_per_week": opening.hours_per_week,
        "starts_on": starts_on,
        "ends_on": ends_on if ends_on and ends_on >= starts_on else None,
        "first_follow_up_on": after_working_days(starts_on + timedelta(days=DAYS_TO_FIRST_FOLLOW_UP - 1), 1),
    }


def _known(review: Review, on: date) -> dict[str, Any]:
    """Of the grounds what is written of the person already."""
    return events.grounds_known_of(review.match.card.citizen_id, on=on)._asdict()


def _show_plan(
    review: Review, form: PlanForm, *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    match = review.match
    first_day, workplace = _first_day(form), match.opening.workplace
    _look(match.card.citizen_id, review)
    return render_page(
        "placements/plan.html",
        fragment="placement_plan",
        status=status,
        review=review,
        opening=match.opening,
        citizen=match.card.citizen,
        card=match.card,
        form=form,
        refusal=refusal,
        allowed=review.allows_placement,
        ratio=ratio_standing([workplace], first_day, match.municipality_id)[workplace.id].ratio,
        first_day=first_day,
        **_judged(review, form),
        workplace=workplace,
        young_fields=[name for name in YOUNG_FIELDS if name in form],
    )


def _judged(review: Review, form: PlanForm) -> dict[str, Any]:
    """What the rules say of what is in the form, and the fields without which they say nothing."""
    unread = form.unread()
    return {"findings": [] if unread else _findings(review, form), "unread": unread}


def _findings(review: Review, form: PlanForm) -> list[Finding]:
    match = review.match
    return not_ok(findings_of_plan(match.opening, match.card, terms_to_judge(form), on=clock.today()))


def terms_written(form: PlanForm) -> PlacementTerms:
    """What the form says is to be agreed."""
    return PlacementTerms(
        form.form.data,
        form.hours_per_week.data,
        form.starts_on.data,
        form.ends_on.data,
        form.reason,
        form.grounds(),
        *of_young(form.young()),
    )


def terms_to_judge(form: PlanForm) -> PlacementTerms:
    """The same while it is being written: a group nobody has chosen yet is asked for by its field, and no stop."""
    terms = terms_written(form)
    if terms.grounds.readiness is not None:
        return terms
    return replace(terms, grounds=replace(terms.grounds, readiness=UNASKED.readiness))


def _first_day(form: PlanForm) -> date:
    """What is in the form, as far as it can be read; never a day that is over."""
    field = form.starts_on
    return max(field.data, clock.today()) if field.data and not field.errors else clock.today()


def _look(citizen_id: int, subject: Any) -> None:
    """A name is being shown: the citizen can see that it was."""
    if current_user.scope is Scope.CITIZEN:
        return
    record_view(
        "placement-read",
        subject,
        citizen_id=citizen_id,
        purpose=_("Planlægning og opfølgning på et forløb"),
    )


def look_at(placement: Placement) -> None:
    _look(placement.card.citizen_id, placement)


@bp.get("/<int:placement_id>")
@requires(Action.READ_PLACEMENTS)
def detail(placement_id: int) -> Response:
    """One placement: where it stands, what was agreed, what comes next."""
    return show_detail(queries.placement_for(current_user, placement_id))


@bp.get("/<int:placement_id>/calendar.ics")
@requires(Action.READ_PLACEMENTS)
def calendar(placement_id: int) -> Response:
    """Its days for the reader's own calendar; the file names nobody."""
    placement = queries.placement_for(current_user, placement_id)
    host = urlsplit(current_app.config["PORTAL_BASE_URL"]).hostname or "localhost"
    days = calendar_of(placement, host=host, at=clock.now())
    return download(f"forloeb-{placement.id}.ics", days, "text/calendar")


def show_detail(
    placement: Placement,
    *,
    follow_up_form: FollowUpForm | None = None,
    start_form: StartForm | None = None,
    findings: Sequence[Finding] = (),
    status: int = 200,
) -> Response:
    """`start_form` and `findings`: what stops the start, and where the reason for passing it is written."""
    book = rule_book() if _could_start(placement) else None
    if book and start_form is None and may_begin(placement, on=clock.today(), book=book):
        start_form, findings = _suggested_start(placement, book)
    name_open = queries.name_is_open(placement, current_user, clock.today())
    if name_open:
        look_at(placement)
    return render_page(
        "placements/detail.html",
        fragment="placement_detail",
        status=status,
        placement=placement,
        name_open=name_open,
        steps=queries.steps_of(placement),
        expected=expectations_for(current_user, placement, name_open=name_open),
        settled=settlement_for(current_user, placement, book),
        follow_up_form=follow_up_form or FollowUpForm(days=follow_ups.days_for(placement), formdata=None),
        start_form=start_form,
        findings=findings,
        awaits_papers=any(one.rule == PAPERS for one in findings),
        outdated_at=None if start_form else _papers_outdated_at(placement),
        grounds_facts=queries.grounds_in_words(
            placement, young_in_words(placement.grounds.young if placement.grounds else {})
        ),
        today=clock.today(),
        change_words=change_in_words,
        thread=queries.thread_of(placement),
        undoable=can_be_withdrawn(placement, clock.today()),
        is_citizen=current_user.scope is Scope.CITIZEN,
        statuses=PlacementStatus,
    )


def _papers_outdated_at(placement: Placement) -> datetime | None:
    """For whoever sends its papers: when a change made them outdated. What keeps it from beginning says so itself."""
    if placement.status not in queries.OPEN or not current_user.may(Action.MANAGE_PLACEMENTS):
        return None
    return events.papers_outdated_at(placement)


def _could_start(placement: Placement) -> bool:
    """Whether this reader may note that it has begun, once the three have settled."""
    return (
        placement.status is PlacementStatus.PLANNED
        and current_user.may(Action.MANAGE_PLACEMENTS)
        and placement.review.allows_placement
    )


def _suggested_start(placement: Placement, book: RuleBook) -> tuple[StartForm, Sequence[Finding]]:
    """On the agreed day where that has come, with what stops it."""
    today = clock.today()
    agreed = placement.starts_on if placement.starts_on <= today else None
    _found, standing = standing_at_start(placement, placement.starts_on, on=today, book=book)
    return StartForm(formdata=None, data={"first_day": agreed}, today=today), standing


@bp.post("/<int:placement_id>/start")
@requires(Action.MANAGE_PLACEMENTS)
def start(placement_id: int) -> Any:
    """Note that it has begun; a rule that stops it is passed with a reason."""
    placement = queries.placement_for(current_user, placement_id)
    form = StartForm(today=clock.today())
    if not form.validate():
        return show_detail(placement, start_form=form, status=422)
    try:
        with transaction():
            services.start_placement(
                placement,
                first_day=form.first_day.data,
                stop_reason=form.stop_reason.data or "",
                unsettled_reason=form.unsettled_reason.data or "",
                by=current_user,
                at=clock.now(),
            )
    except (ExpectationsMissing, NotSettled) as unsettled:
        if not may_begin(placement, on=clock.today()):
            raise
        form.unsettled_reason.errors = [unsettled.message, _("Skriv grunden.")]
        return show_detail(queries.placement_for(current_user, placement_id), start_form=form, status=409)
    except (StopsStand, StopIsFinal) as stopped:
        if (
            isinstance(stopped, StopsStand) and form.stop_reason.name in request.form
        ):  # asked for, and left empty
            form.stop_reason.errors = [_("Skriv grunden.")]
        again = queries.placement_for(current_user, placement_id)
        return show_detail(again, start_form=form, findings=stopped.findings, status=409)
    flash(_("Forløbet er i gang."), "success")
    return redirect(url_for("placements.detail", placement_id=placement_id), 303)


@bp.post("/<int:placement_id>/cancel")
@requires(Action.MANAGE_PLACEMENTS)
def cancel(placement_id: int) -> Any:
    placement = queries.placement_for(current_user, placement_id)
    with transaction():
        services.cancel_placement(placement, by=current_user, at=clock.now())
    flash(_("Forløbet er aflyst, og pladsen er fri igen."), "success")
    return redirect(url_for("placements.detail", placement_id=placement_id), 303)
