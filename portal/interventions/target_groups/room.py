"""What the rest of the portal must know of target groups."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.interventions.target_groups import measures, members, merging, queries, situations
from portal.interventions.target_groups.forgetting import YEARS, forget_situations
from portal.interventions.target_groups.ladder_views import bp as ladders
from portal.interventions.target_groups.situation_views import bp as situation_pages
from portal.interventions.target_groups.views import bp
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, HoldsNobody, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import NUMBER, Grant, Joining, MenuLink, PersonalTable, Room, Within

_NOT_FOR_EVER = (
    Kept(_l("Højst %(time)s efter den dag, hvor kommunen holdt op med at hjælpe dig."), rule=YEARS),
    WITH_HER,
)

_WRITTEN = {
    "recorded_at": _l("Skrevet"),
    "recorded_by_id": _l("Skrevet af"),
    "replaced_at": _l("Rettet"),
}

room = Room(
    merges=(
        Joining("group_memberships", "citizen_id", "citizens", merging.join_memberships),
        Joining("spells", "citizen_id", "citizens"),
        Joining("spell_proposals", "citizen_id", "citizens"),
        Joining("step_placings", "citizen_id", "citizens"),
        Joining("arrivals", "citizen_id", "citizens", merging.join_arrivals),
    ),
    pages=(bp, ladders, situation_pages),
    menu=(MenuLink(_l("Målgrupper"), "target_groups.index", 85),),
    within=(
        *(Within("citizens.index", f"situations.{page}") for page in ("detail", "spell")),
        Within("target_groups.index"),
    ),
    grants=(
        Grant(members.visible_groups, (Action.READ_TARGET_GROUPS,)),
        Grant(members.visible_ladders, (Action.READ_TARGET_GROUPS,)),
        Grant(members.visible_memberships, (Action.READ_SITUATIONS,)),
        Grant(members.proposals_seen_by, (Action.READ_SITUATIONS,)),
    ),
    hears=(
        (events.placement_started, situations.note_started),
        (events.placement_changed, situations.note_changed),
        (events.placement_ended, situations.note_ended),
    ),
    measures=measures.MEASURES,
    answers=((events.grounds_known_of, queries.grounds_known_of),),
    personal=(
        PersonalTable(
            "group_memberships",
            _l("Mine målgrupper"),
            {
                **NUMBER,
                "group_id": _l("Målgruppe"),
                "citizen_id": _l("Borger"),
                "from_on": _l("Fra"),
                "until_on": _l("Til"),
                "end_reason": _l("Hvorfor det sluttede"),
                "source": _l("Hvem der skrev det"),
                **_WRITTEN,
                "replaced_because": _l("Hvorfor det blev taget væk"),
            },
            ("page", "my_groups"),
        ),
        PersonalTable(
            "spells",
            _l("Arbejde, uddannelse og andre perioder"),
            {
                **NUMBER,
                "citizen_id": _l("Borger"),
                "kind": _l("Hvad"),
                "from_on": _l("Fra"),
                "until_on": _l("Til"),
                "hours_per_week": _l("Timer om ugen"),
                "form": _l("Form"),
                "source": _l("Hvor det er kendt fra"),
                "placement_id": _l("Forløb"),
                **_WRITTEN,
                "replaced_because": _l("Hvorfor det blev taget væk"),
            },
            ("page", "my_periods"),
        ),
        PersonalTable(
            "spell_proposals",
            _l("Arbejde efter et forløb"),
            {
                **NUMBER,
                "placement_id": _l("Forløb"),
                "citizen_id": _l("Borger"),
                "kind": _l("Hvad"),
                "from_on": _l("Fra"),
                "hours_per_week": _l("Timer om ugen"),
                "proposed_at": _l("Foreslået"),
                "decided_at": _l("Afgjort"),
                "decided_by_id": _l("Afgjort af"),
                "spell_id": _l("Periode"),
            },
        ),
        PersonalTable(
            "step_placings",
            _l("Mine trin"),
            {
                **NUMBER,
                "citizen_id": _l("Borger"),
                "step_id": _l("Trin"),
                "from_on": _l("Fra"),
                **_WRITTEN,
            },
            ("page", "my_steps"),
        ),
        PersonalTable(
            "arrivals",
            _l("Ankomst og introduktionsprogram"),
            {
                **NUMBER,
                "citizen_id": _l("Borger"),
                "arrived_on": _l("Kom til kommunen"),
                "programme_from": _l("Programmet begyndte"),
                "programme_until": _l("Programmet slutter"),
                **_WRITTEN,
            },
            ("page", "my_arrival"),
        ),
    ),
    holds=(
        Holding(
            "target_groups",
            People.CITIZENS,
            _l("Hvilke målgrupper du er i"),
            {"group_memberships": ALL_COLUMNS},
            _l(
                "Kommunens plan har mål for grupper af borgere. Kommunen skal kunne tælle, om de bliver nået."
            ),
            LegalBasis.TASK,
            _l("Konsulenter i din kommune. Virksomheder ser det aldrig, og ingen får forslag efter det."),
            _NOT_FOR_EVER,
        ),
        Holding(
            "situation",
            People.CITIZENS,
            _l("Om du er i arbejde, uddannelse eller aktivitet, dit trin, og hvornår du kom til kommunen"),
            {
                "spells": ALL_COLUMNS,
                "spell_proposals": ALL_COLUMNS,
                "step_placings": ALL_COLUMNS,
                "arrivals": ALL_COLUMNS,
            },
            _l("Kommunen skal kunne se, om hjælpen virker. Der står aldrig hvilken ydelse eller hvorfor."),
            LegalBasis.TASK,
            _l("Konsulenter i din kommune. Virksomheder ser det aldrig, og ingen får forslag efter det."),
            _NOT_FOR_EVER,
        ),
        Holding(
            "target_group_authors",
            People.STAFF,
            _l("Hvem der oprettede en målgruppe"),
            {"target_groups": ("created_by_id",)},
            _l("Det skal kunne ses, hvem der har besluttet det."),
            LegalBasis.PROOF,
            _l("Ledere og konsulenter i din kommune."),
            (Kept(_l("Så længe kommunen bruger portalen.")),),
        ),
    ),
    nobody=(HoldsNobody(("ladders", "ladder_steps"), _l("Kommunens egne trin på vej til arbejde.")),),
    forgets=(forget_situations,),
)
