"""Questions to measures about one quarter, and their answers: always checked to be the sum of their list."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from portal.base.database import db
from portal.base.terms import Measure
from portal.interventions.target_groups.models import TargetGroup
from portal.ledger.goals.measures import spec_of
from portal.ledger.goals.tally import Tally, lists_of, tallies
from portal.web.measures import Ask, Counted
from tests.factories import municipality

FIRST, LAST = date(2026, 4, 1), date(2026, 6, 30)
"""The second quarter."""
QUARTER = 91
"""Its days."""
BEFORE, AFTER = FIRST - timedelta(days=1), LAST + timedelta(days=1)
EVENING = datetime(2026, 6, 30, 21, 59, tzinfo=UTC)
"""A minute before midnight in Denmark on its last day."""
NIGHT = EVENING + timedelta(minutes=1)


def question(measure: Measure, group: TargetGroup | None = None, **more: Any) -> Ask:
    """Of the quarter, by the standard rule but for what is said."""
    terms = {term.key: term.standard for term in how(measure).terms} | more.pop("terms", {})
    return Ask(
        **{
            "measure": measure,
            "municipality_id": municipality().id,
            "first": FIRST,
            "on": LAST,
            "group_id": group.id if group else None,
            "terms": tuple(sorted(terms.items())),
            **more,
        }
    )


def how(measure: Measure) -> Counted:
    found = spec_of(measure).counted
    assert found is not None
    return found


def counted(measure: Measure, group: TargetGroup | None = None, **more: Any) -> Tally:
    """The sums, which are those of the list; each of its lines lies in the period."""
    ask = question(measure, group, **more)
    tally = tallies([ask])[ask]
    rows = db.session.execute(lists_of([ask])[ask].records).all()
    assert tally.lines == len(rows)
    assert tally.amount == sum(row.amount for row in rows)
    assert (tally.out_of or 0) == sum(row.out_of or 0 for row in rows)
    assert tally.known == sum(row.known for row in rows)
    assert tally.unknown_out_of == sum(row.out_of or 0 for row in rows if not row.known)
    assert {type(number) for number in vars(tally).values()} <= {int, type(None)}
    assert all(ask.first <= row.on <= ask.on for row in rows)
    return tally


def share(tally: Tally) -> tuple[int, int | None, int]:
    """What counts, out of how much, and how much of that nothing is known of."""
    return tally.amount, tally.out_of, tally.unknown_out_of


def near(measure: Measure, group: TargetGroup | None = None, **more: Any) -> list[int]:
    """Ids of whom one recorded step is missing of."""
    misses = how(measure).near_misses
    assert misses is not None
    return [one.subject_id for one in misses(question(measure, group, **more))]
