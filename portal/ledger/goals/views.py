"""Pages of goals: the table, a goal with what is behind its figure, and what the leader does to goals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.exceptions import NotFound

from portal.base import clock
from portal.base.alphabet import alphabetical
from portal.base.database import check_version, transaction
from portal.base.errors import DomainError
from portal.base.quarters import number
from portal.base.terms import GoalUnit, Measure, PeriodKind
from portal.interventions.target_groups.models import TargetGroup
from portal.interventions.target_groups.queries import groups_of
from portal.ledger.goals import divided, figures, lists, overview, queries, services, table
from portal.ledger.goals.corrections import corrections
from portal.ledger.goals.forms import (
    TERM,
    CorrectionForm,
    GoalCopyForm,
    GoalEndForm,
    TargetForm,
    YearCopyForm,
    form_for,
    next_time,
    terms_of,
    year_copy_form,
)
from portal.ledger.goals.lists import ListKind
from portal.ledger.goals.measures import all_specs, spec_of
from portal.ledger.goals.models import FrozenFigure, FrozenLine, Goal
from portal.ledger.goals.table import OpenedGoal
from portal.loop.cards.models import CompetenceCard
from portal.loop.employers.models import Employer
from portal.shared.audit.viewing import record_view
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Listing, Sorts, read_listing, table_file, wanted_rows, wants_file
from portal.web.permissions import Action, action_of, requires
from portal.web.searching import found
from portal.web.typed_fields import asked_day

bp = Blueprint("goals", __name__, url_prefix="/goals")


SORTS: Final = Sorts({"plan": (), "name": (), "time": (), "way": ()}, default="plan")
"""Of the table, which stands in memory; the plan's own order comes first."""


@bp.get("/")
@requires(Action.READ_GOALS)
def index() -> Response:
    """What the plans promised, beside what the records show and what they showed a year before."""
    today = clock.today()
    listing = read_listing(SORTS, filters=("on", "time", "plan", "measure", "group"))
    written = asked_day(listing.filters["on"], today)
    asked = min(written.day or today, today)
    goals = queries.goals_of(current_user.municipality_id)
    wanted = overview.wanted(goals, listing, asked)
    rows = table.rows_of(current_user.municipality, wanted, asked, today, among=goals)
    if not current_user.may(Action.READ_CITIZENS):
        rows = divided.rows_told(rows, goals, today)
    rows = overview.in_order(rows, listing)
    if wants_file():
        return table_file("maal", _goal_columns(), rows)
    return render_page(
        "goals/index.html",
        fragment="goal_table",
        listing=listing,
        rows=[row for row in rows if row.figure.opens],
        without=[row.figure for row in rows if not row.figure.opens],
        days=overview.CountedDays(asked, figures.last_quarter_end(asked) if asked < today else today),
        asked=written,
        today=today,
        since=current_user.municipality.records_since_on,
        choices=overview.Choices(goals, asked),
    )


def _goal_columns() -> list[tuple[Any, Any]]:
    return [
        (_("Hvad tælles der?"), lambda row: row.goal.measure.label),
        (_("Målgruppe"), lambda row: row.goal.group.name if row.goal.group else ""),
        (_("Fra"), lambda row: row.goal.first_on),
        (_("Til"), lambda row: row.goal.last_on),
        (_("Retning"), lambda row: row.goal.aim.label),
        (_("Mål"), lambda row: row.goal.target),
        (_("Enhed"), lambda row: row.goal.unit.label),
        (_("Tal"), lambda row: _("ingen data") if row.figure.value is None else float(row.figure.value)),
        (_("Talt den"), lambda row: row.figure.on if row.figure.opens else None),
        (_("Står det fast?"), lambda row: row.figure.standing.label if row.figure.standing else ""),
        (_("Mangler"), lambda row: None if row.figure.missing is None else float(row.figure.missing)),
        (_("Kendt for"), lambda row: row.figure.tally.known if row.figure.tally else None),
        (_("Ud af"), lambda row: row.figure.tally.lines if row.figure.tally else None),
        (_("Året før"), lambda row: float(row.last_year.value) if row.last_year else None),
        (_("Året før talt den"), lambda row: row.last_year.on if row.last_year else None),
        (_("Låst"), lambda row: row.figure.frozen is not None),
        (_("Målet med planens egne ord"), lambda row: row.goal.sentence),
        (_("Kilde"), lambda row: row.goal.source),
        (_("Afsluttet før tid"), lambda row: row.goal.ended_because),
    ]


