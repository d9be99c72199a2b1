"""What the rest of the portal must know of handing over."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.web.holdings import ALL_COLUMNS, Holding, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import Grant, Room, Within
from portal.workspaces.handover import queries, views
from portal.workspaces.handover.forgetting import KEPT_AFTERWARDS, forget_covers

room = Room(
    pages=(views.bp,),
    within=(Within("home.index"),),
    grants=(Grant(queries.covers_seen_by, (Action.MANAGE_CITIZENS,)),),
    answers=((events.works_for, queries.works_for),),
    holds=(
        Holding(
            "case_covers",
            People.STAFF,
            _l("Hvem der passer dine sager, og i hvilke dage. Aldrig hvorfor"),
            {"case_covers": ALL_COLUMNS},
            _l("Borgere og virksomheder skal have et svar, også når du er væk."),
            LegalBasis.TASK,
            _l("Konsulenter i din kommune."),
            (Kept(_l("%(time)s efter den sidste dag."), time=KEPT_AFTERWARDS),),
        ),
    ),
    forgets=(forget_covers,),
)
