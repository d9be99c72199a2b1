"""Somebody with a rare name goes through the whole portal and is erased: her name is in no byte of the installation.

On SQLite every file is read as bytes: the database with its log, the mails' folder, the journal, the keys, the
portal's own log. On PostgreSQL, whose files are the server's, every text of every table and what pg_dump writes.
"""

import io
import json
import logging
import re
import subprocess
import unicodedata
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.base.terms import Party
from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.traces import is_named, words_of_hers_alone
from portal.loop.placements.models import Expectation, Outcome, PlacementStatus
from portal.loop.reviews.models import Answer
from portal.shared.outbox.models import Mail
from portal.shared.outbox.worker import Worker
from portal.workspaces.contacts.models import EmployerContact
from portal.workspaces.imports.models import ImportFile
from portal.workspaces.operation import dumps
from portal.workspaces.tasks.models import DeskTask
from tests.factories import (
    NOW,
    TODAY,
    make_citizen,
    make_employer,
    make_match,
    make_opening,
    make_placement,
    make_review,
    user,
)

FIRST, LAST, PHONE, CASE = "Zarifæ", "Quistgøård", "71829364", "77/90817"
HEADINGS = "Sagsnummer;Fornavn;Efternavn;Ønsker;Postnummer;Færdigheder;Mål"
HER_ROW = f"{CASE};{FIRST};{LAST};Køkken og kantine;3300;opvask:2;{FIRST} {LAST} vil bage brød"
OTHERS_ROW = "77/1;Selam;Tesfay;Køkken og kantine;3300;opvask:2;Arbejde"


def forms_of(word: str) -> set[bytes]:
    """The word in the encodings and escapes that anything here could have written."""
    found = {word.encode(code) for code in ("utf-8", "latin-1", "utf-16-le", "utf-16-be")}
    found.add(json.dumps(word)[1:-1].encode())
    found.add("".join(f"&#{ord(letter)};" if ord(letter) > 127 else letter for letter in word).encode())
    found.add("".join(f"%{byte:02X}" if byte > 127 else chr(byte) for byte in word.encode()).encode())
    found.add("".join(f"={byte:02X}" if byte > 127 else chr(byte) for byte in word.encode()).encode())
    return found | {one.lower() for one in found} | {one.upper() for one in found}


TRACES = set().union(*(forms_of(word) for word in (FIRST, LAST, PHONE, CASE)))


def traces_in(content: bytes) -> list[bytes]:
    return sorted(one for one in TRACES if one in content)


@pytest.fixture
def lived(installation, client_for, karin, monkeypatch, caplog, tmp_path):
    """Her life in the portal, as far as people at the screen can write it; the rest by its services."""
    caplog.set_level(logging.DEBUG)
    app = installation.app
    monkeypatch.setitem(app.config, "PORTAL_MAIL", "folder")
    monkeypatch.setitem(app.config, "PORTAL_MAIL_FOLDER", str(tmp_path / "instance" / "mail"))
    browser = client_for(karin)

    where = upload(browser, HER_ROW)
    assert browser.post(f"{where}/confirm").status_code == 303
    citizen = db.session.scalars(sa.select(Citizen).where(Citizen.case_reference == CASE)).one()
    edit = browser.get(f"/citizens/{citizen.id}/edit").page
    fields = {one["name"]: one.get("value", "") for one in edit.select("main form input[name]")}
    assert browser.post(f"/citizens/{citizen.id}/edit", {**fields, "phone": PHONE}).status_code == 303
    card = db.session.scalars(sa.select(CompetenceCard).where(CompetenceCard.citizen_id == citizen.id)).one()
    assert browser.post(f"/citizens/{citizen.id}/login-code").status_code == 200
    for path in (
        f"/cards/{card.id}/print",
        f"/cards/{card.id}/history",
        f"/citizens/?q={LAST}",
        f"/cards/?q={CASE}",
    ):
        browser.get(path)
    browser.get(f"/citizens/{citizen.id}/x{LAST}")

    opening = make_opening()
    words = f"{FIRST} {LAST} kan begynde mandag. Ring på {PHONE}, sag {CASE}."
    for _time in range(2):
        answer = browser.post(f"/answers/opening/{opening.id}/message", {"how": "mail", "words": words})
        assert answer.status_code == 303
    placed(card, karin)
    Worker(app, app.extensions["rooms"].chores).work_off()
    waiting = browser.post(f"/answers/opening/{opening.id}/message", {"how": "mail", "words": words})
    assert waiting.status_code == 303

    named_at_the_desk(browser, words)
    upload(browser, HER_ROW, OTHERS_ROW)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ImportFile)) == 1
    return installation, browser, citizen, caplog


