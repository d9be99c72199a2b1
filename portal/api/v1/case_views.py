"""The doors to one citizen's placements and card, by the number of her case: with a scope of their own.

The number stands in a header, because addresses are written down on the way. Each read is a look in her own log.
"""

from urllib.parse import unquote

from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import joinedload

from portal.api.tokens.models import TokenScope
from portal.api.v1.doors import door, note_look, reader
from portal.api.v1.paging import page_of
from portal.api.v1.shapes import (
    CardCertificateShape,
    CardShape,
    CardSkillShape,
    CaseHeaders,
    NothingAsked,
    PageAsked,
    PlacementShape,
    PlacementsShape,
)
from portal.api.v1.views import employer_ref
from portal.base.database import db
from portal.base.texts import is_forbidden
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.queries import card_for, cards_seen_by, skill_groups
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import citizen_for, holder_of_case
from portal.loop.openings.models import Opening
from portal.loop.placements.models import Placement
from portal.loop.placements.queries import visible_placements
from portal.shared.audit import refusals
from portal.shared.audit.refusals import Refusal


@door("/case/placements", TokenScope.CASES, PlacementsShape)
def case_placements(query: PageAsked, headers: CaseHeaders) -> PlacementsShape:
    """The placements of one citizen, by the number of her case, a page at a time"""
    citizen = _citizen(headers)
    statement = (
        visible_placements(reader())
        .join(Placement.card)
        .where(CompetenceCard.citizen_id == citizen.id)
        .options(
            joinedload(Placement.card),
            joinedload(Placement.opening).options(
                joinedload(Opening.employer), joinedload(Opening.workplace)
            ),
        )
    )
    found, onward = page_of(statement, Placement.id, query)
    note_look("api-placements-read", subject=citizen, citizen_id=citizen.id, purpose=_("Opslag på din sag"))
    return PlacementsShape(items=[_placement(one) for one in found], next=onward)


@door("/case/card", TokenScope.CASES, CardShape)
def case_card(query: NothingAsked, headers: CaseHeaders) -> CardShape:
    """What one citizen's card says in short, by the number of her case"""
    citizen = _citizen(headers)
    own = cards_seen_by(reader()).where(CompetenceCard.citizen_id == citizen.id)
    card = card_for(reader(), db.session.scalars(own.with_only_columns(CompetenceCard.id)).one())
    note_look("api-card-read", subject=card, citizen_id=citizen.id, purpose=_("Opslag på din sag"))
    return _card(card)


def _citizen(headers: CaseHeaders) -> Citizen:
    """Whose case it is in the reader's municipality. A number that is nobody's is noted: somebody may be guessing.

    Raises NoResultFound.
    """
    number = unquote(headers.case_number).strip()
    found = None if is_forbidden(number) else holder_of_case(reader().municipality_id, number)
    if found is None:
        refusals.note(Refusal("api-refused", subject=reader().token, typed=number, page="a case number"))
        raise NoResultFound
    return citizen_for(reader(), found)


def _placement(placement: Placement) -> PlacementShape:
    opening = placement.opening
    return PlacementShape(
        id=placement.id,
        card_number=placement.card.number,
        opening_id=opening.id,
        title=opening.title,
        employer=employer_ref(opening.employer),
        workplace=opening.workplace.name,
        form=placement.form,
        status=placement.status,
        starts_on=placement.starts_on,
        ends_on=placement.ends_on,
        hours_per_week=placement.hours_per_week,
        planned_at=placement.planned_at,
        started_at=placement.started_at,
        ended_on=placement.ended_on,
        outcome=placement.outcome,
        continues_id=placement.continues_id,
    )


def _card(card: CompetenceCard) -> CardShape:
    return CardShape(
        number=card.number,
        is_active=card.is_active,
        version=card.version,
        updated_at=card.updated_at,
        danish_speaking=card.danish_speaking,
        danish_reading=card.danish_reading,
        hours_min=card.hours_min,
        hours_max=card.hours_max,
        skills=[
            CardSkillShape(
                name=skill.name,
                group=group.label,
                level=skill.best.level,
                source=skill.best.source,
                seen_on=skill.best.seen_on,
            )
            for group in skill_groups(card)
            for skill in group.skills
        ],
        certificates=[
            CardCertificateShape(
                name=paper.skill.name if paper.skill else paper.text, valid_until=paper.valid_until
            )
            for paper in card.certificates
        ],
    )
