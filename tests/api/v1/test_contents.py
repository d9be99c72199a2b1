"""What stands behind the doors: the token's own municipality's, page by page, in the words of the ledger."""

from datetime import date, timedelta

import pytest
from flask import Flask

from portal.api.tokens.models import TokenScope
from portal.base.database import db, transaction
from portal.base.terms import Industry, Measure, PeriodKind, PlacementForm
from portal.ledger.goals.freezing import freeze_goal
from portal.ledger.goals.models import Goal
from portal.loop.citizens.models import MergedCitizen
from portal.loop.openings.models import OpeningStatus
from portal.loop.placements.models import PlacementStatus
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from tests import factories
from tests.factories import NOW, TODAY, make_token
from tests.support.systems import System

CASE = "26/10431"


@pytest.fixture
def system(app: Flask) -> System:
    return System(app, make_token()[1])


@pytest.fixture
def neighbour(app: Flask) -> System:
    return System(app, make_token(in_municipality="Fredensborg")[1])


def test_openings_are_told_whole_and_by_status(system: System) -> None:
    bos = factories.make_employer("Bos Køkken ApS")
    up = factories.make_opening(bos, title="Hjælp til frokosten", places=2, filled=1)
    factories.make_opening(bos, title="Kladde", status=OpeningStatus.DRAFT, published_at=None)
    over = factories.make_opening(bos, title="Forbi", expires_on=TODAY - timedelta(days=1))

    found = system.items("/openings")

    assert [one["id"] for one in found] == [up.id, over.id]
    assert (found[0]["title"], found[0]["free_places"], found[0]["status"]) == (
        "Hjælp til frokosten",
        1,
        "published",
    )
    assert found[0]["employer"] == {"id": bos.id, "name": "Bos Køkken ApS", "cvr": bos.cvr}
    assert [task["text"] for task in found[0]["tasks"]] == [task.text for task in up.tasks]
    assert found[0]["starts_on"] == up.starts_on.isoformat()
    assert found[1]["status"] == "expired"
    assert [one["id"] for one in system.items("/openings?status=published")] == [up.id]
    assert [one["id"] for one in system.items("/openings?status=expired&limit=1")] == [over.id]
    assert system.get(f"/openings/{up.id}").get_json() == found[0]


def test_a_draft_is_nobodys_but_its_employers(system: System) -> None:
    draft = factories.make_opening(status=OpeningStatus.DRAFT, published_at=None)
    assert system.get(f"/openings/{draft.id}").status_code == 404


def test_what_a_neighbour_shares_is_not_handed_on(app: Flask, system: System, neighbour: System) -> None:
    shared = factories.make_opening(visible_to_neighbours=True)

    assert [one["id"] for one in system.items("/openings")] == [shared.id]
    assert neighbour.items("/openings") == []
    assert neighbour.get(f"/openings/{shared.id}").status_code == 404


def test_another_municipalitys_records_are_not_there(system: System, neighbour: System) -> None:
    card = factories.make_card(factories.make_citizen(case_reference=CASE))
    opening = factories.make_opening()
    factories.make_placement(factories.make_review(factories.make_match(opening, card)))
    partnership, goal = factories.make_partnership(opening.employer), factories.make_goal()

    for path in ("/openings", "/employers", "/partnerships", "/figures"):
        assert system.items(path), path
        assert neighbour.items(path) == [], path
    for path in (f"/employers/{opening.employer_id}", f"/figures/{goal.id}", f"/figures/{goal.id}/lines"):
        assert (system.get(path).status_code, neighbour.get(path).status_code) == (200, 404), path
    for path in ("/case/placements", "/case/card"):
        assert system.get(path, case=CASE).status_code == 200, path
        assert neighbour.get(path, case=CASE).status_code == 404, path
    assert partnership.municipality_id == goal.municipality_id


