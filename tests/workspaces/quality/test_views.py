"""The pages: figures, weights and runs; who sets what, and what is said beside a wrong number."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.matches.models import Match, MatcherWeights, RematchRun
from portal.loop.matches.rematch import rematch
from portal.loop.matches.weights import in_force, set_weights
from portal.loop.reviews.models import Decision, DecisionReason
from portal.matching import STANDARD, Weights
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.workspaces.quality import views
from tests.client import PortalClient
from tests.factories import NOW, make_card, make_citizen, make_match, make_opening, make_review, municipality

ClientFor = Callable[[User | None], PortalClient]

STANDARD_VALUES = {
    "must": "3",
    "nice": "1",
    "gate": "0,5",
    "must_held_at": "0,6",
    "level_step": "0,25",
    "related_at_most": "0,5",
    "guess_at_most": "0,9",
    "text_at_least": "0,6",
    "wish": "0",
}
NOTE = "Krav skal veje mere i køkkenerne."


@pytest.fixture
def leader(client_for: ClientFor, mette: User) -> PortalClient:
    return client_for(mette)


def asked(**values: str) -> str:
    pairs = {**STANDARD_VALUES, **values}.items()
    return "/quality/weights?" + "&".join(f"{name}={value}" for name, value in pairs)


def rows_of(model: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


# --- Quality ------------------------------------------------------------------------------------------------


def test_without_decisions_the_page_says_so(leader: PortalClient) -> None:
    page = leader.get("/quality/").page

    assert page.select_one("#match-quality .empty-state")
    assert not page.select_one(".csv-link")


def test_the_page_shows_months_reasons_and_a_picture_with_the_same_figures(leader: PortalClient) -> None:
    for number in range(6):
        make_review(make_match(card=make_card(make_citizen(f"B{number}"))))
    make_review(
        make_match(card=make_card(make_citizen("Nej"))),
        decision=Decision.REFUSED,
        reason=DecisionReason.DANISH,
        place=7,
    )

    page = leader.get("/quality/").page

    months = page.select("#month-table tbody tr")
    assert [cell.get_text(strip=True) for cell in months[-1].select("td")] == [
        "november 2026", "7", "6", "1", "100 %",
    ]  # fmt: skip
    assert "november 2026: Vurderet 7, Godkendt 6." in page.select_one("#quality-chart-desc").get_text()
    assert "Dansk passer ikke endnu" in page.select_one("#reason-table").get_text()


@pytest.mark.parametrize(("asked_for", "rows"), [("", 6), ("6", 6), ("12", 12), ("99", 6), ("x", 6)])
def test_the_period_is_one_of_those_offered(leader: PortalClient, asked_for: str, rows: int) -> None:
    make_review(decided_at=NOW - timedelta(days=330))
    make_review(decided_at=NOW - timedelta(days=150))

    assert len(leader.get(f"/quality/?months={asked_for}").page.select("#month-table tbody tr")) == rows


def test_months_before_the_first_decision_are_left_out(leader: PortalClient) -> None:
    make_review()

    assert len(leader.get("/quality/?months=12").page.select("#month-table tbody tr")) == 1


def test_the_file_has_a_figure_a_row(leader: PortalClient) -> None:
    make_review()

    lines = leader.get("/quality/?format=csv").get_data(as_text=True).splitlines()

    assert lines[0] == "\ufeffMåned;Hvad;Grund;Antal"
    assert "2026-11;Godkendt;Opgaverne passer godt;1" in lines
    assert "2026-11;Blandt de 5 bedste: godkendt;;1" in lines


# --- Weights ------------------------------------------------------------------------------------------------


def test_each_weight_is_said_plainly_with_its_value_and_the_standard(leader: PortalClient) -> None:
    rows = leader.get("/quality/weights").page.select("#weight-table tbody tr")

    assert [row.select("td")[2].get_text() for row in rows] == list(STANDARD_VALUES.values())


def test_a_consultant_tries_weights_and_sets_none(client_for: ClientFor, karin: User) -> None:
    browser = client_for(karin)

    page = browser.get(asked(must="5")).page

    assert page.select_one("#outcome")
    assert not page.select("form[method=post][action='/quality/weights']")
    assert browser.post("/quality/weights", {**STANDARD_VALUES, "note": NOTE}).status_code == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("must", ""),
        ("must", "0"),
        ("must", "10,1"),
        ("must", "mange"),
        ("must", "NaN"),
        ("must", "sNaN"),
        ("must", "Infinity"),
        ("must", "1e999"),
        ("gate", "-0,1"),
        ("gate", "1,01"),
        ("text_at_least", "0"),
    ],
)
def test_a_wrong_number_is_answered_beside_its_field(leader: PortalClient, field: str, value: str) -> None:
    tried = leader.get(asked(**{field: value}))
    posted = leader.post("/quality/weights", {**STANDARD_VALUES, "note": NOTE, field: value})

    for answer in (tried, posted):
        assert answer.status_code == 422
        assert [one["id"] for one in answer.page.select("[aria-invalid=true]")] == [field]
        assert answer.page.select_one(f"#{field}")["value"] == value
        assert not answer.page.select_one("#outcome")
    assert rows_of(MatcherWeights) == 0


def test_every_weight_is_offered_and_set(leader: PortalClient) -> None:
    offered = {field["name"] for field in leader.get("/quality/weights").page.select("#try [name]")}
    leader.post("/quality/weights", {**STANDARD_VALUES, "must": "5", "related_at_most": "0,1", "note": NOTE})

    assert offered == set(STANDARD_VALUES)
    [stored] = db.session.scalars(sa.select(MatcherWeights))
    assert stored.values == Weights(must=5, related_at_most=0.1)


def test_a_missing_number_is_answered_too(leader: PortalClient) -> None:
    assert leader.get("/quality/weights?must=3").status_code == 422


def test_trying_stores_nothing_and_leaves_a_line(leader: PortalClient, mette: User) -> None:
    make_card()
    make_opening()

    assert leader.get(asked(must="5")).status_code == 200

    assert (rows_of(MatcherWeights), rows_of(Match)) == (0, 0)
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "weights-tried")).one()
    assert line.actor_id == mette.id


def test_the_leader_sets_what_was_tried_and_the_suggestions_follow(leader: PortalClient) -> None:
    make_card()
    make_opening()
    page = leader.get(asked(must="1", nice="1")).page
    form = page.select_one("form[method=post][action='/quality/weights']")
    values = {
        one["name"]: one["value"]
        for one in form.select("input[type=hidden]")
        if one["name"] in STANDARD_VALUES
    }

    answer = leader.post("/quality/weights", {**values, "note": NOTE})

    assert answer.status_code == 303
    now = in_force(municipality().id)
    assert now.weights == Weights(must=1)
    match = db.session.scalars(sa.select(Match)).one()
    assert (match.sure, match.weights_id) == (50.0, now.id)
    history = leader.get("/quality/weights").page.select("#history-table tbody tr")
    assert [NOTE in row.get_text() and "Mette Bruun" in row.get_text() for row in history] == [True]


@pytest.mark.parametrize("note", ["", "  ", "to ord", "CPR 010190-1234 er nævnt her", "x " * 260])
def test_without_a_good_note_nothing_is_set_and_the_outcome_stays(leader: PortalClient, note: str) -> None:
    answer = leader.post("/quality/weights", {**STANDARD_VALUES, "must": "5", "note": note})

    assert answer.status_code == 422
    assert answer.page.select_one("#outcome")
    assert [one["id"] for one in answer.page.select("[aria-invalid=true]")] == ["note"]
    assert rows_of(MatcherWeights) == 0


def test_the_same_weights_again_are_no_change(leader: PortalClient) -> None:
    assert not leader.get(asked()).page.select("form[action='/quality/weights'][method=post]")

    answer = leader.post("/quality/weights", {**STANDARD_VALUES, "note": NOTE})

    assert answer.status_code == 409
    assert rows_of(MatcherWeights) == 0


def test_back_to_the_standard_is_a_change_like_another(leader: PortalClient) -> None:
    leader.post("/quality/weights", {**STANDARD_VALUES, "must": "5", "note": NOTE})

    leader.post("/quality/weights", {**STANDARD_VALUES, "note": "Tilbage til standard igen."})

    assert in_force(municipality().id).weights == STANDARD
    assert rows_of(MatcherWeights) == 2


def test_the_neighbours_weights_are_their_own(leader: PortalClient) -> None:
    leader.post("/quality/weights", {**STANDARD_VALUES, "must": "5", "note": NOTE})

    assert in_force(municipality("Fredensborg").id).weights == STANDARD


def test_many_suggestions_wait_for_the_next_run(
    leader: PortalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 0)
    make_card()
    make_opening()
    rematch(municipality().id, now=lambda: NOW)

    leader.post("/quality/weights", {**STANDARD_VALUES, "must": "5", "note": NOTE})

    assert db.session.scalars(sa.select(Match.weights_id)).one() is None
    assert "1 af 1 åbne forslag er regnet med noget ældre" in leader.get("/quality/weights").words


@pytest.mark.parametrize("change", ["UPDATE matcher_weights SET must = 9", "DELETE FROM matcher_weights"])
def test_the_database_refuses_to_change_what_was_set(app: Flask, mette: User, change: str) -> None:
    with transaction():
        set_weights(mette.municipality_id, Weights(must=5), note=NOTE, by=mette, at=NOW)

    with pytest.raises(sa.exc.DBAPIError, match="never changed or deleted"), db.engine.begin() as connection:
        connection.exec_driver_sql(change)


# --- Runs ---------------------------------------------------------------------------------------------------


def test_before_the_first_run_the_page_says_so(leader: PortalClient) -> None:
    assert leader.get("/quality/runs").page.select_one("#run-list .empty-state")


def test_the_leader_reads_her_own_runs_and_drift_all(
    leader: PortalClient, client_for: ClientFor, drude: User
) -> None:
    for name in ("Halsnæs", "Fredensborg"):
        rematch(municipality(name).id, now=lambda: NOW)

    assert len(leader.get("/quality/runs").page.select("#run-table tbody tr")) == 1
    everything = client_for(drude).get("/quality/runs").page
    assert len(everything.select("#run-table tbody tr")) == 2
    assert len(everything.select(".figure-tile")) == 2


def test_the_page_says_when_a_run_is_due(leader: PortalClient) -> None:
    make_match(vocabulary_version=0)

    page = leader.get("/quality/runs")

    assert "1 forslag skal regnes om" in page.words
    assert "bed den, der driver portalen" in page.words


def test_a_run_that_was_stopped_is_marked(leader: PortalClient) -> None:
    with transaction():
        db.session.add(
            RematchRun(
                municipality_id=municipality().id, started_at=NOW, vocabulary_version=1, matcher_version="1"
            )
        )

    assert "Ikke færdig" in leader.get("/quality/runs").page.select_one("#run-table").get_text()
    assert "genberegninger" in leader.get("/quality/runs?format=csv").headers["Content-Disposition"]
