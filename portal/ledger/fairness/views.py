"""The leader's page of how the members of each target group fare."""

from datetime import date
from typing import Any, Final

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.base.quarters import last_quarter_end
from portal.ledger.fairness.queries import Reached
from portal.ledger.fairness.report import STEPS, StepShare, fairness_report, periods_of
from portal.ledger.goals.masking import FEWEST
from portal.web.htmx import render_page
from portal.web.listing import Sorts, read_listing, table_file, wants_file
from portal.web.permissions import Action, requires

bp = Blueprint("fairness", __name__, url_prefix="/fairness")

STEP_NAMES: Final = {
    Reached.PROPOSED: _l("Foreslået til en plads"),
    Reached.APPROVED: _l("Forslag godkendt"),
    Reached.STARTED: _l("Forløb begyndt"),
    Reached.HIRED: _l("Ansat"),
}


@bp.get("/")
@requires(Action.READ_FAIRNESS)
def index() -> Response:
    """By target group how many were proposed, approved, begun and hired."""
    today = clock.today()
    years = _years(today)
    year = _chosen(request.args.get("year", ""), years, years[0])
    quarter = _chosen(request.args.get("quarter", ""), list(range(1, len(periods_of(year, today)))), 0)
    report = fairness_report(current_user.municipality_id, year, quarter or None, today)
    if wants_file() and report is not None:
        return table_file(f"lige-muligheder-{year}", _columns(), report.rows)
    return render_page(
        "fairness/index.html",
        fragment="fairness_table",
        listing=read_listing(Sorts({}, default="group"), filters=("year", "quarter")),
        report=report,
        year=year,
        years=[(one, one) for one in years[1:]],
        newest=years[0],
        quarters=[(one, _("%(quarter)s. kvartal", quarter=one)) for one in range(1, 5)],
        quarter=quarter,
        steps=STEP_NAMES,
        fewest=FEWEST,
    )


def _years(today: date) -> list[int]:
    """The newest first, from the one with the last quarter that is over."""
    newest = last_quarter_end(today).year
    return list(range(newest, min(newest, current_user.municipality.records_since_on.year) - 1, -1))


def _chosen(written: str, offered: list[int], otherwise: int) -> int:
    return int(written) if written in {str(one) for one in offered} else otherwise


def _columns() -> list[tuple[Any, Any]]:
    columns: list[tuple[Any, Any]] = [
        (_("Målgruppe"), lambda row: row.group.name),
        (_("Medlemmer"), lambda row: row.members),
    ]
    for step in STEPS:
        name = STEP_NAMES[step]
        columns += [
            (name, lambda row, step=step: _told(row.steps[step])),
            (_("%(step)s, procent", step=name), lambda row, step=step: row.steps[step].percent),
            (
                _("%(step)s, under fire femtedele", step=name),
                lambda row, step=step: row.steps[step].is_marked,
            ),
        ]
    return columns


def _told(one: StepShare) -> int | str:
    return _("få") if one.reached is None else one.reached
