"""Rows in time: a row that has held stays, a pause lies inside another's days, and the past is corrected with a reason.

The book in hand (which previews ask) and the table must say the same of every day, whatever was done in which order.
"""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.errors import DomainError
from portal.shared.audit.models import AuditEntry
from portal.shared.rules import services
from portal.shared.rules.book import DatedNumber, Owner, RuleBook
from portal.shared.rules.models import Rule, RuleStanding
from portal.shared.rules.queries import rule_book, value_on
from portal.shared.rules.services import (
    NumberComesLater,
    OwnRuleBeginsTooEarly,
    RuleBeginsTooEarly,
    RuleDetails,
    RuleInForce,
    found_rule,
    put_rule,
)
from tests import factories
from tests.factories import NOW, TODAY

KEY = "praktik-weeks"
DAY = timedelta(days=1)
PAUSE = (date(2027, 1, 1), date(2027, 2, 28))


def number(value: int, valid_from: date = TODAY, valid_to: date | None = None, **more: object) -> RuleDetails:
    said = {
        "key": KEY,
        "title": "Længste forløb",
        "value": Decimal(value),
        "unit": "uger",
        "valid_from": valid_from,
        "valid_to": valid_to,
        "reference": "LAB § 61",
        "source": "retsinformation.dk",
        "checked_by": "Drude",
        "checked_on": TODAY,
    }
    return RuleDetails(**said | more)  # type: ignore[arg-type]


def drude():  # type: ignore[no-untyped-def]
    return factories.user("drift@portal.example")


def put(details: RuleDetails) -> Rule:
    with transaction():
        return put_rule(details, by=drude(), at=NOW)


def said_on(*days: date, key: str = KEY) -> list[int]:
    return [int(value_on(key, day, None)) for day in days]


def last_change(action: str) -> str:
    return str(
        db.session.scalar(
            sa.select(AuditEntry.change)
            .where(AuditEntry.action == action)
            .order_by(AuditEntry.id.desc())
            .limit(1)
        )
    )


# --- First day today or later (cases/law.md, A: in November a row is put with a first day in May) -----------------


@pytest.mark.parametrize(
    ("first", "is_taken"),
    [(date(2026, 5, 1), False), (TODAY - DAY, False), (TODAY, True), (TODAY + DAY, True)],
)
def test_a_number_of_the_law_begins_today_at_the_earliest(app: Flask, first: date, is_taken: bool) -> None:
    if is_taken:
        put(number(12, first))
    else:
        with pytest.raises(RuleBeginsTooEarly):
            put(number(12, first))

    assert said_on(first - DAY, TODAY - DAY) == [13, 13]
    assert said_on(first) == [12 if is_taken else 13]


def test_a_municipalitys_own_neither(app: Flask) -> None:
    with pytest.raises(OwnRuleBeginsTooEarly):
        factories.put_number(KEY, "10", TODAY - DAY)


# --- A pause ------------------------------------------------------------------------------------------------------


def test_a_scheme_pauses_for_two_months_and_goes_on(app: Flask) -> None:
    """IGU may not begin in January and February (cases/law.md, A); its own last day stays where it was."""
    with transaction():
        put_rule(number(0, *PAUSE, key="igu-open", unit="= ja"), by=drude(), at=NOW)

    days = (PAUSE[0] - DAY, PAUSE[0], PAUSE[1], PAUSE[1] + DAY, date(2027, 12, 31))
    assert said_on(*days, key="igu-open") == [1, 0, 0, 1, 1]
    assert "igu-open" not in rule_book().on(date(2028, 1, 1), None)
    assert last_change("rule-put") == "ja → nej fra 1. januar 2027 til 28. februar 2027"


def test_a_pause_taken_back_leaves_one_row_as_before(app: Flask) -> None:
    pause = put(number(4, *PAUSE))
    assert len(rows()) == 3

    with transaction():
        services.withdraw_rule(pause, by=drude(), at=NOW, today=TODAY)

    assert [(int(row.value), row.valid_to, row.goes_on) for row in rows()] == [(13, None, False)]
    assert last_change("rule-withdrawn") == "4 uger fra 1. januar 2027 til 28. februar 2027 → 13 uger"


