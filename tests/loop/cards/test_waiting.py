"""The share of citizens who soon came to a first conversation. Source: docs/rules.md#wait-of-citizens."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.base.clock import DANISH_TIME
from portal.base.database import db, transaction
from portal.base.terms import Measure
from portal.base.working_days import working_days_taken
from portal.ledger.goals.measures import spec_of
from portal.ledger.goals.tally import lists_of, tallies
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.services import create_card
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.services import note_first_talk, set_active, set_passive
from portal.shared.accounts.models import User
from portal.web.measures import Ask
from tests.factories import NOW, TODAY, make_card, make_citizen, make_first_talk, municipality


def danish(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=DANISH_TIME)


def ask(
    days: int = 10,
    first: date = date(2026, 1, 1),
    on: date = TODAY,
    known_at: datetime | None = None,
) -> Ask:
    return Ask(
        measure=Measure.ANSWERS_TO_CITIZENS,
        municipality_id=municipality().id,
        first=first,
        on=on,
        terms=(("days", days),),
        known_at=known_at,
    )


def share(question: Ask) -> tuple[int, int]:
    """Talked with in time, of those who are settled; and the list says the same, line by line."""
    listed = db.session.execute(lists_of([question])[question].records).all()
    tally = tallies([question])[question]
    assert (tally.lines, tally.amount) == (len(listed), sum(row.amount for row in listed))
    assert len({row.subject_id for row in listed}) == len(listed)
    return tally.amount, tally.out_of or 0


def came(at: str, talked: str | None = None) -> Citizen:
    citizen = make_citizen(created_at=danish(at))
    if talked is not None:
        make_card(citizen, created_at=danish(talked), updated_at=NOW)
    return citizen


@pytest.mark.parametrize(
    ("at", "talked", "days", "counted"),
    [
        ("2026-11-02T10:00", "2026-11-02T10:01", 0, (1, 1)),
        ("2026-11-02T10:00", "2026-11-03T00:00", 0, (0, 1)),
        ("2026-11-02T10:00", "2026-11-04T09:00", 2, (1, 1)),
        ("2026-11-02T10:00", "2026-11-05T09:00", 2, (0, 1)),
        ("2026-10-31T10:00", "2026-11-03T23:00", 1, (1, 1)),  # a Saturday is Monday's
        ("2026-10-30T10:00", "2026-11-01T23:00", 0, (1, 1)),  # and Sunday is Friday's
        ("2026-03-31T10:00", "2026-04-07T10:00", 2, (1, 1)),  # over Easter
        ("2026-03-31T10:00", "2026-04-08T10:00", 2, (0, 1)),
        ("2026-11-03T10:00", "2026-11-17T10:00", 10, (1, 1)),
        ("2026-11-03T10:00", "2026-11-18T09:00", 10, (0, 1)),
        ("2026-11-03T10:00", None, 10, (0, 1)),  # the last day was yesterday
        ("2026-11-04T10:00", None, 10, (0, 0)),  # it is today
        ("2026-11-18T08:00", None, 0, (0, 0)),
        ("2025-12-31T23:30", "2026-01-02T10:00", 10, (0, 0)),  # came last year
        ("2026-11-02T10:00", "2026-11-02T10:00", 10, (0, 0)),  # with her card, from a file
    ],
)
def test_who_counts(app: Flask, at: str, talked: str | None, days: int, counted: tuple[int, int]) -> None:
    came(at, talked)

    assert share(ask(days)) == counted


MORNINGS = st.datetimes(datetime(2025, 11, 20), datetime(2026, 10, 1))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=MORNINGS, hours=st.integers(1, 40 * 24), days=st.integers(0, 25))
def test_the_database_agrees_with_the_calendar(app: Flask, at: datetime, hours: int, days: int) -> None:
    start = at.replace(tzinfo=DANISH_TIME)
    talked = start + timedelta(hours=hours)
    citizen = make_citizen(created_at=start)
    make_card(citizen, created_at=talked, updated_at=talked)
    question = ask(days, first=date(2025, 1, 1))

    [amount] = [
        row.amount
        for row in db.session.execute(lists_of([question])[question].records)
        if row.subject_id == citizen.id
    ]

    assert amount == (working_days_taken(start, talked) <= days)


def test_the_number_of_days_is_the_goals(app: Flask) -> None:
    """Karin needs three days, Jonas one."""
    came("2026-11-02T10:00", "2026-11-05T10:00")
    came("2026-11-02T10:00", "2026-11-03T10:00")

    assert [share(ask(days)) for days in (0, 1, 2, 3)] == [(0, 2), (1, 2), (1, 2), (2, 2)]


def test_another_municipalitys_citizens_are_not_counted(app: Flask) -> None:
    make_citizen(created_at=danish("2026-03-02T10:00"), in_municipality="Fredensborg")

    assert share(ask()) == (0, 0)


def test_a_past_day_is_counted_as_it_was_known(app: Flask, karin: User) -> None:
    """A card begun afterwards, and a pause, leave what was shown then as it was."""
    amira, selam = came("2026-11-02T10:00"), came("2026-11-16T10:00")
    came("2026-11-02T10:00", "2026-11-03T10:00")
    shown = share(ask())
    assert shown == (1, 2)

    later = NOW + timedelta(days=30)
    with transaction():
        for citizen in (amira, selam):
            create_card(db.session.merge(citizen), by=karin, at=later)
        set_passive(db.session.merge(amira), by=karin, at=later)
        set_active(db.session.merge(amira), by=karin, at=later)

    assert share(ask(known_at=NOW)) == shown
    assert share(ask(known_at=danish("2026-11-02T12:00"))) == (0, 0)


@pytest.mark.parametrize(
    ("talked_on", "begun", "counted"),
    [
        ("2026-11-03", None, (1, 1)),
        ("2026-11-04", None, (0, 1)),
        ("2026-11-03", "2026-11-10T10:00", (1, 1)),
        ("2026-11-10", "2026-11-03T10:00", (1, 1)),  # whichever was first
    ],
)
def test_a_conversation_that_was_written_down_counts_without_a_card(
    app: Flask, talked_on: str, begun: str | None, counted: tuple[int, int]
) -> None:
    citizen = came("2026-11-02T10:00", begun)
    make_first_talk(citizen, date.fromisoformat(talked_on))

    assert share(ask(days=1)) == counted


def test_a_conversation_written_down_late_was_not_known_before(app: Flask, karin: User) -> None:
    """Karin forgot it, and Jonas finds that it was another day still."""
    citizen = came("2026-11-02T10:00")
    late, later = NOW + timedelta(days=2), NOW + timedelta(days=3)
    with transaction():
        note_first_talk(citizen, held_on=date(2026, 11, 3), by=karin, at=late)
    with transaction():
        note_first_talk(citizen, held_on=date(2026, 11, 5), by=karin, at=later)

    question = replace(ask(days=1), first=date(2026, 11, 1))

    assert [share(replace(question, known_at=at)) for at in (NOW, late, later)] == [(0, 1), (1, 1), (0, 1)]


def test_editing_a_card_moves_nothing(app: Flask) -> None:
    citizen = came("2026-11-02T10:00", "2026-11-03T10:00")
    with transaction():
        card = db.session.query(CompetenceCard).filter_by(citizen_id=citizen.id).one()
        card.updated_at, card.version = NOW, card.version + 1

    assert share(ask(days=1)) == (1, 1)


def test_who_still_can_be_talked_with_in_time_is_one_step_away(app: Flask) -> None:
    today, tomorrow = came("2026-11-04T10:00"), came("2026-11-05T10:00")
    came("2026-11-03T10:00")
    came("2026-11-05T10:00", "2026-11-06T10:00")

    near = spec_of(Measure.ANSWERS_TO_CITIZENS).counted.near_misses(ask())

    assert [(one.subject_id, one.missing) for one in near] == [
        (today.id, "Den første samtale senest 18. november 2026"),
        (tomorrow.id, "Den første samtale senest 19. november 2026"),
    ]
