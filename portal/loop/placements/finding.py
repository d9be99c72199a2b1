"""How placements are found from every page: by their number and what the place is called. Nobody's name is shown."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.loop.cards.models import CompetenceCard
from portal.loop.openings.models import Opening
from portal.loop.placements.models import Placement
from portal.loop.placements.queries import visible_placements
from portal.web.finding import Findable, FindKind, SearchHit, WordSource
from portal.web.permissions import Action
from portal.web.presentation import da_date


def _shown(placement: Placement) -> SearchHit:
    note = _(
        "%(employer)s, nr. %(number)s, første dag %(day)s",
        employer=placement.opening.employer.name,
        number=placement.id,
        day=da_date(placement.starts_on),
    )
    return SearchHit(placement.opening.title, note, url_for("placements.detail", placement_id=placement.id))


PLACEMENTS = Findable(
    kind=FindKind.PLACEMENT,
    action=Action.READ_PLACEMENTS,
    record=Placement,
    sources=(
        WordSource(Placement, Placement.id, texts=(Placement.id,)),
        WordSource(
            Opening,
            Placement.id,
            texts=(Opening.title,),
            through=(Placement, Placement.opening_id == Opening.id),
        ),
    ),
    seen_by=lambda user, _on: visible_placements(user),
    shown=_shown,
    order=(Placement.starts_on.desc(),),
    loads=(joinedload(Placement.opening).joinedload(Opening.employer),),
    citizen=select(CompetenceCard.citizen_id).where(CompetenceCard.id == Placement.card_id).scalar_subquery(),
)
