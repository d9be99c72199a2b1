"""An attempt to act as somebody else leaves a line that the somebody reads herself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from portal.base.database import db, transaction
from portal.shared.accounts import services
from portal.shared.accounts.models import User
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW
from tests.support.links import password_token

Clients = Callable[[User | None], PortalClient]

LINK = "Link til at vælge adgangskode sendt til din e-mail"
NOBODY = "Nogen, der ikke var logget ind"


def own_log(browser: PortalClient) -> list[tuple[str, str]]:
    rows = browser.get("/sessions").page.select("#event-table tbody tr")
    return [tuple(cell.get_text().strip() for cell in row.select("td")[1:]) for row in rows]  # type: ignore[misc]


def ask_for_link(clients: Clients, admin: User, her: User) -> None:
    clients(admin).post(f"/users/{her.id}/link")


def ask_as_her(clients: Clients, admin: User, her: User) -> None:
    clients(None).post("/login/forgotten", {"email": her.email})


def guess(clients: Clients, admin: User, her: User) -> None:
    clients(None).post("/login", {"email": her.email, "password": "forkert adgangskode"})


def close_and_open(clients: Clients, admin: User, her: User) -> None:
    clients(admin).post(f"/users/{her.id}/disable")
    clients(admin).post(f"/users/{her.id}/enable")


@pytest.mark.parametrize(
    ("done", "told"),
    [
        (ask_for_link, {(LINK, "Halsnæs Kommune")}),
        (ask_as_her, {(LINK, NOBODY)}),
        (guess, {("Login afvist: forkert adgangskode", NOBODY)}),
        (
            close_and_open,
            {("Adgangen lukket", "Halsnæs Kommune"), ("Adgangen åbnet igen", "Halsnæs Kommune")},
        ),
    ],
)
def test_karin_sees_what_others_did_with_her_account(
    client_for: Clients,
    admin: User,
    karin: User,
    done: Callable[[Clients, User, User], None],
    told: set[tuple[str, str]],
) -> None:
    done(client_for, admin, karin)

    assert told <= set(own_log(client_for(karin)))
    assert admin.name not in client_for(karin).get("/sessions").get_data(as_text=True)


def test_bo_sees_that_a_link_was_used_and_where_he_signed_in(
    app: Flask, client_for: Clients, visitor: PortalClient
) -> None:
    bo = factories.owner_of(factories.make_employer("Bos Køkken", owner="Bo"))
    link = f"/password/{password_token(app, bo)}"
    visitor.post(link, {"password": "tre gode ord", "repeated": "tre gode ord"})
    visitor.post("/login", {"email": bo.email, "password": "tre gode ord"})

    told = own_log(client_for(bo))

    assert ("Ny adgangskode valgt", "Dig") in told
    assert any(what.startswith("Logget ind: ") for what, _who in told)


def test_amira_sees_that_a_code_was_made_in_both_her_logs(client_for: Clients, karin: User) -> None:
    person = factories.make_citizen("Amira", with_login=True)

    client_for(karin).post(f"/citizens/{person.id}/login-code")
    hers = client_for(person.user)

    assert ("Login-kode på papir lavet", "Halsnæs Kommune") in own_log(hers)
    looks = hers.get("/citizens/looks")
    assert "Login-kode til dig" in looks.words
    assert "Halsnæs Kommune" in looks.words
    assert karin.name not in looks.get_data(as_text=True)


def test_lene_makes_no_code_for_a_citizen_of_halsnaes(client_for: Clients) -> None:
    person = factories.make_citizen("Amira", with_login=True)

    answer = client_for(factories.user("lene@nabo.example")).post(f"/citizens/{person.id}/login-code")

    assert answer.status_code == 404
    assert not any("kode" in what for what, _who in own_log(client_for(person.user)))


def test_what_the_portal_did_itself_is_no_strangers_doing(client_for: Clients, karin: User) -> None:
    """By the command line, or because a time was over."""
    with transaction():
        services.close_account(db.session.get_one(User, karin.id), by=None, at=NOW)
        db.session.get_one(User, karin.id).disabled_at = None

    assert ("Adgangen lukket", "Portalen selv") in own_log(client_for(karin))


def test_nobody_reads_another_ones_lines_and_old_ones_end(
    client_for: Clients, admin: User, karin: User, jonas: User
) -> None:
    ask_for_link(client_for, admin, karin)

    assert (LINK, "Halsnæs Kommune") not in own_log(client_for(jonas))
    with time_machine.travel(NOW + timedelta(days=91), tick=False):
        with transaction():
            services.open_session(
                db.session.get_one(User, karin.id), device="Test", at=NOW + timedelta(days=91)
            )
        assert (LINK, "Halsnæs Kommune") not in own_log(client_for(karin))
