"""What the ledger of a large municipality counts: target groups with thousands of members, and eight years of goals.

Each person's years are told one episode after the other (help, work, school, nothing known), so that days contradict
nothing; beside work some have a second job, and some help has an activity inside.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Final

from portal.base.clock import danish_midnight
from portal.base.database import db
from portal.base.terms import Measure, PeriodKind, PlacementForm, SpellKind
from portal.demo.bulk import Bulk, Row
from portal.interventions.target_groups.models import (
    LadderStep,
    Membership,
    MembershipSource,
    Spell,
    SpellSource,
    StepPlacing,
    TargetGroup,
    WorkLadder,
)
from portal.ledger.goals.freezing import freeze_due
from portal.ledger.goals.services import GoalDetails, GoalExists, set_goal, year
from portal.shared.accounts.models import Municipality

YEARS: Final = 8
STEPS: Final = 5
SHARES: Final = (0.18, 0.16, 0.12, 0.10, 0.08, 0.06, 0.03, 0.02)
"""How much of the municipality's people each group ever had."""

Rule = dict[str, int | str]

QUESTIONS: Final[tuple[tuple[Measure, int | None, Rule], ...]] = (
    (Measure.PARTNERSHIPS, None, {}),
    (Measure.REFERRALS, None, {}),
    (Measure.EMPLOYED_AFTER_PRAKTIK, None, {}),
    (Measure.PLACEMENTS, None, {}),
    (Measure.PLACEMENTS, None, {"trade": "pleje"}),
    (Measure.PLACEMENTS, 0, {}),
    (Measure.HIRED, None, {}),
    (Measure.HIRED, 1, {}),
    (Measure.CARDS, None, {}),
    (Measure.CARDS, 2, {}),
    (Measure.OBSERVED_CARDS, None, {}),
    *((Measure.IN_WORK, group, {}) for group in (0, 1, 6)),
    (Measure.IN_WORK, 0, {"least_hours": 15, "with_igu": "0"}),
    *((Measure.IN_WORK_OR_EDUCATION, group, {}) for group in (2, 3, 4, 7)),
    *((Measure.NUMBER_IN_WORK_OR_EDUCATION, group, {}) for group in (2, 5)),
    *((Measure.SELF_SUPPORT, group, {}) for group in (2, 5, 7)),
    *((Measure.ACTIVITY, group, {}) for group in (2, 5)),
    *((Measure.REST_BEGUN, group, {}) for group in (3, 4)),
    *((Measure.MOVES_UP, group, {}) for group in (4, 6, 7)),
)
"""Thirty goals of a year, as (measure, number of the group, rule)."""


