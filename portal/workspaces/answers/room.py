"""What the rest of the portal must know of answers."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import NUMBER, PersonalTable, Room, Within
from portal.workspaces.answers import link_views, listeners
from portal.workspaces.answers.agenda import AGENDA
from portal.workspaces.answers.forgetting import forget_mails_about_people
from portal.workspaces.answers.reminders import remind
from portal.workspaces.answers.response import typical_answers
from portal.workspaces.answers.settlement_reminders import remind_of_settlements
from portal.workspaces.answers.sheet_reminders import remind_of_sheets

room = Room(
    agenda=AGENDA,
    pages=(link_views.bp,),
    within=(
        Within("openings.index", page="answers.message"),
        Within("home.index", only=Action.ANSWER_EMPLOYERS),
        Within("goals.index"),
    ),
    hears=(
        (events.citizen_agreed, listeners.send_agreed_proposal),
        (events.citizen_withdrew, listeners.call_back),
        (events.citizen_took_back, listeners.take_back_proposal),
        (events.employer_passive, listeners.call_back_from),
        (events.placement_planned, listeners.tell_of),
        (events.placement_cancelled, listeners.tell_of),
        (events.placement_changed, listeners.tell_of_change),
    ),
    answers=((events.typical_answers, typical_answers),),
    chores=(
        remind,
        remind_of_sheets,
        remind_of_settlements,
    ),
    personal=(
        PersonalTable(
            "calls",
            _l("Opkald til virksomheder om forslag"),
            {
                **NUMBER,
                "review_id": _l("Forslag"),
                "reason": _l("Hvorfor"),
                "created_at": _l("Siden"),
                "done_at": _l("Ringet"),
                "done_by_id": _l("Ringet af"),
            },
        ),
    ),
    holds=(
        Holding(
            "calls",
            People.CITIZENS,
            _l("At en virksomhed skal ringes op om et forslag til dig"),
            {"calls": ALL_COLUMNS},
            _l("Et forslag skal have et svar."),
            LegalBasis.TASK,
            _l("Konsulenter i din kommune."),
            (WITH_HER,),
        ),
    ),
    forgets=(forget_mails_about_people,),
)
