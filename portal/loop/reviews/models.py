"""Tables of reviews."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Self

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base import clock, taking_back
from portal.base.alphabet import alphabetical
from portal.base.database import db, named_enum
from portal.base.terms import LabelledEnum
from portal.loop.matches.models import Match
from portal.matching import Met
from portal.shared.accounts.models import User
from portal.shared.rules.findings import Finding


class Decision(LabelledEnum):
    APPROVED = "approved", _l("Godkendt")
    REFUSED = "refused", _l("Ikke godkendt")


class DecisionReason(LabelledEnum):
    """Coded reasons, one line each: the label, and which decisions it can be the reason of.

    The words beside them are free. The order is that of the forms and of the count on the page of quality.
    """

    decisions: tuple[Decision, ...]

    GOOD_FIT = "good_fit", _l("Opgaverne passer godt"), Decision.APPROVED
    LEARNING_STEP = "learning_step", _l("Et godt næste skridt at lære af"), Decision.APPROVED
    CITIZENS_WISH = "citizens_wish", _l("Borgerens eget ønske"), Decision.APPROVED
    EMPLOYER_KNOWS = "employer_knows", _l("Virksomheden er vant til oplæring"), Decision.APPROVED
    SKILLS_LACKING = "skills_lacking", _l("Mangler noget, som pladsen kræver"), Decision.REFUSED
    NOT_THE_WISH = "not_the_wish", _l("Passer ikke med borgerens ønske"), Decision.REFUSED
    HOURS_OR_PLACE = "hours_or_place", _l("Tid eller transport passer ikke"), Decision.REFUSED
    DANISH = "danish", _l("Dansk passer ikke endnu"), Decision.REFUSED
    OTHER_PLAN = "other_plan", _l("Borgeren er i gang med noget andet"), Decision.REFUSED
    LEGAL = "legal", _l("Reglerne tillader det ikke"), Decision.REFUSED
    OTHER = "other", _l("Andet"), Decision.APPROVED, Decision.REFUSED

    def __new__(cls, value: str, label: LazyString | None = None, *decisions: Decision) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        if label is not None:  # None: a look-up by value
            member.label, member.names_in_files, member.decisions = label, (), decisions
        return member


YES_REASONS = tuple(reason for reason in DecisionReason if Decision.APPROVED in reason.decisions)
NO_REASONS = tuple(reason for reason in DecisionReason if Decision.REFUSED in reason.decisions)


class Answer(LabelledEnum):
    PENDING = "pending", _l("Ikke svaret endnu")
    YES = "yes", _l("Ja tak")
    NO = "no", _l("Nej tak")
    WITHDRAWN = "withdrawn", _l("Trukket tilbage")


class AnsweredVia(LabelledEnum):
    PORTAL = "portal", _l("På portalen")
    PAPER = "paper", _l("På papir")
    PHONE = "phone", _l("I telefonen")
    MEETING = "meeting", _l("På et møde")


class EmployerReason(LabelledEnum):
    """Why an employer said no."""

    FILLED = "filled", _l("Pladsen er ikke ledig længere")
    SKILLS = "skills", _l("Vi har brug for noget andet")
    TIME = "time", _l("Tidspunktet passer ikke")
    OTHER = "other", _l("Andet")


UNDO_FOR: Final = timedelta(seconds=10)
"""For so long the consultant can undo a decision, and nobody else is shown it."""


class Review(db.Model):  # type: ignore[name-defined]
    """The human side of one match: the consultant's decision, the citizen's answer, the employer's answer."""

    __tablename__ = "reviews"
    __table_args__ = (
        sa.CheckConstraint(
            "(citizen_answer = 'pending') = (citizen_answered_at IS NULL)", name="citizen_answered_at"
        ),
        sa.CheckConstraint(
            "(employer_answer = 'pending') = (employer_answered_at IS NULL)", name="employer_answered_at"
        ),
        sa.CheckConstraint("decision = 'approved' OR citizen_answer = 'pending'", name="refused_asks_nobody"),
        sa.CheckConstraint(
            "employer_answer = 'pending' OR citizen_answer IN ('yes', 'withdrawn')",
            name="employer_after_citizen",
        ),
        sa.CheckConstraint(
            "(citizen_answer = 'pending') = (citizen_answered_via IS NULL)", name="answered_via"
        ),
        sa.CheckConstraint("place >= 1", name="place_range"),
        sa.Index("ix_reviews_waiting", "decision", "citizen_answer", "employer_answer"),
        {"sqlite_autoincrement": True},  # the audit and other rooms hold ids: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(sa.ForeignKey("matches.id"), unique=True)
    decision: Mapped[Decision]
    reason: Mapped[DecisionReason]
    words: Mapped[str] = mapped_column(sa.String(500), default="")
    decided_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[datetime] = mapped_column(index=True)
    place: Mapped[int | None]
    """Where the match stood among the opening's suggestions in the municipality when it was decided; 1 is the best."""
    compared: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    """Both sides and the weights as they were compared (reviews/record.py); None when decided before it was kept."""
    findings: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON, default=list, server_default="[]")
    """What the rules said when it was decided: warnings and stops (rules/findings.py)."""
    stop_reason: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")
    """Why the consultant passed a stop."""
    unpaid_reason: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")
    """Why unpaid praktik was chosen while something paid was open (docs/rules.md#highest-rung)."""

    citizen_answer: Mapped[Answer] = mapped_column(
        named_enum(Answer, "citizen_answer"), default=Answer.PENDING
    )
    citizen_answered_at: Mapped[datetime | None]
    citizen_answered_via: Mapped[AnsweredVia | None]
    citizen_answer_recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))

    employer_answer: Mapped[Answer] = mapped_column(
        named_enum(Answer, "employer_answer"), default=Answer.PENDING
    )
    employer_reason: Mapped[EmployerReason | None]
    employer_answered_at: Mapped[datetime | None]
    employer_answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))

    if TYPE_CHECKING:  # mapped by the room that plans placements and calls them off (placements/models.py)
        is_called_off: Mapped[bool]
    """Whether the placement planned from it was cancelled: then the employer has no more need of the name."""
    if TYPE_CHECKING:  # mapped by the same room
        is_under_way: Mapped[bool]
    """Whether she is there now: then the workplace must know who she is, whatever becomes of her yes."""
    if TYPE_CHECKING:  # mapped by the same room
        is_over: Mapped[bool]
    """Whether what was planned from it has begun and ended, with all it went on in."""
    if TYPE_CHECKING:  # mapped by the same room
        stay_ends_on: Mapped[date | None]
    """The last day of what was planned from it, and of what that went on in; None: nothing was planned."""
    if TYPE_CHECKING:  # mapped by the same room (placements/waiting.py)
        lacks_her_words_in: Mapped[int | None]
        lacks_her_yes_in: Mapped[int | None]
    """The key of what was planned from it and waits for what she expects, or for her yes to the settled words."""

    match: Mapped[Match] = relationship()
    decided_by: Mapped[User] = relationship(foreign_keys=[decided_by_id])
    conditions: Mapped[list["ReviewCondition"]] = relationship(
        cascade="all, delete-orphan", order_by=lambda: alphabetical(ReviewCondition.name)
    )

    @classmethod
    def is_shown(cls) -> sa.ColumnElement[bool]:
        """Whether citizen and employer are shown it when the statement runs: it can be undone no longer."""
        since = sa.bindparam(
            "shown_since", callable_=lambda: clock.now() - UNDO_FOR, type_=cls.decided_at.type, unique=True
        )
        return sa.or_(cls.citizen_answer != Answer.PENDING, cls.decided_at <= since)

    def can_be_undone(self, at: datetime) -> bool:
        """The opposite of `is_shown`, of this one."""
        return self.citizen_answer is Answer.PENDING and at < self.decided_at + UNDO_FOR

    @property
    def said(self) -> list[Finding]:
        """Its `findings`, to be told."""
        return [Finding.from_row(row) for row in self.findings]

    @property
    def is_approved(self) -> bool:
        return self.decision is Decision.APPROVED

    @property
    def awaits_citizen(self) -> bool:
        return self.is_approved and self.citizen_answer is Answer.PENDING

    @property
    def awaits_employer(self) -> bool:
        return self.name_is_open and self.employer_answer is Answer.PENDING

    @property
    def can_be_withdrawn(self) -> bool:
        return self.citizen_answer is Answer.YES and not self.is_under_way

    def citizen_answer_open_until(self, at: datetime) -> datetime | None:
        """Until when she may take back what she answered; None when its hour is over, or the employer has answered."""
        if self.citizen_answer not in (Answer.YES, Answer.NO) or self.employer_answer is not Answer.PENDING:
            return None
        return taking_back.open_until(self.citizen_answered_at, at)

    def employer_answer_open_until(self, at: datetime) -> datetime | None:
        """The same for the employer: until its hour is over, a placement is planned, or she withdrew."""
        if self.employer_answer is Answer.PENDING or not self.name_is_open:
            return None
        until = taking_back.open_until(self.employer_answered_at, at)
        return until if until and self.stay_ends_on is None else None

    @property
    def is_stopped(self) -> bool:
        """Somebody said no, or the citizen withdrew."""
        answers = (self.citizen_answer, self.employer_answer)
        return not self.is_approved or Answer.NO in answers or Answer.WITHDRAWN in answers

    @property
    def name_is_open(self) -> bool:
        """Whether the citizen's yes stands; what an employer sees on a day, reviews/names.py says."""
        return self.decision is Decision.APPROVED and self.citizen_answer is Answer.YES

    @property
    def allows_placement(self) -> bool:
        return self.name_is_open and self.employer_answer is Answer.YES


