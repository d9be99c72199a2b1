"""The administrator's log: found by index, read with a line, never changed."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from portal.base.database import db
from portal.shared.audit.models import AuditEntry
from portal.shared.audit.words import ACTIONS, SUBJECTS
from tests import factories
from tests.client import PortalClient, counted_statements
from tests.factories import NOW, make_citizen, make_list_look

REQUEST = "0c9e7d1e-3f3d-4a4c-9a53-6a4d5c3d2b1a"


def _lines(count: int, **values) -> None:
    row = {
        "action": "opening-edited",
        "is_look": False,
        "subject_type": "openings",
        "subject_id": 7,
        "municipality_id": factories.municipality().id,
        **values,
    }
    rows = [{**row, "at": NOW - timedelta(minutes=number)} for number in range(count)]
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(sa.insert(AuditEntry), rows)


def _shown(browser: PortalClient, query: str) -> int:
    return len(browser.get(f"/audit/?{query}").page.select("tbody tr"))


def test_reading_the_log_leaves_a_line_in_it(client_for, admin):
    browser = client_for(admin)
    browser.get("/audit/")

    page = browser.get("/audit/").page

    assert "Så loggen" in page.select_one("tbody").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("action=opening-edited", 3),
        ("action=nonsense", 0),
        ("subject=openings", 3),
        ("subject=openings&kind=look", 0),
        ("q=openings+7", 3),
        ("q=openings", 3),
        ("q=7&subject=openings", 3),
        ("q=987", 0),
        ("q=99999999999", 0),
        ("q=%00%27", 25),
        (f"q={REQUEST}", 3),
        ("role=system&action=opening-edited", 3),
        ("role=leader", 0),
        ("action=opening-edited&from=2026-11-18&to=2026-11-18", 3),
        ("action=opening-edited&from=2026-11-19", 0),
        ("action=opening-edited&to=2026-11-17", 0),
        ("action=opening-edited&from=in+the+spring", 3),
        ("action=opening-edited&from=9999-12-31&to=0001-01-01", 3),
    ],
)
def test_the_filters_find(client_for, admin, query, found):
    _lines(3, request_id=REQUEST)
    browser = client_for(admin)

    if found == 25:
        assert browser.get(f"/audit/?{query}").status_code == 200
    else:
        assert _shown(browser, query) == found


def test_newest_first_and_the_other_way(client_for, admin):
    _lines(30)
    browser = client_for(admin)

    def first(query: str) -> str:
        return browser.get(f"/audit/?subject=openings&{query}").page.select_one("tbody td").text

    assert first("") > first("sort=at&dir=asc")
    assert _shown(browser, "subject=openings&page=2") == 5


def test_the_export_has_the_same_lines(client_for, admin):
    _lines(3)

    answer = client_for(admin).get("/audit/?action=opening-edited&format=csv")

    assert answer.mimetype == "text/csv"
    assert len(answer.get_data(as_text=True).strip().splitlines()) == 4


def test_a_page_costs_the_same_with_many_lines(app, client_for, admin):
    browser = client_for(admin)
    with counted_statements(app) as few:
        browser.get("/audit/")
    _lines(500)
    with counted_statements(app) as many:
        browser.get("/audit/?page=15")

    assert len(few) == len(many) <= 12


def test_a_line_is_never_changed_or_deleted(app):
    _lines(1)

    for statement in (sa.update(AuditEntry).values(action="x"), sa.delete(AuditEntry)):
        with pytest.raises(DBAPIError), db.engine.begin() as connection:
            connection.execute(statement)


def test_the_log_is_the_administrators_alone(app, karin, mette):
    for stranger in (karin, mette):
        assert PortalClient(app, stranger).get("/audit/").status_code == 403


def test_every_code_has_its_words():
    codes = set(ACTIONS) | set(SUBJECTS)

    assert all(code == code.lower() for code in codes)
    assert set(SUBJECTS) <= set(db.metadata.tables)


def test_a_line_about_many_says_how_many_and_who_by_number(client_for, admin):
    amira, selam = make_citizen(), make_citizen("Selam")
    line = make_list_look(amira, selam)
    browser = client_for(admin)

    row = browser.get("/audit/?action=citizens-listed").page.select_one("tbody tr")
    people = browser.get(row.select_one(f'a[href="/audit/{line.id}/people"]')["href"])

    assert "2 borgere" in row.text
    shown = [cell.text for cell in people.page.select("#people-table tbody td")]
    assert shown == [f"Borger {amira.id}", f"Borger {selam.id}"]
    assert "Amira" not in people.words
    file = browser.get("/audit/?action=citizens-listed&format=csv").get_data(as_text=True)
    assert file.splitlines()[1].endswith(";2")


def test_everything_about_one_citizen_is_found_by_number(client_for, admin):
    amira, selam = make_citizen(), make_citizen("Selam")
    make_list_look(amira, selam)
    make_list_look(selam)

    assert _shown(client_for(admin), f"q=borger+{amira.id}&kind=look") == 1
    assert _shown(client_for(admin), f"q=citizens+{selam.id}&kind=look") == 2
