from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db
from portal.base.terms import TaskKind
from portal.loop.employers.models import Employer
from portal.loop.openings.models import Opening, OpeningStatus
from portal.shared.accounts.models import User
from tests.client import PortalClient, counted_statements
from tests.factories import TODAY, make_employer, make_opening, owner_of, user

Clients = Callable[[User | None], PortalClient]


@pytest.fixture
def employer(app: Flask) -> Employer:
    return make_employer()


@pytest.fixture
def bo(employer: Employer) -> User:
    return owner_of(employer)


@pytest.fixture
def dorte(app: Flask) -> User:
    return owner_of(make_employer("Dortes Rengøring", owner="Dorte"))


def filled(employer: Employer, **values: Any) -> dict[str, Any]:
    return {
        "workplace_id": str(employer.workplaces[0].id),
        "title": "Hjælp i kantinen",
        "form": "praktik",
        "industry": "",
        "must-0-text": "snitte grønt",
        "must-0-level": "3",
        "must-1-text": "",
        "must-1-level": "2",
        "learn-0-text": "stemme xylofoner",
        "learn-0-level": "1",
        "places": "2",
        "hours_per_week": "25,5",
        "starts_on": "2026-12-01",
        "ends_on": "2026-12-28",
        "postcode": "",
        "danish_speaking": "0",
        "danish_reading": "0",
        "danish_use": "",
        "shifts": ["evening", "weekend"],
        "description": "",
        "step": "draft",
        **values,
    }


def latest() -> Opening:
    return db.session.scalars(sa.select(Opening).order_by(Opening.id.desc()).limit(1)).one()


def test_bo_writes_and_publishes_in_one_go(client_for: Clients, employer: Employer, bo: User) -> None:
    client = client_for(bo)

    response = client.post("/openings/new", filled(employer, step="publish"))

    opening = latest()
    assert (response.status_code, response.location) == (303, f"/openings/{opening.id}")
    assert (opening.status, opening.hours_per_week, opening.places) == (OpeningStatus.PUBLISHED, 25.5, 2)
    assert [(task.kind, task.text, task.level) for task in opening.tasks] == [
        (TaskKind.MUST, "snitte grønt", 3),
        (TaskKind.LEARN, "stemme xylofoner", 1),
    ]
    assert opening.shifts == ["evening", "weekend"]
    assert (
        "Forstået som: skære og klargøre grøntsager"
        in client_for(user("karin@kommune.example")).get(response.location).words
    )


def test_a_draft_waits_until_it_is_published(client_for: Clients, employer: Employer, bo: User) -> None:
    client = client_for(bo)
    client.post("/openings/new", filled(employer))
    url = f"/openings/{latest().id}"

    assert client.get(url).page.select_one(f'form[action="{url}/publish"]')
    assert client.post(f"{url}/publish").location == url
    assert client.get(url).page.select_one(f'form[action="{url}/publish"]') is None


def test_more_lines_lose_nothing_and_save_nothing(client_for: Clients, employer: Employer, bo: User) -> None:
    page = client_for(bo).post("/openings/new", filled(employer, step="lines", title="Halvt skrevet")).page

    assert page.select_one("#title")["value"] == "Halvt skrevet"
    assert page.select_one("#must-0-text")["value"] == "snitte grønt"
    assert len(page.select("[name^=must-][name$=-text]")) == 5
    assert "skære og klargøre grøntsager" in page.select_one("#must-0-text-meaning").get_text()
    assert page.select_one("#learn-0-text-meaning")
    assert db.session.scalar(sa.select(sa.func.count(Opening.id))) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 121),
        ("title", "Ring til 010190-1234"),
        ("form", "ferie"),
        ("industry", "havet"),
        ("workplace_id", "2147483648"),
        ("workplace_id", ""),
        ("places", "0"),
        ("places", "100"),
        ("places", "to"),
        ("hours_per_week", "169"),
        ("hours_per_week", "nan"),
        ("starts_on", "32-13-2026"),
        ("starts_on", ""),
        ("ends_on", "2026-11-30"),
        ("ends_on", "9999-12-31"),
        ("postcode", "33"),
        ("danish_speaking", "9"),
        ("danish_reading", "x"),
        ("description", "x" * 2001),
        ("description", "Nul\x00"),
        ("must-0-text", "x" * 121),
        ("must-0-text", "nul\x00"),
    ],
)
def test_mistakes_are_told_next_to_the_field(
    client_for: Clients, employer: Employer, bo: User, field: str, value: str
) -> None:
    response = client_for(bo).post("/openings/new", filled(employer, **{field: value}))

    assert response.status_code == 422
    assert response.page.select_one(f"#{field}[aria-invalid=true]")
    assert response.page.select_one("#learn-0-text")["value"] == "stemme xylofoner"


