"""The business register answers, is away, or knows nothing; what it said is kept for a while."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.base.database import transaction
from portal.config import ConfigurationError, load_configuration
from portal.loop.employers.register import (
    KEPT,
    Company,
    CompanyUnknown,
    HttpRegister,
    RegisterDown,
    RegisteredUnit,
    keep,
    look_up,
    read_company,
)
from portal.shared.accounts.models import User
from tests.client import PortalClient
from tests.factories import CVRS, NOW
from tests.loop.employers.test_views import filled

Clients = Callable[[User | None], PortalClient]

ONE = RegisteredUnit("1012345678", "Bos Køkken", "Havnevej 1", "3300")
TWO = RegisteredUnit("1012345679", "Bos Kantine", "Havnevej 9", "3390")


class FakeRegister:
    """Knows one company; counts how often it is asked."""

    def __init__(self, *units: RegisteredUnit, down: bool = False) -> None:
        self.units, self.down, self.asked = units, down, 0

    def company(self, cvr: str) -> Company | None:
        self.asked += 1
        if self.down:
            raise RegisterDown
        return Company(cvr, "BOS KØKKEN APS", self.units) if cvr == CVRS[0] else None


@pytest.fixture
def use(app: Flask) -> Iterator[Callable[[FakeRegister], FakeRegister]]:
    def put(register: FakeRegister) -> FakeRegister:
        app.extensions["business-register"] = register
        return register

    yield put
    app.extensions["business-register"] = None


def looked_up(register: FakeRegister, at: datetime = NOW) -> Company:
    company = look_up(register, CVRS[0], at=at)
    with transaction():
        keep(company, at=at)
    return company


def test_an_answer_is_kept_and_asked_for_anew_when_old(app: Flask) -> None:
    register = FakeRegister(ONE, TWO)
    for at in (NOW, NOW + KEPT - timedelta(seconds=1)):
        assert looked_up(register, at).units == (ONE, TWO)
    assert register.asked == 1
    looked_up(register, NOW + KEPT)
    assert register.asked == 2


def test_a_kept_answer_serves_while_the_register_is_away(app: Flask) -> None:
    looked_up(FakeRegister(ONE))

    assert looked_up(FakeRegister(down=True)).name == "BOS KØKKEN APS"


def test_unknown_and_away_are_two_things(app: Flask) -> None:
    with pytest.raises(CompanyUnknown):
        look_up(FakeRegister(), CVRS[1], at=NOW)
    with pytest.raises(RegisterDown):
        look_up(FakeRegister(down=True), CVRS[0], at=NOW)


def test_without_a_register_nothing_is_offered(client_for: Clients) -> None:
    page = client_for(None).get("/employers/register").page

    assert page.select_one("button[value=look-up]") is None


def test_the_form_is_filled_in_and_nothing_is_sent(
    client_for: Clients, use: Callable[[FakeRegister], FakeRegister]
) -> None:
    use(FakeRegister(ONE))
    typed = filled(step="look-up", company_name="", p_number="", address="", postcode="")

    page = client_for(None).post("/employers/register", typed).page

    filled_in = {
        name: page.select_one(f"#{name}")["value"] for name in ("company_name", "p_number", "address")
    }
    assert filled_in == {"company_name": "BOS KØKKEN APS", "p_number": ONE.p_number, "address": ONE.address}
    assert page.select_one("#contact_name")["value"] == "Bo Berg"


def test_of_several_workplaces_the_one_written_is_taken(
    client_for: Clients, use: Callable[[FakeRegister], FakeRegister]
) -> None:
    use(FakeRegister(ONE, TWO))
    visitor = client_for(None)

    listed = visitor.post("/employers/register", filled(step="look-up", p_number="", address="")).page
    assert "1012345679: Bos Kantine" in listed.get_text()
    assert listed.select_one("#address")["value"] == ""
    taken = visitor.post("/employers/register", filled(step="look-up", p_number=TWO.p_number)).page
    assert taken.select_one("#address")["value"] == "Havnevej 9"


@pytest.mark.parametrize(
    ("register", "cvr", "status", "words"),
    [
        (FakeRegister(down=True), CVRS[0], 409, "CVR-registret svarer ikke lige nu"),
        (FakeRegister(), CVRS[1], 409, "kender ikke det nummer"),
        (FakeRegister(), "12345678", 422, "ikke et gyldigt CVR-nummer"),
    ],
)
def test_what_goes_wrong_is_said_and_what_was_typed_is_kept(
    client_for: Clients,
    use: Callable[[FakeRegister], FakeRegister],
    register: FakeRegister,
    cvr: str,
    status: int,
    words: str,
) -> None:
    use(register)

    response = client_for(None).post("/employers/register", filled(step="look-up", cvr=cvr))

    assert response.status_code == status
    assert words in response.words
    assert response.page.select_one("#company_name")["value"] == "Bos Køkken ApS"


def test_a_machine_cannot_read_the_register_through_us(
    client_for: Clients, use: Callable[[FakeRegister], FakeRegister]
) -> None:
    register = use(FakeRegister(down=True))
    visitor = client_for(None)

    answers = [visitor.post("/employers/register", filled(step="look-up")).status_code for _ in range(7)]

    assert answers == [409] * 5 + [429] * 2
    assert register.asked == 5


def test_an_answer_in_another_shape_is_no_answer() -> None:
    units = [vars(ONE)]
    assert read_company(CVRS[0], {"name": "Bo", "units": units}) == Company(CVRS[0], "Bo", (ONE,))
    for strange in ({}, [], {"name": "Bo"}, {"name": "Bo", "units": [{}]}):
        with pytest.raises((KeyError, TypeError)):
            read_company(CVRS[0], strange)


def test_a_register_that_nobody_answers_at_is_down() -> None:
    with pytest.raises(RegisterDown):
        HttpRegister("https://127.0.0.1:1").company(CVRS[0])


def test_only_a_safe_address_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_REGISTER_URL", "http://register.example")

    with pytest.raises(ConfigurationError):
        load_configuration()
