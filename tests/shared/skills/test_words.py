"""The question "mente du ...?": when it is asked, and what each answer makes of the words."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import TaskKind
from portal.loop.cards.models import Certificate, SkillEvidence
from portal.loop.openings import services as openings
from portal.loop.openings.models import Opening, OpeningTask
from portal.loop.openings.services import TaskDraft
from portal.shared.accounts.models import User
from portal.shared.skills.forms import NOT_TRIED, OWN, WordsForm
from portal.shared.skills.services import Alternative, UnderstoodText, understand
from portal.web.forms import text_field
from tests.client import PortalClient
from tests.factories import NOW, make_card, make_citizen, make_employer, make_opening, owner_of, skill
from tests.loop.openings.test_services import DETAILS
from tests.loop.openings.test_views import filled

Clients = Callable[[User | None], PortalClient]

FLOORS = Alternative(7, "gulvvask og mopning", "gulvvask", 0.6)
ATTEST = Alternative(9, "børneattest", "børneattester", 0.2, is_condition=True)
UNSURE = UnderstoodText(None, alternatives=(FLOORS, ATTEST))
DENIED = UnderstoodText(None, alternatives=(FLOORS,), denied=True)
DENIED_UNKNOWN = UnderstoodText(None, denied=True)
SURE = UnderstoodText(7, 0.98, FLOORS.name)
TYPED = "gulvvaks"


class TaskWords(WordsForm):
    text = text_field("Ord", 120)


class CertificateWords(TaskWords):
    on_card = True


class SkillWords(CertificateWords):
    can_lack = True


@pytest.mark.parametrize(
    ("kind", "meaning", "asked", "meant", "outcome"),
    [
        (TaskWords, UnderstoodText(None), "", "", "as understood"),
        (TaskWords, SURE, "", "", "as understood"),
        (TaskWords, SURE, TYPED, "7", "as understood"),
        (TaskWords, UNSURE, "", "", "waits"),
        (TaskWords, UNSURE, "gulv", "7", "waits"),  # the answer was to other words
        (TaskWords, UNSURE, TYPED, "8", "waits"),  # no such answer
        (TaskWords, UNSURE, TYPED, "x\x00", "waits"),
        (TaskWords, UNSURE, TYPED, NOT_TRIED, "waits"),
        (TaskWords, UNSURE, TYPED, "7", "chosen"),
        (TaskWords, UNSURE, TYPED, "9", "chosen"),
        (TaskWords, UNSURE, TYPED, OWN, "own words"),
        (TaskWords, UNSURE, TYPED, "", "own words"),  # asked once
        (TaskWords, DENIED, "", "", "waits"),
        (TaskWords, DENIED, TYPED, "7", "waits"),
        (TaskWords, DENIED, TYPED, OWN, "own words"),
        (CertificateWords, UNSURE, TYPED, "7", "chosen"),
        (CertificateWords, UNSURE, TYPED, "9", "waits"),  # a condition stands on no card
        (CertificateWords, DENIED, TYPED, "7", "waits"),
        (SkillWords, DENIED, "", "7", "waits"),
        (SkillWords, DENIED, TYPED, "7", "chosen, lacks"),
        (SkillWords, DENIED, TYPED, OWN, "own words"),
        (SkillWords, DENIED, TYPED, NOT_TRIED, "own words, lacks"),
        (SkillWords, DENIED_UNKNOWN, TYPED, NOT_TRIED, "own words, lacks"),
        (SkillWords, DENIED_UNKNOWN, TYPED, "", "own words"),
        (SkillWords, UNSURE, TYPED, "7", "chosen"),
    ],
)
def test_what_an_answer_makes_of_the_words(
    app: Flask, kind: type[WordsForm], meaning: UnderstoodText, asked: str, meant: str, outcome: str
) -> None:
    data = {"text": TYPED, "asked": asked, "meant": meant}
    with app.test_request_context(method="POST", data=data):
        form = kind()
        form.meaning = meaning

        said = {
            "waits": form.waits_for_answer,
            "chosen": form.chosen is not None,
            "own words": form.keeps_own_words,
            "lacks": form.lacks,
        }

    assert ", ".join(name for name, holds in said.items() if holds) == outcome.replace("as understood", "")


def test_no_more_than_five_are_offered_and_each_once(app: Flask) -> None:
    for text in ("gulvvaks", "rengøring", "lave kaffe", "tage imod varer"):
        offered = [one.skill_id for one in understand(text).alternatives]

        assert 1 <= len(offered) <= 5
        assert len(set(offered)) == len(offered)


# --- In an opening


def tasks() -> list[OpeningTask]:
    statement = sa.select(OpeningTask).order_by(OpeningTask.opening_id.desc(), OpeningTask.position)
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


def stored(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_bo_is_asked_once_what_he_means(client_for: Clients, app: Flask) -> None:
    employer = make_employer()
    client = client_for(owner_of(employer))
    floors = skill("gulvvask og mopning")
    written = filled(employer, step="publish", **{"must-0-text": "gulvvaks", "title": "Aftenhold"})

    answer = client.post("/openings/new", written)

    page = answer.page
    assert answer.status_code == 422
    assert stored(Opening) == 0
    assert page.select_one("#title")["value"] == "Aftenhold"
    assert page.select_one("#must-0-text")["value"] == "gulvvaks"
    assert page.select_one("[name=must-0-asked]")["value"] == "gulvvaks"
    offered = [radio["value"] for radio in page.select("[name=must-0-meant]")]
    assert offered[0] == str(floors.id)
    assert offered[-1] == OWN
    assert not page.select("[name=learn-0-meant]")  # nothing like it is known

    answer = client.post(
        "/openings/new", {**written, "must-0-asked": "gulvvaks", "must-0-meant": str(floors.id)}
    )

    assert answer.status_code == 303
    assert [(task.text, task.skill_id, task.confidence, task.chosen) for task in tasks()] == [
        ("gulvvaks", floors.id, 1.0, True),
        ("polere rumraketter", None, 1.0, False),
    ]
    assert "gulvvask og mopning" in client.get(answer.location).words


@pytest.mark.parametrize("answer", [{}, {"must-0-meant": OWN}])
def test_bo_may_go_on_with_his_own_words(client_for: Clients, app: Flask, answer: dict[str, str]) -> None:
    employer = make_employer()
    data = filled(
        employer, step="publish", **{"must-0-text": "gulvvaks", "must-0-asked": "gulvvaks", **answer}
    )

    response = client_for(owner_of(employer)).post("/openings/new", data)

    assert response.status_code == 303
    assert (tasks()[0].text, tasks()[0].skill_id) == ("gulvvaks", None)


def test_asking_how_tasks_are_understood_shows_the_choices(client_for: Clients, app: Flask) -> None:
    employer = make_employer()
    data = filled(employer, step="lines", **{"must-0-text": "gulvvaks"})

    page = client_for(owner_of(employer)).post("/openings/new", data).page

    assert page.select("[name=must-0-meant]")
    assert not page.select("[name=must-0-meant][checked]")


def test_a_task_that_says_what_is_not_needed_is_questioned(client_for: Clients, app: Flask) -> None:
    employer = make_employer()
    data = filled(employer, **{"must-0-text": "ikke erfaring med opvask"})

    response = client_for(owner_of(employer)).post("/openings/new", data)

    assert response.status_code == 422
    assert [one["value"] for one in response.page.select("[name=must-0-meant]")] == [OWN]


def test_what_was_chosen_stands_when_the_opening_is_edited(client_for: Clients, app: Flask) -> None:
    employer = make_employer()
    client = client_for(owner_of(employer))
    floors = skill("gulvvask og mopning").id
    answered = {
        "must-0-text": "gulvvaks",
        "must-0-asked": "gulvvaks",
        "must-0-meant": str(floors),
        "must-1-text": "lave kaffe",
        "must-1-asked": "lave kaffe",
        "must-1-meant": OWN,
    }
    url = client.post("/openings/new", filled(employer, **answered)).location + "/edit"

    page = client.get(url).page

    assert page.select_one("[name=must-0-meant][checked]")["value"] == str(floors)
    assert page.select_one("[name=must-1-meant][checked]")["value"] == OWN
    changed = filled(employer, title="Nyt", version="1", **answered)
    assert client.post(url, changed).status_code == 303
    assert [task.skill_id for task in tasks()][:2] == [floors, None]
    back = {**changed, "must-0-meant": OWN, "version": "2"}
    assert client.post(url, back).status_code == 303
    assert (tasks()[0].skill_id, tasks()[0].chosen) == (None, False)


def test_another_way_of_writing_leaves_what_its_writer_chose(app: Flask) -> None:
    """A file that is read again knows the words alone."""
    floors = skill("gulvvask og mopning").id
    opening = make_opening()
    chosen = TaskDraft("gulvvaks", TaskKind.MUST, skill_id=floors, chosen=True)

    for drafts in ([chosen], [TaskDraft("gulvvaks", TaskKind.MUST, 3)]):
        with transaction():
            openings.edit_opening(db.session.merge(opening), DETAILS, drafts, by=None, at=NOW)

    assert [(task.level, task.skill_id, task.chosen) for task in tasks()] == [(3, floors, True)]


# --- On a card


@pytest.fixture
def amira(app: Flask) -> User:
    citizen = make_citizen("Amira", with_login=True)
    make_card(citizen, skills={})
    assert citizen.user is not None
    return citizen.user


def add(client: PortalClient, text: str, **answer: str) -> tuple[int, str]:
    card_url = client.get("/cards/own").page.select_one("a[href$='/skills']")["href"]
    data = {
        "skill-text": text,
        "skill-level": "3",
        **{f"skill-{name}": said for name, said in answer.items()},
    }
    response = client.post(f"{card_url}/add", data)
    return response.status_code, response.words


def lines() -> list[SkillEvidence]:
    return list(db.session.scalars(sa.select(SkillEvidence).order_by(SkillEvidence.id)))


def test_amira_is_asked_and_her_words_stand_beside_the_phrase(client_for: Clients, amira: User) -> None:
    client = client_for(amira)
    floors = skill("gulvvask og mopning")

    status, words = add(client, "gulvvaks")
    assert (status, lines()) == (422, [])
    assert "gulvvask og mopning" in words
    assert add(client, "gulvvaks", asked="gulvvaks", meant=str(floors.id))[0] == 303

    assert [(line.text, line.skill_id, line.level, line.confidence, line.chosen) for line in lines()] == [
        ("gulvvaks", floors.id, 3, 1.0, True)
    ]
    shown = client.get("/cards/own").words
    assert "Gulvvask og mopning" in shown
    assert "“gulvvaks”" in shown


def test_what_amira_cannot_becomes_a_skill_not_tried(client_for: Clients, amira: User) -> None:
    client = client_for(amira)
    dishes = skill("opvask i industriopvaskemaskine")
    text = "ikke erfaring med opvask"

    status, words = add(client, text)
    assert (status, lines()) == (422, [])
    assert "niveau 0" in words
    assert add(client, text, asked=text, meant=str(dishes.id))[0] == 303

    assert [(line.text, line.skill_id, line.level) for line in lines()] == [(text, dishes.id, 0)]


def test_what_is_unknown_and_not_tried_keeps_its_words_at_level_0(client_for: Clients, amira: User) -> None:
    text = "aldrig prøvet xylofonstemning"

    assert add(client_for(amira), text, asked=text, meant=NOT_TRIED)[0] == 303

    assert [(line.text, line.skill_id, line.level) for line in lines()] == [(text, None, 0)]


def test_a_denial_that_was_none_keeps_words_and_level(client_for: Clients, amira: User) -> None:
    text = "ikke bange for at gøre rent i højden"

    assert add(client_for(amira), text, asked=text, meant=OWN)[0] == 303

    assert [(line.text, line.skill_id, line.level) for line in lines()] == [(text, None, 3)]


def test_a_certificate_is_asked_about_as_well(client_for: Clients, karin: User) -> None:
    card = make_card(skills={})
    client, url = client_for(karin), f"/cards/{card.id}/certificates/add"
    data = {"certificate-text": "amu hygiejne"}
    meant = skill("hygiejnebevis")

    assert client.post(url, data).status_code == 422
    answered = {
        **data,
        "certificate-asked": "amu hygiejne",
        "certificate-meant": str(meant.id),
    }
    assert client.post(url, answered).status_code == 303

    [certificate] = db.session.scalars(sa.select(Certificate))
    assert (certificate.skill_id, certificate.chosen) == (meant.id, True)
