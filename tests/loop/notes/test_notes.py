"""A consultant writes a short note, the citizen reads it, and a mistake is corrected in time or struck out."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from dateutil.relativedelta import relativedelta
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import Language
from portal.loop.citizens.models import CitizenStatus
from portal.loop.notes import services
from portal.loop.notes.forgetting import forget_notes
from portal.loop.notes.models import CitizenNote
from portal.shared.accounts.models import User
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_citizen, make_note

ClientFor = Callable[[User | None], PortalClient]
DAY = TODAY.strftime("%d-%m-%Y")


def stands() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(CitizenNote.text).order_by(CitizenNote.id)))


def seen(client: PortalClient, page: str) -> dict[str, str]:
    field = client.get(page).page.select_one("[name=version]")
    return {"version": str(field["value"])}  # type: ignore[index]


def test_she_reads_what_is_written_about_her(app: Flask, client_for: ClientFor, karin: User) -> None:
    amira, karins = make_citizen(with_login=True, language=Language.AR), client_for(karin)

    form = karins.get(f"/notes/for/{amira.id}")
    assert "Det, du skriver, kan borgeren læse" in form.words
    answer = karins.post(f"/notes/for/{amira.id}", {"text": "Vi aftalte at ringe til Bo", "said_on": DAY})
    assert answer.status_code == 303
    assert "Vi aftalte at ringe til Bo" in karins.get(f"/citizens/{amira.id}").words
    hers = client_for(amira.user).get("/mine/efforts")
    assert "Vi aftalte at ringe til Bo" in hers.words
    assert "ملاحظات عني" in hers.words
    assert "Vi aftalte" in client_for(amira.user).get("/mine/data/json").get_data(as_text=True)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"text": "", "said_on": DAY}, "Skriv noten"),
        ({"text": "x" * 501, "said_on": DAY}, "500"),
        ({"text": "Hun er 010190-1234", "said_on": DAY}, "CPR"),
        ({"text": "Aftalt", "said_on": (TODAY + timedelta(days=1)).strftime("%d-%m-%Y")}, "fremtiden"),
    ],
)
def test_what_no_note_may_be_is_said_beside_the_field(
    said: dict[str, str], why: str, client_for: ClientFor, karin: User
) -> None:
    answer = client_for(karin).post(f"/notes/for/{make_citizen().id}", said)

    assert answer.status_code == 422
    assert why in answer.words


def test_its_author_corrects_it_for_a_day_and_then_it_is_struck_out(
    app: Flask, client_for: ClientFor, karin: User, jonas: User
) -> None:
    note = make_note(make_citizen(with_login=True), by=karin, written_at=NOW)
    page, mine, his = f"/notes/{note.id}", client_for(karin), client_for(jonas)

    assert his.post(f"{page}/correct", {"text": "Andet", "said_on": DAY}).status_code == 409
    assert mine.post(f"{page}/strike", {"reason": "Forkert dag"}).status_code == 409
    opened = seen(mine, page)
    assert mine.post(f"{page}/correct", {"text": "Rettet", "said_on": DAY, **opened}).status_code == 303
    assert stands() == ["Rettet"]
    # A page of hers that stood open since before.
    late = mine.post(f"{page}/correct", {"text": "Rettet igen", "said_on": DAY, **opened})
    assert (late.status_code, "Rettet igen" in late.text) == (409, True)
    assert stands() == ["Rettet"]
    with time_machine.travel(NOW + timedelta(hours=24), tick=False):
        mine, his = client_for(karin), client_for(jonas)
        assert mine.post(f"{page}/correct", {"text": "For sent", "said_on": DAY}).status_code == 409
        assert mine.post(f"{page}/delete").status_code == 409
        assert mine.post(f"{page}/strike", {"reason": ""}).status_code == 422
        assert his.post(f"{page}/strike", {"reason": "Det var en anden dag"}).status_code == 303
        assert mine.post(f"{page}/strike", {"reason": "Igen"}).status_code == 409
        assert "Det var en anden dag" in mine.get(page).words
        assert "Det var en anden dag" in client_for(note.citizen.user).get("/mine/efforts").words
    assert stands() == ["Rettet"]


def test_a_note_is_deleted_within_a_day_and_is_nobody_elses(
    client_for: ClientFor, karin: User, lene: User, mette: User
) -> None:
    note = make_note(make_citizen(), by=karin, written_at=NOW)

    assert client_for(lene).get(f"/notes/{note.id}").status_code == 404
    assert client_for(mette).get(f"/notes/{note.id}").status_code == 403
    assert client_for(karin).post(f"/notes/{note.id}/delete").status_code == 303
    assert stands() == []


def test_notes_go_when_she_has_not_been_helped_for_years(app: Flask, karin: User) -> None:
    gone = make_citizen(status=CitizenStatus.PASSIVE, passive_since=NOW - relativedelta(years=20))
    make_note(gone, by=karin, text="Gammel")
    make_note(make_citizen(), by=karin, text="Ny")

    with transaction():
        assert forget_notes(NOW, {}) == {"citizen_notes": 1}
    assert stands() == ["Ny"]
    with pytest.raises(services.NoteAhead):
        services.write_note(
            make_citizen(), text="I morgen", said_on=TODAY + timedelta(days=1), by=karin, at=NOW
        )
