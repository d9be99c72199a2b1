"""Writer of hours at the language school: a row is known by whom it is about and the month."""

from datetime import datetime

import sqlalchemy as sa

from portal.base.database import db
from portal.interventions.cohorts import language
from portal.interventions.cohorts.models import HoursSource, LanguageHours
from portal.interventions.target_groups.queries import standing
from portal.shared.accounts.models import User
from portal.workspaces.imports.effects import RowEffect, RowRefused
from portal.workspaces.imports.kinds import LanguageHoursRow, UnderstoodRow
from portal.workspaces.imports.models import ImportKind
from portal.workspaces.imports.situations import WriterAboutCitizens


class LanguageHoursWriter(WriterAboutCitizens):
    """Planned and attended hours; a month that stands otherwise is written anew."""

    kind = ImportKind.LANGUAGE_HOURS

    def load(self) -> None:
        super().load()
        ids = [citizen.id for citizen in self._citizens.values()]
        there = sa.select(LanguageHours).where(LanguageHours.citizen_id.in_(ids), standing(LanguageHours))
        self._there = {
            (row.citizen_id, row.month_on): row
            for row in db.session.scalars(there.order_by(LanguageHours.id))
        }

    def compare(self, understood: UnderstoodRow) -> RowEffect:
        row: LanguageHoursRow = understood.row
        citizen = self.citizen_of(row)
        if row.month_on > self._today:
            raise RowRefused("month_on", str(language.MonthAhead.message))
        if row.attended > row.planned:
            raise RowRefused("attended", str(language.MoreThanPlanned.message))
        there = self._there.get((citizen.id, row.month_on))
        if there is None:
            return RowEffect.NEW
        same = (there.planned, there.attended) == (row.planned, row.attended)
        return RowEffect.UNCHANGED if same else RowEffect.CHANGED

    def write(self, understood: UnderstoodRow, *, by: User | None, at: datetime) -> None:
        row: LanguageHoursRow = understood.row
        details = language.HoursDetails(row.month_on, row.planned, row.attended)
        citizen = self.citizen_of(row)
        language.write_hours(citizen.id, details, source=HoursSource.IMPORT, by=by, at=at)
