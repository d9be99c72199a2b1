"""What placements that had begun before the periods tell of them."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from portal.application import MIGRATIONS
from portal.base.database import db
from tests.support.old_schema import ON_BOTH_ENGINES, carried_over, old_database  # noqa: F401

pytestmark = ON_BOTH_ENGINES

BEGUN = datetime(2026, 2, 2, 8)
FEBRUARY, APRIL, MAY = date(2026, 2, 2), date(2026, 4, 30), date(2026, 5, 15)


def placement(id: int, form: str, **values: object) -> dict[str, object]:
    return {
        "id": id,
        "review_id": id,
        "card_id": 7,
        "form": form,
        "hours_per_week": 12.5,
        "starts_on": FEBRUARY,
        "ends_on": APRIL,
        "status": "running",
        "started_at": BEGUN,
        "findings": [],
        **values,
    }


ENDED = {"status": "ended", "outcome": "completed"}
BEFORE = {
    "citizens": [{"id": 3, "case_reference": "26/1", "status": "active"}],
    "competence_cards": [{"id": 7, "citizen_id": 3, "number": "K-1"}],
    "placements": [
        placement(1, "praktik", **ENDED, ended_on=MAY),
        placement(2, "loentilskud"),
        placement(3, "igu"),
        placement(4, "smaajob"),
        placement(5, "regular_job"),
        placement(6, "fritidsjob"),
        placement(7, "praktik", status="planned", started_at=None),
        placement(8, "praktik", status="cancelled", started_at=None),
        placement(9, "praktik", **ENDED, ended_on=date(2026, 1, 30)),
    ],
}


def test_a_placement_that_had_begun_is_a_period_with_its_hours(old_database: str) -> None:  # noqa: F811
    with carried_over(old_database, BEFORE, from_="048", to="049") as connection:
        rows = connection.execute(sa.text("SELECT * FROM spells ORDER BY placement_id")).all()

    assert [(row.placement_id, row.kind, row.form, str(row.until_on)) for row in rows] == [
        (1, "activity", "praktik", "2026-05-15"),  # the day it ended, not the one agreed
        (2, "activity", "loentilskud", "2026-04-30"),
        (3, "ordinary_work", "igu", "2026-04-30"),
        (4, "ordinary_work", "smaajob", "2026-04-30"),
        (5, "ordinary_work", "regular_job", "2026-04-30"),
        (6, "leisure_job", "fritidsjob", "2026-04-30"),
        (9, "activity", "praktik", "2026-02-02"),  # noted as ended before it began: one day
    ]
    first = rows[0]
    assert (first.citizen_id, str(first.from_on), first.hours_per_week, first.source) == (
        3,
        "2026-02-02",
        12.5,
        "placement",
    )
    assert (str(first.recorded_at)[:19], first.recorded_by_id, first.replaced_at) == (
        "2026-02-02 08:00:00",
        None,
        None,
    )


def test_it_goes_back_and_forth_again(old_database: str) -> None:  # noqa: F811
    with carried_over(old_database, BEFORE, from_="048", to="049") as connection:
        connection.close()
        downgrade(directory=MIGRATIONS, revision="048")
        with db.engine.connect() as there:
            assert "spells" not in sa.inspect(there).get_table_names()
        upgrade(directory=MIGRATIONS, revision="049")
        with db.engine.connect() as there:
            assert there.execute(sa.text("SELECT count(*) FROM spells")).scalar() == 7
