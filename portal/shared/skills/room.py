"""What the rest of the portal must know of the vocabulary."""

from flask_babel import lazy_gettext as _l

from portal.shared.skills.finding import WORDS
from portal.shared.skills.views import bp
from portal.web.holdings import HoldsNobody
from portal.web.permissions import Action
from portal.web.rooms import TOOLS, MenuLink, Room

room = Room(
    finds=(WORDS,),
    pages=(bp,),
    menu=(MenuLink(_l("Ordliste"), "skills.index", TOOLS + 60, unless=Action.SET_GOALS),),
    nobody=(
        HoldsNobody(
            (
                "skills",
                "skill_synonyms",
                "skill_relations",
                "job_titles",
                "job_title_tasks",
                "vocabulary_versions",
            ),
            _l("Ordlisten: hvad opgaver og stillinger hedder."),
        ),
    ),
)
