"""Pages of the comparison: figures from outside, whom we are like, who shares with whom, and the national count."""

from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import NotFound

from portal.base import clock
from portal.base.alphabet import alphabet_key, alphabetical
from portal.base.database import db, transaction
from portal.base.errors import DomainError
from portal.base.terms import GoalUnit, Measure
from portal.ledger.comparison import benchmarks, cooperation, queries, services
from portal.ledger.comparison.benchmarks import Benchmark, time_of
from portal.ledger.comparison.cooperation import CooperatingEmployer, Cooperation, CountedBy
from portal.ledger.comparison.forms import (
    CorrectFigureForm,
    LikenessForm,
    OutsideFigureForm,
    TakeOutForm,
    as_typed,
)
from portal.ledger.comparison.models import OutsideFigure, OutsideTopic
from portal.ledger.comparison.queries import Subject as About
from portal.ledger.comparison.shared import can_be_shared
from portal.ledger.goals import figures
from portal.ledger.goals.models import Goal
from portal.ledger.goals.queries import goal_for, goals_of
from portal.shared.accounts.models import Municipality
from portal.web.htmx import leave_to, render_page
from portal.web.listing import (
    Listing,
    Sorts,
    fill_from,
    read_listing,
    table_file,
    wanted_rows,
    wants_file,
)
from portal.web.permissions import Action, requires
from portal.web.searching import found, text_holds

bp = Blueprint("comparison", __name__, url_prefix="/comparison")

FIGURE_SORTS: Final = Sorts(
    {
        "time": [OutsideFigure.last_on, OutsideFigure.id],
        "place": [alphabetical(OutsideFigure.place), OutsideFigure.last_on, OutsideFigure.id],
        "value": [OutsideFigure.value, OutsideFigure.id],
    },
    default="time",
    descending=True,
)
REPLACED: Final = "replaced"


@bp.get("/")
@requires(Action.READ_GOALS)
def index() -> Response:
    """Our figures beside others', and every figure that was typed from outside."""
    listing = read_listing(FIGURE_SORTS, filters=("subject", "standing"))
    rows = wanted_rows(listing, _wanted_figures(listing), FIGURE_SORTS)
    if wants_file():
        return table_file("tal-udefra", _figure_columns(), rows)
    goals, drawn = _compared()
    return render_page(
        "comparison/index.html",
        fragment="outside_list",
        listing=listing,
        subjects=[(one.value, one.label) for one in (*OutsideTopic, *Measure)],
        standings=[(REPLACED, _("Rettet eller taget ud"))],
        goals=goals,
        drawn=drawn,
        time_of=time_of,
        here=current_user.municipality,
        percent=GoalUnit.PERCENT,
    )


def _compared() -> tuple[list[Goal], list[Benchmark]]:
    """The goals of this time that are compared, each on a page of its own; and what was typed of those like us."""
    here, today = current_user.municipality, clock.today()
    likenesses = queries.likenesses_of(here.id)
    subjects = dict.fromkeys(one.subject for one in likenesses)
    is_shared = bool(queries.partners_of(here.id, today))
    goals = [
        goal
        for goal in figures.current(goals_of(here.id), today)
        if goal.measure in subjects or (is_shared and can_be_shared(goal))
    ]
    written = queries.standing_figures(here.id, subjects)
    drawn = [
        benchmarks.of_subject(here, one, written, [like.place for like in likenesses if like.subject == one])
        for one in subjects
    ]
    return goals, [one for one in drawn if any(row.value is not None for row in one.rows)]


def _wanted_figures(listing: Listing) -> sa.Select[Any]:
    statement = queries.figures_seen_by(current_user)
    replaced = listing.filters["standing"] == REPLACED
    statement = statement.where(
        OutsideFigure.replaced_at.is_not(None) if replaced else OutsideFigure.replaced_at.is_(None)
    )
    if listing.q:
        named = (OutsideFigure.place, OutsideFigure.source, OutsideFigure.method)
        statement = statement.where(found(listing.q, *named))
    try:
        return statement.where(queries.about(OutsideFigure, queries.subject_of(listing.filters["subject"])))
    except ValueError:
        return statement


