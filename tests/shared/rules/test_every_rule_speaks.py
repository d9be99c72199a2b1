"""No dead rule, and none that cannot be switched off: each row is moved, and what it governs changes.

A rule of yes or no is turned round, a number becomes one more, one less and nothing, a list is emptied. The law is
asked over a set of cases. What only the municipality governs, such as how long a post stands, is asked where it is
used. A new row comes with its probe, or the last test fails.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from flask import Flask

from portal.base import working_days
from portal.base.database import db, transaction
from portal.base.events import Closing
from portal.base.terms import Measure, PlacementForm, Weekday
from portal.interventions.target_groups.forgetting import forget_situations
from portal.ledger.goals import queries
from portal.ledger.goals.freezing import freeze_due
from portal.ledger.goals.models import FrozenFigure
from portal.loop.cards import showing
from portal.loop.citizens.models import CitizenStatus
from portal.loop.employers import people_queries
from portal.loop.employers.access_review import deadlines_of
from portal.loop.openings import services as openings
from portal.loop.openings.models import OpeningStatus
from portal.loop.partnerships import counting
from portal.loop.placements import settling
from portal.loop.reviews.models import Answer, AnsweredVia
from portal.shared.rules.book import DatedNumber, Numbers, RuleBook
from portal.shared.rules.checks import Born
from portal.shared.rules.clock_times import working_week
from portal.shared.rules.closings import CLOSED_DAYS, closed_days
from portal.shared.rules.law import igu, loentilskud, posting, praktik, staff
from portal.shared.rules.law.case import (
    NO_GROUNDS,
    Act,
    Case,
    Grounds,
    PersonInLaw,
    Premises,
    Readiness,
    Stay,
    YoungWork,
)
from portal.shared.rules.law.forms import assess
from portal.shared.rules.law.ratio import HeldHours
from portal.shared.rules.models import Rule
from portal.shared.rules.names import names_kept_on
from portal.shared.rules.proposals import proposal_cap
from portal.shared.rules.school_weeks import school_free_weeks
from portal.shared.rules.services import RuleDetails, reference_rules
from portal.shared.rules.units import WORDS, YES_OR_NO
from portal.shared.rules.wording import neutral_wording
from portal.workspaces.answers import reminders, settlement_reminders, sheet_reminders
from portal.workspaces.consents.services import agree_with_proposal
from tests import factories
from tests.factories import NOW, TODAY
from tests.shared.audit.test_chain import as_an_attacker, look, write_lines
from tests.support.goals import set_goal
from tests.support.law import HERE, START, book

ROWS = reference_rules()
PROCESS = (
    "access-",
    "answer-",
    "audit-",
    "card-counts-",
    "goals-",
    "join-",
    "names-",
    "opening-",
    "partnership-",
    "proposal-",
    "settlement-",
    "sheet-",
    "reminder-",
    "situation-",
)
"""How keys begin that are asked for where they are used, with a database."""
LAW_ROWS = [row for row in ROWS if not row.key.startswith(PROCESS)]


def others(row: RuleDetails) -> list[DatedNumber]:
    """The row as it might be: turned round, a little more or less, nothing, or emptied."""
    values = [row.value + 1, row.value - 1, Decimal(0)]
    if row.unit == YES_OR_NO:
        values = [1 - row.value]
    elif row.unit == WORDS:
        values = [Decimal(0)]
    elif row.key.startswith("ratio-staff-per-place") or row.key == "full-time-hours":
        values = values[:2]  # what is divided by
    return [
        DatedNumber(
            row.key, value, row.valid_from, row.valid_to, row.reference, row.certainty, row.unit, words=""
        )
        for value in values
        if value >= 0 and value != (row.value if row.unit != WORDS else None)
    ]


# --- The law ---------------------------------------------------------------------------------------------------------

AT_SCHOOL, PAST = YoungWork(is_past_school=False), YoungWork(is_past_school=True)
ADULT = PersonInLaw(Born.on(date(1990, 3, 1)), grounds=Grounds(act=Act.LAB, readiness=Readiness.OTHER))
PRAKTIK = Case(
    municipality_id=HERE,
    form=PlacementForm.PRAKTIK,
    hours_per_week=37,
    starts_on=START,
    ends_on=START + timedelta(weeks=30),
    staff=Decimal(70),
    staff_stated_on=START - timedelta(days=121),
    held=(HeldHours(37, START, START + timedelta(days=5)),) * 12,
    is_plan=True,
    person=ADULT,
)


def _of(born: date | None, young: YoungWork, **values: Any) -> Case:
    case = replace(
        PRAKTIK,
        form=PlacementForm.SMAAJOB,
        hours_per_week=2,
        ends_on=START + timedelta(days=13),
        held=(),
        young=young,
        person=PersonInLaw(Born.on(born) if born else None),
    )
    return replace(case, **{**values, "times": working_week(values.get("times", ""))})


YOUNG_TIMES = (
    "mandag 8-10",
    "mandag 8-16",
    "lørdag 8-15",
    "lørdag 8-16",
    "lørdag 9-13.30",
    "mandag 18-20, tirsdag 8-10",
    "mandag 18-20, tirsdag 10-12",
    "man-lør 8-10",
    "mandag 8-10, onsdag 8-10, fredag 8-10, lørdag 8-10",
    "mandag 16-18",
    "lørdag 12-14",
    "mandag 6-8",
    "lørdag 16-18",
)
ON_PREMISES = tuple(
    (premises, times)
    for premises in Premises
    for times in ("lørdag 4-6", "lørdag 6-8", "lørdag 18-20", "lørdag 20-22", "lørdag 22-24")
)
DANGERS = tuple(
    (word, day)
    for word in ("servere øl", "pålægsmaskine", "desinfektion", "tunge løft", "alenevagt")
    for day in (date(2025, 12, 31), START)
)


def _of_a_group(born: date, young: YoungWork) -> Iterator[Case]:
    free = replace(young, free_weeks=school_free_weeks("1-53"))
    yield from (_of(born, young, hours_per_week=hours) for hours in (12, 12.5, 40, 40.5))
    yield from (_of(born, free, hours_per_week=hours) for hours in (35, 35.5, 40, 40.5))
    yield from (_of(born, young, times=times, words=("passe butikken alene",)) for times in YOUNG_TIMES)
    yield from (
        _of(born, replace(young, premises=premises, serves_alcohol=False), times=times)
        for premises, times in ON_PREMISES
    )
    yield from (_of(born, young, words=(word,), starts_on=day, ends_on=day) for word, day in DANGERS)
    answered = replace(young, lift_kg=12, parents_told=False, premises=Premises.RESTAURANT)
    served = replace(answered, serves_alcohol=True, adult_supervises=True)
    yield from (_of(born, answered), _of(born, served, times="lørdag 20-22"))
    yield _of(born, replace(young, pause_minutes=30), times="lørdag 8-14")


def _at_a_birthday() -> Iterator[Case]:
    for born in (date(2013, 11, 30), date(2013, 12, 1), date(2008, 11, 30), date(2008, 12, 1)):
        yield _of(born, AT_SCHOOL, form=PlacementForm.FRITIDSJOB)
        yield _of(born, AT_SCHOOL, hours_per_week=20, weekdays=frozenset({Weekday.MONDAY}))
    for born in (date(2011, 11, 30), date(2011, 12, 1)):
        yield _of(born, replace(AT_SCHOOL, pause_minutes=0), times="lørdag 8-15.30")


def _young_cases() -> list[Case]:
    groups = [(date(2012, 6, 1), AT_SCHOOL), (date(2010, 6, 1), AT_SCHOOL), (date(2010, 6, 1), PAST)]
    return [*(case for group in groups for case in _of_a_group(*group)), *_at_a_birthday()]


def _cases() -> list[Case]:
    ready = replace(ADULT, grounds=Grounds(act=Act.LAB, readiness=Readiness.JOB_READY))
    newcomer = replace(ADULT, grounds=Grounds(act=Act.INTEGRATION, readiness=Readiness.OTHER))
    found = [PRAKTIK, replace(PRAKTIK, staff=Decimal(4), held=(), ends_on=START)]
    found += [replace(PRAKTIK, ends_on=START + timedelta(weeks=count, days=-1)) for count in (13, 26)]
    found += [replace(PRAKTIK, ends_on=START + timedelta(weeks=26, days=-1), reason="Konkret vurdering")]
    found += [replace(PRAKTIK, ends_on=START + timedelta(weeks=4, days=-1), person=ready)]
    before = (Stay(START - timedelta(weeks=26), START - timedelta(days=1)),)
    found += [
        replace(
            PRAKTIK,
            ends_on=START + timedelta(weeks=13, days=-1),
            reason="Særligt behov",
            person=replace(ADULT, praktik_here=before),
        )
    ]
    course = Grounds(act=Act.LAB, readiness=Readiness.OTHER, is_within_course=True)
    found += [replace(PRAKTIK, ends_on=START + timedelta(days=29), person=replace(ADULT, grounds=course))]
    own = Grounds(act=Act.LAB, readiness=Readiness.OTHER, is_outside_ratio=True)
    found += [replace(PRAKTIK, person=replace(ADULT, grounds=own))]
    both = replace(ADULT, paid_tasks={1: "opvask"})
    found += [replace(PRAKTIK, tasks={1: "opvask"}, person=both, ends_on=START)]
    for person in (ready, ADULT, newcomer):
        for is_private in (True, False):
            subsidised = replace(PRAKTIK, form=PlacementForm.LOENTILSKUD, person=person, held=())
            found.append(replace(subsidised, is_private=is_private, ends_on=START + timedelta(days=400)))
    for first, born, reason in (
        (START, date(2008, 11, 30), ""),
        (START, date(1976, 12, 1), "Orlov"),
        (date(2023, 6, 1), date(1983, 6, 2), ""),
    ):
        arrived = Grounds(arrived_on=first - timedelta(days=20 * 365))
        course_of_two_years = replace(PRAKTIK, form=PlacementForm.IGU, starts_on=first, reason=reason)
        person = PersonInLaw(Born.on(born), grounds=arrived)
        found.append(
            replace(
                course_of_two_years, ends_on=first + timedelta(days=800), person=person, hours_per_week=25
            )
        )
    return [*found, *_young_cases()]


CASES = _cases()
BADLY = {
    "age": "Vi søger en ung medarbejder.",
    "sex": "Vi søger en rengøringsdame.",
    "origin": "Kun for etniske danskere.",
    "religion": "Du er kristen.",
    "health": "Du er rask og uden sygdom.",
    "family": "Du er gift.",
    "orientation": "Du er heteroseksuel.",
    "politics": "Du er medlem af et parti.",
}
"""An opening that is written badly, once for each list of words."""


def _asked_once(numbers: Numbers, day: date) -> Iterator[Any]:
    """What is asked of a sheet, an opening's words and an employer."""
    yield praktik.purpose(None, 0, numbers)
    yield praktik.not_last_employer(None, NO_GROUNDS, numbers)
    yield loentilskud.more_staff(None, None, numbers)
    yield loentilskud.benefits(None, Born.on(date(1976, 11, 30)), START, numbers)
    yield loentilskud.benefits(None, Born.on(date(1990, 1, 1)), START, numbers)
    yield loentilskud.share(501, 1000, is_private=True, numbers=numbers)
    yield loentilskud.share(500, 1000, is_private=True, numbers=numbers)
    yield igu.total_hours(None, numbers)
    yield igu.school(None, numbers)
    yield igu.residence_said(None, None, numbers)
    yield igu.not_employed_there(None, numbers)
    yield igu.first(None, numbers)
    yield igu.reminders(day, is_private=True, numbers=numbers)
    for heads in (1, 2):
        yield staff.representative(
            Decimal(1), heads, heard=staff.Heard("", None), starts_on=START, numbers=numbers
        )
    yield posting.employer_numbers("12345678", "1", numbers)
    yield posting.no_cpr("010190-1234", numbers)
    yield posting.age_not_asked("Skriv din alder.", numbers)
    yield posting.danish_demand(demanded=True, use="", numbers=numbers)
    for text in BADLY.values():
        yield neutral_wording(text, is_looked_at=False, numbers=numbers)
    for people in (5, 9, 10, 49, 50, 80):
        yield proposal_cap(Decimal(people), numbers)


