"""Pages of journeys: who is on one, a citizen's way as a ladder, and each of its steps."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.interventions.pathways import following, journeys, offers, queries, ways
from portal.interventions.pathways.forms import (
    BeginForm,
    BeginStepForm,
    CarryForm,
    EndJourneyForm,
    FollowForm,
    OwnWayForm,
    ReachForm,
    SkipForm,
    skill_names,
)
from portal.interventions.pathways.models import Journey, JourneyStep, StepState
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import citizen_for
from portal.loop.placements.queries import placement_for
from portal.shared.audit.viewing import record_view
from portal.web.forms import PortalForm
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Sorts, read_listing, table_file, wanted_rows, wants_file
from portal.web.permissions import Action, requires

bp = Blueprint("journeys", __name__, url_prefix="/journeys")

SAVE = "save"

JOURNEY_SORTS = Sorts(
    {
        "name": [Citizen.sort_name, Journey.id],
        "from": [Journey.from_on, Journey.id],
    },
    default="name",
)


# --- Who is on one ---------------------------------------------------------------------------------------------


@bp.get("/")
@requires(Action.RECORD_EFFORTS)
def index() -> Response:
    """Citizens on a way, each with the step she is on."""
    listing = read_listing(JOURNEY_SORTS, filters=("state", "package"))
    statement = ways.journey_list(current_user, words=listing.q, **listing.filters)
    rows = wanted_rows(listing, statement, JOURNEY_SORTS)
    action, purpose = (
        ("journeys-exported", _("Liste hentet som fil"))
        if wants_file()
        else ("journeys-listed", _("Liste over borgere"))
    )
    people = (journey.citizen_id for journey in rows)
    record_view(action, current_user.municipality, citizen_id=None, purpose=purpose, people=people)
    if wants_file():
        return table_file("veje", _columns(), rows)
    packages = queries.packages_in_use(current_user.municipality_id)
    return render_page(
        "pathways/journeys.html",
        fragment="journey_list",
        listing=listing,
        states=[(ways.OVER, _("Afsluttede")), (ways.ALL, _("Alle"))],
        packages=[(str(package.id), package.name) for package in packages],
    )


def _columns() -> list[tuple[Any, Any]]:
    def now(journey: Journey) -> str:
        return f"{journey.now.position}. {journey.now.name}" if journey.now else ""

    return [
        (_("Navn"), lambda journey: journey.citizen.name),
        (_("Sagsnummer"), lambda journey: journey.citizen.case_reference),
        (_("Vej"), lambda journey: journey.name),
        (_("Fra"), lambda journey: journey.from_on),
        (_("Trin nu"), now),
        (_("Status"), lambda journey: journey.now.state.label if journey.now else ""),
        (_("Til og med"), lambda journey: journey.until_on),
        (_("Hvorfor den sluttede"), lambda journey: journey.end_reason.label if journey.end_reason else ""),
    ]


# --- Beginning -------------------------------------------------------------------------------------------------


@bp.route("/begin/<int:citizen_id>", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def begin(citizen_id: int) -> Response:
    """Put a citizen on one of the packages."""
    citizen = citizen_for(current_user, citizen_id)
    packages = {package.id: package for package in queries.packages_in_use(current_user.municipality_id)}
    form = BeginForm(data={"from_on": clock.today()})
    form.package_id.choices = [(0, _("Vælg")), *((one.id, one.name) for one in packages.values())]
    if not form.is_submitted():
        return _begin_page(citizen, form)
    if not form.validate():
        return _begin_page(citizen, form, status=422)
    try:
        with transaction():
            journey = journeys.begin_on_package(
                citizen,
                packages[form.package_id.data],
                from_on=form.from_on.data,
                by=current_user,
                at=clock.now(),
            )
    except DomainError as error:
        return _begin_page(citizen, form, status=409, refusal=error)
    flash(_("%(name)s er begyndt på pakken.", name=citizen.first_name), "success")
    return leave_to(url_for("journeys.detail", journey_id=journey.id))


def _begin_page(
    citizen: Citizen, form: BeginForm, *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    record_view("citizen-read", citizen, citizen_id=citizen.id, purpose=_("Opslag på din sag"))
    return render_page(
        "pathways/begin.html",
        fragment="content",
        status=status,
        citizen=citizen,
        form=form,
        refusal=refusal.message if refusal else None,
    )


@bp.route("/own/<int:citizen_id>", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def own(citizen_id: int) -> Response:
    """Write steps that are this citizen's alone."""
    citizen = citizen_for(current_user, citizen_id)
    form = OwnWayForm(data={"from_on": clock.today()})
    if not form.is_submitted():
        return _own_page(citizen, form)
    pressed = request.form.get("step", SAVE)
    if pressed != SAVE:
        return _own_page(citizen, form.rearranged(pressed))
    if not form.validate():
        return _own_page(citizen, form, status=422)
    try:
        with transaction():
            journey = journeys.begin_own(
                citizen,
                form.name.data or "",
                form.written_steps,
                from_on=form.from_on.data,
                by=current_user,
                at=clock.now(),
            )
    except DomainError as error:
        return _own_page(citizen, form, status=409, refusal=error)
    flash(_("Vejen er oprettet."), "success")
    return leave_to(url_for("journeys.detail", journey_id=journey.id))


