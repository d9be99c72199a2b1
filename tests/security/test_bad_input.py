"""ASVS 2.2, 4.1: whatever a client sends, the answer is ours: never a 500, and nothing is written."""

import io

import pytest
import sqlalchemy as sa

from portal.base.cpr_numbers import contains_cpr
from portal.base.database import db
from portal.loop.citizens.models import Citizen
from tests import factories

pytestmark = pytest.mark.slow

MANY_DIGITS = "9" * 5000
"""More than Python turns into a number."""


@pytest.mark.parametrize("wanted", [MANY_DIGITS, "0000001" + MANY_DIGITS, "-1", "1e3", "٣", "100001", "0"])
@pytest.mark.parametrize("path", ["/citizens/", "/openings/", "/placements/", "/partnerships/", "/reviews/"])
def test_V2_2_1_a_page_that_is_none_is_the_first(client_for, karin, path, wanted):
    assert client_for(karin).get(path, query_string={"page": wanted}).status_code == 200


@pytest.mark.parametrize("number", [MANY_DIGITS, "-" + MANY_DIGITS, "2147483648", "x", ""])
def test_V2_2_1_a_number_in_the_query_may_be_anything(client_for, karin, number):
    factories.make_employer()
    browser = client_for(karin)

    for path, name in (("/partnerships/new", "employer"), ("/openings/new", "workplace")):
        assert browser.get(path, query_string={name: number}).status_code == 200


@pytest.mark.parametrize("digits", ["2147483648", "9" * 400, "-" + "9" * 400, MANY_DIGITS])
def test_V2_2_1_a_number_of_any_length_is_an_error_beside_its_field(client_for, mette, digits):
    time = {"period": "year", "year": "2026", "first_on": "2026-01-01", "last_on": "2026-12-31"}
    goal = {**time, "group_id": "0", "aim": "at_least", "sentence": "Fem.", "source": "Planen"}

    answer = client_for(mette).post("/goals/new/cards", {**goal, "target": digits})

    assert answer.status_code == 422
    assert answer.page.select_one("[name=target][aria-invalid]")


