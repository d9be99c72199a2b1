"""What the rest of the portal must know of the front pages."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.web.holdings import ALL_COLUMNS, Holding, HoldsNobody, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import HOME, MenuLink, Room, Within
from portal.workspaces.home.calendar_views import bp as calendars
from portal.workspaces.home.services import clear_desk
from portal.workspaces.home.views import bp

room = Room(
    pages=(bp, calendars),
    menu=(
        MenuLink(_l("I dag"), "home.index", HOME, only=Action.REVIEW_MATCH),
        MenuLink(_l("Overblik"), "home.index", HOME),
    ),
    within=(
        Within(None, page="home.accessibility_statement"),
        Within(None, page="home.privacy"),
        Within("home.index", page="home.quarter"),
        Within("home.index", page="calendars.index"),
    ),
    hears=((events.access_ending, clear_desk),),
    holds=(
        Holding(
            "desk_choices",
            People.STAFF,
            _l("Om du ser dine egne, dit teams eller alles opgaver på “I dag”"),
            {"desk_choices": ALL_COLUMNS},
            _l("Siden skal se ud, som du forlod den."),
            LegalBasis.TASK,
            _l("Kun dig."),
            (Kept(_l("Så længe du har et login.")),),
        ),
        Holding(
            "calendar_addresses",
            People.STAFF,
            _l("At du har en adresse til din egen kalender"),
            {"calendar_addresses": ALL_COLUMNS},
            _l("Din kalender kan hente dine dage. Adressen selv er gemt som en kode, ingen kan læse."),
            LegalBasis.TASK,
            _l("Kun dig."),
            (Kept(_l("Til du lukker adressen, eller dit login lukkes.")),),
        ),
    ),
    nobody=(HoldsNobody(("marks",), _l("Hvornår driften sidst har lavet en sikkerhedskopi.")),),
)