def _own_page(
    citizen: Citizen, form: Any, *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    record_view("citizen-read", citizen, citizen_id=citizen.id, purpose=_("Opslag på din sag"))
    form.add_lines()
    return render_page(
        "pathways/own.html",
        fragment="way_form",
        status=status,
        citizen=citizen,
        form=form,
        skill_names=skill_names(),
        refusal=refusal.message if refusal else None,
    )


# --- A way -----------------------------------------------------------------------------------------------------


@bp.get("/<int:journey_id>")
@requires(Action.RECORD_EFFORTS)
def detail(journey_id: int) -> Response:
    return _journey_page(ways.journey_for(current_user, journey_id))


def _journey_page(
    journey: Journey,
    ending: EndJourneyForm | None = None,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    record_view("journey-read", journey, citizen_id=journey.citizen_id, purpose=_("Opslag på din sag"))
    seen = ways.seen_of([journey.citizen_id]).get(journey.citizen_id, {})
    upcoming = journey.next if journey.is_open else None
    return render_page(
        "pathways/journey.html",
        fragment="content",
        status=status,
        journey=journey,
        rungs=ways.rungs_of(journey, seen),
        upcoming=upcoming,
        finding=ways.finding_before(upcoming, seen) if upcoming else None,
        ending=ending or EndJourneyForm(formdata=None, data={"until_on": clock.today()}),
        refusal=refusal.message if refusal else None,
    )


@bp.post("/<int:journey_id>/end")
@requires(Action.RECORD_EFFORTS)
def end(journey_id: int) -> Response:
    journey = ways.journey_for(current_user, journey_id)
    form = EndJourneyForm()
    if not form.validate():
        return _journey_page(journey, form, status=422)
    try:
        with transaction():
            journeys.end_journey(
                journey,
                until_on=form.until_on.data,
                reason=form.end_reason,
                by=current_user,
                at=clock.now(),
            )
    except DomainError as error:
        return _journey_page(ways.journey_for(current_user, journey_id), form, status=409, refusal=error)
    flash(_("Vejen er afsluttet."), "success")
    return leave_to(url_for("journeys.detail", journey_id=journey_id))


@bp.post("/<int:journey_id>/remove")
@requires(Action.RECORD_EFFORTS)
def remove(journey_id: int) -> Any:
    journey = ways.journey_for(current_user, journey_id)
    with transaction():
        journeys.remove_journey(journey, by=current_user, at=clock.now())
    flash(_("Vejen er taget væk. Den tæller ikke længere med."), "success")
    return redirect(url_for("citizens.detail", citizen_id=journey.citizen_id), 303)


# --- A step ----------------------------------------------------------------------------------------------------


@bp.get("/<int:journey_id>/steps/<int:way_step_id>")
@requires(Action.RECORD_EFFORTS)
def step(journey_id: int, way_step_id: int) -> Response:
    """What may be done with a step now."""
    return _step_page(ways.step_for(current_user, journey_id, way_step_id))


def _forms_of(placement_ids: list[tuple[int, str]], carriers: list[tuple[str, str]]) -> dict[str, Any]:
    today, asked = clock.today(), request.args.get("placement", "")
    preferred = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
    carrying = CarryForm(formdata=None, prefix="carry-", data={"placement_id": preferred})
    carrying.placement_id.choices = placement_ids
    following_form = FollowForm(formdata=None, prefix="follow-")
    following_form.carrier.choices = carriers
    return {
        "follow": following_form,
        "begin": BeginStepForm(formdata=None, prefix="begin-", data={"on": today}),
        "carry": carrying,
        "reach": ReachForm(formdata=None, prefix="reach-", data={"on": today}),
        "skip": SkipForm(formdata=None, prefix="skip-"),
    }


def _placements_of(taken: JourneyStep) -> list[tuple[int, str]]:
    """Those of the step's own form first."""
    found = ways.open_placements_of(taken.journey.citizen_id)
    found.sort(key=lambda one: one.form is not taken.kind.placement_form)
    words = [(one.id, f"{one.opening.workplace.name}, {one.form.traits.short}") for one in found]
    return [(0, _("Vælg")), *words]


def _carriers_of(taken: JourneyStep) -> list[tuple[str, str]]:
    return [("", _("Vælg")), *following.choices_of(taken.journey.citizen_id)]


def _step_page(
    taken: JourneyStep,
    tried: dict[str, PortalForm] | None = None,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    """`tried`: a form that came back, by its name."""
    journey = taken.journey
    record_view("journey-read", journey, citizen_id=journey.citizen_id, purpose=_("Opslag på din sag"))
    seen = ways.seen_of([journey.citizen_id]).get(journey.citizen_id, {})
    choices, carriers = _placements_of(taken), _carriers_of(taken)
    return render_page(
        "pathways/step.html",
        fragment="content",
        status=status,
        journey=journey,
        rung=next(one for one in ways.rungs_of(journey, seen) if one.step is taken),
        forms={**_forms_of(choices, carriers), **(tried or {})},
        has_placements=len(choices) > 1,
        has_carriers=len(carriers) > 1,
        offers=offers.offers_of_steps([taken.package_step_id], clock.today()),
        finding=ways.finding_before(taken, seen),
        states=StepState,
        refusal=refusal.message if refusal else None,
    )


@bp.post("/<int:journey_id>/steps/<int:way_step_id>/begin")
@requires(Action.RECORD_EFFORTS)
def begin_step(journey_id: int, way_step_id: int) -> Response:
    taken = ways.step_for(current_user, journey_id, way_step_id)
    form = BeginStepForm(prefix="begin-")
    if not form.validate():
        return _step_page(taken, {"begin": form}, status=422)
    try:
        with transaction():
            journeys.begin_step(
                taken, on=form.on.data, passed=form.passed_reason, by=current_user, at=clock.now()
            )
    except DomainError as error:
        return _refused(taken, {"begin": form}, error)
    return _done(journey_id, _("Trinnet er begyndt."))


@bp.post("/<int:journey_id>/steps/<int:way_step_id>/carry")
@requires(Action.RECORD_EFFORTS)
def carry(journey_id: int, way_step_id: int) -> Response:
    """Let a placement carry the step."""
    taken = ways.step_for(current_user, journey_id, way_step_id)
    form = CarryForm(prefix="carry-")
    form.placement_id.choices = _placements_of(taken)
    if not form.validate():
        return _step_page(taken, {"carry": form}, status=422)
    placement = placement_for(current_user, form.placement_id.data)
    try:
        with transaction():
            journeys.carry(taken, placement, passed=form.passed_reason, by=current_user, at=clock.now())
    except DomainError as error:
        return _refused(taken, {"carry": form}, error)
    return _done(journey_id, _("Trinnet følger nu forløbet."))


@bp.post("/<int:journey_id>/steps/<int:way_step_id>/follow")
@requires(Action.RECORD_EFFORTS)
def follow(journey_id: int, way_step_id: int) -> Response:
    """Let a seat on a course or a place in a group carry the step."""
    taken = ways.step_for(current_user, journey_id, way_step_id)
    form = FollowForm(prefix="follow-")
    form.carrier.choices = _carriers_of(taken)
    if not form.validate():
        return _step_page(taken, {"follow": form}, status=422)
    try:
        with transaction():
            following.follow(
                taken, form.carrier.data, passed=form.passed_reason, by=current_user, at=clock.now()
            )
    except DomainError as error:
        return _refused(taken, {"follow": form}, error)
    return _done(journey_id, _("Trinnet følger nu kurset eller holdet."))


@bp.post("/<int:journey_id>/steps/<int:way_step_id>/let-go")
@requires(Action.RECORD_EFFORTS)
def let_go(journey_id: int, way_step_id: int) -> Response:
    """Nothing carries the step any more."""
    taken = ways.step_for(current_user, journey_id, way_step_id)
    try:
        with transaction():
            journeys.let_go(taken, by=current_user, at=clock.now())
    except DomainError as error:
        return _refused(taken, {}, error)
    return _done(journey_id, _("Trinnet følger ikke længere noget."))


@bp.post("/<int:journey_id>/steps/<int:way_step_id>/reach")
@requires(Action.RECORD_EFFORTS)
def reach_step(journey_id: int, way_step_id: int) -> Response:
    taken = ways.step_for(current_user, journey_id, way_step_id)
    form = ReachForm(prefix="reach-")
    if not form.validate():
        return _step_page(taken, {"reach": form}, status=422)
    try:
        with transaction():
            journeys.reach_step(taken, on=form.on.data, by=current_user, at=clock.now())
    except DomainError as error:
        return _refused(taken, {"reach": form}, error)
    return _done(journey_id, _("Trinnet er nået."))


@bp.post("/<int:journey_id>/steps/<int:way_step_id>/skip")
@requires(Action.RECORD_EFFORTS)
def skip_step(journey_id: int, way_step_id: int) -> Response:
    taken = ways.step_for(current_user, journey_id, way_step_id)
    form = SkipForm(prefix="skip-")
    if not form.validate():
        return _step_page(taken, {"skip": form}, status=422)
    try:
        with transaction():
            journeys.skip_step(taken, reason=form.skip_reason, by=current_user, at=clock.now())
    except DomainError as error:
        return _refused(taken, {"skip": form}, error)
    return _done(journey_id, _("Trinnet er sprunget over."))


@bp.post("/<int:journey_id>/steps/<int:way_step_id>/put-back")
@requires(Action.RECORD_EFFORTS)
def put_back(journey_id: int, way_step_id: int) -> Response:
    """The step waits again."""
    taken = ways.step_for(current_user, journey_id, way_step_id)
    try:
        with transaction():
            journeys.put_back(taken, by=current_user, at=clock.now())
    except DomainError as error:
        return _refused(taken, {}, error)
    return _done(journey_id, _("Trinnet venter igen."))


def _refused(taken: JourneyStep, tried: dict[str, PortalForm], error: DomainError) -> Response:
    """As it stands now, with what was typed and why it was refused."""
    again = ways.step_for(current_user, taken.journey_id, taken.id)
    return _step_page(again, tried, status=409, refusal=error)


def _done(journey_id: int, words: str) -> Response:
    flash(words, "success")
    return leave_to(url_for("journeys.detail", journey_id=journey_id))
