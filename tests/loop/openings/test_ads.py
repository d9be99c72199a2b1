"""A pasted ad: what is found in it, what is taken, and that the ad itself is kept nowhere."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import MultiDict

from portal.base.database import db, transaction
from portal.base.terms import TaskKind
from portal.lexicon import Remark
from portal.loop.employers.models import Employer
from portal.loop.openings.models import Opening
from portal.loop.openings.proposals import LONGEST_AD, _is_likely, _kind_said, with_found
from portal.shared.accounts.models import User
from portal.shared.skills.models import JobTitle, JobTitleTask
from portal.shared.skills.services import Alternative, UnderstoodText
from portal.workspaces.posting.models import OpeningDraft
from tests.client import PortalClient, PortalResponse
from tests.factories import make_employer, owner_of, skill
from tests.loop.openings.test_views import filled
from tests.workspaces.posting.test_views import begun

Clients = Callable[[User | None], PortalClient]

AD = """Køkkenmedhjælper til vores kantine

Vi er et lille køkken med godt humør og 80 gæster om dagen.

Dine opgaver:
- snitte grønt
- grydevask
- vasketrapperne

Kendskab til kassearbejde er en fordel.
Vi lærer dig at bage brød.
"""

BLANK = {"must-0-text": "", "learn-0-text": ""}


@pytest.fixture
def employer(app: Flask) -> Employer:
    return make_employer()


@pytest.fixture
def bo(employer: Employer) -> User:
    return owner_of(employer)


def found_in(response: PortalResponse) -> dict[str, dict[str, Any]]:
    """Each task that the page proposes: its words, and what would be sent for it with one press."""
    proposed = {}
    for task in response.page.select(".found-task"):
        chosen = task.select("input[type=hidden], input[checked]")
        kind = task.select_one("select")
        sent = {one["name"]: one["value"] for one in chosen}
        sent[kind["name"]] = kind.select_one("option[selected]")["value"]
        proposed[task.select_one("label").get_text(strip=True)] = sent
    return proposed


def all_of(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {name: value for sent in found.values() for name, value in sent.items()}


def latest() -> Opening:
    return db.session.scalars(sa.select(Opening).order_by(Opening.id.desc()).limit(1)).one()


def kinds_of(opening: Opening) -> dict[str, TaskKind]:
    return {task.skill.name if task.skill else task.text: task.kind for task in opening.tasks}


def test_bo_pastes_his_ad_and_takes_what_was_found(client_for: Clients, employer: Employer, bo: User) -> None:
    client = client_for(bo)
    form = filled(employer, **BLANK)

    asked = client.post("/openings/new", {**form, "ad": AD, "step": "find"})

    assert asked.status_code == 200
    assert asked.page.select_one("textarea[name=ad]").get_text(strip=True) == ""
    found = found_in(asked)
    assert f"Vi fandt {len(found)} opgaver i jeres tekst" in asked.words
    assert "Vi læser det som: skære og klargøre grøntsager" in asked.words
    taken = client.post("/openings/new", {**form, **all_of(found), "step": "publish"})
    assert taken.status_code == 303, taken.words
    opening = latest()
    kinds = kinds_of(opening)
    assert kinds["skære og klargøre grøntsager"] is TaskKind.MUST
    assert kinds["grydevask og håndopvask"] is TaskKind.MUST
    assert kinds["trappevask"] is TaskKind.MUST  # the likeliest answer, taken with the rest
    assert kinds["kassebetjening i kantine"] is TaskKind.NICE
    assert TaskKind.LEARN in kinds.values()
    assert "godt humør" not in str([(task.text) for task in opening.tasks])


def test_what_is_unticked_is_left_and_how_important_is_hers_to_say(
    client_for: Clients, employer: Employer, bo: User
) -> None:
    client = client_for(bo)
    form = filled(employer, **BLANK)
    found = found_in(client.post("/openings/new", {**form, "ad": AD, "step": "find"}))
    dishes = found["grydevask"]
    kept = {name: value for name, value in dishes.items() if not name.endswith("-kind")}
    [kind] = [name for name in dishes if name.endswith("-kind")]
    [left] = [name for name in found["snitte grønt"] if name.endswith("-take")]

    unticked = {name: value for name, value in found["snitte grønt"].items() if name != left}
    client.post("/openings/new", {**form, **unticked, **kept, kind: "learn", "step": "draft"})

    assert [(task.text, task.kind, task.level) for task in latest().tasks] == [
        ("grydevask", TaskKind.LEARN, 1)
    ]


def test_an_ad_pasted_and_not_read_is_not_passed_over(
    client_for: Clients, employer: Employer, bo: User
) -> None:
    response = client_for(bo).post("/openings/new", filled(employer, **BLANK, ad=AD, step="publish"))

    assert response.status_code == 422
    assert found_in(response)
    assert response.page.select_one(".words-questions button[value=publish]")
    assert db.session.scalar(sa.select(sa.func.count(Opening.id))) == 0


def test_what_the_form_says_already_is_not_found_again(
    client_for: Clients, employer: Employer, bo: User
) -> None:
    written = filled(employer, ad=AD, step="find", **{"must-0-text": "snitte grønt"})

    found = found_in(client_for(bo).post("/openings/new", written))

    assert found
    assert "snitte grønt" not in found


ITEMS = "- snitte grønt\n- grydevask\n- %s"


@pytest.mark.parametrize(
    ("ad", "probability", "ticked"),
    [
        (ITEMS % "gulvvaks", 0.5, True),
        (ITEMS % "gulvvaks", 0.49, False),
        (f"{ITEMS % 'opvask'}\nVi er glade for gulvvaks", 0.92, False),  # the tasks stand in the list
        ("Hos os er der gulvvaks", 0.8, True),
        ("Hos os er der gulvvaks", 0.79, False),
    ],
)
def test_what_is_unsure_is_ticked_when_it_is_likely_where_it_stands(
    ad: str, probability: float, ticked: bool
) -> None:
    meaning = UnderstoodText(
        None, alternatives=(Alternative(7, "gulvvask", "gulvvask", probability),), text="gulvvaks"
    )

    assert _is_likely(meaning, TaskKind.MUST, ad) is ticked
    assert _is_likely(meaning, TaskKind.LEARN, ad) is (probability >= 0.5)
    assert not _is_likely(replace(meaning, remark=Remark.PLAN), TaskKind.LEARN, ad)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Du skal kunne gulvvask", TaskKind.MUST),
        ("Dine opgaver: gulvvask", TaskKind.MUST),
        ("Du må gerne kende til gulvvask", TaskKind.NICE),
        ("Gulvvask er en fordel", TaskKind.NICE),
        ("Erfaring med gulvvask er ikke et krav", TaskKind.NICE),
        ("Vi lærer dig gulvvask", TaskKind.LEARN),
        ("Du bliver oplært i gulvvask", TaskKind.LEARN),
        ("Det er en fordel at være glad. Du står for gulvvask. Vi lærer dig at bage.", TaskKind.MUST),
    ],
)
def test_how_much_a_task_matters_is_read_in_its_sentence(sentence: str, kind: TaskKind) -> None:
    assert _kind_said("gulvvask", sentence) is kind


@pytest.mark.parametrize(
    ("ad", "status", "says"),
    [
        ("", 200, "Vi fandt ingen nye opgaver"),
        ("x", 200, "Vi fandt ingen nye opgaver"),
        ("Vi er søde, og solen skinner!", 200, "Vi fandt ingen nye opgaver"),
        (("grydevask " * LONGEST_AD)[: LONGEST_AD - 1] + "k", 200, "Vi fandt"),
        (
            ("grydevask " * LONGEST_AD)[:LONGEST_AD] + "k",
            422,
            "Teksten er på 4.001 tegn, og der er plads til 4.000",
        ),
        ("Ring til 010190-1234 om grydevask", 422, "CPR"),
        ("grydevask\x00", 422, "tegn, som ikke kan gemmes"),
    ],
    ids=["nothing", "one letter", "no task", "4,000", "4,001", "a CPR number", "a sign nobody sees"],
)
def test_how_long_an_ad_may_be(
    client_for: Clients, employer: Employer, bo: User, ad: str, status: int, says: str
) -> None:
    response = client_for(bo).post("/openings/new", filled(employer, **BLANK, ad=ad, step="find"))

    assert response.status_code == status
    assert says in response.words
    if status == 422:
        field = response.page.select_one("#ad[aria-invalid=true]")
        assert len(field.get_text().strip()) == len(ad)  # nothing is cut off
    assert response.page.select_one("#title")["value"] == "Hjælp i kantinen"


def test_the_steps_take_an_ad_as_well_and_keep_nothing_of_it(
    client_for: Clients, employer: Employer, bo: User
) -> None:
    client = client_for(bo)
    draft = begun(client)
    client.post(f"{draft}/job", {"template": "", "title": "Hjælp i kantinen", "industry": "koekken"})
    client.post(f"{draft}/tasks", {"cut-vegetables": "must"})

    found = found_in(client.post(f"{draft}/more", {"ad": AD, "go": "find"}))
    assert "grydevask" in found
    assert "snitte grønt" not in found  # ticked a screen before
    response = client.post(f"{draft}/more", all_of(found))

    assert response.status_code == 303, response.words
    answers = db.session.scalars(sa.select(OpeningDraft)).one().answers
    lines = {line["text"]: line for line in answers["more"]["lines"]}
    assert lines["vasketrapperne"]["skill_id"] == skill("trappevask").id
    assert "80 gæster" not in str(answers)


def test_what_is_ticked_stands_in_the_first_free_line() -> None:
    sent = MultiDict(
        {
            "nice-0-text": "bage",
            "nice-1-text": " ",
            "nice-1-level": "4",
            "found-0-take": "y",
            "found-0-text": "grydevask",
            "found-0-kind": "nice",
            "found-0-level": "3",
            "found-2-take": "y",
            "found-2-text": "gulvvask",
            "found-2-kind": "no such kind",
            "found-3-text": "not taken",
            "found-3-kind": "must",
            "found-9999-take": "y",
        }
    )

    written = with_found(sent, {kind: kind.value for kind in TaskKind})

    said = {name: value for name, value in written.items() if not name.startswith("found-")}
    assert (said["nice-1-text"], said["nice-1-level"]) == ("grydevask", "2")
    assert said["must-0-text"] == "gulvvask"
    assert "must-1-text" not in said
    assert sent["nice-1-text"] == " "  # what was sent stays as it was


def test_a_title_means_its_usual_tasks_and_is_none_itself(
    client_for: Clients, employer: Employer, bo: User
) -> None:
    dishes, pots = skill("opvask i industriopvaskemaskine"), skill("grydevask og håndopvask")
    with transaction():
        title = db.session.scalars(sa.select(JobTitle).where(JobTitle.name == "opvasker")).one()
        title.tasks = [
            JobTitleTask(skill_id=dishes.id, level=3, position=0),
            JobTitleTask(skill_id=pots.id, level=2, position=1),
        ]
    client, form = client_for(bo), filled(employer, **BLANK)

    by_title = found_in(client.post("/openings/new", {**form, "title": "Opvasker", "step": "find"}))
    by_line = found_in(client.post("/openings/new", {**form, "must-0-text": "opvasker", "step": "find"}))
    by_headline = found_in(
        client.post("/openings/new", {**form, "ad": "Opvasker søges\n- snitte grønt", "step": "find"})
    )

    assert list(by_title) == list(by_line) == [dishes.name, pots.name]
    assert list(by_headline) == ["snitte grønt", dishes.name, pots.name]
    assert [name for name in all_of(by_headline) if name.endswith("-take")] == [
        "found-0-take"
    ]  # the ad says it itself
    client.post("/openings/new", {**form, **all_of(by_title)})
    assert [(task.text, task.skill_id, task.level) for task in latest().tasks] == [
        (dishes.name, dishes.id, 3),
        (pots.name, pots.id, 2),
    ]
