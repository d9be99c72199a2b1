"""The table of rules."""

from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import LabelledEnum
from portal.shared.accounts.models import Municipality
from portal.shared.rules.certainty import Certainty
from portal.shared.rules.units import WORDS, YES_OR_NO, in_words, lines_of


class RuleStanding(LabelledEnum):
    """Whether a row counts. Only those that hold are read by any check, each on its days."""

    HOLDS = "holds", _l("Gælder")
    WAITING = "waiting", _l("Venter på jeres bekræftelse")
    """Shipped with a first day that was past when it came."""
    REFUSED = "refused", _l("Afvist")
    REPLACED = "replaced", _l("Rettet bagud")
    """What was taken for the rule until the past was corrected."""


def _one(name: str, *columns: str, where: str) -> sa.Index:
    """One row for the columns among those that hold and that the condition names."""
    condition = sa.text(f"standing = 'holds' AND {where}")
    return sa.Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


class Rule(db.Model):  # type: ignore[name-defined]
    """One number or list in force from a day, with its unit, legal reference and who checked it when.

    Without a municipality it is the law's and every municipality's. A municipality's own row is stricter than the law.
    """

    __tablename__ = "rules"
    __table_args__ = (
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="valid_period"),
        # SQL takes no two NULLs for the same: the law's rows and a municipality's have indexes of their own
        _one("uq_rules_one_from_a_day", "key", "valid_from", where="municipality_id IS NULL"),
        _one("uq_rules_one_open", "key", where="valid_to IS NULL AND municipality_id IS NULL"),
        _one(
            "uq_rules_own_from_a_day",
            "municipality_id",
            "key",
            "valid_from",
            where="municipality_id IS NOT NULL",
        ),
        _one(
            "uq_rules_own_open",
            "municipality_id",
            "key",
            where="valid_to IS NULL AND municipality_id IS NOT NULL",
        ),
        # the log names rows by id, also those that were taken back
        {"sqlite_autoincrement": True},
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
    municipality_id: Mapped[int | None] = mapped_column(sa.ForeignKey("municipalities.id"))
    words: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    """The lines of a list; "" for a number."""
    standing: Mapped[RuleStanding] = mapped_column(default=RuleStanding.HOLDS, server_default="holds")
    shipped_from: Mapped[date | None]
    """The first day that the portal's own file gives the row, however it came into force here."""
    took_over: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """The row before it ended only because this one begins: taken back, that one goes on."""
    took_until: Mapped[date | None]
    """The last day that the row before it had until then."""
    goes_on: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """After a pause: the same number as before it."""
    reason: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")
    """Why the past was corrected by it, or why it was refused."""

    municipality: Mapped[Municipality | None] = relationship(lazy="joined")

    @property
    def is_yes_or_no(self) -> bool:
        return self.unit == YES_OR_NO

    @property
    def is_list(self) -> bool:
        return self.unit == WORDS

    @property
    def lines(self) -> list[str]:
        return lines_of(self.words)

    @property
    def is_own(self) -> bool:
        """A municipality's own row, not the law's."""
        return self.municipality_id is not None

    @property
    def in_words(self) -> str:
        return in_words(self.value, self.unit)

    @property
    def holds(self) -> bool:
        """On its days; not one that waits, was refused or was corrected."""
        return self.standing is RuleStanding.HOLDS

    def applies_on(self, day: date) -> bool:
        return self.holds and self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)
