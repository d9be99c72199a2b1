"""What the rest of the portal must know of teams."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.web.holdings import ALL_COLUMNS, Holding, Kept, LegalBasis, People
from portal.web.rooms import Room, Within
from portal.workspaces.teams import queries, services
from portal.workspaces.teams.views import bp

room = Room(
    pages=(bp,),
    within=(Within("home.index"),),
    hears=((events.access_ending, services.forget_team),),
    answers=((events.has_team, queries.has_team), (events.team_works_for, queries.team_works_for)),
    holds=(
        Holding(
            "team_members",
            People.STAFF,
            _l("Hvem du har valgt som dit team"),
            {"team_members": ALL_COLUMNS},
            _l("Du kan se teamets opgaver og forslag sammen med dine egne."),
            LegalBasis.TASK,
            _l("Kun den, der har valgt teamet."),
            (Kept(_l("Til du vælger et andet team, eller dit login lukkes.")),),
        ),
    ),
)
