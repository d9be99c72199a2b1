"""Pages of goals."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user
from wtforms import Form

from portal.base import clock, events
from portal.base.database import check_version, transaction
from portal.base.errors import DomainError
from portal.base.terms import GoalUnit, Measure
from portal.ledger.goals import figures, queries, services
from portal.ledger.goals.figures import Figure
from portal.ledger.goals.forms import GoalForm, TargetForm
from portal.ledger.goals.models import Goal
from portal.shared.audit.viewing import record_view
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Listing, csv_response, read_listing, wanted_rows, wants_csv
from portal.web.measures import Counted, Evidence, FigureColumn
from portal.web.permissions import Action, requires

bp = Blueprint("goals", __name__, url_prefix="/goals")

TEXTS_SHOWN = 3
"""Of texts below each other in one cell: enough to see what the figure rests on."""


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
    counted, evidence = shown.spec.counted, shown.evidence
    if counted is None or evidence is None:
        return _show_figure(shown, None)
    listing = read_listing(counted.sorts)
    records = counted.search(evidence.records, listing.q) if listing.q else evidence.records
    rows = wanted_rows(listing, records, counted.sorts)
    if counted.shows_cards:
        _look(goal, rows)
    if wants_csv():
        return csv_response(f"maal-{goal.year}", _columns(counted, evidence), rows)
    return _show_figure(shown, listing)


def _look(goal: Goal, records: Sequence[Any]) -> None:
    """Card numbers are being shown, without the persons."""
    table = records[0].__tablename__ if records else None
    people = events.citizens_behind(table, [record.id for record in records])
    record_view("figure-opened", goal, citizen_id=None, purpose=_("Kortene bag et mål"), people=people)


def _columns(counted: Counted, evidence: Evidence) -> list[tuple[Any, Any]]:
    def cell(column: FigureColumn) -> Callable[[Any], Any]:
        return lambda record: column.value(record, evidence.notes.get(record.id))

    return [(column.heading, cell(column)) for column in counted.in_csv]


def _show_figure(shown: Figure, listing: Listing | None) -> Response:
    return render_page(
        "goals/figure.html",
        fragment="figure_list",
        figure=shown,
        listing=listing,
        percent=GoalUnit.PERCENT,
        texts_shown=TEXTS_SHOWN,
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
            check_version(goal, form.seen_version)
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
