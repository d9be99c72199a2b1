"""What the rest of the portal must know of posting."""

from flask_babel import lazy_gettext as _l

from portal.web.holdings import ALL_COLUMNS, Holding, Kept, LegalBasis, People
from portal.web.rooms import Room, Within
from portal.workspaces.posting.services import forget_drafts
from portal.workspaces.posting.views import bp

room = Room(
    pages=(bp,),
    within=(Within("openings.index"),),
    holds=(
        Holding(
            "drafts",
            People.EMPLOYERS,
            _l("En åbning, du er ved at skrive"),
            {"opening_drafts": ALL_COLUMNS},
            _l("Du kan holde en pause og skrive videre senere."),
            LegalBasis.TASK,
            _l("Dig og dine kolleger i virksomheden."),
            (Kept(_l("%(time)s efter, at du sidst skrev."), setting="KEEP_DRAFTS"),),
        ),
    ),
    forgets=(lambda at, settings: {"opening_drafts": forget_drafts(before=at - settings["KEEP_DRAFTS"])},),
)
