"""The rows as older versions of the portal left them: own rows (031), and the book of rules (042), and back again."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from portal.application import MIGRATIONS
from portal.base.database import db
from tests.support.old_schema import AT, ON_BOTH_ENGINES, carried_over, old_database, put  # noqa: F401

pytestmark = ON_BOTH_ENGINES

FIRST = {"id": 1, "key": "praktik-weeks", "value": 13, "unit": "uger", "certainty": "partly"}
ROWS = {
    "municipalities": [{"id": 1, "name": "Halsnæs"}],
    "rules": [FIRST | {"valid_from": date(2018, 1, 1), "valid_to": None}],
}


def test_what_is_there_is_the_laws_and_stays_when_own_rows_go(old_database: str) -> None:  # noqa: F811
    with carried_over(old_database, ROWS, from_="030", to="031") as connection:
        owner = connection.execute(sa.text("SELECT municipality_id FROM rules")).all()
        own = {"id": 2, "value": 10, "municipality_id": 1, "valid_from": date(2018, 1, 1)}
        put(connection, "rules", FIRST | own)
        connection.commit()
        downgrade(directory=MIGRATIONS, revision="030")
        with db.engine.connect() as after:
            left = after.execute(sa.text("SELECT id, certainty FROM rules")).all()
        upgrade(directory=MIGRATIONS, revision="031")

    assert [tuple(row) for row in owner] == [(None,)]
    assert [tuple(row) for row in left] == [(1, "partly")]


def test_rows_hold_as_before_and_no_id_that_the_log_knows_comes_again(old_database: str) -> None:  # noqa: F811
    """Row 2 was taken back, and the log names it still."""
    taken_back = {"id": 1, "action": "rule-withdrawn", "subject_type": "rules", "subject_id": 2}
    written = ROWS | {"audit_entries": [taken_back | {"at": AT}]}
    waiting = FIRST | {"value": 9, "standing": "waiting", "valid_from": date(2018, 1, 1)}
    words = FIRST | {"key": "a-list", "unit": "= ord", "words": "kniv", "valid_from": date(2018, 1, 1)}
    with carried_over(old_database, written, from_="041", to="042") as connection:
        kept = connection.execute(sa.text("SELECT id, key, value, words, standing, goes_on FROM rules")).all()
        put(connection, "rules", waiting | {"id": 8})  # two from a day, of which one waits
        put(connection, "rules", words | {"id": 9})
        connection.commit()
        if connection.dialect.name == "sqlite":
            connection.execute(sa.text("DELETE FROM rules WHERE id > 1"))
            seq = connection.execute(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'rules'")).scalar()
            assert seq == 9
            connection.rollback()
        downgrade(directory=MIGRATIONS, revision="041")
        with db.engine.connect() as after:
            left = after.execute(sa.text("SELECT id, value FROM rules")).all()
        upgrade(directory=MIGRATIONS, revision="042")
        with db.engine.connect() as again:
            known = _counter(again)

    assert [tuple(row) for row in kept] == [(1, "praktik-weeks", 13, "", "holds", False)]
    assert [tuple(row) for row in left] == [(1, 13)]
    assert known in (2, None)


def _counter(connection: sa.Connection) -> int | None:
    """How far ids have come on SQLite; PostgreSQL's own sequences never go back."""
    if connection.dialect.name != "sqlite":
        return None
    found: int | None = connection.execute(
        sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'rules'")
    ).scalar()
    return found


def test_what_took_over_is_known_of_the_rows_that_are_there(old_database: str) -> None:  # noqa: F811
    """13 weeks until a number of 2027 took over; it stands open. The own row of Halsnæs took over from nothing."""
    new_year = date(2027, 1, 1)
    rows = [
        FIRST | {"valid_from": date(2018, 1, 1), "valid_to": date(2026, 12, 31), "checked_by": "Projektet"},
        FIRST | {"id": 2, "valid_from": new_year, "valid_to": None, "checked_by": "Drude"},
        FIRST | {"id": 3, "valid_from": new_year, "valid_to": None, "municipality_id": 1},
    ]
    with carried_over(old_database, ROWS | {"rules": rows}, from_="043", to="044") as connection:
        known = connection.execute(
            sa.text("SELECT id, took_over, took_until, shipped_from FROM rules ORDER BY id")
        ).all()
        connection.rollback()
        downgrade(directory=MIGRATIONS, revision="043")
        upgrade(directory=MIGRATIONS, revision="044")

    assert [(row.id, bool(row.took_over), row.took_until, row.shipped_from is not None) for row in known] == [
        (1, False, None, True),
        (2, True, None, False),
        (3, False, None, False),
    ]


@pytest.mark.parametrize(
    ("key", "source", "says"),
    [
        ("answer-hours", "Forbillede: kk.dk; kommunen kan ændre den", "en leder kan skrive kommunens eget"),
        ("reminder-first-days", "Projektets forslag; kommunen kan ændre den", "en leder kan skrive"),
        ("proposals-large-from", "Projektets forslag; kommunen kan ændre den", "er ens i alle kommuner"),
        ("answer-hours", "Kommunens egen beslutning", "Kommunens egen beslutning"),
    ],
)
def test_sources_say_what_a_municipality_can_do_where_nobody_has_written_her_own(
    old_database: str,  # noqa: F811
    key: str,
    source: str,
    says: str,
) -> None:
    shipped = FIRST | {
        "key": key,
        "source": source,
        "valid_from": date(2018, 1, 1),
        "checked_by": "Projektet",
    }
    written = shipped | {
        "id": 2,
        "checked_by": "Drude",
        "valid_from": date(2019, 1, 1),
        "valid_to": date(2019, 2, 1),
    }
    with carried_over(old_database, {"rules": [shipped, written]}, from_="046", to="047") as connection:
        found = connection.execute(sa.text("SELECT source, checked_by FROM rules ORDER BY id")).all()

    assert says in found[0].source
    assert found[0].checked_by == "Portalen"
    assert tuple(found[1]) == (source, "Drude")


def test_sources_say_where_to_read_on_and_what_somebody_wrote_stays(old_database: str) -> None:  # noqa: F811
    said = "bm.dk; paragrafferne er ikke læst"
    shipped = FIRST | {"source": said, "checked_by": "Portalen", "valid_from": date(2018, 1, 1)}
    written = FIRST | {"id": 2, "source": said, "checked_by": "Drude", "valid_from": date(2027, 1, 1)}
    rows = [shipped | {"valid_to": date(2026, 12, 31)}, written | {"valid_to": None}]
    with carried_over(old_database, {"rules": rows}, from_="098", to="099") as connection:
        sources = connection.execute(sa.text("SELECT source FROM rules ORDER BY id")).scalars().all()

    assert sources == ["bm.dk; læs paragrafferne på retsinformation.dk", said]
