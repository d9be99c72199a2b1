"""What the rest of the portal must know of tokens."""

from flask_babel import lazy_gettext as _l

from portal.api.tokens import queries
from portal.api.tokens.views import bp
from portal.web.holdings import Holding, HoldsNobody, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import TOOLS, Grant, MenuLink, Room, Within

room = Room(
    pages=(bp,),
    menu=(MenuLink(_l("Andre systemer"), "tokens.index", TOOLS + 58),),
    within=(Within("tokens.index", page="tokens.new"),),
    grants=(Grant(queries.tokens_seen_by, (Action.MANAGE_API_TOKENS,)),),
    holds=(
        Holding(
            "api-tokens",
            People.STAFF,
            _l("Hvem der lavede og lukkede en nøgle til et andet system"),
            {"api_tokens": ("made_by_id", "ended_by_id")},
            _l("Det skal kunne ses, hvem der har givet et system adgang."),
            LegalBasis.PROOF,
            _l("Administratorer i din kommune."),
            (Kept(_l("Så længe kommunen bruger portalen.")),),
        ),
    ),
    nobody=(HoldsNobody(("api_token_scopes",), _l("Hvad en nøgle til et andet system åbner.")),),
)
