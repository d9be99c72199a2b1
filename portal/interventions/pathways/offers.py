"""Employers that take a step: what they offer, who reads it, and what withdraws it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager, joinedload

from portal.base.alphabet import alphabetical
from portal.base.database import db
from portal.base.errors import DomainError
from portal.interventions.pathways.models import JobPackage, PackageStep, StepOffer
from portal.loop.employers.models import Employer
from portal.loop.employers.queries import own_employer_ids
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.web.permissions import Action, Scope
from portal.web.searching import found

WITHDRAWN: Final = "withdrawn"
ALL: Final = "all"


class AlreadyOffered(DomainError):
    message = _l("Virksomheden tilbyder allerede trinnet.")


class OfferEndsBeforeItBegins(DomainError):
    message = _l("Den sidste dag ligger før den første.")


class StepOfAnotherPackage(DomainError):
    message = _l("Trinnet findes ikke længere i en pakke, der er i brug.")


@dataclass(frozen=True)
class OfferDetails:
    from_on: date
    until_on: date | None = None
    places: int = 1


def offer_step(
    employer: Employer, step: PackageStep, details: OfferDetails, *, by: User | None, at: datetime
) -> StepOffer:
    """Raises StepOfAnotherPackage, OfferEndsBeforeItBegins, AlreadyOffered."""
    package = step.package
    if step.retired_at or package.is_archived or package.municipality_id != employer.municipality_id:
        raise StepOfAnotherPackage
    if details.until_on is not None and details.until_on < details.from_on:
        raise OfferEndsBeforeItBegins
    offer = StepOffer(
        employer_id=employer.id,
        package_step_id=step.id,
        from_on=details.from_on,
        until_on=details.until_on,
        places=details.places,
        offered_at=at,
        offered_by_id=by.id if by else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(offer)
    except IntegrityError as error:
        raise AlreadyOffered from error
    audit.record("step-offered", subject=offer, by=by, at=at)
    return offer


def withdraw_offer(offer: StepOffer, *, by: User, at: datetime) -> None:
    """Whoever has begun goes on."""
    if offer.withdrawn_at is None:
        offer.withdrawn_at = at
        audit.record("step-offer-withdrawn", subject=offer, by=by, at=at)


# --- Reads -----------------------------------------------------------------------------------------------------


def offers_seen_by(user: User) -> sa.Select[StepOffer]:
    """Those to the municipality's packages, or the reader's own employer's."""
    statement = sa.select(StepOffer).join(StepOffer.step).join(PackageStep.package).join(StepOffer.employer)
    scope = user.scope_of(Action.READ_EFFORTS, Action.ANSWER_AS_EMPLOYER)
    if scope is Scope.MUNICIPALITY:
        return statement.where(JobPackage.municipality_id == user.municipality_id)
    if scope is Scope.EMPLOYER:
        return statement.where(StepOffer.employer_id.in_(own_employer_ids(user)))
    return statement.where(sa.false())


def _whole(statement: sa.Select[StepOffer]) -> sa.Select[StepOffer]:
    return statement.options(
        contains_eager(StepOffer.step).contains_eager(PackageStep.package),
        contains_eager(StepOffer.employer),
    )


def offer_for(user: User, offer_id: int) -> StepOffer:
    """Raises NoResultFound for a stranger's."""
    return db.session.scalars(_whole(offers_seen_by(user)).where(StepOffer.id == offer_id)).one()


def offer_list(
    user: User, today: date, *, words: str = "", state: str = "", package: str = ""
) -> sa.Select[StepOffer]:
    """Those that stand, those that are over, or all; of one package where it is asked for."""
    statement = _whole(offers_seen_by(user))
    if words:
        statement = statement.where(found(words, Employer.name, PackageStep.name, JobPackage.name))
    if package.isascii() and package.isdigit() and len(package) < 10:
        statement = statement.where(JobPackage.id == int(package))
    stands = sa.and_(
        StepOffer.withdrawn_at.is_(None), sa.or_(StepOffer.until_on.is_(None), StepOffer.until_on >= today)
    )
    if state == WITHDRAWN:
        return statement.where(sa.not_(stands))
    return statement if state == ALL else statement.where(stands)


def offers_of_employer(employer_id: int) -> list[StepOffer]:
    """Those that were not withdrawn, the latest first."""
    statement = (
        sa.select(StepOffer)
        .where(StepOffer.employer_id == employer_id, StepOffer.withdrawn_at.is_(None))
        .options(joinedload(StepOffer.step).joinedload(PackageStep.package), joinedload(StepOffer.offered_by))
        .order_by(StepOffer.from_on.desc(), StepOffer.id.desc())
    )
    return list(db.session.scalars(statement))


def offers_of_steps(step_ids: Iterable[int | None], today: date) -> list[StepOffer]:
    """Those that stand, of any of the package steps, by employer."""
    statement = (
        sa.select(StepOffer)
        .join(StepOffer.employer)
        .where(
            StepOffer.package_step_id.in_({key for key in step_ids if key is not None}),
            StepOffer.withdrawn_at.is_(None),
            sa.or_(StepOffer.until_on.is_(None), StepOffer.until_on >= today),
        )
        .options(contains_eager(StepOffer.employer))
        .order_by(alphabetical(Employer.name), StepOffer.id)
    )
    return list(db.session.scalars(statement))


def step_choices(packages: Sequence[JobPackage]) -> list[tuple[int, str]]:
    """What may be offered: the steps that a placement carries, package by package."""
    return [
        (step.id, f"{package.name}: {number}. {step.name} ({step.kind.label})")
        for package in packages
        for number, step in enumerate(package.steps, start=1)
        if step.kind.placement_form is not None
    ]