def test_a_pause_that_is_moved_leaves_nothing_where_it_was(app: Flask) -> None:
    pause = put(number(4, *PAUSE))
    spring = (date(2027, 4, 1), date(2027, 4, 30))

    with transaction():
        services.correct_rule(pause, number(5, *spring), by=drude(), at=NOW, today=TODAY)

    assert said_on(*PAUSE, spring[0] - DAY, *spring, spring[1] + DAY) == [13, 13, 13, 5, 5, 13]
    assert last_change("rule-corrected") == "4 uger → 5 uger fra 1. april 2027 til 30. april 2027"


def test_a_number_that_ended_by_itself_does_not_go_on_when_the_next_is_taken_back(app: Flask) -> None:
    """The trial of IGU ends with 2027; a year more is written, and taken back."""
    with transaction():
        more = put_rule(
            number(1, date(2028, 1, 1), date(2028, 12, 31), key="igu-open", unit="= ja"), by=drude(), at=NOW
        )
    assert said_on(date(2028, 12, 31), key="igu-open") == [1]

    with transaction():
        services.withdraw_rule(more, by=drude(), at=NOW, today=TODAY)

    assert "igu-open" not in rule_book().on(date(2028, 1, 1), None)


def test_what_has_begun_is_neither_corrected_nor_taken_back(app: Flask) -> None:
    begun = put(number(12, TODAY, date(2026, 12, 31)))

    with pytest.raises(RuleInForce), transaction():
        services.withdraw_rule(begun, by=drude(), at=NOW, today=TODAY)
    with pytest.raises(RuleInForce), transaction():
        services.correct_rule(begun, number(11, TODAY + DAY), by=drude(), at=NOW, today=TODAY)


# --- The past -----------------------------------------------------------------------------------------------------


def backwards(details: RuleDetails, reason: str = "Bekendtgørelsen var læst forkert.") -> Rule:
    with transaction():
        return services.correct_past(details, reason, by=drude(), at=NOW)


@pytest.mark.parametrize("reason", ["", "  "])
def test_the_past_is_not_corrected_without_a_reason(app: Flask, reason: str) -> None:
    with pytest.raises(services.ReasonMissing):
        backwards(number(12, date(2026, 5, 1)), reason)

    assert said_on(date(2026, 5, 1)) == [13]


@pytest.mark.parametrize(("first", "is_past"), [(TODAY - DAY, True), (TODAY, False), (TODAY + DAY, False)])
def test_only_the_past_is_corrected_backwards(app: Flask, first: date, is_past: bool) -> None:
    if is_past:
        assert backwards(number(12, first)).reason
    else:
        with pytest.raises(services.NotInThePast):
            backwards(number(12, first))


def test_what_was_taken_for_the_rule_stays_to_be_read_with_the_reason(app: Flask) -> None:
    backwards(number(12, date(2026, 5, 1)))

    assert said_on(date(2026, 4, 30), date(2026, 5, 1), TODAY) == [13, 12, 12]
    replaced = rows(RuleStanding.REPLACED)
    assert [(int(row.value), row.valid_from, row.valid_to) for row in replaced] == [
        (13, date(2026, 5, 1), TODAY)
    ]
    assert replaced[0].reason == "Bekendtgørelsen var læst forkert."
    assert last_change("rule-corrected-backwards") == (
        "13 uger → 12 uger fra 1. maj 2026. Begrundelse: Bekendtgørelsen var læst forkert."
    )


def test_a_row_that_was_wrong_from_its_first_day_is_replaced(app: Flask) -> None:
    backwards(number(12, date(2018, 1, 1)))

    assert said_on(date(2018, 1, 1), TODAY) == [12, 12]
    assert [int(row.value) for row in rows(RuleStanding.REPLACED)] == [13]


def test_some_days_of_the_past_are_corrected_and_the_rest_is_as_it_was(app: Flask) -> None:
    summer = (date(2026, 6, 1), date(2026, 8, 31))
    backwards(number(12, *summer))

    assert said_on(summer[0] - DAY, *summer, summer[1] + DAY, TODAY) == [13, 12, 12, 13, 13]


