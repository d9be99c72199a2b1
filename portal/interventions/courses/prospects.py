"""What a course would do for a match: the matcher asked again, with the card as it would be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from portal import matching
from portal.base import clock
from portal.base.terms import SKILL_LEVELS, SkillSource
from portal.interventions.courses import queries
from portal.interventions.courses.models import Course, CourseRun
from portal.loop.cards.queries import CERTIFICATE_LEVEL, card_input
from portal.loop.matches.loosening import GOOD
from portal.loop.matches.models import Match
from portal.loop.matches.weights import in_force
from portal.loop.openings.queries import opening_input
from portal.matching import Card, CardSkill, Line, Opening, Relations, Suggestion, Weights
from portal.shared.accounts.models import User
from portal.shared.skills.queries import relations
from portal.web.permissions import Action


def given_by(course: Course, on: date) -> tuple[CardSkill, ...]:
    """What stands on the card of who passes, as the matcher reads it: `seats.told_by`, stored and read again."""
    given = [
        CardSkill(line.skill.name, line.skill_id, line.level, SkillSource.COURSE.value, on.isoformat(), None)
        for line in course.skills
    ]
    if course.certificate:
        own = SkillSource.OWN.value
        given.append(
            CardSkill(course.certificate, course.certificate_skill_id, CERTIFICATE_LEVEL, own, None, None)
        )
    return tuple(given)


def card_after(card: Card, given: Iterable[CardSkill]) -> Card:
    """The card as it would be."""
    return replace(card, skills=(*card.skills, *given))


@dataclass(frozen=True)
class RunOffer:
    """A run that closes a gap, and the scores of the same match before and after it."""

    run: CourseRun
    free: int
    before: float
    after: float

    @property
    def lifts_over(self) -> bool:
        return self.before < GOOD <= self.after

    @property
    def points(self) -> tuple[int, int]:
        """As scores are shown everywhere. One that is under the bar is not rounded up to it."""
        return _shown(self.before), _shown(self.after)


def _shown(score: float) -> int:
    return min(round(score), GOOD - 1) if score < GOOD else round(score)


@dataclass(frozen=True)
class SkillGap:
    """A task that counts and that the card does not say she can as well as it is asked."""

    text: str
    asked_level: int
    level: int | None
    """What the card says; None: nothing."""
    offers: tuple[RunOffer, ...]

    @property
    def in_words(self) -> str:
        return str(SKILL_LEVELS[self.asked_level]).lower()


def is_gap(line: Line) -> bool:
    return line.counts and line.value < 1


def gaps_of(found: Suggestion, tried: Sequence[tuple[CourseRun, int, Suggestion]]) -> list[SkillGap]:
    """Each gap of the match, with the runs after which it is none."""
    closed: dict[int, list[RunOffer]] = {}
    for run, free, after in tried:
        offer = RunOffer(run, free, found.sure or 0.0, after.sure or 0.0)
        for line in after.lines:
            if not is_gap(line):
                closed.setdefault(line.task_id, []).append(offer)
    return [
        SkillGap(line.text, line.asked_level, line.level, tuple(_best_first(closed.get(line.task_id, ()))))
        for line in found.lines
        if is_gap(line)
    ]


def _best_first(offers: Iterable[RunOffer]) -> list[RunOffer]:
    return sorted(offers, key=lambda one: (-one.after, one.run.first_day, one.run.id))


def try_runs(
    opening: Opening,
    card: Card,
    runs: Iterable[Any],
    *,
    related: Relations,
    weights: Weights,
    on: date,
) -> list[tuple[CourseRun, int, Suggestion]]:
    """Each run with its free seats and the match as it would be after it; a course is tried once."""
    after: dict[int, Suggestion] = {}
    tried = []
    for row in runs:
        run: CourseRun = row.CourseRun
        if run.course_id not in after:
            would_be = card_after(card, given_by(run.course, on))
            after[run.course_id] = matching.score(opening, would_be, related, weights)
        tried.append((run, run.seats - row.taken, after[run.course_id]))
    return tried


def beside_match(match: Match, reader: User) -> dict[str, Any] | None:
    """What the page of a suggestion says of courses; nothing where no gap is left or nothing is waited for."""
    if not reader.may(Action.RECORD_EFFORTS) or match.is_closed:
        return None
    today = clock.today()
    weights, related = in_force(match.municipality_id).weights, relations()
    opening, card = opening_input(match.opening), card_input(match.card, on=today)
    now = matching.score(opening, card, related, weights)
    tried = try_runs(
        opening, card, queries.open_runs(reader, today), related=related, weights=weights, on=today
    )
    gaps = gaps_of(now, tried)
    if not gaps:
        return None
    return {
        "with_runs": [gap for gap in gaps if gap.offers],
        "without": [gap for gap in gaps if not gap.offers],
        "citizen_id": match.card.citizen_id,
        "home": reader.municipality_id,
        "bar": GOOD,
    }
