"""The whole loop through HTTP, from an employer's opening to a counted goal. Read this first.

Sanne owns Strandens Køkken. Karin is a consultant, Mette leads, Amira is looking for work in a kitchen.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.reviews.models import UNDO_FOR, Review
from portal.shared.accounts.models import User
from tests import factories
from tests.client import PortalClient, PortalResponse
from tests.loop.employers.test_views import confirm_link
from tests.support.answering import send_typed

PASSWORD = "violet kaktus på taget"
CVR = "24256790"
VEGETABLES, HYGIENE, DISHES = (
    "skære og klargøre grøntsager",
    "køkkenhygiejne",
    "opvask i industriopvaskemaskine",
)
START, END = date(2026, 11, 30), date(2026, 12, 18)


class Story:
    """The people at their browsers, on a day that moves on."""

    def __init__(self, app: Flask, karin: User, mette: User) -> None:
        self.app, self._staff = app, {"karin": karin, "mette": mette}
        self.karin, self.mette = PortalClient(app, karin), PortalClient(app, mette)
        self.sanne, self.amira = PortalClient(app), PortalClient(app)
        self.code = ""

    def morning_of(self, day: date) -> time_machine.travel:
        return time_machine.travel(datetime.combine(day, time(9), ZoneInfo("Europe/Copenhagen")), tick=False)

    def everybody_signs_in(self) -> None:
        """Sessions of yesterday have ended by themselves."""
        self.karin.sign_in(self._staff["karin"])
        self.mette.sign_in(self._staff["mette"])
        self.sanne.post("/login", {"email": "sanne@stranden.example", "password": PASSWORD})
        if self.code:
            self.amira.post("/login/code", {"code": self.code})


@pytest.fixture
def story(app: Flask, karin: User, mette: User) -> Story:
    factories.make_goal()
    return Story(app, karin, mette)


def ok(answer: PortalResponse) -> PortalResponse:
    """The answer of a step that worked; the words of the page when it did not."""
    assert answer.status_code in (200, 303), f"{answer.status_code}: {answer.words[:1500]}"
    return answer


def led_to(answer: PortalResponse) -> str:
    assert answer.status_code == 303, f"{answer.status_code}: {answer.words[:1500]}"
    return answer.headers["Location"]


def number_in(url: str) -> int:
    found = re.search(r"/(\d+)", url)
    assert found, url
    return int(found[1])


def link(answer: PortalResponse, pattern: str) -> str:
    """The first link or form of the page whose address matches."""
    addresses = [
        tag.get("href") or tag.get("action") or "" for tag in answer.page.select("a[href], form[action]")
    ]
    found = [address for address in addresses if re.search(pattern, address)]
    assert found, f"no {pattern} among {addresses}"
    return found[0]


@pytest.mark.both_engines
def test_from_an_opening_to_a_counted_goal(story: Story) -> None:
    at_first = counted_employers(story)

    opening_id = sanne_registers_and_posts(story)
    card_id = karin_makes_amiras_card(story)
    review_id = karin_approves_the_suggestion(story, opening_id, card_id)
    the_decision_stands(review_id)
    everybody_says_yes(story, review_id)
    placement_id = karin_plans(story, review_id)
    all_three_state_what_they_expect(story, placement_id)

    karin_readies_the_sheet_for_vitas(story, placement_id)

    with story.morning_of(START):
        story.everybody_signs_in()
        ok(story.karin.post(f"/placements/{placement_id}/start"))
    with story.morning_of(END):
        story.everybody_signs_in()
        karin_and_sanne_assess_together(story, placement_id)
        the_card_shows_what_was_seen(story, card_id)
        the_next_match_knows_it(story, card_id)
        karin_signs_an_agreement(story)

        assert counted_employers(story) == at_first + 1
        the_figure_names_the_employer_and_its_events(story)


def counted_employers(story: Story) -> int:
    goals = ok(story.mette.get("/goals/"))
    figure = ok(story.mette.get(link(goals, r"^/goals/\d+$") + "?format=csv"))
    return len(figure.get_data(as_text=True).strip().splitlines()) - 1


def sanne_registers_and_posts(story: Story) -> int:
    registration = {
        "municipality_id": story_municipality(story),
        "cvr": CVR,
        "company_name": "Strandens Køkken",
        "industry": "koekken",
        "sector": "public",
        "p_number": "1012345678",
        "address": "Strandvej 4",
        "postcode": "3300",
        "full_time_staff": "12,5",
        "contact_name": "Sanne Lund",
        "contact_email": "sanne@stranden.example",
        "contact_phone": "47 11 22 33",
    }
    ok(story.sanne.post("/employers/register", registration))
    chosen = {"password": PASSWORD, "repeated": PASSWORD}
    ok(story.sanne.post(confirm_link("sanne@stranden.example"), chosen))
    waiting = ok(story.karin.get("/employers/registrations"))
    ok(story.karin.post(link(waiting, r"/employers/registrations/\d+$") + "/approve"))

    assert led_to(
        story.sanne.post("/login", {"email": "sanne@stranden.example", "password": PASSWORD})
    ).endswith("/")
    form = ok(story.sanne.get("/openings/new"))
    workplace = form.page.select_one("[name=workplace_id] option, input[name=workplace_id]")
    assert workplace is not None
    opening = {
        "workplace_id": workplace["value"],
        "title": "Hjælp i køkkenet",
        "form": "praktik",
        "must-0-text": VEGETABLES,
        "must-0-level": "2",
        "nice-0-text": HYGIENE,
        "nice-0-level": "2",
        "learn-0-text": DISHES,
        "learn-0-level": "2",
        "places": "1",
        "hours_per_week": "25",
        "starts_on": START.isoformat(),
        "ends_on": END.isoformat(),
        "danish_speaking": "1",
        "danish_reading": "0",
        "danish_use": "at forstå dagens opgaver",
        "publish": "1",
    }
    opening_id = number_in(led_to(story.sanne.post("/openings/new", opening)))
    if "Kladde" in ok(story.sanne.get(f"/openings/{opening_id}")).words:
        ok(story.sanne.post(f"/openings/{opening_id}/publish"))
    return opening_id


def story_municipality(story: Story) -> int:
    with story.app.app_context():
        return factories.municipality("Halsnæs").id


def karin_makes_amiras_card(story: Story) -> int:
    citizen = {
        "case_reference": "26/10431",
        "first_name": "Amira",
        "last_name": "Haddad",
        "phone": "20 30 40 50",
    }
    citizen_url = led_to(story.karin.post("/citizens/new", citizen))
    sheet = story.karin.post(f"{citizen_url}/login-code")
    found = re.search(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b", sheet.words)
    assert found, sheet.words
    story.code = found[0]
    led_to(story.amira.post("/login/code", {"code": story.code}))

    card_id = number_in(
        led_to(story.karin.post(link(ok(story.karin.get(citizen_url)), r"/cards/citizen/\d+/new$")))
    )
    wishes = {
        "wishes": "koekken",
        "danish_speaking": "2",
        "danish_reading": "1",
        "hours_min": "15",
        "hours_max": "30",
        "postcode": "3300",
        "range_km": "15",
        "goal": "Jeg vil lave mad til mange.",
        "version": "1",
    }
    ok(story.karin.post(f"/cards/{card_id}/edit", wishes))
    skill = {"skill-text": "snitte grønt", "skill-level": "3", "skill-source": "own"}
    ok(story.karin.post(f"/cards/{card_id}/skills/add", skill))
    return card_id


def karin_approves_the_suggestion(story: Story, opening_id: int, card_id: int) -> int:
    suggestions = ok(story.karin.get(f"/matches/opening/{opening_id}"))
    match_url = link(suggestions, r"/reviews/match/\d+")
    page = ok(story.karin.get(match_url))
    assert VEGETABLES in page.words
    ok(story.karin.post(f"{match_url}/approve", {"reason": "good_fit", "words": "Hun snitter gerne."}))
    return number_in(link(ok(story.karin.get(match_url)), r"/reviews/\d+/citizen-answer"))


def the_decision_stands(review_id: int) -> None:
    """Ten seconds go by in which she could have undone it; the clock of the story stands still."""
    with transaction():
        db.session.get_one(Review, review_id).decided_at -= UNDO_FOR


def everybody_says_yes(story: Story, review_id: int) -> None:
    proposals = story.sanne.get("/reviews/proposals")
    assert "Amira" not in proposals.words, "no name before the citizen's yes"
    assert story.sanne.get(f"/reviews/proposal/{review_id}").status_code == 404

    assert "Strandens Køkken" in ok(story.amira.get("/reviews/mine")).words
    ok(story.amira.post(f"/reviews/{review_id}/answer", {"answer": "yes"}))
    assert "Amira" in ok(story.sanne.get(f"/reviews/proposal/{review_id}")).words
    ok(story.sanne.post(f"/reviews/proposal/{review_id}/accept"))


def karin_plans(story: Story, review_id: int) -> int:
    plan = {
        "form": "praktik",
        "hours_per_week": "25",
        "starts_on": START.isoformat(),
        "ends_on": END.isoformat(),
        "act": "integration",
        "readiness": "other",
        "first_follow_up_on": "2026-12-07",
    }
    return number_in(led_to(story.karin.post(f"/placements/plan/{review_id}", plan)))


def all_three_state_what_they_expect(story: Story, placement_id: int) -> None:
    assert story.karin.post(f"/placements/{placement_id}/start").status_code == 409, "not before all three"
    for client, party in ((story.amira, "citizen"), (story.sanne, "employer"), (story.karin, "consultant")):
        words = {
            "purpose": "Prøve arbejdet i et stort køkken",
            "time_frame": "Tre uger, og så ser vi på ordinære timer",
            "development": "Opvask i maskine og god hygiejne",
        }
        ok(client.post(f"/placements/{placement_id}/expectations/{party}", words))
    all_three_settle(story, placement_id)


def all_three_settle(story: Story, placement_id: int) -> None:
    """They say the same, so nothing needs to be written, and each says yes to that."""
    start, settlement = f"/placements/{placement_id}/start", f"/placements/{placement_id}/settlement"
    assert story.karin.post(start).status_code == 409, "not before they have settled"
    ok(story.karin.post(settlement, {"seen": "0"}))
    assert story.karin.post(start).status_code == 409, "not before all three have said yes"
    ok(story.amira.post(f"{settlement}/confirm", {"seen": "1"}))
    ok(story.sanne.post(f"{settlement}/confirm", {"seen": "1"}))


def karin_readies_the_sheet_for_vitas(story: Story, placement_id: int) -> None:
    sheet = f"/vitas/placement/{placement_id}"
    answers = {
        "representative_name": "Grete Vang",
        "representative_stated_on": factories.TODAY.isoformat(),
        "purpose": "training",
        "not_last_employer": "yes",
        "not_owned_by_family": "yes",
    }
    ok(story.karin.post(sheet, answers))
    ok(story.karin.post(f"{sheet}/ready"))


def karin_and_sanne_assess_together(story: Story, placement_id: int) -> None:
    """Karin opens the last sheet, Sanne answers on her phone without an account, and closing it ends the placement."""
    sheet = led_to(ok(story.karin.post(f"/assessments/placement/{placement_id}/open/end")))
    link_on_page = ok(story.karin.get(sheet)).page.select_one("#workplace-link")
    link_path = urlsplit(str(link_on_page["value"])).path  # type: ignore[index]
    phone = PortalClient(story.app)
    form = ok(phone.get(link_path))
    levels = {field["name"] for field in form.page.select("input[name^=level_]")}
    assert len(levels) == 3
    answers = {str(level): "3" for level in levels}
    ok(send_typed(phone, link_path, {**answers, "name": "Sanne Strand"}))
    ending = {"outcome": "completed", "assessed_on": END.isoformat()}
    assert story.karin.post(f"{sheet}/close", ending).status_code == 409, "not before Amira has said yes"
    seen = ok(story.amira.get(sheet)).page.select_one("[name=seen]")
    ok(story.amira.post(f"{sheet}/confirm", {"seen": str(seen["value"])}))  # type: ignore[index]
    ok(story.karin.post(f"{sheet}/close", ending))


def the_card_shows_what_was_seen(story: Story, card_id: int) -> None:
    card = ok(story.amira.get(f"/cards/{card_id}"))
    assert DISHES in card.words.lower()
    assert "Strandens Køkken" in card.words
    pdf = story.amira.get(f"/cards/{card_id}/print")
    assert pdf.data.startswith(b"%PDF")


def the_next_match_knows_it(story: Story, card_id: int) -> None:
    """Another kitchen asks for what she learned; the reasons name where it was seen."""
    with story.app.app_context():
        other = factories.make_employer("Fjordkøkkenet", owner="Bo")
        bo = factories.owner_of(other)
        opening = factories.make_opening(
            other, status="draft", must=[DISHES], starts_on=date(2027, 1, 4), ends_on=date(2027, 1, 29)
        )
        opening_id = opening.id
    ok(PortalClient(story.app, bo).post(f"/openings/{opening_id}/publish"))

    suggestions = ok(story.karin.get(f"/matches/card/{card_id}"))

    assert "Fjordkøkkenet" in suggestions.words
    assert "Strandens Køkken" in suggestions.words


def karin_signs_an_agreement(story: Story) -> None:
    form = ok(story.karin.get("/partnerships/new")).page
    employer = next(one for one in form.select("[name=employer_id] option") if "Strandens" in one.get_text())
    me = next(one for one in form.select("[name=consultant_id] option") if "Karin" in one.get_text())
    agreement = {"employer_id": employer["value"], "consultant_id": me["value"], "signed_on": END.isoformat()}
    ok(story.karin.post("/partnerships/new", agreement))


def the_figure_names_the_employer_and_its_events(story: Story) -> None:
    figure = ok(story.mette.get(link(ok(story.mette.get("/goals/")), r"^/goals/\d+$")))
    assert "Strandens Køkken" in figure.words
    assert "Hjælp i køkkenet" in figure.words


@pytest.mark.both_engines
def test_the_same_form_twice_is_one_opening(story: Story, client_for: Callable[[User], PortalClient]) -> None:
    """A double click, or a browser that sends again after a break, gets the first result."""
    employer = factories.make_employer()
    bo = client_for(factories.owner_of(employer))
    draft = {
        "workplace_id": str(employer.workplaces[0].id),
        "title": "Køkkenhjælp",
        "form": "praktik",
        "must-0-text": VEGETABLES,
        "must-0-level": "2",
        "places": "1",
        "hours_per_week": "20",
        "starts_on": START.isoformat(),
        "ends_on": (START + timedelta(weeks=4)).isoformat(),
        "danish_speaking": "0",
        "danish_reading": "0",
    }
    same = str(uuid4())

    first, second = (bo.post("/openings/new", draft, form_id=same) for _ in range(2))

    assert led_to(first) == led_to(second)
