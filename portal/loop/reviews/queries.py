"""Reads of reviews: the consultant's queue, the citizen's proposals, the employer's proposals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, undefer

from portal.base import clock, events
from portal.base.database import db
from portal.base.terms import Industry, LabelledEnum, Party, PlacementForm
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.queries import own_card_ids
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import Employer, Workplace
from portal.loop.employers.queries import own_employer_ids
from portal.loop.matches.models import Match, MatchStatus
from portal.loop.matches.queries import matches_seen_by
from portal.loop.openings.models import Opening, OpeningStatus, OpeningTask
from portal.loop.reviews.desk_queries import asks_about, of_citizens_looked_after
from portal.loop.reviews.models import Answer, Decision, PutOff, Review, ReviewCondition
from portal.loop.reviews.names import names_citizen
from portal.shared.accounts.models import User
from portal.shared.rules.book import Numbers
from portal.shared.rules.names import names_kept_on
from portal.shared.rules.proposals import ProposalCap, proposal_cap
from portal.shared.rules.queries import HoldingRule, rules_in_force
from portal.web.permissions import Action, Scope
from portal.web.searching import card_number_holds, found, found_in
from portal.web.whose import Whose, users_meant


class ReviewTab(LabelledEnum):
    """Where a match stands, seen from the consultant's desk."""

    OPEN = "open", _l("Venter på dig")
    LATER = "later", _l("Senere")
    CITIZEN = "citizen", _l("Venter på borgeren")
    EMPLOYER = "employer", _l("Venter på virksomheden")
    READY = "ready", _l("Klar til forløb")
    DONE = "done", _l("Afsluttet")


class EmployerTab(LabelledEnum):
    """Where a proposal stands, seen from the employer."""

    WAITING = "waiting", _l("Venter på jeres svar")
    YES = "yes", _l("I har sagt ja")
    PAST = "past", _l("Afsluttet")


# As an expression, so that SQLite stays in the queue's own index instead of jumping to each opening's rows (5 x)
_OPENING_ID: Final = Match.opening_id + 0
_CARD_ID: Final = Match.card_id + 0

_STANDING_YES: Final = sa.and_(Review.decision == Decision.APPROVED, Review.citizen_answer == Answer.YES)


def _stands_in(tab: ReviewTab) -> sa.ColumnElement[bool]:
    """Whether a decided match stands in the tab."""
    planned = events.is_planned(Review.id)
    return {
        ReviewTab.CITIZEN: sa.and_(
            Review.decision == Decision.APPROVED, Review.citizen_answer == Answer.PENDING
        ),
        ReviewTab.EMPLOYER: sa.and_(_STANDING_YES, Review.employer_answer == Answer.PENDING),
        ReviewTab.READY: sa.and_(_STANDING_YES, Review.employer_answer == Answer.YES, ~planned),
        ReviewTab.DONE: sa.or_(
            Review.decision == Decision.REFUSED,
            Review.citizen_answer.in_([Answer.NO, Answer.WITHDRAWN]),
            Review.employer_answer == Answer.NO,
            planned,
        ),
    }[tab]


def queue(  # noqa: PLR0913 - a list is narrowed by what its filters say
    user: User,
    tab: ReviewTab,
    *,
    words: str = "",
    whose: str = "",
    industry: str = "",
    form: str = "",
    question: str = "",
) -> sa.Select[Match]:
    """The matches of a tab in the user's municipality, narrowed by search words and the desk's filters."""
    statement = matches_seen_by(user)
    if tab in (ReviewTab.OPEN, ReviewTab.LATER):
        away = Match.id.in_(sa.select(PutOff.match_id).where(PutOff.is_away()))
        statement = statement.where(
            Match.status == MatchStatus.OPEN, away if tab is ReviewTab.LATER else sa.not_(away)
        )
    else:
        statement = statement.join(Review, Review.match_id == Match.id).where(
            Match.status == MatchStatus.DECIDED, _stands_in(tab)
        )
    if industry or form:
        statement = statement.where(_OPENING_ID.in_(_openings_of(industry, form)))
    if whose in set(Whose):
        owners = users_meant(user, whose, clock.today())
        if owners is not None:
            statement = statement.where(_CARD_ID.in_(of_citizens_looked_after(user, owners)))
    if question:
        statement = statement.where(asks_about(question))
    if words:
        statement = statement.where(_mentions(words, user))
    return statement.options(
        joinedload(Match.opening).joinedload(Opening.employer),
        joinedload(Match.card, innerjoin=True).joinedload(CompetenceCard.citizen, innerjoin=True),
    )


def _openings_of(industry: str, form: str) -> sa.Select[int]:
    """An unknown trade or form finds nothing."""
    statement = sa.select(Opening.id)
    if industry:
        statement = statement.where(Opening.industry == industry if industry in set(Industry) else sa.false())
    if form:
        statement = statement.where(Opening.form == form if form in set(PlacementForm) else sa.false())
    return statement


