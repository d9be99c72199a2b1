"""The first conversation is written down where no card was begun in it. Source: docs/rules.md#wait-of-citizens."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.citizens import services
from portal.loop.citizens.models import Citizen, FirstTalk
from portal.loop.citizens.queries import first_talk_of
from portal.shared.accounts.models import User
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_card, make_citizen

Clients = Callable[[User | None], PortalClient]
MONDAY = TODAY - timedelta(days=2)


def came() -> Citizen:
    return make_citizen(created_at=NOW - timedelta(days=2))


def test_karin_writes_the_day_and_reads_it_on_the_citizens_page(client_for: Clients, karin: User) -> None:
    citizen, client = came(), client_for(karin)
    page = client.get(f"/citizens/{citizen.id}").page
    [link] = page.select("a[href$='/first-talk']")

    answer = client.post(str(link["href"]), {"held_on": "17-11-2026"})
    words = client.get(f"/citizens/{citizen.id}").words

    assert answer.status_code == 303
    assert "Den første samtale: 17. november 2026." in words
    assert "/first-talk" not in str(
        client_for(karin).get("/citizens/?card=untalked").page.select("#citizen-table")
    )


@pytest.mark.parametrize(
    ("said", "status", "reason"),
    [
        ("15-11-2026", 409, "oprettet"),
        ("19-11-2026", 422, "fremtiden"),
        ("", 422, "Skriv en dato"),
        ("i går", 422, "dato"),
    ],
)
def test_a_day_that_cannot_be_is_refused_beside_the_field(
    client_for: Clients, karin: User, said: str, status: int, reason: str
) -> None:
    citizen = came()

    answer = client_for(karin).post(f"/citizens/{citizen.id}/first-talk", {"held_on": said})

    assert answer.status_code == status
    assert reason in answer.page.select_one("#held_on-error").get_text()
    assert first_talk_of(citizen) is None


def test_a_correction_leaves_what_stood_before(app: Flask, karin: User) -> None:
    citizen, later = came(), NOW + timedelta(hours=1)
    with transaction():
        services.note_first_talk(citizen, held_on=MONDAY, by=karin, at=NOW)
    with transaction():
        services.note_first_talk(citizen, held_on=TODAY, by=karin, at=later)
        services.note_first_talk(citizen, held_on=TODAY, by=karin, at=later)  # again changes nothing

    rows = db.session.scalars(sa.select(FirstTalk).order_by(FirstTalk.id)).all()

    assert [(row.held_on, row.replaced_at) for row in rows] == [(MONDAY, later), (TODAY, None)]


@pytest.mark.parametrize(
    ("held_on", "refused"),
    [(MONDAY - timedelta(days=1), services.TalkTooEarly), (TODAY + timedelta(days=1), services.TalkAhead)],
)
def test_the_service_knows_it_by_itself(app: Flask, karin: User, held_on: date, refused: type) -> None:
    citizen = came()

    with pytest.raises(refused), transaction():
        services.note_first_talk(citizen, held_on=held_on, by=karin, at=NOW)


def test_the_list_of_who_waits_for_a_first_conversation(client_for: Clients, karin: User) -> None:
    waiting, talked = came(), make_citizen("Selam", created_at=NOW)
    make_card(make_citizen("Zahra"))
    with transaction():
        services.note_first_talk(db.session.merge(talked), held_on=TODAY, by=karin, at=NOW)
    client = client_for(karin)

    listed = client.get("/citizens/?card=untalked").page.select("#citizen-table tbody a")

    assert [one["href"] for one in listed] == [f"/citizens/{waiting.id}"]
    assert len(client.get("/citizens/?card=without").page.select("#citizen-table tbody tr")) == 2