def _figure_columns() -> list[tuple[Any, Any]]:
    return [
        (_("Hvad"), lambda one: one.subject.label),
        (_("Kommune"), lambda one: one.place or current_user.municipality.name),
        (_("År"), lambda one: one.year),
        (_("Kvartal"), lambda one: one.quarter),
        (_("Tal"), lambda one: float(one.value)),
        (_("Enhed"), lambda one: one.unit.label),
        (_("Kilde"), lambda one: one.source),
        (_("Hvordan er det talt?"), lambda one: one.method),
        (_("Skrevet ind"), lambda one: one.recorded_at),
        (_("Af"), lambda one: one.recorded_by.name if one.recorded_by else ""),
        (_("Rettet eller taget ud"), lambda one: one.replaced_at),
        (_("Hvorfor"), lambda one: one.replaced_because),
    ]


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.SET_GOALS)
def new() -> Response:
    """The leader writes a figure down that she read somewhere."""
    form = OutsideFigureForm()
    if not form.is_submitted():
        form.process(
            data={"place": current_user.municipality.name, "subject": request.args.get("subject", "")}
        )
        return _show_form(form, None)
    if not form.validate():
        return _show_form(form, None, status=422)
    try:
        with transaction():
            services.write_figure(
                current_user.municipality,
                form.details(),
                by=current_user,
                at=clock.now(),
                today=clock.today(),
            )
    except DomainError as error:
        return _show_form(form, None, status=409, refusal=error)
    flash(_("Tallet er skrevet ind."), "success")
    return leave_to(url_for("comparison.index"))


@bp.route("/<int:outside_id>/edit", methods=["GET", "POST"])
@requires(Action.SET_GOALS)
def edit(outside_id: int) -> Response:
    """The leader corrects a figure; the one before stays with why."""
    figure = queries.figure_for(current_user, outside_id)
    form = CorrectFigureForm(data=as_typed(figure)) if request.method != "POST" else CorrectFigureForm()
    if not form.is_submitted():
        return _show_form(form, figure)
    if not form.validate():
        return _show_form(form, figure, status=422)
    try:
        with transaction():
            services.correct_figure(
                figure,
                form.details(),
                because=form.because.data,
                by=current_user,
                at=clock.now(),
                today=clock.today(),
            )
    except DomainError as error:
        return _show_form(form, figure, status=409, refusal=error)
    flash(_("Tallet er rettet."), "success")
    return leave_to(url_for("comparison.index"))


