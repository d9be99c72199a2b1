"""The days of a case, cut wherever the answer may change: another number in force, or a birthday. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from portal.shared.rules.book import Numbers, RuleBook
from portal.shared.rules.checks import Born, birthday_in, years_after

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stretch:
    """Days in a row on which every number is the same and she is of one age."""

    first: date
    last: date
    """date.max where nobody has said an end."""
    numbers: Numbers


def stretches(
    first: date, last: date, municipality_id: int, book: RuleBook, born: Born | None = None
) -> list[Stretch]:
    """The days from first to last, in order; each is judged by its own first day."""
    cuts = {first, *_changes(book, municipality_id, first, last), *_birthdays(born, first, last)}
    starts = sorted(cuts)
    ends = [day - DAY for day in starts[1:]] + [last]
    return [
        Stretch(start, end, book.on(start, municipality_id)) for start, end in zip(starts, ends, strict=True)
    ]


def _changes(book: RuleBook, municipality_id: int, first: date, last: date) -> Iterator[date]:
    for row in book.rows:
        if not row.is_for(municipality_id):
            continue
        if first < row.valid_from <= last:
            yield row.valid_from
        if row.valid_to is not None and first <= row.valid_to < last:
            yield row.valid_to + DAY


def _birthdays(born: Born | None, first: date, last: date) -> Iterator[date]:
    if born is None:
        return
    until = last if last < date.max else years_after(first, 1)
    for born_on in {born.earliest, born.latest}:
        for year in range(first.year, until.year + 1):
            birthday = birthday_in(born_on, year)
            if first < birthday <= until:
                yield birthday
