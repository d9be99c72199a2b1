"""What the rest of the portal must know of partnerships."""

from flask_babel import lazy_gettext as _l

from portal.loop.partnerships import measures, queries
from portal.loop.partnerships.merging import refuse_two_agreements
from portal.loop.partnerships.views import bp
from portal.web.holdings import Holding, HoldsNobody, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import Grant, Joining, MenuLink, Room

room = Room(
    pages=(bp,),
    measures=measures.MEASURES,
    merges=(Joining("partnerships", "employer_id", "employers", refuse_two_agreements),),
    menu=(MenuLink(_l("Partnerskaber"), "partnerships.index", 80),),
    grants=(Grant(queries.visible_partnerships, (Action.READ_PARTNERSHIPS,)),),
    holds=(
        Holding(
            "partnerships",
            People.STAFF,
            _l("Hvem der tager sig af en partnerskabsaftale"),
            {"partnership_consultants": ("user_id",)},
            _l("Virksomheden skal vide, hvem den taler med."),
            LegalBasis.TASK,
            _l("Konsulenter og ledere i din kommune."),
            (Kept(_l("Så længe aftalen er i portalen.")),),
        ),
    ),
    nobody=(HoldsNobody(("partnerships",), _l("En aftale mellem kommunen og en virksomhed.")),),
)
