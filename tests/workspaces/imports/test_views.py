"""Choose a file, see how it is understood, say yes: without JavaScript."""

import io
from typing import Any

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import Employer
from portal.workspaces.imports.models import ImportFile, ImportKind
from tests.factories import skill
from tests.workspaces.imports.test_services import EMPLOYERS, employer

GOOD = EMPLOYERS + employer()
ONE_BAD = GOOD + employer(cvr="12345678", p="1012345679")


def upload(client: Any, content: str, kind: str = "employers", **options: Any) -> Any:
    file = (io.BytesIO(content.encode()), "firmaer.csv")
    return client.post(
        "/imports/", {"kind": kind, "file": file}, content_type="multipart/form-data", **options
    )


def employers() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Employer)) or 0


def uploads() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(ImportFile)) or 0


def test_the_page_shows_what_files_look_like(client_for, karin):
    page = client_for(karin).get("/imports/").page

    assert page.select_one("form[enctype='multipart/form-data']")
    for link in page.select("a[href*='/imports/examples/']"):
        assert client_for(karin).get(link["href"]).status_code == 200


def test_only_known_example_files_are_handed_out(client_for, karin):
    for name in ("../../portal/config.py", "README.md", "virksomheder.exe", "passwd.csv"):
        assert client_for(karin).get(f"/imports/examples/{name}").status_code == 404


def test_a_file_is_previewed_before_anything_is_written(client_for, karin):
    client = client_for(karin)

    answer = upload(client, GOOD)
    page = client.get(answer.location).page

    assert answer.status_code == 303
    assert "Bæk" in page.select_one("#row-table").get_text()
    assert employers() == 0


def test_confirming_imports_and_removes_the_file(client_for, karin):
    client = client_for(karin)
    where = upload(client, GOOD).location

    answer = client.post(f"{where}/confirm")

    assert answer.status_code == 303
    assert employers() == 1
    assert uploads() == 0
    assert client.get(where).status_code == 404


def test_a_bad_row_stops_the_file_and_the_page_says_where(client_for, karin):
    client = client_for(karin)
    where = upload(client, ONE_BAD).location

    answer = client.post(f"{where}/confirm")

    assert answer.status_code == 409
    assert "3" in answer.page.select_one("#error-table").get_text()
    assert employers() == 0
    assert uploads() == 1


def test_only_the_good_rows_can_be_chosen(client_for, karin):
    client = client_for(karin)
    where = upload(client, ONE_BAD).location

    assert client.post(f"{where}/confirm", {"only_good_rows": "y"}).status_code == 303
    assert employers() == 1


def test_the_error_file_holds_the_bad_rows_with_reasons(client_for, karin):
    client = client_for(karin)
    where = upload(client, ONE_BAD).location

    lines = client.get(f"{where}/errors").get_data(as_text=True).lstrip("\ufeff").splitlines()

    assert lines[0].startswith("CVR;")
    assert lines[0].endswith("Linje i filen;Fejl")
    assert len(lines) == 2
    assert lines[1].startswith("12345678;")
    assert ";3;" in lines[1]


def test_a_file_can_be_dropped(client_for, karin):
    client = client_for(karin)
    where = upload(client, GOOD).location

    assert client.post(f"{where}/drop").status_code == 303
    assert uploads() == 0


def test_a_strangers_file_does_not_exist(client_for, karin, jonas):
    where = upload(client_for(karin), GOOD).location

    colleague = client_for(jonas)

    assert colleague.get(where).status_code == 404
    assert colleague.get(f"{where}/errors").status_code == 404
    assert colleague.post(f"{where}/confirm").status_code == 404
    assert colleague.post(f"{where}/drop").status_code == 404


def test_what_is_no_table_is_an_error_at_the_field(client_for, karin):
    client = client_for(karin)

    for content in ("", "\x00\x01\x02", "Navn\nBæk\n", "PK\x03\x04"):
        answer = upload(client, content)
        assert answer.status_code == 422
        assert answer.page.select_one("[aria-invalid=true]")
    assert client.post("/imports/", {"kind": "employers"}).status_code == 422
    assert upload(client, GOOD, kind="vocabulary").status_code == 422
    assert uploads() == 0


def test_under_htmx_the_preview_is_a_page_of_its_own(client_for, karin):
    answer = upload(client_for(karin), GOOD, htmx=True)

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/imports/")


def test_others_are_kept_out(client_for, mette, admin):
    assert client_for(mette).get("/imports/").status_code == 403
    assert client_for(admin).get("/imports/").status_code == 403


WORDS = "sector,category,canonical_da,synonyms_da,english,broader,tasks\n"


def test_the_installation_brings_words_in_and_is_told_what_is_wrong_with_a_row(client_for, drude):
    client = client_for(drude)
    good = "køkken,faglig,røge fisk,fiskerøgning,Smoking fish,køkkenhygiejne,\n"
    bad = "køkken,stilling,fiskerøger,,Fish smoker,,rumfart:2\n"
    where = upload(client, WORDS + good + bad, "vocabulary").location

    page = client.get(where).page

    assert "røge fisk" in page.select_one("#row-table").get_text()
    assert "rumfart" in page.select_one("#error-table").get_text()
    assert client.post(f"{where}/confirm").status_code == 409
    assert client.post(f"{where}/confirm", {"only_good_rows": "y"}).status_code == 303
    assert [one.name for one in skill("røge fisk").broader] == ["køkkenhygiejne"]


