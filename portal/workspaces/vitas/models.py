"""Tables of VITAS sheets."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import LabelledEnum
from portal.loop.placements.models import Placement
from portal.shared.accounts.models import User
from portal.shared.rules.law.praktik import PraktikPurpose
from portal.shared.rules.law.replies import Reply


class Confirmation(LabelledEnum):
    """What a consultant looks up or asks, and answers for with her name."""

    NOT_LAST_EMPLOYER = "not_last_employer", _l("Det er ikke borgerens seneste arbejdsgiver")
    NOT_OWNED_BY_FAMILY = "not_owned_by_family", _l("Ægtefælle eller samlever ejer ikke virksomheden")
    BENEFITS = "benefits", _l("Kravet om tid på ydelse er opfyldt")
    IGU_RESIDENCE = "igu_residence", _l("Borgeren hører til målgruppen for IGU, og opholdet er kort nok")
    IGU_NOT_EMPLOYED = "igu_not_employed", _l("Borgeren har ikke været ordinært ansat her for nylig")
    IGU_FIRST = "igu_first", _l("Borgeren har ikke haft en IGU før")


class VitasSheet(db.Model):  # type: ignore[name-defined]
    """What VITAS asks for beyond what the placement, the opening and the employer already say."""

    __tablename__ = "vitas_sheets"
    __table_args__ = (
        sa.CheckConstraint(
            "representative_stated_on IS NULL OR representative_name <> ''", name="statement_has_a_name"
        ),
        sa.CheckConstraint("(ready_at IS NULL) = (ready_by_id IS NULL)", name="ready_by_somebody"),
        sa.CheckConstraint("monthly_wage_dkk >= 0", name="wage_not_negative"),
        sa.CheckConstraint("monthly_subsidy_dkk >= 0", name="subsidy_not_negative"),
        sa.CheckConstraint("school_weeks >= 0", name="school_weeks_not_negative"),
        sa.CheckConstraint("total_hours_per_week >= 0", name="total_hours_not_negative"),
        sa.CheckConstraint("(passed_at IS NULL) = (passed_by_id IS NULL)", name="passed_by_somebody"),
        {"sqlite_autoincrement": True},  # the audit holds ids: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(sa.ForeignKey("placements.id"), unique=True)
    purpose: Mapped[PraktikPurpose | None]
    working_times: Mapped[str] = mapped_column(sa.String(120), default="")
    remarks: Mapped[str] = mapped_column(sa.String(1000), default="")
    """For example how the hours rise: VITAS asks for those at the end."""
    monthly_wage_dkk: Mapped[int | None]
    """The whole monthly cost of the wage; asked for with løntilskud."""
    monthly_subsidy_dkk: Mapped[int | None]
    """What of it the municipality pays."""
    staff_last_month: Mapped[Decimal | None] = mapped_column(sa.Numeric(8, 2))
    staff_average: Mapped[Decimal | None] = mapped_column(sa.Numeric(8, 2))
    """Ordinary staff of the whole employer in full-time persons, for merbeskæftigelse."""
    school_weeks: Mapped[int | None]
    total_hours_per_week: Mapped[float | None]
    """Work and school of an IGU together, an average week."""
    representative_name: Mapped[str] = mapped_column(sa.String(120), default="")
    representative_stated_on: Mapped[date | None]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Value of Confirmation -> value of Reply; what is not answered is not there."""
    case_number: Mapped[str] = mapped_column(sa.String(40), default="")
    """The number that VITAS gave the case."""
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    ready_at: Mapped[datetime | None]
    ready_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    outdated_at: Mapped[datetime | None]
    """When the placement was changed after the sheet was written; None once it has been declared ready anew."""
    findings: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON, default=list, server_default="[]")
    """What the rules said of the sheet when it was last ready: warnings and stops (rules/findings.py)."""
    stop_reason: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    """Why a stop was passed, each reason on its own line."""
    passed_at: Mapped[datetime | None]
    passed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(default=1)

    placement: Mapped[Placement] = relationship()
    written_by: Mapped[User] = relationship(foreign_keys=[written_by_id])
    ready_by: Mapped[User | None] = relationship(foreign_keys=[ready_by_id])

    passed_by: Mapped[User | None] = relationship(foreign_keys=[passed_by_id])

    @property
    def has_reason(self) -> bool:
        """Whether the stops among its findings were passed."""
        return bool(self.stop_reason)

    def reply_to(self, what: Confirmation) -> Reply | None:
        return Reply(self.answers[what]) if what in self.answers else None
