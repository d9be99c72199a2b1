"""Login in two steps: what is asked, what is taken and how often, and that nobody is in before both."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask, current_app

from portal.base.database import Submission, db, transaction
from portal.base.keys import KeyPurpose
from portal.config import NOBODY, STAFF, ConfigurationError, load_configuration
from portal.loop.citizens.models import Citizen
from portal.shared.accounts import second_factor, services, totp
from portal.shared.accounts.models import (
    AuthenticatorApp,
    Passkey,
    RecoveryCode,
    SecondStep,
    User,
    UserSession,
)
from portal.shared.audit.models import AuditEntry
from portal.shared.outbox.models import Mail, MailKind
from portal.web.permissions import Role
from portal.workspaces.operation.doctor import examine
from tests import factories
from tests.client import PortalClient, PortalResponse
from tests.factories import NOW, make_citizen, user
from tests.support.authenticator import SoftKey

PASSWORD = "tre gode ord"
SET_UP, STEP = "/login/set-up/app", "/login/step"
ADDRESS = "https://portal.example"
HALF_MINUTE = timedelta(seconds=30)
ONE_FORM = "11111111-1111-1111-1111-111111111111"


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as moment:
        yield moment


@pytest.fixture
def demanded(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in production, at an address with a name."""
    monkeypatch.setitem(app.config, "PORTAL_SECOND_FACTOR", STAFF)
    monkeypatch.setitem(app.config, "PORTAL_BASE_URL", ADDRESS)


@pytest.fixture
def karin(app: Flask) -> User:
    return with_password("karin@kommune.example")


def with_password(email: str) -> User:
    with transaction():
        found = user(email)
        services.set_password(found, PASSWORD, passwords=current_app.extensions["passwords"], by=None, at=NOW)
    return found


def with_app(person: User) -> str:
    """She has had an app for an hour. Returns its secret."""
    secret, before = totp.new_secret(), NOW - timedelta(hours=1)
    code = pyotp.TOTP(secret).at(before)
    with transaction():
        second_factor.add_app(
            person, secret, code, session_id=None, at=before, keys=current_app.config["KEYS"]
        )
    return secret


def codes_of(person: User) -> list[str]:
    with transaction():
        return second_factor.make_recovery_codes(person, at=NOW)