def _closings(law: RuleBook) -> tuple[Closing, ...]:
    rows = [row for row in law.rows if row.key == CLOSED_DAYS]
    return tuple(Closing(closed_days(row.words), row.valid_from, row.valid_to) for row in rows)


def what_it_says(law: RuleBook) -> Iterator[str]:
    """One after the other, so that whoever compares stops at the first difference."""
    for day in (START, date(2020, 6, 1), date(2023, 6, 1)):
        numbers = law.on(day, HERE)
        for one in _asked_once(numbers, day) if day == START else [igu.school(None, numbers)]:
            yield _in_words(one)
    closings = _closings(law)
    yield str([working_days.is_working_day(date(2026, 12, day), closings) for day in range(1, 32)])
    for case in CASES:
        yield "\n".join(_in_words(one) for one in assess(case, law))


def _in_words(found: Any) -> str:
    if isinstance(found, list):
        return "\n".join(_in_words(one) for one in found)
    if hasattr(found, "verdict"):
        return f"{found.rule} {found.verdict} {found.sentence} {found.remedy} {found.since}"
    if hasattr(found, "due_on"):
        return f"{found.due_on} {found.what}"
    return str(found)


@pytest.mark.parametrize("row", LAW_ROWS, ids=lambda row: f"{row.key} {row.valid_from}")
def test_a_row_of_the_law_is_heard(row: RuleDetails) -> None:
    silent = [other.value for other in others(row) if not _differs(book().with_number(other))]

    heard = [other for other in others(row) if other.value not in silent]
    assert heard, f"{row.key} may say {[other.value for other in others(row)]}, and nothing changes"
    if row.unit in (YES_OR_NO, WORDS):
        assert silent == []


