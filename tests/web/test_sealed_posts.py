"""What was typed when a login was over: for its writer alone, for an hour, and never carried out by itself."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask, current_app
from wtforms import PasswordField

from portal.base.database import db, transaction
from portal.base.terms import Language
from portal.loop.citizens.models import Citizen
from portal.shared.accounts import services
from portal.shared.accounts.models import User, UserSession
from portal.web import sealed_posts
from tests.client import PortalClient, PortalResponse
from tests.factories import NOW, make_card, make_citizen, user
from tests.security.test_every_form import every_form

PASSWORD = "tre gode ord"
LATER = NOW + timedelta(minutes=40)
TYPED = {"case_reference": "K-77", "first_name": "Selam", "last_name": "Tesfay Ærø", "phone": "47 78 40 01"}
BACK = "Du har været væk for længe. Her er det, du skrev. Se det igennem, og send det."


@pytest.fixture
def karin(app: Flask) -> User:
    return _with_password("karin@kommune.example")


@pytest.fixture
def jonas(app: Flask) -> User:
    return _with_password("jonas@kommune.example")


def _with_password(email: str) -> User:
    with transaction():
        found = user(email)
        services.set_password(found, PASSWORD, passwords=current_app.extensions["passwords"], by=None, at=NOW)
    return found


@pytest.fixture
def later():
    with time_machine.travel(LATER, tick=False) as clock:
        yield clock


@pytest.fixture
def browser(app: Flask, karin: User) -> PortalClient:
    """Karin has looked at the form, and been away."""
    made = PortalClient(app, karin)
    assert made.get("/citizens/new").status_code == 200
    return made


def sealed_in(answer: PortalResponse) -> str:
    return str(answer.page.select_one("input[name=sealed]")["value"])


def sign_in(browser: PortalClient, person: User, sealed: str, password: str = PASSWORD) -> PortalResponse:
    return browser.post("/login", {"email": person.email, "password": password, "sealed": sealed})


def typed_on(answer: PortalResponse) -> dict[str, str]:
    return {name: str(answer.page.select_one(f"form [name={name}]").get("value", "")) for name in TYPED}


def citizens_named_selam() -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(Citizen.first_name == "Selam")) or 0


def test_the_writer_gets_her_form_filled_and_not_sent(browser, karin, later):
    refused = browser.post("/citizens/new", TYPED, headers={"Referer": "http://localhost/citizens/new"})

    assert refused.status_code == 401
    assert refused.page.select_one("form[action='/login'] #email")
    assert "Log ind igen, så er det, du skrev, her stadig." in refused.words
    assert "Selam" not in refused.get_data(as_text=True)
    answer = sign_in(browser, karin, sealed_in(refused))
    assert BACK in answer.words
    assert typed_on(answer) == TYPED
    assert answer.page.select("[aria-invalid]") == []
    assert citizens_named_selam() == 0
    form = answer.page.select_one("form[action='/citizens/new']")
    names = {str(one["name"]): str(one.get("value", "")) for one in form.select("input[name]")}
    assert browser.post("/citizens/new", names, csrf=False).status_code == 303
    assert citizens_named_selam() == 1


def test_anybody_else_gets_nothing_of_it(browser, jonas, later):
    sealed = sealed_in(browser.post("/citizens/new", TYPED))

    answer = sign_in(browser, jonas, sealed)

    assert (answer.status_code, answer.location) == (303, "/")
    assert "Selam" not in browser.get("/").get_data(as_text=True)


def test_nothing_can_be_read_from_a_seal_and_nothing_stands_in_the_database(browser, later):
    before = db.session.scalar(sa.text("SELECT count(*) FROM submissions"))

    sealed = sealed_in(browser.post("/citizens/new", TYPED))

    assert "Selam" not in sealed
    assert db.session.scalar(sa.text("SELECT count(*) FROM submissions")) == before


@pytest.mark.parametrize(("minutes", "status"), [(59, 200), (61, 303)])
def test_a_seal_lives_an_hour(browser, karin, later, minutes, status):
    sealed = sealed_in(browser.post("/citizens/new", TYPED))

    later.move_to(LATER + timedelta(minutes=minutes))

    assert sign_in(browser, karin, sealed).status_code == status


@pytest.mark.parametrize("sealed", ["x", "gAAAAA", "æ" * 50, "a" * 5000])
def test_a_seal_that_is_none_signs_in_all_the_same(browser, karin, later, sealed):
    assert sign_in(browser, karin, sealed).location == "/"


def test_a_wrong_password_keeps_the_seal(browser, karin, later):
    sealed = sealed_in(browser.post("/citizens/new", TYPED))

    wrong = sign_in(browser, karin, sealed, password="forkert kode")

    assert wrong.status_code == 422
    assert typed_on(sign_in(browser, karin, sealed_in(wrong))) == TYPED


def test_a_cpr_number_is_left_out_and_said(browser, karin, later):
    refused = browser.post("/citizens/new", {**TYPED, "last_name": "Født 010190-1234"})

    answer = sign_in(browser, karin, sealed_in(refused))

    assert typed_on(answer) == {**TYPED, "last_name": ""}
    assert "CPR-numre er ikke med" in answer.words


def test_no_password_is_sealed(app, browser, karin, later):
    old = {"old": PASSWORD, "password": "fire helt andre ord", "repeated": "fire helt andre ord"}

    answer = sign_in(browser, karin, sealed_in(browser.post("/password", old)))

    assert "Adgangskoder" in answer.words
    assert "fire helt" not in answer.get_data(as_text=True)
    for form in every_form():
        for name in dir(form):
            kind = getattr(getattr(form, name, None), "field_class", None)
            assert kind is not PasswordField or name in sealed_posts.SECRET_FIELDS, (form, name)


def test_what_is_too_long_is_said_and_not_sealed(browser, later):
    answer = browser.post("/citizens/new", {**TYPED, "last_name": "x" * (sealed_posts.MOST_LETTERS + 1)})

    assert not answer.page.select_one("input[name=sealed]").get("value")
    assert "for langt til at tage med" in answer.words


def test_htmx_gets_the_login_among_the_messages_and_the_page_keeps_its_words(browser, karin, later):
    answer = browser.post("/citizens/new", TYPED, htmx=True)

    assert answer.status_code == 401
    assert answer.headers["HX-Retarget"] == "#messages"
    assert answer.page.select_one("h1") is None
    assert answer.page.select_one("form[action='/login'] #login-email")
    assert typed_on(sign_in(browser, karin, sealed_in(answer))) == TYPED


def test_the_page_of_words_alone_knows_who_has_signed_in(browser, karin, later):
    sealed = sealed_in(browser.post("/sessions/end-others", {"words": "to ord"}))

    answer = sign_in(browser, karin, sealed)

    assert answer.status_code == 409
    assert "to ord" in answer.words
    assert "Log ud" in answer.words
    assert "Log ind" not in answer.words


def test_another_tab_that_noticed_first_takes_nothing_away(browser, karin, later):
    assert browser.get("/citizens/").location.startswith("/login")

    refused = browser.post("/citizens/new", TYPED)

    assert typed_on(sign_in(browser, karin, sealed_in(refused))) == TYPED


def test_signed_in_in_another_tab_she_need_not_sign_in_twice(browser, karin, later):
    sealed = sealed_in(browser.post("/citizens/new", TYPED))
    browser.sign_in(karin)

    answer = browser.post("/login", {"email": "", "password": "", "sealed": sealed})

    assert typed_on(answer) == TYPED


def token_of(answer: PortalResponse) -> str:
    return str(answer.page.select_one("input[name=csrf_token]")["value"])


@pytest.mark.parametrize("htmx", [False, True])
def test_a_page_kept_open_over_a_new_login_comes_back_filled(app, browser, karin, later, htmx):
    old = token_of(PortalClient.get(browser, "/login"))
    sign_in(browser, karin, "")

    answer = browser.post("/citizens/new", {**TYPED, "csrf_token": old}, csrf=False, htmx=htmx)

    assert answer.status_code == 200
    assert BACK in answer.words
    assert typed_on(answer) == TYPED
    assert citizens_named_selam() == 0
    fresh = {**TYPED, "csrf_token": token_of(answer)}
    assert browser.post("/citizens/new", fresh, csrf=False).status_code == 303


def test_a_page_of_somebody_elses_login_in_the_same_browser_is_refused(app, karin, jonas):
    browser = PortalClient(app, jonas)
    old = token_of(browser.get("/citizens/new"))
    sign_in(browser, karin, "")

    answer = browser.post("/citizens/new", {**TYPED, "csrf_token": old}, csrf=False)

    assert answer.status_code == 400
    assert "Selam" not in answer.get_data(as_text=True)


def test_who_signed_out_in_another_tab_gets_her_words_back(app, karin):
    browser = PortalClient(app, karin)
    old = token_of(browser.get("/citizens/new"))
    browser.post("/logout")

    refused = browser.post("/citizens/new", {**TYPED, "csrf_token": old}, csrf=False)

    assert refused.status_code == 401
    assert typed_on(sign_in(browser, karin, sealed_in(refused))) == TYPED


def test_who_never_signed_in_is_led_to_login_as_before(visitor):
    assert visitor.post("/citizens/new", TYPED).location == "/login"


def test_a_button_is_not_pressed_again_by_itself(app, browser, karin, later):
    sealed = sealed_in(browser.post("/sessions/end-others", headers={"Referer": "http://localhost/sessions"}))
    other = PortalClient(app, karin)

    answer = sign_in(browser, karin, sealed)

    assert answer.location == "/sessions"
    assert "Tryk igen" in browser.get("/sessions").words
    assert other.get("/sessions").status_code == 200


@pytest.mark.parametrize("named", ["http://evil.example/x", "//evil.example", "http://[", "/login", "x"])
def test_no_other_site_is_led_to(browser, karin, later, named):
    """Only its path is read, and only as a path of ours."""
    sealed = sealed_in(browser.post("/sessions/end-others", headers={"Referer": named}))

    assert not sign_in(browser, karin, sealed).location.startswith(("http", "//"))


def her_post_after_the_end(app, karin):
    """Amina's browser, the code she signs in with, and what answers her choice of a language after her login ended."""
    citizen = make_citizen("Amina", with_login=True)
    make_card(citizen)
    with transaction():
        code = services.make_login_code(citizen.user, by=karin, at=NOW, lifetime=timedelta(days=90))
    browser = PortalClient(app, citizen.user)
    browser.get("/mine/")
    with transaction():
        db.session.execute(sa.update(UserSession).values(ended_at=NOW))
    refused = browser.post(
        "/mine/language", {"language": "ti"}, headers={"Referer": "http://localhost/mine/"}
    )
    return browser, code, refused


