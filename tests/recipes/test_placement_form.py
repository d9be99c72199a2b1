"""A new placement form is its traits, its law and a line that joins them; nothing else names a form."""

import ast
from dataclasses import fields
from pathlib import Path

import pytest

from portal.base.terms import FormTraits, PlacementForm
from portal.shared.rules.law.case import FormLaw
from portal.shared.rules.law.forms import LAWS
from portal.workspaces.vitas.by_form import OwnDemands
from tests.support.recipes import ROOT, Edit, tell

pytestmark = pytest.mark.slow

RECIPE = (
    Edit(
        "portal/base/terms.py",
        "    FRITIDSJOB = (\n",
        """\
    SKAANEJOB = (
        "skaanejob",
        FormTraits(
            label=_l("Skånejob med tilskud"),
            short=_l("Skånejob"),
            said_to_employer=_l("Et job på særlige vilkår for en, der har førtidspension."),
            names_in_files=("job på særlige vilkår",),
            is_paid=True,
            rung=5,
            fulfils_praktik=True,
            counts_in_ratio=True,
            agreed_in_vitas=True,
            counts_nationally=True,
            spell=SpellKind.ORDINARY_WORK,
        ),
    )
""",
    ),
    Edit(
        "portal/shared/rules/law/skaanejob.py",
        "",
        '''\
"""A toy: the law of skånejob."""

from portal.shared.rules.book import Numbers
from portal.shared.rules.findings import Finding
from portal.shared.rules.law.case import Case, FormLaw, nothing
from portal.shared.rules.law.fritidsjob import LAW as YOUTH


def _at_start(case: Case, numbers: Numbers) -> list[Finding]:
    verdict = YOUTH.age(None, case.starts_on, numbers).verdict
    return [Finding("R-TOY", verdict, "Skånejob er prøvet.", "Ingen lov")]


LAW = FormLaw(
    at_start=_at_start,
    on_days=nothing,
    age=YOUTH.age,
    is_for_the_young=False,
    asks=(),
    asks_for_reason=False,
)
''',
    ),
    Edit(
        "portal/shared/rules/law/forms.py",
        "    PlacementForm.FRITIDSJOB: ",
        "    PlacementForm.SKAANEJOB: skaanejob.LAW,\n",
    ),
    Edit(
        "portal/shared/rules/law/forms.py",
        "from portal.shared.rules.law import ",
        "from portal.shared.rules.law import skaanejob\n",
    ),
)
"""What CONTRIBUTING.md says: the traits, the law, and the line that joins them."""

KNOW_MEMBERS = (
    "portal/base/terms.py",
    "portal/shared/rules/law/forms.py",
    "portal/workspaces/vitas/by_form.py",
    "portal/demo/",
)
"""Where a member may be named: its traits, its law, what VITAS asks of it alone, and the demo's own story."""


def test_a_new_form_is_three_files(tmp_path: Path) -> None:
    assert len({edit.path for edit in RECIPE}) <= 3

    tell("tests.recipes.placement_form_story", RECIPE, tmp_path)


def test_a_form_is_asked_for_its_traits_and_never_for_its_name() -> None:
    named = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "portal").rglob("*.py")
        if not str(path.relative_to(ROOT)).startswith(KNOW_MEMBERS)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in PlacementForm.__members__
    ]

    assert named == []


def test_a_form_without_traits_stops_the_portal() -> None:
    with pytest.raises(TypeError, match="skaanejob"):
        PlacementForm._new_member_(PlacementForm, "skaanejob")  # what the class does with each of its lines


@pytest.mark.parametrize("described", [FormTraits, FormLaw, OwnDemands])
def test_no_trait_can_be_left_out(described: type) -> None:
    whole = {one.name: None for one in fields(described)}
    described(**whole)

    for left_out in whole:
        with pytest.raises(TypeError, match=left_out):
            described(**{name: None for name in whole if name != left_out})


def test_every_form_has_its_law() -> None:
    assert set(LAWS) == set(PlacementForm)
