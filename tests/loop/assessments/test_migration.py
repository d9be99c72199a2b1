"""What became of the endings that one consultant could write alone (migration 024)."""

import json
from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from portal.application import MIGRATIONS
from portal.base.database import db
from tests.support import old_schema
from tests.support.old_schema import AT, ON_BOTH_ENGINES, old_database  # noqa: F401

pytestmark = ON_BOTH_ENGINES

BEGUN, DAY, LATER = date(2026, 1, 1), date(2026, 2, 1), date(2026, 4, 1)
MIDWAY = {"kind": "midway", "number": 1, "opened_by_id": 6}
SEEN = {"source": "employer", "seen_at": "Bos Køkken", "level": 2, "confidence": 1}


def ended(number: int, day: date) -> dict[str, object]:
    return {
        "id": number, "review_id": number, "form": "praktik", "hours_per_week": 25, "starts_on": BEGUN,
        "ends_on": day, "status": "ended", "started_at": AT, "ended_on": day, "outcome": "hired",
    }  # fmt: skip


BEFORE: dict[str, list[dict[str, object]]] = {
    "users": [
        {"id": number, "email": f"{number}@kommune.example", "role": "consultant", "municipality_id": 1}
        for number in (5, 6)
    ],
    "skills": [{"id": 7, "name": "opvask", "area": "koekken", "category": "faglig"}],
    "competence_cards": [
        {"id": 1, "number": "K-1", "citizen_id": 1, "version": 4},
        {"id": 2, "number": "K-2", "citizen_id": 2, "version": 4},
    ],
    # 1 ended by the direct form; 2 by its sheet, on which the workplace left one task to the consultant;
    # 3 runs, with a midway sheet; 4 ended by the direct form while a midway sheet was still open
    "placements": [
        ended(1, DAY), ended(2, LATER), ended(3, LATER) | {"status": "running", "ended_on": None, "outcome": None},
        ended(4, LATER),
    ],
    "task_assessments": [
        {"placement_id": 1, "skill_id": 7, "task_text": "opvask", "level": 3, "note": "Hurtig", "assessed_on": DAY,
         "recorded_by_id": 5},
        {"placement_id": 1, "task_text": "bage", "level": 0, "assessed_on": DAY, "recorded_by_id": 5},
        {"placement_id": 2, "task_text": "opvask", "level": 2, "assessed_on": LATER, "recorded_by_id": 5},
        {"placement_id": 4, "task_text": "opvask", "level": 1, "assessed_on": LATER, "recorded_by_id": 6},
    ],
    "assessments": [
        {"id": 101, "placement_id": 2, "kind": "end", "number": 1, "closed_at": AT, "assessed_on": LATER},
        {"id": 102, "placement_id": 3, "closed_at": AT, "assessed_on": DAY, **MIDWAY},
        {"id": 103, "placement_id": 4, **MIDWAY},
    ],
    "assessment_lines": [
        {"assessment_id": 101, "task_text": "opvask", "consultant_level": 2},
        {"assessment_id": 101, "task_text": "bage", "employer_level": 3},
        {"assessment_id": 102, "task_text": "opvask", "employer_level": 2, "consultant_level": 2},
        {"assessment_id": 103, "task_text": "opvask", "employer_level": 4},
    ],
    "skill_evidence": [
        {"id": 11, "card_id": 1, "text": "opvask", "placement_id": 1, **SEEN},
        {"id": 12, "card_id": 1, "text": "opvask", "placement_id": 2, **SEEN},
        {"id": 13, "card_id": 1, "text": "bage", "placement_id": 2, **SEEN},
        {"id": 14, "card_id": 2, "text": "opvask", "placement_id": 3, "assessment_id": 102, **SEEN},
        {"id": 15, "card_id": 2, "text": "opvask", **SEEN, "source": "own", "seen_at": None},
    ],
}  # fmt: skip
SNAPSHOT = {
    "goal": "Job",
    "evidence": {
        number: {"name": "opvask", "source": "employer", "seen_at": "Bos Køkken"}
        for number in ("11", "12", "13")
    },
}


@pytest.fixture
def carried_over(old_database: str) -> Iterator[sa.Connection]:  # noqa: F811
    """The old rows after the migration."""
    rows = {**BEFORE, "card_versions": [{"card_id": 1, "content": SNAPSHOT}]}
    with old_schema.carried_over(old_database, rows, from_="023", to="024") as connection:
        yield connection


def test_only_what_a_workplace_said_stays_seen_there(carried_over: sa.Connection) -> None:
    rows = carried_over.exec_driver_sql("SELECT id, source, seen_at FROM skill_evidence ORDER BY id").all()

    assert [tuple(row) for row in rows] == [
        (11, "consultant_only", None),  # written in the direct form
        (12, "consultant_only", None),  # left open by the workplace on its sheet
        (13, "employer", "Bos Køkken"),
        (14, "employer", "Bos Køkken"),
        (15, "own", None),
    ]


def test_a_direct_ending_becomes_a_sheet_that_can_be_withdrawn(carried_over: sa.Connection) -> None:
    sheet = carried_over.exec_driver_sql("SELECT * FROM assessments WHERE placement_id = 1").one()
    lines = carried_over.exec_driver_sql(
        "SELECT task_text, employer_level, consultant_level, consultant_note FROM assessment_lines "
        f"WHERE assessment_id = {sheet.id} ORDER BY id"
    ).all()

    assert (sheet.kind, str(sheet.assessed_on), sheet.closed_by_id) == ("end", str(DAY), 5)
    assert sheet.answered_at is None
    assert [tuple(line) for line in lines] == [("opvask", None, 3, "Hurtig"), ("bage", None, 0, "")]
    tied = carried_over.exec_driver_sql(
        "SELECT id, assessment_id FROM skill_evidence WHERE card_id = 1 ORDER BY id"
    )
    assert [tuple(row) for row in tied] == [(11, sheet.id), (12, 101), (13, 101)]


def test_a_sheet_left_open_by_a_direct_ending_lapses(carried_over: sa.Connection) -> None:
    rows = carried_over.exec_driver_sql(
        "SELECT kind, number, lapsed, closed_at FROM assessments WHERE placement_id = 4 ORDER BY number"
    ).all()

    assert [(row.kind, row.number, bool(row.lapsed), row.closed_at is not None) for row in rows] == [
        ("midway", 1, True, True),
        ("end", 2, False, True),
    ]


def test_snapshots_and_versions_of_the_cards_follow(carried_over: sa.Connection) -> None:
    kept = carried_over.exec_driver_sql("SELECT content FROM card_versions").scalar_one()
    content = json.loads(kept) if isinstance(kept, str) else kept
    versions = carried_over.exec_driver_sql("SELECT id, version FROM competence_cards ORDER BY id").all()

    assert content["goal"] == "Job"
    assert {number: line["source"] for number, line in content["evidence"].items()} == {
        "11": "consultant_only", "12": "consultant_only", "13": "employer",
    }  # fmt: skip
    assert [tuple(row) for row in versions] == [(1, 5), (2, 4)]


def test_it_can_be_taken_back(carried_over: sa.Connection) -> None:
    carried_over.close()

    downgrade(directory=MIGRATIONS, revision="023")
    upgrade(directory=MIGRATIONS, revision="024")

    with db.engine.connect() as connection:
        sources = connection.exec_driver_sql("SELECT source FROM skill_evidence ORDER BY id").scalars().all()
    assert sources == ["consultant", "consultant", "employer", "employer", "own"]
