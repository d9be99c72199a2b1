"""Answers, both ways: the employer sees its clock, gets a proposal by mail, and answers by link without an account."""

import re
import time
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import Person, approves
from tests.browser.test_accessibility import problems_of

pytestmark = pytest.mark.browser

OPENING = "Anretning og servering"
"""Ordinary hours at the demo's kitchen, for which there are suggestions."""
PHONE = 360
MAIL_SECONDS = 30
"""The worker in the server looks every five seconds."""


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no-javascript"])
def test_an_employer_answers_by_the_link_in_a_mail_and_sees_the_clock_stop(
    javascript: bool, own_server: str, page_of: Callable[..., Page], tmp_path: Path
) -> None:
    def person(email: str | None = None, width: int = PHONE) -> Person:
        return Person(page_of(own_server, email, width=width, javascript=javascript), javascript=javascript)

    owner, karin, phone = person("virksomhed@demo.dk"), person("konsulent@demo.dk", 1280), person()

    opening = owner_puts_it_up(owner)
    owner_sees_the_clock_run(owner, opening)
    karin_makes_a_proposal(karin, opening)
    link = link_in_the_mail(tmp_path / "mail")
    employer_asks_for_a_call(phone, link)
    karin_is_told_to_phone(karin)
    employer_says_no_by_a_slip_and_takes_it_back(phone, link)
    employer_says_yes(phone, link)
    owner_sees_the_clock_stand_still(owner, opening)


def owner_puts_it_up(owner: Person) -> str:
    """A copy of one that is up: its promise begins now."""
    owner.opens("/openings/?status=published")
    owner.follows(OPENING)
    owner.presses("Kopier til ny kladde")
    owner.page.wait_for_url(re.compile(r"/posting/\d+"))
    owner.opens(f"/posting/{owner.number}")
    owner.presses("Slå op")
    owner.sees_message("Åbningen er slået op")
    return owner.number


def owner_sees_the_clock_run(owner: Person, opening: str) -> None:
    owner.opens(f"/openings/{opening}")
    expect(owner.main.locator(".promise")).to_contain_text("I hører fra os senest")
    owner.opens("/")
    expect(line_of(owner, opening).locator(".promise")).to_contain_text("tilbage")


def line_of(owner: Person, opening: str) -> Locator:
    """The opening among those that wait, on the front page."""
    return owner.main.get_by_role("listitem").filter(has=owner.page.locator(f"a[href='/openings/{opening}']"))


def karin_makes_a_proposal(karin: Person, opening: str) -> None:
    karin.opens(f"/openings/{opening}")
    karin.follows(re.compile("Se alle forslag") if karin.javascript else "Se forslag til åbningen")
    karin.follows("Vurdér")
    approves(karin)
    karin.ticks("Ja tak")
    karin.ticks("I telefonen")
    karin.presses("Gem svaret")
    karin.sees_message("Borgerens svar er gemt")


def link_in_the_mail(folder: Path) -> str:
    """What the newest mail about a proposal says, once the worker has sent it."""
    for _look in range(MAIL_SECONDS * 4):
        for file in sorted(folder.glob("*.eml"), reverse=True):
            mail = message_from_bytes(file.read_bytes(), policy=default)
            if OPENING in mail["Subject"]:
                found = re.search(r"/answers/proposal/\S+", mail.get_content())
                if found:  # another mail says that the opening is up
                    return found[0]
        time.sleep(0.25)
    raise AssertionError("no mail came")


def employer_asks_for_a_call(phone: Person, link: str) -> None:
    phone.opens(link)
    phone.sees("Se alt, borgeren kan")
    assert not phone.javascript or problems_of(phone.page) == []
    phone.follows("Ring til mig")
    phone.presses("Ja, ring til mig")
    phone.sees("Vi ringer til jer")


def karin_is_told_to_phone(karin: Person) -> None:
    karin.opens("/")
    line = karin.page.locator(".agenda-line", has_text="Ring til").filter(has_text=OPENING)
    expect(karin.main.locator("#today + ul", has=line)).to_be_visible()
    line.get_by_role("link").click()
    row = karin.main.locator("#call-table tr", has_text=OPENING)
    expect(row).to_contain_text("Virksomheden vil ringes op")
    row.get_by_role("link", name="Jeg har ringet").click()
    karin.fills(words="De vil høre om vagterne om aftenen.")
    karin.presses("Gem opkaldet")
    karin.sees_message("der er ringet")


def employer_says_no_by_a_slip_and_takes_it_back(phone: Person, link: str) -> None:
    phone.opens(link)
    phone.follows("Nej tak")
    phone.sees("Det kan tages tilbage i en time")
    phone.presses("Nej tak: andet")
    phone.sees("I har sagt nej tak")
    phone.follows("Tag svaret tilbage")
    phone.presses("Ja, tag svaret tilbage")
    phone.sees("Jeres svar")


def employer_says_yes(phone: Person, link: str) -> None:
    phone.opens(link)
    phone.follows("Ja tak")
    phone.presses("Send svaret: ja tak")
    phone.sees("I har sagt ja tak")
    phone.sees("Svaret i tide")
    assert not phone.javascript or problems_of(phone.page) == []


def owner_sees_the_clock_stand_still(owner: Person, opening: str) -> None:
    owner.opens(f"/openings/{opening}")
    expect(owner.main.locator(".promise")).to_contain_text("Svaret i tide")
    owner.opens("/")
    expect(line_of(owner, opening)).to_have_count(0)