def test_a_correction_of_the_past_does_not_run_into_what_is_to_come(app: Flask) -> None:
    put(number(4, *PAUSE))

    with pytest.raises(NumberComesLater):
        backwards(number(12, date(2026, 5, 1)))
    backwards(number(12, date(2026, 5, 1), PAUSE[0] - DAY))

    assert said_on(PAUSE[0] - DAY, *PAUSE, PAUSE[1] + DAY) == [12, 4, 4, 13]


# --- What the portal ships ----------------------------------------------------------------------------------------

SHIPPED = {"shipped_from": date(2026, 5, 1)}


def ship(monkeypatch: pytest.MonkeyPatch, *details: RuleDetails) -> list[Rule]:
    """A new version of the portal comes with the rows, and is installed."""
    monkeypatch.setattr(services, "reference_rules", lambda: list(details))
    with transaction():
        services.load_reference_rules(NOW)
    return rows(RuleStanding.WAITING)


@pytest.mark.parametrize(
    ("first", "waits"),
    [(date(2026, 5, 1), True), (TODAY - DAY, True), (TODAY, False), (TODAY + DAY, False)],
)
def test_a_shipped_row_whose_first_day_is_past_waits(
    app: Flask, monkeypatch: pytest.MonkeyPatch, first: date, waits: bool
) -> None:
    found = ship(monkeypatch, number(12, first))

    assert len(found) == waits
    assert said_on(first, TODAY - DAY) == ([13, 13] if waits else [12, 13])
    assert ship(monkeypatch, number(12, first)) == found  # and comes only once


def test_a_key_without_rows_holds_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    new = number(3, date(2020, 1, 1), date(2023, 12, 31), key="new-key")

    assert ship(monkeypatch, new, number(5, date(2024, 1, 1), key="new-key")) == []
    assert said_on(date(2023, 12, 31), TODAY, key="new-key") == [3, 5]


