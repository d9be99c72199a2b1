"""What the rest of the portal must know of notes."""

from flask import url_for
from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.loop.notes.forgetting import YEARS, forget_notes, leave_her_out
from portal.loop.notes.queries import note_lines, notes_seen_by
from portal.loop.notes.views import bp, hers
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import NUMBER, Beside, Grant, Joining, Panel, PersonalTable, Room, Within
from portal.web.timeline import Chapter, LineKind

room = Room(
    pages=(bp,),
    within=(Within("citizens.index"),),
    panels=(Panel(Beside.HERS, "notes/_hers.html", hers),),
    chapters=(
        Chapter(
            LineKind.NOTE,
            note_lines,
            {"note": _l("%(title)s"), "struck-note": _l("Streget over: %(title)s")},
            lambda note_id: url_for("notes.detail", citizen_note_id=note_id),
            Action.MANAGE_CITIZENS,
        ),
    ),
    grants=(Grant(notes_seen_by, (Action.READ_CITIZENS, Action.READ_OWN_PAGE)),),
    merges=(Joining("citizen_notes", "citizen_id", "citizens"),),
    personal=(
        PersonalTable(
            "citizen_notes",
            _l("Noter om dig"),
            {
                **NUMBER,
                "citizen_id": _l("Borger"),
                "said_on": _l("Dag"),
                "text": _l("Note"),
                "written_at": _l("Skrevet"),
                "written_by_id": _l("Skrevet af"),
                "corrected_at": _l("Rettet"),
                "struck_at": _l("Streget over"),
                "struck_by_id": _l("Streget over af"),
                "struck_because": _l("Hvorfor den er streget over"),
            },
            ("page", "my_notes"),
        ),
    ),
    holds=(
        Holding(
            "notes",
            People.CITIZENS,
            _l("Korte noter om, hvad du og kommunen har talt om og aftalt"),
            {"citizen_notes": ALL_COLUMNS},
            _l(
                "Konsulenten skal kunne huske, hvad I har aftalt. Du kan selv læse hver note på din egen side."
            ),
            LegalBasis.TASK,
            _l("Du selv og konsulenter i din kommune. Virksomheder ser dem ikke, og der søges ikke i dem."),
            (
                Kept(
                    _l("Højst %(time)s efter den dag, hvor kommunen holdt op med at hjælpe dig."), rule=YEARS
                ),
                WITH_HER,
            ),
        ),
    ),
    hears=((events.citizen_erasing, leave_her_out),),
    forgets=(forget_notes,),
)
