"""What stood before the moments were kept: every past day keeps the count it had."""

from datetime import date, datetime

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from portal.application import MIGRATIONS
from portal.base.database import db
from tests.support.old_schema import ON_BOTH_ENGINES, Rows, carried_over, old_database  # noqa: F401

pytestmark = ON_BOTH_ENGINES

SIGNED, NOTED = datetime(2024, 3, 5, 9), datetime(2025, 2, 3, 12, 30)
STARTED, ENDED = datetime(2026, 3, 2, 8), datetime(2026, 4, 20, 14)


def line(number: int, action: str, table: str, subject: int, at: datetime) -> dict[str, object]:
    return {"id": number, "action": action, "subject_type": table, "subject_id": subject, "at": at}


def card(number: int, created_at: datetime) -> dict[str, object]:
    return {"id": number, "citizen_id": number, "number": f"K-{number}", "created_at": created_at,
            "danish_speaking": None, "range_km": None}  # fmt: skip


def skill(number: int, card_id: int, *, skill_id: int | None = None, text: str = "", level: int = 2) -> dict[str, object]:  # fmt: skip # noqa: E501
    return {"id": number, "card_id": card_id, "skill_id": skill_id, "text": text, "folded": text, "level": level,
            "source": "own", "task_key": None}  # fmt: skip


BEFORE: Rows = {
    "municipalities": [{"id": number, "name": f"Kommune {number}"} for number in (1, 2, 3)],
    "users": [
        {"id": number, "name": f"Bruger {number}", "role": "consultant", "municipality_id": 1} for number in (1, 2)
    ],
    "employers": [
        {"id": 1, "cvr": "24256790", "industry": "pleje", "status": "active", "approved_at": SIGNED},
    ],
    "employer_trades": [
        {"id": 1, "employer_id": 1, "industry": "koekken", "from_on": date(2024, 3, 5)},
        {"id": 2, "employer_id": 1, "industry": "pleje", "from_on": date(2025, 6, 1)},
    ],
    "partnerships": [
        {"id": 1, "employer_id": 1, "municipality_id": 1, "signed_on": date(2024, 3, 1),
         "ends_on": date(2024, 12, 31), "created_at": SIGNED},
        {"id": 2, "employer_id": 1, "municipality_id": 2, "signed_on": date(2024, 3, 1),
         "ends_on": date(2024, 12, 31), "created_at": SIGNED},
        {"id": 3, "employer_id": 1, "municipality_id": 3, "signed_on": date(2024, 3, 1), "created_at": SIGNED},
    ],
    "partnership_consultants": [
        {"id": 1, "partnership_id": 1, "user_id": 1, "from_on": date(2024, 3, 1)},
        {"id": 2, "partnership_id": 1, "user_id": 2, "from_on": date(2024, 9, 1)},
        {"id": 3, "partnership_id": 3, "user_id": 1, "from_on": date(2024, 3, 1)},
        {"id": 4, "partnership_id": 3, "user_id": 2, "from_on": date(2024, 3, 1)},  # two wrote at once
    ],
    "openings": [
        {"id": 1, "employer_id": 1, "form": "praktik", "industry": "pleje", "status": "draft", "places": 1,
         "filled": 0, "visible_to_neighbours": True, "created_at": SIGNED, "hours_per_week": 20},
        {"id": 2, "employer_id": 1, "form": "praktik", "industry": "koekken", "status": "published", "places": 1,
         "filled": 0, "visible_to_neighbours": True, "created_at": SIGNED, "published_at": NOTED,
         "hours_per_week": 20},
        {"id": 3, "employer_id": 1, "form": "praktik", "industry": "koekken", "status": "published", "places": 1,
         "filled": 0, "visible_to_neighbours": False, "created_at": SIGNED, "published_at": NOTED,
         "hours_per_week": 20},
    ],
    "placements": [
        {"id": 1, "review_id": 1, "opening_id": 2, "employer_id": 1, "municipality_id": 1, "form": "praktik",
         "status": "ended", "starts_on": date(2026, 3, 1), "ends_on": date(2026, 4, 18),
         "started_at": STARTED, "ended_on": date(2026, 4, 18), "outcome": "hired", "hours_per_week": 20},
        {"id": 2, "review_id": 2, "opening_id": 2, "employer_id": 1, "municipality_id": 1, "form": "igu",
         "status": "ended", "starts_on": date(2026, 3, 1), "ends_on": date(2026, 4, 18),
         "started_at": STARTED, "ended_on": date(2026, 4, 18), "outcome": "completed", "hours_per_week": 20},
        {"id": 3, "review_id": 3, "opening_id": 1, "employer_id": 1, "municipality_id": 1, "form": "praktik",
         "status": "running", "starts_on": date(2026, 3, 1), "ends_on": date(2026, 4, 18),
         "started_at": STARTED, "hours_per_week": 20},
        {"id": 4, "review_id": 4, "opening_id": 1, "employer_id": 1, "municipality_id": 1, "form": "praktik",
         "status": "planned", "starts_on": date(2026, 3, 1), "ends_on": date(2026, 4, 18), "hours_per_week": 20},
    ],
    "competence_cards": [
        card(1, datetime(2025, 12, 31, 22, 59)),  # a minute before the rule
        card(2, datetime(2025, 12, 31, 23, 1)),
        card(3, datetime(2026, 2, 1)),
        card(4, datetime(2026, 2, 1)),
    ],
    "skill_evidence": [
        *(skill(number, 3, skill_id=number) for number in range(1, 5)),
        skill(5, 3, text="bage brød"),
        *(skill(number, 4, skill_id=number - 10) for number in range(11, 15)),
        skill(15, 4, skill_id=1),  # the same again
        skill(16, 4, skill_id=9, level=0),  # not tried
    ],
    "audit_entries": [
        line(1, "partnership-ended", "partnerships", 1, NOTED),
        line(2, "partnership-consultant-named", "partnerships", 1, SIGNED),
        line(3, "partnership-consultant-named", "partnerships", 1, datetime(2024, 9, 3, 10)),
        line(4, "placement-ended", "placements", 1, ENDED),
    ],
}  # fmt: skip


