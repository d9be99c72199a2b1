"""What the rest of the portal must know of young people."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.terms import Effort
from portal.interventions.young import measures, merging, queries, views
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, HoldsNobody, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import NUMBER, Beside, Grant, Joining, Panel, PersonalTable, Room, Within

room = Room(
    pages=(views.bp,),
    effort=Effort.YOUNG,
    front="young.index",
    panels=(Panel(Beside.CITIZEN, "young/_panel.html", views.beside_citizen),),
    within=(Within("citizens.index", "young.parents"), Within("efforts.index")),
    grants=(Grant(queries.tallies_seen_by, (Action.READ_EFFORTS,)),),
    answers=((events.hindrance_of_showing, queries.hindrance_of_showing),),
    measures=measures.MEASURES,
    merges=(Joining("parents_yes", "citizen_id", "citizens", merging.keep_one_yes),),
    personal=(
        PersonalTable(
            "parents_yes",
            _l("Mine forældres ja"),
            {
                **NUMBER,
                "citizen_id": _l("Borger"),
                "said_on": _l("Sagde ja"),
                "via": _l("Hvordan"),
                "recorded_at": _l("Skrevet"),
                "recorded_by_id": _l("Skrevet af"),
                "withdrawn_at": _l("Trukket tilbage"),
                "withdrawn_by_id": _l("Trukket tilbage af"),
            },
            ("page", "parents_yes"),
        ),
    ),
    holds=(
        Holding(
            "parents_yes",
            People.CITIZENS,
            _l("At en forælder sagde ja, før en virksomhed så dit kort, mens du var under 18 år"),
            {"parents_yes": ALL_COLUMNS},
            _l("Kommunen skal kunne vise, at forældremyndigheden sagde ja."),
            LegalBasis.PROOF,
            _l("Konsulenter i din kommune."),
            (WITH_HER,),
        ),
        Holding(
            "young_authors",
            People.STAFF,
            _l("Hvem der skrev en optælling af de unge"),
            {"young_tallies": ("recorded_by_id",)},
            _l("Det skal kunne ses, hvem der har talt."),
            LegalBasis.PROOF,
            _l("Ledere og konsulenter i din kommune."),
            (Kept(_l("Så længe kommunen bruger portalen.")),),
        ),
    ),
    nobody=(HoldsNobody(("young_places",), _l("Klasser, enheder og områder, hvor unge bliver talt.")),),
)
