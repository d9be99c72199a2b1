"""What the rest of the portal must know of reviews."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.loop.reviews import findings, queries, several_views
from portal.loop.reviews.agenda import AGENDA
from portal.loop.reviews.chapter import SUGGESTIONS
from portal.shared.rules.names import IN_PROPOSALS
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import NUMBER, Grant, MenuLink, PersonalTable, Room

room = Room(
    agenda=AGENDA,
    chapters=(SUGGESTIONS,),
    pages=(several_views.bp,),
    menu=(
        MenuLink(_l("Forslag"), "reviews.queue", 25),
        MenuLink(_l("Forslag"), "reviews.proposals", 45),
        MenuLink(_l("Forslag til mig"), "reviews.mine", 30),
    ),
    answers=((events.stops_of_matches, findings.stops_of),),
    grants=(
        Grant(
            queries.reviews_seen_by,
            (Action.READ_MATCHES, Action.ANSWER_AS_CITIZEN, Action.ANSWER_AS_EMPLOYER),
        ),
    ),
    personal=(
        PersonalTable(
            "reviews",
            _l("Forslag til mig"),
            {
                **NUMBER,
                "match_id": _l("Sammenligning"),
                "decision": _l("Kommunens vurdering"),
                "reason": _l("Grund"),
                "words": _l("Med ord"),
                "decided_by_id": _l("Vurderet af"),
                "decided_at": _l("Vurderet"),
                "findings": _l("Hvad reglerne sagde"),
                "stop_reason": _l("Hvorfor det blev godkendt alligevel"),
                "unpaid_reason": _l("Hvorfor praktik og ikke lønnet arbejde"),
                "place": _l("Plads i listen"),
                "compared": _l("Det, vurderingen byggede på"),
                "citizen_answer": _l("Mit svar"),
                "citizen_answered_at": _l("Jeg svarede"),
                "citizen_answered_via": _l("Hvordan"),
                "citizen_answer_recorded_by_id": _l("Skrevet af"),
                "employer_answer": _l("Virksomhedens svar"),
                "employer_reason": _l("Virksomhedens grund"),
                "employer_answered_at": _l("Virksomheden svarede"),
                "employer_answered_by_id": _l("Svaret af"),
            },
            ("page", "my_proposals"),
            shown=queries.in_her_file,
        ),
        PersonalTable(
            "review_conditions",
            _l("Betingelser i forslagene"),
            {"review_id": _l("Forslag"), "name": _l("Betingelse"), "met": _l("Passer")},
            shown=queries.conditions_in_her_file,
        ),
        PersonalTable(
            "undone_decisions",
            _l("Vurderinger, der blev fortrudt med det samme"),
            {
                **NUMBER,
                "match_id": _l("Sammenligning"),
                "decision": _l("Kommunens vurdering"),
                "reason": _l("Grund"),
                "words": _l("Med ord"),
                "decided_by_id": _l("Vurderet af"),
                "decided_at": _l("Vurderet"),
                "undone_at": _l("Fortrudt"),
            },
        ),
        PersonalTable(
            "put_off_matches",
            _l("Forslag, som konsulenten ser på senere"),
            {
                "match_id": _l("Sammenligning"),
                "until_on": _l("Vises igen"),
                "set_by_id": _l("Sat af"),
                "set_at": _l("Sat"),
            },
        ),
    ),
    holds=(
        Holding(
            "proposals",
            People.CITIZENS,
            _l("Forslag til dig, og hvad du svarede"),
            {
                "reviews": ALL_COLUMNS,
                "review_conditions": ALL_COLUMNS,
                "undone_decisions": ALL_COLUMNS,
                "put_off_matches": ALL_COLUMNS,
            },
            _l("En konsulent beslutter, du svarer, og til sidst svarer virksomheden."),
            LegalBasis.DISCLOSURE,
            _l("Konsulenter i din kommune. Virksomheden ser forslaget, når du har sagt ja."),
            (
                Kept(
                    _l(
                        "Virksomheden ser dit navn højst %(time)s efter sidste svar, hvis det ikke bliver til noget."
                    ),
                    rule=IN_PROPOSALS,
                ),
                WITH_HER,
            ),
        ),
    ),
)
