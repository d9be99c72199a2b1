"""Undo a decision while nobody but its consultant has been shown it, and put an open match off to a later day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.loop.matches.models import Match
from portal.loop.matches.services import MatchNotOpen, mark_undecided
from portal.loop.reviews.models import Answer, PutOff, Review, UndoneDecision
from portal.loop.reviews.services import CitizenAlreadyAnswered, lock_review
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit


class TooLateToUndo(DomainError):
    message = _l("Der er gået mere end 10 sekunder. Vurderingen er sendt videre og kan ikke fortrydes her.")


class SomebodyElsesDecision(DomainError):
    message = _l("Kun den, der har vurderet forslaget, kan fortryde.")


class SomeNoLongerOpen(DomainError):
    message = _l("Nogle af forslagene venter ikke længere. Gå tilbage til listen, og vælg igen.")


class DayOfReturnOutOfRange(DomainError):
    message = _l("Vælg en dag efter i dag og inden for et år.")


LONGEST_AWAY: Final = timedelta(days=365)


def may_return_on(day: date, today: date) -> bool:
    """Whether a suggestion may be put off to the day."""
    return today < day <= today + LONGEST_AWAY


def undo_decisions(reviews: Sequence[Review], *, by: User, at: datetime) -> None:
    """Take decisions back, all or none: their matches wait for a decision again. What was decided stays on record.

    Raises DecisionGone when it is undone already, CitizenAlreadyAnswered, SomebodyElsesDecision, TooLateToUndo.
    """
    for review in sorted(
        reviews, key=lambda one: one.id
    ):  # in one order, so that two never wait for each other
        _undo(review, by=by, at=at)


def _undo(review: Review, *, by: User, at: datetime) -> None:
    lock_review(review)
    if review.decided_by_id != by.id:
        raise SomebodyElsesDecision
    if review.citizen_answer is not Answer.PENDING:
        raise CitizenAlreadyAnswered(review)
    if not review.can_be_undone(at):
        raise TooLateToUndo
    audit.record(
        "match-decision-undone", subject=review, by=by, at=at, citizen_id=review.match.card.citizen_id
    )
    db.session.add(
        UndoneDecision(
            match_id=review.match_id,
            decision=review.decision,
            reason=review.reason,
            words=review.words,
            decided_by_id=review.decided_by_id,
            decided_at=review.decided_at,
            undone_at=at,
        )
    )
    match = review.match
    db.session.delete(review)
    db.session.flush()
    mark_undecided(match, at=at)


def put_off(matches: Sequence[Match], *, until_on: date, by: User, at: datetime) -> None:
    """Take open matches out of what waits until the day. Raises DayOfReturnOutOfRange, MatchNotOpen."""
    if not may_return_on(until_on, danish_day(at)):
        raise DayOfReturnOutOfRange
    for match in matches:
        db.session.execute(sa.select(Match.id).where(Match.id == match.id).with_for_update())
        db.session.refresh(match, ["status", "closed_reason"])
        if not match.awaits_review:
            raise MatchNotOpen(match)
        db.session.merge(PutOff(match_id=match.id, until_on=until_on, set_by_id=by.id, set_at=at))
        audit.record("match-put-off", subject=match, by=by, at=at, citizen_id=match.card.citizen_id)


def bring_back(matches: Sequence[Match], *, by: User, at: datetime) -> None:
    """Let what is put off wait among the others again. Nothing happens to one that does already."""
    for match in matches:
        found = db.session.get(PutOff, match.id, with_for_update=True)
        if found is not None:
            db.session.delete(found)
            audit.record("match-brought-back", subject=match, by=by, at=at, citizen_id=match.card.citizen_id)
