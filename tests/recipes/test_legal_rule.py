"""A new rule of the law is its function, called in its form's law, and its numbers' rows; pages and records follow."""

from pathlib import Path

import pytest

from tests.support.recipes import Edit, tell

RECIPE = (
    Edit(
        "portal/shared/rules/law/praktik.py",
        "def purpose(chosen",
        '''\
def least_hours(hours_per_week: float, numbers: Numbers) -> Finding:
    """R99, a toy: so few hours teach nothing."""
    least = numbers["praktik-hours-least"]
    return judged(
        "R99",
        numbers.reference("praktik-hours-least"),
        holds=hours_per_week >= least,
        ok=_l("Der er timer nok."),
        broken=_l("%(hours)s timer om ugen er for lidt.", hours=da_number(hours_per_week)),
        remedy=_l("Vælg mindst %(least)s timer om ugen.", least=da_number(least)),
    )


''',
    ),
    Edit(
        "portal/shared/rules/law/praktik.py",
        "        *_lengths(case, stretch),\n",
        "        least_hours(case.hours_per_week, numbers),\n",
    ),
    Edit(
        "portal/shared/rules/data/rules.csv",
        "praktik-weeks-ready,",
        "praktik-hours-least,Virksomhedspraktik: mindste antal timer,10,timer om ugen,2018-01-01,,"
        "Legetøjslov § 1,Ingen,Projektet,2026-11-21,read,higher\n",
    ),
)
"""What CONTRIBUTING.md says: the function and its call, and the number."""


@pytest.mark.slow
def test_a_new_rule_is_two_files(tmp_path: Path) -> None:
    assert len({edit.path for edit in RECIPE}) <= 2

    tell("tests.recipes.legal_rule_story", RECIPE, tmp_path)
