"""What the rest of the portal must know of groups (hold)."""

from flask_babel import lazy_gettext as _l

from portal.base.terms import Effort
from portal.interventions.cohorts import measures, merging, people_views, queries
from portal.interventions.cohorts.agenda import AGENDA
from portal.interventions.cohorts.chapter import GROUPS_JOINED
from portal.interventions.cohorts.forgetting import forget_cohorts
from portal.interventions.cohorts.lead_views import bp as attendance_pages
from portal.interventions.cohorts.place_views import bp as place_pages
from portal.interventions.cohorts.views import bp
from portal.interventions.target_groups.forgetting import YEARS
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, HoldsNobody, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import NUMBER, Beside, Grant, Joining, Panel, PersonalTable, Room, Within

_NOT_FOR_EVER = (
    Kept(_l("Højst %(time)s efter den dag, hvor kommunen holdt op med at hjælpe dig."), rule=YEARS),
    WITH_HER,
)

_WRITTEN = {
    "recorded_at": _l("Skrevet"),
    "recorded_by_id": _l("Skrevet af"),
    "replaced_at": _l("Rettet"),
}

room = Room(
    chapters=(GROUPS_JOINED,),
    agenda=AGENDA,
    effort=Effort.COHORTS,
    front="cohorts.index",
    pages=(bp, place_pages, attendance_pages, people_views.bp),
    panels=(
        Panel(Beside.CITIZEN, "cohorts/_panel.html", people_views.beside_citizen),
        Panel(Beside.HERS, "cohorts/_hers.html", people_views.hers),
    ),
    within=(
        Within("citizens.index", "cohort_people.detail"),
        Within("efforts.index"),
        Within("home.index"),
    ),
    measures=measures.MEASURES,
    grants=(Grant(queries.visible_cohorts, (Action.READ_EFFORTS,)),),
    merges=(
        Joining("cohort_enrolments", "citizen_id", "citizens", merging.join_enrolments),
        Joining("cohort_attendance", "citizen_id", "citizens", merging.join_attendance),
        Joining("team_goals", "citizen_id", "citizens", merging.join_team_goals),
        Joining("language_hours", "citizen_id", "citizens", merging.join_hours),
    ),
    personal=(
        PersonalTable(
            "cohort_enrolments",
            _l("Mine hold"),
            {
                **NUMBER,
                "cohort_id": _l("Hold"),
                "citizen_id": _l("Borger"),
                "number": _l("Nummer på listen"),
                "state": _l("Plads eller venteliste"),
                "reason": _l("Hvad holdet skal føre til"),
                "from_on": _l("Fra"),
                "until_on": _l("Til"),
                "exit": _l("Gik videre til"),
                **_WRITTEN,
            },
            ("page", "my_cohorts"),
        ),
        PersonalTable(
            "cohort_attendance",
            _l("Mit fremmøde på hold"),
            {
                **NUMBER,
                "session_id": _l("Mødegang"),
                "citizen_id": _l("Borger"),
                "presence": _l("Fremmøde"),
                **_WRITTEN,
            },
        ),
        PersonalTable(
            "team_goals",
            _l("Det fælles mål for mig"),
            {
                **NUMBER,
                "citizen_id": _l("Borger"),
                "sentence": _l("Mål"),
                "last_step": _l("Sidste skridt"),
                "next_step": _l("Aftalt næste skridt"),
                **_WRITTEN,
            },
        ),
        PersonalTable(
            "language_hours",
            _l("Mine timer på sprogskolen"),
            {
                **NUMBER,
                "citizen_id": _l("Borger"),
                "month_on": _l("Måned"),
                "planned": _l("Planlagte timer"),
                "attended": _l("Fremmødte timer"),
                "source": _l("Hvem der skrev det"),
                **_WRITTEN,
            },
        ),
    ),
    holds=(
        Holding(
            "cohorts",
            People.CITIZENS,
            _l("Hvilke hold du er på, hvad de skal føre til, om du kom, og hvad du gik videre til"),
            {"cohort_enrolments": ALL_COLUMNS, "cohort_attendance": ALL_COLUMNS},
            _l(
                "Kommunen skal kunne holde holdet og se, om det hjælper. Der står aldrig, hvorfor du ikke kom."
            ),
            LegalBasis.TASK,
            _l("Konsulenter i din kommune. Holdets leder ser dit navn og dit fremmøde på det hold."),
            _NOT_FOR_EVER,
        ),
        Holding(
            "language_school",
            People.CITIZENS,
            _l("Dine timer på sprogskolen og det fælles mål, som alle hos kommunen arbejder mod med dig"),
            {"language_hours": ALL_COLUMNS, "team_goals": ALL_COLUMNS},
            _l(
                "Alle, der hjælper dig, skal arbejde mod det samme, og kommunen skal kunne se, om du kommer mere."
            ),
            LegalBasis.TASK,
            _l("Konsulenter i din kommune. Virksomheder og holdledere ser det aldrig."),
            _NOT_FOR_EVER,
        ),
        Holding(
            "cohort_staff",
            People.STAFF,
            _l("Hvem der leder et hold, hvornår de fik pålæg om tavshedspligt, og hvem der skrev det"),
            {
                "cohorts": ("lead_id", "created_by_id", "partner"),
                "cohort_leaders": ALL_COLUMNS,
                "cohort_sessions": ("teacher", "settled_by_id"),
                "cohort_themes": ("teacher",),
            },
            _l("Det skal kunne ses, hvem der havde adgang til navnene, og hvornår."),
            LegalBasis.PROOF,
            _l("Ledere og konsulenter i din kommune."),
            (Kept(_l("Så længe kommunen bruger portalen.")),),
        ),
    ),
    nobody=(
        HoldsNobody(
            ("cohort_kinds", "cohort_kind_themes", "cohort_times"),
            _l("Slags af hold med deres temaer, og hvornår et hold mødes."),
        ),
    ),
    forgets=(forget_cohorts,),
)
