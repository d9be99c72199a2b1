"""Files made to take a machine are answered in words, at the field, while nobody else waits."""

import io
import itertools
import json
import time
from typing import Any

import pytest
import sqlalchemy as sa

from portal.base.database import db, end_reading, transaction
from portal.workspaces.imports import csv_files, reader, services, workbooks
from portal.workspaces.imports.models import ImportFile, ImportKind
from portal.workspaces.imports.reader import UnreadableFile, read_table
from portal.workspaces.imports.refusals import MAX_BYTES, Why
from tests.workspaces.imports import hostile
from tests.workspaces.imports.test_services import EMPLOYERS, employer

TOLD = {why: str(sentence).split("%")[0] for why, sentence in reader.SENTENCES.items()}
"""How the sentence begins."""


def read_here(content: bytes) -> Why | None:
    """What the reader says, without a child."""
    module = workbooks if content.startswith(b"PK") else csv_files
    found = module.read(content if module is workbooks else b"\n" + content)
    table = json.loads(found)
    return Why(table["refused"]) if "refused" in table else None


@pytest.mark.parametrize("what", hostile.SMALL)
def test_each_is_refused_for_what_it_is_and_soon(what):
    why, made = hostile.SMALL[what]
    content = made()
    begun = time.process_time()

    if why is Why.BYTES:
        with pytest.raises(UnreadableFile, match="UnreadableFile"):
            read_table(content)
    else:
        assert read_here(content) is why
    assert time.process_time() - begun < 3


def test_every_refusal_has_a_sentence():
    assert set(reader.SENTENCES) == set(Why)
    assert len({str(sentence) for sentence in reader.SENTENCES.values()}) == len(Why)


@pytest.mark.parametrize(
    "what",
    ["empty rows over the limit", "billion laughs", "macros", "a long cell", "one endless line", "zeros"],
)
def test_the_page_says_it_at_the_field(client_for, karin, what):
    why, made = hostile.SMALL[what]
    file = (io.BytesIO(made()), "firmaer.xlsx")

    answer = client_for(karin).post(
        "/imports/", {"kind": "employers", "file": file}, content_type="multipart/form-data"
    )

    assert answer.status_code == 422
    field = answer.page.select_one("#file[aria-invalid=true]")
    assert TOLD[why] in answer.page.select_one("#" + field["aria-describedby"].split()[-1]).text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ImportFile)) == 0


def test_names_in_the_file_lead_nowhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    outside = hostile.workbook({"../../outside.xml": b"<a/>", "/etc/outside.xml": b"<a/>"})

    assert len(read_table(outside).headings) == 1
    assert not list(tmp_path.iterdir())


