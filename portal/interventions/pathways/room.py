"""What the rest of the portal must know of packages and journeys."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.terms import Effort
from portal.interventions.pathways import (
    following,
    journeys,
    measures,
    merging,
    offers,
    panels,
    queries,
    ways,
)
from portal.interventions.pathways.forgetting import forget_journeys
from portal.interventions.pathways.journey_views import bp as journey_pages
from portal.interventions.pathways.offer_views import bp as offer_pages
from portal.interventions.pathways.views import bp
from portal.interventions.target_groups.forgetting import YEARS
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, HoldsNobody, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import NUMBER, Beside, Grant, Joining, Panel, PersonalTable, Room, Within

room = Room(
    effort=Effort.PATHWAYS,
    front="pathways.index",
    pages=(bp, journey_pages, offer_pages),
    panels=(
        Panel(Beside.CITIZEN, "pathways/_beside_citizen.html", panels.beside_citizen),
        Panel(Beside.PLACEMENT, "pathways/_beside_placement.html", panels.beside_placement),
        Panel(Beside.MATCH, "pathways/_beside_match.html", panels.beside_match),
        Panel(Beside.EMPLOYER, "pathways/_beside_employer.html", panels.beside_employer),
        Panel(Beside.HERS, "pathways/_hers.html", panels.hers),
    ),
    within=(
        *(
            Within("citizens.index", f"journeys.{page}")
            for page in (
                "begin",
                "own",
                "detail",
                "step",
                "end",
                "begin_step",
                "carry",
                "follow",
                "reach_step",
                "skip_step",
            )
        ),
        Within("employers.own", "step_offers.own"),
        Within("employers.index", "step_offers.offer"),
        Within("efforts.index"),
    ),
    grants=(
        Grant(queries.visible_packages, (Action.READ_EFFORTS,)),
        Grant(ways.journeys_seen_by, (Action.RECORD_EFFORTS,)),
        Grant(offers.offers_seen_by, (Action.READ_EFFORTS, Action.ANSWER_AS_EMPLOYER)),
    ),
    hears=(
        (events.placement_started, journeys.note_started),
        (events.placement_ended, journeys.note_ended),
        (events.placement_cancelled, journeys.note_cancelled),
    ),
    chores=(following.move_steps,),
    answers=((events.way_of, panels.way_of),),
    measures=measures.MEASURES,
    merges=(
        Joining("journeys", "citizen_id", "citizens", merging.join_journeys),
        Joining("step_offers", "employer_id", "employers", merging.join_offers),
    ),
    personal=(
        PersonalTable(
            "journeys",
            _l("Min vej mod job"),
            {
                **NUMBER,
                "citizen_id": _l("Borger"),
                "package_id": _l("Pakke"),
                "name": _l("Vejens navn"),
                "from_on": _l("Fra"),
                "until_on": _l("Til"),
                "end_reason": _l("Hvorfor den sluttede"),
                "recorded_at": _l("Skrevet"),
                "recorded_by_id": _l("Skrevet af"),
                "replaced_at": _l("Taget væk"),
            },
            ("page", "my_way"),
        ),
        PersonalTable(
            "journey_steps",
            _l("Trin på min vej"),
            {
                **NUMBER,
                "journey_id": _l("Vej"),
                "package_step_id": _l("Trin i pakken"),
                "position": _l("Trin nr."),
                "name": _l("Trin"),
                "kind": _l("Form"),
                "weeks": _l("Uger"),
                "asks": _l("Det næste trin kræver"),
                "state": _l("Hvor langt"),
                "began_on": _l("Begyndt"),
                "reached_on": _l("Nået"),
                "skip_reason": _l("Hvorfor det blev sprunget over"),
                "passed_reason": _l("Hvorfor det begyndte, før niveauet var set"),
                "placement_id": _l("Forløb"),
                "course_seat_id": _l("Plads på kursus"),
                "cohort_enrolment_id": _l("Plads på hold"),
                "changed_at": _l("Ændret"),
                "changed_by_id": _l("Ændret af"),
            },
        ),
        PersonalTable(
            "journey_skills",
            _l("Det, trinene skal lære"),
            {
                **NUMBER,
                "step_id": _l("Trin"),
                "skill_id": _l("Færdighed"),
                "level": _l("Niveau, der skal nås"),
            },
        ),
    ),
    holds=(
        Holding(
            "journeys",
            People.CITIZENS,
            _l("Din vej mod job, trin for trin"),
            {"journeys": ALL_COLUMNS, "journey_steps": ALL_COLUMNS, "journey_skills": ALL_COLUMNS},
            _l("Du og kommunen skal kunne se, hvor langt du er, og hvad der skal læres på det næste trin."),
            LegalBasis.TASK,
            _l("Konsulenter i din kommune. En virksomhed ser kun det trin, du tager hos den."),
            (
                Kept(
                    _l("Højst %(time)s efter den dag, hvor kommunen holdt op med at hjælpe dig."), rule=YEARS
                ),
                WITH_HER,
            ),
        ),
        Holding(
            "step_offers",
            People.EMPLOYERS,
            _l("Hvem der tilbød et trin i en pakke"),
            {"step_offers": ("offered_by_id",)},
            _l("Kommunen skal kunne spørge den, der har sagt det."),
            LegalBasis.TASK,
            _l("Ledere og konsulenter i din kommune og din egen virksomhed."),
            (Kept(_l("Så længe virksomheden er i portalen.")),),
        ),
        Holding(
            "package_authors",
            People.STAFF,
            _l("Hvem der oprettede en pakke"),
            {"job_packages": ("created_by_id",)},
            _l("Det skal kunne ses, hvem der har besluttet det."),
            LegalBasis.PROOF,
            _l("Ledere og konsulenter i din kommune."),
            (Kept(_l("Så længe kommunen bruger portalen.")),),
        ),
    ),
    nobody=(HoldsNobody(("package_steps", "package_skills"), _l("Trin i kommunens pakker.")),),
    forgets=(forget_journeys,),
)