def test_where_somebody_put_another_number_a_shipped_one_waits(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(number(4, date(2027, 3, 1)))

    assert len(ship(monkeypatch, number(12, date(2027, 1, 1)))) == 1
    assert said_on(date(2027, 1, 1), date(2027, 3, 1)) == [13, 4]


def test_it_holds_from_today_when_confirmed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    (waiting,) = ship(monkeypatch, number(12, date(2026, 5, 1)))

    with transaction():
        services.confirm_from_today(waiting, by=drude(), at=NOW)

    assert said_on(date(2026, 5, 1), TODAY - DAY, TODAY) == [13, 13, 12]
    assert last_change("rule-confirmed") == "13 uger → 12 uger fra 18. november 2026"
    assert ship(monkeypatch, number(12, date(2026, 5, 1))) == []
    with pytest.raises(services.NotWaiting):
        services.confirm_from_today(waiting, by=drude(), at=NOW)


def test_it_holds_from_its_own_day_with_a_reason(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    (waiting,) = ship(monkeypatch, number(12, date(2026, 5, 1)))

    with pytest.raises(services.ReasonMissing), transaction():
        services.confirm_backwards(waiting, "", by=drude(), at=NOW)
    with transaction():
        services.confirm_backwards(waiting, "Loven gælder fra maj.", by=drude(), at=NOW)

    assert said_on(date(2026, 4, 30), date(2026, 5, 1), TODAY) == [13, 12, 12]
    assert [int(row.value) for row in rows(RuleStanding.REPLACED)] == [13]


def test_it_is_refused_with_a_reason_and_does_not_come_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    (waiting,) = ship(monkeypatch, number(12, date(2026, 5, 1)))

    with pytest.raises(services.ReasonMissing), transaction():
        services.refuse_shipped(waiting, " ", by=drude(), at=NOW)
    with transaction():
        services.refuse_shipped(waiting, "Ministeriet har trukket den.", by=drude(), at=NOW)

    assert said_on(TODAY) == [13]
    assert ship(monkeypatch, number(12, date(2026, 5, 1))) == []


def test_one_that_is_over_holds_backwards_or_not_at_all(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    (waiting,) = ship(monkeypatch, number(12, date(2026, 5, 1), date(2026, 5, 31)))

    with pytest.raises(services.WaitingIsOver), transaction():
        services.confirm_from_today(waiting, by=drude(), at=NOW)
    with transaction():
        services.confirm_backwards(waiting, "Kun i maj.", by=drude(), at=NOW)

    assert said_on(date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 1)) == [13, 12, 13]


def test_a_shipped_row_that_is_taken_back_is_not_shipped_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(monkeypatch, number(12, TODAY + DAY))
    coming = next(row for row in rows() if row.valid_from == TODAY + DAY)

    with transaction():
        services.withdraw_rule(coming, by=drude(), at=NOW, today=TODAY)

    assert said_on(TODAY + DAY) == [13]
    assert ship(monkeypatch, number(12, TODAY + DAY)) == []
    assert said_on(TODAY + DAY) == [13]


# --- The book and the table ---------------------------------------------------------------------------------------


def rows(standing: RuleStanding = RuleStanding.HOLDS) -> list[Rule]:
    found = sa.select(Rule).where(Rule.key == KEY, Rule.standing == standing)
    return list(db.session.scalars(found.order_by(Rule.valid_from, Rule.municipality_id)))


def dated(row: RuleDetails | Rule, owner: Owner | None) -> DatedNumber:
    return DatedNumber(row.key, row.value, row.valid_from, row.valid_to, row.reference, owner=owner)


@pytest.mark.parametrize("seed", range(12))
def test_the_book_says_what_the_table_says_whatever_was_done(app: Flask, seed: int) -> None:
    chance = random.Random(seed)
    home = factories.municipality()
    owners = {None: None, home.id: Owner(home.id, home.name)}
    book, done = rule_book(KEY), 0
    for _ in range(25):
        with transaction():
            was = book
            try:
                with db.session.begin_nested():
                    book = do_something(chance, book, owners)
                done += 1
            except DomainError:
                book = was
        db.session.expire_all()
        assert_same(book, chance, owners)
    assert done > 5


def do_something(chance: random.Random, book: RuleBook, owners: dict[int | None, Owner | None]) -> RuleBook:
    """One of what people do to rows; returns the book as a preview would have it."""
    owner_id = chance.choice([None, None, *owners])
    first = TODAY + timedelta(days=chance.randint(0, 60))
    last = first + timedelta(days=chance.randint(0, 20)) if chance.random() < 0.6 else None
    details = number(chance.randint(1, 12), first, last, municipality_id=owner_id)
    coming = [row for row in rows() if row.valid_from > TODAY]
    deed = chance.choice(["put", "put", "withdraw", "correct", "past"])
    if deed == "past":
        past = replace(details, valid_from=first - timedelta(days=80), municipality_id=None)
        services.correct_past(past, "Læst forkert.", by=drude(), at=NOW)
        return book.with_number(dated(past, None))
    if deed == "put" or not coming:
        put_rule(details, by=drude(), at=NOW)
        return book.with_number(dated(details, owners[owner_id]))
    row = chance.choice(coming)
    before = book.without(dated(row, owners[row.municipality_id]))
    if deed == "withdraw":
        services.withdraw_rule(row, by=drude(), at=NOW, today=TODAY)
        return before
    details = replace(details, municipality_id=row.municipality_id)
    services.correct_rule(row, details, by=drude(), at=NOW, today=TODAY)
    return before.with_number(dated(details, owners[row.municipality_id]))


def assert_same(book: RuleBook, chance: random.Random, owners: dict[int | None, Owner | None]) -> None:
    stored = rule_book(KEY)
    for day in (TODAY + timedelta(days=n) for n in range(-90, 90, 3)):
        for owner_id in owners:
            here, there = book.on(day, owner_id), stored.on(day, owner_id)
            assert (KEY in here) == (KEY in there), day
            assert KEY not in here or here[KEY] == there[KEY], (day, owner_id)


def test_rows_of_one_line_never_lie_over_each_other(app: Flask) -> None:
    put(number(4, *PAUSE))
    put(number(5, PAUSE[0] + DAY, PAUSE[0] + 3 * DAY))  # a pause in the pause
    found_rule(number(6, date(2027, 6, 1), date(2027, 6, 30)), at=NOW)
    db.session.commit()

    lines = rows()
    assert [int(row.value) for row in lines] == [13, 4, 5, 4, 13, 6, 13]
    for one, other in pairwise(lines):
        assert one.valid_to == other.valid_from - DAY
