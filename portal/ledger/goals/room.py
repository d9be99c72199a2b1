"""What the rest of the portal must know of goals."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.ledger.goals import erased, freezing, freezing_views
from portal.ledger.goals.views import bp
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, HoldsNobody, Kept, LegalBasis, People
from portal.web.rooms import Joining, MenuLink, PersonalTable, Room

room = Room(
    merges=(Joining("frozen_line_people", "citizen_id", "citizens"),),
    pages=(bp, freezing_views.bp),
    hears=((events.erasure_begins, erased.leave_parts),),
    chores=(freezing.freeze_due,),
    menu=(MenuLink(_l("Mål"), "goals.index", 90),),
    holds=(
        Holding(
            "goals",
            People.STAFF,
            _l("Hvem der satte et mål"),
            {"goals": ("set_by_id",), "goal_changes": ("by_id",), "frozen_figures": ("frozen_by_id",)},
            _l("Det skal kunne ses, hvem der har besluttet det."),
            LegalBasis.PROOF,
            _l("Ledere og konsulenter i din kommune."),
            (Kept(_l("Så længe kommunen bruger portalen.")),),
        ),
        Holding(
            "frozen-lines",
            People.CITIZENS,
            _l("At du er talt med i et tal, som kommunen har låst"),
            {"frozen_line_people": ALL_COLUMNS},
            _l("Kommunen skal kunne se, om noget er skrevet ind senere. Linjen siger ikke, hvem du er."),
            LegalBasis.TASK,
            _l("Ingen kan slå det op."),
            (WITH_HER,),
        ),
    ),
    nobody=(
        HoldsNobody(
            ("frozen_lines", "erased_parts"),
            _l("De holder tal, kvartal og form og siger ikke om hvem; om en virksomhed dens CVR-nummer."),
        ),
    ),
    personal=(
        PersonalTable(
            "frozen_line_people",
            _l("Tal, du er talt med i"),
            {"line_id": _l("Linje"), "citizen_id": _l("Borger")},
        ),
    ),
)
