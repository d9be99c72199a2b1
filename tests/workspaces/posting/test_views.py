"""An opening written step by step: saved at each, found again, copied, put up."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import Industry, TaskKind
from portal.loop.employers.models import Employer
from portal.loop.openings.models import Opening, OpeningStatus
from portal.shared.accounts.models import User
from portal.shared.rules.clock_times import begins_as_it_ends
from portal.web.permissions import Role
from portal.workspaces.posting.models import OpeningDraft
from portal.workspaces.posting.services import forget_drafts
from tests.client import PortalClient, counted_statements
from tests.factories import (
    NOW,
    TODAY,
    make_draft,
    make_employer,
    make_opening,
    make_registration,
    make_user,
    owner_of,
    skill,
    user,
)

Clients = Callable[[User | None], PortalClient]

STEPS: dict[str, dict[str, Any]] = {
    "job": {"template": "køkkenmedhjælper", "title": "", "industry": ""},
    "form": {"placement_form": "praktik"},
    "tasks": {"wash-pots": "must", "cut-vegetables": "nice", "use-dish-machine": "learn"},
    "more": {"lines-0-text": "snitte grønt", "lines-0-kind": "nice", "lines-0-level": "2"},
    "time": {
        "places": "1",
        "hours_per_week": "20",
        "starts_on": "2026-12-01",
        "ends_on": "2026-12-28",
        "weekdays": ["mon", "wed"],
        "working_times": "8-12",
        "shifts": [],
        "postcode": "",
    },
    "danish": {"danish_speaking": "0", "danish_reading": "0", "danish_use": ""},
    "terms": {"conditions": [], "description": ""},
}


@pytest.fixture
def employer(app: Flask) -> Employer:
    return make_employer()


@pytest.fixture
def bo(employer: Employer) -> User:
    return owner_of(employer)


def drafts() -> list[OpeningDraft]:
    return list(db.session.scalars(sa.select(OpeningDraft).order_by(OpeningDraft.id)))


def begun(client: PortalClient) -> str:
    """The address of a new draft."""
    first = client.post("/posting/begin").location
    return first.removesuffix("/job")


def written(client: PortalClient, **changes: dict[str, Any]) -> str:
    """A draft with all steps answered."""
    draft = begun(client)
    for step, answers in STEPS.items():
        response = client.post(f"{draft}/{step}", {**answers, **changes.get(step, {})})
        assert response.status_code == 303, (step, response.words)
    return draft


def test_bo_posts_a_place_step_by_step(client_for: Clients, bo: User) -> None:
    client = client_for(bo)
    draft = begun(client)
    ways = [client.post(f"{draft}/{step}", answers).location for step, answers in STEPS.items()]

    assert ways == [*(f"{draft}/{step}" for step in list(STEPS)[1:]), draft]
    response = client.post(f"{draft}/publish")

    opening = db.session.scalars(sa.select(Opening)).one()
    assert response.location == f"/openings/{opening.id}"
    assert (opening.status, opening.title, opening.hours_per_week) == (
        OpeningStatus.PUBLISHED,
        "Køkkenmedhjælper",
        20,
    )
    assert [(task.kind, task.text, task.skill.name) for task in opening.tasks] == [
        (TaskKind.MUST, "vaske gryder og pander op i hånden", "grydevask og håndopvask"),
        (TaskKind.NICE, "skære og skrælle grøntsager", "skære og klargøre grøntsager"),
        (TaskKind.LEARN, "vaske op i en stor opvaskemaskine", "opvask i industriopvaskemaskine"),
        (TaskKind.NICE, "snitte grønt", "skære og klargøre grøntsager"),
    ]
    assert (opening.weekdays, opening.working_times) == (["mon", "wed"], "8-12")
    assert drafts() == []


def test_a_template_ticks_the_usual_tasks_and_says_the_trade(client_for: Clients, bo: User) -> None:
    client = client_for(bo)
    draft = begun(client)
    client.post(f"{draft}/job", {"template": "trappevasker", "title": "", "industry": ""})

    page = client.get(f"{draft}/tasks").page

    assert {(one["name"], one["value"]) for one in page.select("input[checked]") if one["value"]} == {
        ("wash-stairs", "must"),
        ("vacuum", "must"),
        ("clean-windows", "nice"),
        ("dust", "nice"),
        ("measure-soap", "learn"),
    }


def test_what_is_left_is_found_again_where_it_was_left(client_for: Clients, bo: User) -> None:
    client = client_for(bo)
    draft = begun(client)
    client.post(f"{draft}/job", STEPS["job"])
    response = client.post(f"{draft}/form", {"placement_form": "igu", "go": "stop"})

    assert response.location == "/posting/"
    page = client.get("/posting/").page
    assert page.select_one(f"a[href='{draft}/tasks']").get_text(strip=True) == "Køkkenmedhjælper"
    assert client.get(f"{draft}/form").page.select_one("input[value=igu][checked]")


def test_going_back_saves_too(client_for: Clients, bo: User) -> None:
    client = client_for(bo)
    draft = begun(client)

    assert client.post(f"{draft}/form", {"placement_form": "igu", "go": "back"}).location == f"{draft}/job"
    assert drafts()[0].answers["form"] == {"placement_form": "igu"}


def test_whoever_mends_one_screen_of_a_whole_draft_is_back_at_the_summary(
    client_for: Clients, bo: User
) -> None:
    client = client_for(bo)
    draft = written(client)

    assert client.post(f"{draft}/form", {"placement_form": "smaajob"}).location == draft
    assert "Småjob" in client.get(draft).words


@pytest.mark.parametrize(
    ("step", "field", "value"),
    [
        ("job", "template", ""),
        ("job", "template", "astronaut"),
        ("job", "title", "Ring til 010190-1234"),
        ("form", "placement_form", ""),
        ("form", "placement_form", "ferie"),
        ("tasks", "wash-pots", "altid"),
        ("more", "lines-0-text", "x" * 121),
        ("more", "lines-0-kind", "måske"),
        ("time", "hours_per_week", ""),
        ("time", "hours_per_week", "169"),  # more than a week has; what the law allows is a finding
        ("time", "starts_on", "i morgen"),
        ("time", "ends_on", "2026-11-30"),
        ("time", "places", "0"),
        ("time", "weekdays", "x"),
        ("time", "working_times", "x" * 121),
        ("danish", "danish_speaking", "9"),
        ("terms", "conditions", "999999"),
        ("terms", "description", "Nul\x00"),
    ],
)
def test_mistakes_are_told_beside_the_field_and_nothing_is_saved(
    client_for: Clients, bo: User, step: str, field: str, value: str
) -> None:
    client = client_for(bo)
    draft = begun(client)

    response = client.post(f"{draft}/{step}", {**STEPS[step], field: value})

    assert response.status_code == 422
    assert response.page.select_one("[data-error-summary] a")
    assert step not in drafts()[0].answers


def test_a_demand_for_danish_names_its_task(client_for: Clients, bo: User) -> None:
    client = client_for(bo)
    draft = written(client)
    demand = {"danish_speaking": "2", "danish_reading": "0", "danish_use": ""}

    assert client.post(f"{draft}/danish", demand).status_code == 422
    named = {**demand, "tasks": ["skære og skrælle grøntsager"], "danish_use": "svare i telefon"}
    assert client.post(f"{draft}/danish", named).status_code == 303
    client.post(f"{draft}/publish")

    opening = db.session.scalars(sa.select(Opening)).one()
    assert opening.danish_use == "skære og skrælle grøntsager; svare i telefon"


def test_a_demand_whose_task_was_taken_out_must_be_named_anew(client_for: Clients, bo: User) -> None:
    client = client_for(bo)
    draft = written(client)
    named = {"danish_speaking": "2", "danish_reading": "0", "danish_use": "", "tasks": ["snitte grønt"]}
    client.post(f"{draft}/danish", named)
    client.post(f"{draft}/more", {})

    response = client.post(f"{draft}/publish")

    assert response.status_code == 409
    assert "hvad dansk skal bruges til" in response.words


def test_own_words_are_asked_about_once(client_for: Clients, bo: User) -> None:
    client = client_for(bo)
    draft = begun(client)
    unclear = {"lines-0-text": "gulvvaks", "lines-0-kind": "must", "lines-0-level": "2"}

    asked = client.post(f"{draft}/more", unclear)
    assert asked.status_code == 422
    assert "Mente du" in asked.words
    meant = asked.page.select("input[name=lines-0-meant]")[0]["value"]
    answered = {**unclear, "lines-0-asked": "gulvvaks", "lines-0-meant": meant}

    assert client.post(f"{draft}/more", answered).status_code == 303
    assert drafts()[0].answers["more"]["lines"][0]["skill_id"] == int(meant)


def test_conditions_stand_on_the_opening(client_for: Clients, bo: User) -> None:
    client = client_for(bo)
    car = skill("kræver egen bil")
    draft = written(client, terms={"conditions": [str(car.id)]})

    assert "kræver egen bil" in client.get(draft).words
    opening_url = client.post(f"{draft}/publish").location
    assert "kræver egen bil" in client.get(opening_url).words


def test_nothing_missing_is_put_up(client_for: Clients, bo: User) -> None:
    client = client_for(bo)
    draft = begun(client)
    client.post(f"{draft}/job", STEPS["job"])

    response = client.post(f"{draft}/publish")

    assert response.status_code == 409
    assert "Udfyld først: Form, Opgaver" in response.words
    assert len(drafts()) == 1


def test_an_employer_that_waits_for_approval_writes_but_does_not_put_up(
    client_for: Clients, app: Flask
) -> None:
    dorte = make_user("Dorte", Role.EMPLOYER, email="dorte@firma.example", in_municipality=None)
    make_registration(user_id=dorte.id)
    client = client_for(dorte)
    draft = written(client)

    page = client.get(draft)
    assert "Kommunen har ikke godkendt jer endnu" in page.words
    assert page.page.select_one(f"form[action='{draft}/publish']") is None
    assert client.post(f"{draft}/publish").status_code == 409
    assert len(drafts()) == 1


def test_a_copy_says_what_the_opening_said_from_today_on(
    client_for: Clients, employer: Employer, bo: User
) -> None:
    client = client_for(bo)
    first = written(client, time={"starts_on": "2026-12-01", "ends_on": "2027-01-31"})
    client.post(f"{first}/publish")
    opening = db.session.scalars(sa.select(Opening)).one()

    copy = client.post(f"/posting/copy/{opening.id}").location
    assert "Alt" in client.get("/posting/").words
    client.post(f"{copy}/publish")

    again = db.session.scalars(sa.select(Opening).order_by(Opening.id.desc()).limit(1)).one()
    said = (
        "title",
        "form",
        "industry",
        "hours_per_week",
        "weekdays",
        "working_times",
        "starts_on",
        "ends_on",
    )
    assert [getattr(again, name) for name in said] == [getattr(opening, name) for name in said]
    tasks = [
        [(task.kind, task.text, task.level, task.skill_id) for task in one.tasks] for one in (opening, again)
    ]
    assert tasks[0] == tasks[1]


def test_a_colleague_goes_on_and_a_stranger_finds_nothing(client_for: Clients, bo: User) -> None:
    draft = begun(client_for(bo))
    stranger = client_for(owner_of(make_employer("Dortes Rengøring", owner="Dorte")))

    assert stranger.get(f"{draft}/job").status_code == 404
    assert stranger.post(f"{draft}/discard").status_code == 404
    assert client_for(user("karin@kommune.example")).get(f"{draft}/job").status_code == 404


def test_a_consultant_chooses_among_the_employers(client_for: Clients, employer: Employer) -> None:
    make_employer("Dortes Rengøring", owner="Dorte")
    client = client_for(user("karin@kommune.example"))
    draft = begun(client)

    assert client.post(f"{draft}/job", {**STEPS["job"], "workplace_id": "0"}).status_code == 422
    chosen = {"workplace_id": str(employer.workplaces[0].id)}
    assert client.post(f"{draft}/job", {**STEPS["job"], **chosen}).status_code == 303


def test_the_rules_are_said_before_the_place_is_put_up(client_for: Clients, bo: User) -> None:
    client = client_for(bo)
    draft = written(client, time={"places": "9"}, terms={"description": "Vi søger en ung kvinde."})

    law = client.get(draft).page.select_one("#law")

    assert law.select_one("mark")
    assert "Skriv hellere" in law.get_text()
    assert "4,87 fuldtidspersoner i praktik og løntilskud" in law.get_text()


def test_the_screens_need_few_statements(client_for: Clients, bo: User) -> None:
    client = client_for(bo)
    draft = written(client)

    for step in (*STEPS, ""):
        with counted_statements(client.app) as statements:
            client.get(f"{draft}/{step}".rstrip("/"))
        assert len(statements) <= 12, (step, statements)


def test_the_line_stands_on_each_screen_and_in_the_region(client_for: Clients, bo: User) -> None:
    client = client_for(bo)
    draft = written(client)

    for step in STEPS:
        page = client.get(f"{draft}/{step}").page
        assert "borgere kan passe" in page.select_one("#reach-line").get_text()
    whole = client.get(f"{draft}/time/reach?hours_per_week=20").page.select_one("#reach-line")
    part = client.get(f"{draft}/time/reach?hours_per_week=20", htmx=True).page.select_one("#reach-line")
    assert str(whole) == str(part)


def test_back_from_an_opening_that_was_put_up_leads_to_it(client_for: Clients, bo: User, karin: User) -> None:
    client = client_for(bo)
    draft = written(client)
    opening = client.post(f"{draft}/publish").location

    for path in (draft, f"{draft}/terms", f"{draft}/job"):
        assert client.get(path).location == opening
        assert client_for(karin).get(path).status_code == 404
    late = client.post(f"{draft}/more", {"lines-0-text": "dække bord til tyve"})
    assert late.status_code == 404
    assert late.page.select_one("#typed textarea").get_text() == "dække bord til tyve"


def test_an_earlier_opening_is_offered_for_a_copy(client_for: Clients, employer: Employer, bo: User) -> None:
    opening = make_opening(employer)

    assert client_for(bo).get("/posting/").page.select_one(f"form[action='/posting/copy/{opening.id}']")
    assert opening.starts_on >= TODAY


def test_a_draft_that_nobody_goes_on_with_is_forgotten(app: Flask, bo: User) -> None:
    make_draft(bo)

    with transaction():
        assert forget_drafts(before=NOW) == 0
    with transaction():
        assert forget_drafts(before=NOW + timedelta(seconds=1)) == 1


def test_before_a_workplace_is_chosen_no_trades_tasks_are_offered_and_no_cards_are_counted(
    client_for: Clients, karin: User
) -> None:
    """They were a kitchen's."""
    make_employer("Bos Køkken ApS")
    make_employer("Dortes Rengøring", owner="Dorte", industry=Industry.RENGOERING)
    client = client_for(karin)
    draft = begun(client)

    page = client.get(f"{draft}/tasks").page
    reach = page.select_one("#reach-line")

    assert page.select("[type=radio]") == []
    assert page.select_one("#posting-form .empty-state")
    assert reach is not None
    assert "når arbejdsstedet og faget er valgt" in reach.text
    assert client.post(f"{draft}/tasks", {}).status_code == 303
    assert client.get(draft).status_code == 200


