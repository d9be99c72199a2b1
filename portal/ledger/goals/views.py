"""Pages of goals."""

from typing import Any

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user
from wtforms import Form

from portal.base import clock
from portal.base.database import check_version, transaction
from portal.base.errors import DomainError
from portal.ledger.goals import figures, queries, services
from portal.ledger.goals.figures import Figure
from portal.ledger.goals.forms import GoalForm, TargetForm
from portal.ledger.goals.models import Goal, GoalUnit, Measure
from portal.loop.cards.models import CompetenceCard
from portal.loop.employers.models import Employer
from portal.loop.partnerships import queries as partnerships
from portal.loop.partnerships.counting import Standing
from portal.loop.partnerships.models import Partnership
from portal.loop.placements.models import Placement
from portal.shared.audit import services as audit
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Listing, Sorts, all_rows, contains, csv_response, fill, read_listing, wants_csv
from portal.web.permissions import Action, requires

bp = Blueprint("goals", __name__, url_prefix="/goals")

EVENTS_SHOWN = 3
"""Of each firm, the newest first: enough to see what the figure rests on; the agreement lists them all."""

SORTS = {
    Measure.PARTNERSHIPS: Sorts(
        {
            "employer": [Employer.name, Partnership.id],
            "signed_on": [Partnership.signed_on, Partnership.id],
        },
        default="employer",
    ),
    Measure.CARDS: Sorts(
        {
            "made": [CompetenceCard.created_at, CompetenceCard.id],
            "card": [CompetenceCard.number, CompetenceCard.id],
        },
        default="made",
    ),
    Measure.HIRED: Sorts(
        {
            "ended_on": [Placement.ended_on, Placement.id],
            "card": [CompetenceCard.number, Placement.id],
            "employer": [Employer.name, Placement.id],
        },
        default="ended_on",
    ),
}


@bp.get("/")
@requires(Action.READ_GOALS)
def index() -> Response:
    """What the plans promised, beside what the records show."""
    goals = queries.goals_of(current_user.municipality_id)
    blocks = figures.blocks(current_user.municipality, goals, clock.today())
    if wants_csv():
        rows = [figure for block in blocks for figure in block.figures]
        return csv_response("maal", _goal_columns(), rows)
    return render_page(
        "goals/index.html",
        fragment="goal_blocks",
        blocks=blocks,
        today=clock.today(),
        percent=GoalUnit.PERCENT,
        since=current_user.municipality.records_since_on,
    )


def _goal_columns() -> list[tuple[Any, Any]]:
    return [
        (_("Hvad tælles der?"), lambda figure: figure.goal.measure.label),
        (_("År"), lambda figure: figure.goal.year),
        (_("Mål"), lambda figure: figure.goal.target),
        (_("Enhed"), lambda figure: figure.goal.unit.label),
        (_("Tal"), lambda figure: _("ingen data") if figure.value is None else figure.value),
        (_("Talt den"), lambda figure: figure.on if figure.opens else None),
        (_("Målet med planens egne ord"), lambda figure: figure.goal.sentence),
        (_("Kilde"), lambda figure: figure.goal.source),
    ]


@bp.get("/<int:goal_id>")
@requires(Action.READ_GOALS)
def figure(goal_id: int) -> Response:
    """The list behind a figure: the figure is its length."""
    goal = queries.goal_for(current_user, goal_id)
    shown = figures.figure_of(current_user.municipality, goal, clock.today())
    if not shown.opens:
        return _show_figure(shown, None, {})
    sorts = SORTS[goal.measure]
    listing = read_listing(sorts)
    standings = {standing.partnership.id: standing for standing in shown.standings}
    statement = _records(shown, standings, listing.q)
    if goal.measure is not Measure.PARTNERSHIPS:
        _look(goal)
    if wants_csv():
        return csv_response(
            f"maal-{goal.year}", _columns(goal.measure, standings), all_rows(listing, statement, sorts)
        )
    return _show_figure(shown, fill(listing, statement, sorts), standings)


def _look(goal: Goal) -> None:
    """Card numbers are being shown, without the persons."""
    audit.record_view(
        "figure-opened",
        subject=goal,
        by=current_user,
        at=clock.now(),
        citizen_id=None,
        purpose=_("Kortene bag et mål"),
    )