def _differs(law: RuleBook) -> bool:
    return any(now != then for now, then in zip(what_it_says(law), as_shipped(), strict=True))


@cache
def as_shipped() -> list[str]:
    return list(what_it_says(book()))


OPENING = {"igu-open", "igu-extension", "ratio-own-workplace-outside"}
"""A yes of these lets somebody begin, go on or be left out of a count, so that a no is the stricter."""
DEMANDS = [row for row in LAW_ROWS if row.unit == YES_OR_NO and row.key not in OPENING]


@pytest.mark.parametrize("row", DEMANDS, ids=lambda row: f"{row.key} {row.valid_from}")
def test_a_demand_that_is_switched_off_never_stops_more(row: RuleDetails) -> None:
    (off,) = others(row)

    for case in CASES:
        on_now, off_now = _verdicts(assess(case, book())), _verdicts(assess(case, book().with_number(off)))
        assert off_now <= on_now


def _verdicts(found: Any) -> set[tuple[str, str]]:
    return {(one.rule, str(one.verdict)) for one in found if not one.is_ok}


# --- What the municipality governs -----------------------------------------------------------------------------------

KARIN = "karin@kommune.example"


def _put_up() -> object:
    opening = factories.make_opening(status=OpeningStatus.DRAFT, ends_on=None)
    with transaction():
        kept = db.session.merge(opening)
        openings.publish_opening(kept, by=factories.user(KARIN), at=NOW, today=TODAY)
        return kept.expires_on, kept.answer_due_at


