"""What the rest of the portal must know of matches."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.loop.matches import listeners, merging, queries, services
from portal.loop.matches.views import bp
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, HoldsNobody, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import NUMBER, Grant, Joining, MenuLink, PersonalTable, Room, Within

room = Room(
    merges=(
        Joining("matches", "card_id", "competence_cards", merging.join_matches),
        Joining("outlooks", "card_id", "competence_cards", merging.join_outlooks),
    ),
    pages=(bp,),
    menu=(MenuLink(_l("Uden match"), "matches.unmatched_cards", 30),),
    within=(
        Within("reviews.queue"),
        Within("matches.unmatched_cards", page="matches.unmatched_openings"),
    ),
    hears=(
        (events.opening_changed, listeners.opening_changed),
        (events.card_changed, listeners.card_changed),
        (events.citizen_passive, listeners.citizen_passive),
        (events.employer_passive, listeners.employer_passive),
        (events.employer_active, listeners.employer_active),
        (events.neighbours_parted, listeners.neighbours_parted),
    ),
    chores=(services.close_unshared,),
    grants=(Grant(queries.matches_seen_by, (Action.READ_MATCHES,)),),
    personal=(
        PersonalTable(
            "matches",
            _l("Sammenligninger med åbninger"),
            {
                **NUMBER,
                "card_id": _l("Kort"),
                "opening_id": _l("Åbning"),
                "municipality_id": _l("Kommune"),
                "status": _l("Status"),
                "sure": _l("Passer mindst (0-100)"),
                "possible": _l("Passer højst (0-100)"),
                "wished": _l("Noget, du ønsker at arbejde med"),
                "lift": _l("Rykket op ad listen for dit ønske"),
                "result": _l("Opgave for opgave"),
                "opening_version": _l("Åbningens version"),
                "card_version": _l("Kortets version"),
                "vocabulary_version": _l("Ordlistens version"),
                "matcher_version": _l("Matcherens version"),
                "weights_id": _l("Vægte"),
                "suggested_at": _l("Fundet"),
                "renewed_at": _l("Sidst regnet"),
                "closed_reason": _l("Hvorfor lukket"),
            },
        ),
        PersonalTable(
            "given_answers",
            _l("Svar på spørgsmål om et forslag"),
            {
                **NUMBER,
                "match_id": _l("Sammenligning"),
                "condition": _l("Betingelse"),
                "subject": _l("Opgave"),
                "evidence_id": _l("Linje på kortet"),
                "before": _l("Før"),
                "after": _l("Efter"),
                "sure_before": _l("Passede mindst (0-100)"),
                "possible_before": _l("Passede højst (0-100)"),
                "answered_at": _l("Svaret"),
                "answered_by_id": _l("Skrevet af"),
                "taken_back_at": _l("Trukket tilbage"),
            },
        ),
        PersonalTable(
            "outlooks",
            _l("Hvad der kunne ændre et forslag"),
            {
                **NUMBER,
                "card_id": _l("Kort"),
                "opening_id": _l("Åbning"),
                "condition": _l("Betingelse"),
                "before": _l("Før"),
                "after": _l("Efter"),
                "asked": _l("Spurgt"),
                "found": _l("Fundet"),
                "good": _l("Gode"),
                "worked_out_at": _l("Regnet ud"),
            },
        ),
    ),
    holds=(
        Holding(
            "comparisons",
            People.CITIZENS,
            _l("Sammenligninger af dit kort med pladser"),
            {"matches": ALL_COLUMNS, "given_answers": ALL_COLUMNS, "outlooks": ALL_COLUMNS},
            _l("Konsulenten ser, hvilke pladser der kan passe til dig, og hvorfor."),
            LegalBasis.TASK,
            _l("Konsulenter i din kommune."),
            (WITH_HER,),
        ),
        Holding(
            "weights",
            People.STAFF,
            _l("Hvem der har ændret, hvordan portalen sammenligner"),
            {"matcher_weights": ("set_by_id",)},
            _l("Det skal kunne ses, hvem der har besluttet det."),
            LegalBasis.PROOF,
            _l("Ledere og konsulenter i din kommune."),
            (Kept(_l("Så længe kommunen bruger portalen.")),),
        ),
    ),
    nobody=(HoldsNobody(("rematch_runs",), _l("Tal for, hvornår alle forslag blev regnet igen.")),),
)
