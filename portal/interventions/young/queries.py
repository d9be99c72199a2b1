"""Reads of the yearly count, and of whether a parent's yes is needed and there."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, joinedload

from portal.base.alphabet import alphabetical
from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.terms import Effort
from portal.interventions.young.models import ParentsYes, YoungPlace, YoungPlaceKind, YoungTally
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from portal.shared.rules.law import youth
from portal.shared.rules.queries import numbers_on
from portal.web.permissions import Action, Scope
from portal.web.searching import found


class ParentsYesMissing(DomainError):
    message = _l(
        "Borgeren er under 18 år, så en forælder med forældremyndighed skal sige ja, før en virksomhed ser kortet. "
        "Notér ja'et fra borgerens side."
    )


# --- The yearly count ------------------------------------------------------------------------------------------


def tallies_seen_by(user: User) -> sa.Select[YoungTally]:
    """The municipality's own that stand: numbers of nobody."""
    statement = sa.select(YoungTally).join(YoungTally.place).where(YoungTally.replaced_at.is_(None))
    if user.scope_of(Action.READ_EFFORTS) is not Scope.MUNICIPALITY:
        return statement.where(sa.false())
    return statement.where(YoungPlace.municipality_id == user.municipality_id)


def tally_for(user: User, tally_id: int) -> YoungTally:
    """Raises NoResultFound for another municipality's, or a row that was corrected."""
    statement = tallies_seen_by(user).where(YoungTally.id == tally_id)
    return db.session.scalars(statement.options(contains_eager(YoungTally.place))).one()


def tally_list(user: User, *, words: str = "", year: str = "", kind: str = "") -> sa.Select[Any]:
    statement = tallies_seen_by(user).options(
        contains_eager(YoungTally.place), joinedload(YoungTally.recorded_by)
    )
    if words:
        statement = statement.where(found(words, YoungPlace.name))
    if year.isascii() and year.isdigit() and len(year) == len("2026"):
        statement = statement.where(YoungTally.year == int(year))
    if kind in set(YoungPlaceKind):
        statement = statement.where(YoungPlace.kind == YoungPlaceKind(kind))
    return statement


def years_of(user: User) -> Sequence[int]:
    """For which there is a count, the latest first."""
    statement = tallies_seen_by(user).with_only_columns(YoungTally.year).distinct()
    return db.session.scalars(statement.order_by(YoungTally.year.desc())).all()


def places_of(municipality_id: int | None) -> Sequence[YoungPlace]:
    statement = sa.select(YoungPlace).where(YoungPlace.municipality_id == municipality_id)
    return db.session.scalars(
        statement.order_by(YoungPlace.kind, alphabetical(YoungPlace.name), YoungPlace.id)
    ).all()


def standing_tally(place_id: int, year: int) -> YoungTally | None:
    return db.session.scalar(
        sa.select(YoungTally).where(
            YoungTally.place_id == place_id, YoungTally.year == year, YoungTally.replaced_at.is_(None)
        )
    )


# --- A parent's yes --------------------------------------------------------------------------------------------


def is_under_age(citizen: Citizen, on: date) -> bool:
    """Whether she may be under 18 on the day, by what is known of her birth; nobody is asked whose is not known."""
    if citizen.born is None:
        return False
    numbers = numbers_on((youth.AGE_ADULT,), on, citizen.municipality_id)
    return youth.may_be_young(citizen.born, on, numbers)


def parents_yes_of(citizen_id: int) -> ParentsYes | None:
    """The one that stands."""
    statement = sa.select(ParentsYes).where(
        ParentsYes.citizen_id == citizen_id, ParentsYes.withdrawn_at.is_(None)
    )
    return db.session.scalar(statement.options(joinedload(ParentsYes.recorded_by)))


def hindrance_of_showing(citizen_id: int, *, on: date) -> DomainError | None:
    """Answers `events.hindrance_of_showing` where the municipality uses the effort."""
    citizen = db.session.get(Citizen, citizen_id)
    if citizen is None or citizen.born is None or not citizen.municipality.uses(Effort.YOUNG):
        return None
    if not is_under_age(citizen, on) or parents_yes_of(citizen_id) is not None:
        return None
    return ParentsYesMissing()


def card_id_of(citizen_id: int, cards: sa.FromClause) -> int | None:
    return db.session.scalar(sa.select(cards.c.id).where(cards.c.citizen_id == citizen_id))
