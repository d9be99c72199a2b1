"""What the rest of the portal must know of searching."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, LegalBasis, People
from portal.web.rooms import Joining, PersonalTable, Room, Within
from portal.workspaces.search.keeping import citizens_merged, employers_merged, join_words
from portal.workspaces.search.views import bp

room = Room(
    pages=(bp,),
    within=(Within(None),),
    hears=((events.citizens_merged, citizens_merged), (events.employers_merged, employers_merged)),
    merges=(Joining("search_words", "citizen_id", "citizens", join_words),),
    personal=(
        PersonalTable(
            "search_words",
            _l("Ord, du kan findes på"),
            {
                "kind": _l("Hvad der findes"),
                "word": _l("Ord"),
                "record_id": _l("Nummer"),
                "citizen_id": _l("Borger"),
            },
        ),
    ),
    holds=(
        Holding(
            "search",
            People.CITIZENS,
            _l("Dit navn, dit sagsnummer, din telefon og dit kortnummer som ord, der kan søges på"),
            {"search_words": ALL_COLUMNS},
            _l("Konsulenten skal kunne finde dig, når du ringer. Noter og tekster om dig er ikke med."),
            LegalBasis.TASK,
            _l("Ingen ser ordene. Konsulenter i din kommune finder dig med dem."),
            (WITH_HER,),
        ),
    ),
)
