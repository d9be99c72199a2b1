"""What the rest of the portal must know of the rules."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.shared.rules.closings import office_closings
from portal.shared.rules.views import bp
from portal.web.holdings import Holding, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import TOOLS, MenuLink, Room

room = Room(
    pages=(bp,),
    menu=(MenuLink(_l("Regler"), "rules.index", TOOLS + 50, unless=Action.REVIEW_MATCH),),
    answers=((events.office_closings, office_closings),),
    holds=(
        Holding(
            "rules",
            People.STAFF,
            _l("Hvem der har kontrolleret et tal i reglerne"),
            {"rules": ("checked_by",)},
            _l("Man skal kunne spørge den, der har læst kilden."),
            LegalBasis.PROOF,
            _l("Konsulenter, ledere og administratorer."),
            (Kept(_l("Så længe kommunen bruger portalen.")),),
        ),
    ),
)