def code_of(secret: str, *, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(NOW, counter_offset=steps)


def gives_password(browser: PortalClient, person: User, **fields: str) -> PortalResponse:
    return browser.post("/login", {"email": person.email, "password": PASSWORD, **fields})


def gives_code(browser: PortalClient, code: str, **fields: str) -> PortalResponse:
    return browser.post(STEP, {"code": code, **fields})


def is_in(browser: PortalClient) -> bool:
    return browser.get("/sessions").status_code == 200


def sessions() -> list[UserSession]:
    return list(db.session.scalars(sa.select(UserSession).order_by(UserSession.id)))


def hidden(answer: PortalResponse, name: str) -> str:
    return str(answer.page.select_one(f"main form [name={name}]").get("value", ""))


def mails() -> list[Mail]:
    statement = sa.select(Mail).where(Mail.kind == MailKind.SECOND_FACTOR_CHANGED).order_by(Mail.id)
    return list(db.session.scalars(statement))


def actions() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


# --- Of whom it is demanded ----------------------------------------------------------------------------------


def test_V6_3_3_production_demands_it_of_staff_and_development_of_nobody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    production = {
        "PORTAL_ENV": "production",
        "SECRET_KEY": "x" * 40,
        "PORTAL_BASE_URL": ADDRESS,
        "PORTAL_KEYS": str(tmp_path / "keys.json"),
    }

    assert load_configuration({"SECRET_KEY": "x" * 40})["PORTAL_SECOND_FACTOR"] == NOBODY
    assert load_configuration(production)["PORTAL_SECOND_FACTOR"] == STAFF
    monkeypatch.setenv("PORTAL_SECOND_FACTOR", "nobody")
    assert load_configuration(production)["PORTAL_SECOND_FACTOR"] == NOBODY
    monkeypatch.setenv("PORTAL_SECOND_FACTOR", "alle")
    with pytest.raises(ConfigurationError, match="PORTAL_SECOND_FACTOR"):
        load_configuration(production)


def test_it_is_demanded_of_all_who_work_with_others_data(app: Flask, demanded: None) -> None:
    of_them = {role for role in Role if second_factor.is_demanded_of(User(role=role), app.config)}

    assert of_them == {Role.CONSULTANT, Role.LEADER, Role.GROUP_LEADER, Role.ADMIN, Role.OPERATOR}


def test_an_employer_and_a_citizen_sign_in_as_before(
    demanded: None, visitor: PortalClient, app: Flask
) -> None:
    owner = factories.owner_of(factories.make_employer("Bos Køkken", owner="Bo"))
    bo = with_password(str(owner.email))
    amira = make_citizen("Amira", with_login=True)
    with transaction():
        code = services.make_login_code(
            db.session.get_one(Citizen, amira.id).user,
            by=user("karin@kommune.example"),
            at=NOW,
            lifetime=HALF_MINUTE,
        )

    assert gives_password(visitor, bo).location == "/"
    assert is_in(visitor)
    hers = PortalClient(app)
    assert hers.post("/login/code", {"code": code}).status_code == 303
    assert is_in(hers)
    assert visitor.get("/second-step").status_code == 403


def test_where_nobody_must_the_password_signs_in_and_who_has_an_app_shows_it(
    karin: User, visitor: PortalClient, app: Flask
) -> None:
    assert gives_password(visitor, karin).location == "/"
    secret = with_app(karin)

    other = PortalClient(app)
    assert gives_password(other, karin).location == STEP
    assert not is_in(other)
    assert gives_code(other, code_of(secret)).location == "/"
    assert is_in(other)


def test_a_login_from_before_it_was_demanded_is_over(client_for: Any, karin: User, demanded: None) -> None:
    browser = client_for(karin)

    assert "/login" in browser.get("/sessions").location


# --- Setting up after the password ---------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/", "/citizens/", "/reviews/", "/sessions", "/second-step", "/privacy"])
def test_who_has_none_reaches_nothing_but_setting_one_up(
    page: str, karin: User, demanded: None, visitor: PortalClient
) -> None:
    answer = gives_password(visitor, karin)

    assert (answer.status_code, answer.location) == (303, SET_UP)
    there = visitor.get(page)
    if there.status_code == 303:
        assert there.location.startswith((SET_UP, "/login"))
    else:
        assert karin.name not in there.words
    assert not sessions()


def test_karin_sets_up_an_app_and_is_in(karin: User, demanded: None, visitor: PortalClient) -> None:
    gives_password(visitor, karin)
    page = visitor.get(SET_UP)
    secret = page.page.select_one("#app-secret").get_text().replace(" ", "")
    sealed = hidden(page, "secret")
    assert secret not in sealed
    assert page.headers["Cache-Control"] == "no-store"
    assert page.page.select_one(".qr svg") is not None

    wrong = visitor.post(SET_UP, {"secret": sealed, "code": "000000"})
    assert (wrong.status_code, hidden(wrong, "secret")) == (422, sealed)
    assert not is_in(visitor)

    codes = visitor.post(SET_UP, {"secret": sealed, "code": code_of(secret)})

    assert codes.status_code == 200
    shown = [one.get_text() for one in codes.page.select("#recovery-codes li")]
    assert len(set(shown)) == second_factor.RECOVERY_CODES == 10
    assert codes.page.select_one("[data-print]") is not None
    assert is_in(visitor)
    assert [one.second_step for one in sessions()] == [SecondStep.APP]
    assert db.session.get_one(User, karin.id, populate_existing=True).second_factor_since == NOW
    assert {"second-factor-added", "signed-in"} <= set(actions())
    [mail] = mails()
    assert (mail.recipient, "sat et andet trin op" in mail.text) == (karin.email, True)
    stored = db.session.scalars(sa.select(AuthenticatorApp)).one()
    assert secret not in stored.sealed_secret
    hashes = set(db.session.scalars(sa.select(RecoveryCode.code_hash)))
    assert not any(code.strip() in hashes for code in shown)
    assert visitor.post(STEP, {"next": "/reviews/"}).location == "/reviews/"


def test_the_code_it_was_set_up_with_signs_nobody_in_afterwards(
    karin: User, demanded: None, visitor: PortalClient, app: Flask
) -> None:
    gives_password(visitor, karin)
    page = visitor.get(SET_UP)
    secret = page.page.select_one("#app-secret").get_text().replace(" ", "")
    visitor.post(SET_UP, {"secret": hidden(page, "secret"), "code": code_of(secret)})

    thief = PortalClient(app)
    gives_password(thief, karin)
    assert gives_code(thief, code_of(secret)).status_code == 422


def test_a_password_alone_adds_no_second_app(karin: User, demanded: None, visitor: PortalClient) -> None:
    with_app(karin)
    gives_password(visitor, karin)
    mine = totp.new_secret()

    for page in (SET_UP, "/login/set-up/passkey", "/second-step/app", "/second-step/codes"):
        assert visitor.get(page).location.startswith("/login")
        sent = visitor.post(page, {"secret": mine, "code": code_of(mine)})
        assert sent.status_code in (303, 401)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuthenticatorApp)) == 1
    assert not is_in(visitor)


