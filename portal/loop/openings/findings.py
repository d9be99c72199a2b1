"""An opening held against the rules of the law. Source: docs/rules.md#checks"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Protocol

import sqlalchemy as sa

from portal.base.database import db
from portal.base.terms import PlacementForm, Shift, Weekday
from portal.loop.employers.models import OccupiedPlace, Sector, Workplace
from portal.loop.employers.queries import places_held
from portal.loop.openings.models import Opening, WordingLook
from portal.shared.rules.book import Numbers, RuleBook
from portal.shared.rules.clock_times import working_week
from portal.shared.rules.findings import Finding, as_warnings, not_ok
from portal.shared.rules.law.case import FULL_TIME, Case
from portal.shared.rules.law.forms import LAWS, assess, ratio_on
from portal.shared.rules.law.posting import age_not_asked, danish_demand, no_cpr
from portal.shared.rules.law.ratio import LimitFrom, in_persons, limit_of, room_by_limits
from portal.shared.rules.law.staff import HEARD_ABOVE
from portal.shared.rules.law.stretches import stretches
from portal.shared.rules.queries import numbers_on, rule_book
from portal.shared.rules.wording import LIST_KEYS, MarkedSentence, lists_on, neutral_wording


def cases(openings: Sequence[Opening], *, on: date) -> dict[int, Case]:
    """Opening id -> what the rules are held against, its free places all taken. One statement for all."""
    held = places_held([opening.workplace_id for opening in openings], since=on)
    return {
        opening.id: case_of(opening, held.get(opening.workplace_id, []), on=on, places=opening.free_places)
        for opening in openings
    }


class OpeningTerms(Protocol):
    """What the rules ask about a post, whether it is stored or still being written."""

    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def form(self) -> PlacementForm: ...
    @property
    def hours_per_week(self) -> float: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date | None: ...
    @property
    def shifts(self) -> list[str]: ...
    @property
    def weekdays(self) -> list[str]: ...
    @property
    def working_times(self) -> str: ...


class Named(Protocol):
    """A task of either."""

    @property
    def text(self) -> str: ...
    @property
    def skill_id(self) -> int | None: ...


def case_of(opening: Opening, held: Sequence[OccupiedPlace], *, on: date, places: int = 1) -> Case:
    """The opening without a person."""
    case = replace(
        case_at(opening.workplace, opening, opening.tasks, held, on=on, places=places),
        municipality_id=opening.municipality_id,
    )
    return with_conditions_of(opening, case) if LAWS[opening.form].is_for_the_young else case


def with_conditions_of(opening: Opening, case: Case) -> Case:
    """Asked for where somebody under 18 may come."""
    return with_conditions(case, [condition.name for condition in opening.conditions])


def with_conditions(case: Case, names: Sequence[str]) -> Case:
    """Conditions speak of dangers as tasks do."""
    return replace(case, words=tuple(dict.fromkeys((*case.words, *names))))


def case_at(
    workplace: Workplace,
    post: OpeningTerms,
    tasks: Sequence[Named],
    held: Sequence[OccupiedPlace],
    *,
    on: date,
    places: int,
) -> Case:
    """A post at the workplace without a person; it cannot begin before the day of the question."""
    starts_on = max(post.starts_on, on)
    return Case(
        municipality_id=workplace.employer.municipality_id,
        form=post.form,
        hours_per_week=post.hours_per_week,
        starts_on=starts_on,
        ends_on=max(post.ends_on, starts_on) if post.ends_on else None,
        staff=Decimal(workplace.full_time_staff),
        staff_stated_on=workplace.staff_stated_on,
        held=tuple(place.as_held for place in held),
        others=Decimal(workplace.other_places),
        places=places,
        is_private=_is_private(workplace.employer.sector),
        shifts=frozenset(Shift(shift) for shift in post.shifts),
        weekdays=frozenset(Weekday(day) for day in post.weekdays),
        times=working_week(post.working_times),
        tasks={task.skill_id: task.text for task in tasks if task.skill_id is not None},
        words=tuple(task.text for task in tasks),
        about=(post.title, post.description),
    )


def _is_private(sector: Sector | None) -> bool | None:
    return None if sector is None else sector is Sector.PRIVATE


def assess_opening(opening: Opening, *, on: date) -> list[Finding]:
    """What the rules say of the post itself, its free places all taken."""
    return assess(cases([opening], on=on)[opening.id], rule_book())


def findings_of(opening: Opening, case: Case, book: RuleBook, *, on: date) -> list[Finding]:
    """What the rules say of the post, and of its words on the day: it is then that they keep somebody away."""
    words = book.on(on, case.municipality_id)
    return _findings_with(_look_at(opening, words), opening, case, book, words)


def _findings_with(
    look: WordingLook | None, opening: Opening, case: Case, book: RuleBook, words: Numbers
) -> list[Finding]:
    return [*assess(case, book), *_of_words(opening, look, words)]


@dataclass(frozen=True)
class RatioRoom:
    """What the ratio says of a post, in a line."""

    words: str
    is_enough: bool


@dataclass(frozen=True)
class RuleContext:
    """What openings are held against, read once for a page that asks several things of them."""

    book: RuleBook
    held: Mapping[int, Sequence[OccupiedPlace]]
    """Workplace id -> the places that somebody holds."""


def rule_context_of(openings: Sequence[Opening], *, on: date) -> RuleContext:
    """Two statements for all."""
    return RuleContext(rule_book(), places_held([opening.workplace_id for opening in openings], since=on))


def rooms(
    openings: Sequence[Opening], municipality_id: int, *, on: date, known: RuleContext | None = None
) -> dict[int, RatioRoom]:
    """Opening id -> how one more of the municipality's persons fits, for the forms that the ratio counts."""
    counted = [opening for opening in openings if opening.form.traits.counts_in_ratio]
    if not counted:
        return {}
    known = known or rule_context_of(counted, on=on)
    return {
        opening.id: _room(
            replace(
                case_of(opening, known.held.get(opening.workplace_id, []), on=on),
                municipality_id=municipality_id,
            ),
            known.book,
            today=on,
        )
        for opening in counted
    }