@bp.get("/<int:goal_id>")
@requires(Action.READ_GOALS)
def figure(goal_id: int) -> Response:
    """The goal, and the list behind its figure: the figure is the list's sum."""
    today = clock.today()
    asked = min(asked_day(request.args.get("on", ""), today).day or today, today)
    among = queries.goals_of(current_user.municipality_id)
    goal = queries.one_of(among, goal_id)
    page = table.opened(current_user.municipality, goal, asked, today, among=among)
    if not current_user.may(Action.READ_CITIZENS):
        page = divided.page_told(page, among, today)
    kind, found = _list_behind(page, among)
    if wants_file() and kind not in (ListKind.NONE, ListKind.OUTSIDE):
        return table_file(f"maal-{goal.id}-{goal.year}", _columns(kind, found), found.rows)
    return _show_figure(page, kind, found)


@dataclass(frozen=True)
class _Found:
    """What the page shows of a list: rows with their listing, or parts that are added up."""

    rows: Sequence[Any] = ()
    listing: Listing | None = None
    notes: Mapping[int, Sequence[str]] = field(default_factory=dict)


def _list_behind(page: OpenedGoal, among: Sequence[Goal]) -> tuple[ListKind, _Found]:
    """The list behind the figure, as far as its reader may see it."""
    shown, lines = page.row.figure, page.lines
    kind = lists.kind_of(shown, sees_cards=current_user.may(Action.READ_CITIZENS))
    if kind is ListKind.PARTS:
        return kind, _Found(lists.by_form(shown, lines, among, clock.today()))
    if shown.frozen is not None:
        return kind, _frozen(kind, shown.frozen)
    if lines is None or kind is ListKind.NONE:
        return kind, _Found()
    if kind is ListKind.OUTSIDE:
        return kind, _Found([text for notes in lines.notes.values() for text in notes])
    is_people = kind is ListKind.PEOPLE
    records = lists.of_citizens(lines) if is_people else lists.of_employers(lines)
    named, day = (CompetenceCard.number if is_people else Employer.name), records.selected_columns.on
    by_name = named if is_people else alphabetical(named)
    unique = records.selected_columns.subject_id
    sorts = Sorts({"name": (by_name, day, unique), "on": (day, by_name, unique)}, default="name")
    found = _listed(records, sorts, named, notes=lines.notes)
    if is_people:
        _look(shown.goal, found.rows)
    return kind, found


def _frozen(kind: ListKind, figure: FrozenFigure) -> _Found:
    if kind is ListKind.OUTSIDE:
        return _Found(lists.frozen_notes(figure))
    return _listed(lists.frozen_employers(figure), FROZEN_SORTS, FrozenLine.employer_name)


FROZEN_SORTS: Final = Sorts(
    {
        "name": (alphabetical(FrozenLine.employer_name), FrozenLine.on, FrozenLine.id),
        "on": (FrozenLine.on, alphabetical(FrozenLine.employer_name), FrozenLine.id),
    },
    default="name",
)


def _listed(
    records: sa.Select[Any],
    sorts: Sorts,
    named: Any,
    *,
    notes: Mapping[int, Sequence[str]] | None = None,
) -> _Found:
    listing = read_listing(sorts, filters=("on", "counts"))
    if listing.q:
        records = records.where(found(listing.q, named))
    if listing.filters["counts"] in set(lists.LineState):
        records = records.where(lists.in_state(records, lists.LineState(listing.filters["counts"])))
    return _Found(wanted_rows(listing, records, sorts), listing, notes or {})


def _look(goal: Goal, rows: Sequence[Any]) -> None:
    """Card numbers are being shown, without the persons."""
    people = {row.subject_id for row in rows if row.subject_id is not None}
    record_view("figure-opened", goal, citizen_id=None, purpose=_("Kortene bag et mål"), people=people)


def _columns(kind: ListKind, found: _Found) -> list[tuple[Any, Any]]:
    if kind is ListKind.PARTS:
        return [
            (_("Form"), lambda part: part.label),
            (_("Antal"), lambda part: _("få") if part.amount is None else part.amount),
        ]
    if kind is ListKind.PEOPLE:
        named = [(_("Kort"), lambda row: row.name), (_("Form"), lambda row: lists.form_label(row.form))]
    else:
        named = [(_("Virksomhed"), lambda row: row.name), (_("CVR-nummer"), lambda row: row.cvr)]
    return [
        *named,
        (_("Dag"), lambda row: row.on),
        (_("Tæller"), lambda row: row.amount),
        (_("Ud af"), lambda row: row.out_of),
        (_("Er der skrevet noget?"), lambda row: bool(row.known)),
        (_("Grundlag"), lambda row: "; ".join(lists.notes_of(row, found.notes))),
    ]