def test_two_who_set_up_at_once_are_one(karin: User, demanded: None, app: Flask) -> None:
    """Somebody has her password: whoever is first has the account, and the other is told to sign in."""
    hers, thief = PortalClient(app), PortalClient(app)
    pages = []
    for browser in (hers, thief):
        gives_password(browser, karin)
        pages.append(browser.get(SET_UP))
    [first, second] = [page.page.select_one("#app-secret").get_text().replace(" ", "") for page in pages]

    assert (
        hers.post(SET_UP, {"secret": hidden(pages[0], "secret"), "code": code_of(first)}).status_code == 200
    )
    late = thief.post(SET_UP, {"secret": hidden(pages[1], "secret"), "code": code_of(second)})

    assert late.location.startswith("/login")
    assert not is_in(thief)


def test_a_secret_sealed_for_jonas_is_not_karins(karin: User, demanded: None, app: Flask) -> None:
    jonas = with_password("jonas@kommune.example")
    his, hers = PortalClient(app), PortalClient(app)
    gives_password(his, jonas)
    gives_password(hers, karin)
    page = his.get(SET_UP)
    secret = page.page.select_one("#app-secret").get_text().replace(" ", "")

    answer = hers.post(SET_UP, {"secret": hidden(page, "secret"), "code": code_of(secret)})

    assert answer.status_code == 422
    assert db.session.scalar(sa.select(AuthenticatorApp)) is None


# --- The second step -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephones_clock_may_be_one_step_wrong(
    steps: int, is_taken: bool, karin: User, visitor: PortalClient
) -> None:
    secret = with_app(karin)
    gives_password(visitor, karin)

    gives_code(visitor, code_of(secret, steps=steps))

    assert is_in(visitor) is is_taken


def test_V6_5_1_a_code_is_taken_once_and_none_older_than_the_last(
    karin: User, visitor: PortalClient, app: Flask
) -> None:
    secret = with_app(karin)
    gives_password(visitor, karin)
    assert gives_code(visitor, f" {code_of(secret)[:3]} {code_of(secret)[3:]} ").location == "/"

    thief = PortalClient(app)
    gives_password(thief, karin)
    for steps in (0, -1):
        answer = gives_code(thief, code_of(secret, steps=steps))
        assert (answer.status_code, "Koden er brugt." in answer.words) == (422, True)
    assert not is_in(thief)


def test_the_second_click_on_the_same_button_signs_in_too(karin: User, visitor: PortalClient) -> None:
    secret = with_app(karin)
    gives_password(visitor, karin)
    with visitor._browser.session_transaction() as cookie:
        before = dict(cookie)

    assert gives_code(visitor, code_of(secret)).location == "/"
    with visitor._browser.session_transaction() as cookie:  # the answer to the first click never came
        cookie.clear()
        cookie.update(before)

    assert gives_code(visitor, code_of(secret)).location == "/"
    assert is_in(visitor)


@pytest.mark.both_engines
def test_one_code_in_two_browsers_at_the_same_moment_is_one_login(karin: User, app: Flask) -> None:
    secret = with_app(karin)
    browsers = [PortalClient(app), PortalClient(app)]
    for browser in browsers:
        gives_password(browser, karin)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda browser: gives_code(browser, code_of(secret)), browsers))

    assert sorted(answer.status_code for answer in answers) == [303, 422]


def test_a_recovery_code_works_once(karin: User, visitor: PortalClient, app: Flask) -> None:
    with_app(karin)
    first, *_others = codes_of(karin)
    gives_password(visitor, karin)

    assert gives_code(visitor, first.lower().replace("-", " ")).location == "/"

    assert sessions()[-1].second_step is SecondStep.RECOVERY_CODE
    assert "Du har 9 tilbage." in mails()[-1].text
    assert "recovery-code-used" in actions()
    thief = PortalClient(app)
    gives_password(thief, karin)
    assert gives_code(thief, first).status_code == 422
    assert not is_in(thief)