def rows(connection: sa.Connection, table: str, columns: str) -> list[tuple[object, ...]]:
    found = connection.execute(sa.text(f"SELECT {columns} FROM {table} ORDER BY id"))
    return [tuple(None if value is None else str(value).split(".")[0] for value in row) for row in found]


def test_an_end_was_written_when_the_log_says_else_on_its_day(old_database: str) -> None:  # noqa: F811
    with carried_over(old_database, BEFORE, from_="049", to="050") as connection:
        assert rows(connection, "partnerships", "id, end_recorded_at") == [
            ("1", "2025-02-03 12:30:00"),
            ("2", "2024-12-30 23:00:00"),  # midnight in Denmark
            ("3", None),
        ]


def test_namings_and_trades_know_when_they_were_written(old_database: str) -> None:  # noqa: F811
    with carried_over(old_database, BEFORE, from_="049", to="050") as connection:
        assert rows(connection, "partnership_consultants", "id, recorded_at, replaced_at") == [
            ("1", "2024-03-05 09:00:00", None),
            ("2", "2024-09-03 10:00:00", None),
            ("3", "2024-03-05 09:00:00", "2024-03-05 09:00:00"),
            ("4", "2024-03-05 09:00:00", None),
        ]
        assert rows(connection, "employer_trades", "id, recorded_at, replaced_at") == [
            ("1", "2024-03-05 09:00:00", None),
            ("2", "2025-05-31 22:00:00", None),
        ]


def test_what_is_shared_today_was_since_it_was_put_up(old_database: str) -> None:  # noqa: F811
    with carried_over(old_database, BEFORE, from_="049", to="050") as connection:
        assert rows(connection, "opening_sharings", "opening_id, from_at, until_at") == [
            ("1", "2024-03-05 09:00:00", None),
            ("2", "2025-02-03 12:30:00", None),
        ]


def test_a_begun_placement_leaves_its_trace(old_database: str) -> None:  # noqa: F811
    with carried_over(old_database, BEFORE, from_="049", to="050") as connection:
        columns = "placement_id, form, industry, recorded_at, ended_on, outcome, end_recorded_at"
        assert rows(connection, "placement_traces", columns) == [
            ("1", "praktik", "koekken", "2026-03-02 08:00:00", "2026-04-18", "hired", "2026-04-20 14:00:00"),
            ("2", "igu", "koekken", "2026-03-02 08:00:00", "2026-04-18", "completed", "2026-04-17 22:00:00"),
            ("3", "praktik", "pleje", "2026-03-02 08:00:00", None, None, None),
        ]


def test_cards_before_the_rule_and_full_ones_count_from_the_day_they_were_made(
    old_database: str,  # noqa: F811
) -> None:
    with carried_over(old_database, BEFORE, from_="049", to="050") as connection:
        assert rows(connection, "competence_cards", "id, counts_from_at, shown_to_her_at") == [
            ("1", "2025-12-31 22:59:00", None),
            ("2", None, None),
            ("3", "2026-02-01 00:00:00", None),
            ("4", None, None),
        ]


@pytest.mark.parametrize(
    "refused",
    [
        "UPDATE partnerships SET end_recorded_at = NULL WHERE id = 1",
        "UPDATE employer_trades SET from_on = '2024-03-05'",
        "UPDATE partnership_consultants SET replaced_at = NULL",
        "UPDATE placement_traces SET outcome = NULL",
        "UPDATE opening_sharings SET opening_id = 1",
        "UPDATE competence_cards SET counts_from_at = '2020-01-01 00:00:00'",
    ],
)
def test_what_cannot_be_is_refused_by_the_migrated_database(
    old_database: str,  # noqa: F811
    refused: str,
) -> None:
    with (
        carried_over(old_database, BEFORE, from_="049", to="050") as connection,
        pytest.raises(sa.exc.IntegrityError),
    ):
        connection.execute(sa.text(refused))


def test_it_goes_back_and_forth_again(old_database: str) -> None:  # noqa: F811
    with carried_over(old_database, BEFORE, from_="049", to="050") as connection:
        connection.close()
        downgrade(directory=MIGRATIONS, revision="049")
        with db.engine.connect() as there:
            assert "placement_traces" not in sa.inspect(there).get_table_names()
            assert rows(there, "partnership_consultants", "id") == [("1",), ("2",), ("4",)]
        upgrade(directory=MIGRATIONS, revision="050")
        with db.engine.connect() as there:
            assert len(rows(there, "placement_traces", "id")) == 3