def named_at_the_desk(browser, words: str) -> None:
    """Where nobody should write about her: of others and of nobody, with an earlier wording and a strike."""
    day, other = f"{TODAY:%d-%m-%Y}", make_citizen("Selam")
    contact = {"kind": "call", "happened_on": day, "words": words, "next_step": words, "next_on": day}
    for path, form in (
        ("/tasks/new", {"title": words, "due_on": day, "owner_id": str(user("karin@kommune.example").id)}),
        (f"/notes/for/{other.id}", {"text": words, "said_on": day}),
        (f"/contacts/employers/{make_employer().id}/new", contact),
    ):
        assert browser.post(path, form).status_code == 303, path
    task = db.session.scalars(sa.select(DeskTask.id)).one()
    back = {"back": f"/tasks/?q={LAST}&state=all"}
    led = [browser.post(f"/tasks/{task}/{press}", back).location for press in ("done", "reopen")]
    assert LAST in unquote(led[0]), "from the list she was searched in, back to it"
    line = db.session.scalars(sa.select(EmployerContact.id)).one()
    corrected = {**contact, "words": "Rettet", "version": "1"}
    assert browser.post(f"/contacts/{line}/edit", corrected).status_code == 303
    assert browser.post(f"/contacts/{line}/strike", {"reason": words}).status_code == 303


def upload(browser, *rows: str) -> str:
    file = (io.BytesIO("\n".join([HEADINGS, *rows]).encode()), f"{LAST}.csv")
    answer = browser.post("/imports/", {"kind": "cards", "file": file}, content_type="multipart/form-data")
    assert answer.status_code == 303
    return str(answer.location)


def placed(card: CompetenceCard, karin) -> None:
    said = f"{FIRST} {LAST} er klar"
    review = make_review(
        make_match(card=card), citizen_answer=Answer.YES, employer_answer=Answer.YES, words=said
    )
    placement = make_placement(
        review,
        status=PlacementStatus.ENDED,
        outcome=Outcome.COMPLETED,
        starts_on=TODAY - timedelta(days=30),
        ends_on=TODAY,
        ended_on=TODAY,
    )
    with transaction():
        db.session.add(
            Expectation(
                placement_id=placement.id,
                party=Party.CITIZEN,
                purpose=said,
                time_frame="Fire uger",
                development=LAST,
                stated_at=NOW,
                recorded_by_id=karin.id,
            )
        )


def everything(installation, log: str) -> dict[str, bytes]:
    """By name, all that the installation keeps."""
    root = installation.backups.parent
    found = {str(file): file.read_bytes() for file in root.rglob("*") if file.is_file()}
    found["the portal's log"] = log.encode()
    if db.engine.dialect.name == "sqlite":
        path = Path(str(db.engine.url.database))
        found |= {
            one: Path(f"{path}{one}").read_bytes()
            for one in ("", "-wal", "-shm")
            if Path(f"{path}{one}").exists()
        }
        return found
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    program = dumps.program_path("pg_dump")
    assert program
    found["pg_dump"] = subprocess.run([program, "--inserts", url], capture_output=True, check=True).stdout
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            found[table.name] = repr(connection.execute(sa.select(table)).all()).encode()
    return found


@pytest.mark.both_engines
def test_an_erased_name_is_in_no_byte_of_the_installation(lived):
    installation, browser, citizen, caplog = lived
    before = everything(installation, caplog.text)
    assert len([name for name, content in before.items() if traces_in(content)]) >= 2, "she left traces"
    assert any(name.endswith(".eml") and traces_in(content) for name, content in before.items())

    answer = browser.post(f"/citizens/{citizen.id}/erase", {"case_reference": CASE})

    assert answer.status_code == 303
    db.session.rollback()
    left = {name: traces_in(content) for name, content in everything(installation, caplog.text).items()}
    assert {name: found for name, found in left.items() if found} == {}
    told = db.session.scalars(sa.select(DeskTask.title)).one()
    assert told == "[…] kan begynde mandag. Ring på […], sag […]."


