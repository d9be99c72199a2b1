"""A figure whose time is over is counted for good: what it keeps, when, and what is told beside it."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import Measure, PlacementForm
from portal.ledger.goals import corrections as later
from portal.ledger.goals import figures, freezing, services
from portal.ledger.goals.corrections import CorrectionKind, disclosed
from portal.ledger.goals.masking import is_few
from portal.ledger.goals.models import FrozenFigure, FrozenLine, FrozenLinePerson, Goal, GoalChange, GoalStep
from portal.loop.citizens.models import Citizen
from portal.loop.placements.models import Outcome, Placement, PlacementStatus
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.shared.rules.models import Rule
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_employer,
    make_opening,
    make_partnership,
    make_placement,
    municipality,
)
from tests.support.erasing import erase
from tests.support.goals import set_goal

LAST_YEAR = 2025


def freeze(goal: Goal, *, at: datetime = NOW, note: str = "", by: User | None = None) -> FrozenFigure:
    with transaction():
        return freezing.freeze_goal(goal, note=note, by=by, at=at)


def hired(on: date, **values: Any) -> Placement:
    return make_placement(
        **{
            "status": PlacementStatus.ENDED,
            "starts_on": on - timedelta(days=40),
            "ended_on": on,
            "outcome": Outcome.HIRED,
            **values,
        }
    )


def lines_of(figure: FrozenFigure) -> list[FrozenLine]:
    found = sa.select(FrozenLine).where(FrozenLine.figure_id == figure.id).order_by(FrozenLine.id)
    return list(db.session.scalars(found))


# --- What is kept ----------------------------------------------------------------------------------------------


def test_the_figure_is_the_sum_of_the_lines_it_keeps(app: Flask) -> None:
    goal = set_goal(Measure.HIRED, LAST_YEAR)
    for month in (2, 2, 5, 11):
        hired(date(LAST_YEAR, month, 20))
    hired(date(LAST_YEAR - 1, 12, 31))

    figure = freeze(goal)

    lines = lines_of(figure)
    assert (figure.amount, figure.lines, figure.linked) == (4, 4, 4)
    assert sum(line.amount for line in lines) == figure.amount
    assert [line.quarter_on.month for line in lines] == [1, 1, 4, 10]
    assert figures.figure_of(municipality(), goal, TODAY).frozen == figure


def test_a_line_about_a_person_says_nothing_of_whom(app: Flask) -> None:
    goal = set_goal(Measure.HIRED, LAST_YEAR)
    hired(date(LAST_YEAR, 2, 20), form=PlacementForm.PRAKTIK)

    [line] = lines_of(freeze(goal))

    assert (line.cvr, line.employer_name, line.on, line.notes) == (None, None, None, [])
    assert (line.quarter_on, line.form) == (date(LAST_YEAR, 1, 1), PlacementForm.PRAKTIK)


def test_a_line_about_a_firm_keeps_what_it_rested_on(app: Flask) -> None:
    goal = set_goal(Measure.PARTNERSHIPS, LAST_YEAR)
    employer = make_employer("Bos Køkken ApS")
    make_opening(employer, title="Kok i Hundested", published_at=datetime(LAST_YEAR, 6, 1, tzinfo=UTC))
    make_partnership(employer, signed_on=date(LAST_YEAR, 3, 1))

    figure = freeze(goal)

    [line] = lines_of(figure)
    assert (line.cvr, line.employer_name, line.on) == (employer.cvr, "Bos Køkken ApS", date(LAST_YEAR, 3, 1))
    assert any("Kok i Hundested" in note for note in line.notes)
    assert figure.linked == 0


def test_the_order_of_the_lines_tells_nothing_of_whom(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freezing, "_CHANCE", Random(1))
    goal = set_goal(Measure.CARDS, LAST_YEAR)
    for _number in range(8):
        make_card(created_at=datetime(LAST_YEAR, 5, 1, tzinfo=UTC))

    figure = freeze(goal)

    people = db.session.scalars(
        sa.select(FrozenLinePerson.citizen_id).order_by(FrozenLinePerson.line_id)
    ).all()
    assert figure.amount == len(people) == 8
    assert people != sorted(people)


def test_it_says_how_it_was_counted_when_and_by_whom(app: Flask, mette: User) -> None:
    goal = set_goal(Measure.HIRED, LAST_YEAR)

    figure = freeze(goal, note="  Udvalget mødes i dag. ", by=mette)

    assert "1. januar 2025 til 31. december 2025" in figure.rule
    assert (figure.frozen_by, figure.frozen_at, figure.note) == (mette, NOW, "Udvalget mødes i dag.")
    step = db.session.scalars(sa.select(GoalChange).where(GoalChange.step == GoalStep.FROZEN)).one()
    assert (step.goal_id, step.by_id, step.note) == (goal.id, mette.id, "Udvalget mødes i dag.")
    assert db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "goal-frozen")).one()


def test_sums_of_erased_people_become_lines_that_add_up(app: Flask) -> None:
    goal = set_goal(Measure.HIRED, LAST_YEAR)
    placement = hired(date(LAST_YEAR, 2, 20), form=PlacementForm.PRAKTIK)
    hired(date(LAST_YEAR, 8, 20))
    erase(placement.card.citizen)

    figure = freeze(goal)

    lines = lines_of(figure)
    assert (figure.amount, figure.linked) == (2, 1)
    assert (lines[0].quarter_on.month, lines[0].form) == (1, PlacementForm.PRAKTIK)
    assert not later.corrections(figure)


# --- When ------------------------------------------------------------------------------------------------------


def test_a_figure_is_frozen_the_day_after_its_last_at_the_earliest(app: Flask) -> None:
    goal = set_goal(Measure.HIRED, 2026, last_on=TODAY)

    with pytest.raises(freezing.TimeNotOver):
        freeze(goal)

    assert freeze(goal, at=NOW + timedelta(days=1)).on == TODAY


def test_a_figure_is_frozen_once(app: Flask) -> None:
    goal = set_goal(Measure.HIRED, LAST_YEAR)
    freeze(goal)

    with pytest.raises(freezing.AlreadyFrozen):
        freeze(goal)
    with pytest.raises(services.GoalIsFrozen), transaction():
        services.correct_goal(goal, services.details_of(goal), note="", by=None, at=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("measure", "year"),
    [(Measure.HIRED, 2019), (Measure.YOUNG_IN_LEISURE_JOB, LAST_YEAR)],
    ids=["before", "not written"],
)
def test_what_has_no_figure_is_not_frozen(app: Flask, measure: Measure, year: int) -> None:
    with pytest.raises(freezing.NoFigureToFreeze):
        freeze(set_goal(measure, year))


def due(at: datetime) -> int:
    with transaction():
        return freezing.freeze_due(at)


def test_a_year_is_frozen_on_15_january_without_anybody(app: Flask) -> None:
    goal = set_goal(Measure.HIRED, LAST_YEAR)
    set_goal(Measure.HIRED, 2026)
    set_goal(Measure.YOUNG_IN_LEISURE_JOB, LAST_YEAR)

    assert due(datetime(2026, 1, 14, 22, 59, tzinfo=UTC)) == 0  # 23.59 in Denmark
    assert due(datetime(2026, 1, 14, 23, 0, tzinfo=UTC)) == 1
    assert due(NOW) == 0

    figure = db.session.scalars(sa.select(FrozenFigure)).one()
    assert (figure.goal_id, figure.frozen_by_id) == (goal.id, None)


def test_a_municipality_may_count_earlier(app: Flask) -> None:
    shipped = db.session.scalars(sa.select(Rule).where(Rule.key == freezing.WAIT)).one()
    with transaction():
        columns = {column.key: getattr(shipped, column.key) for column in sa.inspect(Rule).column_attrs}
        columns |= {"id": None, "value": 5, "municipality_id": municipality().id}
        db.session.add(Rule(**columns))
    set_goal(Measure.HIRED, LAST_YEAR)
    set_goal(Measure.HIRED, LAST_YEAR, place="Fredensborg")

    assert due(datetime(2026, 1, 6, tzinfo=UTC)) == 1


def test_one_that_cannot_be_counted_holds_up_none_of_the_others(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, whole = set_goal(Measure.CARDS, LAST_YEAR), set_goal(Measure.HIRED, LAST_YEAR)
    count = freezing.lines_of

    def trip(ask: Any, lists: Any) -> Any:
        if ask.measure is Measure.CARDS:
            db.session.execute(sa.text("SELECT nothing FROM nowhere"))
        return count(ask, lists)

    monkeypatch.setattr(freezing, "lines_of", trip)

    assert due(NOW) == 1
    assert db.session.scalars(sa.select(FrozenFigure.goal_id)).all() == [whole.id]
    assert f"goal {broken.id} could not be counted" in caplog.text


# --- What is told beside it ------------------------------------------------------------------------------------


def told(figure: FrozenFigure) -> later.Corrections:
    db.session.expire_all()
    return later.corrections(db.session.get_one(FrozenFigure, figure.id))


def test_what_is_as_it_was_needs_no_word(app: Flask) -> None:
    goal = set_goal(Measure.HIRED, LAST_YEAR)
    hired(date(LAST_YEAR, 2, 20))

    assert not told(freeze(goal))


def test_few_late_entries_and_erasures_are_told_without_numbers(app: Flask) -> None:
    goal = set_goal(Measure.HIRED, LAST_YEAR)
    placement = hired(date(LAST_YEAR, 2, 20))
    figure = freeze(goal)
    hired(date(LAST_YEAR, 3, 20))
    erase(placement.card.citizen)

    people = told(figure).people

    assert people is not None
    assert (people.numbers, people.total, len(people.kinds)) == ((), None, 2)
    assert figures.figure_of(municipality(), goal, TODAY).value == 1


def test_many_late_entries_are_counted(app: Flask) -> None:
    goal = set_goal(Measure.CARDS, LAST_YEAR)
    figure = freeze(goal)
    for _number in range(6):
        make_card(created_at=datetime(LAST_YEAR, 5, 1, tzinfo=UTC))

    people = told(figure).people

    assert people is not None
    assert people.numbers == ((CorrectionKind.LATE, 6),)


def test_an_agreement_typed_in_late_is_named(app: Flask) -> None:
    goal = set_goal(Measure.PARTNERSHIPS, LAST_YEAR)
    employer = make_employer("Sent på den ApS")
    make_opening(employer, published_at=datetime(LAST_YEAR, 6, 1, tzinfo=UTC))
    figure = freeze(goal)
    make_partnership(employer, signed_on=date(LAST_YEAR, 3, 1), created_at=NOW + timedelta(hours=1))

    [firm] = told(figure).firms

    assert (firm.kind, firm.name, firm.employer_id) == (CorrectionKind.LATE, "Sent på den ApS", employer.id)
    assert any("aftalen af 1. marts 2025 er skrevet ind" in reason for reason in firm.reasons)


def test_an_end_written_in_late_is_named_beside_the_figure_that_stands(app: Flask) -> None:
    goal = set_goal(Measure.PARTNERSHIPS, LAST_YEAR)
    employer = make_employer("Sluttede Før ApS")
    make_opening(employer, published_at=datetime(LAST_YEAR, 6, 1, tzinfo=UTC))
    partnership = make_partnership(employer, signed_on=date(LAST_YEAR, 3, 1))
    figure = freeze(goal)
    with transaction():
        ended = db.session.merge(partnership)
        ended.ends_on, ended.end_recorded_at = date(LAST_YEAR, 12, 1), NOW + timedelta(hours=1)

    [firm] = told(figure).firms

    assert figure.amount == 1
    assert firm.kind is CorrectionKind.GONE
    assert any("aftalens sidste dag er skrevet ind" in reason for reason in firm.reasons)


MOST = 9


def worlds() -> Iterator[dict[CorrectionKind, int]]:
    for counts in product(range(MOST + 1), repeat=len(CorrectionKind)):
        yield dict(zip(CorrectionKind, counts, strict=True))


def test_no_small_number_of_corrections_follows_from_what_is_shown() -> None:
    """A reader may know how a figure moved, from the total of another goal, and how this is written."""
    alike: dict[Any, list[dict[CorrectionKind, int]]] = {}
    for world in worlds():
        moved = world[CorrectionKind.LATE] - world[CorrectionKind.GONE]
        alike.setdefault((moved, disclosed(world)), []).append(world)

    looked_at = Counter[bool]()
    for (moved, shown), same in alike.items():
        if shown is None or shown.numbers or abs(moved) > 5 or (shown.total or 0) > MOST:
            continue  # nothing hidden, or worlds beyond those that were made would show the same
        for world, kind in product(same, CorrectionKind):
            if is_few(world[kind]):
                looked_at[shown.total is None] += 1
                assert len({other[kind] for other in same}) > 1, (moved, shown, kind)
    assert looked_at[True]
    assert looked_at[False]


def test_without_small_numbers_every_kind_is_counted() -> None:
    counts = {
        CorrectionKind.LATE: 7,
        CorrectionKind.CHANGED: 0,
        CorrectionKind.GONE: 5,
        CorrectionKind.ERASED: 0,
    }

    shown = disclosed(counts)

    assert shown is not None
    assert shown.numbers == ((CorrectionKind.LATE, 7), (CorrectionKind.GONE, 5))
    assert disclosed(dict.fromkeys(CorrectionKind, 0)) is None


def test_whom_a_frozen_line_is_of_goes_with_her(app: Flask) -> None:
    goal = set_goal(Measure.HIRED, LAST_YEAR)
    placement = hired(date(LAST_YEAR, 2, 20))
    figure = freeze(goal)

    erase(placement.card.citizen)

    assert not db.session.scalars(sa.select(FrozenLinePerson)).all()
    assert len(lines_of(figure)) == 1
    assert db.session.scalars(sa.select(Citizen)).all() == []
