"""The written rule: a table of days around each boundary, and laws that hold in any world."""

import ast
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.base import terms
from portal.base.database import db, transaction
from portal.base.terms import TRADES_OF_THE_PLAN, Industry, PlacementForm
from portal.loop.employers.models import Employer, EmployerTrade
from portal.loop.employers.services import change_trade
from portal.loop.openings.models import Opening, OpeningPublication, OpeningStatus
from portal.loop.partnerships import counting
from portal.loop.partnerships.counting import (
    EventKind,
    PartnershipCondition,
    StandingKind,
    standing_on,
)
from portal.loop.partnerships.models import Partnership, PartnershipConsultant
from portal.loop.placements.models import PlacementStatus
from portal.shared.accounts.models import User
from tests.client import counted_statements
from tests.factories import (
    NOW,
    TODAY,
    make_employer,
    make_opening,
    make_partnership,
    make_placement,
    municipality,
    user,
)
from tests.support.partnerships import counting_on, counting_on_days, trade_on


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def names_counting_on(day: date) -> list[str]:
    return [standing.partnership.employer_name for standing in counting_on(municipality().id, day)]


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (date(2025, 3, 9), False),  # the day before the signature
        (date(2025, 3, 10), True),  # the day of signing
        (date(2026, 3, 14), True),
        (date(2026, 3, 15), True),  # twelve months to the day after the opening
        (date(2026, 3, 16), False),  # and the day after
    ],
)
def test_an_opening_counts_for_twelve_months_to_the_day(app: Flask, day: date, counts: bool) -> None:
    employer = make_employer("Bos Køkken")
    make_opening(employer, published_at=moment(date(2025, 3, 5)))
    make_opening(employer, published_at=moment(date(2025, 3, 15)))
    make_partnership(employer, signed_on=date(2025, 3, 10))

    assert bool(names_counting_on(day)) is counts


@pytest.mark.parametrize(("days_left", "counts"), [(1, True), (0, True), (-1, False)])
def test_an_agreement_counts_through_its_last_day(app: Flask, days_left: int, counts: bool) -> None:
    employer = make_employer()
    make_opening(employer)
    make_partnership(employer, ends_on=TODAY + timedelta(days=days_left))

    assert bool(names_counting_on(TODAY)) is counts


def test_an_opening_published_late_in_the_evening_counts_on_its_danish_day(app: Flask) -> None:
    employer = make_employer()
    make_opening(employer, published_at=datetime(2025, 6, 30, 22, 30, tzinfo=UTC))  # 1 July in Denmark
    make_partnership(employer, signed_on=date(2025, 6, 1))

    assert names_counting_on(date(2025, 6, 30)) == []
    assert names_counting_on(date(2025, 7, 1)) == [employer.name]


def test_a_started_placement_counts_without_any_recent_opening(app: Flask) -> None:
    placement = make_placement(status=PlacementStatus.RUNNING, starts_on=TODAY - timedelta(days=30))
    with transaction():
        opening = db.session.get_one(Opening, placement.opening_id)
        opening.publications[0].at = NOW - timedelta(days=800)
        employer = db.session.get_one(Employer, placement.employer_id)
    make_partnership(employer)

    [standing] = counting_on(municipality().id, TODAY)
    assert [event.kind for event in standing.events] == [EventKind.PLACEMENT]


@pytest.mark.parametrize(
    ("starts_on", "status", "counts"),
    [
        (date(2025, 12, 31), PlacementStatus.RUNNING, True),  # noted on 4 January: cases/law.md, C
        (date(2026, 1, 1), PlacementStatus.RUNNING, False),
        (date(2025, 12, 31), PlacementStatus.PLANNED, False),
    ],
)
def test_a_placement_counts_from_its_first_day_not_from_when_that_was_noted(
    app: Flask, starts_on: date, status: PlacementStatus, counts: bool
) -> None:
    noted = datetime(2026, 1, 4, 9, tzinfo=UTC)
    started_at = noted if status is PlacementStatus.RUNNING else None
    placement = make_placement(status=status, started_at=started_at, starts_on=starts_on)
    with transaction():
        opening = db.session.get_one(Opening, placement.opening_id)
        opening.publications[0].at = NOW - timedelta(days=800)
        employer = db.session.get_one(Employer, placement.employer_id)
    make_partnership(employer, signed_on=date(2025, 6, 1))

    assert bool(counting_on(municipality().id, date(2025, 12, 31))) is counts


