"""What the rest of the portal must know of placements."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.loop.placements import (
    change_views,
    follow_up_views,
    going_on_views,
    measures,
    merging,
    queries,
    services,
    settling_link_views,
)
from portal.loop.placements.agenda import AGENDA
from portal.loop.placements.chapter import PLACED
from portal.loop.placements.expectation_views import bp as expectations
from portal.loop.placements.expectations import in_her_file
from portal.loop.placements.finding import PLACEMENTS
from portal.shared.rules.names import AFTER_PLACEMENT
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, HoldsNobody, Kept, LegalBasis, People
from portal.web.links import LinkPurpose
from portal.web.permissions import Action
from portal.web.rooms import NUMBER, Grant, Joining, MenuLink, PersonalTable, Room

_PAGES = (change_views, follow_up_views, going_on_views, settling_link_views)

room = Room(
    chapters=(PLACED,),
    agenda=AGENDA,
    finds=(PLACEMENTS,),
    merges=(
        Joining("placements", "card_id", "competence_cards"),
        Joining("placements", "employer_id", "employers", merging.refuse_somebody_at_both),
        Joining("placement_traces", "employer_id", "employers"),
    ),
    pages=(*{module.bp for module in _PAGES}, expectations),
    anew={LinkPurpose.SETTLEMENT: settling_link_views.anew},
    measures=measures.MEASURES,
    menu=(
        MenuLink(_l("Mine forløb"), "placements.index", 70, only=Action.READ_OWN_PAGE),
        MenuLink(_l("Forløb"), "placements.index", 70),
    ),
    hears=((events.citizen_erasing, services.forget_whose),),
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
                "continues_id": _l("Fortsætter forløb"),
                "opening_id": _l("Åbning"),
                "employer_id": _l("Virksomhed"),
                "municipality_id": _l("Kommune"),
                "form": _l("Form"),
                "hours_per_week": _l("Timer om ugen"),
                "starts_on": _l("Start"),
                "ends_on": _l("Slut"),
                "later_hours": _l("Timer om ugen fra en senere dag"),
                "pauses": _l("Pauser"),
                "tasks": _l("Opgaver"),
                "long_reason": _l("Hvorfor længere end sædvanligt"),
                "findings": _l("Hvad reglerne sagde"),
                "stop_reason": _l("Hvorfor det blev planlagt alligevel"),
                "later_reason": _l("Hvorfor det siden gik videre alligevel"),
                "status": _l("Status"),
                "planned_at": _l("Planlagt"),
                "planned_by_id": _l("Planlagt af"),
                "started_at": _l("Startet"),
                "cancelled_at": _l("Aflyst"),
                "ended_on": _l("Afsluttet"),
                "outcome": _l("Hvordan det endte"),
                "asks_settlement": _l("Forventningerne skal afstemmes før start"),
                "unsettled_reason": _l("Hvorfor det begyndte uden at være afstemt"),
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
                "first_purpose": _l("Formål, som det blev skrevet først"),
                "first_time_frame": _l("Tidsperspektiv, som det blev skrevet først"),
                "first_development": _l("Faglig udvikling, som den blev skrevet først"),
                "changed_at": _l("Rettet, efter at alle tre havde skrevet"),
            },
            ("heading", "expectations"),
            shown=in_her_file,
        ),
        PersonalTable(
            "settlements",
            _l("Det, I er enige om"),
            {
                **NUMBER,
                "placement_id": _l("Forløb"),
                "purpose": _l("Formål"),
                "time_frame": _l("Tidsperspektiv"),
                "development": _l("Faglig udvikling"),
                "differing": _l("Her sagde de tre ikke det samme"),
                "written_at": _l("Skrevet"),
                "written_by_id": _l("Skrevet af"),
                "version": _l("Rettet antal gange"),
            },
            ("page", "settled_title"),
        ),
        PersonalTable(
            "settlement_confirmations",
            _l("Hvem der sagde ja til det, I er enige om"),
            {
                **NUMBER,
                "settlement_id": _l("Det, I er enige om"),
                "party": _l("Hvem"),
                "how": _l("Hvordan"),
                "said_on": _l("Dag"),
                "recorded_at": _l("Skrevet"),
                "recorded_by_id": _l("Skrevet af"),
            },
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
                "cancelled_at": _l("Aflyst"),
                "version": _l("Rettet antal gange"),
            },
        ),
        PersonalTable(
            "placement_changes",
            _l("Ændringer af forløb"),
            {
                **NUMBER,
                "placement_id": _l("Forløb"),
                "kind": _l("Hvad"),
                "from_on": _l("Gælder fra"),
                "before": _l("Før"),
                "after": _l("Efter"),
                "reason": _l("Hvorfor"),
                "stop_reason": _l("Hvorfor det gik videre alligevel"),
                "findings": _l("Hvad reglerne sagde"),
                "made_at": _l("Skrevet"),
                "made_by_id": _l("Skrevet af"),
                "withdrawn_at": _l("Taget tilbage"),
                "withdrawn_by_id": _l("Taget tilbage af"),
            },
        ),
    ),
    holds=(
        Holding(
            "placements",
            People.CITIZENS,
            _l("Dine forløb"),
            {
                "placements": ALL_COLUMNS,
                "expectations": ALL_COLUMNS,
                "settlements": ALL_COLUMNS,
                "settlement_confirmations": ALL_COLUMNS,
                "follow_ups": ALL_COLUMNS,
                "placement_changes": ALL_COLUMNS,
            },
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
    nobody=(
        HoldsNobody(
            ("placement_traces",),
            _l(
                "Virksomhed, form og dage for forløb, der er begyndt, så tidligere års tal står fast. Bliver borgeren "
                "slettet, er der intet tilbage i rækken, som fører til borgeren."
            ),
        ),
    ),
)
