"""The share of employers that were answered in time. Source: docs/rules.md#answer-promise."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import Measure
from portal.ledger.goals.measures import spec_of
from portal.ledger.goals.tally import lists_of, tallies
from portal.loop.openings import services
from portal.loop.openings.models import Opening, OpeningStatus
from portal.shared.accounts.models import User
from portal.web.measures import Ask
from portal.workspaces.answers.response import response_times
from portal.workspaces.quality.figures import last_months
from tests.factories import NOW, TODAY, make_employer, make_opening, municipality

UP = NOW - timedelta(days=5)
"""A Friday morning."""
DUE = NOW - timedelta(days=2)
SECOND = timedelta(seconds=1)


def ask(first: date = date(2026, 1, 1), on: date = TODAY, known_at: datetime | None = None) -> Ask:
    return Ask(
        measure=Measure.ANSWERS_TO_EMPLOYERS,
        municipality_id=municipality().id,
        first=first,
        on=on,
        known_at=known_at,
    )


def share(question: Ask | None = None) -> tuple[int, int]:
    """In time, of those that are settled; and the list says the same, line by line."""
    asked = question or ask()
    listed = db.session.execute(lists_of([asked])[asked].records).all()
    tally = tallies([asked])[asked]
    assert (tally.lines, tally.amount) == (len(listed), sum(row.amount for row in listed))
    return tally.amount, tally.out_of or 0


def promised(**values) -> Opening:
    return make_opening(**{"published_at": UP, "answer_due_at": DUE, "answered_at": None, **values})


@pytest.mark.parametrize(
    ("values", "counted"),
    [
        ({"answered_at": DUE}, (1, 1)),
        ({"answered_at": DUE + SECOND}, (0, 1)),
        ({}, (0, 1)),
        ({"answer_due_at": NOW}, (0, 0)),  # still waits
        ({"answer_due_at": NOW + SECOND, "answered_at": NOW - SECOND}, (1, 1)),
        ({"status": OpeningStatus.WITHDRAWN, "withdrawn_at": DUE}, (0, 0)),
        ({"status": OpeningStatus.WITHDRAWN, "withdrawn_at": DUE + SECOND}, (0, 1)),
        ({"status": OpeningStatus.WITHDRAWN, "withdrawn_at": NOW, "answered_at": DUE}, (1, 1)),
        ({"status": OpeningStatus.EXPIRED}, (0, 1)),
        ({"answer_due_at": None}, (0, 0)),
        ({"published_at": datetime(2025, 12, 31, 22, 59, tzinfo=UTC)}, (0, 0)),  # last year, in Denmark
        ({"published_at": datetime(2025, 12, 31, 23, 0, tzinfo=UTC)}, (0, 1)),
    ],
)
def test_which_openings_count(app: Flask, values: dict, counted: tuple[int, int]) -> None:
    promised(**values)

    assert share() == counted


def test_the_neighbours_openings_are_the_neighbours_to_answer(app: Flask) -> None:
    promised(employer=make_employer(in_municipality="Fredensborg"), visible_to_neighbours=True)

    assert share() == (0, 0)


def test_the_goal_says_what_the_page_of_response_times_says(app: Flask) -> None:
    for values in (
        {"answered_at": DUE},
        {"answered_at": NOW},
        {},
        {"answer_due_at": NOW + SECOND},
        {"status": OpeningStatus.WITHDRAWN},
        {"status": OpeningStatus.WITHDRAWN, "withdrawn_at": NOW},
    ):
        promised(**values)

    page = response_times(municipality().id, last_months(TODAY, 6), at=NOW).total

    assert share() == (page.kept, page.due) == (1, 4)


def test_a_past_day_is_counted_as_it_was_known(app: Flask, karin: User) -> None:
    """What is answered and withdrawn afterwards leaves what was shown then as it was."""
    late, waiting = promised(), promised(answer_due_at=NOW + timedelta(days=1))
    shown = share()
    assert shown == (0, 1)

    later = NOW + timedelta(days=2)
    with transaction():
        services.mark_answered(db.session.merge(late), at=later)
        services.withdraw_opening(db.session.merge(waiting), by=karin, at=later)

    assert share(ask(known_at=NOW)) == shown
    assert share(ask(known_at=UP)) == (0, 0)


def test_a_line_says_which_opening_it_was_and_when_it_was_answered(app: Flask) -> None:
    opening = promised(title="Køkkenhjælp til kantinen", answered_at=DUE)
    question = ask()

    notes = lists_of([question])[question].notes

    assert list(notes) == [opening.employer_id]
    assert list(notes[opening.employer_id]) == [
        "13. november 2026: Køkkenhjælp til kantinen, svar 16. november 2026, frist mandag den 16. november kl. 10.00"
    ]


def test_who_still_can_be_answered_in_time_is_one_step_away(app: Flask) -> None:
    waiting = promised(title="Opvasker", answer_due_at=NOW + timedelta(hours=5))
    promised(answer_due_at=NOW + timedelta(hours=5), status=OpeningStatus.WITHDRAWN)
    promised()

    near = spec_of(Measure.ANSWERS_TO_EMPLOYERS).counted.near_misses(ask())

    assert [(one.subject_id, one.missing) for one in near] == [
        (waiting.employer_id, "Opvasker: svar senest onsdag den 18. november kl. 15.00")
    ]
