"""Pages of placements."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.base.terms import Party, PlacementForm
from portal.base.working_days import after_working_days
from portal.loop.cards.models import CompetenceCard
from portal.loop.employers.models import Employer
from portal.loop.employers.queries import ratio_standing
from portal.loop.openings.models import Opening
from portal.loop.placements import queries, services
from portal.loop.placements.calendar import calendar_of
from portal.loop.placements.findings import (
    UNASKED,
    PlacementTerms,
    findings_of_plan,
    of_young,
    standing_at_start,
)
from portal.loop.placements.forms import (
    YOUNG_FIELDS,
    ExpectationForm,
    FollowUpForm,
    HeldForm,
    PlanForm,
    StartForm,
    young_in_words,
)
from portal.loop.placements.models import Placement, PlacementStatus
from portal.loop.reviews.models import Review
from portal.shared.audit.viewing import record_view
from portal.shared.rules.findings import PAPERS, Finding, StopIsFinal, StopsStand, not_ok
from portal.shared.rules.law.case import Grounds
from portal.web.downloads import download
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Sorts, csv_response, read_listing, wanted_rows, wants_csv
from portal.web.permissions import Action, Scope, requires

bp = Blueprint("placements", __name__, url_prefix="/placements")

DUE = "due"
"""Value of the filter that shows what waits for a follow-up."""

DAYS_TO_FIRST_FOLLOW_UP = 14
"""Suggested is that day, or the next working day when it is none."""

SORTS = Sorts(
    {
        "starts_on": [Placement.starts_on, Placement.id],
        "opening": [Opening.title, Placement.id],
        "employer": [Employer.name, Placement.id],
        "card": [CompetenceCard.number, Placement.id],
        "status": [Placement.status, Placement.id],
        "ends_on": [Placement.ends_on, Placement.id],
    },
    default="starts_on",
    descending=True,
)

OWN_PARTY = {
    Scope.CITIZEN: Party.CITIZEN,
    Scope.EMPLOYER: Party.EMPLOYER,
    Scope.MUNICIPALITY: Party.CONSULTANT,
}
"""Which party to a placement somebody speaks for."""


@bp.get("/")
@requires(Action.READ_PLACEMENTS)
def index() -> Response:
    """The reader's placements."""
    sorts = _sorts()
    listing = read_listing(sorts, filters=("status", "form", "follow_up"))
    statement = _filtered(listing.filters, listing.q)
    placements = list(wanted_rows(listing, statement, sorts))
    known = queries.known_among(placements, current_user, clock.today())
    _note_list(placements, known)
    if wants_csv():
        return csv_response("forloeb", _columns(known), placements)
    return render_page(
        "placements/index.html",
        fragment="placement_list",
        listing=listing,
        next_follow_ups=queries.next_follow_ups(placements),
        today=clock.today(),
        statuses=PlacementStatus.choices(),
        forms=PlacementForm.choices(),
        due=DUE,
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
        (_("Afsluttet den"), lambda placement: placement.ended_on),
        (_("Udfald"), lambda placement: placement.outcome.label if placement.outcome else ""),
    ]
    return columns


