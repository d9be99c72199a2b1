"""Pages about the matcher: its quality, its weights, its runs."""

from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from typing import Any, Final

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.loop.matches import sentences
from portal.loop.matches.models import RematchRun
from portal.loop.matches.rematch import freshness, rematch
from portal.loop.matches.weights import WORDS, history, in_force, set_weights
from portal.matching import STANDARD, Met, Weights
from portal.shared.audit.viewing import record_view
from portal.web.htmx import render_page
from portal.web.listing import Sorts, all_rows, fill, read_listing, table_file, wants_file
from portal.web.permissions import Action, requires
from portal.web.presentation import da_month
from portal.workspaces.quality import figures, queries
from portal.workspaces.quality.figures import Quality, last_months
from portal.workspaces.quality.forms import SetWeightsForm, WeightsForm
from portal.workspaces.quality.what_if import Movement, WhatIfResult, what_if

bp = Blueprint("quality", __name__, url_prefix="/quality")

PERIODS: Final = {"6": _l("6 måneder"), "12": _l("12 måneder")}
AT_ONCE: Final = 3_000
"""Open suggestions that are counted again while the leader waits, a few seconds; more are left to `flask rematch`."""

RUN_SORTS: Final = Sorts(
    {"started": [RematchRun.started_at, RematchRun.id]}, default="started", descending=True
)
_RUN_COLUMNS: Final = [
    (_l("Kommune"), lambda run: run.municipality.name),
    (_l("Begyndt"), lambda run: run.started_at),
    (_l("Færdig"), lambda run: run.finished_at),
    (_l("Åbninger"), lambda run: run.openings),
    (_l("Kort"), lambda run: run.cards),
    (_l("Nye forslag"), lambda run: run.opened),
    (_l("Ændrede"), lambda run: run.renewed),
    (_l("Lukkede"), lambda run: run.closed),
    (_l("Som før"), lambda run: run.unchanged),
    (_l("Ordliste"), lambda run: run.vocabulary_version),
    (_l("Beregning"), lambda run: run.matcher_version),
    (_l("Vægte"), lambda run: run.weights_id or _("standard")),
]
_QUALITY_COLUMNS: Final = [
    (_l("Måned"), lambda row: row[0]),
    (_l("Hvad"), lambda row: row[1]),
    (_l("Grund"), lambda row: row[2]),
    (_l("Antal"), lambda row: row[3]),
]


# --- How the suggestions were judged ------------------------------------------------------------------------


@bp.get("/")
@requires(Action.READ_QUALITY)
def index() -> Response:
    asked = request.args.get("months", "")
    period = asked if asked in PERIODS else "6"
    found = figures.quality(current_user.municipality_id, last_months(clock.today(), int(period)))
    if wants_file():
        return table_file("matcherens-kvalitet", _QUALITY_COLUMNS, _as_rows(found))
    return render_page(
        "quality/index.html",
        fragment="match_quality",
        quality=found,
        period=period,
        periods=list(PERIODS.items()),
        chart=[(da_month(month.first), row.decided, row.approved) for month, row in found.told.items()],
        condition_name=sentences.condition_name,
        best=figures.BEST,
        high=figures.HIGH,
        fewest=figures.FEWEST,
        met=Met,
    )


def _as_rows(found: Quality) -> Iterator[tuple[str, Any, Any, int]]:
    """One figure a row, so that a spreadsheet can turn and sum them."""
    for month, row in found.months.items():
        name = f"{month.year}-{month.number:02}"
        yield name, _("Foreslået"), "", row.suggested
        for (decision, reason), count in row.by_reason.items():
            yield name, decision.label, reason.label, count
        yield name, _("Blandt de %(best)s bedste: vurderet", best=figures.BEST), "", row.best_decided
        yield name, _("Blandt de %(best)s bedste: godkendt", best=figures.BEST), "", row.best_approved
        yield (
            name,
            _("Ikke godkendt, selv om sikkert var mindst %(high)s", high=figures.HIGH),
            "",
            row.refused_though_high,
        )


# --- Weights ------------------------------------------------------------------------------------------------


@bp.get("/weights")
@requires(Action.READ_QUALITY)
def weights() -> Response:
    """The weights in force; with others in the address, what those would do. Nothing is stored."""
    if not request.args.keys() & WORDS.keys():
        return _weights_page(_filled(in_force(current_user.municipality_id).weights))
    form = WeightsForm(formdata=request.args, meta={"csrf": False})
    if not form.validate():
        return _weights_page(form, status=422)
    return _weights_page(form, tried=form.weights, set_form=_filled(form.weights, SetWeightsForm))


@bp.post("/weights")
@requires(Action.SET_WEIGHTS)
def change_weights() -> Any:
    """Set the weights that were tried, with a note, and count the suggestions again where that is done in a moment."""
    form = SetWeightsForm()
    if not form.validate():
        tried = None if any(form[name].errors for name in WORDS) else form.weights
        return _weights_page(form, tried=tried, set_form=form, status=422)
    home = current_user.municipality_id
    try:
        with transaction():
            set_weights(home, form.weights, note=form.note.data, by=current_user, at=clock.now())
    except DomainError as refusal:
        return _weights_page(form, tried=form.weights, set_form=form, refusal=refusal, status=409)
    if freshness([home])[home].open <= AT_ONCE:
        rematch(home, now=clock.now)
        flash(_("Vægtene er gemt, og forslagene er regnet igen."), "success")
    else:
        flash(_("Vægtene er gemt. Forslagene regnes igen ved næste genberegning."), "success")
    return redirect(url_for("quality.weights"), 303)


def _filled(values: Weights, form: type[WeightsForm] = WeightsForm) -> WeightsForm:
    numbers = {name: Decimal(str(value)) for name, value in asdict(values).items()}
    return form(formdata=None, data=numbers)


def _weights_page(
    form: WeightsForm,
    *,
    tried: Weights | None = None,
    set_form: WeightsForm | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> Response:
    home = current_user.municipality_id
    changes = history(home)
    now = changes[0].values if changes else STANDARD
    return render_page(
        "quality/weights.html",
        fragment="matcher_weights",
        status=status,
        form=form,
        words=WORDS,
        now=asdict(now),
        standard=asdict(STANDARD),
        changes=changes,
        outcome=_try(tried, now) if tried else None,
        set_form=set_form,
        refusal=refusal,
        movements=Movement,
        freshness=freshness([home])[home],
    )


def _try(values: Weights, now: Weights) -> WhatIfResult:
    found = what_if(current_user.municipality_id, values, now=now, on=clock.today())
    record_view(
        "weights-tried",
        current_user.municipality,
        citizen_id=None,
        purpose=_("Kort på lister, som andre vægte ville flytte"),
        people=found.citizen_ids,
    )
    return found


# --- Runs ---------------------------------------------------------------------------------------------------


@bp.get("/runs")
@requires(Action.READ_RUNS)
def runs() -> Response:
    listing = read_listing(RUN_SORTS)
    statement = queries.runs_seen_by(current_user)
    homes = queries.municipalities_seen_by(current_user)
    if wants_file():
        return table_file("genberegninger", _RUN_COLUMNS, all_rows(listing, statement, RUN_SORTS))
    fresh = freshness(home.id for home in homes)
    return render_page(
        "quality/runs.html",
        fragment="run_list",
        listing=fill(listing, statement, RUN_SORTS),
        homes=[(home, fresh[home.id]) for home in homes],
    )