def test_a_praktik_has_a_last_day_and_a_day_has_two_ends(client_for: Clients, bo: User) -> None:
    client = client_for(bo)
    draft = begun(client)
    for step in ("job", "form", "tasks", "more"):
        client.post(f"{draft}/{step}", STEPS[step])

    assert "Lad feltet stå tomt" not in client.get(f"{draft}/time").words
    endless = client.post(f"{draft}/time", {**STEPS["time"], "ends_on": ""})
    assert endless.status_code == 422
    assert endless.page.select_one("#ends_on-error")
    same = client.post(f"{draft}/time", {**STEPS["time"], "working_times": "kl. 9 til 9"})
    assert same.status_code == 422
    assert same.page.select_one("#working_times")["value"] == "kl. 9 til 9"  # type: ignore[index]
    client.post(f"{draft}/form", {"placement_form": "regular_job"})
    assert client.post(f"{draft}/time", {**STEPS["time"], "ends_on": ""}).status_code == 303


@pytest.mark.parametrize(
    ("words", "is_slip"),
    [
        ("9-9", True),
        ("kl. 9 til 9", True),
        ("9.00-9", True),
        ("09:30 til kl. 9.30", True),
        ("8-13", False),
        ("mandag 8-12, tirsdag 12-16", False),
        ("22-6", False),
        ("efter aftale", False),
    ],
)
def test_a_day_that_ends_as_it_begins_is_a_slip(words: str, is_slip: bool) -> None:
    assert begins_as_it_ends(words) is is_slip


def test_each_screen_has_its_own_title_also_in_the_region(client_for: Clients, bo: User) -> None:
    client = client_for(bo)
    draft = begun(client)

    titles = [client.get(f"{draft}/{step}").page.title.get_text() for step in STEPS]  # type: ignore[union-attr]
    assert len(set(titles)) == len(STEPS)
    assert client.get(f"{draft}/time", htmx=True).page.title.get_text() == titles[4]  # type: ignore[union-attr]