def test_made_up_line_numbers_are_no_lines(client_for: Clients, employer: Employer, bo: User) -> None:
    strange = {f"must-{number}-text": "x" for number in ("²", "9" * 5000, "-1", "999", "")}

    assert client_for(bo).post("/openings/new", filled(employer, **strange)).status_code == 303
    assert [task.text for task in latest().tasks_of(TaskKind.MUST)] == ["snitte grønt", "x"]


def test_a_level_that_does_not_exist_is_told(client_for: Clients, employer: Employer, bo: User) -> None:
    response = client_for(bo).post("/openings/new", filled(employer, **{"must-0-level": "7"}))

    assert response.status_code == 422


def test_a_demand_for_danish_needs_its_use(client_for: Clients, employer: Employer, bo: User) -> None:
    response = client_for(bo).post("/openings/new", filled(employer, danish_speaking="2"))

    assert response.status_code == 422
    assert response.page.select_one("#danish_use[aria-invalid=true]")


def test_a_foreign_workplace_is_no_choice(client_for: Clients, employer: Employer, dorte: User) -> None:
    assert client_for(dorte).post("/openings/new", filled(employer)).status_code == 422


def test_publishing_without_tasks_keeps_what_was_typed(
    client_for: Clients, employer: Employer, bo: User
) -> None:
    data = filled(employer, step="publish", **{"must-0-text": "", "learn-0-text": ""})

    response = client_for(bo).post("/openings/new", data)

    assert response.status_code == 409
    assert response.page.select_one("#title")["value"] == "Hjælp i kantinen"
    assert db.session.scalar(sa.select(sa.func.count(Opening.id))) == 0


def test_bo_edits_and_the_form_shows_what_stands(client_for: Clients, employer: Employer, bo: User) -> None:
    client = client_for(bo)
    client.post("/openings/new", filled(employer))
    url = f"/openings/{latest().id}/edit"

    page = client.get(url).page
    assert page.select_one("#must-0-text")["value"] == "snitte grønt"
    assert page.select_one("#must-0-level option[selected]")["value"] == "3"
    assert page.select_one("#hours_per_week")["value"] == "25,5"
    assert len(page.select("[name=shifts][checked]")) == 2

    version = page.select_one("[name=version]")["value"]
    assert client.post(url, filled(employer, title="Nyt navn", version=version)).status_code == 303
    assert latest().title == "Nyt navn"


def test_who_edits_what_another_changed_keeps_her_words(
    client_for: Clients, employer: Employer, bo: User, karin: User
) -> None:
    opening = make_opening(employer)
    url = f"/openings/{opening.id}/edit"
    assert client_for(karin).post(url, filled(employer, title="Karins", version="1")).status_code == 303

    response = client_for(bo).post(url, filled(employer, title="Bos", version="1"))

    assert response.status_code == 409
    assert response.page.select_one("#title")["value"] == "Bos"
    assert response.page.select_one("[name=version]")["value"] == "2"


def test_places_below_those_taken_are_refused_in_the_form(
    client_for: Clients, employer: Employer, bo: User
) -> None:
    opening = make_opening(employer, places=3, filled=2)

    response = client_for(bo).post(f"/openings/{opening.id}/edit", filled(employer, places="1", version="1"))

    assert response.status_code == 409
    assert response.page.select_one("#places")["value"] == "1"


def test_expired_is_renewed_withdrawn_is_copied(client_for: Clients, employer: Employer, bo: User) -> None:
    opening = make_opening(employer, expires_on=TODAY.replace(day=1))
    url, client = f"/openings/{opening.id}", client_for(bo)

    assert client.get(url).page.select_one(f'form[action="{url}/renew"]')
    assert client.post(f"{url}/renew").status_code == 303
    assert client.post(f"{url}/renew").status_code == 409
    assert client.post(f"{url}/withdraw").status_code == 303
    assert client.post(f"{url}/withdraw").status_code == 409
    assert client.get(f"{url}/edit").status_code == 409
    assert client.get(url).page.select_one(f'form[action="/posting/copy/{opening.id}"]')


def test_a_pause_stops_suggestions_until_it_is_over(
    client_for: Clients, employer: Employer, bo: User
) -> None:
    opening = make_opening(employer)
    url, client = f"/openings/{opening.id}", client_for(bo)

    assert client.post(f"{url}/pause").status_code == 303
    page = client.get(url)
    assert "Åbningen er på pause" in page.words
    assert page.page.select_one(f'form[action="{url}/pause"]') is None
    assert client.post(f"{url}/pause").status_code == 409
    assert [row.text for row in client.get("/openings/?status=paused").page.select("tbody a")] == [
        opening.title
    ]
    assert client.post(f"{url}/resume").status_code == 303
    assert client.post(f"{url}/resume").status_code == 409


