"""How the members of each target group fare: what is counted, what is hidden, and where the mark stands."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.interventions.target_groups.models import TargetGroup
from portal.ledger.fairness.queries import Reached
from portal.ledger.fairness.report import (
    STEPS,
    FairnessReport,
    StepShare,
    _marked,
    _masked,
    _row,
    fairness_report,
    periods_of,
)
from portal.loop.citizens.models import Citizen
from portal.loop.placements.models import Outcome, PlacementStatus
from portal.loop.reviews.models import Answer
from portal.shared.accounts.models import User
from tests.client import PortalClient, counted_statements
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_citizen,
    make_match,
    make_membership,
    make_opening,
    make_placement,
    make_review,
    make_target_group,
    municipality,
)

pytestmark = pytest.mark.both_engines

ClientFor = Callable[[User | None], PortalClient]

SPRING = datetime(2026, 5, 4, 9, tzinfo=NOW.tzinfo)
Q2 = (date(2026, 4, 1), date(2026, 6, 30))


def went(citizen: Citizen, step: Reached, at: datetime = SPRING) -> Citizen:
    """Somebody who came so far in the spring, and no further."""
    card = make_card(citizen)
    if step is Reached.NOTHING:
        return citizen
    match = make_match(make_opening(), card, suggested_at=at, renewed_at=at)
    if step is Reached.PROPOSED:
        return citizen
    agreed = {"citizen_answer": Answer.YES, "employer_answer": Answer.YES}
    review = make_review(match, decided_at=at, **(agreed if step > Reached.APPROVED else {}))
    if step is Reached.STARTED:
        make_placement(review, status=PlacementStatus.RUNNING, starts_on=at.date(), ends_on=TODAY)
    if step is Reached.HIRED:
        ended = {"ended_on": at.date() + timedelta(9), "outcome": Outcome.HIRED}
        make_placement(
            review,
            status=PlacementStatus.ENDED,
            starts_on=at.date(),
            ends_on=at.date() + timedelta(9),
            **ended,
        )
    return citizen


def filled(group: TargetGroup, **numbers: int) -> TargetGroup:
    for name, number in numbers.items():
        for _ in range(number):
            make_membership(group, went(make_citizen(), Reached[name.upper()]))
    return group


def report(quarter: int | None = None, year: int = 2026) -> FairnessReport:
    found = fairness_report(municipality().id, year, quarter, TODAY)
    assert found is not None
    return found


def told(found: FairnessReport) -> dict[str, list[int | None]]:
    return {row.group.name: [row.members, *(row.steps[step].reached for step in STEPS)] for row in found.rows}


def test_each_member_counts_at_every_step_up_to_her_furthest(app: Flask) -> None:
    filled(make_target_group("Målgruppe 1"), nothing=5, proposed=6, hired=7)

    assert told(report()) == {"Målgruppe 1": [18, 13, 7, 7, 7]}
    assert told(report(2)) == {"Målgruppe 1": [18, 13, 7, 7, 7]}


def test_small_parts_are_hidden_and_so_is_what_they_follow_from(app: Flask) -> None:
    filled(make_target_group("Målgruppe 1"), nothing=8, approved=2, hired=6)

    assert told(report()) == {"Målgruppe 1": [16, 8, 8, None, None]}


def test_a_group_of_four_is_named_without_numbers(app: Flask) -> None:
    small = filled(make_target_group("Målgruppe 4"), nothing=4)

    found = report()

    assert (list(found.rows), [group.id for group in found.too_small]) == ([], [small.id])


def test_only_what_happened_in_the_time_and_to_members_of_it_counts(app: Flask) -> None:
    group = make_target_group("Målgruppe 1")
    for _ in range(6):
        make_membership(group, went(make_citizen(), Reached.APPROVED), until_on=date(2026, 3, 31))
    for _ in range(5):
        make_membership(group, from_on=date(2026, 5, 1))

    assert told(report(1)) == {"Målgruppe 1": [6, 0, 0, 0, 0]}
    assert told(report(2)) == {"Målgruppe 1": [5, 0, 0, 0, 0]}
    assert told(report()) == {"Målgruppe 1": [11, 6, 6, 0, 0]}


def test_a_membership_that_was_taken_out_does_not_count(app: Flask) -> None:
    group = filled(make_target_group("Målgruppe 1"), nothing=5)
    make_membership(group, replaced_at=NOW)

    assert told(report()) == {"Målgruppe 1": [5, 0, 0, 0, 0]}


def test_only_quarters_that_are_over_can_be_asked(app: Flask) -> None:
    assert periods_of(2026, TODAY)[0] == (date(2026, 1, 1), date(2026, 9, 30))
    assert len(periods_of(2025, TODAY)) == 5
    assert periods_of(2027, TODAY) == []
    assert fairness_report(municipality().id, 2026, 4, TODAY) is None
    assert fairness_report(municipality().id, 2027, None, TODAY) is None


def test_another_municipalitys_groups_are_not_told(app: Flask) -> None:
    filled(make_target_group("Deres", in_municipality="Fredensborg"), nothing=6)

    assert report().rows == []


def test_the_mark_stands_under_four_fifths_of_the_best(app: Flask) -> None:
    filled(make_target_group("Højest"), hired=10)
    filled(make_target_group("Lavest"), nothing=5, hired=5)

    rows = {row.group.name: row for row in report().rows}

    assert not any(one.is_marked for one in rows["Højest"].steps.values())
    assert all(one.is_marked for one in rows["Lavest"].steps.values())


def rows_of(*counted: list[int]) -> list[Any]:
    """Groups with these parts in one quarter, as the page would tell them."""
    parts = {(key, Q2): dict(zip(Reached, row, strict=True)) for key, row in enumerate(counted)}
    shown = _masked(parts)
    groups: list[Any] = [SimpleNamespace(id=key) for key in range(len(counted))]
    return _marked([_row(group, Q2, parts[group.id, Q2], shown) for group in groups])


@pytest.mark.parametrize(("reached", "marked"), [(40, False), (39, True)])
def test_four_fifths_itself_is_no_mark(reached: int, marked: bool) -> None:
    best, other = rows_of([50, 0, 0, 0, 50], [100 - reached, 0, 0, 0, reached])

    assert not best.steps[Reached.HIRED].is_marked
    assert other.steps[Reached.HIRED].is_marked is marked


PARTS = st.lists(st.integers(0, 12), min_size=5, max_size=5).filter(lambda row: sum(row) >= 5)


@given(st.lists(PARTS, min_size=1, max_size=4))
def test_no_small_number_follows_from_a_row(counted: list[list[int]]) -> None:
    for row in rows_of(*counted):
        shown = [row.members, *(row.steps[step].reached for step in STEPS), 0]
        known = [number for number in shown if number is not None]
        between = [one - other for one, other in pairwise(known)]
        assert all(number == 0 or number >= 5 for number in between)


@given(st.lists(PARTS, min_size=2, max_size=4))
def test_a_part_hidden_in_one_group_is_hidden_in_another_as_well(counted: list[list[int]]) -> None:
    parts = {(key, Q2): dict(zip(Reached, row, strict=True)) for key, row in enumerate(counted)}
    shown = _masked(parts)
    for step in Reached:
        hidden = [key for key, _ in parts if shown[key, Q2, step] is None]
        assert len(hidden) != 1


def test_a_quarter_is_hidden_together_with_another(app: Flask) -> None:
    quarters = periods_of(2025, TODAY)
    counts = [20, 6, 6, 6, 2]
    parts = {
        (1, period): {**dict.fromkeys(Reached, 0), Reached.HIRED: count, Reached.NOTHING: 30 - count}
        for period, count in zip(quarters, counts, strict=True)
    }

    shown = _masked(parts)

    assert len([period for period in quarters[1:] if shown[1, period, Reached.HIRED] is None]) >= 2


def test_the_page_shows_table_marks_and_what_it_cannot_tell(client_for: ClientFor, mette: User) -> None:
    filled(make_target_group("Målgruppe 1"), hired=10)
    filled(make_target_group("Målgruppe 2"), nothing=8, approved=2, hired=6)
    filled(make_target_group("Målgruppe 9"), nothing=3)
    client = client_for(mette)

    page = client.get("/fairness/")

    rows = [
        [" ".join(cell.get_text(" ").split()) for cell in row.select("td")]
        for row in page.page.select("tbody tr")
    ]
    assert rows[0][:2] == ["Målgruppe 1", "10"]
    assert rows[1][:2] == ["Målgruppe 2", "16"]
    assert "få" in rows[1]
    assert "Målgruppe 9" in page.words
    assert "Det kan tallene ikke sige" in page.words
    assert "Haddad" not in page.words
    part = client.get("/fairness/?quarter=2", htmx=True).page.select_one("#fairness-table")
    assert part == client.get("/fairness/?quarter=2").page.select_one("#fairness-table")
    assert "Fra 1. april 2026 til og med 30. juni 2026" in client.get("/fairness/?quarter=2").words
    text = client.get("/fairness/?format=csv").get_data(as_text=True)
    assert "Målgruppe 2;16;" in text
    assert ";få;" in text


def test_the_page_asks_as_much_for_many_as_for_few(client_for: ClientFor, app: Flask, mette: User) -> None:
    client = client_for(mette)

    def statements() -> int:
        client.get("/fairness/")
        with counted_statements(app) as seen:
            client.get("/fairness/")
        return len(seen)

    filled(make_target_group("Målgruppe 1"), hired=5)
    few = statements()
    filled(make_target_group("Målgruppe 2"), hired=3, proposed=3)

    assert statements() == few <= 12


def test_shares_are_rounded_and_hidden_ones_have_none() -> None:
    assert (StepShare(1, 3).percent, StepShare(None, 3).percent) == (33, None)