def test_words_for_all_are_the_installations_to_bring_in_and_records_a_municipalitys(
    client_for, karin, drude
):
    consultant, installation = client_for(karin), client_for(drude)

    assert upload(consultant, WORDS, "vocabulary").status_code == 422
    assert upload(installation, GOOD, "employers").status_code == 422
    assert uploads() == 0
    offered = [option["value"] for option in installation.get("/imports/").page.select("[name=kind] option")]
    assert offered == ["vocabulary"]


def test_the_words_as_they_are_brought_in_again_change_nothing(client_for, drude):
    client = client_for(drude)
    row = (
        "køkken,faglig,røge fisk,,Smoking fish,køkkenhygiejne,\nkøkken,stilling,fiskerøger,,x,,røge fisk:2\n"
    )
    client.post(f"{upload(client, WORDS + row, 'vocabulary').location}/confirm")
    linked = client.get("/imports/").page.select_one("a[href='/imports/words']")

    words = client.get(linked["href"])
    page = client.get(upload(client, words.get_data(as_text=True), "vocabulary").location).page

    assert "fiskerøger" in words.get_data(as_text=True)
    assert not page.select("#error-table")
    assert not page.select("form[action$='/confirm']"), "there is nothing new in it"


def test_a_file_that_its_sender_may_not_bring_in_is_not_there(client_for, drude):
    client = client_for(drude)
    where = upload(client, WORDS + "køkken,faglig,røge fisk,,x,,\n", "vocabulary").location
    assert client.get(where).status_code == 200
    with transaction():
        db.session.execute(sa.update(ImportFile).values(kind=ImportKind.CARDS))

    assert client.get(where).status_code == 404
    assert client.post(f"{where}/confirm").status_code == 404


def test_the_preview_says_in_which_code_page_it_read_the_words(client_for, karin):
    client = client_for(karin)
    content = "Sagsnummer;Fornavn;Efternavn\n26/9;Bjørn;Bæk\n".encode("mac_roman")

    sent = client.post("/imports/", {"kind": "cards", "file": (io.BytesIO(content), "kort.csv")})
    preview = client.get(sent.headers["Location"])

    assert "Teksten er læst som Mac (Roman)" in preview.words
    assert "Bjørn, Bæk" in preview.words


def test_a_chosen_code_page_is_followed_and_its_broken_words_are_errors(client_for, karin):
    client = client_for(karin)
    content = "Sagsnummer;Fornavn;Efternavn\n26/9;Bjørn;Bæk\n".encode()

    sent = client.post(
        "/imports/", {"kind": "cards", "code_page": "cp1252", "file": (io.BytesIO(content), "kort.csv")}
    )
    preview = client.get(sent.headers["Location"])

    assert "“BjÃ¸rn”: bogstaverne er ændret på vejen. Skriv “Bjørn”." in preview.words


def test_the_code_page_can_be_chosen_where_the_words_are_seen_to_be_wrong(client_for, karin):
    client = client_for(karin)
    content = "Sagsnummer;Fornavn;Efternavn\n26/9;Bjørn;Bæk\n".encode()
    sent = client.post(
        "/imports/", {"kind": "cards", "code_page": "mac_roman", "file": (io.BytesIO(content), "kort.csv")}
    )
    preview = client.get(sent.headers["Location"])
    form = preview.page.select_one("form:has(#code_page)")
    assert form.select_one("option[selected]")["value"] == "mac_roman"

    answer = client.post(form["action"], {"code_page": ""})

    assert answer.headers["Location"] == sent.headers["Location"]
    mended = client.get(sent.headers["Location"])
    assert "Fornavn: Bjørn" in mended.words
    assert mended.page.select("#errors") == []
    assert client.post(f"{sent.headers['Location']}/confirm", {}).status_code == 303
    assert db.session.scalars(sa.select(Citizen)).one().last_name == "Bæk"


def test_a_code_page_that_breaks_the_headings_is_refused_and_the_file_stays(client_for, karin):
    client = client_for(karin)
    content = "Sagsnummer;Fornavn;Efternavn;Fødselsår\n26/9;Bjørn;Bæk;1980\n".encode("cp1252")
    sent = client.post("/imports/", {"kind": "cards", "file": (io.BytesIO(content), "kort.csv")})

    answer = client.post(f"{sent.headers['Location']}/code-page", {"code_page": "utf-8"})

    assert answer.status_code == 422
    assert "Overskriften i kolonne 4" in answer.page.select_one("#code_page-error").text
    assert "Fornavn: Bjørn" in answer.words
    assert "Fornavn: Bjørn" in client.get(sent.headers["Location"]).words


@pytest.mark.parametrize("page", ["utf-7", "x", "idna"])
def test_a_code_page_that_is_none_is_refused(client_for, karin, page):
    client = client_for(karin)
    content = "Sagsnummer;Fornavn;Efternavn\n26/9;Bjørn;Bæk\n".encode()
    sent = client.post("/imports/", {"kind": "cards", "file": (io.BytesIO(content), "kort.csv")})

    assert client.post(f"{sent.headers['Location']}/code-page", {"code_page": page}).status_code == 422
