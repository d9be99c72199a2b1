"""What an employer's trade became when past days were to keep theirs, and how heads and birth years came."""

from datetime import date, datetime

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from portal.application import MIGRATIONS
from portal.base.database import db
from tests.support.old_schema import ON_BOTH_ENGINES, carried_over, old_database  # noqa: F401

pytestmark = ON_BOTH_ENGINES

LATE_IN_JUNE, LATE_IN_JANUARY = datetime(2026, 6, 30, 22, 30), datetime(2026, 1, 31, 22, 59)
BEFORE = {
    "employers": [
        {"id": 1, "cvr": "24256790", "industry": "pleje", "status": "active", "approved_at": LATE_IN_JUNE},
        {"id": 2, "cvr": "13748136", "industry": "koekken", "status": "active", "approved_at": LATE_IN_JANUARY},
    ],
    "workplaces": [{"id": 1, "employer_id": 1, "p_number": "1012345678", "full_time_staff": 2}],
    "citizens": [{"id": 1, "case_reference": "26/1", "status": "active", "born_on": date(1990, 3, 1)}],
}  # fmt: skip


def test_todays_trade_holds_since_the_danish_day_it_was_approved(old_database: str) -> None:  # noqa: F811
    with carried_over(old_database, BEFORE, from_="042", to="046") as connection:
        rows = connection.execute(
            sa.text("SELECT employer_id, industry, from_on FROM employer_trades ORDER BY employer_id")
        ).all()

    assert [(row.employer_id, row.industry, str(row.from_on)) for row in rows] == [
        (1, "pleje", "2026-07-01"),  # half past midnight in Denmark
        (2, "koekken", "2026-01-31"),
    ]


def test_nobody_has_counted_heads_and_a_day_of_birth_stays(old_database: str) -> None:  # noqa: F811
    with carried_over(old_database, BEFORE, from_="042", to="046") as connection:
        assert connection.execute(sa.text("SELECT heads FROM workplaces")).scalars().all() == [None]
        (born,) = connection.execute(sa.text("SELECT born_on, birth_year FROM citizens")).all()

    assert (str(born.born_on), born.birth_year) == ("1990-03-01", None)


@pytest.mark.parametrize(
    "refused",
    [
        "UPDATE workplaces SET heads = 1",
        "UPDATE citizens SET birth_year = 1990",
        "UPDATE citizens SET born_on = NULL, birth_year = 19",
    ],
)
def test_what_cannot_be_is_refused_by_the_migrated_database(
    old_database: str,  # noqa: F811
    refused: str,
) -> None:
    with (
        carried_over(old_database, BEFORE, from_="042", to="046") as connection,
        pytest.raises(sa.exc.IntegrityError),
    ):
        connection.execute(sa.text(refused))


def test_it_goes_back_and_forth_again(old_database: str) -> None:  # noqa: F811
    with carried_over(old_database, BEFORE, from_="042", to="046") as connection:
        connection.close()
        downgrade(directory=MIGRATIONS, revision="042")
        with db.engine.connect() as there:
            columns = {column["name"] for column in sa.inspect(there).get_columns("workplaces")}
            assert "heads" not in columns
            assert "employer_trades" not in sa.inspect(there).get_table_names()
        upgrade(directory=MIGRATIONS, revision="046")
        with db.engine.connect() as there:
            assert there.execute(sa.text("SELECT count(*) FROM employer_trades")).scalar() == 2
