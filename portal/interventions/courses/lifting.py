"""Counting which courses would lift most people over the bar, and which skills nobody teaches: a chore, as numbers.

The figures are the matcher's own (`batch.lifting`). The count takes seconds, so it is made where nobody waits for the
lock that writing takes, and the page says when it was made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa

from portal.base.clock import danish_day
from portal.base.database import db, without_the_lock
from portal.base.terms import Effort, SkillSource
from portal.batch.lifting import Lift, lifts
from portal.interventions.courses import queries
from portal.interventions.courses.models import Course, CourseCount, CourseLift
from portal.interventions.courses.prospects import given_by
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.queries import card_inputs
from portal.loop.matches.loosening import GOOD
from portal.loop.matches.weights import in_force
from portal.loop.openings.models import Opening
from portal.loop.openings.queries import opening_inputs, published_for
from portal.matching import CardSkill, Kind
from portal.matching import Opening as MatchedOpening
from portal.shared.accounts.models import User
from portal.shared.accounts.queries import municipalities
from portal.shared.audit import services as audit
from portal.shared.skills.queries import book, names, relations

FRESH: Final = timedelta(days=1)
"""So old a count may be before it is made again by itself."""

MOST_SKILLS_KEPT: Final = 50
"""Skills without a course that are kept: those that would lift most."""


def request_count(municipality_id: int, *, by: User, at: datetime) -> None:
    """Have it counted again by the next round of chores."""
    count = queries.count_of(municipality_id)
    if count is None:
        count = CourseCount(municipality_id=municipality_id, cards=0, openings=0)
        db.session.add(count)
    count.requested_at = at
    db.session.flush()
    audit.record("course-count-requested", subject=by.municipality, by=by, at=at)


def count_due(at: datetime) -> None:
    """Count for each municipality that asked, or whose count is of yesterday."""
    due = [home.id for home in municipalities() if home.uses(Effort.COURSES) and _is_due(home.id, at)]
    for municipality_id in due:
        with without_the_lock():
            found = CourseSnapshot.read(municipality_id, on=danish_day(at)).count()
        _store(municipality_id, found, at=at)


def _is_due(municipality_id: int, at: datetime) -> bool:
    count = queries.count_of(municipality_id)
    if count is None or count.requested_at is not None:
        return True
    return count.counted_at is None or count.counted_at < at - FRESH


@dataclass(frozen=True)
class CountedLift:
    """What a course, or a skill, would do."""

    people: int
    places: int
    course_id: int | None = None
    skill_id: int | None = None


@dataclass(frozen=True)
class FoundLifts:
    """One count."""

    lifts: list[CountedLift]
    cards: int
    openings: int


@dataclass(frozen=True)
class CourseSnapshot:
    """A municipality's cards, the openings they may be suggested for, and its courses, as they were read."""

    municipality_id: int
    openings: list[MatchedOpening]
    free: dict[int, int]
    """Open places by opening."""
    cards: int
    """How many there are."""
    courses: list[tuple[int, tuple[CardSkill, ...]]]
    skills: list[tuple[int, tuple[CardSkill, ...]]]
    """Asked for and taught by no course."""
    on: date

    @classmethod
    def read(cls, municipality_id: int, *, on: date) -> "CourseSnapshot":
        courses = queries.courses_to_count(municipality_id, on)
        published = published_for(municipality_id, on=on)
        openings = opening_inputs(published)
        places = published.with_only_columns(Opening.id, Opening.places - Opening.filled).order_by(None)
        active = (CompetenceCard.is_active, CompetenceCard.municipality_id == municipality_id)
        return cls(
            municipality_id,
            openings,
            {row[0]: row[1] for row in db.session.execute(places)},
            db.session.scalar(sa.select(sa.func.count()).select_from(CompetenceCard).where(*active)) or 0,
            [(course.id, given_by(course, on)) for course in courses],
            _untaught(openings, courses, on),
            on,
        )

    def count(self) -> FoundLifts:
        """Reads the cards, and tries each course and each skill on all of them."""
        chosen = sa.select(CompetenceCard).where(
            CompetenceCard.is_active, CompetenceCard.municipality_id == self.municipality_id
        )
        tried = [*self.courses, *self.skills]
        found = lifts(
            self.openings,
            card_inputs(chosen, on=self.on),
            [given for _id, given in tried],
            GOOD,
            relations(),
            in_force(self.municipality_id).weights,
        )
        of_courses, of_skills = found[: len(self.courses)], found[len(self.courses) :]
        counted = [
            CountedLift(*self._numbers(one), course_id=key)
            for (key, _given), one in zip(self.courses, of_courses, strict=True)
        ]
        missed = [
            CountedLift(*self._numbers(one), skill_id=key)
            for (key, _given), one in zip(self.skills, of_skills, strict=True)
            if one.cards
        ]
        missed.sort(key=lambda one: (-one.people, -one.places, one.skill_id))
        return FoundLifts([*counted, *missed[:MOST_SKILLS_KEPT]], self.cards, len(self.openings))

    def _numbers(self, lift: Lift) -> tuple[int, int]:
        return len(lift.cards), sum(self.free[opening_id] for opening_id in lift.openings)


def _untaught(
    openings: Sequence[MatchedOpening], courses: Sequence[Course], on: date
) -> list[tuple[int, tuple[CardSkill, ...]]]:
    """What counts somewhere and no course teaches, at the highest level that is asked."""
    asked: dict[int, int] = {}
    for opening in openings:
        for task in opening.tasks:
            if task.concept is not None and task.kind is not Kind.LEARN:
                asked[task.concept] = max(asked.get(task.concept, 0), task.level)
    for skill_id in queries.skill_ids_taught(courses) | book().kept_off_cards:
        asked.pop(skill_id, None)
    said, source = names(), SkillSource.COURSE.value
    return [
        (skill_id, (CardSkill(said[skill_id], skill_id, level, source, on.isoformat(), None),))
        for skill_id, level in sorted(asked.items())
    ]


def _store(municipality_id: int, found: FoundLifts, *, at: datetime) -> None:
    """In place of the last count."""
    db.session.execute(sa.delete(CourseLift).where(CourseLift.municipality_id == municipality_id))
    db.session.add_all(CourseLift(municipality_id=municipality_id, **vars(one)) for one in found.lifts)
    count = queries.count_of(municipality_id)
    if count is None:
        count = CourseCount(municipality_id=municipality_id)
        db.session.add(count)
    count.requested_at, count.counted_at, count.goal_score = None, at, float(GOOD)
    count.cards, count.openings = found.cards, found.openings
    db.session.flush()
