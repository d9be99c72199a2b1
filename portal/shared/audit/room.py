"""What the rest of the portal must know of the log."""

from flask_babel import lazy_gettext as _l

from portal.shared.audit import queries
from portal.shared.audit.chain import seal
from portal.shared.audit.views import bp
from portal.web.permissions import Action
from portal.web.rooms import TOOLS, Grant, MenuLink, PersonalTable, Room

room = Room(
    pages=(bp,),
    grants=(Grant(queries.entries_seen_by, (Action.READ_AUDIT,)),),
    menu=(MenuLink(_l("Log"), "audit.index", TOOLS + 20),),
    chores=(seal,),
    personal=(
        PersonalTable(
            "audit_entries",
            _l("Hvem har set mine oplysninger"),
            {"at": _l("Hvornår"), "unit": _l("Hvem"), "purpose": _l("Hvorfor")},
            ("page", "who_has_seen"),
        ),
    ),
)