def _show_figure(page: OpenedGoal, kind: ListKind, found: _Found) -> Response:
    goal = page.row.goal
    return render_page(
        "goals/figure.html",
        fragment="figure_list",
        page=page,
        row=page.row,
        figure=page.row.figure,
        goal=goal,
        today=clock.today(),
        kind=kind,
        rows=found.rows,
        listing=found.listing,
        notes_of=lambda row: lists.notes_of(row, found.notes),
        form_label=lists.form_label,
        states=lists.LineState.choices(),
        changes=queries.changes_of(goal),
        where=_page_of_records(goal),
        since_frozen=corrections(page.row.figure.frozen) if page.row.figure.frozen else None,
    )


def _page_of_records(goal: Goal) -> str | None:
    """Where what the figure counts is written down, if the reader may open the page: the group's own, or the room's."""
    if goal.group_id is not None and current_user.may(Action.READ_TARGET_GROUPS):
        return url_for("target_groups.detail", group_id=goal.group_id)
    page = spec_of(goal.measure).page
    action = action_of(current_app.view_functions[page]) if page is not None else None
    return url_for(page) if page is not None and action is not None and current_user.may(action) else None


@bp.get("/new")
@requires(Action.SET_GOALS)
def choose() -> Response:
    """What is to be counted comes first: the rest of the form follows from it."""
    return render_page("goals/choose.html", fragment="measures", specs=all_specs())


@bp.route("/new/<measure>", methods=["GET", "POST"])
@requires(Action.SET_GOALS)
def new(measure: str) -> Response:
    """The leader sets a target for a time."""
    wanted = _measure(measure)
    form = form_for(wanted)(groups=_groups())
    if not form.is_submitted():
        _propose(form, wanted)
        return _show_form(form, wanted, None)
    if not form.validate():
        return _show_form(form, wanted, None, status=422)
    try:
        with transaction():
            details = form.details(wanted, terms_of(form, wanted))
            services.set_goal(current_user.municipality_id, details, by=current_user, at=clock.now())
    except DomainError as error:
        return _show_form(form, wanted, None, status=409, refusal=error)
    flash(_("Målet er sat."), "success")
    return leave_to(url_for("goals.index"))


def _measure(value: str) -> Measure:
    if value not in {one.value for one in Measure}:
        raise NotFound
    return Measure(value)


def _groups() -> list[TargetGroup]:
    return groups_of(current_user.municipality_id)


def _propose(form: TargetForm, measure: Measure) -> None:
    """This year, in the kind of time that the measure is most often asked in."""
    first, last = services.year(clock.today().year)
    how = spec_of(measure).counted
    period = PeriodKind.DAY if how is not None and how.is_standing else PeriodKind.YEAR
    quarter = number(clock.today())
    terms = {field.name: field.default for field in form if field.name.startswith(TERM)}
    form.process(
        data={
            "year": first.year,
            "quarter": quarter,
            "first_on": first,
            "last_on": last,
            "period": period,
            **terms,
        }
    )


@bp.route("/<int:goal_id>/edit", methods=["GET", "POST"])
@requires(Action.SET_GOALS)
def edit(goal_id: int) -> Response:
    """The leader corrects a goal with a note; the figure is counted and never typed."""
    goal = queries.goal_for(current_user, goal_id)
    made = form_for(goal.measure, CorrectionForm)
    terms = {TERM + key: value for key, value in goal.terms.items()}
    form = made(obj=goal, data={**terms, "quarter": number(goal.last_on)}, groups=_groups())
    if not form.is_submitted():
        return _show_form(form, goal.measure, goal)
    if not form.validate():
        return _show_form(form, goal.measure, goal, status=422)
    try:
        with transaction():
            check_version(goal, form.seen_version)
            details = form.details(goal.measure, terms_of(form, goal.measure))
            services.correct_goal(goal, details, note=form["note"].data, by=current_user, at=clock.now())
    except DomainError as error:
        form.accept_version(goal.version)
        return _show_form(form, goal.measure, goal, status=409, refusal=error)
    flash(_("Målet er rettet."), "success")
    return leave_to(url_for("goals.figure", goal_id=goal.id))