@pytest.mark.both_engines
def test_one_recovery_code_in_two_browsers_at_the_same_moment_is_one_login(karin: User, app: Flask) -> None:
    with_app(karin)
    first, *_others = codes_of(karin)
    browsers = [PortalClient(app), PortalClient(app)]
    for browser in browsers:
        gives_password(browser, karin)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda browser: gives_code(browser, first), browsers))

    assert sorted(answer.status_code for answer in answers) == [303, 422]


def test_jonas_paper_opens_nothing_of_karins(karin: User, visitor: PortalClient) -> None:
    jonas = with_password("jonas@kommune.example")
    with_app(karin)
    with_app(jonas)
    his, *_others = codes_of(jonas)
    gives_password(visitor, karin)

    assert gives_code(visitor, his).status_code == 422
    assert not is_in(visitor)


def test_V6_3_1_guesses_wait_longer_and_longer(
    karin: User, visitor: PortalClient, at_noon: time_machine.Traveller
) -> None:
    secret = with_app(karin)
    gives_password(visitor, karin)
    for _try in range(5):
        assert gives_code(visitor, "123123").status_code == 422

    assert gives_code(visitor, code_of(secret)).status_code == 429
    assert not is_in(visitor)
    assert actions().count("second-step-refused") == 5
    assert actions().count("second-step-paused") == 1

    at_noon.shift(HALF_MINUTE)
    assert gives_code(visitor, code_of(secret, steps=1)).location == "/"


def test_guesses_elsewhere_do_not_keep_her_out_where_she_is_known(
    karin: User, visitor: PortalClient, app: Flask, at_noon: time_machine.Traveller
) -> None:
    secret = with_app(karin)
    gives_password(visitor, karin)
    gives_code(visitor, code_of(secret))
    visitor.post("/logout")
    thief = PortalClient(app)
    gives_password(thief, karin)
    for _try in range(6):
        gives_code(thief, "123123")
    at_noon.shift(HALF_MINUTE)

    gives_password(visitor, karin)
    assert gives_code(visitor, code_of(secret, steps=1)).location == "/"


@pytest.mark.parametrize("typed", ["", " ", "12345", "1234567", "ABCD-EFGH-JKLM", "x" * 200, "\u0661" * 6])
def test_nonsense_is_refused_beside_the_field(typed: str, karin: User, visitor: PortalClient) -> None:
    with_app(karin)
    gives_password(visitor, karin)

    answer = gives_code(visitor, typed)

    assert answer.status_code == 422
    assert answer.page.select_one(".alert-error") is not None


def test_what_was_begun_half_an_hour_ago_is_begun_again(
    karin: User, visitor: PortalClient, at_noon: time_machine.Traveller
) -> None:
    secret = with_app(karin)
    gives_password(visitor, karin, next="/reviews/")
    at_noon.shift(timedelta(minutes=31))

    answer = gives_code(visitor, pyotp.TOTP(secret).at(NOW + timedelta(minutes=31)))

    assert answer.location.startswith("/login")
    assert not is_in(visitor)


def test_a_new_password_ends_what_was_begun_with_the_old_one(karin: User, visitor: PortalClient) -> None:
    secret = with_app(karin)
    gives_password(visitor, karin)
    with transaction():
        services.set_password(
            db.session.get_one(User, karin.id),
            "fire andre gode ord",
            passwords=current_app.extensions["passwords"],
            by=None,
            at=NOW,
        )

    assert gives_code(visitor, code_of(secret)).location.startswith("/login")
    assert not is_in(visitor)


def test_whose_access_is_closed_meanwhile_does_not_get_in(
    karin: User, admin: User, visitor: PortalClient
) -> None:
    secret = with_app(karin)
    gives_password(visitor, karin)
    with transaction():
        services.disable_user(db.session.get_one(User, karin.id), by=admin, at=NOW)

    assert gives_code(visitor, code_of(secret)).location.startswith("/login")


def test_she_comes_to_the_page_she_asked_for_and_to_none_outside(karin: User, app: Flask) -> None:
    secret = with_app(karin)
    for asked, led in (("/reviews/?page=2", "/reviews/?page=2"), ("//evil.example/", "/")):
        browser = PortalClient(app)
        step = browser.get(gives_password(browser, karin, next=asked).location)
        with transaction():
            db.session.execute(sa.update(AuthenticatorApp).values(last_step=1))
        assert gives_code(browser, code_of(secret), next=hidden(step, "next")).location == led


