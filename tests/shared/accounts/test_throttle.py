"""Who is slowed by whose wrong tries: never the owner on her own device, and never all behind one address."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask, current_app

from portal.base.database import db, transaction
from portal.base.errors import TooManyAttempts
from portal.shared.accounts import services, throttle
from portal.shared.accounts.devices import KnownDevice, opened_device
from portal.shared.accounts.models import ThrottleCount, User
from portal.shared.accounts.signing_in import DEVICE_COOKIE
from portal.shared.accounts.throttle import connection
from tests.client import PortalClient, PortalResponse
from tests.factories import NOW, make_citizen, user
from tests.support.links import password_token

PASSWORD = "tre gode ord"
HOME, LIBRARY = "203.0.113.7", "198.51.100.20"


@pytest.fixture
def karin(app: Flask) -> User:
    return _with_password("karin@kommune.example")


def _with_password(email: str, password: str = PASSWORD) -> User:
    with transaction():
        found = user(email)
        passwords = current_app.extensions["passwords"]
        services.set_password(found, password, passwords=passwords, by=None, at=NOW)
    return found


@pytest.fixture
def browser(app: Flask) -> Callable[[], PortalClient]:
    return lambda: PortalClient(app)


def sign_in(browser: PortalClient, email: str, password: str, *, at: str = HOME) -> PortalResponse:
    fields = {"email": email, "password": password}
    return browser.post("/login", fields, environ_base={"REMOTE_ADDR": at})


def guess(browser: PortalClient, email: str, times: int, *, at: str) -> list[int]:
    return [sign_in(browser, email, "forkert kode", at=at).status_code for _try in range(times)]


def test_wrong_passwords_from_elsewhere_lock_nobody_out_at_home(karin, browser):
    assert guess(browser(), karin.email, 6, at=LIBRARY) == [422] * 5 + [429]

    assert sign_in(browser(), karin.email, PASSWORD, at=HOME).status_code == 303


def test_a_hundred_names_tried_at_the_library_leave_karin_her_try(karin, browser):
    stranger = browser()
    for number in range(100):
        sign_in(stranger, f"nobody{number}@kommune.example", "x", at=LIBRARY)

    assert sign_in(browser(), karin.email, PASSWORD, at=LIBRARY).status_code == 303


def test_from_a_crowded_address_each_name_is_tried_once_and_then_must_wait(app, karin, browser):
    stranger = browser()
    for number in range(app.config["CROWDED_ADDRESS"]):
        sign_in(stranger, f"nobody{number}@kommune.example", "x", at=LIBRARY)

    assert guess(stranger, karin.email, 2, at=LIBRARY) == [422, 429]


def test_many_addresses_together_are_slowed_but_her_own_device_is_not(app, karin, browser):
    own = browser()
    assert sign_in(own, karin.email, PASSWORD).status_code == 303
    most = app.config["LIMITS"]["password-user"].free
    for number in range(most):
        assert guess(browser(), karin.email, 1, at=f"192.0.2.{number}") == [422]

    assert sign_in(browser(), karin.email, PASSWORD, at="192.0.2.200").status_code == 429
    with own._browser.session_transaction() as cookie:
        del cookie["sid"]
    assert sign_in(own, karin.email, PASSWORD).status_code == 303


def test_a_known_device_has_tries_of_its_own_and_no_more(karin, browser):
    own = browser()
    sign_in(own, karin.email, PASSWORD)
    with own._browser.session_transaction() as cookie:
        del cookie["sid"]

    assert guess(own, karin.email, 6, at=LIBRARY) == [422] * 5 + [429]
    assert sign_in(browser(), karin.email, PASSWORD, at=LIBRARY).status_code == 303


def test_a_device_that_jonas_signed_in_on_is_strange_to_karin(karin, browser):
    _with_password("jonas@kommune.example")
    his = browser()
    sign_in(his, "jonas@kommune.example", PASSWORD)

    guess(his, karin.email, 5, at=HOME)

    assert sign_in(browser(), karin.email, PASSWORD, at=HOME).status_code == 429


def test_a_device_is_strange_again_when_there_is_a_new_password(app, karin, browser):
    thief = browser()
    sign_in(thief, karin.email, PASSWORD, at=LIBRARY)
    sealed = thief._browser.get_cookie(DEVICE_COOKIE).value
    key, lifetime = throttle.key_of(app.config), app.config["DEVICE_LIFETIME"]
    device = opened_device(sealed, key=key, lifetime=lifetime)
    assert device.knows(karin, key=key)

    _with_password(karin.email, "fire andre gode ord")

    assert not device.knows(user(karin.email), key=key)


def test_her_own_device_stays_known_when_she_changes_her_password(app, karin, browser):
    own, new = browser(), "fire andre gode ord"
    sign_in(own, karin.email, PASSWORD)
    assert own.post("/password", {"old": PASSWORD, "password": new, "repeated": new}).status_code == 303
    for number in range(app.config["LIMITS"]["password-user"].free):
        guess(browser(), karin.email, 1, at=f"192.0.2.{number}")

    assert sign_in(browser(), karin.email, new).status_code == 429
    assert sign_in(own, karin.email, new).status_code == 303


@pytest.mark.parametrize("sealed", ["", "x", "a.b.c", "x" * 3000, "WyJhIl0.aaa.bbb"])
def test_a_made_up_device_is_none(app, karin, browser, sealed):
    stranger = browser()
    stranger._browser.set_cookie(DEVICE_COOKIE, sealed)

    assert sign_in(stranger, karin.email, "forkert kode").status_code == 422
    assert opened_device(sealed, key=throttle.key_of(app.config), lifetime=timedelta(days=1)) is None


def test_the_cookie_of_a_device_names_nobody_and_no_script_reads_it(karin, browser):
    answer = sign_in(browser(), karin.email, PASSWORD)

    [cookie] = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith(DEVICE_COOKIE)]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert karin.email not in cookie


def test_a_shared_computer_remembers_its_latest_dozen(karin, jonas):
    device = KnownDevice("a name").with_sign_in(karin, key="k")
    for number in range(11):
        device = device.with_sign_in(User(id=1000 + number), key="k")
    assert device.knows(karin, key="k")

    device = device.with_sign_in(jonas, key="k")

    assert not device.knows(karin, key="k")
    assert device.knows(jonas, key="k")


def test_the_wait_is_said_in_danish_and_is_true(app, karin, browser):
    stranger = browser()
    guess(stranger, karin.email, 5, at=LIBRARY)

    refused = sign_in(stranger, karin.email, PASSWORD, at=LIBRARY)

    assert "Vent 30 sekunder, og prøv igen." in refused.words
    with time_machine.travel(NOW + timedelta(seconds=29), tick=False):
        assert "Vent 1 sekund," in sign_in(stranger, karin.email, PASSWORD, at=LIBRARY).words
    with time_machine.travel(NOW + timedelta(seconds=30), tick=False):
        assert sign_in(stranger, karin.email, PASSWORD, at=LIBRARY).status_code == 303


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 sekund,"),
        (59, "59 sekunder,"),
        (60, "1 minut,"),
        (61, "2 minutter,"),
        (7200, "120 minutter,"),
        (7201, "3 timer,"),
    ],
)
def test_a_wait_is_rounded_up(app, seconds, words):
    assert f"Vent {words}" in str(TooManyAttempts(timedelta(seconds=seconds)).message)


def test_each_further_pause_is_twice_as_long(karin, browser):
    stranger, later = browser(), timedelta()
    guess(stranger, karin.email, 5, at=LIBRARY)
    for seconds in (30, 60, 120):
        later += timedelta(seconds=seconds)
        with time_machine.travel(NOW + later - timedelta(seconds=1), tick=False):
            assert guess(stranger, karin.email, 1, at=LIBRARY) == [429]
        with time_machine.travel(NOW + later, tick=False):
            assert guess(stranger, karin.email, 1, at=LIBRARY) == [422]


def test_unknown_and_known_are_slowed_alike(karin, browser):
    known = guess(browser(), karin.email, 8, at=HOME)
    unknown = guess(browser(), "nobody@kommune.example", 8, at=HOME)

    assert known == unknown == [422] * 5 + [429] * 3


def test_an_old_paper_is_slowed_and_a_new_one_works_at_once(app, karin, browser):
    person = db.session.get(User, make_citizen(with_login=True).user_id)
    lifetime = app.config["LOGIN_CODE_LIFETIME"]
    with transaction():
        old = services.make_login_code(person, by=karin, at=NOW, lifetime=lifetime)
        new = services.make_login_code(person, by=karin, at=NOW, lifetime=lifetime)
    at_home = browser()

    answers = [at_home.post("/login/code", {"code": old}).status_code for _try in range(6)]

    assert answers == [422] * 5 + [429]
    assert at_home.post("/login/code", {"code": new}).status_code == 303


def test_thirty_wrong_codes_at_the_library_cost_the_next_one_seconds(app, karin, browser):
    person = db.session.get(User, make_citizen(with_login=True).user_id)
    with transaction():
        code = services.make_login_code(person, by=karin, at=NOW, lifetime=app.config["LOGIN_CODE_LIFETIME"])
    stranger = browser()
    for number in range(40):
        stranger.post("/login/code", {"code": f"AAAA-BBBB-CC{number // 8 + 2}{number % 8 + 2}"})

    assert stranger.post("/login/code", {"code": code}).status_code == 429
    with time_machine.travel(NOW + app.config["LIMITS"]["code-address"].longest, tick=False):
        assert browser().post("/login/code", {"code": code}).status_code == 303


def test_her_phone_with_the_code_is_not_slowed_by_the_others_at_the_library(app, karin, browser):
    person = db.session.get(User, make_citizen(with_login=True).user_id)
    with transaction():
        code = services.make_login_code(person, by=karin, at=NOW, lifetime=app.config["LOGIN_CODE_LIFETIME"])
    phone, stranger = browser(), browser()
    phone.post("/login/code", {"code": code})
    with phone._browser.session_transaction() as cookie:
        del cookie["sid"]
    for number in range(40):
        stranger.post("/login/code", {"code": f"AAAA-BBBB-CC{number // 8 + 2}{number % 8 + 2}"})

    assert phone.post("/login/code", {"code": code}).status_code == 303


def test_a_code_of_ones_own_buys_no_guesses_at_the_others(app, karin, browser):
    """Eve has a paper too, and signs in between her guesses."""
    eve = db.session.get(User, make_citizen("Eve", with_login=True).user_id)
    with transaction():
        own = services.make_login_code(eve, by=karin, at=NOW, lifetime=app.config["LOGIN_CODE_LIFETIME"])
    free = app.config["LIMITS"]["code-address"].free
    answers = []
    for number in range(free + 1):
        if number % 5 == 0:
            phone = browser()  # a device without a past
        phone.post("/login/code", {"code": own})
        guessed = {"code": f"AAAA-BBBB-CC{number // 8 + 2}{number % 8 + 2}"}
        answers.append(phone.post("/login/code", guessed).status_code)

    assert answers == [422] * free + [429]


def test_an_inbox_is_not_filled_with_links_and_nobody_is_told(app, karin, browser):
    answers = {
        (
            answer := browser().post(
                "/login/forgotten", {"email": email}, environ_base={"REMOTE_ADDR": address}
            )
        )
        and (answer.status_code, answer.page.main.get_text())
        for email in (karin.email, "nobody@kommune.example")
        for address in (f"192.0.2.{number}" for number in range(10))
    }

    assert len(answers) == 1
    mailed = db.session.execute(
        sa.text("SELECT count(*) FROM outbox WHERE recipient = :to AND kind = 'password'"),
        {"to": karin.email},
    ).scalar_one()
    assert mailed == app.config["LIMITS"]["password-link-recipient"].free


def test_a_link_from_her_mail_makes_the_device_known(app, karin, browser):
    own = browser()
    token = password_token(app, karin)
    fields = {"password": "fire andre gode ord", "repeated": "fire andre gode ord"}
    assert own.post(f"/password/{token}", fields).status_code == 303
    for number in range(30):
        guess(browser(), karin.email, 1, at=f"192.0.2.{number}")

    assert sign_in(browser(), karin.email, "fire andre gode ord").status_code == 429
    assert sign_in(own, karin.email, "fire andre gode ord").status_code == 303


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("unix:", "unix:"),
        ("", ""),
        (None, ""),
    ],
)
def test_an_ipv6_connection_is_one_visitor(address, counted):
    assert connection(address) == counted


def test_what_no_longer_counts_is_purged_and_what_does_is_kept(app, karin):
    count = {"password": "old", "invitation-recipient": "still counts"}
    with transaction():
        throttle.count(count, at=NOW - timedelta(days=1), config=app.config)
    with transaction():
        services.forget_expired(at=NOW, config=app.config)

    assert db.session.scalars(sa.select(ThrottleCount.kind)).all() == ["invitation-recipient"]


def test_a_throttle_holds_no_name_and_no_address(karin, browser):
    guess(browser(), karin.email, 2, at=LIBRARY)

    rows = db.session.execute(sa.select(ThrottleCount)).scalars().all()
    assert {row.kind for row in rows} == {"password", "password-user", "password-address"}
    assert not any(part in row.key_hash for row in rows for part in (karin.email, LIBRARY))