def test_pages_begin_where_the_last_one_ended_whatever_comes_meanwhile(system: System) -> None:
    bos = factories.make_employer()
    first = [factories.make_opening(bos).id for _number in range(5)]
    page = system.get("/openings?limit=2&status=published").get_json()
    assert [one["id"] for one in page["items"]] == first[:2]
    assert "status=published" in page["next"]

    later = factories.make_opening(bos).id

    assert [one["id"] for one in system.items(page["next"])] == [*first[2:], later]
    assert system.get(f"/openings?after={later}").get_json() == {"items": [], "next": None}
    assert system.get("/openings?limit=6").get_json()["next"] is None


def test_employers_come_with_their_workplaces(system: System) -> None:
    bos = factories.make_employer("Bos Køkken ApS")

    [found] = system.items("/employers")

    assert (found["id"], found["cvr"], found["industry"]) == (bos.id, bos.cvr, bos.industry.value)
    assert [place["id"] for place in found["workplaces"]] == [place.id for place in bos.workplaces]
    assert "contacts" not in found
    assert system.get(f"/employers/{bos.id}").get_json() == found


def test_a_partnership_says_whether_it_counts_and_what_is_missing(system: System) -> None:
    active = factories.make_opening().employer
    counting = factories.make_partnership(active)
    idle = factories.make_partnership(factories.make_employer("Stille ApS", owner=None))

    found = {one["id"]: one for one in system.items("/partnerships")}

    assert (found[counting.id]["counts"], found[counting.id]["missing"]) == (True, [])
    assert (found[idle.id]["counts"], found[idle.id]["missing"]) == (False, ["active"])


def test_a_figure_is_the_sum_of_its_lines(system: System) -> None:
    names = [f"Firma {letter}" for letter in "CAB"]
    for name in names:
        factories.make_partnership(factories.make_opening(factories.make_employer(name, owner=None)).employer)
    goal = factories.make_goal()

    [figure] = system.items("/figures")
    lines, onward = [], f"/figures/{goal.id}/lines?limit=2"
    while onward:
        page = system.get(onward).get_json()
        assert page["kind"] == "employers"
        lines, onward = lines + page["employers"], page["next"]

    assert (figure["id"], figure["measure"], figure["target"]) == (goal.id, "partnerships", 5)
    assert figure["value"] == sum(line["amount"] for line in lines) == 3.0
    assert {line["name"] for line in lines} == set(names)
    assert figure["why_none"] is None
    assert system.get(f"/figures/{goal.id}").get_json() == figure


def test_a_frozen_figure_keeps_its_lines(app: Flask, system: System, mette: User) -> None:
    for name in ("Firma A", "Firma B"):
        factories.make_partnership(factories.make_opening(factories.make_employer(name, owner=None)).employer)
    goal = factories.make_goal(last_on=TODAY - timedelta(days=1))
    with transaction():
        freeze_goal(db.session.get_one(Goal, goal.id), note="", by=db.session.merge(mette), at=NOW)

    figure = system.get(f"/figures/{goal.id}").get_json()
    first = system.get(f"/figures/{goal.id}/lines?limit=1").get_json()
    second = system.get(first["next"]).get_json()

    assert (figure["is_frozen"], figure["value"]) == (True, 2.0)
    assert [line["name"] for page in (first, second) for line in page["employers"]] == ["Firma A", "Firma B"]
    assert second["next"] is None


def placements(count: int, form: PlacementForm) -> None:
    for _number in range(count):
        factories.make_placement(
            form=form, status=PlacementStatus.RUNNING, started_at=NOW, starts_on=TODAY - timedelta(days=7)
        )


def test_people_are_added_up_and_small_numbers_hidden(system: System) -> None:
    """As a leader sees it: of 7, 6 and 2 in three forms the 2 are few and hide the 6; a goal for them has none."""
    placements(7, PlacementForm.PRAKTIK)
    placements(6, PlacementForm.SMAAJOB)
    placements(2, PlacementForm.LOENTILSKUD)
    year = {"measure": Measure.PLACEMENTS, "period": PeriodKind.YEAR, "sentence": "Flere i forløb."}
    whole = factories.make_goal(**year)
    part = factories.make_goal(**year, terms={"form": "loentilskud"})

    figures = {one["id"]: one for one in system.items("/figures")}
    behind = system.get(f"/figures/{whole.id}/lines").get_json()

    assert figures[whole.id]["value"] == 15.0
    assert (figures[part.id]["value"], figures[part.id]["why_none"]) == (None, "few")
    assert behind["kind"] == "parts"
    assert behind["employers"] == []
    told = {one["form"]: one["amount"] for one in behind["parts"]}
    assert told == {"Virksomhedspraktik": 7, "Småjob": None, "Løntilskud": None}
    assert system.get(f"/figures/{part.id}/lines").get_json()["kind"] == "none"


