"""The goals page and what is behind each figure, for Mette, Karin and strangers."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import Measure, PlacementForm
from portal.ledger.goals import services
from portal.ledger.goals.measures import all_specs
from portal.ledger.goals.models import FrozenFigure, FrozenLine, Goal
from portal.loop.placements.models import Outcome, PlacementStatus
from portal.shared.accounts.models import User
from tests.client import PortalClient, counted_statements
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

WRITTEN = {
    "group_id": "0",
    "period": "year",
    "year": "2026",
    "aim": "at_least",
    "target": "12",
    "baseline": "",
    "sentence": "12 skal ansættes.",
    "source": "Plan 2026",
}


def test_the_page_shows_each_goal_with_its_figure(client_for: ClientFor, mette: User) -> None:
    goal = set_goal(Measure.PARTNERSHIPS)
    make_opening(employer := make_employer())
    make_partnership(employer)

    row = client_for(mette).get("/goals/").page.select_one(f"#goal-{goal.id}")

    assert row is not None
    assert [cell.get_text(strip=True) for cell in row.select("td.number")][:3] == ["3", "1", "2"]


def test_a_goal_without_a_figure_stands_in_the_folded_line(client_for: ClientFor, mette: User) -> None:
    goal = set_goal(Measure.YOUNG_IN_LEISURE_JOB)

    page = client_for(mette).get("/goals/").page

    assert page.select_one(f"details a[href='/goals/{goal.id}']")
    assert not page.select_one(f"#goals #goal-{goal.id}")
    assert "årets optælling af de unge" in page.select_one("details.waiting-goals").get_text()  # type: ignore[union-attr]


def test_the_figure_opens_into_the_employers_behind_it(client_for: ClientFor, mette: User) -> None:
    goal = set_goal(Measure.PARTNERSHIPS)
    make_opening(employer := make_employer("Bos Køkken"), title="Køkkenhjælp i Hundested")
    make_partnership(employer)
    make_partnership(make_employer("Uden åbning"))

    table = client_for(mette).get(f"/goals/{goal.id}").page.select_one("#figure-table")

    assert table is not None
    assert [link.get_text() for link in table.select("tbody a")] == ["Bos Køkken"]
    assert "Køkkenhjælp i Hundested" in table.get_text()


@pytest.mark.parametrize("measure", [Measure.CARDS, Measure.HIRED])
def test_a_consultant_sees_card_numbers_and_a_leader_sees_nobody(
    client_for: ClientFor, karin: User, mette: User, measure: Measure
) -> None:
    goal = set_goal(measure)
    placement = make_placement(
        status=PlacementStatus.ENDED,
        starts_on=TODAY - timedelta(days=9),
        ended_on=TODAY,
        outcome=Outcome.HIRED,
    )
    number = (make_card(created_at=NOW) if measure is Measure.CARDS else placement.card).number
    for address in (f"/goals/{goal.id}", f"/goals/{goal.id}?format=csv"):
        hers, leaders = (client_for(who).get(address).get_data(as_text=True) for who in (karin, mette))
        assert number in hers
        assert number not in leaders
        for text in (hers, leaders):
            assert "Amira" not in text
            assert "Haddad" not in text


def test_a_goal_without_records_says_what_must_be_written_down(client_for: ClientFor, karin: User) -> None:
    goal = set_goal(Measure.YOUNG_IN_LEISURE_JOB, 2026, 25)

    page = client_for(karin).get(f"/goals/{goal.id}").page

    assert page.select_one("#figure-list .empty-state")
    assert not page.select("#figure-table")
    assert "årets optælling af de unge" in page.get_text()


def test_the_leader_sets_a_goal(client_for: ClientFor, mette: User) -> None:
    client = client_for(mette)
    assert client.get("/goals/new").page.select_one("a[href='/goals/new/hired']")
    assert client.get("/goals/new/hired").status_code == 200

    response = client.post("/goals/new/hired", WRITTEN)

    goal = db.session.scalars(sa.select(Goal)).one()
    assert (response.status_code, goal.target, goal.set_by_id) == (303, 12, mette.id)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("year", ""),
        ("year", "26"),
        ("period", "x"),
        ("aim", "x"),
        ("target", "0"),
        ("target", "mange"),
        ("baseline", "mange"),
        ("sentence", ""),
        ("source", ""),
    ],
)
def test_what_is_wrong_is_said_next_to_the_field(
    client_for: ClientFor, mette: User, field: str, value: str
) -> None:
    response = client_for(mette).post("/goals/new/hired", {**WRITTEN, field: value})

    assert response.status_code == 422
    assert response.page.select_one(f"#{field}-error")


def test_what_nobody_counts_is_not_found(client_for: ClientFor, mette: User) -> None:
    assert client_for(mette).get("/goals/new/luck").status_code == 404


def test_a_second_goal_for_the_time_is_refused(client_for: ClientFor, mette: User) -> None:
    set_goal(Measure.HIRED)

    assert client_for(mette).post("/goals/new/hired", WRITTEN).status_code == 409


def test_an_edit_that_came_too_late_keeps_what_was_typed(client_for: ClientFor, mette: User) -> None:
    goal = set_goal(Measure.HIRED)
    client = client_for(mette)
    data = {**WRITTEN, "target": "8", "note": "Byrådet", "version": "1"}
    assert client.post(f"/goals/{goal.id}/edit", data).status_code == 303

    late = client.post(f"/goals/{goal.id}/edit", {**data, "target": "9"})

    assert late.status_code == 409
    assert late.page.select_one("#target")["value"] == "9"  # type: ignore[index]
    assert late.page.select_one("[name=version]")["value"] == "2"  # type: ignore[index]


def test_the_leader_takes_a_goal_on_and_ends_it(client_for: ClientFor, mette: User) -> None:
    goal = set_goal(Measure.HIRED, 2025, 4)
    client = client_for(mette)
    proposed = client.get(f"/goals/{goal.id}/copy").page
    assert proposed.select_one("#last_on")["value"] == "31-12-2026"  # type: ignore[index]

    copied = {"first_on": "2026-01-01", "last_on": "2026-12-31", "target": "6", "note": ""}
    assert client.post(f"/goals/{goal.id}/copy", copied).status_code == 303
    assert client.post(f"/goals/{goal.id}/end", {"because": "Ny plan"}).status_code == 303

    assert [one.target for one in db.session.scalars(sa.select(Goal).order_by(Goal.id))] == [4, 6]
    assert db.session.get_one(Goal, goal.id).ended_because == "Ny plan"


def test_only_the_leader_sets_goals(client_for: ClientFor, karin: User, lene: User) -> None:
    goal = set_goal(Measure.HIRED)

    assert client_for(karin).get("/goals/new").status_code == 403
    for page in ("edit", "copy", "end"):
        assert client_for(karin).post(f"/goals/{goal.id}/{page}", {}).status_code == 403
    assert client_for(lene).get(f"/goals/{goal.id}").status_code == 404


def test_every_goal_exports_with_no_data_in_words(client_for: ClientFor, karin: User) -> None:
    set_goal(Measure.PARTNERSHIPS, 2019)

    text = client_for(karin).get("/goals/?time=all&format=csv").get_data(as_text=True)

    assert "01-01-2019;31-12-2019;Mindst;3;antal;ingen data" in text


def test_the_page_takes_few_statements(client_for: ClientFor, mette: User) -> None:
    for measure in (Measure.PARTNERSHIPS, Measure.CARDS, Measure.HIRED, Measure.MENTOR_COURSES):
        for year in (2019, 2024, 2025, 2026):
            set_goal(measure, year)
    make_opening(employer := make_employer())
    make_partnership(employer)
    client = client_for(mette)

    with counted_statements(client.app) as statements:
        client.get("/goals/")

    assert len(statements) <= 20


def frozen_with_one_employer(goal: Goal) -> None:
    with transaction():
        kept = FrozenFigure(
            goal_id=goal.id,
            municipality_id=goal.municipality_id,
            on=goal.last_on,
            lines=1,
            amount=1,
            known=1,
            unknown_out_of=0,
            rule="En virksomhed tæller én gang.",
            frozen_at=NOW,
            note="Byrådet vil se tallet",
        )
        db.session.add(kept)
        db.session.flush()
        db.session.add(
            FrozenLine(
                figure_id=kept.id,
                amount=1,
                is_known=True,
                quarter_on=date(2025, 10, 1),
                cvr="13748136",
                employer_name="Den lukkede kro",
                on=date(2025, 11, 2),
                notes=["Fag: Køkken og kantine"],
            )
        )


def test_a_frozen_list_of_employers_keeps_names_and_words_of_its_day(
    client_for: ClientFor, mette: User
) -> None:
    goal = set_goal(Measure.PARTNERSHIPS, 2025)
    frozen_with_one_employer(goal)

    answer = client_for(mette).get(f"/goals/{goal.id}")

    table = answer.page.select_one("#figure-table")
    assert table is not None
    assert "Den lukkede kro" in table.get_text()
    assert not table.select("tbody a")  # it is no longer in the portal
    assert "Fag: Køkken og kantine" in table.get_text()
    for said in ("En virksomhed tæller én gang.", "Byrådet vil se tallet", "Tallet blev låst"):
        assert said in answer.words
    since = answer.page.select_one("#since-frozen")
    assert since is not None
    assert "Den lukkede kro: tæller ikke længere med" in since.get_text()
    text = client_for(mette).get(f"/goals/{goal.id}?format=csv").get_data(as_text=True)
    assert "Den lukkede kro;13748136;02-11-2025;1" in text


def test_a_leader_sees_people_added_up_and_few_hidden(client_for: ClientFor, mette: User) -> None:
    goal = set_goal(Measure.HIRED)
    ended = {"status": PlacementStatus.ENDED, "starts_on": TODAY - timedelta(days=9), "ended_on": TODAY}
    for form, count in ((PlacementForm.PRAKTIK, 6), (PlacementForm.LOENTILSKUD, 5), (PlacementForm.IGU, 1)):
        for _number in range(count):
            make_placement(**ended, outcome=Outcome.HIRED, form=form)

    client = client_for(mette)
    told = client.get(f"/goals/{goal.id}").page.select("#figure-table tbody td")
    file = client.get(f"/goals/{goal.id}?format=csv").get_data(as_text=True)

    assert [cell.get_text() for cell in told] == ["6", "få", "få"]
    assert [line.rpartition(";")[2] for line in file.splitlines()[1:]] == ["6", "få", "få"]


def test_few_people_are_not_told_by_form(client_for: ClientFor, mette: User) -> None:
    goal = set_goal(Measure.HIRED)
    make_placement(
        status=PlacementStatus.ENDED,
        starts_on=TODAY - timedelta(days=9),
        ended_on=TODAY,
        outcome=Outcome.HIRED,
    )

    client = client_for(mette)
    cells = [cell.get_text() for cell in client.get(f"/goals/{goal.id}").page.select("#figure-table td")]
    file = client.get(f"/goals/{goal.id}?format=csv").get_data(as_text=True)

    assert cells == []
    assert "praktik" not in file


def test_the_goals_page_is_narrowed_searched_and_sorted(client_for: ClientFor, mette: User) -> None:
    now = set_goal(Measure.CARDS, source="Beskæftigelsesplan 2026, afsnit 3")
    other = set_goal(Measure.PARTNERSHIPS, source="Virksomhedsplan, side 2")
    over = set_goal(Measure.CARDS, 2025)
    client = client_for(mette)

    def shown(query: str) -> list[str]:
        rows = client.get(f"/goals/{query}").page.select("#goals tbody tr")
        return [str(row["id"]).removeprefix("goal-") for row in rows]

    assert shown("") == [str(now.id), str(other.id)]
    assert shown("?time=over") == [str(over.id)]
    assert shown("?time=all&sort=time") == [str(over.id), str(now.id), str(other.id)]
    assert shown("?time=hvad&plan=Virksomhedsplan") == [str(other.id)]
    assert shown("?measure=cards") == [str(now.id)]
    assert shown("?q=afsnit+3") == [str(now.id)]
    assert shown("?sort=name&dir=desc") == [str(other.id), str(now.id)]
    assert shown("?q=findes+ikke") == []


def test_the_page_says_which_day_each_figure_is_of(client_for: ClientFor, mette: User) -> None:
    set_goal(Measure.CARDS)

    summary = client_for(mette).get("/goals/?on=2026-08-15").page.select_one(".list-summary")

    assert summary is not None
    assert "15. august 2026" in summary.get_text()
    assert "30. juni 2026" in summary.get_text()


def test_the_fragment_is_the_part_of_the_page(client_for: ClientFor, mette: User) -> None:
    set_goal(Measure.CARDS)
    client = client_for(mette)

    page, part = (client.get("/goals/?time=all", htmx=htmx).page for htmx in (False, True))

    assert page.select_one("#goal-table") == part.select_one("#goal-table")


@pytest.mark.parametrize("measure", [Measure.PARTNERSHIPS, Measure.HIRED, Measure.CARDS])
def test_a_goals_page_takes_few_statements(client_for: ClientFor, karin: User, measure: Measure) -> None:
    goals = [set_goal(measure, year) for year in (2023, 2024, 2025, 2026)]
    make_opening(employer := make_employer())
    make_partnership(employer)
    client = client_for(karin)
    client.get(f"/goals/{goals[-1].id}")

    with counted_statements(client.app) as statements:
        client.get(f"/goals/{goals[-1].id}")

    assert len(statements) <= 20


@pytest.mark.parametrize(
    ("said", "first_on", "last_on"),
    [
        ({"period": "year", "year": "2027"}, date(2027, 1, 1), date(2027, 12, 31)),
        ({"period": "quarter", "year": "2027", "quarter": "2"}, date(2027, 4, 1), date(2027, 6, 30)),
        (
            {"period": "project", "first_on": "01-02-2026", "last_on": "2027-07-31"},
            date(2026, 2, 1),
            date(2027, 7, 31),
        ),
    ],
)
def test_the_days_follow_from_the_kind_of_time(
    client_for: ClientFor, mette: User, said: dict[str, str], first_on: date, last_on: date
) -> None:
    assert client_for(mette).post("/goals/new/hired", {**WRITTEN, **said}).status_code == 303

    goal = db.session.scalars(sa.select(Goal)).one()
    assert (goal.first_on, goal.last_on) == (first_on, last_on)


@pytest.mark.parametrize(
    ("measure", "said", "field"),
    [
        ("hired", {"period": "project", "first_on": "", "last_on": "2027-07-31"}, "first_on"),
        ("hired", {"period": "project", "first_on": "2027-08-01", "last_on": "2027-07-31"}, "last_on"),
        ("partnerships", {"period": "day", "last_on": ""}, "last_on"),
        ("hired", {"aim": "rise"}, "baseline"),
        ("in_work", {"target": "101"}, "target"),
        ("in_work", {}, "group_id"),
        ("hired", {"period": "day", "last_on": "2026-12-31"}, "period"),
    ],
)
def test_what_the_kind_of_goal_asks_for_is_said_next_to_the_field(
    client_for: ClientFor, mette: User, measure: str, said: dict[str, str], field: str
) -> None:
    response = client_for(mette).post(f"/goals/new/{measure}", {**WRITTEN, **said})

    assert response.status_code == 422
    assert response.page.select_one(f"#{field}-error")


def test_a_change_is_set_with_where_it_is_counted_from(client_for: ClientFor, mette: User) -> None:
    client = client_for(mette)
    change = {**WRITTEN, "aim": "rise", "baseline": "40", "target": "25"}

    assert client.post("/goals/new/hired", change).status_code == 303

    goal = db.session.scalars(sa.select(Goal)).one()
    assert "fra 40 til 50" in client.get(f"/goals/{goal.id}").words


def test_a_correction_shows_the_time_as_it_is(client_for: ClientFor, mette: User) -> None:
    goal = set_goal(Measure.HIRED, 2025)

    page = client_for(mette).get(f"/goals/{goal.id}/edit").page

    assert page.select_one("#year")["value"] == "2025"  # type: ignore[index]
    assert page.select_one("#period option[selected]")["value"] == "year"  # type: ignore[index]


def test_all_goals_of_a_year_are_taken_on_with_new_targets(client_for: ClientFor, mette: User) -> None:
    cards, hired = set_goal(Measure.CARDS, target=50), set_goal(Measure.HIRED, target=4)
    left, ended = set_goal(Measure.PARTNERSHIPS), set_goal(Measure.MENTOR_COURSES)
    with transaction():
        services.end_goal(db.session.merge(ended), because="Nye vilkår", on=TODAY, by=mette, at=NOW)
    client = client_for(mette)
    page = client.get("/goals/copy-year").page
    assert {str(box["name"]) for box in page.select("#year-goals [type=checkbox]")} == {
        f"take_{one.id}" for one in (cards, hired, left)
    }

    said = {f"target_{cards.id}": "60", f"target_{hired.id}": "4", f"target_{left.id}": "nej"}
    taken = {f"take_{cards.id}": "y", f"take_{hired.id}": "y"}
    assert client.post("/goals/copy-year?year=2026", {**said, **taken}).status_code == 303

    of_next = [one for one in db.session.scalars(sa.select(Goal).order_by(Goal.id)) if one.year == 2027]
    assert [(one.measure, one.target) for one in of_next] == [(Measure.CARDS, 60), (Measure.HIRED, 4)]
    again = client.get("/goals/copy-year?year=2026").page
    assert [str(box["name"]) for box in again.select("#year-goals [type=checkbox]")] == [f"take_{left.id}"]


@pytest.mark.parametrize("written", ["", "mange", "0"])
def test_a_new_target_that_is_none_is_said_in_its_row(
    client_for: ClientFor, mette: User, written: str
) -> None:
    goal = set_goal(Measure.CARDS)
    data = {f"target_{goal.id}": written, f"take_{goal.id}": "y"}

    answer = client_for(mette).post("/goals/copy-year?year=2026", data)

    assert answer.status_code == 422
    assert answer.page.select_one(f"#target_{goal.id}-error")


def test_nothing_ticked_takes_nothing_on(client_for: ClientFor, mette: User) -> None:
    goal = set_goal(Measure.CARDS)

    answer = client_for(mette).post("/goals/copy-year?year=2026", {f"target_{goal.id}": "60"})

    assert answer.status_code == 422
    assert "Sæt kryds" in answer.words


def test_a_goals_page_leads_to_where_its_records_are_written(
    client_for: ClientFor, karin: User, mette: User
) -> None:
    goal = set_goal(Measure.CARDS)

    assert client_for(karin).get(f"/goals/{goal.id}").page.select_one("main a[href='/citizens/']")
    assert not client_for(mette).get(f"/goals/{goal.id}").page.select_one("main a[href='/citizens/']")


def test_where_records_are_written_is_a_page(app: Flask) -> None:
    pages = {spec.page for spec in all_specs() if spec.counted is not None}

    assert pages <= set(app.view_functions)
