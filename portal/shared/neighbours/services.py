"""Commands of agreements: write down what two municipalities agreed, and that it ends."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from portal.base import events
from portal.base.database import db
from portal.base.errors import DomainError
from portal.shared.accounts.models import Municipality, User
from portal.shared.audit import services as audit
from portal.shared.neighbours.models import NeighbourAgreement, NeighbourRequest


class SameMunicipality(DomainError):
    message = _l("Vælg to forskellige kommuner.")


class NeighboursAlready(DomainError):
    message = _l("De to kommuner har allerede en aftale på de dage.")


class AgreementReachesBack(DomainError):
    message = _l(
        "Vælg i dag eller en senere dag. Hvem der kunne se åbninger før, bliver stående, som det var."
    )


class AskedAlready(DomainError):
    message = _l("En af jer har allerede spurgt den anden.")


class AgreementIsOver(DomainError):
    message = _l("Aftalen er allerede slut.")


def agree(
    one: Municipality, other: Municipality, *, starts_on: date, by: User | None, at: datetime, today: date
) -> NeighbourAgreement:
    """Two municipalities see each other's shared openings from a day on. What either asked the other is answered.

    Raises SameMunicipality, AgreementReachesBack, NeighboursAlready.
    """
    if one.id == other.id:
        raise SameMunicipality
    if starts_on < today:
        raise AgreementReachesBack
    first, second = sorted((one, other), key=lambda municipality: municipality.id)
    _refuse_second(first, second, starts_on)
    agreement = NeighbourAgreement(first=first, second=second, starts_on=starts_on)
    try:
        with db.session.begin_nested():
            db.session.add(agreement)
    except IntegrityError as error:  # of two who write it down at once, the index lets one
        raise NeighboursAlready from error
    for answered in db.session.scalars(_asked_between(first, second)).all():
        db.session.delete(answered)  # left, it would be a yes to an agreement after this one's end
    audit.record("neighbours-agreed", subject=agreement, by=by, at=at)
    return agreement


def _asked_between(one: Municipality, other: Municipality) -> sa.Select[NeighbourRequest]:
    pair = (one.id, other.id)
    return sa.select(NeighbourRequest).where(
        NeighbourRequest.asker_id.in_(pair), NeighbourRequest.asked_id.in_(pair)
    )


def _refuse_second(first: Municipality, second: Municipality, starts_on: date) -> None:
    """A new one stands open, so nothing of the pair may hold on its first day or later."""
    known = NeighbourAgreement
    later = sa.select(known.id).where(
        known.first_id == first.id,
        known.second_id == second.id,
        sa.or_(
            known.closed_from.is_(None),
            sa.and_(known.closed_from > starts_on, known.closed_from > known.starts_on),
        ),
    )
    if db.session.scalars(later.limit(1)).first() is not None:
        raise NeighboursAlready


def end_agreement(
    agreement: NeighbourAgreement, closed_from: date, *, by: User, at: datetime, today: date
) -> None:
    """From that day neither sees the other's openings. An end that has not come may be moved.

    What was decided and planned until then goes on. Raises AgreementIsOver, AgreementReachesBack.
    """
    if agreement.closed_from is not None and agreement.closed_from <= today:
        raise AgreementIsOver
    if closed_from < max(today, agreement.starts_on):
        raise AgreementReachesBack
    agreement.closed_from = closed_from
    db.session.flush()
    audit.record("neighbours-parted", subject=agreement, by=by, at=at)
    events.neighbours_parted.send(agreement, at=at)


def ask(
    asker: Municipality, asked: Municipality, *, starts_on: date, by: User, at: datetime, today: date
) -> NeighbourRequest:
    """The first yes of two; the other municipality gives the second.

    Raises SameMunicipality, AgreementReachesBack, NeighboursAlready, AskedAlready.
    """
    if asker.id == asked.id:
        raise SameMunicipality
    if starts_on < today:
        raise AgreementReachesBack
    first, second = sorted((asker, asked), key=lambda municipality: municipality.id)
    _refuse_second(first, second, starts_on)
    if db.session.scalars(_asked_between(first, second).limit(1)).first() is not None:
        raise AskedAlready
    request = NeighbourRequest(asker=asker, asked=asked, starts_on=starts_on, asked_at=at)
    try:
        with db.session.begin_nested():
            db.session.add(request)
    except IntegrityError as error:  # of two who ask at once, the index lets one
        raise AskedAlready from error
    audit.record("neighbours-asked", subject=request, by=by, at=at, change=asked.name)
    return request


def accept(request: NeighbourRequest, *, by: User, at: datetime, today: date) -> NeighbourAgreement:
    """The second yes: they are neighbours from the day asked for, or from today where that has passed.

    Raises NeighboursAlready.
    """
    starts_on = max(request.starts_on, today)
    return agree(request.asker, request.asked, starts_on=starts_on, by=by, at=at, today=today)


def drop_request(request: NeighbourRequest, *, by: User, at: datetime) -> None:
    """A no, or what was asked taken back."""
    audit.record("neighbours-not-agreed", subject=request, by=by, at=at, change=request.asker.name)
    db.session.delete(request)
    db.session.flush()
