"""A new reason for a no, the consultant's or the employer's, is one line; forms, counts and records follow."""

import ast
from pathlib import Path

import pytest

from portal.loop.reviews.models import Decision, DecisionReason, EmployerReason
from tests.support.recipes import ROOT, Edit, tell

RECIPE = (
    Edit(
        "portal/loop/reviews/models.py",
        '    OTHER = "other", _l("Andet"), ',
        '    CHILDCARE = "childcare", _l("Børnepasning mangler"), Decision.REFUSED\n',
    ),
    Edit(
        "portal/loop/reviews/models.py",
        '    OTHER = "other", _l("Andet")\n',
        '    NO_MENTOR = "no_mentor", _l("Vi har ingen til oplæring")\n',
    ),
)
"""What CONTRIBUTING.md says: the line of each."""

KNOW_MEMBERS = ("portal/loop/reviews/models.py", "portal/demo/")


@pytest.mark.slow
def test_a_new_reason_is_one_file(tmp_path: Path) -> None:
    assert len({edit.path for edit in RECIPE}) == 1

    tell("tests.recipes.refusal_reason_story", RECIPE, tmp_path)


def test_only_other_is_named_for_it_says_nothing_by_itself() -> None:
    named = [
        ast.unparse(node)
        for path in (ROOT / "portal").rglob("*.py")
        if not str(path.relative_to(ROOT)).startswith(KNOW_MEMBERS)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in {*DecisionReason.__members__, *EmployerReason.__members__}
        and ast.unparse(node.value) in (DecisionReason.__name__, EmployerReason.__name__)
    ]

    assert named == ["DecisionReason.OTHER"]


def test_every_reason_is_one_of_a_yes_or_a_no() -> None:
    assert [reason for reason in DecisionReason if not reason.decisions] == []
    assert set(DecisionReason.OTHER.decisions) == set(Decision)
