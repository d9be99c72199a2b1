"""How citizens are found from every page: by name, case number and telephone, also what they had before a merge."""

from flask import url_for

from portal.loop.citizens.models import Citizen, MergedCitizen
from portal.loop.citizens.queries import citizens_seen_by
from portal.web.finding import Findable, FindKind, SearchHit, WordSource
from portal.web.permissions import Action


def _shown(citizen: Citizen) -> SearchHit:
    return SearchHit(citizen.name, citizen.case_reference, url_for("citizens.detail", citizen_id=citizen.id))


CITIZENS = Findable(
    kind=FindKind.CITIZEN,
    action=Action.READ_CITIZENS,
    record=Citizen,
    sources=(
        WordSource(
            Citizen,
            Citizen.id,
            names=(Citizen.first_name, Citizen.last_name),
            texts=(Citizen.case_reference, Citizen.case_key, Citizen.phone_key),
        ),
        WordSource(
            MergedCitizen,
            MergedCitizen.citizen_id,
            texts=(MergedCitizen.old_card_number, MergedCitizen.case_key),
        ),
    ),
    seen_by=lambda user, _on: citizens_seen_by(user),
    shown=_shown,
    order=(Citizen.sort_name,),
    citizen=Citizen.id,
    person=lambda citizen: citizen.id,
)