def _agreed() -> date:
    review = factories.make_review(citizen_answer=Answer.YES, citizen_answered_at=NOW)
    with transaction():
        review = db.session.merge(review)
        consent = agree_with_proposal(
            review, via=AnsweredVia.PORTAL, by=factories.user(KARIN), at=NOW, today=TODAY
        )
        return consent.until_on


def _on_days(step: Callable[[int], int], days: int) -> list[int]:
    """What is done on each of the days that follow."""
    done = []
    for count in range(days):
        with transaction():
            done.append(step(count))
    return done


def _told_of_expiry() -> object:
    factories.make_opening(ends_on=None, expires_on=TODAY + timedelta(days=20))
    return _on_days(
        lambda count: openings.tell_of_expiry(
            at=NOW + timedelta(days=count), today=TODAY + timedelta(days=count)
        ),
        21,
    )


def _reminded() -> object:
    _agreed()
    return _on_days(lambda count: reminders.remind(NOW + timedelta(days=count)), 16)


def _names_known() -> object:
    kept, here = names_kept_on(TODAY), sa.literal(factories.municipality().id)
    return [str(db.session.scalar(sa.select(one(here)))) for one in (kept.ended_since, kept.answered_since)]


def _trusted() -> object:
    colleague = factories.make_colleague(factories.make_employer())
    return people_queries.trusted_from(db.session.merge(colleague), TODAY)


def _whose_turn() -> object:
    condition = people_queries.is_municipalitys_turn(TODAY, factories.municipality().id)
    return str(sorted(str(value) for value in condition.compile().params.values()))


def _counted_partnership() -> object:
    employer = factories.make_employer()
    factories.make_opening(employer, published_at=NOW - timedelta(days=340))
    partnership = db.session.merge(factories.make_partnership(employer))
    days = [TODAY + timedelta(days=count) for count in range(-40, 80, 4)]
    return [counting.standing_now_and_then(partnership, day, NOW)[0].counts for day in days]


def _counted_cards() -> object:
    counting = []
    for skills in range(1, 8):
        card = factories.make_card(skills={}, created_at=NOW - timedelta(days=1), counts_from_at=None)
        for number in range(skills):
            factories.make_words(card, f"opgave {number}")
        with transaction():
            db.session.refresh(card)
            showing.note_shown(card, at=NOW)
        counting.append(card.counts_from_at is not None)
    return counting