HEADERS = [
    {"HX-Request": "true", "HX-Current-URL": "http://["},
    {"HX-Request": "true", "HX-Current-URL": "http://[::1]]/\x7f"},
    {"HX-Request": "true", "HX-Current-URL": "/" * 60_000},
    {"HX-Request": "true", "HX-History-Restore-Request": "true"},
    {"Accept-Language": "x;q=" + "9" * 400},
    {"Referer": "http://["},
    {"Cookie": "portal=" + "A" * 9000},
    {"Cookie": "portal=e30.AAAA.BBBB; portal=" + "\x80" * 10},
    {"If-None-Match": '"' + "x" * 5000 + '"', "If-Modified-Since": "yesterday"},
    {"Range": "bytes=5-2"},
    {"User-Agent": "\xff" * 2000},
    {"X-Forwarded-For": "' OR 1=1", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
]


@pytest.mark.one_engine
@pytest.mark.parametrize("headers", HEADERS)
@pytest.mark.parametrize("path", ["/", "/login", "/citizens/", "/static/portal.css"])
def test_V4_1_1_odd_headers_are_answered(app, path, headers):
    with app.test_client() as browser:
        answer = browser.get(path, headers=headers)

    assert answer.status_code < 500
    assert b"evil.example" not in answer.data
    assert "evil.example" not in str(answer.headers)


@pytest.mark.parametrize(
    "path",
    ["/static/../config.py", "/static/%2e%2e/config.py", "/static/%00", "/static//etc/passwd",
     "/citizens/%F0%28%8C%28", "/password/" + "x" * 5000, "/password/%00", "/imports/examples/..%2f..%2fconfig.py"],
)  # fmt: skip
def test_V4_1_2_odd_paths_lead_nowhere(app, client_for, karin, path):
    for status in (client_for().get(path).status_code, client_for(karin).get(path).status_code):
        assert status in (303, 308, 404, 410)


BODIES = [
    ("application/json", b'{"email": "karin@kommune.example"}'),
    ("application/json", b"{" * 10_000),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n"),
    (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data; name=\"a\"; filename*=x''%ff\r\n",
    ),
    ("multipart/form-data; boundary=" + "x" * 5000, b"--x"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"email=+AGE-"),
    ("application/x-www-form-urlencoded", b"&" * 50_000),
    ("application/x-www-form-urlencoded", b"=".join(b"%ff%00" for _ in range(500))),
    ("text/plain", b"\x00" * 1000),
    ("", b"email=x"),
]


@pytest.mark.one_engine
@pytest.mark.parametrize(("kind", "body"), BODIES)
@pytest.mark.parametrize("path", ["/login", "/employers/register", "/logout"])
def test_V4_1_3_a_body_that_is_no_form_is_refused(app, path, kind, body):
    with app.test_client() as browser:
        answer = browser.post(path, data=body, content_type=kind)

    assert answer.status_code in (400, 413)


def test_V4_3_1_a_body_beyond_the_limit_is_refused_before_it_is_read(app):
    with app.test_client() as browser:
        answer = browser.post("/login", data={"email": "x" * (7 * 1024 * 1024)})

    assert answer.status_code == 413


def test_V2_2_2_of_a_field_sent_twice_only_what_was_checked_is_kept(client_for, karin):
    names = ["Amira", "010190-1234"]

    client_for(karin).post(
        "/citizens/new", {"case_reference": "26/77", "first_name": names, "last_name": "Haddad"}
    )

    assert [citizen.first_name for citizen in db.session.scalars(sa.select(Citizen))] == ["Amira"]


def test_V5_2_1_a_file_where_text_belongs_is_a_missing_answer(client_for, karin):
    answer = client_for(karin).post("/citizens/new", {"first_name": (io.BytesIO(b"x"), "name.txt")})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 100, b"PK\x03\x04", b"\xff\xfe", b'"' * 5000, b";" * 5000]
)
@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "../../../etc/passwd", "\x00", "=cmd().csv", "x" * 5000])
def test_V5_2_2_a_file_of_rubbish_is_a_message(client_for, karin, content, name):
    answer = client_for(karin).post("/imports/", {"kind": "cards", "file": (io.BytesIO(content), name)})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "text",
    ["010190-1234", "0101901234", "010190 1234", "010190 - 1234", "010190–1234", "010190\u20111234",
     "010190\u00ad1234", "0101\u200b901234", "01.01.90-1234", "01-01-90-1234", "01 01 90 1234", "01/01/90 1234",
     "\uff10\uff11\uff10\uff11\uff19\uff10-\uff11\uff12\uff13\uff14", "CPR:010190-1234.", "610190-1234",
     "x010190-1234y"],
)  # fmt: skip
def test_V14_2_a_cpr_number_in_disguise_is_one(text):
    assert contains_cpr(text)


@pytest.mark.parametrize(
    "text",
    ["26/10431", "47 78 40 00", "+45 47 78 40 00", "13748136", "990199-1234", "kl. 10.30-12.00", "18-11-2026",
     "2026-11-18", "3300", "1. til 5. december 2026", "12.000-15.000 kr.", "01019012345"],
)  # fmt: skip
def test_V14_2_ordinary_numbers_are_none(text):
    assert not contains_cpr(text)


@pytest.mark.parametrize("body", ["[]", '"x"', "5", '{"first_name": 5, "last_name": {"a": []}}', "null"])
@pytest.mark.parametrize("path", ["/citizens/new", "/openings/new", "/imports/"])
def test_V4_1_3_json_is_no_form_even_with_a_token(client_for, karin, path, body):
    factories.make_employer()
    browser = client_for(karin)

    answer = browser._browser.post(
        path, data=body, content_type="application/json", headers={"X-CSRFToken": browser._csrf_token()}
    )

    assert answer.status_code == 422