def test_who_signs_in_as_another_is_out_at_once(client_for: Any, karin: User, jonas: User) -> None:
    with_app(karin)
    browser = client_for(jonas)

    gives_password(browser, karin)

    assert not is_in(browser)
    assert sessions()[0].ended_at == NOW


# --- What was typed before -----------------------------------------------------------------------------------

TYPED = {"case_reference": "K-77", "first_name": "Selam", "last_name": "Tesfay", "phone": "47 78 40 01"}


def sealed_post(browser: PortalClient, at_noon: time_machine.Traveller) -> str:
    """Her login ends while she writes."""
    browser.get("/citizens/new")
    at_noon.shift(timedelta(minutes=40))
    answer = browser.post("/citizens/new", TYPED, headers={"Referer": "http://localhost/citizens/new"})
    return hidden(answer, "sealed")


def test_what_was_typed_survives_the_second_step(
    client_for: Any, karin: User, at_noon: time_machine.Traveller
) -> None:
    browser = client_for(karin)
    sealed = sealed_post(browser, at_noon)
    secret = with_app(karin)

    step = gives_password(browser, karin, sealed=sealed)
    assert step.status_code == 200
    wrong = gives_code(browser, "123123", sealed=hidden(step, "sealed"))
    code = pyotp.TOTP(secret).at(NOW + timedelta(minutes=40))
    back = gives_code(browser, code, sealed=hidden(wrong, "sealed"))

    assert hidden(back, "first_name") == "Selam"
    assert is_in(browser)
    assert db.session.scalar(sa.select(Citizen).where(Citizen.first_name == "Selam")) is None


def test_what_was_typed_survives_a_second_step_that_took_too_long(
    client_for: Any, karin: User, at_noon: time_machine.Traveller
) -> None:
    browser = client_for(karin)
    sealed = sealed_post(browser, at_noon)
    secret = with_app(karin)
    step = gives_password(browser, karin, sealed=sealed)
    at_noon.shift(timedelta(minutes=35))
    code = pyotp.TOTP(secret).at(NOW + timedelta(minutes=75))

    login = gives_code(browser, code, sealed=hidden(step, "sealed"))
    assert "så er det, du skrev, her stadig" in login.words
    step = gives_password(browser, karin, sealed=hidden(login, "sealed"))
    back = gives_code(browser, code, sealed=hidden(step, "sealed"))

    assert hidden(back, "first_name") == "Selam"


