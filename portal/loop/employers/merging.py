"""What of this room's rows cannot stand twice when two employers become one, and where the one that went is found."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.loop.employers.models import (
    AccessReview,
    ContactPerson,
    Employer,
    EmployerRegistration,
    EmployersToldApart,
    EmployerTrade,
    MergedEmployer,
    RegistrationStatus,
    Workplace,
)
from portal.loop.employers.queries import places_held


class BothPlacesInUse(DomainError):
    """The ratio counts them at one workplace from then on: more may be there than it allows."""

    def __init__(self, p_number: str) -> None:
        super().__init__(
            _l(
                "Begge har folk i praktik eller løntilskud på P-nummer %(number)s. Vent, til forløbene på den ene er "
                "slut, eller ret P-nummeret, hvis det er forkert.",
                number=p_number,
            )
        )


class RegistrationOfOneWaits(DomainError):
    message = _l("Den, der lægges ind, har en tilmelding, der venter på svar. Svar på den først.")


def same_places(kept_id: int, gone_id: int, at: datetime) -> Iterator[tuple[Workplace, Workplace]]:
    """Workplaces of both with one P-number: the one that stays, and the one that goes. Raises BothPlacesInUse."""
    both = sa.select(Workplace).where(
        Workplace.employer_id.in_([kept_id, gone_id]), Workplace.p_number.is_not(None)
    )
    places = db.session.scalars(both.order_by(Workplace.id)).all()
    kept = {place.p_number: place for place in places if place.employer_id == kept_id}
    for gone in places:
        if gone.employer_id != gone_id or gone.p_number not in kept:
            continue
        stays = kept[gone.p_number]
        if len(places_held([stays.id, gone.id], since=danish_day(at))) > 1:
            raise BothPlacesInUse(str(gone.p_number))
        yield stays, gone


def join_told_apart(kept_id: int, gone_id: int, _at: datetime) -> None:
    """Whatever is another than the one is another than both; the two themselves are one after all."""
    both = (kept_id, gone_id)
    of_either = sa.or_(EmployersToldApart.employer_id.in_(both), EmployersToldApart.other_id.in_(both))
    first_told: dict[int, EmployersToldApart] = {}
    for row in db.session.scalars(
        sa.select(EmployersToldApart).where(of_either).order_by(EmployersToldApart.told_at)
    ).all():
        first_told.setdefault(row.other_id if row.employer_id in both else row.employer_id, row)
        db.session.delete(row)
    db.session.flush()  # before another takes its place: both may have been told apart from the same one
    for other, row in first_told.items():
        if other not in both:
            first, second = sorted((kept_id, other))
            db.session.add(
                EmployersToldApart(
                    employer_id=first, other_id=second, told_at=row.told_at, told_by_id=row.told_by_id
                )
            )
    db.session.flush()


def move_places(kept_id: int, gone_id: int, _at: datetime) -> None:
    """Row by row, so that whoever keeps words of them hears of it."""
    places = sa.select(Workplace).where(Workplace.employer_id == gone_id)
    for place in db.session.scalars(places.order_by(Workplace.id)).all():
        place.employer_id = kept_id


def move_contacts(kept_id: int, gone_id: int, _at: datetime) -> None:
    """Of two with one e-mail the one who signs in stays, else the kept employer's."""
    both = sa.select(ContactPerson).where(ContactPerson.employer_id.in_([kept_id, gone_id]))
    people = db.session.scalars(both.order_by(ContactPerson.id)).all()
    known = {one.email.lower(): one for one in people if one.employer_id == kept_id and one.email}
    for contact in people:
        if contact.employer_id != gone_id:
            continue
        double = known.get(contact.email.lower())
        if double is None:
            contact.employer_id = kept_id
        elif contact.user_id is None:
            db.session.delete(contact)
        else:
            contact.employer_id = kept_id
            if double.user_id is None:
                db.session.delete(double)


def close_review(_kept_id: int, gone_id: int, at: datetime) -> None:
    """Who may sign in is asked of the kept one alone."""
    for review in db.session.scalars(
        sa.select(AccessReview).where(AccessReview.employer_id == gone_id, AccessReview.closed_at.is_(None))
    ).all():
        review.closed_at = at


def keep_one_trade(_kept_id: int, gone_id: int, _at: datetime) -> None:
    """A day has one trade, the kept employer's; the other's stands in what is kept of the merge."""
    db.session.execute(sa.delete(EmployerTrade).where(EmployerTrade.employer_id == gone_id))


def refuse_waiting(_kept_id: int, gone_id: int, _at: datetime) -> None:
    """Somebody waits for an answer under the CVR number that goes. Raises RegistrationOfOneWaits."""
    cvr = sa.select(Employer.cvr).where(Employer.id == gone_id).scalar_subquery()
    waits = sa.exists().where(
        EmployerRegistration.cvr == cvr, EmployerRegistration.status == RegistrationStatus.PENDING
    )
    if db.session.scalar(sa.select(waits)):
        raise RegistrationOfOneWaits


def recommend_nobody_by_itself(kept_id: int, gone_id: int, _at: datetime) -> None:
    """Where the one recommended the other, nobody recommended the one they are."""
    kept = db.session.get_one(Employer, kept_id)
    if kept.referred_by_id == gone_id:
        kept.referred_by_id = None


def where_it_went(old_id: int, municipality_id: int) -> int | None:
    """The employer that stands for one that was merged; None for one that never was, or is another municipality's."""
    merged = (
        sa.select(MergedEmployer.employer_id)
        .join(Employer, Employer.id == MergedEmployer.employer_id)
        .where(MergedEmployer.old_id == old_id, Employer.municipality_id == municipality_id)
    )
    return db.session.scalar(merged)