def test_citizens_are_shown_the_login_by_code_and_the_seal_goes_along(app, karin):
    browser, code, refused = her_post_after_the_end(app, karin)

    assert refused.page.select_one("form[action='/login/code'] #code")
    other = browser.post("/login", {"switch": "password", "sealed": sealed_in(refused)})
    assert sealed_in(other) == sealed_in(refused)
    answer = browser.post("/login/code", {"code": code, "sealed": sealed_in(other)})
    assert answer.location == "/mine/"


def test_her_language_and_the_code_of_her_paper_take_the_seal_along(app, karin):
    browser, code, refused = her_post_after_the_end(app, karin)
    way = refused.page.select_one("button[lang=ti]")

    in_hers = browser.post(way["formaction"], {"switch": "code", "sealed": sealed_in(refused)})
    again = in_hers.page.select_one("button[lang=so]")
    wrong = browser.post(again["formaction"], {"code": "AAAA", "sealed": sealed_in(in_hers)})
    answer = browser.post(
        wrong.page.select_one("main form")["action"], {"code": code, "sealed": sealed_in(wrong)}
    )

    assert in_hers.page.html["lang"] == "ti"
    assert not in_hers.page.select("main .languages a")
    assert wrong.status_code == 422
    assert wrong.page.html["lang"] == "so"
    assert answer.location == "/mine/"
    assert "Tryk igen" in browser.get("/mine/").words


