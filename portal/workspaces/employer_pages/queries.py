"""Reads of an employer's cooperation, and of who recommended whom."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from portal.base.alphabet import alphabetical
from portal.base.database import db
from portal.base.terms import PlacementForm
from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import Employer, EmployerRegistration, EmployerStatus, RegistrationStatus
from portal.loop.employers.queries import employers_seen_by
from portal.loop.openings.models import Opening, OpeningPublication
from portal.loop.placements.models import Outcome, Placement, PlacementStatus
from portal.loop.placements.queries import known_placements
from portal.shared.accounts.models import User
from portal.shared.rules.checks import weeks_between
from portal.web.searching import found

LATEST: Final = 10
"""Openings on the employer's page; the list of openings has them all."""


def latest_openings(employer: Employer) -> Sequence[Opening]:
    statement = (
        sa.select(Opening)
        .where(Opening.employer_id == employer.id)
        .options(joinedload(Opening.workplace))
        .order_by(Opening.created_at.desc(), Opening.id.desc())
    )
    return db.session.scalars(statement.limit(LATEST)).all()


@dataclass(frozen=True)
class PlacementFacts:
    """A placement as the figures need it."""

    card_id: int
    citizen_id: int
    card_number: str
    municipality_id: int
    form: PlacementForm
    status: PlacementStatus
    outcome: Outcome | None
    starts_on: date
    ends_on: date
    ended_on: date | None
    citizen_name: str = ""
    """For those who may open the card, or know her."""
    is_known: bool = False
    """Whether the employer itself may know whom it is about, by the rules of names."""


def courses(employer: Employer, on: date, *, own: bool) -> list[PlacementFacts]:
    """The employer's placements that have begun, in one statement, the first first.

    Whom the employer knows that day is asked for its `own` page only.
    """
    is_known = Placement.id.in_(known_placements(on)) if own else sa.false()
    statement = (
        sa.select(
            Placement.card_id,
            CompetenceCard.citizen_id,
            CompetenceCard.number,
            Placement.municipality_id,
            Placement.form,
            Placement.status,
            Placement.outcome,
            Placement.starts_on,
            Placement.ends_on,
            Placement.ended_on,
            Citizen.first_name + " " + Citizen.last_name,
            is_known,
        )
        .join(CompetenceCard, CompetenceCard.id == Placement.card_id)
        .join(Citizen, Citizen.id == CompetenceCard.citizen_id)
        .where(
            Placement.employer_id == employer.id,
            Placement.status.in_([PlacementStatus.RUNNING, PlacementStatus.ENDED]),
        )
        .order_by(Placement.starts_on, Placement.id)
    )
    return [PlacementFacts(*tuple(row)) for row in db.session.execute(statement)]


def endings(of: Iterable[PlacementFacts]) -> list[tuple[PlacementForm, int, Counter[Outcome]]]:
    """Form -> how many are running, and how those that are over ended; forms that never were are left out."""
    listed = list(of)
    found = []
    for form in PlacementForm:
        those = [one for one in listed if one.form is form]
        if those:
            ended = Counter(one.outcome for one in those if one.outcome is not None)
            found.append((form, sum(one.status is PlacementStatus.RUNNING for one in those), ended))
    return found


@dataclass(frozen=True)
class Conversion:
    """Of the people whose praktik is over, those who got paid hours in the employer."""

    praktik: int
    paid: int


def conversion(of: Iterable[PlacementFacts]) -> Conversion:
    """Source: docs/rules.md#conversion"""
    listed = list(of)
    tried = {
        one.card_id: one.starts_on
        for one in reversed(listed)
        if not one.form.traits.is_paid and one.status is PlacementStatus.ENDED
    }
    hired = {
        one.card_id
        for one in listed
        if one.card_id in tried
        and (
            (not one.form.traits.is_paid and one.outcome is Outcome.HIRED)
            or (one.form.traits.fulfils_praktik and one.starts_on >= tried[one.card_id])
        )
    }
    return Conversion(len(tried), len(hired))


@dataclass(frozen=True)
class Unpaid:
    """The praktik of one person in the employer."""

    card_id: int
    citizen_id: int
    card_number: str
    municipality_id: int
    times: int
    weeks: int
    is_running: bool
    citizen_name: str = ""
    is_known: bool = False
    """Whether the employer itself may know who it is."""

    def needs_a_look(self, ordinary_weeks: int) -> bool:
        """Whether it was more than once, or longer together than one ordinary praktik."""
        return self.times > 1 or self.weeks > ordinary_weeks