def _show_form(
    form: OutsideFigureForm,
    figure: OutsideFigure | None,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    return render_page(
        "comparison/form.html",
        fragment="outside_form",
        status=status,
        form=form,
        figure=figure,
        refusal=refusal,
    )


@bp.route("/<int:outside_id>/remove", methods=["GET", "POST"])
@requires(Action.SET_GOALS)
def remove(outside_id: int) -> Response:
    """The leader takes a figure out, with why; it stays among what was corrected."""
    figure = queries.figure_for(current_user, outside_id)
    form = TakeOutForm()
    if not form.is_submitted():
        return _show_removal(form, figure)
    if not form.validate():
        return _show_removal(form, figure, status=422)
    try:
        with transaction():
            services.take_out_figure(figure, because=form.because.data, by=current_user, at=clock.now())
    except DomainError as error:
        return _show_removal(form, figure, status=409, refusal=error)
    flash(_("Tallet er taget ud."), "success")
    return leave_to(url_for("comparison.index"))


def _show_removal(
    form: TakeOutForm, figure: OutsideFigure, *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    return render_page(
        "comparison/remove.html",
        fragment="take_out",
        status=status,
        form=form,
        figure=figure,
        refusal=refusal,
        time_of=time_of,
        percent=GoalUnit.PERCENT,
    )


@bp.route("/like/<subject>", methods=["GET", "POST"])
@requires(Action.SET_GOALS)
def like(subject: str) -> Response:
    """The leader chooses which municipalities are like ours in one thing."""
    about = _about(subject)
    here = current_user.municipality
    chosen = queries.places_like(here.id, about)
    known = sorted({*queries.places_known(here.id, about), *chosen})
    form = LikenessForm(places=known)
    if not form.is_submitted():
        form.places.data = chosen
        return _show_likeness(form, about)
    if not form.validate():
        return _show_likeness(form, about, status=422)
    with transaction():
        services.choose_like(here, about, form.places.data, by=current_user, at=clock.now())
    flash(_("Valget er gemt."), "success")
    return leave_to(url_for("comparison.index"))


def _about(value: str) -> About:
    try:
        return queries.subject_of(value)
    except ValueError as error:
        raise NotFound from error


def _show_likeness(form: LikenessForm, about: About, *, status: int = 200) -> Response:
    return render_page(
        "comparison/like.html", fragment="likeness_form", status=status, form=form, subject=about
    )


@bp.get("/sharing")
@requires(Action.SHARE_FIGURES)
def sharing() -> Response:
    """To whom we show our figures, and who shows us theirs."""
    here, today = current_user.municipality, clock.today()
    standing = queries.sharings_of(here.id, today)
    return render_page(
        "comparison/sharing.html",
        fragment="sharing_list",
        others=queries.others(here.id),
        given={one.with_id: one for one in standing if one.municipality_id == here.id},
        got={one.municipality_id: one for one in standing if one.with_id == here.id},
    )


@bp.post("/sharing/<int:other_id>/on")
@requires(Action.SHARE_FIGURES)
def switch_on(other_id: int) -> Response:
    other = _other(other_id)
    with transaction():
        services.switch_on(
            current_user.municipality, other, by=current_user, at=clock.now(), today=clock.today()
        )
    flash(_("I viser nu jeres tal til %(place)s, når de viser jer deres.", place=other.name), "success")
    return leave_to(url_for("comparison.sharing"))


@bp.post("/sharing/<int:other_id>/off")
@requires(Action.SHARE_FIGURES)
def switch_off(other_id: int) -> Response:
    other = _other(other_id)
    with transaction():
        services.switch_off(
            current_user.municipality, other, by=current_user, at=clock.now(), today=clock.today()
        )
    flash(_("I viser ikke længere jeres tal til %(place)s.", place=other.name), "success")
    return leave_to(url_for("comparison.sharing"))


def _other(other_id: int) -> Municipality:
    """Another municipality of the portal; one's own is none to share with."""
    found = db.session.get(Municipality, other_id)
    if found is None or found.id == current_user.municipality_id:
        raise NotFound
    return found


@bp.get("/goals/<int:goal_id>")
@requires(Action.READ_GOALS)
def of_goal(goal_id: int) -> Response:
    """A goal's figure beside those of others."""
    goal = goal_for(current_user, goal_id)
    here, today = current_user.municipality, clock.today()
    benchmark = benchmarks.of_goal(here, figures.figure_of(here, goal, today), today)
    if wants_file():
        return table_file(f"sammenligning-{goal.year}", _benchmark_columns(), benchmark.rows)
    return render_page(
        "comparison/goal.html",
        fragment="goal_benchmark",
        goal=goal,
        benchmark=benchmark,
        can_be_shared=can_be_shared(goal),
        percent=GoalUnit.PERCENT,
    )


def _benchmark_columns() -> list[tuple[Any, Any]]:
    return [
        (_("Kommune"), lambda row: row.place),
        (_("Tid"), lambda row: row.time),
        (_("Tal"), lambda row: None if row.value is None else float(row.value)),
        (_("Hvorfor intet tal"), lambda row: row.why_none),
        (_("Kilde"), lambda row: row.source),
        (_("Hvordan er det talt?"), lambda row: row.method),
    ]


@bp.get("/samarbejdsgrad")
@requires(Action.READ_GOALS)
def rate() -> Response:
    """Our count of lasting cooperation beside the national one, employer by employer."""
    today = clock.today()
    year = _year(request.args.get("year", ""), today)
    first, on = date(year, 1, 1), min(date(year, 12, 31), today)
    found = cooperation.cooperation(current_user.municipality_id, first, on)
    listing = read_listing(RATE_SORTS, filters=("year", "side"))
    rows = _sorted(listing, _wanted_employers(listing, found))
    if wants_file():
        return table_file(f"samarbejdsgrad-{year}", _rate_columns(), rows)
    return render_page(
        "comparison/rate.html",
        fragment="rate_list",
        listing=fill_from(listing, rows),
        found=found,
        sides=CountedBy,
        side_choices=[(one.value, one.label) for one in CountedBy],
        year_choices=[(one, one) for one in _years(current_user.municipality, today)],
        year=year,
        contacts=[form.label for form in cooperation.CONTACTS],
        others=cooperation.OTHER_CONTACTS,
        is_past=on < today,
        time_of=time_of,
    )


RATE_SORTS: Final = Sorts({"name": (), "side": ()}, default="name")
"""The rows stand in memory: `_sorted` orders them."""


def _sorted(listing: Listing, rows: list[CooperatingEmployer]) -> list[CooperatingEmployer]:
    sides = list(CountedBy)
    by_side = listing.sort == "side"
    return sorted(
        rows,
        key=lambda one: (sides.index(one.side) if by_side else 0, alphabet_key(one.name), one.employer_id),
        reverse=listing.descending,
    )


def _wanted_employers(listing: Listing, cooperation: Cooperation) -> list[CooperatingEmployer]:
    words, side = listing.q, listing.filters["side"]
    return [
        one
        for one in cooperation.employers
        if (text_holds(one.name, words) or "".join(words.split()) in one.cvr) and side in ("", one.side.value)
    ]


def _rate_columns() -> list[tuple[Any, Any]]:
    return [
        (_("Virksomhed"), lambda one: one.name),
        (_("CVR-nummer"), lambda one: one.cvr),
        (_("Hvem tæller den?"), lambda one: one.side.label),
        (_("Her"), lambda one: one.ours),
        (_("Nationalt"), lambda one: one.national),
    ]


def _years(municipality: Municipality, today: date) -> list[int]:
    return list(range(today.year, municipality.records_since_on.year - 1, -1))


def _year(written: str, today: date) -> int:
    """A year of the address that there are records of; anything else is this year."""
    years = {str(year) for year in _years(current_user.municipality, today)}
    return int(written) if written in years else today.year
