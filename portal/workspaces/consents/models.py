"""Tables of consents."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base import taking_back
from portal.base.database import db, named_enum
from portal.base.terms import LabelledEnum
from portal.loop.cards.fields import SharedField
from portal.loop.cards.models import CardVersion, CompetenceCard
from portal.loop.employers.models import Employer
from portal.loop.reviews.models import Answer, AnsweredVia, Review
from portal.shared.accounts.models import User

ANONYMOUS: Final = (SharedField.NUMBER, SharedField.SKILLS, SharedField.EVIDENCE, SharedField.HOURS)
"""An employer's first view: nothing that anybody wrote freely, and nothing that says who she is."""


class ConsentPurpose(LabelledEnum):
    SHOW_CARD = "show_card", _l("Virksomheden vil se kortet")
    PROPOSAL = "proposal", _l("Et forslag, som borgeren har sagt ja til")


class ConsentState(LabelledEnum):
    """Where a consent stands on a day."""

    ASKED = "asked", _l("Venter på borgeren")
    GIVEN = "given", _l("Givet")
    REFUSED = "refused", _l("Nej tak")
    WITHDRAWN = "withdrawn", _l("Trukket tilbage")
    EXPIRED = "expired", _l("Udløbet")
    OVER = "over", _l("Slut: forslaget er ikke aktuelt længere")
    RESTING = "resting", _l("Hviler: borgeren eller virksomheden er passiv")


class Consent(db.Model):  # type: ignore[name-defined]
    """One disclosure she was asked about, and her answer. `until_on` is the last day."""

    __tablename__ = "consents"
    __table_args__ = (
        sa.CheckConstraint("(answer = 'pending') = (answered_at IS NULL)", name="answered_at"),
        sa.CheckConstraint("(answer = 'pending') = (answered_via IS NULL)", name="answered_via"),
        sa.CheckConstraint("(answer = 'pending') = (recorded_by_id IS NULL)", name="recorded_by"),
        sa.CheckConstraint("(answer = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_at"),
        sa.CheckConstraint("(purpose = 'proposal') = (review_id IS NOT NULL)", name="proposal_has_review"),
        sa.Index("ix_consents_card", "card_id", "asked_at"),
        {
            "sqlite_autoincrement": True
        },  # a link names its consent: an erased one's key is never given to another
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[int] = mapped_column(sa.ForeignKey("competence_cards.id"))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("card_versions.id"))
    """The card as it stood when she was asked: what is added later is not shown."""
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employers.id"), index=True)
    review_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reviews.id"), index=True)
    fields: Mapped[list[str]]
    """Values of SharedField."""
    until_on: Mapped[date]
    purpose: Mapped[ConsentPurpose]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    answer: Mapped[Answer] = mapped_column(named_enum(Answer, "consent_answer"), default=Answer.PENDING)
    answered_at: Mapped[datetime | None]
    answered_via: Mapped[AnsweredVia | None] = mapped_column(named_enum(AnsweredVia, "consent_via"))
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    """Herself, or the consultant she told it on paper or by phone."""
    withdrawn_at: Mapped[datetime | None]

    card: Mapped[CompetenceCard] = relationship()
    version: Mapped[CardVersion] = relationship()
    employer: Mapped[Employer] = relationship()
    review: Mapped[Review | None] = relationship()
    recorded_by: Mapped[User | None] = relationship(foreign_keys=[recorded_by_id])

    def state_on(self, day: date, *, is_named: bool = True) -> ConsentState:
        """Withdrawn, too, when the yes to the proposal it belongs to is: that yes is the one she gave.

        Over when that proposal names her to the employer no more (`is_named`), whatever day was agreed.
        """
        if self.answer is Answer.WITHDRAWN or (self.review is not None and not self.review.name_is_open):
            return ConsentState.WITHDRAWN
        if self.answer is Answer.NO:
            return ConsentState.REFUSED
        if self.until_on < day:
            return ConsentState.EXPIRED
        if not self.card.is_active or not self.employer.takes_part:
            return ConsentState.ASKED if self.answer is Answer.PENDING else ConsentState.RESTING
        if self.review is not None and not is_named:
            return ConsentState.OVER
        return ConsentState.ASKED if self.answer is Answer.PENDING else ConsentState.GIVEN

    def answer_open_until(self, at: datetime) -> datetime | None:
        """Until when she may take back what she answered to the question; a yes ends by withdrawing it."""
        is_no = self.answer is Answer.NO and self.purpose is ConsentPurpose.SHOW_CARD
        return taking_back.open_until(self.answered_at, at) if is_no else None

    @property
    def opens(self) -> Sequence[SharedField]:
        """The fields, in the order of SharedField."""
        return [field for field in SharedField if field.value in self.fields]
