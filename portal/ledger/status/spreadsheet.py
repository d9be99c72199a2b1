"""Målstatus as a workbook: the table on the first sheet, and a sheet for the list behind each figure."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from portal.base.terms import GoalUnit
from portal.ledger.status.contents import GoalStatus, StatusBlock, said, state
from portal.ledger.status.paper import amount
from portal.web.paper.typesetting import long_date
from portal.web.paper.workbooks import CellKind, Sheet, SheetColumn, workbook


def status_workbook(status: GoalStatus, *, unit: str) -> bytes:
    """Raises ChildFailed, answered with 503."""
    sheets = [_table(status), *(_list(block) for block in status.blocks), _without(status)]
    return workbook(
        _("Målstatus"), [sheet for sheet in sheets if sheet.rows or sheet is sheets[0]], creator=unit
    )


def _table(status: GoalStatus) -> Sheet:
    columns = (
        SheetColumn(_("Mål")),
        SheetColumn(_("Tid")),
        SheetColumn(_("Enhed")),
        SheetColumn(_("Måltal"), CellKind.NUMBER),
        SheetColumn(_("Skal nå"), CellKind.DECIMAL),
        SheetColumn(_("Nu"), CellKind.DECIMAL),
        SheetColumn(_("Mangler"), CellKind.DECIMAL),
        SheetColumn(_("Sidste år"), CellKind.DECIMAL),
        SheetColumn(_("Talt den"), CellKind.DATE),
        SheetColumn(_("Står til")),
        SheetColumn(_("Kendt for"), CellKind.NUMBER),
        SheetColumn(_("Ud af"), CellKind.NUMBER),
        SheetColumn(_("Tallet er")),
        SheetColumn(_("Målet med planens egne ord")),
        SheetColumn(_("Kilde")),
    )
    lead = _("Målstatus. Som tallene stod den %(day)s.", day=long_date(status.on))
    return Sheet(_("Mål"), lead, columns, [_row(block) for block in status.blocks])


def _row(block: StatusBlock) -> list[Any]:
    figure, goal, last_year = block.figure, block.figure.goal, block.row.last_year
    return [
        said("name", goal),
        said("time", goal),
        str(goal.unit.label),
        goal.target,
        figure.aimed_at,
        figure.value,
        figure.missing,
        last_year.value if last_year is not None else None,
        figure.on,
        str(figure.standing.label) if figure.standing is not None else "",
        figure.tally.known if figure.tally is not None else None,
        figure.tally.lines if figure.tally is not None else None,
        state(figure),
        goal.sentence,
        goal.source,
    ]


def _list(block: StatusBlock) -> Sheet:
    goal = block.figure.goal
    lead = _("%(name)s, %(time)s", name=said("name", goal), time=said("time", goal))
    columns, rows = _behind(block)
    return Sheet(f"{goal.year} {said('name', goal)}", lead, columns, rows)


def _behind(block: StatusBlock) -> tuple[Sequence[SheetColumn], list[list[Any]]]:
    """The employers behind a figure, the people added up by form, or else how the figure came about."""
    if block.employers:
        columns = [
            SheetColumn(_("Virksomhed")),
            SheetColumn(_("CVR-nummer")),
            SheetColumn(_("Dag"), CellKind.DATE),
            SheetColumn(_("Det bygger på")),
        ]
        return columns, [[one.name, one.cvr, one.on, "; ".join(one.rests_on)] for one in block.employers]
    if block.parts:
        by_form = [SheetColumn(_("Form")), SheetColumn(_("Antal"), CellKind.NUMBER)]
        return by_form, [
            [one.label, one.amount if one.amount is not None else amount(one)] for one in block.parts
        ]
    kind = CellKind.PERCENT if block.figure.goal.unit is GoalUnit.PERCENT else CellKind.NUMBER
    return [SheetColumn(_("Dag"), CellKind.DATE), SheetColumn(_("Tal"), kind)], [
        [point.on, point.value] for point in block.row.development
    ]


def _without(status: GoalStatus) -> Sheet:
    columns = (SheetColumn(_("Mål")), SheetColumn(_("Tid")), SheetColumn(_("Hvad der mangler")))
    rows = [
        [said("name", figure.goal), said("time", figure.goal), said("waits_for", figure)]
        for figure in status.without
    ]
    return Sheet(_("Mål uden tal"), _("Mål uden tal"), columns, rows)


def filename(on: date) -> str:
    return f"maalstatus-{on.isoformat()}"