def test_what_was_typed_survives_setting_up(
    client_for: Any,
    app: Flask,
    karin: User,
    at_noon: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = client_for(karin)
    sealed = sealed_post(browser, at_noon)
    monkeypatch.setitem(app.config, "PORTAL_SECOND_FACTOR", STAFF)
    monkeypatch.setitem(app.config, "PORTAL_BASE_URL", ADDRESS)

    page = gives_password(browser, karin, sealed=sealed)
    other = browser.post("/login/set-up/passkey", {"sealed": hidden(page, "sealed"), "switch": "passkey"})
    page = browser.post(SET_UP, {"sealed": hidden(other, "sealed"), "switch": "app"})
    secret = page.page.select_one("#app-secret").get_text().replace(" ", "")
    code = pyotp.TOTP(secret).at(NOW + timedelta(minutes=40))
    codes = browser.post(
        SET_UP, {"secret": hidden(page, "secret"), "sealed": hidden(page, "sealed"), "code": code}
    )
    back = browser.post(STEP, {"sealed": hidden(codes, "sealed")})

    assert hidden(back, "first_name") == "Selam"


# --- Passkeys ------------------------------------------------------------------------------------------------


def a_key(**values: Any) -> SoftKey:
    return SoftKey(origin=ADDRESS, host="portal.example", **values)


def asked_on(answer: PortalResponse) -> str:
    return str(answer.page.select_one("form[data-passkey]")["data-passkey-asked"])


def makes_passkey(browser: PortalClient, key: SoftKey) -> PortalResponse:
    page = browser.get("/login/set-up/passkey")
    fields = {
        "name": "Min nøgle",
        "question": hidden(page, "question"),
        "credential": key.makes(asked_on(page)),
    }
    return browser.post("/login/set-up/passkey", fields)


def with_passkey(browser: PortalClient, person: User, key: SoftKey) -> None:
    """She has set it up, and logged out."""
    gives_password(browser, person)
    assert makes_passkey(browser, key).status_code == 200
    browser.post("/logout")


def answered(browser: PortalClient, key: SoftKey) -> dict[str, str]:
    page = browser.get(STEP)
    return {"question": hidden(page, "question"), "credential": key.shows(asked_on(page))}


def test_karin_makes_a_passkey_and_signs_in_with_it(
    karin: User, demanded: None, visitor: PortalClient, at_noon: time_machine.Traveller
) -> None:
    key = a_key()
    with_passkey(visitor, karin, key)
    at_noon.shift(HALF_MINUTE)

    gives_password(visitor, karin)
    assert visitor.post(STEP, answered(visitor, key)).location == "/"

    assert is_in(visitor)
    assert sessions()[-1].second_step is SecondStep.PASSKEY
    stored = db.session.scalars(sa.select(Passkey)).one()
    assert (stored.name, stored.sign_count, stored.last_used_at) == ("Min nøgle", 1, NOW + HALF_MINUTE)


@pytest.mark.parametrize("counts", [True, False], ids=["counting", "always-zero"])
def test_an_answer_is_taken_once(
    counts: bool,
    karin: User,
    demanded: None,
    visitor: PortalClient,
    app: Flask,
    at_noon: time_machine.Traveller,
) -> None:
    key = a_key()
    with_passkey(visitor, karin, key)
    gives_password(visitor, karin)
    if not counts:
        key.count = -1
    sent = answered(visitor, key)
    assert visitor.post(STEP, sent).location == "/"

    thief = PortalClient(app)
    gives_password(thief, karin)
    at_noon.shift(HALF_MINUTE)

    assert thief.post(STEP, sent).status_code == 422
    assert not is_in(thief)


def test_a_copied_key_that_counts_less_is_refused(
    karin: User, demanded: None, visitor: PortalClient, at_noon: time_machine.Traveller
) -> None:
    key = a_key(count=7)
    with_passkey(visitor, karin, key)
    key.count = 3
    gives_password(visitor, karin)

    assert visitor.post(STEP, answered(visitor, key)).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://portal.example.evil.example"},
        {"host": "evil.example"},
        {"identity": b"another" * 5},
        {"private": None},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_key_of_another_page_or_person_is_refused(
    wrong: dict[str, Any], karin: User, demanded: None, visitor: PortalClient
) -> None:
    key = a_key()
    with_passkey(visitor, karin, key)
    for name, value in wrong.items():
        setattr(key, name, a_key().private if value is None else value)
    gives_password(visitor, karin)

    assert visitor.post(STEP, answered(visitor, key)).status_code == 422
    assert not is_in(visitor)


def test_jonas_key_opens_nothing_of_karins(karin: User, demanded: None, app: Flask) -> None:
    jonas = with_password("jonas@kommune.example")
    hers, his = a_key(), a_key()
    with_passkey(PortalClient(app), karin, hers)
    with_passkey(PortalClient(app), jonas, his)
    browser = PortalClient(app)
    gives_password(browser, karin)

    assert browser.post(STEP, answered(browser, his)).status_code == 422


@pytest.mark.parametrize(
    "credential",
    [
        "{}",
        "[]",
        "null",
        "[" * 9_000,
        '{"id": 1}',
        "x",
        '{"id":"AA","rawId":"AA","type":"public-key","response":{}}',
    ],
)
def test_bytes_that_are_no_answer_are_refused(
    credential: str, karin: User, demanded: None, visitor: PortalClient
) -> None:
    gives_password(visitor, karin)
    page = visitor.get("/login/set-up/passkey")
    made = {"name": "Nøgle", "question": hidden(page, "question"), "credential": credential}
    assert visitor.post("/login/set-up/passkey", made).status_code == 422
    assert makes_passkey(visitor, a_key()).status_code == 200
    visitor.post("/logout")
    gives_password(visitor, karin)

    shown = {"question": hidden(visitor.get(STEP), "question"), "credential": credential}
    assert visitor.post(STEP, shown).status_code == 422


def test_at_an_address_of_figures_there_are_no_passkeys(
    karin: User, demanded: None, visitor: PortalClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "PORTAL_BASE_URL", "https://192.0.2.7")
    gives_password(visitor, karin)

    page = visitor.get("/login/set-up/passkey")

    assert "Portalen kan ikke bruge adgangsnøgler på denne adresse" in page.words
    assert visitor.get(SET_UP).page.select_one("[name=switch]") is None


# --- What she has --------------------------------------------------------------------------------------------


@pytest.fixture
def hers(demanded: None, karin: User, app: Flask) -> tuple[PortalClient, str]:
    """Karin is in by her app."""
    secret = with_app(karin)
    browser = PortalClient(app)
    gives_password(browser, karin)
    assert gives_code(browser, code_of(secret)).location == "/"
    return browser, secret


def test_the_last_one_is_not_removed_where_it_is_demanded(hers: tuple[PortalClient, str]) -> None:
    browser, _secret = hers

    assert browser.get("/second-step").page.select_one("[href='/second-step/app/remove']") is None
    assert browser.post("/second-step/app/remove", {"old": PASSWORD}).status_code == 409
    assert db.session.scalar(sa.select(AuthenticatorApp)) is not None


def test_a_passkey_beside_the_app_and_then_the_app_goes(hers: tuple[PortalClient, str]) -> None:
    browser, _secret = hers
    page = browser.get("/second-step/passkey")
    fields = {
        "name": "Min nøgle",
        "question": hidden(page, "question"),
        "credential": a_key().makes(asked_on(page)),
    }

    assert (
        browser.post("/second-step/passkey", {**fields, "old": "forkert"}, form_id=ONE_FORM).status_code
        == 422
    )
    assert db.session.scalar(sa.select(Passkey)) is None
    assert db.session.get(Submission, ONE_FORM) is None
    for _click in range(2):
        twice = browser.post("/second-step/passkey", {**fields, "old": PASSWORD}, form_id=ONE_FORM)
        assert twice.location == "/second-step"
    again = browser.post("/second-step/passkey", {**fields, "old": PASSWORD})
    assert "Den adgangsnøgle er sat op i forvejen." in again.words
    assert browser.post("/second-step/app/remove", {"old": "forkert"}).status_code == 422
    assert browser.post("/second-step/app/remove", {"old": PASSWORD}).location == "/second-step"

    assert db.session.scalar(sa.select(AuthenticatorApp)) is None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RecoveryCode)) == 10
    assert is_in(browser)