def test_who_has_forgotten_her_password_keeps_the_seal(app, browser, karin, later):
    refused = browser.post("/citizens/new", TYPED)

    page = browser.post("/login/forgotten", {"switch": "forgotten", "sealed": sealed_in(refused)})
    asked = browser.post("/login/forgotten", {"email": karin.email, "sealed": sealed_in(page)})
    back = browser.post("/login", {"switch": "password", "sealed": sealed_in(asked)})
    answer = sign_in(browser, karin, sealed_in(back))

    assert typed_on(answer) == TYPED


@pytest.mark.parametrize("way", ["/login", "/login/code", "/login/forgotten", "/mine/code?language=ti"])
def test_who_has_signed_in_in_another_tab_gets_her_words_from_each_page(browser, karin, later, way):
    sealed = sealed_in(browser.post("/citizens/new", TYPED))
    sign_in(browser, karin, "")

    answer = browser.post(way, {"switch": "other", "sealed": sealed})

    assert typed_on(answer) == TYPED


def test_who_logs_out_after_her_login_was_over_is_logged_out(browser, later):
    """Also from the page that stands around the message of it: nothing is to be sent again."""
    for _each in range(2):
        answer = browser.post("/logout")

        assert answer.location == "/"
        page = browser.get("/")
        assert "Du er logget ud." in page.words
        assert page.page.select_one("a.site-login")


def test_who_logs_out_in_the_other_tab_too_is_logged_out(app, karin):
    browser = PortalClient(app, karin)
    token = browser.get("/").page.select_one("input[name=csrf_token]")["value"]
    browser.post("/logout")

    answer = browser.post("/logout", {"csrf_token": token})

    assert answer.location == "/"
    assert "Du er logget ud." in browser.get("/").words


def test_her_page_warns_before_the_end_in_her_language(app):
    citizen = make_citizen("Amina", with_login=True, language=Language.SO)
    make_card(citizen)

    told = PortalClient(app, citizen.user).get("/mine/").page.select_one("#login-ends")

    assert "{minutes} daqiiqo" in told["data-soon"]
    assert told.select_one("form[action='/sessions/stay'] button").text == "Gudaha ku sii jir"


def test_a_citizen_is_asked_for_her_code_in_her_language_at_once(app, karin):
    citizen = make_citizen("Amina", with_login=True, language=Language.SO)
    make_card(citizen)
    with transaction():
        code = services.make_login_code(citizen.user, by=karin, at=NOW, lifetime=timedelta(days=90))
    browser = PortalClient(app, citizen.user)
    browser.get("/mine/")
    with transaction():
        db.session.execute(sa.update(UserSession).values(ended_at=NOW))

    refused = browser.post(
        "/mine/language", {"language": "ti"}, headers={"Referer": "http://localhost/mine/"}
    )

    assert refused.status_code == 401
    assert refused.page.html["lang"] == "so"
    assert "Mar kale gal" in refused.page.select_one(".alert-warning").text
    form = refused.page.select_one("main form")
    answer = browser.post(form["action"], {"code": code, "sealed": sealed_in(refused)})
    assert answer.location == "/mine/"