class ReviewCondition(db.Model):  # type: ignore[name-defined]
    """A hard condition as it stood when the match was decided: the match's own result, ready to be counted."""

    __tablename__ = "review_conditions"

    review_id: Mapped[int] = mapped_column(sa.ForeignKey("reviews.id"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    """A name of matching.Condition: industry, distance, shift_evening ..."""
    met: Mapped[Met] = mapped_column(named_enum(Met, "met"))


class UndoneDecision(db.Model):  # type: ignore[name-defined]
    """A decision that its consultant undid at once: nobody was asked, and the match waits for a decision again."""

    __tablename__ = "undone_decisions"
    __table_args__ = (sa.CheckConstraint("undone_at >= decided_at", name="undone_after_decided"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(sa.ForeignKey("matches.id", ondelete="CASCADE"), index=True)
    decision: Mapped[Decision]
    reason: Mapped[DecisionReason]
    words: Mapped[str] = mapped_column(sa.String(500), default="")
    decided_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[datetime]
    undone_at: Mapped[datetime]

    decided_by: Mapped[User] = relationship()


class PutOff(db.Model):  # type: ignore[name-defined]
    """An open match that a consultant wants to see later: until the day it leaves the list of what waits."""

    __tablename__ = "put_off_matches"

    match_id: Mapped[int] = mapped_column(sa.ForeignKey("matches.id", ondelete="CASCADE"), primary_key=True)
    until_on: Mapped[date] = mapped_column(index=True)
    set_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    set_at: Mapped[datetime]

    set_by: Mapped[User] = relationship()

    @classmethod
    def is_away(cls) -> sa.ColumnElement[bool]:
        """Whether its day has not come when the statement runs."""
        away: sa.ColumnElement[bool] = cls.until_on > sa.bindparam(
            "today", callable_=clock.today, type_=sa.Date(), unique=True
        )
        return away
