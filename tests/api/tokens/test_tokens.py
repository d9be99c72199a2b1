"""The administrator lets another system read: she sees the token once, sees it used, and ends it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.api.tokens import queries, services
from portal.api.tokens.models import ApiToken, ApiTokenScope, TokenScope, TokenState
from portal.base.database import db, transaction
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_token

ClientFor = Callable[[User | None], PortalClient]

ASKED = {
    "system": "Fagsystemet",
    "purpose": "Åbninger på kommunens intranet",
    "scopes": ["openings", "employers"],
    "last_on": "18-11-2027",
}


def stored() -> list[ApiToken]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(ApiToken).order_by(ApiToken.id)))


def said(action: str) -> list[AuditEntry]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action)))


def test_a_token_is_shown_once_and_stored_as_a_hash(client_for: ClientFor, admin: User) -> None:
    alma = client_for(admin)

    made = alma.post("/systems/new", ASKED)

    secret = str(made.page.select_one("#api-token")["value"])  # type: ignore[index]
    assert secret.startswith(services.PREFIX)
    [token] = stored()
    assert (token.municipality_id, token.system) == (admin.municipality_id, "Fagsystemet")
    assert token.scopes == [TokenScope.OPENINGS, TokenScope.EMPLOYERS]
    assert token.last_on == date(2027, 11, 18)
    assert queries.token_by_secret(secret) is token
    assert secret not in token.secret_hash
    assert secret not in alma.get("/systems/").get_data(as_text=True)
    [line] = said("api-token-made")
    assert (line.actor_id, line.subject_id, line.municipality_id) == (
        admin.id,
        token.id,
        admin.municipality_id,
    )
    assert secret not in str(line.change)


def test_a_double_click_makes_one_token_and_shows_no_secret_again(client_for: ClientFor, admin: User) -> None:
    alma, form_id = client_for(admin), "8f7a1f6e-3d0f-4f0a-9a51-0c2a4f0e8a11"

    alma.post("/systems/new", ASKED, form_id=form_id)
    again = alma.post("/systems/new", ASKED, form_id=form_id)

    assert len(stored()) == 1
    assert (again.status_code, again.location) == (303, "/systems/")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("system", ""),
        ("purpose", ""),
        ("scopes", []),
        ("scopes", ["everything"]),
        ("last_on", ""),
        ("last_on", "17-11-2026"),
        ("last_on", "20-11-2027"),
        ("purpose", "Til 010190-1234"),
    ],
)
def test_a_form_says_by_the_field_what_is_missing(
    client_for: ClientFor, admin: User, field: str, value: object
) -> None:
    answer = client_for(admin).post("/systems/new", {**ASKED, field: value})

    assert answer.status_code == 422
    assert answer.page.select_one(f"[name={field}][aria-invalid=true], #{field} [aria-invalid=true]")
    assert not stored()


def test_who_reads_about_people_needs_a_basis(client_for: ClientFor, admin: User) -> None:
    alma, asked = client_for(admin), {**ASKED, "scopes": ["cases"]}

    without, with_it = (
        alma.post("/systems/new", asked),
        alma.post("/systems/new", {**asked, "has_basis": "y"}),
    )

    assert (without.status_code, with_it.status_code) == (422, 200)
    assert without.page.select_one("[name=has_basis][aria-invalid=true]")
    assert [token.scopes for token in stored()] == [[TokenScope.CASES]]


def test_the_page_begins_empty_and_tells_when_a_token_was_used(client_for: ClientFor, admin: User) -> None:
    alma = client_for(admin)
    assert alma.get("/systems/").page.select_one(".empty-state a[href='/systems/new']")
    token, _secret = make_token(by=admin)
    assert "Aldrig" in alma.get("/systems/").words

    with transaction():
        db.session.get_one(ApiToken, token.id).used_at = NOW
        db.session.get_one(ApiToken, token.id).minute_at = services.minute_of(NOW)
        db.session.get_one(ApiToken, token.id).asked_in_minute = 1

    assert "Aldrig" not in alma.get("/systems/").words
    assert "18. november 2026" in alma.get("/systems/").words


def test_an_ended_token_is_over_for_good(client_for: ClientFor, admin: User) -> None:
    token, secret = make_token(by=admin)
    alma = client_for(admin)

    first, second = (alma.post(f"/systems/{token.id}/end") for _click in range(2))

    assert (first.status_code, second.status_code) == (303, 409)
    [ended] = stored()
    assert (ended.ended_at, ended.ended_by_id) == (NOW, admin.id)
    assert ended.state_on(TODAY) is TokenState.ENDED
    assert len(said("api-token-ended")) == 1
    assert queries.token_by_secret(secret) is not None
    assert not alma.get("/systems/").page.select("form[action$='/end']")


def test_tokens_are_their_own_municipalitys(client_for: ClientFor, admin: User) -> None:
    next_door, _secret = make_token(in_municipality="Fredensborg", system="Naboens system")
    alma = client_for(admin)

    assert "Naboens" not in alma.get("/systems/").words
    assert alma.post(f"/systems/{next_door.id}/end").status_code == 404
    assert stored()[0].ended_at is None


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("", {"Åben", "Gammel", "Lukket"}),
        ("open", {"Åben"}),
        ("expired", {"Gammel"}),
        ("ended", {"Lukket"}),
        ("nothing", set()),
    ],
)
def test_the_list_is_narrowed_by_state(
    client_for: ClientFor, admin: User, state: str, shown: set[str]
) -> None:
    make_token(by=admin, system="Åben", last_on=TODAY)
    make_token(by=admin, system="Gammel", last_on=TODAY - timedelta(days=1))
    closed, _secret = make_token(by=admin, system="Lukket")
    with transaction():
        services.end_token(db.session.get_one(ApiToken, closed.id), by=db.session.merge(admin), at=NOW)

    page = client_for(admin).get(f"/systems/?state={state}").page

    rows = {str(cell.get_text(" ").split()[0]) for cell in page.select("#token-table td[data-label=System]")}
    assert rows == shown


def test_nobody_ended_a_token_that_is_open(app: Flask, admin: User) -> None:
    """The other way about may be: what a restore ended again, no person did."""
    token, _secret = make_token(by=admin)
    with pytest.raises(IntegrityError, match="nobody_ends_what_is_open"), transaction():
        db.session.get_one(ApiToken, token.id).ended_by_id = admin.id


def test_a_token_opens_a_thing_once(app: Flask, admin: User) -> None:
    token, _secret = make_token(TokenScope.OPENINGS, by=admin)
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(sa.insert(ApiTokenScope).values(token_id=token.id, scope=TokenScope.OPENINGS))


def counts(token: ApiToken) -> tuple[Any, ...]:
    db.session.rollback()
    fresh = db.session.get_one(ApiToken, token.id, populate_existing=True)
    return fresh.used_at, fresh.minute_at, fresh.asked_in_minute


def test_uses_are_counted_by_the_minute(app: Flask, admin: User) -> None:
    token, _secret = make_token(by=admin)
    moments = [NOW, NOW + timedelta(seconds=59), NOW + timedelta(seconds=60)]
    found = []
    for moment in moments:
        with transaction():
            statement, rows = services.mark_of_use(token.id, moment)
            db.session.execute(statement, rows)
        found.append(counts(token))

    later = NOW + timedelta(minutes=1)
    assert found == [(moments[0], NOW, 1), (moments[1], NOW, 2), (moments[2], later, 1)]


def test_what_a_scope_reads_is_what_somebody_may_do(app: Flask) -> None:
    """A scope without an action would open doors to queries that find nothing."""
    granted = factories.Role.CONSULTANT.traits.may | factories.Role.LEADER.traits.may
    for scope in TokenScope:
        assert scope.actions
        assert scope.actions <= granted
