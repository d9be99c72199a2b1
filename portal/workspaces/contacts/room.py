"""What the rest of the portal must know of contacts with employers."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.web.holdings import ALL_COLUMNS, Holding, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import Beside, Grant, Joining, Panel, Room, Within
from portal.workspaces.contacts import prospect_views, prospecting, queries, views
from portal.workspaces.contacts.agenda import AGENDA
from portal.workspaces.contacts.finding import PROSPECTS
from portal.workspaces.contacts.forgetting import forget_old_contacts, leave_her_out

room = Room(
    agenda=AGENDA,
    finds=(PROSPECTS,),
    pages=(views.bp, prospect_views.bp),
    panels=(Panel(Beside.COOPERATION, "contacts/_beside_employer.html", views.beside_employer),),
    within=(Within("employers.index"),),
    merges=(
        Joining("employer_contacts", "employer_id", "employers"),
        Joining("employer_prospects", "employer_id", "employers"),
    ),
    grants=(
        Grant(queries.contacts_seen_by, (Action.MANAGE_EMPLOYERS,)),
        Grant(queries.prospects_seen_by, (Action.MANAGE_EMPLOYERS,)),
    ),
    hears=(
        (events.employer_added, prospecting.join_by_cvr),
        (events.citizen_erasing, leave_her_out),
    ),
    answers=((events.last_talks, queries.last_talks),),
    holds=(
        Holding(
            "employer_contacts",
            People.EMPLOYERS,
            _l("Hvornår kommunen talte med dig, og hvad I talte om"),
            {"employer_contacts": ALL_COLUMNS},
            _l("En kollega i kommunen skal vide, hvad der er sagt og aftalt med virksomheden."),
            LegalBasis.TASK,
            _l(
                "Konsulenter i den kommune, der tager sig af virksomheden. Du kan bede kommunen om at se det."
            ),
            (
                Kept(
                    _l("%(time)s efter samtalen, dog til det næste skridt er gjort."),
                    setting="KEEP_EMPLOYER_CONTACTS",
                ),
            ),
        ),
        Holding(
            "employer_prospects",
            People.EMPLOYERS,
            _l("Hvem kommunen kan ringe til i en virksomhed, der ikke er med endnu"),
            {"employer_prospects": ALL_COLUMNS},
            _l("Kommunen skal kunne tale med en virksomhed, før den er med."),
            LegalBasis.TASK,
            _l(
                "Konsulenter i den kommune, der har skrevet det. Du kan bede kommunen om at se og slette det."
            ),
            (
                Kept(_l("Til kommunen sletter den, eller virksomheden er med.")),
                Kept(
                    _l("Højst %(time)s efter den sidste samtale."),
                    setting="KEEP_EMPLOYER_CONTACTS",
                ),
            ),
        ),
    ),
    forgets=(forget_old_contacts,),
)