def _person_words(placement: Placement, known: set[int]) -> str:
    """Who it is, as far as this reader may know: first name and card number, or the number alone."""
    if current_user.may(Action.READ_CITIZENS):
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
    if existing is not None and request.method == "GET":
        return redirect(url_for("placements.detail", placement_id=existing.id), 303)  # type: ignore[return-value]
    form = PlanForm(
        asks_of_young=queries.may_be_young(review, clock.today()),
        data=_suggested(review.match.opening) if request.method == "GET" else None,
    )
    if request.method == "GET":
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
                services.add_follow_up(
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
    form = PlanForm(asks_of_young=queries.may_be_young(review, clock.today()))
    form.read()
    return render_page(
        "placements/judged.html",
        fragment="judged_plan",
        form=form,
        **_judged(review, form),
    )


def _suggested(opening: Opening) -> dict[str, Any]:
    """What the opening says, from today on."""
    starts_on = max(opening.starts_on, clock.today())
    ends_on = opening.ends_on
    return {
        "form": opening.form,
        "hours_per_week": opening.hours_per_week,
        "starts_on": starts_on,
        "ends_on": ends_on if ends_on and ends_on >= starts_on else None,
        "first_follow_up_on": after_working_days(starts_on + timedelta(days=DAYS_TO_FIRST_FOLLOW_UP - 1), 1),
    }


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
    terms = PlacementTerms(
        form.form.data,
        form.hours_per_week.data,
        form.starts_on.data,
        form.ends_on.data,
        form.reason,
        _grounds(form),
        *of_young(form.young()),
    )
    match = review.match
    return not_ok(findings_of_plan(match.opening, match.card, terms, on=clock.today()))


def _grounds(form: PlanForm) -> Grounds:
    """A group that nobody has chosen yet is asked for by its field: it is no stop beside it."""
    grounds = form.grounds()
    return grounds if grounds.readiness else replace(grounds, readiness=UNASKED.readiness)


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


def _look_at(placement: Placement) -> None:
    _look(placement.card.citizen_id, placement)


@bp.get("/<int:placement_id>")
@requires(Action.READ_PLACEMENTS)
def detail(placement_id: int) -> Response:
    """One placement: where it stands, what was agreed, what comes next."""
    return _show_detail(queries.placement_for(current_user, placement_id), FollowUpForm(formdata=None))


@bp.get("/<int:placement_id>/calendar.ics")
@requires(Action.READ_PLACEMENTS)
def calendar(placement_id: int) -> Response:
    """Its days for the reader's own calendar; the file names nobody."""
    placement = queries.placement_for(current_user, placement_id)
    host = urlsplit(current_app.config["PORTAL_BASE_URL"]).hostname or "localhost"
    days = calendar_of(placement, host=host, at=clock.now())
    return download(f"forloeb-{placement.id}.ics", days, "text/calendar")


def _show_detail(
    placement: Placement,
    follow_up_form: FollowUpForm,
    *,
    start_form: StartForm | None = None,
    findings: Sequence[Finding] = (),
    status: int = 200,
) -> Response:
    """`start_form` and `findings`: what stops the start, and where the reason for passing it is written."""
    if start_form is None and _may_start(placement):
        start_form, findings = _suggested_start(placement)
    name_open = queries.name_is_open(placement, current_user, clock.today())
    if name_open:
        _look_at(placement)
    return render_page(
        "placements/detail.html",
        fragment="placement_detail",
        status=status,
        placement=placement,
        name_open=name_open,
        steps=queries.steps_of(placement),
        comparison=queries.comparison(placement),
        missing=services.missing_expectations(placement),
        parties=list(Party),
        party_of=lambda user: OWN_PARTY[user.scope],
        own_party=OWN_PARTY[current_user.scope],
        may_state=_may_state(placement),
        follow_up_form=follow_up_form,
        start_form=start_form,
        findings=findings,
        awaits_papers=any(one.rule == PAPERS for one in findings),
        grounds_facts=queries.grounds_in_words(
            placement, young_in_words(placement.grounds.young if placement.grounds else {})
        ),
        today=clock.today(),
        is_citizen=current_user.scope is Scope.CITIZEN,
        statuses=PlacementStatus,
    )


def _may_start(placement: Placement) -> bool:
    """Whether this reader may note now that it has begun."""
    return (
        placement.status is PlacementStatus.PLANNED
        and current_user.may(Action.MANAGE_PLACEMENTS)
        and placement.review.allows_placement
        and not services.missing_expectations(placement)
    )


def _suggested_start(placement: Placement) -> tuple[StartForm, Sequence[Finding]]:
    """On the agreed day where that has come, with what stops it."""
    today = clock.today()
    agreed = placement.starts_on if placement.starts_on <= today else None
    _found, standing = standing_at_start(placement, placement.starts_on, on=today)
    return StartForm(formdata=None, data={"first_day": agreed}, today=today), standing


def _may_state(placement: Placement) -> frozenset[Party]:
    """Whose expectations this reader may write down now."""
    if placement.status is not PlacementStatus.PLANNED or not current_user.may(Action.STATE_EXPECTATION):
        return frozenset()
    if current_user.may(Action.MANAGE_PLACEMENTS):
        return frozenset(Party)
    if not queries.name_is_open(placement, current_user, clock.today()):
        return frozenset()
    return frozenset({OWN_PARTY[current_user.scope]})


@bp.route("/<int:placement_id>/expectations/<party>", methods=["GET", "POST"])
@requires(Action.STATE_EXPECTATION)
def expectation(placement_id: int, party: str) -> Response:
    """One party's expectations, by herself, or by the consultant as given on paper or by phone."""
    placement = queries.placement_for(current_user, placement_id)
    whose = Party(party) if party in set(Party) else None
    if whose is None or (
        not current_user.may(Action.MANAGE_PLACEMENTS) and OWN_PARTY[current_user.scope] is not whose
    ):
        abort(404)
    if not queries.name_is_open(placement, current_user, clock.today()):
        raise services.PersonNotShown
    stated = next((said for said in placement.expectations if said.party is whose), None)
    form = ExpectationForm(obj=stated) if request.method == "GET" else ExpectationForm()
    if request.method == "GET":
        return _show_expectation(placement, whose, form)
    if not form.validate():
        return _show_expectation(placement, whose, form, status=422)
    with transaction():
        services.state_expectation(
            placement,
            party=whose,
            purpose=form.purpose.data,
            time_frame=form.time_frame.data,
            development=form.development.data,
            by=current_user,
            at=clock.now(),
        )
    flash(_("Forventningerne er gemt."), "success")
    return leave_to(url_for("placements.detail", placement_id=placement_id))


def _show_expectation(
    placement: Placement, party: Party, form: ExpectationForm, *, status: int = 200
) -> Response:
    _look_at(placement)
    return render_page(
        "placements/expectation.html",
        fragment="expectation_form",
        status=status,
        placement=placement,
        party=party,
        form=form,
        own=OWN_PARTY[current_user.scope] is party,
        others=[said for said in placement.expectations if said.party is not party],
        open=placement.status is PlacementStatus.PLANNED,
    )


@bp.post("/<int:placement_id>/start")
@requires(Action.MANAGE_PLACEMENTS)
def start(placement_id: int) -> Any:
    """Note that it has begun; a rule that stops it is passed with a reason."""
    placement = queries.placement_for(current_user, placement_id)
    form, no_talk = StartForm(today=clock.today()), FollowUpForm(formdata=None)
    if not form.validate():
        return _show_detail(placement, no_talk, start_form=form, status=422)
    try:
        with transaction():
            services.start_placement(
                placement,
                first_day=form.first_day.data,
                stop_reason=form.stop_reason.data or "",
                by=current_user,
                at=clock.now(),
            )
    except (StopsStand, StopIsFinal) as stopped:
        if (
            isinstance(stopped, StopsStand) and form.stop_reason.name in request.form
        ):  # asked for, and left empty
            form.stop_reason.errors = [_("Skriv grunden.")]
        again = queries.placement_for(current_user, placement_id)
        return _show_detail(again, no_talk, start_form=form, findings=stopped.findings, status=409)
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


@bp.post("/<int:placement_id>/follow-ups")
@requires(Action.MANAGE_PLACEMENTS)
def add_follow_up(placement_id: int) -> Any:
    placement = queries.placement_for(current_user, placement_id)
    form = FollowUpForm()
    if not form.validate():
        return _show_detail(placement, form, status=422)
    with transaction():
        services.add_follow_up(placement, due_on=form.due_on.data, by=current_user, at=clock.now())
    flash(_("Opfølgningen er aftalt."), "success")
    return redirect(url_for("placements.detail", placement_id=placement_id), 303)


@bp.route("/<int:placement_id>/follow-ups/<int:follow_up_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_PLACEMENTS)
def hold_follow_up(placement_id: int, follow_up_id: int) -> Response:
    """Note what was said."""
    follow_up = queries.follow_up_for(current_user, placement_id, follow_up_id)
    today = clock.today()
    form = HeldForm(today=today, data={"held_on": today} if request.method == "GET" else None)
    if request.method == "POST" and form.validate():
        with transaction():
            services.hold_follow_up(
                follow_up, held_on=form.held_on.data, note=form.note.data, by=current_user, at=clock.now()
            )
        flash(_("Opfølgningen er noteret."), "success")
        return leave_to(url_for("placements.detail", placement_id=placement_id))
    placement = queries.placement_for(current_user, placement_id)
    _look_at(placement)
    return render_page(
        "placements/follow_up.html",
        fragment="follow_up_form",
        status=422 if request.method == "POST" else 200,
        placement=placement,
        follow_up=follow_up,
        form=form,
    )
