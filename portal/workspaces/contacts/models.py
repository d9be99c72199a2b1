"""The table of contacts with employers."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import LabelledEnum
from portal.loop.employers.models import Employer
from portal.shared.accounts.models import User

WORDS_LENGTH = 500
STEP_LENGTH = 200


class ContactKind(LabelledEnum):
    """How the municipality was in touch with an employer."""

    CALL = "call", _l("Opkald")
    VISIT = "visit", _l("Besøg")
    MAIL = "mail", _l("Mail")
    NOTE = "note", _l("Notat")


class EmployerProspect(db.Model):  # type: ignore[name-defined]
    """A company that somebody speaks with and that takes no part yet: no openings, no accounts, counted nowhere.

    Once it takes part, what was said stands with the employer, and the row says which it became.
    """

    __tablename__ = "employer_prospects"
    __table_args__ = (
        sa.CheckConstraint("length(cvr) = 8", name="cvr_length"),
        sa.CheckConstraint("(employer_id IS NULL) = (joined_at IS NULL)", name="joined_with_a_moment"),
        sa.Index(
            "uq_employer_prospects_open",
            "municipality_id",
            "cvr",
            unique=True,
            sqlite_where=sa.text("employer_id IS NULL"),
            postgresql_where=sa.text("employer_id IS NULL"),
        ),
        {"sqlite_autoincrement": True},  # the log names the row: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    cvr: Mapped[str | None] = mapped_column(sa.String(8))
    line_of_work: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    """What the company does, in words: the trades of the plan are asked when it takes part."""
    phone: Mapped[str] = mapped_column(sa.String(20), default="", server_default="")
    contact_name: Mapped[str] = mapped_column(sa.String(120), default="", server_default="")
    contact_email: Mapped[str] = mapped_column(sa.String(254), default="", server_default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    employer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("employers.id"), index=True)
    """What it became."""
    joined_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    employer: Mapped[Employer | None] = relationship()
    created_by: Mapped[User] = relationship()


class EmployerContact(db.Model):  # type: ignore[name-defined]
    """One line about an employer or a prospect: a call, a visit, a mail or a note, and what comes next.

    A correction changes the row and keeps what stood there as a row of its own (`earlier_of_id`).
    """

    __tablename__ = "employer_contacts"
    __table_args__ = (
        sa.CheckConstraint("(next_step IS NULL) = (next_on IS NULL)", name="step_has_a_day"),
        sa.CheckConstraint("next_done_at IS NULL OR next_step IS NOT NULL", name="done_of_a_step"),
        sa.CheckConstraint("(next_done_at IS NULL) = (next_done_by_id IS NULL)", name="done_by_somebody"),
        sa.CheckConstraint(
            "(struck_at IS NULL) = (strike_reason IS NULL) AND (struck_at IS NULL) = (struck_by_id IS NULL)",
            name="struck_with_a_reason",
        ),
        sa.CheckConstraint(
            "(earlier_of_id IS NULL) = (replaced_at IS NULL)", name="replaced_follows_earlier"
        ),
        sa.CheckConstraint("(employer_id IS NULL) <> (prospect_id IS NULL)", name="of_one_company"),
        sa.Index("ix_employer_contacts_employer", "employer_id", "happened_on"),
        {"sqlite_autoincrement": True},  # the log names the row: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("employers.id"))
    prospect_id: Mapped[int | None] = mapped_column(sa.ForeignKey("employer_prospects.id"), index=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"), index=True)
    """Whose consultant wrote it, and who reads it: a neighbour's employer is spoken with too."""
    kind: Mapped[ContactKind]
    happened_on: Mapped[date]
    spoke_with: Mapped[str] = mapped_column(sa.String(120), default="", server_default="")
    """Somebody at the employer; empty: nobody, or not said."""
    words: Mapped[str] = mapped_column(sa.String(WORDS_LENGTH), default="", server_default="")
    next_step: Mapped[str | None] = mapped_column(sa.String(STEP_LENGTH))
    next_on: Mapped[date | None] = mapped_column(index=True)
    next_done_at: Mapped[datetime | None]
    next_done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    earlier_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("employer_contacts.id"), index=True)
    """The row that this one is an earlier wording of; None: it stands."""
    replaced_at: Mapped[datetime | None]
    struck_at: Mapped[datetime | None]
    struck_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    strike_reason: Mapped[str | None] = mapped_column(sa.String(STEP_LENGTH))
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    employer: Mapped[Employer | None] = relationship()
    prospect: Mapped[EmployerProspect | None] = relationship()
    written_by: Mapped[User] = relationship(foreign_keys=[written_by_id])
    next_done_by: Mapped[User | None] = relationship(foreign_keys=[next_done_by_id])
    struck_by: Mapped[User | None] = relationship(foreign_keys=[struck_by_id])

    @property
    def company(self) -> Employer | EmployerProspect:
        """Whom it is about."""
        company = self.employer or self.prospect
        assert company is not None
        return company

    @property
    def is_struck(self) -> bool:
        return self.struck_at is not None

    @property
    def has_open_step(self) -> bool:
        return self.next_step is not None and self.next_done_at is None and not self.is_struck
