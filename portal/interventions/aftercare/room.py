"""What the rest of the portal must know of the talks after somebody was hired."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.terms import Effort
from portal.interventions.aftercare import queries, services, views
from portal.interventions.aftercare.agenda import AGENDA
from portal.interventions.aftercare.chapter import JOB_TALKS
from portal.interventions.aftercare.forgetting import YEARS, forget_talks
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import NUMBER, Beside, Grant, Joining, Panel, PersonalTable, Room, Within

room = Room(
    chapters=(JOB_TALKS,),
    agenda=AGENDA,
    pages=(views.bp,),
    effort=Effort.AFTERCARE,
    front="aftercare.index",
    panels=(
        Panel(Beside.PLACEMENT, "aftercare/_panel.html", views.beside_placement),
        Panel(Beside.HERS, "aftercare/_hers.html", views.hers),
    ),
    within=(Within("efforts.index"),),
    grants=(Grant(queries.talks_seen_by, (Action.RECORD_EFFORTS,)),),
    hears=(
        (events.placement_ended, services.note_ended),
        (events.citizen_withdrew, services.note_withdrawn),
    ),
    merges=(Joining("job_talks", "citizen_id", "citizens"),),
    personal=(
        PersonalTable(
            "job_talks",
            _l("Samtaler efter en ansættelse"),
            {
                **NUMBER,
                "placement_id": _l("Forløb"),
                "citizen_id": _l("Borger"),
                "months": _l("Måneder efter"),
                "due_on": _l("Senest"),
                "planned_at": _l("Planlagt"),
                "held_on": _l("Dato for samtalen"),
                "still_there": _l("Er der stadig"),
                "hours_per_week": _l("Timer om ugen"),
                "next_step": _l("Det næste"),
                "left_on": _l("Sidste dag i jobbet"),
                "recorded_at": _l("Skrevet"),
                "recorded_by_id": _l("Skrevet af"),
                "cancelled_at": _l("Aflyst"),
                "version": _l("Udgave"),
            },
            ("page", "job_talk"),
        ),
    ),
    holds=(
        Holding(
            "job_talks",
            People.CITIZENS,
            _l("Om du stadig er i det job, et forløb førte til"),
            {"job_talks": ALL_COLUMNS},
            _l("Kommunen ringer 1, 3 og 6 måneder efter, så jobbet kan holde."),
            LegalBasis.TASK,
            _l("Konsulenter i din kommune. Virksomheder ser det aldrig."),
            (
                Kept(
                    _l("Højst %(time)s efter den dag, hvor kommunen holdt op med at hjælpe dig."), rule=YEARS
                ),
                WITH_HER,
            ),
        ),
    ),
    forgets=(forget_talks,),
)
