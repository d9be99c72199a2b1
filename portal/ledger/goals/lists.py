"""The list behind a figure, as far as its reader may see it.

Of employers everybody sees the lines. Of people a consultant sees card numbers; for others the lines are added up by
form, and small numbers are hidden: no line of a list is one person then. By quarter they are not told apart: what a
quarter added is the difference of two totals that everybody may ask for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.database import db
from portal.base.terms import LabelledEnum, PlacementForm
from portal.ledger.goals.divided import parts_told
from portal.ledger.goals.figures import Figure
from portal.ledger.goals.masking import masked
from portal.ledger.goals.models import FrozenFigure, FrozenLine, Goal
from portal.loop.cards.models import CompetenceCard
from portal.loop.employers.models import Employer
from portal.web.measures import Lines, Subject


@dataclass(frozen=True)
class AmountByForm:
    """What one form adds to a figure; None: hidden, because it is few."""

    label: str
    amount: int | None


class ListKind(StrEnum):
    """What a reader sees of the list behind a figure."""

    NONE = auto()
    EMPLOYERS = auto()
    FROZEN_EMPLOYERS = auto()
    PEOPLE = auto()
    """Card numbers, for those who may see citizens."""
    PARTS = auto()
    """People added up by form."""
    OUTSIDE = auto()
    """Where a figure from outside stands, in words."""


class LineState(LabelledEnum):
    """What a line is to a share."""

    COUNTS = "counts", _l("Tæller")
    NOT = "not", _l("Tæller ikke")
    UNKNOWN = "unknown", _l("Intet skrevet ned")


def kind_of(figure: Figure, *, sees_cards: bool) -> ListKind:
    """Which list opens: of frozen people nobody is shown, since the lines do not say who they are."""
    how = figure.spec.counted
    if not figure.opens or how is None:
        return ListKind.NONE
    if how.is_from_outside:
        return ListKind.OUTSIDE
    if how.subject is Subject.EMPLOYERS:
        return ListKind.FROZEN_EMPLOYERS if figure.frozen else ListKind.EMPLOYERS
    return ListKind.PEOPLE if sees_cards and not figure.frozen else ListKind.PARTS


def in_state(records: sa.Select[Any], state: LineState) -> sa.ColumnElement[bool]:
    line = records.selected_columns
    if state is LineState.UNKNOWN:
        return line.known == 0
    return sa.and_(line.known == 1, line.amount > 0 if state is LineState.COUNTS else line.amount == 0)


def of_employers(lines: Lines) -> sa.Select[tuple[Any, ...]]:
    """The lines with the employer's name and CVR number, to be searched, sorted and paged."""
    listed = lines.records.order_by(None).subquery("listed")
    return sa.select(*listed.c, Employer.name.label("name"), Employer.cvr.label("cvr")).join(
        Employer, Employer.id == listed.c.subject_id
    )


def of_citizens(lines: Lines) -> sa.Select[tuple[Any, ...]]:
    """The lines with the number of the person's card, to be searched, sorted and paged."""
    listed = lines.records.order_by(None).subquery("listed")
    return sa.select(
        *listed.c, CompetenceCard.number.label("name"), CompetenceCard.id.label("card_id")
    ).outerjoin(CompetenceCard, CompetenceCard.citizen_id == listed.c.subject_id)


def by_form(figure: Figure, lines: Lines | None, among: Sequence[Goal], today: date) -> list[AmountByForm]:
    """People added up by form, with small numbers hidden; nothing where they are so few that all would be."""
    parts = masked(parts_told(figure, lines, among, today))
    if all(amount is None for amount in parts.values()):
        return []
    return [AmountByForm(_form_name(form), amount) for form, amount in parts.items() if amount != 0]


def frozen_employers(figure: FrozenFigure) -> sa.Select[Any]:
    """The lines with the names of that day, and the employer's number while it is in the portal."""
    line = FrozenLine
    columns: tuple[Any, ...] = (
        Employer.id.label("subject_id"),
        line.employer_name.label("name"),
        line.cvr,
        line.on,
        line.amount,
        line.out_of,
        sa.cast(line.is_known, sa.Integer).label("known"),
        line.notes,
    )
    joined = sa.select(*columns).outerjoin(Employer, Employer.cvr == line.cvr)
    return joined.where(line.figure_id == figure.id)


def frozen_notes(figure: FrozenFigure) -> list[str]:
    """What a frozen figure from outside rested on."""
    lines = db.session.scalars(sa.select(FrozenLine.notes).where(FrozenLine.figure_id == figure.id))
    return [text for notes in lines for text in notes]


def notes_of(row: Any, notes: Mapping[int, Sequence[str]]) -> Sequence[str]:
    """What a line rests on: a frozen one keeps its own words."""
    kept: Sequence[str] | None = getattr(row, "notes", None)
    return notes.get(row.subject_id, ()) if kept is None else kept


def form_label(form: str | None) -> str:
    return str(PlacementForm(form).label) if form else ""


def _form_name(form: PlacementForm | None) -> str:
    return str(form.label) if form is not None else _("Uden forløb")