class LargeLedger:
    """Rows for one municipality, the first of the large data."""

    def __init__(self, work: Bulk) -> None:
        self.work, self.draw = work, work.draw
        self.place = work.homes[work.names[0]]
        self.first_on = date(work.today.year - YEARS + 1, 1, 1)
        self.people = [card["citizen_id"] for card, _seen in work.cards.values() if self._is_ours(card)]
        self.groups: list[int] = []

    def _is_ours(self, card: Row) -> bool:
        return bool(card["municipality_id"] == self.place.id)

    def add(self) -> None:
        home = db.session.get_one(Municipality, self.place.id)
        home.records_since_on = min(home.records_since_on, self.first_on)
        self._add_groups()
        members = list(self._memberships())
        followed = sorted({one["citizen_id"] for one in members})
        self.work.store(Membership, members)
        self.work.store(Spell, (spell for citizen_id in followed for spell in self._life(citizen_id)))
        self.work.store(StepPlacing, self._placings(followed))
        db.session.flush()
        for number in range(YEARS):
            self._set_goals(self.first_on.year + number)
        db.session.flush()
        freeze_due(self.work.at)

    def _moment(self, day: date) -> datetime:
        """Written within two weeks."""
        return min(self.work.at, danish_midnight(day) + timedelta(days=self.draw.randrange(14), hours=9))

    # --- Groups and members --------------------------------------------------------------------------------------

    def _add_groups(self) -> None:
        self.groups = [self.work.next_id(TargetGroup) for _share in SHARES]
        made_at = danish_midnight(self.first_on)
        self.work.store(
            TargetGroup,
            (
                {
                    "id": group_id,
                    "municipality_id": self.place.id,
                    "name": f"Stor målgruppe {number}",
                    "sentence": "",
                    "source": "",
                    "created_at": made_at,
                }
                for number, group_id in enumerate(self.groups, 1)
            ),
        )

    def _memberships(self) -> Iterator[Row]:
        for group_id, share in zip(self.groups, SHARES, strict=True):
            for citizen_id in self.draw.sample(self.people, int(share * len(self.people))):
                yield self._membership(group_id, citizen_id)

    def _membership(self, group_id: int, citizen_id: int) -> Row:
        from_on = self._some_day()
        until_on = from_on + timedelta(days=self.draw.randrange(200, 1_500))
        return {
            "id": self.work.next_id(Membership),
            "group_id": group_id,
            "citizen_id": citizen_id,
            "from_on": from_on,
            "until_on": until_on if until_on < self.work.today else None,
            "source": MembershipSource.IMPORT,
            "recorded_at": self._moment(from_on),
        }

    def _some_day(self) -> date:
        return self.first_on + timedelta(days=self.draw.randrange((self.work.today - self.first_on).days))

    # --- Spells and steps ----------------------------------------------------------------------------------------

    def _life(self, citizen_id: int) -> Iterator[Row]:
        """One episode after the other, from the first year until today."""
        day = self.first_on + timedelta(days=self.draw.randrange(400))
        while day < self.work.today:
            last = day + timedelta(days=self.draw.randrange(90, 700))
            until_on = last if last < self.work.today else None
            yield from self._episode(citizen_id, day, until_on)
            day = last + timedelta(days=1)

    def _episode(self, citizen_id: int, first: date, last: date | None) -> Iterator[Row]:
        chance = self.draw.random()
        if chance < 0.45:
            yield self._spell(citizen_id, SpellKind.PUBLICLY_SUPPORTED, first, last)
            if self.draw.random() < 0.6:
                begun = first + timedelta(days=self.draw.randrange(10, 80))
                over = begun + timedelta(days=self.draw.randrange(28, 180))
                if begun < self.work.today and (last is None or over <= last):
                    yield self._spell(citizen_id, SpellKind.ACTIVITY, begun, over)
        elif chance < 0.80:
            yield self._job(citizen_id, first, last)
            if self.draw.random() < 0.5:
                yield self._spell(citizen_id, SpellKind.SELF_SUPPORTING, first, last)
            if self.draw.random() < 0.15:
                yield self._job(citizen_id, first, last)
        elif chance < 0.92:
            yield self._spell(citizen_id, SpellKind.EDUCATION, first, last)

    def _job(self, citizen_id: int, first: date, last: date | None) -> Row:
        form = self.draw.choice(
            (None, None, PlacementForm.REGULAR_JOB, PlacementForm.IGU, PlacementForm.SMAAJOB)
        )
        hours = self.draw.choice((None, 8.0, 15.0, 20.0, 30.0, 37.0))
        spell = self._spell(citizen_id, SpellKind.ORDINARY_WORK, first, last)
        return {**spell, "hours_per_week": hours, "form": form}

    def _spell(self, citizen_id: int, kind: SpellKind, first: date, last: date | None) -> Row:
        return {
            "id": self.work.next_id(Spell),
            "citizen_id": citizen_id,
            "kind": kind,
            "from_on": first,
            "until_on": last,
            "hours_per_week": None,
            "form": None,
            "source": SpellSource.IMPORT,
            "recorded_at": self._moment(first),
        }

    def _placings(self, people: list[int]) -> Iterator[Row]:
        ladder = WorkLadder(
            municipality_id=self.place.id,
            name="Stor trappe",
            created_at=danish_midnight(self.first_on),
            steps=[LadderStep(position=number, name=f"Trin {number}") for number in range(1, STEPS + 1)],
        )
        db.session.add(ladder)
        db.session.flush()
        for citizen_id in people:
            step = self.draw.randrange(3)
            for day in sorted({self._some_day() for _number in range(self.draw.randrange(4))}):
                yield {
                    "id": self.work.next_id(StepPlacing),
                    "citizen_id": citizen_id,
                    "step_id": ladder.steps[step].id,
                    "from_on": day,
                    "recorded_at": self._moment(day),
                }
                step = min(STEPS - 1, max(0, step + self.draw.choice((-1, 1, 1))))

    # --- Goals ---------------------------------------------------------------------------------------------------

    def _set_goals(self, number: int) -> None:
        first_on, last_on = year(number)
        for measure, group, rule in QUESTIONS:
            details = GoalDetails(
                measure=measure,
                period=PeriodKind.YEAR,
                first_on=first_on,
                last_on=last_on,
                target=40,
                sentence=f"{measure.label}: det, kommunen lovede for {number}.",
                source="Plan til at måle på",
                group_id=None if group is None else self.groups[group],
                terms=dict(rule),
            )
            with suppress(GoalExists):  # the plan asks the same already
                set_goal(self.place.id, details, by=None, at=danish_midnight(first_on))