def _mentions(words: str, user: User) -> sa.ColumnElement[bool]:
    """Searched on either side first, so that no match is read for it."""
    openings = sa.select(Opening.id).join(Opening.employer).where(found(words, Opening.title, Employer.name))
    cards = (
        sa.select(CompetenceCard.id)
        .join(CompetenceCard.citizen)
        .where(
            Citizen.municipality_id == user.municipality_id,
            sa.or_(card_number_holds(CompetenceCard.number, words), found_in(words, Citizen.searched)),
        )
    )
    return sa.or_(_OPENING_ID.in_(openings), _CARD_ID.in_(cards))


def review_of(match: Match) -> Review | None:
    statement = sa.select(Review).where(Review.match_id == match.id).options(joinedload(Review.decided_by))
    return db.session.scalar(statement)


@dataclass(frozen=True)
class ProposalRoom:
    """An employer's cap, and how many proposals are open: with the citizen or with the employer."""

    cap: ProposalCap
    open: int

    @property
    def is_full(self) -> bool:
        return self.open >= self.cap.most


def proposal_room(employer_id: int, numbers: Numbers, *, only_shown: bool = False) -> ProposalRoom:
    """The employer itself counts only what is shown to others. Source: docs/rules.md#proposal-cap"""
    staff = sa.select(sa.func.sum(Workplace.full_time_staff)).where(Workplace.employer_id == employer_id)
    waiting = (
        sa.select(sa.func.count(Review.id))
        .join(Match, Review.match_id == Match.id)
        .join(Opening, Match.opening_id == Opening.id)
        .where(
            Opening.employer_id == employer_id,
            Opening.status.in_(_ANSWERABLE),
            Review.decision == Decision.APPROVED,
            Review.citizen_answer.in_([Answer.PENDING, Answer.YES]),
            Review.employer_answer == Answer.PENDING,
            Review.is_shown() if only_shown else sa.true(),
        )
    )
    both = db.session.execute(sa.select(staff.scalar_subquery(), waiting.scalar_subquery())).one()
    return ProposalRoom(proposal_cap(Decimal(str(both[0] or 0)), numbers), both[1])


_ANSWERABLE: Final = (OpeningStatus.PUBLISHED, OpeningStatus.PAUSED)
"""Nobody waits for an answer about a place that is gone."""


def place_of(match: Match) -> int:
    """Where the match stands among the opening's suggestions in its municipality, decided ones included; 1 is the best.

    In the order in which the opening's list shows them.
    """
    figures = sa.tuple_(*Match.standing())
    own = (match.sure + match.lift, match.possible, match.wished, match.id)
    better = (
        sa.select(sa.func.count(Match.id))
        .where(
            Match.opening_id == match.opening_id,
            Match.municipality_id == match.municipality_id,
            Match.status.in_([MatchStatus.OPEN, MatchStatus.DECIDED]),
        )
        .where(figures > sa.tuple_(*map(sa.literal, own)))
    )
    return 1 + (db.session.scalar(better) or 0)


def reviews_of(matches: Iterable[Match]) -> dict[int, Review]:
    """The reviews of one page of matches, by match id."""
    ids = [match.id for match in matches]
    if not ids:
        return {}
    found = db.session.scalars(sa.select(Review).where(Review.match_id.in_(ids)).order_by(Review.id))
    return {review.match_id: review for review in found}


def review_on_record(user: User, review_id: int) -> Review:
    """The review with all that its record says. Raises NoResultFound for one that is not the user's to see."""
    match: Any = joinedload(Review.match)
    opening = match.joinedload(Match.opening)
    statement = (
        reviews_seen_by(user)
        .where(Review.id == review_id)
        .options(
            undefer(Review.compared),
            joinedload(Review.decided_by),
            opening.joinedload(Opening.employer),
            match.joinedload(Match.card),
            match.joinedload(Match.weights),
        )
    )
    return db.session.scalars(statement).one()


def in_her_file(reader: Party) -> sa.ColumnElement[bool]:
    """Which of her proposals somebody of the party may take out in a file: she herself none that can be undone."""
    return Review.is_shown() if reader is Party.CITIZEN else sa.true()


def conditions_in_her_file(reader: Party) -> sa.ColumnElement[bool]:
    """The same of the conditions of those proposals."""
    return ReviewCondition.review_id.in_(sa.select(Review.id).where(in_her_file(reader)))


