"""Målstatus as files."""

from flask import Blueprint, Response, request
from flask_login import current_user

from portal.base import clock
from portal.base.database import end_reading
from portal.ledger.status.contents import GoalStatus, status_of
from portal.ledger.status.paper import render_status
from portal.ledger.status.spreadsheet import filename, status_workbook
from portal.web.downloads import download, pdf_response
from portal.web.paper.workbooks import XLSX
from portal.web.permissions import Action, requires
from portal.web.typed_fields import asked_day

bp = Blueprint("status", __name__, url_prefix="/goals")


@bp.get("/status.pdf")
@requires(Action.READ_GOALS)
def paper() -> Response:
    """For a committee: the table on one page, then each goal."""
    status, unit = _read()
    return pdf_response(filename(status.on), render_status(status, unit=unit, printed=clock.today()))


@bp.get("/status.xlsx")
@requires(Action.READ_GOALS)
def spreadsheet() -> Response:
    """The same for whoever counts on."""
    status, unit = _read()
    return download(f"{filename(status.on)}.xlsx", status_workbook(status, unit=unit), XLSX)


def _read() -> tuple[GoalStatus, str]:
    today = clock.today()
    status = status_of(
        current_user.municipality, asked_day(request.args.get("on", ""), today).day or today, today
    )
    unit = current_user.unit_name
    end_reading()
    return status, unit
