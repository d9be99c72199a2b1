"""What the rest of the portal must know of goals."""

from flask_babel import lazy_gettext as _l

from portal.ledger.goals.measures import PROMISED
from portal.ledger.goals.views import bp
from portal.web.holdings import Holding, Kept, LegalBasis, People
from portal.web.rooms import MenuLink, Room

room = Room(
    pages=(bp,),
    measures=PROMISED,
    menu=(MenuLink(_l("Mål"), "goals.index", 90),),
    holds=(
        Holding(
            "goals",
            People.STAFF,
            _l("Hvem der satte et mål"),
            {"goals": ("set_by_id",)},
            _l("Det skal kunne ses, hvem der har besluttet det."),
            LegalBasis.PROOF,
            _l("Ledere og konsulenter i din kommune."),
            (Kept(_l("Så længe kommunen bruger portalen.")),),
        ),
    ),
)
