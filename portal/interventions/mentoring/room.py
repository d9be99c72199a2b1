"""What the rest of the portal must know of mentors."""

from flask_babel import lazy_gettext as _l

from portal.base.terms import Effort
from portal.interventions.mentoring import agreement_views, measures, queries, views
from portal.interventions.mentoring.agenda import AGENDA
from portal.interventions.mentoring.chapter import MENTORED
from portal.interventions.mentoring.forgetting import YEARS, forget_agreements
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, Kept, LegalBasis, People
from portal.web.links import LinkPurpose
from portal.web.permissions import Action
from portal.web.rooms import NUMBER, Beside, Grant, Joining, Panel, PersonalTable, Room, Within

room = Room(
    chapters=(MENTORED,),
    agenda=AGENDA,
    pages=(views.bp, agreement_views.bp),
    effort=Effort.MENTORING,
    front="mentoring.index",
    panels=(
        Panel(Beside.CITIZEN, "mentoring/_panel.html", views.beside_citizen),
        Panel(Beside.PLACEMENT, "mentoring/_panel.html", views.beside_placement),
        Panel(Beside.HERS, "mentoring/_hers.html", views.hers),
    ),
    within=(
        *(Within("citizens.index", f"mentoring.{page}") for page in ("find", "propose")),
        Within("efforts.index"),
    ),
    grants=(
        Grant(queries.mentors_seen_by, (Action.RECORD_EFFORTS,)),
        Grant(queries.agreements_seen_by, (Action.RECORD_EFFORTS,)),
    ),
    anew={LinkPurpose.MENTOR: agreement_views.anew},
    measures=measures.MEASURES,
    merges=(
        Joining("mentor_agreements", "citizen_id", "citizens"),
        Joining("mentors", "employer_id", "employers"),
    ),
    personal=(
        PersonalTable(
            "mentor_agreements",
            _l("Aftaler med en mentor"),
            {
                **NUMBER,
                "mentor_id": _l("Mentor"),
                "citizen_id": _l("Borger"),
                "placement_id": _l("Forløb"),
                "agreed": _l("Hvad mentoren hjælper med"),
                "hours_per_week": _l("Timer om ugen"),
                "from_on": _l("Fra"),
                "until_on": _l("Til og med"),
                "citizen_agreed_on": _l("Du sagde ja"),
                "proposed_at": _l("Skrevet"),
                "proposed_by_id": _l("Skrevet af"),
                "agreed_at": _l("Mentoren sagde ja"),
                "declined_at": _l("Mentoren sagde nej"),
                "answered_via": _l("Hvordan mentoren svarede"),
                "answer_recorded_by_id": _l("Svaret er noteret af"),
                "ended_on": _l("Sluttede"),
                "end_reason": _l("Hvorfor det sluttede"),
                "ended_at": _l("Afsluttet"),
                "withdrawn_at": _l("Blev ikke til noget"),
            },
            ("page", "my_mentor"),
        ),
    ),
    holds=(
        Holding(
            "mentor_agreements",
            People.CITIZENS,
            _l("Hvad der er aftalt med en mentor om dig"),
            {"mentor_agreements": ALL_COLUMNS},
            _l("Mentoren skal vide, hvad I har aftalt, og kommunen skal kunne tælle mentorforløb."),
            LegalBasis.DISCLOSURE,
            _l("Konsulenter i din kommune. Mentoren ser dit fornavn, det aftalte og dagene."),
            (
                Kept(
                    _l("Højst %(time)s efter den dag, hvor kommunen holdt op med at hjælpe dig."), rule=YEARS
                ),
                WITH_HER,
            ),
        ),
        Holding(
            "mentors",
            People.HELPERS,
            _l("Hvem du er, hvordan du kan nås, dine sprog og dine timer"),
            {"mentors": ALL_COLUMNS},
            _l(
                "Kommunen skal kunne finde en mentor, der har tid, og vide, at mentoren kender sin tavshedspligt."
            ),
            LegalBasis.TASK,
            _l(
                "Konsulenter i kommunen. En borger, du er mentor for, ser dit fornavn, og telefon og e-mail, hvis du "
                "har sagt ja til det."
            ),
            (
                Kept(_l("Telefon og e-mail, til kommunen arkiverer dig som mentor.")),
                Kept(_l("Resten, til ingen aftale med dig er gemt mere.")),
            ),
        ),
    ),
    forgets=(forget_agreements,),
)
