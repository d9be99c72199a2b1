"""Who is let in, what a system is told when it is not, and what is written of each read."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.exc import OperationalError

from portal.api.tokens import services
from portal.api.tokens.models import ApiToken, TokenScope
from portal.api.v1.doors import PREFIX
from portal.base.database import db, transaction
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.shared.audit.writer import GroupCommitWriter
from tests import factories
from tests.client import PortalClient, PortalResponse, counted_statements
from tests.factories import NOW, TODAY, make_token
from tests.support.systems import System

CASE = "26/10431"

DOORS: dict[str, TokenScope] = {
    "/openings": TokenScope.OPENINGS,
    "/openings/{opening}": TokenScope.OPENINGS,
    "/employers": TokenScope.EMPLOYERS,
    "/employers/{employer}": TokenScope.EMPLOYERS,
    "/partnerships": TokenScope.PARTNERSHIPS,
    "/figures": TokenScope.FIGURES,
    "/figures/{goal}": TokenScope.FIGURES,
    "/figures/{goal}/lines": TokenScope.FIGURES,
    "/case/placements": TokenScope.CASES,
    "/case/card": TokenScope.CASES,
}
"""Not derived from the views: a door that is missing here fails."""


@pytest.fixture
def there(app: Flask) -> dict[str, int]:
    """One record behind each door, with Amira's case among them."""
    citizen = factories.make_citizen(case_reference=CASE)
    card = factories.make_card(citizen)
    opening = factories.make_opening()
    placement = factories.make_placement(factories.make_review(factories.make_match(opening, card)))
    factories.make_partnership(opening.employer)
    goal = factories.make_goal()
    return {
        "opening": opening.id, "employer": opening.employer_id, "goal": goal.id, "placement": placement.id,
        "citizen": citizen.id, "card": card.id,
    }  # fmt: skip


def paths(there: dict[str, int]) -> Iterator[tuple[str, TokenScope]]:
    for path, scope in DOORS.items():
        yield path.format(**there), scope


def lines() -> list[AuditEntry]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)))


def new_lines(before: int) -> list[AuditEntry]:
    return lines()[before:]


def is_problem(answer: PortalResponse, status: int) -> bool:
    told = answer.get_json(force=True)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), told
    assert told["status"] == status
    assert told["type"].startswith("urn:det-gode-match:problem:")
    assert answer.headers["Cache-Control"] in ("no-store", "no-cache")
    return bool(told["title"] and told["detail"])


def test_every_door_stands_in_the_table(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(PREFIX)]
    open_to_all = [
        rule.rule for rule in rules if hasattr(app.view_functions[rule.endpoint], "needs_no_token")
    ]
    shut = {
        rule.rule.removeprefix(PREFIX).replace("<int:", "{").replace("_id>", "}"): (
            app.view_functions[rule.endpoint].opened_by
        )
        for rule in rules
        if rule.rule not in open_to_all
    }

    assert open_to_all == [f"{PREFIX}/openapi.json"]
    assert shut == DOORS
    assert all(rule.methods == {"GET", "HEAD", "OPTIONS"} for rule in rules)


def test_a_token_opens_what_its_scope_says_and_nothing_else(app: Flask, there: dict[str, int]) -> None:
    systems = {scope: System(app, make_token(scope)[1]) for scope in TokenScope}

    for (path, scope), (held, system) in product(paths(there), systems.items()):
        answer = system.get(path, case=CASE)
        if held is scope:
            assert (answer.status_code, answer.mimetype) == (200, "application/json"), path
            assert answer.headers["Cache-Control"] == "no-store"
            assert "Set-Cookie" not in answer.headers
        else:
            assert is_problem(answer, 403), path
            assert "insufficient_scope" in answer.headers["WWW-Authenticate"]
            assert scope.value in answer.get_json(force=True)["detail"]


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic abc", "Bearer dgm_guessed", "bearer x y", "Bearer æøå", "Bearer \x00"],
)
def test_without_a_token_that_works_nothing_is_told(app: Flask, there: dict[str, int], header: str) -> None:
    before = len(lines())
    for path, _scope in paths(there):
        answer = System(app, None).get(path, case=CASE, headers={"Authorization": header})
        assert is_problem(answer, 401), path
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert {line.action for line in new_lines(before)} <= {"api-refused"}