@pytest.mark.both_engines
def test_a_namesakes_mails_and_other_peoples_files_stay(lived):
    """Another with the very same name: the portal cannot tell whom a mail means, and loses nobody's."""
    _installation, browser, citizen, _log = lived
    make_citizen(FIRST, last_name=LAST, case_reference="77/2", phone=PHONE)
    words = f"{FIRST} {LAST} kommer i morgen."
    opening = make_opening()
    browser.post(f"/answers/opening/{opening.id}/message", {"how": "mail", "words": words})

    browser.post(f"/citizens/{citizen.id}/erase", {"case_reference": CASE})

    db.session.rollback()
    texts = db.session.scalars(sa.select(Mail.text)).all()
    assert len([text for text in texts if words in text]) == 1
    assert not [text for text in texts if CASE in text]


AS_PEOPLE_WRITE = [
    "+4571829364",
    "0045 71 82 93 64",
    "71-82-93-64",
    "71.82.93.64",
    f"{FIRST} M. {LAST}s",
    f"{FIRST}\u00a0{LAST}",
    f"{LAST.upper()}, {FIRST}",
    f"{FIRST}-{LAST}",
    unicodedata.normalize("NFD", f"{FIRST} {LAST}"),
    "77-90817",
    "77 / 90817",
]


@pytest.mark.parametrize("stored", [PHONE, "+45 71 82 93 64"])
def test_she_is_known_as_people_write_names_and_numbers(app, stored):
    citizen = make_citizen(FIRST, last_name=LAST, case_reference=CASE, phone=stored)

    words = words_of_hers_alone(citizen)

    assert [said for said in AS_PEOPLE_WRITE if not is_named(words, f"Hej. {said} kommer.")] == []
    assert not is_named(words, f"{FIRST} og hendes søster, 71829365, +4671829364, 77-908170, {LAST}")


def test_a_short_case_number_is_hers_where_it_is_called_a_case(app):
    words = words_of_hers_alone(make_citizen(case_reference="12"))

    assert [said for said in ("sag 12", "Sagsnr. 12:", "sagen 12.") if not is_named(words, said)] == []
    assert not is_named(words, "Ring kl. 12, den 12. maj eller 12/3 til stue 12.")


def test_a_number_within_a_longer_one_is_not_hers(lived):
    _installation, browser, citizen, _log = lived
    opening = make_opening()
    words = f"Sag {CASE}5 og 1{CASE}, telefon 4{PHONE}."
    browser.post(f"/answers/opening/{opening.id}/message", {"how": "mail", "words": words})

    browser.post(f"/citizens/{citizen.id}/erase", {"case_reference": CASE})

    db.session.rollback()
    assert len([text for text in db.session.scalars(sa.select(Mail.text)) if words in text]) == 1


def test_a_file_that_waits_without_her_stays(installation, client_for, karin):
    browser = client_for(karin)
    citizen = make_citizen(FIRST, last_name=LAST, case_reference=CASE)
    where = upload(browser, OTHERS_ROW)

    browser.post(f"/citizens/{citizen.id}/erase", {"case_reference": CASE})

    assert browser.get(where).status_code == 200


def test_what_an_old_backup_brings_back_is_as_traceless(lived):
    """The replay goes the same way: the mails and files of the backup's day go with her."""
    installation, browser, citizen, _log = lived
    made = installation.backup()
    browser.post(f"/citizens/{citizen.id}/erase", {"case_reference": CASE})

    installation.succeeds(installation.restore(made))

    path = Path(installation.empty_url.removeprefix("sqlite:///"))
    assert traces_in(path.read_bytes()) == []
    assert not re.search(r"-wal|-shm", " ".join(one.name for one in path.parent.glob(f"{path.name}-*")))


def test_the_page_says_what_stays(client_for, karin):
    citizen = make_citizen()

    page = client_for(karin).get(f"/citizens/{citizen.id}/erase").page

    assert "andres egen tekst" in page.get_text()
    assert user("karin@kommune.example").id == karin.id
