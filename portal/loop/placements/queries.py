"""Reads of placements: a consultant sees her municipality's, an employer its own, a citizen her own."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.events import PlaceWorked
from portal.base.folding import folded
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.queries import own_card_ids
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import born_of
from portal.loop.employers.models import Employer, Workplace
from portal.loop.employers.queries import own_employer_ids
from portal.loop.matches.models import Match
from portal.loop.openings.models import Opening, OpeningTask
from portal.loop.placements.models import (
    Expectation,
    FollowUp,
    Placement,
    PlacementChange,
    PlacementGrounds,
    PlacementStatus,
)
from portal.loop.placements.settled import Settlement
from portal.loop.placements.settling import gap_of
from portal.loop.reviews.models import Answer, Review
from portal.shared.accounts.models import User
from portal.shared.rules import queries as rules
from portal.shared.rules.law import youth
from portal.shared.rules.names import names_kept_on
from portal.web.permissions import Action, Scope
from portal.web.presentation import da_date
from portal.web.searching import card_number_holds, found_in

OPEN = (PlacementStatus.PLANNED, PlacementStatus.RUNNING)


TO_COME = (FollowUp.held_on.is_(None), FollowUp.cancelled_at.is_(None))
"""Of a follow-up that is still to be held."""


def visible_placements(user: User) -> sa.Select[Placement]:
    """The placements a user may know of."""
    statement = sa.select(Placement)
    scope = user.scope_of(Action.READ_PLACEMENTS)
    if scope is Scope.MUNICIPALITY:
        return statement.where(Placement.municipality_id == user.municipality_id)
    if scope is Scope.EMPLOYER:
        return statement.where(Placement.employer_id.in_(own_employer_ids(user)))
    if scope is Scope.CITIZEN:
        return statement.where(Placement.card_id.in_(own_card_ids(user)))
    return statement.where(sa.false())


def cards_at_work(municipality_id: int | None) -> sa.Select[int]:
    """Answers `events.cards_at_work`."""
    return sa.select(Placement.card_id).where(
        Placement.municipality_id == municipality_id, Placement.status.in_(OPEN)
    )


def is_planned(review_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Answers `events.is_planned`."""
    its = Placement.__table__.alias()  # of its own: the reader may stand at another placement
    return sa.exists().where(its.c.review_id == review_id).correlate_except(its)


def places_worked(card_id: int, *, by: date) -> list[PlaceWorked]:
    """Answers `events.places_worked`. The last day known is the first one while the placement runs."""
    statement = (
        sa.select(Workplace.name, Placement.starts_on, Placement.ended_on)
        .join(Placement.opening)
        .join(Opening.workplace)
        .where(Placement.card_id == card_id, Placement.started_at.is_not(None), Placement.starts_on <= by)
        .order_by(Placement.starts_on, Placement.id)
    )
    return [
        PlaceWorked(name, ended_on if ended_on and ended_on <= by else starts_on)
        for name, starts_on, ended_on in db.session.execute(statement)
    ]


def placement_for(user: User, placement_id: int, *, with_talks: bool = True) -> Placement:
    """Raises NoResultFound for a stranger's placement.

    `with_talks`: with what the three expect and what was said since, in one statement each.
    """
    statement = (
        visible_placements(user)
        .where(Placement.id == placement_id)
        .options(
            joinedload(Placement.opening).joinedload(Opening.employer),
            joinedload(Placement.opening).joinedload(Opening.workplace),
            joinedload(Placement.opening).selectinload(Opening.tasks).joinedload(OpeningTask.skill),
            joinedload(Placement.opening).joinedload(Opening.conditions),
            joinedload(Placement.card).joinedload(CompetenceCard.citizen),
            joinedload(Placement.review),
            joinedload(Placement.grounds).joinedload(PlacementGrounds.stated_by),
        )
    )
    if with_talks:
        statement = statement.options(
            selectinload(Placement.expectations).joinedload(Expectation.recorded_by),
            selectinload(Placement.follow_ups),
            selectinload(Placement.changes).joinedload(PlacementChange.made_by),
            joinedload(Placement.settlement).joinedload(Settlement.confirmations),
        )
    return db.session.scalars(statement).unique().one()


