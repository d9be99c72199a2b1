"""Karin's own calendar fetches her days by a secret address that names nobody and that she can close."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from portal.base.database import db, transaction
from portal.shared.accounts import services as accounts
from portal.shared.accounts.models import User
from portal.workspaces.home.models import CalendarAddress, DeskChoice
from portal.workspaces.saved_filters.models import SavedFilter
from portal.workspaces.teams.models import TeamMember
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_task

ClientFor = Callable[[User | None], PortalClient]


def made(client: PortalClient) -> str:
    page = client.post("/calendar/make").page
    return urlsplit(str(page.select_one("#calendar-address")["value"])).path  # type: ignore[index]


def test_her_calendar_gets_days_and_numbers_and_no_names(
    app: Flask, client_for: ClientFor, karin: User, jonas: User
) -> None:
    placement = factories.make_placement(starts_on=TODAY, ends_on=TODAY + timedelta(days=30))
    card = placement.card
    with transaction():
        db.session.merge(card.citizen).consultant_id = karin.id
    make_task(karin, "Ring til Amira om Bos Køkken", citizen_id=card.citizen_id)
    make_task(jonas, "Jonas skal")
    make_task(karin, done_at=NOW, done_by_id=karin.id)
    factories.make_cohort_session(factories.make_cohort("Barselscafé", lead_id=karin.id))
    path = made(client_for(karin))

    answer = PortalClient(app).get(path)

    text = answer.get_data(as_text=True)
    events = Calendar.from_ical(text).walk("VEVENT")
    said = sorted(str(event["summary"]) for event in events)
    assert said == [f"Forløb begynder: {card.number}", "Mødegang: Barselscafé", f"Opgave: {card.number}"]
    assert not any(word in text for word in ("Amira", "Haddad", "Bos", "Jonas"))
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/calendar", "no-store")
    assert "Set-Cookie" not in answer.headers
    assert len({str(event["uid"]) for event in events}) == 3


def test_an_address_is_closed_and_made_anew(app: Flask, client_for: ClientFor, karin: User) -> None:
    karins, anybody = client_for(karin), PortalClient(app)
    first = made(karins)
    assert first.split("/")[2] not in karins.get("/calendar/").get_data(as_text=True)
    second = made(karins)
    assert [anybody.get(path).status_code for path in (first, second)] == [404, 200]
    stored = db.session.scalars(sa.select(CalendarAddress.secret_hash)).one()
    assert stored not in second

    karins.post("/calendar/withdraw")

    assert anybody.get(second).status_code == 404


def test_who_works_here_no_more_has_no_days(
    app: Flask, client_for: ClientFor, karin: User, jonas: User, admin: User
) -> None:
    karins = client_for(karin)
    path = made(karins)
    karins.post("/desk/lines", {"whose": "all"})
    factories.make_team(karin, jonas)
    factories.make_saved_filter(karin)
    with transaction():
        accounts.disable_user(db.session.merge(karin), by=admin, at=NOW)
    assert PortalClient(app).get(path).status_code == 404

    # What she left behind opens nothing to whoever kept it, though she works here again.
    with transaction():
        accounts.enable_user(db.session.merge(karin), by=admin, at=NOW)
    assert PortalClient(app).get(path).status_code == 404
    for table in (CalendarAddress, DeskChoice, SavedFilter, TeamMember):
        assert db.session.scalars(sa.select(table)).all() == []
