"""How long an employer knows the people it was shown, by the rows of the day it asks. Source: docs/rules.md#names

A municipality may let go of its own people's names sooner than the others.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.base.clock import danish_midnight
from portal.base.database import UtcDateTime
from portal.shared.rules.book import RuleBook
from portal.shared.rules.queries import rule_book

AFTER_PLACEMENT = "names-after-placement"
IN_PROPOSALS = "names-in-proposals"


@dataclass(frozen=True)
class NamesKept:
    """What is young enough on a day to be known still, by whose the person is."""

    on: date
    book: RuleBook

    def ended_since(self, municipality_id: Any) -> sa.ColumnElement[date]:
        """A placement that ended on that day or later; the argument is the column of whose the person is."""
        return self._by_municipality(municipality_id, AFTER_PLACEMENT, lambda day: sa.literal(day, sa.Date()))

    def answered_since(self, municipality_id: Any) -> sa.ColumnElement[datetime]:
        """A proposal without a placement that was last answered then or later."""
        return self._by_municipality(municipality_id, IN_PROPOSALS, _midnight)

    def _by_municipality(self, column: Any, key: str, said: Any) -> Any:
        own = {row.owner.id for row in self.book.rows if row.owner is not None and row.key == key}
        law = said(self._first_day(key, None))
        if not own:
            return law
        return sa.case(*((column == one, said(self._first_day(key, one))) for one in sorted(own)), else_=law)

    def _first_day(self, key: str, municipality_id: int | None) -> date:
        """Where the book has no row for the day, names go with the placement, and proposals the day after."""
        numbers = self.book.on(self.on, municipality_id)
        return self.on - timedelta(days=numbers.whole(key) if key in numbers else 0)


def _midnight(day: date) -> sa.ColumnElement[datetime]:
    return sa.literal(danish_midnight(day), UtcDateTime())


def names_kept_on(day: date) -> NamesKept:
    return NamesKept(day, rule_book(AFTER_PLACEMENT, IN_PROPOSALS))
