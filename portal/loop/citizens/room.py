"""What the rest of the portal must know of citizens."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.loop.citizens import merging, queries
from portal.loop.citizens.chapter import TALKS
from portal.loop.citizens.finding import CITIZENS
from portal.loop.citizens.footprint import citizens_behind
from portal.loop.citizens.views import bp
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import NUMBER, Grant, Joining, MenuLink, PersonalTable, Room

room = Room(
    chapters=(TALKS,),
    finds=(CITIZENS,),
    merges=(
        Joining("first_talks", "citizen_id", "citizens", merging.join_first_talks),
        Joining("told_apart", "citizen_id", "citizens", merging.join_told_apart),
        Joining("told_apart", "other_id", "citizens"),
        Joining("merged_citizens", "citizen_id", "citizens"),
    ),
    pages=(bp,),
    menu=(
        MenuLink(_l("Borgere"), "citizens.index", 50),
        MenuLink(_l("Hvem har set mit kort"), "citizens.looks", 80),
    ),
    answers=(
        (events.language_of, queries.language_of),
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
        PersonalTable(
            "merged_citizens",
            _l("At du stod to gange i portalen"),
            {
                **NUMBER,
                "citizen_id": _l("Borger"),
                "old_id": _l("Dit andet nummer"),
                "old_created_at": _l("Oprettet under dit andet nummer"),
                "old_card_id": _l("Dit andet kort"),
                "old_card_number": _l("Dit andet korts nummer"),
                "reason": _l("Hvorfor de blev lagt sammen"),
                "merged_at": _l("Lagt sammen"),
                "merged_by_id": _l("Lagt sammen af"),
            },
        ),
        PersonalTable(
            "told_apart",
            _l("At du er en anden end en, der ligner dig"),
            {
                **NUMBER,
                "citizen_id": _l("Borger"),
                "told_at": _l("Skrevet"),
                "told_by_id": _l("Skrevet af"),
            },
        ),
        PersonalTable(
            "first_talks",
            _l("Den første samtale"),
            {
                **NUMBER,
                "citizen_id": _l("Borger"),
                "held_at": _l("Dag"),
                "recorded_at": _l("Skrevet"),
                "recorded_by_id": _l("Skrevet af"),
                "replaced_at": _l("Rettet"),
            },
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
                "Hvornår du er født, er til lovens aldersgrænser og til at foreslå, hvilken målgruppe du hører til."
            ),
            LegalBasis.TASK,
            _l("Konsulenter i din kommune. En virksomhed ser dit navn, når du selv har sagt ja."),
            (WITH_HER,),
        ),
        Holding(
            "merged",
            People.CITIZENS,
            _l("At du stod to gange i portalen, og hvornår det blev lagt sammen"),
            {"merged_citizens": ALL_COLUMNS},
            _l("Begge dine historier skal kunne findes, og et gammelt link skal føre til dig."),
            LegalBasis.PROOF,
            _l("Konsulenter i din kommune."),
            (WITH_HER,),
        ),
        Holding(
            "told-apart",
            People.CITIZENS,
            _l("At du er en anden end en, der ligner dig"),
            {"told_apart": ALL_COLUMNS},
            _l(
                "Ingen skal spørges to gange, om I er den samme, og jeres oplysninger må ikke blandes sammen. "
                "Der står to numre og intet navn."
            ),
            LegalBasis.TASK,
            _l("Ingen ser det på en side. Portalen spørger bare ikke igen."),
            (WITH_HER,),
        ),
        Holding(
            "first-talk",
            People.CITIZENS,
            _l("Hvornår kommunen første gang talte med dig"),
            {"first_talks": ALL_COLUMNS},
            _l(
                "Kommunen skal kunne se, hvor længe borgere venter. Der står en dag og ikke, hvad der blev sagt."
            ),
            LegalBasis.TASK,
            _l("Konsulenter i din kommune. Andre ser kun, hvad der er typisk for mindst fem borgere."),
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
