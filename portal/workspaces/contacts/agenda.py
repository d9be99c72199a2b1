"""What is to be done next with employers and prospects, as it was agreed when somebody was in touch with them."""

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.web.agenda import AgendaAsk, AgendaKind, AgendaPress, agenda_row
from portal.workspaces.contacts.models import EmployerContact
from portal.workspaces.contacts.queries import COMPANY, STEP_WAITS, contacts_seen_by


def _next_steps(ask: AgendaAsk) -> sa.Select[Any]:
    """Whose it is: who wrote it."""
    seen = contacts_seen_by(ask.reader).with_only_columns(EmployerContact.id).order_by(None)
    return (
        agenda_row(
            day=EmployerContact.next_on,
            record_id=EmployerContact.id,
            who=COMPANY,
            code=COMPANY,
            what=EmployerContact.next_step,
            owner_id=EmployerContact.written_by_id,
        )
        .select_from(EmployerContact)
        .outerjoin(EmployerContact.employer)
        .outerjoin(EmployerContact.prospect)
        .where(
            EmployerContact.id.in_(seen),
            STEP_WAITS,
            ask.within(EmployerContact.next_on),
            ask.whose(EmployerContact.written_by_id),
        )
    )


AGENDA = (
    AgendaKind(
        "next-step",
        _l("Det næste med en virksomhed"),
        _next_steps,
        "contacts.detail",
        {"employer_contact_id": "record_id"},
        one_press=AgendaPress(_l("Gjort"), "contacts.finish_step", "employer_contact_id"),
    ),
)
