"""Mette's committee in Chromium: last year's figure is what it was, whatever is erased and typed in afterwards.

She opens last year's frozen figures; Karin erases a citizen and types in an agreement that was signed last year; the
figures stand, with both named beside them. Then Mette sets a benchmark and takes the status with her.
"""

import contextlib
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from portal.base import clock
from tests.browser.people import Person

pytestmark = pytest.mark.browser

LONG = 60_000
"""Milliseconds that an erasure may take on a busy machine."""


@dataclass(frozen=True)
class LastYear:
    """What the demo holds of last year: two frozen goals, somebody who counted, an employer without agreement."""

    year: int
    partnerships: int
    hired: int
    citizen: int
    case: str
    employer: str
    signed_on: date


def last_year(database: Path) -> LastYear:
    year = clock.today().year - 1
    with contextlib.closing(sqlite3.connect(database)) as connection:

        def one(statement: str, *values: object) -> tuple[object, ...]:
            found = connection.execute(statement, values).fetchone()
            assert found is not None, statement
            return tuple(found)

        def goal(measure: str) -> int:
            statement = (
                "SELECT g.id FROM goals g JOIN frozen_figures f ON f.goal_id = g.id "
                "JOIN municipalities m ON m.id = g.municipality_id "
                "WHERE m.name = 'Halsnæs' AND g.measure = ? AND g.last_on = ? ORDER BY g.id"
            )
            return int(str(one(statement, measure, f"{year}-12-31")[0]))

        partnerships, hired = goal("partnerships"), goal("hired")
        citizen, case = one(
            "SELECT c.id, c.case_reference FROM frozen_lines l JOIN frozen_figures f ON f.id = l.figure_id "
            "JOIN frozen_line_people p ON p.line_id = l.id JOIN citizens c ON c.id = p.citizen_id "
            "JOIN competence_cards k ON k.citizen_id = c.id WHERE f.goal_id = ? AND NOT EXISTS "
            "(SELECT 1 FROM placements o WHERE o.card_id = k.id AND o.status IN ('planned', 'running'))",
            hired,
        )
        employer, name = one(
            "SELECT e.id, e.name FROM employers e JOIN municipalities m ON m.id = e.municipality_id "
            "WHERE m.name = 'Halsnæs' AND e.status = 'active' "
            "AND EXISTS (SELECT 1 FROM openings o JOIN opening_publications p ON p.opening_id = o.id "
            "WHERE o.employer_id = e.id) "
            "AND NOT EXISTS (SELECT 1 FROM partnerships a WHERE a.employer_id = e.id) ORDER BY e.id"
        )
        with connection:  # what it offered last year, so that the agreement would have counted then
            connection.execute(
                "UPDATE opening_publications SET at = ? WHERE opening_id IN "
                "(SELECT id FROM openings WHERE employer_id = ?)",
                (f"{year}-11-15 10:00:00.000000", employer),
            )
            connection.execute(
                "UPDATE employer_trades SET from_on = ? WHERE employer_id = ?", (f"{year}-01-02", employer)
            )
    return LastYear(year, partnerships, hired, int(str(citizen)), str(case), str(name), date(year, 12, 15))


def test_last_year_stays_what_it_was(own_server: str, tmp_path: Path, page_of: Callable[..., Page]) -> None:
    known = last_year(tmp_path / "portal.sqlite")
    mette = Person(page_of(own_server, "leder@demo.dk"))
    karin = Person(page_of(own_server, "konsulent@demo.dk"))
    before = {goal: figure_of(mette, goal) for goal in (known.partnerships, known.hired)}

    karin_erases_a_citizen(karin, known)
    karin_types_in_a_late_agreement(karin, known)

    assert {goal: figure_of(mette, goal) for goal in before} == before
    mette.opens(f"/goals/{known.partnerships}")
    beside = mette.page.locator("#since-frozen")
    expect(beside).to_contain_text(known.employer)
    mette.opens(f"/goals/{known.hired}")
    expect(mette.page.locator("#since-frozen")).to_contain_text("slettet")
    mette_sets_a_benchmark(mette, known)
    mette_takes_the_status_with_her(mette)


def figure_of(mette: Person, goal: int) -> str:
    """What is counted, on a page that says it is frozen."""
    mette.opens(f"/goals/{goal}")
    mette.sees("Tallet blev låst")
    return mette.page.locator(".goal-figures .figure-value").nth(1).inner_text()


def karin_erases_a_citizen(karin: Person, known: LastYear) -> None:
    karin.opens(f"/citizens/{known.citizen}/erase")
    karin.fills(case_reference=known.case)
    karin.page.set_default_timeout(LONG)  # what she was of every figure is added up first
    karin.presses("Slet for altid")
    expect(karin.page.locator("#messages")).to_contain_text("slettet", timeout=LONG)


def karin_types_in_a_late_agreement(karin: Person, known: LastYear) -> None:
    karin.opens("/partnerships/new")
    karin.selects("employer_id", known.employer)
    karin.selects("consultant_id", "Karin Holm")
    karin.fills(signed_on=known.signed_on.isoformat())
    karin.presses("Registrér aftalen")
    karin.sees_message("registreret")


def mette_sets_a_benchmark(mette: Person, known: LastYear) -> None:
    mette.opens("/comparison/new")
    mette.page.locator("select[name=subject]").select_option(value="partnerships")
    mette.fills(place="Odder", year=str(known.year), value="7", source="Odder Kommunes årsberetning")
    mette.presses("Gem tallet")
    expect(mette.page.locator("#messages")).not_to_be_empty()
    mette.opens("/comparison/")
    mette.sees("Odder")


def mette_takes_the_status_with_her(mette: Person) -> None:
    mette.opens("/goals/")
    asked = mette.page.context.request
    paper = asked.get(mette.main.get_by_role("link", name="Målstatus som PDF").get_attribute("href") or "")
    pages = pypdf.PdfReader(BytesIO(paper.body())).pages
    assert "Målstatus" in pages[0].extract_text()
    assert "Virksomheder med fast samarbejde" in pages[0].extract_text()
    book = asked.get(mette.main.get_by_role("link", name="Målstatus som Excel").get_attribute("href") or "")
    sheets = load_workbook(BytesIO(book.body())).worksheets
    assert sheets[0].title == "Mål"
    assert len(sheets) > 1