def test_a_renewed_opening_is_an_event_of_both_days(app: Flask) -> None:
    """Renewing an opening this year does not take last year's figure away."""
    first, again = NOW - timedelta(days=400), NOW - timedelta(days=10)
    opening = make_opening(published_at=first)
    with transaction():
        opening = db.session.merge(opening)
        opening.publications.append(OpeningPublication(at=again))
        employer = db.session.get_one(Employer, opening.employer_id)
    make_partnership(employer, signed_on=TODAY - timedelta(days=450))

    for day in (first.date(), TODAY):
        assert [standing.partnership.employer_id for standing in counting_on(municipality().id, day)] == [
            employer.id
        ]


def test_a_planned_placement_is_no_event(app: Flask) -> None:
    placement = make_placement()
    with transaction():
        db.session.get_one(Opening, placement.opening_id).publications[0].at = NOW - timedelta(days=800)
        employer = db.session.get_one(Employer, placement.employer_id)
    make_partnership(employer)

    [standing] = standing_on(municipality().id, TODAY)
    assert standing.missing == [PartnershipCondition.ACTIVE]


def test_without_a_named_consultant_it_nearly_counts(app: Flask) -> None:
    employer = make_employer()
    make_opening(employer)
    make_partnership(employer, consultant=None)

    [standing] = standing_on(municipality().id, TODAY)
    assert (standing.kind, standing.missing) == (StandingKind.NEARLY, [PartnershipCondition.CONSULTANT])


def test_an_ended_agreement_no_longer_counts(app: Flask) -> None:
    employer = make_employer()
    make_opening(employer)
    make_partnership(employer, ends_on=TODAY - timedelta(days=1))

    [standing] = standing_on(municipality().id, TODAY)
    assert standing.kind is StandingKind.NO_LONGER


# --- The trade, as of the day ----------------------------------------------------------------------------------

CHANGED_ON = date(2026, 6, 1)


def with_trades(*trades: tuple[Any, date]) -> Employer:
    """An employer that all else holds for since long, with these trades since these days."""
    employer = make_employer("Bos Køkken")
    make_opening(employer, published_at=moment(date(2026, 2, 1)))
    make_partnership(employer, signed_on=date(2026, 1, 5))
    with transaction():
        found = db.session.get_one(Employer, employer.id)
        db.session.execute(sa.delete(EmployerTrade).where(EmployerTrade.employer_id == found.id))
        db.session.expire(found, ["trades"])
        found.trades = [
            EmployerTrade(industry=industry, from_on=from_on, recorded_at=moment(from_on))
            for industry, from_on in trades
        ]
    return employer


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (date(2026, 3, 31), False),  # nobody knew its trade
        (date(2026, 4, 1), True),  # the day it came
        (date(2026, 11, 1), True),
    ],
)
def test_a_trade_counts_from_the_day_it_is_known(app: Flask, day: date, counts: bool) -> None:
    with_trades((Industry.KOEKKEN, date(2026, 4, 1)))

    (standing,) = standing_on(municipality().id, day)

    assert standing.holds[PartnershipCondition.TRADE] is counts
    assert standing.counts is counts
    assert standing.trade is (Industry.KOEKKEN if counts else None)


@pytest.mark.parametrize(
    ("day", "trade"),
    [
        (CHANGED_ON - timedelta(days=1), Industry.KOEKKEN),
        (CHANGED_ON, Industry.PLEJE),
        (CHANGED_ON + timedelta(days=1), Industry.PLEJE),
    ],
)
def test_a_past_day_keeps_the_trade_of_the_day(app: Flask, day: date, trade: Industry) -> None:
    with_trades((Industry.KOEKKEN, date(2026, 1, 1)), (Industry.PLEJE, CHANGED_ON))

    (standing,) = standing_on(municipality().id, day)

    assert (standing.trade, standing.counts) == (trade, True)