def follow_up_for(user: User, placement_id: int, follow_up_id: int) -> FollowUp:
    """Raises NoResultFound when it belongs to another placement, or that to a stranger."""
    ids = visible_placements(user).where(Placement.id == placement_id).with_only_columns(Placement.id)
    statement = sa.select(FollowUp).where(FollowUp.id == follow_up_id, FollowUp.placement_id.in_(ids))
    return db.session.scalars(statement).one()


def review_to_plan(user: User, review_id: int) -> Review:
    """A review of the consultant's own municipality, with what the plan page shows.

    Raises NoResultFound for another municipality's.
    """
    statement = (
        sa.select(Review)
        .join(Review.match)
        .where(Review.id == review_id, Match.municipality_id == user.municipality_id)
        .options(
            contains_eager(Review.match).joinedload(Match.opening).joinedload(Opening.employer),
            contains_eager(Review.match).joinedload(Match.opening).joinedload(Opening.workplace),
            contains_eager(Review.match).joinedload(Match.card).joinedload(CompetenceCard.citizen),
        )
    )
    return db.session.scalars(statement).one()


def may_be_young(review: Review, on: date) -> bool:
    """Whether the rules for those under 18 may be the person's on the day."""
    numbers = rules.numbers_on((youth.AGE_ADULT,), on, review.match.municipality_id)
    return youth.may_be_young(born_of(review.match.card.citizen_id), on, numbers)


def placement_of(review: Review) -> Placement | None:
    """The placement a review became, if any."""
    first = sa.select(Placement).where(Placement.review_id == review.id, Placement.continues_id.is_(None))
    return db.session.scalar(first)


def thread_of(placement: Placement) -> list[Placement]:
    """What it goes on from and in, in the order of the days: the same person at the same place."""
    statement = (
        sa.select(Placement)
        .where(Placement.review_id == placement.review_id, Placement.status != PlacementStatus.CANCELLED)
        .order_by(Placement.starts_on, Placement.id)
    )
    return list(db.session.scalars(statement))


def listed(user: User) -> sa.Select[Placement]:
    """The user's placements with the columns of the list: opening, employer, card and person in one statement."""
    return (
        visible_placements(user)
        .join(Placement.opening)
        .join(Opening.employer)
        .join(Placement.card)
        .join(CompetenceCard.citizen)
        .join(Placement.review)
        .options(
            contains_eager(Placement.opening).contains_eager(Opening.employer),
            contains_eager(Placement.card).contains_eager(CompetenceCard.citizen),
            contains_eager(Placement.review),
        )
    )


def searched(statement: sa.Select[Placement], user: User, words: str, on: date) -> sa.Select[Placement]:
    """Those whose opening, employer or card number holds the words; a consultant also finds the person."""
    number = card_number_holds(CompetenceCard.number, words)
    if user.scope is Scope.EMPLOYER:  # or the search would tell which card stood where none is shown
        number = sa.and_(number, _employer_knows(on))
    texts: list[Any] = [folded(Opening.title), folded(Employer.name)]
    if user.may(Action.READ_CITIZENS):
        texts.append(Citizen.searched)
    return statement.where(sa.or_(number, found_in(words, *texts)))


def due_for_follow_up(statement: sa.Select[Placement], today: date) -> sa.Select[Placement]:
    """Those with a follow-up that should have been held by today; some lie after the last day."""
    due = sa.select(FollowUp.placement_id).where(FollowUp.due_on <= today, *TO_COME)
    return statement.where(Placement.status != PlacementStatus.CANCELLED, Placement.id.in_(due))


def next_follow_ups(placements: list[Placement]) -> dict[int, date]:
    """The first follow-up not yet held of each placement."""
    statement = (
        sa.select(FollowUp.placement_id, sa.func.min(FollowUp.due_on))
        .where(FollowUp.placement_id.in_([placement.id for placement in placements]), *TO_COME)
        .group_by(FollowUp.placement_id)
        .order_by(FollowUp.placement_id)
    )
    return dict(db.session.execute(statement).all())


