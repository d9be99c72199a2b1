"""Signing in: the same answer for everyone who may not, counted tries, and a new session each time."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from portal.base.database import db, transaction
from portal.shared.accounts import services
from portal.shared.accounts.models import ThrottleCount, User, UserSession
from portal.shared.accounts.secrets import Passwords
from portal.shared.audit.models import AuditEntry
from portal.web.local_paths import safe_local_path
from tests.client import PortalClient
from tests.factories import NOW, make_citizen, user

PASSWORD = "tre gode ord"


@pytest.fixture
def karin(app: Flask) -> User:
    return _with_password("karin@kommune.example")


def _with_password(email: str) -> User:
    with transaction():
        found = user(email)
        services.set_password(found, PASSWORD, passwords=_passwords(), by=None, at=NOW)
    return found


def _passwords() -> Passwords:
    return current_app.extensions["passwords"]


def _login(visitor: PortalClient, email: str, password: str, **options):
    return visitor.post(
        "/login", {"email": email, "password": password, **options.pop("fields", {})}, **options
    )


def test_nobody_counts_the_letters_of_a_password(visitor: PortalClient) -> None:
    assert not visitor.get("/login").page.select("[data-letters-of]")


def test_karin_signs_in_and_her_name_is_on_the_page(karin, visitor):
    answer = _login(visitor, "Karin@Kommune.example ", PASSWORD)

    assert (answer.status_code, answer.location) == (303, "/")
    assert karin.name in visitor.get("/").words
    assert db.session.scalar(sa.select(AuditEntry.action).order_by(AuditEntry.id.desc())) == "signed-in"


def test_unknown_user_wrong_password_and_closed_access_read_the_same(karin, jonas, admin, visitor):
    with transaction():
        services.set_password(jonas, PASSWORD, passwords=_passwords(), by=None, at=NOW)
        services.disable_user(jonas, by=admin, at=NOW)

    answers = [
        _login(visitor, "nobody@kommune.example", PASSWORD),
        _login(visitor, karin.email, "forkert kode"),
        _login(visitor, jonas.email, PASSWORD),
    ]

    assert {answer.status_code for answer in answers} == {422}
    assert len({str(answer.page.select_one(".alert-error")) for answer in answers}) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(UserSession)) == 0


def test_what_was_typed_stays_but_for_the_password(karin, visitor):
    page = _login(visitor, karin.email, "forkert kode").page

    assert page.select_one("#email")["value"] == karin.email
    assert not page.select_one("#password").get("value")


def test_the_sixth_try_is_refused_even_with_the_right_password(karin, visitor):
    for _try in range(5):
        assert _login(visitor, karin.email, "forkert kode").status_code == 422

    refused = _login(visitor, karin.email, PASSWORD)

    assert refused.status_code == 429
    assert refused.page.select_one("form[action='/login']")


def test_tries_at_an_unknown_address_are_counted_too(app, visitor):
    for _try in range(5):
        _login(visitor, "nobody@kommune.example", "x")

    assert _login(visitor, "nobody@kommune.example", "x").status_code == 429


def test_success_clears_the_accounts_failures(karin, visitor):
    _login(visitor, karin.email, "forkert kode")

    _login(visitor, karin.email, PASSWORD)

    assert not any(db.session.scalars(sa.select(ThrottleCount.tries).where(ThrottleCount.kind == "password")))


@pytest.mark.both_engines
def test_tries_at_the_same_moment_are_counted_one_by_one(karin, app):
    def guess(_number: int) -> int:
        return _login(PortalClient(app), "karin@kommune.example", "forkert kode").status_code

    db.session.remove()
    with ThreadPoolExecutor(8) as guessers:
        answers = sorted(guessers.map(guess, range(12)))

    assert answers == [422] * 5 + [429] * 7


def test_the_cookie_is_new_at_login_and_the_session_before_is_ended(karin, jonas, app):
    browser = PortalClient(app, jonas)
    with browser._browser.session_transaction() as cookie:
        before, cookie["planted"] = cookie["sid"], "by somebody else"

    _login(browser, karin.email, PASSWORD)

    with browser._browser.session_transaction() as cookie:
        assert cookie["sid"] != before
        assert "planted" not in cookie
    ended = db.session.scalars(sa.select(UserSession).where(UserSession.user_id == jonas.id)).one()
    assert ended.ended_at is not None


def test_no_secret_is_stored(karin, visitor):
    _login(visitor, karin.email, PASSWORD)

    with visitor._browser.session_transaction() as cookie:
        secret = cookie["sid"]
    stored = db.session.scalars(sa.select(UserSession)).one()
    assert secret not in (stored.secret_hash, stored.device)


def test_the_page_asked_for_comes_after_login(karin, visitor):
    to_login = visitor.get("/sessions")
    assert to_login.location == "/login?next=/sessions"

    page = visitor.get(to_login.location).page
    answer = _login(visitor, karin.email, PASSWORD, fields={"next": page.select_one("[name=next]")["value"]})

    assert answer.location == "/sessions"


def test_a_fragment_asked_for_by_a_stranger_leads_the_whole_page_to_login(visitor):
    answer = visitor.get("/users", htmx=True, headers={"HX-Current-URL": "http://localhost/users?page=2"})

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login?next=/users?page%3D2"


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "/\n/evil.example/",
    "\t//evil.example/",
    " //evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "http:evil.example",
    "/%0d%0aSet-Cookie:x\r\nx",
    "/login?next=/login",
    "/logout",
    "//[",
    "/" + "a" * 600,
    "",
    None,
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_sign_in_never_leads_to_another_site(target):
    assert safe_local_path(target) is None


@pytest.mark.parametrize(
    "target", ["/", "/openings/?q=k%C3%B8kken&page=2", "/cards/1/print", "/a?next=//b.example"]
)
def test_a_sign_in_leads_to_pages_of_the_portal(target):
    assert safe_local_path(target) == target


def test_login_ignores_a_way_out_of_the_portal(karin, visitor):
    answer = _login(visitor, karin.email, PASSWORD, fields={"next": "//evil.example/"})

    assert answer.location == "/"


@pytest.mark.parametrize("field", ["email", "password"])
@pytest.mark.parametrize("text", ["", "a\x00b", "x" * 100_000, "\ud800"])
def test_odd_input_is_an_ordinary_mistake(visitor, field, text):
    fields = {"email": "karin@kommune.example", "password": "x", field: text.encode("utf-8", "surrogatepass")}

    assert visitor.post("/login", fields).status_code == 422


def test_a_form_without_its_token_is_a_page_that_says_so(visitor):
    answer = visitor.post("/login", {"email": "a@b.dk", "password": "x"}, csrf=False)

    assert answer.status_code == 400
    assert answer.page.select_one("h1")


def test_who_is_signed_in_needs_no_login_page(client_for, karin):
    assert client_for(karin).get("/login").location == "/"


def test_a_citizen_signs_in_with_the_code_on_her_paper(app, karin, visitor):
    citizen = make_citizen(with_login=True)
    with transaction():
        person = db.session.get(User, citizen.user_id)
        code = services.make_login_code(person, by=karin, at=NOW, lifetime=app.config["LOGIN_CODE_LIFETIME"])

    answer = visitor.post("/login/code", {"code": code.lower().replace("-", " ")})

    assert (answer.status_code, answer.location) == (303, "/")
    assert visitor.get("/sessions").status_code == 200


def test_wrong_codes_are_counted(app, visitor):
    for _try in range(5):
        assert visitor.post("/login/code", {"code": "AAAA-BBBB-CCCC"}).status_code == 422

    assert visitor.post("/login/code", {"code": "AAAA-BBBB-CCCC"}).status_code == 429