def reviews_seen_by(user: User) -> sa.Select[Review]:
    """A consultant's municipality, a citizen's own approved proposals, an employer's after the citizen's yes."""
    statement = sa.select(Review).join(Review.match)
    scope = user.scope_of(Action.READ_MATCHES, Action.ANSWER_AS_CITIZEN, Action.ANSWER_AS_EMPLOYER)
    if scope is Scope.MUNICIPALITY:
        return statement.where(Match.municipality_id == user.municipality_id)
    if scope is Scope.CITIZEN:
        return statement.where(
            Review.decision == Decision.APPROVED, Review.is_shown(), Match.card_id.in_(own_card_ids(user))
        )
    if scope is Scope.EMPLOYER:
        return statement.join(Match.opening).where(
            Review.decision == Decision.APPROVED,
            Review.is_shown(),
            Review.citizen_answer.in_([Answer.YES, Answer.WITHDRAWN]),
            Opening.employer_id.in_(own_employer_ids(user)),
        )
    return statement.where(sa.false())


def review_for(user: User, review_id: int) -> Review:
    """Raises NoResultFound for a review that is not the user's to see."""
    statement = with_match(reviews_seen_by(user)).where(Review.id == review_id)
    return db.session.scalars(statement).one()


def with_match(statement: sa.Select[Review]) -> sa.Select[Review]:
    """Loads match, opening, employer, workplace and card in the same statement."""
    opening: Any = joinedload(Review.match).joinedload(Match.opening)
    return statement.options(
        opening.joinedload(Opening.employer),
        opening.joinedload(Opening.workplace),
        joinedload(Review.match).joinedload(Match.card),
        joinedload(Review.decided_by),
    )


def proposals_to_citizen(user: User) -> list[Review]:
    """Her proposals, the unanswered first, then the latest."""
    waiting_first = sa.case((Review.citizen_answer == Answer.PENDING, 0), else_=1)
    opening: Any = joinedload(Review.match).joinedload(Match.opening)
    statement = with_match(reviews_seen_by(user)).options(
        undefer(Review.stay_ends_on),
        undefer(Review.is_over),
        undefer(Review.lacks_her_words_in),
        undefer(Review.lacks_her_yes_in),
        opening.selectinload(Opening.tasks).joinedload(OpeningTask.skill),
        opening.joinedload(Opening.employer).joinedload(Employer.contacts),
    )
    latest = statement.order_by(waiting_first, Review.decided_at.desc(), Review.id.desc())
    return list(db.session.scalars(latest.limit(MOST_PROPOSALS)).unique())


MOST_PROPOSALS: Final = 100
"""Proposals on a citizen's page: more than anybody is asked about."""


def _employer_sees_in(tab: EmployerTab, on: date) -> sa.ColumnElement[bool]:
    """Whether a proposal stands in the employer's tab: what names nobody any more is past."""
    named = names_citizen(names_kept_on(on))
    return {
        EmployerTab.WAITING: sa.and_(named, Review.employer_answer == Answer.PENDING),
        EmployerTab.YES: sa.and_(named, Review.employer_answer == Answer.YES),
        EmployerTab.PAST: ~named,
    }[tab]


def proposals_to_employer(user: User, tab: EmployerTab, *, on: date, words: str = "") -> sa.Select[Review]:
    """The employer's proposals of a tab. Words are sought in the opening's title only: never in a person."""
    statement = (
        reviews_seen_by(user).join(Opening.employer).join(Match.card).where(_employer_sees_in(tab, on))
    )
    if words:
        statement = statement.where(found(words, Opening.title))
    return with_match(statement)


def rules_of(match: Match, on: date) -> list[HoldingRule]:
    """The numbers that hold for the match's form, for the reader to check against: the matcher knows no law."""
    return rules_in_force(f"{match.opening.form.value}-", on, match.municipality_id)


def steps_of(match: Match, review: Review | None) -> list[tuple[str, str]]:
    """The way from suggestion to placement, with what is done and whose turn it is."""
    done = [
        review is not None and review.is_approved,
        review is not None and review.name_is_open,
        review is not None and review.allows_placement,
        review is not None and is_planned(review),
    ]
    words = [_("Konsulent"), _("Borger"), _("Virksomhed"), _("Forløb")]
    current = done.index(False) if False in done else len(done)
    stopped = match.closed_because or (review is not None and review.is_stopped)
    return [
        (text, "done" if place < current else "current" if place == current and not stopped else "todo")
        for place, text in enumerate(words)
    ]


def is_planned(review: Review) -> bool:
    """Whether a placement was planned from the review."""
    return bool(planned_among([review]))


def planned_among(reviews: list[Review]) -> set[int]:
    """Those of the reviews that a placement was planned from, by key: it has a last day."""
    return {review.id for review in reviews if review.stay_ends_on is not None}


def citizen_of_card(card: CompetenceCard) -> Citizen:
    return db.session.scalars(sa.select(Citizen).where(Citizen.id == card.citizen_id)).one()
