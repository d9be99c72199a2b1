"""The days of a case, cut wherever the answer may change: another number in force, a birthday, or other hours. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from portal.shared.rules.book import Numbers, RuleBook
from portal.shared.rules.checks import Born, birthday_in

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stretch:
    """Days in a row on which every number is the same and she is of one age."""

    first: date
    last: date
    """date.max where nobody has said an end."""
    numbers: Numbers


def stretches(  # noqa: PLR0913 - all that cuts the days of a case
    first: date,
    last: date,
    municipality_id: int,
    book: RuleBook,
    born: Born | None = None,
    ages: Collection[int] = (),
    turns: Collection[date] = (),
) -> list[Stretch]:
    """The days from first to last, in order; each is judged by its own first day.

    `ages`: those that change a rule; `turns`: days on which the work itself becomes another.
    """
    changes = book.changes(None, municipality_id, after=first, until=last)
    turned = (day for day in turns if first < day <= last)
    cuts = {first, *changes, *_birthdays(born, ages, first, last), *turned}
    starts = sorted(cuts)
    ends = [day - DAY for day in starts[1:]] + [last]
    return [
        Stretch(start, end, book.on(start, municipality_id)) for start, end in zip(starts, ends, strict=True)
    ]


def _birthdays(born: Born | None, ages: Collection[int], first: date, last: date) -> Iterator[date]:
    """Of somebody whose day is not known, the first day on which she may be so old and that on which she must be."""
    if born is None:
        return
    for born_on in {born.earliest, born.latest}:
        for age in ages:
            birthday = birthday_in(born_on, born_on.year + age)
            if first < birthday <= last:
                yield birthday
