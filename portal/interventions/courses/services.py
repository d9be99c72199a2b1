"""Commands of the catalogue: courses with what they teach, and their runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from portal.base.database import check_version, db
from portal.base.errors import DomainError
from portal.base.terms import Industry
from portal.interventions.courses import queries
from portal.interventions.courses.models import CostBearer, Course, CourseRun, CourseSkill
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit


class CourseNameTaken(DomainError):
    message = _l("Kommunen har allerede et kursus med det navn.")


class TeachesNothing(DomainError):
    message = _l("Skriv mindst én færdighed, eller et bevis, som kurset giver.")


class TeachesTwice(DomainError):
    message = _l("Den samme færdighed står to gange.")


class CourseIsArchived(DomainError):
    message = _l("Kurset er arkiveret. Tag det i brug igen først.")


class RunEndsBeforeItBegins(DomainError):
    message = _l("Den sidste dag ligger før den første.")


class FewerSeatsThanTaken(DomainError):
    def __init__(self, taken: int) -> None:
        super().__init__(_l("Der er allerede givet %(taken)s pladser. Skriv mindst så mange.", taken=taken))


class RunIsCancelled(DomainError):
    message = _l("Forløbet er aflyst.")


class RunHasPeople(DomainError):
    message = _l("Nogen har bestået på forløbet. Det kan ikke aflyses.")


class Taught(NamedTuple):
    """A skill that a course teaches, and the level of who passes."""

    skill_id: int
    level: int


@dataclass(frozen=True)
class CourseDetails:
    """What the form asks, with its words understood."""

    name: str
    industry: Industry | None = None
    provider: str = ""
    description: str = ""
    certificate: str = ""
    certificate_skill_id: int | None = None
    certificate_years: int | None = None
    teaches: tuple[Taught, ...] = ()


@dataclass(frozen=True)
class RunDetails:
    """When and where a course is held, for how many, and who pays."""

    first_day: date
    last_day: date
    place: str
    seats: int
    cost_bearer: CostBearer = CostBearer.MUNICIPALITY
    times: str = ""
    shared_with_neighbours: bool = False


def create_course(municipality_id: int, details: CourseDetails, *, by: User | None, at: datetime) -> Course:
    """Raises CourseNameTaken, TeachesNothing, TeachesTwice."""
    course = Course(
        municipality_id=municipality_id, created_at=at, created_by_id=by.id if by else None, version=1
    )
    _write(course, details)
    try:
        with db.session.begin_nested():
            db.session.add(course)
    except IntegrityError as error:
        raise CourseNameTaken from error
    audit.record("course-created", subject=course, by=by, at=at)
    return course


def edit_course(
    course: Course, details: CourseDetails, *, seen_version: int | None, by: User, at: datetime
) -> None:
    """What stands on a card already stays. Raises StaleVersion, and as `create_course`."""
    db.session.refresh(course, with_for_update={"of": Course})
    check_version(course, seen_version)
    if queries.course_name_taken(course.municipality_id, details.name, but=course.id):
        raise CourseNameTaken
    _write(course, details)
    course.version += 1
    db.session.flush()
    audit.record("course-edited", subject=course, by=by, at=at)


def _write(course: Course, details: CourseDetails) -> None:
    if not details.teaches and not details.certificate:
        raise TeachesNothing
    if len({one.skill_id for one in details.teaches}) < len(details.teaches):
        raise TeachesTwice
    if course.id is None and queries.course_name_taken(course.municipality_id, details.name):
        raise CourseNameTaken
    for name in (
        "name",
        "industry",
        "provider",
        "description",
        "certificate",
        "certificate_skill_id",
        "certificate_years",
    ):
        setattr(course, name, getattr(details, name))
    _put_skills(course, details.teaches)


def _put_skills(course: Course, teaches: Sequence[Taught]) -> None:
    stored = {line.skill_id: line for line in course.skills}
    kept = []
    for one in teaches:
        line = stored.get(one.skill_id) or CourseSkill(skill_id=one.skill_id)
        line.level = one.level
        kept.append(line)
    course.skills = kept


def archive_course(course: Course, *, by: User, at: datetime) -> None:
    """It takes in nobody any more; what was passed stays counted."""
    if course.archived_at is None:
        course.archived_at = at
        audit.record("course-archived", subject=course, by=by, at=at)


def reopen_course(course: Course, *, by: User, at: datetime) -> None:
    if course.archived_at is not None:
        course.archived_at = None
        audit.record("course-reopened", subject=course, by=by, at=at)


def create_run(course: Course, details: RunDetails, *, by: User | None, at: datetime) -> CourseRun:
    """Raises CourseIsArchived, RunEndsBeforeItBegins."""
    if course.is_archived:
        raise CourseIsArchived
    _check_days(details)
    run = CourseRun(course_id=course.id, created_at=at, version=1, **vars(details))
    db.session.add(run)
    db.session.flush()
    audit.record("course-run-created", subject=run, by=by, at=at)
    return run


def edit_run(
    run: CourseRun, details: RunDetails, *, seen_version: int | None, by: User, at: datetime
) -> None:
    """Raises StaleVersion, RunEndsBeforeItBegins, FewerSeatsThanTaken."""
    hold_run(run)
    check_version(run, seen_version)
    _check_days(details)
    taken = queries.seats_taken(run.id)
    if details.seats < taken:
        raise FewerSeatsThanTaken(taken)
    for name, value in vars(details).items():
        setattr(run, name, value)
    run.version += 1
    db.session.flush()
    audit.record("course-run-edited", subject=run, by=by, at=at)


def cancel_run(run: CourseRun, *, by: User, at: datetime) -> None:
    """Nobody comes on it any more. Raises RunHasPeople when somebody has passed it."""
    hold_run(run)
    if run.is_cancelled:
        return
    if queries.has_passed(run.id):
        raise RunHasPeople
    run.cancelled_at = at
    db.session.flush()
    audit.record("course-run-cancelled", subject=run, by=by, at=at)


def hold_run(run: CourseRun) -> None:
    """Whoever gives or counts the run's seats waits here; SQLite has one writer anyway."""
    db.session.refresh(run, with_for_update={"of": CourseRun})


def _check_days(details: RunDetails) -> None:
    if details.last_day < details.first_day:
        raise RunEndsBeforeItBegins