def test_a_trade_that_is_not_of_the_plan_ends_the_counting_from_its_day(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the portal knew a trade more than the plan: the plan has named two of the three here."""
    monkeypatch.setattr(counting, "TRADES_OF_THE_PLAN", frozenset({Industry.KOEKKEN, Industry.RENGOERING}))
    with_trades((Industry.KOEKKEN, date(2026, 1, 1)), (Industry.PLEJE, CHANGED_ON))

    before, after = (
        standing_on(municipality().id, day)[0] for day in (CHANGED_ON - timedelta(days=1), CHANGED_ON)
    )

    assert (before.counts, after.counts) == (True, False)
    assert after.missing == [PartnershipCondition.TRADE]


def test_the_plan_names_its_three_trades() -> None:
    """S1, Indsats 1: køkken/kantine, pleje/omsorg, rengøring. Not whatever the portal knows."""
    tree = ast.parse(Path(terms.__file__).read_text(encoding="utf-8"))
    (named,) = (
        node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "TRADES_OF_THE_PLAN"
    )

    members = {node.attr for node in ast.walk(named) if isinstance(node, ast.Attribute)}
    assert members == {"KOEKKEN", "PLEJE", "RENGOERING"}
    assert {Industry[member] for member in members} == TRADES_OF_THE_PLAN


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.dictionaries(st.integers(0, 300), st.sampled_from(Industry), max_size=5),
    days=st.lists(st.integers(-20, 320), min_size=1, max_size=6),
)
def test_what_is_written_later_changes_no_day_before_it(
    app: Flask, changes: dict[int, Industry], days: list[int]
) -> None:
    first = date(2026, 1, 1)
    employer = Employer(industry=Industry.KOEKKEN, trades=[])
    told: dict[int, Industry | None] = {}
    for after, industry in sorted(changes.items()):
        told |= {day: trade_on(employer, first + timedelta(days=day)) for day in days if day < after}
        day = first + timedelta(days=after)
        change_trade(employer, industry, on=day, at=moment(day))

    for day in days:
        so_far = [industry for after, industry in sorted(changes.items()) if after <= day]
        assert trade_on(employer, first + timedelta(days=day)) is (so_far[-1] if so_far else None)
    assert all(trade_on(employer, first + timedelta(days=day)) is trade for day, trade in told.items())


def test_a_trade_changed_twice_on_a_day_was_changed_once(app: Flask) -> None:
    employer = make_employer(trade_since=CHANGED_ON)
    with transaction():
        found = db.session.get_one(Employer, employer.id)
        at = moment(CHANGED_ON)
        change_trade(found, Industry.PLEJE, on=CHANGED_ON, at=at)
        change_trade(found, Industry.RENGOERING, on=CHANGED_ON, at=at + timedelta(hours=1))

    trades = db.session.scalars(sa.select(EmployerTrade).order_by(EmployerTrade.id)).all()
    assert [one.industry for one in trades if one.replaced_at is None] == [Industry.RENGOERING]
    assert [(one.industry, one.from_on) for one in trades] == [
        (Industry.KOEKKEN, CHANGED_ON),
        (Industry.PLEJE, CHANGED_ON),
        (Industry.RENGOERING, CHANGED_ON),
    ]
    assert db.session.get_one(Employer, employer.id).industry is Industry.RENGOERING


def test_a_draft_is_no_event(app: Flask) -> None:
    employer = make_employer()
    make_opening(employer, status=OpeningStatus.DRAFT)
    make_partnership(employer)

    assert counting_on(municipality().id, TODAY) == []


def test_two_agreements_of_one_employer_are_one_partnership(app: Flask) -> None:
    employer = make_employer()
    make_opening(employer)
    make_partnership(employer, signed_on=TODAY - timedelta(days=300), ends_on=TODAY)
    second = make_partnership(employer, signed_on=TODAY)

    assert [standing.partnership.id for standing in counting_on(municipality().id, TODAY)] == [second.id]


def test_a_neighbours_hidden_opening_is_no_event_and_a_shared_one_is(app: Flask) -> None:
    employer = make_employer("Naboens Rengøring", in_municipality="Fredensborg")
    make_partnership(employer, municipality_id=municipality().id)
    make_opening(employer, visible_to_neighbours=False)
    assert counting_on(municipality().id, TODAY) == []

    make_opening(employer, visible_to_neighbours=True)

    [standing] = counting_on(municipality().id, TODAY)
    assert [event.is_ours for event in standing.events] == [False]


def test_a_past_day_is_counted_as_it_was(app: Flask) -> None:
    employer = make_employer()
    make_opening(employer, published_at=moment(date(2024, 6, 1)))
    make_partnership(employer, signed_on=date(2024, 1, 1), ends_on=date(2025, 2, 1))

    days = [date(2023, 12, 31), date(2024, 12, 31), date(2025, 12, 31)]
    counted = counting_on_days(municipality().id, days)

    assert [len(counted[day]) for day in days] == [0, 1, 0]


def test_many_days_and_employers_take_as_few_statements_as_one(app: Flask) -> None:
    make_opening(employer := make_employer())
    make_partnership(employer)
    here = municipality().id
    db.session.expunge_all()
    with counted_statements(app) as one:
        counting_on(here, TODAY)
    for _number in range(5):
        make_opening(employer := make_employer())
        make_partnership(employer)
    db.session.expunge_all()
    with counted_statements(app) as many:
        counting_on_days(here, [TODAY - timedelta(days=365 * years) for years in range(4)])

    assert len(many) == len(one) <= 5


@dataclass(frozen=True)
class Agreement:
    employer: int
    signed: int
    lasts: int | None
    named: bool


EMPLOYERS = 3
DAYS = st.integers(0, 900)
AGREEMENTS = st.lists(
    st.builds(Agreement, st.integers(0, EMPLOYERS - 1), DAYS, st.none() | st.integers(0, 500), st.booleans()),
    max_size=6,
)
OPENINGS = st.lists(st.tuples(st.integers(0, EMPLOYERS - 1), DAYS), max_size=6)
START = date(2024, 1, 1)


def build(
    agreements: list[Agreement], openings: list[tuple[int, int]], employers: list[Employer], karin: User
) -> None:
    """One random world, as rows; what the database itself forbids is left out."""
    taken: set[tuple[int, int]] = set()
    still_open: set[int] = set()
    for agreement in agreements:
        if (agreement.employer, agreement.signed) in taken or (
            agreement.lasts is None and agreement.employer in still_open
        ):
            continue
        taken.add((agreement.employer, agreement.signed))
        signed_on = START + timedelta(days=agreement.signed)
        ends_on = None if agreement.lasts is None else signed_on + timedelta(days=agreement.lasts)
        if ends_on is None:
            still_open.add(agreement.employer)
        employer = employers[agreement.employer]
        partnership = Partnership(
            employer_id=employer.id,
            municipality_id=employer.municipality_id,
            signed_on=signed_on,
            ends_on=ends_on,
            created_at=NOW,
            end_recorded_at=NOW if ends_on else None,
        )
        if agreement.named:
            partnership.namings = [
                PartnershipConsultant(user_id=karin.id, from_on=signed_on, until_on=ends_on, recorded_at=NOW)
            ]
        db.session.add(partnership)
    for employer_index, day in openings:
        employer = employers[employer_index]
        db.session.add(
            Opening(
                employer_id=employer.id,
                workplace_id=employer.workplaces[0].id,
                municipality_id=employer.municipality_id,
                title="Plads",
                form=PlacementForm.PRAKTIK,
                industry=employer.industry,
                hours_per_week=20.0,
                starts_on=TODAY,
                postcode="3300",
                status=OpeningStatus.PUBLISHED,
                created_at=NOW,
                published_at=moment(START + timedelta(days=day)),
                publications=[OpeningPublication(at=moment(START + timedelta(days=day)))],
            )
        )
    db.session.flush()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(agreements=AGREEMENTS, openings=OPENINGS, days=st.lists(DAYS, min_size=1, max_size=3))
def test_in_any_world_an_employer_counts_once_and_only_with_all_four(
    app: Flask, agreements: list[Agreement], openings: list[tuple[int, int]], days: list[int]
) -> None:
    employers = list(db.session.scalars(sa.select(Employer).order_by(Employer.id))) or [
        make_employer(f"Firma {number}") for number in range(EMPLOYERS)
    ]
    try:
        build(agreements, openings, employers, user("karin@kommune.example"))
        wanted = [START + timedelta(days=day) for day in days]
        here = employers[0].municipality_id
        together = counting_on_days(here, wanted)
        for day in wanted:
            counted = counting_on(here, day)
            cvrs = [standing.partnership.cvr for standing in counted]
            assert len(cvrs) == len(set(cvrs))
            assert [standing.partnership.id for standing in together[day]] == [
                standing.partnership.id for standing in counted
            ]
            for standing in counted:
                partnership = standing.partnership
                assert partnership.signed_on <= day <= (partnership.ends_on or day)
                assert standing.events
                assert standing.consultants
                assert all(standing.since <= event.on <= day for event in standing.events)
            assert set(cvrs) == expected_cvrs(agreements, openings, employers, day)
    finally:
        db.session.rollback()


def expected_cvrs(
    agreements: list[Agreement], openings: list[tuple[int, int]], employers: list[Employer], day: date
) -> set[str]:
    """The rule once more, from the rows as they stand, employer by employer."""
    since = day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
    found = set()
    for index, employer in enumerate(employers):
        rows = db.session.scalars(sa.select(Partnership).where(Partnership.employer_id == employer.id)).all()
        in_force = [row for row in rows if row.signed_on <= day <= (row.ends_on or day)]
        active = any(
            since <= START + timedelta(days=opened) <= day for owner, opened in openings if owner == index
        )
        if in_force and active and max(in_force, key=lambda row: (row.signed_on, row.id)).consultants:
            found.add(employer.cvr)
    return found
