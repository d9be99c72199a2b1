"""Write docs/goals.md from the plans' own sentences and what the rooms say of their measures: python -m tools.goals"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

from portal.application import create_app
from portal.base.terms import GoalAim, GoalUnit, PeriodKind
from portal.ledger.goals.measures import spec_of
from portal.ledger.goals.plans import PlainSentence, Plan, PlannedGoal, read_plans
from portal.web.measures import MeasureSpec

FILE: Final = Path(__file__).parent.parent / "docs" / "goals.md"

INTRODUCTION: Final = """\
# Målene i de to planer

Her står hver sætning i de to planer, der vil noget: hvad portalen tæller, for hvem, i hvilken tid, efter hvilken
regel, og hvad der skal skrives ned, før tallet siger noget. Sætningerne er planernes egne, ord for ord, også hvor der
er en slåfejl. De står i `portal/ledger/goals/data/plans`, en fil for hver plan. Hvad en plan lader stå åbent, har vi
læst, som der står under “Vores læsning”; kommunen kan rette det på sit mål.

Filen er lavet med `python -m tools.goals` af planernes sætninger og af det, hvert rum siger om sine tal
(`measures.py`). En test holder den på plads, og en anden ser efter, at hvert mål har et tal i demoen, undtagen dem, der
venter.

En målgruppe har et neutralt navn. Planens sætning står ved gruppen og ved målet, aldrig ved et menneske.
"""

_GOALS_HEAD: Final = (
    "| planens ord | det tæller vi | målgruppe | tid | mål | regel | det skal skrives ned |\n"
    "| --- | --- | --- | --- | --- | --- | --- |"
)
_SENTENCES_HEAD: Final = (
    "| planens ord | kan følges med | hvorfor det ikke er et mål med et tal |\n| --- | --- | --- |"
)
_GROUPS_HEAD: Final = "| målgruppe | planens ord | planens tid |\n| --- | --- | --- |"


def written(plans: Iterable[Plan]) -> str:
    """The whole file."""
    parts = [INTRODUCTION]
    for plan in plans:
        parts += _section(plan)
    return "\n".join(parts)


def _section(plan: Plan) -> list[str]:
    return [
        f"## {plan.municipality}\n",
        f"Kilde: {plan.title}.\n",
        "### Målgrupper\n",
        _GROUPS_HEAD,
        *(
            _row(
                one.name, _quote(one.sentence, _place(one.source, plan)), _days(one.plan_from, one.plan_until)
            )
            for one in plan.groups
        ),
        "\n### Mål med et tal\n",
        _GOALS_HEAD,
        *(_goal(goal, plan) for goal in plan.goals),
        "\n### Sætninger uden et tal\n",
        _SENTENCES_HEAD,
        *(_sentence(one, plan) for one in plan.sentences),
        "",
    ]


def _goal(goal: PlannedGoal, plan: Plan) -> str:
    spec = spec_of(goal.measure)
    words = _quote(goal.sentence, _place(goal.source, plan))
    if goal.reading:
        words += f"<br>*Vores læsning:* {goal.reading}"
    return _row(
        words,
        str(goal.measure.label),
        plan.group(goal.group).name if goal.group else "",
        f"{goal.period.label}: {_time(goal)}",
        _target(goal, spec),
        _rule(goal, spec),
        f"{spec.needs}" if spec.counted else f"**Venter.** {spec.needs}",
    )


def _sentence(one: PlainSentence, plan: Plan) -> str:
    words = _quote(one.sentence, _place(one.source, plan))
    return _row(words, str(one.measure.label) if one.measure else "", one.why)


def _place(source: str, plan: Plan) -> str:
    return source.removeprefix(f"{plan.title}, ")


def _quote(sentence: str, place: str) -> str:
    return f"“{sentence}” ({place})"


def _time(goal: PlannedGoal) -> str:
    if goal.period is PeriodKind.YEAR:
        return str(goal.last_on.year)
    if goal.period is PeriodKind.DAY:
        return f"{goal.last_on:%d-%m-%Y}"
    return _days(goal.first_on, goal.last_on)


def _days(first: date, last: date) -> str:
    return f"{first:%d-%m-%Y} til {last:%d-%m-%Y}"


def _target(goal: PlannedGoal, spec: MeasureSpec) -> str:
    is_share = spec.unit is GoalUnit.PERCENT
    if goal.aim not in (GoalAim.RISE, GoalAim.FALL):
        return f"{goal.aim.label} {goal.target}{' procent' if is_share else ''}"
    start = (
        "det første tal" if goal.baseline is None else f"{goal.baseline:f}{' procent' if is_share else ''}"
    )
    way = "op" if goal.aim is GoalAim.RISE else "ned"
    return f"{goal.target} {'procentpoint' if is_share else 'procent'} {way} fra {start}"


def _rule(goal: PlannedGoal, spec: MeasureSpec) -> str:
    if spec.counted is None:
        return ""
    return spec.counted.rule_for(tuple(goal.terms.items()))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def main() -> None:
    app = create_app()
    with app.app_context():
        FILE.write_text(written(read_plans()), encoding="utf-8")


if __name__ == "__main__":
    main()
