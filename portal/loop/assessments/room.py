"""What the rest of the portal must know of assessments."""

from flask_babel import lazy_gettext as _l

from portal.loop.assessments import measures, services, taking_back
from portal.loop.assessments.link_views import bp
from portal.shared.rules.names import AFTER_PLACEMENT
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, Kept, LegalBasis, People
from portal.web.links import LinkPurpose
from portal.web.rooms import NUMBER, PersonalTable, Room, Within

room = Room(
    pages=(bp,),
    measures=measures.MEASURES,
    anew={LinkPurpose.ASSESSMENT: services.link_anew},
    forgets=(taking_back.forget_what_stands,),
    within=(Within("placements.index"),),
    personal=(
        PersonalTable(
            "assessments",
            _l("Vurderinger fra arbejdspladsen"),
            {
                **NUMBER,
                "placement_id": _l("Forløb"),
                "kind": _l("Hvilken"),
                "number": _l("Nummer i forløbet"),
                "opened_at": _l("Begyndt"),
                "opened_by_id": _l("Begyndt af"),
                "answered_at": _l("Arbejdspladsen svarede"),
                "on_paper": _l("Svaret på papir"),
                "answer_before": _l("Det, arbejdspladsen havde svaret før, mens svaret kan tages tilbage"),
                "closed_at": _l("Færdig"),
                "closed_by_id": _l("Lukket af"),
                "assessed_on": _l("Dato"),
                "alone_because": _l("Hvorfor konsulenten lukkede det alene"),
                "lapsed": _l("Lukket ufærdig, fordi forløbet sluttede"),
                "withdrawn_at": _l("Trukket tilbage"),
                "withdrawn_because": _l("Hvorfor"),
                "citizen_comment": _l("Min kommentar"),
                "commented_at": _l("Kommenteret"),
                "version": _l("Rettet antal gange"),
            },
            passing={"answer_before": "answered_at"},
        ),
        PersonalTable(
            "assessment_confirmations",
            _l("Hvem der sagde ja til vurderingen"),
            {
                **NUMBER,
                "assessment_id": _l("Vurdering"),
                "party": _l("Hvem"),
                "how": _l("Hvordan"),
                "said_on": _l("Dag"),
                "recorded_at": _l("Skrevet"),
                "recorded_by_id": _l("Skrevet af"),
            },
        ),
        PersonalTable(
            "assessment_aspects",
            _l("Om det blev, som I var enige om"),
            {
                **NUMBER,
                "assessment_id": _l("Vurdering"),
                "aspect": _l("Hvad"),
                "turned_out": _l("Blev det sådan?"),
                "words": _l("Hvordan"),
                "said_by_party": _l("Hvem der skrev det"),
            },
        ),
        PersonalTable(
            "assessment_lines",
            _l("Opgaverne i vurderingerne"),
            {
                **NUMBER,
                "assessment_id": _l("Vurdering"),
                "skill_id": _l("Opgave"),
                "task_text": _l("Som den er skrevet"),
                "employer_level": _l("Arbejdspladsens niveau (0-4)"),
                "employer_note": _l("Arbejdspladsens note"),
                "consultant_level": _l("Konsulentens niveau (0-4)"),
                "consultant_note": _l("Konsulentens note"),
                "agreed_level": _l("Aftalt niveau (0-4)"),
            },
        ),
    ),
    holds=(
        Holding(
            "assessments",
            People.CITIZENS,
            _l("Hvad arbejdspladsen og konsulenten har set dig gøre"),
            {
                "assessments": ALL_COLUMNS,
                "assessment_confirmations": ALL_COLUMNS,
                "assessment_aspects": ALL_COLUMNS,
                "assessment_lines": ALL_COLUMNS,
            },
            _l("Det, du har vist, kommer på dit kort."),
            LegalBasis.TASK,
            _l("Konsulenter i din kommune, og virksomheden, hvor du var."),
            (
                Kept(
                    _l("Virksomheden ser arket, mens du er der, og højst %(time)s efter."),
                    rule=AFTER_PLACEMENT,
                ),
                Kept(_l("Det, arbejdspladsen havde svaret før et nyt svar, er væk den næste nat.")),
                WITH_HER,
            ),
        ),
    ),
)
