"""What the rest of the portal must know of tasks."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.web.agenda import AgendaKind, AgendaPress
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import NUMBER, Beside, Grant, Joining, Panel, PersonalTable, Room, Within
from portal.workspaces.tasks import queries, views
from portal.workspaces.tasks.forgetting import KEPT_WHEN_DONE, forget_tasks, leave_her_out

_FOR_WHOM = Action.MANAGE_CITIZENS

room = Room(
    pages=(views.bp,),
    panels=(
        Panel(Beside.CITIZEN, "tasks/_panel.html", views.beside_citizen, only=_FOR_WHOM),
        Panel(Beside.EMPLOYER, "tasks/_panel.html", views.beside_employer, only=_FOR_WHOM),
        Panel(Beside.PLACEMENT, "tasks/_panel.html", views.beside_placement, only=_FOR_WHOM),
    ),
    within=(Within("home.index"),),
    grants=(Grant(queries.tasks_seen_by, (_FOR_WHOM,)),),
    agenda=(
        AgendaKind(
            "task",
            _l("Opgave"),
            queries.agenda,
            page="tasks.edit",
            args={"task_id": "record_id"},
            one_press=AgendaPress(_l("Gjort"), "tasks.done", "task_id"),
            in_calendar=True,
        ),
    ),
    merges=(Joining("tasks", "citizen_id", "citizens"), Joining("tasks", "employer_id", "employers")),
    personal=(
        PersonalTable(
            "tasks",
            _l("Opgaver om dig"),
            {
                **NUMBER,
                "municipality_id": _l("Kommune"),
                "title": _l("Hvad der skal gøres"),
                "due_on": _l("Hvornår"),
                "owner_id": _l("Hvem der gør det"),
                "citizen_id": _l("Borger"),
                "employer_id": _l("Virksomhed"),
                "placement_id": _l("Forløb"),
                "made_at": _l("Skrevet"),
                "made_by_id": _l("Skrevet af"),
                "done_at": _l("Gjort"),
                "done_by_id": _l("Gjort af"),
                "version": _l("Udgave"),
            },
        ),
    ),
    holds=(
        Holding(
            "tasks",
            People.CITIZENS,
            _l("Opgaver, en konsulent har skrevet om dig: én linje og en dag"),
            {"tasks": ALL_COLUMNS},
            _l("Konsulenten skal huske, hvad der er lovet dig, og hvornår."),
            LegalBasis.TASK,
            _l("Konsulenter i din kommune, og du selv. Virksomheder ser dem aldrig."),
            (Kept(_l("%(time)s efter den dag, opgaven gælder."), time=KEPT_WHEN_DONE), WITH_HER),
        ),
    ),
    hears=((events.citizen_erasing, leave_her_out),),
    forgets=(forget_tasks,),
)
