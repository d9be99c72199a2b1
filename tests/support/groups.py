"""Target groups and their members' days for tests, written as rows: what services would refuse can stand there too."""

from datetime import date, datetime
from typing import Any

from portal.base.database import db, transaction
from portal.base.terms import SpellKind
from portal.interventions.target_groups.models import (
    LadderStep,
    Membership,
    MembershipSource,
    Spell,
    SpellSource,
    StepPlacing,
    TargetGroup,
    WorkLadder,
)
from portal.loop.citizens.models import Citizen
from tests.factories import NOW, make_citizen, municipality

LONG_AGO = datetime(2019, 1, 1, tzinfo=NOW.tzinfo)
"""When test rows were written, unless it is said: before any day that a test asks about."""


def make_group(name: str = "Målgruppe 1", *, place: str = "Halsnæs") -> TargetGroup:
    with transaction():
        group = TargetGroup(municipality_id=municipality(place).id, name=name, created_at=LONG_AGO)
        db.session.add(group)
    return group


def make_member(
    group: TargetGroup,
    from_on: date = date(2026, 1, 1),
    until_on: date | None = None,
    *,
    citizen: Citizen | None = None,
    **values: Any,
) -> Citizen:
    """Somebody in the group, new unless she is there already."""
    member = citizen or make_citizen()
    with transaction():
        db.session.add(membership(group.id, member.id, from_on, until_on, **values))
    return member


def membership(
    group_id: int, citizen_id: int, from_on: date, until_on: date | None, **values: Any
) -> Membership:
    return Membership(
        **{
            "group_id": group_id,
            "citizen_id": citizen_id,
            "from_on": from_on,
            "until_on": until_on,
            "source": MembershipSource.CONSULTANT,
            "recorded_at": LONG_AGO,
            **values,
        }
    )


def make_spell(
    citizen: Citizen, kind: SpellKind, from_on: date, until_on: date | None = None, **values: Any
) -> Spell:
    with transaction():
        made = spell(citizen.id, kind, from_on, until_on, **values)
        db.session.add(made)
    return made


def spell(citizen_id: int, kind: SpellKind, from_on: date, until_on: date | None, **values: Any) -> Spell:
    return Spell(
        **{
            "citizen_id": citizen_id,
            "kind": kind,
            "from_on": from_on,
            "until_on": until_on,
            "source": SpellSource.CONSULTANT,
            "recorded_at": LONG_AGO,
            **values,
        }
    )


def make_ladder(name: str = "Match 1-5", steps: int = 5) -> list[LadderStep]:
    """The steps from the one furthest from work."""
    with transaction():
        ladder = WorkLadder(municipality_id=municipality().id, name=name, created_at=LONG_AGO)
        ladder.steps = [
            LadderStep(position=number, name=f"{name} {number}") for number in range(1, steps + 1)
        ]
        db.session.add(ladder)
    return ladder.steps


def place(citizen: Citizen, step: LadderStep, from_on: date, **values: Any) -> StepPlacing:
    with transaction():
        made = placing(citizen.id, step.id, from_on, **values)
        db.session.add(made)
    return made


def placing(citizen_id: int, step_id: int, from_on: date, **values: Any) -> StepPlacing:
    return StepPlacing(
        **{
            "citizen_id": citizen_id,
            "step_id": step_id,
            "from_on": from_on,
            "recorded_at": LONG_AGO,
            **values,
        }
    )
