"""Reads of packages, each for its reader."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal.base.alphabet import alphabetical
from portal.base.database import db
from portal.interventions.pathways.models import JobPackage, PackageSkill, PackageStep
from portal.shared.accounts.models import User
from portal.web.permissions import Action, Scope
from portal.web.searching import found

ALL = "all"
ARCHIVED = "archived"


def package_name_taken(municipality_id: int, name: str, *, but: int | None = None) -> bool:
    statement = sa.select(JobPackage.id).where(
        JobPackage.municipality_id == municipality_id,
        sa.func.lower(JobPackage.name) == name.lower(),
        JobPackage.id != (but or 0),
    )
    return db.session.scalar(statement) is not None


def visible_packages(user: User) -> sa.Select[JobPackage]:
    """The municipality's own."""
    statement = sa.select(JobPackage)
    if user.scope_of(Action.READ_EFFORTS) is not Scope.MUNICIPALITY:
        return statement.where(sa.false())
    return statement.where(JobPackage.municipality_id == user.municipality_id)


def with_steps(statement: sa.Select[Any]) -> sa.Select[Any]:
    """Each with its steps and what they teach."""
    steps = selectinload(JobPackage.all_steps).selectinload(PackageStep.skills)
    return statement.options(steps.joinedload(PackageSkill.skill))


def package_for(user: User, package_id: int) -> JobPackage:
    """Raises NoResultFound for another municipality's."""
    statement = with_steps(visible_packages(user)).where(JobPackage.id == package_id)
    return db.session.scalars(statement.options(joinedload(JobPackage.created_by))).one()


def package_list(user: User, *, words: str = "", state: str = "") -> sa.Select[JobPackage]:
    """Those in use, the archived ones, or all."""
    statement = with_steps(visible_packages(user))
    if words:
        statement = statement.where(found(words, JobPackage.name, JobPackage.about))
    if state == ARCHIVED:
        return statement.where(JobPackage.archived_at.is_not(None))
    return statement if state == ALL else statement.where(JobPackage.archived_at.is_(None))


def packages_in_use(municipality_id: int | None) -> list[JobPackage]:
    """Those that somebody may begin on, with their steps."""
    statement = (
        with_steps(sa.select(JobPackage))
        .where(JobPackage.municipality_id == municipality_id, JobPackage.archived_at.is_(None))
        .order_by(alphabetical(JobPackage.name), JobPackage.id)
    )
    return list(db.session.scalars(statement))


def copied_keys(user: User) -> set[str]:
    """Which of the portal's own packages the municipality has a copy of, archived or not."""
    statement = visible_packages(user).where(JobPackage.copy_of.is_not(None))
    return set(db.session.scalars(statement.with_only_columns(JobPackage.copy_of)))