def test_where_nobody_must_the_last_one_goes_with_its_codes(
    hers: tuple[PortalClient, str], app: Flask, karin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, _secret = hers
    monkeypatch.setitem(app.config, "PORTAL_SECOND_FACTOR", NOBODY)

    assert browser.post("/second-step/app/remove", {"old": PASSWORD}).location == "/second-step"

    assert db.session.scalar(sa.select(sa.func.count()).select_from(RecoveryCode)) == 0
    assert db.session.get_one(User, karin.id, populate_existing=True).second_factor_since is None
    assert "fjernet" in mails()[-1].text


def test_nobody_removes_a_strangers_passkey(hers: tuple[PortalClient, str], app: Flask) -> None:
    jonas = with_password("jonas@kommune.example")
    with_passkey(PortalClient(app), jonas, a_key())
    passkey = db.session.scalars(sa.select(Passkey)).one()

    assert hers[0].get(f"/second-step/passkeys/{passkey.id}/remove").status_code == 404
    assert hers[0].post(f"/second-step/passkeys/{passkey.id}/remove", {"old": PASSWORD}).status_code == 404


def test_another_app_takes_the_place_of_the_first(
    hers: tuple[PortalClient, str], app: Flask, karin: User
) -> None:
    browser, old = hers
    page = browser.get("/second-step/app")
    new = page.page.select_one("#app-secret").get_text().replace(" ", "")
    fields = {"secret": hidden(page, "secret"), "code": code_of(new), "old": PASSWORD}

    twice = [browser.post("/second-step/app", fields, form_id=ONE_FORM) for _click in (1, 2)]

    assert [answer.location for answer in twice] == ["/second-step"] * 2
    assert actions().count("second-factor-added") == 2
    other = PortalClient(app)
    gives_password(other, karin)
    assert gives_code(other, code_of(old, steps=1)).status_code == 422
    assert gives_code(other, code_of(new, steps=1)).location == "/"


def test_new_codes_end_the_old_ones_and_are_shown_once(
    hers: tuple[PortalClient, str], app: Flask, karin: User
) -> None:
    browser, _secret = hers
    old, *_others = codes_of(db.session.get_one(User, karin.id))

    assert browser.post("/second-step/codes", {"old": "forkert"}).status_code == 422
    shown = browser.post("/second-step/codes", {"old": PASSWORD}, form_id=ONE_FORM)
    [new, *_more] = [one.get_text() for one in shown.page.select("#recovery-codes li")]
    again = browser.post("/second-step/codes", {"old": PASSWORD}, form_id=ONE_FORM)

    assert again.location == "/second-step"
    other = PortalClient(app)
    gives_password(other, karin)
    assert gives_code(other, old).status_code == 422
    assert gives_code(other, new).location == "/"


def test_the_first_one_of_her_own_will_signs_the_others_out(client_for: Any, karin: User) -> None:
    here, elsewhere = client_for(karin), client_for(karin)
    page = here.get("/second-step/app")
    secret = page.page.select_one("#app-secret").get_text().replace(" ", "")

    codes = here.post(
        "/second-step/app", {"secret": hidden(page, "secret"), "code": code_of(secret), "old": PASSWORD}
    )

    assert len(codes.page.select("#recovery-codes li")) == 10
    assert is_in(here)
    assert not is_in(elsewhere)


# --- Reset by who looks after the account --------------------------------------------------------------------


def test_an_administrator_resets_a_colleagues_and_the_colleague_is_told(
    hers: tuple[PortalClient, str],
    karin: User,
    admin: User,
    client_for: Callable[..., PortalClient],
    app: Flask,
) -> None:
    with_app(admin)
    with transaction():
        secret = services.open_session(
            db.session.get_one(User, admin.id), device="Test", at=NOW, second_step=SecondStep.APP
        )
    office = PortalClient(app)
    with office._browser.session_transaction() as cookie:
        cookie["sid"] = secret
    assert "Sat op" in office.get(f"/users/{karin.id}").words

    answer = office.post(f"/users/{karin.id}/second-step/reset")

    assert answer.location == f"/users/{karin.id}"
    assert not is_in(hers[0])
    for table in (AuthenticatorApp, Passkey, RecoveryCode):
        assert db.session.scalar(sa.select(table.id).where(table.user_id == karin.id)) is None
    [line] = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "second-factor-reset"))
    assert (line.actor_id, line.subject_id) == (admin.id, karin.id)
    assert mails()[-1].recipient == karin.email
    assert "Halsnæs Kommune har nulstillet det andet trin" in mails()[-1].text
    assert gives_password(PortalClient(app), karin).location == SET_UP

    own = office.post(f"/users/{admin.id}/second-step/reset")
    assert own.status_code == 409
    assert db.session.scalar(sa.select(AuthenticatorApp.id).where(AuthenticatorApp.user_id == admin.id))
    assert office.post(f"/users/{karin.id}/second-step/reset").status_code == 409


