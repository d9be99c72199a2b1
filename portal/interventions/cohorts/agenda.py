"""What groups give a consultant to do: sessions that come, and those whose attendance nobody has written."""

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.interventions.cohorts.models import Cohort, CohortSession, SessionState
from portal.interventions.cohorts.queries import led_cohorts
from portal.web.agenda import AgendaAsk, AgendaKind, agenda_row


def _sessions(ask: AgendaAsk) -> sa.Select[Any]:
    """Whose it is: who leads the group, or else who made it."""
    owner = sa.func.coalesce(Cohort.lead_id, Cohort.created_by_id)
    seen = led_cohorts(ask.reader, ask.today).with_only_columns(Cohort.id)
    return (
        agenda_row(
            day=CohortSession.on_day,
            begins_at=CohortSession.begins_at,
            record_id=CohortSession.id,
            parent_id=Cohort.id,
            who=Cohort.name,
            code=Cohort.name,
            what=Cohort.place,
            owner_id=owner,
        )
        .select_from(CohortSession)
        .join(CohortSession.cohort)
        .where(
            Cohort.id.in_(seen),
            CohortSession.state == SessionState.PLANNED,
            ask.within(CohortSession.on_day),
            ask.whose(owner),
        )
    )


AGENDA = (
    AgendaKind(
        "session",
        _l("Mødegang"),
        _sessions,
        "cohort_attendance.attendance",
        {"cohort_id": "parent_id", "cohort_session_id": "record_id"},
        late_label=_l("Skriv fremmøde"),
        in_calendar=True,
    ),
)