@pytest.mark.parametrize("way", ["ended", "expired"])
def test_a_token_that_is_over_opens_nothing(app: Flask, there: dict[str, int], admin: User, way: str) -> None:
    token, secret = make_token(by=admin, last_on=TODAY)
    assert System(app, secret).get("/openings").status_code == 200
    before = len(lines())
    if way == "ended":
        with transaction():
            services.end_token(db.session.get_one(ApiToken, token.id), by=db.session.merge(admin), at=NOW)
    with time_machine.travel(NOW + timedelta(days=way == "expired"), tick=False):
        answer = System(app, secret).get("/openings")

    assert is_problem(answer, 401)
    refused = new_lines(before)[-1]
    assert (refused.action, refused.subject_type, refused.subject_id) == (
        "api-refused",
        "api_tokens",
        token.id,
    )
    assert refused.municipality_id == admin.municipality_id


def test_a_session_opens_no_door(app: Flask, there: dict[str, int], admin: User) -> None:
    assert is_problem(PortalClient(app, admin).get("/api/v1/openings"), 401)


def test_each_read_leaves_a_line_that_names_the_system(
    app: Flask, there: dict[str, int], admin: User
) -> None:
    _token, secret = make_token(by=admin, system="KMD Momentum")
    for path, scope in paths(there):
        before = len(lines())
        System(app, secret).get(path, case=CASE)
        [line] = new_lines(before)
        assert line.is_look
        assert (line.actor_id, line.actor_role) == (None, None)
        assert line.actor_unit == "Halsnæs Kommune, KMD Momentum"
        assert line.municipality_id == admin.municipality_id
        assert line.citizen_id == (there["citizen"] if scope is TokenScope.CASES else None)
        assert CASE not in f"{line.purpose} {line.change}"
    log = PortalClient(app, admin).get("/audit/?action=api-openings-read").page
    assert "Halsnæs Kommune, KMD Momentum" in str(log.select_one("#log-table td[data-label=Hvem]"))


def test_she_sees_in_her_own_log_which_system_looked(app: Flask) -> None:
    citizen = factories.make_citizen(case_reference=CASE, with_login=True)
    factories.make_card(citizen)
    _token, secret = make_token(TokenScope.CASES, system="KMD Momentum")

    System(app, secret).get("/case/card", case=CASE)

    with app.app_context():
        amira = db.session.get_one(User, citizen.user_id)
    assert "KMD Momentum" in PortalClient(app, amira).get("/citizens/looks").words


