"""The question "mente du ...?": when it is asked, and what each answer makes of the words."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import TaskKind
from portal.lexicon import OFFERED_FROM, Remark
from portal.loop.cards.models import Certificate, SkillEvidence, SkillSource
from portal.loop.cards.services import add_evidence
from portal.loop.employers.models import Employer
from portal.loop.openings import services as openings
from portal.loop.openings.models import Opening, OpeningTask
from portal.loop.openings.services import TaskDraft
from portal.shared.accounts.models import User
from portal.shared.skills import queries
from portal.shared.skills.confirmed import understand_all_in
from portal.shared.skills.forms import NOT_TRIED, OWN, WordsForm
from portal.shared.skills.services import Alternative, UnderstoodText, understand, understand_all
from portal.web.forms import text_field
from tests.client import PortalClient, PortalResponse
from tests.factories import NOW, TODAY, make_card, make_citizen, make_employer, make_opening, owner_of, skill
from tests.loop.openings.test_services import DETAILS
from tests.loop.openings.test_views import filled

Clients = Callable[[User | None], PortalClient]

FLOORS = Alternative(7, "gulvvask og mopning", "gulvvask", 0.6)
ATTEST = Alternative(9, "børneattest", "børneattester", 0.2, is_condition=True)
UNSURE = UnderstoodText(None, alternatives=(FLOORS, ATTEST))
DENIED = UnderstoodText(None, alternatives=(FLOORS,), denied=True)
DENIED_UNKNOWN = UnderstoodText(None, denied=True)
CONFIRMED = UnderstoodText(7, name=FLOORS.name, alternatives=(FLOORS, ATTEST), confirmed=True)
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
        (TaskWords, CONFIRMED, "", "", "as understood"),  # others have answered
        (TaskWords, CONFIRMED, TYPED, "", "as understood"),
        (TaskWords, CONFIRMED, TYPED, "7", "as understood"),
        (TaskWords, CONFIRMED, TYPED, "8", "as understood"),
        (TaskWords, CONFIRMED, TYPED, "9", "chosen"),
        (TaskWords, CONFIRMED, TYPED, OWN, "own words"),
        (CertificateWords, CONFIRMED, TYPED, "9", "as understood"),
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


@pytest.mark.parametrize(
    ("kind", "meaning", "asked", "meant", "stands_chosen"),
    [
        (TaskWords, UNSURE, "", "", "7"),  # the likeliest, so that one press takes it
        (TaskWords, UNSURE, "gulv", "9", "7"),
        (TaskWords, UNSURE, TYPED, "9", "9"),
        (TaskWords, UNSURE, TYPED, OWN, OWN),
        (TaskWords, UNSURE, TYPED, "", ""),
        (SkillWords, DENIED, "", "", ""),  # what is denied must be said
        (SkillWords, DENIED_UNKNOWN, "", "", ""),
        (TaskWords, DENIED, "", "", ""),
        (TaskWords, CONFIRMED, "", "", "7"),
        (TaskWords, CONFIRMED, TYPED, "", "7"),
        (TaskWords, CONFIRMED, TYPED, "9", "9"),
        (TaskWords, CONFIRMED, TYPED, OWN, OWN),
    ],
)
def test_the_likeliest_answer_stands_chosen_until_she_says_another(
    app: Flask, kind: type[WordsForm], meaning: UnderstoodText, asked: str, meant: str, stands_chosen: str
) -> None:
    with app.test_request_context(method="POST", data={"text": TYPED, "asked": asked, "meant": meant}):
        form = kind()
        form.meaning = meaning

        assert form.preselected == stands_chosen


MISTYPED = (
    "gulvvaks",
    "gulvvaks i hallen",
    "servereing af mad",
    "lave kaffe",
    "rengøring",
    "pudsning af ruder mv",
    "servicering",
    "kaffeservice",
    "blande dej",
)


def unsure(how_many: int) -> list[str]:
    """Texts that the lexicon asks about, whatever it learns."""
    meanings = understand_all(MISTYPED)
    found = [text for text, one in zip(MISTYPED, meanings, strict=True) if one.alternatives]
    assert len(found) >= how_many, found
    return found[:how_many]


def test_no_more_than_five_are_offered_and_each_once(app: Flask) -> None:
    for text in unsure(3):
        offered = [one.skill_id for one in understand(text).alternatives]

        assert 1 <= len(offered) <= 5
        assert len(set(offered)) == len(offered)


def test_what_is_hardly_likely_is_weighed_but_not_offered(app: Flask) -> None:
    meant = understand("kaffeservice")

    assert min(one.probability for one in meant.alternatives) >= OFFERED_FROM
    assert min(chance for _skill, chance in meant.guesses) < OFFERED_FROM


def test_no_wording_makes_a_card_hold_a_condition_or_another_language(app: Flask) -> None:
    book = queries.book()
    texts = [wording.label for wording in book.wordings if wording.skill_id in book.kept_off_cards]
    texts += [f"{text}s" for text in texts] + [
        "leget og læst med børn",
        "ondt ved tunge løft",
        "taler engelsk",
    ]

    for text, meant in zip(texts, understand_all(texts, for_card=True), strict=True):
        held = {
            meant.skill_id,
            *(one.skill_id for one in meant.alternatives),
            *(id for id, _p in meant.guesses),
        }
        assert not held & book.kept_off_cards, text


def test_a_card_is_told_that_a_word_belongs_elsewhere_and_an_opening_takes_it(app: Flask) -> None:
    for text in ("tunge løft", "engelsk"):
        asked, told = understand(text), understand(text, for_card=True)

        assert (told.skill_id, told.belongs_elsewhere) == (None, asked.skill_id)
        assert asked.skill_id == skill(text).id


@pytest.mark.parametrize(
    ("text", "name", "is_taken"),
    [
        ("hygiejnebevis", "hygiejnebevis", True),
        ("hygiejne bevis", "hygiejnebevis", True),  # the same letters
        ("hygiejnebevist", "hygiejnebevis", False),
        ("engelks", "engelsk", False),
        ("tunge løgt", "tunge løft", False),
        ("gulvvask og moppning", "gulvvask og mopning", True),  # a task may be taken by likeness
    ],
)
def test_what_is_had_or_not_is_asked_about_where_it_is_only_like(
    app: Flask, text: str, name: str, is_taken: bool
) -> None:
    meant = understand(text)

    assert (meant.skill_id == skill(name).id) is is_taken
    if not is_taken:
        assert meant.skill_id is None
        assert meant.alternatives[0].skill_id == skill(name).id


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
        ("stemme xylofoner", None, 1.0, False),
    ]
    words = client.get(answer.location).words
    assert words.count("Med jeres egne ord.") == 1, "how his words are read is the consultant's to see"


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

    [chosen] = page.select("[name=must-0-meant][checked]")
    assert chosen["value"] == str(skill("gulvvask og mopning").id)


def test_all_that_is_unclear_is_asked_in_one_place_and_taken_with_one_press(
    client_for: Clients, app: Flask
) -> None:
    employer = make_employer()
    client = client_for(owner_of(employer))
    first, second, third = unsure(3)
    unclear = {"must-0-text": first, "nice-0-text": second, "learn-0-text": third}
    written = filled(employer, step="publish", **{"must-1-text": "snitte grønt", **unclear})

    page = client.post("/openings/new", written).page

    asked = page.select_one(".words-questions")
    assert "3 af 4 opgaver er vi i tvivl om" in asked.get_text()
    assert [one.get_text(strip=True) for one in asked.select("legend")] == [
        f"“{first}”",
        f"“{second}”",
        f"“{third}”",
    ]
    assert page.select("[name$=-meant]") == asked.select("[name$=-meant]")  # and nowhere else
    [accept] = asked.select("button")
    answers = {one["name"]: one["value"] for one in asked.select("[name$=-asked], [name$=-meant][checked]")}
    response = client.post("/openings/new", {**written, **answers, accept["name"]: accept["value"]})

    assert response.status_code == 303
    assert [(task.text, task.chosen) for task in tasks()] == [
        (first, True),
        ("snitte grønt", False),
        (second, True),
        (third, True),
    ]
    assert "Åbningen er slået op" in client.get(response.location).words


def test_what_was_answered_stands_with_its_line_and_can_be_changed(client_for: Clients, app: Flask) -> None:
    employer = make_employer()
    floors = skill("gulvvask og mopning")
    answered = {"must-0-text": "gulvvaks", "must-0-asked": "gulvvaks", "must-0-meant": str(floors.id)}

    page = (
        client_for(owner_of(employer)).post("/openings/new", filled(employer, step="lines", **answered)).page
    )

    assert not page.select(".words-questions")
    assert "Vi læser det som: gulvvask og mopning" in page.select_one("#must-0-text-meaning").get_text()
    assert len(page.select("details [name=must-0-meant]")) > 1


# --- What one has answered, the others are not asked


def publishes(client: PortalClient, employer: Employer, **answers: str) -> PortalResponse:
    return client.post(
        "/openings/new", filled(employer, step="publish", **{"must-0-text": "gulvvaks", **answers})
    )


def put_up(employer: Employer, text: str, meant: str) -> None:
    """An opening with one task, of which its writer said what it means."""
    draft = TaskDraft(text, TaskKind.MUST, skill_id=skill(meant).id, chosen=True)
    with transaction():
        workplace = db.session.merge(employer).workplaces[0]
        openings.create_opening(workplace, DETAILS, [draft], by=None, at=NOW)


def answer_to(text: str, meant: object) -> dict[str, str]:
    return {"must-0-text": text, "must-0-asked": text, "must-0-meant": str(meant)}


def test_what_bo_answered_dorte_is_not_asked(client_for: Clients, app: Flask) -> None:
    bos, dortes = make_employer(), make_employer("Dortes Rengøring", owner="Dorte")
    floors = skill("gulvvask og mopning")
    publishes(client_for(owner_of(bos)), bos, **answer_to("gulvvaks", floors.id))
    dorte = client_for(owner_of(dortes))

    response = publishes(dorte, dortes, **{"must-0-text": "Gulvvaks!"})

    assert response.status_code == 303
    [task] = [one for one in tasks() if one.text == "Gulvvaks!"]
    assert (task.skill_id, task.confidence, task.chosen) == (floors.id, 1.0, False)
    edit = dorte.get(f"{response.location}/edit").page
    assert "Vi læser det som: gulvvask og mopning" in edit.select_one("#must-0-text-meaning").get_text()
    assert edit.select_one("[name=must-0-meant][checked]")["value"] == str(floors.id)


@pytest.mark.parametrize("meant", [OWN, "another skill"])
def test_dorte_may_say_otherwise(client_for: Clients, app: Flask, meant: str) -> None:
    bos, dortes = make_employer(), make_employer("Dortes Rengøring", owner="Dorte")
    publishes(client_for(owner_of(bos)), bos, **answer_to("gulvvaks", skill("gulvvask og mopning").id))
    dorte = client_for(owner_of(dortes))
    page = dorte.post("/openings/new", filled(dortes, step="lines", **{"must-0-text": "gulvvaks"})).page
    offered = {one["value"] for one in page.select("[name=must-0-meant]")}
    others = sorted(offered - {OWN, str(skill("gulvvask og mopning").id)})
    said = OWN if meant == OWN else others[0]

    assert publishes(dorte, dortes, **answer_to("gulvvaks", said)).status_code == 303

    [task] = [one for one in tasks() if one.text == "gulvvaks" and one.opening.employer_id == dortes.id]
    assert task.skill_id == (None if meant == OWN else int(said))
    third = make_employer("Tines Kantine", owner="Tine")
    asked = publishes(client_for(owner_of(third)), third).status_code
    assert asked == (303 if meant == OWN else 422)  # where answers differ, the next is asked again


def test_an_answer_holds_in_its_own_municipality(client_for: Clients, app: Flask) -> None:
    bos = make_employer()
    publishes(client_for(owner_of(bos)), bos, **answer_to("gulvvaks", skill("gulvvask og mopning").id))

    assert understand_all_in(bos.municipality_id, ["gulvvaks"])[0].confirmed
    assert not understand_all_in(bos.municipality_id + 1, ["gulvvaks"])[0].confirmed
    assert not understand_all_in(None, ["gulvvaks"])[0].confirmed


def test_what_is_denied_is_asked_about_whatever_others_said(client_for: Clients, app: Flask) -> None:
    bos = make_employer()
    put_up(bos, "ikke erfaring med opvask", "opvask i industriopvaskemaskine")

    [meaning] = understand_all_in(bos.municipality_id, ["ikke erfaring med opvask"])

    assert (meaning.denied, meaning.confirmed, meaning.skill_id) == (True, False, None)


def test_what_citizens_write_tells_others_when_two_have_said_the_same(app: Flask) -> None:
    """One citizen's words are hers alone, and gone with her."""
    floors = skill("gulvvask og mopning")
    asked: list[int | None] = []
    for name in ("Amira", "Sana"):
        card = make_card(make_citizen(name), skills={})
        with transaction():
            add_evidence(
                db.session.merge(card), text="gulvvaks", level=2, source=SkillSource.OWN, by=None, at=NOW,
                seen_on=TODAY, skill_id=floors.id, chosen=True,
            )  # fmt: skip
        asked.append(understand_all_in(card.municipality_id, ["gulvvaks"], for_card=True)[0].skill_id)

    assert asked == [None, floors.id]