def test_what_the_sheet_says_of_its_size_is_not_believed():
    claims = hostile.sheet().replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')
    merged = hostile.sheet(after=b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')

    for content in (claims, merged):
        assert read_table(hostile.workbook({hostile.SHEET: content})).headings == ("Navn",)


def test_a_file_that_takes_too_long_is_ended(monkeypatch):
    slow = reader.ChildWork("tests.support.child_jobs:spin", reader.Bounds(0.5, 1, 200, 1), reader._QUEUE)
    monkeypatch.setitem(reader._CSV_FILES, reader.ON_A_PAGE, slow)

    with pytest.raises(UnreadableFile) as refusal:
        read_table(b"Navn\nB\n")

    assert str(refusal.value.message) == str(reader.SENTENCES[Why.SLOW])


def test_the_page_answers_within_ten_seconds_and_the_queue_is_in_them():
    bounds, queue = reader.ON_A_PAGE, reader._QUEUE

    assert bounds.wall_seconds + queue.seconds < 10


def test_no_file_is_read_while_a_transaction_is_open(app):
    db.session.execute(sa.text("SELECT 1"))
    with pytest.raises(RuntimeError, match="inside a transaction"):
        read_table(b"Navn\nB\n")
    end_reading()
    assert read_table(b"Navn\nB\n").rows
    with transaction(), pytest.raises(RuntimeError, match="inside a transaction"):
        read_table(b"Navn\nB\n")


def test_no_cell_is_understood_while_writing(app):
    table = read_table((EMPLOYERS + employer()).encode())

    with transaction(), pytest.raises(RuntimeError, match="before the transaction"):
        services._understood(ImportKind.EMPLOYERS, table)


def test_a_transaction_with_something_to_write_is_not_ended_unseen(app, karin):
    with transaction():
        db.session.add(ImportFile(user_id=karin.id))
        with pytest.raises(RuntimeError, match="about to be written"):
            end_reading()
        db.session.rollback()


def test_a_cell_of_many_things_is_soon_refused(app):
    """A thousand rows in which each list repeats one thing a thousand times."""
    line = "26/%d;Nadia;Sayed;" + ";".join(["rengøring|" * 900] * 1) + ";3300;" + "vask:2|" * 900 + ";x\n"
    content = "Sagsnummer;Fornavn;Efternavn;Ønsker;Postnummer;Færdigheder;Mål\n" + "".join(
        line % number for number in range(300)
    )
    begun = time.process_time()

    checked = services.read_file(ImportKind.CARDS, content.encode())

    assert len(checked.errors) == 600
    assert time.process_time() - begun < 2


def upload(client: Any, content: bytes, **options: Any) -> Any:
    file = (io.BytesIO(content), "firmaer.csv")
    return client.post(
        "/imports/", {"kind": "employers", "file": file}, content_type="multipart/form-data", **options
    )


def test_a_file_is_read_once_however_often_it_is_looked_at(client_for, karin, monkeypatch):
    client = client_for(karin)
    where = upload(client, (EMPLOYERS + employer() + employer(cvr="1")).encode()).location
    counted = itertools.count()
    monkeypatch.setattr(reader.ChildWork, "run", lambda *_job: next(counted))

    for _ in range(3):
        assert client.get(where).status_code == 200
        assert client.get(f"{where}/errors").status_code == 200
    assert client.post(f"{where}/confirm", {"only_good_rows": "y"}).status_code == 303

    assert next(counted) == 0


TOO_MUCH = b"x" * (MAX_BYTES + 2 * 1024 * 1024)
"""More than any form may send: nobody reads it to its end."""


def test_an_upload_that_is_too_large_is_refused_by_its_size_at_the_field(client_for, karin):
    answer = upload(client_for(karin), TOO_MUCH)

    assert answer.status_code == 413
    field = answer.page.select_one("#file[aria-invalid=true]")
    assert TOLD[Why.BYTES] in answer.page.select_one("#" + field["aria-describedby"].split()[-1]).text
    assert answer.page.select_one("form[enctype='multipart/form-data'] [name=csrf_token]")["value"]


class Socket(io.BytesIO):
    """A body as the development server hands it on: who reads beyond its end waits for ever."""

    def read(self, size: int | None = -1, /) -> bytes:
        left = len(self.getbuffer()) - self.tell()
        assert left
        assert size is not None
        assert 0 < size <= left
        return super().read(size)


def test_nobody_waits_for_more_than_was_sent(client_for, karin):
    body = Socket(TOO_MUCH)
    answer = client_for(karin)._browser.open(
        "/imports/", method="POST", input_stream=body,
        headers={"Content-Length": str(len(TOO_MUCH)), "Content-Type": "multipart/form-data; boundary=x"},
    )  # fmt: skip

    assert answer.status_code == 413
    assert body.tell() == len(TOO_MUCH), "a browser shows the answer when it has sent all"


def test_who_may_not_upload_is_told_no_more_than_that(client_for, visitor, mette, karin):
    for browser in (visitor, client_for(mette)):
        answer = upload(browser, TOO_MUCH)
        assert answer.status_code == 413
        assert not answer.page.select("#file")
    assert "5 MB" in upload(client_for(karin), TOO_MUCH, htmx=True).get_data(as_text=True)