def _reviewed_access() -> object:
    return deadlines_of(factories.municipality().id, TODAY)


def _frozen_by_now() -> object:
    """Of goals that ended on days around the one that is due, those that are frozen."""
    ended = [TODAY - timedelta(days=days) for days in (14, 15, 16)]
    goals = queries.goals_of(factories.municipality().id) or [
        set_goal(Measure.HIRED, TODAY.year, last_on=day) for day in ended
    ]
    with transaction():
        db.session.execute(sa.delete(FrozenFigure))
        freeze_due(NOW)
    return [goal.last_on for goal in goals if queries.frozen_of([goal])]


def _forgotten_situations() -> object:
    """Of how many passive citizens something is left, by the years since."""
    for years in range(2, 9):
        since = NOW - relativedelta(years=years) - timedelta(days=1)
        factories.make_spell(
            factories.make_citizen(status=CitizenStatus.PASSIVE, passive_since=since, created_at=since)
        )
    with transaction():
        return dict(forget_situations(NOW, {}))


def _reminded_of_sheets() -> object:
    """On which days the workplace of a sheet that waits, and of words that do, gets a mail."""
    factories.make_sheet(opened_at=NOW)
    factories.make_placement(planned_at=NOW)
    return [
        _on_days(lambda count: remind(NOW + timedelta(days=count)), 16)  # noqa: B023 - asked at once
        for remind in (sheet_reminders.remind_of_sheets, settlement_reminders.remind_of_settlements)
    ]


def _began_unsettled() -> object:
    """On which days after the plan a start may pass without a settlement."""
    placement = db.session.merge(factories.make_placement(planned_at=NOW))
    return [count for count in range(20) if settling.may_begin(placement, on=TODAY + timedelta(days=count))]


ASKED: dict[str, Callable[[], object]] = {
    "access-review-close-days": _reviewed_access,
    "access-review-months": _reviewed_access,
    "access-review-reminder-days": _reviewed_access,
    "answer-hours": _put_up,
    "card-counts-skills": _counted_cards,
    "goals-frozen-after-days": _frozen_by_now,
    "join-answer-days": _whose_turn,
    "join-trusted-days": _trusted,
    "names-after-placement": _names_known,
    "names-in-proposals": _names_known,
    "opening-lifetime-days": _put_up,
    "opening-notice-days-first": _told_of_expiry,
    "opening-notice-days-last": _told_of_expiry,
    "partnership-active-months": _counted_partnership,
    "proposal-link-days": _agreed,
    "reminder-call-days": _reminded,
    "reminder-first-days": _reminded,
    "reminder-second-days": _reminded,
    "settlement-waiting-days": _began_unsettled,
    "sheet-reminder-days": _reminded_of_sheets,
    "situation-years": _forgotten_situations,
}
"""What a key governs, as it is where it is used."""


def move(key: str, value: Decimal) -> None:
    with transaction():
        db.session.execute(sa.update(Rule).where(Rule.key == key).values(value=value))


@pytest.mark.one_engine
@pytest.mark.parametrize("key", sorted(ASKED))
@pytest.mark.parametrize("more", [-1, 1])
def test_what_the_municipality_governs_follows_its_row(key: str, more: int, app: Flask) -> None:
    before = ASKED[key]()

    move(key, factories.rule(key).value + more)

    assert ASKED[key]() != before


@pytest.mark.parametrize(("months", "closed"), [(25, []), (24, ["2024-10"]), (23, ["2024-10", "2024-11"])])
def test_the_log_is_kept_for_the_months_of_its_row(months: int, closed: list[str], app: Flask) -> None:
    as_an_attacker("DELETE FROM audit_people", "DELETE FROM audit_entries")
    lines = [datetime.fromisoformat(f"{month}-15T12:00:00+01:00") for month in ("2024-10", "2024-11")]
    write_lines(*(look(at) for at in lines), look())
    move("audit-months", Decimal(months))

    said = app.test_cli_runner().invoke(args=["audit", "close-months"]).output

    assert [line.split(":")[0] for line in said.splitlines()] == closed


def test_every_row_has_its_probe() -> None:
    asked_where_used = {*ASKED, "audit-months"}

    assert asked_where_used <= {row.key for row in ROWS}
    assert {row.key for row in LAW_ROWS} | asked_where_used == {row.key for row in ROWS}