def test_a_figure_from_outside_says_where_it_stands(system: System) -> None:
    factories.make_outside_figure()
    goal = factories.make_goal(
        measure=Measure.PUBLIC_SUPPORT, first_on=date(2025, 1, 1), last_on=date(2025, 12, 31),
        period=PeriodKind.YEAR,
    )  # fmt: skip
    behind = system.get(f"/figures/{goal.id}/lines").get_json()
    assert (behind["kind"], behind["sources"]) == ("outside", ["Danmarks Statistik"])


def test_a_citizens_placements_and_card_by_her_case_number(app: Flask, system: System) -> None:
    citizen = factories.make_citizen(case_reference=CASE)
    card = factories.make_card(citizen)
    factories.make_certificate(card)
    opening = factories.make_opening(title="Hjælp til frokosten")
    placement = factories.make_placement(factories.make_review(factories.make_match(opening, card)))
    factories.make_placement()  # somebody else's

    [found] = system.items("/case/placements", case=CASE)
    told = system.get("/case/card", case=" 26-10431 ").get_json()

    assert (found["id"], found["card_number"], found["title"]) == (placement.id, card.number, opening.title)
    assert (found["form"], found["status"]) == (placement.form.value, placement.status.value)
    assert (told["number"], told["is_active"]) == (card.number, True)
    assert {skill["source"] for skill in told["skills"]} == {"own"}
    assert [skill["name"] for skill in told["skills"]]
    assert [paper["name"] for paper in told["certificates"]] == ["hygiejnebevis"]
    assert "Amira" not in str(told) + str(found)


@pytest.mark.parametrize("sent", ["S%C3%86R/1", "s%C3%A6r%2F1"])
def test_a_case_number_may_hold_danish_letters(app: Flask, system: System, sent: str) -> None:
    factories.make_card(factories.make_citizen(case_reference="SÆR/1"))

    assert system.get("/case/card", case=sent).status_code == 200


def test_a_case_number_from_before_two_became_one_still_means_her(app: Flask, system: System) -> None:
    citizen = factories.make_citizen(case_reference=CASE)
    factories.make_card(citizen)
    merged = factories.make_merged(citizen)
    with transaction():
        db.session.get_one(MergedCitizen, merged.id).case_key = "25/99"

    assert system.get("/case/card", case="25/99").status_code == 200


@pytest.mark.parametrize("case", ["", "26/9999", "%00", "%FF", "x" * 201, "K-1036"])
def test_a_case_that_is_nobodys_is_not_there_and_noted(app: Flask, system: System, case: str) -> None:
    factories.make_card(factories.make_citizen(case_reference=CASE))

    answer = system.get("/case/card", case=case)

    assert answer.status_code in (400, 404)
    db.session.rollback()
    noted = db.session.query(AuditEntry).filter_by(action="api-refused").all()
    assert len(noted) == (answer.status_code == 404)
    assert not [line for line in noted if case in str(line.purpose)]


def test_without_a_case_number_nobody_is_told_of(system: System) -> None:
    answer = system.get("/case/card")
    assert answer.status_code == 400
    assert answer.get_json(force=True)["errors"]


def test_a_citizen_without_a_card_has_none(app: Flask, system: System) -> None:
    factories.make_citizen(case_reference=CASE)
    assert system.get("/case/card", case=CASE).status_code == 404
    assert system.items("/case/placements", case=CASE) == []


def test_a_code_says_what_it_is_called_in_danish(system: System) -> None:
    schemas = system.get("/openapi.json").get_json()["components"]["schemas"]
    assert schemas["Industry"]["x-danish"]["koekken"] == str(Industry.KOEKKEN.label)
    assert TokenScope.CASES.is_about_people
