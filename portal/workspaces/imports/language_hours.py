"""Writer of hours at the language school: a row is known by whom it is about and the month."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from portal.base.database import db
from portal.base.folding import case_key
from portal.interventions.cohorts import language
from portal.interventions.cohorts.models import HoursSource, LanguageHours
from portal.interventions.target_groups.queries import standing
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from portal.workspaces.imports.effects import RowEffect, RowRefused
from portal.workspaces.imports.kinds import LanguageHoursRow, UnderstoodRow
from portal.workspaces.imports.models import ImportKind
from portal.workspaces.imports.situations import NO_SUCH_CITIZEN, citizens_by_case


class LanguageHoursWriter:
    """Planned and attended hours; a month that stands otherwise is written anew."""

    kind = ImportKind.LANGUAGE_HOURS

    def __init__(self, rows: Sequence[UnderstoodRow], *, municipality_id: int, today: date) -> None:
        self._rows, self._municipality_id, self._today = rows, municipality_id, today
        self.load()

    def load(self) -> None:
        self._citizens = citizens_by_case(self._municipality_id, self._rows)
        ids = [citizen.id for citizen in self._citizens.values()]
        there = sa.select(LanguageHours).where(LanguageHours.citizen_id.in_(ids), standing(LanguageHours))
        self._there = {
            (row.citizen_id, row.month_on): row
            for row in db.session.scalars(there.order_by(LanguageHours.id))
        }

    def compare(self, understood: UnderstoodRow) -> RowEffect:
        row: LanguageHoursRow = understood.row
        citizen = self._citizen(row)
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
        citizen = self._citizen(row)
        language.write_hours(citizen.id, details, source=HoursSource.IMPORT, by=by, at=at)

    def _citizen(self, row: LanguageHoursRow) -> Citizen:
        citizen = self._citizens.get(case_key(row.case_reference))
        if citizen is None:
            raise RowRefused("case_reference", str(NO_SUCH_CITIZEN))
        return citizen

    def finish(self, *, changed: int, at: datetime) -> None:
        return
