"""The administrator's log. Reading it leaves a line in it."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock, events
from portal.shared.audit import queries
from portal.shared.audit.models import AuditEntry, AuditPerson
from portal.shared.audit.viewing import record_view
from portal.shared.audit.words import ACTIONS, SUBJECTS
from portal.web.htmx import render_page
from portal.web.listing import Listing, Sorts, all_rows, read_listing, table_file, wanted_rows, wants_file
from portal.web.permissions import Action, Role, requires
from portal.web.typed_fields import AskedDay, asked_day

bp = Blueprint("audit", __name__, url_prefix="/audit")

SORTS = Sorts({"at": [AuditEntry.at, AuditEntry.id]}, default="at", descending=True)
PEOPLE_SORTS = Sorts({"citizen": [AuditPerson.citizen_id]}, default="citizen")
FILTERS = ("action", "kind", "role", "subject", "from", "to")


@bp.get("/")
@requires(Action.READ_AUDIT)
def index() -> Any:
    listing = read_listing(SORTS, filters=FILTERS)
    statement = queries.entries(current_user, _wanted(listing))
    record_view("log-read", current_user, citizen_id=None, purpose=_("Kontrol af loggen"))
    if wants_file():
        lines = all_rows(listing, statement, SORTS)
        return table_file("log", _columns(queries.how_many_people(lines)), lines)
    queries.fill_page(listing, statement)
    return render_page(
        "audit/index.html",
        fragment="log_list",
        listing=listing,
        longest=queries.LONGEST_LIST,
        action_words=ACTIONS,
        subject_words=SUBJECTS,
        roles=Role.choices(),
        managed=_managed_of(listing.items),
        role_words={role.value: role.label for role in Role},
        people=queries.how_many_people(listing.items),
        days=_asked(listing),
    )


def _managed_of(lines: Sequence[AuditEntry]) -> dict[int, str]:
    """Users that lines of the page are by or about, and whose pages the reader may open, with their names."""
    ids = {line.subject_id for line in lines if line.subject_type == "users" and line.subject_id}
    ids |= {line.actor_id for line in lines if line.actor_id}
    return events.managed_users(current_user, ids) if current_user.may(Action.MANAGE_USERS) else {}


def _wanted(listing: Listing) -> queries.LogFilter:
    chosen, days = listing.filters, _asked(listing)
    return queries.LogFilter(
        words=listing.q,
        action=chosen["action"],
        kind=chosen["kind"],
        role=chosen["role"],
        subject=chosen["subject"],
        from_on=days["from"].day,
        until_on=days["to"].day,
    )


def _asked(listing: Listing) -> dict[str, AskedDay]:
    """From when and until when, as they were typed."""
    return {name: asked_day(listing.filters[name], clock.today()) for name in ("from", "to")}


@bp.get("/<int:entry_id>/people")
@requires(Action.READ_AUDIT)
def people(entry_id: int) -> Any:
    """Whom one line is about: numbers, as everywhere in the log."""
    line = queries.entry_for(current_user, entry_id)
    listing = read_listing(PEOPLE_SORTS)
    rows = wanted_rows(listing, queries.people_of(line), PEOPLE_SORTS)
    record_view("log-read", current_user, citizen_id=None, purpose=_("Kontrol af loggen"))
    if wants_file():
        return table_file(f"log-{line.id}", [(_("Borger"), lambda row: row.citizen_id)], rows)
    return render_page(
        "audit/people.html",
        fragment="people_list",
        line=line,
        listing=listing,
        action_words=ACTIONS,
        subject_words=SUBJECTS,
    )


def _columns(people: dict[int, int]) -> list[tuple[Any, Any]]:
    return [*_COLUMNS, (_("Borgere på listen"), lambda line: people.get(line.id))]


_COLUMNS = [
    (_l("Tidspunkt"), lambda line: line.at),
    (_l("Handling"), lambda line: ACTIONS.get(line.action, line.action)),
    (_l("Art"), lambda line: _("Opslag") if line.is_look else _("Ændring")),
    (_l("Bruger"), lambda line: line.actor_id),
    (_l("Rolle"), lambda line: line.actor_role and Role(line.actor_role).label),
    (_l("Enhed"), lambda line: line.actor_unit),
    (_l("Sag"), lambda line: SUBJECTS.get(line.subject_type, line.subject_type)),
    (_l("Sagens nummer"), lambda line: line.subject_id),
    (_l("Borger"), lambda line: line.citizen_id),
    (_l("Formål"), lambda line: line.purpose),
    (_l("Før og efter"), lambda line: line.change),
    (_l("Anmodning"), lambda line: line.request_id),
]