@bp.route("/<int:goal_id>/copy", methods=["GET", "POST"])
@requires(Action.SET_GOALS)
def copy(goal_id: int) -> Response:
    """The leader takes a goal on into the next year."""
    goal = queries.goal_for(current_user, goal_id)
    form = GoalCopyForm()
    if not form.is_submitted():
        first, last = next_time(goal)
        form.process(data={"first_on": first, "last_on": last, "target": goal.target})
        return _show_step(form, goal, "goals/copy.html")
    if not form.validate():
        return _show_step(form, goal, "goals/copy.html", status=422)
    try:
        with transaction():
            services.copy_goal(
                goal,
                first_on=form.first_on.data,
                last_on=form.last_on.data,
                target=form.target.data,
                note=form.note.data or "",
                by=current_user,
                at=clock.now(),
            )
    except DomainError as error:
        return _show_step(form, goal, "goals/copy.html", status=409, refusal=error)
    flash(_("Målet er sat for den nye tid."), "success")
    return leave_to(url_for("goals.index"))


@bp.route("/copy-year", methods=["GET", "POST"])
@requires(Action.SET_GOALS)
def copy_year() -> Response:
    """The leader takes all goals of a year on into the next, each with its new target, in one form."""
    goals = queries.goals_of(current_user.municipality_id)
    years = sorted({goal.year for goal in goals if goal.ended_on is None})
    wanted = request.args.get("year", "")
    year = int(wanted) if wanted in {str(one) for one in years} else _latest(years, clock.today().year)
    ready, there = services.to_copy(goals, year)
    form = year_copy_form(ready)()
    if not form.is_submitted():
        return _show_year(form, year, years, there)
    if not form.validate():
        return _show_year(form, year, years, there, status=422)
    try:
        with transaction():
            for goal, target in form.taken():
                first, last = next_time(goal)
                services.copy_goal(
                    goal, first_on=first, last_on=last, target=target, by=current_user, at=clock.now()
                )
    except DomainError as error:
        return _show_year(form, year, years, there, status=409, refusal=error)
    count = len(form.taken())
    flash(
        ngettext(
            "%(num)s mål er sat for %(year)s.", "%(num)s mål er sat for %(year)s.", count, year=year + 1
        ),
        "success",
    )
    return leave_to(url_for("goals.index", time="ahead" if year >= clock.today().year else None))


def _latest(years: Sequence[int], this_year: int) -> int:
    """The year whose goals are most likely taken on: this one, or the last before it that has any."""
    return max((year for year in years if year <= this_year), default=this_year)


def _show_year(
    form: YearCopyForm,
    year: int,
    years: Sequence[int],
    there: Sequence[Goal],
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    shown = figures.figures_of(current_user.municipality, form.goals, clock.today())
    return render_page(
        "goals/copy_year.html",
        fragment="year_copy",
        status=status,
        form=form,
        figures=shown,
        times={goal.id: next_time(goal) for goal in form.goals},
        year=year,
        years=years,
        there=there,
        refusal=refusal,
    )


@bp.route("/<int:goal_id>/end", methods=["GET", "POST"])
@requires(Action.SET_GOALS)
def end(goal_id: int) -> Response:
    """The leader stops pursuing a goal, with why."""
    goal = queries.goal_for(current_user, goal_id)
    form = GoalEndForm()
    if not form.is_submitted():
        return _show_step(form, goal, "goals/end.html")
    if not form.validate():
        return _show_step(form, goal, "goals/end.html", status=422)
    try:
        with transaction():
            services.end_goal(
                goal, because=form.because.data, on=clock.today(), by=current_user, at=clock.now()
            )
    except DomainError as error:
        return _show_step(form, goal, "goals/end.html", status=409, refusal=error)
    flash(_("Målet er afsluttet. Det står stadig på siden med grunden."), "success")
    return leave_to(url_for("goals.index"))


def _show_step(
    form: Any, goal: Goal, template: str, *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    return render_page(template, fragment="goal_step", status=status, form=form, goal=goal, refusal=refusal)


def _show_form(
    form: TargetForm,
    measure: Measure,
    goal: Goal | None,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    return render_page(
        "goals/form.html",
        fragment="goal_form",
        status=status,
        form=form,
        spec=spec_of(measure),
        goal=goal,
        refusal=refusal,
        percent=GoalUnit.PERCENT,
        term_fields=[field for field in form if field.name.startswith(TERM)],
    )
