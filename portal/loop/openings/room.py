"""What the rest of the portal must know of openings."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base import clock, events
from portal.base.clock import danish_day
from portal.loop.openings import measures, queries, renewal_link_views, renewals, services
from portal.loop.openings.finding import OPENINGS
from portal.loop.openings.models import Opening
from portal.shared.accounts.models import User
from portal.web.holdings import Holding, HoldsNobody, Kept, LegalBasis, People
from portal.web.links import LinkPurpose
from portal.web.permissions import Action
from portal.web.rooms import Grant, Joining, MenuLink, Room


def _tell_of_expiry(at: datetime) -> int:
    return services.tell_of_expiry(at=at, today=danish_day(at))


def visible_today(user: User) -> sa.Select[Opening]:
    return queries.visible_openings(user, on=clock.today())


room = Room(
    finds=(OPENINGS,),
    pages=(renewal_link_views.bp,),
    menu=(MenuLink(_l("Åbninger"), "openings.index", 40),),
    merges=(
        Joining("openings", "employer_id", "employers"),
        Joining("openings", "workplace_id", "workplaces"),
    ),
    measures=measures.MEASURES,
    anew={LinkPurpose.RENEWAL: renewals.anew},
    hears=((events.vocabulary_changed, services.relink),),
    answers=((events.drafts_of_employer, queries.drafts_of_employer),),
    chores=(_tell_of_expiry,),
    grants=(Grant(visible_today, (Action.READ_OPENINGS,)),),
    holds=(
        Holding(
            "wording",
            People.STAFF,
            _l("Hvem der har set på ordene i en åbning"),
            {"wording_looks": ("looked_by_id",)},
            _l("Et ord, som kan holde nogen ude, skal et menneske have set på."),
            LegalBasis.PROOF,
            _l("Konsulenter i din kommune."),
            (Kept(_l("Så længe åbningen er i portalen.")),),
        ),
    ),
    nobody=(
        HoldsNobody(
            ("openings", "opening_tasks", "opening_conditions", "opening_publications", "opening_sharings"),
            _l(
                "Pladser i en virksomhed. Den, der skriver, får at vide, at ingen må nævnes. "
                "En annonce, der bliver sat ind, bliver læst og glemt."
            ),
        ),
    ),
)
