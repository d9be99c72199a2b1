"""What the rest of the portal must know of courses."""

from flask_babel import lazy_gettext as _l

from portal.base import clock
from portal.base.terms import Effort
from portal.interventions.courses import beside, lifting, measures, merging, prospects, queries
from portal.interventions.courses.chapter import SEATS
from portal.interventions.courses.forgetting import forget_seats
from portal.interventions.courses.seat_views import bp as seats
from portal.interventions.courses.views import bp
from portal.interventions.target_groups.forgetting import YEARS
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, HoldsNobody, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import NUMBER, Beside, Grant, Joining, Panel, PersonalTable, Room, Within

room = Room(
    chapters=(SEATS,),
    effort=Effort.COURSES,
    front="courses.index",
    pages=(bp, seats),
    within=(Within("efforts.index"),),
    grants=(
        Grant(lambda user: queries.visible_courses(user, clock.today()), (Action.READ_EFFORTS,)),
        Grant(lambda user: queries.visible_runs(user, clock.today()), (Action.READ_EFFORTS,)),
        Grant(queries.visible_seats, (Action.RECORD_EFFORTS,)),
    ),
    panels=(
        Panel(Beside.MATCH, "courses/_match.html", prospects.beside_match),
        Panel(Beside.CITIZEN, "courses/_citizen.html", beside.beside_citizen),
        Panel(Beside.HERS, "courses/_hers.html", beside.hers),
    ),
    measures=measures.MEASURES,
    merges=(Joining("course_seats", "citizen_id", "citizens", merging.join_seats),),
    personal=(
        PersonalTable(
            "course_seats",
            _l("Mine kurser"),
            {
                **NUMBER,
                "run_id": _l("Kursusforløb"),
                "citizen_id": _l("Borger"),
                "status": _l("Status"),
                "wished_on": _l("Ønsket"),
                "booked_on": _l("Fik plads"),
                "attending_from": _l("Begyndte"),
                "passed_on": _l("Bestod"),
                "stopped_on": _l("Stoppede"),
                "recorded_at": _l("Skrevet"),
                "recorded_by_id": _l("Skrevet af"),
                "ended_recorded_at": _l("Slutningen skrevet"),
                "replaced_at": _l("Rettet"),
                "replaced_because": _l("Hvorfor det blev taget væk"),
            },
            ("page", "my_courses"),
        ),
    ),
    holds=(
        Holding(
            "course_seats",
            People.CITIZENS,
            _l("Hvilke kurser du ønsker, er på eller har bestået"),
            {"course_seats": ALL_COLUMNS},
            _l("Kommunen giver pladserne, og det, du lærer, kommer på dit kompetencekort."),
            LegalBasis.TASK,
            _l("Konsulenter i din kommune. En anden kommune, der holder kurset, ser pladsen uden dit navn."),
            (
                Kept(
                    _l("Højst %(time)s efter den dag, hvor kommunen holdt op med at hjælpe dig."), rule=YEARS
                ),
                WITH_HER,
            ),
        ),
        Holding(
            "course_authors",
            People.STAFF,
            _l("Hvem der oprettede et kursus"),
            {"courses": ("created_by_id",)},
            _l("Det skal kunne ses, hvem der har besluttet det."),
            LegalBasis.PROOF,
            _l("Ledere og konsulenter i din kommune."),
            (Kept(_l("Så længe kommunen bruger portalen.")),),
        ),
    ),
    nobody=(
        HoldsNobody(
            ("course_skills", "course_runs"), _l("Hvad kurser lærer fra sig, og hvornår de bliver holdt.")
        ),
        HoldsNobody(
            ("course_counts", "course_lifts"),
            _l("Tal for, hvor mange hvert kursus ville hjælpe. Ingen navne."),
        ),
    ),
    chores=(lifting.count_due,),
    forgets=(forget_seats,),
)
