"""Reads of the comparison: figures from outside, who is like us, and who shows figures to whom."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.base.alphabet import alphabet_key, alphabetical
from portal.base.database import db
from portal.base.terms import Measure
from portal.ledger.comparison.models import FigureSharing, Likeness, OutsideFigure, OutsideTopic
from portal.shared.accounts.models import Municipality, User

Subject = Measure | OutsideTopic


def about(table: type[OutsideFigure] | type[Likeness], subject: Subject) -> sa.ColumnElement[bool]:
    """Rows about a measure or a topic."""
    return table.measure == subject if isinstance(subject, Measure) else table.topic == subject


def subject_of(value: str) -> Subject:
    """Raises ValueError when it is neither a measure nor a topic."""
    return Measure(value) if value in {one.value for one in Measure} else OutsideTopic(value)


def figures_seen_by(user: User) -> sa.Select[OutsideFigure]:
    """All that was ever written on her municipality's page, also what another row has replaced."""
    return (
        sa.select(OutsideFigure)
        .where(OutsideFigure.municipality_id == user.municipality_id)
        .options(joinedload(OutsideFigure.recorded_by), joinedload(OutsideFigure.replaced_by))
    )


def figure_for(user: User, figure_id: int) -> OutsideFigure:
    """Raises NoResultFound for another municipality's."""
    return db.session.scalars(figures_seen_by(user).where(OutsideFigure.id == figure_id)).one()


def standing_figures(municipality_id: int, subjects: Iterable[Subject] | None = None) -> list[OutsideFigure]:
    """What stands on a municipality's page, the oldest time first; of some subjects, or of all."""
    statement = sa.select(OutsideFigure).where(
        OutsideFigure.municipality_id == municipality_id, OutsideFigure.replaced_at.is_(None)
    )
    if subjects is not None:
        statement = statement.where(sa.or_(sa.false(), *(about(OutsideFigure, one) for one in subjects)))
    return list(db.session.scalars(statement.order_by(*_by_time())))


def _by_time() -> tuple[sa.ColumnElement[Any], ...]:
    """Of a quarter and a year that end on one day, the year comes last."""
    return (OutsideFigure.last_on.asc(), OutsideFigure.first_on.desc(), OutsideFigure.id.asc())


def own_figures_within(
    municipality_ids: Iterable[int], measures: Iterable[Measure], first: date, last: date
) -> list[OutsideFigure]:
    """What municipalities wrote of themselves for a time, whether it stands or not, the oldest time first."""
    statement = sa.select(OutsideFigure).where(
        OutsideFigure.municipality_id.in_(municipality_ids),
        OutsideFigure.measure.in_(measures),
        OutsideFigure.place == "",
        OutsideFigure.first_on >= first,
        OutsideFigure.last_on <= last,
    )
    return list(db.session.scalars(statement.order_by(*_by_time())))


def its_like(figure: OutsideFigure) -> OutsideFigure | None:
    """Another that stands for the same thing, place and time."""
    statement = sa.select(OutsideFigure).where(
        OutsideFigure.municipality_id == figure.municipality_id,
        about(OutsideFigure, figure.subject),
        sa.func.lower(OutsideFigure.place) == figure.place.lower(),
        OutsideFigure.first_on == figure.first_on,
        OutsideFigure.last_on == figure.last_on,
        OutsideFigure.replaced_at.is_(None),
        OutsideFigure.id != (figure.id or 0),
    )
    return db.session.scalar(statement.limit(1))


def likenesses_of(municipality_id: int) -> list[Likeness]:
    statement = sa.select(Likeness).where(Likeness.municipality_id == municipality_id)
    return list(db.session.scalars(statement.order_by(alphabetical(Likeness.place), Likeness.id)))


def places_like(municipality_id: int, subject: Subject) -> list[str]:
    """The names of those that the leader compares with in one thing."""
    return [one.place for one in likenesses_of(municipality_id) if one.subject == subject]


def places_known(municipality_id: int, subject: Subject) -> list[str]:
    """Whom one may be compared with: those with a figure from outside, and the portal's other municipalities."""
    told = {one.place for one in standing_figures(municipality_id, [subject]) if not one.is_own}
    here = {one.name for one in others(municipality_id)} if isinstance(subject, Measure) else set()
    return sorted(told | here, key=alphabet_key)


def others(municipality_id: int) -> list[Municipality]:
    """The portal's other municipalities, by name."""
    statement = sa.select(Municipality).where(Municipality.id != municipality_id)
    return list(db.session.scalars(statement.order_by(alphabetical(Municipality.name))))


def sharings_of(municipality_id: int, on: date) -> list[FigureSharing]:
    """Every yes that stands on the day and that the municipality gave or got."""
    statement = sa.select(FigureSharing).where(
        sa.or_(FigureSharing.municipality_id == municipality_id, FigureSharing.with_id == municipality_id),
        FigureSharing.from_on <= on,
        sa.or_(FigureSharing.closed_from.is_(None), FigureSharing.closed_from > on),
    )
    return list(db.session.scalars(statement.order_by(FigureSharing.id)))


def open_sharing(municipality_id: int, with_id: int) -> FigureSharing | None:
    statement = sa.select(FigureSharing).where(
        FigureSharing.municipality_id == municipality_id,
        FigureSharing.with_id == with_id,
        FigureSharing.closed_from.is_(None),
    )
    return db.session.scalar(statement)


def partners_of(municipality_id: int, on: date) -> list[Municipality]:
    """Those with whom both sides have said yes on the day, by name."""
    mine, theirs = sa.orm.aliased(FigureSharing), sa.orm.aliased(FigureSharing)
    statement = (
        sa.select(Municipality)
        .join(mine, mine.with_id == Municipality.id)
        .join(theirs, theirs.municipality_id == Municipality.id)
        .where(mine.municipality_id == municipality_id, theirs.with_id == municipality_id)
        .where(*(_holds(one, on) for one in (mine, theirs)))
        .order_by(alphabetical(Municipality.name))
    )
    return list(db.session.scalars(statement))


def _holds(sharing: type[FigureSharing], on: date) -> sa.ColumnElement[bool]:
    return sa.and_(sharing.from_on <= on, sa.or_(sharing.closed_from.is_(None), sharing.closed_from > on))
