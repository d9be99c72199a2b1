"""What the rest of the portal must know of placements."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.loop.placements import measures, queries
from portal.loop.placements.views import bp
from portal.shared.rules.names import AFTER_PLACEMENT
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import NUMBER, Grant, MenuLink, PersonalTable, Room

room = Room(
    pages=(bp,),
    measures=measures.MEASURES,
    menu=(
        MenuLink(_l("Mine forløb"), "placements.index", 70, only=Action.READ_OWN_PAGE),
        MenuLink(_l("Forløb"), "placements.index", 70),
    ),
    answers=(
        (events.cards_at_work, queries.cards_at_work),
        (events.is_planned, queries.is_planned),
        (events.places_worked, queries.places_worked),
    ),
    grants=(Grant(queries.visible_placements, (Action.READ_PLACEMENTS,)),),
    personal=(
        PersonalTable(
            "placements",
            _l("Mine forløb"),
            {
                **NUMBER,
                "card_id": _l("Kort"),
                "review_id": _l("Forslag"),
                "opening_id": _l("Åbning"),
                "employer_id": _l("Virksomhed"),
                "municipality_id": _l("Kommune"),
                "form": _l("Form"),
                "hours_per_week": _l("Timer om ugen"),
                "starts_on": _l("Start"),
                "ends_on": _l("Slut"),
                "long_reason": _l("Hvorfor længere end sædvanligt"),
                "findings": _l("Hvad reglerne sagde"),
                "stop_reason": _l("Hvorfor det blev planlagt alligevel"),
                "later_reason": _l("Hvorfor det siden gik videre alligevel"),
                "status": _l("Status"),
                "planned_at": _l("Planlagt"),
                "planned_by_id": _l("Planlagt af"),
                "started_at": _l("Startet"),
                "ended_on": _l("Afsluttet"),
                "outcome": _l("Hvordan det endte"),
                "version": _l("Rettet antal gange"),
            },
            ("page", "my_placements"),
        ),
        PersonalTable(
            "placement_grounds",
            _l("Hvad forløbet bygger på"),
            {
                "placement_id": _l("Forløb"),
                "act": _l("Lov"),
                "readiness": _l("Gruppe"),
                "arrived_on": _l("Første dag med ophold"),
                "is_within_course": _l("Del af et særligt tilrettelagt forløb"),
                "is_outside_ratio": _l("Tæller ikke med i rimelighedskravet"),
                "young": _l("Svar om arbejde for mindreårige"),
                "stated_at": _l("Skrevet"),
                "stated_by_id": _l("Skrevet af"),
            },
        ),
        PersonalTable(
            "expectations",
            _l("Forventningsafstemning"),
            {
                **NUMBER,
                "placement_id": _l("Forløb"),
                "party": _l("Hvem"),
                "purpose": _l("Formål"),
                "time_frame": _l("Tidsperspektiv"),
                "development": _l("Faglig udvikling"),
                "stated_at": _l("Skrevet"),
                "recorded_by_id": _l("Skrevet af"),
            },
            ("heading", "expectations"),
        ),
        PersonalTable(
            "follow_ups",
            _l("Opfølgninger"),
            {
                **NUMBER,
                "placement_id": _l("Forløb"),
                "due_on": _l("Aftalt"),
                "held_on": _l("Holdt"),
                "note": _l("Note"),
            },
        ),
    ),
    holds=(
        Holding(
            "placements",
            People.CITIZENS,
            _l("Dine forløb"),
            {"placements": ALL_COLUMNS, "expectations": ALL_COLUMNS, "follow_ups": ALL_COLUMNS},
            _l("Du, virksomheden og konsulenten aftaler, hvad der skal ske, og følger op."),
            LegalBasis.DISCLOSURE,
            _l(
                "Konsulenter i din kommune, og virksomheden. Den ser ikke, hvad konsulenten skriver om samtaler."
            ),
            (
                Kept(
                    _l("Virksomheden ser dit navn, mens du er der, og højst %(time)s efter."),
                    rule=AFTER_PLACEMENT,
                ),
                WITH_HER,
            ),
        ),
        Holding(
            "placement_grounds",
            People.CITIZENS,
            _l("Hvad dine forløb bygger på"),
            {"placement_grounds": ALL_COLUMNS},
            _l("Loven sætter grænser for, hvor længe et forløb må vare, og for mindreåriges arbejde."),
            LegalBasis.TASK,
            _l("Konsulenter i din kommune. Virksomheden ser det aldrig."),
            (WITH_HER,),
        ),
    ),
)
