"""Målstatus on paper: one tagged A4 PDF, the table on its first page (documents/goal-status.typ)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from portal.base.terms import GoalUnit
from portal.ledger.goals.lists import AmountByForm
from portal.ledger.goals.table import Point
from portal.ledger.status.contents import GoalStatus, StatusBlock, said, state
from portal.web.paper.typesetting import clean, long_date, short_date, typeset, ymd
from portal.web.presentation import da_number


def render_status(status: GoalStatus, *, unit: str, printed: date) -> bytes:
    """The status as PDF/UA-1; the same figures give the same bytes."""
    return typeset("goal-status", status_data(status, unit=unit, printed=printed), on=printed)


def status_data(status: GoalStatus, *, unit: str, printed: date) -> dict[str, Any]:
    return {
        "title": _("Målstatus"),
        "lead": _(
            "Som tallene stod den %(day)s. Tal om borgere er uden navne; små tal i fordelinger er skjult.",
            day=long_date(status.on),
        ),
        "unit": clean(unit),
        "printed": _("Udskrevet %(date)s", date=long_date(printed)),
        "printed_ymd": ymd(printed),
        "headings": [
            _("Mål"), _("Tid"), _("Måltal"), _("Nu"), _("Mangler"), _("Sidste år"), _("Udvikling"), _("Tallet er"),
        ],
        "rows": [_row(block) for block in status.blocks],
        "without": [
            {"name": clean(_titled(figure.goal)), "why": clean(said("waits_for", figure))} for figure in status.without
        ],
        "blocks": [_block(block) for block in status.blocks],
        "words": {
            "page": _("Side"),
            "of": _("af"),
            "without": _("Mål uden tal"),
            "rule": _("Sådan tælles der"),
            "course": _("Udvikling"),
            "day": _("Dag"),
            "figure": _("Tal"),
        },
    }  # fmt: skip


def _titled(goal: Any) -> str:
    return _("%(name)s, %(time)s", name=said("name", goal), time=said("time", goal))


def _row(block: StatusBlock) -> dict[str, Any]:
    figure, row = block.figure, block.row
    return {
        "name": clean(said("name", figure.goal)),
        "time": clean(said("time", figure.goal)),
        "target": clean(said("target", figure.goal)),
        "now": clean(said("value", figure)),
        "missing": clean(_("Nået") if figure.reached else said("missing", figure)),
        "last": _number(row.last_year.value, figure.goal.unit) if row.last_year is not None else "",
        "trend": _heights([point.value for point in row.development]),
        "trend_text": "",
        "state": state(figure),
        "coverage": clean(said("coverage", figure)),
    }


def _block(block: StatusBlock) -> dict[str, Any]:
    figure, goal = block.figure, block.figure.goal
    return {
        "name": clean(said("name", goal)),
        "time": clean(said("time", goal)),
        "sentence": clean(goal.sentence),
        "source": clean(goal.source),
        "rule": clean(block.rule),
        "facts": [[clean(label), clean(value)] for label, value in _facts(block) if value],
        "notes": [clean(_("Låst den %(day)s.", day=long_date(figure.frozen.frozen_at)))]
        if figure.frozen
        else [],
        "chart": _chart(block.row.development, figure.aimed_at, goal.unit),
        "list": _list(block),
    }


def _facts(block: StatusBlock) -> list[tuple[str, str]]:
    figure = block.figure
    standing = str(figure.standing.label) if figure.standing is not None else ""
    return [
        (_("Måltal"), said("target", figure.goal)),
        (_("Talt den %(day)s", day=short_date(figure.on)), said("value", figure)),
        (_("Står til"), standing),
        (_("Dækning"), said("coverage", figure)),
        (_("Tallet er"), state(figure)),
    ]


def _chart(points: Sequence[Point], target: Fraction, unit: GoalUnit) -> dict[str, Any]:
    values = [Fraction(point.value) for point in points]
    top = max([target, *values, Fraction(1)])
    return {
        "target": float(target / top),
        "points": [
            {
                "label": long_date(point.on),
                "short": short_date(point.on),
                "said": _number(point.value, unit),
                "height": float(value / top),
            }
            for point, value in zip(points, values, strict=True)
        ],
    }


def _heights(values: Sequence[Decimal]) -> list[float]:
    top, low = max(values, default=Decimal(0)), min(values, default=Decimal(0))
    return [float((value - low) / (top - low)) if top > low else 0.5 for value in values]


def _number(value: Decimal, unit: GoalUnit) -> str:
    return f"{da_number(value)} %" if unit is GoalUnit.PERCENT else da_number(value)


def _list(block: StatusBlock) -> dict[str, Any]:
    if block.employers:
        return {
            "heading": _("Virksomhederne bag tallet"),
            "headings": [_("Virksomhed"), _("CVR-nummer"), _("Dag"), _("Det bygger på")],
            "rows": [
                [clean(one.name), one.cvr, short_date(one.on), clean("; ".join(one.rests_on))]
                for one in block.employers
            ],
        }
    return {
        "heading": _("Fordelt på form"),
        "headings": [_("Form"), _("Antal")],
        "rows": [[clean(part.label), amount(part)] for part in block.parts],
    }


def amount(part: AmountByForm) -> str:
    return _("skjult, fordi det er få") if part.amount is None else da_number(part.amount)
