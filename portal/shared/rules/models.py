"""The table of rules."""

from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column

from portal.base.database import db
from portal.base.terms import LabelledEnum

YES_OR_NO = "= ja"
"""The unit of a rule that is no number: 1 is yes, 0 is no."""


class Certainty(LabelledEnum):
    """How far the number was read where it is said to stand."""

    READ = "read", _l("Læst i kilden")
    PARTLY = "partly", _l("Delvist læst")
    UNVERIFIED = "unverified", _l("Ikke efterprøvet")


class Rule(db.Model):  # type: ignore[name-defined]
    """One number in force from a day, with its unit, legal reference and who checked it when."""

    __tablename__ = "rules"
    __table_args__ = (
        sa.UniqueConstraint("key", "valid_from"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="valid_period"),
        sa.Index(
            "uq_rules_one_open",
            "key",
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(60), index=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    value: Mapped[Decimal] = mapped_column(sa.Numeric(12, 2))
    unit: Mapped[str] = mapped_column(sa.String(40))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    """The last day in force; None while it stands."""
    reference: Mapped[str] = mapped_column(sa.String(200))
    source: Mapped[str] = mapped_column(sa.String(300))
    checked_by: Mapped[str] = mapped_column(sa.String(120))
    checked_on: Mapped[date]
    certainty: Mapped[Certainty] = mapped_column(default=Certainty.READ, server_default="read")

    @property
    def is_yes_or_no(self) -> bool:
        return self.unit == YES_OR_NO

    def applies_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)