def _records(shown: Figure, standings: dict[int, Standing], words: str) -> Any:
    """The records behind the figure; searching finds firms and card numbers, never persons."""
    if shown.goal.measure is Measure.PARTNERSHIPS:
        statement = partnerships.listed(current_user, standings)
        return partnerships.searched(statement, words) if words else statement
    records = figures.LISTS[shown.goal.measure](shown.goal.municipality_id, shown.on)
    return records.where(contains(CompetenceCard.number, words)) if words else records


def _columns(measure: Measure, standings: dict[int, Standing]) -> list[tuple[Any, Any]]:
    if measure is Measure.CARDS:
        return [(_("Kort"), lambda card: card.number), (_("Lavet den"), lambda card: card.created_at)]
    if measure is Measure.HIRED:
        return [
            (_("Kort"), lambda placement: placement.card.number),
            (_("Virksomhed"), lambda placement: placement.opening.employer.name),
            (_("Form"), lambda placement: placement.form.label),
            (_("Ansat den"), lambda placement: placement.ended_on),
        ]
    return [
        (_("Virksomhed"), lambda partnership: partnership.employer.name),
        (_("CVR-nummer"), lambda partnership: partnership.employer.cvr),
        (_("Fag"), lambda partnership: partnership.employer.industry.label),
        (_("Underskrevet"), lambda partnership: partnership.signed_on),
        (
            _("Konsulent"),
            lambda partnership: ", ".join(user.name for user in standings[partnership.id].consultants),
        ),
        (_("Grundlag"), lambda partnership: _events_in_words(standings[partnership.id])),
    ]


def _events_in_words(standing: Standing) -> str:
    return "; ".join(f"{event.on:%d-%m-%Y} {event.kind.label}: {event.title}" for event in standing.events)


def _show_figure(shown: Figure, listing: Listing | None, standings: dict[int, Standing]) -> Response:
    return render_page(
        "goals/figure.html",
        fragment="figure_list",
        figure=shown,
        listing=listing,
        standings=standings,
        measures=Measure,
        percent=GoalUnit.PERCENT,
        events_shown=EVENTS_SHOWN,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.SET_GOALS)
def new() -> Response:
    """The leader sets a target for a year."""
    form = GoalForm()
    if not form.is_submitted():
        form.process(data={"year": clock.today().year})
        return _show_form(form, None)
    if not form.validate():
        return _show_form(form, None, status=422)
    try:
        with transaction():
            services.set_goal(
                current_user.municipality_id,
                _details(form, form.measure.data, form.year.data),
                by=current_user,
                at=clock.now(),
            )
    except DomainError as error:
        return _show_form(form, None, status=409, refusal=error)
    flash(_("Målet er sat."), "success")
    return leave_to(url_for("goals.index"))


@bp.route("/<int:goal_id>/edit", methods=["GET", "POST"])
@requires(Action.SET_GOALS)
def edit(goal_id: int) -> Response:
    """The leader changes target, sentence or source; the figure is counted and never typed."""
    goal = queries.goal_for(current_user, goal_id)
    form = TargetForm(obj=goal)
    if not form.is_submitted():
        return _show_form(form, goal)
    if not form.validate():
        return _show_form(form, goal, status=422)
    try:
        with transaction():
            check_version(goal, form.version.data)
            services.edit_goal(goal, _details(form, goal.measure, goal.year), by=current_user, at=clock.now())
    except DomainError as error:
        form.accept_version(goal.version)
        return _show_form(form, goal, status=409, refusal=error)
    flash(_("Målet er ændret."), "success")
    return leave_to(url_for("goals.index"))


def _details(form: TargetForm, measure: Measure, year: int) -> services.GoalDetails:
    return services.GoalDetails(
        measure=measure,
        year=year,
        target=form.target.data,
        sentence=form.sentence.data,
        source=form.source.data,
    )


def _show_form(
    form: Form, goal: Goal | None, *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    return render_page(
        "goals/form.html", fragment="goal_form", status=status, form=form, goal=goal, refusal=refusal
    )
