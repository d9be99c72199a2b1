"""Tables of VITAS sheets."""

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import LabelledEnum
from portal.loop.placements.models import Placement
from portal.shared.accounts.models import User
from portal.shared.rules.law.praktik import PraktikPurpose


class Confirmation(LabelledEnum):
    """What a consultant has looked up or asked, and stands for with her name."""

    NOT_LAST_EMPLOYER = "not_last_employer", _l("Det er ikke borgerens seneste arbejdsgiver")
    NOT_OWNED_BY_FAMILY = "not_owned_by_family", _l("Ægtefælle eller samlever ejer ikke virksomheden")
    BENEFITS = "benefits", _l("Kravet om tid på ydelse er opfyldt, eller borgeren er undtaget")
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
        sa.CheckConstraint("school_weeks >= 0", name="school_weeks_not_negative"),
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
    staff_last_month: Mapped[Decimal | None] = mapped_column(sa.Numeric(8, 2))
    staff_average: Mapped[Decimal | None] = mapped_column(sa.Numeric(8, 2))
    """Ordinary staff of the whole employer in full-time persons, for merbeskæftigelse."""
    school_weeks: Mapped[int | None]
    representative_name: Mapped[str] = mapped_column(sa.String(120), default="")
    representative_stated_on: Mapped[date | None]
    confirmed: Mapped[list[str]] = mapped_column(default=list)
    """Values of Confirmation."""
    case_number: Mapped[str] = mapped_column(sa.String(40), default="")
    """The number that VITAS gave the case."""
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    ready_at: Mapped[datetime | None]
    ready_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(default=1)

    placement: Mapped[Placement] = relationship()
    written_by: Mapped[User] = relationship(foreign_keys=[written_by_id])
    ready_by: Mapped[User | None] = relationship(foreign_keys=[ready_by_id])

    def has_confirmed(self, what: Confirmation) -> bool:
        return what.value in self.confirmed
