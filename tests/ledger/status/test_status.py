"""Målstatus as Mette takes it to the committee: what stands on paper and in the workbook is what the pages say."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pypdf
import pytest
from openpyxl import Workbook, load_workbook

from portal.base.terms import Measure
from portal.loop.placements.models import Outcome, PlacementStatus
from portal.shared.accounts.models import User
from portal.web.paper.workbooks import CellKind, Sheet, SheetColumn, workbook
from tests.client import PortalClient
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_employer,
    make_opening,
    make_partnership,
    make_placement,
)
from tests.support.goals import set_goal

ClientFor = Callable[[User | None], PortalClient]


@pytest.fixture
def year_of_goals(app: Any) -> None:
    """One employer that counts, one card, one hired; and a goal that waits for a later room."""
    make_opening(employer := make_employer("Bos Køkken"), title="=Køkkenhjælp")
    make_partnership(employer)
    make_card(created_at=NOW)
    make_placement(
        status=PlacementStatus.ENDED,
        starts_on=TODAY - timedelta(days=9),
        ended_on=TODAY,
        outcome=Outcome.HIRED,
    )
    set_goal(Measure.PARTNERSHIPS)
    set_goal(Measure.HIRED, target=1)
    set_goal(Measure.YOUNG_IN_LEISURE_JOB, target=25)


def paper(client: PortalClient, query: str = "") -> list[str]:
    answer = client.get(f"/goals/status.pdf{query}")
    assert answer.mimetype == "application/pdf", answer.status_code
    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.get_data())).pages]


def book(client: PortalClient) -> Workbook:
    answer = client.get("/goals/status.xlsx")
    assert answer.status_code == 200
    return load_workbook(BytesIO(answer.get_data()))


def test_the_first_page_is_the_table_and_each_goal_has_its_own(
    year_of_goals: None, client_for: ClientFor, mette: User
) -> None:
    first, *blocks = paper(client_for(mette))

    for heading in ("Måltal", "Nu", "Mangler", "Sidste år", "Udvikling"):
        assert heading in first
    assert "Virksomheder med fast samarbejde" in first
    assert "Unge 13-17 år i fritidsjob" in first  # without a figure, in one line
    assert len(blocks) == 2
    assert "Bos Køkken" in blocks[0]
    assert "Vi lover partnerships" in blocks[0]


def test_the_paper_is_tagged_and_the_same_figures_give_the_same_bytes(
    year_of_goals: None, client_for: ClientFor, mette: User
) -> None:
    client = client_for(mette)
    one, other = (client.get("/goals/status.pdf").get_data() for _time in range(2))

    assert one == other
    assert pypdf.PdfReader(BytesIO(one)).trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_neither_file_holds_a_person(year_of_goals: None, client_for: ClientFor, karin: User) -> None:
    """Not even the consultant's: a file goes on to others."""
    cards = [make_card(created_at=NOW).number]
    client = client_for(karin)
    cells = [str(cell.value) for sheet in book(client) for row in sheet.iter_rows() for cell in row]
    for text in ("\n".join(paper(client)), "\n".join(cells)):
        for person in ("Amira", "Haddad", *cards):
            assert person not in text


def test_the_workbook_has_numbers_dates_and_a_sheet_for_each_list(
    year_of_goals: None, client_for: ClientFor, mette: User
) -> None:
    written = book(client_for(mette))

    assert written.sheetnames == [
        "Mål",
        "2026 Virksomheder med fast sama",
        "2026 Ansat efter et forløb",
        "Mål uden tal",
    ]
    head, row = written["Mål"].iter_rows(min_row=3, max_row=4, values_only=True)
    found = dict(zip(head, row, strict=True))
    assert (found["Måltal"], found["Nu"], found["Talt den"]) == (
        3,
        1,
        datetime.combine(TODAY, datetime.min.time()),
    )
    behind = written["2026 Virksomheder med fast sama"]
    assert behind["A4"].value == "Bos Køkken"
    assert behind["C4"].number_format == "DD-MM-YYYY"
    hired = written["2026 Ansat efter et forløb"]
    assert [cell.value for cell in hired[3]] == ["Dag", "Tal"]  # by form each would be one person


def test_a_past_day_is_told_as_of_that_day(year_of_goals: None, client_for: ClientFor, mette: User) -> None:
    [first, *_blocks] = paper(client_for(mette), f"?on={date(TODAY.year, 1, 31).isoformat()}")

    assert f"31. januar {TODAY.year}" in first


def test_what_somebody_wrote_is_no_formula(app: Any) -> None:
    """=HYPERLINK(...) as an employer's name must not run in the leader's spreadsheet."""
    content = workbook(
        "Prøve",
        [
            Sheet(
                "A/B:*",
                "=1+1",
                [SheetColumn("Navn"), SheetColumn("Andel", CellKind.PERCENT)],
                [["=1+1", 44.5]],
            )
        ],
        creator="Halsnæs",
    )

    page = load_workbook(BytesIO(content)).worksheets[0]
    assert page.title == "A B"
    assert (page["A1"].data_type, page["A4"].data_type, page["A4"].value) == ("s", "s", "=1+1")
    assert (page["B4"].value, page["B4"].number_format) == (44.5, '0.0"%"')
