from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.base.database import db, transaction
from portal.shared.rules.book import RuleMissing
from portal.shared.rules.law.ratio import limit_of
from portal.shared.rules.models import Rule, RuleStanding
from portal.shared.rules.queries import latest_of_the_law, law_on, rule_book, value_on
from portal.shared.rules.services import (
    NoOwnRule,
    NumberComesLater,
    OwnRuleBeginsTooEarly,
    OwnRuleIsNotStricter,
    RuleDetails,
    found_rule,
    load_reference_rules,
    put_rule,
    reference_rules,
)
from tests.factories import NOW, TODAY, municipality, put_number

YESTERDAY = TODAY - timedelta(days=1)
PROMISE = RuleDetails(
    key="test-promise",
    title="Svar",
    value=Decimal(24),
    unit="timer",
    valid_from=date(2024, 1, 1),
    valid_to=None,
    reference="Egen regel",
    source="Projektet",
    checked_by="Projektet",
    checked_on=date(2026, 11, 21),
)


def test_reference_has_no_key_twice_on_a_day_and_every_row_has_a_source() -> None:
    rows = reference_rules()

    for rule in rows:
        assert rule.source
        assert rule.reference
        assert rule.checked_on <= date(2026, 11, 30)
        same = [other for other in rows if other.key == rule.key and other is not rule]
        for other in same:
            assert (other.valid_to and other.valid_to < rule.valid_from) or (
                rule.valid_to and rule.valid_to < other.valid_from
            )


def test_loading_the_reference_again_changes_nothing(app: Flask) -> None:
    with transaction():
        load_reference_rules(NOW)
    with transaction():
        again = load_reference_rules(NOW)

    assert again == 0


def test_loading_leaves_a_corrected_number_alone(app: Flask) -> None:
    with transaction():
        load_reference_rules(NOW)
        db.session.execute(sa.update(Rule).where(Rule.key == "opening-lifetime-days").values(value=60))
    with transaction():
        load_reference_rules(NOW)

    assert value_on("opening-lifetime-days", TODAY, None) == 60


def test_value_follows_the_day(app: Flask) -> None:
    with transaction():
        load_reference_rules(NOW)

    assert value_on("igu-age-below", date(2023, 12, 31), None) == 40
    assert value_on("igu-age-below", date(2024, 1, 1), None) == 50
    assert "igu-open" in rule_book().on(date(2027, 12, 31), None)
    assert "igu-open" not in rule_book().on(date(2028, 1, 1), None)
    assert limit_of(Decimal(24), rule_book().on(TODAY, None)) == 4
    assert (value_on("praktik-weeks", TODAY, None), value_on("praktik-weeks-assessed", TODAY, None)) == (
        13,
        26,
    )


def test_a_day_without_a_number_is_named(app: Flask) -> None:
    with pytest.raises(RuleMissing) as missing:
        value_on("no-such-rule", TODAY, None)

    assert missing.value.key == "no-such-rule"


def test_a_new_number_ends_the_one_before(app: Flask) -> None:
    with transaction():
        found_rule(PROMISE, at=NOW)
        put_rule(replace(PROMISE, value=Decimal(48), valid_from=TODAY), by=None, at=NOW)

    assert value_on("test-promise", YESTERDAY, None) == 24
    assert value_on("test-promise", TODAY, None) == 48


def test_two_numbers_on_a_day_are_refused(app: Flask) -> None:
    with transaction():
        put_rule(replace(PROMISE, valid_from=date(2027, 6, 1)), by=None, at=NOW)

    for valid_from, valid_to in ((TODAY, None), (TODAY, date(2027, 6, 1)), (date(2027, 6, 1), None)):
        with pytest.raises(NumberComesLater) as refusal, transaction():
            put_rule(replace(PROMISE, valid_from=valid_from, valid_to=valid_to), by=None, at=NOW)
        assert "1. juni 2027" in str(refusal.value.message)
    with transaction():
        put_rule(replace(PROMISE, valid_from=TODAY, valid_to=date(2027, 5, 31)), by=None, at=NOW)


def test_database_keeps_one_open_row_per_key(app: Flask) -> None:
    later = replace(PROMISE, valid_from=date(2025, 1, 1))

    with pytest.raises(IntegrityError), transaction():
        db.session.add_all([Rule(**vars(PROMISE)), Rule(**vars(later))])


