"""Commands of packages: what a municipality builds a way towards work of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from portal.base.database import check_version, db
from portal.base.errors import DomainError
from portal.base.terms import Industry
from portal.interventions.pathways import queries
from portal.interventions.pathways.models import JobPackage, PackageSkill, PackageStep, StepKind
from portal.interventions.pathways.shipped import ShippedPackage
from portal.interventions.target_groups.names import check_neutral
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.skills.models import Skill


class PackageNameTaken(DomainError):
    message = _l("Kommunen har allerede en pakke med det navn.")


class PackageWithoutSteps(DomainError):
    message = _l("Skriv mindst ét trin.")


@dataclass(frozen=True)
class WrittenStep:
    """A step in its order; `id` names one that is there already. `skills`: skill id and the level to reach."""

    name: str
    kind: StepKind
    weeks: int
    asks: str = ""
    skills: tuple[tuple[int, int], ...] = ()
    id: int | None = None


@dataclass(frozen=True)
class PackageDetails:
    name: str
    industry: Industry
    about: str = ""
    steps: tuple[WrittenStep, ...] = ()


def create_package(
    municipality_id: int,
    details: PackageDetails,
    *,
    by: User | None,
    at: datetime,
    copy_of: str | None = None,
) -> JobPackage:
    """Raises NotNeutral, PackageNameTaken, PackageWithoutSteps."""
    _check(municipality_id, details)
    package = JobPackage(
        municipality_id=municipality_id,
        name=details.name.strip(),
        industry=details.industry,
        about=details.about.strip(),
        copy_of=copy_of,
        created_at=at,
        created_by_id=by.id if by else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(package)
    except IntegrityError as error:
        raise PackageNameTaken from error
    _write_steps(package, details.steps, at=at)
    audit.record("package-created", subject=package, by=by, at=at)
    return package


def take_into_use(
    shipped: ShippedPackage, municipality_id: int, *, by: User | None, at: datetime
) -> JobPackage:
    """A copy of one of the portal's own, to be changed as the municipality likes. Raises as `create_package`.

    What the vocabulary of the installation no longer has is left out.
    """
    words = {name for step in shipped.steps for name in step.skills}
    known = dict(
        db.session.execute(sa.select(Skill.shipped_as, Skill.id).where(Skill.shipped_as.in_(words))).all()
    )
    steps = tuple(
        WrittenStep(
            step.name,
            step.kind,
            step.weeks,
            step.asks,
            tuple((known[name], level) for name, level in step.skills.items() if name in known),
        )
        for step in shipped.steps
    )
    details = PackageDetails(shipped.name, shipped.industry, shipped.about, steps)
    return create_package(municipality_id, details, by=by, at=at, copy_of=shipped.key)


def edit_package(
    package: JobPackage,
    details: PackageDetails,
    *,
    seen_version: int | None = None,
    by: User,
    at: datetime,
) -> None:
    """Raises StaleVersion when somebody saved in between, and as `create_package`. Nobody's journey changes."""
    db.session.refresh(package, with_for_update={"of": JobPackage})
    check_version(package, seen_version)
    _check(package.municipality_id, details, but=package.id)
    package.name, package.industry = details.name.strip(), details.industry
    package.about = details.about.strip()
    package.version += 1
    _write_steps(package, details.steps, at=at)
    audit.record("package-edited", subject=package, by=by, at=at)


def _check(municipality_id: int, details: PackageDetails, *, but: int | None = None) -> None:
    check_neutral(details.name)
    for step in details.steps:
        check_neutral(step.name)
    if queries.package_name_taken(municipality_id, details.name.strip(), but=but):
        raise PackageNameTaken
    if not details.steps:
        raise PackageWithoutSteps


def _write_steps(package: JobPackage, wanted: Sequence[WrittenStep], *, at: datetime) -> None:
    known: dict[int | None, PackageStep] = {step.id: step for step in package.steps}
    _retire(package.steps, {one.id for one in wanted}, at=at)
    for position, one in enumerate(wanted, start=1):
        step = known.get(one.id) or PackageStep(package_id=package.id, skills=[])
        step.position, step.name, step.kind = position, one.name.strip(), one.kind
        step.weeks, step.asks = one.weeks, one.asks.strip()
        db.session.add(step)
        _write_skills(step, one.skills)
    db.session.flush()
    db.session.refresh(package, ["all_steps"])


def _retire(steps: Sequence[PackageStep], kept: Collection[int | None], *, at: datetime) -> None:
    for step in steps:
        if step.id not in kept:
            step.retired_at = at


def _write_skills(step: PackageStep, wanted: Sequence[tuple[int, int]]) -> None:
    levels = dict(wanted)
    for skill in list(step.skills):
        if skill.skill_id in levels:
            skill.level = levels.pop(skill.skill_id)
        else:
            step.skills.remove(skill)
    step.skills.extend(PackageSkill(skill_id=skill_id, level=level) for skill_id, level in levels.items())


def archive_package(package: JobPackage, *, by: User, at: datetime) -> None:
    """Nobody begins on it any more; those who are on it go on."""
    if package.archived_at is None:
        package.archived_at = at
        package.version += 1
        audit.record("package-archived", subject=package, by=by, at=at)


def reopen_package(package: JobPackage, *, by: User, at: datetime) -> None:
    if package.archived_at is not None:
        package.archived_at = None
        package.version += 1
        audit.record("package-reopened", subject=package, by=by, at=at)
