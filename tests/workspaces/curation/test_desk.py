"""The curator's desk: whose phrases Karin sees, and what one click does to cards and openings."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import TaskKind
from portal.lexicon import fold
from portal.loop.cards.models import Certificate, CompetenceCard, SkillEvidence
from portal.loop.openings.models import Opening, OpeningStatus, OpeningTask
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.shared.skills.confirmed import understand_all_in
from portal.shared.skills.models import Skill
from portal.workspaces.curation import services
from portal.workspaces.curation.models import DismissedPhrase
from tests.client import PortalClient, counted_statements
from tests.factories import (
    NOW,
    make_card,
    make_certificate,
    make_citizen,
    make_employer,
    make_opening,
    make_words,
    skill,
)

Clients = Callable[[User | None], PortalClient]

ROCKETS = "stemme xylofoner"


def make_task(opening: Opening, text: str, **values: Any) -> OpeningTask:
    with transaction():
        task = OpeningTask(
            **{"opening_id": opening.id, "text": text, "kind": TaskKind.MUST, "position": 9, **values}
        )
        db.session.add(task)
    return task


def listed(client: PortalClient, query: str = "") -> list[tuple[str, str, str]]:
    """The phrases of the page, with how many cards and openings hold each."""
    rows = client.get(f"/curation/{query}").page.select("#phrase-table tbody tr")
    return [
        (row.select_one("a").get_text(), *(cell.get_text(strip=True) for cell in row.select("td.number")[:2]))
        for row in rows
    ]


def url_of(client: PortalClient, text: str, query: str = "") -> str:
    page = client.get(f"/curation/{query}").page
    [link] = [a["href"] for a in page.select("#phrase-table td a") if fold(a.get_text()) == fold(text)]
    return link


# --- Whose phrases


def test_the_same_words_are_folded_together_and_counted(client_for: Clients, karin: User) -> None:
    one, other = make_card(), make_card(make_citizen("Selam"))
    make_words(one, ROCKETS)
    make_words(one, "Stemme xylofoner!")  # twice on the same card counts once
    make_words(other, "STEMME XYLOFONER")
    make_certificate(other, text="rumfartsbevis", skill_id=None)
    make_task(make_opening(), ROCKETS)

    shown = [(fold(text), *counts) for text, *counts in listed(client_for(karin))]
    assert shown == [(ROCKETS, "2", "1"), ("rumfartsbevis", "1", "0")]


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        (OpeningStatus.DRAFT, False),  # nobody sees a draft
        (OpeningStatus.PUBLISHED, True),
        (OpeningStatus.FILLED, True),
        (OpeningStatus.EXPIRED, True),
        (OpeningStatus.WITHDRAWN, False),
    ],
)
def test_words_of_a_draft_stay_with_its_writer(
    client_for: Clients, karin: User, status: OpeningStatus, shown: bool
) -> None:
    make_task(make_opening(status=status), ROCKETS)

    assert bool(listed(client_for(karin))) is shown


def test_karin_sees_neither_the_neighbours_words_nor_who_wrote_her_own(
    client_for: Clients, karin: User, lene: User
) -> None:
    make_words(make_card(make_citizen("Selam", last_name="Tesfay", in_municipality="Fredensborg")), ROCKETS)
    make_words(make_card(make_citizen("Amira", last_name="Haddad")), "temme løver")

    karins, lenes = client_for(karin), client_for(lene)

    assert [text for text, *_counts in listed(karins)] == ["temme løver"]
    assert karins.get(url_of(lenes, ROCKETS)).status_code == 404
    assert "Amira" not in karins.get("/curation/").words + karins.get(url_of(karins, "temme løver")).words


def test_what_looks_like_a_cpr_number_is_never_shown(client_for: Clients, karin: User) -> None:
    line = make_words(make_card(), "passet 010190-1234")
    client = client_for(karin)

    assert listed(client) == []
    assert "010190" not in client.get("/curation/?format=csv").get_data(as_text=True)
    assert client.get(f"/curation/evidence/{line.id}").status_code == 404


def test_what_is_understood_waits_for_nobody(client_for: Clients, karin: User) -> None:
    make_card()  # a phrase of the vocabulary
    make_words(make_card(make_citizen("Selam")), "polering", skill_id=skill("køkkenhygiejne").id)

    page = client_for(karin).get("/curation/").page

    assert page.select_one(".empty-state")


def test_what_a_writer_chose_is_a_proposal(client_for: Clients, karin: User) -> None:
    floors = skill("gulvvask og mopning")
    for name in ("Amira", "Selam"):
        make_words(make_card(make_citizen(name)), "gulvvaks", skill_id=floors.id, chosen=True)
    make_words(make_card(make_citizen("Hana")), ROCKETS)
    client = client_for(karin)

    assert listed(client, "?tab=chosen") == [("gulvvaks", "2", "0")]
    first = client.get("/curation/?tab=chosen").page.select_one("#phrase-table li")
    assert "gulvvask og mopning" in first.get_text()
    assert "(2)" in first.get_text()


@pytest.mark.both_engines
def test_what_saves_most_questions_stands_first(client_for: Clients, karin: User) -> None:
    """Three were asked what they meant, and one of them kept her own words; two wrote what nothing is like."""
    floors = skill("gulvvask og mopning")
    for name in ("Amira", "Selam"):
        card = make_card(make_citizen(name))
        make_words(card, "gulvvaks", skill_id=floors.id, chosen=True)
        make_words(card, ROCKETS)
        make_words(card, "temme løver", guesses=[[floors.id, 0.04], [floors.id + 1, 0.04]])  # never asked
    opening = make_opening()
    for _twice in range(2):
        make_task(opening, "gulvvaks", guesses=[[floors.id, 0.25], [floors.id + 1, 0.06]])
    client = client_for(karin)

    rows = client.get("/curation/").page.select("#phrase-table tbody tr")

    shown = {
        row.select_one("a").get_text(): [cell.get_text(strip=True) for cell in row.select("td.number")[2:]]
        for row in rows
    }
    assert next(iter(shown)) == "gulvvaks"
    assert shown == {"gulvvaks": ["4", "3"], ROCKETS: ["0", "2"], "temme løver": ["0", "2"]}
    lines = client.get("/curation/?format=csv&q=gulvvaks").get_data(as_text=True).splitlines()
    assert lines[1].split(";")[:5] == ["gulvvaks", "2", "1", "4", "3"]
    assert "spurgt om det 4 gange" in client.get(url_of(client, "gulvvaks")).words


def test_what_halsnaes_has_answered_others_know_when_a_curator_agrees(
    client_for: Clients, karin: User, lene: User
) -> None:
    floors = skill("gulvvask og mopning")
    for name in ("Amira", "Selam"):
        make_words(make_card(make_citizen(name)), "gulvvaks", skill_id=floors.id, chosen=True)
    here, there = karin.municipality_id, lene.municipality_id

    def understood(place: int | None) -> int | None:
        return understand_all_in(place, ["gulvvaks"], for_card=True)[0].skill_id

    assert (understood(here), understood(there)) == (floors.id, None)
    client = client_for(karin)
    client.post(f"{url_of(client, 'gulvvaks')}/link/{floors.id}")

    assert (understood(here), understood(there)) == (floors.id, floors.id)


def test_what_a_curator_refuses_is_asked_about_again(client_for: Clients, karin: User) -> None:
    floors = skill("gulvvask og mopning")
    for name in ("Amira", "Selam"):
        make_words(make_card(make_citizen(name)), "gulvvaks", skill_id=floors.id, chosen=True)
    client = client_for(karin)
    url = url_of(client, "gulvvaks")

    client.post(f"{url}/dismiss")
    [refused] = understand_all_in(karin.municipality_id, ["gulvvaks"], for_card=True)
    client.post(f"{url}/restore")
    [restored] = understand_all_in(karin.municipality_id, ["gulvvaks"], for_card=True)

    assert (refused.skill_id, bool(refused.alternatives)) == (None, True)
    assert restored.skill_id == floors.id


def test_the_list_is_searched_sorted_and_exported(client_for: Clients, karin: User) -> None:
    card = make_card()
    for text in ("temme løver", "Æbleskiver til gæster", ROCKETS):
        make_words(card, text)
    make_task(make_opening(), "temme løver")
    client = client_for(karin)

    assert listed(client)[0][0] == "temme løver"
    assert [text for text, *_ in listed(client, "?q=aebleskiver")] == ["Æbleskiver til gæster"]
    assert listed(client, "?sort=text&dir=asc")[0][0] == ROCKETS
    assert listed(client, "?tab=nothing") == []
    lines = client.get("/curation/?format=csv&q=temme").get_data(as_text=True).splitlines()
    assert lines[1].split(";")[:3] == ["temme løver", "1", "1"]


def test_looking_at_own_words_leaves_a_line(client_for: Clients, karin: User) -> None:
    client_for(karin).get("/curation/")

    assert db.session.scalar(sa.select(AuditEntry.action).where(AuditEntry.is_look)) == "phrases-listed"


def test_the_page_needs_few_statements(client_for: Clients, karin: User) -> None:
    client = client_for(karin)
    for number in range(30):
        make_words(make_card(make_citizen(f"Borger {number}")), f"{ROCKETS} {chr(97 + number % 26)}{number}")
    client.get("/curation/")

    with counted_statements(client.app) as statements:
        client.get("/curation/")

    assert len(statements) <= 12


def test_fragment_is_the_page_part(client_for: Clients, karin: User) -> None:
    make_words(make_card(), ROCKETS, chosen=False)
    client = client_for(karin)

    def without_tokens(html: str) -> list[str]:
        return [line for line in html.splitlines() if "form_id" not in line and "csrf_token" not in line]

    page = client.get("/curation/?sort=text").page.select_one("#phrase-list")
    fragment = client.get("/curation/?sort=text", htmx=True).page.select_one("#phrase-list")

    assert without_tokens(str(page)) == without_tokens(str(fragment))


# --- One click


def test_a_phrase_becomes_another_word_for_a_skill_everywhere(
    client_for: Clients, karin: User, app: Flask
) -> None:
    hygiene = skill("køkkenhygiejne")
    here = make_card(skills={})
    there = make_card(make_citizen("Selam", in_municipality="Fredensborg"), skills={})
    opening = make_opening()
    rows = [
        make_words(here, ROCKETS),
        make_words(there, ROCKETS.upper(), confidence=0.5),
        make_certificate(here, text=ROCKETS, skill_id=None),
        make_task(opening, "stemme xylofoner."),
    ]
    client = client_for(karin)

    answer = client.post(f"{url_of(client, ROCKETS)}/link/{hygiene.id}")

    assert (answer.status_code, answer.location) == (303, "/curation/")
    for row in rows:
        db.session.refresh(row)
    assert {row.skill_id for row in rows} == {hygiene.id}
    assert {row.confidence for row in rows if not isinstance(row, Certificate)} == {1.0}
    assert [db.session.get_one(CompetenceCard, card.id).version for card in (here, there)] == [2, 2]
    assert db.session.get_one(Opening, opening.id).version == 2
    assert "3" in client.get("/curation/").words  # two cards and an opening matched anew
    assert listed(client) == []
    assert client.get("/skills/?q=xylofoner").page.select("#skill-table tbody tr")


def test_it_is_suggested_to_somebody_now(client_for: Clients, karin: User) -> None:
    opening = make_opening(must=["køkkenhygiejne"])
    card = make_card(skills={})
    make_words(card, ROCKETS, level=3)
    client = client_for(karin)

    client.post(f"{url_of(client, ROCKETS)}/link/{skill('køkkenhygiejne').id}")

    shown = client.get(f"/matches/opening/{opening.id}").page
    assert shown.select(f"a[href='/cards/{card.id}']")


def test_what_a_writer_chose_stays_when_the_phrase_becomes_something_else(
    client_for: Clients, karin: User
) -> None:
    chosen = skill("gulvvask og mopning")
    line = make_words(make_card(), "gulvvaks", skill_id=chosen.id, chosen=True)
    client = client_for(karin)

    client.post(f"{url_of(client, 'gulvvaks')}/link/{skill('køkkenhygiejne').id}")

    db.session.refresh(line)
    assert line.skill_id == chosen.id


def test_a_condition_of_openings_is_linked_to_no_card(client_for: Clients, karin: User) -> None:
    attest = skill("børneattest indhentes af arbejdsgiver")
    line = make_words(make_card(), "ren straffe")
    task = make_task(make_opening(), "ren straffe")
    client = client_for(karin)

    client.post(f"{url_of(client, 'ren straffe')}/link/{attest.id}")

    db.session.refresh(line)
    db.session.refresh(task)
    assert (line.skill_id, task.skill_id) == (None, attest.id)


def test_a_phrase_becomes_a_new_skill(client_for: Clients, karin: User) -> None:
    line = make_words(make_card(), "Stemme xylofoner")
    client = client_for(karin)
    url = url_of(client, "Stemme xylofoner")
    assert client.get(url).page.select_one("#name")["value"] == "stemme xylofoner"
    data = {"name": "rumraketpleje", "english": "Rocket care", "area": "rengoering", "category": "faglig"}

    assert client.post(f"{url}/skill", {**data, "name": ""}).status_code == 422
    assert client.post(f"{url}/skill", {**data, "name": "Køkkenhygiejne"}).status_code == 409
    assert client.post(f"{url}/skill", data).status_code == 303

    made = skill("rumraketpleje")
    assert [synonym.label for synonym in made.synonyms] == ["Stemme xylofoner"]
    db.session.refresh(line)
    assert line.skill_id == made.id


def test_a_taken_phrase_is_refused(client_for: Clients, karin: User) -> None:
    """Another curator was faster, between the page and the click."""
    make_words(make_card(), ROCKETS)
    client = client_for(karin)
    url = url_of(client, ROCKETS)
    client.post(f"{url}/link/{skill('køkkenhygiejne').id}")

    assert client.post(f"{url}/link/{skill('håndhygiejne').id}").status_code == 404
    assert skill("håndhygiejne").id != skill("køkkenhygiejne").id


def test_what_is_no_skill_is_set_aside_and_taken_back(client_for: Clients, karin: User, lene: User) -> None:
    make_words(make_card(), ROCKETS)
    make_words(make_card(make_citizen("Selam", in_municipality="Fredensborg")), ROCKETS)
    client = client_for(karin)
    url = url_of(client, ROCKETS)

    for _twice in range(2):
        assert client.post(f"{url}/dismiss").status_code == 303

    assert listed(client) == []
    assert [text for text, *_ in listed(client, "?tab=dismissed")] == [ROCKETS]
    assert [text for text, *_ in listed(client_for(lene))] == [
        ROCKETS
    ]  # each municipality decides for itself
    assert client.post(f"{url}/restore").status_code == 303
    assert [text for text, *_ in listed(client)] == [ROCKETS]


def test_a_dismissed_phrase_is_forgotten_with_its_last_row(
    app: Flask, client_for: Clients, karin: User
) -> None:
    card = make_card()
    gone, kept = make_words(card, ROCKETS), make_words(card, "temme løver")
    client = client_for(karin)
    for text in (ROCKETS, "temme løver"):
        client.post(f"{url_of(client, text)}/dismiss")
    with transaction():
        db.session.delete(db.session.get_one(SkillEvidence, gone.id))

    with transaction():
        assert services.forget_unwritten() == 1

    assert list(db.session.scalars(sa.select(DismissedPhrase.folded))) == ["temme loever"]
    assert kept.folded == "temme loever"


def test_a_negated_phrase_is_marked_and_offered_no_skill(client_for: Clients, karin: User) -> None:
    """Not even the one that its writer says she has not tried."""
    dishes = skill("opvask i industriopvaskemaskine").id
    make_words(make_card(), "ikke erfaring med opvask", skill_id=dishes, chosen=True, level=0)

    row = client_for(karin).get("/curation/").page.select_one("#phrase-table tbody tr")

    assert row.select_one(".status-tag")
    assert not row.select("form[action*='/link/']")


def test_a_search_on_the_phrases_page_finds_skills(client_for: Clients, karin: User) -> None:
    make_words(make_card(), ROCKETS)
    client = client_for(karin)

    page = client.get(f"{url_of(client, ROCKETS)}?q=snitte").page

    assert page.select(f"form[action$='/link/{skill('skære og klargøre grøntsager').id}']")


def test_the_employer_that_asks_is_a_neighbour(app: Flask, client_for: Clients, karin: User) -> None:
    """A neighbour's shared opening is matched here, but its words are curated at home."""
    employer = make_employer("Nabo", owner=None, in_municipality="Fredensborg")
    make_task(make_opening(employer, visible_to_neighbours=True), ROCKETS)

    assert listed(client_for(karin)) == []


def test_every_change_is_a_version_of_the_vocabulary(client_for: Clients, karin: User) -> None:
    make_words(make_card(), ROCKETS)
    skills_before = db.session.scalar(sa.select(sa.func.count(Skill.id)))
    client = client_for(karin)
    client.post(f"{url_of(client, ROCKETS)}/link/{skill('køkkenhygiejne').id}")

    first = client.get("/skills/changes").page.select_one("#change-table tbody tr").get_text()

    assert ROCKETS in first
    assert db.session.scalar(sa.select(sa.func.count(Skill.id))) == skills_before
    assert NOW.strftime("%Y") in first
