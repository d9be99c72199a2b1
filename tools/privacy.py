"""Write docs/privacy.md from what the rooms declare of people: python -m tools.privacy

The deadlines are those of the reference rules and the default settings; an installation shows its own on /privatliv.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from portal.application import create_app
from portal.base import clock
from portal.base.database import db
from portal.config import DEFAULTS
from portal.shared.rules.services import reference_rules
from portal.shared.rules.units import in_words
from portal.web.holdings import ALL_COLUMNS, Holding, HoldsNobody, People
from portal.web.rooms import Rooms

FILE: Final = Path(__file__).parent.parent / "docs" / "privacy.md"

INTRODUCTION: Final = """\
# Persondata i portalen

Her står, hvad portalen gemmer om mennesker: hvorfor, efter hvilken regel, hvem der ser det, og hvornår det er væk.
Filen er lavet med `python -m tools.privacy` af det, hvert rum siger om sine tabeller (`holds` i `room.py`). En test
finder en tabel eller en kolonne, som ingen har sagt noget om, og hver sætning på siden `/privatliv` har en test.

Hjemlen er projektets forslag. Den er ikke efterprøvet, og kommunens databeskyttelsesrådgiver skal sige god for den.
Fristerne er dem, portalen kommer med. En frist, der er en *regel*, er en række med en dato, som kan ændres på siden
Regler. En *indstilling* står i `portal/config.py`. `flask purge-expired --dry-run` viser, hvor meget der er klar til
at blive slettet.
"""


NAMES_OF_THINGS: Final = (
    "employers.name",
    "workplaces.name",
    "municipalities.name",
    "municipalities.email",
    "municipalities.phone",
    "skills.name",
    "job_titles.name",
    "register_answers.name",
    "outbox.sender_name",
    "marks.name",
    "target_groups.name",
    "young_places.name",
    "cohort_kinds.name",
    "cohort_kind_themes.name",
    "cohorts.name",
    "cohort_themes.name",
    "courses.name",
    "ladders.name",
    "ladder_steps.name",
    "job_packages.name",
    "package_steps.name",
    "frozen_lines.employer_name",
)
"""Columns that are called as a person's are, and hold a company's, a place's, a municipality's or a word's."""

_PERSONAL_NAMES: Final = (
    "name",
    "email",
    "phone",
    "recipient",
    "device",
    "case_reference",
    "born_on",
    "by",
    "by_id",
    "user_id",
    "citizen_id",
    "actor_id",
)
_PEOPLES_TABLES: Final = ("users", "citizens", "competence_cards")


def holds_a_person(column: sa.Column[Any]) -> bool:
    """Whether a column looks as if it held somebody: by what it points to, or by how it is called."""
    if column.foreign_keys:
        return any(key.column.table.name in _PEOPLES_TABLES for key in column.foreign_keys)
    words = column.name
    return any(words == name or words.endswith(f"_{name}") for name in _PERSONAL_NAMES)


@dataclass
class Undeclared:
    """What the declarations and the tables do not agree about."""

    tables: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def undeclared(
    metadata: sa.MetaData,
    holdings: Sequence[Holding],
    nobody: Sequence[HoldsNobody],
) -> Undeclared:
    """Tables and columns that nobody has declared, or declared twice, or that are not there."""
    held = [(table, columns) for holding in holdings for table, columns in holding.tables.items()]
    told = [table for table, _columns in held] + [table for one in nobody for table in one.tables]
    by_table = dict(held)
    found = Undeclared(twice=sorted({table for table in told if told.count(table) > 1}))
    found.unknown = sorted(set(told) - set(metadata.tables))
    for table in metadata.sorted_tables:
        if table.name not in told:
            found.tables.append(table.name)
        elif by_table.get(table.name) != ALL_COLUMNS:
            found.columns += _unsaid(table, by_table.get(table.name, ()))
            found.unknown += [
                f"{table.name}.{name}" for name in by_table.get(table.name, ()) if name not in table.c
            ]
    return found


def _unsaid(table: sa.Table, said: Sequence[str]) -> list[str]:
    return [
        f"{table.name}.{column.name}"
        for column in table.columns
        if holds_a_person(column)
        and column.name not in said
        and f"{table.name}.{column.name}" not in NAMES_OF_THINGS
    ]


def reference_values(day: date) -> dict[str, str]:
    """The numbers, in words, of the rules that the portal comes with, as they stand on the day."""
    return {
        rule.key: in_words(rule.value, rule.unit)
        for rule in reference_rules()
        if rule.valid_from <= day and (rule.valid_to is None or rule.valid_to >= day)
    }


def written(rooms: Rooms, rules: Mapping[str, str], settings: Mapping[str, Any]) -> str:
    """The whole file."""
    parts = [INTRODUCTION]
    for people in People:
        parts.append(f"## {people.label}\n")
        parts += [_section(one, rules, settings) for one in rooms.holds if one.people is people]
    parts.append("## Tabeller uden mennesker\n")
    parts.append(_nobody(rooms.nobody))
    return "\n".join(parts)


def _section(holding: Holding, rules: Mapping[str, str], settings: Mapping[str, Any]) -> str:
    deadlines = []
    for kept in holding.kept:
        where = f" (regel `{kept.rule}`)" if kept.rule else ""
        where = f" (indstilling `{kept.setting}`)" if kept.setting else where
        deadlines.append(f"{kept.said(rules, settings)}{where}")
    lines = [
        f"### {holding.title}\n",
        *(f"- Tabel: `{table}`{_columns(columns)}" for table, columns in holding.tables.items()),
        f"- Hvorfor: {holding.purpose}",
        f"- Hjemmel: {holding.basis.label}",
        f"- Hvem ser det: {holding.seen_by}",
        *(f"- Hvor længe: {words}" for words in deadlines),
    ]
    return "\n".join(lines) + "\n"


def _columns(columns: Sequence[str]) -> str:
    return f", kolonnerne {', '.join(f'`{one}`' for one in columns)}" if columns else ""


def _nobody(told: Sequence[HoldsNobody]) -> str:
    return (
        "\n".join(f"- {', '.join(f'`{table}`' for table in one.tables)}: {one.because}" for one in told)
        + "\n"
    )


def main() -> None:
    app = create_app()
    with app.app_context():
        rooms = app.extensions["rooms"]
        found = undeclared(db.metadata, rooms.holds, rooms.nobody)
        unclear = [*found.tables, *found.twice, *found.columns, *found.unknown]
        if unclear:
            raise SystemExit(f"No room, or more than one, says what these hold: {', '.join(unclear)}")
        words = written(rooms, reference_values(clock.today()), DEFAULTS)
    FILE.write_text(words, encoding="utf-8")


if __name__ == "__main__":
    main()
