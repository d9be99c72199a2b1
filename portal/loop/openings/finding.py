"""How openings are found from every page: by title, number and employer."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from portal.base.alphabet import alphabetical
from portal.loop.employers.models import Employer
from portal.loop.openings.models import Opening
from portal.loop.openings.queries import visible_openings
from portal.web.finding import Findable, FindKind, SearchHit, WordSource
from portal.web.permissions import Action


def _shown(opening: Opening) -> SearchHit:
    note = _("%(employer)s, nr. %(number)s", employer=opening.employer.name, number=opening.id)
    return SearchHit(opening.title, note, url_for("openings.detail", opening_id=opening.id))


OPENINGS = Findable(
    kind=FindKind.OPENING,
    action=Action.READ_OPENINGS,
    record=Opening,
    sources=(
        WordSource(Opening, Opening.id, texts=(Opening.title, Opening.id)),
        WordSource(
            Employer,
            Opening.id,
            names=(Employer.name,),
            through=(Opening, Opening.employer_id == Employer.id),
        ),
    ),
    seen_by=lambda user, on: visible_openings(user, on=on),
    shown=_shown,
    order=(alphabetical(Opening.title),),
    loads=(joinedload(Opening.employer),),
    while_typing=True,
)
