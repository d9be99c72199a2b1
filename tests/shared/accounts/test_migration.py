"""What became of administrators, of employers' people and of the log's lines (migration 032)."""

from typing import Any

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy.exc import DBAPIError

from portal.application import MIGRATIONS
from portal.base.database import db
from tests.support.old_schema import ON_BOTH_ENGINES, carried_over, old_database  # noqa: F401

pytestmark = ON_BOTH_ENGINES


def person(number: int, role: str, home: int | None) -> dict[str, Any]:
    return {"id": number, "email": f"{number}@kommune.example", "role": role, "municipality_id": home}


def before(homes: int) -> dict[str, list[dict[str, Any]]]:
    return {
        "municipalities": [{"id": number, "name": f"By {number}"} for number in range(1, homes + 1)],
        "users": [
            person(1, "admin", None),
            person(2, "admin", 1),
            person(3, "consultant", 1),
            person(4, "employer", None),
            person(5, "employer", None),  # waits to be let in
        ],
        "employers": [
            {"id": 9, "cvr": "13748136", "municipality_id": 1, "industry": "koekken", "status": "active"}
        ],
        "contact_persons": [{"employer_id": 9, "user_id": 4}],
        "citizens": [{"id": 7, "municipality_id": 1, "status": "active"}],
        "audit_entries": [
            {"id": 1, "actor_id": 4, "citizen_id": 7},
            {"id": 2, "actor_id": 3},
            {"id": 3, "actor_id": None},
            {"id": 4, "actor_id": 1},
        ],
    }


@pytest.mark.parametrize(
    ("homes", "of_the_first"), [(1, ("admin", 1)), (2, ("operator", None))], ids=["one home", "two homes"]
)
def test_everybody_and_every_line_finds_a_municipality_or_none(
    old_database: str,  # noqa: F811
    homes: int,
    of_the_first: tuple[str, int | None],
) -> None:
    with carried_over(old_database, before(homes), from_="031", to="032") as connection:
        users = connection.exec_driver_sql("SELECT role, municipality_id FROM users ORDER BY id").all()
        lines = connection.exec_driver_sql("SELECT municipality_id FROM audit_entries ORDER BY id").all()

    assert [tuple(row) for row in users] == [
        of_the_first,
        ("admin", 1),
        ("consultant", 1),
        ("employer", 1),
        ("employer", None),
    ]
    assert [row[0] for row in lines] == [1, 1, None, of_the_first[1]]


def test_a_line_is_still_never_changed_and_it_can_be_taken_back(old_database: str) -> None:  # noqa: F811
    with carried_over(old_database, before(2), from_="031", to="032") as connection:
        with pytest.raises(DBAPIError):
            connection.exec_driver_sql("UPDATE audit_entries SET municipality_id = 2")
        connection.close()

        downgrade(directory=MIGRATIONS, revision="031")
        upgrade(directory=MIGRATIONS, revision="032")

        with db.engine.connect() as again:
            roles = again.exec_driver_sql("SELECT role FROM users ORDER BY id").scalars().all()
    assert roles == ["operator", "admin", "consultant", "employer", "employer"]