def test_the_command_resets_where_no_administrator_can(karin: User, app: Flask) -> None:
    with_app(karin)
    command = ["reset-second-factor", "--email", str(karin.email)]

    assert app.test_cli_runner().invoke(args=command).exit_code == 0
    assert db.session.scalar(sa.select(AuthenticatorApp)) is None
    assert app.test_cli_runner().invoke(args=command).exit_code == 1
    assert app.test_cli_runner().invoke(args=[*command[:2], "nobody@kommune.example"]).exit_code == 1


# --- Keys, and the doctor ------------------------------------------------------------------------------------


def test_a_new_key_reads_what_the_old_one_sealed_and_seals_it_anew(
    karin: User, visitor: PortalClient, app: Flask
) -> None:
    secret = with_app(karin)
    before = db.session.scalars(sa.select(AuthenticatorApp.sealed_secret)).one()
    ring = app.config["KEYS"]
    ring.rotate(KeyPurpose.SECOND_FACTOR, at=NOW, overlap=timedelta(days=1))
    gives_password(visitor, karin)

    assert gives_code(visitor, code_of(secret)).location == "/"

    after = db.session.scalars(sa.select(AuthenticatorApp.sealed_secret)).one()
    assert after != before
    assert second_factor.unreadable_apps(ring, at=NOW + timedelta(days=2)) == 0


def said_by_the_doctor() -> list[str]:
    return next(faults for check, faults in examine(NOW) if str(check.title) == "Login i to trin")


def test_the_doctor_finds_what_keeps_staff_out_or_lets_others_in(
    karin: User, app: Flask, demanded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_app(karin)
    assert said_by_the_doctor() == []

    app.config["KEYS"].rotate(KeyPurpose.SECOND_FACTOR, at=NOW, overlap=timedelta())
    assert [fault.split()[0] for fault in said_by_the_doctor()] == ["1"]
    monkeypatch.setitem(app.config, "PORTAL_BASE_URL", "https://192.0.2.7")
    assert any("Adgangsnøgler virker ikke" in fault for fault in said_by_the_doctor())
    monkeypatch.setitem(app.config, "PORTAL_SECOND_FACTOR", NOBODY)
    assert any("PORTAL_SECOND_FACTOR" in fault for fault in said_by_the_doctor())
