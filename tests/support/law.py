"""The rules of the reference file as a book, without a database."""

from datetime import date
from decimal import Decimal
from functools import cache

from portal.shared.rules.book import DatedNumber, Numbers, RuleBook
from portal.shared.rules.services import reference_rules

START = date(2026, 11, 30)
"""A Monday on which the tests' placements start."""


@cache
def book() -> RuleBook:
    return RuleBook(
        tuple(
            DatedNumber(
                rule.key,
                rule.value,
                rule.valid_from,
                rule.valid_to,
                rule.reference,
                rule.certainty,
                rule.unit,
                words=rule.words,
            )
            for rule in reference_rules()
        )
    )


HERE = 1
"""The municipality of the cases of tests."""


def numbers(on: date = START) -> Numbers:
    return book().on(on, HERE)


def changed(key: str, value: str, valid_from: date) -> RuleBook:
    """The book with one number that changes on a day."""
    return book().with_number(DatedNumber(key, Decimal(value), valid_from, None, "Ny lov"))
