"""What the rest of the portal must know of citizens."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.loop.citizens import queries
from portal.loop.citizens.footprint import citizens_behind
from portal.loop.citizens.views import bp
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import NUMBER, Grant, MenuLink, PersonalTable, Room

room = Room(
    pages=(bp,),
    menu=(
        MenuLink(_l("Borgere"), "citizens.index", 50),
        MenuLink(_l("Hvem har set mit kort"), "citizens.looks", 80),
    ),
    answers=(
        (events.municipality_of_citizen, queries.municipality_of),
        (events.citizens_behind, citizens_behind),
    ),
    grants=(Grant(queries.citizens_seen_by, (Action.READ_CITIZENS, Action.READ_OWN_PAGE)),),
    personal=(
        PersonalTable(
            "citizens",
            _l("Mine oplysninger"),
            {
                **NUMBER,
                "municipality_id": _l("Kommune"),
                "case_reference": _l("Sagsnummer"),
                "first_name": _l("Fornavn"),
                "last_name": _l("Efternavn"),
                "born_on": _l("Fødselsdato"),
                "birth_year": _l("Fødselsår"),
                "phone": _l("Telefon"),
                "language": _l("Sprog"),
                "consultant_id": _l("Konsulent"),
                "user_id": _l("Login"),
                "status": _l("Status"),
                "passive_since": _l("Passiv siden"),
                "created_at": _l("Oprettet"),
                "version": _l("Rettet antal gange"),
            },
            ("page", "my_data"),
        ),
    ),
    holds=(
        Holding(
            "citizen",
            People.CITIZENS,
            _l("Dit navn, din telefon og dit sagsnummer"),
            {"citizens": ALL_COLUMNS},
            _l(
                "Konsulenten skal kunne finde dig og ringe til dig. "
                "Hvornår du er født, er kun til lovens aldersgrænser."
            ),
            LegalBasis.TASK,
            _l("Konsulenter i din kommune. En virksomhed ser dit navn, når du selv har sagt ja."),
            (WITH_HER,),
        ),
        Holding(
            "erasures",
            People.CITIZENS,
            _l("At du er blevet slettet"),
            {"erasures": ALL_COLUMNS},
            _l("En sikkerhedskopi må ikke bringe dig tilbage. Der står en kode, som ingen kan læse."),
            LegalBasis.SAFETY,
            _l("Ingen."),
            (Kept(_l("Så længe der findes sikkerhedskopier.")),),
        ),
    ),
)
