"""How companies that take no part yet are found: by name, CVR number, telephone and contact person."""

from flask import url_for
from flask_babel import gettext as _

from portal.base.alphabet import alphabetical
from portal.web.finding import Findable, FindKind, PeopleThere, SearchHit, WordSource
from portal.web.permissions import Action
from portal.workspaces.contacts.models import EmployerProspect
from portal.workspaces.contacts.queries import open_prospects


def _shown(prospect: EmployerProspect) -> SearchHit:
    cvr = _("CVR-nr. %(cvr)s", cvr=prospect.cvr) if prospect.cvr else ""
    note = ", ".join(filter(None, (prospect.line_of_work, cvr)))
    return SearchHit(prospect.name, note, url_for("prospects.detail", prospect_id=prospect.id))


PROSPECTS = Findable(
    kind=FindKind.PROSPECT,
    action=Action.MANAGE_EMPLOYERS,
    record=EmployerProspect,
    sources=(
        WordSource(
            EmployerProspect,
            EmployerProspect.id,
            names=(EmployerProspect.name, EmployerProspect.contact_name),
            texts=(EmployerProspect.cvr,),
            phones=(EmployerProspect.phone,),
            gone_with=EmployerProspect.employer_id,
        ),
    ),
    seen_by=lambda user, _on: open_prospects(user),
    shown=_shown,
    order=(alphabetical(EmployerProspect.name),),
    people=PeopleThere(lambda prospect: [prospect.contact_name]),
    while_typing=True,
)
