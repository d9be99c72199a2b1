"""Reads of home: the state of the schema, and what waits for each role, in one statement per page."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.orm import joinedload

from portal.base.clock import danish_midnight
from portal.base.database import db
from portal.base.working_days import working_days_taken
from portal.interventions.target_groups.members import proposals_seen_by
from portal.interventions.target_groups.models import SpellProposal
from portal.loop.cards.queries import own_card_ids
from portal.loop.citizens.models import Citizen, CitizenStatus
from portal.loop.citizens.queries import citizen_list
from portal.loop.employers.people_queries import Turn, registrations_of_turn
from portal.loop.employers.queries import LATE, employer_list
from portal.loop.matches.models import Match
from portal.loop.matches.unmatched import cards_without_match, openings_without_match
from portal.loop.openings.models import Opening, OpeningStatus
from portal.loop.openings.queries import opening_list, own_openings, unanswered
from portal.loop.placements.models import Placement, PlacementStatus
from portal.loop.placements.queries import due_for_follow_up, visible_placements
from portal.loop.placements.waiting import reminder_moment, waiting_since
from portal.loop.reviews.models import Answer, Review
from portal.loop.reviews.queries import EmployerTab, ReviewTab, proposals_to_employer, queue, reviews_seen_by
from portal.shared.accounts.models import User
from portal.shared.accounts.queries import administrators_by_municipality, municipalities, user_list
from portal.shared.outbox.queries import ATTENTION, mail_list

MIGRATIONS = str(Path(__file__).resolve().parents[2] / "migrations")


@cache
def wanted_revision() -> str | None:
    """The revision that the code was written for."""
    return ScriptDirectory(MIGRATIONS).get_current_head()


def schema_state() -> tuple[str | None, str | None]:
    """The revision the database stands at and the one the code wants."""
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current, wanted_revision()


def consultants_day(user: User, today: date, at: datetime) -> tuple[dict[str, int], int | None]:
    """What waits on the consultant's desk, each the length of the list it links to; and of the citizen who has waited
    longest for a first conversation the working days, None when nobody waits.
    """
    sunday = today + timedelta(days=6 - today.weekday())
    placements = visible_placements(user)
    running = placements.where(Placement.status == PlacementStatus.RUNNING)
    untalked = citizen_list(user, status=CitizenStatus.ACTIVE, card="untalked")
    lists = {
        "open": queue(user, ReviewTab.OPEN),
        "citizen": queue(user, ReviewTab.CITIZEN),
        "employer": queue(user, ReviewTab.EMPLOYER),
        "ready": queue(user, ReviewTab.READY),
        "registrations": registrations_of_turn(user, today, turn=Turn.MUNICIPALITY),
        "late_reviews": employer_list(user, access=LATE),
        "follow_ups": due_for_follow_up(placements, today),
        "settling": placements.where(waiting_since(reminder_moment(today, user.municipality_id))),
        "starting": placements.where(
            Placement.status == PlacementStatus.PLANNED, Placement.starts_on <= sunday
        ),
        "running": running,
        "over": running.where(Placement.ends_on < today),
        "unsettled_mails": mail_list(user, state=ATTENTION),
        "overdue": unanswered(user, today=today).where(Opening.answer_due_at < at),
        "waiting": unanswered(user, today=today),
        "drafts": own_openings(user).where(Opening.status == OpeningStatus.DRAFT),
        "unmatched_cards": cards_without_match(user, at=at),
        "unmatched_openings": openings_without_match(user, at=at, today=today),
        "spell_proposals": proposals_seen_by(user),
    }
    counted = untalked.with_only_columns(sa.func.count(), sa.func.min(Citizen.created_at))
    longest = counted.order_by(None).subquery()  # read once: it looks at everybody who is active
    *lengths, waiting, since = db.session.execute(
        sa.select(*map(_length, lists.values()), longest).select_from(longest)
    ).one()
    waited = working_days_taken(since, danish_midnight(today)) if since is not None else None
    return dict(zip(lists, lengths, strict=True)) | {"untalked": waiting}, waited


def unanswered_openings(user: User, today: date) -> list[Opening]:
    """Those that wait for the promised answer, the most urgent first."""
    return list(db.session.scalars(unanswered(user, today=today).limit(MOST_SHOWN)))


def names_of(user_ids: Iterable[int | None]) -> dict[int, str]:
    """What the users are called, by their numbers."""
    wanted = {one for one in user_ids if one is not None}
    if not wanted:
        return {}
    users = db.session.execute(sa.select(User.id, User.name).where(User.id.in_(wanted)))
    return {user.id: user.name for user in users}


def work_to_confirm(user: User) -> list[SpellProposal]:
    """Placements that ended as *ansat*, and nobody has said since when she works; the oldest first."""
    place = joinedload(SpellProposal.placement).joinedload(Placement.opening).joinedload(Opening.workplace)
    return list(db.session.scalars(proposals_seen_by(user).options(place).limit(MOST_SHOWN)))


MOST_SHOWN = 5
"""Lines of a list on a front page; the whole list is a click away."""


def employers_day(user: User, today: date) -> dict[str, int]:
    """The employer's openings by status, the proposals that wait for its answer, and its placements."""
    placements = visible_placements(user)
    statuses = (
        OpeningStatus.PUBLISHED,
        OpeningStatus.PAUSED,
        OpeningStatus.DRAFT,
        OpeningStatus.FILLED,
        OpeningStatus.EXPIRED,
    )
    return _lengths(
        **{status.value: opening_list(user, today=today, status=status) for status in statuses},
        proposals=proposals_to_employer(user, EmployerTab.WAITING, on=today),
        planned=placements.where(Placement.status == PlacementStatus.PLANNED),
        running=placements.where(Placement.status == PlacementStatus.RUNNING),
    )