def test_database_keeps_one_own_row_per_key_municipality_and_day(app: Flask) -> None:
    halsnaes, next_door = municipality().id, municipality("Fredensborg").id

    with transaction():
        db.session.add_all(
            [Rule(**vars(replace(PROMISE, municipality_id=whose))) for whose in (None, halsnaes, next_door)]
        )
    for day in (PROMISE.valid_from, date(2025, 1, 1)):  # from the same day, and open a second time
        with pytest.raises(IntegrityError), transaction():
            db.session.add(Rule(**vars(replace(PROMISE, municipality_id=halsnaes, valid_from=day))))


def test_the_service_refuses_what_is_laxer_or_the_laws_alone(app: Flask) -> None:
    with pytest.raises(OwnRuleIsNotStricter):
        put_number("praktik-weeks", "13")
    with pytest.raises(OwnRuleIsNotStricter):
        put_number("youth-rest-hours-young", "13")
    with pytest.raises(NoOwnRule):
        put_number("igu-age-below", "45")
    with pytest.raises(NoOwnRule):
        put_number("igu-school-weeks", "30", date(1999, 1, 1))
    with pytest.raises(OwnRuleBeginsTooEarly):
        put_number("praktik-weeks", "10", TODAY - timedelta(days=1))

    assert put_number("youth-rest-hours-young", "15").value == 15


def test_loading_the_reference_sees_only_the_laws_rows(app: Flask) -> None:
    """A municipality's own row from the day of a reference row does not stand in its way."""
    row = next(row for row in reference_rules() if row.key == "praktik-weeks")
    with transaction():
        db.session.execute(sa.delete(Rule).where(Rule.key == row.key))
        db.session.add(Rule(**vars(replace(row, value=Decimal(9), municipality_id=municipality().id))))

    with transaction():
        assert load_reference_rules(NOW) == 1

    assert value_on("praktik-weeks", TODAY, None) == 13


def test_a_placement_fills_the_ratio_by_its_own_municipalitys_numbers(app: Flask) -> None:
    """Halsnæs wants six ordinary employees for each place: at a workplace of ten there is room for one, not two."""
    put_number("ratio-staff-per-place", "6")

    limits = [
        limit_of(Decimal(10), rule_book().on(TODAY, whose.id))
        for whose in (municipality(), municipality("Fredensborg"))
    ]

    assert limits == [1, 2]


DANGERS = replace(PROMISE, key="test-list", unit="= ord", value=Decimal(2), words="kniv\nklorin")


def test_a_list_is_a_row_and_its_number_is_how_many_lines_there_are(app: Flask) -> None:
    with transaction():
        found_rule(DANGERS, at=NOW)
        put_rule(
            replace(DANGERS, valid_from=date(2026, 11, 18), words="kniv", value=Decimal(1)), by=None, at=NOW
        )
    book = rule_book("test-list")

    assert book.on(date(2026, 11, 17), None).words("test-list") == "kniv\nklorin"
    assert book.on(TODAY, None).words("test-list") == "kniv"
    assert book.on(date(2023, 12, 31), None).words("test-list") == ""
    assert book.on(TODAY, None).in_words("test-list") == "1 linje"
    with pytest.raises(NoOwnRule):  # a list is the same in every municipality
        put_number("test-list", "1", unit="= ord", words="ild")


@pytest.mark.parametrize(("value", "said"), [(Decimal(1), True), (Decimal(0), False), (None, False)])
def test_a_rule_of_yes_or_no_says_no_where_no_row_says_yes(
    app: Flask, value: Decimal | None, said: bool
) -> None:
    if value is not None:
        with transaction():
            found_rule(replace(PROMISE, unit="= ja", value=value), at=NOW)

    assert rule_book().on(TODAY, None).says("test-promise") is said


def test_only_what_holds_counts(app: Flask) -> None:
    """Rows that wait, were refused or corrected backwards stand beside the law and change nothing."""
    law = value_on("praktik-weeks", TODAY, None)
    with transaction():
        for standing in (RuleStanding.WAITING, RuleStanding.REFUSED, RuleStanding.REPLACED):
            db.session.add(Rule(**vars(replace(PROMISE, key="praktik-weeks")), standing=standing))

    assert value_on("praktik-weeks", TODAY, None) == law
    assert law_on("praktik-weeks", TODAY).value == law
    assert latest_of_the_law("praktik-weeks").value == law


def test_an_id_never_comes_twice(app: Flask) -> None:
    with transaction():
        first = found_rule(PROMISE, at=NOW)
        taken = first.id
        db.session.flush()
        db.session.delete(first)
    with transaction():
        second = found_rule(PROMISE, at=NOW)

    assert second.id > taken
