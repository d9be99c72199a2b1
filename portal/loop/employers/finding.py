"""How employers are found: by name, CVR number, workplaces, contact persons and their telephones.

Also by the name and the number of one that was merged into them.
"""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from portal.base.alphabet import alphabetical
from portal.loop.employers.models import ContactPerson, Employer, MergedEmployer, Workplace
from portal.loop.employers.queries import employers_seen_by
from portal.web.finding import Findable, FindKind, PeopleThere, SearchHit, WordSource
from portal.web.permissions import Action


def _shown(employer: Employer) -> SearchHit:
    note = _("CVR-nr. %(cvr)s", cvr=employer.cvr)
    return SearchHit(employer.name, note, url_for("employers.detail", employer_id=employer.id))


EMPLOYERS = Findable(
    kind=FindKind.EMPLOYER,
    action=Action.READ_EMPLOYERS,
    record=Employer,
    sources=(
        WordSource(Employer, Employer.id, names=(Employer.name,), texts=(Employer.cvr,)),
        WordSource(Workplace, Workplace.employer_id, names=(Workplace.name,), texts=(Workplace.p_number,)),
        WordSource(
            ContactPerson,
            ContactPerson.employer_id,
            names=(ContactPerson.name,),
            phones=(ContactPerson.phone,),
        ),
        WordSource(
            MergedEmployer,
            MergedEmployer.employer_id,
            names=(MergedEmployer.old_name,),
            texts=(MergedEmployer.old_cvr,),
        ),
    ),
    seen_by=lambda user, _on: employers_seen_by(user),
    shown=_shown,
    order=(alphabetical(Employer.name),),
    people=PeopleThere(
        lambda employer: [person.name for person in employer.contacts], (selectinload(Employer.contacts),)
    ),
    while_typing=True,
)