def test_a_condition_that_an_employer_meant_is_no_answer_for_a_card(app: Flask) -> None:
    bos = make_employer()
    put_up(bos, "gulvvaks", "kræver egen bil")

    [for_opening] = understand_all_in(bos.municipality_id, ["gulvvaks"])
    [for_card] = understand_all_in(bos.municipality_id, ["gulvvaks"], for_card=True)

    assert (for_opening.name, for_card.name) == ("kræver egen bil", None)


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
        "must-1-text": "kaffeservice",
        "must-1-asked": "kaffeservice",
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
    dishes = skill("opvask")
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


# --- What belongs elsewhere


@pytest.mark.parametrize(
    ("text", "remark", "on_opening", "on_card"),
    [
        (
            "jeg har ondt i ryggen",
            Remark.HEALTH,
            "hører ikke hjemme i en åbning",
            "hører ikke hjemme på et kort",
        ),
        ("taler polsk og russisk", Remark.LANGUAGE, "vælg det under Dansk", "Sprog har deres eget felt"),
        (
            "vil gerne være social- og sundhedshjælper",
            Remark.PLAN,
            "lyder som et ønske",
            "lyder som et ønske",
        ),
    ],
)
def test_whoever_writes_what_is_no_task_is_told_where_it_belongs(
    client_for: Clients, amira: User, text: str, remark: Remark, on_opening: str, on_card: str
) -> None:
    employer = make_employer()
    bo, floors = client_for(owner_of(employer)), {"must-0-text": text, "learn-0-text": ""}

    opening = bo.post("/openings/new", filled(employer, step="publish", **floors))
    status, card = add(client_for(amira), text)

    assert understand(text).remark is remark
    assert (opening.status_code, status) == (422, 422)
    assert on_opening in opening.words
    assert on_card in card
    assert not opening.page.select("[name=must-0-meant][checked]")  # nothing is taken unless somebody says so
    assert lines() == []
