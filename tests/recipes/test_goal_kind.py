"""A new goal kind is a member and a spec where its records are; the ledger asks no measure for its name."""

import ast
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from portal.application import ROOMS
from portal.base.terms import Measure
from portal.ledger.goals import measures
from portal.web.measures import Counted, MeasureSpec
from portal.web.rooms import Rooms
from tests.support.recipes import ROOT, Edit, tell

pytestmark = pytest.mark.slow

MEASURES = Rooms(ROOMS).measures
NAMES = {f"Measure.{name}" for name in Measure.__members__}
BY_ITSELF = {"outlives", "written_since", "tells_of_whole_times", "page"}
"""What means something without a word."""

RECIPE = (
    Edit(
        "portal/base/terms.py",
        '    OBSERVED_CARDS = "observed_cards"',
        '    ACTIVE_CARDS = "active_cards", _l("Kort i brug")\n',
    ),
    Edit(
        "portal/loop/cards/measures.py",
        "MEASURES = (\n",
        """\
def _in_use(ask: Ask) -> sa.Select[Any]:
    return sa.select(*line(CompetenceCard.citizen_id, danish_day(CompetenceCard.created_at))).where(
        CompetenceCard.municipality_id == ask.municipality_id, CompetenceCard.is_active
    )


ACTIVE_CARDS = MeasureSpec(
    measure=Measure.ACTIVE_CARDS,
    unit=GoalUnit.COUNT,
    counted=Counted(
        subject=Subject.CITIZENS,
        periods=frozenset({PeriodKind.DAY}),
        group=GroupUse.MAY,
        terms=(),
        lines=listed_by(_in_use),
        near_misses=None,
        rule=_l("Et kort tæller, når det ikke er lagt væk."),
        link=None,
    ),
    needs=_l("Konsulenten laver et kort."),
)
""",
    ),
    Edit(
        "portal/loop/cards/measures.py",
        "    MeasureSpec(\n        measure=Measure.CARDS",
        "    ACTIVE_CARDS,\n",
    ),
)
"""What CONTRIBUTING.md says: the member, and its spec in the room that holds the records."""


def test_a_new_goal_kind_is_two_files(tmp_path: Path) -> None:
    assert len({edit.path for edit in RECIPE}) <= 2

    tell("tests.recipes.goal_kind_story", RECIPE, tmp_path)


def test_the_ledger_names_a_measure_only_where_no_room_counts_it() -> None:
    named = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "portal" / "ledger").rglob("*.py")
        if path.name != "measures.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in NAMES
    ]

    assert named == []


@pytest.mark.parametrize("described", [MeasureSpec, Counted])
def test_no_part_of_a_spec_can_be_left_out(described: type) -> None:
    left_out = {one.name for one in fields(described) if one.default is not MISSING}

    assert left_out <= BY_ITSELF


@pytest.mark.parametrize(
    "declared", [MEASURES[1:], (*MEASURES, MEASURES[0])], ids=["one is missing", "one stands twice"]
)
def test_a_measure_has_one_spec_or_the_portal_does_not_start(declared: tuple[MeasureSpec, ...]) -> None:
    with pytest.raises(measures.UndeclaredMeasure, match=MEASURES[0].measure.value):
        measures.declare(declared)
