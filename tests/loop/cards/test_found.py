"""Several things at once: a line, a list or a whole text for a card is shown as ticks, and what is ticked is stored."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db
from portal.base.terms import SkillSource
from portal.loop.cards.forms import LONGEST_STORY
from portal.loop.cards.models import CardVersion, Certificate, CompetenceCard, SkillEvidence
from portal.shared.accounts.models import User
from portal.shared.skills import queries
from portal.shared.skills.confirmed import find_tasks_in
from portal.shared.skills.forms import OWN
from tests.client import PortalClient, PortalResponse
from tests.factories import make_card, make_citizen, skill

Clients = Callable[[User | None], PortalClient]

STORY = """Jeg har arbejdet i et køkken i Aleppo. Jeg har vasket op og bagt brød.
Jeg har ondt i ryggen. Jeg taler arabisk og engelsk. Jeg har børneattest, kørekort B og hygiejnebevis.
Jeg vil gerne være social- og sundhedshjælper.
Jeg er under uddannelse til social- og sundhedshjælper.
"""


@pytest.fixture
def card(app: Flask) -> CompetenceCard:
    return make_card(make_citizen("Amira", with_login=True), skills={})


@pytest.fixture
def amira(card: CompetenceCard) -> User:
    return db.session.get_one(User, card.citizen.user_id)


def tell(client: PortalClient, card: CompetenceCard, text: str = "", **more: str) -> PortalResponse:
    values = {"skill-text": text, "skill-level": "3", "skill-source": "own"}
    return client.post(f"/cards/{card.id}/skills/add", {**values, **more})


def found_in(answer: PortalResponse) -> dict[str, dict[str, Any]]:
    """Each thing that the page shows as a tick: its words, and what one press would send for it."""
    found = {}
    for line in answer.page.select(".found-lines .found-task"):
        sent = {one["name"]: one["value"] for one in line.select("input[type=hidden], input[checked]")}
        for level in line.select("select"):
            sent[level["name"]] = level.select_one("option[selected]")["value"]
        found[line.select_one("label").get_text(strip=True)] = sent
    return found


def ticked(found: dict[str, dict[str, Any]]) -> list[str]:
    return [words for words, sent in found.items() if any(name.endswith("-take") for name in sent)]


def accept(client: PortalClient, answer: PortalResponse, **more: str) -> PortalResponse:
    """One press on what the page proposes."""
    form = answer.page.select_one(".found-lines")
    sent = {
        one["name"]: one["value"]
        for one in form.select("input[type=hidden]")
        if not one["name"].startswith("found-")
    }
    source = {
        one["name"]: one.select_one("option[selected]")["value"] for one in form.select("[name=source]")
    }
    lines = {name: value for one in found_in(answer).values() for name, value in one.items()}
    return client.post(form["action"], {**sent, **source, **lines, **more})


def evidence() -> list[SkillEvidence]:
    return list(db.session.scalars(sa.select(SkillEvidence).order_by(SkillEvidence.id)))


def certificates() -> list[Certificate]:
    return list(db.session.scalars(sa.select(Certificate).order_by(Certificate.id)))


def test_karin_writes_three_tasks_on_one_line_and_takes_them_with_one_press(
    client_for: Clients, karin: User, card: CompetenceCard
) -> None:
    client = client_for(karin)

    asked = tell(client, card, "opvask, vasketrapperne og snitte grønt", **{"skill-source": "consultant"})

    assert asked.status_code == 422
    assert "Vi fandt 3 ting i teksten" in asked.words
    assert ticked(found_in(asked)) == ["opvask", "vasketrapperne", "snitte grønt"]
    assert evidence() == []
    versions = db.session.scalar(sa.select(sa.func.count(CardVersion.id)))
    assert accept(client, asked).status_code == 303
    assert [(line.text, line.skill_id, line.level, line.source, line.chosen) for line in evidence()] == [
        ("opvask", skill("opvask").id, 3, SkillSource.CONSULTANT, False),
        ("vasketrapperne", skill("trappevask").id, 3, SkillSource.CONSULTANT, True),
        ("snitte grønt", skill("skære og klargøre grøntsager").id, 3, SkillSource.CONSULTANT, False),
    ]
    assert db.session.scalar(sa.select(sa.func.count(CardVersion.id))) == versions + 1  # one change


def test_two_presses_on_what_was_found_store_it_once_and_lead_to_one_place(
    client_for: Clients, karin: User, card: CompetenceCard
) -> None:
    client = client_for(karin)
    asked = tell(client, card, "opvask og gulvvask")

    first, second = accept(client, asked), accept(client, asked)

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert [line.text for line in evidence()] == ["opvask", "gulvvask"]


def test_amira_sets_a_whole_text_in_and_nothing_of_it_is_lost_or_put_where_it_does_not_belong(
    client_for: Clients, amira: User, card: CompetenceCard
) -> None:
    client = client_for(amira)

    asked = tell(client, card, **{"skill-story": STORY})

    found = found_in(asked)
    assert {"Jeg har vasket op", "bagt brød", "kørekort B", "hygiejnebevis"} <= set(ticked(found))
    kept = asked.page.select_one("[name=skill-story]").get_text()
    assert kept.split() == STORY.split()
    elsewhere = [one.get_text() for one in asked.page.select(".found-lines li")]
    said = {
        "ondt i ryggen": "Helbred hører ikke hjemme på et kort",
        "taler arabisk": "Sprog har deres eget felt",
        "engelsk": "Sprog har deres eget felt",
        "børneattest": "et vilkår i en stilling",
        "vil gerne være": "lyder som et ønske",
        "under uddannelse": "ikke er færdigt",
    }
    for words, sentence in said.items():
        [told] = [one for one in elsewhere if words in one]
        assert sentence in told
        assert not [one for one in found if words in one]
    assert accept(client, asked).status_code == 303
    assert {line.skill.name for line in evidence() if line.skill} >= {"opvask", "bagning af brød og kager"}
    assert {line.source for line in evidence()} == {SkillSource.OWN}
    assert {one.text for one in certificates()} == {"kørekort B", "hygiejnebevis"}
    stored = str([line.text for line in evidence()] + [one.text for one in certificates()])
    assert not [words for words in said if words in stored]


def test_what_is_unticked_is_left_and_each_level_is_hers_to_say(
    client_for: Clients, amira: User, card: CompetenceCard
) -> None:
    client = client_for(amira)
    asked = tell(client, card, "opvask, xylofonstemning og snitte grønt")
    found = found_in(asked)
    assert ticked(found) == ["opvask", "snitte grønt", "xylofonstemning"]  # a short list names what she means
    left = {name: "" for name in found["opvask"] if name.endswith("-take")}
    [level] = [name for name in found["snitte grønt"] if name.endswith("-level")]

    accept(client, asked, **left, **{level: "1"})

    assert [(line.text, line.skill_id, line.level) for line in evidence()] == [
        ("xylofonstemning", None, 3),
        ("snitte grønt", skill("skære og klargøre grøntsager").id, 1),
    ]


def test_what_stands_on_one_line_is_one_thing_when_its_writer_says_so(
    client_for: Clients, amira: User, card: CompetenceCard
) -> None:
    client = client_for(amira)
    text = "opvask og xylofonstemning"
    asked = tell(client, card, text)
    seen = asked.page.select_one("[name=skill-seen_whole]")["value"]

    again = tell(client, card, text, **{"skill-seen_whole": seen})

    assert not found_in(again)
    if again.status_code == 422:  # it may still be asked what it is
        again = tell(
            client, card, text, **{"skill-seen_whole": seen, "skill-asked": text, "skill-meant": OWN}
        )
    assert again.status_code == 303
    assert [line.text for line in evidence()] == [text]


def test_karin_writes_certificates_on_one_line_with_the_day_of_one(
    client_for: Clients, karin: User, card: CompetenceCard
) -> None:
    client = client_for(karin)
    url = f"/cards/{card.id}/certificates/add"
    asked = client.post(url, {"certificate-text": "hygiejnebevis, kørekort B og xylofonbevis"})
    assert not asked.page.select(".found-lines select")
    days = [one["name"] for one in asked.page.select(".found-lines .day-box input")]

    accept(client, asked, **{days[0]: "2027-12-24"})

    assert [(one.text, one.skill_id, str(one.valid_until or "")) for one in certificates()] == [
        ("hygiejnebevis", skill("hygiejnebevis").id, "2027-12-24"),
        ("kørekort B", skill("kørekort B").id, ""),
        ("xylofonbevis", None, ""),
    ]
    assert evidence() == []


def test_what_two_citizens_have_answered_the_third_is_not_asked(client_for: Clients, karin: User) -> None:
    client, answered = client_for(karin), []
    for name in ("Amira", "Sana", "Selam"):
        card = make_card(make_citizen(name), skills={})
        asked = tell(client, card, "opvask og vasketrapperne")
        answered.append(bool(asked.page.select(".found-lines .words-question [checked]")))
        if name == "Selam":
            assert "Ordene er blevet forstået sådan før i kommunen." in asked.words
        accept(client, asked)

    assert [(line.text, line.chosen) for line in evidence() if line.text == "vasketrapperne"] == [
        ("vasketrapperne", True),
        ("vasketrapperne", True),
        ("vasketrapperne", False),
    ]


@pytest.mark.parametrize("text", ["jeg har ondt i ryggen", "taler polsk og russisk", "børneattest"])
@pytest.mark.parametrize("answer", ["", OWN])
def test_what_no_card_holds_is_refused_whatever_is_answered(
    client_for: Clients, amira: User, card: CompetenceCard, text: str, answer: str
) -> None:
    client = client_for(amira)
    single = tell(client, card, text, **{"skill-asked": text, "skill-meant": answer})
    crafted = {
        "found-0-take": "y", "found-0-text": text, "found-0-level": "3", "found-0-asked": text, "found-0-meant": answer,
    }  # fmt: skip

    several = client.post(f"/cards/{card.id}/skills/add-found", crafted)

    assert {single.status_code, several.status_code} <= {409, 422}
    assert single.page.select_one("[name=skill-text]")["value"] == text
    assert evidence() == []
    assert several.page.select("[data-error-summary] li")


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, "Sæt kryds ved mindst én"),
        ({"found-0-text": "opvask", "found-0-level": "3"}, "Sæt kryds ved mindst én"),
        ({"found-0-take": "y", "found-0-text": "", "found-0-level": "3"}, "Skriv opgave eller færdighed"),
        ({"found-0-take": "y", "found-0-text": "opvask", "found-0-level": "9"}, ""),
        ({"found-0-take": "y", "found-0-text": "o" * 121, "found-0-level": "3"}, ""),
        ({"found-0-take": "y", "found-0-text": "010190-1234", "found-0-level": "3"}, "CPR"),
        ({"found-0-take": "y", "found-0-text": "gulvvaks", "found-0-level": "3"}, "Mente du"),
        ({"found-0-take": "y", "found-0-text": "opvask", "found-0-level": "3", "source": "employer"}, ""),
    ],
    ids=[
        "nothing",
        "no tick",
        "no words",
        "no level",
        "too long",
        "a CPR number",
        "never asked",
        "no such source",
    ],
)
def test_what_cannot_be_stored_is_shown_again(
    client_for: Clients, karin: User, card: CompetenceCard, values: dict[str, str], says: str
) -> None:
    answer = client_for(karin).post(f"/cards/{card.id}/skills/add-found", values)

    assert answer.status_code == 422
    assert says in answer.words
    assert evidence() == []


@pytest.mark.parametrize(
    ("story", "says"),
    [
        ("", "Skriv en opgave, eller sæt en tekst ind."),
        ("Hej!", "Vi fandt ingen opgaver i teksten, som vi kender"),
        ("?!", "Vi fandt ingen opgaver i teksten. Skriv dem"),
        (("grydevask " * LONGEST_STORY)[:LONGEST_STORY] + "k", "Teksten er på 4.001 tegn"),
        ("Ring til 010190-1234 om grydevask", "CPR"),
    ],
    ids=["nothing", "no task", "no word", "4,001", "a CPR number"],
)
def test_a_text_that_gives_nothing_stays_in_its_field(
    client_for: Clients, amira: User, card: CompetenceCard, story: str, says: str
) -> None:
    answer = tell(client_for(amira), card, **{"skill-story": story})

    assert answer.status_code == 422
    assert says in answer.words
    assert answer.page.select_one("[name=skill-story]").get_text().strip() == story
    assert evidence() == []


def test_a_long_story_says_what_there_was_no_room_for(
    client_for: Clients, amira: User, card: CompetenceCard
) -> None:
    names = sorted(
        name for name in queries.names_of({skill("opvask").category}).values() if " og " not in name
    )
    story = "\n".join(f"- {name}" for name in names)[:LONGEST_STORY]

    asked = tell(client_for(amira), card, **{"skill-story": story})

    assert len(found_in(asked)) <= 40
    assert "Det her kom ikke med" in asked.words


# --- What the look-up tells a card


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("opvask, snitte grønt og gulvvaks", ["opvask", "snitte grønt", "gulvvaks"]),
        ("opvask, snitte grønt og xylofonstemning", ["opvask", "snitte grønt", "xylofonstemning"]),
        ("vaske og stryge tøj", ["vaske tøj", "stryge tøj"]),
        ("rengøring af toiletter og kontorer", ["rengøring af toiletter", "rengøring af kontorer"]),
    ],
)
def test_no_words_are_put_into_her_mouth_that_do_not_help(app: Flask, text: str, pieces: list[str]) -> None:
    told = [one.text for one in find_tasks_in(None, text, for_card=True)]

    assert told == pieces


@pytest.mark.parametrize(
    "text",
    [
        "vil gerne være social- og sundhedshjælper",
        "under uddannelse til social- og sundhedshjælper",
        "jeg vil gerne tage hygiejnebevis",
        "er i gang med at tage kørekort B",
        "sosu-elev",
    ],
)
def test_nobody_is_offered_to_have_the_certificate_she_is_on_her_way_to(app: Flask, text: str) -> None:
    finished = queries.book().certificates

    for meant in find_tasks_in(None, f"opvask, {text}. {text}", for_card=True):
        offered = {meant.skill_id, *(one.skill_id for one in meant.alternatives)}
        assert not offered & finished, meant


def test_a_text_for_a_card_offers_no_condition_and_no_language_whatever_it_says(app: Flask) -> None:
    book = queries.book()
    story = "\n".join(sorted(book.names[one] for one in book.kept_off_cards)) + "\nleget og læst med børn"

    for meant in find_tasks_in(None, story[:LONGEST_STORY], for_card=True):
        held = {meant.skill_id, *(one.skill_id for one in meant.alternatives)}
        assert not held & book.kept_off_cards, meant