def test_a_stranger_finds_nothing(client_for: Clients, employer: Employer, dorte: User, lene: User) -> None:
    url = f"/openings/{make_opening(employer).id}"

    for stranger in (dorte, lene):
        client = client_for(stranger)
        assert client.get(url).status_code == 404
        assert client.get(f"{url}/edit").status_code == 404
        for step in ("publish", "withdraw", "pause", "resume", "renew"):
            assert client.post(f"{url}/{step}").status_code == 404


def test_a_neighbour_reads_a_shared_opening_but_changes_nothing(
    client_for: Clients, employer: Employer, lene: User
) -> None:
    url, client = f"/openings/{make_opening(employer, visible_to_neighbours=True).id}", client_for(lene)

    page = client.get(url).page

    assert page.select_one("#opening-matches")
    assert not page.select("#opening-detail form")
    assert client.post(f"{url}/withdraw").status_code == 404


def test_leader_reads_and_employer_sees_no_suggestions(
    client_for: Clients, employer: Employer, bo: User, mette: User
) -> None:
    url = f"/openings/{make_opening(employer).id}"

    assert not client_for(mette).get(url).page.select("#opening-detail form")
    assert client_for(mette).post(f"{url}/withdraw").status_code == 403
    assert not client_for(bo).get(url).page.select_one("#opening-matches")


def test_a_loaded_region_leaves_the_messages_of_its_page_alone(
    client_for: Clients, employer: Employer, karin: User
) -> None:
    opening = make_opening(employer)
    client, suggestions = client_for(karin), f"/matches/opening/{opening.id}"

    def region(shown_on: str) -> Any:
        headers = {"HX-Current-URL": f"http://localhost{shown_on}"}
        return client.get(suggestions, htmx=True, headers=headers).page

    assert region(f"/openings/{opening.id}").select_one("#messages") is None
    assert region(f"{suggestions}?status=open").select_one("#messages")


def test_consultant_writes_for_an_employer(client_for: Clients, employer: Employer, karin: User) -> None:
    client = client_for(karin)
    place = employer.workplaces[0].id

    assert client.get(f"/openings/new?workplace={place}").page.select_one("#workplace_id option[selected]")[
        "value"
    ] == str(place)
    assert client.post("/openings/new", filled(employer)).status_code == 303


def test_list_is_filtered_and_sorted(client_for: Clients, employer: Employer, bo: User) -> None:
    make_opening(employer, title="Aftenkok")
    make_opening(employer, title="Udløbet æg", expires_on=TODAY.replace(day=1))
    make_opening(employer, title="Kladde", status=OpeningStatus.DRAFT)
    client = client_for(bo)

    def titles(query: str) -> list[str]:
        return [
            link.get_text()
            for link in client.get(f"/openings/?{query}").page.select("#opening-table tbody a")
        ]

    assert titles("status=published") == ["Aftenkok"]
    assert titles("status=expired") == ["Udløbet æg"]
    assert titles("status=draft") == ["Kladde"]
    assert titles("q=ÆG") == ["Udløbet æg"]
    assert titles("form=igu") == []
    assert titles("form=x&status=y&industry=%00") == []
    assert titles("sort=title&dir=asc") == ["Aftenkok", "Kladde", "Udløbet æg"]
    for sort in ("created", "employer", "starts", "expires", "free"):
        assert len(titles(f"sort={sort}&dir=desc")) == 3


def test_list_fragment_and_csv(client_for: Clients, employer: Employer, karin: User) -> None:
    make_opening(employer)
    client = client_for(karin)

    page = client.get("/openings/?industry=koekken").page.select_one("#opening-list")
    fragment = client.get("/openings/?industry=koekken", htmx=True).page.select_one("#opening-list")

    assert str(page) == str(fragment)
    assert len(client.get("/openings/?format=csv").get_data(as_text=True).splitlines()) == 2


def test_detail_fragment_is_the_page_part(client_for: Clients, employer: Employer, bo: User) -> None:
    url, client = f"/openings/{make_opening(employer, status=OpeningStatus.DRAFT).id}", client_for(bo)

    def part(htmx: bool) -> str:
        region = client.get(url, htmx=htmx).page.select_one("#opening-detail")
        for once in region.select("[name=form_id], [name=csrf_token]"):
            once.decompose()
        return str(region)

    assert part(htmx=True) == part(htmx=False)


@pytest.mark.parametrize("page", ["/openings/", "/openings/new", "/openings/{id}", "/openings/{id}/edit"])
def test_statements_do_not_grow(client_for: Clients, employer: Employer, karin: User, page: str) -> None:
    openings = [
        make_opening(employer, must=["køkkenhygiejne", "opvask i industriopvaskemaskine"]) for _ in range(9)
    ]
    client = client_for(karin)

    with counted_statements(client.app) as statements:
        client.get(page.format(id=openings[0].id))

    assert len(statements) <= 12