def _room(case: Case, book: RuleBook, *, today: date) -> RatioRoom:
    """The same that the check says, the days on which the limit changes among it."""
    days = stretches(case.starts_on, case.last_day, case.municipality_id, book)
    full_time = days[0].numbers[FULL_TIME]
    limits = [LimitFrom(one.first, limit_of(case.staff, one.numbers) - Fraction(case.others)) for one in days]
    words = room_by_limits(in_persons(case.held, full_time), limits, full_time_hours=full_time, today=today)
    return RatioRoom(words, not any(one.is_stop for stretch in days for one in ratio_on(case, stretch)))


@dataclass(frozen=True)
class OpeningCompliance:
    """What the rules say of one opening, as a page shows it."""

    findings: list[Finding]
    """Those that need care, the stops first; an employer is only warned."""
    marked: list[MarkedSentence]
    look: WordingLook | None
    lacks_representative: bool
    """Nobody is named who speaks for the staff, and somebody must be heard before it begins."""


def law_of(opening: Opening, *, on: date, for_employer: bool) -> OpeningCompliance:
    """Source: docs/rules.md#checks"""
    case, book = cases([opening], on=on)[opening.id], rule_book()
    numbers = book.on(on, case.municipality_id)
    look = _look_at(opening, numbers)
    found = not_ok(_findings_with(look, opening, case, book, numbers))
    return OpeningCompliance(
        as_warnings(found) if for_employer else found,
        lists_on(numbers).marked_sentences(words_of(opening)),
        look,
        _lacks_representative(opening, numbers),
    )


def _lacks_representative(opening: Opening, numbers: Numbers) -> bool:
    place = opening.workplace
    is_small = place.heads is not None and place.heads <= numbers[HEARD_ABOVE]
    return opening.form.traits.counts_in_ratio and not is_small and not place.representative_name


def _of_words(opening: Opening, look: WordingLook | None, numbers: Numbers) -> list[Finding]:
    """R13-R16: what the opening's words say."""
    demanded = bool(opening.danish_speaking or opening.danish_reading)
    return [
        no_cpr(words_of(opening), numbers),
        neutral_wording(words_of(opening), is_looked_at=look is not None, numbers=numbers),
        age_not_asked(words_of(opening), numbers),
        danish_demand(demanded=demanded, use=opening.danish_use, numbers=numbers),
    ]


def words_of(opening: Opening) -> str:
    """All that the employer wrote freely, a line for each field and task."""
    lines = [opening.title, opening.description, opening.danish_use, opening.working_times]
    return "\n".join([*lines, *(task.text for task in opening.tasks)])


def words_digest(opening: Opening) -> str:
    return sha256(words_of(opening).encode()).hexdigest()


def acknowledgement_of_wording(opening: Opening, *, on: date) -> WordingLook | None:
    """The consultant's look at the words as they stand now; asked only when there is something to look at."""
    return _look_at(opening, numbers_on(LIST_KEYS, on, opening.municipality_id))


def _look_at(opening: Opening, numbers: Numbers) -> WordingLook | None:
    if not lists_on(numbers).scan(words_of(opening)):
        return None
    statement = sa.select(WordingLook).where(
        WordingLook.opening_id == opening.id, WordingLook.words_digest == words_digest(opening)
    )
    return db.session.scalars(statement).one_or_none()