def test_no_line_no_answer(app: Flask, there: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    _token, secret = make_token()

    def refuse(*_anything: object, **_options: object) -> None:
        raise OperationalError("insert", {}, Exception("disk is full"))

    monkeypatch.setattr(GroupCommitWriter, "write", refuse)
    for path, _scope in paths(there):
        answer = System(app, secret).get(path, case=CASE)
        assert is_problem(answer, 503), path
        assert answer.headers["Retry-After"]
        assert "Bos" not in answer.get_data(as_text=True)


def test_head_leaves_neither_a_line_nor_a_use(app: Flask, there: dict[str, int]) -> None:
    token, secret = make_token()
    before = len(lines())

    answer = PortalClient(app)._send(
        "HEAD", "/api/v1/openings", htmx=False, headers={"Authorization": f"Bearer {secret}"}
    )

    assert (answer.status_code, answer.get_data()) == (200, b"")
    assert new_lines(before) == []
    assert db.session.get_one(ApiToken, token.id, populate_existing=True).used_at is None


def test_a_token_is_marked_as_used_and_waits_when_it_asks_too_often(
    app: Flask, there: dict[str, int]
) -> None:
    app.config["API_REQUESTS_A_MINUTE"], usual = 3, app.config["API_REQUESTS_A_MINUTE"]
    token, secret = make_token()
    _other, others = make_token()
    try:
        moment = NOW + timedelta(seconds=20)
        with time_machine.travel(moment, tick=False):
            answers = [System(app, secret).get("/openings") for _time in range(5)]
            assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
            assert is_problem(answers[-1], 429)
            assert answers[-1].headers["Retry-After"] == "40"
            assert System(app, others).get("/openings").status_code == 200
        db.session.rollback()
        used = db.session.get_one(ApiToken, token.id, populate_existing=True)
        assert (used.used_at, used.asked_in_minute) == (moment, 3)
        with time_machine.travel(NOW + timedelta(seconds=60), tick=False):
            assert System(app, secret).get("/openings").status_code == 200
    finally:
        app.config["API_REQUESTS_A_MINUTE"] = usual


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/openings/0", "/api/v1/openings/99999999999"])
def test_what_is_not_there_is_a_problem_too(app: Flask, path: str) -> None:
    _token, secret = make_token()

    assert is_problem(System(app, secret).get(path), 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_is_written_through_a_door(app: Flask, there: dict[str, int], method: str) -> None:
    _token, secret = make_token()
    for path, _scope in paths(there):
        answer = PortalClient(app)._send(
            method, f"/api/v1{path}", htmx=False, headers={"Authorization": f"Bearer {secret}"}
        )
        assert is_problem(answer, 405), path
        assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("question", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("limit=1&limit=2", "limit"),
        ("after=-1", "after"),
        ("after=2147483648", "after"),
        ("after=%00", "after"),
        ("status=draft", "status"),
        ("status=", "status"),
        ("statsu=published", None),
    ],
)
def test_a_question_that_is_none_is_told_what_is_wrong(
    app: Flask, question: str, parameter: str | None
) -> None:
    _token, secret = make_token()

    answer = System(app, secret).get(f"/openings?{question}")

    assert is_problem(answer, 400)
    assert [error["parameter"] for error in answer.get_json(force=True)["errors"]] == [parameter]


def reads(app: Flask, secret: str, path: str) -> list[str]:
    with counted_statements(app) as seen:
        System(app, secret).get(path, case=CASE)
    return [statement for statement in seen if statement.startswith(("SELECT", "WITH"))]


def test_a_page_costs_the_same_however_many_there_are(app: Flask, there: dict[str, int]) -> None:
    """At most 12 reads, beside the line of the log and the mark of the token."""
    _token, secret = make_token()
    doors = [path for path, _scope in paths(there)]
    for path in doors:
        reads(app, secret, path)  # what is read once in a process
    few = {path: len(reads(app, secret, path)) for path in doors}
    for _number in range(4):
        opening = factories.make_opening(factories.make_employer("Flere ApS", owner=None))
        factories.make_partnership(opening.employer)
        factories.make_goal(sentence="Endnu et mål.", target=7)

    many = {path: len(reads(app, secret, path)) for path in doors}

    assert max(few.values()) <= 12
    assert many == few


def everything(app: Flask, secret: str, there: dict[str, int]) -> dict[str, Any]:
    return {path: System(app, secret).get(path, case=CASE).get_data(as_text=True) for path, _ in paths(there)}


def test_no_door_tells_a_name_a_phone_or_a_mail(app: Flask, there: dict[str, int]) -> None:
    """Of citizens, of people at workplaces, or of colleagues."""
    _token, secret = make_token()
    names = db.session.execute(sa.text("SELECT first_name, last_name, phone FROM citizens")).all()
    names += db.session.execute(sa.text("SELECT name, email, phone FROM contact_persons")).all()
    names += db.session.execute(sa.text("SELECT name, email, NULL FROM users")).all()
    people = {word for row in names for word in row if word} - {"Bo"}
    assert {"Amira", "Haddad"} <= people

    for path, text in everything(app, secret, there).items():
        assert not [word for word in people if word in text], path
        assert CASE not in text