def citizens_day(user: User) -> dict[str, int]:
    """The proposals that wait for the citizen's answer, and her placements."""
    placements = visible_placements(user)
    return _lengths(
        cards=own_card_ids(user),
        proposals=reviews_seen_by(user).where(Review.citizen_answer == Answer.PENDING),
        planned=placements.where(Placement.status == PlacementStatus.PLANNED),
        running=placements.where(Placement.status == PlacementStatus.RUNNING),
    )


def administrators_day(user: User) -> dict[str, int]:
    return _lengths(users=user_list(user, status="open"), closed=user_list(user, status="closed"))


def operators_day() -> dict[str, int]:
    """The municipalities, and how many of them have nobody who makes their users."""
    having = administrators_by_municipality()
    known = municipalities()
    return {
        "municipalities": len(known),
        "without_administrator": sum(1 for one in known if one.id not in having),
    }


def open_places(municipality_id: int, today: date) -> sa.ScalarSelect[int]:
    """How many free places there are in the municipality's published openings."""
    places = sa.select(sa.func.coalesce(sa.func.sum(Opening.places - Opening.filled), 0)).where(
        Opening.municipality_id == municipality_id,
        Opening.status == OpeningStatus.PUBLISHED,
        Opening.expires_on >= today,
    )
    return places.scalar_subquery()


def any_match(municipality_id: int) -> sa.ScalarSelect[int]:
    """1 when something was ever suggested in the municipality, or else 0."""
    found = sa.exists().where(Match.municipality_id == municipality_id)
    return sa.select(sa.case((found, 1), else_=0)).scalar_subquery()


def _lengths(**lists: sa.Select[Any]) -> dict[str, int]:
    """The lengths of several lists in one statement."""
    columns = map(_length, lists.values())
    return dict(zip(lists, db.session.execute(sa.select(*columns)).one(), strict=True))


def _length(listed: sa.Select[Any]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(listed.order_by(None).subquery()).scalar_subquery()