def known_placements(on: date) -> sa.Select[int]:
    """Keys of the placements whose person their employer may know that day; for callers to narrow.

    It knows her while she works there, and while her yes stands until a set time after the last day; not after a
    cancellation, and nobody while it is passive. She who rests is known only where she works.
    Source: docs/rules.md#names
    """
    return (
        sa.select(Placement.id)
        .join(Placement.opening)
        .join(Opening.employer)
        .join(Placement.card)
        .join(Placement.review)
        .where(_employer_knows(on))
    )


def _employer_knows(on: date) -> sa.ColumnElement[bool]:
    """The same of a statement that has joined opening, employer, card and review."""
    return sa.and_(
        Employer.takes_part,
        Placement.status != PlacementStatus.CANCELLED,
        sa.or_(Placement.status == PlacementStatus.RUNNING, Review.citizen_answer == Answer.YES),
        sa.or_(Placement.status == PlacementStatus.RUNNING, CompetenceCard.is_active),
        Placement.stay_ends_on >= names_kept_on(on).ended_since(Placement.municipality_id),
    )


def number_shown(user: User, on: date) -> Any:
    """The card's number to sort by; to an employer nothing where it may not know whose it is."""
    if user.scope is not Scope.EMPLOYER:
        return CompetenceCard.number
    return sa.case((_employer_knows(on), CompetenceCard.number), else_="")


def is_known(placement: Placement, on: date) -> bool:
    """Whether its employer may know who it is, whoever at the employer reads: with an account or by a link."""
    return bool(db.session.scalar(known_placements(on).where(Placement.id == placement.id)))


def name_is_open(placement: Placement, user: User, on: date) -> bool:
    """Whether this reader may see who it is; those who help her always may."""
    return user.scope is not Scope.EMPLOYER or is_known(placement, on)


def known_among(placements: Iterable[Placement], user: User, on: date) -> set[int]:
    """Keys of those whose person this reader may see, in one statement."""
    keys = [placement.id for placement in placements]
    if user.scope is not Scope.EMPLOYER:
        return set(keys)
    return set(db.session.scalars(known_placements(on).where(Placement.id.in_(keys))))


def steps_of(placement: Placement) -> list[tuple[str, str]]:
    """Expectations, start, follow-up, end: each done, current or still to do."""
    started = placement.started_at is not None
    over, talks = placement.status is PlacementStatus.ENDED, placement.follow_ups
    done = [
        started or gap_of(placement) is None,
        started,
        over or (started and any(talk.held_on for talk in talks) and not any(talk.is_open for talk in talks)),
        over,
    ]
    names = [_("Forventninger"), _("Start"), _("Opfølgning"), _("Afslutning")]
    current = done.index(False) if False in done and placement.status in OPEN else None
    states = [
        "done" if is_done else "current" if step == current else "todo" for step, is_done in enumerate(done)
    ]
    return list(zip(names, states, strict=True))


def grounds_in_words(placement: Placement, young: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What it rests on and who said so, for the municipality's own page; [] where nobody was asked.

    `young`: the answers about work under 18, with the words they were asked in.
    """
    grounds = placement.grounds
    if grounds is None:
        return []
    said = [
        (_("Bygger på"), str(grounds.act.label) if grounds.act else ""),
        (_("Gruppe"), str(grounds.readiness.label) if grounds.readiness else ""),
        (_("Første dag med ophold"), da_date(grounds.arrived_on) if grounds.arrived_on else ""),
        (_("Del af et særligt tilrettelagt forløb"), _("Ja") if grounds.is_within_course else ""),
        (_("Tæller ikke med i rimelighedskravet"), _("Ja") if grounds.is_outside_ratio else ""),
    ]
    facts = [*((label, words) for label, words in said if words), *young]
    who = _("%(name)s, %(day)s", name=grounds.stated_by.name, day=da_date(danish_day(grounds.stated_at)))
    return [*facts, (_("Oplyst af"), who)] if facts else []
