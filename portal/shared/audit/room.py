"""What the rest of the portal must know of the log."""

from flask_babel import lazy_gettext as _l

from portal.shared.audit import queries
from portal.shared.audit.chain import seal
from portal.shared.audit.views import bp
from portal.web.holdings import ALL_COLUMNS, Holding, HoldsNobody, Kept, LegalBasis, People
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
            {
                "day": _l("Dag"),
                "times": _l("Gange"),
                "at": _l("Sidst"),
                "unit": _l("Hvem"),
                "by_link": _l("Med link"),
                "purpose": _l("Hvorfor"),
            },
            ("page", "who_has_seen"),
        ),
    ),
    holds=(
        Holding(
            "audit",
            People.CITIZENS,
            _l("Hvem der har set noget om dig"),
            {
                "audit_entries": ("actor_id", "citizen_id"),
                "audit_people": ALL_COLUMNS,
            },
            _l("Du skal kunne se, hvem der har set noget om dig, hvornår og hvorfor."),
            LegalBasis.PROOF,
            _l("Du ser, hvilken kommune eller virksomhed det var. Administratorer ser loggen."),
            (Kept(_l("Hele måneder bliver slettet, når de er %(time)s gamle."), rule="audit-months"),),
        ),
    ),
    nobody=(
        HoldsNobody(
            ("audit_seals", "audit_closed_months"), _l("Segl, der viser, at loggen er hel; de nævner ingen.")
        ),
    ),
)