def unpaid(of: Iterable[PlacementFacts], today: date) -> list[Unpaid]:
    """Weeks of praktik begun until today, by person, most first."""
    by_card: dict[int, list[PlacementFacts]] = {}
    listed = list(of)
    known = {one.card_id for one in listed if one.is_known}
    for one in listed:
        if not one.form.traits.is_paid and one.starts_on <= today:
            by_card.setdefault(one.card_id, []).append(one)
    found = [
        Unpaid(
            card_id,
            those[0].citizen_id,
            those[0].card_number,
            those[0].municipality_id,
            len(those),
            sum(_weeks(one, today) for one in those),
            any(one.status is PlacementStatus.RUNNING for one in those),
            those[0].citizen_name,
            card_id in known,
        )
        for card_id, those in by_card.items()
    ]
    return sorted(found, key=lambda one: (-one.weeks, one.card_number))


def _weeks(one: PlacementFacts, today: date) -> int:
    """As the law counts its length: with its pauses, for the agreement stands."""
    last = one.ended_on or min(one.ends_on, today)
    return weeks_between(one.starts_on, last) if last >= one.starts_on else 0


# --- Who recommended whom ------------------------------------------------------------------------------------

GIVER: Final = aliased(Employer)
FIRST_POSTED: Final = (
    sa.select(sa.func.min(OpeningPublication.at))
    .join(Opening, Opening.id == OpeningPublication.opening_id)
    .where(Opening.employer_id == Employer.id)
    .correlate(Employer)
    .scalar_subquery()
)
"""When the recommended employer put up its first place: from then on the recommendation counts."""


FIRST_PLACE: Final = (
    sa.select(sa.func.min(Placement.starts_on))
    .where(
        Placement.employer_id == Employer.id,
        Placement.status.in_([PlacementStatus.RUNNING, PlacementStatus.ENDED]),
    )
    .correlate(Employer)
    .scalar_subquery()
)
"""The first day on which somebody was placed at the recommended employer."""


def referrals_of(employer: Employer) -> Sequence[Any]:
    """Each employer that this one recommended: name, when it came in, posted first, and had its first place filled."""
    statement = (
        sa.select(
            Employer.name,
            Employer.approved_at,
            FIRST_POSTED.label("counted_at"),
            FIRST_PLACE.label("first_place_on"),
        )
        .where(Employer.referred_by_id == employer.id)
        .order_by(Employer.approved_at, Employer.id)
    )
    return db.session.execute(statement).all()


def waiting_recommended(employer: Employer) -> int:
    """How many came by this employer's link and wait for the municipality's answer."""
    statement = sa.select(sa.func.count(EmployerRegistration.id)).where(
        EmployerRegistration.referred_by_id == employer.id,
        EmployerRegistration.status == RegistrationStatus.PENDING,
    )
    return db.session.scalar(statement) or 0


def referrals(user: User, *, words: str = "", state: str = "") -> sa.Select[*tuple[Any, ...]]:
    """The employers of the user's municipality that another one recommended; `state` is counted or waiting."""
    own = employers_seen_by(user).with_only_columns(Employer.id).order_by(None)
    statement = (
        sa.select(Employer, GIVER, FIRST_POSTED.label("counted_at"), FIRST_PLACE.label("first_place_on"))
        .join(GIVER, GIVER.id == Employer.referred_by_id)
        .where(Employer.id.in_(own))
    )
    if words:
        statement = statement.where(found(words, Employer.name, GIVER.name))
    if state:
        conditions = {"counted": FIRST_POSTED.is_not(None), "waiting": FIRST_POSTED.is_(None)}
        statement = statement.where(conditions.get(state, sa.false()))
    return statement


def thanked() -> Sequence[Any]:
    """The active employers that have said they may be named, and since when they take part."""
    statement = (
        sa.select(Employer)
        .where(Employer.wants_publicity, Employer.status == EmployerStatus.ACTIVE)
        .options(joinedload(Employer.municipality))
        .order_by(alphabetical(Employer.name), Employer.id)
    )
    return db.session.scalars(statement).all()
