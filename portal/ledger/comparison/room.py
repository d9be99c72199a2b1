"""What the rest of the portal must know of the comparison."""

from flask_babel import lazy_gettext as _l

from portal.ledger.comparison.measures import MEASURES
from portal.ledger.comparison.near_views import bp as near_bp
from portal.ledger.comparison.views import bp
from portal.web.holdings import Holding, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import MenuLink, Room, Within

room = Room(
    pages=(bp, near_bp),
    menu=(MenuLink(_l("Sammenlign"), "comparison.index", 88, only=Action.SET_GOALS),),
    within=(Within("goals.index", "near_misses.of_goal"), Within("comparison.index"), Within("goals.index")),
    measures=MEASURES,
    holds=(
        Holding(
            "outside-figures",
            People.STAFF,
            _l(
                "Hvem der skrev et tal udefra ind, valgte kommuner at sammenligne med eller delte kommunens tal"
            ),
            {
                "outside_figures": ("recorded_by_id", "replaced_by_id"),
                "likenesses": ("chosen_by_id",),
                "figure_sharings": ("by_id", "closed_by_id"),
            },
            _l("Det skal kunne ses, hvem der står bag et tal, som kommunen måler sig på."),
            LegalBasis.PROOF,
            _l("Ledere og konsulenter i din kommune."),
            (Kept(_l("Så længe kommunen bruger portalen.")),),
        ),
    ),
)
