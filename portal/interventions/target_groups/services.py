"""Commands of groups and ladders: what a municipality calls those its plan speaks of, and the steps towards work."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from portal.base.database import check_version, db
from portal.base.errors import DomainError, StaleVersion
from portal.interventions.target_groups import queries
from portal.interventions.target_groups.models import LadderStep, StepPlacing, TargetGroup, WorkLadder
from portal.interventions.target_groups.names import check_neutral
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.rules.law.case import Readiness


class GroupNameTaken(DomainError):
    message = _l("Kommunen har allerede en målgruppe med det navn.")


class LadderNameTaken(DomainError):
    message = _l("Kommunen har allerede en trappe med det navn.")


class EndsBeforeItBegins(DomainError):
    message = _l("Den sidste dag ligger før den første.")


class AgesBackwards(DomainError):
    message = _l("Den højeste alder er lavere end den laveste.")


class NoSteps(DomainError):
    message = _l("Skriv mindst ét trin.")


class StepTwice(DomainError):
    message = _l("To trin på en trappe kan ikke hedde det samme.")


class StepInUse(DomainError):
    """Somebody stands or stood on it: what was counted would change."""

    message = _l("Et trin, som nogen står eller har stået på, kan ikke tages væk. Giv det et andet navn.")


@dataclass(frozen=True)
class GroupDetails:
    """What the form asks. The ages propose whom to take in; a person decides."""

    name: str
    sentence: str = ""
    source: str = ""
    plan_from: date | None = None
    plan_until: date | None = None
    age_from: int | None = None
    age_until: int | None = None


@dataclass(frozen=True)
class StepDetails:
    """A step in its order; `id` names one that is there already."""

    name: str
    readiness: Readiness | None = None
    id: int | None = None


def create_group(
    municipality_id: int, details: GroupDetails, *, by: User | None, at: datetime
) -> TargetGroup:
    """Raises NotNeutral, GroupNameTaken, EndsBeforeItBegins, AgesBackwards."""
    values = _checked(municipality_id, details)
    group = TargetGroup(
        municipality_id=municipality_id, created_at=at, created_by_id=by.id if by else None, **values
    )
    try:
        with db.session.begin_nested():
            db.session.add(group)
    except IntegrityError as error:
        raise GroupNameTaken from error
    audit.record("target-group-created", subject=group, by=by, at=at)
    return group


def edit_group(
    group: TargetGroup, details: GroupDetails, *, seen_version: int | None = None, by: User, at: datetime
) -> None:
    """Raises StaleVersion when somebody saved in between, and as `create_group`."""
    check_version(group, seen_version)
    for name, value in _checked(group.municipality_id, details, but=group.id).items():
        setattr(group, name, value)
    group.version += 1
    audit.record("target-group-edited", subject=group, by=by, at=at)


def archive_group(group: TargetGroup, *, by: User, at: datetime) -> None:
    """Take it off the lists: nobody comes in any more, and what was counted stays."""
    if group.archived_at is None:
        group.archived_at = at
        group.version += 1
        audit.record("target-group-archived", subject=group, by=by, at=at)


def reopen_group(group: TargetGroup, *, by: User, at: datetime) -> None:
    if group.archived_at is not None:
        group.archived_at = None
        group.version += 1
        audit.record("target-group-reopened", subject=group, by=by, at=at)


def _checked(
    municipality_id: int, details: GroupDetails, *, but: int | None = None
) -> dict[str, str | date | int | None]:
    name = details.name.strip()
    check_neutral(name)
    if queries.group_name_taken(municipality_id, name, but=but):
        raise GroupNameTaken
    if details.plan_from and details.plan_until and details.plan_until < details.plan_from:
        raise EndsBeforeItBegins
    if None not in (details.age_from, details.age_until) and details.age_until < details.age_from:  # type: ignore[operator]
        raise AgesBackwards
    texts = {"name": name, "sentence": details.sentence.strip(), "source": details.source.strip()}
    return {**vars(details), **texts}


def create_ladder(
    municipality_id: int, name: str, steps: Sequence[StepDetails], *, by: User | None, at: datetime
) -> WorkLadder:
    """Steps from the one furthest from work. Raises NotNeutral, LadderNameTaken, NoSteps, StepTwice."""
    ladder = WorkLadder(
        municipality_id=municipality_id,
        name=_ladder_name(municipality_id, name),
        created_at=at,
        steps=[
            LadderStep(position=position, name=step.name.strip(), readiness=step.readiness)
            for position, step in enumerate(_steps_checked(steps), start=1)
        ],
    )
    try:
        with db.session.begin_nested():
            db.session.add(ladder)
    except IntegrityError as error:
        raise LadderNameTaken from error
    audit.record("ladder-created", subject=ladder, by=by, at=at)
    return ladder


def edit_ladder(
    ladder: WorkLadder,
    name: str,
    steps: Sequence[StepDetails],
    *,
    seen: Collection[int],
    by: User,
    at: datetime,
) -> None:
    """Give it these steps in this order; `seen` are those the writer knew of.

    Raises StaleVersion when somebody added one meanwhile, StepInUse for one that is left out, and as `create_ladder`.
    """
    ladder.name = _ladder_name(ladder.municipality_id, name, but=ladder.id)
    known: dict[int | None, LadderStep] = {step.id: step for step in ladder.steps}
    if set(known) - set(seen):
        raise StaleVersion
    kept = {step.id for step in _steps_checked(steps)} & set(known)
    for step in [step for key, step in known.items() if key not in kept]:
        _check_unused(step)
        ladder.steps.remove(step)
    for step in ladder.steps:  # out of the way, for two steps may change places
        step.position += len(known) + len(steps)
    db.session.flush()
    for position, wanted in enumerate(steps, start=1):
        step = known[wanted.id] if wanted.id in kept else LadderStep(ladder_id=ladder.id)
        step.position, step.name, step.readiness = position, wanted.name.strip(), wanted.readiness
        db.session.add(step)
    db.session.flush()
    audit.record("ladder-edited", subject=ladder, by=by, at=at)
    db.session.refresh(ladder, ["steps"])


def _check_unused(step: LadderStep) -> None:
    used = sa.select(StepPlacing.id).where(StepPlacing.step_id == step.id).limit(1)
    if db.session.scalar(used) is not None:
        raise StepInUse


def archive_ladder(ladder: WorkLadder, *, by: User, at: datetime) -> None:
    """Nobody is placed on it any more; where people stood is kept."""
    if ladder.archived_at is None:
        ladder.archived_at = at
        audit.record("ladder-archived", subject=ladder, by=by, at=at)


def reopen_ladder(ladder: WorkLadder, *, by: User, at: datetime) -> None:
    if ladder.archived_at is not None:
        ladder.archived_at = None
        audit.record("ladder-reopened", subject=ladder, by=by, at=at)


def _ladder_name(municipality_id: int, name: str, *, but: int | None = None) -> str:
    written = name.strip()
    check_neutral(written)
    if queries.ladder_name_taken(municipality_id, written, but=but):
        raise LadderNameTaken
    return written


def _steps_checked(steps: Sequence[StepDetails]) -> Sequence[StepDetails]:
    names = [step.name.strip().lower() for step in steps]
    if not names or "" in names:
        raise NoSteps
    if len(set(names)) < len(names):
        raise StepTwice
    for name in names:
        check_neutral(name)
    return steps
