"""What the rest of the portal must know of assessments."""

from flask_babel import lazy_gettext as _l

from portal.loop.assessments.views import bp
from portal.shared.rules.names import AFTER_PLACEMENT
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, Kept, LegalBasis, People
from portal.web.rooms import NUMBER, PersonalTable, Room, Within

room = Room(
    pages=(bp,),
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
                "closed_at": _l("Færdig"),
                "closed_by_id": _l("Lukket af"),
                "assessed_on": _l("Dato"),
                "lapsed": _l("Lukket ufærdig, fordi forløbet sluttede"),
                "withdrawn_at": _l("Trukket tilbage"),
                "withdrawn_because": _l("Hvorfor"),
                "citizen_comment": _l("Min kommentar"),
                "commented_at": _l("Kommenteret"),
                "version": _l("Rettet antal gange"),
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
            {"assessments": ALL_COLUMNS, "assessment_lines": ALL_COLUMNS},
            _l("Det, du har vist, kommer på dit kort."),
            LegalBasis.TASK,
            _l("Konsulenter i din kommune, og virksomheden, hvor du var."),
            (
                Kept(
                    _l("Virksomheden ser arket, mens du er der, og højst %(time)s efter."),
                    rule=AFTER_PLACEMENT,
                ),
                WITH_HER,
            ),
        ),
    ),
)
